//! `--target`: where a policy is to be enforced.

use std::fs;

use bpolc::source::line_column;
use bpolc::target::{Target, builtin};

use super::exit::{Stop, why};

/// Where a policy is to be enforced.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Where {
    /// Refuse what this enforcement point cannot do: a name, or the file of a profile
    #[arg(long = "target", value_name = "NAME|FILE")]
    name: Option<String>,
}

impl Where {
    /// The profile that is named.
    pub(crate) fn find(&self) -> Result<Option<Target>, Stop> {
        let Some(name) = &self.name else { return Ok(None) };
        let known = builtin();
        if let Some(target) = known.iter().find(|target| target.name == *name) {
            return Ok(Some(target.clone()));
        }
        let names: Vec<String> = known.iter().map(|target| format!("`{}`", target.name)).collect();
        let text = fs::read_to_string(name).map_err(|error| {
            Stop::failed(format!(
                "`--target {name}` is neither one of {} nor a file that can be read: {}",
                names.join(", "),
                why(&error)
            ))
        })?;
        Target::read(&text).map(Some).map_err(|faults| {
            let said = faults.into_iter().map(|fault| {
                let (line, column) = line_column(&text, fault.span.start);
                let help = fault.help.map_or_else(String::new, |help| format!("; {help}"));
                format!("{name}:{line}:{column}: {}{help}", fault.message)
            });
            Stop::Failed(said.collect())
        })
    }
}
