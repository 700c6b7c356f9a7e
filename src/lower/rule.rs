//! Rules: operations listed, clauses resolved, cut into pieces that the same clauses concern.

use hashbrown::HashMap;
use std::cell::OnceCell;

use bpol_engine::ir::{self, Effect};
use camino::Utf8Path;

use crate::catalogue::OpId;
use crate::check::normal;
use crate::check::{
    Added, Cap, CapPeriod, Clause, ClauseKind, CountCap, Expanded, Figure, Owner, Policy, Target, applies, concerns,
};
use crate::lower::Index;
use crate::lower::counter::{Counters, Holder};
use crate::source::{FileId, FileSpan, Sources, line_column};

/// A rule on the way down: its pieces, before caps know their counters.
pub(crate) struct Draft<'p> {
    pub(crate) expanded: &'p Expanded<'p>,
    pub(crate) pieces: Vec<Piece<'p>>,
    /// The scopes of its pieces, once they were asked for.
    pub(crate) scopes: OnceCell<Vec<u32>>,
}

/// The operations of a rule that the same clauses concern.
pub(crate) struct Piece<'p> {
    /// Indices into the Ir's table, ascending; with what counts as them in `ask` and `deny`.
    pub(crate) operations: Vec<u32>,
    /// The operations of the rule's scope: with what counts as them whatever the effect.
    pub(crate) counted: Vec<u32>,
    /// Own clauses and those added by a `use`.
    pub(crate) clauses: Vec<&'p Clause>,
    /// Which of the clauses were added, by which `use`.
    pub(crate) added: Vec<Added<'p>>,
    pub(crate) unless: Vec<&'p [&'p Clause]>,
    /// The fields of the view by which the operations were named.
    view: Option<OpId>,
}

/// What tells pieces apart: the view, the added clauses that apply, the `unless` blocks that are exceptions.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Cut {
    view: Option<OpId>,
    added: Vec<bool>,
    unless: Vec<bool>,
}

pub(crate) fn draft<'p>(policy: &Policy, index: &Index, expanded: &'p Expanded<'p>) -> Draft<'p> {
    let mut pieces: Vec<(Cut, Vec<OpId>)> = Vec::new();
    let mut cut = Cut::default();
    for &target in expanded.targets.iter() {
        if !inside(policy, expanded, target, &mut cut) {
            continue;
        }
        match pieces.iter_mut().find(|(known, _)| *known == cut) {
            Some((_, operations)) => operations.push(target.operation),
            None => pieces.push((cut.clone(), vec![target.operation])),
        }
    }
    pieces.sort();
    let pieces = pieces
        .into_iter()
        .map(|(Cut { view, added, unless }, operations)| {
            let added: Vec<Added<'p>> =
                expanded.added.iter().zip(added).filter_map(|(added, applies)| applies.then_some(*added)).collect();
            let counted = listed(policy, index, expanded, &operations, true);
            let operations = match expanded.effect {
                Effect::Allow => listed(policy, index, expanded, &operations, false),
                Effect::Ask | Effect::Deny => counted.clone(),
            };
            Piece {
                operations,
                counted,
                clauses: expanded.clauses.iter().copied().chain(added.iter().map(|added| added.clause)).collect(),
                added,
                unless: expanded
                    .unless
                    .iter()
                    .zip(unless)
                    .filter_map(|(block, excepts)| excepts.then_some(block.as_slice()))
                    .collect(),
                view,
            }
        })
        .collect();
    Draft { expanded, pieces, scopes: OnceCell::new() }
}

/// Tells how an operation is cut from the others of its rule, and whether it is inside the rule at all.
fn inside(policy: &Policy, expanded: &Expanded<'_>, target: Target, cut: &mut Cut) -> bool {
    let operation = policy.bank.operation(target.view.unwrap_or(target.operation));
    cut.view = target.view;
    cut.added.clear();
    cut.added.extend(expanded.added.iter().map(|added| applies(policy, expanded, added.clause, operation)));
    cut.unless.clear();
    let concerned = |clause: &Clause| !expanded.group || concerns(&clause.kind, operation, &policy.limits);
    cut.unless.extend(expanded.unless.iter().map(|block| block.iter().all(|clause| concerned(clause))));
    expanded.clauses.iter().all(|clause| concerned(clause)) && (cut.unless.is_empty() || cut.unless.contains(&true))
}

fn listed(policy: &Policy, index: &Index, expanded: &Expanded<'_>, operations: &[OpId], counts_as: bool) -> Vec<u32> {
    let mut out: Vec<u32> = if expanded.group || !counts_as {
        operations.iter().map(|&id| index.of(id)).collect()
    } else {
        operations
            .iter()
            .flat_map(|&id| policy.bank.counting_as(id))
            .filter(|&&id| expanded.effect != Effect::Ask || policy.bank.operation(id).action != "read")
            .map(|&id| index.of(id))
            .collect()
    };
    out.sort_unstable();
    out.dedup();
    out
}

pub(crate) fn finish(
    policy: &Policy,
    counters: &mut Counters<'_>,
    places: &mut Places<'_>,
    draft: &Draft<'_>,
) -> Vec<ir::Rule> {
    let expanded = draft.expanded;
    let place = places.place(expanded.statement.place);
    let text = places.text(expanded.statement.place);
    draft
        .pieces
        .iter()
        .map(|piece| {
            let own = piece.clauses.len() - piece.added.len();
            let mut when = Vec::new();
            for (at, clause) in piece.clauses.iter().enumerate() {
                let holder = match at.checked_sub(own).and_then(|added| piece.added.get(added)) {
                    Some(added) => Holder::Usage(added.usage),
                    None => Holder::Rule,
                };
                when.extend(lower_clause(clause, &mut |period, counting| {
                    counters.of(draft, holder, clause, period, counting)
                }));
            }
            let unless = piece
                .unless
                .iter()
                .map(|block| {
                    let at = expanded.unless.iter().position(|own| std::ptr::eq(own.as_slice(), *block)).unwrap_or(0);
                    block
                        .iter()
                        .filter_map(|clause| {
                            lower_clause(clause, &mut |period, counting| {
                                counters.of(draft, Holder::Unless(at), clause, period, counting)
                            })
                        })
                        .collect()
                })
                .collect();
            let (showing, hiding) = fields(policy, piece);
            ir::Rule {
                id: expanded.id.clone(),
                effect: expanded.effect,
                operations: piece.operations.clone(),
                when,
                unless,
                showing,
                hiding,
                place: place.clone(),
                text: text.clone(),
                doc: expanded.statement.doc.clone(),
            }
        })
        .collect()
}

/// What the piece shows exactly, if it says so, and what it hides.
fn fields(policy: &Policy, piece: &Piece<'_>) -> (Option<Vec<String>>, Vec<String>) {
    let view = piece.view.map(|view| policy.bank.operation(view));
    let mut showing: Option<Vec<String>> =
        view.map(|view| view.fields.iter().map(|field| field.word.clone()).collect());
    let mut hiding: Vec<String> = Vec::new();
    for clause in &piece.clauses {
        match &clause.kind {
            ClauseKind::Showing(words) => {
                showing = Some(match showing {
                    None => words.clone(),
                    Some(before) => before.into_iter().filter(|word| words.contains(word)).collect(),
                });
            }
            ClauseKind::Hiding(words) => hiding.extend(words.iter().cloned()),
            _ => {}
        }
    }
    if let Some(showing) = &mut showing {
        showing.sort_unstable();
        showing.dedup();
    }
    hiding.sort_unstable();
    hiding.dedup();
    (showing, hiding)
}

/// A clause, its caps with their counters; nothing for one that shapes the answer. `counter` gives the counter of a cap by
/// its period and what it counts.
pub(crate) fn lower_clause(
    clause: &Clause,
    counter: &mut dyn FnMut(ir::Period, ir::Counting) -> u32,
) -> Option<ir::Clause> {
    let mut times = |caps: &[CountCap]| {
        let cap = |cap: &CountCap| ir::CountCap { times: cap.times, counter: counter(cap.period, ir::Counting::Times) };
        caps.iter().map(cap).collect()
    };
    Some(match &clause.kind {
        ClauseKind::On(refs) => ir::Clause::On(refs.clone()),
        ClauseKind::To(refs) => ir::Clause::To(refs.clone()),
        ClauseKind::ToUrl(urls) => ir::Clause::ToUrl(urls.clone()),
        ClauseKind::UpTo(caps) => {
            let caps = money_caps(caps, counter);
            if caps.is_empty() { ir::Clause::AnyAmount } else { ir::Clause::UpTo(caps) }
        }
        ClauseKind::Over(caps) => ir::Clause::Over(money_caps(caps, counter)),
        ClauseKind::AtMost(caps) => ir::Clause::AtMost(times(caps)),
        ClauseKind::MoreThan(caps) => ir::Clause::MoreThan(times(caps)),
        ClauseKind::Within(limits) => {
            ir::Clause::Within(limits.iter().filter_map(|&limit| u32::try_from(limit).ok()).collect())
        }
        ClauseKind::Via(words) => ir::Clause::Via(words.clone()),
        ClauseKind::Repeating(words) => ir::Clause::Repeating(words.clone()),
        ClauseKind::SinceAge(seconds) => ir::Clause::Since(ir::Since::Age(*seconds)),
        ClauseKind::SinceDate(date) => ir::Clause::Since(ir::Since::Date(date.to_string())),
        ClauseKind::CreatedByThisKey => ir::Clause::CreatedByThisKey,
        ClauseKind::From(refs) => ir::Clause::From(refs.clone()),
        ClauseKind::During(spans) => ir::Clause::During(spans.clone()),
        ClauseKind::Starting(date) => ir::Clause::Starting(date.to_string()),
        ClauseKind::Before(date) => ir::Clause::Before(date.to_string()),
        ClauseKind::Showing(_) | ClauseKind::Hiding(_) => return None,
    })
}

fn money_caps(caps: &[Cap], counter: &mut dyn FnMut(ir::Period, ir::Counting) -> u32) -> Vec<ir::MoneyCap> {
    caps.iter()
        .filter_map(|cap| {
            let Figure::Money(money) = cap.figure else { return None };
            let currency = money.currency.code();
            let counter = match cap.span {
                CapPeriod::Each => None,
                CapPeriod::Over(period) => Some(counter(period, ir::Counting::Money(currency.to_owned()))),
            };
            Some(ir::MoneyCap { value: money.value.to_string(), currency: currency.to_owned(), counter })
        })
        .collect()
}

/// Where statements stand and what they say. Lines are counted once per file.
pub(crate) struct Places<'s> {
    sources: &'s Sources,
    root: &'s Utf8Path,
    lines: HashMap<FileId, Vec<u32>>,
}

impl<'s> Places<'s> {
    pub(crate) fn new(sources: &'s Sources, root: &'s Utf8Path) -> Self {
        Self { sources, root, lines: HashMap::new() }
    }

    fn place(&mut self, place: FileSpan) -> ir::Place {
        let source = self.sources.get(place.file);
        let starts = self.lines.entry(place.file).or_insert_with(|| {
            let ends = source.text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
            std::iter::once(0).chain(ends.filter_map(|(at, _)| u32::try_from(at + 1).ok())).collect()
        });
        let line = starts.partition_point(|&start| start <= place.span.start);
        let start = line.checked_sub(1).and_then(|at| starts.get(at)).copied().unwrap_or(0);
        let within = source.text.get(start as usize..).unwrap_or_default();
        let (_, column) = line_column(within, place.span.start - start);
        let line = u32::try_from(line).unwrap_or(u32::MAX);
        // Relative to the root, so that the same policy gives the same bytes wherever it is compiled.
        let path = normal(&source.path);
        let file = path.strip_prefix(self.root).unwrap_or(&path).as_str().to_owned();
        ir::Place { file, line, column }
    }

    fn text(&self, place: FileSpan) -> String {
        let mut words = self.sources.text(place).split_ascii_whitespace();
        let mut out = words.next().unwrap_or_default().to_owned();
        for word in words {
            out.push(' ');
            out.push_str(word);
        }
        out
    }
}

/// The key whose rules they are; nothing for a guardrail.
pub(crate) fn key_of(policy: &Policy, owner: Owner) -> Option<&str> {
    match owner {
        Owner::Key(key) => policy.keys.get(key).map(|key| key.name.as_str()),
        Owner::Guardrail(_) => None,
    }
}
