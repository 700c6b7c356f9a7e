//! What looks like a key or a token, in a name, a comment or anywhere else in a file.

use std::collections::{BTreeMap, BTreeSet};

use crate::diag::{Diagnostic, Level};
use crate::lint::context::Context;
use crate::lint::{Lint, Rule};
use crate::source::{FileSpan, Span};

pub(in crate::lint) const RULE: Rule = Rule {
    lint: Lint::new("secret-in-policy", Level::Warning, "what looks like an API key, a token or a private key")
        .of_whole(),
    check,
};

fn check(cx: &Context<'_>, lint: Lint) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    for (file, source) in cx.checked.sources.iter() {
        // Files that are no policy, such as a bank's catalogue, have no items.
        if cx.checked.trees.get(file.0 as usize).is_none_or(|tree| tree.items.is_empty()) {
            continue;
        }
        for (span, what) in secrets(&source.text) {
            let length = span.of(&source.text).chars().count();
            let shown = match span.of(&source.text).chars().take(SHOWN).collect::<String>() {
                // The first line of a private key says nothing of it.
                _ if what == PRIVATE_KEY => "`-----BEGIN`".to_owned(),
                start => format!("`{start}…`, {length} characters"),
            };
            out.push(
                lint.at(
                    FileSpan { file, span },
                    format!("this looks like {what} ({shown}), and whoever may read the policy may use it"),
                )
                .help("take it out and have it replaced: what was written down once counts as known; a policy needs no secrets"),
            );
        }
    }
    out
}

/// So much of a secret is said.
const SHOWN: usize = 4;

const PRIVATE_KEY: &str = "a private key";

/// Beginnings of tokens that say what they are, and how long the token is at least.
const KNOWN: [(&str, usize, &str); 14] = [
    ("AKIA", 20, "an access key of AWS"),
    ("ghp_", 36, "a token of GitHub"),
    ("gho_", 36, "a token of GitHub"),
    ("ghs_", 36, "a token of GitHub"),
    ("github_pat_", 40, "a token of GitHub"),
    ("glpat-", 20, "a token of GitLab"),
    ("sk_live_", 24, "a key of Stripe"),
    ("rk_live_", 24, "a key of Stripe"),
    ("sk-", 40, "an API key"),
    ("xoxb-", 24, "a token of Slack"),
    ("xoxp-", 24, "a token of Slack"),
    ("AIza", 35, "an API key of Google"),
    ("sandbox_", 40, "an API key of a sandbox"),
    ("hvs.", 24, "a token of Vault"),
];

/// What looks like a secret, and as what.
fn secrets(text: &str) -> Vec<(Span, &'static str)> {
    let mut out: Vec<(Span, &'static str)> = Vec::new();
    for (at, _) in text.match_indices("-----BEGIN ") {
        let line = text.get(at..).unwrap_or_default().lines().next().unwrap_or_default();
        if line.contains("PRIVATE KEY") {
            out.extend(span(at, line.trim_end().len()).map(|span| (span, PRIVATE_KEY)));
        }
    }
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '+');
    let mut at = 0;
    for piece in text.split(|c: char| !is_part(c)) {
        let start = at;
        at += piece.len();
        at += text.get(at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        let token = piece.trim_end_matches(['.', '-']);
        if let Some(what) = kind(token) {
            out.extend(span(start, token.len()).map(|span| (span, what)));
        }
    }
    out.sort_by_key(|(span, _)| *span);
    out
}

fn span(start: usize, length: usize) -> Option<Span> {
    Some(Span::new(u32::try_from(start).ok()?, u32::try_from(start.checked_add(length)?).ok()?))
}

fn kind(token: &str) -> Option<&'static str> {
    if token.len() < 20 || token.starts_with('-') {
        return None;
    }
    if let Some((_, _, what)) = KNOWN.iter().find(|(start, least, _)| token.starts_with(start) && token.len() >= *least)
    {
        return Some(what);
    }
    if token.starts_with("eyJ") && token.split('.').count() == 3 && token.split('.').all(|part| part.len() >= 10) {
        return Some("a signed token (JWT)");
    }
    let distinct = token.bytes().collect::<BTreeSet<u8>>().len();
    if token.len() == 64 && token.bytes().all(|byte| byte.is_ascii_hexdigit()) && distinct >= 8 {
        return Some("an API key");
    }
    let has = |is: fn(&u8) -> bool| token.bytes().filter(is).count();
    let (large, small, digits) = (has(u8::is_ascii_uppercase), has(u8::is_ascii_lowercase), has(u8::is_ascii_digit));
    let mixed = large >= 4 && small >= 4 && digits >= 3 && !token.contains('.');
    (token.len() >= 32 && mixed && entropy(token) >= 4.2).then_some("a secret")
}

/// Bits a character, by how often each occurs.
fn entropy(token: &str) -> f64 {
    let mut counts: BTreeMap<u8, u32> = BTreeMap::new();
    token.bytes().for_each(|byte| *counts.entry(byte).or_default() += 1);
    let all = f64::from(u32::try_from(token.len()).unwrap_or(u32::MAX));
    counts.values().map(|count| f64::from(*count) / all).map(|share| -share * share.log2()).sum()
}

#[cfg(test)]
mod tests {
    use super::secrets;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let found: Vec<&str> = secrets(text).into_iter().map(|(_, what)| what).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn keys_and_tokens_are_found() {
        let hex = "0123456789abcdef".repeat(4);
        check(&format!("// key: {hex}."), &["an API key"]);
        check(&format!("payee \"{hex}\" is NL91ABNA0417164300;"), &["an API key"]);
        check("// -----BEGIN RSA PRIVATE KEY-----\n", &["a private key"]);
        check(
            &format!("// Bearer eyJ{}.eyJ{}.{}", "a0".repeat(8), "b1".repeat(8), "c2".repeat(8)),
            &["a signed token (JWT)"],
        );
        check("// Zq8vT3mWx1LpK7rN5yBd2HsJ9cFgA4eU", &["a secret"]);
        check("to url \"https://x.example/hook?t=Zq8vT3mWx1LpK7rN5yBd2HsJ9cFgA4eU\"", &["a secret"]);
    }

    #[test]
    fn what_policies_are_made_of_is_none() {
        check("account \"A\" is iban NL79BUNQ0000000001, id 12345678901234567890;", &[]);
        check("// -----BEGIN CERTIFICATE-----", &[]);
        check("// see 123e4567-e89b-12d3-a456-426614174000 and 2026-11-24T10:00:00Z", &[]);
        check("to url \"https://shop.example/a-long-path-of-words/Paid-In-2026-Or-Later/index.html\"", &[]);
        check(&format!("// {}\n// {}", "-".repeat(80), "0".repeat(64)), &[]);
        check("// commit 46693d0b5c1de1a5c0cb5c9f7bb0a8a4ad17ed2f", &[]);
    }
}
