//! As one JSON document.

use std::io;

use serde::Serialize;

/// The document, one line.
pub(super) fn document(of: &impl Serialize) -> io::Result<String> {
    Ok(serde_json::to_string(of).map_err(io::Error::from)? + "\n")
}
