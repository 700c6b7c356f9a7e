//! What of an `allow` has no effect, though the line names it: accounts, payees, amounts.

use bpol_engine::ir::{AccountRef, Clause, Effect, PayeeRef, Rule};

use crate::analyze::facts::minor;
use crate::analyze::mdd::Id;
use crate::analyze::space::Variable;
use crate::analyze::standing::contest::{Label, any, inside};
use crate::analyze::standing::group::Group;
use crate::analyze::standing::{Line, Standing};

/// A part of a line without effect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Partly {
    /// The `allow`.
    pub(crate) allow: Label,
    /// What has no effect.
    pub(crate) part: Part,
    /// Statements that make it so, each by itself or together with the others.
    pub(crate) by: Vec<Label>,
}

/// What a line names and has no effect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Part {
    /// An account.
    Account(AccountRef),
    /// A payee.
    Payee(PayeeRef),
    /// Amounts outside of these, in smallest units, up to the figure of the line's cap.
    Amount {
        /// The currency.
        currency: String,
        /// The least that has an effect.
        from: i128,
        /// The most that has an effect.
        to: i128,
        /// Whether the others are denied; otherwise other lines allow them, too.
        denied: bool,
    },
}

/// Beyond this many statements a line is not set against each of the others.
const MANY: usize = 64;

/// All such parts of own lines that have some effect.
pub(super) fn find(groups: &mut [Group<'_>], lines: &[Line<'_>]) -> Vec<Partly> {
    let mut out = Vec::new();
    for (label, line) in (0..).zip(lines) {
        if !line.own || line.effect != Effect::Allow || line.standing != Standing::Decides {
            continue;
        }
        let [rule] = line.rules[..] else { continue };
        let mine: Vec<usize> =
            (0..groups.len()).filter(|at| groups[*at].rules.iter().any(|(other, _)| *other == label)).collect();
        if mine.iter().all(|at| groups[*at].denied == Id::FALSE && groups[*at].rules.len() < 2) {
            continue;
        }
        out.extend(references(groups, &mine, label, rule));
        out.extend(amounts(groups, &mine, label, rule));
    }
    out
}

/// Accounts and payees of lists for which every request is denied, though not for the others.
fn references(groups: &mut [Group<'_>], mine: &[usize], label: Label, rule: &Rule) -> Vec<Partly> {
    let mut out = Vec::new();
    for clause in &rule.when {
        let single: Vec<(Clause, Part)> = match clause {
            Clause::On(refs) => {
                refs.iter().map(|one| (Clause::On(vec![one.clone()]), Part::Account(one.clone()))).collect()
            }
            Clause::To(refs) => {
                refs.iter().map(|one| (Clause::To(vec![one.clone()]), Part::Payee(one.clone()))).collect()
            }
            _ => continue,
        };
        if single.len() < 2 || single.len() > MANY {
            continue;
        }
        let mut dead = Vec::new();
        for (clause, part) in &single {
            let (mut possible, mut alive) = (false, false);
            let mut by = Vec::new();
            for at in mine {
                let group = &mut groups[*at];
                let counts = counting(group, label);
                let named = group.builder().clause(0, clause);
                let named = group.diagrams.holds(named, |value| value == 2);
                let there = group.diagrams.and(counts, named);
                possible |= there != Id::FALSE;
                if inside(&mut group.diagrams, there, group.denied) {
                    by.extend(closing(group, there));
                } else {
                    alive = true;
                }
            }
            if possible && !alive {
                by.sort_unstable();
                by.dedup();
                dead.push(Partly { allow: label, part: part.clone(), by });
            }
        }
        if dead.len() < single.len() {
            out.extend(dead);
        }
    }
    out
}

/// The amounts below an *each* cap that have an effect, where these are not all.
fn amounts(groups: &mut [Group<'_>], mine: &[usize], label: Label, rule: &Rule) -> Vec<Partly> {
    let caps = rule.when.iter().filter_map(|clause| if let Clause::UpTo(caps) = clause { Some(caps) } else { None });
    let mut each: Vec<(&str, i128)> = Vec::new();
    for cap in caps.flatten().filter(|cap| cap.counter.is_none()) {
        let Some(figure) = minor(&cap.value, &cap.currency) else { continue };
        match each.iter_mut().find(|(currency, _)| *currency == cap.currency) {
            Some((_, least)) => *least = figure.min(*least),
            None => each.push((&cap.currency, figure)),
        }
    }
    let mut out = Vec::new();
    for (currency, cap) in each {
        for denied in [true, false] {
            let mut range: Option<(i128, i128)> = None;
            let mut whole: Option<(i128, i128)> = None;
            let mut by = Vec::new();
            for at in mine {
                let group = &mut groups[*at];
                let counts = counting(group, label);
                let not_denied = group.diagrams.not(group.denied);
                let mut effective = group.diagrams.and(counts, not_denied);
                let mut all = counts;
                if !denied {
                    if group.rules.len() > MANY {
                        return out;
                    }
                    all = effective;
                    let values = group.values.clone();
                    let allows = group.items(Effect::Allow, &values, &|_| true);
                    let others = any(&mut group.diagrams, &allows, &|other| other != label);
                    let alone = group.diagrams.not(others);
                    effective = group.diagrams.and(effective, alone);
                }
                let number = group.space.number(Variable::Amount);
                let classes: Vec<_> = group
                    .space
                    .amount
                    .of_currency(currency)
                    .filter(|(_, interval)| interval.to <= cap)
                    .map(|(class, interval)| (class, interval.from, interval.to))
                    .collect();
                for (class, from, to) in classes {
                    let wider = |range: Option<(i128, i128)>| {
                        Some(range.map_or((from, to), |(least, most)| (least.min(from), most.max(to))))
                    };
                    let possible = group.diagrams.restrict(all, number, class);
                    if possible != Id::FALSE {
                        whole = wider(whole);
                    }
                    if group.diagrams.restrict(effective, number, class) != Id::FALSE {
                        range = wider(range);
                    } else if possible != Id::FALSE {
                        let here = group.diagrams.one_of(number, [class]);
                        let there = group.diagrams.and(all, here);
                        by.extend(if denied { closing(group, there) } else { rivals(group, label, there) });
                    }
                }
            }
            if let (Some((from, to)), Some(whole)) = (range, whole)
                && (from, to) != whole
            {
                by.sort_unstable();
                by.dedup();
                let part = Part::Amount { currency: currency.to_owned(), from, to, denied };
                out.push(Partly { allow: label, part, by });
            }
        }
    }
    out
}

/// Where a line counts and some request can be.
fn counting(group: &mut Group<'_>, label: Label) -> Id {
    let values = group.values.clone();
    let allows = group.items(Effect::Allow, &values, &|other| other == label);
    let counts = any(&mut group.diagrams, &allows, &|_| true);
    group.diagrams.and(counts, group.reach)
}

/// The denies that count somewhere, fewest when one of them counts everywhere.
fn closing(group: &mut Group<'_>, there: Id) -> Vec<Label> {
    let values = group.values.clone();
    let denies = group.items(Effect::Deny, &values, &|_| true);
    meeting(group, there, &denies)
}

fn rivals(group: &mut Group<'_>, label: Label, there: Id) -> Vec<Label> {
    let values = group.values.clone();
    let allows = group.items(Effect::Allow, &values, &|other| other != label);
    meeting(group, there, &allows)
}

fn meeting(group: &mut Group<'_>, there: Id, items: &[(Label, Id)]) -> Vec<Label> {
    if let Some((label, _)) = items.iter().find(|(_, id)| inside(&mut group.diagrams, there, *id)) {
        return vec![*label];
    }
    items.iter().filter(|(_, id)| group.diagrams.and(there, *id) != Id::FALSE).map(|(label, _)| *label).collect()
}
