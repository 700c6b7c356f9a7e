//! Whole numbers: account ids and counts.

use crate::check::context::{At, Context};
use crate::syntax::tree::Token;

/// Reads a positive whole number of at most 18 digits; `what` says what it is for.
pub(crate) fn integer(cx: &mut Context<'_>, at: At<'_>, token: Token, what: &str) -> Option<u64> {
    let digits = at.word(token);
    let fault = if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        at.error("not-an-integer", token, format!("`{digits}` is not a whole number, and {what} is one"))
            .help("write digits only")
    } else if digits.len() > 1 && digits.starts_with('0') {
        at.error(
            "not-an-integer",
            token,
            format!("`{digits}` begins with a zero, and it is not clear whether a digit is missing"),
        )
        .help("leave the leading zeros out")
    } else if digits.len() > 18 {
        at.error("not-an-integer", token, format!("`{digits}` is too large: {what} has at most 18 digits"))
            .help("write a smaller number")
    } else {
        return digits.parse().ok();
    };
    cx.report(fault);
    None
}
