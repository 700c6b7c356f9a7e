//! Routing: from a call to the request that is decided.

use std::borrow::Cow;
use std::net::IpAddr;

use jiff::Timestamp;

use super::gather::{Mode, Origin, gather, holds};
use super::known::Known;
use super::look_up::LookUp;
use super::path::{self, Segments};
use super::refusal::{Place, Refusal, Why};
use super::routes::{self, Routes, Way};
use super::told::Told;
use super::{MAX_PARTS, body, headers, query};
use crate::document::{self, Kind, Limits, Value};
use crate::ir::Dimension;
use crate::names::nfc;
use crate::policy::Policy;
use crate::request::{self, Request};

const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

/// A call that is one of the policy's routes, and the request that it makes.
///
/// ```
/// # let policy = bpol_engine::Policy::load(include_bytes!("../../tests/data/gateway.json")).unwrap();
/// let target = "/v1/user/1/monetary-account/42/payment";
/// let json: &[(&str, &[u8])] = &[("content-type", b"application/json")];
/// let body = br#"{"amount": {"value": "12.50", "currency": "EUR"}, "description": "bread",
///                 "counterparty_alias": {"type": "IBAN", "value": "NL91ABNA0417164300", "name": "Baker"}}"#;
/// let routed = policy.route("POST", target, json, body).unwrap().for_key("shop");
/// assert_eq!((routed.action(), routed.resource()), ("create", "payment"));
///
/// let past = bpol_engine::History::new();
/// let now = "2026-11-24T10:00:00Z".parse().unwrap();
/// assert_eq!(policy.decide(routed.request(), &past, now).effect(), bpol_engine::ir::Effect::Allow);
/// ```
#[derive(Debug, Clone)]
pub struct Routed<'p, 'c> {
    pub(crate) policy: &'p Policy,
    pub(crate) way: &'p Way,
    pub(crate) origin: Origin<'c>,
    pub(crate) told: Told<'c>,
    parts: Option<Vec<Told<'c>>>,
    /// Path of the collection in which the record of the path stands; the path itself when it names none.
    collection: &'c str,
    looked_up: bool,
    request: Request<'c>,
}

impl Policy {
    /// Finds the route of a call and makes its request, or refuses the call.
    ///
    /// `target` is the request target as it came, path and query; `headers` are all of them, `body` all of it, decoded
    /// from its transfer encoding. The host says afterwards which key calls ([`Routed::for_key`]), and from where.
    ///
    /// # Errors
    ///
    /// What is not written in the one form that is accepted, and what no key of the policy may do.
    ///
    /// ```
    /// # let policy = bpol_engine::Policy::load(include_bytes!("../../tests/data/gateway.json")).unwrap();
    /// let routed = policy.route("GET", "/v1/user/1/monetary-account/42/payment?count=25", &[], b"").unwrap();
    /// assert_eq!((routed.action(), routed.resource()), ("read", "transaction"));
    ///
    /// let refusal = policy.route("GET", "/v1/user/1/monetary-account/42/%70ayment", &[], b"").unwrap_err();
    /// assert_eq!(refusal.name(), "percent-encoding");
    /// ```
    pub fn route<'p, 'c>(
        &'p self,
        method: &str,
        target: &'c str,
        headers: &[(&str, &[u8])],
        body: &'c [u8],
    ) -> Result<Routed<'p, 'c>, Refusal> {
        let verb = match method {
            "HEAD" => return Err(Refusal::new(Why::Head, Place::Method)),
            "OPTIONS" => return Err(Refusal::new(Why::Options, Place::Method)),
            _ => METHODS.into_iter().find(|known| *known == method),
        };
        let Some(verb) = verb else { return Err(Refusal::new(Why::UnknownMethod, Place::Method)) };
        let (segments, query) = path::split(target)?;
        let query = match query {
            Some(_) if verb != "GET" => return Err(Refusal::query(Why::QueryNotAllowed, "")),
            Some(query) => query::split(query)?,
            None => query::Pairs::new(),
        };
        if matches!(verb, "GET" | "DELETE") && !body.is_empty() {
            return Err(Refusal::body(Why::BodyNotAllowed, String::new()));
        }
        headers::check(headers, !body.is_empty())?;
        let document = if body.is_empty() { None } else { Some(body::read(body)?) };
        let root = document.as_ref().and_then(|document| document.root());
        let (way, named) = self.way(verb, &segments, root)?;
        query::known(&query, &self.ir.paging, &way.queries)?;
        let origin = Origin { named, query };
        let told = gather(self, &way.facts, &origin, root, Mode::Refuse)?;
        let parts = parts(self, way, &origin, root)?;
        let mut routed = Routed {
            policy: self,
            way,
            origin,
            told,
            parts,
            collection: collection(target, segments.last().copied().filter(|last| path::number(last).is_ok())),
            looked_up: false,
            request: Request::empty(self, way.operation),
        };
        routed.assemble()?;
        Ok(routed)
    }

    pub(crate) fn routes(&self) -> &Routes {
        self.index.routes.get_or_init(|| Box::new(Routes::new(&self.ir)))
    }

    /// The one way that a call is, with the segments that stand for names.
    fn way<'p, 'c>(
        &'p self,
        method: &str,
        segments: &Segments<'c>,
        body: Option<Value<'_, 'c>>,
    ) -> Result<(&'p Way, Vec<&'c str>), Refusal> {
        let routes = self.routes();
        let mut found: Option<&Way> = None;
        // What is said when nothing matches: the fault of the body that is nearest to being right.
        let (mut fault, mut fits) = (None, 0_usize);
        for way in routes.of(segments) {
            if *way.method != *method {
                continue;
            }
            fits = fits.saturating_add(1);
            if !way.when.as_ref().is_none_or(|when| holds(when, body)) {
                continue;
            }
            match body::holds_only(body, &way.body) {
                Err(refusal) => fault = Some(refusal),
                Ok(()) if found.is_some() => return Err(Refusal::path(Why::AmbiguousRoute)),
                Ok(()) => found = Some(way),
            }
        }
        let Some(way) = found else {
            if let Some(refusal) = fault {
                return Err(refusal);
            }
            if fits > 0 {
                return Err(Refusal::body(Why::NoRoute, String::new()));
            }
            let why = if segments.iter().any(|segment| segment.bytes().any(|byte| byte.is_ascii_uppercase()))
                && routes.fits_in_small_letters(segments)
            {
                Why::UpperCase
            } else {
                Why::NoRoute
            };
            return Err(Refusal::path(why));
        };
        let template = self.ir.routes.get(way.route).map_or("", |route| route.path.as_str()).split('/').skip(1);
        let named: Vec<&'c str> =
            template.zip(segments).filter_map(|(segment, value)| routes::name(segment).map(|_| *value)).collect();
        for (value, (_, uuid)) in named.iter().zip(&way.names) {
            if *uuid {
                if !path::is_uuid(value) {
                    return Err(Refusal::path(Why::IdNotUuid).with(*value));
                }
            } else if let Err(why) = path::number(value) {
                return Err(Refusal::path(why).with(*value));
            }
        }
        Ok((way, named))
    }
}

/// The parts of a body.
fn parts<'c>(
    policy: &Policy,
    way: &Way,
    origin: &Origin<'c>,
    body: Option<Value<'_, 'c>>,
) -> Result<Option<Vec<Told<'c>>>, Refusal> {
    let Some((at, facts)) = &way.parts else { return Ok(None) };
    // An object whose values are taken for a list is another list to some readers.
    let lists = body.map(|body| at.above().find(body)).unwrap_or_default();
    if let Some(other) = lists.values.iter().find(|list| list.kind() != Kind::List) {
        return Err(Refusal::body(Why::WrongType, other.pointer()));
    }
    let found = body.map(|body| at.find(body)).unwrap_or_default();
    if found.values.is_empty() || found.lacking {
        return Err(Refusal::body(Why::NoParts, String::new()));
    }
    if found.values.len() > MAX_PARTS {
        return Err(Refusal::body(Why::TooManyParts, String::new()));
    }
    let parts = found.values.iter().map(|part| gather(policy, facts, origin, Some(*part), Mode::Refuse));
    parts.collect::<Result<_, _>>().map(Some)
}

/// The path without its last segment, if that is a number.
fn collection<'c>(target: &'c str, id: Option<&str>) -> &'c str {
    let path = target.split_once('?').map_or(target, |(path, _)| path);
    match id {
        Some(id) => path.strip_suffix(id).and_then(|path| path.strip_suffix('/')).unwrap_or(path),
        None => path,
    }
}

impl<'p, 'c> Routed<'p, 'c> {
    /// Says which key calls. Until this is said no key does, and the request is denied.
    pub fn for_key(mut self, name: &'c str) -> Self {
        self.request.key_name = nfc(Cow::Borrowed(name));
        self.request.key = self.policy.key_named(&self.request.key_name);
        self
    }

    /// Says the address that the call comes from.
    pub fn from_ip(mut self, ip: IpAddr) -> Self {
        self.request.ip = Some(ip.to_canonical());
        self
    }

    /// Says when the call came; else it is decided at the time that is handed to `decide`.
    pub fn at(mut self, time: Timestamp) -> Self {
        self.request.time = Some(time);
        self
    }

    /// Names the request for idempotency.
    pub fn with_id(mut self, id: &'c str) -> Self {
        self.request.id = Some(Cow::Borrowed(id));
        self
    }

    /// The request, to be decided by the same policy.
    pub fn request(&self) -> &Request<'c> {
        &self.request
    }

    /// The action of the operation that the call is.
    pub fn action(&self) -> &'p str {
        self.operation().map_or("", |operation| operation.action.as_str())
    }

    /// The resource of the operation that the call is, in the singular.
    pub fn resource(&self) -> &'p str {
        self.operation().map_or("", |operation| operation.resource.as_str())
    }

    fn operation(&self) -> Option<&'p crate::ir::Operation> {
        self.policy.ir.operations.get(usize::try_from(self.way.operation).ok()?)
    }

    /// The route that matched, as the policy says it.
    pub fn route(&self) -> Option<&'p crate::ir::Route> {
        self.policy.ir.routes.get(self.way.route)
    }

    /// Whether facts of the records stand in the bank's answer, so that it has to be cut (6.5).
    pub fn answer(&self) -> bool {
        self.request.answer
    }

    /// The path under which records of this kind are made and listed.
    pub fn collection(&self) -> &'c str {
        self.collection
    }

    /// The number of the record that the path names.
    pub fn record(&self) -> Option<u64> {
        self.told.record
    }

    /// What is not known yet and may matter to the rules.
    pub fn look_ups(&self) -> impl Iterator<Item = LookUp<'_>> {
        let about = self.policy.operation(self.way.operation).map(|operation| operation.told()).unwrap_or_default();
        let object = self.way.lookup.as_ref().filter(|_| !self.looked_up).and_then(|_| self.object());
        let pieces = || self.parts.iter().flatten().chain([&self.told]);
        let mut accounts: Vec<u64> = pieces()
            .filter(|told| {
                about.has(Dimension::Account) && (told.account_iban.is_none() || told.account_kind.is_none())
            })
            .filter_map(|told| told.account_id)
            .collect();
        accounts.sort_unstable();
        accounts.dedup();
        let mut payees: Vec<&str> = pieces()
            .filter(|told| about.has(Dimension::Payee) && told.payee_own.is_none())
            .filter_map(|told| told.payee_iban.as_deref())
            .collect();
        payees.sort_unstable();
        payees.dedup();
        let own = about.has(Dimension::Record) && !self.request.answer && self.told.own.is_none();
        let record = self.told.record.filter(|_| own);
        let object = object.map(|path| LookUp::Object { path: path.into() });
        object
            .into_iter()
            .chain(accounts.into_iter().map(|id| LookUp::Account { id }))
            .chain(payees.into_iter().map(|iban| LookUp::Payee { iban }))
            .chain(record.map(|id| LookUp::Record { collection: self.collection, id }))
    }

    /// The path to fetch, with the call's own numbers in it.
    fn object(&self) -> Option<String> {
        let template = &self.route()?.lookup.as_ref()?.path;
        let mut path = String::new();
        for segment in template.split('/').skip(1) {
            path.push('/');
            match routes::name(segment) {
                Some(name) => {
                    let place = self.way.names.iter().position(|(known, _)| **known == *name)?;
                    path.push_str(self.origin.named.get(place)?);
                }
                None => path.push_str(segment),
            }
        }
        Some(path)
    }

    /// Adds what the gateway knows by itself: of accounts, of payees, and of records that the key created.
    ///
    /// # Errors
    ///
    /// When that contradicts what the policy declares.
    ///
    /// ```
    /// # use bpol_engine::http::{Known, KnownPayee};
    /// # let policy = bpol_engine::Policy::load(include_bytes!("../../tests/data/gateway.json")).unwrap();
    /// struct Mine;
    /// impl Known for Mine {
    ///     fn created(&self, collection: &str, id: u64) -> Option<bool> {
    ///         Some(collection == "/v1/user/1/monetary-account/42/request-inquiry" && id == 7)
    ///     }
    /// }
    /// # let target = "/v1/user/1/monetary-account/42/request-inquiry/7";
    /// # let json: &[(&str, &[u8])] = &[("content-type", b"application/json")];
    /// let mut routed = policy.route("PUT", target, json, br#"{"status":"REVOKED"}"#).unwrap().for_key("shop");
    /// routed.know(&Mine).unwrap();
    /// # let now = "2026-11-24T10:00:00Z".parse().unwrap();
    /// let decision = policy.decide(routed.request(), &bpol_engine::History::new(), now);
    /// assert_eq!(decision.effect(), bpol_engine::ir::Effect::Allow);
    /// ```
    pub fn know(&mut self, known: &(impl Known + ?Sized)) -> Result<(), Refusal> {
        self.told.know(self.policy, known);
        for part in self.parts.iter_mut().flatten() {
            part.know(self.policy, known);
        }
        // In a read whose records stand in the answer each record is asked for by itself.
        if !self.request.answer
            && let Some(id) = self.told.record
        {
            self.told.own = known.created(self.collection, id);
        }
        self.assemble()
    }

    /// Adds the facts of the object that [`LookUp::Object`] asked for, from the bank's answer to it.
    ///
    /// # Errors
    ///
    /// When the answer is no JSON, or says what contradicts the policy. A gateway must then refuse the call.
    ///
    /// ```
    /// # let policy = bpol_engine::Policy::load(include_bytes!("../../tests/data/gateway.json")).unwrap();
    /// # let target = "/v1/user/1/monetary-account/42/request-response/7";
    /// # let json: &[(&str, &[u8])] = &[("content-type", b"application/json")];
    /// let mut routed = policy.route("PUT", target, json, br#"{"status":"ACCEPTED"}"#).unwrap().for_key("shop");
    /// routed.looked_up(br#"{"Response":[{"RequestResponse":{"amount_inquired":{"value":"5.00","currency":"EUR"}}}]}"#)
    ///     .unwrap();
    /// assert!(routed.looked_up(b"<html>").is_err());
    /// ```
    pub fn looked_up(&mut self, answer: &[u8]) -> Result<(), Refusal> {
        let Some(fetch) = &self.way.lookup else { return Ok(()) };
        let refuse = || Refusal::new(Why::LookUp, Place::LookUp);
        let limits = Limits { bytes: crate::filter::MAX_ANSWER, depth: crate::filter::MAX_ANSWER_DEPTH };
        let document = document::read(answer, limits).map_err(|_| refuse())?;
        let found = fetch.record.find(document.root().ok_or_else(refuse)?);
        if let [object] = found.values.as_slice() {
            let told = gather(self.policy, &fetch.facts, &Origin::default(), Some(*object), Mode::Forget)?;
            self.told.fill(told.into_owned());
        }
        self.looked_up = true;
        self.assemble()
    }

    /// Makes the request of what is told.
    fn assemble(&mut self) -> Result<(), Refusal> {
        let operation = self.policy.operation(self.way.operation);
        let refuse = |(dimension, fault): (Dimension, String)| {
            let place = if dimension == Dimension::Account { Place::Path } else { Place::Body(String::new()) };
            Refusal::new(Why::Contradiction, place).with(fault)
        };
        let facts = self.told.facts(self.policy).map_err(refuse)?;
        let parts = self.parts.as_ref().map(|parts| parts.iter().map(|part| part.facts(self.policy)).collect());
        let parts: Option<Vec<_>> = parts.transpose().map_err(refuse)?;
        let read = operation.is_some_and(|operation| operation.is_read);
        let answer = read && self.route().is_some_and(|route| route.answer.is_some());
        let (facts, parts) = request::assemble(self.policy, self.way.operation, facts, parts, answer)
            .map_err(|fault| Refusal::body(Why::Malformed, String::new()).with(fault.reason))?;
        (self.request.facts, self.request.parts, self.request.answer) = (facts, parts, answer);
        Ok(())
    }
}
