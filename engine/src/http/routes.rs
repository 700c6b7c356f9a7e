//! The routes of a policy, ready to be walked: a tree of path segments, and where facts stand.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use crate::filter::Shape;
use crate::ir::{self, FactName, Ir, Reading};
use crate::pointer::{Pointer, Segment};

/// All routes.
#[derive(Debug, Default)]
pub(crate) struct Routes {
    steps: Vec<Step>,
    pub(crate) ways: Vec<Way>,
}

/// A segment of templates and what may follow it.
#[derive(Debug, Default)]
struct Step {
    /// Words, sorted.
    words: Vec<(Box<str>, u32)>,
    name: Option<u32>,
    /// The ways that end here.
    ends: Vec<u32>,
}

/// A route.
#[derive(Debug)]
pub(crate) struct Way {
    /// Its place in the document.
    pub(crate) route: usize,
    pub(crate) operation: u32,
    pub(crate) method: Box<str>,
    /// The names of the template.
    pub(crate) names: Vec<Named>,
    pub(crate) when: Option<Condition>,
    pub(crate) body: Vec<Pointer>,
    pub(crate) facts: Vec<Fact>,
    pub(crate) queries: Vec<Box<str>>,
    pub(crate) parts: Option<(Pointer, Vec<Fact>)>,
    pub(crate) lookup: Option<Fetch>,
    pub(crate) creates: Option<Pointer>,
    /// How its answer is cut, made when the first answer comes.
    pub(crate) shape: OnceLock<Option<Shape>>,
}

/// A name of a template.
#[derive(Debug)]
pub(crate) struct Named {
    pub(crate) name: Box<str>,
    /// The place of its segment in the path.
    pub(crate) place: usize,
    /// Whether it stands for a UUID; else for a whole number.
    pub(crate) uuid: bool,
}

/// What is looked up.
#[derive(Debug)]
pub(crate) struct Fetch {
    pub(crate) record: Pointer,
    pub(crate) facts: Vec<Fact>,
}

/// A condition with its pointer read.
#[derive(Debug)]
pub(crate) struct Condition {
    pub(crate) at: Pointer,
    pub(crate) is: Option<Box<str>>,
    pub(crate) empty: bool,
}

/// A fact with its pointers read.
#[derive(Debug)]
pub(crate) struct Fact {
    pub(crate) name: FactName,
    pub(crate) from: Vec<Source>,
}

/// See [`ir::Source`].
#[derive(Debug)]
pub(crate) struct Source {
    pub(crate) condition: Option<Condition>,
    pub(crate) stands: Stands,
    pub(crate) map: BTreeMap<String, String>,
    pub(crate) reading: Option<Reading>,
}

/// See [`ir::Where`]; names of the path are their places.
#[derive(Debug)]
pub(crate) enum Stands {
    Is(Box<str>),
    Path(usize),
    Query(Box<str>),
    At(Vec<Pointer>),
}

impl Routes {
    /// Makes the tree. A route whose pointers cannot be read is left out: what it would match is refused.
    pub(crate) fn new(ir: &Ir) -> Self {
        let mut routes = Self { steps: vec![Step::default()], ways: Vec::new() };
        for (number, route) in ir.routes.iter().enumerate() {
            if let Ok(way) = way(number, route) {
                routes.add(&route.path, way);
            }
        }
        for step in &mut routes.steps {
            step.words.sort_unstable();
        }
        routes
    }

    fn add(&mut self, path: &str, way: Way) {
        let mut here = 0_u32;
        for segment in path.split('/').skip(1) {
            let next = u32::try_from(self.steps.len()).unwrap_or(u32::MAX);
            let Some(step) = at_mut(&mut self.steps, here) else { return };
            let known = match name(segment) {
                Some(_) => step.name,
                None => step.words.iter().find(|(word, _)| **word == *segment).map(|(_, step)| *step),
            };
            here = known.unwrap_or_else(|| {
                match name(segment) {
                    Some(_) => step.name = Some(next),
                    None => step.words.push((segment.into(), next)),
                }
                next
            });
            if known.is_none() {
                self.steps.push(Step::default());
            }
        }
        let number = u32::try_from(self.ways.len()).unwrap_or(u32::MAX);
        if let Some(step) = at_mut(&mut self.steps, here) {
            step.ends.push(number);
            self.ways.push(way);
        }
    }

    /// The ways whose templates fit a path, whatever their method.
    pub(crate) fn of(&self, segments: &[&str]) -> impl Iterator<Item = &Way> {
        let mut ends: smallvec::SmallVec<[u32; 16]> = smallvec::SmallVec::new();
        self.walk(0, segments, &mut ends, true);
        ends.into_iter().filter_map(|end| self.way(end))
    }

    /// Whether some template fits when capitals are taken for small letters.
    pub(crate) fn fits_in_small_letters(&self, segments: &[&str]) -> bool {
        let mut ends = smallvec::SmallVec::new();
        self.walk(0, segments, &mut ends, false);
        !ends.is_empty()
    }

    pub(crate) fn way(&self, number: u32) -> Option<&Way> {
        self.ways.get(usize::try_from(number).ok()?)
    }

    fn walk(&self, here: u32, segments: &[&str], ends: &mut smallvec::SmallVec<[u32; 16]>, exact: bool) {
        let Some(step) = usize::try_from(here).ok().and_then(|at| self.steps.get(at)) else { return };
        let Some((segment, rest)) = segments.split_first() else {
            ends.extend_from_slice(&step.ends);
            return;
        };
        if exact {
            let found = step.words.binary_search_by(|(word, _)| (**word).cmp(segment)).ok();
            if let Some((_, next)) = found.and_then(|at| step.words.get(at)) {
                self.walk(*next, rest, ends, exact);
            }
        } else {
            for (_, next) in step.words.iter().filter(|(word, _)| word.eq_ignore_ascii_case(segment)) {
                self.walk(*next, rest, ends, exact);
            }
        }
        if let Some(next) = step.name {
            self.walk(next, rest, ends, exact);
        }
    }
}

/// Whether all routes can be read; the error says which cannot and why.
pub(crate) fn check(ir: &Ir) -> Result<(), String> {
    for (number, route) in ir.routes.iter().enumerate() {
        way(number, route).map_err(|fault| format!("routes[{number}]: {fault}"))?;
        if let Some(answer) = &route.answer {
            Shape::check(answer).map_err(|fault| format!("routes[{number}]: {fault}"))?;
        }
    }
    Ok(())
}

fn way(number: usize, route: &ir::Route) -> Result<Way, String> {
    if !route.path.starts_with('/') {
        return Err(format!("`{}` is no path", route.path));
    }
    let segments = route.path.split('/').skip(1).enumerate();
    let named = segments.filter_map(|(place, segment)| Some((place, name(segment)?)));
    let uuid = |name: &str| route.uuids.iter().any(|known| known == name);
    let names: Vec<Named> = named.map(|(place, name)| Named { name: name.into(), place, uuid: uuid(name) }).collect();
    let facts = facts(&route.facts, &names)?;
    let lookup = route.lookup.as_ref().map(|lookup| -> Result<Fetch, String> {
        Ok(Fetch { record: pointer(&lookup.record, true)?, facts: self::facts(&lookup.facts, &names)? })
    });
    let parts = route
        .parts
        .as_ref()
        .map(|parts| -> Result<_, String> { Ok((pointer(&parts.at, false)?, self::facts(&parts.facts, &names)?)) });
    let (lookup, parts) = (lookup.transpose()?, parts.transpose()?);
    let told = facts.iter().chain(parts.iter().flat_map(|(_, facts)| facts));
    let queries = told.flat_map(|fact| &fact.from).filter_map(|source| match &source.stands {
        Stands::Query(name) => Some(name.clone()),
        _ => None,
    });
    Ok(Way {
        route: number,
        operation: route.operation,
        method: route.method.as_str().into(),
        queries: queries.collect(),
        when: route.when.as_ref().map(condition).transpose()?,
        body: route.body.iter().map(|text| pointer(text, false)).collect::<Result<_, _>>()?,
        facts,
        parts,
        lookup,
        creates: route.creates.as_deref().map(|text| pointer(text, false)).transpose()?,
        shape: OnceLock::new(),
        names,
    })
}

/// The facts of a record, which no path names.
pub(crate) fn answer_facts(facts: &[ir::Fact]) -> Result<Vec<Fact>, String> {
    self::facts(facts, &[])
}

fn facts(facts: &[ir::Fact], names: &[Named]) -> Result<Vec<Fact>, String> {
    let source = |source: &ir::Source| -> Result<Source, String> {
        Ok(Source {
            condition: source.condition.as_ref().map(condition).transpose()?,
            stands: match &source.stands {
                ir::Where::Is(word) => Stands::Is(word.as_str().into()),
                ir::Where::Query(name) => Stands::Query(name.as_str().into()),
                ir::Where::At(pointers) => {
                    Stands::At(pointers.iter().map(|text| pointer(text, true)).collect::<Result<_, _>>()?)
                }
                ir::Where::Path(name) => {
                    let place = names.iter().position(|known| *known.name == **name);
                    Stands::Path(place.ok_or_else(|| format!("the path has no `{{{name}}}`"))?)
                }
            },
            map: source.map.clone(),
            reading: source.reading,
        })
    };
    let fact = |fact: &ir::Fact| -> Result<Fact, String> {
        Ok(Fact { name: fact.fact, from: fact.from.iter().map(source).collect::<Result<_, _>>()? })
    };
    facts.iter().map(fact).collect()
}

fn condition(condition: &ir::Condition) -> Result<Condition, String> {
    Ok(Condition {
        at: pointer(&condition.at, false)?,
        is: condition.is.as_deref().map(Into::into),
        empty: condition.empty,
    })
}

/// A pointer without `**`, and without `[key=TEXT]` unless `entries`.
pub(crate) fn pointer(text: &str, entries: bool) -> Result<Pointer, String> {
    let wrong = |segment: &Segment| match segment {
        Segment::Key(_) | Segment::Every => false,
        Segment::Entry(..) => !entries,
        Segment::Deep => true,
    };
    match Pointer::read(text) {
        Some(pointer) if !pointer.segments().iter().any(wrong) => Ok(pointer),
        _ => Err(format!("`{text}` is no pointer")),
    }
}

/// The name of a segment in braces.
pub(crate) fn name(segment: &str) -> Option<&str> {
    segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'))
}

fn at_mut<T>(list: &mut [T], number: u32) -> Option<&mut T> {
    list.get_mut(usize::try_from(number).ok()?)
}
