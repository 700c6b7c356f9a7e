//! Claims of a policy decided, and what to say of those that fail (language.md, section 7).

use hashbrown::HashMap;

use bpol_engine::ir::{Effect, Ir};

use crate::analyze::claim::{Claim, Counterexample, Prover, Verb, Verdict};
use crate::check::{self, expand};
use crate::diag::Diagnostic;
use crate::source::FileSpan;
use crate::{Checked, lower};

/// The names of findings about claims.
const REFUTED: &str = "refuted-claim";
const UNDECIDED: &str = "undecided-claim";

/// Whether a finding is about a claim that fails.
pub fn is_claim(found: &Diagnostic) -> bool {
    [REFUTED, UNDECIDED].contains(&found.name)
}

/// The most rules that are pointed at for one claim.
const LABELS: usize = 5;

/// Decides every claim of a policy that was compiled, and reports those that are false or could not be decided.
pub(crate) fn prove(checked: &Checked, ir: &Ir) -> Vec<Diagnostic> {
    if checked.policy.claims.is_empty() {
        return Vec::new();
    }
    let prover = Prover::new(ir);
    let lowered = lower::claims(checked);
    let claims = checked.policy.claims.iter().zip(&lowered);
    claims.filter_map(|(written, claim)| failing(checked, written, claim, prover.prove(claim))).collect()
}

fn failing(checked: &Checked, written: &check::Claim, claim: &Claim, verdict: Verdict) -> Option<Diagnostic> {
    let place = written.place;
    match verdict {
        Verdict::Proved => None,
        Verdict::Undecided(reason) => Some(
            Diagnostic::error(
                UNDECIDED,
                place.file,
                place.span,
                format!("this claim could be neither proved nor refuted, so it counts as failed: {reason}"),
            )
            .help("claim less at once, such as one key, one operation or an amount `each`"),
        ),
        Verdict::Refuted(example) => Some(refuted(checked, written, claim, &example)),
    }
}

fn refuted(checked: &Checked, written: &check::Claim, claim: &Claim, example: &Counterexample) -> Diagnostic {
    let place = written.place;
    let request = &example.witness.request;
    let word = |name: &str| request[name].as_str().unwrap_or_default();
    let (key, action, resource) = (word("key"), word("action"), word("resource"));
    let shown = if example.showing.is_empty() {
        String::new()
    } else {
        format!(" and sees {}", crate::analyze::claim::fields(&example.showing))
    };
    let decision = example.report.decision;
    let message = match (claim.verb, decision) {
        (Verb::Cannot, Effect::Ask) => {
            format!("this claim is false: key `{key}` can {action} {resource} after asking")
        }
        (Verb::Cannot, _) => format!("this claim is false: key `{key}` can {action} {resource}{shown}"),
        (Verb::MustAsk, _) => {
            format!("this claim is false: key `{key}` can {action} {resource} without asking{shown}")
        }
        (Verb::Can, Effect::Ask) => {
            format!("this claim is false: key `{key}` must ask to {action} {resource} in such a case")
        }
        (Verb::Can, Effect::Deny) => {
            format!("this claim is false: key `{key}` is denied to {action} {resource} in such a case")
        }
        (Verb::Can, Effect::Allow) => {
            format!("this claim is false: key `{key}` can {action} {resource}, but not all that is claimed is shown")
        }
    };
    let bank = &checked.policy.bank;
    let named = written.subject.targets.iter().map(|target| bank.operation(target.operation));
    let is_named = named.into_iter().any(|it| it.action == action && it.resource == resource);
    let message = if is_named { message } else { format!("{message}, which counts as what the claim names") };
    let label = match (claim.verb, decision) {
        (Verb::Can, Effect::Deny) => "this denies it",
        (_, Effect::Ask) => "this asks, and the account holder may approve",
        _ => "this lets it through",
    };
    let help = match &example.line {
        Some(line) => format!("try this request in a test for key `{key}`: {line}"),
        None => format!("try this request with `bpolc decide`: {request}"),
    };
    let found = Diagnostic::error(REFUTED, place.file, place.span, message);
    let found = if example.report.by.is_empty() && decision == Effect::Deny {
        found.help(format!("nothing allows it; {help}"))
    } else {
        found.help(help)
    };
    let places = places(&checked.policy);
    let by = example.report.by.iter().filter_map(|id| places.get(id.as_str())).take(LABELS);
    by.flatten()
        .fold(found, |found, (place, role)| found.label(*place, if *role { "through this role" } else { label }))
}

/// Where rules stand, by their ids: the statement, and each `use` through which it comes.
fn places(policy: &check::Policy) -> HashMap<String, Vec<(FileSpan, bool)>> {
    expand(policy)
        .into_iter()
        .map(|rule| {
            let statement = std::iter::once((rule.statement.place, false));
            (rule.id, statement.chain(rule.path.iter().map(|place| (*place, true))).collect())
        })
        .collect()
}
