//! Why a request is not answered.

use lsp_server::ErrorCode;

/// What a request is answered with: what was asked for, or why that cannot be had.
pub(crate) type Answer<T> = Result<T, Fault>;

/// Why a request is not answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    /// Its number in the protocol.
    pub(crate) code: i32,
    /// For people.
    pub(crate) message: String,
}

impl Fault {
    /// What was asked for makes no sense here.
    pub(crate) fn invalid(message: impl Into<String>) -> Self {
        Self { code: ErrorCode::InvalidParams as i32, message: message.into() }
    }

    /// What was asked for cannot be done with this text.
    pub(crate) fn failed(message: impl Into<String>) -> Self {
        Self { code: ErrorCode::RequestFailed as i32, message: message.into() }
    }

    /// The text is another one by now.
    pub(crate) fn modified(message: impl Into<String>) -> Self {
        Self { code: ErrorCode::ContentModified as i32, message: message.into() }
    }

    /// The server broke down over it.
    pub(crate) fn bug(method: &str) -> Self {
        let message = format!("`{method}` failed; this is a bug, please report it");
        Self { code: ErrorCode::InternalError as i32, message }
    }
}
