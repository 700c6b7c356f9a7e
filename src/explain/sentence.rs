//! Parts of an overview in sentences, for every form in which it is shown.

use super::{Change, How, Level, Line, Reach, Spending, tier_word};

/// A way in words; `loud` marks the words that are loud.
pub fn how(how: &How, words: &dyn Fn(&str) -> String, loud: &dyn Fn(&str) -> String) -> String {
    let parts = how.parts.iter().map(|part| if part.loud { loud(&part.text) } else { words(&part.text) });
    parts.collect::<Vec<_>>().join(", ")
}

/// What a line is about.
pub fn what(line: &Line) -> String {
    line.what.join(", ")
}

/// How much money can leave, in a sentence, and whether nothing bounds it. `all` is what else is said of the key.
pub fn spending(spending: &Spending, all: &[Spending]) -> (String, bool) {
    let currency = spending.currency.as_deref();
    let bounds: Vec<String> = spending.at_most.iter().map(|bound| format!("{} {}", bound.amount, bound.per)).collect();
    let bounds = format!("at most {}", bounds.join(", "));
    let mut text = if spending.no_bound.is_empty() {
        bounds
    } else {
        let what = spending.no_bound.join("; ");
        let no_bound = match currency {
            Some(currency) => format!("no bound in {currency} ({what})"),
            None if all.iter().any(|other| other.currency.is_some()) => {
                format!("no bound in any other currency ({what})")
            }
            None => format!("no bound ({what})"),
        };
        if spending.at_most.is_empty() { no_bound } else { format!("{no_bound}, the rest {bounds}") }
    };
    let to: Vec<&str> = spending.to.iter().map(String::as_str).collect();
    if !to.is_empty() {
        text.push_str(&format!(", to {}", to.join(" and to ")));
    }
    if spending.with_approval {
        text.push_str(", with what you approve");
    }
    (text, !spending.no_bound.is_empty())
}

/// How far a key may go in tiers, in words; nothing for tiers that are closed.
pub fn reaches(reaches: &[Reach]) -> Vec<String> {
    let open = reaches.iter().filter(|reach| reach.level != Level::Cannot);
    open.map(|reach| match reach.level {
        Level::Ask => format!("{} (asks)", tier_word(reach.tier)),
        _ => tier_word(reach.tier).to_owned(),
    })
    .collect()
}

/// A change in words.
pub fn change(change: &Change) -> String {
    let mut parts = Vec::new();
    for (verb, list) in [("begins", &change.begins), ("ends", &change.ends), ("differs", &change.differs)] {
        if !list.is_empty() {
            parts.push(format!("{verb}: {}", list.join(", ")));
        }
    }
    if change.nothing_left {
        parts.push("nothing is left".to_owned());
    }
    format!("{}  {}", change.on, parts.join("; "))
}
