//! What an answer shows.

use bpol_engine::ir::Operation;

use super::list::joined;
use crate::analyze::region::fields;

/// What an answer shows, where that is not what it shows by default.
pub fn showing(operation: &Operation, shown: u64) -> Option<String> {
    let defaults = operation.fields.len();
    let named = |wanted: &dyn Fn(usize, bool) -> bool| -> Vec<String> {
        let all = fields(operation).enumerate();
        let all = all.filter(|(bit, _)| wanted(*bit, shown >> *bit & 1 != 0));
        all.map(|(_, field)| field.to_owned()).collect()
    };
    let missing = named(&|bit, shows| bit < defaults && !shows);
    let extra = named(&|bit, shows| bit >= defaults && shows);
    let all = named(&|_, shows| shows);
    match (missing.is_empty(), extra.is_empty()) {
        (true, true) => None,
        (true, false) => Some(format!("showing also {}", joined(&extra, "and"))),
        _ if all.is_empty() => Some("showing nothing".to_owned()),
        (false, true) if missing.len() < all.len() => Some(format!("hiding {}", joined(&missing, "and"))),
        _ => Some(format!("showing only {}", joined(&all, "and"))),
    }
}
