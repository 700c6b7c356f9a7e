//! Where lines begin, how far they are indented, and which names are free.

use crate::source::Span;
use crate::syntax::tree::Item;

/// The beginning of the line of an offset.
pub(super) fn line_start(text: &str, offset: u32) -> u32 {
    let before = text.get(..offset as usize).unwrap_or(text);
    before.rfind('\n').map_or(0, |at| u32::try_from(at + 1).unwrap_or(0))
}

/// The end of the line of an offset, without its line end.
pub(super) fn line_end(text: &str, offset: u32) -> u32 {
    let rest = text.get(offset as usize..).unwrap_or_default();
    let length = rest.find('\n').unwrap_or(rest.len());
    let length = rest.get(..length).map_or(0, |line| line.trim_end_matches('\r').len());
    offset + u32::try_from(length).unwrap_or(0)
}

/// The blanks at the beginning of the line of an offset.
pub(super) fn indent(text: &str, offset: u32) -> &str {
    let line = text.get(line_start(text, offset) as usize..).unwrap_or_default();
    let length = line.find(|c| !matches!(c, ' ' | '\t')).unwrap_or(line.len());
    line.get(..length).unwrap_or_default()
}

/// What ends lines in a text.
pub(super) fn newline(text: &str) -> &'static str {
    if text.contains("\r\n") { "\r\n" } else { "\n" }
}

/// Where an item begins with its doc comment and the comments on the lines just above it.
pub(super) fn head(text: &str, item: &Item) -> u32 {
    let mut start = item.doc.first().map_or(item.span, |doc| doc.to(item.span)).start;
    loop {
        let line = line_start(text, start);
        // Something else stands before it on its line.
        if !Span::new(line, start).of(text).trim().is_empty() || line == 0 {
            return start;
        }
        let above = line_start(text, line - 1);
        if !Span::new(above, line).of(text).trim_start().starts_with("//") {
            return line;
        }
        start = above;
    }
}

/// A name that is not taken yet: the wanted one, or that one with a number.
pub(super) fn free(wanted: &str, taken: &dyn Fn(&str) -> bool) -> String {
    if !taken(wanted) {
        return wanted.to_owned();
    }
    let mut numbered = (2..1_000_000).map(|number| format!("{wanted} {number}"));
    numbered.find(|name| !taken(name)).unwrap_or_else(|| wanted.to_owned())
}
