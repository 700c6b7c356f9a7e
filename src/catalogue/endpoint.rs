//! Endpoints: which operation a call is, and where its facts stand. Shared with the build script.

use std::collections::{HashMap, HashSet};

use super::Span;
use super::book::{Book, Case, Condition, Endpoint, Entry, FACTS, Fact, Lookup, Place, Routes, Source};
use super::facts::{self, Context, Maps};
use super::fault::Fault;
use super::pointer::{self, Reach, is_within};
use super::shape::{self, Shapes};
use super::table::{Table, Word};

const ENDPOINT: [&str; 12] =
    ["call", "calls", "is", "denied", "cases", "otherwise", "body", "tells", "facts", "parts", "lookup", "answer"];
const CASE: [&str; 9] = ["when", "any", "with", "is", "tells", "facts", "parts", "lookup", "answer"];
const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

/// All that endpoints refer to.
struct World<'w> {
    book: &'w Book,
    operations: HashMap<String, u16>,
    shapes: Shapes,
    /// Path parameters that tell a fact wherever they stand.
    parameters: Vec<(String, u8)>,
    prefixes: HashMap<String, Vec<Word>>,
    maps: Maps,
}

/// A call that an endpoint is about.
struct Call {
    method: String,
    path: String,
    span: Span,
}

/// A case whose look-up waits until all endpoints are known.
struct Pending {
    endpoint: usize,
    case: usize,
    lookup: Option<Word>,
    span: Span,
}

/// Reads `[path]`, `[prefixes]`, `[answers]`, every `[[shape]]` and every `[[endpoint]]`.
pub(crate) fn read(document: &Table<'_>, book: &Book, faults: &mut Vec<Fault>) -> Routes {
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
        for call in calls(&table, &world, faults) {
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
    unreached(document, book, &endpoints, faults);
    lookups(&mut endpoints, &pending, &world, faults);
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

fn prefixes(document: &Table<'_>, faults: &mut Vec<Fault>) -> HashMap<String, Vec<Word>> {
    let table = document.table("prefixes", faults);
    let mut prefixes = HashMap::new();
    for (word, value) in table.iter().flat_map(Table::entries) {
        prefixes.insert(word.text.clone(), super::table::texts(value, &word.text, faults));
    }
    prefixes
}

fn calls(table: &Table<'_>, world: &World<'_>, faults: &mut Vec<Fault>) -> Vec<Call> {
    let mut words = table.texts("calls", faults);
    words.extend(table.text("call", faults));
    if words.is_empty() {
        faults.push(Fault::new(table.span, "an endpoint without a call").help("add `call = \"GET /…\"`"));
    }
    words.iter().flat_map(|word| call(word, world, faults)).collect()
}

fn call(word: &Word, world: &World<'_>, faults: &mut Vec<Fault>) -> Vec<Call> {
    let (method, path) = word.text.split_once(' ').unwrap_or((&word.text, ""));
    if !METHODS.contains(&method) {
        let fault = Fault::new(word.span, format!("`{method}` is no method of HTTP that a call may have"));
        faults.push(fault.nearest(method, METHODS));
        return Vec::new();
    }
    let paths = match path.strip_prefix('@') {
        None => vec![path.to_string()],
        Some(rest) => {
            let (name, rest) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
            let Some(group) = world.prefixes.get(name) else {
                let fault = Fault::new(word.span, format!("there are no prefixes `{name}`"));
                faults.push(fault.nearest(name, world.prefixes.keys().map(String::as_str)));
                return Vec::new();
            };
            group.iter().map(|prefix| format!("{}{rest}", prefix.text)).collect()
        }
    };
    let mut calls = Vec::new();
    for path in paths {
        if let Some(wrong) = wrong_path(&path) {
            faults.push(Fault::new(word.span, format!("`{path}` is no path of a call: {wrong}")));
        } else {
            calls.push(Call { method: method.to_string(), path, span: word.span });
        }
    }
    calls
}

fn wrong_path(path: &str) -> Option<&'static str> {
    let Some(rest) = path.strip_prefix('/') else { return Some("it does not begin with `/`") };
    let mut names = HashSet::new();
    for segment in rest.split('/') {
        if let Some(name) = parameter(segment) {
            if name.is_empty() || name.contains(['{', '}']) {
                return Some("a name in braces is empty");
            }
            if !names.insert(name) {
                return Some("it says a name in braces twice");
            }
        } else if segment.is_empty()
            || segment.contains(['{', '}', '?', '#', '%', ' ', '*'])
            || segment.starts_with('.')
        {
            return Some("a segment is neither plain nor one name in braces");
        }
    }
    None
}

fn parameter(segment: &str) -> Option<&str> {
    segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'))
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
    exclusive(&endpoint.cases, &spans, faults);
    Some(endpoint)
}

/// The kinds of body of a case: `when` is one; `any` is one for each of its keys, which may hold the keys after it, so
/// that together they are the bodies that hold one or more of the keys.
fn bodies(table: &Table<'_>, faults: &mut Vec<Fault>) -> Vec<(Condition, Vec<String>, Span)> {
    let (when, any, with) = (table.text("when", faults), table.texts("any", faults), table.texts("with", faults));
    if when.is_some() != any.is_empty() {
        let fault = Fault::new(table.span, "a case without `when` or `any`, or with both");
        faults.push(fault.help("say which body it is: `when = \"/status=CLOSED\"`"));
        return Vec::new();
    }
    if let Some(word) = any.iter().find(|word| word.text.contains('=')) {
        let message = format!("`{}` in `any` says a value; `any` lists keys", word.text);
        faults.push(Fault::new(word.span, message).help("use `when`"));
    }
    let firsts: Vec<&Word> = when.iter().chain(&any).collect();
    let mut bodies = Vec::new();
    for (number, first) in firsts.iter().enumerate() {
        let Some(condition) = pointer::condition(first, faults) else { continue };
        let mut body = vec![condition.at.clone()];
        for word in firsts.iter().skip(number + 1).copied().chain(&with) {
            if pointer::check(word, Reach::Keys, faults) {
                add(word, &mut body, faults);
            }
        }
        bodies.push((condition, body, first.span));
    }
    bodies
}

fn body(table: &Table<'_>, call: &Call, faults: &mut Vec<Fault>) -> Vec<String> {
    let words = table.texts("body", faults);
    if let Some(word) = words.first()
        && (call.method == "GET" || call.method == "DELETE")
    {
        faults.push(Fault::new(word.span, format!("a {} has no body", call.method)));
    }
    let mut body = Vec::new();
    for word in words {
        if pointer::check(&word, Reach::Keys, faults) {
            add(&word, &mut body, faults);
        }
    }
    body
}

fn add(word: &Word, body: &mut Vec<String>, faults: &mut Vec<Fault>) {
    if body.iter().any(|other| is_within(other, &word.text) || is_within(&word.text, other)) {
        faults.push(Fault::new(word.span, format!("`{}` is already among the keys of this body", word.text)));
    } else {
        body.push(word.text.clone());
    }
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
        let context =
            Context { book: world.book, maps: &world.maps, path: Some(&call.path), about: Some(told), within };
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
    let context = Context { book: world.book, maps: &world.maps, path: Some(&call.path), about, within: None };
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

/// No body may be two cases: either both look at one key for different values, or the later does not allow the key of
/// the earlier. Then the order of cases says nothing, and a policy may leave out those that no key may perform.
fn exclusive(cases: &[Case], spans: &[Span], faults: &mut Vec<Fault>) {
    let whens: Vec<(&Condition, &Case, Span)> =
        cases.iter().zip(spans).filter_map(|(case, span)| Some((case.when.as_ref()?, case, *span))).collect();
    for (number, (later, case, span)) in whens.iter().enumerate() {
        for (earlier, _, _) in whens.iter().take(number) {
            let valued = |when: &Condition| when.is.is_some() || when.empty;
            let differ = earlier.at == later.at && valued(earlier) && valued(later) && earlier != later;
            // An empty list has no entries, and a key of every entry wants at least one.
            let empty = |one: &Condition, other: &Condition| {
                one.empty && other.at.strip_prefix(one.at.as_str()).is_some_and(|rest| rest.starts_with("/*"))
            };
            let apart = differ || empty(earlier, later) || empty(later, earlier);
            let allowed = case.body.iter().any(|key| is_within(&earlier.at, key) || is_within(key, &earlier.at));
            if !apart && allowed {
                let message = format!("a body with `{}` could be this case or the earlier one", earlier.at);
                faults.push(Fault::new(*span, message).help("make the cases tell different keys or values"));
            }
        }
    }
}

/// No call may be two endpoints.
fn overlaps(endpoints: &[Endpoint], spans: &[Span], faults: &mut Vec<Fault>) {
    let mut by_form: HashMap<(&str, usize), Vec<usize>> = HashMap::new();
    for (number, endpoint) in endpoints.iter().enumerate() {
        let form = (endpoint.method.as_str(), endpoint.path.split('/').count());
        let others = by_form.entry(form).or_default();
        for other in others.iter().filter_map(|other| endpoints.get(*other)) {
            let both = |(one, two)| one == two || parameter(one).is_some() || parameter(two).is_some();
            if endpoint.path.split('/').zip(other.path.split('/')).all(both) {
                let message = if endpoint.path == other.path {
                    format!("`{} {}` is said twice", endpoint.method, endpoint.path)
                } else {
                    format!("a call could be `{} {}` or `{}`", endpoint.method, endpoint.path, other.path)
                };
                faults.push(Fault::new(spans.get(number).copied().unwrap_or_default(), message));
            }
        }
        others.push(number);
    }
}

/// Every operation is some call.
fn unreached(document: &Table<'_>, book: &Book, endpoints: &[Endpoint], faults: &mut Vec<Fault>) {
    let reached: HashSet<u16> =
        endpoints.iter().flat_map(|endpoint| &endpoint.cases).map(|case| case.operation).collect();
    for (entry, number) in book.operations.iter().zip(0..) {
        if entry.view_of.is_none() && !reached.contains(&number) {
            faults.push(Fault::new(document.span, format!("no call is `{} {}`", entry.action, entry.resource)));
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
