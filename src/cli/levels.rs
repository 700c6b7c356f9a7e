//! How bad the user finds a lint: `--deny`, `--warn`, `--hint`, `--allow`.

use bpolc::config::LintLevel;
use bpolc::lint;

use super::exit::Stop;

/// Levels of lints. Errors are not lints: nothing softens them.
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct Levels {
    /// Fail on this lint, or on all `warnings`
    #[arg(long, value_name = "warnings|LINT", value_delimiter = ',')]
    deny: Vec<String>,
    /// Report this lint as a warning
    #[arg(long, value_name = "LINT", value_delimiter = ',')]
    warn: Vec<String>,
    /// Report this lint as a hint
    #[arg(long, value_name = "LINT", value_delimiter = ',')]
    hint: Vec<String>,
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
        let faults: Vec<String> = self
            .all()
            .into_iter()
            .flat_map(|(level, names)| names.iter().map(move |name| (level.word(), name)))
            .filter(|&(flag, name)| !(known.contains(&name.as_str()) || flag == "deny" && name == "warnings"))
            .map(|(flag, name)| unknown(&format!("--{flag}"), name))
            .collect();
        if faults.is_empty() { Ok(()) } else { Err(Stop::Failed(faults)) }
    }

    /// The level that is named for a lint; the strictest where there are several.
    pub(crate) fn level(&self, lint: &str) -> Option<LintLevel> {
        self.all().into_iter().find(|(_, names)| names.iter().any(|name| name == lint)).map(|(level, _)| level)
    }

    /// Whether all warnings are errors that are not named.
    pub(crate) fn denies_warnings(&self) -> bool {
        self.deny.iter().any(|name| name == "warnings")
    }

    /// The strictest first.
    fn all(&self) -> [(LintLevel, &[String]); 4] {
        [
            (LintLevel::Deny, &self.deny),
            (LintLevel::Warn, &self.warn),
            (LintLevel::Hint, &self.hint),
            (LintLevel::Allow, &self.allow),
        ]
    }
}

fn unknown(flag: &str, name: &str) -> String {
    if name == "warnings" {
        return format!("`{flag} warnings` is not a level; only `--deny` takes all warnings together");
    }
    let lints = lints();
    match nearest(name, &lints) {
        Some(lint) => format!("`{flag} {name}`: there is no such lint; did you mean `{lint}`?"),
        None => format!("`{flag} {name}`: there is no such lint; there are {}", lints.join(", ")),
    }
}

/// The name that a misspelt one most likely means.
pub(crate) fn nearest<'n>(name: &str, names: &[&'n str]) -> Option<&'n str> {
    let near = names.iter().map(|&known| (strsim::damerau_levenshtein(known, name), known));
    near.filter(|(distance, _)| *distance <= 1 + name.len() / 4).min().map(|(_, known)| known)
}

#[cfg(test)]
pub(crate) fn of(deny: &[&str], warn: &[&str], hint: &[&str], allow: &[&str]) -> Levels {
    let own = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
    Levels { deny: own(deny), warn: own(warn), hint: own(hint), allow: own(allow) }
}

#[cfg(test)]
mod tests {
    use super::lints;
    use std::collections::BTreeSet;
    use std::path::Path;

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
