//! As plain text.

use bpolc::explain::sentence::{change, how, reaches, spending, what};
use bpolc::explain::{Key, Line, Overview};

use crate::report::harmless;

/// The overview, one block a key.
pub(super) fn overview(overview: &Overview) -> String {
    let mut out = format!("What each key may do, as of {}\n", overview.as_of);
    for key in &overview.keys {
        out.push('\n');
        out.push_str(&self::key(key));
    }
    if overview.keys.is_empty() {
        out.push_str("\nThe policy has no keys: nobody may do anything.\n");
    }
    harmless(&out).into_owned()
}

fn key(key: &Key) -> String {
    let mut out = format!("key \"{}\"\n", key.name);
    if let Some(doc) = &key.doc {
        doc.lines().for_each(|line| out.push_str(&format!("  {}\n", line.trim())));
    }
    if let Some(why) = &key.undecided {
        out.push_str(&format!("\n  Nothing can be said about this key: {why}\n"));
        return out;
    }
    section(
        &mut out,
        "money",
        key.spending.iter().map(|one| {
            let (text, loud) = spending(one, &key.spending);
            if loud { louder(&text) } else { text }
        }),
    );
    lines(&mut out, "can", &key.can);
    lines(&mut out, "can after asking", &key.ask);
    section(&mut out, "cannot", key.cannot.iter().cloned());
    let width = key.accounts.iter().map(|account| account.account.chars().count()).max().unwrap_or(0);
    section(
        &mut out,
        "accounts",
        key.accounts
            .iter()
            .map(|account| format!("{:width$}  {}", account.account, reaches(&account.tiers).join(", "))),
    );
    section(&mut out, "changes", key.changes.iter().map(change));
    out
}

fn section(out: &mut String, title: &str, lines: impl Iterator<Item = String>) {
    let mut lines = lines.peekable();
    if lines.peek().is_some() {
        out.push_str(&format!("\n  {title}\n"));
        lines.for_each(|line| out.push_str(&format!("    {line}\n")));
    }
}

fn lines(out: &mut String, title: &str, lines: &[Line]) {
    let said = lines.iter().flat_map(|line| {
        let mut texts = Vec::new();
        let ways: Vec<String> = line.how.iter().map(|one| how(one, &str::to_owned, &louder)).collect();
        match &*ways {
            [one] if one.is_empty() => texts.push(what(line)),
            [one] if !line.more => texts.push(format!("{} {one}", what(line))),
            _ => {
                texts.push(format!("{}:", what(line)));
                texts.extend(ways.iter().map(|way| format!("- {way}")));
                texts.extend(line.more.then(|| "- and in more ways than can be listed".to_owned()));
            }
        }
        texts
    });
    section(out, title, said);
}

/// The loud words in capitals.
fn louder(text: &str) -> String {
    for words in ["any account", "anyone", "any amount", "no bound"] {
        if text.contains(words) {
            return text.replacen(words, &words.to_uppercase(), 1);
        }
    }
    text.to_owned()
}
