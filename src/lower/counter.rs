//! Scopes and counters: what caps count against (language.md, 6.4).
//!
//! A counter is known by its scopes and its period, not by the cap: two caps that count the same share one, and a cap
//! that is raised keeps what was spent.

use hashbrown::HashMap;

use bpol_engine::ir;
use sha2::{Digest, Sha256};

use crate::check::{CapPeriod, Clause, ClauseKind, Figure, Owner, Policy};
use crate::lower::Index;
use crate::lower::rule::{Draft, Piece, key_of};

/// What a cap belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Holder {
    /// The rule, before `unless`.
    Rule,
    /// An `unless` block of the rule: its scope is that of the rule without that block.
    Unless(usize),
    /// A `use`: its scope is the union of those of the rules to which it adds the cap.
    Usage(usize),
}

/// The digest of a scope in words.
type Identity = [u8; 32];

pub(crate) struct Counters<'p> {
    policy: &'p Policy,
    scopes: Vec<ir::Scope>,
    /// By scope.
    identities: Vec<Identity>,
    scope_index: HashMap<Identity, u32>,
    counters: Vec<ir::Counter>,
    counter_index: HashMap<String, u32>,
    /// Scopes of the caps that each `use` adds, by its number and the cap's clause.
    usages: HashMap<(usize, *const Clause), Vec<u32>>,
    /// Scopes of the rules that stay within each limit.
    within: Vec<Vec<u32>>,
    /// In words, by their indices.
    operations: Vec<String>,
    payees: Vec<String>,
    /// Which accounts are declared of which kind: what `joint accounts` and `own accounts` are depends on it.
    kinds: String,
}

impl<'p> Counters<'p> {
    pub(crate) fn new(policy: &'p Policy, index: &Index) -> Self {
        let operations = index
            .operations(&policy.bank)
            .iter()
            .map(|operation| format!("{} {}", operation.action, operation.resource))
            .collect();
        Self {
            policy,
            scopes: Vec::new(),
            identities: Vec::new(),
            scope_index: HashMap::new(),
            counters: Vec::new(),
            counter_index: HashMap::new(),
            usages: HashMap::new(),
            within: vec![Vec::new(); policy.limits.len()],
            operations,
            payees: policy.payees.iter().map(|payee| payee_words(&payee.ibans)).collect(),
            kinds: kind_words(&policy.accounts),
        }
    }

    /// Learns which scopes each `use` and each limit has; before any cap is lowered.
    pub(crate) fn scan(&mut self, drafts: &[Draft<'_>]) {
        for draft in drafts {
            for piece in &draft.pieces {
                for added in piece.added.iter().filter(|added| has_counter(&added.clause.kind)) {
                    let key = (added.usage, std::ptr::from_ref(added.clause));
                    for scope in self.rule_scopes(draft, None) {
                        push(self.usages.entry(key).or_default(), scope);
                    }
                }
                let main = piece.clauses.iter().map(|clause| (None, *clause));
                let exceptions =
                    piece.unless.iter().flat_map(|block| block.iter().map(|clause| (Some(*block), *clause)));
                for (block, clause) in main.chain(exceptions) {
                    let ClauseKind::Within(limits) = &clause.kind else { continue };
                    for scope in self.rule_scopes(draft, block) {
                        for &limit in limits {
                            if let Some(scopes) = self.within.get_mut(limit) {
                                push(scopes, scope);
                            }
                        }
                    }
                }
            }
        }
    }

    /// The counter of a cap, by its period and what it counts.
    pub(crate) fn of(
        &mut self,
        draft: &Draft<'_>,
        holder: Holder,
        clause: &Clause,
        period: ir::Period,
        counting: ir::Counting,
    ) -> u32 {
        let scopes = self.scopes_of(draft, holder, clause);
        self.add(scopes, matches!(draft.expanded.owner, Owner::Guardrail(_)), period, counting)
    }

    /// The limits with their counters.
    pub(crate) fn limits(&mut self) -> Vec<ir::Limit> {
        let policy = self.policy;
        let mut out = Vec::with_capacity(policy.limits.len());
        for (limit, scopes) in policy.limits.iter().zip(self.within.clone()) {
            let mut caps = Vec::new();
            for cap in &limit.money {
                let Figure::Money(money) = cap.figure else { continue };
                let currency = money.currency.code();
                let counter = match cap.span {
                    CapPeriod::Each => None,
                    CapPeriod::Over(period) => {
                        Some(self.shared(scopes.clone(), period, ir::Counting::Money(currency.to_owned())))
                    }
                };
                caps.push(ir::LimitCap::Money(ir::MoneyCap {
                    value: money.value.to_string(),
                    currency: currency.to_owned(),
                    counter,
                }));
            }
            for cap in &limit.count {
                let counter = self.shared(scopes.clone(), cap.period, ir::Counting::Times);
                caps.push(ir::LimitCap::Count(ir::CountCap { times: cap.times, counter }));
            }
            out.push(ir::Limit { name: limit.name.clone(), caps, doc: limit.doc.clone() });
        }
        out
    }

    pub(crate) fn finish(self) -> (Vec<ir::Scope>, Vec<ir::Counter>) {
        (self.scopes, self.counters)
    }

    fn scopes_of(&mut self, draft: &Draft<'_>, holder: Holder, clause: &Clause) -> Vec<u32> {
        if let Holder::Usage(usage) = holder {
            return self.usages.get(&(usage, std::ptr::from_ref(clause))).cloned().unwrap_or_default();
        }
        let without = match holder {
            Holder::Unless(at) => draft.expanded.unless.get(at).map(Vec::as_slice),
            _ => None,
        };
        self.rule_scopes(draft, without)
    }

    /// The scope of a whole rule, without one of its `unless` blocks: a cap has one counter over all its operations.
    fn rule_scopes(&mut self, draft: &Draft<'_>, without: Option<&[&Clause]>) -> Vec<u32> {
        if without.is_none() {
            return draft.scopes.get_or_init(|| self.piece_scopes(draft, None)).clone();
        }
        self.piece_scopes(draft, without)
    }

    fn piece_scopes(&mut self, draft: &Draft<'_>, without: Option<&[&Clause]>) -> Vec<u32> {
        let mut scopes = Vec::new();
        for piece in &draft.pieces {
            let scope = self.scope(draft, piece, without);
            push(&mut scopes, scope);
        }
        scopes
    }

    /// The scope of a piece of a rule, without one of its `unless` blocks.
    fn scope(&mut self, draft: &Draft<'_>, piece: &Piece<'_>, without: Option<&[&Clause]>) -> u32 {
        let policy = self.policy;
        let owner = draft.expanded.owner;
        let except = match owner {
            Owner::Key(_) => Vec::new(),
            Owner::Guardrail(block) => {
                policy.guardrails[block].except.iter().map(|&key| policy.keys[key].name.clone()).collect()
            }
        };
        let unless = piece
            .unless
            .iter()
            .filter(|block| !without.is_some_and(|left| std::ptr::eq(left, **block)))
            .filter(|block| block.iter().all(|clause| narrows(&clause.kind)))
            .map(|block| block.iter().filter_map(|clause| scope_clause(&clause.kind)).collect())
            .collect();
        let scope = ir::Scope {
            key: key_of(policy, owner).map(str::to_owned),
            except,
            operations: piece.counted.clone(),
            when: piece.clauses.iter().filter_map(|clause| scope_clause(&clause.kind)).collect(),
            unless,
        };
        let identity = self.identity(&scope);
        if let Some(&known) = self.scope_index.get(&identity) {
            return known;
        }
        let index = u32::try_from(self.scopes.len()).unwrap_or(u32::MAX);
        self.scopes.push(scope);
        self.identities.push(identity);
        self.scope_index.insert(identity, index);
        index
    }

    fn shared(&mut self, scopes: Vec<u32>, period: ir::Period, counting: ir::Counting) -> u32 {
        self.add(scopes, false, period, counting)
    }

    fn add(&mut self, mut scopes: Vec<u32>, each_key: bool, period: ir::Period, counting: ir::Counting) -> u32 {
        let mut identities: Vec<&Identity> =
            scopes.iter().filter_map(|&scope| self.identities.get(scope as usize)).collect();
        identities.sort_unstable();
        let mut hasher = Sha256::new();
        hasher.update(format!("{} {period:?} {counting:?} ", if each_key { "each" } else { "all" }));
        for identity in identities {
            hasher.update(identity);
        }
        let hex = hex(&hasher.finalize(), 10);
        let id = format!("c-{hex}");
        if let Some(&known) = self.counter_index.get(&id) {
            return known;
        }
        scopes.sort_unstable();
        let index = u32::try_from(self.counters.len()).unwrap_or(u32::MAX);
        self.counters.push(ir::Counter { id: id.clone(), scopes, each_key, period, counting });
        self.counter_index.insert(id, index);
        index
    }

    /// The digest of a scope in words, whatever the order of tables: what its counters are known by.
    fn identity(&self, scope: &ir::Scope) -> Identity {
        let operations: Vec<&str> = scope
            .operations
            .iter()
            .filter_map(|&operation| self.operations.get(operation as usize))
            .map(String::as_str)
            .collect();
        let block = |clauses: &[ir::Clause]| {
            let mut words: Vec<String> = clauses.iter().map(|clause| self.words(clause)).collect();
            words.sort_unstable();
            words.join(";")
        };
        let mut unless: Vec<String> = scope.unless.iter().map(|clauses| block(clauses)).collect();
        unless.sort_unstable();
        let words = format!("{:?} {:?} {operations:?} {} {unless:?}", scope.key, scope.except, block(&scope.when));
        Sha256::digest(words).into()
    }

    fn words(&self, clause: &ir::Clause) -> String {
        let account = |index: u32| self.policy.accounts.get(index as usize).map(|account| (&account.iban, account.id));
        match clause {
            ir::Clause::On(refs) => {
                let mut words: Vec<String> = refs
                    .iter()
                    .map(|reference| match reference {
                        ir::AccountRef::Account(index) => format!("{:?}", account(*index)),
                        ir::AccountRef::Kind { kind, except } => {
                            format!("{kind} {} {:?}", self.kinds, self.excepted(except))
                        }
                        ir::AccountRef::Any { except } => format!("any {:?}", self.excepted(except)),
                        ir::AccountRef::Name(name) => format!("name {name:?}"),
                    })
                    .collect();
                words.sort_unstable();
                format!("on {words:?}")
            }
            ir::Clause::To(refs) => {
                let mut words: Vec<String> = refs
                    .iter()
                    .map(|reference| match reference {
                        ir::PayeeRef::Payee(index) => {
                            format!("{:?}", self.payees.get(*index as usize))
                        }
                        ir::PayeeRef::Account(index) => format!("{:?}", account(*index)),
                        ir::PayeeRef::OwnAccounts => format!("own {}", self.kinds),
                        other => format!("{other:?}"),
                    })
                    .collect();
                words.sort_unstable();
                format!("to {words:?}")
            }
            other => format!("{other:?}"),
        }
    }

    fn excepted(&self, except: &[ir::Excepted]) -> Vec<String> {
        let mut words: Vec<String> = except
            .iter()
            .map(|left| match left {
                ir::Excepted::Account(index) => {
                    format!(
                        "{:?}",
                        self.policy.accounts.get(*index as usize).map(|account| (&account.iban, account.id))
                    )
                }
                ir::Excepted::Kind(kind) => format!("{kind} {}", self.kinds),
            })
            .collect();
        words.sort_unstable();
        words
    }
}

/// Who a payee is, by IBANs. Of a long list the digest stands for it, because every scope that names it says it again.
fn payee_words(ibans: &[String]) -> String {
    match ibans {
        [one] => one.clone(),
        many => hex(&Sha256::digest(many.join(" ")), 32),
    }
}

/// The accounts of which a kind is declared, whatever their order and names.
fn kind_words(accounts: &[ir::Account]) -> String {
    let mut known: Vec<_> = accounts
        .iter()
        .filter_map(|account| Some((account.iban.as_deref(), account.id, account.kind.as_deref()?)))
        .collect();
    known.sort_unstable();
    hex(&Sha256::digest(format!("{known:?}")), 32)
}

fn hex(bytes: &[u8], length: usize) -> String {
    bytes.iter().take(length).map(|byte| format!("{byte:02x}")).collect()
}

fn push(list: &mut Vec<u32>, item: u32) {
    if !list.contains(&item) {
        list.push(item);
    }
}

fn has_counter(kind: &ClauseKind) -> bool {
    match kind {
        ClauseKind::UpTo(caps) | ClauseKind::Over(caps) => caps.iter().any(|cap| cap.span != CapPeriod::Each),
        ClauseKind::AtMost(_) | ClauseKind::MoreThan(_) => true,
        _ => false,
    }
}

/// Whether a clause narrows a scope.
fn narrows(kind: &ClauseKind) -> bool {
    matches!(kind, ClauseKind::On(_) | ClauseKind::To(_) | ClauseKind::Via(_) | ClauseKind::Repeating(_))
}

fn scope_clause(kind: &ClauseKind) -> Option<ir::Clause> {
    Some(match kind {
        ClauseKind::On(refs) => ir::Clause::On(refs.clone()),
        ClauseKind::To(refs) => ir::Clause::To(refs.clone()),
        ClauseKind::Via(words) => ir::Clause::Via(words.clone()),
        ClauseKind::Repeating(words) => ir::Clause::Repeating(words.clone()),
        _ => return None,
    })
}
