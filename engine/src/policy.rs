//! A loaded policy: the document, and an index over it that decisions read.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::OnceLock;

use jiff::tz::TimeZone;

use crate::address::Block;
use crate::clause::{LimitCap, Test};
use crate::facts::{AccountFact, Dimensions};
use crate::filter::Errors;
use crate::http::Routes;
use crate::ibans::Ibans;
use crate::ir::{Effect, Ir, Tier};
use crate::malformed::Malformed;
use crate::table::{self, Numbers, Table};
use crate::window::Recent;

/// A policy that is loaded and checked; it never changes and can be shared between threads.
///
/// ```
/// # let policy = bpol_engine::Policy::load(include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/gateway.json"))).unwrap();
/// fn shared<T: Send + Sync>(_: &T) {}
/// shared(&policy);
/// ```
#[derive(Debug)]
pub struct Policy {
    pub(crate) ir: Ir,
    pub(crate) index: Index,
}

/// What decisions look things up in. Rules stand in document order: each key's own, then the guardrails'.
#[derive(Debug)]
pub(crate) struct Index {
    /// Tells policies apart, so that a request is decided by the policy that read it.
    pub(crate) stamp: usize,
    pub(crate) zone: Option<TimeZone>,
    pub(crate) recent: Recent,
    pub(crate) words: Table,
    pub(crate) operations: Vec<Operation>,
    pub(crate) field_names: Vec<Box<str>>,
    pub(crate) keys: Table,
    pub(crate) key_rules: Vec<Span>,
    pub(crate) guardrails: Vec<Guardrail>,
    pub(crate) rules: Vec<Rule>,
    pub(crate) tests: Vec<Test>,
    pub(crate) blocks: Vec<Span>,
    /// Sets of operations as bits, `words_per_set` words each.
    pub(crate) sets: Vec<u64>,
    pub(crate) words_per_set: usize,
    pub(crate) shapes: Vec<Shape>,
    pub(crate) accounts: Vec<Account>,
    pub(crate) account_ids: HashMap<u64, u32, Numbers>,
    pub(crate) ibans: Ibans,
    pub(crate) networks: Vec<Box<[Block]>>,
    pub(crate) limits: Vec<Box<[LimitCap]>>,
    pub(crate) scopes: Vec<Scope>,
    /// Made when the first call comes: many who load a policy route nothing.
    pub(crate) routes: OnceLock<Box<Routes>>,
    pub(crate) errors: OnceLock<Errors>,
    /// Counters that count one key alone, by key, and those that may count any: a request looks at few of them.
    pub(crate) key_counters: Vec<Box<[u32]>>,
    pub(crate) shared_counters: Box<[u32]>,
}

/// A stretch of one of the index's lists.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Span {
    pub(crate) from: u32,
    pub(crate) until: u32,
}

/// What decisions need of an operation. Fields are bits by [`Index::field_names`].
#[derive(Debug, Clone, Copy)]
pub(crate) struct Operation {
    pub(crate) about: Dimensions,
    pub(crate) untold: Dimensions,
    pub(crate) parts: Dimensions,
    pub(crate) tier: Tier,
    pub(crate) is_read: bool,
    pub(crate) default_fields: u128,
    pub(crate) all_fields: u128,
}

/// A rule with its clauses as stretches of the index.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rule {
    pub(crate) effect: Effect,
    /// Number of its set of operations.
    pub(crate) operations: u32,
    pub(crate) when: Span,
    pub(crate) unless: Span,
    /// Place in [`Index::shapes`]; none when the rule says neither `showing` nor `hiding`.
    pub(crate) shape: Option<u32>,
    /// The first rule with the same id: rules of one statement are one to the reader.
    pub(crate) statement: u32,
    /// Place of its key or guardrail in the document, and its own place there.
    pub(crate) home: (u32, u32),
}

/// The fields that a rule shows and hides, as bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shape {
    pub(crate) showing: Option<u128>,
    pub(crate) hiding: u128,
}

/// Rules that bind every key but those excepted.
#[derive(Debug)]
pub(crate) struct Guardrail {
    /// How many keys stand before it in the document.
    pub(crate) keys_before: u32,
    pub(crate) except: Box<[u32]>,
    pub(crate) rules: Span,
}

/// What decisions need of a declared account. Its place is also the number of its IBAN.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Account {
    pub(crate) iban: bool,
    pub(crate) id: Option<u64>,
    pub(crate) kind: Option<u16>,
    pub(crate) own: bool,
}

/// Entries that a counter counts.
#[derive(Debug)]
pub(crate) struct Scope {
    pub(crate) key: Option<u32>,
    pub(crate) except: Box<[u32]>,
    pub(crate) operations: u32,
    pub(crate) when: Span,
    pub(crate) unless: Span,
}

impl Scope {
    pub(crate) fn has_key(&self, key: u32) -> bool {
        match self.key {
            Some(own) => own == key,
            None => !self.except.contains(&key),
        }
    }
}

impl Span {
    /// Whether a place is in the stretch.
    pub(crate) fn holds(self, place: u32) -> bool {
        (self.from..self.until).contains(&place)
    }

    pub(crate) fn range(self) -> Range<usize> {
        let place = |at: u32| usize::try_from(at).unwrap_or(usize::MAX);
        place(self.from)..place(self.until)
    }
}

impl Operation {
    /// Dimensions that a call can tell.
    pub(crate) fn told(&self) -> Dimensions {
        self.about.without(self.untold)
    }
}

impl Policy {
    /// The compiled document.
    ///
    /// ```
    /// # let policy = bpol_engine::Policy::load(include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/gateway.json"))).unwrap();
    /// assert_eq!(policy.ir().keys[0].name, "shop");
    /// ```
    pub fn ir(&self) -> &Ir {
        &self.ir
    }

    pub(crate) fn stamp(&self) -> usize {
        self.index.stamp
    }

    pub(crate) fn zone(&self) -> Option<&TimeZone> {
        self.index.zone.as_ref()
    }

    /// What stays of the bank's answers that say what is wrong.
    pub(crate) fn errors(&self) -> &Errors {
        self.index.errors.get_or_init(|| Errors::new(&self.ir.errors))
    }

    pub(crate) fn operation(&self, number: u32) -> Option<&Operation> {
        at(&self.index.operations, number)
    }

    pub(crate) fn about(&self, operation: u32) -> Dimensions {
        self.operation(operation).map(|operation| operation.about).unwrap_or_default()
    }

    pub(crate) fn account(&self, number: u32) -> Option<&Account> {
        at(&self.index.accounts, number)
    }

    pub(crate) fn account_name(&self, number: u32) -> &str {
        at(&self.ir.accounts, number).map_or("", |account| &account.name)
    }

    /// Whether the number of an IBAN is that of one of the holder's own accounts.
    pub(crate) fn is_own(&self, iban: u32) -> bool {
        self.account(iban).is_some_and(|account| account.own)
    }

    pub(crate) fn iban_number(&self, iban: &str) -> Option<u32> {
        self.index.ibans.number(&self.ir, iban)
    }

    pub(crate) fn network(&self, number: u32) -> &[Block] {
        at(&self.index.networks, number).map_or(&[], |blocks| blocks)
    }

    pub(crate) fn limit(&self, number: u32) -> &[LimitCap] {
        at(&self.index.limits, number).map_or(&[], |caps| caps)
    }

    pub(crate) fn scope(&self, number: u32) -> Option<&Scope> {
        at(&self.index.scopes, number)
    }

    pub(crate) fn rule(&self, number: u32) -> Option<&Rule> {
        at(&self.index.rules, number)
    }

    pub(crate) fn tests(&self, span: Span) -> &[Test] {
        self.index.tests.get(span.range()).unwrap_or_default()
    }

    pub(crate) fn blocks(&self, span: Span) -> &[Span] {
        self.index.blocks.get(span.range()).unwrap_or_default()
    }

    /// Whether a set of operations has this one.
    pub(crate) fn listed(&self, set: u32, operation: u32) -> bool {
        let (Ok(set), Ok(operation)) = (usize::try_from(set), usize::try_from(operation)) else { return false };
        let word = set.saturating_mul(self.index.words_per_set).saturating_add(operation / 64);
        let bit = 1_u64.checked_shl(u32::try_from(operation % 64).unwrap_or(0)).unwrap_or(0);
        self.index.sets.get(word).is_some_and(|word| word & bit != 0)
    }

    pub(crate) fn key_named(&self, name: &str) -> Option<u32> {
        self.index.keys.find(table::hash(name), |number| self.key_name(number) == Some(name))
    }

    pub(crate) fn key_name(&self, number: u32) -> Option<&str> {
        at(&self.ir.keys, number).map(|key| key.name.as_str())
    }

    pub(crate) fn kind_named(&self, word: &str) -> Option<u16> {
        u16::try_from(self.ir.kinds.iter().position(|kind| kind.word == word)?).ok()
    }

    pub(crate) fn method_named(&self, word: &str) -> Option<u16> {
        u16::try_from(self.ir.methods.iter().position(|method| method == word)?).ok()
    }

    /// The operation of two words; a view is the operation that it views.
    pub(crate) fn operation_named(&self, action: &str, resource: &str) -> Result<u32, Malformed> {
        let found = self
            .index
            .words
            .find(table::hash_pair(action, resource), |place| words(&self.ir, place) == Some((action, resource)));
        match found.and_then(|place| operation_at(&self.ir, place)) {
            Some(operation) => Ok(operation),
            None => Err(self.no_such_operation(action, resource)),
        }
    }

    fn no_such_operation(&self, action: &str, resource: &str) -> Malformed {
        let operations = self.ir.operations.iter().map(|operation| (&operation.action, &operation.resource));
        let all: Vec<_> = operations.chain(self.ir.views.iter().map(|view| (&view.action, &view.resource))).collect();
        let of_resource: Vec<_> =
            all.iter().filter(|(_, known)| *known == resource).map(|(known, _)| format!("`{known}`")).collect();
        Malformed::new(if of_resource.is_empty() {
            format!("`resource`: the bank's catalogue has no `{resource}`")
        } else if all.iter().any(|(known, _)| *known == action) {
            format!("`action`: `{resource}` has no `{action}`; it has {}", of_resource.join(", "))
        } else {
            format!("`action`: the bank's catalogue has no `{action}`; `{resource}` has {}", of_resource.join(", "))
        })
    }

    /// The declared account that a request's account is; the error says what does not fit together.
    pub(crate) fn recognise(&self, fact: &AccountFact<'_>) -> Result<Option<u32>, String> {
        let by_iban = fact
            .iban
            .as_deref()
            .and_then(|iban| self.iban_number(iban))
            .filter(|number| self.account(*number).is_some());
        let by_id = fact.id.and_then(|id| self.index.account_ids.get(&id).copied());
        let declared = match (by_iban, by_id) {
            (Some(a), Some(b)) if a != b => {
                let (a, b) = (self.account_name(a), self.account_name(b));
                return Err(format!("the IBAN is that of `{a}`, the id that of `{b}`"));
            }
            (iban, id) => iban.or(id),
        };
        let Some(number) = declared else { return Ok(None) };
        let Some(account) = self.account(number) else { return Ok(None) };
        let name = self.account_name(number);
        if fact.id.is_some_and(|id| account.id.is_some_and(|own| own != id)) {
            return Err(format!("the IBAN is that of `{name}`, which has another id"));
        }
        if fact.iban.is_some() && account.iban && by_iban.is_none() {
            return Err(format!("the id is that of `{name}`, which has another IBAN"));
        }
        if fact.kind.is_some_and(|kind| account.kind.is_some_and(|own| own != kind)) {
            return Err(format!("`{name}` is declared with another kind"));
        }
        Ok(Some(number))
    }
}

/// The words at a place of the list of operations and, after them, views.
pub(crate) fn words(ir: &Ir, place: u32) -> Option<(&str, &str)> {
    let place = usize::try_from(place).ok()?;
    match place.checked_sub(ir.operations.len()) {
        None => ir.operations.get(place).map(|operation| (operation.action.as_str(), operation.resource.as_str())),
        Some(view) => ir.views.get(view).map(|view| (view.action.as_str(), view.resource.as_str())),
    }
}

fn operation_at(ir: &Ir, place: u32) -> Option<u32> {
    let after = usize::try_from(place).ok()?.checked_sub(ir.operations.len());
    match after {
        None => Some(place),
        Some(view) => ir.views.get(view).map(|view| view.operation),
    }
}

fn at<T>(list: &[T], number: u32) -> Option<&T> {
    list.get(usize::try_from(number).ok()?)
}
