//! Declared accounts.

use hashbrown::HashMap;

use bpol_engine::ir;

use crate::check::context::{At, Context, Space};
use crate::check::names::counts;
use crate::check::nearest::{list, nearest};
use crate::check::value::{integer, own_iban};
use crate::diag::{Diagnostic, Power};
use crate::source::{FileSpan, Span};
use crate::syntax::tree::{AccountFact, AccountFactKind, ItemKind, Str};

/// Fills the policy's table of accounts.
pub(crate) fn check(cx: &mut Context<'_>) {
    let mut ibans: HashMap<String, FileSpan> = HashMap::new();
    let mut ids: HashMap<u64, FileSpan> = HashMap::new();
    for (at, item) in cx.items() {
        let ItemKind::Account { name, facts } = &item.kind else { continue };
        let account = read(cx, at, name, facts, at.doc(&item.doc), &mut ibans, &mut ids);
        if counts(cx, at, Space::Account, name) {
            cx.with_iban.push(facts.iter().any(|fact| matches!(fact.kind, AccountFactKind::Iban(_))));
            cx.policy.accounts.push(account);
        }
    }
}

fn read(
    cx: &mut Context<'_>,
    at: At<'_>,
    name: &Str,
    facts: &[AccountFact],
    doc: Option<String>,
    ibans: &mut HashMap<String, FileSpan>,
    ids: &mut HashMap<u64, FileSpan>,
) -> ir::Account {
    let mut account = ir::Account { name: at.name(name).into_owned(), iban: None, id: None, kind: None, doc };
    let mut said: [Option<Span>; 3] = [None; 3];
    for fact in facts {
        let (slot, what) = match fact.kind {
            AccountFactKind::Iban(_) => (0, "IBAN"),
            AccountFactKind::Id(_) => (1, "id"),
            AccountFactKind::Kind(_) => (2, "kind"),
        };
        if let Some(first) = said[slot] {
            cx.report(
                at.error(
                    "account-fact-twice",
                    fact.span,
                    format!("an account has one {what}, and this is a second one"),
                )
                .label(at.place(first), "the first one")
                .help("declare each account by itself"),
            );
            continue;
        }
        said[slot] = Some(fact.span);
        match fact.kind {
            AccountFactKind::Iban(token) => account.iban = own_iban(cx, at, token),
            AccountFactKind::Id(token) => account.id = integer(cx, at, token, "an account's id"),
            AccountFactKind::Kind(token) => account.kind = kind(cx, at, token),
        }
        if let (AccountFactKind::Iban(token), Some(iban)) = (&fact.kind, &account.iban)
            && let Some(first) = ibans.insert(iban.clone(), at.place(*token))
        {
            cx.report(same(at, *token, "IBAN", iban, first));
        }
        if let (AccountFactKind::Id(token), Some(id)) = (&fact.kind, account.id)
            && let Some(first) = ids.insert(id, at.place(*token))
        {
            cx.report(same(at, *token, "id", &id.to_string(), first));
        }
    }
    if said[0].is_none() && said[1].is_none() {
        cx.report(
            at.error(
                "account-without-identity",
                name.span,
                format!("nothing tells which account `{}` is, so a renamed one could take its place", account.name),
            )
            .help("add its IBAN or its id, such as `iban NL91ABNA0417164300` or `id 42`"),
        );
    }
    account
}

fn same(at: At<'_>, token: Span, what: &str, value: &str, first: FileSpan) -> Diagnostic {
    at.error("account-declared-twice", token, format!("two accounts cannot both have the {what} `{value}`"))
        .label(first, "the first account that has it")
        .help("declare the account once, under one name")
}

/// Reads a KIND word.
pub(crate) fn kind(cx: &mut Context<'_>, at: At<'_>, token: Span) -> Option<String> {
    let word = at.word(token);
    let kinds = &cx.policy.bank.kinds;
    if kinds.iter().any(|kind| kind.word == word) {
        return Some(word.to_owned());
    }
    let words = kinds.iter().map(|kind| kind.word.as_str());
    let mut fault = at
        .error("unknown-kind", token, format!("`{word}` is not a kind of account"))
        .help(format!("write {}", list(words.clone(), "or")));
    if let Some(near) = nearest(word, words) {
        fault = fault.fix(format!("write `{near}`"), Power::Widens, token, near);
    }
    cx.report(fault);
    None
}
