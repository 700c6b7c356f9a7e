use std::time::Instant;

use super::{Cover, cover, trim};
use crate::analyze::mdd::{Classes, Diagrams, Id, Step};

/// Numbers that look random and are the same every time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: u32) -> u32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as u32) % most
    }
}

fn random(diagrams: &mut Diagrams, dice: &mut Dice, domains: &[u32]) -> Id {
    let mut parts = Vec::new();
    for _ in 0..1 + dice.below(5) {
        let mut all = Vec::new();
        for (variable, classes) in (0..).zip(domains) {
            if dice.below(3) > 0 {
                let inside: Vec<u32> = (0..*classes).filter(|_| dice.below(2) == 0).collect();
                all.push(diagrams.one_of(variable, inside));
            }
        }
        parts.push(diagrams.all(all));
    }
    let id = diagrams.any(parts);
    if dice.below(4) == 0 { diagrams.not(id) } else { id }
}

fn points(domains: &[u32]) -> Vec<Vec<u32>> {
    domains.iter().fold(vec![Vec::new()], |points, classes| {
        let longer = |point: Vec<u32>| {
            (0..*classes).map(move |class| {
                let mut point = point.clone();
                point.push(class);
                point
            })
        };
        points.into_iter().flat_map(longer).collect()
    })
}

fn has(steps: &[Step], point: &[u32]) -> bool {
    steps.iter().all(|step| step.classes.has(point[step.variable as usize]))
}

#[test]
fn boxes_are_inside_cover_all_and_cannot_be_widened() {
    let domains = [3, 2, 4, 3, 2];
    let points = points(&domains);
    for seed in 0..300 {
        let mut dice = Dice(seed);
        let mut diagrams = Diagrams::new(domains.to_vec(), 1_000_000);
        let id = random(&mut diagrams, &mut dice, &domains);
        let inside: Vec<&Vec<u32>> =
            points.iter().filter(|point| diagrams.at(id, |variable| point[variable as usize]) == 2).collect();
        let Cover { boxes, more } = cover(&mut diagrams, id, 1000);
        assert!(!more, "{seed}");
        for point in &inside {
            assert!(boxes.iter().any(|steps| has(steps, point)), "{seed}: {point:?} is left out");
        }
        let is_inside = |steps: &[Step]| {
            let mut of_box = points.iter().filter(|point| has(steps, point));
            of_box.all(|point| diagrams.at(id, |variable| point[variable as usize]) == 2)
        };
        for steps in &boxes {
            assert!(is_inside(steps), "{seed}: {steps:?} goes too far");
            for (place, step) in steps.iter().enumerate() {
                let all = 0..domains[step.variable as usize];
                for class in all.clone().filter(|class| !step.classes.has(*class)) {
                    let mut wider = steps.clone();
                    wider[place].classes =
                        Classes::In(all.clone().filter(|one| step.classes.has(*one) || *one == class).collect());
                    assert!(!is_inside(&wider), "{seed}: {steps:?} can be widened");
                }
            }
        }
        let mut trimmed = boxes.clone();
        trim(&mut diagrams, id, &mut trimmed, &|_| true);
        for point in &points {
            let kept = trimmed.iter().any(|steps| has(steps, point));
            assert_eq!(kept, inside.contains(&point), "{seed}: trimming changes {point:?}");
        }
    }
}

#[test]
fn what_is_not_covered_is_said() {
    let mut diagrams = Diagrams::new(vec![3, 3], 1_000_000);
    let parts = (0..3)
        .map(|class| {
            let one = diagrams.one_of(0, [class]);
            let other = diagrams.one_of(1, [class]);
            diagrams.and(one, other)
        })
        .collect();
    let diagonal = diagrams.any(parts);
    let two = cover(&mut diagrams, diagonal, 2);
    assert_eq!((two.boxes.len(), two.more), (2, true));
    let three = cover(&mut diagrams, diagonal, 3);
    assert_eq!((three.boxes.len(), three.more), (3, false));
    assert_eq!(cover(&mut diagrams, Id::FALSE, 3), Cover::default());
    assert_eq!(cover(&mut diagrams, Id::TRUE, 3).boxes, vec![Vec::new()]);
}

#[test]
fn ten_thousand_classes_take_milliseconds() {
    let mut diagrams = Diagrams::new(vec![3, 10_000, 5], 40_000_000);
    let mut parts = Vec::new();
    for amount in 0..5 {
        let payees = diagrams.one_of(1, (0..10_000).filter(|class| class % 7 >= amount));
        let amounts = diagrams.one_of(2, [amount]);
        parts.push(diagrams.and(payees, amounts));
    }
    let id = diagrams.any(parts);
    let start = Instant::now();
    let found = cover(&mut diagrams, id, 50);
    assert!(!found.more && found.boxes.len() == 5, "{}", found.boxes.len());
    assert!(start.elapsed().as_millis() < 1000, "{:?}", start.elapsed());
}
