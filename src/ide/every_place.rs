//! Every place of every example, whole and with pieces cut out: what is asked there is answered.

use std::path::{Path, PathBuf};

use camino::Utf8Path;
use jiff::Timestamp;

use crate::ide::actions::{fix_all, of_finding, of_selection, organise};
use crate::ide::hints::hints;
use crate::ide::hover::hover;
use crate::ide::lenses::{About, lenses, title};
use crate::ide::{Snapshot, Workspace};
use crate::source::{FileId, Span};

/// Paths and texts of all examples.
fn examples() -> Vec<(String, String)> {
    let mut open = vec![PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("examples")];
    let mut out = Vec::new();
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        } else if path.extension().is_some_and(|extension| extension == "bpol") {
            out.push((path.to_str().unwrap().to_owned(), std::fs::read_to_string(&path).unwrap()));
        }
    }
    out.sort();
    out
}

fn snapshot(path: &str, text: &str) -> Snapshot {
    let mut workspace = Workspace::default();
    let path = Utf8Path::new(path);
    workspace.set(path, text.to_owned());
    let read = |path: &Utf8Path| std::fs::read_to_string(Path::new(path.as_str())).map_err(|error| error.to_string());
    workspace.policy(path, path.parent().unwrap(), &read).unwrap()
}

fn now() -> Timestamp {
    "2026-11-24T12:00:00Z".parse().unwrap()
}

/// Asks everything at some places of a text.
fn ask(path: &str, text: &str, places: impl Iterator<Item = usize>) {
    let snapshot = snapshot(path, text);
    let file = FileId(0);
    let end = u32::try_from(text.len()).unwrap();
    let findings = snapshot.findings(Some(now()), &|_| true);
    let declared = snapshot.part(&[]);
    for hint in hints(declared.view(file), Span::new(0, end), now()) {
        assert!(hint.offset <= end && !hint.label.is_empty());
    }
    _ = organise(declared.view(file));
    _ = fix_all(&declared.checked, &findings, file);
    for lens in lenses(declared.view(file)) {
        if let About::Key(key) = lens.about {
            let part = snapshot.part(std::slice::from_ref(&key));
            assert!(title(part.view(file), &key, now()).is_some(), "{key}");
        }
    }
    let mut last = None;
    for place in places {
        let offset = u32::try_from(place).unwrap();
        let keys = snapshot.keys_at(file, offset);
        // Most places ask about what the one before asked about.
        let (_, part) = match last.take() {
            Some((known, part)) if known == keys => last.insert((known, part)),
            _ => last.insert((keys.clone(), snapshot.part(&keys))),
        };
        let view = part.view(file);
        if let Some(found) = hover(view, offset, now()) {
            assert!(found.span.start <= offset && offset <= found.span.end, "{offset}: {found:?}");
            assert!(!found.page.markdown().is_empty() && !found.page.plain().is_empty());
        }
        for selected in [Span::new(offset, offset), Span::new(offset, (offset + 40).min(end))] {
            for action in of_selection(view, selected) {
                assert!(action.edits.iter().all(|edit| edit.place.span.end <= end), "{action:?}");
            }
        }
        for found in findings.iter().filter(|found| found.place.file == file && found.place.span.start == offset) {
            _ = of_finding(view, found);
        }
    }
}

/// A number that tests are steered by.
fn steered(name: &str, usual: u64) -> u64 {
    std::env::var(name).ok().and_then(|number| number.parse().ok()).unwrap_or(usual)
}

#[test]
fn every_place_of_every_example_is_answered() {
    // Some places of each; all of them with a large `BPOL_CASES`, which takes minutes.
    let places = usize::try_from(steered("BPOL_CASES", 60)).unwrap_or(usize::MAX).max(1);
    for (path, text) in examples() {
        let step = text.len() / places + 1;
        ask(&path, &text, (0..=text.len()).step_by(step).filter(|place| text.is_char_boundary(*place)));
    }
}

#[test]
fn texts_with_pieces_cut_out_are_answered() {
    let mut state = steered("BPOL_SEED", 1).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut random = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % below.max(1) as u64).unwrap()
    };
    let examples = examples();
    for _ in 0..steered("BPOL_CASES", 8) {
        let (path, text) = &examples[random(examples.len())];
        let mut cut: Vec<char> = text.chars().collect();
        for _ in 0..=random(3) {
            let from = random(cut.len());
            let to = (from + random(30)).min(cut.len());
            cut.drain(from..to);
        }
        let cut: String = cut.into_iter().collect();
        let around = random(cut.len().max(1));
        let places: Vec<usize> =
            (around.saturating_sub(12)..=(around + 12).min(cut.len())).filter(|it| cut.is_char_boundary(*it)).collect();
        ask(path, &cut, places.into_iter());
    }
}
