//! Random facts, mostly ones for which the clauses of a rule hold or just fail.

use jiff::SignedDuration;
use serde_json::{Map, Value, json};

use super::request::Aim;
use super::rng::Rng;
use super::universe::{ADDRESSES, LOOSE, PAYEES, STRANGE_IBAN, URLS};
use crate::naive::clause::from;
use crate::naive::logic::True;
use crate::naive::model::{AccountRef, Cap, Clause, Item, Money, MoneyCap, PayeeRef, Since};
use crate::naive::print::figure;
use crate::naive::request::address;
use crate::naive::rule::Flat;
use crate::naive::vocabulary::{KINDS, METHODS, REPEATS};

impl Aim<'_> {
    /// A fact, mostly one for which the clauses of the rule hold.
    pub(super) fn fact(&self, rng: &mut Rng, name: &str, target: Option<&Flat>, spent: &[i128]) -> Value {
        let clause = target.filter(|_| rng.percent(90)).and_then(|rule| {
            let stated = rule.clauses.iter().map(|stated| &stated.clause).filter(|clause| speaks_of(clause, name));
            let excepted = rule.unless.iter().flatten().filter(|clause| speaks_of(clause, name));
            let stated: Vec<&Clause> = stated.collect();
            let excepted: Vec<&Clause> = excepted.collect();
            match (stated.is_empty(), excepted.is_empty()) {
                (false, _) if excepted.is_empty() || rng.percent(85) => Some(rng.pick(&stated).clone()),
                (_, false) => Some(rng.pick(&excepted).clone()),
                _ => None,
            }
        });
        match name {
            "ip" => {
                let inside: Vec<&str> = match &clause {
                    Some(Clause::From(refs)) => ADDRESSES
                        .into_iter()
                        .filter(|ip| {
                            refs.iter().any(|reference| from(self.policy, reference, address(ip).ok()) == True)
                        })
                        .collect(),
                    _ => Vec::new(),
                };
                json!(if inside.is_empty() { rng.pick(&ADDRESSES) } else { rng.pick(&inside) })
            }
            "account" => self.account(rng, clause.as_ref(), spent.is_empty()),
            "payee" => self.payee(rng, clause.as_ref(), spent.is_empty()),
            "amount" => self.amount(rng, target, spent),
            "method" => match clause {
                Some(Clause::Via(methods)) => json!(rng.pick(&methods)),
                _ => json!(rng.pick(&METHODS)),
            },
            "repeat" => match clause {
                Some(Clause::Repeating(words)) if words.iter().any(|word| word == "once") && rng.percent(60) => {
                    json!("once")
                }
                Some(Clause::Repeating(words)) => json!(rng.pick(&words)),
                _ if rng.percent(60) => json!("once"),
                _ => json!(rng.pick(&REPEATS)),
            },
            "url" => match clause {
                Some(Clause::ToUrl(urls)) => json!(rng.pick(&urls)),
                _ => json!(rng.pick(&URLS)),
            },
            _ => self.record(rng, clause.as_ref()),
        }
    }

    fn account(&self, rng: &mut Rng, clause: Option<&Clause>, past: bool) -> Value {
        let wanted = match clause {
            Some(Clause::On(refs)) => Some(rng.pick(refs)),
            _ => None,
        };
        let mut account = Map::new();
        let declared = match wanted {
            Some(AccountRef::Named(name)) if name == LOOSE => {
                account.insert("name".to_owned(), json!(name));
                None
            }
            Some(AccountRef::Named(name)) => self.universe.accounts.iter().find(|account| account.name == name),
            Some(AccountRef::Kind { kind, .. }) => {
                account.insert("kind".to_owned(), json!(kind));
                None
            }
            _ if rng.percent(75) => Some(&self.universe.accounts[rng.below(self.universe.accounts.len())]),
            _ => {
                match rng.below(4) {
                    0 => account.insert("name".to_owned(), json!(LOOSE)),
                    1 => account.insert("iban".to_owned(), json!(STRANGE_IBAN)),
                    2 => account.insert("id".to_owned(), json!(7)),
                    _ => account.insert("kind".to_owned(), json!(rng.pick(&KINDS))),
                };
                None
            }
        };
        if let Some(declared) = declared {
            let both = rng.percent(40);
            let iban_first = rng.percent(50);
            if let Some(iban) = declared.iban.as_ref().filter(|_| both || iban_first || declared.id.is_none()) {
                account.insert("iban".to_owned(), json!(iban));
            }
            if let Some(id) = declared.id.filter(|_| both || !iban_first || declared.iban.is_none()) {
                account.insert("id".to_owned(), json!(id));
            }
            match &declared.kind {
                Some(kind) if rng.percent(30) => {
                    account.insert("kind".to_owned(), json!(kind));
                }
                None if rng.percent(30) => {
                    account.insert("kind".to_owned(), json!(rng.pick(&KINDS)));
                }
                _ => {}
            }
            if rng.percent(20) {
                account.insert("name".to_owned(), json!(rng.pick(&[declared.name.as_str(), LOOSE])));
            }
        }
        // A contradiction now and then; in the past it makes the fact unknown.
        if rng.percent(if past { 15 } else { 3 }) {
            account.insert("id".to_owned(), json!(rng.pick(&[7, 42, 43, 44])));
        }
        if account.is_empty() && rng.percent(50) {
            account.insert("name".to_owned(), json!("Other"));
        }
        Value::Object(account)
    }

    fn payee(&self, rng: &mut Rng, clause: Option<&Clause>, past: bool) -> Value {
        let wanted = match clause {
            Some(Clause::To(refs)) => Some(rng.pick(refs)),
            _ => None,
        };
        let iban_of =
            |name: &str| self.universe.accounts.iter().find(|it| it.name == name).and_then(|it| it.iban.clone());
        let any = |rng: &mut Rng| {
            let mut ibans: Vec<String> = PAYEES.iter().map(|(_, iban)| (*iban).to_owned()).collect();
            ibans.extend(self.universe.accounts.iter().filter_map(|account| account.iban.clone()));
            ibans.push(STRANGE_IBAN.to_owned());
            rng.pick(&ibans)
        };
        let mut payee = Map::new();
        match wanted {
            Some(PayeeRef::Payee(name)) => {
                let (_, iban) = PAYEES.iter().find(|(known, _)| *known == name).expect("a payee of the universe");
                payee.insert("iban".to_owned(), json!(iban));
            }
            Some(PayeeRef::Iban(iban)) => {
                payee.insert("iban".to_owned(), json!(iban));
            }
            Some(PayeeRef::Account(name)) => {
                payee.insert("iban".to_owned(), json!(iban_of(&name)));
            }
            Some(PayeeRef::Payees(_)) => {
                payee.insert("iban".to_owned(), json!(PAYEES[rng.below(3)].1));
            }
            Some(PayeeRef::OwnAccounts) if rng.percent(60) => {
                payee.insert("own".to_owned(), json!(true));
            }
            Some(PayeeRef::Favorites) => {
                payee.insert("favorite".to_owned(), json!(rng.percent(80)));
            }
            _ => {}
        }
        if !payee.contains_key("iban") && rng.percent(70) {
            payee.insert("iban".to_owned(), json!(any(rng)));
        }
        if !payee.contains_key("own") && rng.percent(15) {
            let foreign = !self.universe.accounts.iter().any(|account| payee.get("iban") == Some(&json!(account.iban)));
            payee.insert("own".to_owned(), json!(!(foreign || rng.percent(if past { 60 } else { 10 }))));
        }
        if !payee.contains_key("favorite") && rng.percent(20) {
            payee.insert("favorite".to_owned(), json!(rng.percent(50)));
        }
        Value::Object(payee)
    }

    /// A figure of the policy, exactly, a little over, or what is left of it.
    fn amount(&self, rng: &mut Rng, target: Option<&Flat>, spent: &[i128]) -> Value {
        let mut figures: Vec<Money> = Vec::new();
        let of_caps = |caps: &[MoneyCap]| caps.iter().filter_map(|cap| cap.amount.clone()).collect::<Vec<_>>();
        if let Some(rule) = target {
            let all = rule.clauses.iter().map(|stated| &stated.clause).chain(rule.unless.iter().flatten());
            for clause in all {
                if let Clause::UpTo(caps) | Clause::Over(caps) = clause {
                    figures.extend(of_caps(caps));
                }
            }
        }
        if figures.is_empty() || rng.percent(15) {
            for item in &self.policy.items {
                if let Item::Limit { caps, .. } = item {
                    for cap in caps {
                        if let Cap::Money(cap) = cap {
                            figures.extend(of_caps(std::slice::from_ref(cap)));
                        }
                    }
                }
            }
        }
        let Money { minor, currency } = rng.pick(&figures);
        // What was spent before is mostly little, so that something is left.
        let left = if spent.is_empty() { minor / 2 } else { minor - rng.pick(spent) };
        let minor = match rng.below(10) {
            _ if spent.is_empty() && rng.percent(70) => rng.pick(&[1, 100, 250]),
            0..=3 => left,
            4 | 5 => left + 1,
            6 => minor + 1,
            7 => minor / 2,
            _ => rng.pick(&[1, 100, 250]),
        };
        let money = Money { minor: minor.max(1), currency };
        let mut value = figure(&money);
        // Fewer decimals than the currency has are fine.
        if value.contains('.') && rng.percent(30) {
            value = value.trim_end_matches('0').trim_end_matches('.').to_owned();
        }
        json!({"value": value, "currency": money.currency})
    }

    fn record(&self, rng: &mut Rng, clause: Option<&Clause>) -> Value {
        let mut record = Map::new();
        if rng.percent(85) {
            let edge = match clause {
                Some(Clause::Since(Since::Ago(duration))) => self.at - SignedDuration::from_secs(duration.seconds()),
                Some(Clause::Since(Since::Date(date))) => self.midnight(date.parse().expect("a date")),
                _ => self.at - SignedDuration::from_hours(rng.pick(&[1, 36, 720, 9_000])),
            };
            let moved = rng.pick(&[0, 0, 1_000_000_000, 3_600_000_000_000, -1]);
            record.insert("created".to_owned(), json!((edge + SignedDuration::from_nanos(moved)).to_string()));
        }
        if rng.percent(60) {
            record.insert("own".to_owned(), json!(rng.percent(85)));
        }
        Value::Object(record)
    }
}

fn speaks_of(clause: &Clause, name: &str) -> bool {
    matches!(
        (clause, name),
        (Clause::On(_), "account")
            | (Clause::To(_), "payee")
            | (Clause::Via(_), "method")
            | (Clause::Repeating(_), "repeat")
            | (Clause::ToUrl(_), "url")
            | (Clause::From(_), "ip")
            | (Clause::Since(_) | Clause::CreatedByThisKey, "record")
    )
}
