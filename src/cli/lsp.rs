//! `bpolc lsp`

use std::ffi::OsString;
use std::process::Command;

use super::exit::{Outcome, Stop, why};

/// Start the language server for editors, `bpol-lsp`
#[derive(Debug, clap::Args)]
#[command(after_help = "Example, in an editor's settings: command = \"bpolc\", arguments = [\"lsp\"]")]
pub(crate) struct Arguments {
    /// Passed on to the server
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, hide = true)]
    rest: Vec<OsString>,
}

/// Runs it. The server takes the place of this process, standard input and output included.
pub(crate) fn run(arguments: &Arguments) -> Outcome {
    let name = format!("bpol-lsp{}", std::env::consts::EXE_SUFFIX);
    // Not from the search path: the server must be the one that was installed with this compiler.
    let server = std::env::current_exe()
        .and_then(std::fs::canonicalize)
        .map_err(|error| Stop::failed(format!("cannot tell where bpolc lies: {}", why(&error))))?
        .with_file_name(name);
    if !server.is_file() {
        return Err(Stop::failed(format!("there is no `{}`; install bpol-lsp beside bpolc", server.display())));
    }
    let mut command = Command::new(&server);
    command.args(&arguments.rest);
    hand_over(command).map_err(|error| Stop::failed(format!("cannot start `{}`: {}", server.display(), why(&error))))
}

#[cfg(unix)]
fn hand_over(mut command: Command) -> std::io::Result<super::exit::Exit> {
    use std::os::unix::process::CommandExt as _;
    Err(command.exec())
}

#[cfg(not(unix))]
fn hand_over(mut command: Command) -> std::io::Result<super::exit::Exit> {
    let status = command.status()?;
    std::process::exit(status.code().unwrap_or(2))
}
