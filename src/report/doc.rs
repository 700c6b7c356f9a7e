//! What is to be known of lints and operations, for reading in a terminal.

mod page;

use std::io::{self, IsTerminal as _};

use bpol_engine::ir::{Dimension, Tier};
use bpolc::catalogue::{Catalogue, OpId};
use bpolc::lint::{self, Lint};

use super::terminal::wants_colours;
use super::to_stdout;

/// The width of prose, and where what is said of an operation begins.
const WIDTH: usize = 100;
const INDENT: usize = 16;

/// Lists all lints and resources.
pub(crate) fn index(bank: &Catalogue) -> io::Result<()> {
    let lints = lint::all();
    let width = lints.iter().map(|lint| lint.name.len()).max().unwrap_or(0);
    to_stdout(|out| {
        writeln!(out, "{}\n", heading("Lints"))?;
        for lint in &lints {
            let of = format!("{}, {}", lint.level.word(), lint.profile.word());
            writeln!(out, "  {:width$}  {of:<20}  {}", lint.name, lint.summary)?;
        }
        writeln!(out, "\n{}\n", heading(&format!("Resources of the bank `{}`", bank.bank)))?;
        for resource in bank.resources() {
            let actions: Vec<&str> =
                bank.of_resource(resource).iter().map(|&id| bank.operation(id).action.as_str()).collect();
            writeln!(out, "  {resource:width$}  {}", actions.join(", "))?;
        }
        writeln!(out, "\n`bpolc doc NAME` explains one of them.")
    })
}

/// The page of a lint.
pub(crate) fn lint(lint: &Lint) -> io::Result<()> {
    to_stdout(|out| {
        writeln!(out, "{}", heading(lint.name))?;
        writeln!(out, "{}, looked for from the profile {} on\n", lint.level.word(), lint.profile.word())?;
        match lint::page(lint.name) {
            Some(page) => out.write_all(page::shown(page, colours()).as_bytes()),
            None => writeln!(out, "It reports {}.", lint.summary),
        }
    })
}

/// What operations are.
pub(crate) fn operations(bank: &Catalogue, operations: &[OpId]) -> io::Result<()> {
    to_stdout(|out| {
        for (number, &id) in operations.iter().enumerate() {
            if number > 0 {
                writeln!(out)?;
            }
            operation(out, bank, id)?;
        }
        Ok(())
    })
}

fn operation(out: &mut dyn io::Write, bank: &Catalogue, id: OpId) -> io::Result<()> {
    let operation = bank.operation(id);
    let name = |id: OpId| format!("{} {}", bank.operation(id).action, bank.operation(id).resource);
    writeln!(out, "{}\n\n  {}\n", heading(&name(id)), operation.doc)?;
    let mut line = |what: &str, text: &str| {
        if text.is_empty() {
            return Ok(());
        }
        let shown = page::wrapped(text, WIDTH - INDENT).join(&format!("\n{}", " ".repeat(INDENT)));
        writeln!(out, "  {what:<14}{shown}")
    };
    line("tier", tier(operation.tier))?;
    if let Some(whole) = operation.view_of {
        line("is part of", &name(whole))?;
    }
    let told: Vec<&str> =
        operation.dimensions.iter().filter(|&dimension| !operation.untold.contains(dimension)).map(clauses).collect();
    line("clauses", &told.join(", "))?;
    let untold: Vec<&str> = operation.untold.iter().map(clauses).collect();
    line("never told", &untold.join(", "))?;
    line("counts as", &operation.counts_as.iter().map(|&id| name(id)).collect::<Vec<_>>().join(", "))?;
    let as_it: Vec<String> = bank
        .counting_as(id)
        .iter()
        .filter(|&&other| other != id && Some(other) != operation.view_of)
        .map(|&other| name(other))
        .collect();
    line("counted as it", &as_it.join(", "))?;
    let fields = |default: bool| -> String {
        let of = operation.fields.iter().filter(|field| field.default == default);
        of.map(|field| field.word.as_str()).collect::<Vec<_>>().join(", ")
    };
    line("shows", &fields(true))?;
    line("when asked", &fields(false))
}

const fn tier(tier: Tier) -> &'static str {
    match tier {
        Tier::Base => "base: every declared key may do it without a rule",
        Tier::Read => "read",
        Tier::Sensitive => "sensitive: personal data, exports, secrets, everything at once",
        Tier::Write => "write: no money leaves",
        Tier::Spend => "spend: money can leave",
        Tier::Control => "control: changes who or what may act",
    }
}

/// The clauses about a dimension.
const fn clauses(dimension: Dimension) -> &'static str {
    match dimension {
        Dimension::Account => "on",
        Dimension::Payee => "to",
        Dimension::Amount => "up to / over",
        Dimension::Method => "via",
        Dimension::Record => "since, created by this key",
        Dimension::Fields => "showing / hiding",
        Dimension::Repeat => "repeating",
        Dimension::Url => "to url",
    }
}

fn heading(text: &str) -> String {
    page::heading(text, colours())
}

fn colours() -> bool {
    io::stdout().is_terminal() && wants_colours()
}
