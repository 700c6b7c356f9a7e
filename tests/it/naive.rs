//! A naive evaluator that follows the language's definition sentence by sentence.
//!
//! It shares no code with the compiler and the engine, which are set against it: it reads a policy as written, looks
//! over everything again for each request, and quotes the sentence that each piece follows. It is slow on purpose.

pub(crate) mod clause;
pub(crate) mod counter;
mod json;
pub(crate) mod logic;
pub(crate) mod model;
pub(crate) mod print;
pub(crate) mod read;
pub(crate) mod request;
pub(crate) mod rule;
#[cfg(test)]
mod tests;
pub(crate) mod vocabulary;

use jiff::Timestamp;
use serde_json::{Value as Decision, json};

use clause::{Site, World, value};
use logic::{False, True, Unknown, Value, and, not};
use model::{Account, Clause, Effect, Item, Policy};
use request::Facts;
use rule::{Flat, Membership, dimension, keys};
use vocabulary::Vocabulary;

/// The decision of section 8, without `reserve` and `near`.
///
/// # Panics
///
/// When an entry of the past is malformed.
pub(crate) fn decide(
    policy: &Policy,
    vocabulary: &Vocabulary,
    request_json: &str,
    past: &[String],
    now: Timestamp,
) -> Decision {
    let past: Vec<Facts> = past
        .iter()
        .flat_map(|entry| {
            request::entries(entry, policy, vocabulary).unwrap_or_else(|why| panic!("entry {entry}: {why}"))
        })
        .collect();
    // "Malformed comes before unknown key."
    let Ok(request) = request::request(request_json, policy, vocabulary) else {
        return Outcome::deny("malformed").json();
    };
    // "A key that the policy does not name is denied everything."
    if !keys(policy).any(|key| key == request.facts.key) {
        return Outcome::deny("unknown-key").json();
    }
    // "`time` absent means now."
    let now = request.facts.time.unwrap_or(now);
    let mut world = World::new(policy, vocabulary, past, now);
    // "each part is a request …, decided in order, earlier parts counted as executed"
    let mut outcomes = Vec::new();
    for facts in request::pieces(&request, vocabulary) {
        outcomes.push(decide_piece(&world, &facts, request.answer));
        world.past.push(Facts { time: Some(now), ..facts });
    }
    strictest(outcomes).json()
}

/// What was decided, with the rules that did it and their places.
#[derive(Debug, Clone)]
pub(crate) struct Outcome {
    pub(crate) effect: Effect,
    reason: &'static str,
    by: Vec<(Vec<usize>, String)>,
    pub(crate) each: bool,
    pub(crate) fields: Option<Vec<String>>,
}

impl Outcome {
    fn deny(reason: &'static str) -> Self {
        Self { effect: Effect::Deny, reason, by: Vec::new(), each: false, fields: None }
    }

    fn json(mut self) -> Decision {
        // "each once, in document order"
        self.by.sort();
        self.by.dedup();
        let mut by: Vec<String> = Vec::new();
        for (_, id) in self.by {
            if !by.contains(&id) {
                by.push(id);
            }
        }
        let decision = match self.effect {
            Effect::Allow => "allow",
            Effect::Ask => "ask",
            Effect::Deny => "deny",
        };
        json!({"decision": decision, "reason": self.reason, "by": by, "each": self.each, "fields": self.fields})
    }
}

/// "the strictest result is the whole's, and `by` the union over the parts that gave it. … Where one part is denied by
/// a rule and another by default the reason is `rule`."
fn strictest(outcomes: Vec<Outcome>) -> Outcome {
    let rank = |effect| match effect {
        Effect::Allow => 0,
        Effect::Ask => 1,
        Effect::Deny => 2,
    };
    let most = outcomes.iter().map(|outcome| rank(outcome.effect)).max().expect("a request has a piece");
    outcomes
        .into_iter()
        .filter(|outcome| rank(outcome.effect) == most)
        .reduce(|whole, part| Outcome {
            reason: if part.reason == "rule" { "rule" } else { whole.reason },
            by: whole.by.into_iter().chain(part.by).collect(),
            ..whole
        })
        .expect("some part is as strict as the strictest")
}

/// How clauses about open facts are taken (6.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pass {
    /// There are none.
    Plain,
    /// "as helps the caller"
    Best,
    /// "the reverse"
    Worst,
}

/// "The request is decided twice by the rules above: at best … and at worst, the reverse. Not allowed at best: deny.
/// Allowed at worst: allow. Else: allow with `"each": true`". "`by` is that of the pass that decided (worst for a whole
/// allow, best otherwise)."
pub(crate) fn decide_piece(world: &World<'_>, facts: &Facts, answer: bool) -> Outcome {
    if !answer {
        let mut outcome = decide_pass(world, facts, Pass::Plain);
        outcome.fields = fields(world, facts, &outcome, Pass::Plain, Pass::Plain);
        return outcome;
    }
    let best = decide_pass(world, facts, Pass::Best);
    if best.effect != Effect::Allow {
        return best;
    }
    let mut worst = decide_pass(world, facts, Pass::Worst);
    if worst.effect == Effect::Allow {
        // "allowed at worst: those true at worst show, those not false at best hide"
        worst.fields = fields(world, facts, &worst, Pass::Worst, Pass::Best);
        return worst;
    }
    // "With `each`, `fields` is null here"
    Outcome { each: true, ..best }
}

/// Section 6.3, "Over the key's own rules (roles expanded, `only` rewritten) and every guardrail that does not except
/// the key".
fn decide_pass(world: &World<'_>, facts: &Facts, pass: Pass) -> Outcome {
    let rules = || world.rules.iter().filter(|rule| rule.key == facts.key);
    let those = |effect: Effect, counts: fn(Value) -> bool| -> Vec<(Vec<usize>, String)> {
        rules()
            .filter(|rule| rule.effect == effect && counts(rule_value(world, rule, facts, pass, false)))
            .map(|rule| (rule.place.clone(), rule.id.clone()))
            .collect()
    };
    let outcome =
        |effect, reason, by: Vec<(Vec<usize>, String)>| Outcome { effect, reason, by, each: false, fields: None };
    // "1. If some `deny` rule is not false: **deny**."
    let denies = those(Effect::Deny, |value| value != False);
    if !denies.is_empty() {
        return outcome(Effect::Deny, "rule", denies);
    }
    // "2. Else if no `allow` rule of the key is true: **deny** (nothing grants it). Operations of tier `base` need no
    // rule."
    let allows = those(Effect::Allow, |value| value == True);
    let base = world.vocabulary.operations[facts.operation].tier == "base";
    if allows.is_empty() && !base {
        return Outcome::deny("default");
    }
    // "3. Else if some `ask` rule is not false: **ask**"
    let asks = those(Effect::Ask, |value| value != False);
    if !asks.is_empty() {
        return outcome(Effect::Ask, "rule", asks);
    }
    // "4. Else **allow**." "`base` is the reason only where no `allow` covers the operation."
    outcome(Effect::Allow, if allows.is_empty() { "base" } else { "rule" }, allows)
}

/// "A rule's value is the `and` of its clauses and of the negations of its `unless` blocks (each the `and` of its
/// clauses). For an operation outside the rule's subject it is false."
///
/// `without_caps` is for the question whether a rule hides: "caps, counts and limits are left out". In an `unless` that
/// is taken to mean that the block is no exception, so that a counter never uncovers a field.
fn rule_value(world: &World<'_>, rule: &Flat, facts: &Facts, pass: Pass, without_caps: bool) -> Value {
    let membership = rule.membership(facts.operation, world.vocabulary);
    if membership == Membership::Outside {
        return False;
    }
    let operation = &world.vocabulary.operations[facts.operation];
    let clauses = rule
        .clauses
        .iter()
        .filter(|stated| rule.applies(stated, operation))
        .filter(|stated| !(without_caps && is_cap(&stated.clause)))
        .map(|stated| clause_value(world, rule, Site::Stated(stated), membership, facts, pass));
    let exceptions = rule
        .unless
        .iter()
        .enumerate()
        .filter(|(_, block)| rule.excepts(block, operation))
        .filter(|(_, block)| !(without_caps && block.iter().any(is_cap)))
        .map(|(index, block)| {
            and(block
                .iter()
                .map(|clause| clause_value(world, rule, Site::Unless(index, clause), membership, facts, pass)))
        });
    and(clauses.chain(exceptions.map(not)))
}

/// The value of a rule for a request without open facts.
pub(crate) fn plain_value(world: &World<'_>, rule: &Flat, facts: &Facts) -> Value {
    rule_value(world, rule, facts, Pass::Plain, false)
}

fn is_cap(clause: &Clause) -> bool {
    matches!(clause, Clause::UpTo(_) | Clause::Over(_) | Clause::AtMost(_) | Clause::MoreThan(_) | Clause::Within(_))
}

/// "with every clause about an open fact taken as helps the caller (true in `allow`, false in `deny` and `ask`; the
/// other way round inside `unless`), and at worst, the reverse". A clause that is true or false without the open fact
/// keeps that value.
fn clause_value(
    world: &World<'_>,
    rule: &Flat,
    site: Site<'_>,
    membership: Membership,
    facts: &Facts,
    pass: Pass,
) -> Value {
    let value = value(world, rule, site, membership, facts);
    if pass == Pass::Plain || value != Unknown || !about_open(world, site.clause(), facts) {
        return value;
    }
    let helps = (rule.effect == Effect::Allow) != matches!(site, Site::Unless(..));
    (helps == (pass == Pass::Best)).into()
}

/// "facts of the records (`record`, `account`, `payee`, `amount`, `method`) that are absent as a whole are *open*".
/// What no call tells, and what the operation does not have, is never open.
fn about_open(world: &World<'_>, clause: &Clause, facts: &Facts) -> bool {
    let Some(dimension) = dimension(clause) else { return false };
    let absent = match dimension {
        "record" => facts.record.is_none(),
        "account" => facts.account.is_none(),
        "payee" => facts.payee.is_none(),
        "amount" => facts.amount.is_none(),
        "method" => facts.method.is_none(),
        _ => false,
    };
    absent && world.vocabulary.operations[facts.operation].tells(dimension)
}

/// "`fields`, for an allowed read: a field is in the answer when some true `allow` rule shows it and every `allow` rule
/// that hides it is false … Operations of tier `base` show their defaults. For anything else, and for reads of
/// operations without fields, `fields` is null."
fn fields(world: &World<'_>, facts: &Facts, outcome: &Outcome, shows: Pass, hides: Pass) -> Option<Vec<String>> {
    let operation = &world.vocabulary.operations[facts.operation];
    if outcome.effect != Effect::Allow || !operation.has("fields") {
        return None;
    }
    let names = |kept: &dyn Fn(&str, bool) -> bool| {
        operation.fields.iter().filter(|(name, default)| kept(name, *default)).map(|(name, _)| name.clone()).collect()
    };
    if operation.tier == "base" {
        return Some(names(&|_, default| default));
    }
    if operation.action != "read" {
        return None;
    }
    // Whether a rule shows is a matter of each field, but whether it is true is not.
    let allows = world.rules.iter().filter(|rule| rule.key == facts.key && rule.effect == Effect::Allow);
    let allows: Vec<(&Flat, bool, bool)> = allows
        .map(|rule| {
            let shows = rule_value(world, rule, facts, shows, false) == True;
            (rule, shows, rule_value(world, rule, facts, hides, true) != False)
        })
        .collect();
    Some(names(&|field, _| {
        let shown = allows.iter().any(|(rule, shows, _)| *shows && rule_shows(world, rule, facts.operation, field));
        let hidden = allows.iter().any(|(rule, _, hides)| *hides && rule_hides(world, rule, facts.operation, field));
        shown && !hidden
    }))
}

/// "A rule without either clause shows the operation's default fields, `showing F` exactly F, `hiding F` the default
/// without F." "two `showing`: what both show". "`read balance` is `read account` showing name, kind and balance".
fn rule_shows(world: &World<'_>, rule: &Flat, operation: usize, field: &str) -> bool {
    let default =
        |of: usize| world.vocabulary.operations[of].fields.iter().any(|(name, shown)| name == field && *shown);
    let views: Vec<usize> =
        rule.named.iter().copied().filter(|named| world.vocabulary.viewed(*named) == operation).collect();
    let showing: Vec<&Vec<String>> = rule
        .clauses
        .iter()
        .filter_map(|stated| match &stated.clause {
            Clause::Showing(fields) => Some(fields),
            _ => None,
        })
        .collect();
    let plain = |of: usize| if showing.is_empty() { default(of) } else { true };
    let shown = if views.is_empty() {
        plain(operation)
    } else {
        views.iter().any(|named| if *named == operation { plain(operation) } else { default(*named) })
    };
    shown
        && showing.iter().all(|fields| fields.iter().any(|name| name == field))
        && !rule_hides(world, rule, operation, field)
}

/// Whether the rule has a `hiding` with the field.
fn rule_hides(world: &World<'_>, rule: &Flat, operation: usize, field: &str) -> bool {
    let about = &world.vocabulary.operations[operation];
    rule.clauses.iter().any(|stated| match &stated.clause {
        Clause::Hiding(fields) => rule.applies(stated, about) && fields.iter().any(|name| name == field),
        _ => false,
    })
}

pub(crate) fn accounts(policy: &Policy) -> impl Iterator<Item = &Account> {
    policy.items.iter().filter_map(|item| match item {
        Item::Account(account) => Some(account),
        _ => None,
    })
}

/// "kind bank, joint, savings or card"
pub(crate) fn own_kind(account: &Account) -> bool {
    account.kind.as_deref().is_some_and(|kind| ["bank", "joint", "savings", "card"].contains(&kind))
}
