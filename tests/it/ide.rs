//! What editors are told of a text that changes, beside what a fresh check says.

use std::fs;

use bpolc::diag::Diagnostic;
use bpolc::ide::{Known, Replaced, Snapshot, Workspace};
use bpolc::lint::{self, Lint, Profile};
use bpolc::source::{FileId, FileSpan, Span};
use camino::Utf8Path;
use jiff::Timestamp;

use crate::random::rng::Rng;

const PATH: &str = "a.bpol";

fn wanted(lint: &Lint) -> bool {
    Profile::Strict.has(lint)
}

fn now() -> Option<Timestamp> {
    "2026-11-24T12:00:00Z".parse().ok()
}

fn snapshot(workspace: &Workspace) -> Snapshot {
    let read = |_: &Utf8Path| Err("no such file".to_owned());
    workspace.policy(Utf8Path::new(PATH), Utf8Path::new(""), &read).expect("it was set")
}

fn workspace(text: &str) -> Workspace {
    let mut workspace = Workspace::default();
    workspace.set(Utf8Path::new(PATH), text.to_owned());
    workspace
}

/// Examples and the corpus, those that import nothing.
fn texts() -> Vec<(String, String)> {
    let root = env!("CARGO_MANIFEST_DIR");
    let mut all = Vec::new();
    for directory in ["examples", "tests/corpus"] {
        for entry in fs::read_dir(format!("{root}/{directory}")).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|extension| extension == "bpol") {
                let text = fs::read_to_string(&path).unwrap();
                if !text.contains("import \"") && !text.contains("bank \"") {
                    all.push((path.file_name().unwrap().to_str().unwrap().to_owned(), text));
                }
            }
        }
    }
    all.sort();
    all
}

/// The findings that stand in places, without those of lints that have to know all keys.
fn within(found: &[Diagnostic], own: &[FileSpan]) -> Vec<Diagnostic> {
    let lints = lint::all();
    let of_whole = |name: &str| lints.iter().any(|lint| lint.is_of_whole && lint.name == name);
    let holds =
        |place: FileSpan| own.iter().any(|own| own.span.start <= place.span.start && place.span.end <= own.span.end);
    found.iter().filter(|one| holds(one.place) && !of_whole(one.name)).cloned().collect()
}

fn keys(snapshot: &Snapshot, text: &str) -> Vec<String> {
    let mut keys = snapshot.keys_in(FileId(0), Span::new(0, u32::try_from(text.len()).unwrap()));
    keys.sort();
    keys.dedup();
    keys
}

#[test]
fn what_is_found_in_a_key_alone_is_what_is_found_in_it_with_all_others() {
    let mut keys_seen = 0;
    for (name, text) in texts() {
        let snapshot = snapshot(&workspace(&text));
        let whole = snapshot.findings(now(), &wanted);
        for key in keys(&snapshot, &text) {
            let one = [key];
            let own = snapshot.own(&one);
            let alone = snapshot.findings_of(&one, now(), &wanted);
            assert_eq!(within(&alone, &own), within(&whole, &own), "{name}, key {one:?}");
            keys_seen += 1;
        }
    }
    assert!(keys_seen > 100, "only {keys_seen} keys");
}

#[test]
fn a_broken_line_takes_nothing_from_the_other_keys() {
    let two = "account \"A\" is iban NL20INGB0001234567;\n\
               key \"a\" < allow create payment on account \"A\" to anyone up to 5 EUR per 24h; >\n\
               key \"b\" < allow read transactions on account \"A\" since 30d; >\n\
               ensure key \"a\" cannot create payment;\n";
    let snapshot_of = |text: &str| snapshot(&workspace(text)).findings(now(), &wanted);
    let sound = snapshot_of(two);
    let of_a = |found: &[Diagnostic]| -> Vec<(String, String)> {
        let all = found.iter().filter(|one| one.place.span.start < 115 || one.name == "refuted-claim");
        all.map(|one| (one.name.to_owned(), one.message.clone())).collect()
    };
    assert!(sound.iter().any(|one| one.name == "refuted-claim"), "{sound:?}");
    let half_typed = two.replace("since 30d; >", "since >");
    let broken = snapshot_of(&half_typed);
    assert!(broken.iter().any(|one| one.level == bpolc::diag::Level::Error && one.name != "refuted-claim"));
    let kept = |name: &str| !["untested-key"].contains(&name);
    let before: Vec<_> = of_a(&sound).into_iter().filter(|(name, _)| kept(name)).collect();
    let after: Vec<_> = of_a(&broken).into_iter().filter(|(name, _)| kept(name)).collect();
    assert_eq!(after, before);
}

/// Edits as people make them, one after the other: what is known after each of the keys that it touched is what a fresh
/// look at the whole text finds there.
#[test]
fn what_is_known_after_edits_is_what_a_fresh_look_finds() {
    let cases: usize = std::env::var("BPOL_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(60);
    let seed: u64 = std::env::var("BPOL_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(1);
    let mut random = Rng::new(seed);
    let texts = texts();
    let pieces = [
        "",
        "",
        " ",
        "\n",
        ";",
        "0",
        "deny payment;",
        "allow read transactions;",
        "up to 5 EUR per day",
        "30d",
        "\"",
        "<",
        ">",
        "// note\n",
        "allow create payment up to 50 EUR;",
        "ask payment over 1 EUR;",
        "key \"new\" < allow read balance; >",
        "ensure every key cannot create payment;",
        "every key < deny cards; >",
    ];
    let mut compared = 0;
    for _ in 0..cases {
        let (name, start) = &texts[random.below(texts.len())];
        let mut text = start.clone();
        let mut workspace = workspace(&text);
        let mut known = Known::new(snapshot(&workspace));
        let findings = known.snapshot().findings(now(), &wanted);
        known.settle(findings);
        for _ in 0..4 {
            // Half of them between two lines, where a whole statement leaves the text sound.
            let between: Vec<usize> = text.match_indices(";\n").map(|(at, _)| at + 1).collect();
            let (at, most) = if random.percent(50) && !between.is_empty() {
                (random.pick(&between), 1)
            } else {
                (text.floor_char_boundary(random.below(text.len() + 1)), 4)
            };
            let end = text.floor_char_boundary((at + random.below(most)).min(text.len())).max(at);
            let piece = random.pick(&pieces);
            let place = Span::new(u32::try_from(at).unwrap(), u32::try_from(end).unwrap());
            let mut touched = known.snapshot().keys_in(FileId(0), place);
            let edited = workspace.edit(Utf8Path::new(PATH), place, piece).expect("the place is there");
            text.replace_range(at..end, piece);
            assert_eq!(workspace.text(Utf8Path::new(PATH)), Some(text.as_str()));
            let replaced = Replaced { place, length: u32::try_from(piece.len()).unwrap() };
            known.edited(snapshot(&workspace), FileId(0), replaced, edited.touched);
            touched.extend(known.snapshot().keys_in(FileId(0), edited.touched));
            touched.sort();
            touched.dedup();
            if !touched.is_empty() {
                known.look_at(&touched, now(), &wanted);
            }
            let fresh = snapshot(&self::workspace(&text)).findings(now(), &wanted);
            let is_shared_sound = fresh.iter().all(|one| one.level != bpolc::diag::Level::Error);
            let own = known.snapshot().own(&touched);
            // While what all depend on is broken a part may know more than the whole, in which nothing is looked at then.
            if is_shared_sound {
                assert_eq!(within(known.findings(), &own), within(&fresh, &own), "{name}: {text}");
                compared += usize::from(!own.is_empty());
            }
            known.settle(fresh);
        }
    }
    assert!(compared * 20 > cases, "only {compared} compared");
}
