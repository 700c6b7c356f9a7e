//! Texts with a cursor, for the tests of this room.

use bpol_engine::ir::Ir;
use camino::{Utf8Path, Utf8PathBuf};

use crate::ide::names::Page;
use crate::ide::{Snapshot, View, Workspace};
use crate::source::{FileId, Span};
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

/// A workspace of several policies, and the place that is asked about.
pub(super) struct Several {
    policies: Vec<Snapshot>,
    /// The file in which the caret stood; the first one without any.
    pub(super) path: Utf8PathBuf,
    /// Where the caret stood; the end of the file without one.
    pub(super) offset: u32,
}

impl Several {
    /// The policies that files make up; `|caret|` in one of them marks the place.
    #[track_caller]
    pub(super) fn new(files: &[(&str, &str)]) -> Self {
        let (path, text) = files.iter().find(|(_, text)| text.contains(CARET)).unwrap_or(&files[0]);
        let at = text.find(CARET).unwrap_or(text.len());
        let mut workspace = Workspace::default();
        workspace.set_all(files.iter().map(|(path, text)| ((*path).into(), text.replacen(CARET, "", 1))).collect());
        let read = |_: &Utf8Path| Err("no such file".to_owned());
        let roots = workspace.policies();
        let policies = roots.iter().filter_map(|root| workspace.policy(root, Utf8Path::new("."), &read)).collect();
        Self { policies, path: (*path).into(), offset: u32::try_from(at).unwrap_or(u32::MAX) }
    }

    /// The policies, by the file that each begins with.
    pub(super) fn policies(&self) -> Vec<&Snapshot> {
        self.policies.iter().collect()
    }

    /// The file that is asked about.
    #[track_caller]
    pub(super) fn page(&self) -> Page<'_> {
        crate::ide::names::page(&self.policies(), &self.path).unwrap()
    }
}

/// The lines of a text that spans stand in, with what is under them drawn below, as `^^^` or the letters of a word.
pub(super) fn drawn(text: &str, spans: &[(Span, &str)]) -> String {
    let mut out = String::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let end = start + line.len();
        let here: Vec<_> = spans.iter().filter(|(span, _)| (start..end).contains(&(span.start as usize))).collect();
        if !here.is_empty() {
            out.push_str(line.trim_end());
            out.push('\n');
        }
        for (span, sign) in here {
            let before = text[start..span.start as usize].chars().count();
            out.push_str(&" ".repeat(before));
            out.push_str(&sign.repeat(span.of(text).chars().count().max(1)));
            out.push('\n');
        }
        start = end;
    }
    out
}
