//! Why an answer is not passed on.

use crate::document::{Fault, Flaw};

/// An answer that must not be passed on, nor any part of it.
///
/// ```
/// # let policy = bpol_engine::Policy::load(include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/gateway.json"))).unwrap();
/// # let routed = policy.route("GET", "/v1/user/1/monetary-account/42/payment", &[], b"").unwrap().for_key("shop");
/// # let (past, now) = (bpol_engine::History::new(), "2026-11-24T10:00:00Z".parse().unwrap());
/// # let decision = policy.decide(routed.request(), &past, now);
/// # let filter = policy.filter(&routed, &decision).unwrap();
/// let answer = bpol_engine::Answer { status: 200, content_type: "text/html", body: b"<html>" };
/// let unfiltered = filter.cut(answer, &past, now).unwrap_err();
/// assert_eq!(unfiltered.to_string(), "content-type: the answer is not `application/json`");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unfiltered {
    /// The reason.
    pub why: WhyNot,
    /// The JSON pointer of the value, empty for the whole answer.
    pub pointer: String,
}

/// Why an answer is not passed on. Names never change; more may come.
///
/// ```
/// use bpol_engine::WhyNot;
/// assert_eq!(WhyNot::TooDeep.name(), "too-deep");
/// assert_eq!(WhyNot::TooDeep.sentence(), "objects and lists stand more than 64 deep in each other");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum WhyNot {
    /// `not-allowed`: the decision is not to allow.
    NotAllowed,
    /// `other-request`: the decision is on another request, or by another policy.
    OtherRequest,
    /// `status`: neither success nor an error of the bank.
    Status,
    /// `content-type`: the answer is not JSON.
    ContentType,
    /// `shape`: the policy says in no readable way where records and fields stand.
    Shape,
    /// `too-large`: more bytes than [`MAX_ANSWER`](super::MAX_ANSWER).
    TooLarge,
    /// `not-utf8`.
    NotUtf8,
    /// `byte-order-mark`.
    ByteOrderMark,
    /// `not-json`.
    NotJson,
    /// `trailing-data`: something stands behind the JSON.
    TrailingData,
    /// `too-deep`: deeper than [`MAX_ANSWER_DEPTH`](super::MAX_ANSWER_DEPTH).
    TooDeep,
    /// `duplicate-key`: two readers could see two answers.
    DuplicateKey,
    /// `not-object`: the answer is no JSON object.
    NotObject,
}

impl WhyNot {
    /// The stable name, in kebab-case.
    ///
    /// ```
    /// assert_eq!(bpol_engine::WhyNot::NotJson.name(), "not-json");
    /// ```
    pub const fn name(self) -> &'static str {
        self.words().0
    }

    /// One sentence for people; it may change.
    ///
    /// ```
    /// assert_eq!(bpol_engine::WhyNot::NotJson.sentence(), "the answer is no JSON");
    /// ```
    pub const fn sentence(self) -> &'static str {
        self.words().1
    }

    const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::NotAllowed => ("not-allowed", "the decision is not to allow"),
            Self::OtherRequest => ("other-request", "the decision is on another request, or by another policy"),
            Self::Status => ("status", "the answer is neither a success nor an error"),
            Self::ContentType => ("content-type", "the answer is not `application/json`"),
            Self::Shape => ("shape", "the policy does not say where the records of the answer stand"),
            Self::TooLarge => ("too-large", "the answer has more than 16777216 bytes"),
            Self::NotUtf8 => ("not-utf8", "the answer is not UTF-8"),
            Self::ByteOrderMark => ("byte-order-mark", "the answer begins with a byte order mark"),
            Self::NotJson => ("not-json", "the answer is no JSON"),
            Self::TrailingData => ("trailing-data", "something stands behind the JSON"),
            Self::TooDeep => ("too-deep", "objects and lists stand more than 64 deep in each other"),
            Self::DuplicateKey => ("duplicate-key", "a key stands twice in one object"),
            Self::NotObject => ("not-object", "the answer is no object"),
        }
    }
}

impl Unfiltered {
    pub(crate) fn whole(why: WhyNot) -> Self {
        Self { why, pointer: String::new() }
    }

    /// The stable name of the reason, in kebab-case.
    pub fn name(&self) -> &'static str {
        self.why.name()
    }
}

impl std::fmt::Display for Unfiltered {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &*self.pointer {
            "" => write!(f, "{}: {}", self.name(), self.why.sentence()),
            pointer => write!(f, "{} at `{pointer}`: {}", self.name(), self.why.sentence()),
        }
    }
}

impl std::error::Error for Unfiltered {}

impl From<Fault> for Unfiltered {
    fn from(fault: Fault) -> Self {
        let why = match fault.flaw {
            Flaw::TooLarge => WhyNot::TooLarge,
            Flaw::NotUtf8 => WhyNot::NotUtf8,
            Flaw::ByteOrderMark => WhyNot::ByteOrderMark,
            Flaw::NotJson => WhyNot::NotJson,
            Flaw::TrailingData => WhyNot::TrailingData,
            Flaw::TooDeep => WhyNot::TooDeep,
            Flaw::DuplicateKey => WhyNot::DuplicateKey,
        };
        Self { why, pointer: fault.pointer }
    }
}
