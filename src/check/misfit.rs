//! Clauses about what the operations of a subject do not have, and fields that their answers do not show.

use bpol_engine::ir::{Dimension, Effect};

use crate::catalogue::Operation;
use crate::check::cap::Figure;
use crate::check::context::{At, Context};
use crate::check::fits::{concerns, dimension};
use crate::check::nearest::list;
use crate::check::subject::Speaker;
use crate::check::{Clause, ClauseKind, Subject};
use crate::diag::{Diagnostic, Power};
use crate::source::FileSpan;

/// Reports clauses about what the operations of a subject do not have.
pub(crate) fn clauses_fit(
    cx: &mut Context<'_>,
    at: At<'_>,
    subject: &Subject,
    clauses: &[Clause],
    unless: &[Vec<Clause>],
    speaker: Speaker,
) -> bool {
    let allows = speaker == Speaker::Rule(Effect::Allow);
    let mut faults = Vec::new();
    let main = clauses.iter().map(|clause| (clause, true));
    let exceptions = unless.iter().flatten().map(|clause| (clause, false));
    for (clause, in_main) in main.chain(exceptions) {
        let fault = if subject.group {
            group_fault(cx, at, subject, clause)
        } else {
            named_fault(cx, at, subject, clause, speaker, in_main, clauses)
        };
        faults.extend(fault);
        if in_main && (allows || speaker == Speaker::Claim) {
            faults.extend(field_fault(cx, at, subject, clause));
        }
    }
    let sound = faults.is_empty();
    for fault in faults {
        cx.report(fault);
    }
    sound
}

fn group_fault(cx: &Context<'_>, at: At<'_>, subject: &Subject, clause: &Clause) -> Option<Diagnostic> {
    let policy = &cx.policy;
    let concerned = subject
        .targets
        .iter()
        .any(|target| concerns(&clause.kind, policy.bank.operation(target.operation), &policy.limits));
    if concerned {
        return None;
    }
    let words = clause.kind.words();
    let subject_words = at.word(subject.place.span);
    Some(
        at.error(
            "clause-concerns-nothing",
            clause.place.span,
            format!("`{words}` concerns no operation of `{subject_words}`, so the line would never act"),
        )
        .help("leave the clause out, or name the operations that are meant"),
    )
}

fn named_fault(
    cx: &Context<'_>,
    at: At<'_>,
    subject: &Subject,
    clause: &Clause,
    speaker: Speaker,
    in_main: bool,
    clauses: &[Clause],
) -> Option<Diagnostic> {
    let allows = speaker == Speaker::Rule(Effect::Allow);
    let policy = &cx.policy;
    let needed = dimension(&clause.kind, &policy.limits)?;
    let words = clause.kind.words();
    let span = clause.place.span;
    let as_named = |target: &crate::check::Target| policy.bank.operation(target.view.unwrap_or(target.operation));
    let name = |operation: &Operation| format!("{} {}", operation.action, operation.resource);
    let (with, without): (Vec<&Operation>, Vec<&Operation>) =
        subject.targets.iter().map(as_named).partition(|operation| operation.dimensions.contains(needed));
    if !without.is_empty() {
        let names: Vec<String> = without.iter().map(|operation| name(operation)).collect();
        let what = meaning(needed, without.len() > 1);
        let subject_words = at.word(subject.place.span);
        // A noun without an action means all that can be done with it, which is not what its line says at a glance.
        let bare = !subject_words.split(',').any(|part| part.trim().contains(char::is_whitespace));
        let message = match (bare, with.is_empty()) {
            (true, true) => {
                format!(
                    "`{words}` does not apply to `{subject_words}`: all that can be done with it {}",
                    meaning(needed, false)
                )
            }
            (true, false) => format!(
                "`{subject_words}` alone means every action, and `{words}` does not apply to {}, which {what}",
                few(&names)
            ),
            (false, _) => format!("`{words}` does not apply to {}, which {what}", few(&names)),
        };
        let mut fault = at.error("clause-does-not-apply", span, message).label(subject.place, "what the line is about");
        if with.is_empty() {
            fault = fault.help("leave the clause out, or name operations that have it");
        } else {
            let have: Vec<String> = with.iter().map(|operation| name(operation)).collect();
            fault = fault.help(format!(
                "split the line: keep the clause for {}, and say by itself what holds for the rest",
                list(have.iter().map(String::as_str), "and")
            ));
            // An exception would have to go as a whole, so only clauses before `unless` are parted.
            if in_main && speaker != Speaker::Claim && !shares_a_cap(clauses) {
                fault = split(at, fault, subject, clause, clauses, &with, &without);
            }
        }
        return Some(fault);
    }
    if !allows || holds_untold(&clause.kind) {
        return None;
    }
    let untold = subject.targets.iter().map(as_named).find(|operation| operation.untold.contains(needed))?;
    let instead = match needed {
        Dimension::Account => "on any account",
        Dimension::Payee => "to anyone",
        Dimension::Amount => "up to any amount in total",
        _ => "nothing about it",
    };
    Some(
        at.error(
            "never-told",
            span,
            format!("a call to {} never tells its {}, so this line could never hold", name(untold), noun(needed)),
        )
        .help(format!("write `{instead}` and mean it, or leave the operation out")),
    )
}

/// Clauses that hold whatever the fact.
pub(crate) fn holds_untold(kind: &ClauseKind) -> bool {
    use bpol_engine::ir::{AccountRef, PayeeRef};
    match kind {
        ClauseKind::On(refs) => {
            refs.iter().any(|reference| matches!(reference, AccountRef::Any { except } if except.is_empty()))
        }
        ClauseKind::To(refs) => refs.contains(&PayeeRef::Anyone),
        ClauseKind::UpTo(caps) => caps.iter().all(|cap| cap.figure == Figure::Any),
        ClauseKind::Showing(_) | ClauseKind::Hiding(_) => true,
        _ => false,
    }
}

fn shares_a_cap(clauses: &[Clause]) -> bool {
    use crate::check::cap::Span;
    clauses.iter().any(|clause| match &clause.kind {
        ClauseKind::UpTo(caps) | ClauseKind::Over(caps) => caps.iter().any(|cap| cap.span != Span::Each),
        ClauseKind::AtMost(_) | ClauseKind::MoreThan(_) | ClauseKind::Within(_) => true,
        _ => false,
    })
}

/// A fix that says the rule several times: with the clause for what has it, and without for the rest.
fn split(
    at: At<'_>,
    fault: Diagnostic,
    subject: &Subject,
    clause: &Clause,
    clauses: &[Clause],
    with: &[&Operation],
    without: &[&Operation],
) -> Diagnostic {
    let before = at.text[..subject.place.span.start as usize].trim_end();
    let effect = before.rsplit(|character: char| !character.is_ascii_lowercase()).next().unwrap_or("allow");
    let words = |kept: &dyn Fn(&Clause) -> bool| -> String {
        clauses.iter().filter(|clause| kept(clause)).map(|clause| format!(" {}", at.word(clause.place.span))).collect()
    };
    let (all, rest) = (words(&|_| true), words(&|other| other.place != clause.place));
    let lines: Vec<String> = subjects(with)
        .into_iter()
        .map(|subject| format!("{subject}{all}"))
        .chain(subjects(without).into_iter().map(|subject| format!("{subject}{rest}")))
        .collect();
    let end = clauses.iter().map(|clause| clause.place.span.end).max().unwrap_or(subject.place.span.end);
    let span = crate::source::Span::new(subject.place.span.start, end);
    fault.fix("split the line", Power::Widens, span, lines.join(&format!(";\n  {effect} ")))
}

/// Operations as subjects: resources with the same actions stand together.
fn subjects(operations: &[&Operation]) -> Vec<String> {
    let mut resources: Vec<(&str, Vec<&str>)> = Vec::new();
    for operation in operations {
        match resources.iter_mut().find(|(resource, _)| *resource == operation.plural) {
            Some((_, actions)) => actions.push(&operation.action),
            None => resources.push((&operation.plural, vec![&operation.action])),
        }
    }
    let mut groups: Vec<(Vec<&str>, Vec<&str>)> = Vec::new();
    for (resource, actions) in resources {
        match groups.iter_mut().find(|(same, _)| *same == actions) {
            Some((_, nouns)) => nouns.push(resource),
            None => groups.push((actions, vec![resource])),
        }
    }
    groups.into_iter().map(|(actions, nouns)| format!("{} {}", actions.join(", "), nouns.join(", "))).collect()
}

/// The most operations that a message lists.
const LISTED: usize = 4;

/// Some operations as a list in prose, or the first of many.
fn few(names: &[String]) -> String {
    match names.get(..LISTED).filter(|_| names.len() > LISTED + 1) {
        Some(first) => {
            let first: Vec<String> = first.iter().map(|name| format!("`{name}`")).collect();
            format!("{} and {} more", first.join(", "), names.len() - LISTED)
        }
        None => list(names.iter().map(String::as_str), "and"),
    }
}

/// What an operation without a dimension is like, as the end of a sentence.
fn meaning(dimension: Dimension, many: bool) -> String {
    let verb = if many { "have" } else { "has" };
    let what = match dimension {
        Dimension::Account => "no account",
        Dimension::Payee => "no payee",
        Dimension::Amount => "no amount",
        Dimension::Method => "no method of paying",
        Dimension::Record => "no record with a date and a maker",
        Dimension::Fields => "no fields to show or hide",
        Dimension::Repeat => "no rhythm",
        Dimension::Url => "no web address",
    };
    format!("{verb} {what}")
}

/// What a dimension is called.
pub(crate) fn noun(dimension: Dimension) -> &'static str {
    match dimension {
        Dimension::Account => "account",
        Dimension::Payee => "payee",
        Dimension::Amount => "amount",
        Dimension::Method => "method",
        Dimension::Record => "record",
        Dimension::Fields => "fields",
        Dimension::Repeat => "rhythm",
        Dimension::Url => "web address",
    }
}

/// Fields that no operation of the subject has, or that leave an operation nothing to show.
fn field_fault(cx: &Context<'_>, at: At<'_>, subject: &Subject, clause: &Clause) -> Option<Diagnostic> {
    let (ClauseKind::Showing(words) | ClauseKind::Hiding(words)) = &clause.kind else { return None };
    let bank = &cx.policy.bank;
    let span = clause.place.span;
    if let Some(view) = subject.targets.iter().find_map(|target| target.view) {
        let view = bank.operation(view);
        return Some(
            at.error(
                "view-with-fields",
                span,
                format!("`read {}` shows just what it shows: it takes no `{}`", view.resource, clause.kind.words()),
            )
            .label(FileSpan { file: at.file, span: subject.place.span }, "a view of another operation")
            .help("name the operation that it views to choose its fields"),
        );
    }
    let has = |operation: &Operation, word: &str| operation.fields.iter().any(|field| field.word == word);
    let operations: Vec<&Operation> = subject.targets.iter().map(|target| bank.operation(target.operation)).collect();
    if let Some(word) = words.iter().find(|word| !operations.iter().any(|operation| has(operation, word))) {
        let fields: Vec<&str> = {
            let mut all: Vec<&str> = operations
                .iter()
                .flat_map(|operation| operation.fields.iter().map(|field| field.word.as_str()))
                .collect();
            all.sort_unstable();
            all.dedup();
            all
        };
        let subject_words = at.word(subject.place.span);
        let help = if fields.is_empty() {
            "leave the clause out: the answer comes whole or not at all".to_owned()
        } else {
            format!("write {}", list(fields, "or"))
        };
        return Some(
            at.error("field-not-had", span, format!("the answer to `{subject_words}` has no field `{word}`"))
                .help(help),
        );
    }
    if !subject.group
        && matches!(clause.kind, ClauseKind::Showing(_))
        && let Some(empty) = operations.iter().find(|operation| !words.iter().any(|word| has(operation, word)))
    {
        return Some(
            at.error(
                "field-not-had",
                span,
                format!(
                    "`{} {}` has none of these fields, so its answer would show nothing",
                    empty.action, empty.resource
                ),
            )
            .help("split the line, and say for each what it shows"),
        );
    }
    None
}
