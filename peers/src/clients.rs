//! The same policy in each language, for any number of keys, and requests to it.
//!
//! Each key reads one account, pays the suppliers of its team from it up to two caps, never pays more than a third sum,
//! and works from the office only. In Cedar and Rego what was spent stands in the request, and payees and their groups
//! are data beside the policy; bpol declares them in its text.

use std::fmt::Write;

/// Keys that share an account and suppliers.
pub(crate) const TEAM: usize = 10;
/// Suppliers of a team.
pub(crate) const SUPPLIERS: usize = 5;
/// What every key has spent this month, in cents.
pub(crate) const SPENT: i64 = 2_500;

/// A call, and what must come of it.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) key: usize,
    pub(crate) pays: bool,
    /// The number of the payee; suppliers of a team come one after the other.
    pub(crate) payee: usize,
    pub(crate) cents: i64,
    pub(crate) ip: &'static str,
    pub(crate) allowed: bool,
}

/// What one payment of a key may be at most, in euros; ten times as much leaves in a month.
pub(crate) fn cap(key: usize) -> i64 {
    100 + i64::try_from(key % 900).expect("it is small")
}

/// Beyond this the key pays nothing, in euros.
pub(crate) fn most(key: usize) -> i64 {
    cap(key) * 9 / 10
}

/// Calls of keys all over the policy.
pub(crate) fn requests(keys: usize) -> Vec<Request> {
    let request = |number: usize| {
        let key = number * 37 % keys;
        let supplier = key / TEAM * SUPPLIERS + number % SUPPLIERS;
        let good = Request { key, pays: true, payee: supplier, cents: 1_250, ip: "203.0.113.7", allowed: true };
        match number % 8 {
            0..=2 => good,
            3 | 4 => Request { pays: false, ..good },
            5 => Request { cents: most(key) * 100 + 1, allowed: false, ..good },
            6 => Request { payee: usize::MAX, allowed: false, ..good },
            _ => Request { ip: "198.51.100.1", allowed: false, ..good },
        }
    };
    (0..64).map(request).collect()
}

/// The IBAN of a payee or account, with right check digits.
pub(crate) fn iban(bank: &str, number: usize) -> String {
    let account = format!("{bank}{:010}", number % 10_000_000_000);
    // Letters count from ten, and `NL00` stands behind when the remainder is taken.
    let rest = account.bytes().chain(*b"NL00").fold(0, |rest, byte| match byte {
        b'0'..=b'9' => (rest * 10 + u32::from(byte - b'0')) % 97,
        letter => (rest * 100 + u32::from(letter - b'A') + 10) % 97,
    });
    format!("NL{:02}{account}", 98 - rest)
}

/// The IBAN of a payee.
pub(crate) fn payee(number: usize) -> String {
    iban("ABNA", number)
}

/// The policy in bpol.
pub(crate) fn bpol(keys: usize) -> String {
    let mut text = String::from("timezone \"Europe/Amsterdam\";\nnetwork \"office\" < 203.0.113.0/24; >\n");
    for team in 0..keys.div_ceil(TEAM) {
        write!(text, "account \"Team {team}\" is iban {};\npayees \"suppliers {team}\" <", iban("BUNQ", team)).unwrap();
        for supplier in 0..SUPPLIERS {
            write!(text, " {};", payee(team * SUPPLIERS + supplier)).unwrap();
        }
        text.push_str(" >\n");
    }
    for key in 0..keys {
        let (team, cap, most) = (key / TEAM, cap(key), most(key));
        write!(
            text,
            "key \"key {key}\" <\n  \
             allow read transactions on account \"Team {team}\";\n  \
             allow create payment on account \"Team {team}\" to payees \"suppliers {team}\"\n      \
             up to {cap} EUR each, {cap}0 EUR per month;\n  \
             deny payment over {most} EUR;\n  \
             only from network \"office\";\n>\n"
        )
        .unwrap();
    }
    text
}

/// The policy in Cedar.
pub(crate) fn cedar(keys: usize) -> String {
    (0..keys).map(cedar_key).collect()
}

/// What a key may do, in Cedar.
pub(crate) fn cedar_key(key: usize) -> String {
    let (team, cap, most) = (key / TEAM, cap(key), most(key));
    format!(
        r#"permit (principal == Key::"key {key}", action == Action::"read transaction", resource == Account::"Team {team}");
permit (principal == Key::"key {key}", action == Action::"create payment", resource == Account::"Team {team}")
when {{ context.payee in Payees::"suppliers {team}" && context.currency == "EUR" && context.cents <= {cap}00
    && context.month + context.cents <= {cap}000 }};
forbid (principal == Key::"key {key}", action in Action::"payment", resource)
when {{ context.currency != "EUR" || context.cents > {most}00 }};
forbid (principal == Key::"key {key}", action, resource) unless {{ context.ip.isInRange(ip("203.0.113.0/24")) }};
"#
    )
}
