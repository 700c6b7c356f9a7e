use super::{Around, Completion, completions};
use crate::ide::test::Fixture;

const NAMES: &str = "account \"Groceries\" is iban NL79BUNQ0000000001, joint;\naccount \"Old\" is id 7;\n\
    payee \"Landlord\" is NL39RABO0300065264;\npayees \"suppliers\" < payee \"Landlord\"; >\n\
    network \"office\" < 203.0.113.0/24; >\nlimit \"household\" < 500 EUR per month; >\n\
    role \"reader\" < allow read transactions on any account; >\n";

fn all(text: &str) -> Vec<Completion> {
    let fixture = Fixture::new(text);
    let around = Around {
        today: Some(jiff::civil::date(2026, 11, 24)),
        snippets: false,
        files: &|| Vec::new(),
        names: &|| Vec::new(),
    };
    completions(fixture.view(), fixture.offset, &around)
}

/// The labels at the caret; `…` at the end of what is expected leaves the rest open.
#[track_caller]
fn check(text: &str, expected: &str) {
    let labels: Vec<String> = all(text).into_iter().map(|one| one.label).collect();
    let found = labels.join(", ");
    match expected.strip_suffix(", …") {
        Some(start) => assert!(found.starts_with(start), "{found}"),
        None => assert_eq!(found, expected),
    }
}

/// The same in a policy that declares something of each kind.
#[track_caller]
fn check_named(text: &str, expected: &str) {
    check(&format!("{NAMES}{text}"), expected);
}

/// Whether labels are among those at the caret.
#[track_caller]
fn check_has(text: &str, wanted: &[&str], unwanted: &[&str]) {
    let labels: Vec<String> = all(text).into_iter().map(|one| one.label).collect();
    let has = |label: &&str| labels.iter().any(|one| one == *label);
    let (missing, surplus): (Vec<_>, Vec<_>) =
        (wanted.iter().filter(|label| !has(label)).collect(), unwanted.iter().filter(|label| has(label)).collect());
    assert!(missing.is_empty() && surplus.is_empty(), "missing {missing:?}, surplus {surplus:?} in {labels:?}");
}

/// The text after a label was chosen, without the declarations.
#[track_caller]
fn check_chosen(text: &str, label: &str, expected: &str) {
    let text = format!("{NAMES}{text}");
    let all = all(&text);
    let one = all.iter().find(|one| one.label == label).unwrap_or_else(|| panic!("{all:#?}"));
    let mut new = text.replacen("|caret|", "", 1);
    new.replace_range(one.change.span.start as usize..one.change.span.end as usize, &one.change.text);
    assert_eq!(&new[NAMES.len()..], expected);
}

#[test]
fn a_file_holds_items() {
    check(
        "|caret|",
        "key, account, payee, test, ensure, role, every key, payees, network, limit, import, timezone, bank",
    );
    check(
        "timezone \"Europe/Amsterdam\";\nk|caret|",
        "key, account, payee, test, ensure, role, every key, payees, network, limit, import, bank",
    );
}

#[test]
fn a_key_holds_statements() {
    check("key \"a\" < |caret| >", "allow, deny, ask, only, use role");
    check("every key < |caret| >", "deny, ask, only");
    check("key \"a\" <\n  allow read transactions on any account;\n  d|caret|\n>", "allow, deny, ask, only, use role");
}

#[test]
fn an_allow_says_an_action_and_a_resource() {
    check("key \"a\" < allow |caret| >", "read, create, …");
    check("key \"a\" < allow read |caret| >", "transactions, …");
    check("key \"a\" < allow create |caret| >", "payment, …");
    check_has(
        "key \"a\" < allow accept |caret| >",
        &["draft-payment", "incoming-request"],
        &["payment", "transaction"],
    );
    check_has("key \"a\" < allow read, cancel |caret| >", &["request"], &["transactions", "account"]);
    check_has("key \"a\" < allow read |caret| >", &["everything"], &["session", "payments"]);
    check_has("key \"a\" < allow |caret| >", &[], &["open", "everything", "payment"]);
    check_has("key \"a\" < allow read transactions, |caret| >", &["balances"], &["transactions", "everything"]);
}

#[test]
fn what_a_file_speaks_of_comes_first() {
    check("key \"a\" < allow read invoices on any account; allow read |caret| >", "invoices, …");
}

#[test]
fn a_deny_may_leave_the_action_out() {
    check_has("key \"a\" < deny |caret| >", &["payment", "everything", "spend", "read"], &[]);
    check_has("key \"a\" < ask |caret| >", &["payment", "everything", "create"], &["read", "sensitive", "transaction"]);
    check("key \"a\" < deny spend, |caret| >", "sensitive, write, control");
}

#[test]
fn clauses_fit_and_are_not_there_yet() {
    check(
        "key \"a\" < allow create payment |caret| >",
        "on, to, up to, at most, within limit, via, from, during, starting, before, unless",
    );
    check(
        "key \"a\" < allow create payment on any account to anyone |caret| >",
        "up to, at most, within limit, via, from, during, starting, before, unless",
    );
    check("key \"a\" < allow read transactions |caret| >", "on, …");
    check_has(
        "key \"a\" < allow read transactions |caret| >",
        &["since", "showing", "hiding", "created by this key"],
        &["over", "more than", "repeating", "to url"],
    );
    check_has("key \"a\" < allow read balance |caret| >", &["on"], &["showing", "hiding", "since"]);
    check_has(
        "key \"a\" < deny payment |caret| >",
        &["over", "more than", "on", "to"],
        &["up to", "at most", "within limit", "showing"],
    );
    check_has("every key < only |caret| >", &["from", "during", "up to"], &["over", "showing", "unless"]);
    check_has(
        &format!("{NAMES}key \"a\" < use role \"reader\" |caret| >"),
        &["on", "since", "to"],
        &["to url", "repeating", "over"],
    );
}

#[test]
fn the_mandatory_comes_first() {
    check("key \"a\" < allow create scheduled-payment |caret| >", "on, to, up to, repeating, …");
    check("key \"a\" < allow create scheduled-payment to anyone |caret| >", "on, up to, repeating, …");
}

#[test]
fn an_exception_has_clauses_of_its_own() {
    check_has(
        "key \"a\" < deny payment on any account unless |caret| >",
        &["to", "on", "up to"],
        &["over", "and", "unless"],
    );
    check("key \"a\" < deny payment unless to own accounts |caret| >", "and, unless");
    check_has("key \"a\" < deny payment unless to own accounts and |caret| >", &["on"], &["to", "and"]);
}

#[test]
fn names_stand_in_quotes() {
    check_named(
        "key \"a\" < allow read transactions on |caret| >",
        "account \"Groceries\", account \"Old\", any account, …",
    );
    check_named("key \"a\" < allow read transactions on account |caret| >", "Groceries, Old");
    check_named("key \"a\" < allow read transactions on account \"|caret|\" >", "Groceries, Old");
    check_named("key \"a\" < allow read transactions on account \"Groceries\", \"|caret|", "Old");
    check_named(
        "key \"a\" < allow create payment to |caret|",
        "payee \"Landlord\", payees \"suppliers\", own accounts, account \"Groceries\", favorites, iban, anyone",
    );
    check_named("key \"a\" < allow create payment to payees \"|caret|", "Landlord, suppliers");
    check_named("key \"a\" < allow create payment to account \"|caret|", "Groceries");
    check_named("key \"a\" < allow create payment to iban |caret|", "NL79BUNQ0000000001, NL39RABO0300065264");
    check_named("key \"a\" < only from |caret|", "network \"office\", ip, anywhere");
    check_named("key \"a\" < allow create payment within limit |caret|", "household");
    check_named("key \"a\" < use role \"|caret|\"", "reader");
    check_named("key \"a\" < >\ntest \"t\" for key \"|caret|", "a");
    check_named("key \"a\" < >\nensure key \"|caret|", "a");
    check_named("payees \"more\" < payees \"|caret|", "Landlord, suppliers");
    check_named("key \"a\" < deny payment on any account except |caret|", "Groceries, Old, bank accounts, …");
}

#[test]
fn a_chosen_name_keeps_quotes_in_pairs() {
    check_chosen("key \"a\" < use role \"|caret|", "reader", "key \"a\" < use role \"reader\"");
    check_chosen("key \"a\" < use role \"re|caret|ad\"; >", "reader", "key \"a\" < use role \"reader\"; >");
    check_chosen("key \"a\" < use role re|caret|; >", "reader", "key \"a\" < use role \"reader\"; >");
    check_chosen(
        "key \"a\" < allow create payment to payees \"|caret| on account \"Groceries\"; >",
        "suppliers",
        "key \"a\" < allow create payment to payees \"suppliers\" on account \"Groceries\"; >",
    );
    check_chosen(
        "key \"a\" < allow read transactions on \"Gro|caret|\"; >",
        "account \"Groceries\"",
        "key \"a\" < allow read transactions on account \"Groceries\"; >",
    );
    check_chosen(
        "key \"a\" < allow re|caret|ad transactions on any account; >",
        "read",
        "key \"a\" < allow read transactions on any account; >",
    );
    check_chosen("key \"a\" < al|caret|", "allow", "key \"a\" < allow ");
}

#[test]
fn amounts_have_a_currency_and_a_period() {
    check("key \"a\" < allow create payment up to |caret| >", "any amount in total");
    check("key \"a\" < allow create payment up to 50|caret| >", "50 EUR, 50 USD, 50 GBP, 50 CHF");
    check("key \"a\" < allow create payment up to 50 |caret| >", "EUR, USD, GBP, CHF, AED, …");
    check(
        "key \"a\" < allow create payment up to 50 EUR |caret| >",
        "per month, per day, each, per week, per year, in total, per 24h, on, to, …",
    );
    check("key \"a\" < allow create payment up to 50 EUR per |caret| >", "day, week, month, year, 24h, 7d, 30d");
    check("key \"a\" < allow create payment up to 50 EUR in |caret| >", "total");
    check("key \"a\" < allow create payment at most 3 |caret| >", "times");
    check(
        "key \"a\" < allow create payment at most 3 times |caret| >",
        "per day, per week, per month, per year, in total, per 24h",
    );
    check("limit \"l\" < |caret| >", "EUR per month, times per day");
    check("limit \"l\" < 500 |caret| >", "EUR, USD, …");
    check("key \"a\" < allow create payment up to 50 SEK each, 500 |caret| >", "SEK, EUR, …");
}

#[test]
fn times_and_dates_are_values() {
    check("key \"a\" < only during |caret| >", "weekdays, weekdays 09:00-17:00, weekends, 09:00-17:00, …");
    check("key \"a\" < only during weekdays |caret| >", "09:00-17:00, …");
    check("key \"a\" < only during mon-|caret| >", "mon-tue, mon-wed, mon-thu, mon-fri, mon-sat, mon-sun");
    check("key \"a\" < only before |caret| >", "2027-02-22, 2026-12-24, 2027-11-24, 2027-01-01");
    check("key \"a\" < only starting |caret| >", "2026-11-24, 2026-11-25, 2026-12-01, 2027-01-01");
    check("key \"a\" < allow read transactions since |caret| >", "30d, 90d, 7d, 365d, 24h, 2026-01-01, 2026-11-01");
}

#[test]
fn words_of_the_bank_are_not_said_twice() {
    check("key \"a\" < allow create draft-payment via transfer, |caret| >", "direct-debit, …");
    check(
        "key \"a\" < allow create draft-payment repeating |caret| >",
        "once, hourly, daily, weekly, monthly, yearly, anytime",
    );
    check_has(
        "key \"a\" < allow read transactions showing amount, |caret| >",
        &["date", "counterparty"],
        &["amount", "birth"],
    );
    check_has("key \"a\" < allow read transactions hiding |caret| >", &["amount"], &["balance"]);
}

#[test]
fn a_test_has_a_key_settings_and_facts() {
    check("test \"t\" |caret|", "for key");
    check("test \"t\" for key \"a\" |caret|", "at, from ip, < … >");
    check("test \"t\" for key \"a\" < |caret| >", "expect allow, expect deny, expect ask");
    check("test \"t\" for key \"a\" < expect |caret| >", "allow, deny, ask");
    check_has("test \"t\" for key \"a\" < expect deny |caret| >", &["read", "create"], &["payment", "everything"]);
    check(
        "test \"t\" for key \"a\" < expect deny create payment |caret| >",
        "of, on account, to, via, from ip, at, after",
    );
    check(
        "test \"t\" for key \"a\" at 2026-11-24T10:00:00Z < expect deny create payment of 5 EUR |caret| >",
        "on account, to, via, from ip, after",
    );
    check_has(
        "test \"t\" for key \"a\" < expect allow read transactions |caret| >",
        &["showing", "dated"],
        &["to url", "repeating"],
    );
    check("test \"t\" for key \"a\" < expect deny read transactions dated 10d |caret| >", "ago, …");
    check(
        "test \"t\" for key \"a\" < expect deny create payment after spending 5 EUR |caret| >",
        "today, this month, this week, this year, 3h ago, 10d ago",
    );
    check_named("test \"t\" for key \"a\" < expect deny create payment to payee \"|caret|", "Landlord");
}

#[test]
fn a_claim_is_about_keys() {
    check("ensure |caret|", "no key can, key, every key");
    check("ensure no key |caret|", "can");
    check("ensure key \"a\" |caret|", "cannot, can, must ask to");
    check_has("ensure no key can |caret|", &["payment", "everything", "create", "exactly"], &[]);
    check_has("ensure no key can create payment |caret|", &["over", "up to", "to", "unless"], &["hiding"]);
}

#[test]
fn declarations_have_facts() {
    check("account \"A\" |caret|", "is");
    check("account \"A\" is |caret|", "iban, id, bank, joint, savings, external, external-savings, card, shared");
    check(
        "account \"A\" is iban NL79BUNQ0000000001, |caret|",
        "id, bank, joint, savings, external, external-savings, card, shared",
    );
    check("timezone \"Europe/Am|caret|\"", "Europe/Amsterdam, …");
    check("timezone |caret|", "Europe/Amsterdam, …");
    check("bank \"|caret|", "bunq");
    check("payees \"p\" < |caret| >", "payee, payees");
}

#[test]
fn a_missing_end_takes_nothing_away() {
    check("key \"a\" <\n  allow read transactions on any account;\n\nkey \"b\" < allow |caret|", "read, …");
    check("key \"a\" <\n  |caret|\n\nkey \"b\" < >", "allow, deny, ask, only, use role");
    check("key \"a\" <\n  deny payment;\n|caret|\nkey \"b\" < >", "allow, deny, ask, only, use role, key, …");
    check("key \"a\" <\n  deny payment;\n|caret|\n>", "allow, deny, ask, only, use role");
    check_has("key \"a\" <\n  deny payment\n  |caret|\n>", &["over", "allow", "deny"], &[]);
    check("key \"a\" < deny payment; >\ntimezone \"|caret|", "Europe/Amsterdam, …");
    check("key \"a\"\n  allow read transactions on any account;\n  |caret|", "allow, …");
}

#[test]
fn comments_name_lints_and_nothing_else() {
    check("// allow |caret|", "");
    check("/// allow |caret|\nkey \"a\" < >", "");
    check("key \"a\" < allow // |caret|\n >", "");
    check_has("// bpol: allow(|caret|", &["any-payee", "dead-cap"], &["bad-suppression"]);
    check_has("// bpol: allow(any-payee, |caret|", &["dead-cap"], &["any-payee"]);
    check("// bpol: allow(any-payee) because |caret|", "");
}
