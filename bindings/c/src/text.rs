//! Bytes and texts across the border: what a caller lends, and what it is given to keep. All pointers are followed here.

use std::mem::MaybeUninit;
use std::ptr;

use jiff::Timestamp;

use crate::fault::Fault;

/// More bytes than any argument can have; a length beyond it was meant to be something else, such as -1.
const MAX_LENGTH: usize = 1 << 30;

/// Bytes that a caller lends for the time of one call; `bpol_slice` of the header.
#[repr(C)]
pub(crate) struct Slice {
    data: *const u8,
    length: usize,
}

/// A text that a caller keeps until it frees it, with a zero behind it; `bpol_text` of the header.
#[repr(C)]
pub(crate) struct Text {
    data: *mut u8,
    length: usize,
}

impl Slice {
    pub(crate) fn new(data: *const u8, length: usize) -> Self {
        Self { data, length }
    }

    /// The bytes; none where the pointer is null.
    pub(crate) fn given<'a>(&self, what: &str) -> Result<Option<&'a [u8]>, Fault> {
        list(what, self.data, self.length)
    }

    pub(crate) fn bytes<'a>(&self, what: &str) -> Result<&'a [u8], Fault> {
        match (self.given(what)?, self.length) {
            (Some(bytes), _) => Ok(bytes),
            (None, 0) => Ok(&[]),
            (None, length) => Err(Fault::misused(format!("{what} is null and has {length} bytes"))),
        }
    }

    pub(crate) fn text<'a>(&self, what: &str) -> Result<&'a str, Fault> {
        utf8(what, self.bytes(what)?)
    }

    /// A text that may be left out, with a null pointer.
    pub(crate) fn optional<'a>(&self, what: &str) -> Result<Option<&'a str>, Fault> {
        self.given(what)?.map(|bytes| utf8(what, bytes)).transpose()
    }
}

/// The time to decide at: what is said, or what the machine's clock says.
pub(crate) fn time(now: *const u8, length: usize) -> Result<Timestamp, Fault> {
    match Slice::new(now, length).optional("now")? {
        Some(text) => text.parse().map_err(|_| Fault::malformed(format!("`{text}` is no instant with an offset"))),
        None if cfg!(target_family = "wasm") => Err(Fault::misused("now is null, and there is no clock here")),
        None => Ok(Timestamp::now()),
    }
}

/// A list that a caller lends; none where the pointer is null.
pub(crate) fn list<'a, T>(what: &str, data: *const T, length: usize) -> Result<Option<&'a [T]>, Fault> {
    if data.is_null() {
        return Ok(None);
    }
    if length > MAX_LENGTH / size_of::<T>() {
        return Err(Fault::misused(format!("{what} cannot have a length of {length}")));
    }
    if !data.is_aligned() {
        return Err(Fault::misused(format!("{what} does not stand where such values stand")));
    }
    // SAFETY: not null, aligned and short enough; that `length` values stand there and stay as they are until the function
    // returns is the caller's promise, by the header. No function keeps the slice.
    Ok(Some(unsafe { std::slice::from_raw_parts(data, length) }))
}

fn utf8<'a>(what: &str, bytes: &'a [u8]) -> Result<&'a str, Fault> {
    std::str::from_utf8(bytes)
        .map_err(|error| Fault::malformed(format!("{what} is not UTF-8, at byte {}", error.valid_up_to())))
}

impl Text {
    pub(crate) const NONE: Self = Self { data: ptr::null_mut(), length: 0 };

    pub(crate) fn of(mut bytes: Vec<u8>) -> Self {
        let length = bytes.len();
        bytes.push(0);
        let data = Box::into_raw(bytes.into_boxed_slice()).cast();
        Self { data, length }
    }
}

/// A place for a result; what stood there is taken for nothing.
pub(crate) fn place<'a, T>(what: &str, out: Option<&'a mut MaybeUninit<T>>) -> Result<&'a mut MaybeUninit<T>, Fault> {
    out.ok_or_else(|| Fault::misused(format!("{what} is null: there is no place for the result")))
}

/// A handle that must be there.
pub(crate) fn handle<T>(what: &str, handle: Option<T>) -> Result<T, Fault> {
    handle.ok_or_else(|| Fault::misused(format!("{what} is null: it was never made, or is freed")))
}

#[unsafe(no_mangle)]
extern "C" fn bpol_text_free(text: Option<&mut Text>) {
    let Some(Text { data, length }) = text.map(|text| std::mem::replace(text, Text::NONE)) else { return };
    if !data.is_null() {
        // SAFETY: `Text::of` made it of a box of this many bytes and a zero; the header forbids to change it, and what was
        // freed is null from then on.
        drop(unsafe { Box::from_raw(ptr::slice_from_raw_parts_mut(data, length.saturating_add(1))) });
    }
}

/// Room in the memory of WebAssembly, where a caller cannot make it by itself; null when there is none.
#[cfg(target_family = "wasm")]
#[unsafe(no_mangle)]
extern "C" fn bpol_memory(length: usize) -> *mut u8 {
    let mut bytes: Vec<u64> = Vec::new();
    match length <= MAX_LENGTH && bytes.try_reserve_exact(words(length)).is_ok() {
        true => {
            bytes.resize(words(length), 0);
            Box::into_raw(bytes.into_boxed_slice()).cast()
        }
        false => ptr::null_mut(),
    }
}

#[cfg(target_family = "wasm")]
#[unsafe(no_mangle)]
extern "C" fn bpol_memory_free(data: *mut u64, length: usize) {
    if !data.is_null() {
        // SAFETY: `bpol_memory` made it of a box of as many words.
        drop(unsafe { Box::from_raw(ptr::slice_from_raw_parts_mut(data, words(length))) });
    }
}

/// Words that hold so many bytes; numbers of 64 bits can stand in them.
#[cfg(target_family = "wasm")]
fn words(length: usize) -> usize {
    length.div_ceil(8).max(1)
}
