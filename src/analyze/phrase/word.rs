//! Facts that are a word: methods, rhythms, web addresses.

use super::list::{Item, quoted};
use super::{About, Chosen, Part};
use crate::analyze::space::words::Words;

/// What a box says about such a fact.
pub(super) fn part(
    about: About,
    lead: &str,
    fact: &str,
    words: &Words,
    chosen: &Chosen<'_>,
    quotes: bool,
) -> Option<Part> {
    if chosen.is_open() || words.size() == 1 {
        return None;
    }
    let (inside, outside): (Vec<_>, Vec<_>) = words.words().partition(|(class, _)| chosen.has(*class));
    let others = words.others().is_some_and(|class| chosen.has(class));
    let item = |(_, word): &(u32, &str)| Item::plain(if quotes { quoted(word) } else { (*word).to_owned() });
    let none_left = outside.is_empty() && words.others().is_none_or(|class| chosen.has(class));
    let (lead, mut items) = if none_left {
        (format!("when {fact} is told"), Vec::new())
    } else if others || (inside.len() > outside.len() && words.others().is_none()) {
        (format!("not {lead}"), outside.iter().map(item).collect())
    } else {
        (lead.to_owned(), inside.iter().map(item).collect())
    };
    items.extend(chosen.or_untold(fact));
    Some(Part { about, lead, items, open: false })
}
