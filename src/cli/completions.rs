//! `bpolc completions`

use std::io::{self, Write as _};

use clap::CommandFactory as _;
use clap_complete::Shell;

use super::exit::{Exit, Outcome};

/// Print a script that completes commands in a shell
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: bpolc completions bash > ~/.local/share/bash-completion/completions/bpolc")]
pub(crate) struct Arguments {
    /// Which shell
    #[arg(value_enum)]
    shell: Shell,
}

/// Runs it.
pub(crate) fn run(arguments: &Arguments) -> Outcome {
    // Made in memory first: the generator panics when it cannot write.
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut super::Arguments::command(), "bpolc", &mut script);
    let mut out = io::stdout().lock();
    out.write_all(&script)?;
    out.flush()?;
    Ok(Exit::Fine)
}
