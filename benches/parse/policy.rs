//! Policies of any size, made the way people make them.

use std::fmt::Write;

/// A policy with so many keys; some 200 bytes for each.
pub(crate) fn text(keys: usize) -> String {
    let mut out = String::from(
        "// A policy for measuring.\nbank \"bunq\";\ntimezone \"Europe/Amsterdam\";\n\naccount \"Groceries\" is iban NL20INGB0001234567, joint;\n\
         payee \"Landlord\" is NL91ABNA0417164300;\nnetwork \"office\" < 203.0.113.0/24; 2001:db8::/48; >\n\
         limit \"household\" <\n  250 EUR per month;\n  3 times per day;\n>\n\nevery key <\n  only from network \"office\" during weekdays 08:00-20:00, sat;\n>\n\n",
    );
    for number in 0..keys {
        let body = match number % 4 {
            0 => {
                "  allow read transactions, accounts on account \"Groceries\" since 30d;\n  deny payment;\n  // The rest is nobody's business.\n  deny sensitive, control;\n"
            }
            1 => {
                "  /// Pays the rent.\n  allow create payment on account \"Groceries\" to payee \"Landlord\" up to 1250.50 EUR per month at most 2 times per day via transfer;\n"
            }
            2 => {
                "  allow read transactions on any account except \"Groceries\", savings accounts showing amount, date, text;\n  deny write unless to own accounts and from ip 203.0.113.7;\n"
            }
            _ => {
                "  allow create draft-payments on account \"Groceries\" to iban NL91ABNA0417164300 within limit \"household\" repeating once;\n  ask create payment over 100 EUR;\n"
            }
        };
        write!(out, "key \"key {number}\" <\n{body}>\n\n").expect("a string takes all");
    }
    out
}
