//! `bpolc export`

use std::io::{self, Write as _};

use bpolc::export::{Document, Export, Language, Loss, export};
use camino::{Utf8Path, Utf8PathBuf};

use super::exit::{Exit, Outcome, Stop, complain, say};
use super::{check, decide, files, write};

/// Write a policy in the words of another tool
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples: bpolc export policies/ --to cedar --output cedar/\n          bpolc export policies/ --to account-scopes\n\nWhat TOOL cannot say is named and nothing is written; with `--lossy` it is left out, so that less is allowed than by the policy, never more. docs/export.md says what each can say and how it is asked."
)]
pub(crate) struct Arguments {
    /// Files or directories, or one compiled policy; `-` is standard input, none the current directory
    files: Vec<Utf8PathBuf>,
    /// Which tool: cedar, rego, rar (OAuth's rich authorization requests) or account-scopes
    #[arg(long, value_enum, value_name = "TOOL", hide_possible_values = true)]
    to: To,
    /// Leave out what the tool cannot say: less is allowed
    #[arg(long)]
    lossy: bool,
    /// Where to write: a directory for cedar and rego, else a file; standard output without it
    #[arg(short, long, value_name = "PATH")]
    output: Option<Utf8PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum To {
    Cedar,
    Rego,
    Rar,
    AccountScopes,
}

impl To {
    fn language(self) -> Language {
        match self {
            Self::Cedar => Language::Cedar,
            Self::Rego => Language::Rego,
            Self::Rar => Language::Rar,
            Self::AccountScopes => Language::AccountScopes,
        }
    }

    /// Whether an export is several files.
    fn is_directory(self) -> bool {
        matches!(self, Self::Cedar | Self::Rego)
    }
}

/// Runs it.
pub(crate) fn run(arguments: &Arguments) -> Outcome {
    if arguments.to.is_directory() && arguments.output.is_none() {
        return Err(Stop::failed("this export is several files; say which directory they go to with `--output DIR`"));
    }
    let Some(policy) = load(&arguments.files)? else { return Ok(Exit::DoesNotCompile) };
    let Export { documents, losses } = export(policy.ir(), arguments.to.language())
        .map_err(|reason| Stop::failed(format!("the policy cannot be exported: {reason}")))?;
    for loss in &losses {
        tell(loss, arguments.lossy);
    }
    if !losses.is_empty() && !arguments.lossy {
        let things = if losses.len() == 1 { "one thing" } else { "some things" };
        complain(format_args!(
            "{things} in the policy cannot be said, so nothing is written; leave them out with `--lossy` if it may allow less"
        ));
        return Ok(Exit::DoesNotCompile);
    }
    match &arguments.output {
        Some(output) if arguments.to.is_directory() => write_all(output, &documents)?,
        Some(output) => {
            for document in &documents {
                write::replace(output, document.text.as_bytes()).map_err(Stop::failed)?;
            }
        }
        None => {
            let mut out = io::stdout().lock();
            for document in &documents {
                out.write_all(document.text.as_bytes())?;
            }
            out.flush()?;
        }
    }
    Ok(Exit::Fine)
}

fn load(paths: &[Utf8PathBuf]) -> Result<Option<bpol_engine::Policy>, Stop> {
    if let [path] = paths {
        return decide::load(path);
    }
    let Some(checked) = check::whole(files::read(paths)?, false) else { return Ok(None) };
    decide::compiled(&checked).map(Some)
}

fn tell(loss: &Loss, lossy: bool) {
    let Loss { rule, place, words, why, narrowed } = loss;
    let at = format!("{}:{}:{}", place.file, place.line, place.column);
    if lossy {
        say(format_args!("warning: {at}: `{words}` in {rule}: {why}; {narrowed}"));
    } else {
        complain(format_args!("{at}: `{words}` in {rule}: {why}"));
    }
}

fn write_all(directory: &Utf8Path, documents: &[Document]) -> Result<(), Stop> {
    std::fs::create_dir_all(directory)
        .map_err(|error| Stop::failed(format!("cannot make the directory `{directory}`: {error}")))?;
    for document in documents {
        write::replace(&directory.join(&document.name), document.text.as_bytes()).map_err(Stop::failed)?;
    }
    Ok(())
}
