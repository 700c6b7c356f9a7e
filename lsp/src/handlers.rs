//! Requests: each has a file that turns parameters into a question to `bpolc::ide` and the answer back.

mod document_symbol;

use lsp_server::{Request, Response};
use lsp_types::{OneOf, ServerCapabilities, request as lsp};

use crate::fault::{Answer, Fault};
use crate::state::State;

/// Each request that is answered, with what answers it.
macro_rules! requests {
    ($($request:ty => $handler:path,)*) => {
        /// Answers a request; nothing for one that is not known.
        fn route(state: &State, request: &Request) -> Option<Answer<serde_json::Value>> {
            match request.method.as_str() {
                $(<$request as lsp::Request>::METHOD => Some(answer::<$request>(state, request, $handler)),)*
                _ => None,
            }
        }

        /// The methods that are answered.
        #[cfg(test)]
        pub(crate) const METHODS: &[&str] = &[$(<$request as lsp::Request>::METHOD),*];
    };
}

requests! {
    lsp::DocumentSymbolRequest => document_symbol::handle,
}

/// What the server offers, beside the synchronising of texts.
pub(crate) fn capabilities(all: &mut ServerCapabilities) {
    all.document_symbol_provider = Some(OneOf::Left(true));
}

/// Answers a request.
pub(crate) fn respond(state: &State, request: &Request) -> Response {
    let id = request.id.clone();
    match route(state, request) {
        Some(Ok(value)) => Response::new_ok(id, value),
        Some(Err(fault)) => Response::new_err(id, fault.code, fault.message),
        None => {
            let message = format!("`{}` is not supported", request.method);
            Response::new_err(id, lsp_server::ErrorCode::MethodNotFound as i32, message)
        }
    }
}

fn answer<R: lsp::Request>(
    state: &State,
    request: &Request,
    handle: fn(&State, R::Params) -> Answer<R::Result>,
) -> Answer<serde_json::Value> {
    let params = serde_json::from_value(request.params.clone())
        .map_err(|error| Fault::invalid(format!("`{}` cannot be read: {error}", request.method)))?;
    let run = std::panic::AssertUnwindSafe(|| handle(state, params));
    let result = std::panic::catch_unwind(run).map_err(|_| Fault::bug(&request.method))??;
    serde_json::to_value(result).map_err(|_| Fault::bug(&request.method))
}
