//! Enforcement points: what a gateway of some make can really do, and which lines of a policy ask for more.
//!
//! A profile is a small TOML file; those that are built in stand beside the catalogue. A clause that a target cannot
//! enforce is an error at that clause: fail closed, a gateway would deny what the line means to give, or pass what it
//! means to take. It knows no command line.

mod need;
mod profile;

use bpol_engine::ir::Ir;

use crate::Checked;
use crate::diag::Diagnostic;

pub use need::Ability;
pub use profile::{Target, builtin};

/// What of a policy without errors a target cannot enforce, sorted by place.
pub fn misfits(checked: &Checked, ir: &Ir, target: &Target) -> Vec<Diagnostic> {
    let mut found = need::misfits(checked, ir, target);
    crate::check::sort(&mut found);
    found
}
