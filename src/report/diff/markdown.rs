//! For a comment on a pull request. Nothing that a user wrote can become more than text there: no link, no mention, no
//! picture and no table.

use std::fmt::Write as _;

use bpolc::analyze::diff::{Change, Verdict};

use super::{Compared, EQUAL_SUMS, Lines, NO_EXAMPLE, equal, has_past, presence, sentence, telling, word};
use crate::report::harmless;

/// The comparison as a comment.
pub(super) fn write(compared: &Compared<'_>) -> String {
    let diff = compared.diff;
    let mut out = String::new();
    if diff.verdict == Ok(Verdict::Equal) && compared.notes.is_empty() {
        return format!("**bpol: equal**. {}.\n", capital(&sentence(diff)));
    }
    _ = writeln!(out, "## bpol: {}\n\n{}.", word(&diff.verdict), escaped(&capital(&sentence(diff))));
    for note in compared.notes {
        _ = writeln!(out, "\n> {}.", escaped(&capital(note)));
    }
    if telling(diff).next().is_some() {
        _ = writeln!(out, "\n| key | verdict |\n| --- | --- |");
    }
    for key in telling(diff) {
        _ = writeln!(out, "| {} | {}{} |", escaped(&key.name), word(&key.verdict), presence(key));
    }
    if let Some(equal) = equal(diff).filter(|_| telling(diff).next().is_some()) {
        _ = writeln!(out, "\n{}.", capital(&equal));
    }
    for key in telling(diff) {
        _ = writeln!(out, "\n### {}: {}{}", escaped(&key.name), word(&key.verdict), presence(key));
        if let Err(reason) = &key.verdict {
            _ = writeln!(out, "\nNot decided: {}.", escaped(&reason.to_string()));
        }
        for (title, changes) in [("Newly possible", &key.gained), ("No longer possible", &key.lost)] {
            if !changes.is_empty() {
                _ = writeln!(out, "\n**{title}**\n");
            }
            changes.iter().for_each(|change| write_change(&mut out, change));
        }
    }
    if has_past(diff) {
        _ = writeln!(out, "\n{EQUAL_SUMS}");
    }
    out
}

fn write_change(out: &mut String, change: &Change) {
    _ = writeln!(out, "- {}", escaped(&change.sentence));
    match Lines::of(change) {
        Some(lines) => {
            let past = if lines.past.is_empty() { "" } else { ", the last line after those before it" };
            let mut code = lines.past.join("\n");
            code.push_str(if lines.past.is_empty() { "" } else { "\n" });
            code.push_str(&lines.request);
            let fence = "`".repeat(longest_run(&code).max(2) + 1);
            _ = writeln!(out, "\n  For example{past}:\n\n  {fence}json");
            code.lines().for_each(|line| _ = writeln!(out, "  {}", harmless(line)));
            _ = writeln!(out, "  {fence}\n");
        }
        None if change.operations.is_empty() => {}
        None => _ = writeln!(out, "\n  ({NO_EXAMPLE})\n"),
    }
}

/// The longest row of backticks.
fn longest_run(text: &str) -> usize {
    text.split(|character| character != '`').map(str::len).max().unwrap_or(0)
}

/// Text that stays text.
pub(in crate::report) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in harmless(text).chars() {
        match character {
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '$' | '!' => out.extend(['\\', character]),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            // A comment between parts them, so that no one is called and nothing is linked.
            '@' => out.push_str("@<!-- -->"),
            '#' => out.push_str("\\#<!-- -->"),
            '\n' | '\r' | '\t' => out.push(' '),
            other => out.push(other),
        }
    }
    out.replace("://", ":<!-- -->//").replace("www.", "www<!-- -->.")
}

fn capital(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}
