//! Which lints are looked for and how bad each is: what the editor's user set, then `bpol.toml`, then what is usual. And
//! what the editor is to be shown.

use std::collections::HashMap;

use bpolc::config::{Config, LintLevel};
use bpolc::diag::{Diagnostic, Level};
use bpolc::lint::{self, Lint, Profile};
use camino::{Utf8Path, Utf8PathBuf};
use serde_json::Value;

/// The name under which editors keep our settings.
pub(crate) const SECTION: &str = "bpol";

/// What the user of the editor set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Settings {
    /// Which lints are looked for.
    pub(crate) profile: Option<Profile>,
    levels: HashMap<&'static str, LintLevel>,
    /// Whether hints are shown within the text.
    pub(crate) inlay_hints: bool,
    /// Whether lines are shown above keys.
    pub(crate) code_lens: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self { profile: None, levels: HashMap::new(), inlay_hints: true, code_lens: true }
    }
}

impl Settings {
    /// Reads what the editor keeps for us, and says what in it cannot be read: that stays as usual.
    pub(crate) fn read(value: &Value) -> (Self, Vec<String>) {
        let mut settings = Self::default();
        let mut faults = Vec::new();
        match &value["profile"] {
            Value::Null => {}
            Value::String(word) => {
                let known = [Profile::Recommended, Profile::Strict, Profile::Psd2];
                settings.profile = known.into_iter().find(|profile| profile.word() == word);
                if settings.profile.is_none() && !word.is_empty() {
                    faults.push(format!("`bpol.profile` is `{word}`; write recommended, strict or psd2"));
                }
            }
            other => faults.push(format!("`bpol.profile` is `{other}`; write recommended, strict or psd2")),
        }
        let lints = lint::all();
        for (name, level) in value["levels"].as_object().into_iter().flatten() {
            let lint = lints.iter().find(|lint| lint.name == name);
            let level = level.as_str().and_then(level_of);
            match (lint, level) {
                (Some(lint), Some(level)) => _ = settings.levels.insert(lint.name, level),
                (None, _) => faults.push(format!("`bpol.levels` names a lint `{name}` that there is not")),
                (_, None) => {
                    faults.push(format!("the level of `{name}` in `bpol.levels` is one of off, hint, warning, error"));
                }
            }
        }
        let switch = |name: &str, faults: &mut Vec<String>| match &value[name]["enable"] {
            Value::Null => true,
            Value::Bool(on) => *on,
            _ => {
                faults.push(format!("`bpol.{name}.enable` is true or false"));
                true
            }
        };
        settings.inlay_hints = switch("inlayHints", &mut faults);
        settings.code_lens = switch("codeLens", &mut faults);
        (settings, faults)
    }
}

/// A level, in the words of editors or in those of `bpol.toml`.
fn level_of(word: &str) -> Option<LintLevel> {
    Some(match word {
        "off" | "allow" => LintLevel::Allow,
        "hint" => LintLevel::Hint,
        "warning" | "warn" => LintLevel::Warn,
        "error" | "deny" => LintLevel::Deny,
        _ => return None,
    })
}

/// What counts for the files of one directory.
#[derive(Debug, Clone, Default)]
pub(crate) struct Effective {
    pub(crate) user: Settings,
    /// The project's settings.
    pub(crate) config: Config,
    /// The directory that they are relative to.
    pub(crate) base: Utf8PathBuf,
}

impl Effective {
    fn profile(&self) -> Profile {
        self.user.profile.or(self.config.profile).unwrap_or(Profile::Recommended)
    }

    /// Whether a lint is looked for.
    pub(crate) fn wants(&self, lint: &Lint) -> bool {
        match self.user.levels.get(lint.name) {
            Some(level) => *level != LintLevel::Allow,
            None => self.profile().has(lint) || self.config.wants(lint.name),
        }
    }

    /// How bad a finding in a file is; nothing for one that is not shown. Errors cannot be hidden.
    pub(crate) fn level(&self, found: &Diagnostic, path: &Utf8Path, lints: &[Lint]) -> Option<Level> {
        if found.level == Level::Error {
            return Some(Level::Error);
        }
        if let Some(level) = self.user.levels.get(found.name) {
            return level.level();
        }
        let path = path.strip_prefix(&self.base).unwrap_or(path);
        match self.config.level(found.name, path) {
            Some(level) => level.level(),
            None => {
                let lint = lints.iter().find(|lint| lint.name == found.name);
                lint.is_none_or(|lint| self.profile().has(lint)).then_some(found.level)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Effective, Settings};
    use bpolc::config::Config;
    use bpolc::diag::{Diagnostic, Level};
    use bpolc::source::{FileId, Span};
    use camino::Utf8Path;
    use serde_json::{Value, json};

    #[track_caller]
    fn check(user: Value, config: &str, expected: Option<Level>) {
        let (user, faults) = Settings::read(&user);
        assert_eq!(faults, Vec::<String>::new());
        let all = Effective { user, config: Config::read(config).unwrap(), base: "/p".into() };
        let found = Diagnostic::warning("unpinned-account", FileId(0), Span::default(), "");
        assert_eq!(all.level(&found, Utf8Path::new("/p/a.bpol"), &bpolc::lint::all()), expected);
    }

    #[test]
    fn the_user_counts_for_more_than_the_project() {
        check(json!(null), "", Some(Level::Warning));
        check(json!(null), "[lints]\nunpinned-account = \"deny\"\n", Some(Level::Error));
        check(
            json!({"levels": {"unpinned-account": "hint"}}),
            "[lints]\nunpinned-account = \"deny\"\n",
            Some(Level::Hint),
        );
        check(json!({"levels": {"unpinned-account": "off"}}), "", None);
        check(json!({}), "[[overrides]]\npaths = [\"a.bpol\"]\nlints.unpinned-account = \"allow\"\n", None);
    }

    #[test]
    fn what_cannot_be_read_is_told_and_stays_as_usual() {
        let wrong =
            json!({"profile": "loose", "levels": {"nothing": "off", "any-payee": "loud"}, "codeLens": {"enable": 3}});
        let (settings, faults) = Settings::read(&wrong);
        assert_eq!(settings, Settings::default());
        assert_eq!(faults.len(), 4, "{faults:?}");
    }
}
