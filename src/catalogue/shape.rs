//! Shapes of answers: where records, their facts and their fields stand. Shared with the build script.

use std::collections::BTreeMap;

use super::book::{Answer, Book};
use super::facts::{self, Context, Maps};
use super::fault::Fault;
use super::pointer::{self, Reach};
use super::table::{Table, Word, texts};

/// What holds for every answer of the bank.
#[derive(Default)]
pub(crate) struct Every {
    pub(crate) records: String,
    pub(crate) outside: Vec<String>,
    pub(crate) keep: Vec<String>,
    pub(crate) creates: Option<String>,
}

/// Shapes by their word, with where the word stands.
pub(crate) struct Shapes {
    pub(crate) every: Every,
    pub(crate) answers: Vec<Answer>,
    pub(crate) by_word: BTreeMap<String, u16>,
}

/// Reads `[answers]` and every `[[shape]]`.
pub(crate) fn read(document: &Table<'_>, book: &Book, maps: &Maps, faults: &mut Vec<Fault>) -> Shapes {
    let every = document.table("answers", faults).map(|table| every(&table, faults)).unwrap_or_default();
    let mut shapes = Shapes { every, answers: Vec::new(), by_word: BTreeMap::new() };
    for shape in document.tables("shape", faults) {
        shape.closed(&["word", "records", "outside", "keep", "facts", "tells", "fields"], faults);
        let Some(word) = shape.required("word", faults) else { continue };
        let records = records(&shape, faults);
        let mut keep = shapes.every.keep.clone();
        keep.extend(pointers(&shape, "keep", Reach::Anywhere, faults));
        let mut outside = shapes.every.outside.clone();
        outside.extend(pointers(&shape, "outside", Reach::Keys, faults));
        let answer = Answer {
            records: records.map_or_else(|| shapes.every.records.clone(), |records| records.text),
            outside,
            keep,
            facts: facts::read(
                &shape,
                &Context { book, maps, path: None, about: None, part: false, within: None },
                faults,
            ),
            fields: fields(&shape, book, faults),
        };
        if answer.records.is_empty() {
            let fault = Fault::new(shape.span, format!("nobody says where the records of `{}` stand", word.text));
            faults.push(fault.help("add `records` to it or to `[answers]`"));
        }
        let number = u16::try_from(shapes.answers.len()).unwrap_or(u16::MAX);
        if shapes.by_word.insert(word.text.clone(), number).is_some() {
            faults.push(Fault::new(word.span, format!("the shape `{}` is said twice", word.text)));
        }
        shapes.answers.push(answer);
    }
    shapes
}

/// Where records stand: a pointer, or `/` for the answer itself.
fn records(table: &Table<'_>, faults: &mut Vec<Fault>) -> Option<Word> {
    let word = table.text("records", faults)?;
    (word.text == "/" || pointer::check(&word, Reach::Keys, faults)).then_some(word)
}

fn every(table: &Table<'_>, faults: &mut Vec<Fault>) -> Every {
    table.closed(&["records", "outside", "keep", "creates"], faults);
    let records = records(table, faults).map(|word| word.text).unwrap_or_default();
    let creates = table.text("creates", faults).filter(|word| pointer::check(word, Reach::Keys, faults));
    let creates = creates.map(|word| word.text);
    let outside = pointers(table, "outside", Reach::Keys, faults);
    Every { records, creates, outside, keep: pointers(table, "keep", Reach::Anywhere, faults) }
}

fn fields(shape: &Table<'_>, book: &Book, faults: &mut Vec<Fault>) -> Vec<(String, Vec<String>)> {
    let mut fields = Vec::new();
    for (word, value) in shape.table("fields", faults).iter().flat_map(Table::entries) {
        if !book.fields.iter().any(|field| field.word == word.text) {
            let fault = Fault::new(word.span, format!("the field `{}` is not declared", word.text));
            faults.push(fault.nearest(&word.text, book.fields.iter().map(|field| field.word.as_str())));
        }
        let at = texts(value, &word.text, faults);
        let at: Vec<String> =
            at.into_iter().filter(|at| pointer::check(at, Reach::Anywhere, faults)).map(|at| at.text).collect();
        fields.push((word.text, at));
    }
    fields
}

fn pointers(table: &Table<'_>, key: &str, reach: Reach, faults: &mut Vec<Fault>) -> Vec<String> {
    let words = table.texts(key, faults);
    words.into_iter().filter(|word| pointer::check(word, reach, faults)).map(|word| word.text).collect()
}
