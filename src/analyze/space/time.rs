//! Moments for the classes of the four variables of time, which depend on each other.

use jiff::Timestamp;

use crate::analyze::TooLarge;
use crate::analyze::decision::Builder;
use crate::analyze::mdd::Id;
use crate::analyze::space::moment::{SECOND, timestamp};
use crate::analyze::space::{Space, Variable};

/// Where witnesses are put when nothing says otherwise: in the middle of a day, a week, a month and a year.
pub(crate) const PREFERRED: i128 = 1_781_690_400 * SECOND;

/// After so long every minute of the week has come by, changes of the clocks or not.
const LONG: i128 = 24 * 86_400 * SECOND;

/// The most combinations of the classes of time that are looked at one by one.
const MOST: u64 = 200_000;

impl Space<'_> {
    /// When it is and when the record was created, for one class of each variable of time; nothing where there is no
    /// such moment. An unknown creation is told by both of its variables.
    pub(crate) fn times(&self, now: u32, week: u32, created: u32, age: u32) -> Option<(Timestamp, Option<Timestamp>)> {
        let (from, to) = self.span(now, created, age)?;
        let preferred = PREFERRED.clamp(from, to);
        let moment = |start: i128| {
            // Whole seconds read better.
            let whole = start.div_euclid(SECOND) * SECOND + if start.rem_euclid(SECOND) == 0 { 0 } else { SECOND };
            let tries = [(whole <= to).then_some(whole), Some(start)];
            tries.into_iter().flatten().find_map(|start| self.week.find(week, timestamp(start)?, timestamp(to)?))
        };
        let now = moment(preferred).or_else(|| moment(from))?;
        let Some((age, creation)) = self.age.interval(age).zip(self.created.interval(created)) else {
            return Some((now, None));
        };
        let at = now.as_nanosecond();
        let (earliest, latest) = (creation.0.max(at - age.1), creation.1.min(at - age.0));
        // A day ago where that will do, else as close to it as may be.
        let wanted = (at - 86_400 * SECOND).clamp(earliest, latest.max(earliest));
        let whole = wanted.div_euclid(SECOND) * SECOND;
        Some((now, Some(timestamp(if whole >= earliest { whole } else { wanted })?)))
    }

    /// The first and last moments that it can be, whatever the time of the week.
    fn span(&self, now: u32, created: u32, age: u32) -> Option<(i128, i128)> {
        let (mut from, mut to) = self.now.interval(now);
        match (self.created.interval(created), self.age.interval(age)) {
            (Some(created), Some(age)) => {
                from = from.max(created.0 + age.0);
                to = to.min(created.1 + age.1);
            }
            (None, None) => {}
            _ => return None,
        }
        (from <= to).then_some((from, to))
    }

    fn is_possible(&self, now: u32, week: u32, created: u32, age: u32) -> bool {
        match self.span(now, created, age) {
            None => false,
            Some((from, to)) if self.week.size() == 1 || to - from >= LONG => true,
            Some(_) => self.times(now, week, created, age).is_some(),
        }
    }
}

impl Builder<'_, '_> {
    /// True where there are such moments.
    pub(crate) fn possible_times(&mut self) -> Result<Id, TooLarge> {
        let space = self.space;
        let sizes = [space.now.size(), space.week.size(), space.created.size(), space.age.size()];
        if sizes.iter().map(|size| u64::from(*size)).product::<u64>() > MOST {
            return Err(TooLarge { reason: "rules tell too many times apart".to_owned() });
        }
        let mut by_now = Vec::new();
        for now in 0..sizes[0] {
            let mut by_week = Vec::new();
            for week in 0..sizes[1] {
                let mut by_creation = Vec::new();
                for created in 0..sizes[2] {
                    let ages: Vec<u32> =
                        (0..sizes[3]).filter(|age| space.is_possible(now, week, created, *age)).collect();
                    by_creation.push((created, self.one_of(Variable::Age, ages)));
                }
                by_week.push((week, self.table(Variable::Created, Id::FALSE, by_creation)));
            }
            by_now.push((now, self.table(Variable::Week, Id::FALSE, by_week)));
        }
        Ok(self.table(Variable::Now, Id::FALSE, by_now))
    }
}
