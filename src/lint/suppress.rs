//! Comments that keep a lint from being reported at one place: `// bpol: allow(LINT) reason`. What they hide is kept
//! apart with its reason, and a comment that hides nothing, is over or cannot be read is itself reported. Errors are no
//! lints: nothing hides them.

mod directive;
mod scope;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::{Lint, Wanted};
use crate::diag::{Diagnostic, Level, Power};
use crate::source::{FileSpan, Span};
use crate::{Checked, Suppressed};

/// A comment that cannot be read.
pub(super) const BAD: Lint =
    super::of_check("bad-suppression", "a comment that is to keep a lint from being reported and cannot be read");
/// A comment whose day is over.
pub(super) const EXPIRED: Lint =
    super::of_check("expired-suppression", "a comment that kept a lint from being reported, until a day that is over");
/// A comment that hides nothing.
pub(super) const UNUSED: Lint =
    super::of_check("unused-suppression", "a comment that keeps a lint from being reported where it is not reported");

/// A comment that was read.
struct Suppression {
    place: FileSpan,
    /// What it reaches; the whole file without any.
    scope: Option<Vec<Span>>,
    reason: String,
    /// The lints that it names, and whether it hid something of each.
    lints: Vec<(&'static str, bool)>,
    /// Its last day, where that is over.
    over: Option<Date>,
}

/// Takes what comments hide out of the findings, and reports comments that are no use. Whether one hides nothing is known
/// only of lints that were looked for, and only with a time: some lints are about dates.
pub(crate) fn suppress(checked: &mut Checked, now: Option<Timestamp>, looked_for: Option<Wanted<'_>>) {
    let mut found = Vec::new();
    let mut all = read(checked, now, &mut found);
    for diagnostic in std::mem::take(&mut checked.diagnostics) {
        match reason(&mut all, &diagnostic) {
            Some(reason) => checked.suppressed.push(Suppressed { found: diagnostic, reason }),
            None => checked.diagnostics.push(diagnostic),
        }
    }
    found.extend(all.iter().filter_map(expired));
    if let (Some(wanted), Some(_)) = (looked_for, now) {
        found.extend(all.iter().filter_map(|one| unused(checked, one, wanted)));
    }
    if !found.is_empty() {
        checked.diagnostics.extend(found);
        crate::check::sort(&mut checked.diagnostics);
    }
}

/// All comments of the policy that can be read, and a finding for each other one.
fn read(checked: &Checked, now: Option<Timestamp>, found: &mut Vec<Diagnostic>) -> Vec<Suppression> {
    let zone = checked.policy.timezone.as_ref().map_or(TimeZone::UTC, |zone| zone.rules.clone());
    let is_over = |day: &Date| {
        let end = day.tomorrow().ok().and_then(|next| next.to_zoned_datetime(zone.clone()).ok());
        end.zip(now).is_some_and(|(end, now)| end.timestamp() <= now)
    };
    let mut all = Vec::new();
    for ((file, source), tree) in checked.sources.iter().zip(&checked.trees) {
        if !source.text.contains(directive::MARK) {
            continue;
        }
        let scopes = scope::Scopes::of(&source.text, tree);
        for &comment in &tree.comments {
            let Some(directive) = directive::read(comment.of(&source.text)) else { continue };
            let bad = |message: String, help: &str| BAD.at(FileSpan { file, span: comment }, message).help(help);
            match (directive, scopes.reach(comment)) {
                (Err((message, help)), _) => found.push(bad(message, &help)),
                (Ok(_), scope::Reach::Nothing) => found.push(bad(
                    "this comment stands neither above a statement or an item nor at the end of its line, so it hides nothing"
                        .to_owned(),
                    "put it on the line above what it is about",
                )),
                (Ok(directive), reach) => all.push(Suppression {
                    place: FileSpan { file, span: comment },
                    scope: match reach {
                        scope::Reach::These(spans) => Some(spans),
                        _ => None,
                    },
                    reason: directive.reason,
                    lints: directive.lints.into_iter().map(|lint| (lint, false)).collect(),
                    over: directive.until.filter(is_over),
                }),
            }
        }
    }
    all
}

/// Why a finding is hidden; nothing for one that is not. Every comment that hides it is of use.
fn reason(all: &mut [Suppression], found: &Diagnostic) -> Option<String> {
    if found.level == Level::Error {
        return None;
    }
    let mut reason = None;
    for one in all.iter_mut().filter(|one| one.over.is_none() && one.reaches(found.place)) {
        for (_, used) in one.lints.iter_mut().filter(|(lint, _)| *lint == found.name) {
            *used = true;
            reason.get_or_insert_with(|| one.reason.clone());
        }
    }
    reason
}

impl Suppression {
    fn reaches(&self, place: FileSpan) -> bool {
        let FileSpan { file, span } = place;
        let inside = |scope: &Span| scope.start <= span.start && span.end <= scope.end;
        file == self.place.file && self.scope.as_ref().is_none_or(|spans| spans.iter().any(inside))
    }
}

fn expired(one: &Suppression) -> Option<Diagnostic> {
    let day = one.over?;
    let names: Vec<&str> = one.lints.iter().map(|&(lint, _)| lint).collect();
    let names = crate::check::nearest::list(names, "and");
    let message = format!("this comment was to hide {names} until {day}, which is over, so it hides nothing any more");
    Some(
        EXPIRED
            .at(one.place, message)
            .help("correct what it hid, or write a later day after you have looked at it again"),
    )
}

fn unused(checked: &Checked, one: &Suppression, wanted: Wanted<'_>) -> Option<Diagnostic> {
    if one.over.is_some() {
        return None;
    }
    let lints = super::all();
    let was_looked_for = |name: &str| lints.iter().any(|lint| lint.name == name && (lint.is_of_check || wanted(lint)));
    let idle: Vec<&str> =
        one.lints.iter().filter(|(lint, used)| !used && was_looked_for(lint)).map(|&(lint, _)| lint).collect();
    if idle.is_empty() {
        return None;
    }
    let names = crate::check::nearest::list(idle.iter().copied(), "or");
    let found = UNUSED.at(one.place, format!("nothing that this comment is about is reported as {names}"));
    if idle.len() < one.lints.len() {
        return Some(found.help("take these names out of the comment"));
    }
    let title = "take the comment out";
    let line = line_of(&checked.sources.get(one.place.file).text, one.place.span);
    Some(found.help(title).fix(title, Power::Same, line, ""))
}

/// A comment with the blanks before it, and with its line where nothing else stands on it.
fn line_of(text: &str, comment: Span) -> Span {
    let before = Span::new(0, comment.start).of(text);
    let kept = before.trim_end_matches([' ', '\t']);
    let start = u32::try_from(kept.len()).unwrap_or(comment.start);
    let is_alone = kept.is_empty() || kept.ends_with('\n');
    let rest = text.get(comment.end as usize..).unwrap_or_default();
    let line_end = if rest.starts_with("\r\n") { 2 } else { u32::from(rest.starts_with('\n')) };
    Span::new(start, if is_alone { comment.end + line_end } else { comment.end })
}
