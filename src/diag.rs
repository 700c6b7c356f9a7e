//! Diagnostics as plain data: what is wrong, where, what it means and what to do. Reporters and editors render them.

use crate::source::{FileId, FileSpan, Span};

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// A remark.
    Hint,
    /// Compiles, but is probably not what was meant or opens more than it seems to.
    Warning,
    /// Cannot be lowered, or breaks a bound.
    Error,
}

impl Level {
    /// The word for it in reports.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Hint => "hint",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// What applying a fix does to what the policy allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Power {
    /// Less is allowed.
    Narrows,
    /// The same is allowed, or the text did not compile before.
    Same,
    /// More is allowed; never applied without being asked for.
    Widens,
}

impl Power {
    /// The word for it in reports.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Narrows => "narrows",
            Self::Same => "same",
            Self::Widens => "widens",
        }
    }
}

/// A replacement of one range of text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// What is replaced; empty to insert.
    pub place: FileSpan,
    /// The new text.
    pub text: String,
}

/// A change that resolves a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// What it does, as an imperative sentence.
    pub title: String,
    /// What it does to power.
    pub power: Power,
    /// The edits; they do not overlap.
    pub edits: Vec<Edit>,
}

/// A related place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub place: FileSpan,
    /// What is there.
    pub text: String,
}

/// A finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Its identity: one kebab-case name, never reused.
    pub name: &'static str,
    /// How bad it is.
    pub level: Level,
    /// What is wrong and what it means, lower case, no full stop, the user's words in backticks.
    pub message: String,
    /// The smallest place that shows it.
    pub place: FileSpan,
    /// Related places.
    pub labels: Vec<Label>,
    /// What to do: one imperative sentence.
    pub help: Option<String>,
    /// Changes that resolve it.
    pub fixes: Vec<Fix>,
}

impl Diagnostic {
    /// An error.
    pub fn error(name: &'static str, file: FileId, span: Span, message: impl Into<String>) -> Self {
        Self::new(name, Level::Error, file, span, message)
    }

    /// A warning.
    pub fn warning(name: &'static str, file: FileId, span: Span, message: impl Into<String>) -> Self {
        Self::new(name, Level::Warning, file, span, message)
    }

    /// A finding of a lint, at the lint's level.
    pub(crate) fn lint(name: &'static str, level: Level, place: FileSpan, message: impl Into<String>) -> Self {
        Self::new(name, level, place.file, place.span, message)
    }

    fn new(name: &'static str, level: Level, file: FileId, span: Span, message: impl Into<String>) -> Self {
        Self {
            name,
            level,
            message: message.into(),
            place: FileSpan { file, span },
            labels: Vec::new(),
            help: None,
            fixes: Vec::new(),
        }
    }

    /// Says of a finding that was made in a file alone which file of a policy that is.
    pub(crate) fn move_to(&mut self, file: FileId) {
        self.places(&mut |place| place.file = file);
    }

    /// Every place in it, those of labels and edits included.
    pub(crate) fn places(&mut self, change: &mut dyn FnMut(&mut FileSpan)) {
        change(&mut self.place);
        self.labels.iter_mut().for_each(|label| change(&mut label.place));
        let edits = self.fixes.iter_mut().flat_map(|fix| &mut fix.edits);
        edits.for_each(|edit| change(&mut edit.place));
    }

    /// Adds what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds a related place.
    #[must_use]
    pub fn label(mut self, place: FileSpan, text: impl Into<String>) -> Self {
        self.labels.push(Label { place, text: text.into() });
        self
    }

    /// Adds a fix that replaces one span of the diagnostic's own file.
    #[must_use]
    pub fn fix(mut self, title: impl Into<String>, power: Power, span: Span, text: impl Into<String>) -> Self {
        let place = FileSpan { file: self.place.file, span };
        self.fixes.push(Fix { title: title.into(), power, edits: vec![Edit { place, text: text.into() }] });
        self
    }
}
