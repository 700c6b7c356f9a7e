//! How boxes of a space are grown so that they read well, and alike for equal regions.

use std::collections::BTreeSet;

use bpol_engine::ir::{Counting, Period};

use crate::analyze::cover::{Pick, Plan};
use crate::analyze::decision::Builder;
use crate::analyze::mdd::{Classes, Diagrams, Id, Step};
use crate::analyze::space::{Space, Variable};

/// Boxes begin at what is closed most tightly: strangers, the largest amounts and totals. So what one payee may get is
/// not mixed up with what another may. They grow first in amounts and totals, and last in accounts.
pub(super) fn plan(space: &Space<'_>, support: &BTreeSet<u32>) -> Plan {
    let mut variables: Vec<(Variable, u32)> = support.iter().map(|number| (space.variable(*number), *number)).collect();
    variables.sort_by_cached_key(|(variable, _)| order(space, *variable));
    let picks = variables.iter().map(|(variable, number)| (*number, pick(*variable))).collect();
    variables.sort_by_cached_key(|(variable, _)| (widens(*variable), order(space, *variable)));
    Plan { picks, widen: variables.into_iter().map(|(_, number)| number).collect() }
}

/// Whether a box may leave out classes that other boxes have: names, as long as it names some and not all but some.
pub(super) fn trims(space: &Space<'_>, step: &Step) -> bool {
    match space.variable(step.variable) {
        Variable::Payee => !step.classes.has(space.payee.others()),
        Variable::Name => !space.name.others().is_some_and(|class| step.classes.has(class)),
        Variable::Url => !space.url.others().is_some_and(|class| step.classes.has(class)),
        Variable::Account => space.account.stranger().is_none_or(|class| !step.classes.has(class)),
        Variable::Method => matches!(step.classes, Classes::In(_)),
        _ => false,
    }
}

/// Takes out of a box what no request can be, where that leaves fewer stretches of amounts, totals or times to say.
pub(super) fn close(space: &Space<'_>, diagrams: &mut Diagrams, wanted: Id, steps: &mut [Step]) {
    let inside = diagrams.inside(steps);
    let there = diagrams.and(wanted, inside);
    for step in steps {
        let variable = space.variable(step.variable);
        let stretches: Vec<Vec<u32>> = match variable {
            Variable::Amount => space.amount.by_currency(),
            Variable::Total(_) | Variable::Now | Variable::Created | Variable::Age => {
                vec![(0..space.size(variable)).collect()]
            }
            _ => continue,
        };
        let projected = diagrams.onto_some(there, step.variable);
        let Some(needed) = diagrams.true_classes(projected, step.variable) else { continue };
        let mut classes: Vec<u32> = Vec::new();
        for stretch in stretches {
            let runs = |inside: &dyn Fn(u32) -> bool| {
                let marks: Vec<bool> = stretch.iter().map(|class| inside(*class)).collect();
                marks.chunk_by(|one, other| one == other).filter(|run| run.first() == Some(&true)).count()
            };
            let fewer = runs(&|class| needed.has(class)) < runs(&|class| step.classes.has(class));
            let kept = stretch.iter().filter(|class| step.classes.has(**class) && (!fewer || needed.has(**class)));
            classes.extend(kept);
        }
        classes.sort_unstable();
        step.classes = Classes::In(classes);
    }
}

/// Where every fact is told that rules look at, and every total is known on which something hangs.
pub(super) fn told(builder: &mut Builder<'_, '_>, support: &BTreeSet<u32>) -> Id {
    let space = builder.space;
    let mut all = Vec::new();
    let mut variables = vec![
        Variable::Own,
        Variable::Method,
        Variable::Repeat,
        Variable::Name,
        Variable::Kind,
        Variable::Payee,
        Variable::PayeeOwn,
        Variable::Favorite,
        Variable::Url,
        Variable::Amount,
        Variable::Ip,
        Variable::Created,
        Variable::Age,
    ];
    let totals = (0..space.tallies.len() as u32).map(Variable::Total);
    variables.extend(totals.filter(|total| support.contains(&space.number(*total))));
    for variable in variables.into_iter().filter(|variable| space.size(*variable) > 1) {
        let unknown = builder.one_of(variable, [0]);
        all.push(builder.diagrams.not(unknown));
    }
    if space.account.size() > 1 {
        let whole = space.account.classes().filter(|(_, fact)| fact.iban.is_some() && fact.id.is_some());
        let whole: Vec<u32> = whole.map(|(class, _)| class).collect();
        all.push(builder.one_of(Variable::Account, whole));
    }
    builder.diagrams.all(all)
}

/// An order of variables that does not hang on the order of rules.
fn order(space: &Space<'_>, variable: Variable) -> (Variable, Option<(Option<String>, Period, String)>) {
    let Variable::Total(place) = variable else { return (variable, None) };
    let counter = space.tallies.get(place as usize).and_then(|tally| {
        let (side, counter) = tally.counters.first()?;
        space.sides.get(*side)?.names.ir.counters.get(*counter as usize)
    });
    let name = counter.map(|counter| {
        let currency = match &counter.counting {
            Counting::Money(currency) => Some(currency.clone()),
            Counting::Times => None,
        };
        (currency, counter.period, counter.id.clone())
    });
    (Variable::Total(0), name)
}

fn pick(variable: Variable) -> Pick {
    match variable {
        Variable::Payee | Variable::Name | Variable::Url => Pick::Others,
        Variable::Amount | Variable::Total(_) | Variable::Now | Variable::Created | Variable::Age => Pick::Largest,
        _ => Pick::Smallest,
    }
}

fn widens(variable: Variable) -> u8 {
    match variable {
        Variable::Amount => 0,
        Variable::Total(_) => 1,
        Variable::Now => 2,
        Variable::Week => 3,
        Variable::Created | Variable::Age => 4,
        Variable::Ip => 5,
        Variable::Own => 6,
        Variable::Method | Variable::Repeat | Variable::Url => 7,
        Variable::Favorite | Variable::PayeeOwn => 8,
        Variable::Kind | Variable::Name => 9,
        Variable::Payee => 10,
        Variable::Account => 11,
    }
}
