//! References to declared names.

use bpol_engine::ir;

use crate::check::account::kind;
use crate::check::context::{At, Context, Space};
use crate::check::names::word;
use crate::check::nearest::nearest;
use crate::diag::Power;
use crate::syntax::tree::{AccountRef, AccountRefKind, Excepted, Str};

/// The index of a declared name; an unknown one is an error.
pub(crate) fn named(cx: &mut Context<'_>, at: At<'_>, space: Space, name: &Str) -> Option<usize> {
    let text = at.name(name);
    if let Some(declared) = cx.lookup(space, &text) {
        return Some(declared.index);
    }
    let what = word(space);
    let (id, meaning) = match space {
        Space::Account => {
            ("unknown-account", ", and by its name alone a renamed account could open what this line closes")
        }
        Space::Payee => ("unknown-payee", ", so nobody knows whose account it is"),
        Space::Network => ("unknown-network", ", so nobody knows which addresses it holds"),
        Space::Limit => ("unknown-limit", ", so there is nothing to stay within"),
        Space::Role => ("unknown-role", ", so there is nothing to use"),
        Space::Key => ("unknown-key", ", so this says nothing about any key"),
        Space::Test => ("unknown-test", ""),
    };
    let help = match space {
        Space::Account => format!("declare it: `account \"{text}\" is iban …;` or `account \"{text}\" is id …;`"),
        Space::Payee => format!("declare it: `payee \"{text}\" is NL…;`"),
        Space::Network => format!("declare it: `network \"{text}\" < 203.0.113.0/24; >`"),
        Space::Limit => format!("declare it: `limit \"{text}\" < 500 EUR per month; >`"),
        Space::Role => format!("declare it: `role \"{text}\" < … >`, or import the file that does"),
        Space::Key | Space::Test => format!("declare it: `{what} \"{text}\" < … >`"),
    };
    let near = nearest(&text, cx.names_of(space)).map(str::to_owned);
    let mut fault = at.error(id, name.span, format!("no {what} `{text}` is declared{meaning}")).help(help);
    if let Some(near) = near {
        fault = fault.fix(format!("write `{near}`"), Power::Widens, name.span, quoted(&near));
    }
    cx.report(fault);
    None
}

/// How an account may be named that is not declared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Naming {
    /// By its name, with a warning.
    ByName,
    /// Not at all.
    Declared,
}

/// Resolves the references of an `on` clause.
pub(crate) fn accounts(
    cx: &mut Context<'_>,
    at: At<'_>,
    refs: &[AccountRef],
    naming: Naming,
) -> Option<Vec<ir::AccountRef>> {
    let mut out = Vec::with_capacity(refs.len());
    let mut sound = true;
    for reference in refs {
        match &reference.kind {
            AccountRefKind::Named(names) => {
                for name in names {
                    match account(cx, at, name, naming) {
                        Some(resolved) => out.push(resolved),
                        None => sound = false,
                    }
                }
            }
            AccountRefKind::Kind { word, except } => {
                let word = kind(cx, at, *word);
                match (word, excepted(cx, at, except)) {
                    (Some(kind), Some(except)) => {
                        if except.iter().any(|left| *left == ir::Excepted::Kind(kind.clone())) {
                            cx.report(everything_excepted(at, reference, &format!("{kind} accounts")));
                            sound = false;
                        }
                        out.push(ir::AccountRef::Kind { kind, except });
                    }
                    _ => sound = false,
                }
            }
            AccountRefKind::Any { except } => match excepted(cx, at, except) {
                Some(except) => {
                    let all =
                        cx.policy.bank.kinds.iter().all(|kind| except.contains(&ir::Excepted::Kind(kind.word.clone())));
                    if all {
                        cx.report(everything_excepted(at, reference, "any account"));
                        sound = false;
                    }
                    out.push(ir::AccountRef::Any { except });
                }
                None => sound = false,
            },
        }
    }
    sound.then_some(out)
}

fn everything_excepted(at: At<'_>, reference: &AccountRef, what: &str) -> crate::diag::Diagnostic {
    at.error("except-everything", reference.span, format!("`{what}` without all that it lists is no account at all"))
        .help("take something out of the `except`, or remove the line")
}

fn account(cx: &mut Context<'_>, at: At<'_>, name: &Str, naming: Naming) -> Option<ir::AccountRef> {
    let text = at.name(name);
    if let Some(declared) = cx.lookup(Space::Account, &text) {
        return u32::try_from(declared.index).ok().map(ir::AccountRef::Account);
    }
    if naming == Naming::Declared {
        named(cx, at, Space::Account, name);
        return None;
    }
    let near = nearest(&text, cx.names_of(Space::Account)).map(str::to_owned);
    let help = match &near {
        Some(near) => format!("write `{near}` if that is meant, or declare it: `account \"{text}\" is iban …;`"),
        None => format!("declare it with its IBAN or id: `account \"{text}\" is iban …;`"),
    };
    let mut warning = at
        .warning(
            "unpinned-account",
            name.span,
            format!("`{text}` is matched by its name, and whoever may rename accounts decides which account that is"),
        )
        .help(help);
    if let Some(near) = near {
        warning = warning.fix(format!("write `{near}`"), Power::Widens, name.span, quoted(&near));
    }
    cx.report(warning);
    Some(ir::AccountRef::Name(text.into_owned()))
}

fn excepted(cx: &mut Context<'_>, at: At<'_>, except: &[Excepted]) -> Option<Vec<ir::Excepted>> {
    let mut out = Vec::with_capacity(except.len());
    let mut sound = true;
    for left in except {
        let resolved = match left {
            Excepted::Account(name) => named(cx, at, Space::Account, name)
                .and_then(|index| u32::try_from(index).ok())
                .map(ir::Excepted::Account),
            Excepted::Kind(word) => kind(cx, at, *word).map(ir::Excepted::Kind),
        };
        match resolved {
            Some(resolved) => out.push(resolved),
            None => sound = false,
        }
    }
    sound.then_some(out)
}

/// A name as a quoted string.
pub(crate) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\""))
}
