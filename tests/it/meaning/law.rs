//! Digests of random policies and changes of them, against comparisons and the engine.

use std::collections::BTreeMap;

use bpol_engine::Policy;
use bpolc::analyze::diff::{Verdict, diff};
use bpolc::analyze::meaning::meaning;

use crate::diff::compiled;
use crate::diff::law::{Edit, contradicting, decided, edit, setting, zoned};
use crate::naive::print::print;
use crate::random::cases;
use crate::random::rng::Rng;

#[test]
fn digests_of_random_changes_are_equal_only_where_decisions_are() {
    let first = setting("BPOL_SEED", 0);
    let mut seen: BTreeMap<(&str, bool, bool), u32> = BTreeMap::new();
    let mut compared = 0_u32;
    for seed in first..first + setting("BPOL_CASES", 300) {
        let mut rng = Rng::new(seed.wrapping_mul(64).wrapping_add(37));
        let mut cases = cases(&mut rng, 12);
        for case in &mut cases {
            zoned(&mut case.policy);
        }
        let Edit { name, policy, .. } = edit(&mut rng, &cases[0]);
        let texts = [print(&cases[0].policy), print(&policy)];
        let Ok(old) = compiled(&texts[0]) else { continue };
        // A change may leave an `ask` about nothing, or figures without a bound.
        let Ok(new) = compiled(&texts[1]) else { continue };
        let alike = meaning(&old).expect("a digest") == meaning(&new).expect("a digest");
        let verdict = diff(&old, &new).verdict;
        let say =
            || format!("with BPOL_SEED={seed} BPOL_CASES=1: {name}, {verdict:?}\n{}\n---\n{}", texts[0], texts[1]);
        if matches!(name, "other order" | "a statement twice") {
            assert!(alike, "{}", say());
        }
        assert!(!alike || verdict == Ok(Verdict::Equal), "alike and compared otherwise\n{}", say());
        *seen.entry((name, alike, verdict == Ok(Verdict::Equal))).or_default() += 1;
        if !alike {
            continue;
        }
        let more: Vec<_> = cases.iter().take(6).flat_map(|case| contradicting(case, &old)).collect();
        cases.extend(more);
        let engines = [Policy::from_ir(old).unwrap(), Policy::from_ir(new).unwrap()];
        for case in &cases {
            for past in [false, true] {
                let Some([before, after]) = decided([&engines[0], &engines[1]], case, past) else { continue };
                compared += 1;
                assert_eq!(before, after, "{}\n{:?}\n{}", case.situation.request, case.situation.past, say());
            }
        }
    }
    println!("{seen:#?} {compared}");
    assert!(compared > 0);
}
