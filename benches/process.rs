//! What `bpolc` costs as a process: processor time and the most memory, beside a program that does nothing.

use std::process::ExitCode;

#[path = "support/company.rs"]
mod company;
#[path = "support/iban.rs"]
mod iban;

#[cfg(unix)]
mod unix {
    use std::path::Path;
    use std::process::{Command, Stdio};
    use std::{env, fs};

    use nix::sys::resource::{UsageWho, getrusage};
    use nix::sys::time::TimeValLike as _;

    use crate::company::{Company, company};

    /// Runs of each command.
    const RUNS: usize = 20;
    /// The argument on which this program does nothing.
    pub(crate) const NOTHING: &str = "--nothing";
    const ONE_LINE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/ynab-one-line.bpol");

    /// What one command cost.
    struct Cost {
        /// The median of its runs.
        microseconds: i64,
        /// The most that it or a command before it held, which is why they go from small to large.
        kilobytes: i64,
    }

    pub(crate) fn main() {
        let scratch = tempfile::tempdir().expect("a directory for the policy");
        let (large, statements, bytes) = large(scratch.path());
        let bpolc = env!("CARGO_BIN_EXE_bpolc");
        let this = env::current_exe().expect("this program has a path");
        print("nothing", &cost(Command::new(this).arg(NOTHING)));
        print("check, one line", &cost(Command::new(bpolc).args(["check", ONE_LINE])));
        let check = cost(Command::new(bpolc).arg("check").arg(&large));
        print(&format!("check, {statements} statements"), &check);
        let times = check.kilobytes as f64 * 1024.0 / bytes as f64;
        println!("{:36} {times:.1} times its {bytes} bytes", "");
        print(&format!("compile, {statements} statements"), &cost(Command::new(bpolc).arg("compile").arg(&large)));
    }

    /// A company of ten thousand statements.
    fn large(directory: &Path) -> (std::path::PathBuf, usize, usize) {
        let Company { text, statements } = company(2_500);
        let path = directory.join("company.bpol");
        fs::write(&path, &text).expect("the directory takes a file");
        (path, statements, text.len())
    }

    fn cost(command: &mut Command) -> Cost {
        command.stdout(Stdio::null()).stderr(Stdio::null());
        let mut runs: Vec<i64> = (0..RUNS)
            .map(|_| {
                let before = used();
                let status = command.status().expect("the command starts");
                assert!(status.success(), "{command:?}: {status}");
                used() - before
            })
            .collect();
        runs.sort_unstable();
        let kilobytes = getrusage(UsageWho::RUSAGE_CHILDREN).expect("the system counts").max_rss();
        Cost { microseconds: runs[RUNS / 2], kilobytes }
    }

    /// Processor time of all children so far, in microseconds.
    fn used() -> i64 {
        let usage = getrusage(UsageWho::RUSAGE_CHILDREN).expect("the system counts");
        (usage.user_time() + usage.system_time()).num_microseconds()
    }

    fn print(what: &str, cost: &Cost) {
        println!("{what:36} {:9.2} ms {:8} kB", cost.microseconds as f64 / 1000.0, cost.kilobytes);
    }
}

#[cfg(unix)]
fn main() -> ExitCode {
    if !std::env::args().any(|argument| argument == unix::NOTHING) {
        unix::main();
    }
    ExitCode::SUCCESS
}

#[cfg(not(unix))]
fn main() -> ExitCode {
    eprintln!("only Unix tells what a process cost");
    ExitCode::SUCCESS
}
