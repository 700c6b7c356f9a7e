//! `bpolc doc`

use bpolc::catalogue::{Catalogue, OpId};
use bpolc::lint;

use super::exit::{Exit, Outcome, Stop};
use super::levels::nearest;
use crate::report::doc;

/// Explain a lint, or an operation of the bank
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples: bpolc doc\n          bpolc doc two-hop\n          bpolc doc create payment\n          bpolc doc payment"
)]
pub(crate) struct Arguments {
    /// A lint, an operation such as `create payment`, or a resource such as `payment`; without it all are listed
    name: Vec<String>,
}

/// Runs it.
pub(crate) fn run(arguments: &Arguments) -> Outcome {
    let bank = Catalogue::bunq();
    let words: Vec<&str> = arguments.name.iter().flat_map(|word| word.split_whitespace()).collect();
    match words.as_slice() {
        [] => doc::index(bank)?,
        [name] if lint::all().iter().any(|lint| lint.name == *name) => {
            lint::all().iter().filter(|lint| lint.name == *name).try_for_each(doc::lint)?;
        }
        [resource] if !bank.of_resource(resource).is_empty() => doc::operations(bank, bank.of_resource(resource))?,
        [action, resource] => match bank.find(action, resource) {
            Some(operation) => doc::operations(bank, &[operation])?,
            None => return Err(no_operation(bank, action, resource)),
        },
        _ => return Err(unknown(bank, &words.join(" "))),
    }
    Ok(Exit::Fine)
}

fn no_operation(bank: &Catalogue, action: &str, resource: &str) -> Stop {
    let of = bank.of_resource(resource);
    if of.is_empty() || !bank.is_action(action) {
        return unknown(bank, &format!("{action} {resource}"));
    }
    let actions: Vec<String> = of.iter().map(|&id| format!("`{}`", bank.operation(id).action)).collect();
    Stop::failed(format!("`{resource}` has no action `{action}`; it has {}", actions.join(", ")))
}

fn unknown(bank: &Catalogue, name: &str) -> Stop {
    let lints = lint::all();
    let operations: Vec<String> = (0..bank.operations.len())
        .filter_map(|at| u16::try_from(at).ok())
        .map(|at| bank.operation(OpId(at)))
        .map(|operation| format!("{} {}", operation.action, operation.resource))
        .collect();
    let names = lints.iter().map(|lint| lint.name).chain(bank.resources()).chain(operations.iter().map(String::as_str));
    let what = format!("there is no lint, resource or operation `{name}`");
    Stop::failed(match nearest(name, &names.collect::<Vec<_>>()) {
        Some(near) => format!("{what}; did you mean `{near}`?"),
        None => format!("{what}; `bpolc doc` lists all"),
    })
}
