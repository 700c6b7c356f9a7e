//! A declared payee that is an account of the holder.

use std::collections::HashMap;

use crate::diag::{Diagnostic, Level};
use crate::lint::context::Context;
use crate::lint::names::{Kind, declared};
use crate::lint::{Lint, Rule};
use crate::source::FileSpan;
use crate::syntax::tree::{ItemKind, PayeeEntry, Token};

pub(in crate::lint) const RULE: Rule = Rule {
    lint: Lint::new(
        "payee-is-own-account",
        Level::Hint,
        "a payee with the IBAN of a declared account of the holder, which reads like somebody else",
    ),
    check,
};

fn check(cx: &Context<'_>, lint: Lint) -> Vec<Diagnostic> {
    let is_own =
        |kind: Option<&str>| kind.is_none_or(|word| cx.ir.kinds.iter().any(|known| known.word == word && known.own));
    let accounts = cx.policy.accounts.iter().filter(|account| is_own(account.kind.as_deref()));
    let own: HashMap<&str, &str> =
        accounts.filter_map(|account| Some((account.iban.as_deref()?, account.name.as_str()))).collect();
    let declared = declared(cx);
    let mut out = Vec::new();
    for one in &declared {
        let tokens: Vec<Token> = match &one.item.kind {
            ItemKind::Payee { iban, .. } => vec![*iban],
            ItemKind::Payees { entries, .. } => entries
                .iter()
                .filter_map(|entry| if let PayeeEntry::Iban(token) = entry { Some(*token) } else { None })
                .collect(),
            _ => continue,
        };
        for token in tokens {
            let place = FileSpan { file: one.place.file, span: token };
            let written = cx.checked.sources.text(place);
            let iban: String = written.chars().filter(char::is_ascii_alphanumeric).collect();
            let Some(account) = own.get(iban.as_str()) else { continue };
            let message = match &one.item.kind {
                ItemKind::Payee { .. } => format!("the payee `{}` is the holder's own account `{account}`", one.name),
                _ => format!("`{}` holds the holder's own account `{account}` among payees", one.name),
            };
            let found = lint.at(place, format!("{message}, and reads like somebody else"));
            let at = declared.iter().find(|other| other.kind == Kind::Account && other.name == *account);
            let found = match at {
                Some(at) => found.label(at.place, "declared as an account here"),
                None => found,
            };
            out.push(found.help(format!("write `to account \"{account}\"` where it is paid")));
        }
    }
    out
}
