//! What was done before, read once and kept for many decisions.

use std::mem::MaybeUninit;

use bpol_engine::History;

use crate::fault::{Fault, Status, guarded};
use crate::policy::Policy;
use crate::text::{Slice, handle, place};

#[unsafe(no_mangle)]
extern "C" fn bpol_history_new(history: Option<&mut MaybeUninit<Option<Box<History>>>>) -> Status {
    guarded(|| {
        place("history", history)?.write(Some(Box::default()));
        Ok(())
    })
}

#[unsafe(no_mangle)]
extern "C" fn bpol_history_add(
    history: Option<&mut History>,
    policy: Option<&Policy>,
    entry: *const u8,
    length: usize,
) -> Status {
    guarded(|| {
        let (history, Policy(policy)) = (handle("history", history)?, handle("policy", policy)?);
        let entry = Slice::new(entry, length).text("entry")?;
        policy.read_entry(entry).map_err(Fault::malformed)?.into_iter().for_each(|entry| history.push(entry));
        Ok(())
    })
}

#[unsafe(no_mangle)]
extern "C" fn bpol_history_free(history: Option<&mut Option<Box<History>>>) {
    guarded(|| {
        drop(history.and_then(Option::take));
        Ok(())
    });
}

/// The past that a caller gave; null is an empty one.
pub(crate) fn of(history: Option<&History>) -> &History {
    static NOTHING: std::sync::OnceLock<History> = std::sync::OnceLock::new();
    history.unwrap_or_else(|| NOTHING.get_or_init(History::new))
}
