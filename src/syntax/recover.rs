//! What is done with a piece that could not be read: where it hides several (a `;` or `>` is missing) it is cut once
//! more, and each part is read by itself, put right where an idiom is the fault, or kept as a bad piece.

pub(crate) mod start;

use std::cell::Cell;

use crate::source::Span;
use crate::syntax::block::Block;
use crate::syntax::cut::{Mark, Piece};
use crate::syntax::file::File;
use crate::syntax::idiom::{self, Finding, Look};
use crate::syntax::parse::{Line, Shape, Stop};
use crate::syntax::token::{self, Kind, Token};
use crate::syntax::{explain, fault, repair, words};

/// A part of a piece: what stands between two places where something begins.
struct Part<'p> {
    tokens: &'p [Token],
    span: Span,
    /// The mark behind it; nothing where the mark is missing.
    mark: Option<Mark>,
    mark_span: Span,
    doc: Vec<Span>,
}

impl Part<'_> {
    /// With its `;`, if it has one.
    fn whole(&self) -> Span {
        if self.mark == Some(Mark::Semicolon) { self.span.to(self.mark_span) } else { self.span }
    }

    fn broken_text(&self) -> bool {
        self.tokens.last().is_some_and(|token| token.kind == Kind::OpenText)
    }
}

impl File<'_> {
    /// A mark with no word before it.
    pub(super) fn mark(&mut self, mark: Mark, place: Span) {
        match mark {
            Mark::Close => self.close(place),
            Mark::End => {
                if let Some(block) = self.block.take() {
                    self.fault(fault::unclosed(self.file, self.text, &block, None));
                    self.items.push(block.close(None));
                }
            }
            Mark::Semicolon => self.stray(place, fault::stray_semicolon),
            Mark::Open => {
                self.stray(place, fault::stray_open);
                match &mut self.block {
                    Some(block) => block.strays += 1,
                    None => self.block = Some(Block::bad(place, place, Vec::new())),
                }
            }
        }
    }

    fn close(&mut self, place: Span) {
        match self.block.take() {
            Some(mut block) if block.strays > 0 => {
                block.strays -= 1;
                self.block = Some(block);
            }
            Some(block) => {
                let brace = |span: Span| matches!(span.of(self.text), "{" | "}");
                if brace(block.open) || brace(place) {
                    self.fault(fault::braces(self.file, self.text, block.open, place));
                }
                self.items.push(block.close(Some(place.end)));
            }
            None => self.stray(place, fault::stray_close),
        }
    }

    /// Reports a mark that belongs nowhere; neighbours of one kind are one fault.
    fn stray(&mut self, place: Span, fault: fn(crate::source::FileId, Span) -> crate::diag::Diagnostic) {
        let fault = fault(self.file, place);
        if let Some(last) = self.faults.last_mut()
            && last.name == fault.name
            && Span::new(last.place.span.end, place.start).of(self.text).trim().is_empty()
        {
            last.place.span.end = place.end;
            if let Some(edit) = last.fixes.first_mut().and_then(|fix| fix.edits.first_mut()) {
                edit.place.span.end = place.end;
            }
            return;
        }
        self.fault(fault);
    }

    /// A piece that could not be read as it stands.
    pub(super) fn recover(&mut self, piece: Piece) {
        let tokens = token::tokens(self.text, piece.span);
        let inside = self.block.as_ref().map(Block::shape);
        let cuts = start::cuts(self.text, &tokens, inside, piece.mark);
        let mut doc = piece.doc;
        let mut from = 0;
        for cut in cuts.into_iter().chain([tokens.len()]) {
            let Some(part) = tokens.get(from..cut).filter(|part| !part.is_empty()) else { continue };
            let last = cut == tokens.len();
            let end = if last { piece.span.end } else { part.last().map_or(piece.span.end, |token| token.span.end) };
            let part = Part {
                tokens: part,
                span: Span::new(part.first().map_or(piece.span.start, |token| token.span.start), end),
                mark: last.then_some(piece.mark),
                mark_span: if last { piece.mark_span } else { Span::new(end, end) },
                doc: std::mem::take(&mut doc),
            };
            self.part(part);
            from = cut;
        }
        if piece.mark == Mark::Close {
            self.mark(piece.mark, piece.mark_span);
        }
    }

    fn part(&mut self, part: Part<'_>) {
        if self.block.is_some() && start::begins_item(self.text, part.tokens, 0, part.mark.unwrap_or(Mark::Semicolon)) {
            self.unclosed(part.span);
        }
        match self.block.as_ref().map(Block::shape) {
            Some(shape) => self.inner(part, shape),
            None => self.outer(part),
        }
    }

    /// The block that is open ends here, without its `>`, since an item begins.
    fn unclosed(&mut self, next: Span) {
        if let Some(block) = self.block.take() {
            self.fault(fault::unclosed(self.file, self.text, &block, Some(next)));
            self.items.push(block.close(None));
        }
    }

    /// A part inside a block.
    fn inner(&mut self, part: Part<'_>, shape: Option<Shape>) {
        if part.mark == Some(Mark::Open) {
            self.push(Line::Bad, part.span, part.doc);
            return self.mark(Mark::Open, part.mark_span);
        }
        let shape = match (shape, token::word(self.text, part.tokens.first())) {
            (Some(shape), _) => Some(shape),
            (None, word) if words::STATEMENTS.contains(&word) => Some(Shape::Statement),
            (None, "expect") => Some(Shape::Expectation),
            (None, _) => None,
        };
        // What is wrong in a block that stands where none may was said at its `<`.
        let stray = self.block.as_ref().is_some_and(|block| block.strays > 0);
        let shape = shape.filter(|shape| !stray || *shape == Shape::Statement);
        let line = match shape {
            Some(shape) => self.line(&part, shape, None),
            None => Line::Bad,
        };
        if shape.is_some() {
            self.semicolon(&part);
        }
        self.push(line, part.whole(), part.doc);
    }

    /// Reports that the `;` of a part is missing. Where a quote is missing the string has eaten it.
    fn semicolon(&mut self, part: &Part<'_>) {
        if part.mark != Some(Mark::Semicolon) && !part.broken_text() {
            self.fault(fault::missing_semicolon(self.file, self.text, part.span));
        }
    }

    /// A part outside all blocks.
    fn outer(&mut self, part: Part<'_>) {
        let first = token::word(self.text, part.tokens.first());
        let lower = first.to_ascii_lowercase();
        let opens = part.mark == Some(Mark::Open);
        if words::HEADERS.contains(&lower.as_str()) {
            return self.header(part, None);
        }
        if words::ITEMS.contains(&lower.as_str()) && !opens {
            let line = self.line(&part, Shape::Item, None);
            self.semicolon(&part);
            return self.push(line, part.whole(), part.doc);
        }
        let place = part.tokens.first().map_or(part.span, |token| token.span);
        if !words::STATEMENTS.contains(&first) && first != "expect" && !first.is_empty() {
            let list: &[&str] = if opens { &words::HEADERS } else { &words::ITEMS };
            let near = words::nearest(first, list).or_else(|| (opens && first == "payee").then_some("payees"));
            if let Some(near) = near {
                let misspelt = Finding {
                    fault: Some(fault::misspelt(self.file, place, first, near)),
                    edits: vec![(place, near.to_owned())],
                    keeps: true,
                };
                if opens {
                    return self.header(part, Some(misspelt));
                }
                let line = self.line(&part, Shape::Item, Some(misspelt));
                self.semicolon(&part);
                return self.push(line, part.whole(), part.doc);
            }
        }
        self.fault(if words::STATEMENTS.contains(&first) || first == "expect" {
            fault::outside(self.file, place, first)
        } else if opens && words::ITEMS.contains(&first) {
            fault::no_block(self.file, part.mark_span, first)
        } else {
            fault::unknown_item(self.file, place, place.of(self.text))
        });
        if opens {
            self.block = Some(Block::bad(part.span.to(part.mark_span), part.mark_span, part.doc));
        } else {
            self.push(Line::Bad, part.whole(), part.doc);
        }
    }

    /// A part that begins like an item with a block.
    fn header(&mut self, part: Part<'_>, misspelt: Option<Finding>) {
        if part.mark != Some(Mark::Open)
            && let Some(length) = start::header_length(self.text, part.tokens)
        {
            // The `<` is missing, and the first line stands behind the header.
            let (head, rest) = part.tokens.split_at(length);
            let end = head.last().map_or(part.span.end, |token| token.span.end);
            let place = Span::new(end, end);
            let head = Part {
                tokens: head,
                span: Span::new(part.span.start, end),
                mark: None,
                mark_span: place,
                doc: part.doc,
            };
            self.open(head, misspelt);
            let start = rest.first().map_or(end, |token| token.span.start);
            let rest = Part { tokens: rest, span: Span::new(start, part.span.end), doc: Vec::new(), ..part };
            return self.inner(rest, self.block.as_ref().and_then(Block::shape));
        }
        let ends = matches!(part.mark, Some(Mark::Semicolon | Mark::End));
        let end = part.whole().end;
        self.open(part, misspelt);
        if ends && let Some(block) = self.block.take() {
            // `key "x";`: there is no block.
            self.items.push(block.close(Some(end)));
        }
    }

    fn open(&mut self, part: Part<'_>, misspelt: Option<Finding>) {
        let line = self.line(&part, Shape::Header, misspelt);
        if part.mark != Some(Mark::Open) && !part.broken_text() {
            self.fault(fault::missing_open(self.file, self.text, part.span, part.mark.is_none()));
        }
        let span = if part.mark == Some(Mark::Open) { part.span.to(part.mark_span) } else { part.span };
        self.block = Some(match line {
            Line::Header(header) => Block::new(header, span, part.mark_span, part.doc),
            _ => Block::bad(span, part.mark_span, part.doc),
        });
    }

    /// Reads a part, with its idioms put right, and reports what is wrong with it.
    fn line(&mut self, part: &Part<'_>, shape: Shape, misspelt: Option<Finding>) -> Line {
        let stop = match self.reader.read(shape, part.span.of(self.text), part.span.start as usize, &mut self.soft) {
            Ok(line) => return self.softly(line, part.span),
            Err(stop) => stop,
        };
        let look = Look { file: self.file, text: self.text, tokens: part.tokens, shape, named: Cell::new(0) };
        let mut found = idiom::find(&look);
        if let Some(misspelt) = misspelt {
            found.retain(|other| {
                other.edits.first().is_none_or(|edit| Some(edit.0) != misspelt.edits.first().map(|edit| edit.0))
            });
            found.insert(0, misspelt);
        }
        let mut edits: Vec<(Span, String)> = Vec::new();
        let mut keeps = true;
        let mut explained = false;
        for finding in found {
            keeps &= finding.keeps;
            explained |= finding.edits.is_empty();
            edits.extend(finding.edits);
            if let Some(fault) = finding.fault {
                self.fault(fault);
            }
        }
        if edits.is_empty() {
            if !explained {
                let at = part.span.start + u32::try_from(stop.at).unwrap_or_default();
                self.explain(&look, &stop, at);
            }
            return Line::Bad;
        }
        edits.sort_by_key(|(place, _)| *place);
        let repaired = repair::apply(self.text, part.span, &edits);
        match self.reader.reread(shape, &repaired, &mut self.soft) {
            Ok(line) if keeps => self.softly(line, part.span),
            Ok(_) => {
                self.soft.clear();
                Line::Bad
            }
            Err(_) if explained => Line::Bad,
            Err(stop) => {
                let at = repaired.back(stop.at, stop.at).start;
                self.explain(&look, &stop, at);
                Line::Bad
            }
        }
    }

    fn explain(&mut self, look: &Look<'_>, stop: &Stop, at: u32) {
        if let Some(fault) = explain::explain(look, stop, at) {
            self.fault(fault);
        }
    }
}
