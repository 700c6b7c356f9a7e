//! JUnit's XML: a suite for each file, a case for each finding, failed where the finding fails the check.

use std::io;

use bpolc::Checked;
use bpolc::diag::{Diagnostic, Level};

use super::xml::{HEAD, escaped};
use super::{Places, advice, path};

/// Writes the document. A file without findings is one case that passes.
pub(super) fn write(out: &mut dyn io::Write, checked: &Checked, fail_level: Level) -> io::Result<()> {
    let mut places = Places::new(&checked.sources);
    let fails = |found: &&Diagnostic| found.level >= fail_level;
    let of = |id| checked.diagnostics.iter().filter(move |found| found.place.file == id);
    let cases: usize = checked.sources.iter().map(|(id, _)| of(id).count().max(1)).sum();
    let failures = checked.diagnostics.iter().filter(fails).count();
    writeln!(out, "{HEAD}<testsuites name=\"bpolc check\" tests=\"{cases}\" failures=\"{failures}\" errors=\"0\">")?;
    for (id, source) in checked.sources.iter() {
        let file = escaped(&path::relative(source.path.as_str()));
        let (cases, failures) = (of(id).count().max(1), of(id).filter(fails).count());
        writeln!(
            out,
            "  <testsuite name=\"{file}\" tests=\"{cases}\" failures=\"{failures}\" errors=\"0\" skipped=\"0\">"
        )?;
        if of(id).next().is_none() {
            writeln!(out, "    <testcase classname=\"{file}\" name=\"no findings\"/>")?;
        }
        for found in of(id) {
            let place = places.of(found.place);
            let at = format!("{}:{}", place.line, place.column);
            let name = escaped(found.name);
            writeln!(
                out,
                "    <testcase classname=\"{file}\" name=\"{name} at {at}\" file=\"{file}\" line=\"{}\">",
                place.line
            )?;
            let body = escaped(&format!("{}[{}]: {}", found.level.word(), found.name, advice(found)));
            if fails(&found) {
                let message = escaped(&found.message);
                writeln!(out, "      <failure type=\"{name}\" message=\"{message}\">{file}:{at}: {body}</failure>")?;
            } else {
                writeln!(out, "      <system-out>{file}:{at}: {body}</system-out>")?;
            }
            writeln!(out, "    </testcase>")?;
        }
        writeln!(out, "  </testsuite>")?;
    }
    writeln!(out, "</testsuites>")
}
