//! The facts by which a request can lie one step outside of what is granted.

use std::collections::BTreeSet;

use bpol_engine::ir::{Counting, Period};
use jiff::tz::TimeZone;

use crate::analyze::mdd::Step;
use crate::analyze::phrase::{About, Facts, Phrase, money, phrased};
use crate::analyze::space::amount::most;
use crate::analyze::space::moment::timestamp;
use crate::analyze::space::{Space, Variable};

/// A fact of a request, or a total that it brings about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fact {
    Account,
    Payee,
    Url,
    Amount,
    /// By the place in the space's list.
    Total(u32),
    Method,
    Repeat,
    Since,
    Own,
    From,
    During,
    Starting,
    Before,
}

const ACCOUNT: [Variable; 3] = [Variable::Account, Variable::Name, Variable::Kind];
const PAYEE: [Variable; 3] = [Variable::Payee, Variable::PayeeOwn, Variable::Favorite];

impl Fact {
    /// The variables that change with the fact. A larger amount makes every total larger.
    pub(super) fn variables(self, space: &Space<'_>) -> Vec<Variable> {
        match self {
            Self::Account => ACCOUNT.to_vec(),
            Self::Payee => PAYEE.to_vec(),
            Self::Url => vec![Variable::Url],
            Self::Amount | Self::Total(_) => {
                let totals = (0..space.tallies.len() as u32).map(Variable::Total);
                std::iter::once(Variable::Amount).chain(totals).collect()
            }
            Self::Method => vec![Variable::Method],
            Self::Repeat => vec![Variable::Repeat],
            Self::Since => vec![Variable::Created, Variable::Age],
            Self::Own => vec![Variable::Own],
            Self::From => vec![Variable::Ip],
            Self::During => vec![Variable::Week],
            Self::Starting | Self::Before => vec![Variable::Now],
        }
    }

    fn about(self) -> About {
        match self {
            Self::Account => About::Account,
            Self::Payee => About::Payee,
            Self::Url => About::Url,
            Self::Amount => About::Amount,
            Self::Total(_) => About::Total,
            Self::Method => About::Method,
            Self::Repeat => About::Repeat,
            Self::Since => About::Since,
            Self::Own => About::Own,
            Self::From => About::From,
            Self::During => About::During,
            Self::Starting | Self::Before => About::Date,
        }
    }
}

/// The facts on which something hangs, in the order of clauses; totals by currency and period, whatever the order of
/// rules.
pub(super) fn facts(space: &Space<'_>, support: &BTreeSet<u32>) -> Vec<Fact> {
    let hangs = |variable: &Variable| support.contains(&space.number(*variable));
    let mut totals: Vec<u32> =
        (0..space.tallies.len() as u32).filter(|place| hangs(&Variable::Total(*place))).collect();
    totals.sort_by_cached_key(|place| rank(space, *place));
    let mut all = vec![Fact::Account, Fact::Payee, Fact::Url];
    all.extend(hangs(&Variable::Amount).then_some(Fact::Amount));
    all.extend(totals.into_iter().map(Fact::Total));
    all.extend([Fact::Method, Fact::Repeat, Fact::Since, Fact::Own, Fact::From, Fact::During]);
    all.extend([Fact::Starting, Fact::Before]);
    all.retain(|fact| fact.variables(space).iter().any(hangs));
    all
}

fn rank(space: &Space<'_>, place: u32) -> Option<(Option<String>, Period, String)> {
    let (side, counter) = space.tallies.get(place as usize)?.counters.first()?;
    let counter = space.sides.get(*side)?.names.ir.counters.get(*counter as usize)?;
    let currency = match &counter.counting {
        Counting::Money(currency) => Some(currency.clone()),
        Counting::Times => None,
    };
    Some((currency, counter.period, counter.id.clone()))
}

/// A way, but for one fact: what is left of its phrase, and what is different.
pub(super) fn besides(space: &Space<'_>, phrase: &Phrase, boxes: &[&[Step]], fact: Fact) -> String {
    let total = match fact {
        Fact::Total(place) => {
            let number = space.number(Variable::Total(place));
            let step = boxes.iter().find_map(|steps| steps.iter().find(|step| step.variable == number));
            let alone = step.map(|step| phrased(space, 0, std::slice::from_ref(step), Facts::Told));
            alone.and_then(|alone| alone.part(About::Total).map(ToString::to_string))
        }
        _ => None,
    };
    let dropped = |part: &&crate::analyze::phrase::Part| match &total {
        Some(text) => part.about == About::Total && part.to_string() == *text,
        None => part.about == fact.about() && !matches!(fact, Fact::Total(_)),
    };
    let was = phrase.parts.iter().find(dropped).map(ToString::to_string).unwrap_or_default();
    let kept: Vec<String> = phrase.parts.iter().filter(|part| !dropped(part)).map(ToString::to_string).collect();
    let but = match fact {
        Fact::Account => "on another account".to_owned(),
        Fact::Payee => "to anyone else".to_owned(),
        Fact::Url => "to another url".to_owned(),
        Fact::Amount => amount(space, boxes),
        Fact::Total(_) => more(&was),
        Fact::Method => "via another method".to_owned(),
        Fact::Repeat => "repeating otherwise".to_owned(),
        Fact::Since => older(&was),
        Fact::Own if was.starts_with("not ") => "created by this key".to_owned(),
        Fact::Own => "not created by this key".to_owned(),
        Fact::From => "from elsewhere".to_owned(),
        Fact::During => "at other times".to_owned(),
        Fact::Starting => date(space, boxes, true).map_or("earlier".to_owned(), |date| format!("before {date}")),
        Fact::Before => date(space, boxes, false).map_or("later".to_owned(), |date| format!("from {date} on")),
    };
    if kept.is_empty() { format!("but {but}") } else { format!("{}, but {but}", kept.join(", ")) }
}

/// Whether some box has a class of a variable.
pub(super) fn has(space: &Space<'_>, boxes: &[&[Step]], variable: Variable, class: u32) -> bool {
    let number = space.number(variable);
    boxes.iter().any(|steps| {
        let step = steps.iter().find(|step| step.variable == number);
        step.is_none_or(|step| step.classes.has(class))
    })
}

/// The dates between which some box lies: its first class and its last one.
pub(super) fn dates(space: &Space<'_>, boxes: &[&[Step]]) -> Option<(u32, u32)> {
    let mut inside = (0..space.now.size()).filter(|class| has(space, boxes, Variable::Now, *class));
    let first = inside.next()?;
    Some((first, inside.next_back().unwrap_or(first)))
}

fn date(space: &Space<'_>, boxes: &[&[Step]], first: bool) -> Option<String> {
    let (begins, ends) = dates(space, boxes)?;
    let at = if first { space.now.interval(begins).0 } else { space.now.interval(ends).1 + 1 };
    let zone = space.sides.first().and_then(|side| side.zone.clone()).unwrap_or(TimeZone::UTC);
    Some(zone.to_datetime(timestamp(at)?).date().to_string())
}

fn amount(space: &Space<'_>, boxes: &[&[Step]]) -> String {
    let mut over: Vec<String> = Vec::new();
    let mut last: Option<(&str, i128)> = None;
    for (class, interval) in space.amount.intervals() {
        if has(space, boxes, Variable::Amount, class) {
            if last.is_some_and(|(currency, _)| currency != interval.currency) {
                over.extend(last.map(|(currency, to)| format!("over {}", money(to, currency))));
            }
            last = Some((&interval.currency, interval.to));
        }
    }
    over.extend(last.map(|(currency, to)| format!("over {}", money(to, currency))));
    let whole = |currency: &str| last.is_some_and(|(code, to)| code == currency && to == most(currency));
    if over.len() == 1 && last.is_some_and(|(currency, _)| whole(currency)) {
        return "in another currency".to_owned();
    }
    let others = space.amount.others().is_some_and(|class| !has(space, boxes, Variable::Amount, class));
    match (over.len(), others) {
        (1, true) => format!("{} or in another currency", over.concat()),
        (1, false) => over.concat(),
        _ => "of another amount".to_owned(),
    }
}

/// `over 100 EUR a month` for `up to 100 EUR a month`.
fn more(was: &str) -> String {
    let simple = !was.contains(" and up to") && !was.contains(" and at most") && !was.contains(" or ");
    match (was.strip_prefix("up to "), was.strip_prefix("at most ")) {
        (Some(rest), _) if simple => format!("over {rest}"),
        (_, Some(rest)) if simple => format!("more than {rest}"),
        _ => "after more or less was done before".to_owned(),
    }
}

fn older(was: &str) -> String {
    match (was.strip_prefix("records of the last "), was.strip_prefix("records since ")) {
        (Some(age), _) if !age.contains(" or ") => format!("records older than {age}"),
        (_, Some(date)) if !date.contains(' ') => format!("records before {date}"),
        _ => "other records".to_owned(),
    }
}
