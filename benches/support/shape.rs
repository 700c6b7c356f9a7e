//! A policy of payments in any shape, with two claims about it, and a key as a person would write one.

use std::fmt::Write;

use crate::iban::iban;

/// How large a policy is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shape {
    /// Keys.
    pub(crate) keys: usize,
    /// Statements of each key.
    pub(crate) rules: usize,
    /// Payees of each statement, which no other has.
    pub(crate) payees: usize,
    /// Budgets that statements share in turn; none: each has one of its own.
    pub(crate) limits: usize,
}

impl std::fmt::Display for Shape {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { keys, rules, payees, limits } = self;
        write!(f, "{keys} keys, {rules} rules, {payees} payees, {limits} limits")
    }
}

/// What every key of [`shaped`] keeps to.
pub(crate) const CLAIMS: &str = "ensure no key can create payment over 600 EUR;\n\
     ensure no key can create payment on any account except \"Shop\";\n";

/// A policy of a shape; the same for the same shape. It makes no claim.
pub(crate) fn shaped(shape: Shape) -> String {
    let mut text =
        String::from("timezone \"Europe/Amsterdam\";\naccount \"Shop\" is iban NL20INGB0001234567, id 42, bank;\n");
    for limit in 0..shape.limits {
        line(&mut text, format_args!("limit \"budget {limit}\" < 1000 EUR per day; >"));
    }
    for key in 0..shape.keys {
        line(&mut text, format_args!("key \"key {key}\" <"));
        for number in key * shape.rules..(key + 1) * shape.rules {
            let payees = (0..shape.payees).map(|payee| iban("BUNQ", number * shape.payees + payee));
            let payees = payees.collect::<Vec<_>>().join(", ");
            let cap = 100 + number % 400;
            let bound = match number.checked_rem(shape.limits) {
                Some(limit) => format!(" within limit \"budget {limit}\""),
                None => ", 1000 EUR per day".to_owned(),
            };
            line(
                &mut text,
                format_args!(
                    "  allow create payment on account \"Shop\" to iban {payees} up to {cap} EUR each{bound};"
                ),
            );
        }
        text.push_str(">\n");
    }
    text
}

/// A key of sixteen statements with reads, payments, questions and hours, as a person would write it.
pub(crate) const ORDINARY: &str = r#"
timezone "Europe/Amsterdam";
account "Groceries" is iban NL20INGB0001234567, id 42, joint;
account "Rent" is iban GB29NWBK60161331926819, id 43, bank;
account "Savings" is iban NL02ABNA0123456789, id 44, savings;
payee "landlord" is NL91ABNA0417164300;
payee "energy" is NL69INGB0123456789;
payees "shops" < DE89370400440532013000; BE68539007547034; AT611904300234573201; >
network "home" < 203.0.113.0/24; 2001:db8:77::/48; >
limit "household" < 2500 EUR per month; 30 times per week; >
key "household" <
  allow read balance on any account;
  allow read transactions on account "Groceries" since 90d;
  allow read transactions on account "Rent" since 30d showing amount, date;
  allow read cards on any account;
  allow create payment on account "Rent" to payee "landlord" up to 1450 EUR each, 1450 EUR per month;
  allow create payment on account "Groceries" to payees "shops" up to 150 EUR each within limit "household";
  allow create payment on account "Groceries" to payee "energy" up to 300 EUR each within limit "household";
  allow create payment on account "Groceries", "Rent" to own accounts up to 500 EUR each, 2000 EUR per week;
  allow create scheduled-payment on account "Rent" to payee "landlord" up to 1450 EUR each, any amount in total repeating monthly;
  allow create request on account "Groceries" up to 100 EUR each at most 10 times per day;
  ask payment over 200 EUR unless to payee "landlord", "energy";
  ask payment during weekdays 00:00-06:00, weekends 00:00-07:00;
  deny payment over 1500 EUR;
  deny payment on account "Savings";
  only from network "home";
  only before 2027-12-31;
>
"#;

fn line(text: &mut String, line: std::fmt::Arguments<'_>) {
    writeln!(text, "{line}").expect("a string takes all");
}
