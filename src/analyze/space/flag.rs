//! Facts that are yes or no.

/// A variable whose classes are unknown, no and yes; one class when no rule looks at it.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Flag {
    pub(crate) used: bool,
}

/// The class of no.
pub(crate) const NO: u32 = 1;
/// The class of yes.
pub(crate) const YES: u32 = 2;

impl Flag {
    pub(crate) fn size(self) -> u32 {
        if self.used { 3 } else { 1 }
    }

    pub(crate) fn class(self, told: Option<bool>) -> u32 {
        match told {
            _ if !self.used => 0,
            None => 0,
            Some(false) => NO,
            Some(true) => YES,
        }
    }

    pub(crate) fn fact(self, class: u32) -> Option<bool> {
        match class {
            NO => Some(false),
            YES => Some(true),
            _ => None,
        }
    }
}
