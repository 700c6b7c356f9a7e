//! Whoever comes first asks the server for all who wait: what many threads want at once takes one answer. It knows nothing
//! of what is asked.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::Thread;

use crate::store::StoreError;

/// At most so many are asked for at once.
const MOST: usize = 512;

/// Those who wait for the server.
#[derive(Debug)]
pub(super) struct Line<A>(Mutex<Waiting<A>>);

#[derive(Debug)]
struct Waiting<A> {
    jobs: Vec<Job<A>>,
    /// Whether somebody asks at the moment, and will see to those who came meanwhile.
    led: bool,
}

#[derive(Debug)]
struct Job<A> {
    /// What to add; nothing for who only wants to know.
    entry: Option<Vec<u8>>,
    place: Arc<Place<A>>,
}

#[derive(Debug)]
struct Place<A> {
    thread: Thread,
    turn: Mutex<Turn<A>>,
}

#[derive(Debug)]
enum Turn<A> {
    Wait,
    /// Ask for all who wait.
    Lead,
    Answer(Result<A, StoreError>),
}

impl<A> Default for Line<A> {
    fn default() -> Self {
        Self(Mutex::new(Waiting { jobs: Vec::new(), led: false }))
    }
}

impl<A> Line<A> {
    /// Waits for the answer to one question. `ask` is given what many want to add and answers each, in this order; `none`
    /// is the answer for those who add nothing.
    pub(super) fn ask(
        &self,
        entry: Option<Vec<u8>>,
        ask: impl FnOnce(&[&[u8]]) -> Result<Vec<A>, StoreError>,
        none: impl Fn() -> A,
    ) -> Result<A, StoreError> {
        let place = Arc::new(Place { thread: std::thread::current(), turn: Mutex::new(Turn::Wait) });
        let leads = {
            let mut waiting = lock(&self.0);
            waiting.jobs.push(Job { entry, place: Arc::clone(&place) });
            !std::mem::replace(&mut waiting.led, true)
        };
        if !leads {
            loop {
                match std::mem::replace(&mut *lock(&place.turn), Turn::Wait) {
                    Turn::Answer(answer) => return answer,
                    Turn::Lead => break,
                    Turn::Wait => {}
                }
                std::thread::park();
            }
        }
        self.lead(ask, none);
        match std::mem::replace(&mut *lock(&place.turn), Turn::Wait) {
            Turn::Answer(answer) => answer,
            Turn::Wait | Turn::Lead => Err(StoreError::new("the store lost count of those who wait")),
        }
    }

    fn lead(&self, ask: impl FnOnce(&[&[u8]]) -> Result<Vec<A>, StoreError>, none: impl Fn() -> A) {
        let mut round = Round { line: self, jobs: Vec::new() };
        {
            let mut waiting = lock(&self.0);
            let some = waiting.jobs.len().min(MOST);
            round.jobs.extend(waiting.jobs.drain(..some));
        }
        let entries: Vec<&[u8]> = round.jobs.iter().filter_map(|job| job.entry.as_deref()).collect();
        match ask(&entries) {
            Ok(answers) => {
                let mut answers = answers.into_iter();
                for job in round.jobs.drain(..) {
                    let answer = if job.entry.is_some() { answers.next() } else { Some(none()) };
                    job.place.tell(Turn::Answer(answer.ok_or_else(|| StoreError::new("an answer is missing"))));
                }
            }
            Err(fault) => {
                round.jobs.drain(..).for_each(|job| job.place.tell(Turn::Answer(Err(fault.clone()))));
            }
        }
    }
}

/// Whatever happens to who leads, everybody is answered, and the next leads.
struct Round<'l, A> {
    line: &'l Line<A>,
    jobs: Vec<Job<A>>,
}

impl<A> Drop for Round<'_, A> {
    fn drop(&mut self) {
        for job in self.jobs.drain(..) {
            job.place.tell(Turn::Answer(Err(StoreError::new("the store failed in the middle of a change"))));
        }
        let mut waiting = lock(&self.line.0);
        match waiting.jobs.first() {
            Some(next) => next.place.tell(Turn::Lead),
            None => waiting.led = false,
        }
    }
}

impl<A> Place<A> {
    fn tell(&self, turn: Turn<A>) {
        *lock(&self.turn) = turn;
        self.thread.unpark();
    }
}

/// What is locked here is whole after every statement, so a panic of another thread does not spoil it.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
