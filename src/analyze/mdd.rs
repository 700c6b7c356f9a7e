//! Decision diagrams over variables of many classes: reduced, ordered, and each node kept once.
//!
//! A node is sparse: the child of most classes, and the classes that go elsewhere. So ten thousand payees that ten
//! thousand rules name one by one make one node with ten thousand exceptions and not a chain of them. Two diagrams of
//! one [`Diagrams`] are the same function exactly when they have the same [`Id`]. Nothing here knows what a variable means.

mod onto;
mod path;
mod quantify;
#[cfg(test)]
mod tests;

use std::hash::{BuildHasher, Hash, Hasher};

use hashbrown::{DefaultHashBuilder, HashMap, HashTable};

pub use path::{Classes, Step};

/// A diagram: a node, or a value at the end of a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(u32);

const LEAF: u32 = 1 << 31;

impl Id {
    /// The truth values of Kleene's logic, in their order: `and` is the smaller and `or` the greater of two.
    pub const FALSE: Self = Self::leaf(0);
    /// Neither true nor false.
    pub const UNKNOWN: Self = Self::leaf(1);
    /// True.
    pub const TRUE: Self = Self::leaf(2);

    /// The diagram that is this value everywhere. Values are below 2³¹.
    pub const fn leaf(value: u32) -> Self {
        Self(value | LEAF)
    }

    /// The value of a diagram that is the same everywhere.
    pub const fn value(self) -> Option<u32> {
        if self.0 & LEAF == 0 { None } else { Some(self.0 & !LEAF) }
    }
}

/// A node: its exceptions are a stretch of [`Diagrams::exceptions`].
#[derive(Debug, Clone, Copy)]
struct Node {
    variable: u32,
    default: Id,
    from: u32,
    until: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Operator {
    And,
    Or,
}

/// Diagrams that share their nodes.
#[derive(Debug)]
pub struct Diagrams {
    /// How many classes each variable has; variables are tested in this order.
    domains: Vec<u32>,
    nodes: Vec<Node>,
    exceptions: Vec<(u32, Id)>,
    unique: HashTable<u32>,
    hasher: DefaultHashBuilder,
    known: HashMap<(Operator, Id, Id), Id>,
    scratch: Vec<Vec<(u32, Id)>>,
    work: u64,
    budget: u64,
}

impl Diagrams {
    /// No diagram yet, over variables with so many classes each. `budget` bounds the steps of all work together: past it
    /// results mean nothing and [`Diagrams::is_exhausted`] says so.
    pub fn new(domains: Vec<u32>, budget: u64) -> Self {
        Self {
            domains,
            nodes: Vec::new(),
            exceptions: Vec::new(),
            unique: HashTable::new(),
            hasher: DefaultHashBuilder::default(),
            known: HashMap::new(),
            scratch: Vec::new(),
            work: 0,
            budget,
        }
    }

    /// Whether more work was asked for than the budget allows. What was computed since then is not to be believed.
    pub fn is_exhausted(&self) -> bool {
        self.work > self.budget
    }

    /// How many steps of work were done.
    pub fn work(&self) -> u64 {
        self.work
    }

    /// How many nodes there are.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether no node was made yet.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// How many classes a variable has.
    pub fn classes(&self, variable: u32) -> u32 {
        self.domains.get(variable as usize).copied().unwrap_or(1)
    }

    /// The diagram that tests one variable: the child of each class that is named, `default` for the others.
    pub fn table(&mut self, variable: u32, default: Id, children: impl IntoIterator<Item = (u32, Id)>) -> Id {
        let mut exceptions = self.scratch.pop().unwrap_or_default();
        exceptions.extend(children);
        exceptions.sort_unstable_by_key(|(class, _)| *class);
        self.node(variable, default, exceptions)
    }

    /// The diagram that is true for exactly these classes of a variable.
    pub fn one_of(&mut self, variable: u32, classes: impl IntoIterator<Item = u32>) -> Id {
        self.table(variable, Id::FALSE, classes.into_iter().map(|class| (class, Id::TRUE)))
    }

    /// Makes or finds a node. The exceptions are sorted by class, each class once; they may name every class.
    fn node(&mut self, variable: u32, default: Id, mut exceptions: Vec<(u32, Id)>) -> Id {
        let classes = self.classes(variable) as usize;
        let mut default = default;
        if exceptions.len() >= classes {
            // No class is left for the default: any child of a class will do in its place.
            default = exceptions.first().map_or(default, |(_, child)| *child);
        }
        exceptions.retain(|(_, child)| *child != default);
        self.work = self.work.saturating_add(1 + exceptions.len() as u64);
        let rest = classes.saturating_sub(exceptions.len());
        if exceptions.len() >= rest
            && let Some((child, many)) = most_frequent(&exceptions)
            && (many > rest || (many == rest && child < default))
        {
            exceptions = turned(classes, default, child, &exceptions);
            default = child;
        }
        let id = if exceptions.is_empty() { default } else { self.intern(variable, default, &exceptions) };
        exceptions.clear();
        if self.scratch.len() < 64 {
            self.scratch.push(exceptions);
        }
        id
    }

    fn intern(&mut self, variable: u32, default: Id, exceptions: &[(u32, Id)]) -> Id {
        let hash = hash(&self.hasher, variable, default, exceptions);
        let (nodes, pool) = (&self.nodes, &self.exceptions);
        let found = self.unique.find(hash, |number| {
            let node = nodes[*number as usize];
            node.variable == variable
                && node.default == default
                && pool[node.from as usize..node.until as usize] == *exceptions
        });
        if let Some(number) = found {
            return Id(*number);
        }
        let number = self.nodes.len() as u32;
        let from = self.exceptions.len();
        // A diagram that needs more numbers than there are is far past every budget.
        if number >= LEAF - 1 || from + exceptions.len() > u32::MAX as usize {
            self.work = u64::MAX;
            return Id::FALSE;
        }
        self.exceptions.extend_from_slice(exceptions);
        self.nodes.push(Node { variable, default, from: from as u32, until: self.exceptions.len() as u32 });
        let (nodes, pool, hasher) = (&self.nodes, &self.exceptions, &self.hasher);
        self.unique.insert_unique(hash, number, |number| {
            let node = nodes[*number as usize];
            self::hash(hasher, node.variable, node.default, &pool[node.from as usize..node.until as usize])
        });
        Id(number)
    }

    fn get(&self, id: Id) -> Option<Node> {
        if id.0 & LEAF == 0 { self.nodes.get(id.0 as usize).copied() } else { None }
    }

    /// The variable that a diagram tests first; after all variables for a value.
    fn variable(&self, id: Id) -> u32 {
        self.get(id).map_or(u32::MAX, |node| node.variable)
    }

    /// The child for a class of the variable that the diagram tests first.
    fn child(&self, node: Node, class: u32) -> Id {
        let exceptions = &self.exceptions[node.from as usize..node.until as usize];
        match exceptions.binary_search_by_key(&class, |(class, _)| *class) {
            Ok(at) => exceptions[at].1,
            Err(_) => node.default,
        }
    }

    /// The value at a point: one class of each variable.
    pub fn at(&self, mut id: Id, class: impl Fn(u32) -> u32) -> u32 {
        loop {
            match (id.value(), self.get(id)) {
                (Some(value), _) => return value,
                (None, Some(node)) => id = self.child(node, class(node.variable)),
                (None, None) => return 0,
            }
        }
    }

    /// The smaller of two values everywhere: `and`.
    pub fn and(&mut self, left: Id, right: Id) -> Id {
        self.apply(Operator::And, left, right)
    }

    /// The greater of two values everywhere: `or`.
    pub fn or(&mut self, left: Id, right: Id) -> Id {
        self.apply(Operator::Or, left, right)
    }

    fn apply(&mut self, operator: Operator, left: Id, right: Id) -> Id {
        let (weak, strong) = match operator {
            Operator::And => (Id::TRUE, Id::FALSE),
            Operator::Or => (Id::FALSE, Id::TRUE),
        };
        if left == right || right == weak || left == strong {
            return left;
        }
        if left == weak || right == strong {
            return right;
        }
        if let (Some(one), Some(other)) = (left.value(), right.value()) {
            return Id::leaf(if operator == Operator::And { one.min(other) } else { one.max(other) });
        }
        if self.is_exhausted() {
            return Id::FALSE;
        }
        let (left, right) = (left.min(right), left.max(right));
        if let Some(known) = self.known.get(&(operator, left, right)) {
            return *known;
        }
        let result = self.descend(left, right, &mut |diagrams, left, right| diagrams.apply(operator, left, right));
        self.known.insert((operator, left, right), result);
        result
    }

    /// The node over the first variable of either, with children made of theirs.
    fn descend(&mut self, left: Id, right: Id, join: &mut dyn FnMut(&mut Self, Id, Id) -> Id) -> Id {
        let variable = self.variable(left).min(self.variable(right));
        let whole = |id| Node { variable, default: id, from: 0, until: 0 };
        let one = self.get(left).filter(|node| node.variable == variable).unwrap_or(whole(left));
        let other = self.get(right).filter(|node| node.variable == variable).unwrap_or(whole(right));
        let mut exceptions = self.scratch.pop().unwrap_or_default();
        let (mut a, mut b) = (one.from as usize, other.from as usize);
        let (a_end, b_end) = (one.until as usize, other.until as usize);
        while a < a_end || b < b_end {
            let next_a = if a < a_end { self.exceptions[a] } else { (u32::MAX, one.default) };
            let next_b = if b < b_end { self.exceptions[b] } else { (u32::MAX, other.default) };
            let class = next_a.0.min(next_b.0);
            let mut children = (one.default, other.default);
            if next_a.0 == class {
                children.0 = next_a.1;
                a += 1;
            }
            if next_b.0 == class {
                children.1 = next_b.1;
                b += 1;
            }
            exceptions.push((class, join(self, children.0, children.1)));
        }
        let default = join(self, one.default, other.default);
        self.node(variable, default, exceptions)
    }

    /// `not` in Kleene's logic.
    pub fn not(&mut self, id: Id) -> Id {
        self.map(id, &mut |value| 2 - value.min(2))
    }

    /// The diagram with every value replaced.
    pub fn map(&mut self, id: Id, value: &mut dyn FnMut(u32) -> u32) -> Id {
        self.mapped(id, value, &mut HashMap::new())
    }

    fn mapped(&mut self, id: Id, value: &mut dyn FnMut(u32) -> u32, known: &mut HashMap<Id, Id>) -> Id {
        if let Some(old) = id.value() {
            return Id::leaf(value(old));
        }
        if let Some(new) = known.get(&id) {
            return *new;
        }
        let Some(node) = self.get(id).filter(|_| !self.is_exhausted()) else { return Id::FALSE };
        let mut exceptions = self.scratch.pop().unwrap_or_default();
        for at in node.from as usize..node.until as usize {
            let (class, child) = self.exceptions[at];
            exceptions.push((class, self.mapped(child, value, known)));
        }
        let default = self.mapped(node.default, value, known);
        let new = self.node(node.variable, default, exceptions);
        known.insert(id, new);
        new
    }

    /// The diagram with everything from a variable on replaced by one value.
    pub(crate) fn cut(&mut self, id: Id, variable: u32, value: &mut dyn FnMut(&Self, Id) -> u32) -> Id {
        self.cut_down(id, variable, value, &mut HashMap::new())
    }

    fn cut_down(
        &mut self,
        id: Id,
        variable: u32,
        value: &mut dyn FnMut(&Self, Id) -> u32,
        known: &mut HashMap<Id, Id>,
    ) -> Id {
        if let Some(new) = known.get(&id) {
            return *new;
        }
        if self.is_exhausted() {
            return Id::FALSE;
        }
        let new = match self.get(id).filter(|node| node.variable < variable) {
            None => Id::leaf(value(self, id)),
            Some(node) => {
                let mut exceptions = self.scratch.pop().unwrap_or_default();
                for at in node.from as usize..node.until as usize {
                    let (class, child) = self.exceptions[at];
                    exceptions.push((class, self.cut_down(child, variable, value, known)));
                }
                let default = self.cut_down(node.default, variable, value, known);
                self.node(node.variable, default, exceptions)
            }
        };
        known.insert(id, new);
        new
    }

    /// The variable that a diagram tests first; nothing for a value.
    pub(crate) fn first(&self, id: Id) -> Option<u32> {
        self.get(id).map(|node| node.variable)
    }

    /// The diagram for a class of the variable that it tests first.
    pub(crate) fn child_of(&self, id: Id, class: u32) -> Id {
        self.get(id).map_or(id, |node| self.child(node, class))
    }

    /// Whether the value is one of those wanted, as true and false.
    pub fn holds(&mut self, id: Id, wanted: impl Fn(u32) -> bool) -> Id {
        self.map(id, &mut |value| if wanted(value) { 2 } else { 0 })
    }

    /// Two diagrams joined value by value.
    pub fn join(&mut self, left: Id, right: Id, value: &mut dyn FnMut(u32, u32) -> u32) -> Id {
        self.joined(left, right, value, &mut HashMap::new())
    }

    fn joined(
        &mut self,
        left: Id,
        right: Id,
        value: &mut dyn FnMut(u32, u32) -> u32,
        known: &mut HashMap<(Id, Id), Id>,
    ) -> Id {
        if let (Some(one), Some(other)) = (left.value(), right.value()) {
            return Id::leaf(value(one, other));
        }
        if let Some(new) = known.get(&(left, right)) {
            return *new;
        }
        if self.is_exhausted() {
            return Id::FALSE;
        }
        let new = self.descend(left, right, &mut |diagrams, left, right| diagrams.joined(left, right, value, known));
        known.insert((left, right), new);
        new
    }

    /// The `and` of many, as a balanced tree so that no intermediate result is larger than it must be.
    pub fn all(&mut self, ids: Vec<Id>) -> Id {
        self.fold(ids, Id::TRUE, Self::and)
    }

    /// The `or` of many.
    pub fn any(&mut self, ids: Vec<Id>) -> Id {
        self.fold(ids, Id::FALSE, Self::or)
    }

    fn fold(&mut self, mut ids: Vec<Id>, empty: Id, join: fn(&mut Self, Id, Id) -> Id) -> Id {
        while ids.len() > 1 {
            ids = ids
                .chunks(2)
                .map(|pair| match *pair {
                    [left, right] => join(self, left, right),
                    [one] => one,
                    _ => empty,
                })
                .collect();
        }
        ids.first().copied().unwrap_or(empty)
    }
}

fn hash(hasher: &DefaultHashBuilder, variable: u32, default: Id, exceptions: &[(u32, Id)]) -> u64 {
    let mut state = hasher.build_hasher();
    (variable, default).hash(&mut state);
    exceptions.hash(&mut state);
    state.finish()
}

/// The child that most exceptions have, the smallest of several, and how many have it.
fn most_frequent(exceptions: &[(u32, Id)]) -> Option<(Id, usize)> {
    let mut children: Vec<Id> = exceptions.iter().map(|(_, child)| *child).collect();
    children.sort_unstable();
    let mut best: Option<(Id, usize)> = None;
    for run in children.chunk_by(|a, b| a == b) {
        if best.is_none_or(|(_, many)| run.len() > many) {
            best = run.first().map(|child| (*child, run.len()));
        }
    }
    best
}

/// The same children with another default: what had the old one is named now.
fn turned(classes: usize, old: Id, new: Id, exceptions: &[(u32, Id)]) -> Vec<(u32, Id)> {
    let mut named = exceptions.iter().peekable();
    let mut turned = Vec::with_capacity(classes);
    for class in 0..classes as u32 {
        let child = named.next_if(|(other, _)| *other == class).map_or(old, |(_, child)| *child);
        if child != new {
            turned.push((class, child));
        }
    }
    turned
}
