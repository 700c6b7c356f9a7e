//! Lints in comments that hide them: `// bpol: allow(…`.

use super::{Change, Completion, Kind};
use crate::lint;
use crate::source::Span;

/// The lints that can be named at the end of a comment.
pub(super) fn completions(text: &str, comment: Span) -> Vec<Completion> {
    let said = comment.of(text);
    let list = said
        .strip_prefix("//")
        .and_then(|rest| rest.trim_start().strip_prefix("bpol:"))
        .and_then(|rest| rest.trim_start().strip_prefix("allow"))
        .and_then(|rest| rest.trim_start().strip_prefix('('));
    let Some(list) = list.filter(|list| !list.contains(')')) else { return Vec::new() };
    let typed = list.rsplit(',').next().unwrap_or_default().trim_start();
    let end = comment.end as usize;
    let more = text[end..].find(|c: char| !(c.is_alphanumeric() || c == '-')).unwrap_or(text.len() - end);
    let start = end - typed.len();
    let place = Span::new(u32::try_from(start).unwrap_or(u32::MAX), u32::try_from(end + more).unwrap_or(u32::MAX));
    let named: Vec<&str> = list.split(',').map(str::trim).collect();
    let hides =
        |lint: &lint::Lint| !lint.name.ends_with("-suppression") && (!named.contains(&lint.name) || lint.name == typed);
    let one = |lint: lint::Lint| Completion {
        label: lint.name.to_owned(),
        kind: Kind::Lint,
        detail: Some(lint.summary.to_owned()),
        doc: None,
        filter: None,
        change: Change { span: place, text: lint.name.to_owned() },
        snippet: false,
        more: Vec::new(),
        leads_on: false,
    };
    lint::all().into_iter().filter(hides).map(one).collect()
}
