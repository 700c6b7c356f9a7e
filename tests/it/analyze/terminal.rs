//! Every outcome of every region has a witness, which the engine decides as the region says.

use std::cell::RefCell;
use std::ops::ControlFlow;

use bpol_engine::Policy;
use bpolc::analyze::Regions;

use super::{compile, outcome, report};
use crate::laws::{Verdict, holds};
use crate::naive::model;
use crate::random::Case;

/// The most paths to an outcome that are tried.
const PATHS: usize = 40;

#[derive(Debug, Default)]
struct Tried {
    /// Outcomes with a witness that replays.
    reached: u32,
    /// Outcomes on whose paths several counters must stand as no past was found to bring them to.
    without_past: u32,
    /// How many witnesses were replayed.
    replayed: u32,
}

fn all(policy: &model::Policy, tried: &mut Tried) -> Verdict {
    let ir = match compile(policy) {
        Ok(ir) => ir,
        Err(why) => return Verdict::Refused(why),
    };
    let engine = Policy::from_ir(ir.clone()).expect("what is compiled loads");
    for (place, key) in ir.keys.iter().enumerate() {
        let mut regions = Regions::of(&ir, place).expect("random policies are small");
        for number in 0..regions.regions.len() {
            let operation = regions.of_operation.iter().position(|of| *of == Some(number)).expect("some operation");
            let region = &mut regions.regions[number];
            for answer in [false, true] {
                for wanted in region.outcomes.clone() {
                    let (mut paths, mut reached) = (0, false);
                    let mut broken = None;
                    let mut visit = |witness: Option<bpolc::analyze::Witness>, _: &_| {
                        paths += 1;
                        if let Some(witness) = witness {
                            tried.replayed += 1;
                            let decided = witness.replay(&engine).map(|it| report(&it)).map_err(|it| it.to_string());
                            let said = outcome(&ir, operation, &wanted);
                            if decided.as_ref() == Ok(&said) {
                                reached = true;
                            } else {
                                broken = Some(format!("witness {witness:?}\nregion   {said}\nengine   {decided:?}"));
                                return ControlFlow::Break(());
                            }
                        }
                        if reached && paths >= 3 || paths >= PATHS {
                            ControlFlow::Break(())
                        } else {
                            ControlFlow::Continue(())
                        }
                    };
                    region.witnesses(&key.name, answer, &|it| *it == wanted, &mut visit).expect("small");
                    if let Some(why) = broken {
                        return Verdict::Broken { sign: "a witness".to_owned(), why };
                    }
                    tried.reached += u32::from(reached);
                    tried.without_past += u32::from(paths > 0 && !reached);
                }
            }
        }
    }
    Verdict::Holds
}

#[test]
fn every_outcome_has_a_witness_that_the_engine_decides_alike() {
    let tried = RefCell::new(Tried::default());
    let last: RefCell<Option<model::Policy>> = RefCell::new(None);
    holds(10, 4, &|case: &Case| {
        // One of the several cases of a policy is enough.
        if last.borrow().as_ref() == Some(&case.policy) {
            return Verdict::Holds;
        }
        *last.borrow_mut() = Some(case.policy.clone());
        all(&case.policy, &mut tried.borrow_mut())
    });
    let tried = tried.into_inner();
    println!("{tried:?}");
    assert!(tried.reached > 100 * tried.without_past, "{tried:?}");
}
