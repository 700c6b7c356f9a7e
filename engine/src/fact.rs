//! The facts of a request, one reader each.

use std::borrow::Cow;

use jiff::Timestamp;

use crate::amount::{self, Amount, Currency};
use crate::facts::{AccountFact, Facts, PayeeFact, PayeeIban, RecordFact, Repeat};
use crate::ir::Dimension;
use crate::json::Reader;
use crate::malformed::Malformed;
use crate::names::nfc;
use crate::policy::Policy;
use crate::request::Contradictions;
use crate::{iban, instant, url};

/// The field of a dimension.
pub(crate) fn name(dimension: Dimension) -> &'static str {
    match dimension {
        Dimension::Account => "account",
        Dimension::Payee => "payee",
        Dimension::Amount => "amount",
        Dimension::Method => "method",
        Dimension::Record => "record",
        Dimension::Fields => "fields",
        Dimension::Repeat => "repeat",
        Dimension::Url => "url",
    }
}

/// Reads the value of one field into the facts.
pub(crate) fn read<'a>(
    policy: &Policy,
    reader: &mut Reader<'a>,
    dimension: Dimension,
    mode: Contradictions,
    facts: &mut Facts<'a>,
) -> Result<(), Malformed> {
    match dimension {
        Dimension::Account => facts.account = account(policy, reader, mode)?,
        Dimension::Payee => facts.payee = payee(policy, reader, mode)?,
        Dimension::Amount => facts.amount = amount(reader)?,
        Dimension::Method => facts.method = Some(method(policy, reader)?),
        Dimension::Repeat => facts.repeat = Some(repeat(reader)?),
        Dimension::Url => facts.url = Some(address(reader)?),
        Dimension::Record => facts.record = record(reader)?,
        Dimension::Fields => return Err(Malformed::new("a request says nothing about fields")),
    }
    Ok(())
}

pub(crate) fn time(reader: &mut Reader<'_>, what: &str) -> Result<Timestamp, Malformed> {
    let text = reader.string(what)?;
    instant::parse(&text).ok_or_else(|| {
        Malformed::new(format!("{what}: `{text}` is no RFC 3339 instant such as `2026-11-24T10:00:00Z`"))
    })
}

fn account<'a>(
    policy: &Policy,
    reader: &mut Reader<'a>,
    mode: Contradictions,
) -> Result<Option<AccountFact<'a>>, Malformed> {
    let mut fact = AccountFact::default();
    let mut told = false;
    reader.object("`account`", &[("iban", 0), ("id", 1), ("name", 2), ("kind", 3)], |reader, field| {
        told = true;
        match field {
            0 => fact.iban = Some(checked_iban(reader, "`account.iban`")?),
            1 => fact.id = Some(reader.number("`account.id`")?),
            2 => fact.name = Some(nfc(reader.string("`account.name`")?)),
            _ => fact.kind = Some(kind(policy, reader)?),
        }
        Ok(())
    })?;
    match policy.recognise(&fact) {
        Ok(declared) => fact.declared = declared,
        // Told, and nothing of it known: a part does not inherit the outer account in its place.
        Err(_) if mode == Contradictions::Forget => return Ok(Some(AccountFact::default())),
        Err(reason) => return Err(Malformed::new(format!("`account` contradicts the policy: {reason}"))),
    }
    Ok(told.then_some(fact))
}

fn payee<'a>(
    policy: &Policy,
    reader: &mut Reader<'a>,
    mode: Contradictions,
) -> Result<Option<PayeeFact<'a>>, Malformed> {
    let mut fact = PayeeFact::default();
    let mut told = false;
    reader.object("`payee`", &[("iban", 0), ("own", 1), ("favorite", 2)], |reader, field| {
        told = true;
        match field {
            0 => {
                let text = checked_iban(reader, "`payee.iban`")?;
                fact.iban = Some(PayeeIban { known: policy.iban_number(&text), text });
            }
            1 => fact.own = Some(reader.boolean("`payee.own`")?),
            _ => fact.favorite = Some(reader.boolean("`payee.favorite`")?),
        }
        Ok(())
    })?;
    let account = fact.iban.as_ref().and_then(|iban| iban.known).filter(|number| policy.is_own(*number));
    if let Some(account) = account.filter(|_| fact.own == Some(false)) {
        if mode == Contradictions::Forget {
            return Ok(Some(PayeeFact::default()));
        }
        let name = policy.account_name(account);
        return Err(Malformed::new(format!(
            "`payee` contradicts the policy: `own` is false, but the IBAN is that of the holder's account `{name}`"
        )));
    }
    Ok(told.then_some(fact))
}

fn amount(reader: &mut Reader<'_>) -> Result<Option<Amount>, Malformed> {
    let (mut value, mut currency) = (None, None);
    reader.object("`amount`", &[("value", 0), ("currency", 1)], |reader, field| {
        match field {
            0 => value = Some(reader.string("`amount.value`")?),
            _ => currency = Some(reader.string("`amount.currency`")?),
        }
        Ok(())
    })?;
    let (value, code) = match (value, currency) {
        (None, None) => return Ok(None),
        (Some(value), Some(code)) => (value, code),
        (None, _) => return Err(Malformed::new("`amount.value` is missing")),
        (_, None) => return Err(Malformed::new("`amount.currency` is missing")),
    };
    let Some(currency) = Currency::named(&code) else {
        let fault = amount::AmountFault::Currency;
        return Err(Malformed::new(format!("`amount.currency`: `{code}` {fault}")));
    };
    let minor = amount::minor(&value, currency);
    minor
        .map(|minor| Some(Amount { minor, currency }))
        .map_err(|fault| Malformed::new(format!("`amount.value`: `{value}` {fault}")))
}

fn record(reader: &mut Reader<'_>) -> Result<Option<RecordFact>, Malformed> {
    let mut fact = RecordFact::default();
    let mut told = false;
    reader.object("`record`", &[("created", 0), ("own", 1)], |reader, field| {
        told = true;
        match field {
            0 => fact.created = Some(time(reader, "`record.created`")?),
            _ => fact.own = Some(reader.boolean("`record.own`")?),
        }
        Ok(())
    })?;
    Ok(told.then_some(fact))
}

fn kind(policy: &Policy, reader: &mut Reader<'_>) -> Result<u16, Malformed> {
    let word = reader.string("`account.kind`")?;
    policy.kind_named(&word).ok_or_else(|| {
        let words = policy.ir().kinds.iter().map(|kind| kind.word.as_str());
        Malformed::new(format!("`account.kind`: unknown kind `{word}`; known are {}", list(words)))
    })
}

fn method(policy: &Policy, reader: &mut Reader<'_>) -> Result<u16, Malformed> {
    let word = reader.string("`method`")?;
    policy.method_named(&word).ok_or_else(|| {
        let words = policy.ir().methods.iter().map(String::as_str);
        Malformed::new(format!("`method`: unknown method `{word}`; known are {}", list(words)))
    })
}

fn repeat(reader: &mut Reader<'_>) -> Result<Repeat, Malformed> {
    let word = reader.string("`repeat`")?;
    Repeat::named(&word).ok_or_else(|| {
        Malformed::new(format!("`repeat`: unknown rhythm `{word}`; known are {}", list(Repeat::WORDS.into_iter())))
    })
}

fn address<'a>(reader: &mut Reader<'a>) -> Result<Cow<'a, str>, Malformed> {
    let text = reader.string("`url`")?;
    if url::is_absolute(&text) { Ok(text) } else { Err(Malformed::new(format!("`url`: `{text}` is no absolute URL"))) }
}

fn checked_iban<'a>(reader: &mut Reader<'a>, what: &str) -> Result<Cow<'a, str>, Malformed> {
    let text = reader.string(what)?;
    match iban::check_told(&text) {
        Ok(()) => Ok(text),
        Err(fault) => Err(Malformed::new(format!("{what}: `{text}` {fault}"))),
    }
}

fn list<'w>(words: impl Iterator<Item = &'w str>) -> String {
    words.map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}
