//! `bpolc check`

use std::collections::HashSet;
use std::fs;

use bpol_engine::ir::Ir;
use bpolc::Checked;
use bpolc::diag::{Diagnostic, Level};
use bpolc::lint::Profile;
use camino::Utf8PathBuf;
use jiff::Timestamp;

use super::exit::{Exit, Outcome, Stop, say};
use super::files::{self, Files, STDIN};
use super::fix::{self, Fixed};
use super::levels::Levels;
use super::target::Where;
use super::write;
use crate::report::{self, harmless};

/// Say what is wrong with a policy, and what to do about it
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: bpolc check policies/ --deny warnings")]
pub(crate) struct Arguments {
    /// Files or directories; `-` is standard input, none the current directory
    files: Vec<Utf8PathBuf>,
    /// How to report: human, short or json
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT", hide_possible_values = true)]
    format: report::Format,
    #[command(flatten)]
    levels: Levels,
    #[command(flatten)]
    target: Where,
    /// Apply the fixes that keep or narrow what is allowed
    #[arg(long)]
    fix: bool,
}

/// Runs it.
pub(crate) fn run(arguments: &Arguments) -> Outcome {
    arguments.levels.check_names()?;
    let target = arguments.target.find()?;
    let Files { inputs, root } = files::read(&arguments.files)?;
    let read = files::importer(&root);
    let checked = if arguments.fix {
        if inputs.iter().any(|input| input.path == STDIN) {
            return Err(Stop::failed("standard input cannot be fixed in place; name a file"));
        }
        let fixed = fix::fix(&inputs, &root, &read, &arguments.levels, target.as_ref());
        write_fixed(&fixed)?;
        fixed.checked
    } else {
        let mut checked = bpolc::check(inputs, &root, &read);
        bpolc::examine(&mut checked, Some(Timestamp::now()), target.as_ref(), &|lint| Profile::Recommended.has(lint));
        arguments.levels.apply(&mut checked.diagnostics);
        checked
    };
    report::check(&checked, arguments.format)?;
    let errors: Vec<&Diagnostic> = checked.diagnostics.iter().filter(|found| found.level == Level::Error).collect();
    Ok(if errors.is_empty() {
        Exit::Fine
    } else if errors.into_iter().all(bpolc::is_claim) {
        Exit::TestFailed
    } else {
        Exit::Findings
    })
}

/// Writes what was fixed, and says so. What changed on the disk meanwhile is left as it is.
fn write_fixed(fixed: &Fixed) -> Result<(), Stop> {
    let mut faults = Vec::new();
    let mut written = HashSet::new();
    for (path, old, new) in &fixed.files {
        if fs::read_to_string(path).ok().as_ref() != Some(old) {
            faults.push(format!("`{path}` has changed since it was read; it is left as it is"));
        } else if let Err(fault) = write::replace(path, new.as_bytes()) {
            faults.push(fault);
        } else {
            written.insert(path);
        }
    }
    for (files, line) in &fixed.done {
        if files.iter().all(|file| written.contains(file)) {
            say(harmless(line));
        }
    }
    for path in &fixed.left {
        say(harmless(&format!("`{path}` has syntax errors, so nothing in it was fixed: correct these first")));
    }
    if faults.is_empty() { Ok(()) } else { Err(Stop::Failed(faults)) }
}

/// Whether the claims of a policy without errors hold; what fails is reported.
pub(crate) fn claims_hold(checked: &mut Checked, ir: &Ir) -> bool {
    checked.diagnostics = bpolc::prove(checked, ir);
    if !checked.diagnostics.is_empty() {
        report::findings(checked);
    }
    checked.diagnostics.is_empty()
}

/// Checks a policy that must be without errors: prints what is wrong and gives nothing when it has some.
pub(crate) fn whole(files: Files, warnings: bool) -> Option<Checked> {
    let read = files::importer(&files.root);
    let mut checked = bpolc::check(files.inputs, &files.root, &read);
    if !warnings {
        checked.diagnostics.retain(|found| found.level == Level::Error);
    }
    if !checked.diagnostics.is_empty() {
        report::findings(&checked);
    }
    (!checked.has_errors()).then_some(checked)
}
