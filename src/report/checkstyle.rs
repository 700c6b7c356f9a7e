//! Checkstyle's XML, which many services read.

use std::io;

use bpolc::Checked;
use bpolc::diag::Level;

use super::xml::{HEAD, escaped};
use super::{Places, advice, path};

/// Writes the document: every file, those without findings too.
pub(super) fn write(out: &mut dyn io::Write, checked: &Checked) -> io::Result<()> {
    let mut places = Places::new(&checked.sources);
    writeln!(out, "{HEAD}<checkstyle version=\"8.0\">")?;
    for (id, source) in checked.sources.iter() {
        writeln!(out, "  <file name=\"{}\">", escaped(&path::relative(source.path.as_str())))?;
        for found in checked.diagnostics.iter().filter(|found| found.place.file == id) {
            let place = places.of(found.place);
            let severity = match found.level {
                Level::Error => "error",
                Level::Warning => "warning",
                Level::Hint => "info",
            };
            writeln!(
                out,
                "    <error line=\"{}\" column=\"{}\" severity=\"{severity}\" message=\"{}\" source=\"bpol.{}\"/>",
                place.line,
                place.column,
                escaped(&advice(found)),
                escaped(found.name),
            )?;
        }
        writeln!(out, "  </file>")?;
    }
    writeln!(out, "</checkstyle>")
}
