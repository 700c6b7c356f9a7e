//! Builds the index of a policy and refuses a document whose parts do not fit together.

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::address::Block;
use crate::amount::Currency;
use crate::clause::LimitCap;
use crate::compile::{Clauses, Names};
use crate::facts::Dimensions;
use crate::iban;
use crate::ibans::Ibans;
use crate::ir::{self, Counting, Effect, Ir, Period};
use crate::names::is_nfc;
use crate::policy::{Account, Guardrail, Index, Operation, Scope, words};
use crate::rules::{Rules, Sets, field_bits};
use crate::table::{Numbers, Table, hash, hash_pair};
use crate::window::Recent;

static STAMPS: AtomicUsize = AtomicUsize::new(1);

/// Builds the index; the error says where the document is wrong and how.
pub(crate) fn build(ir: &Ir) -> Result<Index, String> {
    let zone = match &ir.timezone {
        Some(name) => {
            let zone = jiff::tz::TimeZoneDatabase::bundled().get(name);
            Some(zone.map_err(|_| format!("timezone: `{name}` is no IANA time zone"))?)
        }
        None => None,
    };
    if !ir.requires.is_sorted_by(|a, b| a < b) {
        return Err("requires: must be sorted, each once".to_owned());
    }
    unique("methods", ir.methods.iter().map(String::as_str))?;
    unique("kinds", ir.kinds.iter().map(|kind| kind.word.as_str()))?;
    let (accounts, account_ids) = accounts(ir)?;
    check_payees(ir)?;
    let ibans = Ibans::of(ir).ok_or("payees: too many IBANs")?;
    let field_names = field_names(ir)?;
    let keys = keys(ir)?;

    let mut names = Names { ir, ibans: &ibans, zone: zone.as_ref() };
    let networks = networks(ir)?;
    check_counters(&names)?;
    let limits = limits(&mut names)?;

    let mut clauses = Clauses::default();
    let mut sets = Sets::of(ir);
    let mut scopes = Vec::with_capacity(ir.scopes.len());
    for (number, scope) in ir.scopes.iter().enumerate() {
        let at = |fault: String| format!("scopes[{number}].{fault}");
        scopes.push(self::scope(&names, &keys, &mut clauses, &mut sets, scope).map_err(at)?);
    }
    let mut rules = Rules { clauses, sets, ..Rules::default() };
    let mut key_rules = Vec::with_capacity(ir.keys.len());
    for (number, key) in (0_u32..).zip(&ir.keys) {
        let at = |fault: String| format!("keys[{number}].{fault}");
        key_rules.push(rules.add(&names, &field_names, number, &key.rules).map_err(at)?);
    }
    let mut guardrails = Vec::with_capacity(ir.guardrails.len());
    for (number, guardrail) in (0_u32..).zip(&ir.guardrails) {
        let at = |fault: String| format!("guardrails[{number}].{fault}");
        if let Some(place) = guardrail.rules.iter().position(|rule| rule.effect == Effect::Allow) {
            return Err(at(format!("rules[{place}]: a guardrail cannot allow")));
        }
        let span = rules.add(&names, &field_names, number, &guardrail.rules).map_err(at)?;
        let except = key_numbers(ir, &keys, &guardrail.except);
        let keys_before = u32::try_from(ir.keys.len()).unwrap_or(u32::MAX).saturating_sub(guardrail.keys_behind);
        guardrails.push(Guardrail { keys_before, except, rules: span });
    }
    let operations = operations(ir, &field_names)?;
    let words = operation_words(ir)?;
    if let Some(place) = ir.routes.iter().position(|route| !within(route.operation, ir.operations.len())) {
        return Err(format!("routes[{place}]: there is no such operation"));
    }
    rules.fit();
    let (key_counters, shared_counters) = counters_by_key(ir, &scopes);
    Ok(Index {
        stamp: STAMPS.fetch_add(1, Ordering::Relaxed),
        zone,
        recent: Recent::default(),
        words,
        operations,
        field_names,
        keys,
        key_rules,
        guardrails,
        rules: rules.rules,
        tests: rules.clauses.tests,
        blocks: rules.clauses.blocks,
        sets: rules.sets.bits,
        words_per_set: rules.sets.words,
        shapes: rules.shapes,
        accounts,
        account_ids,
        ibans,
        networks,
        limits,
        scopes,
        routes: OnceLock::new(),
        errors: OnceLock::new(),
        key_counters,
        shared_counters,
    })
}

/// The counters that count only certain keys, for each of these, and those that may count any.
fn counters_by_key(ir: &Ir, scopes: &[Scope]) -> (Vec<Box<[u32]>>, Box<[u32]>) {
    let mut own: Vec<Vec<u32>> = vec![Vec::new(); ir.keys.len()];
    let mut shared = Vec::new();
    for (number, counter) in (0_u32..).zip(&ir.counters) {
        let scope = |at: &u32| scopes.get(usize::try_from(*at).ok()?);
        let keys: Option<Vec<u32>> = counter.scopes.iter().map(|at| scope(at)?.key).collect();
        let Some(mut keys) = keys else {
            shared.push(number);
            continue;
        };
        keys.sort_unstable();
        keys.dedup();
        for key in keys {
            if let Some(counters) = usize::try_from(key).ok().and_then(|key| own.get_mut(key)) {
                counters.push(number);
            }
        }
    }
    (own.into_iter().map(Vec::into_boxed_slice).collect(), shared.into_boxed_slice())
}

fn unique<'n>(what: &str, names: impl Iterator<Item = &'n str>) -> Result<(), String> {
    let mut seen = HashSet::new();
    for (place, name) in names.enumerate() {
        if name.is_empty() {
            return Err(format!("{what}[{place}]: an empty name"));
        }
        if !is_nfc(name) {
            return Err(format!("{what}[{place}]: `{name}` is not in Unicode NFC"));
        }
        if !seen.insert(name) {
            return Err(format!("{what}[{place}]: `{name}` stands twice"));
        }
    }
    Ok(())
}

type AccountIds = HashMap<u64, u32, Numbers>;

fn accounts(ir: &Ir) -> Result<(Vec<Account>, AccountIds), String> {
    unique("accounts", ir.accounts.iter().map(|account| account.name.as_str()))?;
    let mut ids = AccountIds::default();
    let mut seen = HashSet::new();
    let mut list = Vec::with_capacity(ir.accounts.len());
    for (number, account) in (0_u32..).zip(&ir.accounts) {
        let at = |fault: String| Err(format!("accounts[{number}]: {fault}"));
        if let Some(iban) = &account.iban {
            if let Err(fault) = iban::check(iban) {
                return at(format!("`{iban}` {fault}"));
            }
            if !seen.insert(iban) {
                return at(format!("`{iban}` is the IBAN of another account too"));
            }
        }
        if let Some(id) = account.id
            && ids.insert(id, number).is_some()
        {
            return at(format!("{id} is the id of another account too"));
        }
        if account.iban.is_none() && account.id.is_none() {
            return at("has neither IBAN nor id".to_owned());
        }
        let place = account.kind.as_ref().map(|word| ir.kinds.iter().position(|kind| kind.word == *word).ok_or(word));
        let place = match place.transpose() {
            Ok(place) => place,
            Err(word) => return at(format!("unknown kind `{word}`")),
        };
        let kind = place.and_then(|place| u16::try_from(place).ok());
        let own = place.and_then(|place| ir.kinds.get(place)).is_some_and(|kind| kind.own);
        list.push(Account { iban: account.iban.is_some(), id: account.id, kind, own });
    }
    Ok((list, ids))
}

fn check_payees(ir: &Ir) -> Result<(), String> {
    unique("payees", ir.payees.iter().map(|payee| payee.name.as_str()))?;
    for (number, payee) in ir.payees.iter().enumerate() {
        if payee.ibans.is_empty() {
            return Err(format!("payees[{number}]: `{}` holds no IBAN", payee.name));
        }
        for iban in &payee.ibans {
            iban::check(iban).map_err(|fault| format!("payees[{number}]: `{iban}` {fault}"))?;
        }
    }
    Ok(())
}

fn networks(ir: &Ir) -> Result<Vec<Box<[Block]>>, String> {
    unique("networks", ir.networks.iter().map(|network| network.name.as_str()))?;
    let parse = |(number, network): (usize, &ir::Network)| {
        if network.blocks.is_empty() {
            return Err(format!("networks[{number}]: `{}` holds no block", network.name));
        }
        let block = |text: &String| Block::parse(text).map_err(|fault| format!("networks[{number}]: `{text}` {fault}"));
        network.blocks.iter().map(block).collect()
    };
    ir.networks.iter().enumerate().map(parse).collect()
}

fn limits(names: &mut Names<'_>) -> Result<Vec<Box<[LimitCap]>>, String> {
    let ir = names.ir;
    unique("limits", ir.limits.iter().map(|limit| limit.name.as_str()))?;
    let read = |(number, limit): (usize, &ir::Limit)| {
        if limit.caps.is_empty() {
            return Err(format!("limits[{number}]: `{}` has no caps", limit.name));
        }
        let cap = |cap: &ir::LimitCap| match cap {
            ir::LimitCap::Money(cap) => names.cap(cap).map(LimitCap::Money),
            ir::LimitCap::Count(count) => names.times(count).map(LimitCap::Count),
        };
        limit.caps.iter().map(|one| cap(one).map_err(|fault| format!("limits[{number}]: {fault}"))).collect()
    };
    ir.limits.iter().enumerate().map(read).collect()
}

fn check_counters(names: &Names<'_>) -> Result<(), String> {
    unique("counters", names.ir.counters.iter().map(|counter| counter.id.as_str()))?;
    for (number, counter) in names.ir.counters.iter().enumerate() {
        let at = |fault: String| Err(format!("counters[{number}]: {fault}"));
        if let Some(scope) = counter.scopes.iter().find(|scope| !within(**scope, names.ir.scopes.len())) {
            return at(format!("there is no scope {scope}"));
        }
        if let Counting::Money(code) = &counter.counting
            && Currency::named(code).is_none()
        {
            return at(format!("`{code}` is no currency that can be paid"));
        }
        match counter.period {
            Period::Rolling(0) => return at("a rolling period of no seconds".to_owned()),
            Period::Rolling(_) | Period::Total => {}
            _ if names.zone.is_none() => return at("a calendar period needs `timezone`".to_owned()),
            _ => {}
        }
    }
    Ok(())
}

fn field_names(ir: &Ir) -> Result<Vec<Box<str>>, String> {
    let mut seen = HashSet::new();
    let mut names = Vec::new();
    for field in ir.operations.iter().flat_map(|operation| operation.fields.iter().chain(&operation.extra_fields)) {
        if seen.insert(field.as_str()) {
            names.push(Box::from(field.as_str()));
        }
    }
    if names.len() > 128 {
        return Err("operations: this engine tells at most 128 fields apart".to_owned());
    }
    Ok(names)
}

fn operations(ir: &Ir, names: &[Box<str>]) -> Result<Vec<Operation>, String> {
    let read = |operation: &ir::Operation| {
        let default_fields = field_bits(names, &operation.fields)?;
        Ok(Operation {
            about: Dimensions::of(&operation.dimensions),
            untold: Dimensions::of(&operation.untold),
            parts: Dimensions::of(&operation.parts),
            tier: operation.tier,
            is_read: operation.action == "read",
            default_fields,
            all_fields: default_fields | field_bits(names, &operation.extra_fields)?,
        })
    };
    ir.operations.iter().map(read).collect()
}

fn operation_words(ir: &Ir) -> Result<Table, String> {
    let total = ir.operations.len().saturating_add(ir.views.len());
    let mut table = Table::sized(total);
    for place in 0..u32::try_from(total).map_err(|_| "operations: too many")? {
        let Some((action, resource)) = words(ir, place) else { continue };
        if table
            .insert(hash_pair(action, resource), place, |other| words(ir, other) == Some((action, resource)))
            .is_some()
        {
            return Err(format!("operations: `{action} {resource}` stands twice"));
        }
    }
    match ir.views.iter().position(|view| !within(view.operation, ir.operations.len())) {
        Some(place) => Err(format!("views[{place}]: there is no such operation")),
        None => Ok(table),
    }
}

fn keys(ir: &Ir) -> Result<Table, String> {
    unique("keys", ir.keys.iter().map(|key| key.name.as_str()))?;
    let mut table = Table::sized(ir.keys.len());
    for (number, key) in (0_u32..).zip(&ir.keys) {
        table.insert(hash(&key.name), number, |_| false);
    }
    Ok(table)
}

fn key_number(ir: &Ir, keys: &Table, name: &str) -> Option<u32> {
    let same =
        |number: u32| usize::try_from(number).ok().and_then(|at| ir.keys.get(at)).is_some_and(|key| key.name == name);
    keys.find(hash(name), same)
}

/// The numbers of the keys that are declared among these.
fn key_numbers(ir: &Ir, keys: &Table, names: &[String]) -> Box<[u32]> {
    names.iter().filter_map(|name| key_number(ir, keys, name)).collect()
}

fn scope(
    names: &Names<'_>,
    keys: &Table,
    clauses: &mut Clauses,
    sets: &mut Sets,
    scope: &ir::Scope,
) -> Result<Scope, String> {
    let key = match &scope.key {
        None => None,
        Some(name) => {
            Some(key_number(names.ir, keys, name).ok_or_else(|| format!("key: the policy has no key `{name}`"))?)
        }
    };
    let narrows = |clause: &ir::Clause| {
        matches!(clause, ir::Clause::On(_) | ir::Clause::To(_) | ir::Clause::Via(_) | ir::Clause::Repeating(_))
    };
    if !scope.when.iter().chain(scope.unless.iter().flatten()).all(narrows) {
        return Err("when: only `on`, `to`, `via` and `repeating` narrow a scope".to_owned());
    }
    Ok(Scope {
        key,
        except: key_numbers(names.ir, keys, &scope.except),
        operations: sets.add(&scope.operations)?,
        when: clauses.add_all(names, &scope.when).map_err(|fault| format!("when{fault}"))?,
        unless: clauses.add_blocks(names, &scope.unless)?,
    })
}

fn within(number: u32, length: usize) -> bool {
    usize::try_from(number).is_ok_and(|number| number < length)
}
