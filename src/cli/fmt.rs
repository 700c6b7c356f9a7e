//! `bpolc fmt`

use std::io::{self, Write as _};

use bpolc::source::Sources;
use camino::{Utf8Path, Utf8PathBuf};

use super::exit::{Exit, Outcome, complain, say};
use super::files::{self, STDIN};
use super::{changes, write};
use crate::report;

/// Write policies in the usual form
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: bpolc fmt policies/\nExample: bpolc fmt --check")]
pub(crate) struct Arguments {
    /// Files or directories; `-` is standard input, none the current directory
    files: Vec<Utf8PathBuf>,
    /// Change nothing; print what would change as a diff and exit with 1 if anything would
    #[arg(long)]
    check: bool,
    /// The name that findings in standard input go by
    #[arg(long, value_name = "PATH")]
    stdin_filepath: Option<Utf8PathBuf>,
}

/// Runs it. One file's trouble does not keep the others from being formatted.
pub(crate) fn run(arguments: &Arguments) -> Outcome {
    let stdin = [Utf8PathBuf::from(STDIN)];
    // Whoever says what standard input is called means standard input.
    let named =
        if arguments.files.is_empty() && arguments.stdin_filepath.is_some() { &stdin } else { &*arguments.files };
    let mut worst = Exit::Fine;
    for path in files::find(named)?.paths {
        let exit = format(&path, arguments)?;
        if severity(exit) > severity(worst) {
            worst = exit;
        }
    }
    Ok(worst)
}

/// A file that cannot be had is worse than one that does not parse, and that than one in another form.
const fn severity(exit: Exit) -> u8 {
    match exit {
        Exit::Usage => 3,
        Exit::DoesNotCompile => 2,
        Exit::Findings => 1,
        _ => 0,
    }
}

fn format(path: &Utf8Path, arguments: &Arguments) -> Outcome {
    let old = match files::text(path) {
        Ok(old) => old,
        Err(fault) => {
            complain(fault);
            return Ok(Exit::Usage);
        }
    };
    let is_stdin = path == STDIN;
    let shown = arguments.stdin_filepath.as_deref().filter(|_| is_stdin).unwrap_or(path);
    let new = match bpolc::fmt::format(&old) {
        Ok(new) => new,
        Err(faults) => {
            let mut sources = Sources::default();
            sources.add(shown, old);
            report::in_files(&sources, &faults);
            return Ok(Exit::DoesNotCompile);
        }
    };
    let mut out = io::stdout().lock();
    if arguments.check {
        if new == old {
            return Ok(Exit::Fine);
        }
        changes::write(&mut out, shown, &old, &new)?;
        out.flush()?;
        return Ok(Exit::Findings);
    }
    if is_stdin {
        out.write_all(new.as_bytes())?;
        out.flush()?;
    } else if new != old {
        if let Err(fault) = write::replace(path, new.as_bytes()) {
            complain(fault);
            return Ok(Exit::Usage);
        }
        say(format_args!("formatted {path}"));
    }
    Ok(Exit::Fine)
}
