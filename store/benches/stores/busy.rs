//! How long this thread was on a processor, as Linux says it; elsewhere how long it took.

use std::time::{Duration, Instant};

pub(crate) struct Busy {
    begin: Instant,
    busy: Option<Duration>,
}

impl Busy {
    pub(crate) fn start() -> Self {
        Self { begin: Instant::now(), busy: so_far() }
    }

    pub(crate) fn elapsed(&self) -> Duration {
        let busy = self.busy.zip(so_far()).and_then(|(begin, end)| end.checked_sub(begin));
        busy.unwrap_or_else(|| self.begin.elapsed())
    }
}

fn so_far() -> Option<Duration> {
    // Linux brings the figure up to date when a thread gives way.
    std::thread::yield_now();
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    told.split(' ').next()?.parse().ok().map(Duration::from_nanos)
}
