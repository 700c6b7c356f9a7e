//! Paths: the parts of the whole space on which a diagram has one value.

use std::ops::ControlFlow;

use hashbrown::HashMap;

use super::{Diagrams, Id};

/// A set of classes of a variable.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Classes {
    /// These.
    In(Vec<u32>),
    /// All but these.
    NotIn(Vec<u32>),
}

impl Classes {
    /// Whether a class is one of them.
    pub fn has(&self, class: u32) -> bool {
        match self {
            Self::In(classes) => classes.binary_search(&class).is_ok(),
            Self::NotIn(classes) => classes.binary_search(&class).is_err(),
        }
    }
}

/// What a path says about one variable. A variable without a step may have any class.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Step {
    /// The variable.
    pub variable: u32,
    /// Its classes.
    pub classes: Classes,
}

impl Step {
    /// The first class.
    pub fn first(&self) -> u32 {
        match &self.classes {
            Classes::In(classes) => classes.first().copied().unwrap_or(0),
            Classes::NotIn(classes) => (0..).find(|class| classes.binary_search(class).is_err()).unwrap_or(0),
        }
    }
}

impl Diagrams {
    /// Visits the paths to the values that are wanted, until a visit breaks off. Together they cover exactly the points
    /// that have such a value, each once.
    pub fn paths(
        &self,
        id: Id,
        wanted: &dyn Fn(u32) -> bool,
        visit: &mut dyn FnMut(&[Step], u32) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        self.walk(id, wanted, visit, &mut Vec::new(), &mut HashMap::new())
    }

    /// Whether some point has a value that is wanted.
    pub fn reaches(&self, id: Id, wanted: &dyn Fn(u32) -> bool) -> bool {
        self.leads(id, wanted, &mut HashMap::new())
    }

    /// All values that the diagram has somewhere.
    pub fn values(&self, id: Id) -> Vec<u32> {
        let mut values = Vec::new();
        let mut seen = hashbrown::HashSet::new();
        let mut open = vec![id];
        while let Some(id) = open.pop() {
            if !seen.insert(id) {
                continue;
            }
            match id.value() {
                Some(value) => values.push(value),
                None => open.extend(self.children_of(id).into_iter().map(|(_, child)| child)),
            }
        }
        values.sort_unstable();
        values
    }

    fn walk(
        &self,
        id: Id,
        wanted: &dyn Fn(u32) -> bool,
        visit: &mut dyn FnMut(&[Step], u32) -> ControlFlow<()>,
        steps: &mut Vec<Step>,
        known: &mut HashMap<Id, bool>,
    ) -> ControlFlow<()> {
        if let Some(value) = id.value() {
            return if wanted(value) { visit(steps, value) } else { ControlFlow::Continue(()) };
        }
        let Some(node) = self.get(id) else { return ControlFlow::Continue(()) };
        for (classes, child) in self.children_of(id) {
            if self.leads(child, wanted, known) {
                steps.push(Step { variable: node.variable, classes });
                self.walk(child, wanted, visit, steps, known)?;
                steps.pop();
            }
        }
        ControlFlow::Continue(())
    }

    fn leads(&self, id: Id, wanted: &dyn Fn(u32) -> bool, known: &mut HashMap<Id, bool>) -> bool {
        if let Some(value) = id.value() {
            return wanted(value);
        }
        if let Some(leads) = known.get(&id) {
            return *leads;
        }
        let leads = self.children_of(id).into_iter().any(|(_, child)| self.leads(child, wanted, known));
        known.insert(id, leads);
        leads
    }

    /// The different children of a node, each with all its classes; that of most classes comes first.
    pub(crate) fn children_of(&self, id: Id) -> Vec<(Classes, Id)> {
        let Some(node) = self.get(id) else { return Vec::new() };
        let exceptions = &self.exceptions[node.from as usize..node.until as usize];
        let mut groups: Vec<(Classes, Id)> = Vec::new();
        if exceptions.len() < self.classes(node.variable) as usize {
            let named = exceptions.iter().map(|(class, _)| *class).collect();
            groups.push((Classes::NotIn(named), node.default));
        }
        let mut places: HashMap<Id, usize> = HashMap::new();
        for (class, child) in exceptions {
            let place = *places.entry(*child).or_insert(groups.len());
            match groups.get_mut(place) {
                Some((Classes::In(classes), _)) => classes.push(*class),
                _ => groups.push((Classes::In(vec![*class]), *child)),
            }
        }
        groups
    }
}

impl Diagrams {
    /// The variables that a diagram tests somewhere.
    pub fn support(&self, id: Id) -> std::collections::BTreeSet<u32> {
        let mut support = std::collections::BTreeSet::new();
        let mut seen = hashbrown::HashSet::new();
        let mut open = vec![id];
        while let Some(id) = open.pop() {
            if let Some(node) = self.get(id)
                && seen.insert(id)
            {
                support.insert(node.variable);
                open.extend(self.children(id));
            }
        }
        support
    }
}
