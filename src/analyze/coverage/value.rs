//! Facts as an `expect` can say them, each with the classes that it is of. What comes first is preferred.

use bpol_engine::ir::{Dimension, Ir};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value as Json, json};

use super::fact::Fact;
use crate::analyze::facts::{Account, Amount, figure};
use crate::analyze::space::moment::{FIRST, LAST, SECOND, timestamp};
use crate::analyze::space::time::PREFERRED;
use crate::analyze::space::{Space, Variable};

/// What is chosen for a request, in this order: when it is comes before how old its record is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Slot {
    Account,
    Payee,
    Url,
    Method,
    Repeat,
    Amount,
    Now,
    Created,
    Own,
    Ip,
}

pub(super) const SLOTS: [Slot; 10] = [
    Slot::Account,
    Slot::Payee,
    Slot::Url,
    Slot::Method,
    Slot::Repeat,
    Slot::Amount,
    Slot::Now,
    Slot::Created,
    Slot::Own,
    Slot::Ip,
];

/// Which values come first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Aim {
    /// The last that will just do.
    Inside,
    /// The first that will not do any more.
    Outside,
    /// The plainest.
    Plain,
}

/// A fact of a request, or that it is not told.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Value {
    /// The member of the request and its value; a part of it for records.
    pub(super) told: Option<(&'static str, Json)>,
    pub(super) classes: Vec<(Variable, u32)>,
    pub(super) now: Option<Timestamp>,
    /// Whether a rule says where it is, and not only what will do.
    pub(super) end: bool,
}

impl Slot {
    /// The slot that says a fact; nothing for totals, which the past brings about.
    pub(super) fn of(fact: Fact) -> Option<Self> {
        Some(match fact {
            Fact::Account => Self::Account,
            Fact::Payee => Self::Payee,
            Fact::Url => Self::Url,
            Fact::Amount => Self::Amount,
            Fact::Total(_) => return None,
            Fact::Method => Self::Method,
            Fact::Repeat => Self::Repeat,
            Fact::Since => Self::Created,
            Fact::Own => Self::Own,
            Fact::From => Self::Ip,
            Fact::During | Fact::Starting | Fact::Before => Self::Now,
        })
    }

    /// The variables of which it chooses classes.
    pub(super) const fn variables(self) -> &'static [Variable] {
        match self {
            Self::Account => &[Variable::Account, Variable::Name, Variable::Kind],
            Self::Payee => &[Variable::Payee, Variable::PayeeOwn, Variable::Favorite],
            Self::Url => &[Variable::Url],
            Self::Method => &[Variable::Method],
            Self::Repeat => &[Variable::Repeat],
            Self::Amount => &[Variable::Amount],
            Self::Now => &[Variable::Now, Variable::Week],
            Self::Created => &[Variable::Created, Variable::Age],
            Self::Own => &[Variable::Own],
            Self::Ip => &[Variable::Ip],
        }
    }

    /// Values to try. `matters` says whether anything hangs on the fact, `now` when it is.
    pub(super) fn values(
        self,
        ir: &Ir,
        space: &Space<'_>,
        aim: Aim,
        matters: bool,
        now: Option<Timestamp>,
    ) -> Vec<Value> {
        let tells = |dimension| space.sides.first().is_some_and(|side| side.tells(dimension));
        let untold = || {
            let classes = self.variables().iter().map(|variable| (*variable, 0)).collect();
            Value { told: None, classes, now: None, end: false }
        };
        // Whom a payment goes to, and how much, is always said; what records to read, only where it matters.
        let said = matters || space.sides.first().is_some_and(|side| side.operation.action != "read");
        let mut values = match self {
            Self::Account if tells(Dimension::Account) => accounts(ir, space),
            Self::Payee if said && tells(Dimension::Payee) => payees(ir, space),
            Self::Amount if said && tells(Dimension::Amount) => amounts(space, aim),
            Self::Now => return moments(space, aim),
            _ if !matters => Vec::new(),
            Self::Url => space
                .url
                .words()
                .map(|(class, word)| one("url", json!(word), Variable::Url, class))
                .chain(
                    space
                        .url
                        .others()
                        .and_then(|class| Some(one("url", json!(space.url.fact(class)?), Variable::Url, class))),
                )
                .collect(),
            Self::Method => {
                let class = |word: &String| space.method.class(Some(word));
                ir.methods.iter().map(|word| one("method", json!(word), Variable::Method, class(word))).collect()
            }
            Self::Repeat => {
                let class = |word: &str| space.repeat.class(Some(word));
                let words = ["once", "monthly", "weekly", "daily", "yearly", "hourly", "anytime"];
                words.map(|word| one("repeat", json!(word), Variable::Repeat, class(word))).to_vec()
            }
            Self::Created => now.map(|now| records(space, aim, now)).unwrap_or_default(),
            Self::Own => vec![one("own", json!(true), Variable::Own, space.own.class(Some(true)))],
            Self::Ip => addresses(space, aim),
            Self::Account | Self::Payee | Self::Amount => Vec::new(),
        };
        values.push(untold());
        values
    }
}

fn one(name: &'static str, told: Json, variable: Variable, class: u32) -> Value {
    Value { told: Some((name, told)), classes: vec![(variable, class)], now: None, end: true }
}

fn accounts(ir: &Ir, space: &Space<'_>) -> Vec<Value> {
    let declared = ir.accounts.iter().map(|known| {
        let facts = [
            ("name", Some(json!(known.name))),
            ("iban", known.iban.as_ref().map(|iban| json!(iban))),
            ("id", known.id.map(|id| json!(id))),
            ("kind", known.kind.as_ref().map(|kind| json!(kind))),
        ];
        let fact = Account {
            iban: known.iban.clone(),
            id: known.id,
            name: Some(known.name.clone()),
            kind: known.kind.clone(),
        };
        (facts.into_iter().filter_map(|(name, fact)| Some((name.to_owned(), fact?))).collect::<Map<_, _>>(), fact)
    });
    let taken = |name: &str| ir.accounts.iter().any(|known| known.name == name);
    let words = space.name.words().map(|(_, word)| word.to_owned()).filter(|word| !taken(word)).collect::<Vec<_>>();
    let other = (1..).map(|n| format!("Other account {n}")).find(|name| !taken(name) && !words.contains(name));
    let by_name = words.iter().cloned().chain(other).map(|name| {
        let fact = Account { name: Some(name.clone()), ..Account::default() };
        (Map::from_iter([("name".to_owned(), json!(name))]), fact)
    });
    let values = declared.chain(by_name).filter_map(|(told, fact)| {
        let classes = vec![
            (Variable::Account, space.account.class(Some(&fact))?),
            (Variable::Name, space.name.class(fact.name.as_deref())),
            (Variable::Kind, space.kind.class(fact.kind.as_deref())),
        ];
        Some(Value { told: Some(("account", Json::Object(told))), classes, now: None, end: true })
    });
    values.collect()
}

/// A stranger first, then one of each sort of payee that has a name, then others.
fn payees(ir: &Ir, space: &Space<'_>) -> Vec<Value> {
    let stranger = space.payee.fact(space.payee.others()).or(space.payee.spare());
    let named = ir.payees.iter().filter_map(|payee| match payee.ibans.as_slice() {
        [one] => Some(one.as_str()),
        _ => None,
    });
    let own = ir.accounts.iter().filter_map(|account| account.iban.as_deref());
    let spoken = space.payee.ibans();
    let all = stranger.into_iter().chain(named).chain(own).chain(spoken.iter().map(|(iban, _)| *iban));
    let mut seen = vec![false; space.payee.size() as usize];
    let mut values = Vec::new();
    let payee = |told: Json, class, own: Option<bool>| Value {
        told: Some(("payee", told)),
        classes: vec![
            (Variable::Payee, class),
            (Variable::PayeeOwn, space.payee_own.class(own)),
            (Variable::Favorite, 0),
        ],
        now: None,
        end: true,
    };
    for iban in all {
        let class = space.payee.class(Some(iban));
        if !seen.get_mut(class as usize).is_none_or(|seen| std::mem::replace(seen, true)) {
            values.push(payee(json!({ "iban": iban }), class, None));
        }
    }
    values.push(payee(json!({ "own": true }), 0, Some(true)));
    values
}

fn amounts(space: &Space<'_>, aim: Aim) -> Vec<Value> {
    let intervals: Vec<_> = space.amount.intervals().map(|(_, interval)| interval).collect();
    let finite = |to: i128, currency: &str| to < crate::analyze::space::amount::most(currency);
    let tos = intervals.iter().rev().filter(|it| finite(it.to, &it.currency)).map(|it| (it.to, it.currency.clone()));
    let froms = intervals.iter().filter(|it| it.from > 1).map(|it| (it.from, it.currency.clone()));
    let mut currencies: Vec<&String> = intervals.iter().map(|it| &it.currency).collect();
    currencies.dedup();
    let units = currencies.iter().map(|code| {
        let decimals = bpol_engine::amount::decimals(code).unwrap_or(0);
        (10_i128.pow(decimals), (*code).clone())
    });
    let other = space.amount.spare().map(|amount| (amount.minor, amount.currency));
    let ends = |minor: i128| intervals.iter().any(|it| it.from > 1 && it.from == minor || it.to == minor);
    let strange = other.as_ref().map(|(_, currency)| currency.clone());
    let all: Vec<(i128, String)> = match aim {
        Aim::Inside => tos.chain(froms).chain(units).chain(other).collect(),
        Aim::Outside => froms.chain(tos).chain(other).chain(units).collect(),
        Aim::Plain => units.chain(tos).chain(froms).chain(other).collect(),
    };
    let values = all.into_iter().map(|(minor, currency)| {
        let told = json!({ "value": figure(minor, &currency), "currency": currency });
        let end = ends(minor) || strange.as_ref() == Some(&currency);
        let class = space.amount.class(Some(&Amount { minor, currency }));
        Value { end, ..one("amount", told, Variable::Amount, class) }
    });
    values.collect()
}

/// The most moments of a week that are tried.
const WEEK: usize = 64;

fn moments(space: &Space<'_>, aim: Aim) -> Vec<Value> {
    let mut anchors: Vec<i128> = Vec::new();
    let mut edges: Vec<i128> = Vec::new();
    for class in (0..space.now.size()).rev() {
        let (from, to) = space.now.interval(class);
        anchors.push(PREFERRED.clamp(from, to));
        if from > FIRST {
            edges.push(from);
        }
        if to < LAST {
            edges.push(to + 1 - SECOND);
        }
    }
    let mut in_week: Vec<i128> = Vec::new();
    if space.week.size() > 1 {
        let zone = space.sides.first().and_then(|side| side.zone.clone()).unwrap_or(TimeZone::UTC);
        for anchor in &anchors {
            in_week.extend(of_week(space, *anchor, &zone).into_iter().take(WEEK));
        }
    }
    // The first minute of the first week borders on nothing that was looked at.
    edges.extend(in_week.into_iter().skip(usize::from(aim == Aim::Outside)));
    let anchors = anchors.into_iter().map(|at| (at, false));
    let edges = edges.into_iter().map(|at| (at, true));
    let all: Vec<(i128, bool)> = match aim {
        Aim::Plain => anchors.chain(edges).collect(),
        Aim::Inside | Aim::Outside => edges.chain(anchors).collect(),
    };
    let values = all.into_iter().filter_map(|(at, end)| {
        // Lines say whole seconds.
        let now = timestamp(at.div_euclid(SECOND) * SECOND)?;
        let classes = vec![(Variable::Now, space.now.class(now)), (Variable::Week, space.week.class(now))];
        Some(Value { told: Some(("time", json!(now.to_string()))), classes, now: Some(now), end })
    });
    let mut out: Vec<Value> = Vec::new();
    for value in values {
        if !out.contains(&value) {
            out.push(value);
        }
    }
    out
}

/// The first and the last minute of every stretch of the week of a moment and the next one.
fn of_week(space: &Space<'_>, anchor: i128, zone: &TimeZone) -> Vec<i128> {
    let Some(local) = timestamp(anchor).map(|at| zone.to_datetime(at)) else { return Vec::new() };
    let back = SignedDuration::from_hours(24 * i64::from(local.weekday().to_monday_zero_offset()));
    let Ok(monday) = local.date().checked_sub(back) else { return Vec::new() };
    let mut stretches: Vec<(u32, u32)> = (0..space.week.size()).flat_map(|class| space.week.minutes(class)).collect();
    stretches.sort_unstable();
    let mut out = Vec::new();
    for week in 0..2 {
        for minute in stretches.iter().flat_map(|(from, until)| [*from, until.saturating_sub(1)]) {
            let days = i64::from(minute / 1440) + 7 * week;
            let Ok(date) = monday.checked_add(SignedDuration::from_hours(24 * days)) else { continue };
            let at = date.at((minute % 1440 / 60) as i8, (minute % 60) as i8, 0, 0);
            out.extend(zone.to_timestamp(at).ok().map(Timestamp::as_nanosecond));
        }
    }
    out
}

fn records(space: &Space<'_>, aim: Aim, now: Timestamp) -> Vec<Value> {
    let now_at = now.as_nanosecond();
    let zone = space.sides.first().and_then(|side| side.zone.clone());
    let ages = || (1..space.age.size()).filter_map(|class| space.age.interval(class)).map(|(_, to)| to);
    let ages = ages().filter(|to| *to < LAST - FIRST);
    let (mut just, mut older): (Vec<i128>, Vec<i128>) = ages.map(|age| (now_at - age, now_at - age - SECOND)).unzip();
    just.reverse();
    for cut in space.created.moments.cuts() {
        just.push(cut.as_nanosecond());
        let before = zone.as_ref().and_then(|zone| {
            let day = zone.to_datetime(cut).date().yesterday().ok()?;
            Some(day.to_zoned_datetime(zone.clone()).ok()?.start_of_day().ok()?.timestamp())
        });
        older.extend(before.map(Timestamp::as_nanosecond));
    }
    let plain = [now_at - 86_400 * SECOND, now_at - SECOND];
    let all: Vec<i128> = match aim {
        Aim::Inside => just.into_iter().chain(plain).chain(older).collect(),
        Aim::Outside => older.into_iter().chain(just).chain(plain).collect(),
        Aim::Plain => plain.into_iter().chain(just).chain(older).collect(),
    };
    let values = all.into_iter().filter_map(|at| {
        let created = timestamp(at)?;
        let classes = vec![
            (Variable::Created, space.created.class(Some(created))),
            (Variable::Age, space.age.class(now, Some(created))),
        ];
        let end = !plain.contains(&at);
        Some(Value { told: Some(("created", json!(created.to_string()))), classes, now: None, end })
    });
    values.collect()
}

fn addresses(space: &Space<'_>, aim: Aim) -> Vec<Value> {
    let (inside, outside) = space.ip.edges();
    let sample = (1..space.ip.size()).filter_map(|class| space.ip.fact(class));
    let (inside, outside) = (inside.into_iter().map(|ip| (ip, true)), outside.into_iter().map(|ip| (ip, true)));
    let sample = sample.map(|ip| (ip, false));
    let all: Vec<_> = match aim {
        Aim::Inside => inside.chain(outside).chain(sample).collect(),
        Aim::Outside => outside.chain(sample).chain(inside).collect(),
        Aim::Plain => inside.chain(sample).chain(outside).collect(),
    };
    let value = |ip: std::net::IpAddr| one("ip", json!(ip.to_string()), Variable::Ip, space.ip.class(Some(ip)));
    all.into_iter().map(|(ip, end)| Value { end, ..value(ip) }).collect()
}
