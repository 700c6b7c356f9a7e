//! The grammar for tree-sitter: whatever bpolc reads without a fault it reads alike, and its corpus says what it makes of it.

use std::ops::Range;
use std::path::{Path, PathBuf};

use bpolc::source::FileId;
use bpolc::syntax::parse;
use proptest::prelude::*;
use tree_sitter::{Language, Node, Parser, Query, Tree};

use super::fresh::editors;
use crate::syntax::policy::{Choices, file};

fn tree(text: &str) -> Tree {
    let mut parser = Parser::new();
    parser.set_language(&tree_sitter_bpol::LANGUAGE.into()).expect("versions that fit");
    parser.parse(text, None).expect("nothing told it to stop")
}

/// Holds the tree of a text to bpolc's: no fault, and the same items and comments in the same places.
fn check_tree(text: &str, name: &str) -> Result<(), String> {
    let ours = parse(FileId(0), text);
    if !ours.faults.is_empty() {
        return Ok(());
    }
    let tree = tree(text);
    let root = tree.root_node();
    if root.has_error() {
        return Err(format!("{name}: {}\n{text}", fault(root).unwrap_or_else(|| "a fault".to_owned())));
    }
    let items: Vec<Range<usize>> =
        ours.tree.items.iter().map(|item| item.span.start as usize..item.span.end as usize).collect();
    let comments: Vec<Range<usize>> = ours
        .tree
        .comments
        .iter()
        .map(|span| span.start as usize..span.start as usize + span.of(text).trim_end().len())
        .collect();
    let read = nodes(root, &|node| !node.is_extra() && node.parent() == Some(root));
    if read != items {
        return Err(format!("{name}: items stand at {items:?} and not at {read:?}\n{text}"));
    }
    // A `///` that nothing stands below of is a comment.
    let read = |kinds: &[&str]| {
        let found = nodes(root, &|node| kinds.contains(&node.kind()));
        found.into_iter().map(|at| at.start..at.start + text[at].trim_end().len()).collect::<Vec<_>>()
    };
    let (plain, all) = (read(&["comment"]), read(&["comment", "doc_comment"]));
    if plain.iter().any(|at| !comments.contains(at)) || comments.iter().any(|at| !all.contains(at)) {
        return Err(format!("{name}: comments stand at {comments:?} and not at {plain:?}\n{text}"));
    }
    Ok(())
}

/// Where the first fault stands.
fn fault(root: Node<'_>) -> Option<String> {
    let mut found = Vec::new();
    visit(root, &mut |node| {
        if node.is_error() || node.is_missing() {
            found.push(format!("{} at {}", node.to_sexp(), node.start_position()));
        }
    });
    found.into_iter().next()
}

fn nodes(root: Node<'_>, wanted: &dyn Fn(Node<'_>) -> bool) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    visit(root, &mut |node| {
        if node.is_named() && wanted(node) {
            found.push(node.byte_range());
        }
    });
    found
}

fn visit<'t>(node: Node<'t>, seen: &mut dyn FnMut(Node<'t>)) {
    seen(node);
    for at in 0..node.child_count() {
        if let Some(child) = node.child(at) {
            visit(child, seen);
        }
    }
}

/// All policies of the repository.
fn policies() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    let mut folders: Vec<PathBuf> =
        ["conformance", "engine/tests", "examples", "peers/export", "src", "tests"].map(|name| root.join(name)).into();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "bpol") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

#[test]
fn what_bpolc_reads_is_read_alike() {
    let policies = policies();
    assert!(policies.len() > 400, "only {} policies were found", policies.len());
    let faults: Vec<String> = policies
        .iter()
        .filter_map(|path| {
            // Some policies of the tests are not UTF-8 on purpose.
            let text = std::fs::read_to_string(path).ok()?;
            check_tree(&text, &path.display().to_string()).err()
        })
        .collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn a_fault_is_seen() {
    assert!(tree("key \"web\" < deny payment >").root_node().has_error());
    assert!(tree("key \"web\" < permit payment; >").root_node().has_error());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn random_policies_are_read_alike(numbers in proptest::collection::vec(proptest::num::u16::ANY, 0..400)) {
        let text = file(&mut Choices::new(&numbers));
        prop_assert_eq!(check_tree(&text, "random"), Ok(()));
    }
}

/// A text of the corpus, with the tree that it should give.
struct Case {
    name: String,
    text: String,
    tree: String,
}

/// A file of the corpus: a title between lines of `=`, a text, a line of `-`, a tree.
fn cases(corpus: &str) -> Vec<Case> {
    let pieces: Vec<&str> = corpus.split(&format!("{}\n", "=".repeat(80))).collect();
    let titled = pieces[1..].chunks(2);
    titled
        .map(|piece| {
            let (text, tree) = piece[1].split_once(&format!("\n{}\n", "-".repeat(80))).expect("a line of `-`");
            Case { name: piece[0].trim().to_owned(), text: text.to_owned(), tree: one_line(tree) }
        })
        .collect()
}

fn one_line(tree: &str) -> String {
    tree.split_whitespace().collect::<Vec<_>>().join(" ").replace(" )", ")")
}

/// The tree without the names of fields, which the corpus leaves out.
fn sexp(node: Node<'_>) -> String {
    let sexp = node.to_sexp();
    sexp.split(' ').filter(|piece| !piece.ends_with(':')).collect::<Vec<_>>().join(" ")
}

#[test]
fn the_corpus_is_read_as_it_says() {
    for file in ["claims", "items", "statements"] {
        let path = editors().join(format!("tree-sitter-bpol/test/corpus/{file}.txt"));
        let corpus = std::fs::read_to_string(path).expect("the corpus");
        let cases = cases(&corpus);
        assert!(cases.len() > 2, "{file}");
        for case in cases {
            assert_eq!(sexp(tree(&case.text).root_node()), case.tree, "{file}: {}", case.name);
            assert_eq!(check_tree(&case.text, &case.name), Ok(()));
        }
    }
}

#[test]
fn queries_name_nodes_that_there_are() {
    let language = Language::from(tree_sitter_bpol::LANGUAGE);
    let folder = editors().join("tree-sitter-bpol/queries");
    for name in ["folds", "highlights", "indents", "injections", "locals", "tags"] {
        let text = std::fs::read_to_string(folder.join(format!("{name}.scm"))).expect(name);
        let query = Query::new(&language, &text).unwrap_or_else(|error| panic!("{name}.scm: {error}"));
        assert!(query.pattern_count() > 0, "{name}");
    }
}

#[test]
fn the_words_are_those_of_the_language() {
    let language = Language::from(tree_sitter_bpol::LANGUAGE);
    let words = super::words::language();
    for word in &words {
        let known = [false, true].map(|named| language.id_for_node_kind(word, named));
        assert!(known.iter().any(|id| *id != 0), "the grammar does not know `{word}`");
    }
    for id in 0..u16::try_from(language.node_kind_count()).expect("few kinds of nodes") {
        let kind = language.node_kind_for_id(id).unwrap_or_default();
        let is_word = kind.len() > 1 && kind.bytes().all(|byte| byte.is_ascii_lowercase());
        if is_word && language.node_kind_is_visible(id) && !language.node_kind_is_named(id) && kind != "end" {
            assert!(words.contains(kind), "`{kind}` is no word of the language");
        }
    }
}
