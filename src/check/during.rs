//! When in the week.

use bpol_engine::ir::{Day, During};

use crate::check::context::{At, Context};
use crate::check::nearest::nearest;
use crate::check::value::clock;
use crate::diag::Power;
use crate::source::Span;
use crate::syntax::tree::{DuringKind, DuringPart};

const DAYS: [(&str, Day); 7] = [
    ("mon", Day::Mon),
    ("tue", Day::Tue),
    ("wed", Day::Wed),
    ("thu", Day::Thu),
    ("fri", Day::Fri),
    ("sat", Day::Sat),
    ("sun", Day::Sun),
];

/// Reads a `during` list. Hours belong to all the days that stand before them since the last hours; hours alone belong
/// to every day, but only in a list without days before them.
pub(crate) fn during(cx: &mut Context<'_>, at: At<'_>, parts: &[DuringPart]) -> Option<Vec<During>> {
    let mut out = Vec::new();
    let mut waiting: Vec<(Vec<Day>, Span)> = Vec::new();
    let mut hours_after_days = None;
    let mut days_seen = false;
    for part in parts {
        match &part.kind {
            DuringKind::Days(word) => {
                days_seen = true;
                waiting.push((days(cx, at, *word)?, part.span));
            }
            DuringKind::DayRange(first, last) => {
                days_seen = true;
                waiting.push((range(cx, at, *first, *last)?, part.span));
            }
            DuringKind::Hours(start, end) => {
                let from = clock(cx, at, *start, false)?;
                let until = clock(cx, at, *end, true)?;
                if from == until {
                    cx.report(
                        at.error("empty-span", part.span, "a span that ends when it starts holds no moment")
                            .help("write a later end; `00:00-24:00` is the whole day"),
                    );
                    return None;
                }
                if days_seen && (waiting.is_empty() || part.comma) {
                    cx.report(
                        at.error(
                            "ambiguous-hours",
                            part.span,
                            "it is not clear on which days these hours hold: those listed before, or every day",
                        )
                        .help("repeat the days before the hours, such as `weekdays 09:00-12:00, weekdays 13:00-17:00`"),
                    );
                    return None;
                }
                let days = if waiting.is_empty() {
                    DAYS.iter().map(|&(_, day)| day).collect()
                } else {
                    hours_after_days = Some(part.span);
                    union(&waiting)
                };
                waiting.clear();
                out.push(During { days, from, until });
            }
        }
    }
    if let (Some(hours), Some((_, first))) = (hours_after_days, waiting.first()) {
        let words = at.word(*first);
        cx.report(
            at.error(
                "days-without-hours",
                *first,
                format!("`{words}` has no hours although the days before it have: the whole day would be meant"),
            )
            .label(at.place(hours), "the hours of the days before")
            .help(format!("write `{words} 00:00-24:00` for the whole day, or move the days before the hours")),
        );
        return None;
    }
    if !waiting.is_empty() {
        out.push(During { days: union(&waiting), from: 0, until: 1440 });
    }
    Some(out)
}

fn union(listed: &[(Vec<Day>, Span)]) -> Vec<Day> {
    let mut days: Vec<Day> = listed.iter().flat_map(|(days, _)| days.iter().copied()).collect();
    days.sort_unstable();
    days.dedup();
    days
}

fn days(cx: &mut Context<'_>, at: At<'_>, word: Span) -> Option<Vec<Day>> {
    match at.word(word) {
        "weekdays" => Some(DAYS[..5].iter().map(|&(_, day)| day).collect()),
        "weekends" => Some(DAYS[5..].iter().map(|&(_, day)| day).collect()),
        _ => day(cx, at, word).map(|day| vec![day]),
    }
}

fn range(cx: &mut Context<'_>, at: At<'_>, first: Span, last: Span) -> Option<Vec<Day>> {
    let (first, last) = (day(cx, at, first)? as usize, day(cx, at, last)? as usize);
    let length = (last + 7 - first) % 7 + 1;
    let mut days: Vec<Day> = (0..length).map(|step| DAYS[(first + step) % 7].1).collect();
    days.sort_unstable();
    Some(days)
}

fn day(cx: &mut Context<'_>, at: At<'_>, token: Span) -> Option<Day> {
    let word = at.word(token);
    if let Some(&(_, day)) = DAYS.iter().find(|(known, _)| *known == word) {
        return Some(day);
    }
    let long =
        DAYS.iter().map(|&(word, _)| word).find(|known| word.len() > 3 && word.to_lowercase().starts_with(known));
    let near = long.or_else(|| nearest(word, DAYS.iter().map(|&(word, _)| word)));
    let mut fault = at
        .error("unknown-day", token, format!("`{word}` is not a day"))
        .help("write `weekdays`, `weekends` or `mon`, `tue`, `wed`, `thu`, `fri`, `sat`, `sun`");
    if let Some(near) = near {
        fault = fault.fix(format!("write `{near}`"), Power::Widens, token, near);
    }
    cx.report(fault);
    None
}
