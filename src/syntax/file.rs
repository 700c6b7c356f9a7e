//! A file: pieces become items, and lines of the block that is open.

use crate::diag::Diagnostic;
use crate::source::{FileId, Span};
use crate::syntax::block::Block;
use crate::syntax::cut::{Cutter, Mark, Piece};
use crate::syntax::parse::{Line, Reader, Shape, Soft};
use crate::syntax::tree::{Item, ItemKind, Tree};
use crate::syntax::{Parse, fault};

/// Parses a file.
pub(crate) fn parse(file: FileId, text: &str) -> Parse {
    if u32::try_from(text.len()).is_err() {
        return Parse { tree: Tree::default(), faults: vec![fault::too_long(file)] };
    }
    let bom = text.starts_with('\u{feff}');
    let mut cutter = Cutter::new(file, text, if bom { '\u{feff}'.len_utf8() } else { 0 });
    let mut state = File { file, text, ..File::default() };
    loop {
        let piece = cutter.next();
        let last = piece.mark == Mark::End;
        state.piece(piece);
        if last {
            break;
        }
    }
    state.finish(cutter, bom)
}

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
    fn piece(&mut self, piece: Piece) {
        if piece.span.start == piece.span.end {
            return self.mark(&piece);
        }
        let shape = match (&self.block, piece.mark) {
            (None, Mark::Semicolon) => Some(Shape::Item),
            (None, Mark::Open) => Some(Shape::Header),
            (Some(block), Mark::Semicolon) => block.shape(),
            _ => None,
        };
        let whole = piece.whole();
        if let Some(shape) = shape
            && let Ok(line) = self.reader.read(shape, whole.of(self.text), whole.start as usize, &mut self.soft)
            && self.soft.is_empty()
        {
            return self.take(line, &piece, whole);
        }
        self.recover(piece);
    }

    /// Adds a line that was read to the block that is open, or to the file.
    pub(super) fn take(&mut self, line: Line, piece: &Piece, span: Span) {
        let doc = piece.doc.clone();
        match (line, &mut self.block) {
            (Line::Header(header), _) => self.block = Some(Block::new(header, span, piece.mark_span, doc)),
            (line, Some(block)) => {
                let mut loose = block.push(line, span, doc);
                self.loose.append(&mut loose);
            }
            (line, None) => {
                let kind = if let Line::Item(kind) = line { kind } else { ItemKind::Bad };
                self.items.push(Item { span, doc, kind });
            }
        }
    }

    fn finish(mut self, mut cutter: Cutter<'_>, bom: bool) -> Parse {
        let mut comments = std::mem::take(&mut cutter.comments);
        if !self.loose.is_empty() {
            comments.append(&mut self.loose);
            comments.sort_unstable();
        }
        comments.shrink_to_fit();
        self.faults.append(&mut cutter.faults);
        self.faults.sort_by_key(|fault| fault.place.span.start);
        self.items.shrink_to_fit();
        Parse { tree: Tree { items: self.items, comments, bom }, faults: self.faults }
    }
}
