//! What a target cannot say, by statement.

use bpol_engine::ir::{AccountRef, Clause, Effect, Ir, PayeeRef, Place, Rule};

use super::clause;
use super::grant::{By, Granted};
use super::line::{Binds, blocks};

/// Something of a statement that a target cannot say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loss {
    /// The statement's id.
    pub rule: String,
    /// Where it stands.
    pub place: Place,
    /// The words that cannot be said.
    pub words: String,
    /// Why the target cannot say them.
    pub why: String,
    /// What comes of the statement where it is narrowed.
    pub narrowed: &'static str,
}

/// What a language with rules of its own cannot say, in document order.
pub(crate) fn of_rules(ir: &Ir, language: &str, asks: bool) -> Vec<Loss> {
    let mut out: Vec<Loss> = Vec::new();
    for (_, rules) in blocks(ir) {
        for rule in rules {
            if rule.effect == Effect::Ask && !asks {
                let why = format!("{language} says yes or no, and puts no question");
                add(&mut out, rule, "ask".to_owned(), why, "it denies");
            }
            let clauses = rule.when.iter().chain(rule.unless.iter().flatten());
            for one in clauses.filter(|one| clause::counts(one)) {
                let narrowed = match (rule.effect, one) {
                    (Effect::Allow, _) => "it allows nothing",
                    (_, Clause::Over(_) | Clause::MoreThan(_)) => "it decides whatever was done before",
                    (_, _) => "its exception never holds",
                };
                let why = format!("{language} keeps no sums and counts nothing");
                add(&mut out, rule, bpol_engine::clause_words(ir, one), why, narrowed);
            }
        }
    }
    out
}

/// What a table cannot say, in document order: of each operation that the policy allows in more cases than the table,
/// whatever the table knows nothing of.
pub(crate) fn of_table(ir: &Ir, keys: &[Vec<Granted>], table: &str, by: By) -> Vec<Loss> {
    let mut out = Vec::new();
    for (binds, rules) in blocks(ir) {
        for rule in rules {
            let bound = ir.keys.iter().zip(keys).filter(|(key, _)| match &binds {
                Binds::Key(name) => *name == key.name,
                Binds::Every(except) => !except.contains(&key.name),
            });
            let narrowed = |place: &u32| usize::try_from(*place).ok();
            let lists = |operation: usize| rule.operations.iter().filter_map(narrowed).any(|place| place == operation);
            let hit = bound.flat_map(|(_, granted)| granted).any(|one| one.more && lists(one.operation));
            if !hit {
                continue;
            }
            let before = out.len();
            if rule.effect == Effect::Ask {
                let why = format!("{table} puts no question");
                add(&mut out, rule, "ask".to_owned(), why, "what it asks for is left out");
            }
            for one in rule.when.iter().chain(rule.unless.iter().flatten()) {
                if let Some(what) = beyond(one, by) {
                    let why = format!("{table} says nothing of {what}");
                    add(&mut out, rule, bpol_engine::clause_words(ir, one), why, "what hangs on it is left out");
                }
            }
            if rule.effect == Effect::Allow
                && (rule.showing.is_some() || !rule.hiding.is_empty())
                && out.len() == before
            {
                let why = format!("{table} has one list of fields for all that it grants");
                add(&mut out, rule, "showing".to_owned(), why, "fields that are shown only sometimes are left out");
            }
        }
    }
    // The table says less than the policy, and no words could be found that are the reason.
    for (key, granted) in ir.keys.iter().zip(keys) {
        for one in granted.iter().filter(|one| one.more) {
            let Some(operation) = ir.operations.get(one.operation) else { continue };
            let lists = |rule: &&Rule| {
                rule.operations.iter().any(|place| usize::try_from(*place).is_ok_and(|place| place == one.operation))
            };
            let said = |rule: &Rule| out.iter().any(|loss: &Loss| loss.rule == rule.id);
            let mut rules = key.rules.iter().filter(lists);
            if rules.clone().any(said) || guarded(ir, &key.name).filter(lists).any(said) {
                continue;
            }
            if let Some(rule) = rules.find(|rule| rule.effect == Effect::Allow) {
                let why = format!("{table} cannot tell apart all cases in which it is allowed");
                add(&mut out, rule, super::name(operation), why, "some of them are left out");
            }
        }
    }
    out
}

fn guarded<'p>(ir: &'p Ir, key: &str) -> impl Iterator<Item = &'p Rule> {
    let bind = ir.guardrails.iter().filter(move |one| !one.except.iter().any(|name| name == key));
    bind.flat_map(|guardrail| &guardrail.rules)
}

/// What a clause is about that a table knows nothing of.
fn beyond(one: &Clause, by: By) -> Option<&'static str> {
    let payment = by == By::Payment;
    Some(match one {
        Clause::On(accounts) => {
            let by_identity = |one: &AccountRef| {
                matches!(one, AccountRef::Account(_)) || matches!(one, AccountRef::Any { except } if except.is_empty())
            };
            if !payment || accounts.iter().all(by_identity) {
                return None;
            }
            "accounts by name or kind, or of all but some"
        }
        Clause::To(payees) if payees.contains(&PayeeRef::Anyone) => return None,
        Clause::To(payees) if payment => {
            if !payees.iter().any(|one| matches!(one, PayeeRef::OwnAccounts | PayeeRef::Favorites)) {
                return None;
            }
            "payees other than by IBAN"
        }
        Clause::To(_) => "payees",
        Clause::AnyAmount => return None,
        one if clause::counts(one) => "what was done before",
        Clause::UpTo(_) | Clause::Over(_) if payment => return None,
        Clause::UpTo(_) | Clause::Over(_) => "amounts",
        Clause::AtMost(_) | Clause::MoreThan(_) | Clause::Within(_) => "what was done before",
        Clause::ToUrl(_) => "web addresses",
        Clause::Via(_) => "how it is paid",
        Clause::Repeating(_) => "how often the bank repeats it",
        Clause::Since(_) => "how old a record is",
        Clause::CreatedByThisKey => "who created a record",
        Clause::From(_) if payment => "where a call comes from",
        Clause::From(_) => return None,
        Clause::During(_) | Clause::Starting(_) | Clause::Before(_) => "time",
    })
}

fn add(out: &mut Vec<Loss>, rule: &Rule, words: String, why: String, narrowed: &'static str) {
    let loss = Loss { rule: rule.id.clone(), place: rule.place.clone(), words, why, narrowed };
    if !out.contains(&loss) {
        out.push(loss);
    }
}
