//! The canonical layout of a file. Words, strings and comments stay as they are and comments stay in their order; only
//! blanks, line ends and the order of clauses change.

mod line;
mod token;

use crate::diag::Diagnostic;
use crate::source::FileId;
use crate::syntax::pieces::{Part, pieces};
use crate::syntax::tree::{Item, ItemKind};
use crate::syntax::{Parse, parse};
use line::{Line, WIDTH};
use token::{Kind, Token};

/// Lays a text out.
///
/// # Errors
///
/// The faults of a text that cannot be read: nothing is changed then.
pub fn format(text: &str) -> Result<String, Vec<Diagnostic>> {
    let Parse { tree, faults } = parse(FileId::default(), text);
    if !faults.is_empty() {
        return Err(faults);
    }
    let pieces = pieces(&tree, text);
    let tokens = token::tokens(text, &pieces.pieces);
    let mut page = Page {
        text,
        out: String::with_capacity(text.len() + text.len() / 8),
        tokens: &tokens,
        parts: &pieces.parts,
        full: false,
    };
    page.file(&tree.items);
    Ok(page.out)
}

/// A text while it is laid out: what is written, and what is still to be written.
struct Page<'t> {
    text: &'t str,
    out: String,
    tokens: &'t [Token],
    parts: &'t [Part],
    /// The line that is being written ends with a comment, so nothing can follow on it.
    full: bool,
}

impl<'t> Page<'t> {
    fn file(&mut self, items: &[Item]) {
        let mut after_block = false;
        for item in items {
            let block = is_block(&item.kind);
            // Blocks are parted by a blank line; it stands before the comments that lead to the next one.
            let gap = self.tokens.iter().take_while(|token| token.span.start <= item.span.start);
            let parted = gap.filter(|token| !token.trailing()).any(|token| token.blank_before);
            let mut blank = after_block && block && !parted;
            while let Some(comment) = self.take_comment() {
                blank &= !self.comment(comment, 0, blank);
            }
            let own_blank = self.tokens.first().is_some_and(|token| token.blank_before);
            self.begin_line(0, blank || own_blank);
            self.item(item);
            after_block = block;
        }
        while let Some(comment) = self.take_comment() {
            self.comment(comment, 0, false);
        }
        if !self.out.is_empty() {
            self.out.push('\n');
        }
    }

    fn item(&mut self, item: &Item) {
        let count = self.tokens.partition_point(|token| token.span.start < item.span.end);
        let (tokens, rest) = self.tokens.split_at(count);
        let commented = tokens.iter().any(|token| token.kind == Kind::Comment);
        if is_block(&item.kind) {
            let empty = tokens.len() >= 2 && tokens[tokens.len() - 2].kind == Kind::Open;
            let one_line = empty || !item.span.of(self.text).contains('\n');
            if commented || !one_line || !self.one_line(tokens) {
                self.block(tokens);
            }
        } else {
            self.tokens = tokens;
            self.unit(0, 0);
        }
        // What stands behind the last `;` or `>` was laid out before; comments there are not part of the item.
        self.tokens = rest;
    }

    /// Writes a block on one line, if it fits.
    fn one_line(&mut self, tokens: &'t [Token]) -> bool {
        let (saved, parts, length) = (self.tokens, self.parts, self.out.len());
        self.tokens = tokens;
        let mut first = true;
        while !self.tokens.is_empty() {
            if !first {
                self.out.push(' ');
            }
            first = false;
            if self.tokens.first().is_some_and(|token| token.kind == Kind::Close) {
                self.out.push('>');
                break;
            }
            let line = self.take_line();
            line.write_flat(&mut self.out);
        }
        if self.out[length..].chars().count() <= WIDTH {
            return true;
        }
        self.out.truncate(length);
        (self.tokens, self.parts) = (saved, parts);
        false
    }

    fn block(&mut self, tokens: &'t [Token]) {
        self.tokens = tokens;
        self.unit(0, 2);
        let mut first = true;
        loop {
            while let Some(comment) = self.take_comment() {
                first &= !self.comment_after(comment, 2, first);
            }
            match self.tokens.first() {
                None => return,
                Some(token) if token.kind == Kind::Close => {
                    self.begin_line(0, false);
                    self.out.push('>');
                    self.tokens = &self.tokens[1..];
                    return;
                }
                Some(token) => {
                    self.begin_line(2, token.blank_before && !first);
                    self.unit(2, 2);
                    first = false;
                }
            }
        }
    }

    /// A line and its `;` or `<`; what is written behind it on lines of their own is indented by `inner`.
    fn unit(&mut self, indent: usize, inner: usize) {
        let end = self.tokens.iter().position(|token| matches!(token.kind, Kind::Semicolon | Kind::Open));
        let end = end.unwrap_or(self.tokens.len());
        let solid = self.tokens[..end].iter().rposition(|token| token.kind != Kind::Comment).map_or(0, |last| last + 1);
        let commented = self.tokens[..solid].iter().any(|token| token.kind == Kind::Comment);
        // A doc comment would belong to what follows, were it written behind the `;`.
        let doc_behind = self.tokens[solid..end].iter().any(|token| token.is_doc(self.text));
        if commented || doc_behind {
            let solid = if doc_behind { end } else { solid };
            let behind = self.commented(indent, solid, end);
            return self.behind(behind, inner);
        }
        let tail = &self.tokens[solid..end];
        let line = self.take_line();
        line.write(&mut self.out, indent);
        self.behind(tail, inner);
    }

    /// Comments before a `;` or `<` are written behind it.
    fn behind(&mut self, comments: &'t [Token], indent: usize) {
        for &comment in comments {
            self.comment(Token { blank_before: false, ..comment }, indent, false);
        }
    }

    /// Takes the tokens up to and with the next `;` or `<`.
    fn take_line(&mut self) -> Line {
        let end = self.tokens.iter().position(|token| matches!(token.kind, Kind::Semicolon | Kind::Open));
        let end = end.unwrap_or(self.tokens.len());
        let (tokens, rest) = self.tokens.split_at(end);
        let mark = rest.first().map_or("", |token| if token.kind == Kind::Open { " <" } else { ";" });
        self.tokens = rest.get(1..).unwrap_or_default();
        // Comments right before the mark are written behind it.
        let solid = tokens.iter().rposition(|token| token.kind != Kind::Comment).map_or(0, |last| last + 1);
        line::line(self.text, &tokens[..solid], &mut self.parts, mark)
    }

    /// A line with comments in it: everything stays in its order, each part on its own line. Returns the comments
    /// that are still to be written.
    fn commented(&mut self, indent: usize, solid: usize, end: usize) -> &'t [Token] {
        let (tokens, rest) = self.tokens.split_at(solid);
        let (mut fresh, mut in_part) = (true, false);
        let mut after_comment = false;
        let mut previous: Option<Token> = None;
        for &token in tokens {
            if token.kind == Kind::Comment {
                self.comment_in(token, indent + 4);
                after_comment = true;
                continue;
            }
            let begins = self.begins_part(token);
            in_part |= begins;
            if after_comment || (begins && !fresh) {
                self.begin_line(indent + if in_part && !begins { 8 } else { 4 }, false);
            } else if previous.is_some_and(|previous| token::blank_between(previous.kind, token.kind)) {
                self.out.push(' ');
            }
            self.out.push_str(token.span.of(self.text));
            (fresh, after_comment) = (false, false);
            previous = Some(token);
        }
        let mark = self.tokens.get(end).map_or("", |token| if token.kind == Kind::Open { "<" } else { ";" });
        if after_comment {
            self.begin_line(indent + 4, false);
        } else if mark == "<" {
            self.out.push(' ');
        }
        self.out.push_str(mark);
        self.tokens = self.tokens.get(end + 1..).unwrap_or_default();
        &rest[..end - solid]
    }

    /// Whether a clause, an `unless` or a fact begins at a token; clauses inside `unless` do not count.
    fn begins_part(&mut self, token: Token) -> bool {
        let mut begins = false;
        while let Some((part, rest)) = self.parts.split_first() {
            let (Part::Clause(span, _) | Part::Unless(span) | Part::Fact(span)) = *part;
            if span.start > token.span.start {
                break;
            }
            begins = true;
            self.parts = rest;
            if let Part::Unless(block) = *part {
                let inside = |part: &Part| matches!(part, Part::Clause(span, _) if span.start < block.end);
                let count = self.parts.iter().take_while(|part| inside(part)).count();
                self.parts = &self.parts[count..];
            }
        }
        begins
    }

    fn take_comment(&mut self) -> Option<Token> {
        let (&first, rest) = self.tokens.split_first()?;
        if first.kind != Kind::Comment {
            return None;
        }
        self.tokens = rest;
        Some(first)
    }

    /// Writes a comment; `blank` asks for a blank line before it. Says whether it stands on its own line.
    fn comment(&mut self, comment: Token, indent: usize, blank: bool) -> bool {
        let own = !comment.trailing() || comment.is_doc(self.text) || self.out.is_empty() || self.full;
        if own {
            self.begin_line(indent, blank || comment.blank_before);
        } else {
            self.out.push(' ');
        }
        self.out.push_str(comment.span.of(self.text));
        self.full = true;
        own
    }

    /// Writes a comment in a block; the first line of a block has no blank line before it.
    fn comment_after(&mut self, comment: Token, indent: usize, first: bool) -> bool {
        let blank_before = comment.blank_before && !first;
        self.comment(Token { blank_before, ..comment }, indent, false)
    }

    /// Writes a comment inside a line.
    fn comment_in(&mut self, comment: Token, indent: usize) {
        if comment.trailing() {
            self.out.push(' ');
        } else {
            self.begin_line(indent, false);
        }
        self.out.push_str(comment.span.of(self.text));
        self.full = true;
    }

    fn begin_line(&mut self, indent: usize, blank: bool) {
        if !self.out.is_empty() {
            self.out.push_str(if blank { "\n\n" } else { "\n" });
        }
        self.out.extend(std::iter::repeat_n(' ', indent));
        self.full = false;
    }
}

const fn is_block(kind: &ItemKind) -> bool {
    matches!(
        kind,
        ItemKind::Payees { .. }
            | ItemKind::Network { .. }
            | ItemKind::Limit { .. }
            | ItemKind::Role { .. }
            | ItemKind::Key { .. }
            | ItemKind::Guardrail { .. }
            | ItemKind::Test(_)
    )
}
