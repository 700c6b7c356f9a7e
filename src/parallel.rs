//! Work that is spread over the processors, its results in the order of what they were made from.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

/// Makes something from each of `all`, on as many threads as the machine has processors; on this one alone where there is
/// less than `least` for each. No thread is needed: where none can be had, this one does it all.
pub(crate) fn map<T: Send, R: Send + Sync>(all: Vec<T>, least: usize, make: impl Fn(T) -> R + Sync) -> Vec<R> {
    let most = all.len() / least.max(1);
    // Asking for the processors reads files of the system, which costs more than a small policy.
    let threads = if most < 2 { 1 } else { std::thread::available_parallelism().map_or(1, usize::from).min(most) };
    if threads < 2 {
        return all.into_iter().map(make).collect();
    }
    let work: Vec<(Mutex<Option<T>>, OnceLock<R>)> =
        all.into_iter().map(|one| (Mutex::new(Some(one)), OnceLock::new())).collect();
    let next = AtomicUsize::new(0);
    let run = || {
        while let Some((one, done)) = work.get(next.fetch_add(1, Ordering::Relaxed)) {
            let one = one.lock().unwrap_or_else(PoisonError::into_inner).take();
            // Nobody else has this place.
            _ = one.map(|one| done.set(make(one)));
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..threads {
            _ = std::thread::Builder::new().spawn_scoped(scope, run);
        }
        run();
    });
    work.into_iter().filter_map(|(_, done)| done.into_inner()).collect()
}

#[cfg(test)]
mod tests {
    use super::map;

    #[test]
    fn results_stand_in_the_order_of_what_they_were_made_from() {
        let all: Vec<u64> = (0..1000).collect();
        assert_eq!(map(all.clone(), 1, |n| n * n), all.iter().map(|n| n * n).collect::<Vec<_>>());
        assert_eq!(map(Vec::<u64>::new(), 1, |n| n), Vec::<u64>::new());
    }
}
