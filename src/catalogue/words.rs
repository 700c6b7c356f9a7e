//! From a catalogue's text to its words: methods, kinds, fields, resources and their operations. Shared with the build
//! script.

use std::collections::{HashMap, HashSet};

use super::Span;
use super::book::{Book, CHANGES, DIMENSIONS, Entry, FieldEntry, TIERS};
use super::fault::Fault;
use super::pointer::{self, Reach};
use super::reserved::is_reserved;
use super::table::{Table, Word};

const OPERATION: [&str; 14] = [
    "action",
    "doc",
    "tier",
    "about",
    "untold",
    "lookup",
    "parts",
    "counts-as",
    "view-of",
    "approves",
    "supplies",
    "changes",
    "shows",
    "shows-on-request",
];

/// The dimensions whose facts may stand in the parts of a body.
const PARTS: [&str; 4] = ["account", "payee", "amount", "url"];

/// An operation's references, resolved once all operations are known.
struct Pending {
    span: Span,
    counts_as: Vec<Word>,
    view_of: Option<Word>,
    approves: Vec<Word>,
    supplies: Vec<Word>,
}

/// Reads the words of a catalogue, and where each operation's action stands. Faults go to `faults`; what is returned then
/// is as good as it could be understood.
pub(crate) fn read(document: &Table<'_>, faults: &mut Vec<Fault>) -> (Book, Vec<Span>) {
    let mut book = Book::default();
    if let Some(bank) = document.required("bank", faults) {
        is_word(&bank, faults);
        book.bank = bank.text;
    }
    book.methods = list(document.texts("methods", faults), "method", faults);
    book.dropped = document.texts("dropped", faults).into_iter().map(|key| key.text).collect();
    book.paging = document.texts("paging", faults).into_iter().map(|name| name.text).collect();
    let errors = document.texts("errors", faults).into_iter().filter(|at| pointer::check(at, Reach::Keys, faults));
    book.errors = errors.map(|at| at.text).collect();
    kinds(document, &mut book, faults);
    fields(document, &mut book, faults);
    let pending = resources(document, &mut book, faults);
    references(&mut book, &pending, faults);
    (book, pending.into_iter().map(|pending| pending.span).collect())
}

fn kinds(document: &Table<'_>, book: &mut Book, faults: &mut Vec<Fault>) {
    let mut words = Vec::new();
    for kind in document.tables("kinds", faults) {
        kind.closed(&["word", "own"], faults);
        let own = kind.flag("own", faults);
        if let Some(word) = kind.required("word", faults) {
            book.kinds.push((word.text.clone(), own));
            words.push(word);
        }
    }
    list(words, "kind", faults);
}

fn fields(document: &Table<'_>, book: &mut Book, faults: &mut Vec<Fault>) {
    let mut words = Vec::new();
    for field in document.tables("fields", faults) {
        field.closed(&["word", "doc", "personal"], faults);
        let personal = field.flag("personal", faults);
        let doc = field.required("doc", faults);
        if let (Some(word), Some(doc)) = (field.required("word", faults), doc) {
            book.fields.push(FieldEntry { word: word.text.clone(), doc: doc.text, personal });
            words.push(word);
        }
    }
    list(words, "field", faults);
}

fn resources(document: &Table<'_>, book: &mut Book, faults: &mut Vec<Fault>) -> Vec<Pending> {
    let mut pending = Vec::new();
    let mut nouns: HashSet<String> = HashSet::new();
    let mut actions: Vec<Word> = Vec::new();
    for resource in document.tables("resource", faults) {
        resource.closed(&["word", "plural", "operation"], faults);
        let (word, plural) = (resource.required("word", faults), resource.required("plural", faults));
        let (Some(word), Some(plural)) = (word, plural) else { continue };
        let both = if word.text == plural.text { vec![&word] } else { vec![&word, &plural] };
        for noun in both {
            free(noun, "noun", faults);
            if !nouns.insert(noun.text.clone()) {
                faults.push(Fault::new(noun.span, format!("`{}` names two resources", noun.text)));
            }
        }
        let operations = resource.tables("operation", faults);
        if operations.is_empty() {
            faults.push(Fault::new(resource.span, format!("nothing can be done with `{}`", word.text)));
        }
        for operation in operations {
            if let Some(action) = operation.required("action", faults) {
                free(&action, "action", faults);
                if book.operations.iter().any(|entry| entry.resource == word.text && entry.action == action.text) {
                    let message = format!("`{} {}` is said twice", action.text, word.text);
                    faults.push(Fault::new(action.span, message));
                }
                let (entry, references) = entry(&operation, &action, book, faults);
                book.operations.push(Entry { resource: word.text.clone(), plural: plural.text.clone(), ..entry });
                pending.push(references);
                actions.push(action);
            }
        }
    }
    for action in actions.iter().filter(|action| nouns.contains(&action.text)) {
        let message = format!("`{}` is a noun and an action, so nobody could tell which is meant", action.text);
        faults.push(Fault::new(action.span, message));
    }
    if u16::try_from(book.operations.len()).is_err() {
        faults.push(Fault::new(document.span, "more than 65535 operations"));
    }
    pending
}

fn entry(operation: &Table<'_>, action: &Word, book: &Book, faults: &mut Vec<Fault>) -> (Entry, Pending) {
    operation.closed(&OPERATION, faults);
    let doc = operation.required("doc", faults).map(|doc| doc.text).unwrap_or_default();
    let tier = tier(operation, action, faults);
    let about = dimensions(operation, "about", &DIMENSIONS, faults);
    let words = |set: u8| DIMENSIONS.iter().enumerate().filter(move |(bit, _)| set & (1 << bit) != 0).map(|(_, w)| *w);
    let within: Vec<&str> = words(about).collect();
    let untold = dimensions(operation, "untold", &within, faults);
    let lookup = dimensions(operation, "lookup", &within, faults);
    let partable: Vec<&str> = within.iter().copied().filter(|word| PARTS.contains(word)).collect();
    let parts = dimensions(operation, "parts", &partable, faults);
    for word in words(untold & (lookup | parts)) {
        let message = format!("`{word}` is untold and yet told by a look-up or by parts");
        faults.push(Fault::new(operation.value("untold").map_or(operation.span, super::table::span), message));
    }
    let fields = shown(operation, book, faults);
    if fields.is_empty() == within.contains(&"fields") {
        let message = if fields.is_empty() {
            "it is about `fields` but `shows` none"
        } else {
            "it `shows` fields but is not about `fields`, so no rule could choose among them"
        };
        faults.push(Fault::new(operation.span, message));
    }
    let pending = Pending {
        span: action.span,
        counts_as: operation.texts("counts-as", faults),
        view_of: operation.text("view-of", faults),
        approves: operation.texts("approves", faults),
        supplies: operation.texts("supplies", faults),
    };
    let action = action.text.clone();
    let changes = changes(operation, faults);
    let entry = Entry { action, doc, tier, about, untold, lookup, parts, fields, changes, ..Entry::default() };
    (entry, pending)
}

fn tier(operation: &Table<'_>, action: &Word, faults: &mut Vec<Fault>) -> u8 {
    let Some(word) = operation.required("tier", faults) else { return 0 };
    let Some(tier) = TIERS.iter().position(|tier| *tier == word.text) else {
        let fault = Fault::new(word.span, format!("there is no tier `{}`", word.text));
        faults.push(fault.nearest(&word.text, TIERS));
        return 0;
    };
    if word.text == "read" && action.text != "read" {
        let message = format!("`{}` in the tier `read`: whoever says `read everything` would allow it", action.text);
        faults.push(Fault::new(word.span, message).help("use the tier `sensitive` or `write`"));
    }
    u8::try_from(tier).unwrap_or_default()
}

fn dimensions(operation: &Table<'_>, key: &str, allowed: &[&str], faults: &mut Vec<Fault>) -> u8 {
    let mut set = 0;
    for word in operation.texts(key, faults) {
        match DIMENSIONS.iter().position(|dimension| *dimension == word.text) {
            Some(bit) if allowed.contains(&word.text.as_str()) => {
                if set & (1 << bit) != 0 {
                    faults.push(Fault::new(word.span, format!("`{}` is said twice", word.text)));
                }
                set |= 1 << bit;
            }
            Some(_) if key == "parts" && !PARTS.contains(&word.text.as_str()) => {
                faults.push(Fault::new(word.span, format!("`{}` cannot stand in a part", word.text)));
            }
            Some(_) => {
                let message = format!("`{}` is in `{key}` but the operation is not about it", word.text);
                faults.push(Fault::new(word.span, message).help(format!("add `{}` to `about`", word.text)));
            }
            None => {
                let fault = Fault::new(word.span, format!("there is no dimension `{}`", word.text));
                faults.push(fault.nearest(&word.text, DIMENSIONS));
            }
        }
    }
    set
}

fn changes(operation: &Table<'_>, faults: &mut Vec<Fault>) -> u8 {
    let mut set = 0;
    for word in operation.texts("changes", faults) {
        match CHANGES.iter().position(|change| *change == word.text) {
            Some(bit) => set |= 1 << bit,
            None => {
                let fault = Fault::new(word.span, format!("there is no change of `{}`", word.text));
                faults.push(fault.nearest(&word.text, CHANGES));
            }
        }
    }
    set
}

fn shown(operation: &Table<'_>, book: &Book, faults: &mut Vec<Fault>) -> Vec<(String, bool)> {
    let mut fields: Vec<(String, bool)> = Vec::new();
    for (key, default) in [("shows", true), ("shows-on-request", false)] {
        for word in operation.texts(key, faults) {
            if !book.fields.iter().any(|field| field.word == word.text) {
                let fault = Fault::new(word.span, format!("the field `{}` is not declared", word.text));
                faults.push(fault.nearest(&word.text, book.fields.iter().map(|field| field.word.as_str())));
            } else if fields.iter().any(|(field, _)| *field == word.text) {
                faults.push(Fault::new(word.span, format!("the field `{}` is said twice", word.text)));
            } else {
                fields.push((word.text, default));
            }
        }
    }
    fields
}

fn references(book: &mut Book, pending: &[Pending], faults: &mut Vec<Fault>) {
    let names: Vec<String> =
        book.operations.iter().map(|entry| format!("{} {}", entry.action, entry.resource)).collect();
    let numbers: HashMap<&str, u16> = names.iter().map(String::as_str).zip(0..).collect();
    let find = |word: &Word, faults: &mut Vec<Fault>| {
        let found = numbers.get(word.text.as_str()).copied();
        if found.is_none() {
            let fault = Fault::new(word.span, format!("there is no operation `{}`", word.text));
            faults.push(fault.nearest(&word.text, names.iter().map(String::as_str)));
        }
        found
    };
    for (index, references) in pending.iter().enumerate() {
        let counts_as = references.counts_as.iter().filter_map(|word| find(word, faults)).collect();
        let view_of = references.view_of.as_ref().and_then(|word| find(word, faults));
        let approves = references.approves.iter().filter_map(|word| find(word, faults)).collect();
        let supplies = references.supplies.iter().filter_map(|word| find(word, faults)).collect();
        if let Some(entry) = book.operations.get_mut(index) {
            (entry.counts_as, entry.view_of, entry.approves, entry.supplies) = (counts_as, view_of, approves, supplies);
        }
    }
    for (index, references) in pending.iter().enumerate() {
        view(book, index, references.span, &names, faults);
        if let Some(way) = way_back(book, index) {
            let mut names = way.iter().filter_map(|at| names.get(*at)).map(|name| format!("`{name}`"));
            let first = names.next().unwrap_or_default();
            let rest: Vec<String> = names.collect();
            let message = format!("{first} counts as itself, through {}", rest.join(", "));
            let message = if rest.is_empty() { format!("{first} counts as itself") } else { message };
            faults.push(Fault::new(references.span, message));
        }
    }
}

fn view(book: &Book, index: usize, at: Span, names: &[String], faults: &mut Vec<Fault>) {
    let Some(entry) = book.operations.get(index) else { return };
    let Some(target) = entry.view_of.and_then(|of| book.operations.get(usize::from(of))) else { return };
    let name = names.get(index).map_or("", String::as_str);
    if target.view_of.is_some() {
        let message = format!("`{name}` views `{} {}`, which is a view itself", target.action, target.resource);
        faults.push(Fault::new(at, message));
    }
    let alike = entry.action == target.action && entry.tier == target.tier && entry.about == target.about;
    if !alike {
        let message = format!("`{name}` views an operation of another action, tier or dimensions");
        faults.push(Fault::new(at, message));
    }
    for (field, _) in &entry.fields {
        if !target.fields.iter().any(|(word, _)| word == field) {
            let message = format!("`{name}` shows `{field}`, which the operation that it views does not show");
            faults.push(Fault::new(at, message));
        }
    }
}

/// The shortest way along counts-as from an operation back to itself.
fn way_back(book: &Book, start: usize) -> Option<Vec<usize>> {
    let mut from: HashMap<usize, usize> = HashMap::new();
    let mut queue = std::collections::VecDeque::from([start]);
    while let Some(at) = queue.pop_front() {
        for next in book.operations.get(at).into_iter().flat_map(|entry| &entry.counts_as) {
            let next = usize::from(*next);
            if next == start {
                let mut way = vec![at];
                while let Some(before) = way.last().and_then(|at| from.get(at)) {
                    way.push(*before);
                }
                way.reverse();
                return Some(way);
            }
            if let std::collections::hash_map::Entry::Vacant(free) = from.entry(next) {
                free.insert(at);
                queue.push_back(next);
            }
        }
    }
    None
}

/// Words that must be well-formed and different from each other.
fn list(words: Vec<Word>, what: &str, faults: &mut Vec<Fault>) -> Vec<String> {
    let mut seen = Vec::new();
    for word in words {
        is_word(&word, faults);
        if seen.contains(&word.text) {
            faults.push(Fault::new(word.span, format!("the {what} `{}` is said twice", word.text)));
        } else {
            seen.push(word.text);
        }
    }
    seen
}

fn free(word: &Word, what: &str, faults: &mut Vec<Fault>) {
    is_word(word, faults);
    if is_reserved(&word.text) {
        let message = format!("`{}` is a word of the language and can be no {what}", word.text);
        faults.push(Fault::new(word.span, message).help("choose another word"));
    }
}

fn is_word(word: &Word, faults: &mut Vec<Fault>) {
    let mut bytes = word.text.bytes();
    let fine = bytes.next().is_some_and(|byte| byte.is_ascii_lowercase())
        && bytes.all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    if !fine {
        let message = format!("`{}` is no word: small letters, digits and `-`, a letter first", word.text);
        faults.push(Fault::new(word.span, message));
    }
}
