//! All requests of a key for an operation that what is said tells apart.

use std::collections::BTreeSet;
use std::net::IpAddr;
use std::ops::ControlFlow;

use super::clock::{Moment, moments};
use super::said::Said;
use crate::naive::accounts;
use crate::naive::clause::{Site, World, value};
use crate::naive::model::{Account, Clause, Money, Policy};
use crate::naive::request::{AccountFacts, Facts, PayeeFacts, RecordFacts, contradicts};
use crate::naive::rule::{Flat, Membership, dimension};
use crate::naive::vocabulary::Vocabulary;

const STRANGE_IBAN: &str = "ES9121000418450200051332";
const STRANGE_NAME: &str = "Nobody's";

/// The values of each fact.
#[derive(Debug, Clone)]
pub(super) struct Values {
    key: String,
    operation: usize,
    moments: Vec<Moment>,
    ip: Vec<Option<IpAddr>>,
    account: Vec<Option<AccountFacts>>,
    payee: Vec<Option<PayeeFacts>>,
    amount: Vec<Option<Money>>,
    method: Vec<Option<String>>,
    repeat: Vec<Option<String>>,
    url: Vec<Option<String>>,
    own: Vec<Option<bool>>,
}

/// Which requests are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    /// Facts may be unknown; a fact of which nothing is said is.
    All,
    /// Facts may be unknown, and kinds of accounts are looked at even where nothing is said of them.
    Kinds,
    /// "all facts known"
    Known,
}

impl Values {
    /// The values for requests to some policies that tell apart what is said, and what more rules say beside theirs.
    /// `worlds` are moved about.
    pub(super) fn of(
        said: &Said,
        worlds: &mut [World<'_>],
        key: &str,
        operation: usize,
        wanted: Wanted,
        more: &[&Flat],
    ) -> Self {
        let mut values = Self::all(said, worlds, key, operation, wanted);
        if std::env::var("BPOL_FULL").is_err() {
            values.leave_one_of_each_kind(worlds, more);
        }
        values
    }

    /// The same, with values that rules of this operation do not tell apart.
    pub(super) fn all(said: &Said, worlds: &mut [World<'_>], key: &str, operation: usize, wanted: Wanted) -> Self {
        let policies: Vec<&Policy> = worlds.iter().map(|world| world.policy).collect();
        let about = &Vocabulary::bunq().operations[operation];
        let known = wanted == Wanted::Known;
        let tells = |dimension: &str| about.tells(dimension);
        let record = tells("record");
        let mut values = Self {
            key: key.to_owned(),
            operation,
            moments: moments(said, worlds, record && (known || !said.ages.is_empty() || !said.dates.is_empty())),
            ip: vec![None],
            account: vec![None],
            payee: vec![None],
            amount: vec![None],
            method: vec![None],
            repeat: vec![None],
            url: vec![None],
            own: vec![None],
        };
        if said.ip || known {
            values.ip.extend(addresses(said).into_iter().map(Some));
        }
        if tells("account") && (said.account || known) {
            values.account = accounts_of(said, &policies, wanted);
        }
        if tells("payee") && (said.payee || known) {
            values.payee = payees_of(said, known);
        }
        if tells("amount") && (said.amount || known) {
            values.amount.extend(amounts(said).into_iter().map(Some));
        }
        if tells("method") && (said.method || known) {
            values.method = words(&said.methods, &crate::naive::vocabulary::METHODS);
        }
        if tells("repeat") && (said.repeat || known) {
            values.repeat = words(&said.repeats, &crate::naive::vocabulary::REPEATS);
        }
        if tells("url") && (said.url || known) {
            values.url = words(&said.urls, &["https://nowhere.example/"]);
        }
        if record && (said.own_record || known) {
            values.own.extend([Some(true), Some(false)]);
        }
        if known {
            values.know(&tells);
        }
        values
    }

    /// Of values of which every clause of the judge's says the same one is as good as all. (`BPOL_FULL` keeps them.)
    fn leave_one_of_each_kind(&mut self, worlds: &mut [World<'_>], more: &[&Flat]) {
        let empty = self.empty();
        let mut look = Look { worlds, more, operation: self.operation };
        let mut told = |dimension: &'static str, facts: Facts| look.at(dimension, &facts);
        apart(&mut self.account, |value| told("account", Facts { account: value.clone(), ..empty.clone() }));
        apart(&mut self.payee, |value| told("payee", Facts { payee: value.clone(), ..empty.clone() }));
        apart(&mut self.method, |value| told("method", Facts { method: value.clone(), ..empty.clone() }));
        apart(&mut self.url, |value| told("url", Facts { url: value.clone(), ..empty.clone() }));
        apart(&mut self.ip, |value| told("ip", Facts { ip: *value, ..empty.clone() }));
        apart(&mut self.repeat, |value| {
            let mut seen = told("repeat", Facts { repeat: value.clone(), ..empty.clone() });
            // What the bank repeats by itself cannot be counted.
            seen.push(u8::from(value.as_ref().is_some_and(|word| word != "once")));
            seen
        });
    }

    fn empty(&self) -> Facts {
        Facts {
            key: self.key.clone(),
            operation: self.operation,
            time: None,
            ip: None,
            account: None,
            payee: None,
            amount: None,
            method: None,
            repeat: None,
            url: None,
            record: None,
        }
    }

    /// Leaves out what is not known.
    fn know(&mut self, tells: &dyn Fn(&str) -> bool) {
        fn told<T>(values: &mut Vec<Option<T>>, tells: bool) {
            if tells {
                values.retain(Option::is_some);
            }
        }
        told(&mut self.ip, true);
        told(&mut self.account, tells("account"));
        told(&mut self.payee, tells("payee"));
        told(&mut self.amount, tells("amount"));
        told(&mut self.method, tells("method"));
        told(&mut self.repeat, tells("repeat"));
        told(&mut self.url, tells("url"));
        told(&mut self.own, tells("record"));
        self.moments.iter_mut().for_each(|moment| told(&mut moment.created, tells("record")));
    }

    /// How many there are.
    pub(super) fn count(&self) -> u64 {
        let moments: usize = self.moments.iter().map(|moment| moment.created.len()).sum();
        let lists = [self.ip.len(), self.account.len(), self.payee.len(), self.amount.len()];
        let more = [self.method.len(), self.repeat.len(), self.url.len(), self.own.len()];
        lists.iter().chain(&more).fold(moments as u64, |all, count| all.saturating_mul(*count as u64))
    }

    /// Visits each with all worlds at its time. Those that contradict the declarations of every policy are left out.
    pub(super) fn each(
        &self,
        worlds: &mut [World<'_>],
        visit: &mut dyn FnMut(&mut [World<'_>], &Facts) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let mut facts = self.empty();
        for moment in &self.moments {
            worlds.iter_mut().for_each(|world| world.now = moment.now);
            facts.time = Some(moment.now);
            for account in &self.account {
                facts.account.clone_from(account);
                for payee in &self.payee {
                    facts.payee.clone_from(payee);
                    if worlds.iter().all(|world| contradicts(&facts, world.policy)) {
                        continue;
                    }
                    for amount in &self.amount {
                        facts.amount.clone_from(amount);
                        for (method, repeat) in both(&self.method, &self.repeat) {
                            facts.method.clone_from(method);
                            facts.repeat.clone_from(repeat);
                            for (url, ip) in both(&self.url, &self.ip) {
                                facts.url.clone_from(url);
                                facts.ip = *ip;
                                for (created, own) in both(&moment.created, &self.own) {
                                    let record = RecordFacts { created: *created, own: *own };
                                    facts.record = Some(record).filter(|record| *record != RecordFacts::default());
                                    visit(worlds, &facts)?;
                                }
                            }
                        }
                    }
                }
            }
        }
        ControlFlow::Continue(())
    }
}

/// Leaves the first of values that are seen alike. Unknown is apart from all, since it may be open.
fn apart<T>(values: &mut Vec<Option<T>>, mut seen: impl FnMut(&Option<T>) -> Vec<u8>) {
    if values.len() < 2 {
        return;
    }
    let mut known: Vec<(bool, Vec<u8>)> = Vec::new();
    values.retain(|value| {
        let kind = (value.is_some(), seen(value));
        let fresh = !known.contains(&kind);
        if fresh {
            known.push(kind);
        }
        fresh
    });
}

/// What clauses about a fact make of its values.
struct Look<'l, 'w> {
    worlds: &'l mut [World<'w>],
    more: &'l [&'l Flat],
    operation: usize,
}

impl Look<'_, '_> {
    fn at(&mut self, about: &'static str, facts: &Facts) -> Vec<u8> {
        let mut seen = Vec::new();
        for world in self.worlds.iter_mut() {
            seen.push(u8::from(contradicts(facts, world.policy)));
            for in_region in [false, true] {
                world.in_region = in_region;
                for rule in world.rules.iter().chain(self.more.iter().copied()) {
                    let membership = rule.counted(self.operation, world.vocabulary);
                    if membership == Membership::Outside {
                        continue;
                    }
                    let stated = rule.clauses.iter().map(Site::Stated);
                    let blocks = rule.unless.iter().enumerate();
                    let sites = stated
                        .chain(blocks.flat_map(|(at, block)| block.iter().map(move |clause| Site::Unless(at, clause))));
                    for site in sites {
                        let mine = match site.clause() {
                            Clause::From(_) => about == "ip",
                            clause @ (Clause::On(_)
                            | Clause::To(_)
                            | Clause::ToUrl(_)
                            | Clause::Via(_)
                            | Clause::Repeating(_)) => dimension(clause) == Some(about),
                            _ => false,
                        };
                        if mine {
                            seen.push(value(world, rule, site, membership, facts) as u8);
                        }
                    }
                }
            }
            world.in_region = false;
        }
        seen
    }
}

fn both<'v, A, B>(some: &'v [A], others: &'v [B]) -> impl Iterator<Item = (&'v A, &'v B)> {
    some.iter().flat_map(move |one| others.iter().map(move |other| (one, other)))
}

/// Unknown, each word that is said, and one that is not.
fn words(said: &BTreeSet<String>, all: &[&str]) -> Vec<Option<String>> {
    let stranger = all.iter().find(|word| !said.contains(**word)).map(|word| (*word).to_owned());
    std::iter::once(None).chain(said.iter().cloned().chain(stranger).map(Some)).collect()
}

/// Both ends of every interval between figures, in every currency that is said, and an amount in one that is not.
fn amounts(said: &Said) -> Vec<Money> {
    let mut out = Vec::new();
    for (currency, figures) in &said.figures {
        let mut ends: BTreeSet<i128> = figures.iter().flat_map(|figure| [*figure, figure + 1]).collect();
        ends.insert(1);
        out.extend(ends.into_iter().map(|minor| Money { minor, currency: currency.clone() }));
    }
    let strange = ["EUR", "USD", "GBP"].into_iter().find(|code| !said.figures.contains_key(*code));
    out.extend(strange.map(|code| Money { minor: 1, currency: code.to_owned() }));
    out
}

/// The first and last address of every network, and those beside them.
fn addresses(said: &Said) -> BTreeSet<IpAddr> {
    let mut out = BTreeSet::new();
    let beside = |address: IpAddr, up: bool| match address {
        IpAddr::V4(it) => {
            let it = u32::from(it);
            Some(IpAddr::V4((if up { it.checked_add(1) } else { it.checked_sub(1) })?.into()))
        }
        IpAddr::V6(it) => {
            let it = u128::from(it);
            Some(IpAddr::V6((if up { it.checked_add(1) } else { it.checked_sub(1) })?.into()))
        }
    };
    for (first, last) in &said.networks {
        out.extend([*first, *last]);
        out.extend(beside(*first, false));
        out.extend(beside(*last, true));
    }
    if said.networks.is_empty() {
        out.insert("192.0.2.9".parse().expect("an address"));
    }
    out
}

/// Unknown, unless all is known.
fn unknown<T>(known: bool) -> impl Iterator<Item = Option<T>> {
    (!known).then_some(None).into_iter()
}

fn accounts_of(said: &Said, policies: &[&Policy], wanted: Wanted) -> Vec<Option<AccountFacts>> {
    let declared: Vec<&Account> = policies.iter().flat_map(|policy| accounts(policy)).collect();
    let known = wanted == Wanted::Known;
    let ibans: BTreeSet<String> = declared.iter().filter_map(|account| account.iban.clone()).collect();
    let ids: BTreeSet<u64> = declared.iter().filter_map(|account| account.id).collect();
    let mut kinds = said.kinds.clone();
    if wanted != Wanted::All || said.kind {
        kinds.extend(declared.iter().filter_map(|account| account.kind.clone()));
    }
    let iban: Vec<Option<String>> =
        unknown(known).chain(ibans.into_iter().map(Some)).chain([Some(STRANGE_IBAN.to_owned())]).collect();
    let id: Vec<Option<u64>> = unknown(known).chain(ids.into_iter().map(Some)).chain([Some(999_999)]).collect();
    let name = if said.names.is_empty() && !known {
        vec![None]
    } else {
        let mut names = words(&said.names, &[STRANGE_NAME]);
        names.retain(|name| name.is_some() || !known);
        names
    };
    let kind = if kinds.is_empty() && !known {
        vec![None]
    } else {
        let mut kinds = words(&kinds, &crate::naive::vocabulary::KINDS);
        kinds.retain(|kind| kind.is_some() || !known);
        kinds
    };
    let mut out = if known { Vec::new() } else { vec![None] };
    for (iban, id) in both(&iban, &id) {
        for (name, kind) in both(&name, &kind) {
            let facts = AccountFacts { iban: iban.clone(), id: *id, name: name.clone(), kind: kind.clone() };
            if facts != AccountFacts::default() {
                out.push(Some(facts));
            }
        }
    }
    let fits = |facts: &Option<AccountFacts>, policy: &Policy| {
        let told = facts.as_ref();
        told.is_none_or(|told| !crate::naive::request::account_contradicts(told, policy))
    };
    out.retain(|facts| policies.iter().any(|policy| fits(facts, policy)));
    out
}

fn payees_of(said: &Said, known: bool) -> Vec<Option<PayeeFacts>> {
    // Where all is known, one of the two may contradict the IBAN.
    let flags = |said: bool| match (known, said) {
        (true, _) => vec![Some(true), Some(false)],
        (false, true) => vec![None, Some(true), Some(false)],
        (false, false) => vec![None],
    };
    let mut ibans = words(&said.ibans, &[STRANGE_IBAN]);
    ibans.retain(|iban| iban.is_some() || !known);
    let mut out = if known { Vec::new() } else { vec![None] };
    for iban in &ibans {
        for own in flags(said.own_payee) {
            let favorite = if known && !said.favorite { vec![Some(false)] } else { flags(said.favorite) };
            for favorite in favorite {
                let facts = PayeeFacts { iban: iban.clone(), own, favorite };
                if facts != PayeeFacts::default() {
                    out.push(Some(facts));
                }
            }
        }
    }
    out
}
