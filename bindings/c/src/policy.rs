//! A compiled policy, and decisions on requests that a caller made itself.

use std::mem::MaybeUninit;
use std::sync::Arc;

use bpol_engine::ir::{Capability, Effect};
use bpol_engine::{History, Report};

use crate::fault::{Fault, Status, guarded, say};
use crate::history;
use crate::text::{Slice, Text, handle, place, time};

/// `bpol_policy` of the header.
pub(crate) struct Policy(pub(crate) Arc<bpol_engine::Policy>);

/// `bpol_decision` of the header. What is zero denies.
#[derive(Clone, Copy)]
#[repr(C)]
pub(crate) enum Decision {
    Deny = 0,
    Ask = 1,
    Allow = 2,
}

#[unsafe(no_mangle)]
extern "C" fn bpol_policy_load(
    compiled: *const u8,
    length: usize,
    offers: *const u8,
    offers_length: usize,
    policy: Option<&mut MaybeUninit<Option<Box<Policy>>>>,
) -> Status {
    guarded(|| {
        let policy = place("policy", policy)?.write(None);
        let compiled = Slice::new(compiled, length).bytes("compiled")?;
        let loaded = match Slice::new(offers, offers_length).optional("offers")? {
            None => bpol_engine::Policy::load(compiled),
            Some(words) => {
                let offers = words.split_ascii_whitespace().map(capability).collect::<Result<Vec<_>, _>>()?;
                bpol_engine::Policy::load_for(compiled, &offers)
            }
        };
        *policy = Some(Box::new(Policy(Arc::new(loaded.map_err(Fault::malformed)?))));
        Ok(())
    })
}

fn capability(word: &str) -> Result<Capability, Fault> {
    let found = Capability::ALL.into_iter().find(|capability| capability.word() == word);
    found.ok_or_else(|| Fault::malformed(format!("`{word}` is nothing that a gateway can offer")))
}

#[unsafe(no_mangle)]
extern "C" fn bpol_policy_free(policy: Option<&mut Option<Box<Policy>>>) {
    guarded(|| {
        drop(policy.and_then(Option::take));
        Ok(())
    });
}

#[unsafe(no_mangle)]
extern "C" fn bpol_decide(
    policy: Option<&Policy>,
    request: *const u8,
    length: usize,
    past: Option<&History>,
    now: *const u8,
    now_length: usize,
    approved: bool,
    decision: Option<&mut MaybeUninit<Decision>>,
    details: Option<&mut MaybeUninit<Text>>,
) -> Status {
    let request = Slice::new(request, length);
    told(decision, details, || {
        let Policy(policy) = handle("policy", policy)?;
        let (text, past, now) = (request.text("request")?, history::of(past), time(now, now_length)?);
        Ok(match policy.read_request(text) {
            Ok(request) if approved => policy.report_approved(&request, past, now),
            // What cannot be read is denied with its reason.
            _ => policy.answer(text, past, now),
        })
    })
}

/// Writes a decision for a caller: a denial first, so that it stands there whatever happens.
pub(crate) fn told(
    decision: Option<&mut MaybeUninit<Decision>>,
    details: Option<&mut MaybeUninit<Text>>,
    decide: impl FnOnce() -> Result<Report, Fault>,
) -> Status {
    guarded(|| {
        let details = details.map(|details| details.write(Text::NONE));
        let decision = place("decision", decision)?.write(Decision::Deny);
        let mut report = decide()?;
        if let Some(message) = report.message.take() {
            say(Fault::malformed(message));
        }
        if let Some(details) = details {
            *details = Text::of(serde_json::to_vec(&report).map_err(Fault::malformed)?);
        }
        *decision = match report.decision {
            Effect::Allow => Decision::Allow,
            Effect::Ask => Decision::Ask,
            Effect::Deny => Decision::Deny,
        };
        Ok(())
    })
}
