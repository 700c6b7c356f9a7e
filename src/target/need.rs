//! What each line of a policy needs of the point that enforces it.

use std::collections::{BTreeMap, BTreeSet};

use bpol_engine::ir::{AccountRef, Capability, Dimension, Effect, Ir, NetworkRef, PayeeRef, Route, Tier, Where};

use super::Target;
use crate::Checked;
use crate::catalogue::{Dimensions, Operation};
use crate::check::{self, Cap, CapPeriod, Clause, ClauseKind, Expanded, Figure, Policy, applies, concerns};
use crate::diag::Diagnostic;
use crate::lower::Index;
use crate::source::FileSpan;

/// Something that an enforcement point can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ability {
    /// See the body of a call, whole.
    Body,
    /// What compiled policies `require`.
    Of(Capability),
}

impl Ability {
    /// All of them.
    pub fn all() -> impl Iterator<Item = Self> + Clone {
        std::iter::once(Self::Body).chain(Capability::ALL.map(Self::Of))
    }

    /// Its word in profiles.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Body => "body",
            Self::Of(capability) => capability.word(),
        }
    }

    /// What a line needs, and what comes of it where that is not to be had.
    const fn lack(self) -> (&'static str, &'static str) {
        match self {
            Self::Of(Capability::Approval) => {
                ("someone to put the question to", "what is asked for would never be answered")
            }
            Self::Body => ("the body of the call", "calls that ask for other things would look the same"),
            Self::Of(Capability::ClientIp) => ("the address of the caller", "every caller would look the same"),
            Self::Of(Capability::Counters) => ("what was done before", "a budget would never be used up"),
            Self::Of(Capability::Lookup) => {
                ("a look-up at the bank", "what the call names by a number alone would stay unknown")
            }
            Self::Of(Capability::OwnRecords) => {
                ("a list of what the key created", "other people's records would look like its own")
            }
            Self::Of(Capability::ResponseFields) => ("fields cut out of answers", "all of them would be shown"),
            Self::Of(Capability::ResponseFilter) => ("records dropped out of answers", "all of them would be shown"),
        }
    }
}

/// What calls tell of an operation, and where.
#[derive(Debug, Clone, Copy, Default)]
struct Told {
    body: Dimensions,
    /// Whether a call cannot be told from others, or not be read whole, without its body.
    by_body: bool,
}

/// A fault: what is needed where, and which words say so.
type Faults = BTreeMap<(FileSpan, Ability), (String, Option<FileSpan>)>;

pub(super) fn misfits(checked: &Checked, ir: &Ir, target: &Target) -> Vec<Diagnostic> {
    let policy = &checked.policy;
    let index = Index::new(&policy.bank);
    let told = told(ir);
    // Only what some key may do reaches the bank at all.
    let reached: BTreeSet<u32> = ir.routes.iter().map(|route| route.operation).collect();
    let mut faults = Faults::new();
    for expanded in check::expand(policy) {
        let used = expanded.path.first().copied();
        let mut fault = |place: FileSpan, ability: Ability, words: String| {
            if !target.can(ability) {
                faults.entry((place, ability)).or_insert((words, used));
            }
        };
        let statement = expanded.statement.place;
        if expanded.effect == Effect::Ask {
            fault(statement, Ability::Of(Capability::Approval), "ask".to_owned());
        }
        for named in expanded.targets.iter() {
            let place = index.of(named.operation);
            if !reached.contains(&place) {
                continue;
            }
            let operation = policy.bank.operation(named.operation);
            let told = told.get(&place).copied().unwrap_or_default();
            let name = || format!("{} {}", operation.action, operation.resource);
            let mut by_clause = false;
            for clause in clauses(policy, &expanded, operation) {
                for ability in needs(policy, clause, operation, told) {
                    by_clause |= ability == Ability::Body;
                    fault(clause.place, ability, clause.kind.words().to_owned());
                }
            }
            if expanded.effect == Effect::Allow {
                if told.by_body && !by_clause {
                    fault(statement, Ability::Body, name());
                }
                if !operation.fields.is_empty() {
                    fault(statement, Ability::Of(Capability::ResponseFields), name());
                }
            }
        }
    }
    let said: BTreeSet<Ability> = faults.keys().map(|(_, ability)| *ability).collect();
    let mut found: Vec<Diagnostic> = faults
        .into_iter()
        .map(|((place, ability), (words, used))| {
            let (needs, otherwise) = ability.lack();
            let otherwise = match (ability, words.as_str()) {
                (Ability::Body, "up to" | "over" | "within") => "51 EUR would look like 49 EUR",
                _ => otherwise,
            };
            let message = format!("`{words}` needs {needs}, which `{}` does not offer: {otherwise}", target.name);
            let help = format!("enforce this with a target that offers `{}`", ability.word());
            let found = Diagnostic::error("target-cannot", place.file, place.span, message).help(help);
            match used {
                Some(used) => found.label(used, "the role is used here"),
                None => found,
            }
        })
        .collect();
    found.extend(whole(checked, ir, target, &said));
    found
}

/// What the policy requires though no line of it says so: that the answer to opening a session, which every key may do,
/// is cut; that what a counter counts can be told.
fn whole(checked: &Checked, ir: &Ir, target: &Target, said: &BTreeSet<Ability>) -> Vec<Diagnostic> {
    let Some(key) = checked.policy.keys.first() else { return Vec::new() };
    let lacking = ir.requires.iter().map(|capability| Ability::Of(*capability)).filter(|ability| {
        !target.can(*ability) && (!said.contains(ability) || *ability == Ability::Of(Capability::ResponseFields))
    });
    lacking
        .map(|ability| {
            let with_fields = |operation: &&Operation| operation.tier == Tier::Base && !operation.fields.is_empty();
            let session = checked.policy.bank.operations.iter().find(with_fields);
            let (needs, otherwise) = ability.lack();
            let message = match session.filter(|_| ability == Ability::Of(Capability::ResponseFields)) {
                Some(operation) => format!(
                    "every key may `{} {}`, and `{}` cannot cut the answer: personal data would be shown",
                    operation.action, operation.resource, target.name
                ),
                None => {
                    format!("this policy needs {needs}, which `{}` does not offer: {otherwise}", target.name)
                }
            };
            let help =
                format!("let something beside it do that, and say `{}` in a profile of your own", ability.word());
            Diagnostic::error("target-cannot", key.place.file, key.place.span, message).help(help)
        })
        .collect()
}

/// The clauses of a rule that concern an operation.
fn clauses<'p>(
    policy: &'p Policy,
    expanded: &'p Expanded<'p>,
    operation: &'p Operation,
) -> impl Iterator<Item = &'p Clause> {
    let own = expanded.clauses.iter().chain(expanded.unless.iter().flatten()).copied();
    let own = own.filter(move |clause| !expanded.group || concerns(&clause.kind, operation, &policy.limits));
    let added = expanded.added.iter().filter(move |added| applies(policy, expanded, added.clause, operation));
    own.chain(added.map(|added| added.clause))
}

/// What a clause needs where it is about an operation.
fn needs(policy: &Policy, clause: &Clause, operation: &Operation, told: Told) -> Vec<Ability> {
    let mut out = Vec::new();
    match &clause.kind {
        ClauseKind::From(refs) if !refs.contains(&NetworkRef::Anywhere) => out.push(Ability::Of(Capability::ClientIp)),
        ClauseKind::CreatedByThisKey => out.push(Ability::Of(Capability::OwnRecords)),
        ClauseKind::Showing(_) | ClauseKind::Hiding(_) => out.push(Ability::Of(Capability::ResponseFields)),
        ClauseKind::AtMost(_) | ClauseKind::MoreThan(_) => out.push(Ability::Of(Capability::Counters)),
        ClauseKind::UpTo(caps) | ClauseKind::Over(caps) if caps.iter().any(counts) => {
            out.push(Ability::Of(Capability::Counters))
        }
        ClauseKind::Within(_) => out.push(Ability::Of(Capability::Counters)),
        _ => {}
    }
    if let Some(dimension) = looks_at(policy, &clause.kind)
        && operation.dimensions.contains(dimension)
        && !operation.untold.contains(dimension)
    {
        if told.body.contains(dimension) {
            out.push(Ability::Body);
        }
        if operation.lookup.contains(dimension) && clause.kind != ClauseKind::CreatedByThisKey {
            out.push(Ability::Of(Capability::Lookup));
        }
        let in_answers =
            [Dimension::Account, Dimension::Payee, Dimension::Amount, Dimension::Method, Dimension::Record];
        if operation.action == "read" && in_answers.contains(&dimension) {
            out.push(Ability::Of(Capability::ResponseFilter));
        }
    }
    out
}

/// Whether a cap is one on a sum.
fn counts(cap: &Cap) -> bool {
    cap.figure != Figure::Any && cap.span != CapPeriod::Each
}

/// The fact on which a clause hangs; nothing where any will do.
fn looks_at(policy: &Policy, kind: &ClauseKind) -> Option<Dimension> {
    let open = match kind {
        ClauseKind::On(refs) => refs.iter().any(|one| matches!(one, AccountRef::Any { except } if except.is_empty())),
        ClauseKind::To(refs) => refs.contains(&PayeeRef::Anyone),
        ClauseKind::UpTo(caps) | ClauseKind::Over(caps) => caps.iter().all(|cap| cap.figure == Figure::Any),
        ClauseKind::Showing(_) | ClauseKind::Hiding(_) => true,
        _ => false,
    };
    check::dimension(kind, &policy.limits).filter(|_| !open)
}

/// What the routes of each operation tell in bodies.
fn told(ir: &Ir) -> BTreeMap<u32, Told> {
    let mut out: BTreeMap<u32, Told> = BTreeMap::new();
    for route in &ir.routes {
        let told = out.entry(route.operation).or_default();
        told.by_body |= route.when.is_some() || !route.body.is_empty();
        for dimension in in_body(route) {
            told.body.insert(dimension);
        }
    }
    out
}

fn in_body(route: &Route) -> impl Iterator<Item = Dimension> {
    let own = route.facts.iter().chain(route.parts.iter().flat_map(|parts| &parts.facts));
    let told = own.filter(|fact| fact.from.iter().any(|source| matches!(source.stands, Where::At(_))));
    told.map(|fact| fact.fact.dimension())
}
