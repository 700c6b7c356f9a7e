//! The way through an answer to its records, and what becomes of each.

use jiff::Timestamp;

use super::Filter;
use super::shape::Shape;
use super::write::Writer;
use crate::document::{Kind, Value};
use crate::http::{Mode, Origin, gather};
use crate::ir::Effect;
use crate::past::Past;
use crate::pointer::Segment;
use crate::request::{self, Request};

/// An answer while it is cut.
pub(crate) struct Frame<'a, 'f> {
    pub(crate) filter: &'a Filter<'f>,
    pub(crate) shape: &'a Shape,
    pub(crate) past: &'a dyn Past,
    pub(crate) now: Timestamp,
    pub(crate) kept: usize,
    pub(crate) dropped: usize,
}

type Outside<'p> = Vec<&'p [Segment]>;

impl Frame<'_, '_> {
    pub(crate) fn write(&mut self, writer: &mut Writer<'_>, root: Value<'_, '_>) {
        let shape = self.shape;
        let outside: Outside<'_> = shape.outside.iter().map(|pointer| pointer.segments()).collect();
        let place = writer.place();
        if !self.inside(writer, root, shape.records.segments(), &outside, false) {
            writer.back_to(place);
            writer.nothing();
        }
    }

    /// Writes a value that holds records, or is one. Gives whether it stays.
    fn inside(
        &mut self,
        writer: &mut Writer<'_>,
        value: Value<'_, '_>,
        records: &[Segment],
        outside: &Outside<'_>,
        in_list: bool,
    ) -> bool {
        let Some((first, rest)) = records.split_first() else { return self.record(writer, value) };
        if !matches!(value.kind(), Kind::Object | Kind::List) {
            return false;
        }
        let object = value.kind() == Kind::Object;
        let fits = |segment: &Segment, child: Value<'_, '_>| match segment {
            Segment::Key(key) => object && child.key_is(key),
            Segment::Every => true,
            Segment::Entry(key, text) => !object && child.get(key).is_some_and(|value| value.text_is(text)),
            Segment::Deep => false,
        };
        let any = writer.container(value, |writer, child| {
            let below: Outside<'_> = outside
                .iter()
                .filter_map(|pointer| pointer.split_first())
                .filter(|(first, _)| fits(first, child))
                .map(|(_, rest)| rest)
                .collect();
            if fits(first, child) {
                return self.inside(writer, child, rest, &below, !object);
            }
            if below.iter().any(|pointer| pointer.is_empty()) {
                writer.beside(child);
                return true;
            }
            false
        });
        // The entry of a list goes with the records that stood in it; a list stays, and may be empty.
        any || !in_list
    }

    fn record(&mut self, writer: &mut Writer<'_>, record: Value<'_, '_>) -> bool {
        let fields = if self.filter.each { self.decide(record) } else { Some(self.filter.fields) };
        let Some(fields) = fields else {
            self.dropped = self.dropped.saturating_add(1);
            return false;
        };
        self.kept = self.kept.saturating_add(1);
        match &self.shape.cut {
            None => writer.copy(record),
            Some(cut) => {
                let place = writer.place();
                if !cut.write(writer, record, fields.unwrap_or(0)) {
                    writer.back_to(place);
                    writer.nothing();
                }
            }
        }
        true
    }

    /// Decides a record by itself, with what the call and the record tell; gives its fields when it is allowed.
    fn decide(&self, record: Value<'_, '_>) -> Option<Option<u128>> {
        let (policy, routed) = (self.filter.policy, self.filter.routed);
        let mut told = gather(policy, &self.shape.facts, &Origin::default(), Some(record), Mode::Forget).ok()?;
        told.also(routed.told.clone());
        told.know(policy, self.filter.known);
        told.own = told.record.and_then(|id| self.filter.known.created(routed.collection(), id));
        // A record that contradicts the policy makes no request, and so is not allowed.
        let facts = told.facts(policy).ok()?;
        let (facts, parts) = request::assemble(policy, routed.way.operation, facts, None, false).ok()?;
        let asked = routed.request();
        let request = Request {
            stamp: asked.stamp,
            id: None,
            key_name: asked.key_name.as_ref().into(),
            key: asked.key,
            operation: asked.operation,
            time: asked.time,
            ip: asked.ip,
            answer: false,
            facts,
            parts,
        };
        let decision = policy.decide(&request, self.past, self.now);
        (decision.effect() == Effect::Allow).then_some(decision.fields)
    }
}
