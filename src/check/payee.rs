//! Declared payees and groups of payees.

use bpol_engine::ir;

use crate::check::context::{At, Context, Space};
use crate::check::names::counts;
use crate::check::reference::named;
use crate::check::value::iban;
use crate::source::FileSpan;
use crate::syntax::tree::{ItemKind, PayeeEntry};

/// A payee or group before it is flattened.
struct Draft {
    ibans: Vec<String>,
    members: Vec<(usize, FileSpan)>,
}

/// Fills the policy's table of payees; groups become the IBANs of all their members.
pub(crate) fn check(cx: &mut Context<'_>) {
    let mut drafts = Vec::new();
    for (at, item) in cx.items() {
        let (name, draft) = match &item.kind {
            ItemKind::Payee { name, iban: token } => {
                (name, Draft { ibans: iban(cx, at, *token).into_iter().collect(), members: Vec::new() })
            }
            ItemKind::Payees { name, entries } => {
                if entries.is_empty() && !cx.is_broken(at, item, name) {
                    cx.report(
                        at.error(
                            "empty-payees",
                            name.span,
                            format!("`{}` names nobody, and empty never means everybody", at.name(name)),
                        )
                        .help("put a payee or an IBAN into it, or remove it"),
                    );
                }
                (name, group(cx, at, entries))
            }
            _ => continue,
        };
        if counts(cx, at, Space::Payee, name) {
            let name = at.name(name).into_owned();
            cx.policy.payees.push(ir::Payee { name, ibans: Vec::new(), doc: at.doc(&item.doc) });
            drafts.push(draft);
        }
    }
    flatten(cx, &drafts);
}

fn group(cx: &mut Context<'_>, at: At<'_>, entries: &[PayeeEntry]) -> Draft {
    let mut draft = Draft { ibans: Vec::new(), members: Vec::new() };
    for entry in entries {
        match entry {
            PayeeEntry::Iban(token) => draft.ibans.extend(iban(cx, at, *token)),
            PayeeEntry::Named(names) => {
                for name in names {
                    if let Some(index) = named(cx, at, Space::Payee, name) {
                        draft.members.push((index, at.place(name.span)));
                    }
                }
            }
        }
    }
    draft
}

/// Gives each group the IBANs of its members, and reports groups that contain themselves.
fn flatten(cx: &mut Context<'_>, drafts: &[Draft]) {
    // By payee, the last group for which it was met: one table serves all groups.
    let mut met: Vec<Option<usize>> = vec![None; drafts.len()];
    for index in 0..drafts.len() {
        let mut ibans = Vec::new();
        let mut waiting = vec![index];
        while let Some(next) = waiting.pop() {
            let Some(draft) = drafts.get(next) else { continue };
            ibans.extend(draft.ibans.iter().cloned());
            for &(member, place) in &draft.members {
                if member == index {
                    let name = cx.policy.payees[index].name.clone();
                    cx.report(
                        crate::diag::Diagnostic::error(
                            "payees-cycle",
                            place.file,
                            place.span,
                            format!("the group `{name}` contains itself, so nobody can say who is in it"),
                        )
                        .help("take one of the groups out of the other"),
                    );
                } else if let Some(group) = met.get_mut(member)
                    && group.replace(index) != Some(index)
                {
                    waiting.push(member);
                }
            }
        }
        ibans.sort_unstable();
        ibans.dedup();
        cx.policy.payees[index].ibans = ibans;
    }
}
