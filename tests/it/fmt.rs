//! Text in, laid out text out.

use bpolc::fmt::format;
use bpolc::source::FileId;
use bpolc::syntax::parse;
use bpolc::syntax::pieces::comments;

/// Formats a sound text and holds it to the laws of the formatter.
pub(crate) fn check_format(text: &str) -> String {
    let once = format(text).unwrap_or_else(|faults| panic!("{faults:#?}\n{text}"));
    let twice = format(&once).unwrap_or_else(|faults| panic!("{faults:#?}\n{once}"));
    assert_eq!(once, twice, "formatting twice is formatting once");
    assert_eq!(comment_texts(text), comment_texts(&once), "comments stay");
    once
}

fn comment_texts(text: &str) -> Vec<&str> {
    comments(&parse(FileId(0), text).tree).into_iter().map(|span| span.of(text)).collect()
}

#[test]
fn a_messy_file_is_laid_out() {
    insta::assert_snapshot!(check_format(include_str!("../fmt/messy.bpol")));
}

#[test]
fn every_shape_of_the_grammar_is_laid_out() {
    insta::assert_snapshot!(check_format(include_str!("../syntax/whole.bpol")));
}

#[test]
fn the_sample_line_stays() {
    let text = include_str!("../syntax/sample.bpol");
    assert_eq!(check_format(text), text);
}

#[test]
fn line_ends_and_byte_order_mark_are_dropped() {
    assert_eq!(check_format("\u{feff}bank \"bunq\";\r\n// a\r\n"), "bank \"bunq\";\n// a\n");
    assert_eq!(check_format(""), "");
    assert_eq!(check_format(" \n\n"), "");
}

#[test]
fn a_text_with_faults_is_refused() {
    let faults = format("bank \"bunq\"").expect_err("the semicolon is missing");
    assert_eq!(faults.len(), 1);
    assert_eq!(faults[0].name, "missing-semicolon");
}
