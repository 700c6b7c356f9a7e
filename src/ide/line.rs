//! The line before a place: what holds it, its words, and what is being typed. Read from the text, as the tree says
//! nothing of what is inside a broken line.

use crate::ide::View;
use crate::source::{FileId, Span};
use crate::syntax::cut::{Cutter, Mark, Piece, is_doc, span};
use crate::syntax::parse::Shape;
use crate::syntax::recover::start;
use crate::syntax::token::{Kind, Token, tokens, word};
use crate::syntax::tree::ItemKind;
use crate::syntax::words;

/// What holds a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holder {
    /// Nothing: it is an item, or the beginning of one.
    File,
    /// A key or a role.
    Key,
    /// An `every key` block.
    Guardrail,
    /// A group of payees.
    Payees,
    /// A network.
    Network,
    /// A named limit.
    Limit,
    /// A test.
    Test,
    /// A block that is none of these.
    Unknown,
}

/// What is being typed at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Typed {
    /// Nothing yet.
    Nothing,
    /// A word or a value.
    Word,
    /// What stands in quotes; the second one may be missing.
    Text {
        /// Whether it is there.
        closed: bool,
    },
}

/// A line of the language, up to a place.
#[derive(Debug)]
pub(super) struct Line<'t> {
    /// The text of the file.
    pub(super) text: &'t str,
    /// What holds it.
    pub(super) holder: Holder,
    /// The header of the block that holds it.
    pub(super) header: Vec<Token>,
    /// What was written, without what is being typed.
    pub(super) tokens: Vec<Token>,
    /// What is being typed.
    pub(super) typed: Typed,
    /// Where that stands: without quotes, and with what stands behind the place.
    pub(super) place: Span,
    /// Whether only blanks stand before it on its line of text.
    pub(super) fresh: bool,
    /// Whether it begins at the margin.
    pub(super) margin: bool,
    /// Whether the block that holds it has its `>`.
    pub(super) closed: bool,
}

/// What stands at a place.
#[derive(Debug)]
pub(super) enum Here<'t> {
    /// A line of the language.
    Line(Line<'t>),
    /// A comment that is no doc comment, up to the place.
    Comment(Span),
    /// A doc comment.
    Doc,
}

/// What stands before an offset of a file.
pub(super) fn line(view: View<'_>, offset: u32) -> Here<'_> {
    let text = view.text();
    let offset = text.floor_char_boundary(offset as usize);
    let before = &text[..offset];
    let mut cutter = Cutter::new(FileId::default(), before, begin(view, offset));
    let mut holder = Holder::File;
    let mut header = Vec::new();
    let last = loop {
        let piece = cutter.next();
        if piece.mark == Mark::End {
            break piece;
        }
        enter(text, &piece, &mut holder, &mut header);
    };
    let comment = cutter.comments.iter().chain(&last.doc).max_by_key(|comment| comment.start);
    if let Some(comment) = comment.filter(|comment| !before[comment.start as usize..].contains('\n')) {
        let place = span(comment.start as usize, offset);
        return if is_doc(place.of(text)) { Here::Doc } else { Here::Comment(place) };
    }
    let mut all = tokens(before, span(last.span.start as usize, offset));
    let cuts = start::cuts(before, &all, shape(holder), Mark::End);
    if let Some(&cut) = cuts.last() {
        all.drain(..cut);
    }
    if holder != Holder::File && start::begins_item(before, &all, 0, Mark::Open) && !is_entry(before, holder, &all) {
        (holder, header) = (Holder::File, Vec::new());
    }
    let (typed, place) = take_typed(text, offset, &mut all);
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    let indent = &text[line_start..(place.start as usize).max(line_start)];
    Here::Line(Line {
        text,
        holder,
        header,
        tokens: all,
        typed,
        place,
        fresh: indent.trim().is_empty(),
        margin: indent.is_empty(),
        closed: is_closed(text, place.end as usize),
    })
}

/// Where reading begins: at the item before the one at the place, so that a missing `>` is seen.
fn begin(view: View<'_>, offset: usize) -> usize {
    let items = view.tree().map_or(&[][..], |tree| &tree.items);
    let at = items.partition_point(|item| (item.span.end as usize) < offset);
    let sound = items[..at].iter().rfind(|item| !matches!(item.kind, ItemKind::Bad));
    let bom = if view.text().starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    sound.map_or(bom, |item| item.span.start as usize).min(offset)
}

/// Goes past a piece that has its mark.
fn enter(text: &str, piece: &Piece, holder: &mut Holder, header: &mut Vec<Token>) {
    match piece.mark {
        Mark::Close => *holder = Holder::File,
        Mark::Open => {
            let mut all = tokens(text, piece.span);
            if let Some(&cut) = start::cuts(text, &all, shape(*holder), Mark::Open).last() {
                all.drain(..cut);
            }
            *holder = of_header(word(text, all.first()));
            *header = all;
        }
        Mark::Semicolon => {
            let first = piece.span.of(text).split(|c: char| !c.is_ascii_lowercase()).next().unwrap_or_default();
            if !words::HEADERS.contains(&first) && !words::ITEMS.contains(&first) {
                return;
            }
            let mut all = tokens(text, piece.span);
            if *holder != Holder::File && !start::begins_item(text, &all, 0, Mark::Semicolon) {
                return;
            }
            // Its `<` may be missing.
            match start::header_length(text, &all).filter(|_| words::HEADERS.contains(&first)) {
                Some(length) => {
                    all.truncate(length);
                    *holder = of_header(first);
                    *header = all;
                }
                None => *holder = Holder::File,
            }
        }
        Mark::End => {}
    }
}

fn of_header(first: &str) -> Holder {
    match first {
        "key" | "role" => Holder::Key,
        "every" => Holder::Guardrail,
        "payees" => Holder::Payees,
        "network" => Holder::Network,
        "limit" => Holder::Limit,
        "test" => Holder::Test,
        _ => Holder::Unknown,
    }
}

fn shape(holder: Holder) -> Option<Option<Shape>> {
    match holder {
        Holder::File => None,
        Holder::Key | Holder::Guardrail => Some(Some(Shape::Statement)),
        Holder::Payees => Some(Some(Shape::Payee)),
        Holder::Network => Some(Some(Shape::Network)),
        Holder::Limit => Some(Some(Shape::Cap)),
        Holder::Test => Some(Some(Shape::Expectation)),
        Holder::Unknown => Some(None),
    }
}

/// Whether what looks like the beginning of an item is a line of a block: `payees "x";` is both.
fn is_entry(text: &str, holder: Holder, all: &[Token]) -> bool {
    holder == Holder::Payees && word(text, all.first()) == "payees"
}

/// Takes what is being typed from the words.
fn take_typed(text: &str, offset: usize, all: &mut Vec<Token>) -> (Typed, Span) {
    let here = span(offset, offset);
    let Some(last) = all.last().copied() else { return (Typed::Nothing, here) };
    let start = last.span.start as usize;
    let behind = &text[offset..];
    match last.kind {
        Kind::OpenText if !text[start..offset].contains('\n') => {
            all.pop();
            let quote = closing_quote(behind);
            let end = quote.map_or(offset, |at| offset + at);
            (Typed::Text { closed: quote.is_some() }, span(start + 1, end))
        }
        Kind::Word | Kind::Number if last.span.end as usize == offset => {
            all.pop();
            let more = behind.find(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '_' | ':' | '.' | '/')));
            (Typed::Word, span(start, offset + more.unwrap_or(behind.len())))
        }
        _ => (Typed::Nothing, here),
    }
}

/// Where the quote stands that ends a string, if it is there: quotes on the rest of a line come in pairs but for it.
fn closing_quote(behind: &str) -> Option<usize> {
    let line = behind.split('\n').next().unwrap_or_default();
    let mut escaped = false;
    let mut quotes = line.bytes().enumerate().filter(|(_, byte)| {
        let is_quote = *byte == b'"' && !escaped;
        escaped = *byte == b'\\' && !escaped;
        is_quote
    });
    let (first, _) = quotes.next()?;
    quotes.count().is_multiple_of(2).then_some(first)
}

/// Whether a `>` comes before the next `<`.
fn is_closed(text: &str, from: usize) -> bool {
    let mut cutter = Cutter::new(FileId::default(), text, from);
    loop {
        match cutter.next().mark {
            Mark::Semicolon => {}
            mark => return mark == Mark::Close,
        }
    }
}

impl<'t> Line<'t> {
    /// What was typed so far, up to the end of the word.
    pub(super) fn typed(&self) -> &'t str {
        self.place.of(self.text)
    }
}
