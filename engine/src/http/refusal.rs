//! Why a call is refused, and where.

use crate::document::{Fault, Flaw};

/// A call that is refused before anything is decided: it must not be forwarded.
///
/// ```
/// # let policy = bpol_engine::Policy::load(include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/gateway.json"))).unwrap();
/// let refusal = policy.route("GET", "/v1/user/1//monetary-account", &[], b"").unwrap_err();
/// assert_eq!(refusal.name(), "empty-segment");
/// assert_eq!(refusal.to_string(), "empty-segment at the path: two slashes stand side by side");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The reason.
    pub why: Why,
    /// Where it is in the call.
    pub place: Place,
    /// What was found there, where that helps; it may hold what the caller wrote.
    pub found: Option<String>,
}

/// Where in a call something is.
///
/// ```
/// use bpol_engine::http::Place;
/// assert_eq!(Place::Body("/amount/value".to_owned()).to_string(), "`/amount/value` of the body");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Place {
    /// The method.
    Method,
    /// The path, or the target as a whole.
    Path,
    /// A parameter of the query, or the query as a whole when it has no name.
    Query(String),
    /// A header, by its name in small letters.
    Header(String),
    /// The body; the JSON pointer of a value in it, empty for the whole.
    Body(String),
    /// The answer to a look-up.
    LookUp,
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Method => f.write_str("the method"),
            Self::Path => f.write_str("the path"),
            Self::Query(name) if name.is_empty() => f.write_str("the query"),
            Self::Query(name) => write!(f, "the query parameter `{name}`"),
            Self::Header(name) => write!(f, "the header `{name}`"),
            Self::Body(pointer) if pointer.is_empty() => f.write_str("the body"),
            Self::Body(pointer) => write!(f, "`{pointer}` of the body"),
            Self::LookUp => f.write_str("the answer to the look-up"),
        }
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} at {}: {}", self.why.name(), self.place, self.why.sentence())?;
        match &self.found {
            Some(found) => write!(f, " ({found})"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Refusal {}

impl Refusal {
    pub(crate) fn new(why: Why, place: Place) -> Self {
        Self { why, place, found: None }
    }

    pub(crate) fn path(why: Why) -> Self {
        Self::new(why, Place::Path)
    }

    pub(crate) fn query(why: Why, name: &str) -> Self {
        Self::new(why, Place::Query(name.to_owned()))
    }

    pub(crate) fn header(why: Why, name: &str) -> Self {
        Self::new(why, Place::Header(name.to_ascii_lowercase()))
    }

    pub(crate) fn body(why: Why, pointer: String) -> Self {
        Self::new(why, Place::Body(pointer))
    }

    pub(crate) fn with(self, found: impl Into<String>) -> Self {
        Self { found: Some(found.into()), ..self }
    }

    /// The stable name of the reason, in kebab-case.
    ///
    /// ```
    /// # let policy = bpol_engine::Policy::load(include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/gateway.json"))).unwrap();
    /// assert_eq!(policy.route("HEAD", "/v1/health-check", &[], b"").unwrap_err().name(), "head-refused");
    /// ```
    pub fn name(&self) -> &'static str {
        self.why.name()
    }
}

impl From<Fault> for Refusal {
    fn from(fault: Fault) -> Self {
        let why = match fault.flaw {
            Flaw::TooLarge => Why::BodyTooLarge,
            Flaw::NotUtf8 => Why::BodyNotUtf8,
            Flaw::ByteOrderMark => Why::ByteOrderMark,
            Flaw::NotJson => Why::BodyNotJson,
            Flaw::TrailingData => Why::TrailingData,
            Flaw::TooDeep => Why::BodyTooDeep,
            Flaw::DuplicateKey => Why::DuplicateKey,
        };
        Self::body(why, fault.pointer)
    }
}

/// Makes the list of reasons, each with its name and its sentence.
macro_rules! reasons {
    ($($why:ident $name:literal $sentence:literal;)*) => {
        /// The reason of a refusal. Names never change; more may come.
        ///
        /// ```
        /// use bpol_engine::http::Why;
        /// assert_eq!(Why::AmountNotText.name(), "amount-not-text");
        /// assert!(Why::AmountNotText.sentence().starts_with("an amount is written as text"));
        /// assert!(Why::ALL.contains(&Why::AmountNotText));
        /// ```
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Why {
            $(#[doc = concat!("`", $name, "`: ", $sentence, ".")] $why,)*
        }

        impl Why {
            /// All reasons.
            pub const ALL: &[Self] = &[$(Self::$why),*];

            /// The stable name, in kebab-case.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$why => $name),* }
            }

            /// One sentence for people; it may change.
            pub const fn sentence(self) -> &'static str {
                match self { $(Self::$why => $sentence),* }
            }
        }
    };
}

reasons! {
    UnknownMethod "unknown-method" "the method is none of `GET`, `POST`, `PUT`, `PATCH` and `DELETE`, in capitals";
    Head "head-refused" "`HEAD` tells how long an answer is that nobody has cut";
    Options "options-refused" "`OPTIONS` is answered by the gateway and never forwarded";
    MethodOverride "method-override" "it asks for another method than the one that is decided on";
    PathOverride "path-override" "it asks for another path than the one that is decided on";
    TargetForm "target-form" "the target is not a path that begins with a slash";
    TargetTooLong "target-too-long" "the target has more than 2048 bytes";
    Fragment "fragment" "a target has no fragment";
    PercentEncoding "percent-encoding" "escapes give a path a second spelling";
    StrangeCharacter "strange-character" "only letters, digits and `- . _ ~` stand in a segment of a path";
    EmptySegment "empty-segment" "two slashes stand side by side";
    TrailingSlash "trailing-slash" "the path ends with a slash";
    DotSegment "dot-segment" "a segment of dots leads elsewhere";
    UpperCase "upper-case" "the path is written in small letters";
    IdNotDigits "id-not-digits" "a number in the path is not written in digits";
    IdLeadingZero "id-leading-zero" "a number in the path begins with a zero";
    IdTooLarge "id-too-large" "a number in the path is more than 9223372036854775807";
    IdNotUuid "id-not-uuid" "a segment of the path is not a UUID in small letters";
    NoRoute "no-route" "no key of the policy may do what this call does";
    AmbiguousRoute "ambiguous-route" "the policy has two routes for this call";
    QueryNotAllowed "query-not-allowed" "only a `GET` has a query";
    QueryShape "query-shape" "a query is `name=value` pairs with `&` between them";
    QueryEncoding "query-encoding" "only letters, digits and `- . _ ~` stand in a query";
    UnknownQueryKey "unknown-query-key" "the bank's catalogue has no such parameter here";
    DuplicateQueryKey "duplicate-query-key" "the parameter stands twice";
    QueryNotDigits "query-not-digits" "the parameter is no whole number";
    TooManyHeaders "too-many-headers" "there are more than 100 headers";
    DuplicateHeader "duplicate-header" "the header stands twice";
    ContentType "content-type" "a body is `application/json`, in UTF-8, or of no stated type";
    ContentEncoding "content-encoding" "a body that is packed cannot be read";
    Range "range" "a part of an answer cannot be cut";
    BodyNotAllowed "body-not-allowed" "this call has no body";
    BodyTooLarge "body-too-large" "the body has more than 1048576 bytes";
    BodyNotUtf8 "body-not-utf8" "the body is not UTF-8";
    ByteOrderMark "byte-order-mark" "the body begins with a byte order mark";
    BodyNotJson "body-not-json" "the body is no JSON";
    TrailingData "trailing-data" "something stands behind the JSON";
    BodyTooDeep "body-too-deep" "objects and lists stand more than 16 deep in each other";
    DuplicateKey "duplicate-key" "the key stands twice in one object";
    EscapedKey "escaped-key" "a key with escapes is a second spelling";
    BodyNotObject "body-not-object" "the body is no object";
    UnknownKey "unknown-key" "this call has no key of this name";
    EmptyValue "empty-value" "a list or object that should hold something is empty";
    WrongType "wrong-type" "the value is of another kind than it must be";
    TooManyParts "too-many-parts" "the list has more than 1000 parts";
    NoParts "no-parts" "the list of what is to be done is missing or empty";
    AmountNotText "amount-not-text" "an amount is written as text, so that nobody rounds it";
    StrangeDigits "strange-digits" "a figure is written with the digits 0 to 9";
    Amount "amount" "the amount is no figure of its currency";
    AmountIncomplete "amount-incomplete" "an amount is a value and a currency";
    Currency "currency" "the currency is no ISO 4217 code that can be paid";
    Iban "iban" "the IBAN is wrong or written in another way than banks write it";
    Number "number" "the value is no whole number";
    Url "url" "the value is no absolute URL";
    Time "time" "the value is no date or time as the bank writes it";
    Contradiction "contradiction" "the call contradicts what the policy declares";
    Malformed "malformed" "the facts of the call make no request";
    LookUp "look-up" "the answer to the look-up cannot be read";
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn names_are_kebab_case_and_each_is_given_once() {
        let names: BTreeSet<&str> = Why::ALL.iter().map(|why| why.name()).collect();
        assert_eq!(names.len(), Why::ALL.len());
        let plain = |name: &str| name.bytes().all(|byte| byte.is_ascii_lowercase() || matches!(byte, b'-' | b'8'));
        assert!(names.iter().all(|name| plain(name)), "{names:?}");
    }

    #[test]
    fn sentences_say_the_limits_that_hold() {
        assert!(Why::TargetTooLong.sentence().contains(&crate::http::MAX_TARGET.to_string()));
        assert!(Why::BodyTooLarge.sentence().contains(&crate::http::MAX_BODY.to_string()));
        assert!(Why::BodyTooDeep.sentence().contains(&crate::http::MAX_BODY_DEPTH.to_string()));
        assert!(Why::TooManyHeaders.sentence().contains(&crate::http::MAX_HEADERS.to_string()));
        assert!(Why::TooManyParts.sentence().contains(&crate::http::MAX_PARTS.to_string()));
        assert!(Why::IdTooLarge.sentence().contains(&i64::MAX.to_string()));
    }
}
