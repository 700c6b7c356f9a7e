//! The settings of a project, `bpol.toml`: which lints are looked for, and how bad each is where. Text in, settings or
//! faults out: it knows no files. Nothing in it changes what a policy means, so a policy decides alike with and without.

mod glob;
mod schema;

use camino::Utf8Path;
use toml::de::DeTable;

use crate::catalogue::Fault;
use crate::catalogue::table::{Table, Word, range, text};
use crate::check::nearest::nearest;
use crate::diag::Level;
use crate::lint::{self, Profile};
use crate::source::Span;

pub use schema::schema;

/// The name of the file.
pub const FILE: &str = "bpol.toml";

/// Settings; what the file does not say is nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Config {
    /// Which lints are looked for.
    pub profile: Option<Profile>,
    /// The least bad findings that fail a check.
    pub fail_level: Option<Level>,
    /// How bad lints are.
    lints: Vec<(&'static str, LintLevel)>,
    /// How bad they are in some files; later ones count for more.
    overrides: Vec<Override>,
}

/// How bad the user finds a lint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LintLevel {
    /// Not reported.
    Allow,
    /// A remark.
    Hint,
    /// A warning.
    Warn,
    /// An error.
    Deny,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Override {
    paths: Vec<String>,
    lints: Vec<(&'static str, LintLevel)>,
}

const KEYS: [&str; 4] = ["profile", "fail-level", "lints", "overrides"];
const OVERRIDE_KEYS: [&str; 2] = ["paths", "lints"];
const PROFILES: [Profile; 3] = [Profile::Recommended, Profile::Strict, Profile::Psd2];
const FAIL_LEVELS: [Level; 3] = [Level::Error, Level::Warning, Level::Hint];

impl LintLevel {
    /// All, from the mildest on.
    pub const ALL: [Self; 4] = [Self::Allow, Self::Hint, Self::Warn, Self::Deny];

    /// Its word in settings.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Hint => "hint",
            Self::Warn => "warn",
            Self::Deny => "deny",
        }
    }

    /// The level of a finding; nothing where it is not reported.
    pub const fn level(self) -> Option<Level> {
        match self {
            Self::Allow => None,
            Self::Hint => Some(Level::Hint),
            Self::Warn => Some(Level::Warning),
            Self::Deny => Some(Level::Error),
        }
    }
}

impl Config {
    /// Reads settings; all that is wrong with them, in the order of the text.
    pub fn read(text: &str) -> Result<Self, Vec<Fault>> {
        let document = DeTable::parse(text).map_err(|error| {
            vec![Fault::new(error.span().map_or(Span::default(), range), error.message().to_owned())]
        })?;
        let table = Table::document(&document);
        let mut faults = Vec::new();
        table.closed(&KEYS, &mut faults);
        let config = Self {
            profile: one_of(table, "profile", "profile", &PROFILES, Profile::word, &mut faults),
            fail_level: one_of(table, "fail-level", "level", &FAIL_LEVELS, Level::word, &mut faults),
            lints: lints(table, &mut faults),
            overrides: table
                .tables("overrides", &mut faults)
                .into_iter()
                .map(|table| one_override(table, &mut faults))
                .collect(),
        };
        faults.sort_by_key(|fault| fault.span);
        if faults.is_empty() { Ok(config) } else { Err(faults) }
    }

    /// How bad a lint is in a file, where the settings say so. The path is relative to the directory of the settings.
    pub fn level(&self, lint: &str, path: &Utf8Path) -> Option<LintLevel> {
        let level = |lints: &[(&str, LintLevel)]| lints.iter().find(|(name, _)| *name == lint).map(|&(_, level)| level);
        let here = |of: &&Override| of.paths.iter().any(|pattern| glob::matches(pattern, path.as_str()));
        let overridden = self.overrides.iter().rev().filter(here).find_map(|of| level(&of.lints));
        overridden.or_else(|| level(&self.lints))
    }

    /// Whether a lint is to be looked for somewhere, whatever the profile.
    pub fn wants(&self, lint: &str) -> bool {
        let all = self.lints.iter().chain(self.overrides.iter().flat_map(|of| &of.lints));
        all.into_iter().any(|&(name, level)| name == lint && level != LintLevel::Allow)
    }
}

/// One of some words; nothing when the key is left out.
fn one_of<T: Copy>(
    table: Table<'_>,
    key: &str,
    what: &str,
    all: &[T],
    word: fn(T) -> &'static str,
    faults: &mut Vec<Fault>,
) -> Option<T> {
    let found = table.text(key, faults)?;
    choose(&found, what, all, word, faults)
}

fn choose<T: Copy>(
    found: &Word,
    what: &str,
    all: &[T],
    word: fn(T) -> &'static str,
    faults: &mut Vec<Fault>,
) -> Option<T> {
    let chosen = all.iter().copied().find(|&one| word(one) == found.text);
    if chosen.is_none() {
        let words: Vec<&str> = all.iter().map(|&one| word(one)).collect();
        faults.push(Fault::new(found.span, format!("`{}` is no {what}", found.text)).nearest(&found.text, words));
    }
    chosen
}

fn lints(table: Table<'_>, faults: &mut Vec<Fault>) -> Vec<(&'static str, LintLevel)> {
    let Some(table) = table.table("lints", faults) else { return Vec::new() };
    let all = lint::all();
    let mut lints = Vec::new();
    for (name, value) in table.entries() {
        let known = all.iter().find(|lint| lint.name == name.text);
        if known.is_none() {
            faults.push(unknown_lint(&name));
        }
        let level = text(value, &name.text, faults)
            .and_then(|found| choose(&found, "level of a lint", &LintLevel::ALL, LintLevel::word, faults));
        if let (Some(lint), Some(level)) = (known, level) {
            lints.push((lint.name, level));
        }
    }
    lints
}

fn unknown_lint(name: &Word) -> Fault {
    let fault = Fault::new(name.span, format!("there is no lint `{}`", name.text));
    match nearest(&name.text, lint::all().iter().map(|lint| lint.name)) {
        Some(near) => fault.help(format!("write `{near}`")),
        None => fault.help("list the lints with `bpolc doc`"),
    }
}

fn one_override(table: Table<'_>, faults: &mut Vec<Fault>) -> Override {
    table.closed(&OVERRIDE_KEYS, faults);
    let paths = table.texts("paths", faults);
    if table.value("paths").is_none() {
        faults.push(Fault::new(table.span, "`paths` is missing").help("add `paths = [\"tests/**\"]`"));
    } else if paths.is_empty() && table.value("paths").is_some_and(|value| value.get_ref().is_array()) {
        faults.push(Fault::new(table.span, "`paths` names no file, so nothing here would count"));
    }
    for path in &paths {
        if let Err(why) = glob::check(&path.text) {
            let fault = Fault::new(path.span, format!("the pattern `{}` {why}", path.text));
            faults.push(fault.help("use `*` within a name, `**` for any folders and `?` for one character"));
        }
    }
    Override { paths: paths.into_iter().map(|path| path.text).collect(), lints: lints(table, faults) }
}

#[cfg(test)]
mod tests {
    use super::{Config, LintLevel};
    use crate::diag::Level;
    use crate::lint::Profile;
    use crate::source::line_column;
    use camino::Utf8Path;

    #[track_caller]
    fn refuses(text: &str, expected: &[&str]) {
        let said = |fault: &super::Fault| {
            let help = fault.help.as_deref().unwrap_or("");
            format!("{}: {}; {help}", line_column(text, fault.span.start).0, fault.message)
        };
        let faults: Vec<String> = Config::read(text).unwrap_err().iter().map(said).collect();
        assert_eq!(faults, expected);
    }

    #[test]
    fn all_of_it_can_be_left_out() {
        assert_eq!(Config::read(""), Ok(Config::default()));
    }

    #[test]
    fn the_last_override_that_names_a_lint_counts() {
        let config = Config::read(
            "profile = \"psd2\"\nfail-level = \"hint\"\n[lints]\ntwo-hop = \"deny\"\n\
             [[overrides]]\npaths = [\"a/**\"]\n[overrides.lints]\ntwo-hop = \"allow\"\n\
             [[overrides]]\npaths = [\"**/x.bpol\"]\nlints.two-hop = \"warn\"\nlints.dead-cap = \"allow\"\n",
        )
        .unwrap();
        assert_eq!((config.profile, config.fail_level), (Some(Profile::Psd2), Some(Level::Hint)));
        let level = |path: &str| config.level("two-hop", Utf8Path::new(path));
        assert_eq!(level("b.bpol"), Some(LintLevel::Deny));
        assert_eq!(level("a/b.bpol"), Some(LintLevel::Allow));
        assert_eq!(level("a/x.bpol"), Some(LintLevel::Warn));
        assert!(config.wants("two-hop") && !config.wants("dead-cap") && !config.wants("past-rule"));
    }

    #[test]
    fn a_misspelt_word_is_refused_with_the_nearest() {
        refuses("profil = \"strict\"\n", &["1: `profil` means nothing here; write `profile`"]);
        refuses("profile = \"strikt\"\n", &["1: `strikt` is no profile; write `strict`"]);
        refuses("\nfail-level = \"warn\"\n", &["2: `warn` is no level; use one of: error, warning, hint"]);
        refuses(
            "[lints]\ntwo-hops = \"deny\"\ndead-cap = \"dny\"\n",
            &["2: there is no lint `two-hops`; write `two-hop`", "3: `dny` is no level of a lint; write `deny`"],
        );
        refuses(
            "[lints]\nunknown-resource = \"allow\"\n",
            &["2: there is no lint `unknown-resource`; list the lints with `bpolc doc`"],
        );
    }

    #[test]
    fn wrong_types_are_refused() {
        refuses("profile = 1\n", &["1: `profile` is an integer, not a text in quotes; "]);
        refuses("lints = \"deny\"\n", &["1: `lints` is a string, not a table; "]);
        refuses("[lints]\ntwo-hop = true\n", &["2: `two-hop` is a boolean, not a text in quotes; "]);
        refuses("[overrides]\n", &["1: `overrides` is a table, not a list of tables; "]);
    }

    #[test]
    fn an_override_must_name_files() {
        refuses("\n[[overrides]]\n", &["2: `paths` is missing; add `paths = [\"tests/**\"]`"]);
        refuses("[[overrides]]\npaths = []\n", &["1: `paths` names no file, so nothing here would count; "]);
        let help = "use `*` within a name, `**` for any folders and `?` for one character";
        refuses(
            "[[overrides]]\npaths = [\"a[\"]\n",
            &[&format!("2: the pattern `a[` has `[`, which means nothing here; {help}")],
        );
    }

    #[test]
    fn broken_toml_is_pointed_at() {
        let text = "profile = \"strict\"\nlints = {\n";
        let faults = Config::read(text).unwrap_err();
        assert_eq!((faults.len(), line_column(text, faults[0].span.start).0), (1, 2));
    }
}
