//! How far a request is from a clause, in words.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::amount::figure;
use crate::clause::{Cap, LimitCap, Scene, Test, Times};
use crate::fact;
use crate::facts::{AccountFact, Repeat};
use crate::ir::{self, Clause, Dimension};
use crate::past::Tally;
use crate::span::Span;
use crate::window;
use crate::words;

/// The distance of a clause that does not hold.
pub(crate) fn of(scene: &Scene<'_>, test: &Test, clause: &Clause) -> String {
    if let Some(dimension) = test.about(scene.policy)
        && let Some(text) = untold(scene, dimension)
        && !matches!(test, Test::Within(_))
    {
        return text;
    }
    let ir = scene.policy.ir();
    match (test, clause) {
        (Test::On(_), Clause::On(_)) => account(scene),
        (Test::To(_), Clause::To(_)) => payee(scene),
        (Test::ToUrl(_), _) => format!("the url is `{}`", scene.facts.url.as_deref().unwrap_or_default()),
        (Test::UpTo(caps) | Test::Over(caps), Clause::UpTo(said) | Clause::Over(said)) => {
            first(caps.iter().zip(said).map(|(cap, said)| money(scene, cap, said)))
                .unwrap_or_else(|| format!("it has no cap in {}", currency(scene)))
        }
        (Test::AtMost(counts) | Test::MoreThan(counts), Clause::AtMost(said) | Clause::MoreThan(said)) => {
            first(counts.iter().zip(said).map(|(count, said)| often(scene, count, said))).unwrap_or_default()
        }
        (Test::Within(_), Clause::Within(limits)) => {
            first(limits.iter().map(|limit| within(scene, *limit))).unwrap_or_default()
        }
        (Test::Via(_), _) => format!("the method is `{}`", method(scene)),
        (Test::Repeating(_), _) => format!("the rhythm is `{}`", scene.facts.repeat.map_or("", Repeat::word)),
        (Test::SinceAge(seconds), _) => too_old(scene, window::before(scene.now, *seconds)),
        (Test::SinceDate(start), _) => too_old(scene, Some(*start)),
        (Test::CreatedByThisKey, _) => match scene.facts.record.and_then(|record| record.own) {
            Some(_) => "another made the record".to_owned(),
            None => "the call does not tell who made the record".to_owned(),
        },
        (Test::From(_), _) => match scene.ip {
            Some(ip) => format!("the call comes from {ip}"),
            None => "the call does not tell its address".to_owned(),
        },
        (Test::During(spans), _) => next_opening(scene, spans),
        (Test::Starting(start), _) => {
            let begins = words::minute(*start, scene.policy.zone());
            format!("it begins {begins}, in {}", words::stretch(start.duration_since(scene.now)))
        }
        (Test::Before(end), _) => {
            let ended = words::minute(*end, scene.policy.zone());
            format!("it ended {ended}, {} ago", words::stretch(scene.now.duration_since(*end)))
        }
        _ => words::clause(ir, clause),
    }
}

/// What to say where nothing is known about a dimension.
fn untold(scene: &Scene<'_>, dimension: Dimension) -> Option<String> {
    let name = fact::name(dimension);
    let operation = scene.policy.operation(scene.operation)?;
    if !operation.about.has(dimension) {
        return Some(format!("the operation has no {name}"));
    }
    if operation.untold.has(dimension) {
        return Some(format!("a call of this operation never tells the {name}"));
    }
    scene.facts.lacks(dimension).then(|| format!("the call does not tell the {name}"))
}

fn account(scene: &Scene<'_>) -> String {
    let Some(fact) = &scene.facts.account else { return String::new() };
    match (describe(scene, fact), fact.kind.and_then(|kind| scene.policy.ir().kinds.get(usize::from(kind)))) {
        (Some(account), Some(kind)) => format!("the account is {account}, a {} account", kind.word),
        (Some(account), None) => format!("the account is {account}"),
        (None, Some(kind)) => format!("the account is a {} account", kind.word),
        (None, None) => "the call tells too little of the account".to_owned(),
    }
}

fn describe(scene: &Scene<'_>, fact: &AccountFact<'_>) -> Option<String> {
    let declared = fact.declared.map(|number| format!("`{}`", scene.policy.account_name(number)));
    let named = || fact.name.as_ref().map(|name| format!("`{name}`"));
    let iban = || fact.iban.as_ref().map(|iban| format!("{iban}"));
    declared.or_else(named).or_else(iban).or_else(|| fact.id.map(|id| format!("number {id}")))
}

fn payee(scene: &Scene<'_>) -> String {
    let Some(fact) = &scene.facts.payee else { return String::new() };
    match &fact.iban {
        Some(iban) => format!("the payee {} is not in the list", iban.text),
        None => "the call tells too little of the payee".to_owned(),
    }
}

fn currency(scene: &Scene<'_>) -> &'static str {
    scene.facts.amount.map_or("its currency", |amount| amount.currency.code())
}

fn method<'s>(scene: &Scene<'s>) -> &'s str {
    let method = scene.facts.method.and_then(|method| scene.policy.ir().methods.get(usize::from(method)));
    method.map_or("", String::as_str)
}

/// How far over a cap the request goes; nothing when the cap holds or is in another currency.
fn money(scene: &Scene<'_>, cap: &Cap, said: &ir::MoneyCap) -> Option<String> {
    let Some(amount) = scene.facts.amount else { return Some("the call does not tell the amount".to_owned()) };
    if amount.currency != cap.currency {
        return None;
    }
    let (spent, resets) = match cap.counter {
        None => (0, String::new()),
        Some(_) if scene.facts.repeat.is_some_and(|repeat| repeat != Repeat::ONCE) => {
            return Some("the bank would repeat it, and what it repeats cannot be counted".to_owned());
        }
        Some(counter) => match scene.spent(counter) {
            Some(spent) => (spent, resets(scene, counter)),
            None => return Some("what was spent before is not known".to_owned()),
        },
    };
    let over = spent.checked_add(i128::from(amount.minor))?.checked_sub(i128::from(cap.minor))?;
    let code = cap.currency.code();
    let cap_words = words::money(scene.policy.ir(), said);
    (over > 0).then(|| format!("{} {code} over {cap_words}{resets}", figure(over, cap.currency)))
}

fn often(scene: &Scene<'_>, count: &Times, said: &ir::CountCap) -> Option<String> {
    let done = scene.count(count.counter).saturating_add(1);
    let cap = words::times(scene.policy.ir(), said);
    (done > count.times).then(|| format!("this would be number {done} of {cap}{}", resets(scene, count.counter)))
}

fn within(scene: &Scene<'_>, limit: u32) -> Option<String> {
    let said = usize::try_from(limit).ok().and_then(|limit| scene.policy.ir().limits.get(limit))?;
    let caps = scene.policy.limit(limit);
    let each = caps.iter().zip(&said.caps).map(|(cap, said)| match (cap, said) {
        (LimitCap::Money(cap), ir::LimitCap::Money(said)) => money(scene, cap, said),
        (LimitCap::Count(count), ir::LimitCap::Count(said)) => often(scene, count, said),
        _ => None,
    });
    let foreign = || {
        let mut money = caps.iter().filter_map(|cap| match cap {
            LimitCap::Money(cap) => Some(cap.currency),
            LimitCap::Count(_) => None,
        });
        let amount = scene.facts.amount?;
        (money.clone().count() > 0 && money.all(|currency| currency != amount.currency))
            .then(|| format!("it has no cap in {}", amount.currency.code()))
    };
    first(each).or_else(foreign).map(|text| format!("limit `{}`: {text}", said.name))
}

fn first(texts: impl Iterator<Item = Option<String>>) -> Option<String> {
    texts.flatten().next()
}

fn resets(scene: &Scene<'_>, counter: u32) -> String {
    let zone = scene.policy.zone();
    let period = Tally::new(scene.policy, counter, scene.key).counter().map(|counter| counter.period);
    let bounds = period.and_then(|period| window::bounds(period, scene.now, zone));
    bounds.map(|(_, until)| format!(", resets {}", words::minute(until, zone))).unwrap_or_default()
}

fn too_old(scene: &Scene<'_>, start: Option<Timestamp>) -> String {
    match (scene.facts.record.and_then(|record| record.created), start) {
        (Some(created), Some(start)) => {
            format!("the record is too old by {}", words::stretch(start.duration_since(created)))
        }
        _ => "the call does not tell when the record was created".to_owned(),
    }
}

/// The next minute at which one of the spans is open.
fn next_opening(scene: &Scene<'_>, spans: &[Span]) -> String {
    let Some(zone) = scene.policy.zone() else { return String::new() };
    let now = words::minute(whole_minute(scene.now), Some(zone));
    match opening(scene.now, zone, spans) {
        Some(opening) => format!("it is {now}, opens {}", words::minute(opening, Some(zone))),
        None => format!("it is {now}"),
    }
}

fn opening(now: Timestamp, zone: &TimeZone, spans: &[Span]) -> Option<Timestamp> {
    let minute = SignedDuration::from_secs(60);
    let mut moment = whole_minute(now);
    // Spans are whole minutes, and every week has one; two weeks of minutes leave room for a skipped hour.
    for _ in 0..20_160 {
        moment = moment.checked_add(minute).ok()?;
        let local = zone.to_datetime(moment);
        if spans.iter().any(|span| span.holds(local)) {
            return Some(moment);
        }
    }
    None
}

fn whole_minute(moment: Timestamp) -> Timestamp {
    let seconds = moment.as_second();
    Timestamp::from_second(seconds.saturating_sub(seconds.rem_euclid(60))).unwrap_or(moment)
}
