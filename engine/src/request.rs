//! Requests: what a gateway knows of one call, read strictly (language.md, 6.1).

use std::borrow::Cow;
use std::net::IpAddr;

use jiff::Timestamp;

use crate::facts::Facts;
use crate::ir::Dimension;
use crate::json::Reader;
use crate::malformed::Malformed;
use crate::names::nfc;
use crate::policy::{Policy, words};
use crate::{address, fact};

mod write;

/// A request, read by one policy and to be decided by the same.
///
/// ```
/// # let policy = bpol_engine::Policy::load(include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/gateway.json"))).unwrap();
/// let request = policy.read_request(r#"{"key": "nobody", "action": "read", "resource": "health"}"#).unwrap();
/// assert_eq!(request.key(), "nobody");
/// ```
#[derive(Debug, Clone)]
pub struct Request<'a> {
    pub(crate) stamp: usize,
    pub(crate) id: Option<Cow<'a, str>>,
    pub(crate) key_name: Cow<'a, str>,
    pub(crate) key: Option<u32>,
    pub(crate) operation: u32,
    pub(crate) time: Option<Timestamp>,
    pub(crate) ip: Option<IpAddr>,
    pub(crate) answer: bool,
    pub(crate) facts: Facts<'a>,
    pub(crate) parts: Option<Vec<Facts<'a>>>,
}

impl Request<'_> {
    /// A request of no key about which nothing is told.
    pub(crate) fn empty(policy: &Policy, operation: u32) -> Self {
        Self {
            stamp: policy.stamp(),
            id: None,
            key_name: Cow::Borrowed(""),
            key: None,
            operation,
            time: None,
            ip: None,
            answer: false,
            facts: Facts::default(),
            parts: None,
        }
    }

    /// The name of the key, in NFC.
    ///
    /// ```
    /// # let policy = bpol_engine::Policy::load(include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/gateway.json"))).unwrap();
    /// let request = policy.read_request(r#"{"key": "nobody", "action": "read", "resource": "health"}"#).unwrap();
    /// assert_eq!(request.key(), "nobody");
    /// ```
    pub fn key(&self) -> &str {
        &self.key_name
    }

    /// What names the request for idempotency.
    ///
    /// ```
    /// # let policy = bpol_engine::Policy::load(include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/gateway.json"))).unwrap();
    /// let request = policy.read_request(r#"{"key": "nobody", "action": "read", "resource": "health"}"#).unwrap();
    /// assert_eq!(request.id(), None);
    /// ```
    pub fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// The time that the request says, at which it is decided.
    ///
    /// ```
    /// # let policy = bpol_engine::Policy::load(include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/gateway.json"))).unwrap();
    /// let request = policy.read_request(r#"{"key": "nobody", "action": "read", "resource": "health"}"#).unwrap();
    /// assert_eq!(request.time(), None);
    /// ```
    pub fn time(&self) -> Option<Timestamp> {
        self.time
    }
}

impl Policy {
    /// Reads a request. Whatever is not exactly as section 6.1 says is malformed, never guessed at.
    ///
    /// ```
    /// # let policy = bpol_engine::Policy::load(include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/gateway.json"))).unwrap();
    /// let twice = r#"{"key": "shop", "key": "books", "action": "read", "resource": "health"}"#;
    /// assert_eq!(policy.read_request(twice).unwrap_err().reason, "field `key` stands twice");
    /// ```
    pub fn read_request<'a>(&self, json: &'a str) -> Result<Request<'a>, Malformed> {
        read(self, json, Contradictions::Refuse)
    }
}

/// What to do with facts that contradict a declaration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Contradictions {
    /// They make a request malformed.
    Refuse,
    /// They are unknown in an entry.
    Forget,
}

/// A field of a request.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Field {
    Key,
    Action,
    Resource,
    Time,
    Ip,
    Fact(Dimension),
    Answer,
    Parts,
    Id,
}

pub(crate) const FIELDS: [(&str, Field); 15] = [
    ("key", Field::Key),
    ("action", Field::Action),
    ("resource", Field::Resource),
    ("time", Field::Time),
    ("ip", Field::Ip),
    ("account", Field::Fact(Dimension::Account)),
    ("payee", Field::Fact(Dimension::Payee)),
    ("amount", Field::Fact(Dimension::Amount)),
    ("method", Field::Fact(Dimension::Method)),
    ("repeat", Field::Fact(Dimension::Repeat)),
    ("url", Field::Fact(Dimension::Url)),
    ("record", Field::Fact(Dimension::Record)),
    ("answer", Field::Answer),
    ("parts", Field::Parts),
    ("id", Field::Id),
];

const PART_FIELDS: [(&str, Dimension); 4] = [
    ("amount", Dimension::Amount),
    ("payee", Dimension::Payee),
    ("account", Dimension::Account),
    ("url", Dimension::Url),
];

pub(crate) fn read<'a>(policy: &Policy, json: &'a str, mode: Contradictions) -> Result<Request<'a>, Malformed> {
    let (mut key, mut action, mut resource, mut id) = (None, None, None, None);
    let (mut time, mut ip, mut answer) = (None, None, false);
    let mut facts = Facts::default();
    let mut parts: Option<Vec<Facts<'a>>> = None;
    let mut reader = Reader::new(json);
    reader.object("the request", &FIELDS, |reader, field| {
        match field {
            Field::Key => key = Some(reader.string("`key`")?),
            Field::Action => action = Some(reader.string("`action`")?),
            Field::Resource => resource = Some(reader.string("`resource`")?),
            Field::Id => id = Some(reader.string("`id`")?),
            Field::Time => time = Some(fact::time(reader, "`time`")?),
            Field::Ip => ip = Some(read_ip(reader)?),
            Field::Answer => answer = reader.boolean("`answer`")?,
            Field::Parts => parts = Some(read_parts(policy, reader, mode)?),
            Field::Fact(dimension) => fact::read(policy, reader, dimension, mode, &mut facts)?,
        }
        Ok(())
    })?;
    reader.end()?;

    let required = |value: Option<Cow<'a, str>>, name: &str| {
        value.ok_or_else(|| {
            Malformed::new(format!("`{name}` is missing; a request needs `key`, `action` and `resource`"))
        })
    };
    let key_name = nfc(required(key, "key")?);
    let (action, resource) = (required(action, "action")?, required(resource, "resource")?);
    let number = policy.operation_named(&action, &resource)?;
    let (facts, parts) = assemble(policy, number, facts, parts, answer)?;
    Ok(Request {
        stamp: policy.stamp(),
        id,
        key: policy.key_named(&key_name),
        key_name,
        operation: number,
        time,
        ip,
        answer,
        facts,
        parts,
    })
}

/// Facts and, for a request of several pieces, those of its parts.
pub(crate) type Pieces<'a> = (Facts<'a>, Option<Vec<Facts<'a>>>);

/// Holds what is told against the operation: parts only where it has them, no fact inside and outside, nothing that it
/// is not about.
pub(crate) fn assemble<'a>(
    policy: &Policy,
    number: u32,
    mut facts: Facts<'a>,
    mut parts: Option<Vec<Facts<'a>>>,
    answer: bool,
) -> Result<Pieces<'a>, Malformed> {
    let operation = policy.operation(number).ok_or_else(|| Malformed::new("the policy does not know the operation"))?;

    let words = words(policy.ir(), number).unwrap_or_default();
    let (action, resource) = words;
    if answer && action != "read" {
        return Err(Malformed::new(format!("`answer` is true, but `{action}` is no read: nothing is in its answer")));
    }
    if answer && parts.is_some() {
        return Err(Malformed::new("`answer` is true beside `parts`: a request has one or the other"));
    }
    if let Some(parts) = &mut parts {
        if operation.parts.is_empty() {
            return Err(Malformed::new(format!("`{action} {resource}` has no parts")));
        }
        if parts.is_empty() {
            return Err(Malformed::new("`parts` is empty; leave it out when the request is one piece"));
        }
        for (name, dimension) in PART_FIELDS {
            if !facts.lacks(dimension) && parts.iter().any(|part| !part.lacks(dimension)) {
                return Err(Malformed::new(format!("`{name}` stands outside and in a part; one place only")));
            }
        }
    }
    facts.keep(operation.told());
    for part in parts.iter_mut().flatten() {
        part.keep(operation.told());
        inherit(part, &facts, operation.parts);
    }
    Ok((facts, parts))
}

fn read_ip(reader: &mut Reader<'_>) -> Result<IpAddr, Malformed> {
    let text = reader.string("`ip`")?;
    address::parse(&text).ok_or_else(|| Malformed::new(format!("`ip`: `{text}` is no IPv4 or IPv6 address")))
}

fn read_parts<'a>(policy: &Policy, reader: &mut Reader<'a>, mode: Contradictions) -> Result<Vec<Facts<'a>>, Malformed> {
    let mut parts = Vec::new();
    reader.list("`parts`", |reader| {
        let mut part = Facts::default();
        let result = reader
            .object("a part", &PART_FIELDS, |reader, dimension| fact::read(policy, reader, dimension, mode, &mut part));
        result.map_err(|fault| fault.inside(&format!("part {}", parts.len().saturating_add(1))))?;
        parts.push(part);
        Ok(())
    })?;
    Ok(parts)
}

/// Gives a part the outer facts that it lacks, except those that the catalogue places in parts.
fn inherit<'a>(part: &mut Facts<'a>, outer: &Facts<'a>, in_parts: crate::facts::Dimensions) {
    let inherits = |dimension| !in_parts.has(dimension);
    if part.account.is_none() && inherits(Dimension::Account) {
        part.account.clone_from(&outer.account);
    }
    if part.payee.is_none() && inherits(Dimension::Payee) {
        part.payee.clone_from(&outer.payee);
    }
    if part.amount.is_none() && inherits(Dimension::Amount) {
        part.amount = outer.amount;
    }
    if part.url.is_none() && inherits(Dimension::Url) {
        part.url.clone_from(&outer.url);
    }
    part.method = outer.method.filter(|_| inherits(Dimension::Method));
    part.repeat = outer.repeat.filter(|_| inherits(Dimension::Repeat));
    part.record = outer.record.filter(|_| inherits(Dimension::Record));
}
