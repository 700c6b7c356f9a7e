//! OAuth 2.0 Rich Authorization Requests (RFC 9396): for each key an `authorization_details` array.

use std::collections::BTreeMap;

use bpol_engine::ir::Ir;
use serde::Serialize;

use super::Document;
use super::grant::{Grant, Granted, On};
use crate::analyze::facts::figure;
use crate::analyze::space::amount;

/// One authorization: everything that it lists, on one account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Detail {
    /// `BANK-account-access`: the type whose members these are.
    #[serde(rename = "type")]
    kind: String,
    /// Operations, such as `read transaction`.
    actions: Vec<String>,
    /// The account's IBAN, or `id:` and its number at the bank; absent: any account.
    #[serde(skip_serializing_if = "Option::is_none")]
    identifier: Option<String>,
    /// The fields that an answer shows; absent where it has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    datatypes: Option<Vec<String>>,
    /// Who may be paid; absent: anyone.
    #[serde(rename = "creditorAccounts", skip_serializing_if = "Option::is_none")]
    creditors: Option<Vec<Creditor>>,
    /// The most that may be paid at once, in each currency that may be paid; absent: any amount.
    #[serde(rename = "maximumAmounts", skip_serializing_if = "Option::is_none")]
    most: Option<Vec<Money>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Creditor {
    iban: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Money {
    currency: String,
    /// Absent: any amount in this currency.
    #[serde(skip_serializing_if = "Option::is_none")]
    amount: Option<String>,
}

/// The document, and the operations of each key that hang on accounts that no identifier names.
pub(crate) fn document(ir: &Ir, keys: &[Vec<Granted>]) -> Document {
    let details: BTreeMap<&str, Vec<Detail>> =
        ir.keys.iter().zip(keys).map(|(key, granted)| (key.name.as_str(), of_key(ir, granted))).collect();
    let json = serde_json::to_value(details).unwrap_or_default();
    Document { name: "authorization-details.json".to_owned(), text: super::pretty(&json) }
}

/// Whether an identifier names the account of a grant.
pub(crate) fn names(grant: &Grant) -> bool {
    matches!(grant.on, On::Any | On::Declared(_))
}

fn of_key(ir: &Ir, granted: &[Granted]) -> Vec<Detail> {
    let mut details: Vec<Detail> = Vec::new();
    for one in granted {
        let Some(operation) = ir.operations.get(one.operation) else { continue };
        for grant in one.grants.iter().filter(|grant| names(grant)) {
            let detail = Detail {
                kind: format!("{}-account-access", ir.bank.name),
                actions: Vec::new(),
                identifier: identifier(ir, &grant.on),
                datatypes: grant.fields.clone(),
                creditors: grant
                    .payees
                    .as_ref()
                    .map(|ibans| ibans.iter().map(|iban| Creditor { iban: iban.clone() }).collect()),
                most: grant.most.as_ref().map(|most| most.iter().map(money).collect()),
            };
            // Actions that come with the same are one authorization.
            let alike = |known: &&mut Detail| Detail { actions: Vec::new(), ..(**known).clone() } == detail;
            match details.iter_mut().find(alike) {
                Some(known) => known.actions.push(super::name(operation)),
                None => details.push(Detail { actions: vec![super::name(operation)], ..detail }),
            }
        }
    }
    details
}

fn identifier(ir: &Ir, on: &On) -> Option<String> {
    let On::Declared(place) = on else { return None };
    let account = ir.accounts.get(*place)?;
    account.iban.clone().or_else(|| account.id.map(|id| format!("id:{id}")))
}

fn money((currency, minor): &(String, i128)) -> Money {
    let amount = (*minor < amount::most(currency)).then(|| figure(*minor, currency));
    Money { currency: currency.clone(), amount }
}
