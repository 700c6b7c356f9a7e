//! The view that customers of the bank drew up: account, key, address, resource, actions.

use std::collections::BTreeMap;

use bpol_engine::ir::Ir;
use serde::Serialize;

use super::Document;
use super::grant::{Grant, Granted, On};

/// The table.
#[derive(Debug, Serialize)]
struct Scopes<'p> {
    /// The bank whose words the resources are.
    bank: &'p str,
    accounts: Vec<Account>,
}

/// What each key may do with an account.
#[derive(Debug, Serialize)]
struct Account {
    account: Which,
    keys: BTreeMap<String, Vec<Access>>,
}

/// Which account: exactly one of these ways.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Which {
    /// One that the policy declares, compared on each of IBAN and id that both sides know.
    Declared {
        name: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        iban: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        id: Option<u64>,
    },
    /// One that it does not declare, by name.
    Named(String),
    /// One that it does not declare, by kind.
    Kind(String),
    /// Any whose IBAN or id is known, and which it does not declare.
    Other(bool),
    /// One of which neither IBAN nor id is known.
    Untold(bool),
    /// Any at all; also for what is about no account.
    Any(bool),
}

/// From where which resources may be used how.
#[derive(Debug, Serialize)]
struct Access {
    /// Blocks of addresses; absent: from anywhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    addresses: Option<Vec<String>>,
    /// Resources to actions to what an answer shows.
    resources: BTreeMap<String, BTreeMap<String, Action>>,
}

/// What an action comes with.
#[derive(Debug, Serialize)]
struct Action {
    /// The fields that the answer shows; absent where it has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    fields: Option<Vec<String>>,
}

/// The document.
pub(crate) fn document(ir: &Ir, keys: &[Vec<Granted>]) -> Document {
    let mut accounts: Vec<(On, Account)> = Vec::new();
    for (key, granted) in ir.keys.iter().zip(keys) {
        for one in granted {
            let Some(operation) = ir.operations.get(one.operation) else { continue };
            for grant in &one.grants {
                let place = match accounts.iter().position(|(on, _)| *on == grant.on) {
                    Some(place) => place,
                    None => {
                        let keys = BTreeMap::new();
                        accounts.push((grant.on.clone(), Account { account: which(ir, &grant.on), keys }));
                        accounts.len() - 1
                    }
                };
                let Some((_, account)) = accounts.get_mut(place) else { continue };
                let accesses = account.keys.entry(key.name.clone()).or_default();
                let access = access(accesses, grant);
                let actions = access.resources.entry(operation.resource.clone()).or_default();
                actions.insert(operation.action.clone(), Action { fields: grant.fields.clone() });
            }
        }
    }
    accounts.sort_by(|(one, _), (other, _)| one.cmp(other));
    let accounts = accounts.into_iter().map(|(_, account)| account).collect();
    let scopes = Scopes { bank: &ir.bank.name, accounts };
    let json = serde_json::to_value(scopes).unwrap_or_default();
    Document { name: "account-scopes.json".to_owned(), text: super::pretty(&json) }
}

fn access<'a>(accesses: &'a mut Vec<Access>, grant: &Grant) -> &'a mut Access {
    let place = accesses.iter().position(|known| known.addresses == grant.addresses).unwrap_or_else(|| {
        accesses.push(Access { addresses: grant.addresses.clone(), resources: BTreeMap::new() });
        accesses.len() - 1
    });
    &mut accesses[place]
}

fn which(ir: &Ir, on: &On) -> Which {
    match on {
        On::Declared(place) => {
            let account = ir.accounts.get(*place);
            Which::Declared {
                name: account.map(|account| account.name.clone()).unwrap_or_default(),
                iban: account.and_then(|account| account.iban.clone()),
                id: account.and_then(|account| account.id),
            }
        }
        On::Named(name) => Which::Named(name.clone()),
        On::Kind(kind) => Which::Kind(kind.clone()),
        On::Other => Which::Other(true),
        On::Untold => Which::Untold(true),
        On::Any => Which::Any(true),
    }
}
