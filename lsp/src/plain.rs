//! Findings as plain text, for reports that are shown outside of a document.

use bpolc::diag::Diagnostic;
use bpolc::source::{FileSpan, Sources, line_column};
use bpolc::words::harmless;

/// A finding with its place and its line; every line ends.
pub(crate) fn finding(sources: &Sources, found: &Diagnostic) -> String {
    let (line, _) = line_column(&sources.get(found.place.file).text, found.place.span.start);
    let margin = " ".repeat(line.to_string().len());
    let shown = sources.get(found.place.file).text.lines().nth(line as usize - 1).unwrap_or_default();
    let text = format!(
        "{}: {}\n{margin}--> {}\n{margin} |\n{line} | {}\n{margin} |\n",
        found.level.word(),
        found.message,
        place(sources, found.place),
        shown.trim_end(),
    );
    let help = found.help.as_ref().map(|help| format!("{margin} = help: {help}\n")).unwrap_or_default();
    harmless(&(text + &help)).into_owned()
}

/// A place as `file:line:column`.
pub(crate) fn place(sources: &Sources, place: FileSpan) -> String {
    let source = sources.get(place.file);
    let (line, column) = line_column(&source.text, place.span.start);
    format!("{}:{line}:{column}", source.path)
}
