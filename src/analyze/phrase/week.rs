//! The time of the week.

use super::list::Item;
use super::{About, Chosen, Part};
use crate::analyze::space::Space;

const DAY: u32 = 24 * 60;
const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// What a box says about the time of the week.
pub(super) fn part(space: &Space<'_>, chosen: &Chosen<'_>) -> Option<Part> {
    chosen.classes?;
    let mut minutes: Vec<(u32, u32)> =
        (0..chosen.size).filter(|class| chosen.has(*class)).flat_map(|class| space.week.minutes(class)).collect();
    minutes.sort_unstable();
    let days: Vec<Vec<(u32, u32)>> = (0..7).map(|day| of_day(&minutes, day * DAY)).collect();
    let mut items = Vec::new();
    let mut from = 0;
    for run in days.chunk_by(|one, other| one == other) {
        let last = from + run.len() - 1;
        if let Some(spans) = run.first().filter(|spans| !spans.is_empty()) {
            let name = |day: usize| DAYS.get(day).copied().unwrap_or_default();
            let names = match run.len() {
                1 => name(from).to_owned(),
                _ => format!("{}–{}", name(from), name(last)),
            };
            let names = if run.len() == 7 { "each day".to_owned() } else { names };
            let hours: Vec<String> = spans.iter().filter(|span| **span != (0, DAY)).map(|span| hours(*span)).collect();
            items.push(if hours.is_empty() { names } else { format!("{names} {}", hours.join(" and ")) });
        }
        from = last + 1;
    }
    let items = vec![Item::plain(items.join(", "))];
    Some(Part { about: About::During, lead: "during".to_owned(), items, open: false })
}

/// The stretches within a day, from its midnight, neighbours as one.
fn of_day(minutes: &[(u32, u32)], midnight: u32) -> Vec<(u32, u32)> {
    let mut spans: Vec<(u32, u32)> = Vec::new();
    for (from, until) in minutes {
        let (from, until) = ((*from).max(midnight), (*until).min(midnight + DAY));
        if from >= until {
            continue;
        }
        match spans.last_mut() {
            Some((_, end)) if *end == from - midnight => *end = until - midnight,
            _ => spans.push((from - midnight, until - midnight)),
        }
    }
    spans
}

fn hours((from, until): (u32, u32)) -> String {
    let clock = |minute: u32| format!("{:02}:{:02}", minute / 60, minute % 60);
    format!("{}–{}", clock(from), clock(until))
}
