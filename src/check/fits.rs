//! Which clauses fit which operations.

use bpol_engine::ir::{Dimension, Tier};

use crate::catalogue::Operation;
use crate::check::cap::Figure;
use crate::check::{ClauseKind, Limit};

/// The dimension that a clause is about; nothing for address, time, counts and validity, which apply to every operation.
pub fn dimension(kind: &ClauseKind, limits: &[Limit]) -> Option<Dimension> {
    Some(match kind {
        ClauseKind::On(_) => Dimension::Account,
        ClauseKind::To(_) => Dimension::Payee,
        ClauseKind::ToUrl(_) => Dimension::Url,
        ClauseKind::UpTo(_) | ClauseKind::Over(_) => Dimension::Amount,
        ClauseKind::Within(named) => {
            if named.iter().any(|&index| limits.get(index).is_some_and(has_money)) {
                Dimension::Amount
            } else {
                return None;
            }
        }
        ClauseKind::Via(_) => Dimension::Method,
        ClauseKind::Repeating(_) => Dimension::Repeat,
        ClauseKind::SinceAge(_) | ClauseKind::SinceDate(_) | ClauseKind::CreatedByThisKey => Dimension::Record,
        ClauseKind::Showing(_) | ClauseKind::Hiding(_) => Dimension::Fields,
        ClauseKind::AtMost(_)
        | ClauseKind::MoreThan(_)
        | ClauseKind::From(_)
        | ClauseKind::During(_)
        | ClauseKind::Starting(_)
        | ClauseKind::Before(_) => return None,
    })
}

/// Whether a limit has caps on money.
pub fn has_money(limit: &Limit) -> bool {
    limit.money.iter().any(|cap| cap.figure != Figure::Any)
}

/// Whether a clause under `everything` or a tier concerns an operation: it has the clause's dimension, and clauses about
/// the movement of money concern only what spends. `showing` and `hiding` concern all.
pub fn concerns(kind: &ClauseKind, operation: &Operation, limits: &[Limit]) -> bool {
    let spends = match kind {
        ClauseKind::To(_)
        | ClauseKind::UpTo(_)
        | ClauseKind::Over(_)
        | ClauseKind::Within(_)
        | ClauseKind::Via(_)
        | ClauseKind::Repeating(_) => operation.tier == Tier::Spend,
        ClauseKind::Showing(_) | ClauseKind::Hiding(_) => return true,
        _ => true,
    };
    spends && dimension(kind, limits).is_none_or(|needed| operation.dimensions.contains(needed))
}
