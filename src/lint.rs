//! Lints: what is right by the rules of the language and yet hardly what its author means.
//!
//! A lint is a plain function that reads a policy without errors. What a lint says is proved or left unsaid.

mod context;
mod ends;
mod given;
mod giving;
mod names;
mod rules;
mod site;
mod suppress;
mod taking;
mod twins;
mod written;

use bpol_engine::ir::Ir;
use jiff::Timestamp;

use crate::Checked;
use crate::diag::{Diagnostic, Level};
use crate::source::FileSpan;

use context::Context;

pub(crate) use suppress::suppress;

/// A lint: its name is how users set its level, and is never reused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lint {
    /// The name, in kebab-case.
    pub name: &'static str,
    /// How bad it is unless the user says otherwise.
    pub level: Level,
    /// What it reports, in one line.
    pub summary: &'static str,
    /// The first profile that looks for it.
    pub profile: Profile,
    /// Whether [`crate::check()`] reports it by itself, while it reads the files.
    pub is_of_check: bool,
    /// Whether it has to know the whole policy: it is not looked for in a part of one.
    pub is_of_whole: bool,
}

/// Which lints are looked for: each profile has those of the ones before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Profile {
    /// What its author would want to hear of.
    Recommended,
    /// Opinions as well: for keys that move a company's money.
    Strict,
    /// What the rules of Open Banking ask for as well.
    Psd2,
    /// None has it: it is looked for when it is named.
    Named,
}

impl Profile {
    /// Its word in settings.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Recommended => "recommended",
            Self::Strict => "strict",
            Self::Psd2 => "psd2",
            Self::Named => "named",
        }
    }

    /// Whether it looks for a lint.
    pub fn has(self, lint: &Lint) -> bool {
        lint.profile <= self
    }
}

/// Says which lints are looked for.
pub type Wanted<'w> = &'w dyn Fn(&Lint) -> bool;

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
    accept_without_read,
    allow_closed,
    any_account_spends,
    any_amount,
    any_payee,
    balance_leak,
    blind_deny,
    broad_network,
    confusable_name,
    dead_cap,
    deny_spend_gap,
    doubles_at_midnight,
    duplicate_declaration_value,
    duplicate_statement,
    eaten_budget,
    expired,
    expires_soon,
    export_wider_than_since,
    free_redirect_url,
    idle_ask,
    idle_guardrail,
    key_does_nothing,
    looser_way,
    missing_doc,
    no_each_cap,
    no_expiry,
    no_source_address,
    partly_effective,
    past_rule,
    payee_administration,
    payee_is_own_account,
    personal_data_shown,
    private_network,
    raises_own_limits,
    read_leak,
    redundant_rule,
    rename_escape,
    rolling_day,
    rule_never_decides,
    schedule_without_once,
    secret_in_policy,
    self_approval,
    time_gated_deny,
    two_budgets,
    two_hop,
    untested_key,
    unused_declaration,
    unused_role,
    webhook_leak,
];

/// Lints that [`crate::check()`] reports by itself.
const OF_CHECK: &[Lint] = &[
    suppress::BAD,
    suppress::EXPIRED,
    suppress::UNUSED,
    of_check("iban-unknown-country", "an IBAN of a country whose length and shape are not known"),
    of_check("unpinned-account", "an account that is known by its name alone, which others can change"),
];

const fn of_check(name: &'static str, summary: &'static str) -> Lint {
    Lint { name, level: Level::Warning, summary, profile: Profile::Recommended, is_of_check: true, is_of_whole: false }
}

/// Every lint there is, sorted by name.
pub fn all() -> Vec<Lint> {
    let mut all: Vec<Lint> = RULES.iter().map(|rule| rule.lint).chain(OF_CHECK.iter().copied()).collect();
    all.sort_unstable_by_key(|lint| lint.name);
    all
}

/// Whether a finding is of a lint that has to know the whole policy.
pub(crate) fn is_of_whole(name: &str) -> bool {
    RULES.iter().any(|rule| rule.lint.is_of_whole && rule.lint.name == name)
}

/// The pages about lints, by name.
const PAGES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/pages.rs"));

/// The page about a lint, in Markdown; nothing for a name that has none.
pub fn page(name: &str) -> Option<&'static str> {
    PAGES.iter().find(|(page, _)| *page == name).map(|&(_, text)| text)
}

/// What the lints that are wanted find in a policy without errors, sorted by place. Lints about dates are silent without
/// a time.
pub fn lint(checked: &Checked, ir: &Ir, now: Option<Timestamp>, wanted: Wanted<'_>) -> Vec<Diagnostic> {
    let cx = Context::of(checked, ir, now);
    let is_whole = checked.is_whole();
    let rules = RULES.iter().filter(|rule| (is_whole || !rule.lint.is_of_whole) && wanted(&rule.lint));
    let look = |rule: &Rule| {
        cx.next_lint();
        (rule.check)(&cx, rule.lint)
    };
    let mut found: Vec<Diagnostic> = rules.flat_map(look).collect();
    say_once(&mut found);
    crate::check::sort(&mut found);
    found
}

/// Leaves out what a closer lint says of the same line.
fn say_once(found: &mut Vec<Diagnostic>) {
    let (wide, close) = (rules::read_leak::RULE.lint.name, rules::export_wider_than_since::RULE.lint.name);
    let said: Vec<FileSpan> = found.iter().filter(|one| one.name == close).map(|one| one.place).collect();
    found.retain(|one| one.name != wide || !said.contains(&one.place));
}

impl Lint {
    const fn new(name: &'static str, level: Level, summary: &'static str) -> Self {
        Self { name, level, summary, profile: Profile::Recommended, is_of_check: false, is_of_whole: false }
    }

    /// The same, looked for from a profile on.
    const fn from(self, profile: Profile) -> Self {
        Self { profile, ..self }
    }

    /// The same, looked for in whole policies only.
    const fn of_whole(self) -> Self {
        Self { is_of_whole: true, ..self }
    }

    /// A finding of this lint.
    fn at(self, place: FileSpan, message: impl Into<String>) -> Diagnostic {
        Diagnostic::lint(self.name, self.level, place, message)
    }
}
