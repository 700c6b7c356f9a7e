//! Diagrams seen from one variable, and boxes as diagrams.

use hashbrown::HashMap;

use super::{Classes, Diagrams, Id, Step};

/// Which classes a box has of some variables, by variable; nothing where it has all.
type Sets = [(u32, Option<Classes>)];

impl Diagrams {
    /// True for the classes of a variable with which some point of a diagram of true and false is true.
    pub(crate) fn onto_some(&mut self, id: Id, variable: u32) -> Id {
        self.some(id, variable, &mut HashMap::new())
    }

    fn some(&mut self, id: Id, variable: u32, known: &mut HashMap<Id, Id>) -> Id {
        // A reduced diagram that is not false everywhere is true somewhere, so nothing below matters.
        let somewhere = if id == Id::FALSE { Id::FALSE } else { Id::TRUE };
        let Some(node) = self.get(id).filter(|node| node.variable <= variable) else { return somewhere };
        if let Some(new) = known.get(&id) {
            return *new;
        }
        if self.is_exhausted() {
            return Id::FALSE;
        }
        let new = if node.variable == variable {
            let reaches = |child: Id| if child == Id::FALSE { Id::FALSE } else { Id::TRUE };
            let children: Vec<(u32, Id)> = self.exceptions[node.from as usize..node.until as usize]
                .iter()
                .map(|(class, child)| (*class, reaches(*child)))
                .collect();
            self.node(variable, reaches(node.default), children)
        } else {
            let children = self.children(id).into_iter().map(|child| self.some(child, variable, known)).collect();
            self.any(children)
        };
        known.insert(id, new);
        new
    }

    /// True for the classes of a variable with which every point is true whose other classes a box has.
    pub(crate) fn onto_all(&mut self, id: Id, sets: &Sets, variable: u32) -> Id {
        self.every(id, sets, variable, &mut HashMap::new())
    }

    fn every(&mut self, id: Id, sets: &Sets, variable: u32, known: &mut HashMap<Id, Id>) -> Id {
        let Some(node) = self.get(id) else { return id };
        if let Some(new) = known.get(&id) {
            return *new;
        }
        if self.is_exhausted() {
            return Id::FALSE;
        }
        let new = if node.variable == variable {
            let mut children = Vec::with_capacity((node.until - node.from) as usize);
            for at in node.from as usize..node.until as usize {
                let (class, child) = self.exceptions[at];
                children.push((class, self.every(child, sets, variable, known)));
            }
            let default = self.every(node.default, sets, variable, known);
            self.node(variable, default, children)
        } else {
            let set = sets.binary_search_by_key(&node.variable, |(variable, _)| *variable).ok();
            let set = set.and_then(|place| sets[place].1.as_ref());
            let mut rest = Vec::new();
            for child in self.children_within(id, set) {
                let child = self.every(child, sets, variable, known);
                if child == Id::FALSE {
                    rest = vec![Id::FALSE];
                    break;
                }
                rest.push(child);
            }
            self.all(rest)
        };
        known.insert(id, new);
        new
    }

    /// The different children that classes of a set have.
    fn children_within(&mut self, id: Id, set: Option<&Classes>) -> Vec<Id> {
        let (Some(node), Some(set)) = (self.get(id), set) else { return self.children(id) };
        let exceptions = &self.exceptions[node.from as usize..node.until as usize];
        let mut children: Vec<Id> = Vec::new();
        match set {
            Classes::In(classes) => children.extend(classes.iter().map(|class| self.child(node, *class))),
            Classes::NotIn(out) => {
                let mut out = out.iter().copied().peekable();
                let mut named = 0;
                for (class, child) in exceptions {
                    while out.next_if(|left_out| left_out < class).is_some() {
                        named += 1;
                    }
                    named += 1;
                    if out.next_if_eq(class).is_none() {
                        children.push(*child);
                    }
                }
                named += out.count();
                if named < self.classes(node.variable) as usize {
                    children.push(node.default);
                }
            }
        }
        children.sort_unstable();
        children.dedup();
        self.work = self.work.saturating_add(1 + children.len() as u64);
        children
    }

    /// The classes with which a diagram over one variable is true; nothing when it is true everywhere.
    pub(crate) fn true_classes(&self, id: Id, variable: u32) -> Option<Classes> {
        let Some(node) = self.get(id).filter(|node| node.variable == variable) else {
            return if id == Id::TRUE { None } else { Some(Classes::In(Vec::new())) };
        };
        let exceptions = &self.exceptions[node.from as usize..node.until as usize];
        let named =
            |value| exceptions.iter().filter(move |(_, child)| *child == value).map(|(class, _)| *class).collect();
        Some(if node.default == Id::TRUE { Classes::NotIn(named(Id::FALSE)) } else { Classes::In(named(Id::TRUE)) })
    }

    /// True inside a box. Its steps are in the order of variables.
    pub(crate) fn inside(&mut self, steps: &[Step]) -> Id {
        self.chain(steps, Id::TRUE, Id::FALSE)
    }

    /// True outside a box. Its steps are in the order of variables.
    pub(crate) fn outside(&mut self, steps: &[Step]) -> Id {
        self.chain(steps, Id::FALSE, Id::TRUE)
    }

    fn chain(&mut self, steps: &[Step], inside: Id, outside: Id) -> Id {
        steps.iter().rev().fold(inside, |below, step| match &step.classes {
            Classes::In(classes) => self.table(step.variable, outside, classes.iter().map(|class| (*class, below))),
            Classes::NotIn(classes) => self.table(step.variable, below, classes.iter().map(|class| (*class, outside))),
        })
    }
}
