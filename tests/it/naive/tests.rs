//! The sentences of the definition, one by one, so that the naive voice is trusted where it speaks against the engine.

use serde_json::{Value, json};

use super::decide;
use super::model::{
    Account, AccountRef, Cap, Clause, CountCap, Days, Duration, Effect, Excepted, Item, Money, MoneyCap, NetworkRef,
    PayeeRef, Period, Policy, Rule, Since, Span, Statement, Subject, print,
};
use super::vocabulary::Vocabulary;

const NOW: &str = "2026-11-24T10:00:00Z";
const GROCERIES: &str = "NL20INGB0001234567";
const SAVINGS: &str = "NL02ABNA0123456789";
const LANDLORD: &str = "NL91ABNA0417164300";
const BAKER: &str = "DE89370400440532013000";

// --- how the tests write policies

fn words(text: &str) -> Vec<String> {
    text.split(", ").filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

fn rule(effect: Effect, actions: &str, resources: &str, clauses: &[Clause], unless: &[&[Clause]]) -> Statement {
    Statement::Rule(Rule {
        effect,
        subject: Subject { actions: words(actions), resources: words(resources) },
        clauses: clauses.to_vec(),
        unless: unless.iter().map(|block| block.to_vec()).collect(),
    })
}

fn allow(actions: &str, resources: &str, clauses: &[Clause]) -> Statement {
    rule(Effect::Allow, actions, resources, clauses, &[])
}

fn ask(actions: &str, resources: &str, clauses: &[Clause]) -> Statement {
    rule(Effect::Ask, actions, resources, clauses, &[])
}

fn deny(actions: &str, resources: &str, clauses: &[Clause]) -> Statement {
    rule(Effect::Deny, actions, resources, clauses, &[])
}

fn key(statements: &[Statement]) -> Item {
    named_key("k", statements)
}

fn named_key(name: &str, statements: &[Statement]) -> Item {
    Item::Key { name: name.to_owned(), statements: statements.to_vec() }
}

fn every(statements: &[Statement]) -> Item {
    Item::Every { except: Vec::new(), statements: statements.to_vec() }
}

fn role(name: &str, statements: &[Statement]) -> Item {
    Item::Role { name: name.to_owned(), statements: statements.to_vec() }
}

fn uses(name: &str, clauses: &[Clause]) -> Statement {
    Statement::Use { role: name.to_owned(), clauses: clauses.to_vec() }
}

fn account(name: &str, iban: &str, id: Option<u64>, kind: &str) -> Item {
    Item::Account(Account {
        name: name.to_owned(),
        iban: (!iban.is_empty()).then(|| iban.to_owned()),
        id,
        kind: (!kind.is_empty()).then(|| kind.to_owned()),
    })
}

fn on(name: &str) -> Clause {
    Clause::On(vec![AccountRef::Named(name.to_owned())])
}

fn on_any() -> Clause {
    Clause::On(vec![AccountRef::Any { except: Vec::new() }])
}

fn to_anyone() -> Clause {
    Clause::To(vec![PayeeRef::Anyone])
}

fn to_iban(iban: &str) -> Clause {
    Clause::To(vec![PayeeRef::Iban(iban.to_owned())])
}

fn cap(minor: i128, period: Option<Period>) -> MoneyCap {
    MoneyCap { amount: Some(Money { minor, currency: "EUR".to_owned() }), period }
}

fn any_amount() -> Clause {
    Clause::UpTo(vec![MoneyCap { amount: None, period: Some(Period::Total) }])
}

fn up_to(minor: i128, period: Option<Period>) -> Clause {
    Clause::UpTo(vec![cap(minor, period)])
}

fn over(minor: i128, period: Option<Period>) -> Clause {
    Clause::Over(vec![cap(minor, period)])
}

fn at_most(times: u32, period: Period) -> Clause {
    Clause::AtMost(vec![CountCap { times, period }])
}

fn from_ip(network: &str) -> Clause {
    Clause::From(vec![NetworkRef::Ip(network.to_owned())])
}

fn days(count: u32) -> Duration {
    Duration { count, unit: 'd' }
}

fn since(count: u32) -> Clause {
    Clause::Since(Since::Ago(days(count)))
}

fn repeating(list: &str) -> Clause {
    Clause::Repeating(words(list))
}

fn zone() -> Item {
    Item::Timezone("Europe/Amsterdam".to_owned())
}

/// A key that may pay anyone from any account with these clauses besides.
fn payer(clauses: &[Clause]) -> Statement {
    let mut all = vec![on_any(), to_anyone()];
    all.extend_from_slice(clauses);
    allow("create", "payment", &all)
}

// --- how the tests write requests

/// A request of key `k` for `operation`, with more facts.
fn call(operation: &str, facts: Value) -> Value {
    let (action, resource) = operation.split_once(' ').expect("an action and a resource");
    let mut request = json!({"key": "k", "action": action, "resource": resource});
    for (name, value) in facts.as_object().expect("facts are an object") {
        request[name] = value.clone();
    }
    request
}

/// A payment of so many euros.
fn pay(value: &str) -> Value {
    call(
        "create payment",
        json!({"amount": {"value": value, "currency": "EUR"}, "account": {"iban": GROCERIES},
        "payee": {"iban": LANDLORD}}),
    )
}

fn at(mut entry: Value, time: &str) -> Value {
    entry["time"] = json!(time);
    entry
}

fn with(mut request: Value, name: &str, value: Value) -> Value {
    request[name] = value;
    request
}

fn answer(items: &[Item], request: &Value, past: &[Value]) -> Value {
    let policy = Policy { items: items.to_vec() };
    let past: Vec<String> = past.iter().map(Value::to_string).collect();
    decide(&policy, Vocabulary::bunq(), &request.to_string(), &past, NOW.parse().expect("an instant"))
}

/// Decision, reason and rules, in one line.
#[track_caller]
fn check(items: &[Item], request: &Value, past: &[Value], expected: &str) {
    let decision = answer(items, request, past);
    let by: Vec<&str> = decision["by"].as_array().expect("a list").iter().filter_map(Value::as_str).collect();
    let each = if decision["each"] == json!(true) { " each" } else { "" };
    let found = format!(
        "{} {}{each} {}",
        decision["decision"].as_str().expect("a word"),
        decision["reason"].as_str().expect("a word"),
        by.join(" ")
    );
    assert_eq!(found.trim(), expected, "{request}");
}

#[track_caller]
fn check_fields(items: &[Item], request: &Value, expected: &str) {
    let decision = answer(items, request, &[]);
    let fields: Vec<&str> =
        decision["fields"].as_array().map(|list| list.iter().filter_map(Value::as_str).collect()).unwrap_or_default();
    assert_eq!(fields.join(","), expected, "{decision}");
}

// --- the sample line

fn sample() -> Vec<Item> {
    vec![named_key("ynab", &[allow("read", "transaction", &[on("Groceries"), since(30)]), deny("", "payment", &[])])]
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

// --- 6.1

#[test]
fn malformed_requests_are_denied_with_the_reason() {
    let items = [account("A", GROCERIES, Some(1), "bank"), account("B", SAVINGS, Some(2), "savings"), key(&[])];
    let wrong = [
        json!({"key": "k", "action": "read"}),
        json!({"key": 1, "action": "read", "resource": "account"}),
        call("read payment", json!({})),
        call("read accounts", json!({})),
        call("read account", json!({"colour": "red"})),
        call("read account", json!({"ip": null})),
        call("read account", json!({"ip": "203.0.113.300"})),
        call("read account", json!({"time": "2026-11-24 10:00:00Z"})),
        call("read account", json!({"time": "2026-02-30T10:00:00Z"})),
        call("read account", json!({"account": {"id": "1"}})),
        call("read account", json!({"account": {"kind": "gold"}})),
        call("read account", json!({"account": {"iban": "NL91ABNA0417164301"}})),
        call("read account", json!({"account": {"iban": "nl91abna0417164300"}})),
        call("read account", json!({"account": {"iban": "NL91 ABNA 0417 1643 00"}})),
        call("read account", json!({"account": {"iban": GROCERIES, "id": 7}})),
        call("read account", json!({"account": {"iban": LANDLORD, "id": 1}})),
        call("read account", json!({"account": {"iban": GROCERIES, "id": 2}})),
        call("read account", json!({"account": {"iban": GROCERIES, "kind": "joint"}})),
        call("read device", json!({"payee": {"iban": GROCERIES, "own": false}})),
        call("create payment", json!({"answer": true})),
        call("create payment", json!({"parts": [{}]})),
        call("create payment-batch", json!({"parts": []})),
        call("create payment-batch", json!({"parts": [{"method": "transfer"}]})),
        call("create payment-batch", json!({"payee": {"iban": BAKER}, "parts": [{"payee": {"iban": BAKER}}]})),
        call("create webhook", json!({"url": "/hook"})),
        call("create payment", json!({"method": "sepa"})),
        call("create payment", json!({"repeat": "sometimes"})),
    ];
    for request in wrong {
        check(&items, &request, &[], "deny malformed");
    }
}

#[test]
fn amounts_are_exact_or_malformed() {
    for (value, currency, fine) in [
        ("12.50", "EUR", true),
        ("12.5", "EUR", true),
        ("0.01", "EUR", true),
        ("12.505", "EUR", false),
        ("12.505", "KWD", true),
        ("12.5", "JPY", false),
        ("99999999999999.99", "EUR", true),
        ("100000000000000", "EUR", false),
        ("0", "EUR", false),
        ("0.00", "EUR", false),
        ("05", "EUR", false),
        (".5", "EUR", false),
        ("5.", "EUR", false),
        ("-5", "EUR", false),
        ("+5", "EUR", false),
        ("1e3", "EUR", false),
        ("5", "XXX", false),
        ("5", "eur", false),
    ] {
        let request = call("create payment", json!({"amount": {"value": value, "currency": currency}}));
        let expected = if fine { "deny default" } else { "deny malformed" };
        check(&[key(&[])], &request, &[], expected);
    }
}

#[test]
fn a_field_that_stands_twice_is_malformed() {
    let policy = Policy { items: vec![key(&[])] };
    let now = NOW.parse().expect("an instant");
    for text in [
        r#"{"key":"k","key":"k","action":"read","resource":"account"}"#,
        r#"{"key":"k","action":"read","resource":"account","account":{"id":1,"id":1}}"#,
        r#"{"key":"k","action":"read","resource":"account"} x"#,
        r#"["k"]"#,
    ] {
        let decision = decide(&policy, Vocabulary::bunq(), text, &[], now);
        assert_eq!(decision["reason"], json!("malformed"), "{text}");
    }
}

#[test]
fn malformed_comes_before_an_unknown_key() {
    let request = json!({"key": "x", "action": "read", "resource": "health"});
    check(&[key(&[])], &request, &[], "deny unknown-key");
    check(&[key(&[])], &with(request, "ip", json!("x")), &[], "deny malformed");
}

#[test]
fn facts_of_a_dimension_that_the_operation_lacks_are_ignored() {
    let items =
        [key(&[allow("read", "device", &[]), deny("", "everything", &[on("A")])]), account("A", GROCERIES, None, "")];
    check(&items, &call("read device", json!({"account": {"iban": GROCERIES}})), &[], "allow rule k#1");
}

// --- 6.2

#[test]
fn what_is_unknown_counts_against_the_caller() {
    let items = [
        account("A", GROCERIES, None, ""),
        key(&[allow("read", "account", &[on_any()]), deny("read", "account", &[on("A")])]),
    ];
    check(&items, &call("read account", json!({"account": {"iban": SAVINGS}})), &[], "allow rule k#1");
    check(&items, &call("read account", json!({"account": {"id": 3}})), &[], "deny rule k#2");
    check(&items, &call("read account", json!({})), &[], "deny rule k#2");
}

#[test]
fn a_declared_account_is_known_by_iban_or_id_and_never_by_name() {
    let items = [account("A", GROCERIES, Some(1), ""), key(&[allow("read", "account", &[on("A")])])];
    check(&items, &call("read account", json!({"account": {"iban": GROCERIES}})), &[], "allow rule k#1");
    check(&items, &call("read account", json!({"account": {"id": 1}})), &[], "allow rule k#1");
    check(&items, &call("read account", json!({"account": {"id": 2}})), &[], "deny default");
    check(&items, &call("read account", json!({"account": {"name": "A"}})), &[], "deny default");
}

#[test]
fn a_kind_is_the_told_one_or_that_of_the_declared_account() {
    let savings = Clause::On(vec![AccountRef::Kind { kind: "savings".to_owned(), except: Vec::new() }]);
    let items = [account("S", SAVINGS, None, "savings"), key(&[allow("read", "account", &[savings])])];
    check(&items, &call("read account", json!({"account": {"iban": SAVINGS}})), &[], "allow rule k#1");
    check(&items, &call("read account", json!({"account": {"kind": "savings"}})), &[], "allow rule k#1");
    check(&items, &call("read account", json!({"account": {"iban": GROCERIES}})), &[], "deny default");
}

#[test]
fn except_takes_out_of_any_account() {
    let besides = Clause::On(vec![AccountRef::Any { except: vec![Excepted::Named("S".to_owned())] }]);
    let items = [account("S", SAVINGS, None, "savings"), key(&[allow("read", "account", &[besides])])];
    check(&items, &call("read account", json!({"account": {"iban": GROCERIES}})), &[], "allow rule k#1");
    check(&items, &call("read account", json!({"account": {"iban": SAVINGS}})), &[], "deny default");
    check(&items, &call("read account", json!({})), &[], "deny default");
}

#[test]
fn own_accounts_are_told_or_declared() {
    let own = Clause::To(vec![PayeeRef::OwnAccounts]);
    let items =
        [account("S", SAVINGS, None, "savings"), key(&[allow("create", "payment", &[on_any(), own, any_amount()])])];
    let to = |payee: Value| with(pay("5"), "payee", payee);
    check(&items, &to(json!({"iban": SAVINGS})), &[], "allow rule k#1");
    check(&items, &to(json!({"own": true})), &[], "allow rule k#1");
    check(&items, &to(json!({"iban": BAKER, "own": false})), &[], "deny default");
    check(&items, &to(json!({"iban": BAKER})), &[], "deny default");
}

#[test]
fn only_caps_in_the_currency_of_the_amount_are_looked_at() {
    let items = [key(&[payer(&[up_to(1000, Some(Period::Total))])])];
    check(&items, &pay("10.00"), &[], "allow rule k#1");
    check(&items, &pay("10.01"), &[], "deny default");
    let dollars = with(pay("1"), "amount", json!({"value": "1", "currency": "USD"}));
    check(&items, &dollars, &[], "deny default");
    let both = [MoneyCap { amount: None, period: None }, cap(1000, Some(Period::Total))];
    check(&[key(&[payer(&[Clause::UpTo(both.to_vec())])])], &dollars, &[], "deny default");
    check(&[key(&[payer(&[any_amount()])])], &call("create payment", json!({})), &[], "allow rule k#1");
}

#[test]
fn an_amount_over_is_asked_and_an_unknown_one_too() {
    let items = [key(&[payer(&[any_amount()]), ask("", "payment", &[over(500, None)])])];
    check(&items, &pay("5.00"), &[], "allow rule k#1");
    check(&items, &pay("5.01"), &[], "ask rule k#2");
    check(&items, &call("create payment", json!({})), &[], "ask rule k#2");
}

#[test]
fn networks_end_at_their_edges_and_mapped_addresses_are_ipv4() {
    let items = [key(&[rule(Effect::Allow, "read", "device", &[from_ip("203.0.113.0/24")], &[])])];
    let from = |ip: &str| call("read device", json!({"ip": ip}));
    check(&items, &from("203.0.113.0"), &[], "allow rule k#1");
    check(&items, &from("::ffff:203.0.113.255"), &[], "allow rule k#1");
    check(&items, &from("203.0.114.0"), &[], "deny default");
    check(&items, &from("2001:db8::1"), &[], "deny default");
    check(&items, &call("read device", json!({})), &[], "deny default");
    let anywhere = [key(&[allow("read", "device", &[Clause::From(vec![NetworkRef::Anywhere])])])];
    check(&anywhere, &call("read device", json!({})), &[], "allow rule k#1");
}

#[test]
fn spans_start_inclusive_end_exclusive_and_run_into_the_next_day() {
    let during = |days: Vec<Days>, hours| Clause::During(vec![Span { days, hours }]);
    let day = [zone(), key(&[allow("read", "device", &[during(vec![Days::Weekdays], Some((9 * 60, 17 * 60)))])])];
    let when = |time: &str| call("read device", json!({"time": time}));
    // Amsterdam is one hour ahead in winter; 2026-11-24 is a Tuesday.
    check(&day, &when("2026-11-24T08:00:00Z"), &[], "allow rule k#1");
    check(&day, &when("2026-11-24T07:59:59Z"), &[], "deny default");
    check(&day, &when("2026-11-24T15:59:59.999Z"), &[], "allow rule k#1");
    check(&day, &when("2026-11-24T16:00:00Z"), &[], "deny default");
    check(&day, &when("2026-11-28T10:00:00Z"), &[], "deny default");
    let night = [zone(), key(&[allow("read", "device", &[during(vec![Days::Day(4)], Some((22 * 60, 6 * 60)))])])];
    check(&night, &when("2026-11-27T21:30:00Z"), &[], "allow rule k#1");
    check(&night, &when("2026-11-28T04:59:00Z"), &[], "allow rule k#1");
    check(&night, &when("2026-11-28T05:00:00Z"), &[], "deny default");
    check(&night, &when("2026-11-27T04:00:00Z"), &[], "deny default");
    let wraps = [zone(), key(&[allow("read", "device", &[during(vec![Days::Range(4, 0)], None)])])];
    check(&wraps, &when("2026-11-30T10:00:00Z"), &[], "allow rule k#1");
    check(&wraps, &when("2026-11-24T10:00:00Z"), &[], "deny default");
}

#[test]
fn dates_begin_with_the_first_instant_of_the_day() {
    let items = [
        zone(),
        key(&[allow("read", "device", &[Clause::Starting("2026-11-24".into()), Clause::Before("2026-11-25".into())])]),
    ];
    let when = |time: &str| call("read device", json!({"time": time}));
    check(&items, &when("2026-11-23T23:00:00Z"), &[], "allow rule k#1");
    check(&items, &when("2026-11-23T22:59:59Z"), &[], "deny default");
    check(&items, &when("2026-11-24T22:59:59Z"), &[], "allow rule k#1");
    check(&items, &when("2026-11-24T23:00:00Z"), &[], "deny default");
}

#[test]
fn what_counts_as_a_payment_is_asked_where_a_clause_is_about_a_dimension_it_lacks() {
    let items = [key(&[
        allow("order", "card", &[on_any()]),
        payer(&[any_amount()]),
        ask("", "payment", &[over(100_000, None)]),
    ])];
    check(&items, &call("order card", json!({})), &[], "ask rule k#3");
}

// --- subjects

#[test]
fn allow_is_narrow_and_deny_is_wide() {
    let items = [key(&[payer(&[any_amount()])])];
    check(&items, &call("create payment-batch", json!({})), &[], "deny default");
    let closed = [key(&[allow("read", "event", &[on_any()]), deny("read", "transaction", &[])])];
    check(&closed, &call("read event", json!({})), &[], "deny rule k#2");
}

#[test]
fn ask_leaves_reads_out() {
    let items = [key(&[allow("read", "card-secret", &[on_any()]), payer(&[any_amount()]), ask("", "payment", &[])])];
    check(&items, &call("read card-secret", json!({})), &[], "allow rule k#1");
    check(&items, &pay("1"), &[], "ask rule k#3");
    let all = [key(&[allow("read", "device", &[]), payer(&[any_amount()]), ask("", "everything", &[])])];
    check(&all, &call("read device", json!({})), &[], "allow rule k#1");
    check(&all, &pay("1"), &[], "ask rule k#3");
}

#[test]
fn a_tier_is_exactly_its_operations() {
    let items =
        [key(&[allow("order", "card", &[on_any()]), payer(&[any_amount()]), deny("", "spend", &[over(500, None)])])];
    check(&items, &call("order card", json!({})), &[], "allow rule k#1");
    check(&items, &pay("6"), &[], "deny rule k#3");
}

#[test]
fn read_everything_on_an_account_leaves_out_what_has_none() {
    let items = [key(&[allow("read", "everything", &[on("Groceries")])])];
    let groceries = json!({"account": {"name": "Groceries"}});
    check(&items, &call("read transaction", groceries.clone()), &[], "allow rule k#1");
    check(&items, &call("read subscription", groceries.clone()), &[], "deny default");
    check(&items, &call("read customer-limit", groceries.clone()), &[], "deny default");
    check(&items, &call("read device", groceries), &[], "deny default");
}

#[test]
fn base_operations_need_no_rule_and_are_bound_by_only() {
    let open = call("open session", json!({"ip": "203.0.113.7"}));
    check(&[key(&[])], &open, &[], "allow base");
    check_fields(&[key(&[])], &open, "name,kind,status");
    let office = [key(&[Statement::Only(vec![from_ip("203.0.113.0/24")])])];
    check(&office, &open, &[], "allow base");
    check(&office, &call("open session", json!({})), &[], "deny rule k#1");
    check(&[key(&[deny("", "everything", &[])])], &open, &[], "deny rule k#1");
}

#[test]
fn only_with_two_clauses_is_two_rules_with_one_id() {
    let items = [key(&[
        payer(&[any_amount()]),
        allow("read", "device", &[]),
        Statement::Only(vec![up_to(500, None), from_ip("203.0.113.7")]),
    ])];
    check(&items, &with(pay("5"), "ip", json!("203.0.113.7")), &[], "allow rule k#1");
    check(&items, &with(pay("6"), "ip", json!("203.0.113.8")), &[], "deny rule k#3");
    check(&items, &with(pay("6"), "ip", json!("203.0.113.7")), &[], "deny rule k#3");
    check(&items, &call("read device", json!({"ip": "203.0.113.7"})), &[], "allow rule k#2");
    check(&items, &call("read device", json!({"ip": "203.0.113.8"})), &[], "deny rule k#3");
}

#[test]
fn an_unless_that_does_not_concern_an_operation_is_no_exception_for_it() {
    let unless: &[&[Clause]] = &[&[up_to(500, None)], &[from_ip("203.0.113.7")]];
    let items = [key(&[
        payer(&[any_amount()]),
        allow("read", "device", &[]),
        rule(Effect::Deny, "", "everything", &[], unless),
    ])];
    check(&items, &with(pay("5"), "ip", json!("203.0.113.8")), &[], "allow rule k#1");
    check(&items, &call("read device", json!({"ip": "203.0.113.8"})), &[], "deny rule k#3");
    check(&items, &call("read device", json!({"ip": "203.0.113.7"})), &[], "allow rule k#2");
}

#[test]
fn the_clauses_of_one_unless_hold_together_and_several_stand_for_themselves() {
    let unless: &[&[Clause]] = &[&[from_ip("203.0.113.7"), on("Groceries")], &[on("Rent")]];
    let items = [key(&[rule(Effect::Allow, "read", "account", &[on_any()], unless)])];
    let read = |name: &str, ip: &str| call("read account", json!({"account": {"name": name}, "ip": ip}));
    check(&items, &read("Groceries", "203.0.113.8"), &[], "allow rule k#1");
    check(&items, &read("Groceries", "203.0.113.7"), &[], "deny default");
    check(&items, &read("Rent", "203.0.113.8"), &[], "deny default");
    check(&items, &call("read account", json!({"account": {"name": "Groceries"}})), &[], "deny default");
}

// --- roles

#[test]
fn a_role_gets_the_clauses_of_its_use_and_both_hold() {
    let items = [
        role("reader", &[allow("read", "account, transaction", &[on_any()]), allow("read", "device", &[])]),
        role("outer", &[deny("", "device", &[]), uses("reader", &[since(30)])]),
        key(&[uses("outer", &[on("Groceries")])]),
    ];
    let read = |name: &str, created: &str| {
        call("read transaction", json!({"account": {"name": name}, "record": {"created": created}}))
    };
    check(&items, &read("Groceries", "2026-11-01T00:00:00Z"), &[], "allow rule k#1/outer#2/reader#1");
    check(&items, &read("Groceries", "2026-10-01T00:00:00Z"), &[], "deny default");
    check(&items, &read("Rent", "2026-11-01T00:00:00Z"), &[], "deny default");
    // `since` does not apply to accounts and is left out for them.
    check(
        &items,
        &call("read account", json!({"account": {"name": "Groceries"}})),
        &[],
        "allow rule k#1/outer#2/reader#1",
    );
    check(&items, &call("read device", json!({})), &[], "deny rule k#1/outer#1");
}

#[test]
fn a_cap_added_by_use_is_one_budget_for_that_use() {
    let items = [
        zone(),
        role(
            "payer",
            &[
                allow("create", "payment", &[on_any(), to_iban(LANDLORD)]),
                allow("create", "payment", &[on_any(), to_iban(BAKER)]),
            ],
        ),
        key(&[uses("payer", &[up_to(1000, Some(Period::Day))]), uses("payer", &[up_to(5000, Some(Period::Day))])]),
    ];
    let baker = with(pay("6"), "payee", json!({"iban": BAKER}));
    let past = [at(pay("5"), "2026-11-24T09:00:00Z")];
    check(&items, &baker, &[], "allow rule k#1/payer#2 k#2/payer#2");
    check(&items, &baker, &past, "allow rule k#2/payer#2");
    let elsewhere = [at(with(pay("5"), "payee", json!({"iban": "BE68539007547034"})), "2026-11-24T09:00:00Z")];
    check(&items, &baker, &elsewhere, "allow rule k#1/payer#2 k#2/payer#2");
}

#[test]
fn an_entry_of_a_role_that_a_guardrail_excepts_keeps_its_number() {
    let items = [
        Item::Every { except: vec!["k".to_owned()], statements: vec![deny("", "device", &[]), deny("", "card", &[])] },
        key(&[allow("read", "device", &[]), allow("read", "card", &[on_any()])]),
        every(&[deny("read", "card", &[])]),
    ];
    check(&items, &call("read device", json!({})), &[], "allow rule k#1");
    check(&items, &call("read card", json!({})), &[], "deny rule every#3");
}

#[test]
fn rules_are_named_in_document_order() {
    let items = [
        every(&[deny("read", "card", &[])]),
        key(&[deny("", "everything", &[]), allow("read", "card", &[on_any()])]),
        every(&[Statement::Only(vec![from_ip("203.0.113.7")])]),
    ];
    check(&items, &call("read card", json!({})), &[], "deny rule every#1 k#1 every#2");
}

// --- parts

#[test]
fn parts_are_decided_in_order_and_earlier_ones_count() {
    let batch = allow("create", "payment-batch", &[on_any(), to_anyone(), up_to(1000, Some(Period::Total))]);
    let items = [key(&[batch, ask("", "payment-batch", &[Clause::To(vec![PayeeRef::Iban(BAKER.to_owned())])])])];
    let part =
        |value: &str, iban: &str| json!({"amount": {"value": value, "currency": "EUR"}, "payee": {"iban": iban}});
    let of = |parts: Value| call("create payment-batch", json!({"parts": parts}));
    check(&items, &of(json!([part("4", LANDLORD), part("6", LANDLORD)])), &[], "allow rule k#1");
    check(&items, &of(json!([part("4", LANDLORD), part("6.01", LANDLORD)])), &[], "deny default");
    check(&items, &of(json!([part("4", LANDLORD), part("6", BAKER)])), &[], "ask rule k#2");
}

#[test]
fn a_part_inherits_only_what_the_catalogue_places_outside() {
    let batch = allow("create", "payment-batch", &[on("Groceries"), to_iban(LANDLORD), any_amount()]);
    let items = [key(&[batch])];
    let outside = json!({"account": {"name": "Groceries"}, "payee": {"iban": LANDLORD},
        "parts": [{"amount": {"value": "4", "currency": "EUR"}}]});
    check(&items, &call("create payment-batch", outside), &[], "deny default");
    let inside = json!({"account": {"name": "Groceries"}, "parts": [{"payee": {"iban": LANDLORD}}]});
    check(&items, &call("create payment-batch", inside), &[], "allow rule k#1");
    let whole = json!({"account": {"name": "Groceries"}, "payee": {"iban": LANDLORD}});
    check(&items, &call("create payment-batch", whole), &[], "allow rule k#1");
}

#[test]
fn a_part_denied_by_a_rule_outweighs_one_denied_by_default() {
    let batch = allow("create", "payment-batch", &[on_any(), to_iban(LANDLORD), any_amount()]);
    let items = [key(&[batch, deny("", "payment-batch", &[to_iban(BAKER)])])];
    let of = |first: &str, second: &str| {
        call("create payment-batch", json!({"parts": [{"payee": {"iban": first}}, {"payee": {"iban": second}}]}))
    };
    check(&items, &of("BE68539007547034", BAKER), &[], "deny rule k#2");
    check(&items, &of(BAKER, "BE68539007547034"), &[], "deny rule k#2");
    check(&items, &of(LANDLORD, "BE68539007547034"), &[], "deny default");
}

// --- counters

#[test]
fn calendar_days_begin_at_midnight_of_the_time_zone() {
    let items = [zone(), key(&[payer(&[up_to(1000, Some(Period::Day))])])];
    check(&items, &pay("6"), &[at(pay("5"), "2026-11-23T22:59:59Z")], "allow rule k#1");
    check(&items, &pay("6"), &[at(pay("5"), "2026-11-23T23:00:00Z")], "deny default");
    check(&items, &pay("5"), &[at(pay("5"), "2026-11-23T23:00:00Z")], "allow rule k#1");
}

#[test]
fn weeks_start_on_monday_and_months_and_years_on_their_first() {
    for (period, before, inside) in [
        (Period::Week, "2026-11-22T22:59:59Z", "2026-11-22T23:00:00Z"),
        (Period::Month, "2026-10-31T22:59:59Z", "2026-10-31T23:00:00Z"),
        (Period::Year, "2025-12-31T22:59:59Z", "2025-12-31T23:00:00Z"),
    ] {
        let items = [zone(), key(&[payer(&[any_amount(), at_most(1, period)])])];
        check(&items, &pay("6"), &[at(pay("5"), before)], "allow rule k#1");
        check(&items, &pay("6"), &[at(pay("5"), inside)], "deny default");
    }
}

#[test]
fn a_rolling_window_leaves_its_edge_out_and_the_future_in() {
    let items = [key(&[payer(&[any_amount(), at_most(1, Period::Rolling(Duration { count: 24, unit: 'h' }))])])];
    check(&items, &pay("6"), &[at(pay("5"), "2026-11-23T10:00:00Z")], "allow rule k#1");
    check(&items, &pay("6"), &[at(pay("5"), "2026-11-23T10:00:00.000000001Z")], "deny default");
    check(&items, &pay("6"), &[at(pay("5"), "2027-11-24T10:00:00Z")], "deny default");
}

#[test]
fn a_day_of_the_clock_change_has_its_own_length() {
    // On 2026-10-25 Amsterdam goes back from summer time; the day starts at 22:00 of the day before.
    let items = [zone(), key(&[payer(&[any_amount(), at_most(1, Period::Day)])])];
    let late = with(pay("6"), "time", json!("2026-10-25T22:30:00Z"));
    check(&items, &late, &[at(pay("5"), "2026-10-24T22:00:00Z")], "deny default");
    check(&items, &late, &[at(pay("5"), "2026-10-24T21:59:59Z")], "allow rule k#1");
}

#[test]
fn an_allow_counts_what_amounts_to_it() {
    let items = [key(&[payer(&[up_to(1000, Some(Period::Total))])])];
    let batch = at(with(pay("5"), "resource", json!("payment-batch")), "2026-11-20T10:00:00Z");
    check(&items, &pay("6"), &[batch], "deny default");
    let other = at(with(pay("5"), "key", json!("other")), "2026-11-20T10:00:00Z");
    check(&items, &pay("6"), &[other], "allow rule k#1");
}

#[test]
fn an_unknown_amount_makes_the_sum_unknown_and_an_operation_without_amount_adds_nothing() {
    let items = [key(&[payer(&[up_to(1000, Some(Period::Total))])])];
    let unknown = at(call("create payment", json!({})), "2026-11-20T10:00:00Z");
    check(&items, &pay("1"), &[unknown], "deny default");
    let card = at(call("unfreeze card", json!({})), "2026-11-20T10:00:00Z");
    check(&items, &pay("1"), &[card], "allow rule k#1");
    let untold = at(
        call("approve card-challenge", json!({"amount": {"value": "1", "currency": "EUR"}})),
        "2026-11-20T10:00:00Z",
    );
    check(&items, &pay("1"), &[untold], "deny default");
}

#[test]
fn on_and_to_narrow_what_is_counted() {
    let capped = allow("create", "payment", &[on_any(), to_iban(LANDLORD), up_to(1000, Some(Period::Total))]);
    let items = [key(&[capped])];
    let elsewhere = at(with(pay("5"), "payee", json!({"iban": BAKER})), "2026-11-20T10:00:00Z");
    check(&items, &pay("6"), &[elsewhere], "allow rule k#1");
    let nowhere = at(with(pay("5"), "payee", json!({})), "2026-11-20T10:00:00Z");
    check(&items, &pay("6"), &[nowhere], "deny default");
}

#[test]
fn other_clauses_do_not_narrow_what_is_counted() {
    let capped = payer(&[up_to(1000, Some(Period::Total)), from_ip("203.0.113.7")]);
    let here = with(pay("6"), "ip", json!("203.0.113.7"));
    let there = at(with(pay("5"), "ip", json!("203.0.113.8")), "2026-11-20T10:00:00Z");
    check(&[key(&[capped])], &here, &[there], "deny default");
}

#[test]
fn an_unless_of_accounts_narrows_and_the_one_with_the_cap_does_not() {
    let items = [
        account("A", GROCERIES, None, ""),
        account("S", SAVINGS, None, ""),
        key(&[
            payer(&[any_amount()]),
            rule(Effect::Deny, "", "payment", &[], &[&[on("S")], &[up_to(1000, Some(Period::Total)), on("A")]]),
        ]),
    ];
    check(&items, &pay("6"), &[at(pay("5"), "2026-11-20T10:00:00Z")], "deny rule k#2");
    let savings = at(with(pay("5"), "account", json!({"iban": SAVINGS})), "2026-11-20T10:00:00Z");
    check(&items, &pay("6"), &[savings], "allow rule k#1");
}

#[test]
fn a_limit_is_shared_over_keys_and_counts_what_contradicts_nothing() {
    let statement = payer(&[Clause::Within(vec!["L".to_owned()])]);
    let limit = Item::Limit {
        name: "L".to_owned(),
        caps: vec![
            Cap::Money(cap(1000, Some(Period::Total))),
            Cap::Count(CountCap { times: 2, period: Period::Total }),
        ],
    };
    let items = [limit, key(std::slice::from_ref(&statement)), named_key("other", &[statement])];
    let other = at(with(pay("5"), "key", json!("other")), "2026-11-20T10:00:00Z");
    check(&items, &pay("5"), std::slice::from_ref(&other), "allow rule k#1");
    check(&items, &pay("6"), std::slice::from_ref(&other), "deny default");
    check(&items, &pay("1"), &[other.clone(), other], "deny default");
    let stranger = at(with(pay("9"), "key", json!("stranger")), "2026-11-20T10:00:00Z");
    check(&items, &pay("5"), &[stranger], "allow rule k#1");
}

#[test]
fn what_the_bank_repeats_fits_no_cap_by_period() {
    let scheduled =
        |caps: Clause| allow("create", "scheduled-payment", &[on_any(), to_anyone(), caps, repeating("once, monthly")]);
    let order = |repeat: &str| with(with(pay("5"), "resource", json!("scheduled-payment")), "repeat", json!(repeat));
    let capped = [key(&[scheduled(up_to(100_000, Some(Period::Total)))])];
    check(&capped, &order("once"), &[], "allow rule k#1");
    check(&capped, &order("monthly"), &[], "deny default");
    let loud =
        [key(&[scheduled(Clause::UpTo(vec![cap(500, None), MoneyCap { amount: None, period: Some(Period::Total) }]))])];
    check(&loud, &order("monthly"), &[], "allow rule k#1");
    let asked = [key(&[scheduled(any_amount()), ask("", "payment", &[over(100_000, Some(Period::Total))])])];
    check(&asked, &order("once"), &[], "allow rule k#1");
    check(&asked, &order("monthly"), &[], "ask rule k#2");
}

#[test]
fn an_only_cap_of_money_counts_what_spends() {
    let items = [key(&[
        payer(&[any_amount()]),
        allow("read", "transaction", &[on_any()]),
        Statement::Only(vec![up_to(1000, Some(Period::Total))]),
    ])];
    let amount = json!({"amount": {"value": "900", "currency": "EUR"}});
    let read = at(call("read transaction", amount), "2026-11-20T10:00:00Z");
    check(&items, &pay("6"), &[read], "allow rule k#1");
    check(&items, &pay("6"), &[at(pay("5"), "2026-11-20T10:00:00Z")], "deny rule k#3");
    check(&items, &call("read transaction", json!({})), &[], "allow rule k#2");
}

#[test]
fn guardrails_count_each_key_by_itself() {
    let statement = payer(&[any_amount()]);
    let items = [
        key(std::slice::from_ref(&statement)),
        named_key("other", &[statement]),
        every(&[deny("", "payment", &[Clause::MoreThan(vec![CountCap { times: 1, period: Period::Total }])])]),
    ];
    let other = at(with(pay("5"), "key", json!("other")), "2026-11-20T10:00:00Z");
    check(&items, &pay("6"), &[other], "allow rule k#1");
    check(&items, &pay("6"), &[at(pay("5"), "2026-11-20T10:00:00Z")], "deny rule every#1");
}

#[test]
fn a_fact_of_an_entry_that_contradicts_a_declaration_is_unknown() {
    let capped = allow("create", "payment", &[on("A"), to_anyone(), up_to(1000, Some(Period::Total))]);
    let items = [account("A", GROCERIES, Some(1), ""), account("B", SAVINGS, Some(2), ""), key(&[capped])];
    let mixed = at(with(pay("5"), "account", json!({"iban": SAVINGS, "id": 1})), "2026-11-20T10:00:00Z");
    let other = at(with(pay("5"), "account", json!({"iban": SAVINGS})), "2026-11-20T10:00:00Z");
    check(&items, &pay("6"), &[mixed], "deny default");
    check(&items, &pay("6"), &[other], "allow rule k#1");
}

// --- reads

#[test]
fn a_view_shows_its_fields_and_its_deny_closes_the_operation() {
    let items = [key(&[allow("read", "balance", &[on_any()])])];
    for operation in ["read balance", "read account"] {
        check_fields(&items, &call(operation, json!({})), "name,kind,balance");
    }
    let closed = [key(&[allow("read", "account", &[on_any()]), deny("", "balance", &[])])];
    check(&closed, &call("read account", json!({})), &[], "deny rule k#2");
    check(&closed, &call("read balance", json!({})), &[], "deny rule k#2");
}

#[test]
fn one_rule_that_may_hide_a_field_hides_it() {
    let fields = |list: &str| words(list);
    let items = [
        account("A", GROCERIES, None, ""),
        key(&[
            allow("read", "account", &[on_any(), Clause::Showing(fields("name, balance, email"))]),
            allow("read", "account", &[on("A"), Clause::Hiding(fields("balance"))]),
        ]),
    ];
    let read = |account: Value| call("read account", json!({"account": account}));
    check_fields(&items, &read(json!({"iban": SAVINGS})), "name,balance,email");
    check_fields(&items, &read(json!({"iban": GROCERIES})), "name,iban,kind,status,email");
    check_fields(&items, &read(json!({})), "name,email");
}

#[test]
fn a_cap_that_is_used_up_uncovers_no_field() {
    let items = [key(&[
        allow("read", "account", &[on_any()]),
        allow("read", "account", &[on_any(), at_most(1, Period::Total), Clause::Hiding(words("balance"))]),
    ])];
    let read = call("read account", json!({}));
    let decision = answer(&items, &read, &[at(read.clone(), "2026-11-20T10:00:00Z")]);
    assert_eq!(decision["by"], json!(["k#1"]));
    assert_eq!(decision["fields"], json!(["name", "iban", "kind", "status"]));
}

#[test]
fn two_showings_show_what_both_show() {
    let items = [
        role("r", &[allow("read", "account", &[on_any(), Clause::Showing(words("name, iban"))])]),
        key(&[uses("r", &[Clause::Showing(words("iban, balance"))])]),
    ];
    check_fields(&items, &call("read account", json!({})), "iban");
}

#[test]
fn an_answer_is_allowed_whole_where_no_open_fact_matters() {
    let items =
        [key(&[allow("read", "transaction", &[on_any()]), deny("read", "transaction", &[over(100_000, None)])])];
    let list = call("read transaction", json!({"answer": true}));
    check(&items, &list, &[], "allow rule each k#1");
    assert_eq!(answer(&items, &list, &[])["fields"], json!(null));
    check(&[items_without_deny()], &list, &[], "allow rule k#1");
    // The address is no fact of the records: it stays unknown.
    let from = [key(&[allow("read", "transaction", &[on_any(), from_ip("203.0.113.7")])])];
    check(&from, &list, &[], "deny default");
}

fn items_without_deny() -> Item {
    key(&[allow("read", "transaction", &[on_any()])])
}

#[test]
fn a_part_missing_from_a_told_fact_is_unknown_and_not_open() {
    let items = [account("A", GROCERIES, None, ""), key(&[allow("read", "transaction", &[on("A")])])];
    check(&items, &call("read transaction", json!({"answer": true})), &[], "allow rule each k#1");
    let named = json!({"answer": true, "account": {"name": "A"}});
    check(&items, &call("read transaction", named), &[], "deny default");
}

#[test]
fn untold_facts_are_never_open() {
    let items = [
        key(&[allow("read", "insight", &[on_any()]), deny("read", "insight", &[on("A")])]),
        account("A", GROCERIES, None, ""),
    ];
    check(&items, &call("read insight", json!({"answer": true})), &[], "deny rule k#2");
}

#[test]
fn a_count_that_is_used_up_denies_an_answer() {
    let items = [key(&[allow("read", "transaction", &[on_any(), since(30), at_most(1, Period::Total)])])];
    let list = call("read transaction", json!({"answer": true}));
    check(&items, &list, &[], "allow rule each k#1");
    check(&items, &list, &[at(call("read transaction", json!({})), "2026-11-20T10:00:00Z")], "deny default");
}
