//! Lints: what is right by the rules of the language and yet hardly what its author means.
//!
//! A lint is a plain function that reads a policy without errors. What a lint says is proved or left unsaid.

mod context;
mod rules;
mod site;

use bpol_engine::ir::Ir;
use jiff::Timestamp;

use crate::Checked;
use crate::diag::{Diagnostic, Level};
use crate::source::FileSpan;

use context::Context;

/// A lint: its name is how users set its level, and is never reused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lint {
    /// The name, in kebab-case.
    pub name: &'static str,
    /// How bad it is unless the user says otherwise.
    pub level: Level,
    /// What it reports, in one line.
    pub summary: &'static str,
    /// Whether [`crate::check()`] reports it by itself, while it reads the files.
    pub is_of_check: bool,
}

/// A lint and the function that looks for it.
struct Rule {
    lint: Lint,
    check: fn(&Context<'_>, Lint) -> Vec<Diagnostic>,
}

macro_rules! rules {
    ($($module:ident),* $(,)?) => { &[$(rules::$module::RULE),*] };
}

/// All lints of this room, sorted by name.
const RULES: &[Rule] = rules![
    allow_closed,
    blind_deny,
    dead_cap,
    idle_guardrail,
    partly_effective,
    past_rule,
    redundant_rule,
    rule_never_decides,
    two_budgets,
    two_hop,
];

/// Lints that [`crate::check()`] reports by itself.
const OF_CHECK: &[Lint] = &[
    of_check("iban-unknown-country", "an IBAN of a country whose length and shape are not known"),
    of_check("unpinned-account", "an account that is known by its name alone, which others can change"),
];

const fn of_check(name: &'static str, summary: &'static str) -> Lint {
    Lint { name, level: Level::Warning, summary, is_of_check: true }
}

/// Every lint there is, sorted by name.
pub fn all() -> Vec<Lint> {
    let mut all: Vec<Lint> = RULES.iter().map(|rule| rule.lint).chain(OF_CHECK.iter().copied()).collect();
    all.sort_unstable_by_key(|lint| lint.name);
    all
}

/// What lints find in a policy without errors, sorted by place. Lints about dates are silent without a time.
pub fn lint(checked: &Checked, ir: &Ir, now: Option<Timestamp>) -> Vec<Diagnostic> {
    let cx = Context::of(checked, ir, now);
    let mut found: Vec<Diagnostic> = RULES.iter().flat_map(|rule| (rule.check)(&cx, rule.lint)).collect();
    crate::check::sort(&mut found);
    found
}

impl Lint {
    const fn new(name: &'static str, level: Level, summary: &'static str) -> Self {
        Self { name, level, summary, is_of_check: false }
    }

    /// A finding of this lint.
    fn at(self, place: FileSpan, message: impl Into<String>) -> Diagnostic {
        Diagnostic::lint(self.name, self.level, place, message)
    }
}
