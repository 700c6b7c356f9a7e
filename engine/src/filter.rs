//! Cutting the bank's answer down to what a decision shows (language.md, 6.5): records that are not allowed are dropped,
//! fields that are not shown are cut out, keys that nobody may see go whatever the policy says.
//!
//! What cannot be read is never passed on: [`Filter::cut`] gives an error, which a gateway must turn into a refusal of
//! its own. The engine sees a body; headers that were made for the bank's own body (its length, its signature, its
//! entity tag) are the host's to take away.

use std::borrow::Cow;

use jiff::Timestamp;

use crate::decide::Decision;
use crate::document::{self, Document, Kind, Limits, Value};
use crate::http::{Known, Nothing, Routed};
use crate::ir::Effect;
use crate::past::Past;
use crate::policy::Policy;

mod cut;
mod record;
mod shape;
mod unfiltered;
mod write;

pub(crate) use shape::{Errors, Shape};
pub use unfiltered::{Unfiltered, WhyNot};

use write::Writer;

/// Bytes that an answer may have.
pub const MAX_ANSWER: usize = 16 * 1024 * 1024;
/// How deep objects and lists of an answer may stand in each other.
pub const MAX_ANSWER_DEPTH: usize = 64;

/// The bank's answer to a call.
///
/// ```
/// let answer = bpol_engine::Answer { status: 200, content_type: "application/json", body: b"{}" };
/// assert_eq!(answer.status, 200);
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Answer<'b> {
    /// The HTTP status.
    pub status: u16,
    /// The header `Content-Type`; empty when there is none.
    pub content_type: &'b str,
    /// The body, whole, with every encoding undone.
    pub body: &'b [u8],
}

/// An answer as the key may see it.
///
/// ```
/// # let policy = bpol_engine::Policy::load(include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/gateway.json"))).unwrap();
/// # let routed = policy.route("GET", "/v1/user/1/monetary-account/42/payment", &[], b"").unwrap().for_key("shop");
/// # let (past, now) = (bpol_engine::History::new(), "2026-11-24T10:00:00Z".parse().unwrap());
/// # let decision = policy.decide(routed.request(), &past, now);
/// # let answer = bpol_engine::Answer { status: 200, content_type: "application/json", body: br#"{"Response":[]}"# };
/// let filtered = policy.filter(&routed, &decision).unwrap().cut(answer, &past, now).unwrap();
/// assert_eq!((filtered.kept, filtered.dropped), (0, 0));
/// assert_eq!(&*filtered.body, br#"{"Response":[]}"#);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filtered<'b> {
    /// The body to pass on; its length is another than the bank's.
    pub body: Cow<'b, [u8]>,
    /// How many records are in it.
    pub kept: usize,
    /// How many records were dropped.
    pub dropped: usize,
    /// The numbers that the bank gave to what the call made, for [`Known::created`] later.
    pub created: Vec<u64>,
}

/// How the answer to one decided call is cut. See [`Policy::filter`].
#[derive(Clone, Copy)]
pub struct Filter<'f> {
    policy: &'f Policy,
    routed: &'f Routed<'f, 'f>,
    each: bool,
    fields: Option<u128>,
    known: &'f dyn Known,
}

impl std::fmt::Debug for Filter<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Filter").field("each", &self.each).field("fields", &self.fields).finish_non_exhaustive()
    }
}

impl Policy {
    /// The filter for the answer to a call, by the decision on its request.
    ///
    /// # Errors
    ///
    /// When the decision is not to allow, or is on another request.
    ///
    /// ```
    /// # use bpol_engine::{Answer, History, Policy};
    /// # let policy = Policy::load(include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/gateway.json"))).unwrap();
    /// # let (past, now) = (History::new(), "2026-11-24T10:00:00Z".parse().unwrap());
    /// let routed = policy.route("GET", "/v1/user/1/monetary-account/42/payment", &[], b"").unwrap().for_key("shop");
    /// let decision = policy.decide(routed.request(), &past, now);
    /// let body = br#"{"Response": [
    ///     {"Payment": {"id": 1, "created": "2026-11-20 08:00:00.000000", "description": "bread", "geolocation": {}}},
    ///     {"Payment": {"id": 2, "created": "2020-01-01 08:00:00.000000", "description": "old"}}
    /// ], "Pagination": {"older_url": "/v1/user/1/monetary-account/42/payment?older_id=2"}}"#;
    /// let answer = Answer { status: 200, content_type: "application/json", body };
    /// let filtered = policy.filter(&routed, &decision).unwrap().cut(answer, &past, now).unwrap();
    /// assert_eq!(
    ///     std::str::from_utf8(&filtered.body).unwrap(),
    ///     concat!(
    ///         r#"{"Response":[{"Payment":{"id":1,"created":"2026-11-20 08:00:00.000000","description":"bread"}}],"#,
    ///         r#""Pagination":{"older_url":null}}"#
    ///     )
    /// );
    /// ```
    pub fn filter<'f>(&'f self, routed: &'f Routed<'f, 'f>, decision: &Decision<'_>) -> Result<Filter<'f>, Unfiltered> {
        let same = decision.policy.stamp() == self.stamp()
            && routed.policy.stamp() == self.stamp()
            && decision.operation == routed.way.operation
            && decision.key == routed.request().key
            && (routed.answer() || !decision.each);
        if !same {
            return Err(Unfiltered::whole(WhyNot::OtherRequest));
        }
        if decision.effect() != Effect::Allow {
            return Err(Unfiltered::whole(WhyNot::NotAllowed));
        }
        Ok(Filter { policy: self, routed, each: decision.each, fields: decision.fields, known: &Nothing })
    }
}

impl<'f> Filter<'f> {
    /// Adds what the gateway knows of accounts, payees and records.
    ///
    /// ```
    /// # let policy = bpol_engine::Policy::load(include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/gateway.json"))).unwrap();
    /// # let routed = policy.route("GET", "/v1/user/1/monetary-account/42/payment", &[], b"").unwrap().for_key("shop");
    /// # let (past, now) = (bpol_engine::History::new(), "2026-11-24T10:00:00Z".parse().unwrap());
    /// # let decision = policy.decide(routed.request(), &past, now);
    /// let filter = policy.filter(&routed, &decision).unwrap().knowing(&bpol_engine::http::Nothing);
    /// ```
    pub fn knowing(self, known: &'f dyn Known) -> Self {
        Self { known, ..self }
    }

    /// Cuts an answer.
    ///
    /// An answer of status 2xx is cut as the decision says. What the bank says of an error (status 4xx and 5xx) is cut to
    /// what the policy's catalogue names of errors. Anything but JSON passes only as the answer to a `GET` of which the
    /// policy says no shape, such as a file, with a status of 2xx. An empty answer is empty.
    ///
    /// # Errors
    ///
    /// When the answer is not one JSON object that can be read in one way; nothing of it may be passed on then.
    ///
    /// ```
    /// # use bpol_engine::Answer;
    /// # let policy = bpol_engine::Policy::load(include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/gateway.json"))).unwrap();
    /// # let routed = policy.route("GET", "/v1/user/1/monetary-account/42/payment", &[], b"").unwrap().for_key("shop");
    /// # let (past, now) = (bpol_engine::History::new(), "2026-11-24T10:00:00Z".parse().unwrap());
    /// # let decision = policy.decide(routed.request(), &past, now);
    /// let filter = policy.filter(&routed, &decision).unwrap();
    /// let twice = br#"{"Response": [{"Payment": {"id": 1, "id": 2}}]}"#;
    /// let answer = Answer { status: 200, content_type: "application/json", body: twice };
    /// assert_eq!(filter.cut(answer, &past, now).unwrap_err().name(), "duplicate-key");
    /// ```
    pub fn cut<'b>(&self, answer: Answer<'b>, past: &dyn Past, now: Timestamp) -> Result<Filtered<'b>, Unfiltered> {
        let fine = (200..300).contains(&answer.status);
        if !fine && !(400..600).contains(&answer.status) {
            return Err(Unfiltered::whole(WhyNot::Status));
        }
        let whole = |body: &'b [u8]| Filtered { body: Cow::Borrowed(body), kept: 0, dropped: 0, created: Vec::new() };
        if answer.body.is_empty() {
            return Ok(whole(answer.body));
        }
        let shape = self.shape()?;
        if !crate::http::is_json(answer.content_type.as_bytes()) {
            // What begins as JSON is no file, whatever it is called.
            let json = answer.body.trim_ascii_start().first().is_some_and(|byte| matches!(byte, b'{' | b'['));
            let file = fine && !json && shape.is_none() && &*self.routed.way.method == "GET";
            return if file { Ok(whole(answer.body)) } else { Err(Unfiltered::whole(WhyNot::ContentType)) };
        }
        let document = document::read(answer.body, Limits { bytes: MAX_ANSWER, depth: MAX_ANSWER_DEPTH })?;
        let root = document.root().filter(|root| root.kind() == Kind::Object);
        let Some(root) = root else { return Err(Unfiltered::whole(WhyNot::NotObject)) };
        let mut writer = Writer::new(&self.policy.ir.dropped, answer.body.len());
        let mut filtered = whole(b"");
        match shape {
            _ if !fine => self.policy.errors().write(&mut writer, root),
            None => writer.copy(root),
            Some(shape) => {
                let mut frame = record::Frame { filter: self, shape, past, now, kept: 0, dropped: 0 };
                frame.write(&mut writer, root);
                (filtered.kept, filtered.dropped) = (frame.kept, frame.dropped);
            }
        }
        filtered.created = if fine { self.created(&document) } else { Vec::new() };
        filtered.body = Cow::Owned(writer.finish(filtered.dropped > 0));
        Ok(filtered)
    }

    /// The shape of the route's answers; none when it passes whole.
    fn shape(&self) -> Result<Option<&'f Shape>, Unfiltered> {
        let Some(answer) = self.routed.route().and_then(|route| route.answer.as_ref()) else { return Ok(None) };
        let shape = self.routed.way.shape.get_or_init(|| Shape::new(answer, self.policy).ok());
        shape.as_ref().map(Some).ok_or(Unfiltered::whole(WhyNot::Shape))
    }

    fn created(&self, document: &Document<'_>) -> Vec<u64> {
        let Some((pointer, root)) = self.routed.way.creates.as_ref().zip(document.root()) else { return Vec::new() };
        let number = |value: &Value<'_, '_>| (value.kind() == Kind::Number).then(|| value.raw().parse().ok()).flatten();
        pointer.find(root).values.iter().filter_map(number).collect()
    }
}
