//! Applies fixes that keep or narrow what is allowed, in memory; who calls writes the files.

use std::collections::{BTreeMap, HashSet};

use bpolc::diag::{Diagnostic, Edit, Fix, Level, Power};
use bpolc::source::{FileId, Sources};
use bpolc::target::Target;
use bpolc::{Checked, Input, syntax};
use camino::{Utf8Path, Utf8PathBuf};
use jiff::Timestamp;

use super::settings::Settings;
use crate::report::Places;

/// One fix can make room for another; ten rounds are more than any real file needs, and an end.
const ROUNDS: usize = 10;

/// What came of fixing.
#[derive(Debug)]
pub(crate) struct Fixed {
    /// The policy as it is now.
    pub(crate) checked: Checked,
    /// Changed files: what they said and what they are to say.
    pub(crate) files: Vec<(Utf8PathBuf, String, String)>,
    /// One line for every fix applied, with the files that it changes.
    pub(crate) done: Vec<(Vec<Utf8PathBuf>, String)>,
    /// Files that were left alone because they cannot be read whole.
    pub(crate) left: Vec<Utf8PathBuf>,
}

/// Fixes what can be fixed. Files with syntax errors are left alone: there a fix may not mean what it says.
pub(crate) fn fix(
    inputs: &[Input],
    root: &Utf8Path,
    read: bpolc::Read<'_>,
    settings: &Settings,
    target: Option<&Target>,
) -> Fixed {
    let mut texts = BTreeMap::new();
    let mut done = Vec::new();
    let mut checked = check(inputs, root, read, settings, target, &texts);
    let before: BTreeMap<_, _> = checked.sources.iter().map(|(_, old)| (old.path.clone(), old.text.clone())).collect();
    for _ in 0..ROUNDS {
        let chosen = choose(&checked);
        if chosen.is_empty() {
            break;
        }
        let mut next = texts.clone();
        next.extend(apply(&checked.sources, &chosen));
        let fixed = check(inputs, root, read, settings, target, &next);
        if breaks(&checked.sources, &fixed.sources) {
            break;
        }
        let mut places = Places::new(&checked.sources);
        done.extend(chosen.iter().map(|(found, fix)| {
            let place = places.start(found.place);
            let files = fix.edits.iter().map(|edit| checked.sources.get(edit.place.file).path.clone()).collect();
            (files, format!("{place}: {} ({}, {})", fix.title, found.name, effect(fix.power)))
        }));
        texts = next;
        checked = fixed;
    }
    let old = |path: &Utf8Path| before.get(path).cloned().unwrap_or_default();
    let files = texts.into_iter().map(|(path, text)| (path.clone(), old(&path), text)).collect();
    let broken = checked.sources.iter().filter(|(id, source)| is_broken(*id, &source.text));
    let left = broken.map(|(_, source)| source.path.clone()).collect();
    Fixed { checked, files, done, left }
}

fn effect(power: Power) -> &'static str {
    match power {
        Power::Narrows => "allows less",
        Power::Same => "allows the same",
        Power::Widens => "allows more",
    }
}

fn check(
    inputs: &[Input],
    root: &Utf8Path,
    read: bpolc::Read<'_>,
    settings: &Settings,
    target: Option<&Target>,
    texts: &BTreeMap<Utf8PathBuf, String>,
) -> Checked {
    let inputs = inputs
        .iter()
        .map(|input| Input { path: input.path.clone(), text: texts.get(&input.path).unwrap_or(&input.text).clone() })
        .collect();
    let read = |path: &Utf8Path| texts.get(path).map_or_else(|| read(path), |text| Ok(text.clone()));
    let mut checked = bpolc::check(inputs, root, &read);
    bpolc::examine(&mut checked, Some(Timestamp::now()), target, &|lint| settings.wants(lint));
    settings.apply(&mut checked);
    checked
}

/// Fixes that can be applied together: of each finding the only one that widens nothing (between two the user has to
/// choose), where no edit touches another.
fn choose(checked: &Checked) -> Vec<(&Diagnostic, &Fix)> {
    let broken: HashSet<FileId> =
        checked.sources.iter().filter(|(id, source)| is_broken(*id, &source.text)).map(|(id, _)| id).collect();
    let mut taken: BTreeMap<FileId, BTreeMap<u32, u32>> = BTreeMap::new();
    let mut chosen = Vec::new();
    for found in &checked.diagnostics {
        let mut safe = found.fixes.iter().filter(|fix| fix.power != Power::Widens);
        let (Some(fix), None) = (safe.next(), safe.next()) else { continue };
        let fits = |edit: &Edit| {
            let span = edit.place.span;
            let text = &checked.sources.get(edit.place.file).text;
            text.get(span.start as usize..span.end as usize).is_some()
                && !broken.contains(&edit.place.file)
                && taken.get(&edit.place.file).is_none_or(|taken| is_free(taken, span.start, span.end))
        };
        if fix.edits.is_empty() || !fix.edits.iter().all(fits) {
            continue;
        }
        for edit in &fix.edits {
            taken.entry(edit.place.file).or_default().insert(edit.place.span.start, edit.place.span.end);
        }
        chosen.push((found, fix));
    }
    chosen
}

/// Whether nothing that is taken touches `start..end`. Edits that merely meet are kept apart too: their order would
/// be a guess.
fn is_free(taken: &BTreeMap<u32, u32>, start: u32, end: u32) -> bool {
    taken.range(..=end).next_back().is_none_or(|(_, &before)| before < start)
}

fn is_broken(file: FileId, text: &str) -> bool {
    syntax::parse(file, text).faults.iter().any(|fault| fault.level == Level::Error)
}

/// Whether some file cannot be read any more that could be read before. Then the fix has a bug, and its round is
/// taken back.
fn breaks(before: &Sources, after: &Sources) -> bool {
    let was_whole = |path: &Utf8Path| {
        before.iter().find(|(_, source)| source.path == path).is_some_and(|(id, source)| !is_broken(id, &source.text))
    };
    after.iter().any(|(id, source)| is_broken(id, &source.text) && was_whole(&source.path))
}

fn apply(sources: &Sources, chosen: &[(&Diagnostic, &Fix)]) -> BTreeMap<Utf8PathBuf, String> {
    let mut edits: BTreeMap<FileId, Vec<&Edit>> = BTreeMap::new();
    for edit in chosen.iter().flat_map(|(_, fix)| &fix.edits) {
        edits.entry(edit.place.file).or_default().push(edit);
    }
    edits
        .into_iter()
        .map(|(file, mut edits)| {
            edits.sort_by_key(|edit| edit.place.span);
            let source = sources.get(file);
            let mut text = String::with_capacity(source.text.len());
            let mut at = 0;
            for edit in edits {
                let span = edit.place.span;
                text.push_str(source.text.get(at..span.start as usize).unwrap_or_default());
                text.push_str(&edit.text);
                at = span.end as usize;
            }
            text.push_str(source.text.get(at..).unwrap_or_default());
            (source.path.clone(), text)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{apply, choose, is_free};
    use bpolc::Checked;
    use bpolc::diag::{Diagnostic, Power};
    use bpolc::source::{FileId, Span};
    use std::collections::BTreeMap;

    fn checked(text: &str, fixes: &[(u32, u32, Power, &str)]) -> Checked {
        let mut checked = Checked::default();
        checked.sources.add("a.bpol", text);
        for &(start, end, power, new) in fixes {
            let span = Span::new(start, end);
            checked.diagnostics.push(Diagnostic::warning("x", FileId(0), span, "x").fix("x", power, span, new));
        }
        checked
    }

    #[track_caller]
    fn check(fixes: &[(u32, u32, Power, &str)], expected: &str) {
        let checked = checked("// one two", fixes);
        let texts = apply(&checked.sources, &choose(&checked));
        assert_eq!(texts.get("a.bpol".as_ref() as &camino::Utf8Path).map_or("// one two", String::as_str), expected);
    }

    #[test]
    fn what_widens_is_left_to_the_user() {
        check(&[(3, 6, Power::Widens, "1")], "// one two");
        check(&[(3, 6, Power::Same, "1"), (7, 10, Power::Narrows, "2")], "// 1 2");
    }

    #[test]
    fn edits_that_meet_wait_for_the_next_round() {
        check(&[(3, 6, Power::Same, "1"), (5, 8, Power::Same, "2")], "// 1 two");
        check(&[(3, 6, Power::Same, "1"), (6, 6, Power::Same, "2")], "// 1 two");
        check(&[(7, 10, Power::Same, "2"), (3, 8, Power::Same, "1")], "// one 2");
    }

    #[test]
    fn a_choice_between_two_fixes_is_left_to_the_user() {
        let mut checked = checked("// one", &[(3, 6, Power::Same, "1")]);
        let other = checked.diagnostics[0].fixes[0].clone();
        checked.diagnostics[0].fixes.push(other);
        assert!(choose(&checked).is_empty());
    }

    #[test]
    fn touching_is_not_free() {
        let taken = BTreeMap::from([(4, 6)]);
        assert!(is_free(&taken, 0, 3) && is_free(&taken, 7, 9));
        assert!(!is_free(&taken, 0, 4) && !is_free(&taken, 6, 6) && !is_free(&taken, 5, 5));
    }
}
