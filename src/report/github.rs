//! Annotations of a GitHub workflow: commands in its log, which GitHub shows beside the lines of a pull request; and its
//! summary. Nothing that a user wrote can become a command, or more than text in the summary.

use std::fmt::Write as _;
use std::io;

use bpolc::Checked;
use bpolc::diag::{Diagnostic, Level};

use super::diff::escaped;
use super::{Places, harmless, path, summary};

/// A summary has room for about a megabyte, and nobody reads more rows.
const ROWS: usize = 100;

/// Writes a command for each finding.
pub(super) fn write(out: &mut dyn io::Write, checked: &Checked) -> io::Result<()> {
    let mut places = Places::new(&checked.sources);
    for found in &checked.diagnostics {
        let place = places.of(found.place);
        let file = path::relative(place.file);
        // Columns count only where a finding ends on its line.
        let columns = if place.line == place.end_line {
            format!(",col={},endColumn={}", place.column, place.end_column)
        } else {
            String::new()
        };
        writeln!(
            out,
            "::{} file={},line={},endLine={}{columns},title={}::{}",
            command(found.level),
            property(&file),
            place.line,
            place.end_line,
            property(found.name),
            data(&text(found)),
        )?;
    }
    Ok(())
}

const fn command(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Hint => "notice",
    }
}

fn text(found: &Diagnostic) -> String {
    match &found.help {
        Some(help) => format!("{}\nhelp: {help}", found.message),
        None => found.message.clone(),
    }
}

/// Text behind the second `::`. It cannot end its line, so nothing in it begins a command.
fn data(text: &str) -> String {
    harmless(text).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Text of a property, which a comma or a colon would end.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

/// The summary of a job, in Markdown.
pub(crate) fn job_summary(checked: &Checked) -> String {
    let mut places = Places::new(&checked.sources);
    let mut out = String::from("## bpolc check\n\n");
    if checked.diagnostics.is_empty() {
        _ = writeln!(out, "{}", escaped(&summary::nothing(checked)));
        return out;
    }
    _ = writeln!(out, "{}\n", escaped(&summary::count(checked)));
    out.push_str("| | where | what |\n| --- | --- | --- |\n");
    for found in checked.diagnostics.iter().take(ROWS) {
        let place = places.of(found.place);
        let at = format!("{}:{}", path::relative(place.file), place.line);
        let help = found.help.as_ref().map_or_else(String::new, |help| format!("<br>{}", escaped(help)));
        _ = writeln!(
            out,
            "| {} | {} | `{}`: {}{help} |",
            found.level.word(),
            escaped(&at),
            found.name,
            escaped(&found.message)
        );
    }
    let more = checked.diagnostics.len().saturating_sub(ROWS);
    if more > 0 {
        _ = writeln!(out, "\n{more} more are in the log.");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{data, property};

    #[test]
    fn what_users_write_cannot_begin_a_command_or_end_a_property() {
        assert_eq!(data("100%\n::error::x\r"), "100%25%0A::error::x%0D");
        assert_eq!(property("a,b:c%\n.bpol"), "a%2Cb%3Ac%25%0A.bpol");
        assert_eq!(data("\u{1b}[31m"), "?[31m");
    }
}
