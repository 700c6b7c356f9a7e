//! Phrases that differ in one list of names as one phrase.

use super::{About, Item, Phrase};

/// Phrases without those that others say, joined where only the account or only the payee differs.
pub(super) fn merged(phrases: Vec<Phrase>) -> Vec<Phrase> {
    let mut out: Vec<Phrase> = Vec::new();
    for phrase in phrases {
        let joined = [About::Payee, About::Account]
            .into_iter()
            .any(|about| out.iter_mut().any(|known| joins(known, &phrase, about)));
        if !joined && !out.contains(&phrase) {
            out.push(phrase);
        }
    }
    out
}

/// Adds the items of a phrase to another that is the same but for one part.
fn joins(known: &mut Phrase, phrase: &Phrase, about: About) -> bool {
    let same = known.parts.len() == phrase.parts.len()
        && known.parts.iter().zip(&phrase.parts).all(|(one, other)| {
            one == other
                || (one.about == about && other.about == about && one.lead == other.lead && !one.open && !other.open)
        });
    let more = phrase.part(about).map_or(&[][..], |part| &part.items);
    let Some(part) = known.parts.iter_mut().find(|part| part.about == about).filter(|_| same) else { return false };
    for item in more {
        if !part.items.contains(item) {
            part.items.push(item.clone());
        }
    }
    let whole: Vec<String> = part.items.iter().map(|item| item.text.clone()).collect();
    part.items.retain(|item| item.one_of.as_ref().is_none_or(|larger| !whole.contains(larger)));
    part.items.sort_by_key(rank);
    true
}

/// What has a name comes before what is told in words.
fn rank(item: &Item) -> (bool, bool, Item) {
    (item.text.starts_with("when "), item.noun.is_empty(), item.clone())
}
