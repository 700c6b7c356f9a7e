//! Roles put in the place of `use`, and `only` written out as the `deny` that it means.

use std::sync::Arc;

use bpol_engine::ir::Effect;

use crate::check::subject::everything;
use crate::check::{Clause, Policy, Statement, StatementKind, Target};
use crate::diag::Diagnostic;
use crate::source::FileSpan;

/// Whose rules they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Owner {
    /// A key, by index.
    Key(usize),
    /// An `every key` block, by index.
    Guardrail(usize),
}

/// A rule as it holds for its owner.
#[derive(Debug, Clone)]
pub struct Expanded<'p> {
    /// Whose it is.
    pub owner: Owner,
    /// Its id, such as `ynab#2/reader#1`.
    pub id: String,
    /// Its effect.
    pub effect: Effect,
    /// The statement that it was written as.
    pub statement: &'p Statement,
    /// What it names.
    pub targets: Arc<[Target]>,
    /// Whether it names a group (`everything`, tiers, `only`).
    pub group: bool,
    /// Its own clauses before `unless`.
    pub clauses: Vec<&'p Clause>,
    /// Its `unless` blocks.
    pub unless: Vec<Vec<&'p Clause>>,
    /// Clauses that `use` adds, innermost first; only to an `allow`.
    pub added: Vec<Added<'p>>,
    /// Where the roles were used through which it comes, outermost first.
    pub path: Vec<FileSpan>,
}

/// A clause that a `use` adds.
#[derive(Debug, Clone, Copy)]
pub struct Added<'p> {
    /// The clause.
    pub clause: &'p Clause,
    /// Which `use` it was, among all `use`s of the expansion: a cap is one budget for that `use`.
    pub usage: usize,
}

/// More statements than any policy means.
const MOST: usize = 200_000;

/// Reports roles that use themselves, and keys whose roles unfold beyond all measure. Says whether expansion is unsafe.
pub(crate) fn report_cycles(policy: &Policy, found: &mut Vec<Diagnostic>) -> bool {
    let before = found.len();
    let mut sizes: Vec<Option<usize>> = vec![None; policy.roles.len()];
    let mut open = vec![false; policy.roles.len()];
    for role in 0..policy.roles.len() {
        // Depth-first, without recursion: (role, next statement, size so far).
        let mut steps = vec![(role, 0, 0_usize)];
        if sizes[role].is_some() {
            continue;
        }
        open[role] = true;
        while let Some(&mut (current, ref mut next, ref mut size)) = steps.last_mut() {
            let Some(statement) = policy.roles[current].statements.get(*next) else {
                sizes[current] = Some(*size);
                open[current] = false;
                let done = *size;
                steps.pop();
                if let Some((_, _, outer)) = steps.last_mut() {
                    *outer = outer.saturating_add(done);
                }
                continue;
            };
            *next += 1;
            let Some(Statement { kind: StatementKind::Use { role: used, .. }, place, .. }) = statement else {
                *size = size.saturating_add(1);
                continue;
            };
            if open[*used] {
                let name = &policy.roles[*used].name;
                found.push(
                    Diagnostic::error(
                        "role-cycle",
                        place.file,
                        place.span,
                        format!("the role `{name}` uses itself, so nobody can say what it gives"),
                    )
                    .label(policy.roles[*used].place, "the role")
                    .help("take one of the `use` lines out"),
                );
            } else if let Some(known) = sizes[*used] {
                *size = size.saturating_add(known);
            } else {
                open[*used] = true;
                steps.push((*used, 0, 0));
            }
        }
    }
    for key in &policy.keys {
        let total = key.statements.iter().flatten().fold(0_usize, |sum, statement| match &statement.kind {
            StatementKind::Use { role, .. } => sum.saturating_add(sizes[*role].unwrap_or(0)),
            _ => sum.saturating_add(1),
        });
        if total > MOST {
            found.push(
                Diagnostic::error(
                    "role-too-large",
                    key.place.file,
                    key.place.span,
                    format!(
                        "the roles of `{}` unfold to more than {MOST} statements, and nobody could see what it may do",
                        key.name
                    ),
                )
                .help("use each role once"),
            );
        }
    }
    found.len() > before
}

/// Whether some role uses itself, so that nothing can be expanded.
pub(crate) fn has_cycle(roles: &[crate::check::Block]) -> bool {
    let policy = Policy { roles: roles.to_vec(), ..Policy::default() };
    report_cycles(&policy, &mut Vec::new())
}

/// All rules of all keys, then of all guardrails, in document order.
pub fn expand(policy: &Policy) -> Vec<Expanded<'_>> {
    blocks(policy).flatten().collect()
}

/// The same, block by block: the rules of a large policy together take more memory than its text.
pub(crate) fn blocks(policy: &Policy) -> impl Iterator<Item = Vec<Expanded<'_>>> {
    let keys = policy.keys.iter().enumerate().map(|(at, key)| (Owner::Key(at), key.name.as_str(), &key.statements, 0));
    let guardrails = policy.guardrails.iter().enumerate().scan(0, |next, (at, guardrail)| {
        let before = *next;
        *next += guardrail.statements.len();
        Some((Owner::Guardrail(at), "every", &guardrail.statements, before))
    });
    let mut unfold = Unfold { policy, everything: everything(&policy.bank), usage: 0, out: Vec::new() };
    keys.chain(guardrails).map(move |(owner, name, statements, before)| {
        unfold.block(&Place { owner, prefix: "", name, path: &[], added: &[] }, statements, before);
        std::mem::take(&mut unfold.out)
    })
}

struct Unfold<'p> {
    policy: &'p Policy,
    everything: Arc<[Target]>,
    usage: usize,
    out: Vec<Expanded<'p>>,
}

/// Where in the expansion a block stands.
struct Place<'c, 'p> {
    owner: Owner,
    prefix: &'c str,
    name: &'c str,
    path: &'c [FileSpan],
    added: &'c [Added<'p>],
}

impl<'p> Unfold<'p> {
    // Roles nest as deep as there are roles; cycles were refused before.
    fn block(&mut self, place: &Place<'_, 'p>, statements: &'p [Option<Statement>], offset: usize) {
        for (index, statement) in statements.iter().enumerate() {
            let Some(statement) = statement else { continue };
            let id = format!("{}{}#{}", place.prefix, place.name, offset + index + 1);
            match &statement.kind {
                StatementKind::Rule(rule) => {
                    let added = if rule.effect == Effect::Allow { place.added.to_vec() } else { Vec::new() };
                    self.out.push(Expanded {
                        owner: place.owner,
                        id,
                        effect: rule.effect,
                        statement,
                        targets: Arc::clone(&rule.subject.targets),
                        group: rule.subject.group,
                        clauses: rule.clauses.iter().collect(),
                        unless: rule.unless.iter().map(|block| block.iter().collect()).collect(),
                        added,
                        path: place.path.to_vec(),
                    });
                }
                StatementKind::Only(clauses) => {
                    for clause in clauses {
                        self.out.push(Expanded {
                            owner: place.owner,
                            id: id.clone(),
                            effect: Effect::Deny,
                            statement,
                            targets: Arc::clone(&self.everything),
                            group: true,
                            clauses: Vec::new(),
                            unless: vec![vec![clause]],
                            added: Vec::new(),
                            path: place.path.to_vec(),
                        });
                    }
                }
                StatementKind::Use { role, clauses } => {
                    let role = &self.policy.roles[*role];
                    let usage = self.usage;
                    self.usage += 1;
                    let mut added: Vec<Added<'p>> = clauses.iter().map(|clause| Added { clause, usage }).collect();
                    added.extend_from_slice(place.added);
                    let mut path = place.path.to_vec();
                    path.push(statement.place);
                    let prefix = format!("{id}/");
                    let inner =
                        Place { owner: place.owner, prefix: &prefix, name: &role.name, path: &path, added: &added };
                    self.block(&inner, &role.statements, 0);
                }
            }
        }
    }
}
