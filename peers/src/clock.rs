//! Measuring several ways to do one thing in turns, so that a busy machine hits all of them.

use std::fmt;
use std::hint::black_box;
use std::time::{Duration, Instant};

/// Rounds; the first one is thrown away.
const ROUNDS: usize = 16;
/// How long one way works in a round, at least.
const LEAST: Duration = Duration::from_millis(20);

/// How long one step took.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Time(f64);

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self.0 {
            second if second >= 1.0 => format!("{second:.2} s"),
            second if second >= 1e-3 => format!("{:.2} ms", second * 1e3),
            second if second >= 1e-6 => format!("{:.2} µs", second * 1e6),
            second => format!("{:.0} ns", second * 1e9),
        };
        f.pad(&text)
    }
}

/// How many times longer one takes than another.
pub(crate) fn ratio(one: Time, other: Time) -> f64 {
    one.0 / other.0
}

/// The median time that each way takes for one of the steps of a call.
pub(crate) fn median<const N: usize>(steps: usize, ways: &mut [&mut dyn FnMut() -> usize; N]) -> [Time; N] {
    let mut times: [Vec<f64>; N] = [const { Vec::new() }; N];
    for round in 0..ROUNDS {
        for (way, times) in ways.iter_mut().zip(&mut times) {
            let (start, mut calls) = (Instant::now(), 0_usize);
            while start.elapsed() < LEAST {
                black_box(way());
                calls += 1;
            }
            if round > 0 {
                times.push(start.elapsed().as_secs_f64() / (calls * steps) as f64);
            }
        }
    }
    times.map(|mut times| {
        times.sort_by(f64::total_cmp);
        Time(times[times.len() / 2])
    })
}
