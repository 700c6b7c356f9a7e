//! Outcomes of tests as JUnit's XML: a suite for each test, a case for each of its expectations.

use std::io;

use bpolc::expect::run::{Run, Tried};
use bpolc::source::Sources;

use crate::report::xml::{HEAD, escaped};
use crate::report::{Places, path};

/// Writes the document.
pub(super) fn write(out: &mut dyn io::Write, sources: &Sources, runs: &[Run<'_>]) -> io::Result<()> {
    let mut places = Places::new(sources);
    let cases: usize = runs.iter().map(|run| run.tried.len()).sum();
    let failures: usize = runs.iter().map(Run::failed).sum();
    writeln!(out, "{HEAD}<testsuites name=\"bpolc test\" tests=\"{cases}\" failures=\"{failures}\" errors=\"0\">")?;
    for run in runs {
        let name = escaped(&run.name);
        let (cases, failures) = (run.tried.len(), run.failed());
        writeln!(
            out,
            "  <testsuite name=\"{name}\" tests=\"{cases}\" failures=\"{failures}\" errors=\"0\" skipped=\"0\">"
        )?;
        for tried in &run.tried {
            case(out, sources, &mut places, &name, tried)?;
        }
        writeln!(out, "  </testsuite>")?;
    }
    writeln!(out, "</testsuites>")
}

fn case(
    out: &mut dyn io::Write,
    sources: &Sources,
    places: &mut Places<'_>,
    test: &str,
    tried: &Tried<'_>,
) -> io::Result<()> {
    let place = places.of(tried.case.place);
    let file = path::relative(place.file);
    let said = sources.text(tried.case.place).split_whitespace().collect::<Vec<_>>().join(" ");
    write!(
        out,
        "    <testcase classname=\"{test}\" name=\"{}\" file=\"{}\" line=\"{}\"",
        escaped(&said),
        escaped(&file),
        place.line
    )?;
    let Some(fault) = &tried.fault else { return writeln!(out, "/>") };
    writeln!(out, ">")?;
    let about = format!(
        "{file}:{}:{}: {fault}\nrequest   {}\ndecision  {}",
        place.line, place.column, tried.case.request, tried.decision
    );
    writeln!(out, "      <failure message=\"{}\">{}</failure>", escaped(fault), escaped(&about))?;
    writeln!(out, "    </testcase>")
}
