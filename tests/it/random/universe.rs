//! The few names, numbers and moments that random policies and requests share, so that they meet.

use super::policy::any_noun;
use super::rng::Rng;
use crate::naive::model::{Account, Cap, CountCap, Duration, Item, Money, MoneyCap, PayeeEntry, Period, Policy};

pub(crate) const LOOSE: &str = "Loose";
pub(crate) const STRANGE_IBAN: &str = "FR1420041010050500013M02606";
pub(crate) const PAYEES: [(&str, &str); 4] = [
    ("landlord", "NL91ABNA0417164300"),
    ("baker", "DE89370400440532013000"),
    ("gym", "BE68539007547034"),
    ("tax office", "AT611904300234573201"),
];
pub(crate) const GROUPS: [&str; 2] = ["shops", "all of them"];
pub(crate) const NETWORKS: [&str; 2] = ["office", "home"];
pub(crate) const LIMITS: [&str; 2] = ["week", "life"];
pub(crate) const URLS: [&str; 3] =
    ["https://example.com/hook", "https://example.org/other?a=b", "https://example.com/hook/"];
pub(crate) const CIDRS: [&str; 5] =
    ["203.0.113.0/24", "203.0.113.7", "198.51.100.0/31", "2001:db8::/48", "::ffff:198.51.100.7"];
pub(crate) const ADDRESSES: [&str; 12] = [
    "203.0.113.7",
    "203.0.113.0",
    "203.0.113.255",
    "203.0.112.255",
    "203.0.114.0",
    "198.51.100.1",
    "198.51.100.2",
    "198.51.100.7",
    "::ffff:203.0.113.7",
    "2001:db8::1",
    "2001:db8:0:ffff:ffff:ffff:ffff:ffff",
    "2001:db8:1::",
];
pub(crate) const KEYS: [&str; 3] = ["ynab", "shop", "caf\u{e9}"];

/// What one policy declares.
#[derive(Debug, Clone)]
pub(crate) struct Universe {
    pub(crate) zone: &'static str,
    pub(crate) accounts: Vec<Account>,
    /// What most rules speak of.
    pub(crate) favourite: Option<&'static str>,
}

impl Universe {
    pub(crate) fn random(rng: &mut Rng) -> Self {
        let known = [
            ("Groceries", "NL20INGB0001234567", 42),
            ("Rent", "GB29NWBK60161331926819", 43),
            ("Savings", "NL02ABNA0123456789", 44),
        ];
        let accounts = known
            .iter()
            .enumerate()
            .map(|(index, (name, iban, id))| {
                let by = rng.below(3);
                let kind = match (index, rng.below(4)) {
                    (_, 0) => None,
                    (2, _) => Some("savings"),
                    (_, 1) => Some("joint"),
                    (_, 2) => Some("external"),
                    _ => Some("bank"),
                };
                Account {
                    name: (*name).to_owned(),
                    iban: (by != 0).then(|| (*iban).to_owned()),
                    id: (by != 1).then_some(*id),
                    kind: kind.map(str::to_owned),
                }
            })
            .collect();
        let favourite = rng.percent(60).then(|| any_noun(rng));
        Self {
            zone: rng.weighted(&[(8, "Europe/Amsterdam"), (1, "America/New_York"), (1, "UTC")]),
            accounts,
            favourite,
        }
    }

    /// The declarations of all names.
    pub(crate) fn items(&self, rng: &mut Rng) -> Vec<Item> {
        let mut items = vec![Item::Timezone(self.zone.to_owned())];
        items.extend(self.accounts.iter().cloned().map(Item::Account));
        items.extend(PAYEES.map(|(name, iban)| Item::Payee { name: name.to_owned(), iban: iban.to_owned() }));
        items.push(Item::Payees {
            name: GROUPS[0].to_owned(),
            entries: vec![PayeeEntry::Payee("baker".to_owned()), PayeeEntry::Payee("gym".to_owned())],
        });
        items.push(Item::Payees {
            name: GROUPS[1].to_owned(),
            entries: vec![PayeeEntry::Payees(GROUPS[0].to_owned()), PayeeEntry::Iban(PAYEES[0].1.to_owned())],
        });
        for name in NETWORKS {
            items.push(Item::Network {
                name: name.to_owned(),
                networks: rng.some(&CIDRS, 2).into_iter().map(str::to_owned).collect(),
            });
        }
        for name in LIMITS {
            items.push(Item::Limit { name: name.to_owned(), caps: limit(rng) });
        }
        items
    }
}

/// Caps of a limit: in each currency that it names there is one by period.
fn limit(rng: &mut Rng) -> Vec<Cap> {
    let mut caps = vec![Cap::Money(MoneyCap { amount: Some(euros(rng)), period: Some(period(rng)) })];
    if rng.percent(30) {
        caps.push(Cap::Money(MoneyCap { amount: Some(euros(rng)), period: None }));
    }
    if rng.percent(20) {
        caps.push(Cap::Money(MoneyCap { amount: Some(foreign(rng)), period: Some(period(rng)) }));
    }
    if rng.percent(40) {
        caps.push(Cap::Count(CountCap { times: 1 + rng.below(4) as u32, period: period(rng) }));
    }
    caps
}

pub(crate) fn euros(rng: &mut Rng) -> Money {
    Money { minor: rng.pick(&[1_000, 1_500, 2_550, 999, 10_000]), currency: "EUR".to_owned() }
}

pub(crate) fn foreign(rng: &mut Rng) -> Money {
    let (minor, currency) = rng.pick(&[(2_000, "USD"), (500, "JPY"), (1_500, "KWD"), (700, "GBP")]);
    Money { minor, currency: currency.to_owned() }
}

pub(crate) fn period(rng: &mut Rng) -> Period {
    rng.pick(&[
        Period::Day,
        Period::Week,
        Period::Month,
        Period::Year,
        Period::Rolling(Duration { count: 24, unit: 'h' }),
        Period::Rolling(Duration { count: 15, unit: 'm' }),
        Period::Rolling(Duration { count: 1, unit: 'w' }),
        Period::Total,
    ])
}

/// Whether something in the policy is told by the calendar of a time zone.
pub(crate) fn needs_zone(policy: &Policy) -> bool {
    let text = crate::naive::print::print(policy);
    let calendar =
        [" per day", " per week", " per month", " per year", " during ", " starting ", " before ", " since 2"];
    calendar.iter().any(|words| text.contains(words))
}
