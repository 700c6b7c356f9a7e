//! How windows of two periods lie to each other.

use bpol_engine::ir::Period;

const HOUR: i128 = 3600;
const DAY: i128 = 24 * HOUR;

/// Whether a window always lies in another.
pub(crate) fn lies_in(small: Period, big: Period) -> bool {
    match (small, big) {
        (_, Period::Total) => true,
        (Period::Day, Period::Week | Period::Month | Period::Year) | (Period::Month, Period::Year) => true,
        // Of a calendar period no more than the whole has gone by.
        (small, Period::Rolling(big)) => longest(small).is_some_and(|longest| longest <= i128::from(big)),
        _ => false,
    }
}

/// How many windows of `inner` together hold all that one window of `outer` does, at most; nothing when there is no end
/// of them.
pub(crate) fn windows_in(outer: Period, inner: Period) -> Option<i128> {
    if outer == inner || inner == Period::Total {
        return Some(1);
    }
    Some(match (outer, inner) {
        (Period::Day, Period::Week | Period::Month | Period::Year) | (Period::Month, Period::Year) => 1,
        (Period::Week, Period::Day) => 7,
        (Period::Week, Period::Month | Period::Year) => 2,
        (Period::Month, Period::Day) => 31,
        (Period::Month, Period::Week) => 6,
        (Period::Year, Period::Day) => 366,
        (Period::Year, Period::Week) => 54,
        (Period::Year, Period::Month) => 12,
        // Clocks may be changed within a window, so stretches are taken as long, and calendar periods as short, as can be.
        (outer, Period::Rolling(seconds)) => {
            let seconds = i128::from(seconds.max(1));
            (longest(outer)? + seconds - 1) / seconds
        }
        (outer, inner) => longest(outer)? / shortest(inner) + 2,
    })
}

/// How many whole windows of `inner` lie in any window of `outer`, at least; one where it is the longer.
pub(crate) fn windows_at_least(outer: Period, inner: Period) -> i128 {
    let whole = match (outer, inner) {
        (Period::Week, Period::Day) => 7,
        (Period::Month, Period::Day) => 28,
        (Period::Year, Period::Day) => 365,
        (Period::Year, Period::Month) => 12,
        (Period::Rolling(outer), inner) => longest(inner).map_or(1, |inner| i128::from(outer) / inner),
        (outer, inner) => longest(inner).map_or(1, |inner| shortest(outer) / inner),
    };
    whole.max(1)
}

fn longest(period: Period) -> Option<i128> {
    Some(match period {
        Period::Day => DAY + 3 * HOUR,
        Period::Week => 7 * DAY + 3 * HOUR,
        Period::Month => 31 * DAY + 3 * HOUR,
        Period::Year => 366 * DAY + 3 * HOUR,
        Period::Rolling(seconds) => i128::from(seconds),
        Period::Total => return None,
    })
}

fn shortest(period: Period) -> i128 {
    match period {
        Period::Day => DAY - 3 * HOUR,
        Period::Week => 7 * DAY - 3 * HOUR,
        Period::Month => 28 * DAY - 3 * HOUR,
        Period::Year => 365 * DAY - 3 * HOUR,
        Period::Rolling(_) | Period::Total => 1,
    }
}

#[cfg(test)]
mod tests {
    use bpol_engine::ir::Period;

    use super::{lies_in, windows_in};

    #[test]
    fn a_calendar_period_lies_in_any_longer_stretch() {
        assert!(lies_in(Period::Day, Period::Rolling(604_800)));
        assert!(!lies_in(Period::Day, Period::Rolling(86_400)));
        assert!(!lies_in(Period::Week, Period::Rolling(604_800)));
        assert!(!lies_in(Period::Rolling(900), Period::Day));
        assert!(lies_in(Period::Rolling(900), Period::Rolling(900)));
        assert!(!lies_in(Period::Total, Period::Rolling(604_800)));
    }

    #[test]
    fn as_many_windows_as_can_be_needed() {
        assert_eq!(windows_in(Period::Month, Period::Day), Some(31));
        assert_eq!(windows_in(Period::Month, Period::Rolling(86_400)), Some(32));
        assert_eq!(windows_in(Period::Rolling(259_200), Period::Rolling(86_400)), Some(3));
        assert_eq!(windows_in(Period::Day, Period::Rolling(2_592_000)), Some(1));
        assert_eq!(windows_in(Period::Day, Period::Total), Some(1));
        assert_eq!(windows_in(Period::Total, Period::Day), None);
    }
}
