//! Texts with a cursor, for the tests of this room.

use bpol_engine::ir::Ir;
use camino::Utf8Path;

use crate::ide::View;
use crate::source::FileId;
use crate::{Checked, Input, check, compile};

/// What marks the place that is asked about.
const CARET: &str = "|caret|";

/// A policy of one or more files, and the place in its first one that is asked about.
pub(super) struct Fixture {
    checked: Checked,
    ir: Option<Ir>,
    /// Where the caret stood; the end of the text without one.
    pub(super) offset: u32,
}

impl Fixture {
    /// A policy of one file; `|caret|` in its text marks the place.
    pub(super) fn new(text: &str) -> Self {
        Self::files(&[("a.bpol", text)])
    }

    /// A policy of several files; the first one is checked and imports the others.
    #[track_caller]
    pub(super) fn files(files: &[(&str, &str)]) -> Self {
        let (path, text) = files.first().copied().unwrap_or(("a.bpol", ""));
        let at = text.find(CARET).unwrap_or(text.len());
        let offset = u32::try_from(at).unwrap_or(u32::MAX);
        let read = |path: &Utf8Path| {
            let found = files.iter().find(|(name, _)| *name == path);
            found.map(|(_, text)| (*text).to_owned()).ok_or_else(|| "no such file".to_owned())
        };
        let checked =
            check(vec![Input { path: path.into(), text: text.replacen(CARET, "", 1) }], Utf8Path::new("."), &read);
        let ir = compile(&checked);
        Self { checked, ir, offset }
    }

    /// The first file.
    pub(super) fn view(&self) -> View<'_> {
        View { checked: &self.checked, file: FileId(0), ir: self.ir.as_ref() }
    }

    /// Its text, without the caret.
    pub(super) fn text(&self) -> &str {
        self.view().text()
    }
}
