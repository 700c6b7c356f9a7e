//! A digest of what a policy decides: equal exactly when two policies decide alike.
//!
//! Each key's decision about an operation is a function of the request's facts and of what counters say. Its diagram is
//! reduced to what requests can be at (`function`), and hashed by what each class of facts holds (`node`) rather than
//! by how the policy's rules happen to cut facts; times are hashed as functions of the clock (`moments`), and counters
//! by the entries that they count (`counters`). So names, order, layout, duplicates and redundant rules leave no trace.
//!
//! Digests are equal only where decisions are: effect, `each` and fields, for every key, request and past. The other way
//! round there is one limit: of counters that count different entries, or one sums and the other times, nothing is known
//! together, so a rule that is redundant because of how two such totals relate still shows.

mod counters;
mod digest;
mod function;
mod idle;
mod moments;
mod node;

use std::rc::Rc;

use bpol_engine::ir::Ir;

use crate::analyze::TooLarge;
use crate::analyze::names::Names;
use crate::analyze::regions::{bound, grouped};

use counters::Counters;
use digest::{Digest, Text};

/// The digest of a policy, 64 hexadecimal digits; or why it is not worked out.
pub fn meaning(ir: &Ir) -> Result<String, TooLarge> {
    let names = Rc::new(Names::of(ir));
    let mut counters = Counters::of(&names);
    let mut keys: Vec<(&str, Digest)> = Vec::new();
    for (place, key) in ir.keys.iter().enumerate() {
        if let Some(digest) = self::key(&names, place, &mut counters)? {
            keys.push((&key.name, digest));
        }
    }
    keys.sort_unstable();
    let mut text = Text::new("bpol meaning 1");
    // Where nothing is ever granted it does not matter what is declared.
    if !keys.is_empty() {
        text.word(&ir.bank.name);
        declarations(ir, &mut text);
    }
    text.number(keys.len() as i128);
    for (name, digest) in keys {
        text.word(name).digest(digest);
    }
    Ok(text.finish().hex())
}

/// What one key may do; nothing where it may do nothing.
fn key<'p>(names: &Rc<Names<'p>>, place: usize, counters: &mut Counters<'p>) -> Result<Option<Digest>, TooLarge> {
    let ir = names.ir;
    let mut granted: Vec<(&str, &str, Digest)> = Vec::new();
    let rules = bound(ir, place);
    for group in grouped(ir, &rules) {
        let Some(operation) = group.operations.first().and_then(|first| ir.operations.get(*first)) else { continue };
        if let Some(digest) = function::digest(names, place, operation, &group.rules, counters)? {
            let operations = group.operations.iter().filter_map(|place| ir.operations.get(*place));
            granted.extend(operations.map(|it| (it.action.as_str(), it.resource.as_str(), digest)));
        }
    }
    if granted.is_empty() {
        return Ok(None);
    }
    granted.sort_unstable();
    let mut text = Text::new("key");
    text.number(granted.len() as i128);
    for (action, resource, digest) in granted {
        text.word(action).word(resource).digest(digest);
    }
    Ok(Some(text.finish()))
}

/// What requests must agree with, whatever they are about: accounts of which two facts are known, and those that cannot
/// be one because one is known by its IBAN alone and another by its id alone.
fn declarations(ir: &Ir, text: &mut Text) {
    let by_iban = ir.accounts.iter().any(|account| account.id.is_none());
    let by_id = ir.accounts.iter().any(|account| account.iban.is_none());
    let mut binding: Vec<(Option<&str>, Option<u64>, Option<&str>)> = ir
        .accounts
        .iter()
        .map(|account| (account.iban.as_deref(), account.id, account.kind.as_deref()))
        .filter(|(iban, id, kind)| kind.is_some() || (iban.is_some() || by_iban) && (id.is_some() || by_id))
        .collect();
    binding.sort_unstable();
    text.number(binding.len() as i128);
    for (iban, id, kind) in binding {
        text.option(iban).option(id.map(|id| id.to_string()).as_deref()).option(kind);
    }
}
