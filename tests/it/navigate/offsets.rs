//! Whatever is asked about any place of any text is answered, and all that is answered lies in the text.

use bpolc::ide::definition::definition;
use bpolc::ide::folding::folding;
use bpolc::ide::highlight::highlight;
use bpolc::ide::links::links;
use bpolc::ide::names::{names, page, under};
use bpolc::ide::references::references;
use bpolc::ide::rename::{prepare, rename};
use bpolc::ide::search::search;
use bpolc::ide::selection::selection;
use bpolc::ide::symbols::symbols;
use bpolc::ide::{Snapshot, View};
use bpolc::source::Span;
use camino::Utf8Path;

use super::{Files, cases, examples, policies};
use crate::random::rng::Rng;

fn lies_in(text: &str, span: Span) {
    assert!(text.get(span.start as usize..span.end as usize).is_some(), "{span:?} in {text:?}");
}

/// Asks everything that is about a whole file.
fn whole(files: &Files) {
    let known = policies(files);
    for policy in &known {
        let part = policy.part(&[]);
        for (page, (file, _)) in policy.pages().zip(part.checked.sources.iter()) {
            let view = part.view(file);
            names(page).iter().for_each(|one| lies_in(page.text, one.span));
            links(view).iter().for_each(|one| lies_in(page.text, one.span));
            for one in symbols(view) {
                lies_in(page.text, one.span);
                lies_in(page.text, one.selection);
            }
            let lines = u32::try_from(page.text.matches('\n').count()).unwrap();
            let folds = folding(view);
            assert!(folds.iter().all(|fold| fold.first < fold.last && fold.last <= lines), "{folds:?}");
            assert!(folds.is_sorted_by_key(|fold| fold.first));
        }
    }
    let pages = known.iter().flat_map(Snapshot::pages);
    search(pages, "a", 5).iter().for_each(|(page, one)| lies_in(page.text, one.span));
}

/// Asks everything that is about a place.
fn at(policies: &[&Snapshot], view: View<'_>, path: &Utf8Path, offset: u32) {
    let text = view.text();
    under(view.page().unwrap(), offset);
    highlight(view, offset).iter().for_each(|one| lies_in(text, one.span));
    let around = selection(view, offset);
    around.iter().for_each(|span| lies_in(text, *span));
    assert_eq!(around.last().map(|span| span.of(text)), Some(text));
    for pair in around.windows(2) {
        assert!(pair[0] != pair[1] && pair[1].start <= pair[0].start && pair[0].end <= pair[1].end, "{around:?}");
    }
    if let Some((word, all)) = definition(policies, path, offset) {
        lies_in(text, word);
        for one in all {
            let there = page(policies, &one.path).map_or("", |page| page.text);
            lies_in(there, one.span);
            lies_in(there, one.selection);
        }
    }
    for place in references(policies, path, offset, true).unwrap_or_default() {
        lies_in(place.page.text, place.span);
    }
    let can = prepare(policies, path, offset);
    let renamed = rename(policies, path, offset, "a fresh name");
    assert_eq!(can.is_ok(), renamed.is_ok(), "{can:?} {renamed:?}");
    if let Ok(one) = can {
        lies_in(text, one.span);
    }
}

#[test]
fn every_place_of_the_examples_can_be_asked_about() {
    let files = examples();
    whole(&files);
    let known = policies(&files);
    let refs: Vec<&Snapshot> = known.iter().collect();
    for policy in &known {
        let part = policy.part(&[]);
        for (file, source) in part.checked.sources.iter() {
            let end = u32::try_from(source.text.len()).unwrap() + 3;
            for offset in (0..end).step_by(3) {
                at(&refs, part.view(file), &source.path, offset);
            }
        }
    }
}

#[test]
fn texts_with_holes_can_be_asked_about() {
    let all = examples();
    for seed in cases(60) {
        let mut rng = Rng::new(seed);
        let (path, text) = rng.pick(&all);
        let mut text = text.clone();
        for _ in 0..=rng.below(3) {
            let [one, other] = [(); 2].map(|()| text.floor_char_boundary(rng.below(text.len() + 1)));
            let start = one.min(other);
            let length = if rng.percent(70) { rng.below(12) } else { one.max(other) - start };
            let end = text.floor_char_boundary((start + length).min(text.len())).max(start);
            let put =
                ["", "\"", "<", ">", ";", "//", "é\u{301}", "\u{feff}", "{", "“", "\r", "use role \"x\" on account"];
            text.replace_range(start..end, rng.pick(&put));
        }
        let files: Files = vec![(path.clone(), text)];
        whole(&files);
        let known = policies(&files);
        let refs: Vec<&Snapshot> = known.iter().collect();
        let part = known[0].part(&[]);
        let (file, source) = part.checked.sources.iter().next().unwrap();
        for _ in 0..40 {
            let offset = u32::try_from(rng.below(source.text.len() + 4)).unwrap();
            at(&refs, part.view(file), &source.path, offset);
        }
    }
}
