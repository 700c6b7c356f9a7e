//! A policy of payments, each statement with ten payees and a budget of its own, and changes of it.

use std::fmt::Write;

use crate::iban::iban;

/// What another version of the policy says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Change {
    /// The same.
    Nothing,
    /// The statement in the middle allows more each.
    OneCap,
    /// The statement in the middle has a payee more.
    OnePayee,
    /// Every statement allows more each.
    EveryCap,
}

/// A policy with so many statements in so many keys; the same for the same arguments.
pub(crate) fn payments(statements: usize, keys: usize, change: Change) -> String {
    let mut text =
        String::from("timezone \"Europe/Amsterdam\";\naccount \"Shop\" is iban NL20INGB0001234567, id 42, bank;\n");
    let each = statements / keys;
    for key in 0..keys {
        writeln!(text, "key \"key {key}\" <").expect("a string takes all");
        for number in key * each..(key + 1) * each {
            statement(&mut text, number, change, number == statements / 2);
        }
        text.push_str(">\n");
    }
    text
}

fn statement(text: &mut String, number: usize, change: Change, middle: bool) {
    let more = change == Change::EveryCap || change == Change::OneCap && middle;
    let cap = if more { 500 } else { 100 + number % 7 };
    let mut payees: Vec<String> = (0..10).map(|payee| iban("BUNQ", 5_000_000_000 + number * 10 + payee)).collect();
    if change == Change::OnePayee && middle {
        payees.push(iban("BUNQ", 5_009_000_000));
    }
    let payees = payees.join(", ");
    writeln!(
        text,
        "  allow create payment on account \"Shop\" to iban {payees} up to {cap} EUR each, 1000 EUR per day;"
    )
    .expect("a string takes all");
}
