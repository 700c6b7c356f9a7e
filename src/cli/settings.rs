//! Which lints are looked for and how bad each is: the command line, then `bpol.toml`, then what is usual.

use std::collections::HashMap;
use std::fs;

use bpolc::Checked;
use bpolc::config::{self, Config, LintLevel};
use bpolc::diag::{Diagnostic, Level};
use bpolc::lint::{self, Lint, Profile};
use bpolc::source::{FileId, line_column};
use camino::{Utf8Path, Utf8PathBuf};

use super::exit::Stop;
use super::files::{self, real};
use super::levels::Levels;

/// Lints and their levels.
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct Flags {
    /// Look for the lints of this profile: recommended, strict or psd2
    #[arg(long, value_enum, value_name = "NAME", hide_possible_values = true)]
    profile: Option<Wide>,
    #[command(flatten)]
    levels: Levels,
    /// Fail on findings from this level on: error, warning or hint
    #[arg(long, value_enum, value_name = "LEVEL", hide_possible_values = true)]
    fail_level: Option<Least>,
    /// Settings; without it the nearest `bpol.toml` at the policy or above
    #[arg(long, value_name = "FILE", conflicts_with = "no_config")]
    config: Option<Utf8PathBuf>,
    /// Take no settings from files
    #[arg(long)]
    no_config: bool,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Wide {
    Recommended,
    Strict,
    Psd2,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Least {
    Error,
    Warning,
    Hint,
}

/// What counts for one run.
#[derive(Debug)]
pub(crate) struct Settings {
    profile: Profile,
    levels: Levels,
    /// The least bad findings that fail.
    pub(crate) fail_level: Level,
    config: Config,
    /// The directory that paths of the settings are relative to, links followed.
    base: Utf8PathBuf,
}

impl Flags {
    /// Finds the settings of a policy that stands below a directory.
    pub(crate) fn find(&self, root: &Utf8Path) -> Result<Settings, Stop> {
        self.levels.check_names()?;
        let file = match &self.config {
            _ if self.no_config => None,
            Some(file) => Some(files::forward_slashes(file)),
            None => above(root),
        };
        let (config, base) = match &file {
            Some(file) => (read(file)?, real_directory(file)),
            None => (Config::default(), Utf8PathBuf::new()),
        };
        let profile = self.profile.map(|profile| match profile {
            Wide::Recommended => Profile::Recommended,
            Wide::Strict => Profile::Strict,
            Wide::Psd2 => Profile::Psd2,
        });
        let fail_level = self.fail_level.map(|level| match level {
            Least::Error => Level::Error,
            Least::Warning => Level::Warning,
            Least::Hint => Level::Hint,
        });
        Ok(Settings {
            profile: profile.or(config.profile).unwrap_or(Profile::Recommended),
            levels: self.levels.clone(),
            fail_level: fail_level.or(config.fail_level).unwrap_or(Level::Error),
            config,
            base,
        })
    }
}

impl Settings {
    /// Whether a lint is looked for.
    pub(crate) fn wants(&self, lint: &Lint) -> bool {
        match self.levels.level(lint.name) {
            Some(level) => level != LintLevel::Allow,
            None => self.profile.has(lint) || self.config.wants(lint.name),
        }
    }

    /// Gives every finding the level that the user wants and drops those allowed. A lint that is named on the command
    /// line goes by its name and not by `warnings`.
    pub(crate) fn apply(&self, checked: &mut Checked) {
        let lints = lint::all();
        let sources = &checked.sources;
        let mut paths: HashMap<FileId, Utf8PathBuf> = HashMap::new();
        checked.diagnostics.retain_mut(|found| {
            if found.level == Level::Error {
                return true;
            }
            let file = found.place.file;
            let path = paths.entry(file).or_insert_with(|| self.path(&sources.get(file).path));
            match self.level(found, path, &lints) {
                Some(level) => {
                    found.level = level;
                    true
                }
                None => false,
            }
        });
    }

    /// Drops the findings that are allowed, and leaves the others as bad as they are: for commands that check nothing.
    pub(crate) fn hide_allowed(&self, checked: &mut Checked) {
        let (lints, sources) = (lint::all(), &checked.sources);
        checked.diagnostics.retain(|found| {
            let path = || self.path(&sources.get(found.place.file).path);
            found.level == Level::Error || self.level(found, &path(), &lints).is_some()
        });
    }

    fn level(&self, found: &Diagnostic, path: &Utf8Path, lints: &[Lint]) -> Option<Level> {
        if let Some(named) = self.levels.level(found.name) {
            return named.level();
        }
        let by_profile = || {
            let is_of_it = lints.iter().find(|lint| lint.name == found.name).is_none_or(|lint| self.profile.has(lint));
            is_of_it.then_some(found.level)
        };
        let level = self.config.level(found.name, path).map_or_else(by_profile, LintLevel::level)?;
        let is_denied = level == Level::Warning && self.levels.denies_warnings();
        Some(if is_denied { Level::Error } else { level })
    }

    /// A file as the settings say it. One that stands elsewhere is said as it is.
    fn path(&self, path: &Utf8Path) -> Utf8PathBuf {
        let real = Utf8PathBuf::from_path_buf(real(path)).unwrap_or_else(|_| path.to_owned());
        let inside = real.strip_prefix(&self.base).map(Utf8Path::to_owned);
        files::forward_slashes(&inside.unwrap_or(real))
    }
}

/// The nearest settings at a directory or above it. Outside of the repository that holds it none are looked for:
/// whoever owns what is above could silence lints here.
fn above(root: &Utf8Path) -> Option<Utf8PathBuf> {
    let root = if root.as_str().is_empty() { Utf8Path::new(".") } else { root };
    let root = root.canonicalize_utf8().ok()?;
    for directory in root.ancestors() {
        let file = directory.join(config::FILE);
        if file.is_file() {
            return Some(said(&file));
        }
        if directory.join(".git").exists() {
            break;
        }
    }
    None
}

/// A path relative to the current directory, where it is below it.
fn said(path: &Utf8Path) -> Utf8PathBuf {
    let here = std::env::current_dir().ok().and_then(|here| here.canonicalize().ok());
    let here = here.and_then(|here| Utf8PathBuf::from_path_buf(here).ok());
    here.and_then(|here| path.strip_prefix(here).ok()).unwrap_or(path).to_owned()
}

fn real_directory(file: &Utf8Path) -> Utf8PathBuf {
    let real = Utf8PathBuf::from_path_buf(real(file)).unwrap_or_else(|_| file.to_owned());
    real.parent().map(Utf8Path::to_owned).unwrap_or_default()
}

fn read(file: &Utf8Path) -> Result<Config, Stop> {
    if fs::metadata(file).is_ok_and(|about| about.is_dir()) {
        return Err(Stop::failed(format!("cannot read `{file}`: it is a directory; name the file of the settings")));
    }
    let text = files::text(file).map_err(Stop::failed)?;
    Config::read(&text).map_err(|faults| {
        let said = faults.into_iter().map(|fault| {
            let (line, column) = line_column(&text, fault.span.start);
            let help = fault.help.map_or_else(String::new, |help| format!("; {help}"));
            format!("{file}:{line}:{column}: {}{help}", fault.message)
        });
        Stop::Failed(said.collect())
    })
}

#[cfg(test)]
mod tests {
    use super::Settings;
    use crate::cli::levels::{Levels, of};
    use bpolc::Checked;
    use bpolc::config::Config;
    use bpolc::diag::{Diagnostic, Level};
    use bpolc::lint::Profile;
    use bpolc::source::{FileId, Span};

    #[track_caller]
    fn check(levels: &Levels, config: &str, before: Level, after: Option<Level>) {
        let settings = Settings {
            profile: Profile::Recommended,
            levels: levels.clone(),
            fail_level: Level::Error,
            config: Config::read(config).unwrap(),
            base: "/policies".into(),
        };
        let mut checked = Checked::default();
        checked.sources.add("/policies/a.bpol", "");
        checked.diagnostics.push(Diagnostic::warning("unpinned-account", FileId(0), Span::default(), ""));
        checked.diagnostics[0].level = before;
        settings.apply(&mut checked);
        assert_eq!(checked.diagnostics.first().map(|found| found.level), after);
    }

    #[test]
    fn a_name_counts_for_more_than_all_warnings() {
        check(&of(&["warnings"], &[], &[], &[]), "", Level::Warning, Some(Level::Error));
        check(&of(&["warnings"], &[], &[], &[]), "", Level::Hint, Some(Level::Hint));
        check(&of(&["warnings"], &["unpinned-account"], &[], &[]), "", Level::Warning, Some(Level::Warning));
        check(&of(&["warnings"], &[], &["unpinned-account"], &[]), "", Level::Warning, Some(Level::Hint));
        check(&of(&["warnings"], &[], &[], &["unpinned-account"]), "", Level::Warning, None);
    }

    #[test]
    fn the_stricter_of_two_levels_counts() {
        let both = of(&["unpinned-account"], &[], &[], &["unpinned-account"]);
        check(&both, "", Level::Warning, Some(Level::Error));
        check(&of(&[], &["unpinned-account"], &[], &["unpinned-account"]), "", Level::Hint, Some(Level::Warning));
    }

    #[test]
    fn the_command_line_counts_for_more_than_the_settings() {
        let allow = "[lints]\nunpinned-account = \"allow\"\n";
        check(&Levels::default(), allow, Level::Warning, None);
        check(&of(&["unpinned-account"], &[], &[], &[]), allow, Level::Warning, Some(Level::Error));
        check(&of(&["warnings"], &[], &[], &[]), allow, Level::Warning, None);
        let warn = "[lints]\nunpinned-account = \"warn\"\n";
        check(&of(&["warnings"], &[], &[], &[]), warn, Level::Hint, Some(Level::Error));
    }

    #[test]
    fn settings_of_some_files_count_there() {
        let here = "[[overrides]]\npaths = [\"*.bpol\"]\nlints.unpinned-account = \"hint\"\n";
        check(&Levels::default(), here, Level::Warning, Some(Level::Hint));
        let elsewhere = "[[overrides]]\npaths = [\"b/*.bpol\"]\nlints.unpinned-account = \"hint\"\n";
        check(&Levels::default(), elsewhere, Level::Warning, Some(Level::Warning));
    }

    #[test]
    fn errors_cannot_be_allowed() {
        check(&of(&[], &[], &[], &["unpinned-account"]), "", Level::Error, Some(Level::Error));
        check(&Levels::default(), "[lints]\nunpinned-account = \"allow\"\n", Level::Error, Some(Level::Error));
    }
}
