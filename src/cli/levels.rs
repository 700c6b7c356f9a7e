//! How bad the user finds a lint: `--deny`, `--warn`, `--allow`.

use bpolc::diag::{Diagnostic, Level};
use bpolc::lint;

use super::exit::Stop;

/// Levels of lints. Errors are not lints: nothing softens them.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Levels {
    /// Fail on this lint, or on all `warnings`
    #[arg(long, value_name = "warnings|LINT", value_delimiter = ',')]
    deny: Vec<String>,
    /// Report this lint as a warning
    #[arg(long, value_name = "LINT", value_delimiter = ',')]
    warn: Vec<String>,
    /// Do not report this lint
    #[arg(long, value_name = "LINT", value_delimiter = ',')]
    allow: Vec<String>,
}

/// The names of all lints, sorted. A test holds them against the sources.
pub(crate) fn lints() -> Vec<&'static str> {
    lint::all().into_iter().map(|lint| lint.name).collect()
}

impl Levels {
    /// Refuses names that no lint has: a lint that was meant to fail the build must not be silently off.
    pub(crate) fn check_names(&self) -> Result<(), Stop> {
        let known = lints();
        let faults: Vec<String> = [("--deny", &self.deny), ("--warn", &self.warn), ("--allow", &self.allow)]
            .into_iter()
            .flat_map(|(flag, names)| names.iter().map(move |name| (flag, name)))
            .filter(|&(flag, name)| !(known.contains(&name.as_str()) || flag == "--deny" && name == "warnings"))
            .map(|(flag, name)| unknown(flag, name))
            .collect();
        if faults.is_empty() { Ok(()) } else { Err(Stop::Failed(faults)) }
    }

    /// Gives every finding the level that the user wants and drops those allowed. A lint that is named goes by its
    /// name, not by `warnings`; one that is named twice goes by the stricter.
    pub(crate) fn apply(&self, findings: &mut Vec<Diagnostic>) {
        let names = |list: &[String], found: &Diagnostic| list.iter().any(|name| name == found.name);
        findings.retain_mut(|found| {
            if found.level == Level::Error {
                return true;
            }
            if names(&self.deny, found) {
                found.level = Level::Error;
            } else if names(&self.warn, found) {
                found.level = Level::Warning;
            } else if names(&self.allow, found) {
                return false;
            } else if found.level == Level::Warning && self.deny.iter().any(|name| name == "warnings") {
                found.level = Level::Error;
            }
            true
        });
    }
}

fn unknown(flag: &str, name: &str) -> String {
    if name == "warnings" {
        return format!("`{flag} warnings` is not a level; only `--deny` takes all warnings together");
    }
    let lints = lints();
    let near = lints
        .iter()
        .map(|lint| (strsim::damerau_levenshtein(lint, name), lint))
        .filter(|(distance, _)| *distance <= 1 + name.len() / 4)
        .min();
    match near {
        Some((_, lint)) => format!("`{flag} {name}`: there is no such lint; did you mean `{lint}`?"),
        None => format!("`{flag} {name}`: there is no such lint; there are {}", lints.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::{Levels, lints};
    use bpolc::diag::{Diagnostic, Level};
    use bpolc::source::{FileId, Span};
    use std::collections::BTreeSet;
    use std::path::Path;

    fn levels(deny: &[&str], warn: &[&str], allow: &[&str]) -> Levels {
        let own = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
        Levels { deny: own(deny), warn: own(warn), allow: own(allow) }
    }

    #[track_caller]
    fn check(levels: &Levels, before: Level, after: Option<Level>) {
        let mut findings = vec![Diagnostic::warning("unpinned-account", FileId(0), Span::default(), "")];
        findings[0].level = before;
        levels.apply(&mut findings);
        assert_eq!(findings.first().map(|found| found.level), after);
    }

    #[test]
    fn a_name_counts_for_more_than_all_warnings() {
        check(&levels(&["warnings"], &[], &[]), Level::Warning, Some(Level::Error));
        check(&levels(&["warnings"], &[], &[]), Level::Hint, Some(Level::Hint));
        check(&levels(&["warnings"], &["unpinned-account"], &[]), Level::Warning, Some(Level::Warning));
        check(&levels(&["warnings"], &[], &["unpinned-account"]), Level::Warning, None);
    }

    #[test]
    fn the_stricter_of_two_levels_counts() {
        check(&levels(&["unpinned-account"], &[], &["unpinned-account"]), Level::Warning, Some(Level::Error));
        check(&levels(&[], &["unpinned-account"], &["unpinned-account"]), Level::Hint, Some(Level::Warning));
    }

    #[test]
    fn errors_cannot_be_allowed() {
        check(&levels(&[], &["unpinned-account"], &["unpinned-account"]), Level::Error, Some(Level::Error));
    }

    #[test]
    fn every_warning_of_the_sources_is_a_lint() {
        let mut names = BTreeSet::new();
        collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut names);
        let known = lints();
        assert!(names.iter().all(|name| known.contains(&name.as_str())), "{names:?}");
        assert!(!names.is_empty());
    }

    /// What follows `warning(` as a string, outside of this directory and of tests.
    fn collect(directory: &Path, names: &mut BTreeSet<String>) {
        for entry in std::fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() && !path.ends_with("cli") {
                collect(&path, names);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                let text = text.split("#[cfg(test)]").next().unwrap();
                let strings = text.split("warning(").skip(1).filter_map(|rest| rest.trim_start().strip_prefix('"'));
                names.extend(strings.filter_map(|rest| rest.split('"').next()).map(str::to_owned));
            }
        }
    }
}
