//! Colours: in order, without overlaps, none over two lines, and of every word of a sound policy.

use bpolc::ide::tokens::tokens;
use bpolc::source::Span;

use super::{Files, cases, examples, policies};
use crate::naive::print::print;
use crate::random;
use crate::random::rng::Rng;

#[track_caller]
fn check(files: &Files, is_sound: bool) {
    for policy in &policies(files) {
        let part = policy.part(&[]);
        for (file, source) in part.checked.sources.iter() {
            let text = &source.text;
            let all = tokens(part.view(file), None);
            let mut at = 0;
            for token in &all {
                assert!(at <= token.span.start && token.span.start < token.span.end, "{token:?} in {text}");
                let said = text.get(token.span.start as usize..token.span.end as usize).expect("a token in the text");
                assert!(!said.contains('\n'), "{token:?} in {text}");
                if is_sound {
                    bare(text, Span::new(at, token.span.start));
                }
                at = token.span.end;
            }
            if is_sound {
                bare(text, Span::new(at, u32::try_from(text.len()).unwrap()));
            }
        }
    }
}

/// What has no colour is punctuation.
#[track_caller]
fn bare(text: &str, part: Span) {
    let said = part.of(text);
    assert!(said.chars().all(|c| c.is_whitespace() || ";,<>-\u{feff}".contains(c)), "{said:?} has no colour in {text}");
}

#[test]
fn every_word_of_the_examples_has_a_colour() {
    check(&examples(), true);
}

#[test]
fn every_word_of_random_policies_has_a_colour() {
    for seed in cases(40) {
        let case = random::cases(&mut Rng::new(seed), 1).remove(0);
        check(&vec![("a.bpol".into(), print(&case.policy))], true);
    }
}

#[test]
fn tokens_of_half_a_text_are_in_order() {
    let all = examples();
    for seed in cases(120) {
        let mut rng = Rng::new(seed);
        let (path, text) = rng.pick(&all);
        let mut text = text.clone();
        let start = text.floor_char_boundary(rng.below(text.len() + 1));
        let end = text.floor_char_boundary((start + rng.below(30)).min(text.len())).max(start);
        let put = ["", "\"", "“x”", "<", ">", ";", "// x", "#", "{", "all accounts", "from account \"X\"", "€50", "\r"];
        text.replace_range(start..end, rng.pick(&put));
        check(&vec![(path, text)], false);
    }
}
