//! Text in, tree and faults out.

use std::fmt::Write;

use bpolc::source::{FileId, Span, line_column};
use bpolc::syntax::{Parse, parse};

/// The tree with the text of each span in place of its offsets.
fn show_tree(text: &str, parse: &Parse) -> String {
    let debug = format!("{:#?}", parse.tree);
    let mut out = String::new();
    let mut rest = debug.as_str();
    while let Some(at) = rest.find("Span {") {
        out.push_str(&rest[..at]);
        let end = at + rest[at..].find('}').expect("a span ends") + 1;
        let mut numbers = rest[at..end].split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty());
        let mut number = || numbers.next().and_then(|part| part.parse().ok()).expect("a span has two numbers");
        let span = Span::new(number(), number());
        let shown: Vec<&str> = span.of(text).split_whitespace().collect();
        write!(out, "‹{}›", shown.join(" ")).expect("a string takes all");
        rest = &rest[end..];
    }
    out.push_str(rest);
    out
}

/// The faults as a reader sees them: place, message, what is under it, labels, help, and the text after each fix.
fn show_faults(text: &str, parse: &Parse) -> String {
    let mut out = String::new();
    for fault in &parse.faults {
        let (line, column) = line_column(text, fault.place.span.start);
        let under = fault.place.span.of(text).escape_debug();
        writeln!(out, "{line}:{column} {}: {}\n  at ‹{under}›", fault.name, fault.message).expect("a string takes all");
        for label in &fault.labels {
            let (line, column) = line_column(text, label.place.span.start);
            writeln!(out, "  {line}:{column} {}", label.text).expect("a string takes all");
        }
        if let Some(help) = &fault.help {
            writeln!(out, "  help: {help}").expect("a string takes all");
        }
        for fix in &fault.fixes {
            let mut fixed = text.to_owned();
            for edit in fix.edits.iter().rev() {
                fixed.replace_range(edit.place.span.start as usize..edit.place.span.end as usize, &edit.text);
            }
            let changed: Vec<&str> = fixed.lines().filter(|line| !text.lines().any(|old| old == *line)).collect();
            writeln!(out, "  fix: {} → {}", fix.title, changed.join(" ⏎ ")).expect("a string takes all");
        }
    }
    out
}

#[test]
fn the_sample_line_is_a_whole_file() {
    let text = include_str!("../syntax/sample.bpol");
    let parse = parse(FileId(0), text);
    assert_eq!(show_faults(text, &parse), "");
    insta::assert_snapshot!(show_tree(text, &parse));
}

#[test]
fn every_shape_of_the_grammar_is_read() {
    let text = include_str!("../syntax/whole.bpol");
    let parse = parse(FileId(0), text);
    assert_eq!(show_faults(text, &parse), "");
    insta::assert_snapshot!(show_tree(text, &parse));
}

/// Snapshots the faults of a fixture.
macro_rules! check_faults {
    ($name:ident, $file:literal) => {
        #[test]
        fn $name() {
            let text = include_str!(concat!("../syntax/", $file));
            insta::assert_snapshot!(show_faults(text, &parse(FileId(0), text)));
        }
    };
}

check_faults!(what_people_type_instead_is_explained, "idioms.bpol");
check_faults!(broken_clauses_are_explained, "clauses.bpol");
check_faults!(broken_blocks_are_explained, "blocks.bpol");
check_faults!(five_faults_make_five_errors, "five.bpol");
