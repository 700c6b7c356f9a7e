//! A file: pieces become items, and lines of the block that is open.

use crate::diag::Diagnostic;
use crate::source::{FileId, Span};
use crate::syntax::block::Block;
use crate::syntax::cut::{Cutter, MOST_FAULTS, Mark, Piece};
use crate::syntax::parse::{Line, Reader, Shape, Soft};
use crate::syntax::tree::{Item, ItemKind, Tree};
use crate::syntax::{Parse, fault};

/// Parses a file.
pub(crate) fn parse(file: FileId, text: &str) -> Parse {
    if u32::try_from(text.len()).is_err() {
        return Parse { tree: Tree::default(), faults: vec![fault::too_long(file)] };
    }
    let bom = text.starts_with('\u{feff}');
    let read = parse_from(file, text, if bom { '\u{feff}'.len_utf8() } else { 0 }, |_| false);
    let Part { mut items, mut comments, faults, .. } = read;
    items.shrink_to_fit();
    comments.shrink_to_fit();
    Parse { tree: Tree { items, comments, bom }, faults }
}

/// What was read of a file.
pub(crate) struct Part {
    pub(crate) items: Vec<Item>,
    pub(crate) comments: Vec<Span>,
    pub(crate) faults: Vec<Diagnostic>,
    /// Where reading stopped.
    pub(crate) end: usize,
}

/// Reads a file from an offset at which an item may begin, until `stop` says of an offset behind whole items that it is
/// enough, or to the end.
pub(crate) fn parse_from(file: FileId, text: &str, start: usize, mut stop: impl FnMut(usize) -> bool) -> Part {
    let mut cutter = Cutter::new(file, text, start);
    let mut state = File { file, text, ..File::default() };
    let mut batch = Vec::new();
    let mut depth = 0_usize;
    let end = loop {
        let piece = cutter.next();
        match piece.mark {
            Mark::Open => depth += 1,
            Mark::Close => depth = depth.saturating_sub(1),
            Mark::Semicolon | Mark::End => {}
        }
        let last = piece.mark == Mark::End;
        let (start, end) = (batch.first().unwrap_or(&piece).span.start, piece.mark_span.end);
        let length = end.saturating_sub(start);
        // The last piece of a sound file is empty.
        if !(last && piece.span.start == piece.span.end) {
            batch.push(piece);
        }
        let enough = !last && depth == 0 && stop(end as usize);
        if last || enough || (depth == 0 && length >= BATCH) || length >= BATCH * 16 {
            state.batch(&mut batch);
        }
        if last {
            state.end(text);
            break text.len();
        }
        if enough && state.block.is_none() {
            break end as usize;
        }
    };
    state.finish(cutter, end)
}

/// So many bytes are read at once, or more, up to the end of an item: what reading costs at all is paid once for them.
const BATCH: u32 = 4096;

/// What was read so far.
#[derive(Default)]
pub(super) struct File<'t> {
    pub(super) file: FileId,
    pub(super) text: &'t str,
    pub(super) reader: Reader,
    pub(super) items: Vec<Item>,
    pub(super) block: Option<Block>,
    pub(super) soft: Vec<Soft>,
    pub(super) faults: Vec<Diagnostic>,
    /// Doc comments that nothing took.
    loose: Vec<Span>,
}

impl File<'_> {
    /// Reads pieces that are whole items in one go, or else each by itself.
    fn batch(&mut self, pieces: &mut Vec<Piece>) {
        let mut reader = std::mem::take(&mut self.reader);
        let range = pieces.first().zip(pieces.last()).map(|(first, last)| first.span.to(last.mark_span));
        let lines = match range {
            Some(range) if self.block.is_none() => reader.read_items(range.of(self.text), range.start as usize),
            _ => None,
        };
        if let Some(mut lines) = lines {
            for piece in pieces.drain(..) {
                if piece.mark == Mark::Close {
                    self.mark(piece.mark, piece.mark_span);
                    continue;
                }
                match lines.next(&mut self.soft) {
                    Some(line) => self.line_read(line, piece),
                    None => self.recover(piece),
                }
            }
            self.reader = reader;
        } else {
            self.reader = reader;
            for piece in pieces.drain(..) {
                self.piece(piece);
            }
        }
    }

    /// The text is over.
    fn end(&mut self, text: &str) {
        let end = u32::try_from(text.len()).unwrap_or(u32::MAX);
        self.mark(Mark::End, Span::new(end, end));
    }

    /// Adds what a piece was read as.
    fn line_read(&mut self, line: Line, piece: Piece) {
        let whole = piece.whole();
        let line = if self.soft.is_empty() { line } else { self.softly(line, whole) };
        match line {
            Line::Header(header) => self.block = Some(Block::new(header, whole, piece.mark_span, piece.doc)),
            line => self.push(line, whole, piece.doc),
        }
    }

    fn piece(&mut self, piece: Piece) {
        if piece.span.start == piece.span.end {
            return self.mark(piece.mark, piece.mark_span);
        }
        let read = match (&self.block, piece.mark) {
            (None, Mark::Semicolon) => Some((Shape::Item, piece.whole())),
            (None, Mark::Open) => Some((Shape::Header, piece.span)),
            (Some(block), Mark::Semicolon) => block.shape().map(|shape| (shape, piece.whole())),
            _ => None,
        };
        let Some((shape, span)) = read else { return self.recover(piece) };
        match self.reader.read(shape, span.of(self.text), span.start as usize, &mut self.soft) {
            Ok(line) => self.line_read(line, piece),
            Err(_) => self.recover(piece),
        }
    }

    /// Adds a line to the block that is open, or to the file.
    pub(super) fn push(&mut self, line: Line, span: Span, doc: Vec<Span>) {
        if let Some(block) = &mut self.block {
            let mut loose = block.push(line, span, doc);
            self.loose.append(&mut loose);
        } else {
            let kind = if let Line::Item(kind) = line { kind } else { ItemKind::Bad };
            self.items.push(Item { span, doc, kind });
        }
    }

    /// Reports a fault. A text may have more of them than anybody can read.
    pub(super) fn fault(&mut self, fault: Diagnostic) {
        match self.faults.len() {
            MOST_FAULTS.. => {}
            length if length + 1 == MOST_FAULTS => self.faults.push(fault::too_many(self.file, fault.place.span)),
            _ => self.faults.push(fault),
        }
    }

    /// Takes a line of the right shape and reports what is wrong with it all the same.
    pub(super) fn softly(&mut self, line: Line, span: Span) -> Line {
        for soft in std::mem::take(&mut self.soft) {
            let fault = match soft {
                Soft::Twice(second, first) => fault::twice(self.file, self.text, second, first),
                Soft::TwoActions(subject, first, second) => {
                    fault::two_actions(self.file, self.text, span, subject, first, second)
                }
                Soft::AfterExcept(next, before) => fault::after_except(self.file, next, before),
                Soft::Reserved(_) => continue,
                Soft::AmbiguousHours(hours, days) => fault::ambiguous_hours(self.file, self.text, hours, days),
            };
            self.fault(fault);
        }
        line
    }

    fn finish(mut self, cutter: Cutter<'_>, end: usize) -> Part {
        let mut comments = cutter.comments;
        if !self.loose.is_empty() {
            comments.append(&mut self.loose);
            comments.sort_unstable();
        }
        for fault in cutter.faults {
            self.fault(fault);
        }
        self.faults.sort_by_key(|fault| (fault.place.span, fault.name));
        Part { items: self.items, comments, faults: self.faults, end }
    }
}
