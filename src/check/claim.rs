//! Claims: `ensure …`. Their names and form are checked here; whether they hold is decided once the policy is compiled.

use crate::check::context::{Context, ELSEWHERE, Space};
use crate::check::misfit::clauses_fit;
use crate::check::placement::Position;
use crate::check::reference::named;
use crate::check::statement::conditions;
use crate::check::subject::{Speaker, subject};
use crate::check::{Clause, Subject};
use crate::source::FileSpan;
use crate::syntax::tree::{self, ItemKind, Verb, Who};

/// A claim about all requests.
#[derive(Debug)]
pub struct Claim {
    /// Where it stands.
    pub place: FileSpan,
    /// Indices of the keys that it speaks of.
    pub keys: Vec<usize>,
    /// What is claimed.
    pub verb: Verb,
    /// Whether it is about the subject alone, without what counts as it.
    pub exactly: bool,
    /// What it is about.
    pub subject: Subject,
    /// Clauses before `unless`.
    pub clauses: Vec<Clause>,
    /// `unless` blocks.
    pub unless: Vec<Vec<Clause>>,
}

/// Fills the policy's table of claims.
pub(crate) fn check(cx: &mut Context<'_>) {
    for (at, item) in cx.items() {
        let ItemKind::Ensure(written) = &item.kind else { continue };
        let keys = keys(cx, at, written);
        if keys.as_ref().is_some_and(|keys| keys.is_empty()) && !cx.looks_at_all() {
            continue;
        }
        let subject = subject(cx, at, &written.subject, Speaker::Claim);
        let positions = (Position::Claim, Position::ClaimUnless);
        let body = conditions(cx, at, &written.clauses, &written.unless, positions);
        let (Some(keys), Some(subject), Some((clauses, unless))) = (keys, subject, body) else { continue };
        if clauses_fit(cx, at, &subject, &clauses, &unless, Speaker::Claim) {
            let verb = if written.who == Who::No { Verb::Cannot } else { written.verb };
            let place = at.place(item.span);
            cx.policy.claims.push(Claim { place, keys, verb, exactly: written.exactly, subject, clauses, unless });
        }
    }
}

fn keys(cx: &mut Context<'_>, at: crate::check::context::At<'_>, written: &tree::Claim) -> Option<Vec<usize>> {
    match &written.who {
        Who::Keys(names) => {
            let keys: Vec<usize> = names.iter().filter_map(|name| named(cx, at, Space::Key, name)).collect();
            let all = keys.len() == names.len();
            all.then(|| keys.into_iter().filter(|&key| key != ELSEWHERE).collect())
        }
        Who::Every(except) => {
            let left: Vec<usize> = except.iter().filter_map(|name| named(cx, at, Space::Key, name)).collect();
            (left.len() == except.len()).then(|| (0..cx.policy.keys.len()).filter(|key| !left.contains(key)).collect())
        }
        Who::No => Some((0..cx.policy.keys.len()).collect()),
    }
}
