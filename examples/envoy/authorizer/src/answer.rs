//! A verdict as Envoy and the bank's clients understand it.

use envoy_types::ext_authz::v3::pb::{CheckResponse, HttpStatusCode};
use envoy_types::ext_authz::v3::{CheckResponseExt, DeniedHttpResponseBuilder, OkHttpResponseBuilder};
use serde_json::json;
use tonic::Status;

use crate::gate::Verdict;

/// Errors have the bank's own shape and its response id, else clients hide the text.
pub(crate) fn write(id: &str, verdict: &Verdict) -> CheckResponse {
    let Some((status, text)) = &verdict.refused else {
        let mut response = CheckResponse::with_status(Status::ok(""));
        response.set_http_response(OkHttpResponseBuilder::new());
        return response;
    };
    let said = format!("bpol: {text}");
    let body = json!({ "Error": [{ "error_description": said, "error_description_translated": said }] });
    let status = match status {
        400 => HttpStatusCode::BadRequest,
        409 => HttpStatusCode::Conflict,
        503 => HttpStatusCode::ServiceUnavailable,
        _ => HttpStatusCode::Forbidden,
    };
    let mut denied = DeniedHttpResponseBuilder::new();
    denied.set_http_status(status).set_body(body.to_string());
    denied.add_header("content-type", "application/json", None, false);
    denied.add_header("x-bunq-client-response-id", if id.is_empty() { "unknown" } else { id }, None, false);
    let mut response = CheckResponse::with_status(Status::permission_denied("refused"));
    response.set_http_response(denied);
    response
}
