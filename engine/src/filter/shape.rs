//! How answers of a route are read and cut, made of what the policy says about them.

use super::cut::{Cut, Named};
use super::write::Writer;
use crate::document::Value;
use crate::http::{Fact, answer_facts};
use crate::ir;
use crate::pointer::Pointer;
use crate::policy::Policy;

/// See [`ir::Answer`].
#[derive(Debug)]
pub(crate) struct Shape {
    pub(crate) records: Pointer,
    pub(crate) outside: Vec<Pointer>,
    pub(crate) facts: Vec<Fact>,
    /// None: records stay whole.
    pub(crate) cut: Option<Cut>,
}

impl Shape {
    pub(crate) fn new(answer: &ir::Answer, policy: &Policy) -> Result<Self, String> {
        let keep = answer.keep.iter().map(|text| (text, Named { keep: true, ..Named::default() }));
        let fields = answer.fields.iter().flatten().flat_map(|field| {
            let named = match policy.field_bit(&field.field) {
                Some(fields) => Named { fields, ..Named::default() },
                None => Named { never: true, ..Named::default() },
            };
            field.at.iter().map(move |text| (text, named))
        });
        let read = |(text, named): (&String, Named)| anywhere(text).map(|pointer| (pointer, named));
        let pointers: Vec<(Pointer, Named)> = keep.chain(fields).map(read).collect::<Result<_, _>>()?;
        Ok(Self {
            records: anywhere(&answer.records)?,
            outside: answer.outside.iter().map(|text| anywhere(text)).collect::<Result<_, _>>()?,
            facts: answer_facts(&answer.facts)?,
            cut: answer.fields.is_some().then(|| Cut::new(pointers.iter().map(|(pointer, named)| (pointer, *named)))),
        })
    }

    /// Whether a shape can be made of what a document says.
    pub(crate) fn check(answer: &ir::Answer) -> Result<(), String> {
        let fields = answer.fields.iter().flatten().flat_map(|field| &field.at);
        let texts = [&answer.records].into_iter().chain(&answer.outside).chain(&answer.keep).chain(fields);
        for text in texts {
            anywhere(text)?;
        }
        answer_facts(&answer.facts).map(|_| ())
    }
}

fn anywhere(text: &str) -> Result<Pointer, String> {
    Pointer::read(text).ok_or_else(|| format!("`{text}` is no pointer"))
}

/// What stays of the answers in which the bank says that something is wrong.
#[derive(Debug)]
pub(crate) struct Errors(Cut);

impl Errors {
    /// Pointers that cannot be read name nothing.
    pub(crate) fn new(pointers: &[String]) -> Self {
        let pointers: Vec<Pointer> = pointers.iter().filter_map(|text| Pointer::read(text)).collect();
        Self(Cut::new(pointers.iter().map(|pointer| (pointer, Named { keep: true, ..Named::default() }))))
    }

    pub(crate) fn write(&self, writer: &mut Writer<'_>, root: Value<'_, '_>) {
        let place = writer.place();
        if !self.0.write(writer, root, 0) {
            writer.back_to(place);
            writer.nothing();
        }
    }
}
