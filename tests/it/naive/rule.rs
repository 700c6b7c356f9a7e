//! Rules as they stand after roles are expanded and `only` is rewritten, and which operations they are about.

use super::model::{Clause, Effect, Item, Policy, Rule, Statement, Subject};
use super::request::nfc;
use super::vocabulary::{Operation, Vocabulary};

/// A rule of one key.
#[derive(Debug, Clone)]
pub(crate) struct Flat {
    /// The key whose rule it is; a guardrail is a rule of each key that it does not except.
    pub(crate) key: String,
    pub(crate) id: String,
    /// Where it stands in the document: item, statement, statement of the role, and so on.
    pub(crate) place: Vec<usize>,
    pub(crate) effect: Effect,
    pub(crate) subject: Subject,
    /// The operations that the subject names one by one, views as they are; none for `everything` and tiers.
    pub(crate) named: Vec<usize>,
    pub(crate) clauses: Vec<Stated>,
    pub(crate) unless: Vec<Vec<Clause>>,
}

/// A clause, and the `use` that added it, if one did.
#[derive(Debug, Clone)]
pub(crate) struct Stated {
    pub(crate) clause: Clause,
    pub(crate) added_by: Option<String>,
}

/// How an operation comes to be in the subject of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Membership {
    Outside,
    /// It is named, or of a tier that is named.
    Named,
    /// It *counts as* a named one.
    CountsAs,
}

pub(crate) fn keys(policy: &Policy) -> impl Iterator<Item = String> + '_ {
    policy.items.iter().filter_map(|item| match item {
        Item::Key { name, .. } => Some(nfc(name)),
        _ => None,
    })
}

/// "Over the key's own rules (roles expanded, `only` rewritten) and every guardrail that does not except the key".
///
/// "Rule ids: `ynab#1` = first statement of key ynab, `ynab#2/reader#1` through a role, `every#1` for guardrails,
/// counted through all `every key` blocks in document order."
pub(crate) fn rules_of(policy: &Policy, key: &str, vocabulary: &Vocabulary) -> Vec<Flat> {
    let mut rules = Vec::new();
    let mut guardrails = 0;
    for (place, item) in policy.items.iter().enumerate() {
        match item {
            Item::Key { name, statements } if nfc(name) == key => {
                for (index, statement) in statements.iter().enumerate() {
                    let id = format!("{name}#{}", index + 1);
                    rules.extend(expanded(policy, key, statement, &id, &[place, index], vocabulary));
                }
            }
            Item::Every { except, statements } => {
                for (index, statement) in statements.iter().enumerate() {
                    guardrails += 1;
                    if except.iter().all(|excepted| nfc(excepted) != key) {
                        let id = format!("every#{guardrails}");
                        rules.extend(expanded(policy, key, statement, &id, &[place, index], vocabulary));
                    }
                }
            }
            _ => {}
        }
    }
    rules
}

fn expanded(
    policy: &Policy,
    key: &str,
    statement: &Statement,
    id: &str,
    place: &[usize],
    vocabulary: &Vocabulary,
) -> Vec<Flat> {
    let flat = |rule: &Rule| Flat {
        key: key.to_owned(),
        id: id.to_owned(),
        place: place.to_vec(),
        effect: rule.effect,
        subject: rule.subject.clone(),
        named: if by_tier(&rule.subject) { Vec::new() } else { named(&rule.subject, vocabulary) },
        clauses: rule.clauses.iter().map(|clause| Stated { clause: clause.clone(), added_by: None }).collect(),
        unless: rule.unless.clone(),
    };
    match statement {
        Statement::Rule(rule) => vec![flat(rule)],
        // "`only C1 C2;` means `deny everything unless C1; deny everything unless C2;`" … "One statement has one id,
        // also where `only` makes several rules of it."
        Statement::Only(clauses) => clauses
            .iter()
            .map(|clause| {
                flat(&Rule {
                    effect: Effect::Deny,
                    subject: Subject { actions: Vec::new(), resources: vec!["everything".to_owned()] },
                    clauses: Vec::new(),
                    unless: vec![vec![clause.clone()]],
                })
            })
            .collect(),
        // "`use role "R" C;` puts R's statements here. Each `allow` of R gets the clauses C in addition (where it has
        // that kind of clause already, both must hold …). R's `ask`, `deny` and `only` stand as they are and bind the
        // whole key."
        Statement::Use { role, clauses } => {
            let statements = policy
                .items
                .iter()
                .find_map(|item| match item {
                    Item::Role { name, statements } if nfc(name) == nfc(role) => Some(statements),
                    _ => None,
                })
                .unwrap_or_else(|| panic!("role `{role}` is declared"));
            let mut rules = Vec::new();
            for (index, statement) in statements.iter().enumerate() {
                let inner = format!("{id}/{role}#{}", index + 1);
                let place: Vec<usize> = place.iter().copied().chain([index]).collect();
                for mut rule in expanded(policy, key, statement, &inner, &place, vocabulary) {
                    if rule.effect == Effect::Allow {
                        let added = clauses
                            .iter()
                            .map(|clause| Stated { clause: clause.clone(), added_by: Some(id.to_owned()) });
                        rule.clauses.extend(added);
                    }
                    rules.push(rule);
                }
            }
            rules
        }
    }
}

/// Whether the subject is `everything` or tiers.
fn by_tier(subject: &Subject) -> bool {
    ["everything", "sensitive", "write", "spend", "control"].contains(&subject.resources[0].as_str())
}

fn named(subject: &Subject, vocabulary: &Vocabulary) -> Vec<usize> {
    let mut named = Vec::new();
    for resource in &subject.resources {
        let resource = vocabulary.singular(resource);
        // "`ask`, `deny` and claims may leave it out and mean every action."
        let actions: Vec<&str> = match subject.actions.as_slice() {
            [] => vocabulary.actions(resource),
            actions => actions.iter().map(String::as_str).collect(),
        };
        for action in actions {
            let found = vocabulary.find(action, resource);
            named.push(found.unwrap_or_else(|| panic!("`{action} {resource}` is an operation")));
        }
    }
    named
}

impl Flat {
    pub(crate) fn by_tier(&self) -> bool {
        by_tier(&self.subject)
    }

    /// "In `allow` a noun means exactly itself; in `ask` and `deny` also everything that amounts to it." … "in `ask` …
    /// what counts as a named operation leaves out reads"
    pub(crate) fn membership(&self, operation: usize, vocabulary: &Vocabulary) -> Membership {
        let wide = match self.effect {
            Effect::Allow => false,
            Effect::Ask => vocabulary.operations[operation].action != "read",
            Effect::Deny => true,
        };
        self.taken_in(operation, vocabulary, wide)
    }

    fn taken_in(&self, operation: usize, vocabulary: &Vocabulary, wide: bool) -> Membership {
        let about = &vocabulary.operations[operation];
        if self.by_tier() {
            return if self.tier_covers(about) && self.concerned(about) {
                Membership::Named
            } else {
                Membership::Outside
            };
        }
        let named = &self.named;
        // "a `deny` of it denies its operation"; an `allow` of a view is about its operation, with fewer fields.
        if named.iter().any(|named| vocabulary.viewed(*named) == operation) {
            return Membership::Named;
        }
        let counts = |named: &usize| {
            vocabulary.counts_as(operation, *named) || vocabulary.counts_as(operation, vocabulary.viewed(*named))
        };
        if wide && named.iter().any(counts) { Membership::CountsAs } else { Membership::Outside }
    }

    /// The operations of the subject of a counter: "the rule's subject, counts-as included, whatever the effect (a cap
    /// takes, so it is wide)". "Past reads do not count in an `ask`."
    pub(crate) fn counted(&self, operation: usize, vocabulary: &Vocabulary) -> Membership {
        match self.effect {
            Effect::Allow => self.taken_in(operation, vocabulary, true),
            Effect::Ask | Effect::Deny => self.membership(operation, vocabulary),
        }
    }

    /// "`everything` means every operation; the tier names … mean exactly the operations of that tier, without what
    /// counts as them." "in `allow` only `read everything`, which is the tier `read`. In `ask` `everything` means
    /// `write`, `spend` and `control`".
    fn tier_covers(&self, operation: &Operation) -> bool {
        let tier = operation.tier.as_str();
        self.subject.resources.iter().any(|word| match (self.effect, word.as_str()) {
            (Effect::Allow, "everything") => tier == "read",
            (Effect::Ask, "everything") => ["write", "spend", "control"].contains(&tier),
            (Effect::Deny, "everything") => true,
            (_, word) => tier == word,
        })
    }

    /// "An operation that a clause before `unless` does not concern is outside the rule. An `unless` block with such a
    /// clause is no exception for that operation; if that leaves none of the blocks written, the operation is outside
    /// the rule."
    fn concerned(&self, operation: &Operation) -> bool {
        let own = self.clauses.iter().filter(|stated| stated.added_by.is_none());
        own.into_iter().all(|stated| concerns(&stated.clause, operation))
            && (self.unless.is_empty() || self.unless.iter().any(|block| self.excepts(block, operation)))
    }

    /// Whether a block can be an exception for the operation at all.
    pub(crate) fn excepts(&self, block: &[Clause], operation: &Operation) -> bool {
        !self.by_tier() || block.iter().all(|clause| concerns(clause, operation))
    }

    /// Of a clause that a `use` adds: "for an operation to which it does not apply it is left out."
    pub(crate) fn applies(&self, stated: &Stated, operation: &Operation) -> bool {
        stated.added_by.is_none()
            || if self.by_tier() {
                concerns(&stated.clause, operation)
            } else {
                dimension(&stated.clause).is_none_or(|dimension| operation.has(dimension))
            }
    }

    /// Whether the rule has an operation to which the clause applies ("rules it does not apply to left out").
    pub(crate) fn applies_somewhere(&self, stated: &Stated, vocabulary: &Vocabulary) -> bool {
        (0..vocabulary.operations.len())
            .filter(|operation| self.membership(*operation, vocabulary) == Membership::Named)
            .any(|operation| self.applies(stated, &vocabulary.operations[operation]))
    }
}

/// What a clause is about. "Address, time, counts and validity apply to every operation."
pub(crate) fn dimension(clause: &Clause) -> Option<&'static str> {
    match clause {
        Clause::On(_) => Some("account"),
        Clause::To(_) => Some("payee"),
        Clause::ToUrl(_) => Some("url"),
        Clause::UpTo(_) | Clause::Over(_) | Clause::Within(_) => Some("amount"),
        Clause::Via(_) => Some("method"),
        Clause::Repeating(_) => Some("repeat"),
        Clause::Since(_) | Clause::CreatedByThisKey => Some("record"),
        Clause::Showing(_) | Clause::Hiding(_) => Some("fields"),
        Clause::AtMost(_)
        | Clause::MoreThan(_)
        | Clause::From(_)
        | Clause::During(_)
        | Clause::Starting(_)
        | Clause::Before(_) => None,
    }
}

/// "A clause under `everything` or a tier concerns the operations that have its dimension, and `to`, `up to`, `over`,
/// `within`, `via`, `repeating` only those of tier `spend`; `showing` and `hiding` concern all." `to url` takes the
/// wide reading: every operation with a URL.
pub(crate) fn concerns(clause: &Clause, operation: &Operation) -> bool {
    let spends = operation.tier == "spend";
    match clause {
        Clause::Showing(_) | Clause::Hiding(_) => true,
        Clause::To(_)
        | Clause::UpTo(_)
        | Clause::Over(_)
        | Clause::Within(_)
        | Clause::Via(_)
        | Clause::Repeating(_)
            if !spends =>
        {
            false
        }
        _ => dimension(clause).is_none_or(|dimension| operation.has(dimension)),
    }
}
