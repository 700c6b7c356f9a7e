//! What an editor offers while a policy is written: everywhere in the examples, whole and with parts cut out.

use std::path::{Path, PathBuf};

use bpolc::ide::View;
use bpolc::ide::completion::{Around, Completion, completions, must_go_on};
use bpolc::ide::layout::layout;
use bpolc::ide::signature::signature;
use bpolc::ide::typing::typed;
use bpolc::source::{FileId, Span};
use bpolc::{Checked, Input};
use camino::Utf8Path;

use crate::random::rng::Rng;

/// The examples: each folder is one policy.
fn examples() -> Vec<Vec<Input>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let mut folders: Vec<Vec<Input>> = Vec::new();
    let mut directories: Vec<_> = std::fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).collect();
    directories.sort();
    for directory in directories.into_iter().filter(|path| path.is_dir()) {
        let mut files: Vec<_> = std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        let policies = files.iter().filter(|path| path.extension().is_some_and(|extension| extension == "bpol"));
        let input = |path: &PathBuf| Input {
            path: path.file_name().unwrap().to_str().unwrap().into(),
            text: std::fs::read_to_string(path).unwrap(),
        };
        folders.push(policies.map(input).collect());
    }
    folders.retain(|inputs| !inputs.is_empty());
    folders
}

fn checked(inputs: Vec<Input>) -> Checked {
    bpolc::check(inputs, Utf8Path::new("."), &|_| Err("no such file".to_owned()))
}

fn offered(view: View<'_>, offset: u32) -> Vec<Completion> {
    let around = Around {
        today: Some(jiff::civil::date(2026, 11, 24)),
        snippets: false,
        files: &|| vec!["declarations.bpol".into(), "app.bpol".into()],
        names: &|| Vec::new(),
    };
    completions(view, offset, &around)
}

/// How many cases, and with which seed they begin.
fn cases() -> (u64, u64) {
    let number = |name: &str, usual| std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual);
    (number("BPOL_CASES", 600), number("BPOL_SEED", 1))
}

/// What is asked at an offset, and what holds of every answer.
fn look(view: View<'_>, offset: u32) {
    let text = view.text();
    for one in offered(view, offset) {
        let Span { start, end } = one.change.span;
        let replaced = one.change.span.of(text);
        let at = format!("{one:?} at {offset} in {text:?}");
        assert!(start <= offset && offset <= end && text.is_char_boundary(end as usize), "{at}");
        assert!(!replaced.contains([';', '<', '>', '\n']), "{at}");
        assert!(one.more.iter().all(|more| more.span.end <= start || end <= more.span.start), "{at}");
    }
    signature(view, offset);
    must_go_on(view, offset);
    for character in [';', '>', '\n'] {
        let mut before = None;
        for change in typed(view, offset, character) {
            assert!(
                before.is_none_or(|before| before <= change.span.start),
                "changes out of order at {offset}: {text:?}"
            );
            assert!(
                text.is_char_boundary(change.span.start as usize) && text.is_char_boundary(change.span.end as usize)
            );
            before = Some(change.span.end);
        }
    }
}

fn boundary(text: &str, rng: &mut Rng) -> usize {
    text.floor_char_boundary(rng.below(text.len() + 1))
}

/// A policy with a part cut out of its first file, or with something typed into it.
fn edited(rng: &mut Rng, inputs: &[Input]) -> Vec<Input> {
    const TYPED: [&str; 14] =
        ["\"", "<", ">", ";", "//", "///", " allow ", " to payees \"", "\n", "é", ", ", "key \"x\" ", "unless ", "{"];
    let mut inputs = inputs.to_vec();
    let first = rng.below(inputs.len());
    inputs.swap(0, first);
    let text = &mut inputs[0].text;
    let (one, other) = (boundary(text, rng), boundary(text, rng));
    let short = text.floor_char_boundary((one + rng.below(30)).min(text.len()));
    match rng.below(3) {
        0 => text.replace_range(one..short, ""),
        1 => text.insert_str(one, rng.pick(&TYPED)),
        _ => text.replace_range(one.min(other)..one.max(other), ""),
    }
    inputs
}

#[test]
fn nothing_breaks_wherever_one_types() {
    let (cases, seed) = cases();
    let examples = examples();
    for case in seed..seed + cases {
        let rng = &mut Rng::new(case);
        let inputs = rng.pick(&examples);
        let inputs = if rng.percent(20) { inputs } else { edited(rng, &inputs) };
        let checked = checked(inputs);
        let view = View { checked: &checked, file: FileId(0), ir: None };
        for _ in 0..4 {
            look(view, u32::try_from(boundary(view.text(), rng)).unwrap());
        }
        let all = layout(view, None);
        let mut new = view.text().to_owned();
        for one in all.iter().rev() {
            new.replace_range(one.span.start as usize..one.span.end as usize, &one.text);
        }
        if let Ok(formatted) = bpolc::fmt::format(view.text()) {
            assert_eq!(new, formatted, "case {case}");
        } else {
            let words = |text: &str| text.split_whitespace().collect::<String>().len();
            assert_eq!(words(&new), words(view.text()), "case {case}");
        }
    }
}

/// Where the words and strings of a text stand that an editor could have offered.
fn words(text: &str) -> Vec<Span> {
    let mut all = Vec::new();
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let rest = &text[at..];
        let length = match bytes[at] {
            b'/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            b'"' => rest[1..].find('"').map_or(rest.len(), |end| end + 2),
            byte if byte.is_ascii_alphanumeric() => {
                rest.find(|c: char| !(c.is_ascii_alphanumeric() || "-:./".contains(c))).unwrap_or(rest.len())
            }
            _ => rest.chars().next().map_or(1, char::len_utf8),
        };
        if bytes[at] == b'"' || bytes[at].is_ascii_alphabetic() {
            all.push(Span::new(u32::try_from(at).unwrap(), u32::try_from(at + length).unwrap()));
        }
        at += length;
    }
    all
}

#[test]
fn what_examples_say_is_offered_where_they_say_it() {
    let mut missing = Vec::new();
    for inputs in examples() {
        let checked = checked(inputs);
        for (file, source) in checked.sources.iter() {
            let view = View { checked: &checked, file, ir: None };
            let text = &source.text;
            let mut before = ["", ""];
            for span in words(text) {
                let word = span.of(text);
                let [two, one] = before;
                before = [one, word];
                let declares = word.starts_with('"')
                    && (matches!(
                        one,
                        "key" | "role" | "account" | "payee" | "payees" | "network" | "limit" | "test" | "url"
                    ) && text[..span.start as usize]
                        .trim_end()
                        .rsplit('\n')
                        .next()
                        .is_some_and(|line| !line.starts_with(' '))
                        && two != "for"
                        && two != "ensure"
                        || one == "url");
                let is_value = word.bytes().any(|byte| byte.is_ascii_digit()) && !word.starts_with('"');
                if declares || is_value || one == "ip" {
                    continue;
                }
                let offered = offered(view, span.start);
                let fits = |one: &Completion| {
                    let text = &one.change.text;
                    text.starts_with(word)
                        || one.filter.as_ref().is_some_and(|filter| filter.starts_with(word))
                        || word.strip_suffix('s').is_some_and(|word| text.starts_with(word))
                        || format!("{word}s") == *text
                };
                if !offered.iter().any(fits) {
                    let line = text[..span.end as usize].rsplit('\n').next().unwrap_or_default();
                    missing.push(format!("{}: {line}", source.path));
                }
            }
        }
    }
    assert!(missing.is_empty(), "{} are not offered:\n{}", missing.len(), missing.join("\n"));
}
