//! What text goes when a line or a declaration is taken out.

use crate::source::{FileSpan, Sources, Span};

/// The text that goes with what stands at a place: its own lines when nothing else stands on them. Nothing where a comment
/// would be lost, or would speak of what comes next.
pub(crate) fn taking_out(sources: &Sources, place: FileSpan) -> Option<Span> {
    let text = &sources.get(place.file).text;
    let (start, end) = (place.span.start as usize, place.span.end as usize);
    let (before, after) = (text.get(..start)?, text.get(end..)?);
    if text.get(start..end)?.contains("//") {
        return None;
    }
    let head = before.rfind('\n').map_or(0, |at| at + 1);
    let tail = after.find('\n').map_or(after.len(), |at| at + 1);
    let (indent, rest) = (before.get(head..)?, after.get(..tail)?);
    if rest.contains("//")
        || before.get(..head)?.lines().next_back().is_some_and(|line| line.trim_start().starts_with("//"))
    {
        return None;
    }
    let own_lines = indent.trim().is_empty() && rest.trim().is_empty();
    let blanks = |text: &str| text.len() - text.trim_matches(' ').len();
    let (start, end) = match (own_lines, rest.trim().is_empty()) {
        (true, _) => (head, end + tail),
        (false, true) => (start - blanks(indent.trim_start()), end),
        (false, false) => (start, end + blanks(rest.trim_end())),
    };
    Some(Span::new(u32::try_from(start).ok()?, u32::try_from(end).ok()?))
}
