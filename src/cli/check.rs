//! `bpolc check`

use std::collections::{BTreeSet, HashSet};
use std::io::{self, Write as _};
use std::{env, fs};

use bpol_engine::ir::Ir;
use bpolc::Checked;
use bpolc::diag::{Diagnostic, Level};
use camino::{Utf8Path, Utf8PathBuf};
use jiff::Timestamp;

use super::exit::{Exit, Outcome, Stop, say, why};
use super::files::{self, Files, STDIN};
use super::fix::{self, Fixed};
use super::progress::Progress;
use super::target::Where;
use super::{changes, settings, watch, write};
use crate::report::{self, harmless};

/// Say what is wrong with a policy, and what to do about it
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example: bpolc check policies/ --deny warnings\nExample: bpolc check --format sarif --output bpolc.sarif"
)]
pub(crate) struct Arguments {
    /// Files or directories; `-` is standard input, none the current directory
    files: Vec<Utf8PathBuf>,
    /// How to report: human, short, json, sarif, github, gitlab, junit or checkstyle
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT", hide_possible_values = true)]
    format: report::Format,
    /// Write the report of `--format` to a file, and the one for people to the terminal
    #[arg(long, value_name = "FILE")]
    output: Option<Utf8PathBuf>,
    #[command(flatten)]
    settings: settings::Flags,
    #[command(flatten)]
    target: Where,
    /// Apply the fixes that keep or narrow what is allowed
    #[arg(long)]
    fix: bool,
    /// With `--fix`: write nothing, and print what would change as a diff
    #[arg(long, requires = "fix")]
    dry_run: bool,
    /// Check again whenever a file changes
    #[arg(long, conflicts_with = "fix")]
    watch: bool,
}

/// Runs it.
pub(crate) fn run(arguments: &Arguments) -> Outcome {
    arguments.refuse_nonsense()?;
    if !arguments.watch {
        return once(arguments, &mut |_| {});
    }
    watch::watch(&arguments.files, &mut || {
        let mut directories = BTreeSet::new();
        let outcome = once(arguments, &mut |checked: &Checked| {
            let parent = |path: &Utf8Path| path.parent().map(Utf8Path::to_owned);
            directories.extend(checked.sources.iter().filter_map(|(_, source)| parent(&source.path)));
        });
        (outcome, directories.into_iter().collect())
    })
}

/// Checks once, and tells what was checked.
fn once(arguments: &Arguments, seen: &mut dyn FnMut(&Checked)) -> Outcome {
    let target = arguments.target.find()?;
    let Files { inputs, root } = files::read(&arguments.files)?;
    let settings = arguments.settings.find(&root)?;
    let read = files::importer(&root);
    let progress = Progress::begin(format!("checking {}", report::number(inputs.len(), "file")));
    let checked = if arguments.fix {
        if !arguments.dry_run && inputs.iter().any(|input| input.path == STDIN) {
            return Err(Stop::failed("standard input cannot be fixed in place; name a file"));
        }
        let fixed = fix::fix(&inputs, &root, &read, &settings, target.as_ref());
        drop(progress);
        if arguments.dry_run {
            show_fixed(&fixed)?;
        } else {
            write_fixed(&fixed)?;
        }
        fixed.checked
    } else {
        let mut checked = bpolc::check(inputs, &root, &read);
        progress.says(format!("looking through {}", report::number(checked.policy.keys.len(), "key")));
        bpolc::examine(&mut checked, Some(Timestamp::now()), target.as_ref(), &|lint| settings.wants(lint));
        settings.apply(&mut checked);
        drop(progress);
        checked
    };
    seen(&checked);
    report(arguments, &checked, settings.fail_level)?;
    let failing: Vec<&Diagnostic> =
        checked.diagnostics.iter().filter(|found| found.level >= settings.fail_level).collect();
    Ok(if failing.is_empty() {
        Exit::Fine
    } else if failing.into_iter().all(bpolc::is_claim) {
        Exit::TestFailed
    } else {
        Exit::Findings
    })
}

impl Arguments {
    fn refuse_nonsense(&self) -> Result<(), Stop> {
        let is_human = self.format == report::Format::Human;
        if self.output.is_some() && is_human {
            return Err(Stop::failed("`--output` writes a report for programs; name its `--format`, such as `sarif`"));
        }
        if self.watch && self.files.iter().any(|file| file == STDIN) {
            return Err(Stop::failed("standard input cannot be watched; name a file or a directory"));
        }
        if self.dry_run && !is_human && self.output.is_none() {
            return Err(Stop::failed(
                "`--dry-run` prints its diff to standard output, where the report would go; write that with `--output`",
            ));
        }
        Ok(())
    }
}

/// Reports to where the user wants it.
fn report(arguments: &Arguments, checked: &Checked, fail_level: Level) -> Result<(), Stop> {
    match &arguments.output {
        Some(output) => {
            // Findings are seen even when the file cannot be written.
            report::human(checked);
            refuse_source(output, checked)?;
            let mut bytes = Vec::new();
            report::machine(&mut bytes, checked, arguments.format, fail_level)?;
            write::replace(output, &bytes).map_err(Stop::failed)?;
        }
        None => report::check(checked, arguments.format, fail_level)?,
    }
    if arguments.format == report::Format::Github
        && let Some(file) = env::var_os("GITHUB_STEP_SUMMARY").filter(|file| !file.is_empty())
    {
        let added = fs::OpenOptions::new().create(true).append(true).open(&file);
        added.and_then(|mut file| file.write_all(report::job_summary(checked).as_bytes())).map_err(|error| {
            let file = file.to_string_lossy();
            Stop::failed(format!("cannot write the summary of the job to `{file}`: {}", why(&error)))
        })?;
    }
    Ok(())
}

/// Prints what would be fixed.
fn show_fixed(fixed: &Fixed) -> Result<(), Stop> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    for (path, old, new) in fixed.files.iter().filter(|(_, old, new)| old != new) {
        changes::write(&mut out, path, old, new)?;
    }
    out.flush()?;
    fixed.done.iter().for_each(|(_, line)| say(harmless(&format!("would fix {line}"))));
    say_left(fixed);
    Ok(())
}

fn say_left(fixed: &Fixed) {
    for path in &fixed.left {
        say(harmless(&format!("`{path}` has syntax errors, so nothing in it was fixed: correct these first")));
    }
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
            say(harmless(&format!("fixed {line}")));
        }
    }
    say_left(fixed);
    if faults.is_empty() { Ok(()) } else { Err(Stop::Failed(faults)) }
}

/// What is written must not take the place of the policy.
pub(crate) fn refuse_source(output: &Utf8Path, checked: &Checked) -> Result<(), Stop> {
    let target = files::real(output);
    let is_source = checked.sources.iter().any(|(_, source)| files::real(&source.path) == target);
    if is_source {
        return Err(Stop::failed(format!(
            "`{output}` is a source of the policy and would be overwritten; name another file"
        )));
    }
    Ok(())
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
    if warnings {
        bpolc::suppress(&mut checked, Some(Timestamp::now()));
        // Settings that cannot be read hide nothing; to say so is for `check`.
        if let Ok(settings) = settings::Flags::default().find(&files.root) {
            settings.hide_allowed(&mut checked);
        }
    } else {
        checked.diagnostics.retain(|found| found.level == Level::Error);
    }
    if !checked.diagnostics.is_empty() {
        report::findings(&checked);
    }
    (!checked.has_errors()).then_some(checked)
}
