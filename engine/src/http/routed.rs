//! A call that has found its route: its request, and what there is to find out before it is decided.

use std::borrow::Cow;
use std::net::IpAddr;

use jiff::Timestamp;

use super::gather::{Mode, Origin, gather};
use super::known::Known;
use super::look_up::LookUp;
use super::refusal::{Place, Refusal, Why};
use super::routes::{self, Way};
use super::told::Told;
use crate::document::{self, Limits};
use crate::ir::Dimension;
use crate::names::nfc;
use crate::policy::Policy;
use crate::request::{self, Request};

/// A call that is one of the policy's routes, and the request that it makes.
///
/// ```
/// # let policy = bpol_engine::Policy::load(include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/gateway.json"))).unwrap();
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
    pub(super) parts: Option<Vec<Told<'c>>>,
    /// Path of the collection in which the record of the path stands; the path itself when it names none.
    pub(super) collection: &'c str,
    pub(super) looked_up: bool,
    pub(super) request: Request<'c>,
}

impl<'p, 'c> Routed<'p, 'c> {
    /// Says which key calls. Until this is said no key does, and the request is denied.
    ///
    /// ```
    /// # let policy = bpol_engine::Policy::load(include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/gateway.json"))).unwrap();
    /// let routed = policy.route("GET", "/v1/user/1/monetary-account/42/payment", &[], b"").unwrap();
    /// assert_eq!(routed.for_key("shop").request().key(), "shop");
    /// ```
    pub fn for_key(mut self, name: &'c str) -> Self {
        self.request.key_name = nfc(Cow::Borrowed(name));
        self.request.key = self.policy.key_named(&self.request.key_name);
        self
    }

    /// Says the address that the call comes from.
    ///
    /// ```
    /// # let policy = bpol_engine::Policy::load(include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/gateway.json"))).unwrap();
    /// let routed = policy.route("GET", "/v1/user/1/monetary-account/42/payment", &[], b"").unwrap();
    /// let routed = routed.for_key("shop").from_ip("203.0.113.7".parse().unwrap());
    /// ```
    pub fn from_ip(mut self, ip: IpAddr) -> Self {
        self.request.ip = Some(ip.to_canonical());
        self
    }

    /// Says when the call came; else it is decided at the time that is handed to `decide`.
    ///
    /// ```
    /// # let policy = bpol_engine::Policy::load(include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/gateway.json"))).unwrap();
    /// let routed = policy.route("GET", "/v1/user/1/monetary-account/42/payment", &[], b"").unwrap();
    /// let time = "2026-11-24T10:00:00Z".parse().unwrap();
    /// assert_eq!(routed.at(time).request().time(), Some(time));
    /// ```
    pub fn at(mut self, time: Timestamp) -> Self {
        self.request.time = Some(time);
        self
    }

    /// Names the request for idempotency.
    ///
    /// ```
    /// # let policy = bpol_engine::Policy::load(include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/gateway.json"))).unwrap();
    /// let routed = policy.route("GET", "/v1/user/1/monetary-account/42/payment", &[], b"").unwrap();
    /// assert_eq!(routed.with_id("r-1").request().id(), Some("r-1"));
    /// ```
    pub fn with_id(mut self, id: &'c str) -> Self {
        self.request.id = Some(Cow::Borrowed(id));
        self
    }

    /// The request, to be decided by the same policy.
    ///
    /// ```
    /// # let policy = bpol_engine::Policy::load(include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/gateway.json"))).unwrap();
    /// let routed = policy.route("GET", "/v1/user/1/monetary-account/42/payment", &[], b"").unwrap();
    /// assert_eq!(routed.request().key(), "");
    /// ```
    pub fn request(&self) -> &Request<'c> {
        &self.request
    }

    /// The action of the operation that the call is.
    ///
    /// ```
    /// # let policy = bpol_engine::Policy::load(include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/gateway.json"))).unwrap();
    /// let routed = policy.route("GET", "/v1/user/1/monetary-account/42/payment", &[], b"").unwrap();
    /// assert_eq!(routed.action(), "read");
    /// ```
    pub fn action(&self) -> &'p str {
        self.operation().map_or("", |operation| operation.action.as_str())
    }

    /// The resource of the operation that the call is, in the singular.
    ///
    /// ```
    /// # let policy = bpol_engine::Policy::load(include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/gateway.json"))).unwrap();
    /// let routed = policy.route("GET", "/v1/user/1/monetary-account/42/payment", &[], b"").unwrap();
    /// assert_eq!(routed.resource(), "transaction");
    /// ```
    pub fn resource(&self) -> &'p str {
        self.operation().map_or("", |operation| operation.resource.as_str())
    }

    fn operation(&self) -> Option<&'p crate::ir::Operation> {
        self.policy.ir.operations.get(usize::try_from(self.way.operation).ok()?)
    }

    /// The route that matched, as the policy says it.
    ///
    /// ```
    /// # let policy = bpol_engine::Policy::load(include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/gateway.json"))).unwrap();
    /// let routed = policy.route("GET", "/v1/user/1/monetary-account/42/payment", &[], b"").unwrap();
    /// let template = "/v1/user/{userID}/monetary-account/{monetary-accountID}/payment";
    /// assert_eq!(routed.route().unwrap().path, template);
    /// ```
    pub fn route(&self) -> Option<&'p crate::ir::Route> {
        self.policy.ir.routes.get(self.way.route)
    }

    /// Whether facts of the records stand in the bank's answer, so that it has to be cut (6.5).
    ///
    /// ```
    /// # let policy = bpol_engine::Policy::load(include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/gateway.json"))).unwrap();
    /// let routed = policy.route("GET", "/v1/user/1/monetary-account/42/payment", &[], b"").unwrap();
    /// assert!(routed.answer());
    /// ```
    pub fn answer(&self) -> bool {
        self.request.answer
    }

    /// The path under which records of this kind are made and listed.
    ///
    /// ```
    /// # let policy = bpol_engine::Policy::load(include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/gateway.json"))).unwrap();
    /// let routed = policy.route("GET", "/v1/user/1/monetary-account/42/payment/7", &[], b"").unwrap();
    /// assert_eq!(routed.collection(), "/v1/user/1/monetary-account/42/payment");
    /// ```
    pub fn collection(&self) -> &'c str {
        self.collection
    }

    /// The number of the record that the path names.
    ///
    /// ```
    /// # let policy = bpol_engine::Policy::load(include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/gateway.json"))).unwrap();
    /// let routed = policy.route("GET", "/v1/user/1/monetary-account/42/payment/7", &[], b"").unwrap();
    /// assert_eq!(routed.record(), Some(7));
    /// ```
    pub fn record(&self) -> Option<u64> {
        self.told.record
    }

    /// What is not known yet and may matter to the rules.
    ///
    /// ```
    /// # let policy = bpol_engine::Policy::load(include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/gateway.json"))).unwrap();
    /// let routed = policy.route("GET", "/v1/user/1/monetary-account/42/payment", &[], b"").unwrap();
    /// use bpol_engine::http::LookUp;
    /// assert_eq!(routed.look_ups().collect::<Vec<_>>(), [LookUp::Account { id: 42 }]);
    /// ```
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
                    let place = self.way.names.iter().position(|known| *known.name == *name)?;
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
    /// # let policy = bpol_engine::Policy::load(include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/gateway.json"))).unwrap();
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
    /// # let policy = bpol_engine::Policy::load(include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/gateway.json"))).unwrap();
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
    pub(super) fn assemble(&mut self) -> Result<(), Refusal> {
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
