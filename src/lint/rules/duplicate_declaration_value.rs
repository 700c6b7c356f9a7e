//! One payee, or one network, under two names.

use std::collections::HashMap;

use crate::diag::{Diagnostic, Level};
use crate::lint::context::Context;
use crate::lint::names::{Kind, declared};
use crate::lint::{Lint, Rule};
use crate::source::FileSpan;
use crate::syntax::tree::ItemKind;

pub(in crate::lint) const RULE: Rule = Rule {
    lint: Lint::new(
        "duplicate-declaration-value",
        Level::Hint,
        "two names for one IBAN, or for the same addresses, so that a line about one is a line about the other",
    )
    .of_whole(),
    check,
};

fn check(cx: &Context<'_>, lint: Lint) -> Vec<Diagnostic> {
    let mut first: HashMap<(Kind, Vec<String>), (String, FileSpan)> = HashMap::new();
    let mut out = Vec::new();
    for one in declared(cx) {
        let values = match &one.item.kind {
            // A group may well hold the same people as another.
            ItemKind::Payee { .. } => {
                let payee = cx.policy.payees.iter().find(|payee| payee.name == one.name);
                payee.map(|payee| payee.ibans.clone())
            }
            ItemKind::Network { .. } => {
                let network = cx.policy.networks.iter().find(|network| network.name == one.name);
                network.map(|network| {
                    let mut blocks: Vec<String> = network.blocks.iter().map(ToString::to_string).collect();
                    blocks.sort_unstable();
                    blocks.dedup();
                    blocks
                })
            }
            _ => None,
        };
        let Some(values) = values.filter(|values| !values.is_empty()) else { continue };
        let what = if one.kind == Kind::Payee { "IBAN" } else { "addresses" };
        match first.get(&(one.kind, values.clone())) {
            Some((name, place)) => out.push(
                lint.at(
                    one.place,
                    format!(
                        "`{}` and `{name}` are the same {}: what a line says of one holds for the other",
                        one.name,
                        one.kind.word()
                    ),
                )
                .label(*place, format!("the same {what} under its first name"))
                .help("keep one name, or correct what was copied"),
            ),
            None => _ = first.insert((one.kind, values), (one.name, one.place)),
        }
    }
    out
}
