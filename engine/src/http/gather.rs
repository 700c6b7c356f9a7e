//! Collects facts from where a route says that they stand.

use std::borrow::Cow;

use jiff::Timestamp;
use jiff::civil::Date;

use super::query::Pairs;
use super::refusal::{Place, Refusal, Why};
use super::routes::{Condition, Fact, Source, Stands};
use super::{path, told::Told};
use crate::amount::{self, AmountFault, Currency};
use crate::document::{Kind, Value};
use crate::facts::Repeat;
use crate::ir::{Dimension, FactName, Reading};
use crate::policy::Policy;
use crate::{iban, instant, url};

/// What to do with a value that is not as it must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// The caller wrote it: the call is refused.
    Refuse,
    /// The bank wrote it: the fact is unknown.
    Forget,
}

/// What the call says outside its body.
#[derive(Debug, Clone, Default)]
pub(crate) struct Origin<'c> {
    /// The segments of the path that stand for names, in the template's order.
    pub(crate) named: Vec<&'c str>,
    pub(crate) query: Pairs<'c>,
}

/// Collects facts; pointers go into `value`.
pub(crate) fn gather<'c>(
    policy: &Policy,
    facts: &[Fact],
    origin: &Origin<'c>,
    value: Option<Value<'_, 'c>>,
    mode: Mode,
) -> Result<Told<'c>, Refusal> {
    let mut told = Told::default();
    let mut amount_at = (None, None);
    for fact in facts {
        let Some(source) = fact.from.iter().find(|source| applies(source, value)) else { continue };
        let (taken, at) = match take(fact.name, source, origin, value, mode)? {
            Taken::Nothing => continue,
            Taken::Unclear => {
                told.unclear = told.unclear.with(fact.name.dimension());
                continue;
            }
            Taken::Text(text, at) => (text, at),
        };
        match fact.name {
            FactName::AmountValue => amount_at.0 = at,
            FactName::AmountCurrency => amount_at.1 = at,
            _ => {}
        }
        let set = set(policy, &mut told, fact.name, taken, source, mode);
        set.or_else(|why| match (mode, why) {
            (_, None) | (Mode::Forget, _) => {
                told.unclear = told.unclear.with(fact.name.dimension());
                Ok(())
            }
            (Mode::Refuse, Some(why)) => Err(Refusal::new(why, place(source, at))),
        })?;
    }
    check_amount(&mut told, amount_at, mode)?;
    Ok(told)
}

/// Whether a condition holds.
pub(crate) fn holds(condition: &Condition, value: Option<Value<'_, '_>>) -> bool {
    let Some(value) = value else { return false };
    let found = condition.at.find(value);
    !found.lacking
        && !found.values.is_empty()
        && found.values.iter().all(|value| match (&condition.is, condition.empty) {
            (Some(text), _) => value.text_is(text),
            (None, true) => value.kind() == Kind::List && value.is_empty(),
            (None, false) => true,
        })
}

fn applies(source: &Source, value: Option<Value<'_, '_>>) -> bool {
    source.condition.as_ref().is_none_or(|condition| holds(condition, value))
}

enum Taken<'d, 'c> {
    Nothing,
    Unclear,
    Text(Cow<'c, str>, Option<Value<'d, 'c>>),
}

/// The text at a source: one, or as many as say the same.
fn take<'d, 'c>(
    name: FactName,
    source: &Source,
    origin: &Origin<'c>,
    value: Option<Value<'d, 'c>>,
    mode: Mode,
) -> Result<Taken<'d, 'c>, Refusal> {
    // A word of the bank that the map does not have means nothing here.
    let mapped = |text: Cow<'c, str>| match source.map.get(&*text) {
        _ if source.map.is_empty() => Some(text),
        word => word.cloned().map(Cow::Owned),
    };
    let plain = |text: Option<Cow<'c, str>>| match text.map(mapped) {
        None => Taken::Nothing,
        Some(None) => Taken::Unclear,
        Some(Some(text)) => Taken::Text(text, None),
    };
    Ok(match &source.stands {
        Stands::Is(word) => plain(Some(Cow::Owned(word.to_string()))),
        Stands::Path(place) => plain(origin.named.get(*place).copied().map(Cow::Borrowed)),
        Stands::Query(name) => {
            let value = origin.query.iter().find(|(known, _)| **known == **name).map(|(_, value)| *value);
            plain(value.map(Cow::Borrowed))
        }
        Stands::At(pointers) => {
            let Some(value) = value else { return Ok(Taken::Nothing) };
            let (mut one, mut unclear): (Option<(Cow<'c, str>, Value<'d, 'c>)>, bool) = (None, false);
            for pointer in pointers {
                let found = pointer.find(value);
                unclear |= found.lacking;
                for value in found.values {
                    match (text(name, value, mode)?.and_then(mapped), &one) {
                        (None, _) => unclear = true,
                        (Some(text), None) => one = Some((text, value)),
                        (Some(text), Some((other, _))) => unclear |= text != *other,
                    }
                }
            }
            match one {
                _ if unclear => Taken::Unclear,
                None => Taken::Nothing,
                Some((text, value)) => Taken::Text(text, Some(value)),
            }
        }
    })
}

/// The text of a value: texts, and whole numbers where a number is asked for.
fn text<'c>(name: FactName, value: Value<'_, 'c>, mode: Mode) -> Result<Option<Cow<'c, str>>, Refusal> {
    let number = matches!(name, FactName::AccountId | FactName::RecordId);
    let wrong = |why| Refusal::body(why, value.pointer());
    match (value.kind(), mode) {
        (Kind::Text, _) => Ok(value.text()),
        (Kind::Number, _) if number => Ok(Some(Cow::Borrowed(value.raw()))),
        (_, Mode::Forget) => Ok(None),
        (Kind::Number, Mode::Refuse) if name == FactName::AmountValue => Err(wrong(Why::AmountNotText)),
        (_, Mode::Refuse) => Err(wrong(Why::WrongType)),
    }
}

/// Sets a fact; the error is what is wrong with the text, or nothing when it only means nothing here.
fn set<'c>(
    policy: &Policy,
    told: &mut Told<'c>,
    name: FactName,
    text: Cow<'c, str>,
    source: &Source,
    mode: Mode,
) -> Result<(), Option<Why>> {
    let iban = |text: Cow<'c, str>| match iban::check_told(&text) {
        Ok(()) => Ok(Some(text)),
        Err(_) => Err(Some(Why::Iban)),
    };
    match name {
        FactName::AccountId => told.account_id = Some(id(&text)?),
        FactName::RecordId => told.record = Some(id(&text)?),
        FactName::AccountIban => told.account_iban = iban(text)?,
        FactName::PayeeIban => told.payee_iban = iban(text)?,
        FactName::AccountName => told.account_name = Some(text),
        FactName::AccountKind => told.account_kind = Some(policy.kind_named(&text).ok_or(None)?),
        FactName::Method => told.method = Some(policy.method_named(&text).ok_or(None)?),
        FactName::Repeat => told.repeat = Some(Repeat::named(&text).ok_or(None)?),
        FactName::AmountValue => told.value = Some(if mode == Mode::Forget { unsigned(text) } else { text }),
        FactName::AmountCurrency => told.currency = Some(text),
        FactName::Url if url::is_absolute(&text) => told.url = Some(text),
        FactName::Url => return Err(Some(Why::Url)),
        FactName::RecordCreated => told.created = Some(time(&text, source.reading).ok_or(Some(Why::Time))?),
    }
    Ok(())
}

/// A number of the bank: digits, written in one way.
fn id(text: &str) -> Result<u64, Option<Why>> {
    path::number(text).map_err(|_| {
        let strange = text.chars().any(|symbol| symbol.is_numeric() && !symbol.is_ascii());
        Some(if strange { Why::StrangeDigits } else { Why::Number })
    })
}

/// Records of money that left have a sign.
fn unsigned(text: Cow<'_, str>) -> Cow<'_, str> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.strip_prefix('-').unwrap_or(text)),
        Cow::Owned(text) => Cow::Owned(text.strip_prefix('-').map(str::to_owned).unwrap_or(text)),
    }
}

/// An amount is whole, right, and in a currency that can be paid.
fn check_amount(
    told: &mut Told<'_>,
    (value_at, currency_at): (Option<Value<'_, '_>>, Option<Value<'_, '_>>),
    mode: Mode,
) -> Result<(), Refusal> {
    if told.unclear.has(Dimension::Amount) {
        (told.value, told.currency) = (None, None);
        return Ok(());
    }
    let why = match (&told.value, &told.currency) {
        (None, None) => return Ok(()),
        (Some(value), Some(code)) => match Currency::named(code).map(|currency| amount::minor(value, currency)) {
            Some(Ok(_)) => return Ok(()),
            None => Why::Currency,
            Some(Err(AmountFault::Shape)) if value.chars().any(|sign| sign.is_numeric() && !sign.is_ascii()) => {
                Why::StrangeDigits
            }
            Some(Err(_)) => Why::Amount,
        },
        _ => Why::AmountIncomplete,
    };
    if mode == Mode::Refuse {
        let at = if why == Why::Currency { currency_at } else { value_at.or(currency_at) };
        return Err(Refusal::body(why, at.map(Value::pointer).unwrap_or_default()));
    }
    (told.value, told.currency) = (None, None);
    told.unclear = told.unclear.with(Dimension::Amount);
    Ok(())
}

fn time(text: &str, reading: Option<Reading>) -> Option<Timestamp> {
    match reading {
        None => instant::parse(text),
        Some(Reading::Utc) => {
            let (date, time) = text.split_once(' ')?;
            instant::parse(&format!("{date}T{time}Z"))
        }
        Some(Reading::Date) => {
            let (date, rest) = text.split_at_checked(10)?;
            let apart = rest.is_empty() || rest.starts_with([' ', 'T', 't']);
            first_on_earth(instant::date(date)?).filter(|_| apart)
        }
        Some(Reading::Year) => first_on_earth(instant::date(&format!("{text}-01-01"))?),
    }
}

/// The first instant at which a date begins anywhere.
fn first_on_earth(date: Date) -> Option<Timestamp> {
    let midnight = jiff::tz::Offset::UTC.to_timestamp(date.to_datetime(jiff::civil::Time::midnight())).ok()?;
    midnight.checked_sub(jiff::SignedDuration::from_hours(14)).ok()
}

fn place(source: &Source, at: Option<Value<'_, '_>>) -> Place {
    match (&source.stands, at) {
        (Stands::Query(name), _) => Place::Query(name.to_string()),
        (_, Some(value)) => Place::Body(value.pointer()),
        _ => Place::Path,
    }
}
