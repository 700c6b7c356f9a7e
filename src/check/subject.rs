//! What a rule, claim or expectation is about.

use std::sync::Arc;

use bpol_engine::ir::{Effect, Tier};

use crate::catalogue::{Catalogue, OpId};
use crate::check::context::{At, Context};
use crate::check::nearest::{list, nearest};
use crate::diag::{Diagnostic, Power};
use crate::source::{FileSpan, Span};
use crate::syntax::tree;

/// The operations that a subject names, in the catalogue's order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// Where it stands.
    pub place: FileSpan,
    /// What it names.
    pub targets: Arc<[Target]>,
    /// Whether it is `everything` or tiers: then clauses concern the operations that have their dimension, and what
    /// counts as its operations is not taken in.
    pub group: bool,
}

/// A named operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Target {
    /// The operation; never a view.
    pub operation: OpId,
    /// The view by which it was named.
    pub view: Option<OpId>,
}

/// Who speaks of the subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Speaker {
    /// A rule.
    Rule(Effect),
    /// A claim.
    Claim,
    /// An expectation: one operation.
    Expect,
}

/// The groups that are words of the language.
pub(crate) const GROUPS: [(&str, Option<Tier>); 5] = [
    ("everything", None),
    ("sensitive", Some(Tier::Sensitive)),
    ("write", Some(Tier::Write)),
    ("spend", Some(Tier::Spend)),
    ("control", Some(Tier::Control)),
];

/// Resolves a subject.
pub(crate) fn subject(cx: &mut Context<'_>, at: At<'_>, written: &tree::Subject, speaker: Speaker) -> Option<Subject> {
    let groups: Vec<(Span, Option<Tier>)> = written
        .resources
        .iter()
        .filter_map(|&span| GROUPS.iter().find(|(word, _)| *word == at.word(span)).map(|&(_, tier)| (span, tier)))
        .collect();
    if groups.is_empty() {
        return named(cx, at, written, speaker);
    }
    match group(at, written, &groups, speaker, &cx.policy.bank) {
        Ok(subject) => Some(Subject { targets: cx.shared(subject.targets), ..subject }),
        Err(fault) => {
            cx.report(*fault);
            None
        }
    }
}

fn group(
    at: At<'_>,
    written: &tree::Subject,
    groups: &[(Span, Option<Tier>)],
    speaker: Speaker,
    bank: &Catalogue,
) -> Result<Subject, Box<Diagnostic>> {
    let place = at.place(written.span);
    let first = groups[0].0;
    let everything = groups.iter().any(|(_, tier)| tier.is_none());
    if speaker == Speaker::Expect {
        return refuse(
            at.error("expect-one-operation", written.span, "an expectation is about one operation, not about many")
                .help("name an action and a resource, such as `create payment`"),
        );
    }
    if groups.len() < written.resources.len() || (everything && groups.len() > 1) {
        if everything {
            let message = "`everything` stands alone: beside it other words would change nothing, or seem to";
            return refuse(at.error("group-not-alone", written.span, message).help("write one statement for each"));
        }
        let is_tier = |span: &&Span| groups.iter().any(|(tier, _)| tier == *span);
        let nouns: Vec<&str> =
            written.resources.iter().filter(|span| !is_tier(span)).map(|&span| at.word(span)).collect();
        let tiers: Vec<&str> = groups.iter().map(|(span, _)| at.word(*span)).collect();
        let message = format!(
            "{} {} of operations and {} {} of the bank: one line is about the one or the other",
            list(tiers.iter().copied(), "and"),
            if tiers.len() == 1 { "is a tier" } else { "are tiers" },
            list(nouns.iter().copied(), "and"),
            if nouns.len() == 1 { "a noun" } else { "nouns" },
        );
        let fault = at.error("group-not-alone", written.span, message);
        return refuse(match speaker {
            Speaker::Rule(effect) if written.actions.is_empty() => {
                let effect = word(effect);
                fault.help(format!("write `{effect} {};` and `{effect} {};`", nouns.join(", "), tiers.join(", ")))
            }
            _ => fault.help("write one statement for each"),
        });
    }
    let actions: Vec<&str> = written.actions.iter().map(|&span| at.word(span)).collect();
    if speaker == Speaker::Rule(Effect::Allow) {
        if everything && actions == ["read"] {
            return Ok(collect(bank, place, |tier, _| tier == Tier::Read));
        }
        let word = at.word(first);
        let fault = at
            .error(
                "allow-group",
                written.span,
                format!("`{word}` cannot be allowed: what gives is narrow, and nobody could see what this would let a key do"),
            )
            .help("name the operations that the key needs; `allow read everything` is the only group, and it never moves or changes anything");
        return refuse(if everything && actions.is_empty() {
            fault.fix("write `read everything`", Power::Widens, written.span, "read everything")
        } else {
            fault
        });
    }
    if let Some(&action) = written.actions.first() {
        let word = at.word(first);
        let end = written.actions.last().map_or(action.end, |last| last.end);
        return refuse(
            at.error(
                "group-with-action",
                action.to(Span::new(end, end)),
                format!("`{word}` stands without an action here: it already names the operations it means"),
            )
            .help(format!("write `{word}` alone, or name the resources that you mean")),
        );
    }
    let asks = speaker == Speaker::Rule(Effect::Ask);
    let claims = speaker == Speaker::Claim;
    Ok(collect(bank, place, |tier, _| {
        if everything {
            match tier {
                Tier::Base => !asks && !claims,
                Tier::Read | Tier::Sensitive => !asks,
                Tier::Write | Tier::Spend | Tier::Control => true,
            }
        } else {
            groups.iter().any(|(_, wanted)| *wanted == Some(tier))
        }
    }))
}

fn word(effect: Effect) -> &'static str {
    match effect {
        Effect::Allow => "allow",
        Effect::Ask => "ask",
        Effect::Deny => "deny",
    }
}

fn refuse(fault: Diagnostic) -> Result<Subject, Box<Diagnostic>> {
    Err(Box::new(fault))
}

/// Every operation of the catalogue, as `only` means them.
pub(crate) fn everything(bank: &Catalogue) -> Arc<[Target]> {
    collect(bank, FileSpan::default(), |_, _| true).targets
}

fn collect(bank: &Catalogue, place: FileSpan, wanted: impl Fn(Tier, &str) -> bool) -> Subject {
    let targets = bank
        .operations
        .iter()
        .enumerate()
        .filter(|(_, operation)| operation.view_of.is_none() && wanted(operation.tier, &operation.action))
        .filter_map(|(index, _)| u16::try_from(index).ok())
        .map(|index| Target { operation: OpId(index), view: None })
        .collect();
    Subject { place, targets, group: true }
}

fn named(cx: &mut Context<'_>, at: At<'_>, written: &tree::Subject, speaker: Speaker) -> Option<Subject> {
    let mut targets = Vec::new();
    let mut sound = true;
    let Context { policy, .. } = &*cx;
    let bank: &Catalogue = &policy.bank;
    let mut faults = Vec::new();
    for &action in &written.actions {
        if !bank.is_action(at.word(action)) {
            faults.push(unknown_action(at, action, bank));
            sound = false;
        }
    }
    for &resource in &written.resources {
        let word = at.word(resource);
        let Some(singular) = bank.resource(word) else {
            faults.push(unknown_resource(at, resource, bank));
            sound = false;
            continue;
        };
        let operations = bank.of_resource(singular);
        let has: Vec<&str> = operations.iter().map(|&id| bank.operation(id).action.as_str()).collect();
        if written.actions.is_empty() {
            match speaker {
                Speaker::Rule(Effect::Allow) | Speaker::Expect => {
                    faults.push(action_missing(at, resource, &has, speaker));
                    sound = false;
                }
                _ => targets.extend(operations.iter().map(|&id| target(bank, id))),
            }
            continue;
        }
        for &action in &written.actions {
            let action_word = at.word(action);
            match bank.find(action_word, singular) {
                Some(id) => targets.push(target(bank, id)),
                None if bank.is_action(action_word) => {
                    faults.push(action_not_had(at, action, resource, &has));
                    sound = false;
                }
                None => {}
            }
        }
    }
    for fault in faults {
        cx.report(fault);
    }
    if !sound {
        return None;
    }
    targets.sort_unstable();
    targets.dedup();
    if speaker == Speaker::Expect && targets.len() != 1 {
        cx.report(
            at.error(
                "expect-one-operation",
                written.span,
                "an expectation is about one operation, and this names several",
            )
            .help("write one `expect` for each"),
        );
        return None;
    }
    Some(Subject { place: at.place(written.span), targets: cx.shared(targets.into()), group: false })
}

fn target(bank: &Catalogue, id: OpId) -> Target {
    match bank.operation(id).view_of {
        Some(operation) => Target { operation, view: Some(id) },
        None => Target { operation: id, view: None },
    }
}

fn unknown_resource(at: At<'_>, token: Span, bank: &Catalogue) -> Diagnostic {
    let word = at.word(token);
    if bank.is_action(word) {
        return at
            .error("unknown-resource", token, format!("`{word}` is an action, and it does not say on what"))
            .help(format!("name what it is about, such as `{word} payments`"));
    }
    let candidates = bank
        .operations
        .iter()
        .flat_map(|operation| [operation.resource.as_str(), operation.plural.as_str()])
        .chain(GROUPS.iter().map(|&(word, _)| word));
    let near = nearest(word, candidates);
    let fault = at.error(
        "unknown-resource",
        token,
        format!("`{word}` is not a word of the bank `{}`, so this line would say nothing about anything", bank.bank),
    );
    perhaps(fault, token, near, "look the word up in the bank's catalogue")
}

fn unknown_action(at: At<'_>, token: Span, bank: &Catalogue) -> Diagnostic {
    let word = at.word(token);
    let said = match word {
        "view" | "see" | "list" | "get" | "show" => Some("read"),
        "send" | "make" | "pay" | "add" | "new" => Some("create"),
        "remove" => Some("delete"),
        "edit" | "change" | "modify" => Some("update"),
        _ => None,
    };
    let near = said.filter(|word| bank.is_action(word)).or_else(|| nearest(word, bank.actions()));
    let fault = at.error("unknown-action", token, format!("`{word}` is not an action of the bank `{}`", bank.bank));
    perhaps(fault, token, near, "look the word up in the bank's catalogue")
}

fn action_missing(at: At<'_>, token: Span, has: &[&str], speaker: Speaker) -> Diagnostic {
    let word = at.word(token);
    let message = if speaker == Speaker::Expect {
        format!("an expectation says what is done with `{word}`")
    } else {
        format!("`allow` must say what may be done with `{word}`, since what gives is narrow")
    };
    let fault = at.error("action-missing", token, message);
    match has {
        [one] => fault.help(format!("write `{one} {word}`")).fix(
            format!("write `{one} {word}`"),
            Power::Widens,
            token,
            format!("{one} {word}"),
        ),
        _ => fault.help(format!("write {} before it", list(has.iter().copied(), "or"))),
    }
}

fn action_not_had(at: At<'_>, action: Span, resource: Span, has: &[&str]) -> Diagnostic {
    let (word, noun) = (at.word(action), at.word(resource));
    let fault = at
        .error("action-not-had", action, format!("the bank has no operation `{word} {noun}`"))
        .label(at.place(resource), format!("it has {}", list(has.iter().copied(), "and")));
    let others = format!("write {}", list(has.iter().copied(), "or"));
    perhaps(fault, action, nearest(word, has.iter().copied()), &others)
}

/// Adds the word that is perhaps meant, or what to do where none is near.
fn perhaps(fault: Diagnostic, token: Span, near: Option<&str>, otherwise: &str) -> Diagnostic {
    match near {
        Some(near) => fault.help(format!("write `{near}` if that is meant")).fix(
            format!("write `{near}`"),
            Power::Widens,
            token,
            near,
        ),
        None => fault.help(otherwise),
    }
}
