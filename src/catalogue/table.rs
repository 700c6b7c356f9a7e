//! Reading TOML tables with closed shapes: every key is asked for or reported, and every value knows where it stands.
//! Shared with the build script.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::Span;
use super::fault::Fault;

/// A text and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Word {
    pub(crate) text: String,
    pub(crate) span: Span,
}

/// A table of the document.
#[derive(Clone, Copy)]
pub(crate) struct Table<'t> {
    entries: &'t DeTable<'t>,
    pub(crate) span: Span,
}

impl<'t> Table<'t> {
    pub(crate) fn document(document: &'t Spanned<DeTable<'t>>) -> Self {
        Self { entries: document.get_ref(), span: Span::default() }
    }

    /// The table of a value; a fault when the value is none.
    pub(crate) fn of(value: &'t Spanned<DeValue<'t>>, what: &str, faults: &mut Vec<Fault>) -> Option<Self> {
        let table = value.get_ref().as_table();
        if table.is_none() {
            faults.push(Fault::new(span(value), format!("`{what}` is {}, not a table", a(value))));
        }
        table.map(|entries| Self { entries, span: span(value) })
    }

    /// Reports every key that is not one of these.
    pub(crate) fn closed(&self, keys: &[&str], faults: &mut Vec<Fault>) {
        for key in self.entries.keys() {
            let word: &str = key.get_ref();
            if !keys.contains(&word) {
                let fault = Fault::new(range(key.span()), format!("`{word}` means nothing here"));
                faults.push(fault.nearest(word, keys.iter().copied()));
            }
        }
    }

    /// The keys and values, keys in alphabetical order.
    pub(crate) fn entries(&self) -> impl Iterator<Item = (Word, &'t Spanned<DeValue<'t>>)> + use<'t> {
        self.entries
            .iter()
            .map(|(key, value)| (Word { text: key.get_ref().to_string(), span: range(key.span()) }, value))
    }

    pub(crate) fn value(&self, key: &str) -> Option<&'t Spanned<DeValue<'t>>> {
        self.entries.get(key)
    }

    /// A text that may be left out.
    pub(crate) fn text(&self, key: &str, faults: &mut Vec<Fault>) -> Option<Word> {
        text(self.value(key)?, key, faults)
    }

    /// A text that must stand there.
    pub(crate) fn required(&self, key: &str, faults: &mut Vec<Fault>) -> Option<Word> {
        if self.value(key).is_none() {
            faults.push(Fault::new(self.span, format!("`{key}` is missing")).help(format!("add `{key} = \"…\"`")));
        }
        self.text(key, faults)
    }

    /// A list of texts; empty when left out.
    pub(crate) fn texts(&self, key: &str, faults: &mut Vec<Fault>) -> Vec<Word> {
        let Some(value) = self.value(key) else { return Vec::new() };
        texts(value, key, faults)
    }

    /// `true` or `false`; false when left out.
    pub(crate) fn flag(&self, key: &str, faults: &mut Vec<Fault>) -> bool {
        let Some(value) = self.value(key) else { return false };
        value.get_ref().as_bool().unwrap_or_else(|| {
            faults.push(Fault::new(span(value), format!("`{key}` is {}, not `true` or `false`", a(value))));
            false
        })
    }

    /// A table that may be left out.
    pub(crate) fn table(&self, key: &str, faults: &mut Vec<Fault>) -> Option<Self> {
        Self::of(self.value(key)?, key, faults)
    }

    /// A list of tables; empty when left out.
    pub(crate) fn tables(&self, key: &str, faults: &mut Vec<Fault>) -> Vec<Self> {
        let Some(value) = self.value(key) else { return Vec::new() };
        match value.get_ref().as_array() {
            Some(array) => array.iter().filter_map(|value| Self::of(value, key, faults)).collect(),
            None => {
                faults.push(Fault::new(span(value), format!("`{key}` is {}, not a list of tables", a(value))));
                Vec::new()
            }
        }
    }
}

/// The text of a value; a fault when it is none.
pub(crate) fn text(value: &Spanned<DeValue<'_>>, what: &str, faults: &mut Vec<Fault>) -> Option<Word> {
    let text = value.get_ref().as_str();
    if text.is_none() {
        faults.push(Fault::new(span(value), format!("`{what}` is {}, not a text in quotes", a(value))));
    }
    text.map(|text| Word { text: text.to_string(), span: span(value) })
}

/// The texts of a list; a fault when it is none.
pub(crate) fn texts(value: &Spanned<DeValue<'_>>, what: &str, faults: &mut Vec<Fault>) -> Vec<Word> {
    match value.get_ref().as_array() {
        Some(array) => array.iter().filter_map(|value| text(value, what, faults)).collect(),
        None => {
            faults.push(Fault::new(span(value), format!("`{what}` is {}, not a list of texts", a(value))));
            Vec::new()
        }
    }
}

/// Where a value stands.
pub(crate) fn span(value: &Spanned<DeValue<'_>>) -> Span {
    range(value.span())
}

/// A range of bytes as a span.
pub(crate) fn range(range: std::ops::Range<usize>) -> Span {
    let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Span::new(offset(range.start), offset(range.end))
}

fn a(value: &Spanned<DeValue<'_>>) -> String {
    let kind = value.get_ref().type_str();
    if kind.starts_with(['a', 'i']) { format!("an {kind}") } else { format!("a {kind}") }
}
