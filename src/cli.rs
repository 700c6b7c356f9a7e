//! The command line: one file per subcommand. Files, the clock and the terminal are met here and in `report` only.

mod changes;
mod check;
mod compile;
mod completions;
mod decide;
mod diff;
mod doc;
mod exit;
mod explain;
mod export;
mod files;
mod fix;
mod fmt;
mod init;
mod levels;
mod lsp;
mod progress;
mod prove;
mod requests;
mod schema;
mod settings;
mod target;
mod test;
mod watch;
mod write;

use std::panic::UnwindSafe;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use exit::{Exit, Outcome, say};

/// Checks, compiles and tries policies that say what each API key of a bank account may do.
#[derive(Debug, Parser)]
#[command(
    name = "bpolc",
    version,
    arg_required_else_help = true,
    after_help = "Start with `bpolc init`, then `bpolc check` and `bpolc test`.\n\nExit codes: 0 fine, 1 findings, 2 usage or files, 3 does not compile, 4 a test or claim failed, 5 a change is more than `--fail-on` allows."
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Check(check::Arguments),
    Compile(compile::Arguments),
    Fmt(fmt::Arguments),
    Test(test::Arguments),
    Decide(decide::Arguments),
    Prove(prove::Arguments),
    Explain(explain::Arguments),
    Export(export::Arguments),
    Diff(diff::Arguments),
    Doc(doc::Arguments),
    Init(init::Arguments),
    Schema(schema::Arguments),
    Completions(completions::Arguments),
    Lsp(lsp::Arguments),
}

/// Runs the command line.
pub(crate) fn main() -> ExitCode {
    std::panic::set_hook(Box::new(apologise));
    // For help and for wrong usage clap ends the process, with 0 and 2.
    guard(|| exit::finish(run(Arguments::parse().command)))
}

fn run(command: Command) -> Outcome {
    match command {
        Command::Check(arguments) => check::run(&arguments),
        Command::Compile(arguments) => compile::run(&arguments),
        Command::Fmt(arguments) => fmt::run(&arguments),
        Command::Test(arguments) => test::run(&arguments),
        Command::Decide(arguments) => decide::run(&arguments),
        Command::Prove(arguments) => prove::run(&arguments),
        Command::Explain(arguments) => explain::run(&arguments),
        Command::Export(arguments) => export::run(&arguments),
        Command::Diff(arguments) => diff::run(&arguments),
        Command::Doc(arguments) => doc::run(&arguments),
        Command::Init(arguments) => init::run(&arguments),
        Command::Schema(arguments) => schema::run(&arguments),
        Command::Completions(arguments) => completions::run(&arguments),
        Command::Lsp(arguments) => lsp::run(&arguments),
    }
}

/// A panic ends in the code for trouble and never in a code that says something about the policy.
fn guard(run: impl FnOnce() -> ExitCode + UnwindSafe) -> ExitCode {
    std::panic::catch_unwind(run).unwrap_or_else(|_| Exit::Usage.into())
}

/// Lowers a policy that has no errors.
fn lower(checked: &bpolc::Checked) -> Result<bpol_engine::ir::Ir, exit::Stop> {
    bpolc::compile(checked).ok_or_else(|| {
        exit::Stop::failed("the policy has no errors but cannot be lowered; this is a bug in bpolc, please report it")
    })
}

/// Unwinding goes on after this, so that temporary files are removed.
fn apologise(panic: &std::panic::PanicHookInfo<'_>) {
    let place = panic.location().map_or_else(String::new, |place| format!(" at {}:{}", place.file(), place.line()));
    let message = panic.payload_as_str().unwrap_or("no message");
    say(format_args!(
        "error: this is a bug in bpolc {}, not in your policy: {message}{place}\n\
         please report it with the command and, if you can, the policy that led to it; no file was left half-written",
        env!("CARGO_PKG_VERSION"),
    ));
}

#[cfg(test)]
mod tests {
    use super::guard;
    use std::process::ExitCode;

    #[test]
    fn a_panic_is_trouble() {
        let code = guard(|| panic!("a bug"));
        assert_eq!(format!("{code:?}"), format!("{:?}", ExitCode::from(2)));
    }
}
