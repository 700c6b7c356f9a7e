//! From trees to a policy: names, values and the static rules of the language (language.md, sections 1, 3 and 5).
//!
//! All findings of all files come in one run. What could not be understood is left out of the [`Policy`], so a policy
//! is whole only when no finding is an error.

mod account;
mod ask;
mod bank;
mod bounds;
mod cap;
mod claim;
mod clause;
mod clock;
mod context;
mod during;
mod expand;
mod fits;
mod limit;
mod load;
mod misfit;
mod names;
pub(crate) mod nearest;
mod network;
mod payee;
mod placement;
mod reference;
mod statement;
mod subject;
mod test;
mod value;
mod zone;

use std::ops::Deref;
use std::sync::Arc;

use bpol_engine::ir;
use camino::Utf8Path;
use jiff::tz::TimeZone;

use crate::catalogue::{Catalogue, OpId};
use crate::source::{FileId, FileSpan};
use crate::{Checked, Input, Read};

pub use bounds::applies;
pub use cap::{Cap, CountCap, Figure, Span as CapPeriod};
pub use claim::Claim;
pub(crate) use clause::REPEATS;
pub use clause::{Clause, ClauseKind};
pub(crate) use expand::has_cycle;
pub use expand::{Added, Expanded, Owner, expand};
pub use fits::{concerns, dimension, has_money};
pub(crate) use load::{Loaded, Parsed, normal};
pub(crate) use misfit::noun;
pub(crate) use placement::{Position, stands};
pub(crate) use subject::{GROUPS, Speaker};
pub use subject::{Subject, Target};
pub use test::{Expectation, Past, PastWhen, Record, Test};
pub use value::{Currency, Date, Money};

/// What a policy means. Tables are in document order; clauses refer to them by index, as the Ir does.
#[derive(Debug, Default)]
pub struct Policy {
    /// The bank's catalogue.
    pub bank: Bank,
    /// The zone of calendar periods, dates and times of day.
    pub timezone: Option<Zone>,
    /// Declared accounts.
    pub accounts: Vec<ir::Account>,
    /// Declared payees and groups, groups flattened.
    pub payees: Vec<ir::Payee>,
    /// Declared networks.
    pub networks: Vec<ir::Network>,
    /// Named limits.
    pub limits: Vec<Limit>,
    /// Roles.
    pub roles: Vec<Block>,
    /// Keys.
    pub keys: Vec<Block>,
    /// `every key` blocks.
    pub guardrails: Vec<Guardrail>,
    /// Claims.
    pub claims: Vec<Claim>,
    /// Tests.
    pub tests: Vec<Test>,
}

/// The catalogue that a policy speaks.
#[derive(Debug, Clone, Default)]
pub enum Bank {
    /// The one that is built in.
    #[default]
    Bunq,
    /// One that was given as a file.
    Other(Arc<Catalogue>),
}

impl Deref for Bank {
    type Target = Catalogue;

    fn deref(&self) -> &Catalogue {
        match self {
            Self::Bunq => Catalogue::bunq(),
            Self::Other(catalogue) => catalogue,
        }
    }
}

/// The policy's time zone.
#[derive(Debug, Clone)]
pub struct Zone {
    /// Its IANA name.
    pub name: String,
    /// Its rules.
    pub rules: TimeZone,
}

/// A named limit.
#[derive(Debug, Clone)]
pub struct Limit {
    /// Its name, in NFC.
    pub name: String,
    /// Its doc comment.
    pub doc: Option<String>,
    /// Where its name stands.
    pub place: FileSpan,
    /// Caps on money; never `any amount`.
    pub money: Vec<Cap>,
    /// Caps on how often.
    pub count: Vec<CountCap>,
}

/// A `key` or a `role`.
#[derive(Debug, Clone)]
pub struct Block {
    /// Its name, in NFC.
    pub name: String,
    /// Its doc comment.
    pub doc: Option<String>,
    /// Where its name stands.
    pub place: FileSpan,
    /// Its statements, in document order; one that could not be understood is `None`, so numbers stay right.
    pub statements: Vec<Option<Statement>>,
}

/// An `every key` block.
#[derive(Debug, Clone)]
pub struct Guardrail {
    /// How many keys stand before it in the document.
    pub keys_before: usize,
    /// Indices of the keys that it does not bind, ascending.
    pub except: Vec<usize>,
    /// Its doc comment.
    pub doc: Option<String>,
    /// Its statements, as in [`Block::statements`].
    pub statements: Vec<Option<Statement>>,
}

/// A statement.
#[derive(Debug, Clone)]
pub struct Statement {
    /// Where it stands, `;` included.
    pub place: FileSpan,
    /// Its doc comment.
    pub doc: Option<String>,
    /// What it is.
    pub kind: StatementKind,
}

/// What a statement is.
#[derive(Debug, Clone)]
pub enum StatementKind {
    /// `allow`, `ask`, `deny`
    Rule(Rule),
    /// `use role`
    Use {
        /// Index of the role.
        role: usize,
        /// What is added to its `allow`s.
        clauses: Vec<Clause>,
    },
    /// `only`
    Only(Vec<Clause>),
}

/// A rule as written, its words resolved.
#[derive(Debug, Clone)]
pub struct Rule {
    /// Its effect.
    pub effect: ir::Effect,
    /// What it is about.
    pub subject: Subject,
    /// Clauses before `unless`.
    pub clauses: Vec<Clause>,
    /// `unless` blocks.
    pub unless: Vec<Vec<Clause>>,
}

impl Rule {
    /// Operations that the rule names, views resolved, ascending.
    pub fn operations(&self) -> Vec<OpId> {
        let mut all: Vec<OpId> = self.subject.targets.iter().map(|target| target.operation).collect();
        all.sort_unstable();
        all.dedup();
        all
    }
}

pub(crate) fn check(inputs: Vec<Input>, root: &Utf8Path, read: Read<'_>) -> Checked {
    let parsed = load::parse(inputs);
    let (loaded, bank) = self::read(parsed, root, &|path| Ok(Parsed::of(path, read(path)?)), read);
    meaning(loaded, bank, root, None)
}

/// The files of a policy and the catalogue that it speaks.
pub(crate) fn read(
    inputs: Vec<Parsed>,
    root: &Utf8Path,
    import: load::Import<'_>,
    catalogue: Read<'_>,
) -> (Loaded, Bank) {
    let mut loaded = load::load(inputs, root, import);
    let bank = bank::find(&mut loaded, root, catalogue);
    (loaded, bank)
}

/// Some keys, and the items that they depend on or that are about them, in document order.
pub(crate) struct Keys {
    pub(crate) keys: Vec<String>,
    pub(crate) items: Vec<(FileId, usize)>,
}

/// What files mean, or the part of it that is about some keys. Of other keys only the names are known then, so findings
/// outside of the keys that are looked at, their claims and tests may be missing or false.
pub(crate) fn meaning(loaded: Loaded, bank: Bank, root: &Utf8Path, part: Option<Keys>) -> Checked {
    let Loaded { sources, trees, order, mut diagnostics, .. } = loaded;
    let (keys, items) = part.map_or_else(|| (None, order.clone()), |part| (Some(part.keys), part.items));
    let policy = {
        let mut cx = context::Context::new(&sources, &trees, &order, bank, keys.as_deref(), &mut diagnostics);
        names::declare(&mut cx);
        cx.look_at(&items);
        zone::find(&mut cx);
        account::check(&mut cx);
        payee::check(&mut cx);
        network::check(&mut cx);
        limit::check(&mut cx);
        statement::check(&mut cx);
        claim::check(&mut cx);
        test::check(&mut cx);
        zone::needed(&mut cx);
        cx.policy
    };
    if !policy.roles.is_empty() && expand::report_cycles(&policy, &mut diagnostics) {
        // Roles that use each other have no expansion, so nothing is said about what they give.
    } else {
        bounds::check(&policy, &mut diagnostics);
        ask::check(&policy, items.len() == order.len(), &mut diagnostics);
    }
    sort(&mut diagnostics);
    // Where the parser and a check say the same of one place, one of them is enough.
    diagnostics.dedup_by(|second, first| second.place == first.place && second.name == first.name);
    Checked { root: load::normal(root), sources, trees, order, items, policy, diagnostics, suppressed: Vec::new() }
}

/// Puts findings in the order in which they are reported.
pub(crate) fn sort(diagnostics: &mut [crate::diag::Diagnostic]) {
    diagnostics.sort_by(|a, b| (a.place, a.name, &a.message).cmp(&(b.place, b.name, &b.message)));
}
