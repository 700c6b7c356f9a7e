//! Writes what stays of an answer, as it stood, without blanks.

use crate::document::{Kind, Value};

/// The text of an answer while it is written.
pub(crate) struct Writer<'a> {
    out: Vec<u8>,
    dropped: &'a [String],
    /// What stands beside the records: its place in `out`, and what it is when records are missing.
    beside: Vec<(usize, usize, Vec<u8>)>,
}

impl<'a> Writer<'a> {
    pub(crate) fn new(dropped: &'a [String], capacity: usize) -> Self {
        Self { out: Vec::with_capacity(capacity), dropped, beside: Vec::new() }
    }

    /// The whole text. When records are missing, what stands beside them says nothing: its texts and numbers could be
    /// those of records that were dropped.
    pub(crate) fn finish(mut self, missing: bool) -> Vec<u8> {
        if missing {
            while let Some((from, until, blank)) = self.beside.pop() {
                self.out.splice(from..until, blank);
            }
        }
        self.out
    }

    /// Writes an object or a list. `child` writes a value and says whether it stays; what it wrote of one that does not
    /// is taken back. Gives whether anything stayed.
    pub(crate) fn container(
        &mut self,
        value: Value<'_, '_>,
        mut child: impl FnMut(&mut Self, Value<'_, '_>) -> bool,
    ) -> bool {
        let object = value.kind() == Kind::Object;
        self.out.push(if object { b'{' } else { b'[' });
        let mut any = false;
        for value in value.children() {
            if object && self.is_dropped(value) {
                continue;
            }
            let mark = self.out.len();
            if any {
                self.out.push(b',');
            }
            if object {
                self.out.push(b'"');
                self.out.extend_from_slice(value.raw_key().as_bytes());
                self.out.extend_from_slice(b"\":");
            }
            if child(self, value) {
                any = true;
            } else {
                self.back_to(mark);
            }
        }
        self.out.push(if object { b'}' } else { b']' });
        any
    }

    /// Writes a value with everything below it, but for the keys that nobody may see.
    pub(crate) fn copy(&mut self, value: Value<'_, '_>) {
        match value.kind() {
            Kind::Object | Kind::List => {
                self.container(value, |writer, value| {
                    writer.copy(value);
                    true
                });
            }
            Kind::Text => {
                self.out.push(b'"');
                self.out.extend_from_slice(value.raw().as_bytes());
                self.out.push(b'"');
            }
            Kind::Number | Kind::Truth | Kind::Null => self.out.extend_from_slice(value.raw().as_bytes()),
        }
    }

    /// Writes what stands beside the records.
    pub(crate) fn beside(&mut self, value: Value<'_, '_>) {
        let from = self.out.len();
        self.copy(value);
        let mut blank = Writer::new(self.dropped, 64);
        blank.blank(value);
        self.beside.push((from, self.out.len(), blank.out));
    }

    /// Writes an object that says nothing.
    pub(crate) fn nothing(&mut self) {
        self.out.extend_from_slice(b"{}");
    }

    pub(crate) fn place(&self) -> usize {
        self.out.len()
    }

    /// Takes back what was written from a place on.
    pub(crate) fn back_to(&mut self, place: usize) {
        self.out.truncate(place);
        self.beside.retain(|(_, until, _)| *until <= place);
    }

    /// The same keys, and `null` for every value that is no object.
    fn blank(&mut self, value: Value<'_, '_>) {
        if value.kind() == Kind::Object {
            self.container(value, |writer, value| {
                writer.blank(value);
                true
            });
        } else {
            self.out.extend_from_slice(b"null");
        }
    }

    fn is_dropped(&self, value: Value<'_, '_>) -> bool {
        self.dropped.iter().any(|key| value.key_is(key))
    }
}
