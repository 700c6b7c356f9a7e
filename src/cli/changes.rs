//! What would change in a file, as `diff -u` and `git apply` write it.

use std::io;

use camino::Utf8Path;
use similar::TextDiff;

/// Writes the change of a file.
pub(crate) fn write(out: &mut dyn io::Write, path: &Utf8Path, old: &str, new: &str) -> io::Result<()> {
    let diff = TextDiff::from_lines(old, new);
    write!(out, "{}", diff.unified_diff().header(&format!("a/{path}"), &format!("b/{path}")))
}
