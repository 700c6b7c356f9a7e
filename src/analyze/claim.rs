//! Claims about all requests and all histories, proved or refuted (language.md, section 7).
//!
//! What was done before only ever makes decisions stricter: caps that give stand where a larger sum makes them false,
//! caps that take where it makes them true. So a claim about what must not happen is about the empty past alone, and so
//! is `can` by its own words. (A compiled policy in which a cap stands the other way round is not decided.) Only a claim
//! that says a cap with a period itself asks about more: it is refuted when one request by itself goes against it,
//! proved when it holds without the cap for all that no cap of the policy holds to it, and else undecided.

mod area;
mod kept;

use std::ops::ControlFlow;
use std::rc::Rc;

use bpol_engine::ir::{Clause, Effect, Ir, Period, Rule};
use bpol_engine::{Policy, Report};
use jiff::Timestamp;
use serde_json::Value;

use crate::analyze::facts::Facts;
use crate::analyze::mdd::Step;
use crate::analyze::names::{Names, is_cap};
use crate::analyze::paste::paste;
use crate::analyze::regions::bound;
use crate::analyze::witness::{Aim, Witness};

use area::Question;
use kept::Kept;

/// What a claim says of the requests in its areas.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    /// `cannot`, `no key can`: each is denied.
    Cannot,
    /// `must ask to`: none, reads left out, is allowed without asking.
    MustAsk,
    /// `can`: each with all facts known and nothing spent yet is allowed.
    Can,
}

/// Whose requests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Keys {
    /// Those of these keys.
    Named(Vec<String>),
    /// Those of all keys but these.
    EveryExcept(Vec<String>),
}

/// Requests about some operations for which the clauses are not false and no `unless` block is true; after `can`, for
/// which the clauses are true and every block is false.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Area {
    /// Places in the policy's table, ascending: the subject with all that counts as it; after `exactly` and after `can`
    /// the subject itself.
    pub operations: Vec<u32>,
    /// Clauses, as in a rule. Which counter a cap with a period names says nothing here.
    pub when: Vec<Clause>,
    /// Exceptions.
    pub unless: Vec<Vec<Clause>>,
    /// `showing`, or the fields of a view: only requests whose answer shows one of these; after `can` the answer shows all
    /// of them. Empty: no word about it.
    pub showing: Vec<String>,
}

/// A claim, lowered. Under `everything` and tiers there is an area for each set of operations that the same clauses
/// concern, as there are rules for a `deny`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// Whose requests.
    pub keys: Keys,
    /// What is said of them.
    pub verb: Verb,
    /// Which requests.
    pub areas: Vec<Area>,
    /// The operations whose entries its caps with a period count: the subject with all that counts as it.
    pub counted: Vec<u32>,
    /// The periods of its caps: the first is that of a cap with the counter `u32::MAX`, the next of the one before.
    pub periods: Vec<Period>,
}

/// What came of a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It holds for all requests and histories.
    Proved,
    /// It does not: this request goes against it, which the engine has confirmed.
    Refuted(Box<Counterexample>),
    /// It could be neither proved nor refuted, for this reason.
    Undecided(String),
}

/// A request that goes against a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counterexample {
    /// The request; what it goes against needs no past.
    pub witness: Witness,
    /// What the engine decides about it; `by` names the rules that let it through.
    pub report: Report,
    /// The fields that the claim is about.
    pub showing: Vec<String>,
    /// The request as an `expect` line that passes; nothing where no line can say it.
    pub line: Option<String>,
}

/// How many paths are tried before a claim counts as undecided.
const PATHS: usize = 300;

/// How many more are tried for an example that can be said as an `expect` line.
const LINES: usize = 40;

/// Decides a claim about a policy.
pub fn prove(ir: &Ir, claim: &Claim) -> Verdict {
    Prover::new(ir).prove(claim)
}

/// Decides claims about one policy.
#[derive(Debug)]
pub struct Prover<'p> {
    names: Rc<Names<'p>>,
    engine: Result<Policy, String>,
}

impl<'p> Prover<'p> {
    /// One who knows the policy.
    pub fn new(ir: &'p Ir) -> Self {
        let engine = Policy::from_ir(ir.clone()).map_err(|error| error.to_string());
        Self { names: Rc::new(Names::of(ir)), engine }
    }

    /// Decides a claim.
    pub fn prove(&self, claim: &Claim) -> Verdict {
        let ir = self.names.ir;
        let mut undecided = None;
        for (place, key) in ir.keys.iter().enumerate() {
            let concerned = match &claim.keys {
                Keys::Named(names) => names.contains(&key.name),
                Keys::EveryExcept(names) => !names.contains(&key.name),
            };
            if !concerned {
                continue;
            }
            let rules = bound(ir, place);
            let mut kept = Kept::of(&self.names, &key.name, &rules, claim);
            for area in &claim.areas {
                for operation in &area.operations {
                    match self.about(&mut kept, area, *operation) {
                        Verdict::Proved => {}
                        Verdict::Undecided(reason) => undecided = undecided.or(Some(reason)),
                        refuted => return refuted,
                    }
                }
            }
        }
        undecided.map_or(Verdict::Proved, Verdict::Undecided)
    }

    /// The claim about one key and operation.
    fn about(&self, kept: &mut Kept<'_, 'p>, area: &Area, place: u32) -> Verdict {
        let (ir, claim, key) = (self.names.ir, kept.claim, kept.key);
        let Some(operation) = ir.operations.get(place as usize) else { return Verdict::Proved };
        if claim.verb == Verb::MustAsk && operation.action == "read" {
            return Verdict::Proved;
        }
        let rules: Vec<&Rule> =
            kept.rules.iter().copied().filter(|rule| rule.operations.binary_search(&place).is_ok()).collect();
        let base = operation.tier == bpol_engine::ir::Tier::Base;
        if claim.verb != Verb::Can && !base && !rules.iter().any(|rule| rule.effect == Effect::Allow) {
            return Verdict::Proved;
        }
        let periods = area.when.iter().chain(area.unless.iter().flatten()).any(has_period);
        let question = Question { names: &self.names, operation, rules: &rules, claim, area, through: None };
        let refuted = self.search(&question, key, &|_| true);
        if refuted != Verdict::Proved {
            return refuted;
        }
        let about: &[&Rule] = if periods { kept.rules } else { &rules };
        if claim.verb != Verb::Can && about.iter().any(|rule| loosens(rule)) {
            return Verdict::Undecided("a cap of the policy lets more happen the more was spent".to_owned());
        }
        if !periods || claim.verb == Verb::Can {
            return Verdict::Proved;
        }
        // Without the cap the claim is about more requests; what holds for these holds for those.
        let gives = |rule: &&&Rule| rule.effect == Effect::Allow;
        let free: Vec<&Rule> =
            rules.iter().filter(gives).filter(|rule| !kept.keeps(rule, area, place)).copied().collect();
        let question = Question { through: Some(&free), ..question };
        match self.search(&question, key, &|clause| !has_period(clause)) {
            Verdict::Refuted(example) => {
                let by = example.report.by.iter().find(|id| free.iter().any(|rule| rule.id == **id));
                let by = by.or(free.first().map(|rule| &rule.id)).map_or("the key", String::as_str);
                Verdict::Undecided(format!(
                    "no cap is known to hold what `{by}` lets through, and what others do beside it, to the sum of a period"
                ))
            }
            other => other,
        }
    }

    /// Looks for a request that goes against the claim by itself.
    fn search(&self, question: &Question<'_, 'p>, key: &str, counts: &dyn Fn(&Clause) -> bool) -> Verdict {
        if let Err(reason) = &self.engine {
            return Verdict::Undecided(format!("the engine refuses the policy: {reason}"));
        }
        let (space, diagrams, against) = match question.against(counts) {
            Ok(found) => found,
            Err(reason) => return Verdict::Undecided(reason.reason),
        };
        let aim = Aim { space: &space, side: 0, key, answer: false, told: question.claim.verb == Verb::Can };
        let inside = |request: &Value, now| {
            let point = space.point(&Facts::read(request), now, &|_, _| None);
            let class = |point: &[u32], variable: u32| point.get(variable as usize).copied().unwrap_or(0);
            point.is_some_and(|point| diagrams.at(against, |variable| class(&point, variable)) == 2)
        };
        let mut left = PATHS;
        let mut found: Option<Counterexample> = None;
        let mut some = false;
        let mut visit = |steps: &[Step], _: u32| {
            some = true;
            left -= 1;
            if let Some(mut example) = aim.witness(steps).and_then(|witness| self.believed(question, witness)) {
                example.line = self.line(question, &example, &inside);
                if found.is_none() || example.line.is_some() {
                    left = left.min(if example.line.is_some() { 0 } else { LINES });
                    found = Some(example);
                }
            }
            if left == 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        _ = diagrams.paths(against, &|value| value == 2, &mut visit);
        match found {
            Some(example) => Verdict::Refuted(Box::new(example)),
            None if some => Verdict::Undecided("no request was found that shows what seems possible".to_owned()),
            None => Verdict::Proved,
        }
    }

    /// The example as an `expect` line, if the request that the line means goes against the claim as well.
    fn line(
        &self,
        question: &Question<'_, 'p>,
        example: &Counterexample,
        inside: &dyn Fn(&Value, Timestamp) -> bool,
    ) -> Option<String> {
        let decision = example.report.decision;
        let shown = |field: &String| example.report.fields.as_ref().is_some_and(|fields| fields.contains(field));
        let showing: Vec<String> = question.area.showing.iter().filter(|field| shown(field)).cloned().collect();
        let named: &[String] = if decision == Effect::Allow { &showing } else { &[] };
        let mut line = paste(self.names.ir, &example.witness, decision, named)?;
        let said = question.area.when.iter().chain(question.area.unless.iter().flatten());
        let is_timed = |clause: &Clause| matches!(clause, Clause::During(_) | Clause::Starting(_) | Clause::Before(_));
        if line.at.is_none() && said.into_iter().any(is_timed) {
            line.text.insert_str(line.text.len() - 1, &format!(" at {}", line.now));
        }
        let witness = Witness { request: line.request, past: line.past, now: example.witness.now };
        let meant = self.believed(question, witness)?;
        let same = match question.claim.verb {
            // A line cannot tell every fact, but the same rules must decide.
            Verb::Can => meant.report.by == example.report.by && meant.report.reason == example.report.reason,
            Verb::Cannot | Verb::MustAsk => inside(&meant.witness.request, meant.witness.now),
        };
        let same = same && meant.report.decision == decision && !meant.report.each;
        (same && named.iter().all(|field| meant.report.fields.as_ref().is_some_and(|it| it.contains(field))))
            .then_some(line.text)
    }

    /// A witness that the engine confirms to go against the claim.
    fn believed(&self, question: &Question<'_, 'p>, witness: Witness) -> Option<Counterexample> {
        let report = witness.replay(self.engine.as_ref().ok()?).ok()?;
        let showing = &question.area.showing;
        let shows = |field: &String| report.fields.as_ref().is_some_and(|fields| fields.contains(field));
        let against = match question.claim.verb {
            Verb::Cannot if showing.is_empty() => report.decision != Effect::Deny,
            Verb::Cannot => report.decision == Effect::Allow && showing.iter().any(shows),
            Verb::MustAsk => report.decision == Effect::Allow && (showing.is_empty() || showing.iter().any(shows)),
            Verb::Can => report.decision != Effect::Allow || !showing.iter().all(shows),
        };
        against.then(|| Counterexample { witness, report, showing: showing.clone(), line: None })
    }
}

/// Whether a clause is about what was done before.
fn has_period(clause: &Clause) -> bool {
    match clause {
        Clause::UpTo(caps) | Clause::Over(caps) => caps.iter().any(|cap| cap.counter.is_some()),
        Clause::AtMost(_) | Clause::MoreThan(_) | Clause::Within(_) => true,
        _ => false,
    }
}

/// Whether a rule gives more the more was done: a cap that stands where it reads like its opposite.
fn loosens(rule: &Rule) -> bool {
    let gives = |clause: &Clause| matches!(clause, Clause::UpTo(_) | Clause::AtMost(_) | Clause::Within(_));
    let takes = |clause: &Clause| matches!(clause, Clause::Over(_) | Clause::MoreThan(_));
    let allows = rule.effect == Effect::Allow;
    let wrong = |clause: &Clause, gives_here: bool| {
        has_period(clause) && is_cap(clause) && if gives_here { takes(clause) } else { gives(clause) }
    };
    rule.when.iter().any(|clause| wrong(clause, allows))
        || rule.unless.iter().flatten().any(|clause| wrong(clause, !allows))
}
