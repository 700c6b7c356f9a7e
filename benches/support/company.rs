//! The policy of a company with many keys: declarations, roles, limits, guardrails, and four statements for each key.

use std::fmt::Write;

use crate::iban::iban;

/// A policy as text, and how many statements it has.
pub(crate) struct Company {
    /// The text, as the formatter would lay it out.
    pub(crate) text: String,
    /// Statements of keys, roles and guardrails.
    pub(crate) statements: usize,
}

/// Keys that share an account, a list of suppliers and a budget.
const TEAM: usize = 10;

/// A company with so many keys; the same for the same number.
pub(crate) fn company(keys: usize) -> Company {
    let mut text = String::from("// A generated policy.\n\nbank \"bunq\";\ntimezone \"Europe/Amsterdam\";\n\n");
    for team in 0..keys.div_ceil(TEAM) {
        declare(&mut text, team).expect("a string takes all");
    }
    text.push_str(
        "network \"office\" <\n  203.0.113.0/24;\n  2001:db8:77::/48;\n>\n\n\
         role \"reader\" <\n  allow read balance;\n  allow read transactions hiding counterparty;\n>\n\n\
         every key <\n  deny credentials, devices, oauth-clients, card-secrets;\n  deny spend over 10000 EUR;\n>\n\n",
    );
    for number in 0..keys {
        key(&mut text, number).expect("a string takes all");
    }
    Company { text, statements: 4 * (keys + 1) }
}

fn declare(text: &mut String, team: usize) -> std::fmt::Result {
    writeln!(text, "account \"Team {team}\" is iban {}, id {}, joint;", iban("BUNQ", team), 1000 + team)?;
    for supplier in 0..3 {
        writeln!(text, "payee \"Supplier {team}.{supplier}\" is {};", iban("ABNA", team * TEAM + supplier))?;
    }
    writeln!(
        text,
        "payees \"suppliers {team}\" <\n  payees \"Supplier {team}.0\", \"Supplier {team}.1\", \"Supplier {team}.2\";\n  {};\n>",
        iban("INGB", team)
    )?;
    writeln!(text, "limit \"budget {team}\" <\n  1000 EUR per month;\n  20 times per day;\n>\n")
}

fn key(text: &mut String, number: usize) -> std::fmt::Result {
    let team = number / TEAM;
    let cap = 100 + number % 900;
    writeln!(text, "/// Key {number} of team {team}.\nkey \"key {number}\" <")?;
    match number % 4 {
        0 => write!(
            text,
            "  allow read transactions on account \"Team {team}\" since 90d;\n  \
             allow read cards on account \"Team {team}\";\n  \
             deny payment;\n  \
             only from network \"office\";\n"
        ),
        1 => write!(
            text,
            "  use role \"reader\" on account \"Team {team}\";\n  \
             // Bills are paid up to the cap, and seen by a person beyond the half of it.\n  \
             allow create payment on account \"Team {team}\" to payees \"suppliers {team}\"\n      \
             up to {cap} EUR each, {cap}0 EUR per month via transfer;\n  \
             ask payment over {} EUR;\n  \
             deny webhooks;\n",
            cap / 2
        ),
        2 => write!(
            text,
            "  allow read transactions on account \"Team {team}\" showing amount, date, text;\n  \
             allow create draft-payment on account \"Team {team}\" to payee \"Supplier {team}.1\" within limit \"budget {team}\" repeating once;\n  \
             deny write unless from ip 203.0.113.7;\n  \
             only during weekdays 08:00-18:00;\n"
        ),
        _ => write!(
            text,
            "  allow read everything on account \"Team {team}\";\n  \
             allow create payment on account \"Team {team}\" to own accounts up to {cap}.50 EUR per week;\n  \
             deny payment more than 3 times per day unless to payee \"Supplier {team}.0\";\n  \
             deny sensitive, control;\n"
        ),
    }?;
    text.push_str(">\n\n");
    Ok(())
}
