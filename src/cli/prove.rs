//! `bpolc prove`

use bpolc::Input;
use bpolc::diag::Level;
use camino::Utf8PathBuf;

use super::exit::{Exit, Outcome, Stop, say};
use super::files;
use crate::report::{self, harmless};

/// Decide a claim about all requests
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example: bpolc prove 'no key can create payment over 1000 EUR' policies/\n\nA claim is written as after `ensure`. Those that the files make themselves are for `bpolc check`."
)]
pub(crate) struct Arguments {
    /// The claim, with or without `ensure` and `;`
    claim: String,
    /// Files or directories; `-` is standard input, none the current directory
    files: Vec<Utf8PathBuf>,
}

/// The name under which findings show the claim.
const CLAIM: &str = "<claim>";

/// Runs it.
pub(crate) fn run(arguments: &Arguments) -> Outcome {
    let files = files::read(&arguments.files)?;
    let claim = statement(&arguments.claim);
    let mut inputs = files.inputs;
    inputs.push(Input { path: CLAIM.into(), text: claim.clone() });
    let read = files::importer(&files.root);
    let mut checked = bpolc::check(inputs, &files.root, &read);
    let own = checked.sources.iter().find(|(_, source)| source.path == CLAIM).map(|(file, _)| file);
    checked.diagnostics.retain(|found| found.level == Level::Error);
    if checked.has_errors() {
        report::findings(&checked);
        let in_claim = checked.diagnostics.iter().all(|found| Some(found.place.file) == own);
        return Ok(if in_claim { Exit::Usage } else { Exit::DoesNotCompile });
    }
    let items = checked.sources.iter().zip(&checked.trees).find(|((file, _), _)| Some(*file) == own);
    checked.policy.claims.retain(|claim| Some(claim.place.file) == own);
    if checked.policy.claims.len() != 1 || items.is_none_or(|(_, tree)| tree.items.len() != 1) {
        return Err(Stop::failed(
            "the first argument is not one claim; write it as after `ensure`, such as `no key can …`",
        ));
    }
    let ir = super::lower(&checked)?;
    if !super::check::claims_hold(&mut checked, &ir) {
        return Ok(Exit::TestFailed);
    }
    say(format_args!("proved for all requests: {}", harmless(&claim)));
    Ok(Exit::Fine)
}

/// The claim as an item of a file.
fn statement(claim: &str) -> String {
    let claim = claim.trim();
    let begin = if claim.starts_with("ensure ") { "" } else { "ensure " };
    let end = if claim.ends_with(';') { "" } else { ";" };
    format!("{begin}{claim}{end}")
}
