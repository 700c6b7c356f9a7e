//! Section 6.4: what was spent and how often, by a walk over the whole past.

use jiff::civil::Weekday;
use jiff::{SignedDuration, Timestamp};

use super::clause::{Site, World, value};
use super::logic::{False, True, Unknown, Value, and, not, or};
use super::model::{Cap, Clause, CountCap, Item, MoneyCap, Period, Policy};
use super::request::{Facts, nfc};
use super::rule::{Flat, Membership, Stated};

/// What a cap counts: the entries of the past that fall in one of these scopes.
pub(crate) struct Counter<'rule> {
    pub(crate) scopes: Vec<Scope<'rule>>,
}

/// The scope of a rule, or of the rule without one of its `unless`.
pub(crate) struct Scope<'rule> {
    pub(crate) rule: &'rule Flat,
    pub(crate) without: Option<usize>,
}

/// What a counter holds in the window of a period: a sum in a currency, which may be unknown, or a number of times.
pub(crate) type Sums<'test> = dyn Fn(&Counter<'_>, Option<&str>, Period) -> Option<i128> + 'test;

impl<'rule> Counter<'rule> {
    /// The counter of a cap that stands in a rule.
    pub(crate) fn of(world: &'rule World<'_>, rule: &'rule Flat, site: Site<'_>) -> Counter<'rule> {
        let scopes = match site {
            // "A cap inside an `unless` has the scope of the rule without that `unless`."
            Site::Unless(block, _) => vec![Scope { rule, without: Some(block) }],
            // "A cap added by `use` is one budget for that `use`: its scope is the union of the scopes of the rules it
            // is added to (rules it does not apply to left out)."
            Site::Stated(Stated { clause, added_by: Some(by) }) => world
                .rules
                .iter()
                .filter(|other| {
                    other.key == rule.key
                        && other.clauses.iter().any(|stated| {
                            stated.added_by.as_ref() == Some(by)
                                && stated.clause == *clause
                                && other.applies_somewhere(stated, world.vocabulary)
                        })
                })
                .map(|rule| Scope { rule, without: None })
                .collect(),
            Site::Stated(Stated { added_by: None, .. }) => vec![Scope { rule, without: None }],
        };
        Counter { scopes }
    }

    pub(crate) fn counts(&self, world: &World<'_>, entry: &Facts) -> bool {
        self.scopes.iter().any(|scope| in_scope(world, scope, entry))
    }
}

/// "A named `limit` has the union of the scopes of all rules that say `within` it, over all keys: one shared budget."
pub(crate) fn within<'rule>(world: &'rule World<'_>, limit: &str) -> Counter<'rule> {
    let says = |clause: &Clause| match clause {
        Clause::Within(limits) => limits.iter().any(|named| nfc(named) == nfc(limit)),
        _ => false,
    };
    let mut scopes = Vec::new();
    for rule in &world.rules {
        for stated in &rule.clauses {
            if says(&stated.clause) && (stated.added_by.is_none() || rule.applies_somewhere(stated, world.vocabulary)) {
                scopes.push(Scope { rule, without: None });
            }
        }
        for (index, block) in rule.unless.iter().enumerate() {
            if block.iter().any(says) {
                scopes.push(Scope { rule, without: Some(index) });
            }
        }
    }
    Counter { scopes }
}

pub(crate) fn caps_of_limit<'policy>(policy: &'policy Policy, limit: &str) -> &'policy [Cap] {
    policy
        .items
        .iter()
        .find_map(|item| match item {
            Item::Limit { name, caps } if nfc(name) == nfc(limit) => Some(caps.as_slice()),
            _ => None,
        })
        .unwrap_or_else(|| panic!("limit `{limit}` is declared"))
}

fn in_scope(world: &World<'_>, scope: &Scope<'_>, entry: &Facts) -> bool {
    let Scope { rule, without } = scope;
    // "the same key (rules under `every key`: each key by itself)"
    if entry.key != rule.key {
        return false;
    }
    // "the rule's subject, counts-as included, whatever the effect (a cap takes, so it is wide); for `everything` and
    // tiers the operations that the rule concerns"
    let membership = rule.counted(entry.operation, world.vocabulary);
    if membership == Membership::Outside {
        return false;
    }
    let operation = &world.vocabulary.operations[entry.operation];
    let is = |site: Site<'_>| value(world, rule, site, membership, entry);
    // "the rule's `on`, `to`, `via`, `repeating` clauses are not false for the entry"
    let inside = rule
        .clauses
        .iter()
        .filter(|stated| narrows(&stated.clause))
        .filter(|stated| membership == Membership::CountsAs || rule.applies(stated, operation))
        .all(|stated| is(Site::Stated(stated)) != False);
    // "and no `unless` made only of such clauses is true for it. Other clauses do not narrow the scope."
    let excepted = rule.unless.iter().enumerate().any(|(index, block)| {
        Some(index) != *without
            && block.iter().all(narrows)
            && rule.excepts(block, operation)
            && and(block.iter().map(|clause| is(Site::Unless(index, clause)))) == True
    });
    inside && !excepted
}

fn narrows(clause: &Clause) -> bool {
    matches!(clause, Clause::On(_) | Clause::To(_) | Clause::Via(_) | Clause::Repeating(_))
}

/// "Only the caps in the amount's currency are looked at. If there are caps with a figure, and none of them is in the
/// amount's currency or the amount is unknown, the clause is unknown; `any amount` beside them changes nothing. A
/// clause all of whose caps are `any amount` is true. `up to`: every cap looked at holds: value ≤ M (each), spent(W) +
/// value ≤ M (period, 6.4). `over`: some cap is exceeded: value > M, spent(W) + value > M"
pub(crate) fn money_value(
    world: &World<'_>,
    caps: &[MoneyCap],
    counter: &Counter<'_>,
    facts: &Facts,
    up_to: bool,
) -> Value {
    if caps.iter().all(|cap| cap.amount.is_none()) {
        return True;
    }
    let Some(amount) = &facts.amount else { return Unknown };
    let mut exceeded = Vec::new();
    for cap in caps {
        let Some(most) = cap.amount.as_ref().filter(|most| most.currency == amount.currency) else { continue };
        exceeded.push(match cap.period {
            None => (amount.minor > most.minor).into(),
            // "for a request whose `repeat` is known and not `once`, a money cap with a figure and a period (or in
            // total) is unknown wherever it stands"
            Some(_) if facts.repeat.as_ref().is_some_and(|repeat| repeat != "once") => Unknown,
            Some(period) => match spent(world, counter, &most.currency, period) {
                Some(spent) => (spent + amount.minor > most.minor).into(),
                None => Unknown,
            },
        });
    }
    if exceeded.is_empty() {
        Unknown
    } else if up_to {
        and(exceeded.into_iter().map(not))
    } else {
        or(exceeded)
    }
}

/// "spent(W) is the sum of amounts in the cap's currency … of the entries in the window that fall in the rule's
/// *scope*". "An entry of an operation that has no amount adds nothing to spent(W); an entry of one that has, whose
/// amount is unknown, makes spent(W) unknown."
fn spent(world: &World<'_>, counter: &Counter<'_>, currency: &str, period: Period) -> Option<i128> {
    if let Some(sums) = world.sums {
        return sums(counter, Some(currency), period);
    }
    let mut sum = 0;
    for entry in world.past.iter().filter(|entry| in_window(world, period, entry) && counter.counts(world, entry)) {
        if !world.vocabulary.operations[entry.operation].has("amount") {
            continue;
        }
        match &entry.amount {
            None => return None,
            Some(amount) if amount.currency == currency => sum += amount.minor,
            Some(_) => {}
        }
    }
    Some(sum)
}

/// "count(W) the number, of the entries in the window that fall in the rule's *scope*"
pub(crate) fn count_exceeded(world: &World<'_>, cap: &CountCap, counter: &Counter<'_>) -> Value {
    if let Some(count) = world.sums.and_then(|sums| sums(counter, None, cap.period)) {
        return (count + 1 > i128::from(cap.times)).into();
    }
    let count =
        world.past.iter().filter(|entry| in_window(world, cap.period, entry) && counter.counts(world, entry)).count();
    (count + 1 > cap.times as usize).into()
}

/// "`per day|week|month|year` is the calendar period in the policy's time zone that contains now (weeks start on
/// Monday); `per 24h` is rolling: entries later than now − 24 h; `in total`: all. Entries dated after now count too".
fn in_window(world: &World<'_>, period: Period, entry: &Facts) -> bool {
    let time = entry.time.expect("an entry has a time");
    match period {
        Period::Total => true,
        Period::Rolling(duration) => time > world.now - SignedDuration::from_secs(duration.seconds()),
        _ => time >= window_start(world, period),
    }
}

fn window_start(world: &World<'_>, period: Period) -> Timestamp {
    let today = world.now.to_zoned_datetime(world.zone()).date();
    let mut first = today;
    match period {
        Period::Week => {
            while first.weekday() != Weekday::Monday {
                first = first.yesterday().expect("the day is within the calendar");
            }
        }
        Period::Month => first = today.first_of_month(),
        Period::Year => first = today.first_of_year(),
        Period::Day | Period::Rolling(_) | Period::Total => {}
    }
    world.first_instant(first)
}
