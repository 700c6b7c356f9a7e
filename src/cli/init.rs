//! `bpolc init`

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write as _};

use camino::Utf8PathBuf;

use super::exit::{Exit, Outcome, Stop, say, why};
use super::write;

/// A first policy, with comments. It checks without a finding, and its tests pass.
pub(crate) const STARTER: &str = include_str!("init/starter.bpol");

/// Write a first policy to start from
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: bpolc init && bpolc test")]
pub(crate) struct Arguments {
    /// The file to write
    #[arg(default_value = "policy.bpol")]
    file: Utf8PathBuf,
    /// Replace the file if there is one
    #[arg(long)]
    force: bool,
}

/// Runs it.
pub(crate) fn run(arguments: &Arguments) -> Outcome {
    let file = &arguments.file;
    if arguments.force {
        write::replace(file, STARTER.as_bytes()).map_err(Stop::failed)?;
    } else {
        // Made only if there is none, in one step: what someone else makes meanwhile is not overwritten either.
        let made = OpenOptions::new().write(true).create_new(true).open(file);
        let mut made = made.map_err(|error| match error.kind() {
            ErrorKind::AlreadyExists => {
                Stop::failed(format!("`{file}` exists already; name another file, or replace it with `--force`"))
            }
            _ => Stop::failed(format!("cannot write `{file}`: {}", why(&error))),
        })?;
        made.write_all(STARTER.as_bytes())
            .map_err(|error| Stop::failed(format!("cannot write `{file}`: {}", why(&error))))?;
    }
    say(format_args!(
        "wrote {file}\nput your accounts and payees in it, then run `bpolc check {file}` and `bpolc test {file}`"
    ));
    Ok(Exit::Fine)
}
