//! One line of a file: its head, its parts in order, its mark.

use super::token::{Kind, Token, blank_between};
use crate::source::Span;
use crate::syntax::pieces::Part;

/// A line is this long at most, where it can be broken.
pub(super) const WIDTH: usize = 100;

/// A piece of a line that is written in one go where it fits; it can be broken behind its commas.
#[derive(Debug, Default)]
struct Run {
    text: String,
    breaks: Vec<usize>,
}

/// A line.
#[derive(Debug)]
pub(super) struct Line {
    head: Run,
    parts: Vec<Run>,
    mark: &'static str,
}

/// Reads a line without comments, and sorts its clauses. `parts` are the parts that come next in the file.
pub(super) fn line(text: &str, tokens: &[Token], parts: &mut &[Part], mark: &'static str) -> Line {
    let mut tokens = tokens;
    let end = tokens.last().map_or(0, |token| token.span.end);
    let head = take_before(text, &mut tokens, parts.first().map_or(end, |part| span(*part).start));
    let mut ranked: Vec<(u8, Run)> = Vec::new();
    while let Some((&part, rest)) = parts.split_first() {
        if span(part).start >= end {
            break;
        }
        *parts = rest;
        let (rank, run) = match part {
            Part::Clause(span, rank) => (rank, take_before(text, &mut tokens, span.end)),
            Part::Fact(span) => (0, take_before(text, &mut tokens, span.end)),
            Part::Unless(block) => (u8::MAX, unless(text, &mut tokens, parts, block)),
        };
        ranked.push((rank, run));
    }
    ranked.sort_by_key(|(rank, _)| *rank);
    Line { head, parts: ranked.into_iter().map(|(_, run)| run).collect(), mark }
}

/// An `unless` block with its clauses sorted.
fn unless(text: &str, tokens: &mut &[Token], parts: &mut &[Part], block: Span) -> Run {
    let mut ranked: Vec<(u8, Run)> = Vec::new();
    while let Some((&Part::Clause(span, rank), rest)) = parts.split_first() {
        if span.start >= block.end {
            break;
        }
        *parts = rest;
        // `unless` or `and` stands before each.
        take_before(text, tokens, span.start);
        ranked.push((rank, take_before(text, tokens, span.end)));
    }
    ranked.sort_by_key(|(rank, _)| *rank);
    let mut whole = Run::default();
    for (index, (_, run)) in ranked.into_iter().enumerate() {
        whole.text.push_str(if index == 0 { "unless " } else { " and " });
        if index > 0 {
            // A block of several clauses can be broken before its `and`s, too.
            whole.breaks.push(whole.text.len() - "and ".len());
        }
        let start = whole.text.len();
        whole.breaks.extend(run.breaks.into_iter().map(|at| start + at));
        whole.text.push_str(&run.text);
    }
    whole
}

const fn span(part: Part) -> Span {
    match part {
        Part::Clause(span, _) | Part::Unless(span) | Part::Fact(span) => span,
    }
}

/// Takes the tokens that begin before an offset.
fn take_before(text: &str, tokens: &mut &[Token], end: u32) -> Run {
    let count = tokens.iter().position(|token| token.span.start >= end).unwrap_or(tokens.len());
    let (taken, rest) = tokens.split_at(count);
    *tokens = rest;
    let mut run = Run::default();
    let mut before: Option<Kind> = None;
    for token in taken {
        if before.is_some_and(|before| blank_between(before, token.kind)) {
            run.text.push(' ');
            if before == Some(Kind::Comma) {
                run.breaks.push(run.text.len());
            }
        }
        run.text.push_str(token.span.of(text));
        before = Some(token.kind);
    }
    run
}

impl Line {
    /// Writes everything on one line.
    pub(super) fn write_flat(&self, out: &mut String) {
        out.push_str(&self.head.text);
        for part in &self.parts {
            out.push(' ');
            out.push_str(&part.text);
        }
        out.push_str(self.mark);
    }

    /// Writes the line, whose indent is written already: on one line where it fits, else each part on its own.
    pub(super) fn write(&self, out: &mut String, indent: usize) {
        let parts = self.parts.iter().map(|part| width(&part.text) + 1).sum::<usize>();
        if indent + width(&self.head.text) + parts + self.mark.len() <= WIDTH {
            return self.write_flat(out);
        }
        self.head.write(out, indent, indent + 4, if self.parts.is_empty() { self.mark.len() } else { 0 });
        for (index, part) in self.parts.iter().enumerate() {
            let last = index + 1 == self.parts.len();
            new_line(out, indent + 4);
            part.write(out, indent + 4, indent + 8, if last { self.mark.len() } else { 0 });
        }
        out.push_str(self.mark);
    }
}

impl Run {
    /// Writes the run from column `at`, broken where it does not fit; `behind` columns are kept for its mark.
    fn write(&self, out: &mut String, at: usize, indent: usize, behind: usize) {
        let mut column = at;
        let mut start = 0;
        for end in self.breaks.iter().copied().chain([self.text.len()]) {
            let piece = self.text.get(start..end).unwrap_or_default();
            let solid = width(piece.trim_end());
            let kept = if end == self.text.len() { behind } else { 0 };
            if start > 0 && column + solid + kept > WIDTH {
                out.truncate(out.trim_end_matches(' ').len());
                new_line(out, indent);
                column = indent;
            }
            out.push_str(piece);
            column += width(piece);
            start = end;
        }
    }
}

fn new_line(out: &mut String, indent: usize) {
    out.push('\n');
    out.extend(std::iter::repeat_n(' ', indent));
}

fn width(text: &str) -> usize {
    text.chars().count()
}
