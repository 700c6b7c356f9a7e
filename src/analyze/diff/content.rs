//! What two policies say, by content: tables whose entries stand at different places, or under other names, get the same
//! number when they are the same, so that rules can be compared without looking at requests.
//!
//! Two things with one number decide alike. Two numbers say nothing: that is for the diagrams.

use hashbrown::HashMap;
use std::fmt::Write as _;

use bpol_engine::ir::{
    AccountRef, Clause, Counting, Excepted, Ir, LimitCap, MoneyCap, NetworkRef, PayeeRef, Period, Rule,
};
use bpol_engine::ir::{Scope, Since};

/// Numbers of texts; the same text has the same number.
#[derive(Debug, Default)]
pub(super) struct Numbers(HashMap<String, u32>);

impl Numbers {
    pub(super) fn of(&mut self, text: String) -> u32 {
        let next = self.0.len() as u32;
        *self.0.entry(text).or_insert(next)
    }
}

/// The tables of one policy as numbers by content.
#[derive(Debug)]
pub(super) struct Content<'p> {
    ir: &'p Ir,
    /// By place in the table of accounts: what is declared of it but its name.
    pub(super) accounts: Vec<u32>,
    payees: Vec<u32>,
    networks: Vec<u32>,
    limits: Vec<u32>,
    /// By place in the table of counters.
    pub(super) counters: Vec<u32>,
    /// By place in the table of scopes.
    pub(super) scopes: Vec<u32>,
    /// By place in the table of operations: what it is called and what it is about.
    pub(super) operations: Vec<u32>,
    /// All declared accounts, for clauses about kinds and own accounts.
    declared: u32,
    zone: u32,
}

/// The accounts of two policies that only one of them declares so, if the old one has any: what it denied as contradicting
/// a declaration may be allowed now. A declaration that is only new denies more and opens nothing.
pub(super) fn redeclared(contents: [&Content<'_>; 2]) -> Vec<(usize, u32)> {
    let only = |side: usize| {
        let [own, other] = [contents[side], contents[1 - side]].map(|content| content.accounts.as_slice());
        let gone = (0..).zip(own).filter(|(_, number)| !other.contains(number));
        gone.map(move |(place, _)| (side, place)).collect::<Vec<(usize, u32)>>()
    };
    let mut old = only(0);
    if !old.is_empty() {
        old.extend(only(1));
    }
    old
}

impl<'p> Content<'p> {
    pub(super) fn of(ir: &'p Ir, numbers: &mut Numbers) -> Self {
        let mut out = Self {
            ir,
            accounts: Vec::new(),
            payees: Vec::new(),
            networks: Vec::new(),
            limits: Vec::new(),
            counters: Vec::new(),
            scopes: Vec::new(),
            operations: Vec::new(),
            declared: 0,
            zone: numbers.of(format!("zone {:?}", ir.timezone)),
        };
        let account = |it: &bpol_engine::ir::Account| format!("account {:?} {:?} {:?}", it.iban, it.id, it.kind);
        out.accounts = ir.accounts.iter().map(|it| numbers.of(account(it))).collect();
        let declared = sorted(out.accounts.clone());
        let own: Vec<&str> = ir.kinds.iter().filter(|kind| kind.own).map(|kind| kind.word.as_str()).collect();
        out.declared = numbers.of(format!("declared {declared:?} {own:?}"));
        out.payees = ir.payees.iter().map(|it| numbers.of(format!("payees {}", it.ibans.join(" ")))).collect();
        let blocks = |it: &bpol_engine::ir::Network| sorted(it.blocks.clone()).join(" ");
        out.networks = ir.networks.iter().map(|it| numbers.of(format!("network {}", blocks(it)))).collect();
        let words = ir
            .operations
            .iter()
            .map(|it| format!("operation {} {} {:?} {:?}", it.action, it.resource, it.dimensions, it.untold));
        out.operations = words.map(|words| numbers.of(words)).collect();
        out.scopes = ir.scopes.iter().map(|scope| numbers.of(out.scope(scope))).collect();
        out.counters = (0..ir.counters.len()).map(|place| numbers.of(out.counter(place))).collect();
        out.limits = ir.limits.iter().map(|limit| numbers.of(out.limit(&limit.caps))).collect();
        out
    }

    /// What a rule says of an operation that it lists: everything but its operations, its place and its text.
    pub(super) fn rule(&self, rule: &Rule) -> String {
        let mut out = format!("rule {:?}", rule.effect);
        self.conditions(&mut out, &rule.when, &rule.unless);
        if let Some(showing) = &rule.showing {
            _ = write!(out, " showing {:?}", sorted(showing.clone()));
        }
        _ = write!(out, " hiding {:?}", sorted(rule.hiding.clone()));
        out
    }

    fn conditions(&self, out: &mut String, when: &[Clause], unless: &[Vec<Clause>]) {
        let block = |clauses: &[Clause]| sorted(clauses.iter().map(|clause| self.clause(clause)).collect()).join(";");
        out.push_str(" when ");
        out.push_str(&block(when));
        for exception in sorted(unless.iter().map(|clauses| block(clauses)).collect()) {
            out.push_str(" unless ");
            out.push_str(&exception);
        }
    }

    fn scope(&self, scope: &Scope) -> String {
        let operations = scope.operations.iter().filter_map(|place| self.operations.get(*place as usize));
        let operations = sorted(operations.copied().collect());
        let mut out = format!("scope {:?} {:?} {operations:?}", scope.key, sorted(scope.except.clone()));
        self.conditions(&mut out, &scope.when, &scope.unless);
        out
    }

    /// The scopes of a counter by content.
    pub(super) fn scopes_of(&self, counter: u32) -> Vec<u32> {
        let scopes = self.ir.counters.get(counter as usize).map_or(&[][..], |counter| &counter.scopes);
        sorted(scopes.iter().filter_map(|place| self.scopes.get(*place as usize)).copied().collect())
    }

    fn counter(&self, place: usize) -> String {
        format!("counter {:?} {}", self.scopes_of(place as u32), self.measure(place as u32))
    }

    /// What makes two counters comparable: whose entries, how long a window, and what is counted.
    pub(super) fn measure(&self, counter: u32) -> String {
        let Some(counter) = self.ir.counters.get(counter as usize) else { return String::new() };
        let zone = match counter.period {
            Period::Rolling(_) | Period::Total => None,
            _ => Some(self.zone),
        };
        let counting = match &counter.counting {
            Counting::Money(code) => code.as_str(),
            Counting::Times => "times",
        };
        format!("{} {:?} {zone:?} {counting}", counter.each_key, counter.period)
    }

    fn counter_number(&self, place: u32) -> u32 {
        self.counters.get(place as usize).copied().unwrap_or(u32::MAX)
    }

    fn money(&self, cap: &MoneyCap) -> String {
        format!("{} {} {:?}", cap.value, cap.currency, cap.counter.map(|place| self.counter_number(place)))
    }

    fn limit(&self, caps: &[LimitCap]) -> String {
        let cap = |cap: &LimitCap| match cap {
            LimitCap::Money(cap) => self.money(cap),
            LimitCap::Count(cap) => format!("{} times {}", cap.times, self.counter_number(cap.counter)),
        };
        format!("limit {:?}", sorted(caps.iter().map(cap).collect()))
    }

    fn clause(&self, clause: &Clause) -> String {
        let at = |table: &[u32], place: &u32| table.get(*place as usize).copied().unwrap_or(u32::MAX);
        match clause {
            Clause::On(refs) => {
                let mut kinds = false;
                let mut excepted = |list: &[Excepted]| {
                    let one = |one: &Excepted| match one {
                        Excepted::Account(place) => format!("a{}", at(&self.accounts, place)),
                        Excepted::Kind(kind) => {
                            kinds = true;
                            format!("kind {kind}")
                        }
                    };
                    sorted(list.iter().map(one).collect()).join(",")
                };
                let mut spelled = Vec::with_capacity(refs.len());
                let mut of_kind = false;
                for reference in refs {
                    spelled.push(match reference {
                        AccountRef::Account(place) => format!("a{}", at(&self.accounts, place)),
                        AccountRef::Name(name) => format!("name {name:?}"),
                        AccountRef::Kind { kind, except } => {
                            of_kind = true;
                            format!("kind {kind} except {}", excepted(except))
                        }
                        AccountRef::Any { except } => format!("any except {}", excepted(except)),
                    });
                }
                let table = if kinds || of_kind { format!(" of {}", self.declared) } else { String::new() };
                format!("on {}{table}", sorted(spelled).join("|"))
            }
            Clause::To(refs) => {
                let own = refs.iter().any(|one| matches!(one, PayeeRef::OwnAccounts));
                let one = |one: &PayeeRef| match one {
                    PayeeRef::Payee(place) => format!("p{}", at(&self.payees, place)),
                    PayeeRef::Account(place) => format!("a{}", at(&self.accounts, place)),
                    PayeeRef::Iban(iban) => format!("iban {iban}"),
                    PayeeRef::OwnAccounts => "own".to_owned(),
                    PayeeRef::Favorites => "favorites".to_owned(),
                    PayeeRef::Anyone => "anyone".to_owned(),
                };
                let table = if own { format!(" of {}", self.declared) } else { String::new() };
                format!("to {}{table}", sorted(refs.iter().map(one).collect()).join("|"))
            }
            Clause::UpTo(caps) | Clause::Over(caps) => {
                let word = if matches!(clause, Clause::UpTo(_)) { "up to" } else { "over" };
                format!("{word} {:?}", sorted(caps.iter().map(|cap| self.money(cap)).collect()))
            }
            Clause::AtMost(caps) | Clause::MoreThan(caps) => {
                let word = if matches!(clause, Clause::AtMost(_)) { "at most" } else { "more than" };
                let cap = |cap: &bpol_engine::ir::CountCap| (self.counter_number(cap.counter), cap.times);
                format!("{word} {:?}", sorted(caps.iter().map(cap).collect()))
            }
            Clause::Within(limits) => {
                format!("within {:?}", sorted(limits.iter().map(|place| at(&self.limits, place)).collect()))
            }
            Clause::From(refs) => {
                let one = |one: &NetworkRef| match one {
                    NetworkRef::Block(block) => block.clone(),
                    NetworkRef::Network(place) => format!("n{}", at(&self.networks, place)),
                    NetworkRef::Anywhere => "anywhere".to_owned(),
                };
                format!("from {}", sorted(refs.iter().map(one).collect()).join("|"))
            }
            Clause::ToUrl(words) => format!("to url {:?}", sorted(words.clone())),
            Clause::Via(words) => format!("via {:?}", sorted(words.clone())),
            Clause::Repeating(words) => format!("repeating {:?}", sorted(words.clone())),
            Clause::During(_) | Clause::Starting(_) | Clause::Before(_) | Clause::Since(Since::Date(_)) => {
                format!("{clause:?} in {}", self.zone)
            }
            Clause::AnyAmount | Clause::Since(_) | Clause::CreatedByThisKey => format!("{clause:?}"),
        }
    }
}

fn sorted<T: Ord>(mut list: Vec<T>) -> Vec<T> {
    list.sort_unstable();
    list.dedup();
    list
}
