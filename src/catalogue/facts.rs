//! Where facts stand, as a catalogue's author writes it: the tables `facts` and `tells`. Shared with the build script.

use std::collections::BTreeMap;

use toml::Spanned;
use toml::de::DeValue;

use super::book::{Book, FACTS, Fact, Place, READINGS, REPEATS, Source};
use super::fault::Fault as Wrong;
use super::pointer::{self, Reach};
use super::table::{Table, Word, span, text, texts};

/// The dimension of a fact, by their numbers in the book.
pub(crate) fn dimension(fact: u8) -> u8 {
    match fact {
        0..=3 => 0,
        4 => 1,
        5 | 6 => 2,
        7 => 3,
        8 => 6,
        9 => 7,
        _ => 4,
    }
}

/// Translations from the bank's words to the policy's, by name.
pub(crate) type Maps = BTreeMap<String, Vec<(String, String)>>;

/// Reads `[maps]`.
pub(crate) fn maps(document: &Table<'_>, faults: &mut Vec<Wrong>) -> Maps {
    let table = document.table("maps", faults);
    let mut maps = Maps::new();
    for (word, value) in table.iter().flat_map(Table::entries) {
        if let Some(table) = Table::of(value, &word.text, faults) {
            maps.insert(word.text, translations(&table, faults));
        }
    }
    maps
}

fn translations(table: &Table<'_>, faults: &mut Vec<Wrong>) -> Vec<(String, String)> {
    table
        .entries()
        .filter_map(|(word, value)| Some((word.text.clone(), text(value, &word.text, faults)?.text)))
        .collect()
}

/// Where these facts stand and what may be said of them.
pub(crate) struct Context<'c> {
    pub(crate) book: &'c Book,
    pub(crate) maps: &'c Maps,
    /// The path template, for `{name}`; none where there is no call (answers).
    pub(crate) path: Option<&'c str>,
    /// The dimensions that may be told; none where any may (answers).
    pub(crate) about: Option<u8>,
    /// Whether they are the facts of a part.
    pub(crate) part: bool,
    /// Pointers below which facts may stand; none where anywhere (answers, parts).
    pub(crate) within: Option<&'c [String]>,
}

/// The facts of the table `facts` of an endpoint, of its parts or of an answer, with the constants of `tells`.
pub(crate) fn read(table: &Table<'_>, context: &Context<'_>, faults: &mut Vec<Wrong>) -> Vec<Fact> {
    let mut facts = Vec::new();
    for (word, value) in table.table("facts", faults).iter().flat_map(Table::entries) {
        for (name, value) in flatten(word, value, faults) {
            if let Some(fact) = known(&name, context, faults) {
                let from = sources(&name, value, context, faults);
                from.iter().for_each(|source| words(fact, &name, source, context, faults));
                facts.push(Fact { fact, from });
            }
        }
    }
    for (word, value) in table.table("tells", faults).iter().flat_map(Table::entries) {
        for (name, value) in flatten(word, value, faults) {
            let Some(constant) = text(value, &name.text, faults) else { continue };
            if let Some(fact) = known(&name, context, faults) {
                let place = Place::Is(constant.text);
                let source = Source { condition: None, place, map: Vec::new(), reading: None };
                let name = Word { text: name.text, span: constant.span };
                words(fact, &name, &source, context, faults);
                if facts.iter().any(|other: &Fact| other.fact == fact) {
                    faults.push(Wrong::new(name.span, format!("`{}` is in `facts` and in `tells`", name.text)));
                }
                facts.push(Fact { fact, from: vec![source] });
            }
        }
    }
    facts.sort_by_key(|fact| fact.fact);
    facts
}

type Named<'t> = Vec<(Word, &'t Spanned<DeValue<'t>>)>;

/// `amount = { value = …, currency = … }` as `amount.value` and `amount.currency`; `method = …` as itself.
fn flatten<'t>(word: Word, value: &'t Spanned<DeValue<'t>>, faults: &mut Vec<Wrong>) -> Named<'t> {
    if ["account", "payee", "amount", "record"].contains(&word.text.as_str()) {
        let table = Table::of(value, &word.text, faults);
        return table
            .iter()
            .flat_map(Table::entries)
            .map(|(part, value)| (Word { text: format!("{}.{}", word.text, part.text), span: part.span }, value))
            .collect();
    }
    vec![(word, value)]
}

fn known(name: &Word, context: &Context<'_>, faults: &mut Vec<Wrong>) -> Option<u8> {
    let Some(fact) = FACTS.iter().position(|fact| *fact == name.text) else {
        let fault = Wrong::new(name.span, format!("there is no fact `{}`", name.text));
        faults.push(fault.nearest(&name.text, FACTS));
        return None;
    };
    let fact = u8::try_from(fact).unwrap_or_default();
    if context.about.is_some_and(|about| about & (1 << dimension(fact)) == 0) {
        let message = if context.part {
            format!("`{}` is not among the operation's `parts`", name.text)
        } else {
            format!("the operation is not about `{}`, or says that it is untold", name.text)
        };
        faults.push(Wrong::new(name.span, message));
    }
    Some(fact)
}

fn sources(name: &Word, value: &Spanned<DeValue<'_>>, context: &Context<'_>, faults: &mut Vec<Wrong>) -> Vec<Source> {
    match value.get_ref() {
        DeValue::Array(array) if array.iter().any(|value| value.get_ref().is_table()) => {
            let tables: Vec<_> = array.iter().filter_map(|value| Table::of(value, &name.text, faults)).collect();
            tables.iter().filter_map(|table| source(name, table, context, faults)).collect()
        }
        DeValue::Table(_) => {
            let table = Table::of(value, &name.text, faults);
            table.and_then(|table| source(name, &table, context, faults)).into_iter().collect()
        }
        _ => {
            let place = place(name, value, context, faults);
            place.map(|place| Source { condition: None, place, map: Vec::new(), reading: None }).into_iter().collect()
        }
    }
}

fn source(name: &Word, table: &Table<'_>, context: &Context<'_>, faults: &mut Vec<Wrong>) -> Option<Source> {
    table.closed(&["at", "is", "if", "map", "as"], faults);
    let condition = table.text("if", faults).and_then(|word| pointer::condition(&word, faults));
    let reading = table.text("as", faults).and_then(|word| {
        let found = READINGS.iter().position(|reading| *reading == word.text);
        if found.is_none() {
            let fault = Wrong::new(word.span, format!("nothing is written as `{}`", word.text));
            faults.push(fault.nearest(&word.text, READINGS));
        }
        found.and_then(|reading| u8::try_from(reading).ok())
    });
    let map = map(table, context, faults);
    let place = match (table.value("at"), table.text("is", faults)) {
        (Some(at), None) => place(name, at, context, faults),
        (None, Some(constant)) => Some(Place::Is(constant.text)),
        _ => {
            let fault = Wrong::new(table.span, format!("`{}` has no place, or two", name.text));
            faults.push(fault.help("say either `at` or `is`"));
            None
        }
    };
    Some(Source { condition, place: place?, map, reading })
}

/// A translation: a table, or the name of one in `[maps]`.
fn map(table: &Table<'_>, context: &Context<'_>, faults: &mut Vec<Wrong>) -> Vec<(String, String)> {
    let Some(value) = table.value("map") else { return Vec::new() };
    if value.get_ref().is_table() {
        return Table::of(value, "map", faults).map(|table| translations(&table, faults)).unwrap_or_default();
    }
    let Some(name) = text(value, "map", faults) else { return Vec::new() };
    let found = context.maps.get(&name.text).cloned();
    if found.is_none() {
        let fault = Wrong::new(name.span, format!("there is no map `{}`", name.text));
        faults.push(fault.nearest(&name.text, context.maps.keys().map(String::as_str)));
    }
    found.unwrap_or_default()
}

/// `{name}`, `?name`, `/pointer`, or a list of pointers.
fn place(name: &Word, value: &Spanned<DeValue<'_>>, context: &Context<'_>, faults: &mut Vec<Wrong>) -> Option<Place> {
    if value.get_ref().is_array() {
        let pointers = texts(value, &name.text, faults);
        if pointers.is_empty() {
            faults.push(Wrong::new(span(value), format!("`{}` has no place", name.text)));
        }
        let fine = pointers.iter().filter(|pointer| at(pointer, context, faults)).count();
        return (fine == pointers.len()).then(|| Place::At(pointers.into_iter().map(|word| word.text).collect()));
    }
    let word = text(value, &name.text, faults)?;
    if let Some(parameter) = word.text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
        let there = context.path.is_some_and(|path| path.split('/').any(|segment| segment == word.text));
        if !there {
            faults.push(Wrong::new(word.span, format!("the path has no `{}`", word.text)));
        }
        return Some(Place::Path(parameter.to_string()));
    }
    if let Some(parameter) = word.text.strip_prefix('?') {
        return Some(Place::Query(parameter.to_string()));
    }
    at(&word, context, faults).then(|| Place::At(vec![word.text]))
}

fn at(word: &Word, context: &Context<'_>, faults: &mut Vec<Wrong>) -> bool {
    if !pointer::check(word, Reach::Entries, faults) {
        return false;
    }
    if context.within.is_some_and(|within| !within.iter().any(|outer| pointer::is_within(&word.text, outer))) {
        faults.push(Wrong::new(word.span, format!("`{}` is not among the keys that the body may hold", word.text)));
    }
    true
}

/// Whether constants and translations of a fact are words that the policy knows.
fn words(fact: u8, name: &Word, source: &Source, context: &Context<'_>, faults: &mut Vec<Wrong>) {
    let said = source.map.iter().map(|(_, to)| to).chain(match &source.place {
        Place::Is(constant) => Some(constant),
        _ => None,
    });
    let book = context.book;
    let known: Vec<&str> = match fact {
        3 => book.kinds.iter().map(|(word, _)| word.as_str()).collect(),
        7 => book.methods.iter().map(String::as_str).collect(),
        8 => REPEATS.to_vec(),
        _ => return,
    };
    for word in said.filter(|word| !known.contains(&word.as_str())) {
        let fault = Wrong::new(name.span, format!("`{}` cannot be `{word}`", name.text));
        faults.push(fault.nearest(word, known.iter().copied()));
    }
}
