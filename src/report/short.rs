//! One line per finding, as compilers and `grep` write them.

use std::io;

use bpolc::diag::Diagnostic;
use bpolc::source::Sources;

use super::{Places, harmless};

/// Writes `path:line:column: level[name]: message` for each.
pub(super) fn write(out: &mut dyn io::Write, sources: &Sources, diagnostics: &[Diagnostic]) -> io::Result<()> {
    let mut places = Places::new(sources);
    for found in diagnostics {
        let place = places.start(found.place);
        let message = found.message.replace(['\r', '\n'], " ");
        writeln!(out, "{}: {}[{}]: {}", harmless(&place), found.level.word(), found.name, harmless(&message))?;
    }
    Ok(())
}
