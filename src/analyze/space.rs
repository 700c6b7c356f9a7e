//! The space of requests for one operation: a variable per kind of fact, cut where some rule can tell two facts apart.

pub(crate) mod account;
pub(crate) mod amount;
pub(crate) mod counter;
pub(crate) mod flag;
pub(crate) mod ip;
pub(crate) mod moment;
pub(crate) mod payee;
pub(crate) mod stranger;
pub(crate) mod time;
pub(crate) mod week;
pub(crate) mod words;

mod draft;

use hashbrown::HashMap;
use std::rc::Rc;

use bpol_engine::ir::{Dimension, Operation};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::analyze::facts::Facts;
use crate::analyze::names::Names;

pub use amount::Interval;
pub use counter::Tally;
pub(crate) use draft::Draft;
pub use draft::History;

/// One policy's view of the operation that a space is about.
#[derive(Debug, Clone)]
pub(crate) struct Side<'p> {
    pub(crate) names: Rc<Names<'p>>,
    pub(crate) operation: &'p Operation,
    pub(crate) zone: Option<TimeZone>,
}

impl<'p> Side<'p> {
    pub(crate) fn of(names: &Rc<Names<'p>>, operation: &'p Operation) -> Self {
        Self { names: Rc::clone(names), operation, zone: zone(names.ir.timezone.as_deref()) }
    }

    /// Whether the operation is about a dimension, told or not.
    pub(crate) fn is_about(&self, dimension: Dimension) -> bool {
        self.operation.dimensions.contains(&dimension)
    }

    /// Whether a call can tell a fact of a dimension.
    pub(crate) fn tells(&self, dimension: Dimension) -> bool {
        self.is_about(dimension) && !self.operation.untold.contains(&dimension)
    }
}

pub(crate) fn zone(name: Option<&str>) -> Option<TimeZone> {
    TimeZone::get(name?).ok()
}

/// What a variable of a space is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Variable {
    /// Whether the key created the record.
    Own,
    /// How it is paid.
    Method,
    /// How often the bank repeats it.
    Repeat,
    /// The account's IBAN and id.
    Account,
    /// The account's name.
    Name,
    /// The account's kind.
    Kind,
    /// The payee's IBAN.
    Payee,
    /// Whether the payee is the holder's own account.
    PayeeOwn,
    /// Whether the payee is a favourite.
    Favorite,
    /// The web address.
    Url,
    /// The amount.
    Amount,
    /// The total of a counter, this request included; the place in [`Space::tallies`].
    Total(u32),
    /// The caller's address.
    Ip,
    /// The date.
    Now,
    /// The local time of the week.
    Week,
    /// When the record was created.
    Created,
    /// How old the record is.
    Age,
}

/// Variables before those of counters.
const BEFORE: [Variable; 11] = [
    Variable::Own,
    Variable::Method,
    Variable::Repeat,
    Variable::Account,
    Variable::Name,
    Variable::Kind,
    Variable::Payee,
    Variable::PayeeOwn,
    Variable::Favorite,
    Variable::Url,
    Variable::Amount,
];

/// Variables after those of counters.
const AFTER: [Variable; 5] = [Variable::Ip, Variable::Now, Variable::Week, Variable::Created, Variable::Age];

/// The space of one operation. Variables are numbered in the order in which diagrams test them.
#[derive(Debug)]
pub struct Space<'p> {
    pub(crate) sides: Vec<Side<'p>>,
    pub(crate) own: flag::Flag,
    pub(crate) method: words::Words,
    pub(crate) repeat: words::Words,
    pub(crate) account: account::Identity,
    pub(crate) name: words::Words,
    pub(crate) kind: words::Words,
    pub(crate) payee: payee::Ibans,
    pub(crate) payee_own: flag::Flag,
    pub(crate) favorite: flag::Flag,
    pub(crate) url: words::Words,
    pub(crate) amount: amount::Amounts,
    /// Counters that caps look at.
    pub tallies: Vec<Tally>,
    pub(crate) tally_of: HashMap<(usize, u32), u32>,
    pub(crate) ip: ip::Addresses,
    pub(crate) now: moment::Moments,
    pub(crate) week: week::Weeks,
    pub(crate) created: moment::Creation,
    pub(crate) age: moment::Ages,
}

/// The totals of counters at a point: a policy and a place in its table of counters to the sum or number with this
/// request included; nothing when it is unknown.
pub type Totals<'t> = &'t dyn Fn(usize, u32) -> Option<i128>;

impl Space<'_> {
    /// The number of a variable.
    pub fn number(&self, variable: Variable) -> u32 {
        if let Variable::Total(place) = variable {
            return BEFORE.len() as u32 + place;
        }
        if let Some(place) = BEFORE.iter().position(|one| *one == variable) {
            return place as u32;
        }
        let after = AFTER.iter().position(|one| *one == variable).unwrap_or(0);
        (BEFORE.len() + self.tallies.len() + after) as u32
    }

    /// The variable of a number.
    pub fn variable(&self, number: u32) -> Variable {
        let number = number as usize;
        if let Some(variable) = BEFORE.get(number) {
            return *variable;
        }
        let place = number - BEFORE.len();
        match place.checked_sub(self.tallies.len()) {
            None => Variable::Total(place as u32),
            Some(after) => AFTER.get(after).copied().unwrap_or(Variable::Age),
        }
    }

    /// How many classes each variable has.
    pub fn domains(&self) -> Vec<u32> {
        let before = [
            self.own.size(),
            self.method.size(),
            self.repeat.size(),
            self.account.size(),
            self.name.size(),
            self.kind.size(),
            self.payee.size(),
            self.payee_own.size(),
            self.favorite.size(),
            self.url.size(),
            self.amount.size(),
        ];
        let totals = self.tallies.iter().map(Tally::size);
        let after = [self.ip.size(), self.now.size(), self.week.size(), self.created.size(), self.age.size()];
        before.into_iter().chain(totals).chain(after).collect()
    }

    /// How many classes a variable has.
    pub(crate) fn size(&self, variable: Variable) -> u32 {
        match variable {
            Variable::Own => self.own.size(),
            Variable::Method => self.method.size(),
            Variable::Repeat => self.repeat.size(),
            Variable::Account => self.account.size(),
            Variable::Name => self.name.size(),
            Variable::Kind => self.kind.size(),
            Variable::Payee => self.payee.size(),
            Variable::PayeeOwn => self.payee_own.size(),
            Variable::Favorite => self.favorite.size(),
            Variable::Url => self.url.size(),
            Variable::Amount => self.amount.size(),
            Variable::Total(place) => self.tallies.get(place as usize).map_or(1, Tally::size),
            Variable::Ip => self.ip.size(),
            Variable::Now => self.now.size(),
            Variable::Week => self.week.size(),
            Variable::Created => self.created.size(),
            Variable::Age => self.age.size(),
        }
    }

    /// The class of each variable at concrete facts; nothing where they contradict the declarations.
    pub fn point(&self, facts: &Facts, now: Timestamp, totals: Totals<'_>) -> Option<Vec<u32>> {
        let tells = |dimension| self.sides.iter().any(|side| side.tells(dimension));
        let account = facts.account.as_ref().filter(|_| tells(Dimension::Account));
        let payee = facts.payee.as_ref().filter(|_| tells(Dimension::Payee));
        let record = facts.record.filter(|_| tells(Dimension::Record)).unwrap_or_default();
        let word = |fact: &Option<String>, dimension| fact.clone().filter(|_| tells(dimension));
        let before = [
            self.own.class(record.own),
            self.method.class(word(&facts.method, Dimension::Method).as_deref()),
            self.repeat.class(word(&facts.repeat, Dimension::Repeat).as_deref()),
            self.account.class(account)?,
            self.name.class(account.and_then(|account| account.name.as_deref())),
            self.kind.class(account.and_then(|account| account.kind.as_deref())),
            self.payee.class(payee.and_then(|payee| payee.iban.as_deref())),
            self.payee_own.class(payee.and_then(|payee| payee.own)),
            self.favorite.class(payee.and_then(|payee| payee.favorite)),
            self.url.class(word(&facts.url, Dimension::Url).as_deref()),
            self.amount.class(facts.amount.as_ref().filter(|_| tells(Dimension::Amount))),
        ];
        let total = |tally: &Tally| {
            let (side, counter) = tally.counters.first().copied().unwrap_or_default();
            tally.class(totals(side, counter))
        };
        let after = [
            self.ip.class(facts.ip),
            self.now.class(now),
            self.week.class(now),
            self.created.class(record.created),
            self.age.class(now, record.created),
        ];
        Some(before.into_iter().chain(self.tallies.iter().map(total)).chain(after).collect())
    }
}
