//! `bpolc schema`

use std::io::{self, Write as _};

use bpol_engine::schema;

use super::exit::{Exit, Outcome, Stop};

/// Print the JSON Schema of what bpol writes and reads
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: bpolc schema policy > policy.schema.json")]
pub(crate) struct Arguments {
    /// Of what: policy, request, decision, entry, diff, report or config
    #[arg(value_enum, hide_possible_values = true)]
    of: Of,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Of {
    /// A compiled policy
    Policy,
    /// A request that `decide` reads
    Request,
    /// A decision that `decide` writes
    Decision,
    /// An entry of the past, as in `--history`
    Entry,
    /// A comparison, as `diff --format json` writes it
    Diff,
    /// Findings, as `check --format json` writes them
    Report,
    /// The settings of a project, `bpol.toml`
    Config,
}

/// Runs it.
pub(crate) fn run(arguments: &Arguments) -> Outcome {
    let schema = match arguments.of {
        Of::Policy => schema::policy(),
        Of::Request => schema::request(),
        Of::Decision => schema::decision(),
        Of::Entry => schema::entry(),
        Of::Diff => crate::report::diff::schema(),
        Of::Report => crate::report::schema(),
        Of::Config => bpolc::config::schema(),
    };
    let text = serde_json::to_string_pretty(&schema)
        .map_err(|error| Stop::failed(format!("the schema cannot be written as JSON: {error}")))?;
    let mut out = io::stdout().lock();
    writeln!(out, "{text}")?;
    out.flush()?;
    Ok(Exit::Fine)
}
