//! Another name for a thing changes nothing but the name.

use bpolc::diag::Diagnostic;
use bpolc::ide::names::{self, Space, names};
use bpolc::ide::rename::rename;
use bpolc::ide::{Part, Snapshot};
use camino::Utf8Path;
use serde_json::Value;

use super::{Files, cases, examples, policies};
use crate::naive::print::print;
use crate::random;
use crate::random::rng::Rng;

/// A name that stands nowhere.
const FRESH: &str = "frésh \"name\" \\";

/// What a policy means and what is found in it, with the fresh name as it was before.
fn said(part: &Part, space: Space, old: &str) -> (Value, Vec<(String, String)>) {
    let mut ir = serde_json::to_value(&part.ir).unwrap();
    back(&mut ir, old);
    if space == Space::Key {
        // What a key spent is counted under its name.
        forget_counters(&mut ir);
    }
    let found = |one: &Diagnostic| (one.name.to_owned(), one.message.replace(FRESH, old));
    let mut found: Vec<_> = part.checked.diagnostics.iter().map(found).collect();
    found.sort();
    (ir, found)
}

/// Gives the fresh name its old form, and forgets columns: they move with the length of names.
fn back(value: &mut Value, old: &str) {
    match value {
        Value::String(text) => {
            // Texts of statements hold names as they are written.
            let written = |name: &str| name.replace('\\', "\\\\").replace('"', "\\\"");
            *text = text.replace(&written(FRESH), &written(old)).replace(FRESH, old);
        }
        Value::Array(all) => all.iter_mut().for_each(|one| back(one, old)),
        Value::Object(all) => {
            all.remove("column");
            all.values_mut().for_each(|one| back(one, old));
        }
        _ => {}
    }
}

fn forget_counters(ir: &mut Value) {
    for counter in ir["counters"].as_array_mut().into_iter().flatten() {
        assert!(counter["id"].take().is_string());
    }
}

fn parts(policies: &[Snapshot]) -> Vec<Part> {
    policies.iter().map(Snapshot::whole).collect()
}

/// Renames what stands at an offset of a file, compares, and renames it back.
#[track_caller]
fn check(files: &Files, path: &Utf8Path, offset: u32, space: Space, old: &str) {
    let before = policies(files);
    let renamed = apply(files, &before, path, offset, FRESH);
    let after = policies(&renamed);
    for (was, is) in parts(&before).iter().zip(&parts(&after)) {
        let ((ir, found), (new_ir, new_found)) = (said(was, space, old), said(is, space, old));
        assert_eq!(found, new_found, "{path}: {} {old}", space.word());
        let [ir, new_ir] = [ir, new_ir].map(|ir| serde_json::to_string_pretty(&ir).unwrap());
        let differs = ir.lines().zip(new_ir.lines()).find(|(line, new)| line != new);
        assert_eq!((differs, ir.len()), (None, new_ir.len()), "{path}: {} {old}", space.word());
    }
    let refs: Vec<&Snapshot> = after.iter().collect();
    let page = names::page(&refs, path).unwrap();
    let there = names(page).into_iter().find(|one| one.declares && one.space == space && one.name(page.text) == FRESH);
    let again = apply(&renamed, &after, path, there.unwrap().span.start, old);
    assert_eq!(&again, files, "{path}: {} {old}", space.word());
}

#[track_caller]
fn apply(files: &Files, policies: &[Snapshot], path: &Utf8Path, offset: u32, new: &str) -> Files {
    let refs: Vec<&Snapshot> = policies.iter().collect();
    let renamed = rename(&refs, path, offset, new).unwrap();
    let mut files = files.clone();
    for (page, spans) in &renamed.files {
        let (_, text) = files.iter_mut().find(|(other, _)| other == page.path).unwrap();
        for span in spans.iter().rev() {
            text.replace_range(span.start as usize..span.end as usize, &renamed.text);
        }
    }
    files
}

#[test]
fn every_name_of_the_examples_can_be_another() {
    let files = examples();
    let mut count = 0;
    // Examples lie in folders that know nothing of each other.
    let mut folders: Vec<&Utf8Path> = files.iter().filter_map(|(path, _)| path.parent()).collect();
    folders.dedup();
    for folder in folders {
        let here: Files = files.iter().filter(|(path, _)| path.parent() == Some(folder)).cloned().collect();
        let known = policies(&here);
        let refs: Vec<&Snapshot> = known.iter().collect();
        for (path, _) in &here {
            let page = names::page(&refs, path).unwrap();
            for one in names(page).iter().filter(|one| one.declares) {
                let old = one.name(page.text);
                check(&here, path, one.span.start, one.space, &old);
                count += 1;
            }
        }
    }
    assert!(count > 40, "{count}");
}

#[test]
fn names_of_random_policies_can_be_others() {
    for seed in cases(25) {
        let mut rng = Rng::new(seed);
        let case = random::cases(&mut rng, 1).remove(0);
        let files: Files = vec![("a.bpol".into(), print(&case.policy))];
        let known = policies(&files);
        let page = known[0].pages().next().unwrap();
        let declared: Vec<_> = names(page).into_iter().filter(|one| one.declares).collect();
        for one in rng.some(&declared, 3) {
            check(&files, Utf8Path::new("a.bpol"), one.span.start, one.space, &one.name(page.text));
        }
    }
}
