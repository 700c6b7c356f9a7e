//! What the rules about an operation say of each fact: the values at which anything can change.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use crate::naive::clause::{payee_iban, payees_ibans};
use crate::naive::model::{
    AccountRef, Cap, Clause, Excepted, Item, MoneyCap, NetworkRef, PayeeRef, Policy, Since, Span,
};
use crate::naive::request::{address, nfc};
use crate::naive::{accounts, counter::caps_of_limit};

/// The words and figures of some clauses.
#[derive(Debug, Clone, Default)]
pub(super) struct Said {
    pub(super) account: bool,
    pub(super) names: BTreeSet<String>,
    pub(super) kinds: BTreeSet<String>,
    pub(super) kind: bool,
    pub(super) payee: bool,
    pub(super) ibans: BTreeSet<String>,
    pub(super) own_payee: bool,
    pub(super) favorite: bool,
    pub(super) url: bool,
    pub(super) urls: BTreeSet<String>,
    pub(super) method: bool,
    pub(super) methods: BTreeSet<String>,
    pub(super) repeat: bool,
    pub(super) repeats: BTreeSet<String>,
    pub(super) amount: bool,
    /// Figures in the smallest units, by currency.
    pub(super) figures: BTreeMap<String, BTreeSet<i128>>,
    pub(super) own_record: bool,
    /// Ages of records, in seconds.
    pub(super) ages: BTreeSet<i64>,
    /// Dates of records.
    pub(super) dates: BTreeSet<String>,
    pub(super) ip: bool,
    /// First and last addresses.
    pub(super) networks: BTreeSet<(IpAddr, IpAddr)>,
    pub(super) spans: Vec<Span>,
    /// Dates of validity.
    pub(super) days: BTreeSet<String>,
}

impl Said {
    pub(super) fn clauses<'c>(&mut self, policy: &Policy, clauses: impl IntoIterator<Item = &'c Clause>) {
        clauses.into_iter().for_each(|clause| self.clause(policy, clause));
    }

    fn clause(&mut self, policy: &Policy, clause: &Clause) {
        match clause {
            Clause::On(refs) => refs.iter().for_each(|one| self.account(policy, one)),
            Clause::To(refs) => refs.iter().for_each(|one| self.payee(policy, one)),
            Clause::ToUrl(urls) => {
                self.url = true;
                self.urls.extend(urls.iter().map(|url| nfc(url)));
            }
            Clause::UpTo(caps) | Clause::Over(caps) => caps.iter().for_each(|cap| self.cap(cap)),
            Clause::Within(limits) => {
                for cap in limits.iter().flat_map(|limit| caps_of_limit(policy, limit)) {
                    if let Cap::Money(cap) = cap {
                        self.cap(cap);
                    }
                }
            }
            Clause::AtMost(_) | Clause::MoreThan(_) | Clause::Showing(_) | Clause::Hiding(_) => {}
            Clause::Via(methods) => {
                self.method = true;
                self.methods.extend(methods.iter().cloned());
            }
            Clause::Repeating(words) => {
                self.repeat = true;
                self.repeats.extend(words.iter().cloned());
            }
            Clause::Since(Since::Ago(age)) => _ = self.ages.insert(age.seconds()),
            Clause::Since(Since::Date(date)) => _ = self.dates.insert(date.clone()),
            Clause::CreatedByThisKey => self.own_record = true,
            Clause::From(refs) => refs.iter().for_each(|one| self.network(policy, one)),
            Clause::During(spans) => {
                for span in spans {
                    if !self.spans.contains(span) {
                        self.spans.push(span.clone());
                    }
                }
            }
            Clause::Starting(date) | Clause::Before(date) => _ = self.days.insert(date.clone()),
        }
    }

    fn account(&mut self, policy: &Policy, reference: &AccountRef) {
        let except = match reference {
            AccountRef::Named(name) => {
                self.account = true;
                if accounts(policy).all(|account| nfc(&account.name) != nfc(name)) {
                    self.names.insert(nfc(name));
                }
                return;
            }
            AccountRef::Kind { kind, except } => {
                self.account = true;
                self.kind = true;
                self.kinds.insert(kind.clone());
                except
            }
            AccountRef::Any { except } => except,
        };
        for excepted in except {
            self.account = true;
            if let Excepted::Kind(kind) = excepted {
                self.kind = true;
                self.kinds.insert(kind.clone());
            }
        }
    }

    fn payee(&mut self, policy: &Policy, reference: &PayeeRef) {
        self.payee |= *reference != PayeeRef::Anyone;
        match reference {
            PayeeRef::Payee(name) => _ = self.ibans.insert(payee_iban(policy, name)),
            PayeeRef::Payees(name) => self.ibans.extend(payees_ibans(policy, name)),
            PayeeRef::Account(name) => {
                let named = accounts(policy).filter(|account| nfc(&account.name) == nfc(name));
                self.ibans.extend(named.filter_map(|account| account.iban.clone()));
            }
            PayeeRef::Iban(iban) => _ = self.ibans.insert(iban.clone()),
            PayeeRef::OwnAccounts => {
                self.own_payee = true;
                self.ibans.extend(accounts(policy).filter_map(|account| account.iban.clone()));
            }
            PayeeRef::Favorites => self.favorite = true,
            PayeeRef::Anyone => {}
        }
    }

    fn cap(&mut self, cap: &MoneyCap) {
        let Some(money) = &cap.amount else { return };
        self.amount = true;
        self.figures.entry(money.currency.clone()).or_default().insert(money.minor);
        // "for a request whose `repeat` is known and not `once`"
        if cap.period.is_some() {
            self.repeat = true;
            self.repeats.insert("once".to_owned());
        }
    }

    fn network(&mut self, policy: &Policy, reference: &NetworkRef) {
        let networks = match reference {
            NetworkRef::Anywhere => return,
            NetworkRef::Ip(network) => vec![network.clone()],
            NetworkRef::Network(wanted) => policy
                .items
                .iter()
                .find_map(|item| match item {
                    Item::Network { name, networks } if nfc(name) == nfc(wanted) => Some(networks.clone()),
                    _ => None,
                })
                .expect("a network that is declared"),
        };
        self.ip = true;
        self.networks.extend(networks.iter().map(|network| ends(network)));
    }
}

/// The first and the last address of a network.
fn ends(network: &str) -> (IpAddr, IpAddr) {
    let (base, length) = match network.split_once('/') {
        Some((base, length)) => (base, Some(length.parse::<u32>().expect("a length"))),
        None => (network, None),
    };
    match address(base).expect("an address") {
        IpAddr::V4(base) => {
            let rest = u32::MAX.checked_shr(length.unwrap_or(32)).unwrap_or(0);
            (IpAddr::V4(base), IpAddr::V4((u32::from(base) | rest).into()))
        }
        IpAddr::V6(base) => {
            let rest = u128::MAX.checked_shr(length.unwrap_or(128)).unwrap_or(0);
            (IpAddr::V6(base), IpAddr::V6((u128::from(base) | rest).into()))
        }
    }
}
