//! What is wrong with a catalogue's text, and the nearest spelling. Shared with the build script.

use super::Span;

/// A fault in a catalogue's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// What is wrong: lower case, no full stop, the author's words in backticks.
    pub message: String,
    /// What to do: one imperative sentence.
    pub help: Option<String>,
    /// Where in the TOML text.
    pub span: Span,
}

impl Fault {
    pub(crate) fn new(span: Span, message: impl Into<String>) -> Self {
        Self { message: message.into(), help: None, span }
    }

    #[must_use]
    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds the nearest of the words that would have been right, or all of them when none is near.
    #[must_use]
    pub(crate) fn nearest<'w>(self, word: &str, words: impl IntoIterator<Item = &'w str> + Clone) -> Self {
        match nearest(word, words.clone()) {
            Some(near) => self.help(format!("write `{near}`")),
            None => {
                let all: Vec<&str> = words.into_iter().take(12).collect();
                if all.is_empty() { self } else { self.help(format!("use one of: {}", all.join(", "))) }
            }
        }
    }
}

/// The word that is at most a third of its letters away, the nearest first.
pub(crate) fn nearest<'w>(word: &str, words: impl IntoIterator<Item = &'w str>) -> Option<&'w str> {
    words
        .into_iter()
        .map(|known| (strsim::osa_distance(word, known), known))
        .filter(|(distance, known)| *distance <= known.chars().count().max(3) / 3)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, known)| known)
}
