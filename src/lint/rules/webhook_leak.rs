//! Reports to a web address about accounts that the key may not read.

use bpol_engine::ir::{Dimension, Effect, Tier};

use crate::check::ClauseKind;
use crate::diag::{Diagnostic, Level};
use crate::lint::context::Context;
use crate::lint::given::{by_key, counting_as, given, name, once, tells};
use crate::lint::{Lint, Rule};

pub(in crate::lint) const RULE: Rule = Rule {
    lint: Lint::new(
        "webhook-leak",
        Level::Warning,
        "reports to a web address about accounts whose transactions the key may not read",
    ),
    check,
};

fn check(cx: &Context<'_>, lint: Lint) -> Vec<Diagnostic> {
    let all = given(cx);
    let mut out = Vec::new();
    for mine in by_key(&all) {
        for report in mine.operations(cx, |one| one.action != "read" && tells(one, Dimension::Url)) {
            let told = told(cx, report);
            // The everyday read that most amounts to: what happens on the account.
            let Some(read) = told.last().copied() else { continue };
            let Some(by) = leaks(cx, mine.key, report, read) else { continue };
            let Some(line) = mine.giver(report, &by) else { continue };
            // A fixed address to which a key that reads nothing lets the bank report is somebody else's.
            if line.clause(|kind| matches!(kind, ClauseKind::ToUrl(_))).is_some() && !mine.has(&told) {
                continue;
            }
            let message = format!(
                "`{}` reports what happens on accounts on which this key may not `{}`",
                name(cx, report),
                name(cx, read)
            );
            out.push(
                lint.at(line.place(), message)
                    .help("name the accounts that it may read, or give this line to a key of its own"),
            );
        }
    }
    once(out)
}

/// The everyday reads that a report amounts to, that to which most amounts last.
fn told(cx: &Context<'_>, report: usize) -> Vec<usize> {
    let reads = cx.ir.operations.iter().enumerate().filter(|(_, one)| one.action == "read" && one.tier == Tier::Read);
    let ways = reads.map(|(place, _)| (counting_as(cx, place), place)).filter(|(ways, _)| ways.contains(&report));
    let mut told: Vec<(usize, usize)> = ways.map(|(ways, place)| (ways.len(), place)).collect();
    told.sort_unstable();
    told.into_iter().map(|(_, place)| place).collect()
}

/// Whether reports are allowed on an account on which the read is denied, whatever is asked for; the
/// rules by which they are.
fn leaks(cx: &Context<'_>, key: usize, report: usize, read: usize) -> Option<Vec<String>> {
    cx.ask(key, &[report, read], |possible, engine| {
        let (told, open, reads) = (possible.told(), possible.open(0), possible.not_denied(1));
        let reads = possible.on_the_account(reads);
        let kept = possible.not(reads);
        let there = possible.all(vec![told, open, kept]);
        possible.confirmed(there, engine, true, &|side, report| (report.decision == Effect::Allow) == (side == 0))
    })
    .map(|(_, by)| by)
}
