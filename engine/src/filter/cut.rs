//! Which values of a record stay: pointers of all fields, followed together while a record is read once.

use smallvec::SmallVec;

use super::write::Writer;
use crate::document::{Kind, Value};
use crate::pointer::{Pointer, Segment};

/// Pointers of what stays and of fields, as one tree.
#[derive(Debug)]
pub(crate) struct Cut {
    steps: Vec<Step>,
}

/// A place of the tree.
#[derive(Debug, Default)]
struct Step {
    /// Keys, sorted.
    keys: Vec<(Box<str>, u32)>,
    every: Option<u32>,
    entries: Vec<(Box<str>, Box<str>, u32)>,
    /// The step behind a `**`, reached without reading anything.
    deep: Option<u32>,
    /// Behind a `**`: any segment leads here again.
    stays: bool,
    named: Named,
}

/// By what a value is named, itself or something above it.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Named {
    /// Fields, as bits.
    pub(crate) fields: u128,
    /// What stays whatever is shown.
    pub(crate) keep: bool,
    /// A field that no rule can show.
    pub(crate) never: bool,
}

impl Named {
    fn and(self, other: Self) -> Self {
        Self { fields: self.fields | other.fields, keep: self.keep || other.keep, never: self.never || other.never }
    }

    fn is_hidden(self, shown: u128) -> bool {
        self.never || self.fields & !shown != 0
    }

    fn is_shown(self, shown: u128) -> bool {
        (self.keep || self.fields & shown != 0) && !self.is_hidden(shown)
    }
}

/// The places of the tree where a value is.
type Active = SmallVec<[u32; 8]>;

impl Cut {
    pub(crate) fn new<'p>(pointers: impl Iterator<Item = (&'p Pointer, Named)>) -> Self {
        let mut cut = Self { steps: vec![Step::default()] };
        for (pointer, named) in pointers {
            cut.add(pointer, named);
        }
        for step in &mut cut.steps {
            step.keys.sort_unstable();
        }
        cut
    }

    fn add(&mut self, pointer: &Pointer, named: Named) {
        let mut here = 0_u32;
        for segment in pointer.segments() {
            let next = u32::try_from(self.steps.len()).unwrap_or(u32::MAX);
            let Some(step) = self.step_mut(here) else { return };
            let known = match segment {
                Segment::Key(key) => step.keys.iter().find(|(known, _)| known == key).map(|(_, step)| *step),
                Segment::Every => step.every,
                Segment::Entry(key, text) => {
                    step.entries.iter().find(|(k, t, _)| k == key && t == text).map(|(_, _, step)| *step)
                }
                Segment::Deep => step.deep,
            };
            here = known.unwrap_or(next);
            if known.is_none() {
                match segment {
                    Segment::Key(key) => step.keys.push((key.clone(), next)),
                    Segment::Every => step.every = Some(next),
                    Segment::Entry(key, text) => step.entries.push((key.clone(), text.clone(), next)),
                    Segment::Deep => step.deep = Some(next),
                }
                let stays = *segment == Segment::Deep;
                self.steps.push(Step { stays, ..Step::default() });
            }
        }
        if let Some(step) = self.step_mut(here) {
            step.named = step.named.and(named);
        }
    }

    fn step(&self, number: u32) -> Option<&Step> {
        self.steps.get(usize::try_from(number).ok()?)
    }

    fn step_mut(&mut self, number: u32) -> Option<&mut Step> {
        self.steps.get_mut(usize::try_from(number).ok()?)
    }

    /// Writes what stays of a record; gives whether anything did.
    pub(crate) fn write(&self, writer: &mut Writer<'_>, record: Value<'_, '_>, shown: u128) -> bool {
        let (mut active, mut named) = (Active::new(), Named::default());
        self.enter(0, &mut active, &mut named);
        self.value(writer, record, &active, named, shown)
    }

    /// Whether some pointer names something of a value: an error answer stays only then.
    fn value(&self, writer: &mut Writer<'_>, value: Value<'_, '_>, active: &Active, named: Named, shown: u128) -> bool {
        let here = named.is_shown(shown);
        if named.is_hidden(shown) {
            return false;
        }
        if active.is_empty() || !matches!(value.kind(), Kind::Object | Kind::List) {
            if here {
                writer.copy(value);
            }
            return here;
        }
        let object = value.kind() == Kind::Object;
        let any = writer.container(value, |writer, child| {
            let (mut next, mut below) = (Active::new(), named);
            for step in active {
                if object {
                    self.member(*step, child, &mut next, &mut below)
                } else {
                    self.entry(*step, child, &mut next, &mut below)
                }
            }
            self.value(writer, child, &next, below, shown)
        });
        any || here
    }

    fn member(&self, number: u32, child: Value<'_, '_>, next: &mut Active, named: &mut Named) {
        let Some(step) = self.step(number) else { return };
        if !step.keys.is_empty() {
            let found = if child.key_is_escaped() {
                let key = child.key();
                step.keys.binary_search_by(|(known, _)| (**known).cmp(&*key))
            } else {
                step.keys.binary_search_by(|(known, _)| (**known).cmp(child.raw_key()))
            };
            if let Some((_, to)) = found.ok().and_then(|at| step.keys.get(at)) {
                self.enter(*to, next, named);
            }
        }
        self.any(step, number, next, named);
    }

    fn entry(&self, number: u32, child: Value<'_, '_>, next: &mut Active, named: &mut Named) {
        let Some(step) = self.step(number) else { return };
        for (key, text, to) in &step.entries {
            if child.get(key).is_some_and(|value| value.text_is(text)) {
                self.enter(*to, next, named);
            }
        }
        self.any(step, number, next, named);
    }

    fn any(&self, step: &Step, number: u32, next: &mut Active, named: &mut Named) {
        if let Some(to) = step.every {
            self.enter(to, next, named);
        }
        if step.stays {
            self.enter(number, next, named);
        }
    }

    /// Adds a place, and what is reached from it without reading anything. A place from which nothing leads on is only
    /// noted by what it names.
    fn enter(&self, number: u32, active: &mut Active, named: &mut Named) {
        let Some(step) = self.step(number) else { return };
        *named = named.and(step.named);
        let leads_on = step.stays || step.every.is_some() || !step.keys.is_empty() || !step.entries.is_empty();
        if leads_on && !active.contains(&number) {
            active.push(number);
        }
        if let Some(to) = step.deep {
            self.enter(to, active, named);
        }
    }
}
