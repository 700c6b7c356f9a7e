//! `bpolc compile`

use std::io::{self, Write as _};

use bpol_engine::Policy;
use bpolc::Checked;
use bpolc::analyze::meaning::meaning;
use camino::{Utf8Path, Utf8PathBuf};

use super::exit::{Exit, Outcome, Stop, say};
use super::target::Where;
use super::{check, files, write};
use crate::report;

/// Compile a policy to the JSON that gateways enforce
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: bpolc compile policies/ -o policy.json")]
pub(crate) struct Arguments {
    /// Files or directories; `-` is standard input, none the current directory
    files: Vec<Utf8PathBuf>,
    /// Where to write; standard output without it
    #[arg(short, long, value_name = "FILE")]
    output: Option<Utf8PathBuf>,
    #[command(flatten)]
    target: Where,
    /// Indent the JSON
    #[arg(long)]
    pretty: bool,
}

/// Runs it.
pub(crate) fn run(arguments: &Arguments) -> Outcome {
    let target = arguments.target.find()?;
    let files = files::read(&arguments.files)?;
    let Some(mut checked) = check::whole(files, true) else { return Ok(Exit::DoesNotCompile) };
    if let Some(output) = &arguments.output {
        refuse_source(output, &checked)?;
    }
    let mut ir = super::lower(&checked)?;
    if let Some(target) = &target {
        checked.diagnostics = bpolc::target::misfits(&checked, &ir, target);
        if checked.has_errors() {
            report::findings(&checked);
            return Ok(Exit::DoesNotCompile);
        }
    }
    if !check::claims_hold(&mut checked, &ir) {
        return Ok(Exit::TestFailed);
    }
    match meaning(&ir) {
        Ok(digest) => ir.meaning = Some(digest),
        Err(reason) => say(format_args!("note: the policy is compiled without its `meaning` digest: {reason}")),
    }
    let json = if arguments.pretty { serde_json::to_vec_pretty(&ir) } else { serde_json::to_vec(&ir) };
    let mut json = json.map_err(|error| Stop::failed(format!("the policy cannot be written as JSON: {error}")))?;
    json.push(b'\n');
    // A gateway that refuses the new policy may go on with the old one, or with none.
    Policy::load(&json).map_err(|error| {
        Stop::failed(format!("the engine refuses what was compiled: {error}; this is a bug in bpolc, please report it"))
    })?;
    match &arguments.output {
        Some(output) => write::replace(output, &json).map_err(Stop::failed)?,
        None => {
            let mut out = io::stdout().lock();
            out.write_all(&json)?;
            out.flush()?;
        }
    }
    Ok(Exit::Fine)
}

/// The compiled policy must not take the place of the policy.
fn refuse_source(output: &Utf8Path, checked: &Checked) -> Result<(), Stop> {
    let target = files::real(output);
    let is_source = checked.sources.iter().any(|(_, source)| files::real(&source.path) == target);
    if is_source {
        return Err(Stop::failed(format!("`-o {output}` would overwrite a source of the policy; name another file")));
    }
    Ok(())
}
