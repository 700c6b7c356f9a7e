//! "Each clause has a value in Kleene's three-valued logic."

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Value {
    True,
    False,
    Unknown,
}

pub(crate) use Value::{False, True, Unknown};

impl From<bool> for Value {
    fn from(known: bool) -> Self {
        if known { True } else { False }
    }
}

pub(crate) fn not(value: Value) -> Value {
    match value {
        True => False,
        False => True,
        Unknown => Unknown,
    }
}

/// False if one is false; else unknown if one is unknown; else true.
pub(crate) fn and(values: impl IntoIterator<Item = Value>) -> Value {
    let values: Vec<Value> = values.into_iter().collect();
    if values.contains(&False) {
        False
    } else if values.contains(&Unknown) {
        Unknown
    } else {
        True
    }
}

/// True if one is true; else unknown if one is unknown; else false.
pub(crate) fn or(values: impl IntoIterator<Item = Value>) -> Value {
    let values: Vec<Value> = values.into_iter().collect();
    if values.contains(&True) {
        True
    } else if values.contains(&Unknown) {
        Unknown
    } else {
        False
    }
}

/// A comparison of which a side may be unknown.
pub(crate) fn compare<T: PartialEq + ?Sized>(told: Option<&T>, wanted: &T) -> Value {
    match told {
        Some(told) => (told == wanted).into(),
        None => Unknown,
    }
}
