//! Operations, closures, fields.

use bpol_engine::ir::{Dimension, Tier};
use bpolc::catalogue::{Catalogue, Dimensions, OpId};

use super::table;

const VOCABULARY: &str = include_str!("../../data/vocabulary.tsv");

fn dimensions(words: &str) -> Dimensions {
    words
        .split(',')
        .filter(|word| !word.is_empty())
        .map(|word| match word {
            "account" => Dimension::Account,
            "payee" => Dimension::Payee,
            "amount" => Dimension::Amount,
            "method" => Dimension::Method,
            "record" => Dimension::Record,
            "fields" => Dimension::Fields,
            "repeat" => Dimension::Repeat,
            "url" => Dimension::Url,
            _ => panic!("no dimension {word}"),
        })
        .collect()
}

fn id(name: &str) -> OpId {
    let (action, resource) = name.split_once(' ').unwrap();
    Catalogue::bunq().find(action, resource).unwrap_or_else(|| panic!("no operation {name}"))
}

fn name(id: OpId) -> String {
    let operation = Catalogue::bunq().operation(id);
    format!("{} {}", operation.action, operation.resource)
}

#[test]
fn every_row_of_the_vocabulary_is_an_operation() {
    let bunq = Catalogue::bunq();
    let rows = table(VOCABULARY);
    assert_eq!((rows.len(), bunq.operations.len(), bunq.resources().count()), (140, 140, 51));
    for (row, operation) in rows.iter().zip(&bunq.operations) {
        let said = format!("{} {}", row["action"], row["resource"]);
        assert_eq!(said, format!("{} {}", operation.action, operation.resource));
        assert_eq!((row["plural"], row["doc"]), (operation.plural.as_str(), operation.doc.as_str()), "{said}");
        assert_eq!(row["tier"], format!("{:?}", operation.tier).to_lowercase(), "{said}");
        assert_eq!(dimensions(row["dimensions"]), operation.dimensions, "{said}");
        assert_eq!(dimensions(row["untold"]), operation.untold, "{said}");
        assert_eq!(dimensions(row["lookup"]), operation.lookup, "{said}");
        assert_eq!(dimensions(row["parts"]), operation.parts, "{said}");
        let counts_as: Vec<OpId> = row["counts_as"].split(',').filter(|word| !word.is_empty()).map(id).collect();
        assert_eq!(counts_as, operation.counts_as, "{said}");
        assert_eq!((!row["view_of"].is_empty()).then(|| id(row["view_of"])), operation.view_of, "{said}");
        let fields: Vec<String> = operation
            .fields
            .iter()
            .map(|field| format!("{}{}", if field.default { "" } else { "-" }, field.word))
            .collect();
        assert_eq!(row["fields"], fields.join(","), "{said}");
    }
}

#[test]
fn tiers_hold_as_many_operations_as_the_notes_say() {
    let count = |tier| Catalogue::bunq().operations.iter().filter(|operation| operation.tier == tier).count();
    assert_eq!(
        [Tier::Base, Tier::Read, Tier::Sensitive, Tier::Write, Tier::Spend, Tier::Control].map(count),
        [4, 25, 20, 32, 18, 41]
    );
}

#[test]
fn reading_everything_only_reads() {
    for operation in &Catalogue::bunq().operations {
        assert!(operation.tier != Tier::Read || operation.action == "read", "{operation:?}");
    }
}

#[test]
fn personal_data_is_in_no_default() {
    let bunq = Catalogue::bunq();
    let personal: Vec<&str> =
        bunq.fields.iter().filter(|field| field.personal).map(|field| field.word.as_str()).collect();
    assert_eq!(personal, ["email", "phone", "address", "birth", "nationality", "tax", "document"]);
    for operation in &bunq.operations {
        for field in operation.fields.iter().filter(|field| field.default) {
            assert!(!personal.contains(&field.word.as_str()), "{} {}", operation.action, operation.resource);
        }
    }
    let transaction = bunq.operation(id("read transaction"));
    assert!(transaction.fields.iter().any(|field| field.word == "balance" && !field.default));
}

#[test]
fn singular_plural_and_views_are_found() {
    let bunq = Catalogue::bunq();
    assert_eq!(bunq.find("create", "payments"), bunq.find("create", "payment"));
    assert_eq!(bunq.find("read", "payment"), None);
    assert_eq!(bunq.find("fly", "payment"), None);
    assert_eq!(bunq.operation(id("read balances")).view_of, Some(id("read account")));
    assert_eq!(bunq.resource("companies"), Some("company"));
    assert_eq!(bunq.resource("company"), Some("company"));
    assert_eq!(bunq.resource("companys"), None);
    assert!(bunq.is_action("set-limit") && !bunq.is_action("payment"));
    assert_eq!(bunq.actions().count(), 24);
    let of_payment: Vec<String> = bunq.of_resource("payment-batches").iter().copied().map(name).collect();
    assert_eq!(of_payment, ["create payment-batch", "cancel payment-batch"]);
    assert!(bunq.of_resource("nothing").is_empty());
}

/// What a closure is in the notes: groups of `actions noun, noun` with `;` between.
fn closure(notes: &str) -> Vec<String> {
    let mut names = Vec::new();
    for group in notes.split(';') {
        let words: Vec<&str> = group.split([',', ' ', '\n']).filter(|word| !word.is_empty()).collect();
        let (actions, nouns): (Vec<&str>, Vec<&str>) = words.iter().partition(|word| Catalogue::bunq().is_action(word));
        for action in &actions {
            names.extend(nouns.iter().map(|noun| format!("{action} {noun}")));
        }
    }
    names.sort();
    names
}

fn closes(subjects: &[&str]) -> Vec<String> {
    let bunq = Catalogue::bunq();
    let mut names: Vec<String> =
        subjects.iter().flat_map(|subject| bunq.counting_as(id(subject))).copied().map(name).collect();
    names.sort();
    names.dedup();
    names
}

#[test]
fn deny_payment_closes_every_way_to_pay() {
    let notes = "create payment, payment-batch, draft-payment, scheduled-payment, auto-allocation, debit-mandate,
        currency-exchange, international-transfer, payment-initiation, delegation;
        update draft-payment, scheduled-payment, auto-allocation, debit-mandate;
        accept draft-payment, incoming-request, currency-exchange; retry scheduled-payment; approve card-challenge;
        order, replace, link, unfreeze, set-limit, set-pin, set-countries card; read, create, update card-secret";
    assert_eq!(closes(&["create payment"]), closure(notes));
    assert_eq!(closure(notes).len(), 29);
}

#[test]
fn deny_read_transactions_closes_every_way_to_see_them() {
    let notes = "read transaction, event, insight, statement, attachment, note, invoice, invoice-export, request,
        incoming-request, draft-payment, scheduled-payment, auto-allocation, payment-link, payment-initiation,
        debit-mandate, currency-exchange, international-transfer, card-challenge, customer-limit;
        create statement, invoice-export, webhook, share, delegation; retry webhook";
    assert_eq!(closes(&["read transaction"]), closure(notes));
    assert_eq!(closure(notes).len(), 26);
}

#[test]
fn deny_balance_is_deny_read_account() {
    // The notes count ten with the view itself; a closure holds the viewed operation instead of the view.
    let notes = "read account, event, statement; check funds; create statement, webhook, share, delegation;
        retry webhook";
    assert_eq!(closes(&["read balance"]), closure(notes));
    assert_eq!(closes(&["read account"]), closes(&["read balance"]));
    assert_eq!(closure(notes).len() + 1, 10);
}

#[test]
fn deny_profile_closes_what_names_the_holder() {
    let notes = "read profile, company, wise-account, account-proof, statement, attachment, invoice, invoice-export,
        event; create account-proof, statement, invoice-export, webhook; retry webhook";
    assert_eq!(closes(&["read profile"]), closure(notes));
    assert_eq!(closure(notes).len(), 14);
    let more = format!("{notes}; update, set-limit, set-identity profile");
    assert_eq!(
        closes(&["read profile", "update profile", "set-limit profile", "set-identity profile"]),
        closure(&more)
    );
}

#[test]
fn smaller_closures_are_as_the_notes_say() {
    for (subject, notes) in [
        ("create share", "create share, delegation"),
        ("create account", "create account, joint-account, external-account"),
        ("order card", "order, replace card"),
        ("read event", "read event; create, retry webhook"),
        ("read card", "read card, event; create, retry webhook"),
        ("read share", "read share, event; create, retry webhook"),
        ("freeze card", "freeze card"),
        ("open session", "open session"),
    ] {
        assert_eq!(closes(&[subject]), closure(notes), "{subject}");
    }
}

#[test]
fn closures_are_ascending_and_hold_no_view() {
    let bunq = Catalogue::bunq();
    for id in (0..140).map(OpId) {
        let closure = bunq.counting_as(id);
        assert!(closure.is_sorted(), "{}", name(id));
        assert!(closure.iter().all(|id| bunq.operation(*id).view_of.is_none()), "{}", name(id));
        let itself = bunq.operation(id).view_of.unwrap_or(id);
        assert!(closure.contains(&itself), "{}", name(id));
    }
}

#[test]
fn the_embedded_catalogue_is_the_file() {
    let file = Catalogue::read(include_str!("../../../catalogue/bunq.toml")).unwrap();
    let bunq = Catalogue::bunq();
    assert_eq!(bunq.bank, "bunq");
    assert_eq!((&bunq.digest, &bunq.operations, &bunq.fields), (&file.digest, &file.operations, &file.fields));
    assert_eq!((&bunq.methods, &bunq.kinds, &bunq.dropped), (&file.methods, &file.kinds, &file.dropped));
    assert_eq!(bunq.digest.len(), 64);
}
