//! Random clauses that may stand where they stand.

use super::rng::Rng;
use super::universe::{
    CIDRS, GROUPS, LIMITS, LOOSE, NETWORKS, PAYEES, STRANGE_IBAN, URLS, Universe, euros, foreign, period,
};
use crate::naive::model::{
    AccountRef, Clause, CountCap, Days, Duration, Excepted, MoneyCap, NetworkRef, PayeeRef, Period, Since, Span,
};
use crate::naive::rule::concerns;
use crate::naive::vocabulary::{KINDS, METHODS, Operation, REPEATS};

/// The kinds of clause, of which each stands once at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    On,
    To,
    ToUrl,
    Money,
    Count,
    Within,
    Via,
    Repeating,
    Since,
    Created,
    Showing,
    Hiding,
    From,
    During,
    Starting,
    Before,
}

const ALL: [(usize, Kind); 16] = [
    (8, Kind::On),
    (8, Kind::To),
    (2, Kind::ToUrl),
    (8, Kind::Money),
    (5, Kind::Count),
    (4, Kind::Within),
    (4, Kind::Via),
    (3, Kind::Repeating),
    (5, Kind::Since),
    (3, Kind::Created),
    (4, Kind::Showing),
    (4, Kind::Hiding),
    (5, Kind::From),
    (3, Kind::During),
    (2, Kind::Starting),
    (2, Kind::Before),
];

/// Where a clause stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Allow,
    AskOrDeny,
    UnlessOfAllow,
    UnlessOfAskOrDeny,
    Only,
    Use,
}

impl Place {
    /// "`up to`, `at most`, `within` stand where they give … `over`, `more than` stand where they take".
    fn gives(self) -> bool {
        !matches!(self, Place::AskOrDeny | Place::UnlessOfAllow)
    }

    fn in_allow(self) -> bool {
        matches!(self, Place::Allow | Place::UnlessOfAllow | Place::Use)
    }
}

/// What a statement is about.
#[derive(Debug, Clone)]
pub(crate) enum About<'vocabulary> {
    /// Each operation is named.
    Named(Vec<&'vocabulary Operation>),
    /// All that `everything` or a tier takes in.
    Tier(Vec<&'vocabulary Operation>),
    /// The rules of a role that allow something.
    Role(Vec<About<'vocabulary>>),
}

/// Up to `most` clauses of other kinds than those that stand there already.
pub(crate) fn clauses(
    rng: &mut Rng,
    universe: &Universe,
    about: &About<'_>,
    place: Place,
    most: usize,
    present: &[Clause],
) -> Vec<Clause> {
    let mut made: Vec<Clause> = Vec::new();
    let wanted = rng.below(most + 1);
    for _ in 0..wanted * 3 {
        if made.len() == wanted {
            break;
        }
        // Budgets of a `use`, and exceptions that narrow what a cap counts, are where counters differ.
        let kind = match place {
            Place::Use if rng.percent(40) => rng.pick(&[Kind::Money, Kind::Count, Kind::Within]),
            Place::UnlessOfAllow | Place::UnlessOfAskOrDeny if rng.percent(40) => {
                rng.pick(&[Kind::On, Kind::To, Kind::Count, Kind::Money])
            }
            _ => rng.weighted(&ALL),
        };
        let shapes = |kind| matches!(kind, Kind::Showing | Kind::Hiding);
        let taken =
            present.iter().chain(&made).map(kind_of).any(|other| other == kind || shapes(other) && shapes(kind));
        if !taken && fits(kind, about, place) {
            made.push(clause(rng, universe, kind, place, about));
        }
    }
    made
}

/// At least one clause, where any fits.
pub(crate) fn block(rng: &mut Rng, universe: &Universe, about: &About<'_>, place: Place) -> Vec<Clause> {
    for _ in 0..8 {
        let made = clauses(rng, universe, about, place, 2, &[]);
        if !made.is_empty() {
            return made;
        }
    }
    // The address is a matter of every operation.
    vec![clause(rng, universe, Kind::From, place, about)]
}

fn fits(kind: Kind, about: &About<'_>, place: Place) -> bool {
    if kind == Kind::Within && !place.gives() {
        return false;
    }
    if matches!(kind, Kind::Showing | Kind::Hiding)
        && (!matches!(place, Place::Allow | Place::Use) || common_fields(about).is_empty())
    {
        return false;
    }
    match about {
        // A limit has no loud form for an amount that no call tells.
        About::Named(operations)
            if kind == Kind::Within
                && place.in_allow()
                && operations.iter().any(|operation| !operation.tells("amount")) =>
        {
            false
        }
        About::Named(operations) => operations.iter().all(|operation| match dimension(kind) {
            None => true,
            // What no call tells is granted aloud, and there is no loud form of the other clauses.
            Some(dimension) => {
                let loud = place == Place::Allow && matches!(kind, Kind::On | Kind::To | Kind::Money);
                operation.has(dimension) && (operation.tells(dimension) || !place.in_allow() || loud)
            }
        }),
        About::Tier(operations) => {
            let sample = bare(kind, place);
            operations.iter().any(|operation| concerns(&sample, operation))
        }
        // "A clause that applies to no `allow` of R is an error."
        About::Role(rules) => {
            let sample = bare(kind, place);
            let untold = rules.iter().any(|rule| match rule {
                About::Named(operations) => operations.iter().any(|operation| {
                    dimension(kind).is_some_and(|dimension| operation.has(dimension) && !operation.tells(dimension))
                }),
                _ => false,
            });
            let applies = rules.iter().any(|rule| match rule {
                About::Named(operations) => {
                    operations.iter().any(|operation| dimension(kind).is_none_or(|dimension| operation.has(dimension)))
                }
                About::Tier(operations) => operations.iter().any(|operation| concerns(&sample, operation)),
                About::Role(_) => false,
            });
            applies && !untold
        }
    }
}

/// A clause of the kind, whatever it says.
fn bare(kind: Kind, place: Place) -> Clause {
    match kind {
        Kind::On => Clause::On(Vec::new()),
        Kind::To => Clause::To(Vec::new()),
        Kind::ToUrl => Clause::ToUrl(Vec::new()),
        Kind::Money if place.gives() => Clause::UpTo(Vec::new()),
        Kind::Money => Clause::Over(Vec::new()),
        Kind::Count if place.gives() => Clause::AtMost(Vec::new()),
        Kind::Count => Clause::MoreThan(Vec::new()),
        Kind::Within => Clause::Within(Vec::new()),
        Kind::Via => Clause::Via(Vec::new()),
        Kind::Repeating => Clause::Repeating(Vec::new()),
        Kind::Since => Clause::Since(Since::Date(String::new())),
        Kind::Created => Clause::CreatedByThisKey,
        Kind::Showing => Clause::Showing(Vec::new()),
        Kind::Hiding => Clause::Hiding(Vec::new()),
        Kind::From => Clause::From(Vec::new()),
        Kind::During => Clause::During(Vec::new()),
        Kind::Starting => Clause::Starting(String::new()),
        Kind::Before => Clause::Before(String::new()),
    }
}

fn dimension(kind: Kind) -> Option<&'static str> {
    crate::naive::rule::dimension(&bare(kind, Place::Allow))
}

fn kind_of(clause: &Clause) -> Kind {
    match clause {
        Clause::On(_) => Kind::On,
        Clause::To(_) => Kind::To,
        Clause::ToUrl(_) => Kind::ToUrl,
        Clause::UpTo(_) | Clause::Over(_) => Kind::Money,
        Clause::AtMost(_) | Clause::MoreThan(_) => Kind::Count,
        Clause::Within(_) => Kind::Within,
        Clause::Via(_) => Kind::Via,
        Clause::Repeating(_) => Kind::Repeating,
        Clause::Since(_) => Kind::Since,
        Clause::CreatedByThisKey => Kind::Created,
        Clause::Showing(_) => Kind::Showing,
        Clause::Hiding(_) => Kind::Hiding,
        Clause::From(_) => Kind::From,
        Clause::During(_) => Kind::During,
        Clause::Starting(_) => Kind::Starting,
        Clause::Before(_) => Kind::Before,
    }
}

/// The fields that a clause may name: those of every read in the subject. A view takes no such clause.
fn common_fields(about: &About<'_>) -> Vec<String> {
    match about {
        About::Named(operations) => {
            if operations.iter().any(|operation| operation.is_view() || operation.action != "read") {
                return Vec::new();
            }
            shared(operations)
        }
        About::Tier(operations) if operations.iter().all(|operation| operation.tier == "read") => {
            vec!["name".to_owned(), "date".to_owned(), "kind".to_owned()]
        }
        About::Tier(_) => Vec::new(),
        About::Role(rules) => {
            let mut reads = Vec::new();
            for rule in rules {
                let About::Named(operations) = rule else { return Vec::new() };
                if operations.iter().any(|operation| operation.is_view()) {
                    return Vec::new();
                }
                reads.extend(operations.iter().copied().filter(|operation| operation.has("fields")));
            }
            shared(&reads)
        }
    }
}

fn shared(operations: &[&Operation]) -> Vec<String> {
    let Some((first, rest)) = operations.split_first() else { return Vec::new() };
    let has = |operation: &Operation, field: &str| operation.fields.iter().any(|(name, _)| name == field);
    first
        .fields
        .iter()
        .map(|(name, _)| name.clone())
        .filter(|name| rest.iter().all(|operation| has(operation, name)))
        .collect()
}

pub(crate) fn clause(rng: &mut Rng, universe: &Universe, kind: Kind, place: Place, about: &About<'_>) -> Clause {
    let untold = match (about, dimension(kind)) {
        (About::Named(operations), Some(dimension)) => {
            place.in_allow() && operations.iter().any(|operation| !operation.tells(dimension))
        }
        _ => false,
    };
    match kind {
        // What no call tells is granted aloud or not at all.
        Kind::On if untold => Clause::On(vec![AccountRef::Any { except: Vec::new() }]),
        Kind::To if untold => Clause::To(vec![PayeeRef::Anyone]),
        Kind::Money if untold => Clause::UpTo(vec![MoneyCap { amount: None, period: Some(Period::Total) }]),
        Kind::On => Clause::On(account_refs(rng, universe, place)),
        Kind::To => {
            let several = 1 + rng.below(2);
            Clause::To((0..several).map(|_| payee_ref(rng, universe)).collect())
        }
        Kind::ToUrl => Clause::ToUrl(owned(rng.some(&URLS, 2))),
        Kind::Money if place.gives() => Clause::UpTo(money_caps(rng, true)),
        Kind::Money => Clause::Over(money_caps(rng, false)),
        Kind::Count if place.gives() => Clause::AtMost(count_caps(rng)),
        Kind::Count => Clause::MoreThan(count_caps(rng)),
        Kind::Within => Clause::Within(owned(rng.some(&LIMITS, 2))),
        Kind::Via => Clause::Via(owned(rng.some(&METHODS[..6], 3))),
        Kind::Repeating => {
            let mut words = rng.some(&REPEATS, 3);
            if !words.contains(&"once") && rng.percent(50) {
                words.push("once");
            }
            Clause::Repeating(owned(words))
        }
        Kind::Since if rng.percent(70) => {
            Clause::Since(Since::Ago(rng.pick(&[Duration { count: 30, unit: 'd' }, Duration { count: 36, unit: 'h' }])))
        }
        Kind::Since => Clause::Since(Since::Date(rng.pick(&["2026-10-25", "2026-03-29", "2026-11-01"]).to_owned())),
        Kind::Created => Clause::CreatedByThisKey,
        Kind::Showing => Clause::Showing(rng.some(&common_fields(about), 4)),
        Kind::Hiding => Clause::Hiding(rng.some(&common_fields(about), 3)),
        Kind::From => Clause::From(match rng.below(8) {
            0 => vec![NetworkRef::Anywhere],
            1..=3 => vec![NetworkRef::Network(rng.pick(&NETWORKS).to_owned())],
            4 => vec![NetworkRef::Network(NETWORKS[0].to_owned()), NetworkRef::Ip(rng.pick(&CIDRS).to_owned())],
            _ => owned(rng.some(&CIDRS, 2)).into_iter().map(NetworkRef::Ip).collect(),
        }),
        Kind::During => Clause::During(spans(rng)),
        Kind::Starting => Clause::Starting(rng.pick(&["2026-03-29", "2026-10-25", "2026-11-24"]).to_owned()),
        Kind::Before => Clause::Before(rng.pick(&["2026-11-25", "2026-12-01", "2027-01-01"]).to_owned()),
    }
}

fn owned(words: Vec<&str>) -> Vec<String> {
    words.into_iter().map(str::to_owned).collect()
}

fn account_refs(rng: &mut Rng, universe: &Universe, place: Place) -> Vec<AccountRef> {
    let names: Vec<String> = universe.accounts.iter().map(|account| account.name.clone()).collect();
    let named = |rng: &mut Rng| {
        // "Anywhere else an undeclared account is an error."
        if matches!(place, Place::Allow | Place::Use) && rng.percent(20) {
            AccountRef::Named(LOOSE.to_owned())
        } else {
            AccountRef::Named(rng.pick(&names))
        }
    };
    match rng.below(10) {
        0..=3 => vec![named(rng)],
        4 => rng.some(&names, 3).into_iter().map(AccountRef::Named).collect(),
        5 => vec![AccountRef::Kind { kind: rng.pick(&KINDS).to_owned(), except: Vec::new() }],
        6 => vec![named(rng), AccountRef::Kind { kind: rng.pick(&KINDS).to_owned(), except: Vec::new() }],
        7 => vec![AccountRef::Kind {
            kind: rng.pick(&KINDS).to_owned(),
            except: vec![Excepted::Named(rng.pick(&names))],
        }],
        8 => {
            let mut except: Vec<Excepted> = rng.some(&names, 2).into_iter().map(Excepted::Named).collect();
            if rng.percent(40) {
                except.push(Excepted::Kind(rng.pick(&KINDS).to_owned()));
            }
            vec![AccountRef::Any { except }]
        }
        _ => vec![AccountRef::Any { except: Vec::new() }],
    }
}

fn payee_ref(rng: &mut Rng, universe: &Universe) -> PayeeRef {
    let accounts: Vec<String> =
        universe.accounts.iter().filter(|account| account.iban.is_some()).map(|account| account.name.clone()).collect();
    match rng.below(10) {
        0..=2 => PayeeRef::Payee(rng.pick(&PAYEES).0.to_owned()),
        3 | 4 => PayeeRef::Payees(rng.pick(&GROUPS).to_owned()),
        5 if !accounts.is_empty() => PayeeRef::Account(rng.pick(&accounts)),
        6 => PayeeRef::Iban(rng.pick(&[PAYEES[3].1, STRANGE_IBAN]).to_owned()),
        7 => PayeeRef::OwnAccounts,
        8 => PayeeRef::Favorites,
        _ => PayeeRef::Anyone,
    }
}

/// "the same period twice for one currency … in a clause" is an error, and so is `any amount` beside a figure for the
/// same period.
fn money_caps(rng: &mut Rng, loud: bool) -> Vec<MoneyCap> {
    let mut caps: Vec<MoneyCap> = Vec::new();
    for _ in 0..1 + rng.below(3) {
        let period = if rng.percent(35) { None } else { Some(period(rng)) };
        let amount = match rng.below(10) {
            0 if loud => None,
            1 => Some(foreign(rng)),
            _ => Some(euros(rng)),
        };
        let clashes = caps.iter().any(|cap| cap.period == period);
        if !clashes {
            caps.push(MoneyCap { amount, period });
        }
    }
    caps
}

pub(crate) fn count_caps(rng: &mut Rng) -> Vec<CountCap> {
    let mut caps: Vec<CountCap> = Vec::new();
    for _ in 0..1 + rng.below(2) {
        let period = period(rng);
        if caps.iter().all(|cap| cap.period != period) {
            caps.push(CountCap { times: 1 + rng.below(4) as u32, period });
        }
    }
    caps
}

fn spans(rng: &mut Rng) -> Vec<Span> {
    let days = |rng: &mut Rng| match rng.below(4) {
        0 => Days::Weekdays,
        1 => Days::Weekends,
        2 => Days::Day(rng.below(7) as u8),
        _ => {
            let first = rng.below(7);
            Days::Range(first as u8, ((first + 1 + rng.below(5)) % 7) as u8)
        }
    };
    let hours = |rng: &mut Rng| {
        Some(rng.pick(&[(540, 1020), (0, 1440), (1320, 360), (120, 180), (150, 151), (1380, 1440), (0, 1)]))
    };
    match rng.below(4) {
        0 => (0..1 + rng.below(2)).map(|_| Span { days: vec![days(rng)], hours: None }).collect(),
        1 => vec![Span { days: Vec::new(), hours: hours(rng) }],
        2 => vec![Span { days: vec![days(rng), days(rng)], hours: hours(rng) }],
        _ => vec![Span { days: Vec::new(), hours: hours(rng) }, Span { days: vec![days(rng)], hours: hours(rng) }],
    }
}
