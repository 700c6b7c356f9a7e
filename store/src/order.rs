//! What is reserved, under which name, and what becomes of it.

use bpol_engine::Start;
use jiff::Timestamp;

/// A digest of the body of a call, so that the same id with another body is noticed.
pub type Digest = [u8; 32];

/// The name of a reservation: the key and the id that its caller gave. Callers of different keys cannot meet.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ticket(Box<str>);

impl std::hash::Hash for Ticket {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        // It is hashed alone, so nothing has to mark its end.
        state.write(self.0.as_bytes());
    }
}

impl Ticket {
    /// The ticket of a request id of a key.
    pub fn new(key: &str, id: &str) -> Self {
        // The length in front keeps two pairs from having the same text.
        Self(format!("{}:{key}:{id}", key.len()).into())
    }

    /// Its text, as a journal of the gateway keeps it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The ticket of a text that [`Ticket::as_str`] gave.
    pub fn from_text(text: &str) -> Self {
        Self(text.into())
    }
}

impl std::fmt::Display for Ticket {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// What to reserve, and what was seen when it was decided.
#[derive(Debug, Clone)]
pub struct Order<'a> {
    /// Its name.
    pub ticket: &'a Ticket,
    /// Digest of its body.
    pub digest: Digest,
    /// The policy's counters, as [`crate::Adopted`] names them.
    pub charter: u64,
    /// The moment at which it counts.
    pub time: Timestamp,
    /// From when on nobody is expected to say how it ended.
    pub deadline: Timestamp,
    /// The sums on which the decision rests.
    pub seen: Vec<Seen<'a>>,
    /// What it adds.
    pub adds: Vec<Add<'a>>,
    /// The request with its `time`, as an entry of the past, so that counters of later policies can count it.
    pub request: &'a str,
}

/// A sum that a decision has seen. It holds as long as the sum is no more than that: decisions only ever become
/// stricter when more was spent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen<'a> {
    /// The counter.
    pub counter: std::borrow::Cow<'a, str>,
    /// Whose sum, where each key has its own.
    pub key: Option<std::borrow::Cow<'a, str>>,
    /// From when on.
    pub start: Start,
    /// The sum; `None` when it was unknown.
    pub sum: Option<i128>,
}

/// What is added to one counter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Add<'a> {
    /// The counter.
    pub counter: &'a str,
    /// Whose sum, where each key has its own.
    pub key: Option<&'a str>,
    /// Minor units or times; `None` when not known.
    pub sum: Option<i128>,
}

/// What became of a reservation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum State {
    /// It counts, and the call is under way.
    Reserved,
    /// It counts, and nobody knows whether the bank did it.
    Held,
    /// It counts: the bank did it.
    Committed,
    /// It does not count: the bank refused.
    Released,
}

impl State {
    /// Whether it counts.
    pub fn counts(self) -> bool {
        self != Self::Released
    }

    /// What it is at a moment: a reservation that nobody settled in time is held, never released by itself.
    pub(crate) fn at(self, now: Timestamp, deadline: Timestamp) -> Self {
        if self == Self::Reserved && now >= deadline { Self::Held } else { self }
    }
}

/// What comes of the attempt to reserve.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reserved {
    /// All its counters count it.
    New,
    /// The same request with the same body was reserved before; nothing was added.
    Repeated(State),
    /// The id belongs to another body.
    Conflict,
    /// More was spent than the decision has seen: decide again.
    Changed,
    /// The store counts for another policy by now.
    Stale,
}

/// A reservation that is not settled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending {
    /// Its name.
    pub ticket: Ticket,
    /// Reserved or held.
    pub state: State,
    /// The moment at which it counts.
    pub time: Timestamp,
    /// When it is held, if nobody settles it before.
    pub deadline: Timestamp,
}
