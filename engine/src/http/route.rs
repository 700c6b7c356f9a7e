//! Routing: from a call to the request that is decided.

use super::gather::{Mode, Origin, gather, holds};
use super::path::{self, Segments};
use super::refusal::{Place, Refusal, Why};
use super::routed::Routed;
use super::routes::{Routes, Way};
use super::told::Told;
use super::{MAX_PARTS, body, headers, query};
use crate::document::{Kind, Value};
use crate::policy::Policy;
use crate::request::Request;

const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

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
    /// # let policy = bpol_engine::Policy::load(include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/gateway.json"))).unwrap();
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
        let mut named = Vec::with_capacity(way.names.len());
        for name in &way.names {
            let value = segments.get(name.place).copied().unwrap_or_default();
            let wrong =
                if name.uuid { (!path::is_uuid(value)).then_some(Why::IdNotUuid) } else { path::number(value).err() };
            if let Some(why) = wrong {
                return Err(Refusal::path(why).with(value));
            }
            named.push(value);
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
