//! Claims of a policy decided, and what to say of those that fail (language.md, section 7).

use hashbrown::HashMap;

use bpol_engine::ir::{Effect, Ir};
use serde_json::Value;

use crate::analyze::claim::{Claim, Counterexample, Prover, Verb, Verdict};
use crate::catalogue::Operation;
use crate::check::nearest::list;
use crate::check::{self, Cap, Clause, ClauseKind, Expanded, Figure, expand};
use crate::diag::Diagnostic;
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
            .help(if claim.periods.is_empty() {
                "claim less at once, such as one key, one operation or an amount `each`"
            } else {
                "let one `limit` of at most that sum hold all lines that the claim is about, or claim an amount `each`"
            }),
        ),
        Verdict::Refuted(example) => Some(refuted(checked, written, claim, &example)),
    }
}

fn refuted(checked: &Checked, written: &check::Claim, claim: &Claim, example: &Counterexample) -> Diagnostic {
    let place = written.place;
    let found = Diagnostic::error(REFUTED, place.file, place.span, message(checked, written, claim, example));
    let found = found.help(help(checked, written, claim, example));
    let report = &example.report;
    let label = match (claim.verb, report.decision) {
        (Verb::Can, Effect::Deny) => "this denies it",
        (_, Effect::Ask) => "this asks, and the account holder may approve",
        _ => "this lets it through",
    };
    let rules: HashMap<String, Expanded<'_>> =
        expand(&checked.policy).into_iter().map(|rule| (rule.id.clone(), rule)).collect();
    let found = report.by.iter().filter_map(|id| rules.get(id.as_str())).take(LABELS).fold(found, |found, rule| {
        let label = match foreign(rule, &example.witness.request) {
            Some(code) => format!("{label}: it has no cap in {code}, and what is not known counts against the caller"),
            None => label.to_owned(),
        };
        let found = found.label(rule.statement.place, label);
        rule.path.iter().fold(found, |found, place| found.label(*place, "through this role"))
    });
    let near = report.near.first().and_then(|near| Some((rules.get(near.rule.as_str())?, near.failed.first()?)));
    match near {
        Some((rule, failed)) => {
            let label = format!("this comes closest, but `{}`: {}", failed.clause, failed.distance);
            found.label(rule.statement.place, label)
        }
        None => found,
    }
}

/// The currency of a request of which a rule that takes has no cap.
fn foreign<'r>(rule: &Expanded<'_>, request: &'r Value) -> Option<&'r str> {
    let code = request["amount"]["currency"].as_str()?;
    lacks(rule.clauses.iter().copied(), code).then_some(code)
}

/// Whether some `over` has no cap in a currency.
fn lacks<'c>(clauses: impl IntoIterator<Item = &'c Clause>, code: &str) -> bool {
    let other = |cap: &Cap| matches!(cap.figure, Figure::Money(money) if money.currency.code() != code);
    clauses.into_iter().any(|clause| matches!(&clause.kind, ClauseKind::Over(caps) if caps.iter().all(other)))
}

/// The operation of the request as the claim names it: nothing where it counts as what the claim names.
fn named<'c>(checked: &'c Checked, written: &check::Claim, request: &Value) -> Option<Named<'c>> {
    let bank = &checked.policy.bank;
    let target = written.subject.targets.iter().find(|target| {
        let named = bank.operation(target.operation);
        request["action"] == named.action && request["resource"] == named.resource
    })?;
    Some(Named { operation: bank.operation(target.operation), view: target.view.map(|view| bank.operation(view)) })
}

/// An operation of a claim, and the view by which the claim names it.
struct Named<'c> {
    operation: &'c Operation,
    view: Option<&'c Operation>,
}

/// The fields that the claim is about, those that are shown and those that are not.
fn fields(example: &Counterexample) -> [Vec<&str>; 2] {
    let shown = |field: &str| example.report.fields.as_ref().is_some_and(|all| all.iter().any(|one| one == field));
    let (seen, unseen) = example.showing.iter().map(String::as_str).partition(|field| shown(field));
    [seen, unseen]
}

fn message(checked: &Checked, written: &check::Claim, claim: &Claim, example: &Counterexample) -> String {
    let request = &example.witness.request;
    let word = |name: &str| request[name].as_str().unwrap_or_default();
    let (key, action, resource) = (word("key"), word("action"), word("resource"));
    let [seen, unseen] = fields(example);
    let sees = if seen.is_empty() { String::new() } else { format!(" and sees {}", list(seen, "and")) };
    let named = named(checked, written, request);
    let view = named.as_ref().and_then(|named| named.view);
    let noun = view.map_or(resource, |view| view.resource.as_str());
    let what = match (claim.verb, example.report.decision) {
        (Verb::Cannot, Effect::Ask) => format!("can {action} {resource} after asking"),
        (Verb::Cannot, _) => format!("can {action} {resource}{sees}"),
        (Verb::MustAsk, _) => format!("can {action} {resource} without asking{sees}"),
        (Verb::Can, Effect::Ask) => format!("must ask to {action} {noun} in such a case"),
        (Verb::Can, Effect::Deny) => format!("is denied to {action} {noun} in such a case"),
        (Verb::Can, Effect::Allow) => {
            format!("can {action} {resource}, but the answer does not show {}", list(unseen, "and"))
        }
    };
    let foreign = request["amount"]["currency"].as_str().filter(|code| lacks(&written.clauses, code));
    let beside = match (&named, view) {
        (_, None) if let Some(code) = foreign.filter(|_| claim.verb != Verb::Can) => {
            format!(" in {code}, of which the claim names no sum")
        }
        (None, _) => ", which counts as what the claim names".to_owned(),
        (_, Some(_)) if claim.verb != Verb::Can => format!(", which `{action} {noun}` shows"),
        _ => String::new(),
    };
    format!("this claim is false: key `{key}` {what}{beside}")
}

fn help(checked: &Checked, written: &check::Claim, claim: &Claim, example: &Counterexample) -> String {
    let request = &example.witness.request;
    let key = request["key"].as_str().unwrap_or_default();
    let help = match &example.line {
        Some(line) => format!("try this request in a test for key `{key}`: {line}"),
        None => format!("try this request with `bpolc decide`: {request}"),
    };
    match named(checked, written, request) {
        None => {
            let subject = checked.sources.text(written.subject.place);
            format!("write `exactly {subject}` if nothing that counts as it is meant, or {help}")
        }
        Some(Named { operation, view: Some(view) }) if claim.verb != Verb::Can && view.fields.len() > 1 => {
            let word = &view.resource;
            let field = view.fields.iter().map(|field| &field.word).find(|field| *field == word);
            match field {
                Some(field) => format!(
                    "write `{} {} showing {field}` if nothing else of it is meant, or {help}",
                    operation.action, operation.resource
                ),
                None => help,
            }
        }
        _ if example.report.by.is_empty() && example.report.decision == Effect::Deny => {
            format!("let a line allow it, or {help}")
        }
        _ => help,
    }
}
