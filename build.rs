//! Checks `catalogue/bunq.toml` and embeds it, so that nothing parses TOML when the program starts. A fault fails the
//! build. Embeds the pages about lints, too.

use std::path::Path;
use std::process::ExitCode;
use std::{env, fs};

#[path = "src/catalogue/body.rs"]
mod body;
#[path = "src/catalogue/book.rs"]
mod book;
#[path = "src/catalogue/call.rs"]
mod call;
#[path = "src/catalogue/endpoint.rs"]
mod endpoint;
#[path = "src/catalogue/facts.rs"]
mod facts;
#[path = "src/catalogue/fault.rs"]
#[expect(unreachable_pub, reason = "a fault is public in the library, which shares this module")]
mod fault;
#[path = "src/catalogue/pointer.rs"]
mod pointer;
#[path = "src/catalogue/reserved.rs"]
mod reserved;
#[path = "src/catalogue/shape.rs"]
mod shape;
#[path = "src/catalogue/table.rs"]
mod table;
#[path = "src/catalogue/text.rs"]
mod text;
#[path = "src/catalogue/words.rs"]
mod words;

/// The library's span, as the shared modules see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
struct Span {
    start: u32,
    end: u32,
}

impl Span {
    const fn new(start: u32, end: u32) -> Self {
        Self { start, end }
    }
}

const FILE: &str = "catalogue/bunq.toml";
const PAGES: &str = "docs/lints";

fn main() -> ExitCode {
    println!("cargo::rerun-if-changed={FILE}");
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=src/catalogue");
    println!("cargo::rerun-if-changed={PAGES}");
    match embed().and_then(|()| pages()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            for line in message.lines() {
                println!("cargo::error={line}");
            }
            ExitCode::FAILURE
        }
    }
}

fn embed() -> Result<(), String> {
    let toml = fs::read_to_string(FILE).map_err(|error| format!("{FILE}: {error}"))?;
    let (book, routes) = text::read(&toml).map_err(|faults| {
        let lines: Vec<String> = faults.iter().map(|fault| describe(&toml, fault)).collect();
        lines.join("\n")
    })?;
    let out = env::var("OUT_DIR").map_err(|error| error.to_string())?;
    // Checking a policy needs the words alone, so the routes lie apart.
    write(&out, "bunq.words", postcard::to_stdvec(&book))?;
    write(&out, "bunq.routes", postcard::to_stdvec(&routes))
}

/// Embeds the pages about lints, as a list of names and texts sorted by name.
fn pages() -> Result<(), String> {
    let here = env::var("CARGO_MANIFEST_DIR").map_err(|error| error.to_string())?;
    let directory = Path::new(&here).join(PAGES);
    let entries = fs::read_dir(&directory).map_err(|error| format!("{PAGES}: {error}"))?;
    let mut list = Vec::new();
    for entry in entries {
        let path = entry.map_err(|error| format!("{PAGES}: {error}"))?.path();
        let name = path.file_stem().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
        if path.extension().is_some_and(|extension| extension == "md") && name != "README" {
            list.push(format!("    ({name:?}, include_str!({path:?})),\n"));
        }
    }
    list.sort_unstable();
    let out = env::var("OUT_DIR").map_err(|error| error.to_string())?;
    let file = Path::new(&out).join("pages.rs");
    fs::write(&file, format!("&[\n{}]\n", list.concat())).map_err(|error| format!("{}: {error}", file.display()))
}

fn write(out: &str, name: &str, bytes: Result<Vec<u8>, postcard::Error>) -> Result<(), String> {
    let file = Path::new(out).join(name);
    let bytes = bytes.map_err(|error| error.to_string())?;
    fs::write(&file, bytes).map_err(|error| format!("{}: {error}", file.display()))
}

fn describe(toml: &str, fault: &fault::Fault) -> String {
    let before = toml.get(..fault.span.start as usize).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let found = toml.get(fault.span.start as usize..fault.span.end as usize).unwrap_or_default();
    let found = found.lines().next().unwrap_or_default();
    let help = fault.help.as_ref().map(|help| format!("; {help}")).unwrap_or_default();
    format!("{FILE}:{line}: {} (at `{found}`){help}", fault.message)
}
