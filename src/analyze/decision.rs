//! Clauses and rules as diagrams over a space (language.md, 6.2).

mod cap;

use bpol_engine::ir::{AccountRef, Clause, Dimension, Excepted, LimitCap, PayeeRef, Rule, Scope, Since};

use crate::analyze::mdd::{Diagrams, Id};
use crate::analyze::names::is_cap;
use crate::analyze::space::flag::YES;
use crate::analyze::space::moment::first_instant;
use crate::analyze::space::payee::Unit;
use crate::analyze::space::{History, Space, Variable, ip, week};
use crate::analyze::truth::Truth;

/// How clauses about facts that stand in the answer are taken (6.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pass {
    /// No fact is open: the request is about what it says.
    Plain,
    /// As helps the caller.
    Best,
    /// As harms the caller.
    Worst,
}

/// Diagrams over one space.
pub(crate) struct Builder<'b, 'p> {
    pub(crate) space: &'b Space<'p>,
    pub(crate) diagrams: &'b mut Diagrams,
    pub(crate) history: History,
    /// An account that is known to be another declared one, or of another kind than declared, is not the one named: so
    /// it is in the regions of claims.
    pub(crate) strict: bool,
    /// For each total the places of those that never hold more: a cap looks at them and at the amount, too, which changes
    /// no decision at points that some request is at, and says the same of all points however they are cut.
    pub(crate) below: Option<&'b [Vec<u32>]>,
}

impl Builder<'_, '_> {
    pub(crate) fn table(
        &mut self,
        variable: Variable,
        default: Id,
        children: impl IntoIterator<Item = (u32, Id)>,
    ) -> Id {
        let number = self.space.number(variable);
        self.diagrams.table(number, default, children)
    }

    pub(crate) fn one_of(&mut self, variable: Variable, classes: impl IntoIterator<Item = u32>) -> Id {
        let number = self.space.number(variable);
        self.diagrams.one_of(number, classes)
    }

    /// True for these classes, unknown for that of unknown (the first), else false.
    pub(crate) fn known_one_of(&mut self, variable: Variable, classes: impl IntoIterator<Item = u32>) -> Id {
        let inside = classes.into_iter().map(|class| (class, Id::TRUE));
        self.table(variable, Id::FALSE, inside.chain([(0, Id::UNKNOWN)]))
    }

    /// A value for each class of the account variable.
    fn by_account(&mut self, value: impl Fn(&crate::analyze::facts::Account) -> Truth) -> Id {
        let space = self.space;
        let children: Vec<(u32, Id)> =
            space.account.classes().map(|(class, fact)| (class, value(fact).leaf())).collect();
        self.table(Variable::Account, Id::UNKNOWN, children)
    }

    /// The value of a rule of a policy.
    pub(crate) fn rule(&mut self, side: usize, rule: &Rule, pass: Pass) -> Id {
        self.value(side, rule, pass, &|_| true)
    }

    /// The value with caps, counts and limits left out, and exceptions that hold one (6.5: whether a rule hides).
    pub(crate) fn rule_without_caps(&mut self, side: usize, rule: &Rule, pass: Pass) -> Id {
        self.value(side, rule, pass, &|clause| !is_cap(clause))
    }

    fn value(&mut self, side: usize, rule: &Rule, pass: Pass, counts: &dyn Fn(&Clause) -> bool) -> Id {
        let gives = rule.effect == bpol_engine::ir::Effect::Allow;
        self.conditions(side, &rule.when, &rule.unless, pass, gives, counts)
    }

    /// The `and` of clauses and of the negations of exceptions.
    pub(crate) fn conditions(
        &mut self,
        side: usize,
        when: &[Clause],
        unless: &[Vec<Clause>],
        pass: Pass,
        gives: bool,
        counts: &dyn Fn(&Clause) -> bool,
    ) -> Id {
        let helps = pass == Pass::Best;
        let mut all = Vec::with_capacity(when.len() + unless.len());
        for clause in when.iter().filter(|clause| counts(clause)) {
            all.push(self.settled(side, clause, pass, gives == helps));
        }
        for block in unless.iter().filter(|block| block.iter().all(counts)) {
            let clauses = block.iter().map(|clause| self.settled(side, clause, pass, gives != helps)).collect();
            let exception = self.diagrams.all(clauses);
            all.push(self.diagrams.not(exception));
        }
        self.diagrams.all(all)
    }

    /// Where some scope counts an entry: no clause is false and no exception true.
    pub(crate) fn counted(&mut self, side: usize, scopes: &[&Scope]) -> Id {
        let mut all = Vec::with_capacity(scopes.len());
        for scope in scopes {
            let value = self.conditions(side, &scope.when, &scope.unless, Pass::Plain, false, &|_| true);
            all.push(self.diagrams.holds(value, |value| value > 0));
        }
        self.diagrams.any(all)
    }

    /// The value of a clause; where it is unknown because its fact stands in the answer, what it is taken for.
    fn settled(&mut self, side: usize, clause: &Clause, pass: Pass, taken: bool) -> Id {
        let value = self.clause(side, clause);
        if pass == Pass::Plain {
            return value;
        }
        let Some(open) = self.about(side, clause).and_then(|dimension| self.open(side, dimension)) else {
            return value;
        };
        let taken = Truth::from(taken).leaf().value().unwrap_or(0);
        self.diagrams.join(value, open, &mut |value, open| if value == 1 && open == 2 { taken } else { value })
    }

    /// What a clause is about; counts, addresses and times are about nothing that an answer tells.
    fn about(&self, side: usize, clause: &Clause) -> Option<Dimension> {
        match clause {
            Clause::On(_) => Some(Dimension::Account),
            Clause::To(_) => Some(Dimension::Payee),
            Clause::UpTo(_) | Clause::Over(_) | Clause::AnyAmount => Some(Dimension::Amount),
            Clause::Within(limits) => {
                let limits =
                    limits.iter().filter_map(|place| self.space.sides.get(side)?.names.ir.limits.get(*place as usize));
                let money = limits.flat_map(|limit| &limit.caps).any(|cap| matches!(cap, LimitCap::Money(_)));
                money.then_some(Dimension::Amount)
            }
            Clause::Via(_) => Some(Dimension::Method),
            Clause::Since(_) | Clause::CreatedByThisKey => Some(Dimension::Record),
            _ => None,
        }
    }

    /// Where a fact as a whole is not told, though an answer will tell it.
    fn open(&mut self, side: usize, dimension: Dimension) -> Option<Id> {
        if !self.space.sides.get(side)?.tells(dimension) {
            return None;
        }
        let variables: &[Variable] = match dimension {
            Dimension::Record => &[Variable::Own, Variable::Created],
            Dimension::Account => &[Variable::Account, Variable::Name, Variable::Kind],
            Dimension::Payee => &[Variable::Payee, Variable::PayeeOwn, Variable::Favorite],
            Dimension::Amount => &[Variable::Amount],
            Dimension::Method => &[Variable::Method],
            Dimension::Fields | Dimension::Repeat | Dimension::Url => return None,
        };
        let unknown = variables.iter().map(|variable| self.one_of(*variable, [0])).collect();
        Some(self.diagrams.all(unknown))
    }

    /// The value of a clause.
    pub(crate) fn clause(&mut self, number: usize, clause: &Clause) -> Id {
        let space = self.space;
        let Some(side) = space.sides.get(number) else { return Id::UNKNOWN };
        // What the operation is not about cannot be told; what a call never tells is known only where anything will do.
        let about = |dimension| side.is_about(dimension);
        let tells = |dimension| side.tells(dimension);
        match clause {
            Clause::On(refs) if about(Dimension::Account) => {
                let values = refs.iter().map(|one| self.account(number, one, tells(Dimension::Account))).collect();
                self.diagrams.any(values)
            }
            Clause::To(refs) if about(Dimension::Payee) => self.payee(number, refs, tells(Dimension::Payee)),
            Clause::ToUrl(urls) if tells(Dimension::Url) => {
                let classes: Vec<u32> = distinct(urls.iter().map(|url| space.url.class(Some(url))));
                self.known_one_of(Variable::Url, classes)
            }
            Clause::Via(methods) if tells(Dimension::Method) => {
                let classes: Vec<u32> = distinct(methods.iter().map(|method| space.method.class(Some(method))));
                self.known_one_of(Variable::Method, classes)
            }
            Clause::Repeating(words) if tells(Dimension::Repeat) => {
                let classes: Vec<u32> = distinct(words.iter().map(|word| space.repeat.class(Some(word))));
                self.known_one_of(Variable::Repeat, classes)
            }
            Clause::AnyAmount if about(Dimension::Amount) => Id::TRUE,
            Clause::UpTo(caps) => {
                let over = self.over(number, caps);
                self.diagrams.not(over)
            }
            Clause::Over(caps) => self.over(number, caps),
            Clause::AtMost(counts) => {
                let values = counts.iter().map(|count| self.at_most(number, count)).collect();
                self.diagrams.all(values)
            }
            Clause::MoreThan(counts) => {
                let values = counts.iter().map(|count| self.at_most(number, count)).collect();
                let all = self.diagrams.all(values);
                self.diagrams.not(all)
            }
            Clause::Within(limits) => {
                let limits = limits.iter().filter_map(|limit| side.names.ir.limits.get(*limit as usize));
                let values = limits.map(|limit| self.limit(number, &limit.caps)).collect();
                self.diagrams.all(values)
            }
            Clause::Since(since) if tells(Dimension::Record) => match since {
                Since::Age(seconds) => self.known_one_of(Variable::Age, space.age.within(*seconds)),
                Since::Date(date) => match first_instant(date, side.zone.as_ref()) {
                    Some(start) => self.known_one_of(Variable::Created, space.created.from(start)),
                    None => Id::UNKNOWN,
                },
            },
            Clause::CreatedByThisKey if tells(Dimension::Record) => self.known_one_of(Variable::Own, [YES]),
            Clause::From(refs) => match ip::blocks(side.names.ir, refs) {
                None => Id::TRUE,
                Some(blocks) => self.known_one_of(Variable::Ip, space.ip.inside(&blocks)),
            },
            Clause::During(spans) => match side.zone {
                Some(_) => self.one_of(Variable::Week, space.week.inside(&week::stretches(spans))),
                None => Id::UNKNOWN,
            },
            Clause::Starting(date) => match first_instant(date, side.zone.as_ref()) {
                Some(start) => self.one_of(Variable::Now, space.now.from(start)),
                None => Id::UNKNOWN,
            },
            Clause::Before(date) => match first_instant(date, side.zone.as_ref()) {
                Some(start) => {
                    let after = self.one_of(Variable::Now, space.now.from(start));
                    self.diagrams.not(after)
                }
                None => Id::UNKNOWN,
            },
            _ => Id::UNKNOWN,
        }
    }

    /// The value of an account reference.
    fn account(&mut self, number: usize, reference: &AccountRef, told: bool) -> Id {
        match reference {
            AccountRef::Any { except } => self.besides(number, except, told),
            _ if !told => Id::UNKNOWN,
            AccountRef::Account(place) => self.declared(number, *place),
            AccountRef::Name(name) => {
                let class = self.space.name.class(Some(name));
                self.known_one_of(Variable::Name, [class])
            }
            AccountRef::Kind { kind, except } => {
                let kind = self.kind(number, kind);
                let besides = self.besides(number, except, told);
                self.diagrams.and(kind, besides)
            }
        }
    }

    /// The account is a declared one.
    fn declared(&mut self, number: usize, place: u32) -> Id {
        let Some(side) = self.space.sides.get(number) else { return Id::UNKNOWN };
        let names = side.names.clone();
        if !self.strict {
            return self.by_account(|fact| names.is_account(place, Some(fact)));
        }
        let named = self.by_account(|fact| match names.declared(fact) {
            Ok(Some(other)) if other != place as usize => Truth::False,
            _ => names.is_account(place, Some(fact)),
        });
        let kind = side.names.ir.accounts.get(place as usize).and_then(|account| account.kind.as_deref());
        let Some(kind) = kind else { return named };
        let fits = self.one_of(Variable::Kind, [0, self.space.kind.class(Some(kind))]);
        self.diagrams.and(named, fits)
    }

    /// The account is of a kind: that which is told, else that of the declared account that it equals.
    fn kind(&mut self, number: usize, kind: &str) -> Id {
        let Some(side) = self.space.sides.get(number) else { return Id::UNKNOWN };
        let names = side.names.clone();
        let class = self.space.kind.class(Some(kind));
        let told = self.one_of(Variable::Kind, [class]);
        let silent = self.one_of(Variable::Kind, [0]);
        let declared = self.by_account(|fact| names.is_kind(kind, Some(fact)));
        let by_declaration = self.diagrams.and(silent, declared);
        self.diagrams.or(told, by_declaration)
    }

    fn besides(&mut self, number: usize, except: &[Excepted], told: bool) -> Id {
        if !told && !except.is_empty() {
            return Id::UNKNOWN;
        }
        let left_out = except
            .iter()
            .map(|one| match one {
                Excepted::Account(place) => self.declared(number, *place),
                Excepted::Kind(kind) => self.kind(number, kind),
            })
            .collect();
        let any = self.diagrams.any(left_out);
        self.diagrams.not(any)
    }

    /// The value of a `to` clause.
    fn payee(&mut self, side: usize, refs: &[PayeeRef], told: bool) -> Id {
        let space = self.space;
        let mut values = Vec::new();
        let mut listed: Vec<u32> = Vec::new();
        let mut names_ibans = false;
        for reference in refs {
            match reference {
                PayeeRef::Anyone => return Id::TRUE,
                _ if !told => values.push(Id::UNKNOWN),
                PayeeRef::Favorites => values.push(self.known_one_of(Variable::Favorite, [YES])),
                PayeeRef::OwnAccounts => {
                    let own = space.payee.classes(&Unit::Own(side)).iter().map(|class| (*class, Id::TRUE));
                    let declared = self.table(Variable::Payee, Id::UNKNOWN, own.collect::<Vec<_>>());
                    let silent = self.one_of(Variable::PayeeOwn, [0]);
                    let told = self.one_of(Variable::PayeeOwn, [YES]);
                    let by_declaration = self.diagrams.and(silent, declared);
                    values.push(self.diagrams.or(told, by_declaration));
                }
                named => {
                    names_ibans = true;
                    listed.extend(Unit::of(side, named).iter().flat_map(|unit| space.payee.classes(unit)));
                }
            }
        }
        if names_ibans {
            listed.sort_unstable();
            listed.dedup();
            values.push(self.known_one_of(Variable::Payee, listed));
        }
        self.diagrams.any(values)
    }
}

fn distinct(classes: impl Iterator<Item = u32>) -> Vec<u32> {
    let mut classes: Vec<u32> = classes.collect();
    classes.sort_unstable();
    classes.dedup();
    classes
}
