//! The line that opens the definition.

use super::*;

fn sample() -> Vec<Item> {
    vec![named_key("ynab", &[allow("read", "transactions", &[on("Groceries"), since(30)]), deny("", "payment", &[])])]
}

fn sample_read(created: &str) -> Value {
    json!({"key": "ynab", "action": "read", "resource": "transaction", "account": {"name": "Groceries"},
        "record": {"created": created}})
}

#[test]
fn the_sample_allows_a_ten_day_old_transaction() {
    check(&sample(), &sample_read("2026-11-14T10:00:00Z"), &[], "allow rule ynab#1");
}

#[test]
fn the_sample_allows_the_edge_and_denies_a_second_before_it() {
    check(&sample(), &sample_read("2026-10-25T10:00:00Z"), &[], "allow rule ynab#1");
    check(&sample(), &sample_read("2026-10-25T09:59:59Z"), &[], "deny default");
}

#[test]
fn the_sample_denies_every_operation_that_counts_as_a_payment() {
    let vocabulary = Vocabulary::bunq();
    let payment = vocabulary.find("create", "payment").expect("a payment");
    let mut closed = 0;
    for (index, operation) in vocabulary.operations.iter().enumerate() {
        let request = json!({"key": "ynab", "action": operation.action, "resource": operation.resource});
        if index == payment || vocabulary.counts_as(index, payment) {
            check(&sample(), &request, &[], "deny rule ynab#2");
            closed += 1;
        } else if operation.tier == "base" {
            check(&sample(), &request, &[], "allow base");
        } else {
            check(&sample(), &request, &[], "deny default");
        }
    }
    assert_eq!(closed, 29, "the notes to the vocabulary count them");
}

#[test]
fn the_sample_decides_each_record_of_an_answer() {
    let request = json!({"key": "ynab", "action": "read", "resource": "transaction",
        "account": {"name": "Groceries"}, "answer": true});
    check(&sample(), &request, &[], "allow rule each ynab#1");
    let other = with(request, "account", json!({"name": "Rent"}));
    check(&sample(), &other, &[], "deny default");
}

#[test]
fn the_sample_prints_as_a_person_would_write_it() {
    let text = print(&Policy { items: sample() });
    assert_eq!(
        text,
        "key \"ynab\" <\n  allow read transactions on account \"Groceries\" since 30d;\n  deny payment;\n>\n"
    );
}
