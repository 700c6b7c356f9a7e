//! Policies in the words of others: Cedar, Rego, OAuth's rich authorization requests, and a table of scopes by account.
//!
//! What a target cannot say is named, or narrows what is allowed; it never widens. Everything is read off the compiled
//! policy. [`inputs`] turns a request into the facts that Cedar and Rego are asked about.

mod cedar;
mod clause;
mod formula;
mod grant;
mod input;
mod line;
mod loss;
mod rar;
mod rego;
mod scopes;

use bpol_engine::ir::{Ir, Operation, Rule};

use crate::analyze::TooLarge;
use grant::{By, Granted};

pub use input::inputs;
pub use loss::Loss;

/// What a policy can be written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// Cedar: policies, a schema and entities (docs.cedarpolicy.com).
    Cedar,
    /// Rego, version 1, and data (openpolicyagent.org).
    Rego,
    /// `authorization_details` of OAuth 2.0 Rich Authorization Requests (RFC 9396), for each key.
    Rar,
    /// The view that customers of the bank drew up: account, key, address, resource, actions.
    AccountScopes,
}

/// A file of an export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Its name.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// A policy in another language.
#[derive(Debug)]
pub struct Export {
    /// Its files.
    pub documents: Vec<Document>,
    /// What is narrower than in the policy, by statement.
    pub losses: Vec<Loss>,
}

/// Writes a policy in another language. What that cannot say is in the losses, and narrows what is allowed. Refused are
/// policies that are too large for questions about all requests.
pub fn export(ir: &Ir, language: Language) -> Result<Export, TooLarge> {
    Ok(match language {
        Language::Cedar => {
            Export { documents: cedar::documents(ir, &line::lines(ir)), losses: loss::of_rules(ir, "Cedar", false) }
        }
        Language::Rego => {
            Export { documents: rego::documents(ir, &line::lines(ir)), losses: loss::of_rules(ir, "Rego", true) }
        }
        Language::Rar => {
            let mut keys = table(ir, By::Payment)?;
            for granted in keys.iter_mut().flatten() {
                granted.more |= !granted.grants.iter().all(rar::names);
            }
            let losses = loss::of_table(ir, &keys, "an authorization request", By::Payment);
            Export { documents: vec![rar::document(ir, &keys)], losses }
        }
        Language::AccountScopes => {
            let keys = table(ir, By::Address)?;
            let losses = loss::of_table(ir, &keys, "a table of scopes", By::Address);
            Export { documents: vec![scopes::document(ir, &keys)], losses }
        }
    })
}

fn table(ir: &Ir, by: By) -> Result<Vec<Vec<Granted>>, TooLarge> {
    (0..ir.keys.len()).map(|key| grant::granted(ir, key, by)).collect()
}

/// What stands at the head of what is exported.
const HEAD: &str = "Written by bpolc from a bpol policy; change the policy, not this file. Facts that are not known are \
                    left out, never guessed at.";

/// An operation by its words.
fn name(operation: &Operation) -> String {
    format!("{} {}", operation.action, operation.resource)
}

/// The fields of an operation that a rule shows.
fn shown<'o>(rule: &'o Rule, operation: &'o Operation) -> impl Iterator<Item = &'o String> {
    let shows = |field: &String| match &rule.showing {
        Some(showing) => showing.contains(field),
        None => operation.fields.contains(field),
    };
    let fields = operation.fields.iter().chain(&operation.extra_fields);
    fields.filter(move |field| shows(field) && !rule.hiding.contains(field))
}

/// A text in lines of at most 116 characters, broken between words.
fn wrapped(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count().saturating_add(word.chars().count()) < 116 => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

fn pretty(json: &serde_json::Value) -> String {
    // What holds only texts, numbers and lists can always be written.
    let mut text = serde_json::to_string_pretty(json).unwrap_or_default();
    text.push('\n');
    text
}
