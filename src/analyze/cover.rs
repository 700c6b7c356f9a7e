//! Covers: a part of a space as a few boxes, each as wide as it can be, for people to read.
//!
//! Paths of a diagram are disjoint and many. Boxes may overlap: each is the largest that could be grown around a point
//! that no box before it has. What comes out depends on the function and on the plan alone, never on how nodes are
//! numbered.

#[cfg(test)]
mod tests;

use crate::analyze::mdd::{Classes, Diagrams, Id, Step};

/// Some boxes that together are a part of the space.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cover {
    /// The boxes. A variable without a step may have any class.
    pub boxes: Vec<Vec<Step>>,
    /// Whether there is more than the boxes have.
    pub more: bool,
}

/// Which class a box is grown from, where several will do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pick {
    /// The smallest.
    Smallest,
    /// The largest.
    Largest,
    /// The smallest of all if it will do, else the largest of all, else the smallest that will do: for variables whose
    /// first class is what is not told and whose last is all that nobody names.
    Others,
}

/// How boxes are grown.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    /// The variables in the order in which the first point of a box is chosen.
    pub picks: Vec<(u32, Pick)>,
    /// The variables in the order in which a box is widened: what comes first becomes widest.
    pub widen: Vec<u32>,
}

/// Covers a diagram of true and false with at most so many boxes that lie wholly inside and cannot be widened.
pub fn cover(diagrams: &mut Diagrams, id: Id, most: usize) -> Cover {
    let support = diagrams.support(id);
    let picks = support.iter().map(|variable| (*variable, Pick::Smallest)).collect();
    let widen = support.into_iter().rev().collect();
    cover_by(diagrams, id, id, &Plan { picks, widen }, most)
}

/// Covers `wanted` with boxes inside `room`, which is at least as large: the difference is what nothing hangs on.
pub fn cover_by(diagrams: &mut Diagrams, wanted: Id, room: Id, plan: &Plan, most: usize) -> Cover {
    let mut cover = Cover::default();
    let mut rest = wanted;
    while rest != Id::FALSE && cover.boxes.len() < most && !diagrams.is_exhausted() {
        let point = first(diagrams, rest, plan);
        let sets = widest(diagrams, room, point, plan);
        let found = steps(diagrams, &sets);
        let outside = diagrams.outside(&found);
        rest = diagrams.and(rest, outside);
        if !diagrams.is_exhausted() {
            cover.boxes.push(found);
        }
    }
    cover.more = rest != Id::FALSE || diagrams.is_exhausted();
    cover
}

/// Takes away from boxes what other boxes have as well, in variables where that reads better; the boxes together stay
/// what they were on `wanted`.
pub fn trim(diagrams: &mut Diagrams, wanted: Id, boxes: &mut Vec<Vec<Step>>, trims: &dyn Fn(&Step) -> bool) {
    let mut place = 0;
    while place < boxes.len() && !diagrams.is_exhausted() {
        let mut only = wanted;
        for (other, steps) in boxes.iter().enumerate() {
            let part = if other == place { diagrams.inside(steps) } else { diagrams.outside(steps) };
            only = diagrams.and(only, part);
        }
        if diagrams.is_exhausted() {
            return;
        }
        if only == Id::FALSE {
            boxes.remove(place);
            continue;
        }
        if let Some(steps) = boxes.get_mut(place) {
            for step in steps.iter_mut().filter(|step| trims(step)) {
                let needed = diagrams.onto_some(only, step.variable);
                if let Some(Classes::In(needed)) = diagrams.true_classes(needed, step.variable) {
                    let classes = needed.into_iter().filter(|class| step.classes.has(*class)).collect();
                    step.classes = Classes::In(classes);
                }
            }
        }
        place += 1;
    }
}

/// One class of each variable of the plan, at a point that is true.
fn first(diagrams: &mut Diagrams, id: Id, plan: &Plan) -> Vec<(u32, u32)> {
    let mut here = id;
    let mut point = Vec::with_capacity(plan.picks.len());
    for (variable, pick) in &plan.picks {
        let projected = diagrams.onto_some(here, *variable);
        let classes = diagrams.true_classes(projected, *variable).unwrap_or(Classes::NotIn(Vec::new()));
        let last = diagrams.classes(*variable).saturating_sub(1);
        let class = match pick {
            Pick::Smallest => smallest(&classes),
            Pick::Largest => largest(&classes, last),
            Pick::Others if classes.has(0) => 0,
            Pick::Others if classes.has(last) => last,
            Pick::Others => smallest(&classes),
        };
        here = diagrams.restrict(here, *variable, class);
        point.push((*variable, class));
    }
    point
}

/// The point widened, variable by variable, as far as the room goes.
fn widest(diagrams: &mut Diagrams, room: Id, point: Vec<(u32, u32)>, plan: &Plan) -> Vec<(u32, Option<Classes>)> {
    let mut sets: Vec<(u32, Option<Classes>)> =
        point.into_iter().map(|(variable, class)| (variable, Some(Classes::In(vec![class])))).collect();
    sets.sort_unstable_by_key(|(variable, _)| *variable);
    for variable in &plan.widen {
        let wide = diagrams.onto_all(room, &sets, *variable);
        let classes = diagrams.true_classes(wide, *variable);
        if let Some((_, set)) = sets.iter_mut().find(|(other, _)| other == variable) {
            *set = classes;
        }
    }
    sets
}

fn steps(diagrams: &Diagrams, sets: &[(u32, Option<Classes>)]) -> Vec<Step> {
    let short = |variable: u32, classes: &Classes| {
        let all = diagrams.classes(variable);
        match classes {
            Classes::NotIn(out) if out.len() * 2 >= all as usize => {
                Classes::In((0..all).filter(|class| classes.has(*class)).collect())
            }
            Classes::In(inside) if inside.len() * 2 > all as usize => {
                Classes::NotIn((0..all).filter(|class| !classes.has(*class)).collect())
            }
            other => other.clone(),
        }
    };
    let said = sets.iter().filter_map(|(variable, classes)| Some((*variable, classes.as_ref()?)));
    let steps = said.map(|(variable, classes)| Step { variable, classes: short(variable, classes) });
    steps.filter(|step| step.classes != Classes::NotIn(Vec::new())).collect()
}

fn smallest(classes: &Classes) -> u32 {
    match classes {
        Classes::In(classes) => classes.first().copied().unwrap_or(0),
        Classes::NotIn(classes) => {
            (0..).zip(classes).find(|(class, out)| class != *out).map_or(classes.len() as u32, |(class, _)| class)
        }
    }
}

fn largest(classes: &Classes, last: u32) -> u32 {
    match classes {
        Classes::In(classes) => classes.last().copied().unwrap_or(0),
        Classes::NotIn(classes) => {
            let mut class = last;
            for out in classes.iter().rev() {
                if *out != class {
                    break;
                }
                class = class.saturating_sub(1);
            }
            class
        }
    }
}
