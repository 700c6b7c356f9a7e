//! Endpoints: which operation a call is, and where its facts stand. Shared with the build script.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::Span;
use super::body::{bodies, body, exclusive};
use super::book::{Book, Case, Condition, Endpoint, Entry, FACTS, Fact, Lookup, Place, Routes, Source};
use super::call::{Call, Prefixes, calls, overlaps, parameter, prefixes};
use super::facts::{self, Context, Maps};
use super::fault::Fault;
use super::pointer::{self, Reach, is_within};
use super::shape::{self, Shapes};
use super::table::{Table, Word};

const ENDPOINT: [&str; 13] = [
    "call",
    "calls",
    "uuids",
    "is",
    "denied",
    "cases",
    "otherwise",
    "body",
    "tells",
    "facts",
    "parts",
    "lookup",
    "answer",
];
const CASE: [&str; 9] = ["when", "any", "with", "is", "tells", "facts", "parts", "lookup", "answer"];

/// All that endpoints refer to.
struct World<'w> {
    book: &'w Book,
    operations: BTreeMap<String, u16>,
    shapes: Shapes,
    /// Path parameters that tell a fact wherever they stand.
    parameters: Vec<(String, u8)>,
    prefixes: Prefixes,
    maps: Maps,
}

/// A case whose look-up waits until all endpoints are known.
struct Pending {
    endpoint: usize,
    case: usize,
    lookup: Option<Word>,
    span: Span,
}

/// Reads `[path]`, `[prefixes]`, `[maps]`, `[answers]`, every `[[shape]]` and every `[[endpoint]]`. `operations` says
/// where the operations stand.
pub(crate) fn read(document: &Table<'_>, book: &Book, operations: &[Span], faults: &mut Vec<Fault>) -> Routes {
    let names = book.operations.iter().map(|entry| format!("{} {}", entry.action, entry.resource));
    let maps = facts::maps(document, faults);
    let world = World {
        book,
        operations: names.zip(0..).collect(),
        shapes: shape::read(document, book, &maps, faults),
        parameters: parameters(document, faults),
        prefixes: prefixes(document, faults),
        maps,
    };
    let mut endpoints: Vec<Endpoint> = Vec::new();
    let mut spans: Vec<Span> = Vec::new();
    let mut pending = Vec::new();
    for table in document.tables("endpoint", faults) {
        table.closed(&ENDPOINT, faults);
        for call in calls(&table, &world.prefixes, faults) {
            let lookups = pending.len();
            let endpoint = endpoint(&table, &call, &world, endpoints.len(), &mut pending, faults);
            if let Some(endpoint) = endpoint {
                endpoints.push(endpoint);
                spans.push(call.span);
            } else {
                pending.truncate(lookups);
            }
        }
    }
    overlaps(&endpoints, &spans, faults);
    lookups(&mut endpoints, &pending, &world, faults);
    if faults.is_empty() {
        unreached(book, operations, &endpoints, faults);
    }
    Routes { endpoints, answers: world.shapes.answers }
}

fn parameters(document: &Table<'_>, faults: &mut Vec<Fault>) -> Vec<(String, u8)> {
    let mut parameters = Vec::new();
    for (word, value) in document.table("path", faults).iter().flat_map(Table::entries) {
        let Some(name) = super::table::text(value, &word.text, faults) else { continue };
        match FACTS.iter().position(|fact| *fact == name.text).and_then(|fact| u8::try_from(fact).ok()) {
            Some(fact) => parameters.push((word.text, fact)),
            None => {
                let fault = Fault::new(name.span, format!("there is no fact `{}`", name.text));
                faults.push(fault.nearest(&name.text, FACTS));
            }
        }
    }
    parameters
}

fn endpoint(
    table: &Table<'_>,
    call: &Call,
    world: &World<'_>,
    number: usize,
    pending: &mut Vec<Pending>,
    faults: &mut Vec<Fault>,
) -> Option<Endpoint> {
    let cases = table.tables("cases", faults);
    let (is, denied) = (table.text("is", faults), table.text("denied", faults));
    let otherwise = table.text("otherwise", faults);
    let ways = usize::from(is.is_some()) + usize::from(denied.is_some()) + usize::from(!cases.is_empty());
    if ways != 1 {
        let fault = Fault::new(call.span, "a call is one operation, is denied, or has cases: say one of them");
        faults.push(fault.help("write `is`, `denied` or `cases`"));
        return None;
    }
    if cases.is_empty() == otherwise.is_some() {
        let message = "`cases` and `otherwise` go together: what is no case is denied, and `otherwise` says why";
        faults.push(Fault::new(call.span, message));
    }
    let mut endpoint = Endpoint {
        method: call.method.clone(),
        path: call.path.clone(),
        uuids: uuids(table, call, faults),
        cases: Vec::new(),
        denied: denied.or(otherwise).map(|reason| reason.text),
    };
    if cases.is_empty() {
        if is.is_some() {
            let body = body(table, call, faults);
            let made = case(&[table], call, world, None, body, faults)?;
            pending.push(Pending { endpoint: number, case: 0, lookup: table.text("lookup", faults), span: call.span });
            endpoint.cases.push(made);
        }
        return Some(endpoint);
    }
    let mut spans = Vec::new();
    let before = faults.len();
    for table_of_case in &cases {
        table_of_case.closed(&CASE, faults);
        for (condition, body, span) in bodies(table_of_case, faults) {
            if let Some(made) = case(&[table_of_case, table], call, world, Some(condition), body, faults) {
                let lookup = table_of_case.text("lookup", faults).or_else(|| table.text("lookup", faults));
                pending.push(Pending { endpoint: number, case: endpoint.cases.len(), lookup, span });
                endpoint.cases.push(made);
                spans.push(span);
            }
        }
    }
    if faults.len() == before {
        exclusive(&endpoint.cases, &spans, faults);
    }
    Some(endpoint)
}

/// The names of the path that stand for UUIDs.
fn uuids(table: &Table<'_>, call: &Call, faults: &mut Vec<Fault>) -> Vec<String> {
    let words = table.texts("uuids", faults);
    for word in &words {
        if !call.path.split('/').any(|segment| parameter(segment) == Some(&word.text)) {
            faults.push(Fault::new(word.span, format!("the path has no `{{{}}}`", word.text)));
        }
    }
    words.into_iter().map(|word| word.text).collect()
}

/// Makes a case. `tables` are the case's own and the endpoint's; what the first says wins.
fn case(
    tables: &[&Table<'_>],
    call: &Call,
    world: &World<'_>,
    when: Option<Condition>,
    body: Vec<String>,
    faults: &mut Vec<Fault>,
) -> Option<Case> {
    let is = tables.first()?.required("is", faults)?;
    let Some(number) = world.operations.get(&is.text).copied() else {
        let fault = Fault::new(is.span, format!("there is no operation `{}`", is.text));
        faults.push(fault.nearest(&is.text, world.operations.keys().map(String::as_str)));
        return None;
    };
    let entry = world.book.operations.get(usize::from(number))?;
    if entry.view_of.is_some() {
        faults.push(Fault::new(is.span, format!("`{}` is a view: name the operation that it views", is.text)));
    }
    let told = entry.about & !entry.untold;
    let mut made = Case { when, body, operation: number, ..Case::default() };
    for table in tables {
        let within = Some(made.body.as_slice());
        let context = Context {
            book: world.book,
            maps: &world.maps,
            path: Some(&call.path),
            about: Some(told),
            part: false,
            within,
        };
        for fact in facts::read(table, &context, faults) {
            if !made.facts.iter().any(|own| own.fact == fact.fact) {
                made.facts.push(fact);
            }
        }
    }
    if let Some(parts) = tables.iter().find_map(|table| table.table("parts", faults)) {
        made.parts = self::parts(&parts, call, world, entry, &made.body, faults);
    }
    implied(&mut made, call, world, told, entry.parts);
    made.answer = answer(tables, call, world, entry, faults);
    made.creates = world.shapes.every.creates.clone().filter(|_| call.method == "POST");
    Some(made)
}

fn parts(
    table: &Table<'_>,
    call: &Call,
    world: &World<'_>,
    entry: &Entry,
    body: &[String],
    faults: &mut Vec<Fault>,
) -> Option<(String, Vec<Fact>)> {
    table.closed(&["at", "facts", "tells"], faults);
    let at = table.required("at", faults)?;
    if !pointer::check(&at, Reach::Keys, faults) {
        return None;
    }
    if entry.parts == 0 {
        let message = format!("`{} {}` has no parts", entry.action, entry.resource);
        faults.push(Fault::new(at.span, message).help("say in the operation which dimensions its `parts` tell"));
    }
    if !at.text.ends_with("/*") || !body.iter().any(|outer| is_within(&at.text, outer) || is_within(outer, &at.text)) {
        let message = format!("`{}` is no list that the body may hold", at.text);
        faults.push(Fault::new(at.span, message).help("write a pointer that ends in `/*`"));
    }
    let about = Some(entry.parts);
    let context =
        Context { book: world.book, maps: &world.maps, path: Some(&call.path), about, part: true, within: None };
    Some((at.text, facts::read(table, &context, faults)))
}

/// Adds what path parameters tell by their name. In a body with parts, what parts tell goes into each of them.
fn implied(case: &mut Case, call: &Call, world: &World<'_>, told: u8, in_parts: u8) {
    for (name, fact) in &world.parameters {
        let bit = 1 << facts::dimension(*fact);
        if told & bit == 0 || !call.path.split('/').any(|segment| parameter(segment) == Some(name)) {
            continue;
        }
        let place = Place::Path(name.clone());
        let source = Source { condition: None, place, map: Vec::new(), reading: None };
        let facts = match &mut case.parts {
            Some((_, facts)) if in_parts & bit != 0 => facts,
            _ => &mut case.facts,
        };
        if !facts.iter().any(|own| own.fact == *fact) {
            facts.push(Fact { fact: *fact, from: vec![source] });
            facts.sort_by_key(|fact| fact.fact);
        }
    }
}

fn answer(
    tables: &[&Table<'_>],
    call: &Call,
    world: &World<'_>,
    entry: &Entry,
    faults: &mut Vec<Fault>,
) -> Option<u16> {
    let Some(word) = tables.iter().find_map(|table| table.text("answer", faults)) else {
        if !entry.fields.is_empty() {
            let message = format!("the answer has fields, and nobody says where: {} {}", call.method, call.path);
            faults.push(Fault::new(call.span, message).help("add `answer` with the word of a shape"));
        }
        return None;
    };
    let found = world.shapes.by_word.get(&word.text).copied();
    if found.is_none() {
        let fault = Fault::new(word.span, format!("there is no shape `{}`", word.text));
        faults.push(fault.nearest(&word.text, world.shapes.by_word.keys().map(String::as_str)));
    }
    found
}

/// Every operation is some call.
fn unreached(book: &Book, operations: &[Span], endpoints: &[Endpoint], faults: &mut Vec<Fault>) {
    let reached: HashSet<u16> =
        endpoints.iter().flat_map(|endpoint| &endpoint.cases).map(|case| case.operation).collect();
    for ((entry, number), span) in book.operations.iter().zip(0..).zip(operations) {
        if entry.view_of.is_none() && !reached.contains(&number) {
            let fault = Fault::new(*span, format!("no call is `{} {}`", entry.action, entry.resource));
            faults.push(fault.help("add an `[[endpoint]]` or take the operation away"));
        }
    }
}

/// Resolves look-ups: the facts of the answer that the fetched path gives.
fn lookups(endpoints: &mut [Endpoint], pending: &[Pending], world: &World<'_>, faults: &mut Vec<Fault>) {
    let form = |path: &str| -> Vec<String> {
        path.split('/').map(|segment| if parameter(segment).is_some() { "{}" } else { segment }.to_string()).collect()
    };
    let reads: HashMap<Vec<String>, Option<u16>> = endpoints
        .iter()
        .filter(|endpoint| endpoint.method == "GET")
        .filter_map(|endpoint| Some((form(&endpoint.path), endpoint.cases.first()?.answer)))
        .collect();
    for wait in pending {
        let Some(endpoint) = endpoints.get_mut(wait.endpoint) else { continue };
        let own = endpoint.path.clone();
        let Some(case) = endpoint.cases.get_mut(wait.case) else { continue };
        let Some(entry) = world.book.operations.get(usize::from(case.operation)) else { continue };
        let path = match &wait.lookup {
            Some(word) if word.text == "none" => continue,
            Some(word) => word.text.clone(),
            None if entry.lookup == 0 => continue,
            None => own.clone(),
        };
        let span = wait.lookup.as_ref().map_or(wait.span, |word| word.span);
        if let Some(name) =
            path.split('/').find(|part| parameter(part).is_some() && !own.split('/').any(|o| o == *part))
        {
            faults.push(Fault::new(span, format!("the call's path has no `{name}` to look up with")));
        }
        let Some(answer) = reads.get(&form(&path)).copied().flatten() else {
            let fault = Fault::new(span, format!("the facts to look up are not in the answer of `GET {path}`"));
            faults.push(fault.help("name a path with an `answer` in `lookup`, or say `lookup = \"none\"`"));
            continue;
        };
        let wanted = if entry.lookup == 0 { entry.about & !entry.untold } else { entry.lookup };
        let Some(answer) = world.shapes.answers.get(usize::from(answer)) else { continue };
        let facts: Vec<Fact> =
            answer.facts.iter().filter(|fact| wanted & (1 << facts::dimension(fact.fact)) != 0).cloned().collect();
        case.lookup = Some(Lookup { path, record: answer.records.clone(), facts });
    }
}
