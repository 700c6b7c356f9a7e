//! Section 6.1: what a request may say, and when it is malformed.
//!
//! An own reading of the page: IBANs, amounts, addresses and instants are checked here by hand.

use std::net::IpAddr;

use jiff::Timestamp;
use unicode_normalization::UnicodeNormalization as _;

use super::json::{Json, boolean, closed, member, object, string, word};
use super::model::{Account, Money, Policy, decimals};
use super::vocabulary::{KINDS, METHODS, REPEATS, Vocabulary};
use super::{accounts, own_kind};

/// What is known of one call, or of one part of it. A fact that is absent is unknown.
#[derive(Debug, Clone)]
pub(crate) struct Facts {
    pub(crate) key: String,
    pub(crate) operation: usize,
    pub(crate) time: Option<Timestamp>,
    pub(crate) ip: Option<IpAddr>,
    pub(crate) account: Option<AccountFacts>,
    pub(crate) payee: Option<PayeeFacts>,
    pub(crate) amount: Option<Money>,
    pub(crate) method: Option<String>,
    pub(crate) repeat: Option<String>,
    pub(crate) url: Option<String>,
    pub(crate) record: Option<RecordFacts>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct AccountFacts {
    pub(crate) iban: Option<String>,
    pub(crate) id: Option<u64>,
    pub(crate) name: Option<String>,
    pub(crate) kind: Option<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct PayeeFacts {
    pub(crate) iban: Option<String>,
    pub(crate) own: Option<bool>,
    pub(crate) favorite: Option<bool>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct RecordFacts {
    pub(crate) created: Option<Timestamp>,
    pub(crate) own: Option<bool>,
}

/// "Beside these there may be `"answer": true` …, `"parts": [ … ]`, and a string `id`."
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) facts: Facts,
    pub(crate) answer: bool,
    parts: Option<Vec<Part>>,
}

#[derive(Debug, Clone, Default)]
struct Part {
    account: Option<AccountFacts>,
    payee: Option<PayeeFacts>,
    amount: Option<Money>,
    url: Option<String>,
}

/// A request, or why it is malformed.
pub(crate) fn request(text: &str, policy: &Policy, vocabulary: &Vocabulary) -> Result<Request, String> {
    let request = shape(text, vocabulary)?;
    // "facts that contradict a declaration"
    let outer = (&request.facts.account, &request.facts.payee);
    let parts = request.parts.iter().flatten().map(|part| (&part.account, &part.payee));
    for (account, payee) in std::iter::once(outer).chain(parts) {
        if account.as_ref().is_some_and(|account| account_contradicts(account, policy)) {
            return Err("the account contradicts a declaration".to_owned());
        }
        if payee.as_ref().is_some_and(|payee| payee_contradicts(payee, policy)) {
            return Err("the payee contradicts a declaration".to_owned());
        }
    }
    Ok(request)
}

/// An entry of the past, one for each part.
///
/// "Entries of the past are not compared with declarations: a fact of an entry that contradicts one is unknown as a
/// whole."
pub(crate) fn entries(text: &str, policy: &Policy, vocabulary: &Vocabulary) -> Result<Vec<Facts>, String> {
    let entry = shape(text, vocabulary)?;
    if entry.facts.time.is_none() {
        return Err("an entry has a time".to_owned());
    }
    Ok(pieces(&entry, vocabulary)
        .into_iter()
        .map(|mut facts| {
            facts.account = facts.account.filter(|account| !account_contradicts(account, policy));
            facts.payee = facts.payee.filter(|payee| !payee_contradicts(payee, policy));
            facts
        })
        .collect())
}

/// "each part is a request with the outer facts and its own `amount`, `payee`, `account` or `url`, decided in order.
/// … What a part lacks and the catalogue places in parts is unknown, never inherited. … Without `parts` the request is
/// one piece and its outer facts count."
pub(crate) fn pieces(request: &Request, vocabulary: &Vocabulary) -> Vec<Facts> {
    let operation = &vocabulary.operations[request.facts.operation];
    let placed = |dimension: &str| operation.parts.iter().any(|part| part == dimension);
    let outer = &request.facts;
    let pieces = match &request.parts {
        None => vec![outer.clone()],
        Some(parts) => parts
            .iter()
            .map(|part| Facts {
                account: part.account.clone().or_else(|| outer.account.clone().filter(|_| !placed("account"))),
                payee: part.payee.clone().or_else(|| outer.payee.clone().filter(|_| !placed("payee"))),
                amount: part.amount.clone().or_else(|| outer.amount.clone().filter(|_| !placed("amount"))),
                url: part.url.clone().or_else(|| outer.url.clone().filter(|_| !placed("url"))),
                ..outer.clone()
            })
            .collect(),
    };
    // "Facts that the catalogue calls untold, or that are about a dimension the operation lacks, are ignored."
    pieces
        .into_iter()
        .map(|facts| Facts {
            account: facts.account.filter(|_| operation.tells("account")),
            payee: facts.payee.filter(|_| operation.tells("payee")),
            amount: facts.amount.filter(|_| operation.tells("amount")),
            method: facts.method.filter(|_| operation.tells("method")),
            repeat: facts.repeat.filter(|_| operation.tells("repeat")),
            url: facts.url.filter(|_| operation.tells("url")),
            record: facts.record.filter(|_| operation.tells("record")),
            ..facts
        })
        .collect()
}

/// "facts that contradict a declaration"
pub(crate) fn contradicts(facts: &Facts, policy: &Policy) -> bool {
    facts.account.as_ref().is_some_and(|account| account_contradicts(account, policy))
        || facts.payee.as_ref().is_some_and(|payee| payee_contradicts(payee, policy))
}

/// "the IBAN of a declared account with another id than its own, or its id with another IBAN; another kind than
/// declared; … an account that equals two declarations"
pub(crate) fn account_contradicts(told: &AccountFacts, policy: &Policy) -> bool {
    let mut equal = 0;
    for declared in accounts(policy) {
        let same = comparable(declared, told);
        if same.contains(&true) && same.contains(&false) {
            return true;
        }
        if same.contains(&true) {
            equal += 1;
            if let (Some(declared), Some(told)) = (&declared.kind, &told.kind)
                && declared != told
            {
                return true;
            }
        }
    }
    equal > 1
}

/// "`own` false for the IBAN of a declared account of kind bank, joint, savings or card"
fn payee_contradicts(told: &PayeeFacts, policy: &Policy) -> bool {
    told.own == Some(false)
        && accounts(policy).any(|declared| declared.iban.is_some() && declared.iban == told.iban && own_kind(declared))
}

/// "A declared account is compared on each of IBAN and id that both sides know."
pub(crate) fn comparable(declared: &Account, told: &AccountFacts) -> Vec<bool> {
    let mut same = Vec::new();
    if let (Some(declared), Some(told)) = (&declared.iban, &told.iban) {
        same.push(declared == told);
    }
    if let (Some(declared), Some(told)) = (declared.id, told.id) {
        same.push(declared == told);
    }
    same
}

/// All that can be said against a request without a look at the policy.
fn shape(text: &str, vocabulary: &Vocabulary) -> Result<Request, String> {
    let Json::Object(members) = serde_json::from_str(text).map_err(|error| error.to_string())? else {
        return Err("a request is an object".to_owned());
    };
    closed(
        &members,
        &[
            "key", "action", "resource", "time", "ip", "account", "payee", "amount", "method", "repeat", "url",
            "record", "answer", "parts", "id",
        ],
    )?;
    // "Only `key`, `action`, `resource` are required."
    let key = string(&members, "key")?.ok_or("no key")?;
    let action = string(&members, "action")?.ok_or("no action")?;
    let resource = string(&members, "resource")?.ok_or("no resource")?;
    // "an unknown action, resource, …, an action that the resource does not have"
    let named = vocabulary.find(&action, &resource).ok_or("no such operation")?;
    // "in a request it is the operation that it views"
    let operation = vocabulary.viewed(named);
    let answer = boolean(&members, "answer")?.unwrap_or(false);
    let ip = match string(&members, "ip")? {
        Some(text) => Some(address(&text)?),
        None => None,
    };
    string(&members, "id")?;
    let outer = part(&members)?;
    let facts = Facts {
        key: nfc(&key),
        operation,
        time: instant(&members, "time")?,
        ip,
        account: outer.account.clone(),
        payee: outer.payee.clone(),
        amount: outer.amount.clone(),
        method: word(&members, "method", &METHODS)?,
        repeat: word(&members, "repeat", &REPEATS)?,
        url: outer.url.clone(),
        record: record(&members)?,
    };
    let parts = match member(&members, "parts") {
        None => None,
        Some(Json::Array(list)) => Some(list),
        Some(_) => return Err("`parts` is a list".to_owned()),
    };
    // "`answer` true on an action other than `read`, or together with `parts`"
    if answer && (action != "read" || parts.is_some()) {
        return Err("`answer` where it cannot be".to_owned());
    }
    let parts = match parts {
        None => None,
        Some(list) => {
            // "`parts` where the operation has none" … "`parts` that is an empty list"
            if vocabulary.operations[operation].parts.is_empty() || list.is_empty() {
                return Err("`parts` where there are none".to_owned());
            }
            let mut parts = Vec::new();
            for inner in list {
                let Json::Object(inner) = inner else { return Err("a part is an object".to_owned()) };
                closed(inner, &["account", "payee", "amount", "url"])?;
                let inner = part(inner)?;
                // "a fact both outside and in a part"
                if (inner.account.is_some() && outer.account.is_some())
                    || (inner.payee.is_some() && outer.payee.is_some())
                    || (inner.amount.is_some() && outer.amount.is_some())
                    || (inner.url.is_some() && outer.url.is_some())
                {
                    return Err("a fact outside and in a part".to_owned());
                }
                parts.push(inner);
            }
            Some(parts)
        }
    };
    Ok(Request { facts, answer, parts })
}

/// The facts that may stand in a part as well as outside.
fn part(members: &[(String, Json)]) -> Result<Part, String> {
    let account = match object(members, "account", &["iban", "id", "name", "kind"])? {
        None => None,
        Some(inner) => {
            let id = match member(inner, "id") {
                None => None,
                Some(Json::Integer(id)) => Some(*id),
                Some(_) => return Err("an id is an integer".to_owned()),
            };
            Some(AccountFacts {
                iban: iban(inner)?,
                id,
                name: string(inner, "name")?.map(|name| nfc(&name)),
                kind: word(inner, "kind", &KINDS)?,
            })
        }
    };
    let payee = match object(members, "payee", &["iban", "own", "favorite"])? {
        None => None,
        Some(inner) => {
            Some(PayeeFacts { iban: iban(inner)?, own: boolean(inner, "own")?, favorite: boolean(inner, "favorite")? })
        }
    };
    let amount = match object(members, "amount", &["value", "currency"])? {
        // An empty object counts as absent.
        None | Some([]) => None,
        Some(inner) => {
            let value = string(inner, "value")?.ok_or("an amount has a value")?;
            let currency = string(inner, "currency")?.ok_or("an amount has a currency")?;
            Some(money(&value, &currency)?)
        }
    };
    let url = string(members, "url")?;
    if url.as_ref().is_some_and(|url| !absolute(url)) {
        return Err("a url is absolute".to_owned());
    }
    Ok(Part {
        // An empty object counts as absent.
        account: account.filter(|account| *account != AccountFacts::default()),
        payee: payee.filter(|payee| *payee != PayeeFacts::default()),
        amount,
        url,
    })
}

fn record(members: &[(String, Json)]) -> Result<Option<RecordFacts>, String> {
    let Some(inner) = object(members, "record", &["created", "own"])? else { return Ok(None) };
    let record = RecordFacts { created: instant(inner, "created")?, own: boolean(inner, "own")? };
    Ok(Some(record).filter(|record| *record != RecordFacts::default()))
}

/// "an amount that is not a string of digits with at most as many decimals as the currency has, a leading zero other
/// than `0.`, zero, a sign, more than 14 digits before the point, an unknown currency"
fn money(value: &str, currency: &str) -> Result<Money, String> {
    let decimals = decimals(currency).ok_or("an unknown currency")?;
    let (whole, fraction) = match value.split_once('.') {
        Some((whole, fraction)) if !fraction.is_empty() => (whole, fraction),
        Some(_) => return Err("digits follow the point".to_owned()),
        None => (value, ""),
    };
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(fraction) {
        return Err("an amount is digits".to_owned());
    }
    if whole.len() > 14 || (whole.len() > 1 && whole.starts_with('0')) || fraction.len() > decimals as usize {
        return Err("too many digits".to_owned());
    }
    let padded = format!("{whole}{fraction:0<places$}", places = decimals as usize);
    let minor: i128 = padded.parse().map_err(|_| "an amount is digits")?;
    if minor == 0 {
        return Err("zero".to_owned());
    }
    Ok(Money { minor, currency: currency.to_owned() })
}

/// "an IBAN with a wrong checksum, blanks or small letters"
fn iban(members: &[(String, Json)]) -> Result<Option<String>, String> {
    let Some(text) = string(members, "iban")? else { return Ok(None) };
    if checksum(&text) { Ok(Some(text)) } else { Err("an IBAN that is none".to_owned()) }
}

/// Country, two check digits, the rest; letters become numbers from 10; the whole modulo 97 is 1.
pub(crate) fn checksum(text: &str) -> bool {
    let bytes = text.as_bytes();
    if bytes.len() < 5
        || bytes.len() > 34
        || !bytes.iter().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
        || !bytes[..2].iter().all(u8::is_ascii_uppercase)
        || !bytes[2..4].iter().all(u8::is_ascii_digit)
    {
        return false;
    }
    let mut rest = 0_u32;
    for byte in bytes[4..].iter().chain(&bytes[..4]) {
        rest = if byte.is_ascii_digit() {
            rest * 10 + u32::from(byte - b'0')
        } else {
            rest * 100 + u32::from(byte - b'A') + 10
        } % 97;
    }
    rest == 1
}

/// "an address"; "An IPv4-mapped IPv6 address means the IPv4 address, in policies and requests."
pub(crate) fn address(text: &str) -> Result<IpAddr, String> {
    let address: IpAddr = text.parse().map_err(|_| "an address that does not parse")?;
    Ok(address.to_canonical())
}

/// "an RFC 3339 instant (fractions allowed)"
fn instant(members: &[(String, Json)], name: &str) -> Result<Option<Timestamp>, String> {
    let Some(text) = string(members, name)? else { return Ok(None) };
    let wrong = || format!("`{text}` is no instant");
    let bytes = text.as_bytes();
    let shaped = |from: usize, pattern: &str| {
        bytes.get(from..from + pattern.len()).is_some_and(|bytes| {
            bytes.iter().zip(pattern.bytes()).all(|(byte, wanted)| match wanted {
                b'0' => byte.is_ascii_digit(),
                // "the "T" and "Z" characters in this syntax may alternatively be lower case"
                b'T' => byte.eq_ignore_ascii_case(&b'T'),
                other => *byte == other,
            })
        })
    };
    // "An instant has … no leap second"
    if !shaped(0, "0000-00-00T00:00:00") || &bytes[17..19] > b"59".as_slice() {
        return Err(wrong());
    }
    let mut at = 19;
    if bytes.get(at) == Some(&b'.') {
        let digits = bytes[at + 1..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        if digits == 0 {
            return Err(wrong());
        }
        at += 1 + digits;
    }
    let zone = &bytes[at..];
    if !zone.eq_ignore_ascii_case(b"Z") && !(zone.len() == 6 && (shaped(at, "+00:00") || shaped(at, "-00:00"))) {
        return Err(wrong());
    }
    // "time-hour" of an offset ends with 23 and "time-minute" with 59.
    if zone.len() == 6 && (&zone[1..3] > b"23".as_slice() || &zone[4..6] > b"59".as_slice()) {
        return Err(wrong());
    }
    text.parse().map(Some).map_err(|_| wrong())
}

/// "an absolute URL": a scheme, `://`, a host, nothing that a URL cannot hold.
fn absolute(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once("://") else { return false };
    scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
        && rest.starts_with(|first: char| first.is_ascii_alphanumeric() || first == '[')
        && rest.bytes().all(|byte| byte.is_ascii_graphic() && !b"<>\"{}|\\^`".contains(&byte))
}

pub(crate) fn nfc(text: &str) -> String {
    // What is ASCII is its own normal form, and most of what is compared is.
    if text.is_ascii() { text.to_owned() } else { text.nfc().collect() }
}
