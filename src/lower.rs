//! From a policy without errors to the compiled policy: roles, `only`, tiers, views and counts-as are gone after it.

mod claim;
mod counter;
mod requires;
mod rule;

use bpol_engine::ir::{self, Ir};

use crate::Checked;
use crate::catalogue::{Catalogue, OpId};
use crate::check::{Owner, expand};

use counter::Counters;

/// Lowers a checked policy. Only for one without errors: what could not be understood is missing from it.
pub(crate) fn lower(checked: &Checked) -> Ir {
    let policy = &checked.policy;
    let index = Index::new(&policy.bank);
    let mut counters = Counters::new(policy, &index);
    let mut keys: Vec<ir::Key> = policy
        .keys
        .iter()
        .map(|key| ir::Key { name: key.name.clone(), doc: key.doc.clone(), rules: Vec::new() })
        .collect();
    let mut guardrails: Vec<ir::Guardrail> = policy
        .guardrails
        .iter()
        .map(|guardrail| ir::Guardrail {
            keys_behind: u32::try_from(policy.keys.len() - guardrail.keys_before).unwrap_or(u32::MAX),
            except: guardrail.except.iter().map(|&key| policy.keys[key].name.clone()).collect(),
            doc: guardrail.doc.clone(),
            rules: Vec::new(),
        })
        .collect();
    let expanded = expand(policy);
    let drafts: Vec<rule::Draft<'_>> = expanded.iter().map(|expanded| rule::draft(policy, &index, expanded)).collect();
    counters.scan(&drafts);
    let mut places = rule::Places::new(&checked.sources, &checked.root);
    for draft in &drafts {
        let rules = rule::finish(policy, &mut counters, &mut places, draft);
        match draft.expanded.owner {
            Owner::Key(key) => keys[key].rules.extend(rules),
            Owner::Guardrail(block) => guardrails[block].rules.extend(rules),
        }
    }
    let limits = counters.limits();
    let (scopes, table) = counters.finish();
    let reached = requires::reached(policy, &index, &keys);
    let mut ir = Ir {
        bpol: ir::VERSION,
        bank: ir::Bank { name: policy.bank.bank.clone(), catalogue: policy.bank.digest.clone() },
        timezone: policy.timezone.as_ref().map(|zone| zone.name.clone()),
        requires: Vec::new(),
        meaning: None,
        methods: policy.bank.methods.clone(),
        kinds: policy.bank.kinds.clone(),
        operations: index.operations(&policy.bank),
        views: index.views(&policy.bank),
        accounts: policy.accounts.clone(),
        payees: policy.payees.clone(),
        networks: policy.networks.clone(),
        limits,
        scopes,
        counters: table,
        keys,
        guardrails,
        routes: policy.bank.ir_routes(&|id| reached.contains(&id), &|id| index.of(id)),
        dropped: policy.bank.dropped.clone(),
        paging: policy.bank.paging.clone(),
        errors: policy.bank.errors.clone(),
    };
    ir.requires = requires::requires(policy, &index, &ir, &reached);
    ir
}

/// The claims of a checked policy, in its order.
pub(crate) fn claims(checked: &Checked) -> Vec<crate::analyze::claim::Claim> {
    let index = Index::new(&checked.policy.bank);
    checked.policy.claims.iter().map(|claim| claim::lower(&checked.policy, &index, claim)).collect()
}

/// A claim that nobody wrote, about a checked policy.
pub(crate) fn claim(checked: &Checked, claim: &crate::check::Claim) -> crate::analyze::claim::Claim {
    claim::lower(&checked.policy, &Index::new(&checked.policy.bank), claim)
}

/// Operations of the catalogue as indices of the Ir's table, in which views have no place.
pub(crate) struct Index(Vec<u32>);

impl Index {
    pub(crate) fn new(bank: &Catalogue) -> Self {
        let mut next = 0;
        let mut all = Vec::with_capacity(bank.operations.len());
        for operation in &bank.operations {
            all.push(next);
            if operation.view_of.is_none() {
                next += 1;
            }
        }
        for (at, operation) in bank.operations.iter().enumerate() {
            if let Some(viewed) = operation.view_of {
                all[at] = all[usize::from(viewed.0)];
            }
        }
        Self(all)
    }

    /// The index of an operation; of a view, that of the operation that it views.
    pub(crate) fn of(&self, id: OpId) -> u32 {
        self.0.get(usize::from(id.0)).copied().unwrap_or(u32::MAX)
    }

    fn operations(&self, bank: &Catalogue) -> Vec<ir::Operation> {
        let real = bank.operations.iter().filter(|operation| operation.view_of.is_none());
        real.map(|operation| ir::Operation {
            action: operation.action.clone(),
            resource: operation.resource.clone(),
            tier: operation.tier,
            dimensions: operation.dimensions.iter().collect(),
            untold: operation.untold.iter().collect(),
            parts: operation.parts.iter().collect(),
            fields: operation.fields.iter().filter(|field| field.default).map(|field| field.word.clone()).collect(),
            extra_fields: operation
                .fields
                .iter()
                .filter(|field| !field.default)
                .map(|field| field.word.clone())
                .collect(),
        })
        .collect()
    }

    fn views(&self, bank: &Catalogue) -> Vec<ir::View> {
        let views = bank.operations.iter().filter_map(|operation| Some((operation, operation.view_of?)));
        views
            .map(|(operation, viewed)| ir::View {
                action: operation.action.clone(),
                resource: operation.resource.clone(),
                operation: self.of(viewed),
            })
            .collect()
    }
}
