//! What is done with a piece that could not be read.

use crate::source::Span;
use crate::syntax::block::Block;
use crate::syntax::cut::{Mark, Piece};
use crate::syntax::fault;
use crate::syntax::file::File;
use crate::syntax::parse::Line;

impl File<'_> {
    /// A mark with no word before it.
    pub(super) fn mark(&mut self, piece: &Piece) {
        match piece.mark {
            Mark::Close => {
                if let Some(block) = self.block.take() {
                    self.items.push(block.close(Some(piece.mark_span.end)));
                } else {
                    self.faults.push(fault::unreadable(self.file, piece.mark_span));
                }
            }
            Mark::End => {
                if let Some(block) = self.block.take() {
                    self.faults.push(fault::unreadable(self.file, block.header));
                    self.items.push(block.close(None));
                }
            }
            Mark::Semicolon | Mark::Open => self.faults.push(fault::unreadable(self.file, piece.mark_span)),
        }
    }

    /// A piece that could not be read as it stands.
    pub(super) fn recover(&mut self, piece: Piece) {
        self.soft.clear();
        self.faults.push(fault::unreadable(self.file, piece.span));
        match (&self.block, piece.mark) {
            (None, Mark::Open) => {
                self.block = Some(Block::bad(piece.whole(), piece.mark_span, piece.doc));
            }
            (_, Mark::Semicolon) => {
                let span = piece.whole();
                self.take(Line::Bad, &piece, span);
            }
            (_, Mark::Close | Mark::End | Mark::Open) => {
                self.take(Line::Bad, &piece, piece.span);
                self.mark(&Piece { span: Span::new(piece.mark_span.start, piece.mark_span.start), doc: Vec::new(), ..piece });
            }
        }
    }
}
