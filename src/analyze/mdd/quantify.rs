//! Diagrams without one of their variables.

use hashbrown::HashMap;

use super::{Diagrams, Id};

impl Diagrams {
    /// The diagram where a variable has this class.
    pub fn restrict(&mut self, id: Id, variable: u32, class: u32) -> Id {
        self.without(id, variable, &mut HashMap::new(), &mut |diagrams, id| {
            diagrams.get(id).map_or(id, |node| diagrams.child(node, class))
        })
    }

    /// The greatest value over all classes of a variable.
    pub fn exists(&mut self, id: Id, variable: u32) -> Id {
        self.without(id, variable, &mut HashMap::new(), &mut |diagrams, id| {
            let children = diagrams.children(id);
            diagrams.any(children)
        })
    }

    /// The smallest value over all classes of a variable.
    pub fn forall(&mut self, id: Id, variable: u32) -> Id {
        self.without(id, variable, &mut HashMap::new(), &mut |diagrams, id| {
            let children = diagrams.children(id);
            diagrams.all(children)
        })
    }

    /// The different children of a node that some class has.
    pub(super) fn children(&self, id: Id) -> Vec<Id> {
        let Some(node) = self.get(id) else { return vec![id] };
        let exceptions = &self.exceptions[node.from as usize..node.until as usize];
        let mut children: Vec<Id> = exceptions.iter().map(|(_, child)| *child).collect();
        if exceptions.len() < self.classes(node.variable) as usize {
            children.push(node.default);
        }
        children.sort_unstable();
        children.dedup();
        children
    }

    fn without(
        &mut self,
        id: Id,
        variable: u32,
        known: &mut HashMap<Id, Id>,
        leave: &mut dyn FnMut(&mut Self, Id) -> Id,
    ) -> Id {
        let Some(node) = self.get(id).filter(|node| node.variable <= variable) else { return id };
        if node.variable == variable {
            return leave(self, id);
        }
        if let Some(new) = known.get(&id) {
            return *new;
        }
        if self.is_exhausted() {
            return Id::FALSE;
        }
        let mut exceptions = Vec::with_capacity((node.until - node.from) as usize);
        for at in node.from as usize..node.until as usize {
            let (class, child) = self.exceptions[at];
            exceptions.push((class, self.without(child, variable, known, leave)));
        }
        let default = self.without(node.default, variable, known, leave);
        let new = self.node(node.variable, default, exceptions);
        known.insert(id, new);
        new
    }
}
