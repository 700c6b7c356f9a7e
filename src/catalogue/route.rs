//! Routes as the compiled policy says them.

use bpol_engine::ir;

use super::book::{Answer, Case, Condition, Endpoint, Fact, Place, Routes, Source};
use super::{Catalogue, OpId, facts::dimension};

/// What a call of the bank's API leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Route {
    /// To an operation.
    To {
        /// The operation.
        operation: OpId,
        /// The call, its facts and its answer; `operation` in it is the catalogue's index.
        route: Box<ir::Route>,
    },
    /// Nowhere: it is always denied.
    Denied {
        /// HTTP method in capitals.
        method: String,
        /// Path template.
        path: String,
        /// Why.
        reason: String,
        /// Whether other routes say which bodies of this call are not denied.
        rest: bool,
    },
}

/// The routes of all endpoints, in the catalogue's order; what is denied follows the cases of its endpoint.
pub(super) fn routes(catalogue: &Catalogue, routes: Routes) -> Vec<Route> {
    let mut made = Vec::new();
    for endpoint in routes.endpoints {
        let Endpoint { method, path, uuids, cases, denied } = endpoint;
        let rest = !cases.is_empty();
        for case in cases {
            let operation = OpId(case.operation);
            let answer = case.answer.and_then(|number| routes.answers.get(usize::from(number)));
            let answer = answer.map(|answer| self::answer(catalogue, operation, answer));
            let route =
                Box::new(ir::Route { uuids: uuids.clone(), ..route(method.clone(), path.clone(), case, answer) });
            made.push(Route::To { operation, route });
        }
        if let Some(reason) = denied {
            made.push(Route::Denied { method, path, reason, rest });
        }
    }
    made
}

fn route(method: String, path: String, case: Case, answer: Option<ir::Answer>) -> ir::Route {
    ir::Route {
        method,
        path,
        uuids: Vec::new(),
        when: case.when.map(condition),
        body: case.body,
        operation: u32::from(case.operation),
        facts: facts(case.facts),
        parts: case.parts.map(|(at, facts)| ir::Parts { at, facts: self::facts(facts) }),
        lookup: case.lookup.map(|lookup| ir::Lookup {
            path: lookup.path,
            record: lookup.record,
            facts: facts(lookup.facts),
        }),
        creates: case.creates,
        answer,
    }
}

/// The answer of one operation: of the shape's facts those that the operation has; its own fields first, then those of
/// the shape that it has not, which no rule can show and so take away what they name.
fn answer(catalogue: &Catalogue, id: OpId, answer: &Answer) -> ir::Answer {
    let operation = catalogue.operation(id);
    let about = operation.dimensions.0 & !operation.untold.0;
    let told = answer.facts.iter().filter(|fact| about & (1 << dimension(fact.fact)) != 0);
    let own = operation.fields.iter().map(|field| {
        let at = answer.fields.iter().find(|(word, _)| *word == field.word).map(|(_, at)| at.clone());
        ir::FieldKeys { field: field.word.clone(), at: at.unwrap_or_default() }
    });
    let has = |word: &String| operation.fields.iter().any(|field| field.word == *word);
    let other = answer.fields.iter().filter(|(word, _)| !has(word));
    let other = other.map(|(word, at)| ir::FieldKeys { field: word.clone(), at: at.clone() });
    let fields = own.chain(other);
    ir::Answer {
        records: answer.records.clone(),
        outside: answer.outside.clone(),
        facts: facts(told.cloned().collect()),
        keep: answer.keep.clone(),
        fields: (!operation.fields.is_empty()).then(|| fields.collect()),
    }
}

fn facts(facts: Vec<Fact>) -> Vec<ir::Fact> {
    facts
        .into_iter()
        .filter_map(|fact| Some(ir::Fact { fact: name(fact.fact)?, from: fact.from.into_iter().map(source).collect() }))
        .collect()
}

/// The name of a fact: its place among `book::FACTS`.
fn name(fact: u8) -> Option<ir::FactName> {
    Some(match fact {
        0 => ir::FactName::AccountId,
        1 => ir::FactName::AccountIban,
        2 => ir::FactName::AccountName,
        3 => ir::FactName::AccountKind,
        4 => ir::FactName::PayeeIban,
        5 => ir::FactName::AmountValue,
        6 => ir::FactName::AmountCurrency,
        7 => ir::FactName::Method,
        8 => ir::FactName::Repeat,
        9 => ir::FactName::Url,
        10 => ir::FactName::RecordCreated,
        11 => ir::FactName::RecordId,
        _ => return None,
    })
}

fn source(source: Source) -> ir::Source {
    ir::Source {
        condition: source.condition.map(condition),
        stands: match source.place {
            Place::Is(constant) => ir::Where::Is(constant),
            Place::Path(name) => ir::Where::Path(name),
            Place::Query(name) => ir::Where::Query(name),
            Place::At(pointers) => ir::Where::At(pointers),
        },
        map: source.map.into_iter().collect(),
        reading: source.reading.map(|reading| match reading {
            0 => ir::Reading::Utc,
            1 => ir::Reading::Date,
            _ => ir::Reading::Year,
        }),
    }
}

fn condition(condition: Condition) -> ir::Condition {
    ir::Condition { at: condition.at, is: condition.is, empty: condition.empty }
}
