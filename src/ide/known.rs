//! The findings of a policy while its texts change: those of what was touched are found at once, the others move with
//! their text until all are found anew.

use jiff::Timestamp;

use crate::check;
use crate::diag::Diagnostic;
use crate::ide::Snapshot;
use crate::lint::{self, Wanted};
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
            other != file || span.end < touched.start || touched.end < span.start || is_of_whole(found)
        });
    }

    /// Finds anew what stands in keys, and in claims and tests about them alone.
    pub fn look_at(&mut self, keys: &[String], now: Option<Timestamp>, wanted: Wanted<'_>) {
        let own = self.snapshot.own(keys);
        let new = self.snapshot.findings_of(keys, now, wanted);
        let is_own = |place: FileSpan| {
            own.iter().any(|own| {
                own.file == place.file && own.span.start <= place.span.start && place.span.end <= own.span.end
            })
        };
        // A claim about other keys too stays as it was unless it fails now.
        self.findings.retain(|found| {
            is_of_whole(found)
                || !is_own(found.place) && !new.iter().any(|new| new.place == found.place && new.name == found.name)
        });
        self.findings.extend(new);
        check::sort(&mut self.findings);
    }

    /// Takes all findings of the policy as it is now.
    pub fn settle(&mut self, findings: Vec<Diagnostic>) {
        self.findings = findings;
        self.settled = true;
    }
}

/// Whether a finding can only be made in a whole policy, so that it stays until that is looked at.
fn is_of_whole(found: &Diagnostic) -> bool {
    lint::is_of_whole(found.name)
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
