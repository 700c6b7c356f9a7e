//! A call as Envoy tells it. What Envoy does not tell whole, or does not tell at all, makes no call.

use std::net::IpAddr;

use envoy_types::ext_authz::v3::CheckRequestExt;
use envoy_types::ext_authz::v3::pb::CheckRequest;

/// What is decided on: the bytes that Envoy forwards, and what only Envoy knows.
#[derive(Debug)]
pub(crate) struct Call {
    /// The key of the listener on which the call came.
    pub(crate) key: String,
    /// Envoy's own number for the call.
    pub(crate) id: String,
    pub(crate) ip: Option<IpAddr>,
    pub(crate) method: String,
    pub(crate) target: String,
    pub(crate) headers: Vec<(String, Vec<u8>)>,
    pub(crate) body: Vec<u8>,
}

impl Call {
    /// The value of a header, when it can be read.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let (_, value) = self.headers.iter().find(|(known, _)| known == name)?;
        std::str::from_utf8(value).ok()
    }
}

/// The call of a question of Envoy's, or why there is none.
pub(crate) fn read(request: CheckRequest) -> Result<Call, &'static str> {
    let ip = request.get_client_address().and_then(|address| address.parse().ok());
    let attributes = request.attributes.ok_or("Envoy tells nothing of the call")?;
    let key = attributes.context_extensions.get("bpol-key").ok_or("Envoy's listener names no `bpol-key`")?.clone();
    let http = attributes.request.and_then(|request| request.http).ok_or("Envoy tells no HTTP call")?;
    // The other form joins headers that stand twice, so that they look like one.
    let headers = http.header_map.ok_or("Envoy's `encode_raw_headers` is off")?.headers;
    let headers: Vec<(String, Vec<u8>)> = headers
        .into_iter()
        .filter(|header| !header.key.starts_with(':'))
        .map(|header| (header.key.to_ascii_lowercase(), header.raw_value))
        .collect();
    let call = Call { key, id: http.id, ip, method: http.method, target: http.path, headers, body: http.raw_body };
    let marked = call.header("x-envoy-auth-partial-body").is_some_and(|word| word != "false");
    let length = call.header("content-length").map(|length| length.parse() == Ok(call.body.len()));
    match marked || length == Some(false) {
        true => Err("the body of the call did not come whole"),
        false => Ok(call),
    }
}
