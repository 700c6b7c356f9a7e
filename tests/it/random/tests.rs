//! The generator reaches what it is for, and gives the same for the same seed.

use std::collections::BTreeMap;

use super::cases;
use super::rng::Rng;
use crate::naive::decide;
use crate::naive::print::print;
use crate::naive::vocabulary::Vocabulary;

#[test]
fn the_same_seed_gives_the_same_case() {
    let once = cases(&mut Rng::new(7), 3);
    let again = cases(&mut Rng::new(7), 3);
    for (once, again) in once.iter().zip(&again) {
        assert_eq!(once.to_string(), again.to_string());
    }
    assert_ne!(once[0].to_string(), cases(&mut Rng::new(8), 1)[0].to_string());
}

#[test]
fn every_outcome_is_reached() {
    let mut reached: BTreeMap<String, usize> = BTreeMap::new();
    for seed in 0..400 {
        for case in cases(&mut Rng::new(seed), 5) {
            let situation = &case.situation;
            let decision = decide(&case.policy, Vocabulary::bunq(), &situation.request, &situation.past, situation.now);
            let word = format!("{} {} {}", decision["decision"], decision["reason"], decision["each"]);
            *reached.entry(word).or_default() += 1;
        }
    }
    let times = |decision: &str, reason: &str, each: bool| {
        reached.get(&format!("\"{decision}\" \"{reason}\" {each}")).copied().unwrap_or(0)
    };
    assert!(times("allow", "rule", false) >= 150, "{reached:#?}");
    assert!(times("allow", "rule", true) >= 10, "{reached:#?}");
    assert!(times("allow", "base", false) >= 5, "{reached:#?}");
    assert!(times("ask", "rule", false) >= 15, "{reached:#?}");
    assert!(times("deny", "rule", false) >= 200, "{reached:#?}");
    assert!(times("deny", "default", false) >= 200, "{reached:#?}");
    assert!(times("deny", "malformed", false) >= 30, "{reached:#?}");
    assert!(times("deny", "unknown-key", false) >= 30, "{reached:#?}");
}

#[test]
fn every_kind_of_clause_and_item_is_made() {
    let mut text = String::new();
    for seed in 0..300 {
        text.push_str(&print(&cases(&mut Rng::new(seed), 1)[0].policy));
    }
    for words in [
        "allow ",
        "ask ",
        "deny ",
        "only ",
        "use role",
        "every key",
        "every key except",
        "timezone",
        "payees",
        "network",
        "limit",
        " on account",
        " on any account",
        " accounts except",
        " to payee",
        " to own accounts",
        " to favorites",
        " to anyone",
        " to iban",
        " to account",
        " to url",
        " up to",
        " over",
        " at most",
        " more than",
        " within limit",
        " via",
        " repeating",
        " since 30d",
        " since 2026",
        " created by this key",
        " showing",
        " hiding",
        " from ip",
        " from network",
        " from anywhere",
        " during",
        " starting",
        " before",
        " unless",
        " and ",
        "read everything",
        "deny everything",
        "any amount in total",
        " per 24h",
        "transactions",
    ] {
        assert!(text.contains(words), "no policy says `{words}`");
    }
}
