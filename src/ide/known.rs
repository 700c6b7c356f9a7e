//! The findings of a policy while its texts change: those of what was touched are found at once, the others move with
//! their text until all are found anew.

use jiff::Timestamp;

use crate::check;
use crate::diag::Diagnostic;
use crate::ide::Snapshot;
use crate::lint::Wanted;
use crate::source::{FileId, FileSpan, Span};

/// What is known of a policy.
#[derive(Debug)]
pub struct Known {
    snapshot: Snapshot,
    findings: Vec<Diagnostic>,
    settled: bool,
}

/// A replacement of a part of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Replaced {
    /// What was replaced, in the old text.
    pub place: Span,
    /// How long what stands there now is.
    pub length: u32,
}

impl Known {
    /// A policy of which nothing was found yet.
    pub fn new(snapshot: Snapshot) -> Self {
        Self { snapshot, findings: Vec::new(), settled: false }
    }

    /// The policy as it is now.
    pub fn snapshot(&self) -> &Snapshot {
        &self.snapshot
    }

    /// Whether the findings are all that there are.
    pub fn is_settled(&self) -> bool {
        self.settled
    }

    /// What is known, sorted by file and place.
    pub fn findings(&self) -> &[Diagnostic] {
        &self.findings
    }

    /// Moves what is known to a new text of a file. What stands in what was read anew is forgotten.
    pub fn edited(&mut self, snapshot: Snapshot, file: FileId, replaced: Replaced, touched: Span) {
        let same_files = self
            .snapshot
            .sources()
            .iter()
            .map(|(_, source)| &source.path)
            .eq(snapshot.sources().iter().map(|(_, source)| &source.path));
        self.snapshot = snapshot;
        self.settled = false;
        if !same_files {
            self.findings.clear();
            return;
        }
        for found in &mut self.findings {
            found.places(&mut |place| {
                if place.file == file {
                    place.span = replaced.moved(place.span);
                }
            });
        }
        self.findings.retain(|found| {
            let FileSpan { file: other, span } = found.place;
            other != file || span.end < touched.start || touched.end < span.start
        });
    }

    /// Finds anew what stands in keys, and in claims and tests about them alone.
    pub fn look_at(&mut self, keys: &[String], now: Option<Timestamp>, wanted: Wanted<'_>) {
        let own = self.snapshot.own(keys);
        self.findings.retain(|found| {
            !own.iter().any(|own| {
                own.file == found.place.file
                    && own.span.start <= found.place.span.start
                    && found.place.span.end <= own.span.end
            })
        });
        self.findings.extend(self.snapshot.findings_of(keys, now, wanted));
        check::sort(&mut self.findings);
    }

    /// Takes all findings of the policy as it is now.
    pub fn settle(&mut self, findings: Vec<Diagnostic>) {
        self.findings = findings;
        self.settled = true;
    }
}

impl Replaced {
    /// A span after the replacement: what was inside shrinks to what stands there now.
    fn moved(self, span: Span) -> Span {
        Span::new(self.shifted(span.start), self.shifted(span.end).max(self.shifted(span.start)))
    }

    fn shifted(self, offset: u32) -> u32 {
        let Span { start, end } = self.place;
        if offset >= end && (offset > start || end > start) {
            offset - end + start + self.length
        } else {
            offset.min(start + self.length)
        }
    }
}
