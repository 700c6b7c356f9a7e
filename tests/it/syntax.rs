//! Text in, tree and faults out.

pub(crate) mod policy;

use std::fmt::Write;

use bpolc::source::{FileId, Span, line_column};
use bpolc::syntax::pieces::{Piece, pieces};
use bpolc::syntax::{Parse, parse};
use proptest::prelude::*;

use policy::{Choices, file};

/// The tree with the text of each span in place of its offsets.
pub(crate) fn show_tree(text: &str, parse: &Parse) -> String {
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

/// What holds of every parse, whatever the text.
pub(crate) fn check_parse(text: &str) -> Parse {
    let parse = parse(FileId(0), text);
    let fits = |span: Span| text.get(span.start as usize..span.end as usize).is_some();
    for pair in parse.tree.items.windows(2) {
        assert!(pair[0].span.end <= pair[1].span.start, "items overlap: {pair:?}\n{text}");
    }
    for pair in parse.tree.comments.windows(2) {
        assert!(pair[0].end <= pair[1].start, "comments overlap: {pair:?}\n{text}");
    }
    for fault in &parse.faults {
        assert!(fits(fault.place.span), "{fault:?}\n{text}");
        assert!(fault.help.is_some(), "{fault:?}");
        assert!(fault.labels.iter().all(|label| fits(label.place.span)), "{fault:?}");
        assert!(fault.fixes.iter().flat_map(|fix| &fix.edits).all(|edit| fits(edit.place.span)), "{fault:?}");
    }
    assert!(parse.faults.windows(2).all(|pair| pair[0].place.span.start <= pair[1].place.span.start));
    if show_tree(text, &parse).contains("Bad") {
        assert!(!parse.faults.is_empty(), "a bad piece has a fault\n{text}");
    }
    if parse.faults.is_empty() {
        check_pieces(text, &parse);
    }
    parse
}

/// The pieces of a sound tree and its comments are the text without its blanks, and what is between values is words of
/// the grammar.
fn check_pieces(text: &str, parse: &Parse) {
    const GLUE: &str = "import bank timezone account is iban id payee payees network limit role key every except ensure test \
        for allow ask deny use only unless and on to url up over at most more than within via repeating since created by this \
        showing hiding from during starting before accounts any own favorites anyone amount each time times per day week month \
        year in total ip networks anywhere can cannot must no exactly expect of dated ago after spending earlier today";
    let mut end = if parse.tree.bom { 3 } else { 0 };
    for piece in pieces(&parse.tree, text).pieces {
        let span = piece.span();
        let between = Span::new(end, span.start).of(text);
        assert!(end <= span.start && between.trim().is_empty(), "‹{between}› is in no piece\n{text}");
        if let Piece::Glue(glue) = piece {
            for word in glue.of(text).split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()) {
                assert!(GLUE.split_whitespace().any(|known| known == word), "‹{word}› is in no value\n{text}");
            }
        }
        end = span.end;
    }
    assert!(
        Span::new(end, u32::try_from(text.len()).expect("short")).of(text).trim().is_empty(),
        "the end is missing\n{text}"
    );
}

#[test]
fn pieces_of_the_fixtures_are_their_text() {
    for text in [include_str!("../syntax/sample.bpol"), include_str!("../syntax/whole.bpol")] {
        assert!(check_parse(text).faults.is_empty());
    }
}

#[test]
fn fixes_resolve_what_they_are_offered_for() {
    let text = include_str!("../syntax/idioms.bpol");
    let faults = check_parse(text).faults;
    let mut edits: Vec<_> =
        faults.iter().filter_map(|fault| fault.fixes.first()).flat_map(|fix| fix.edits.clone()).collect();
    edits.sort_by_key(|edit| std::cmp::Reverse(edit.place.span));
    let mut fixed = text.to_owned();
    for edit in edits {
        fixed.replace_range(edit.place.span.start as usize..edit.place.span.end as usize, &edit.text);
    }
    let left = check_parse(&fixed).faults;
    let mut names: Vec<_> = left.iter().map(|fault| fault.name).collect();
    names.sort_unstable();
    let unsaid = ["can-only", "everything-except", "everything-except", "everything-except", "except-clause"];
    let mut left = [&unsaid[..], &["comparison", "currency-symbol", "missing-body", "or-between-clauses"]].concat();
    left.sort_unstable();
    assert_eq!(names, left, "{fixed}");
}

/// The names of the faults of a text, each with the text under it.
fn check_names(text: &str, expected: &[(&str, &str)]) {
    let parse = check_parse(text);
    let found: Vec<_> = parse.faults.iter().map(|fault| (fault.name, fault.place.span.of(text))).collect();
    assert_eq!(found, expected, "{text:?}");
}

#[test]
fn bidirectional_controls_are_faults_everywhere() {
    for control in "\u{202a}\u{202e}\u{2066}\u{2069}\u{200e}\u{200f}\u{61c}".chars() {
        let shown = control.to_string();
        check_names(&format!("// {control}\n"), &[("bidi-control", &shown)]);
        check_names(&format!("/// {control}\nbank \"b\";"), &[("bidi-control", &shown)]);
        check_names(&format!("bank \"a{control}b\";"), &[("bidi-control", &shown)]);
        check_names(&format!("bank{control} \"b\";"), &[("bidi-control", &shown)]);
    }
    check_names("bank \"a\\u{202e}b\";", &[("bidi-control", "\\u{202e}")]);
}

#[test]
fn nul_is_a_fault_everywhere() {
    check_names("// \0\n", &[("nul", "\0")]);
    check_names("bank \"\0\";", &[("nul", "\0")]);
    check_names("bank\0 \"b\";", &[("nul", "\0")]);
    check_names("bank \"\\u{0}\";", &[("nul", "\\u{0}")]);
}

#[test]
fn escapes_that_are_no_characters_are_faults() {
    check_names("bank \"\\u{D800}\";", &[("bad-escape", "\\u{D800}")]);
    check_names("bank \"\\u{110000}\";", &[("bad-escape", "\\u{110000}")]);
    check_names("bank \"\\u{}\";", &[("bad-escape", "\\u")]);
    check_names("bank \"\\n\";", &[("bad-escape", "\\n")]);
    check_names("bank \"\\u{e9}\\\"\\\\\";", &[]);
}

#[test]
fn a_string_ends_with_its_line() {
    check_names("bank \"b;\ntimezone \"Europe/Amsterdam\";\n", &[("unterminated-string", "\"b;")]);
    check_names("bank \"b\\", &[("unterminated-string", "\"b\\"), ("bad-escape", "\\")]);
}

#[test]
fn byte_order_mark_and_carriage_returns_are_skipped() {
    let parse = check_parse("\u{feff}bank \"b\";\r\n// c\r\nkey \"k\" <\r\n>\r\n");
    assert_eq!(parse.faults, []);
    assert!(parse.tree.bom);
    assert_eq!(parse.tree.items.len(), 2);
}

#[test]
fn keywords_end_where_words_end() {
    check_names("key \"k\" < allowx payment; >", &[("misspelt-word", "allowx")]);
    check_names("key \"k\" < allow on-call; >", &[]);
    check_names("key \"k\" < deny payment onaccount \"A\"; >", &[("misspelt-word", "onaccount")]);
}

#[test]
fn sound_statements_around_faults_survive() {
    let text = include_str!("../syntax/five.bpol");
    let parse = check_parse(text);
    let tree = show_tree(text, &parse);
    for sound in ["allow read transactions on account \"A\"", "deny sensitive", "deny write", "deny control"] {
        assert!(tree.contains(&format!("span: ‹{sound}")), "{sound} is lost: {tree}");
    }
    assert!(tree.contains("name: Str {\n                    span: ‹\"two\"›"), "{tree}");
}

/// A large text is parsed in time that grows with its length only.
fn check_fast(text: &str) -> Parse {
    let start = std::time::Instant::now();
    let parse = parse(FileId(0), text);
    let most = std::time::Duration::from_secs(20);
    assert!(start.elapsed() < most, "{:?} for {} bytes", start.elapsed(), text.len());
    parse
}

#[test]
fn large_and_strange_texts_are_read_in_linear_time() {
    let length = 1 << 18;
    for unit in [
        "<", "<\n", ">", "\"", "\"\n", ";", "\\", "/", "//\n", "///\n", "\0", "\u{202e}", "{", "}<", "a", "a ", "1",
        ",", "“", "'",
    ] {
        check_fast(&unit.repeat(length / unit.len()));
    }
    for unit in [
        "key \"",
        "key \"a\" < ",
        "allow ",
        "key \"a\" < allow x",
        "deny x to \"\\u{",
        "unless ",
        "and on ",
        "account a, ",
        "on all accounts ",
        "\u{feff}",
    ] {
        check_fast(&unit.repeat(length / unit.len()));
        check_fast(&format!("key \"k\" < {}", unit.repeat(length / unit.len())));
        check_fast(&format!("key \"k\" < deny payment {};", unit.repeat(length / unit.len())));
    }
    check_fast(&format!("key \"k\" < {}", "deny x y z;".repeat(10_000)));
    check_fast(&format!("key \"k\" < deny {}x; >", "x, ".repeat(100_000)));
    check_fast(&format!("key \"k\" < deny x {}; >", "on account \"a\" ".repeat(50_000)));
}

#[test]
fn faults_without_end_are_not_all_told() {
    let parse = check_fast(&"bank;\n".repeat(20_000));
    assert_eq!(parse.faults.len(), 5_000);
    assert_eq!(parse.faults.last().map(|fault| fault.name), Some("too-many-faults"));
}

/// The words of a text, with their blanks.
fn words(text: &str) -> Vec<&str> {
    text.split_inclusive([' ', '\n', ',', ';', '<', '>', '"']).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_parsed(text in "\\PC*") {
        check_parse(&text);
    }

    #[test]
    fn any_text_of_the_alphabet_is_parsed(parts in proptest::collection::vec(proptest::sample::select(PARTS), 0..60)) {
        check_parse(&parts.concat());
    }

    #[test]
    fn sound_files_have_no_faults(numbers in proptest::collection::vec(proptest::num::u16::ANY, 0..400)) {
        let text = file(&mut Choices::new(&numbers));
        let parse = check_parse(&text);
        prop_assert_eq!(show_faults(&text, &parse), "", "{}", text);
    }

    #[test]
    fn spoilt_files_are_parsed(
        numbers in proptest::collection::vec(proptest::num::u16::ANY, 0..200),
        spoils in proptest::collection::vec((0..3_u8, proptest::num::usize::ANY, proptest::num::usize::ANY), 1..4),
    ) {
        let text = file(&mut Choices::new(&numbers));
        let mut words = words(&text);
        for (what, from, to) in spoils {
            if words.is_empty() {
                break;
            }
            let (from, to) = (from % words.len(), to % words.len());
            match what {
                0 => {
                    words.remove(from);
                }
                1 => words.insert(to, words[from]),
                _ => words.swap(from, to),
            }
        }
        check_parse(&words.concat());
    }
}

const PARTS: &[&str] = &[
    " ",
    "\n",
    "\r\n",
    "key ",
    "\"a\"",
    " < ",
    " >",
    ";",
    ",",
    "allow ",
    "deny ",
    "read ",
    "payment ",
    "on ",
    "account ",
    "to ",
    "up to ",
    "5 EUR ",
    "€",
    "30 days ",
    "unless ",
    "and ",
    "// c\n",
    "/// d\n",
    "#",
    "{",
    "}",
    "“x”",
    "'",
    "\"",
    "\\",
    "\0",
    "\u{202e}",
    "\u{feff}",
    "\u{a0}",
    "é",
    "test ",
    "for ",
    "expect ",
    "ensure ",
    "every ",
    "no ",
    "can ",
    "during ",
    "mon-fri ",
    "09:00-17:00",
    "==",
    "(",
    "limit ",
    "payees ",
    "is ",
    "iban ",
    "NL91 ABNA 0417 1643 00",
    "all accounts ",
    "ALLOW ",
    "-",
];
