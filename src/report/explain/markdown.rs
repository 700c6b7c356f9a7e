//! As Markdown.

use bpolc::explain::sentence::{change, how, reaches, spending, what};
use bpolc::explain::{Key, Line, Overview};

use crate::report::harmless;

/// The overview, one section a key.
pub(super) fn overview(overview: &Overview) -> String {
    let mut out = format!("# What each key may do\n\nAs of {}.\n", escaped(&overview.as_of));
    for key in &overview.keys {
        self::key(&mut out, key);
    }
    if overview.keys.is_empty() {
        out.push_str("\nThe policy has no keys: nobody may do anything.\n");
    }
    out
}

fn key(out: &mut String, key: &Key) {
    out.push_str(&format!("\n## {}\n", escaped(&key.name)));
    if let Some(doc) = &key.doc {
        out.push_str(&format!("\n{}\n", escaped(doc)));
    }
    if let Some(why) = &key.undecided {
        out.push_str(&format!("\n**Nothing can be said about this key:** {}\n", escaped(why)));
        return;
    }
    section(
        out,
        "Money",
        key.spending.iter().map(|one| {
            let (text, loud) = spending(one, &key.spending);
            if loud { format!("**{}**", escaped(&text)) } else { escaped(&text) }
        }),
    );
    section(out, "Can", lines(&key.can));
    section(out, "Can after asking", lines(&key.ask));
    section(out, "Cannot", key.cannot.iter().map(|text| escaped(text)));
    if !key.accounts.is_empty() {
        out.push_str("\n### Accounts\n\n| account | reach |\n| --- | --- |\n");
        for account in &key.accounts {
            out.push_str(&format!("| {} | {} |\n", escaped(&account.account), reaches(&account.tiers).join(", ")));
        }
    }
    section(out, "Changes", key.changes.iter().map(|one| escaped(&change(one))));
}

fn section(out: &mut String, title: &str, lines: impl Iterator<Item = String>) {
    let mut lines = lines.peekable();
    if lines.peek().is_some() {
        out.push_str(&format!("\n### {title}\n\n"));
        lines.for_each(|line| out.push_str(&format!("- {line}\n")));
    }
}

fn lines(lines: &[Line]) -> impl Iterator<Item = String> {
    lines.iter().map(|line| {
        let loud = |text: &str| format!("**{}**", escaped(text));
        let mut ways: Vec<String> = line.how.iter().map(|one| how(one, &escaped, &loud)).collect();
        ways.extend(line.more.then(|| "and in more ways than can be listed".to_owned()));
        let what = escaped(&what(line));
        match &*ways {
            [one] => format!("{what} {one}").trim_end().to_owned(),
            many => format!("{what}:\n  - {}", many.join("\n  - ")),
        }
    })
}

/// Text in which nothing means anything to Markdown.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for character in harmless(text).chars() {
        match character {
            '\n' | '\r' => out.push(' '),
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '#' | '&' | '~' => out.extend(['\\', character]),
            other => out.push(other),
        }
    }
    out
}
