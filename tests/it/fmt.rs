//! Text in, laid out text out.

use bpolc::fmt::format;
use bpolc::source::FileId;
use bpolc::syntax::parse;
use bpolc::syntax::pieces::comments;
use bpolc::syntax::tree::{Clause, ItemKind, StatementKind, Unless};
use proptest::prelude::*;

use crate::syntax::policy::{Choices, file};
use crate::syntax::show_tree;

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

/// The tree with clauses in the order of the grammar, as text without offsets.
fn meaning(text: &str) -> String {
    let mut parse = parse(FileId(0), text);
    assert_eq!(parse.faults, [], "{text}");
    for item in &mut parse.tree.items {
        match &mut item.kind {
            ItemKind::Role { body, .. } | ItemKind::Key { body, .. } | ItemKind::Guardrail { body, .. } => {
                body.iter_mut().for_each(|statement| sort_statement(&mut statement.kind));
            }
            ItemKind::Ensure(claim) => sort_clauses(&mut claim.clauses, &mut claim.unless),
            _ => {}
        }
    }
    // The texts of spans that hold several words differ in blanks and order; the words are in the spans below them.
    let shown = show_tree(text, &parse);
    let shape = shown.lines().filter(|line| !line.trim_start().starts_with("span: ") || line.contains("‹\""));
    let lines: Vec<&str> = shape.filter(|line| !line.contains("// note")).collect();
    lines.join("\n").replace(" ,", ",")
}

fn sort_statement(kind: &mut StatementKind) {
    match kind {
        StatementKind::Rule(rule) => sort_clauses(&mut rule.clauses, &mut rule.unless),
        StatementKind::Use { clauses, .. } | StatementKind::Only(clauses) => sort_clauses(clauses, &mut []),
        StatementKind::Bad => {}
    }
}

fn sort_clauses(clauses: &mut [Clause], unless: &mut [Unless]) {
    // The name of the kind is as good an order as any.
    let name = |clause: &Clause| format!("{:?}", clause.kind).split(['(', ' ']).next().unwrap_or_default().to_owned();
    clauses.sort_by_key(name);
    for block in unless {
        block.clauses.sort_by_key(name);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn layout_keeps_comments_and_meaning(numbers in proptest::collection::vec(proptest::num::u16::ANY, 0..400)) {
        let text = file(&mut Choices::new(&numbers));
        let laid_out = check_format(&text);
        prop_assert_eq!(meaning(&text), meaning(&laid_out), "{}\n{}", text, laid_out);
    }

    #[test]
    fn lines_without_comments_are_short(numbers in proptest::collection::vec(proptest::num::u16::ANY, 0..400)) {
        let text = file(&mut Choices::plain(&numbers));
        let laid_out = check_format(&text);
        for line in laid_out.lines() {
            prop_assert!(line.chars().count() <= 100, "{}", line);
        }
    }
}
