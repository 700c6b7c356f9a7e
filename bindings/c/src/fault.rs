//! What goes wrong, as a status and three texts that the thread keeps for its caller.

use std::cell::RefCell;
use std::ffi::{CString, c_char};
use std::panic::{AssertUnwindSafe, catch_unwind};

use bpol_engine::Unfiltered;
use bpol_engine::http::Refusal;

/// How a call of a function ended; `bpol_status` of the header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(C)]
pub(crate) enum Status {
    Ok = 0,
    Malformed = 1,
    Refused = 2,
    Unfiltered = 3,
    Misused = 4,
    Broken = 5,
}

/// Why there is no result.
#[derive(Debug)]
pub(crate) struct Fault {
    status: Status,
    name: &'static str,
    place: String,
    message: String,
}

impl Fault {
    pub(crate) fn malformed(message: impl ToString) -> Self {
        Self { status: Status::Malformed, name: "malformed", place: String::new(), message: message.to_string() }
    }

    pub(crate) fn misused(message: impl ToString) -> Self {
        Self { status: Status::Misused, name: "misused", place: String::new(), message: message.to_string() }
    }
}

impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Self {
        let (place, message) = (refusal.place.to_string(), refusal.to_string());
        Self { status: Status::Refused, name: refusal.name(), place, message }
    }
}

impl From<Unfiltered> for Fault {
    fn from(why: Unfiltered) -> Self {
        Self { status: Status::Unfiltered, name: why.name(), place: why.pointer.clone(), message: why.to_string() }
    }
}

#[derive(Default)]
struct Said {
    name: CString,
    place: CString,
    message: CString,
}

thread_local! {
    static SAID: RefCell<Said> = RefCell::default();
}

/// Runs what a function does. A panic ends here: it must not reach the caller's frames.
pub(crate) fn guarded(act: impl FnOnce() -> Result<(), Fault>) -> Status {
    let fault = match catch_unwind(AssertUnwindSafe(act)) {
        Ok(Ok(())) => return Status::Ok,
        Ok(Err(fault)) => fault,
        Err(_) => {
            let message =
                "the engine broke off, which is a bug: take it for a denial, and load the policy anew".to_owned();
            Fault { status: Status::Broken, name: "broken", place: String::new(), message }
        }
    };
    let status = fault.status;
    say(fault);
    status
}

/// Keeps what is wrong for the caller to ask for.
pub(crate) fn say(fault: Fault) {
    let said = Said { name: line(fault.name), place: line(&fault.place), message: line(&fault.message) };
    // A thread that is about to end keeps nothing; the status says enough.
    let _ = SAID.try_with(|place| place.replace(said));
}

/// Texts of a fault quote what they are about, which may hold a zero.
fn line(text: &str) -> CString {
    CString::new(text.replace('\0', "\u{fffd}")).unwrap_or_default()
}

fn said(which: impl FnOnce(&Said) -> &CString) -> *const c_char {
    SAID.try_with(|said| which(&said.borrow()).as_ptr()).unwrap_or(c"".as_ptr())
}

#[unsafe(no_mangle)]
extern "C" fn bpol_error_name() -> *const c_char {
    said(|said| &said.name)
}

#[unsafe(no_mangle)]
extern "C" fn bpol_error_place() -> *const c_char {
    said(|said| &said.place)
}

#[unsafe(no_mangle)]
extern "C" fn bpol_error_message() -> *const c_char {
    said(|said| &said.message)
}
