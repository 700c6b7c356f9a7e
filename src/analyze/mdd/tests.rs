//! Every operation against tables of all points.

use std::ops::ControlFlow;

use super::{Diagrams, Id};

const DOMAINS: [u32; 4] = [3, 2, 5, 4];

/// All points, each a class of every variable.
fn points() -> Vec<[u32; 4]> {
    let mut points = Vec::new();
    for a in 0..DOMAINS[0] {
        for b in 0..DOMAINS[1] {
            for c in 0..DOMAINS[2] {
                points.extend((0..DOMAINS[3]).map(|d| [a, b, c, d]));
            }
        }
    }
    points
}

fn table(diagrams: &Diagrams, id: Id) -> Vec<u32> {
    points().into_iter().map(|point| diagrams.at(id, |variable| point[variable as usize])).collect()
}

/// A small generator, so that tests say the same every time.
struct Random(u64);

impl Random {
    fn below(&mut self, end: u32) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 33) as u32 % end
    }

    /// A diagram made bottom up, of any shape.
    fn diagram(&mut self, diagrams: &mut Diagrams, from: u32) -> Id {
        let Some(classes) = DOMAINS.get(from as usize).copied() else { return Id::leaf(self.below(3)) };
        if self.below(4) == 0 {
            return self.diagram(diagrams, from + 1);
        }
        let default = self.diagram(diagrams, from + 1);
        let mut named = Vec::new();
        for class in 0..classes {
            if self.below(2) == 0 {
                named.push((class, self.diagram(diagrams, from + 1)));
            }
        }
        diagrams.table(from, default, named)
    }
}

#[test]
fn every_operation_agrees_with_its_table() {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    for _ in 0..400 {
        let mut diagrams = Diagrams::new(DOMAINS.to_vec(), u64::MAX);
        let left = random.diagram(&mut diagrams, 0);
        let right = random.diagram(&mut diagrams, 0);
        let (one, other) = (table(&diagrams, left), table(&diagrams, right));
        let zip = |f: fn(u32, u32) -> u32| one.iter().zip(&other).map(|(a, b)| f(*a, *b)).collect::<Vec<_>>();
        let and = diagrams.and(left, right);
        assert_eq!(table(&diagrams, and), zip(std::cmp::min));
        let or = diagrams.or(left, right);
        assert_eq!(table(&diagrams, or), zip(std::cmp::max));
        let not = diagrams.not(left);
        assert_eq!(table(&diagrams, not), one.iter().map(|a| 2 - a).collect::<Vec<_>>());
        let joined = diagrams.join(left, right, &mut |a, b| a * 3 + b);
        assert_eq!(table(&diagrams, joined), zip(|a, b| a * 3 + b));
        for variable in 0..4_usize {
            let over = |f: fn(u32, u32) -> u32, empty: u32| {
                let value = |point: [u32; 4]| {
                    (0..DOMAINS[variable]).fold(empty, |value, class| {
                        let mut point = point;
                        point[variable] = class;
                        f(value, diagrams.at(left, |variable| point[variable as usize]))
                    })
                };
                points().into_iter().map(value).collect::<Vec<_>>()
            };
            let (some, every) = (over(std::cmp::max, 0), over(std::cmp::min, 2));
            let exists = diagrams.exists(left, variable as u32);
            assert_eq!(table(&diagrams, exists), some);
            let forall = diagrams.forall(left, variable as u32);
            assert_eq!(table(&diagrams, forall), every);
            let fixed = diagrams.restrict(left, variable as u32, 1);
            let wanted: Vec<u32> = points()
                .into_iter()
                .map(|mut point| {
                    point[variable] = 1;
                    diagrams.at(left, |variable| point[variable as usize])
                })
                .collect();
            assert_eq!(table(&diagrams, fixed), wanted);
        }
    }
}

#[test]
fn equal_functions_are_one_diagram() {
    let mut random = Random(0x2545_f491_4f6c_dd1d);
    let mut diagrams = Diagrams::new(DOMAINS.to_vec(), u64::MAX);
    let mut known = std::collections::HashMap::new();
    for _ in 0..300 {
        let (left, right) = (random.diagram(&mut diagrams, 0), random.diagram(&mut diagrams, 0));
        let not = (diagrams.not(left), diagrams.not(right));
        let or = diagrams.or(not.0, not.1);
        // By de Morgan both are the same function.
        let and = diagrams.and(left, right);
        assert_eq!(diagrams.not(or), and);
        for id in [left, right, and, or] {
            assert_eq!(*known.entry(table(&diagrams, id)).or_insert(id), id);
        }
    }
}

#[test]
fn paths_cover_each_point_of_a_value_once() {
    let mut random = Random(0x1234_5678_9abc_def1);
    let mut diagrams = Diagrams::new(DOMAINS.to_vec(), u64::MAX);
    for _ in 0..100 {
        let id = random.diagram(&mut diagrams, 0);
        for wanted in 0..3 {
            let mut covered = vec![0_u32; points().len()];
            let all = diagrams.paths(id, &|value| value == wanted, &mut |steps, value| {
                assert_eq!(value, wanted);
                for (count, point) in covered.iter_mut().zip(points()) {
                    *count += u32::from(steps.iter().all(|step| step.classes.has(point[step.variable as usize])));
                }
                ControlFlow::Continue(())
            });
            assert_eq!(all, ControlFlow::Continue(()));
            let there: Vec<u32> = table(&diagrams, id).into_iter().map(|value| u32::from(value == wanted)).collect();
            assert_eq!(covered, there);
            assert_eq!(diagrams.reaches(id, &|value| value == wanted), there.contains(&1));
            assert_eq!(diagrams.values(id).contains(&wanted), there.contains(&1));
        }
    }
}

#[test]
fn many_rules_over_many_classes_stay_small() {
    let many = 10_000;
    let mut diagrams = Diagrams::new(vec![many + 1, 2], u64::MAX);
    let rules = (0..many).map(|class| diagrams.one_of(0, [class])).collect();
    let any = diagrams.any(rules);
    assert_eq!(any, diagrams.table(0, Id::TRUE, [(many, Id::FALSE)]));
}

#[test]
fn past_its_budget_a_diagram_says_so() {
    let mut diagrams = Diagrams::new(vec![100; 8], 50);
    let mut all = Id::TRUE;
    for variable in 0..8 {
        let some = diagrams.one_of(variable, (0..10).map(|class| class * 3));
        all = diagrams.and(all, some);
    }
    assert!(diagrams.is_exhausted());
}
