//! From the statements that decide nothing alone to those that can all go together, and why.

use std::collections::BTreeSet;

use crate::analyze::TooLarge;
use crate::analyze::mdd::{Diagrams, Id};
use crate::analyze::standing::contest::{Contest, Label, any, chosen, inside, labels, of};
use crate::analyze::standing::group::shares_a_budget;
use crate::analyze::standing::{Line, Standing, Work};

/// Statements that are tried one by one, when neither those before nor those behind them make them idle alone.
const ONE_BY_ONE: usize = 16;

/// The most statements that are named as the reason.
const MANY: usize = 24;

/// Gives every statement that was asked about its standing. Those that add nothing can all be taken out together.
pub(super) fn settle(lines: &mut [Line<'_>], busy: &BTreeSet<Label>, work: &mut Work<'_>) -> Result<(), TooLarge> {
    let asked: BTreeSet<Label> =
        work.contests.iter().flat_map(|contest| contest.items.iter().map(|(label, _)| *label)).collect();
    let mut open: BTreeSet<Label> = asked.difference(busy).copied().collect();
    for label in busy.iter().chain(&asked) {
        if let Some(line) = lines.get_mut(*label as usize) {
            line.standing = Standing::Decides;
        }
    }
    let mut gone: BTreeSet<Label> = BTreeSet::new();
    for last in [false, true] {
        if open.is_empty() {
            break;
        }
        let chosen = chosen_somewhere(work, &open, &gone, last);
        let idle: Vec<Label> = open.difference(&chosen).copied().collect();
        idle.iter().for_each(|label| _ = open.remove(label));
        gone.extend(idle);
        work.sound()?;
    }
    for label in open.into_iter().take(ONE_BY_ONE) {
        let others = |other: Label| other != label && !gone.contains(&other);
        if everywhere(work, label, &mut |work, contest, counts| {
            let diagrams = &mut work.groups[contest.group].diagrams;
            let (there, rest) = (diagrams.and(counts, contest.mask), any(diagrams, &contest.items, &others));
            inside(diagrams, there, rest)
        }) {
            gone.insert(label);
        }
    }
    let standings: Vec<(Label, Standing)> =
        gone.iter().map(|label| (*label, standing(work, lines, *label, &gone))).collect();
    for (label, standing) in standings {
        if let Some(line) = lines.get_mut(label as usize) {
            line.standing = standing;
        }
    }
    work.sound()
}

/// Statements that are the first, or the last, to count somewhere.
fn chosen_somewhere(
    work: &mut Work<'_>,
    open: &BTreeSet<Label>,
    gone: &BTreeSet<Label>,
    last: bool,
) -> BTreeSet<Label> {
    let mut out = BTreeSet::new();
    for contest in work.contests.iter().filter(|contest| contest.items.iter().any(|(label, _)| open.contains(label))) {
        let Some(group) = work.groups.get_mut(contest.group) else { continue };
        let first = chosen(&mut group.diagrams, &contest.items, &|label| gone.contains(&label), last);
        out.extend(labels(&mut group.diagrams, first, contest.mask));
    }
    out
}

/// Whether something holds in every contest that a statement takes part in.
fn everywhere(work: &mut Work<'_>, label: Label, holds: &mut dyn FnMut(&mut Work<'_>, &Contest, Id) -> bool) -> bool {
    let contests = std::mem::take(&mut work.contests);
    let mut mine = contests.iter().filter(|contest| contest.items.iter().any(|(other, _)| *other == label));
    let all = mine.all(|contest| {
        let counts = match work.groups.get_mut(contest.group) {
            Some(group) => of(&mut group.diagrams, &contest.items, label),
            None => return false,
        };
        holds(work, contest, counts)
    });
    work.contests = contests;
    all
}

/// Why a statement adds nothing once those that are gone are.
fn standing(work: &mut Work<'_>, lines: &[Line<'_>], label: Label, gone: &BTreeSet<Label>) -> Standing {
    let empty = everywhere(work, label, &mut |work, contest, counts| {
        work.groups[contest.group].diagrams.and(counts, contest.reach) == Id::FALSE
    });
    if empty {
        return Standing::Empty;
    }
    let mut covered = |same: bool, denies: bool| {
        let covers = Covers { same, denies, gone };
        let all = everywhere(work, label, &mut |work, contest, counts| {
            let diagrams = &mut work.groups[contest.group].diagrams;
            let there = diagrams.and(counts, contest.reach);
            let rest = any(diagrams, &covers.items(contest), &|_| true);
            inside(diagrams, there, rest)
        });
        all.then(|| few(work, label, &covers))
    };
    if let Some(by) = covered(true, false) {
        let mine = lines.get(label as usize);
        let shares = mine.is_some_and(|line| line.rules.iter().any(|rule| shares_a_budget(rule)));
        // What is within a limit counts for all who are; without the line others could do more.
        return if shares { Standing::Decides } else { Standing::Redundant(by) };
    }
    if let Some(by) = covered(false, true) {
        return Standing::Closed(by);
    }
    match covered(true, true) {
        Some(by) => Standing::Shadowed(by),
        None => Standing::Decides,
    }
}

/// Statements that may stand in for another: those that do the same and stay, those that deny.
struct Covers<'g> {
    same: bool,
    denies: bool,
    gone: &'g BTreeSet<Label>,
}

impl Covers<'_> {
    fn items(&self, contest: &Contest) -> Vec<(Label, Id)> {
        let mut items = Vec::new();
        if self.same {
            items.extend(contest.items.iter().copied().filter(|(label, _)| !self.gone.contains(label)));
        }
        if self.denies {
            items.extend(contest.denies.iter().copied());
        }
        items
    }

    fn chosen(&self, diagrams: &mut Diagrams, contest: &Contest, last: bool) -> Id {
        let asked = (self.same, self.denies, last);
        if let Some(known) = contest.covers.borrow().get(&asked) {
            return *known;
        }
        let first = chosen(diagrams, &self.items(contest), &|_| false, last);
        contest.covers.borrow_mut().insert(asked, first);
        first
    }
}

/// A small set of statements that together count wherever one does.
fn few(work: &mut Work<'_>, label: Label, covers: &Covers<'_>) -> Vec<Label> {
    let mut best: Option<BTreeSet<Label>> = None;
    for last in [false, true] {
        let mut by = BTreeSet::new();
        everywhere(work, label, &mut |work, contest, counts| {
            let diagrams = &mut work.groups[contest.group].diagrams;
            let there = diagrams.and(counts, contest.reach);
            let first = covers.chosen(diagrams, contest, last);
            by.extend(labels(diagrams, first, there));
            true
        });
        if by.len() > 1 && by.len() <= MANY {
            for one in by.clone() {
                let rest = |other: Label| other != one && by.contains(&other);
                let enough = everywhere(work, label, &mut |work, contest, counts| {
                    let diagrams = &mut work.groups[contest.group].diagrams;
                    let there = diagrams.and(counts, contest.reach);
                    let rest = any(diagrams, &covers.items(contest), &rest);
                    inside(diagrams, there, rest)
                });
                if enough {
                    by.remove(&one);
                }
            }
        }
        if best.as_ref().is_none_or(|best| by.len() < best.len()) {
            best = Some(by);
        }
    }
    best.unwrap_or_default().into_iter().collect()
}
