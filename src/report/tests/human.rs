//! Outcomes of tests for people, on standard error.

use std::io::{self, Write as _};

use bpol_engine::ir::Ir;
use bpolc::diag::Diagnostic;
use bpolc::expect::report::{Looks, report};
use bpolc::expect::run::Run;
use bpolc::source::Sources;

use crate::report::{Colour, Terminal};

/// Writes a line for each test, what is wrong with those that fail, and how many there are.
pub(super) fn write(sources: &Sources, ir: &Ir, runs: &[Run<'_>]) {
    let colours = Terminal::for_stderr(sources);
    let mut terminal = Terminal::for_stderr(sources);
    let passed = |passed| match passed {
        true => colours.paint(Colour::Green, "ok  "),
        false => colours.paint(Colour::Red, "FAIL"),
    };
    let mut finding = |found: &Diagnostic| terminal.render(found);
    let text = report(ir, runs, &mut Looks { passed: &passed, finding: &mut finding });
    let _ = io::stderr().lock().write_all(text.as_bytes());
}
