//! The same cap in two lines about the same accounts and payees: two budgets where one may be meant.

use hashbrown::HashMap;

use bpol_engine::ir::Effect;

use crate::check::{Cap, CapPeriod, ClauseKind, Expanded, Figure, Owner};
use crate::diag::{Diagnostic, Level};
use crate::lint::context::Context;
use crate::lint::{Lint, Rule};

pub(in crate::lint) const RULE: Rule = Rule {
    lint: Lint::new(
        "two-budgets",
        Level::Hint,
        "the same cap in two lines of a key, which are two budgets and not one",
    ),
    check,
};

fn check(cx: &Context<'_>, lint: Lint) -> Vec<Diagnostic> {
    let mut known: HashMap<String, &Expanded<'_>> = HashMap::new();
    let mut out = Vec::new();
    for rule in cx.expanded.iter().filter(|rule| rule.effect == Effect::Allow && rule.path.is_empty()) {
        let Owner::Key(key) = rule.owner else { continue };
        if rule.clauses.iter().any(|clause| matches!(clause.kind, ClauseKind::Within(_))) {
            continue;
        }
        for cap in caps(rule) {
            let who: Vec<&ClauseKind> = rule
                .clauses
                .iter()
                .map(|clause| &clause.kind)
                .filter(|kind| matches!(kind, ClauseKind::On(_) | ClauseKind::To(_)))
                .collect();
            let text = cx.checked.sources.text(cap.place);
            let same = format!("{key} {who:?} {:?} {:?}", cap.figure, cap.span);
            match known.get(&same) {
                Some(first) if first.targets != rule.targets => out.push(
                    lint.at(cap.place, format!("`{text}` is a second budget: this line may spend it beside the other"))
                        .label(first.statement.place, "has the same cap for itself")
                        .help("declare a `limit` and write `within limit …` in both lines if they share one budget"),
                ),
                Some(_) => {}
                None => _ = known.insert(same, rule),
            }
        }
    }
    out
}

/// Its caps with a figure and a period.
fn caps<'p>(rule: &Expanded<'p>) -> impl Iterator<Item = &'p Cap> {
    let caps = rule.clauses.clone().into_iter().filter_map(|clause| match &clause.kind {
        ClauseKind::UpTo(caps) => Some(caps),
        _ => None,
    });
    caps.flatten().filter(|cap| cap.figure != Figure::Any && cap.span != CapPeriod::Each)
}
