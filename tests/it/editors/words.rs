//! The words of bpol in groups, as editors colour them: those of the language from its grammar, those of the bank from its
//! catalogue.

use std::collections::BTreeSet;

use bpol_engine::ir::Tier;
use bpolc::catalogue::Catalogue;

const GRAMMAR: &str = include_str!("../../../grammar/bpol.pest");
const RESERVED: &str = include_str!("../../../src/catalogue/reserved.rs");

/// The words of a group, each once, in the order of the alphabet.
pub(super) fn group(name: &str) -> Vec<String> {
    let bank = Catalogue::bunq();
    let words: BTreeSet<String> = match name {
        "effects" => rule("effect"),
        "items" => headwords(),
        "clauses" => firsts("clause").into_iter().chain(firsts("fact")).collect(),
        "joints" => &rule("reserved") - &group("clauses").into_iter().collect(),
        "days" => rule("day"),
        "periods" => &rule("window") - &texts(["per", "in", "total"]),
        "moments" => &rule("moment") - &texts(["today", "this", "ago"]),
        // Each says aloud that nothing bounds what it stands for.
        "loud" => texts(["any", "anyone", "anywhere"]),
        "tiers" => tiers(),
        "repeats" => &(&reserved() - &language()) - &tiers(),
        "keywords" => others(),
        "actions" => bank.actions().map(str::to_owned).collect(),
        "resources" => bank.operations.iter().flat_map(|one| [one.resource.clone(), one.plural.clone()]).collect(),
        "kinds" => bank.kinds.iter().map(|kind| kind.word.clone()).collect(),
        "methods" => bank.methods.iter().cloned().collect(),
        "fields" => bank.fields.iter().map(|field| field.word.clone()).collect(),
        _ => panic!("there is no group `{name}`"),
    };
    assert!(!words.is_empty(), "no words in `{name}`");
    words.into_iter().collect()
}

/// Every word of the language that stands in its grammar.
pub(super) fn language() -> BTreeSet<String> {
    // What a kind of account is not called is no word.
    let code = GRAMMAR.lines().filter(|line| !line.starts_with("//") && !line.contains("!(("));
    code.flat_map(literals).collect()
}

/// What is left when the other groups of the language have taken theirs.
fn others() -> BTreeSet<String> {
    let grouped = ["effects", "items", "clauses", "joints", "days", "loud"];
    grouped.into_iter().fold(language(), |left, name| &left - &group(name).into_iter().collect())
}

/// The words that items, statements and expectations begin with.
fn headwords() -> BTreeSet<String> {
    let heads = rules().filter(|name| ["_item", "_header", "_statement"].iter().any(|end| name.ends_with(end)));
    heads.chain(["every_key", "expectation"]).filter_map(first).collect()
}

fn rules() -> impl Iterator<Item = &'static str> {
    GRAMMAR
        .lines()
        .filter(|line| line.starts_with(|first: char| first.is_ascii_lowercase()))
        .filter_map(|line| Some(line.split_once('=')?.0.trim()))
}

/// The literal that a rule begins with.
fn first(name: &str) -> Option<String> {
    let body = body(name);
    let body = body.trim_start().strip_prefix('"')?;
    Some(body.split('"').next()?.to_owned())
}

/// The literals that the alternatives of a rule begin with, each on its own line.
fn firsts(name: &str) -> BTreeSet<String> {
    let body = body(name);
    let lines = body.lines().map(|line| line.trim_start().trim_start_matches("| "));
    lines.filter_map(|line| Some(line.strip_prefix('"')?.split('"').next()?.to_owned())).collect()
}

fn rule(name: &str) -> BTreeSet<String> {
    body(name).lines().flat_map(literals).collect()
}

/// What stands between the braces of a rule, which close on its line or on one of their own.
fn body(name: &str) -> String {
    let found = rules().any(|rule| rule == name);
    assert!(found, "the grammar has no rule `{name}`");
    let mut lines = GRAMMAR.lines().skip_while(|line| line.split('=').next().is_none_or(|left| left.trim() != name));
    let head = lines.next().unwrap_or_default();
    let (_, inside) = head.split_once('{').expect("a rule opens");
    if let Some(inside) = inside.trim_end().strip_suffix('}') {
        return inside.to_owned();
    }
    lines.take_while(|line| *line != "}").collect::<Vec<_>>().join("\n")
}

/// The words between quotes of a line of the grammar, with the plurals that an optional `s` makes.
fn literals(line: &str) -> Vec<String> {
    let pieces: Vec<&str> = line.split('"').collect();
    let mut words = Vec::new();
    for at in (1..pieces.len()).step_by(2) {
        let plural = pieces.get(at + 1..at + 3).is_some_and(|next| next[0].trim_end().ends_with('~') && next[1] == "s")
            && pieces.get(at + 3).is_some_and(|rest| rest.starts_with('?'));
        let is_word = pieces[at].len() > 1 && pieces[at].bytes().all(|byte| byte.is_ascii_lowercase());
        if is_word {
            words.push(pieces[at].to_owned());
            if plural {
                words.push(format!("{}s", pieces[at]));
            }
        }
    }
    words
}

fn reserved() -> BTreeSet<String> {
    let list = RESERVED.split('"').nth(1).expect("the list of reserved words");
    list.split_whitespace().map(str::to_owned).collect()
}

/// The nouns for all operations and for those of a tier; `read everything` says the tier `read`.
fn tiers() -> BTreeSet<String> {
    let tiers = [Tier::Sensitive, Tier::Write, Tier::Spend, Tier::Control];
    let words = tiers.iter().map(|tier| serde_json::to_value(tier).expect("JSON"));
    words.filter_map(|word| word.as_str().map(str::to_owned)).chain(["everything".to_owned()]).collect()
}

fn texts<const N: usize>(words: [&str; N]) -> BTreeSet<String> {
    words.into_iter().map(str::to_owned).collect()
}

#[test]
fn the_words_of_the_grammar_are_reserved() {
    // A noun in every bank, and so no word that a bank may not have.
    let nouns = texts(["account", "accounts"]);
    assert_eq!(&language() - &reserved(), nouns);
}

#[test]
fn groups_are_as_a_reader_would_group_them() {
    for (name, words) in [
        ("effects", "allow ask deny"),
        ("days", "fri mon sat sun thu tue wed weekdays weekends"),
        ("periods", "day month week year"),
        ("moments", "month week year"),
        ("joints", "and except unless"),
        ("repeats", "anytime daily hourly monthly once weekly yearly"),
        ("tiers", "control everything sensitive spend write"),
        ("items", "account bank ensure every expect import key limit network only payee payees role test timezone use"),
    ] {
        assert_eq!(group(name).join(" "), words, "{name}");
    }
}
