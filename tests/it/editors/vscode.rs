//! The extension for Visual Studio Code: its settings know every lint, and its snippets are bpol.

use bpolc::lint;
use bpolc::source::FileId;
use bpolc::syntax::parse;
use serde_json::{Map, Value, json};

use super::fresh::editors;

const LEVELS: [&str; 4] = ["off", "hint", "warning", "error"];

#[test]
fn the_settings_have_every_lint() {
    let path = editors().join("vscode/package.json");
    let mut text = std::fs::read_to_string(&path).expect("package.json");
    let begin = text.find("\"bpol.levels\"").expect("the setting");
    let open = begin + text[begin..].find("\"properties\": {").expect("its properties") + "\"properties\": {".len();
    let close = open + text[open..].find("\n          }\n").expect("their end");
    let lints = lint::all().into_iter().map(|lint| {
        let name = format!("\n            {}: ", json!(lint.name));
        name + &format!("{{ \"enum\": {}, \"description\": {} }}", json!(LEVELS), json!(lint.summary))
    });
    let lints = lints.collect::<Vec<_>>().join(",");
    if std::env::var_os("BPOL_WRITE").is_some() {
        text.replace_range(open..close, &lints);
        std::fs::write(&path, &text).expect("it is written");
    }
    let package: Value = serde_json::from_str(&text).expect("JSON");
    let made: Value = serde_json::from_str(&format!("{{{lints}}}")).expect("JSON");
    let settings = &package["contributes"]["configuration"]["properties"];
    let is_fresh = settings["bpol.levels"]["properties"] == made;
    assert!(is_fresh, "package.json is stale: BPOL_WRITE=1 cargo test -p bpolc --test it editors::");
    let profiles = [lint::Profile::Recommended, lint::Profile::Strict, lint::Profile::Psd2].map(lint::Profile::word);
    assert_eq!(settings["bpol.profile"]["enum"], json!(["", profiles[0], profiles[1], profiles[2]]));
}

#[test]
fn snippets_are_bpol() {
    let text = std::fs::read_to_string(editors().join("vscode/snippets/bpol.json")).expect("the snippets");
    let snippets: Map<String, Value> = serde_json::from_str(&text).expect("JSON");
    assert!(snippets.len() > 10);
    for (name, snippet) in snippets {
        let lines = snippet["body"].as_array().expect("lines").iter().map(|line| line.as_str().expect("a line"));
        let text = typed(&lines.collect::<Vec<_>>().join("\n"));
        let whole = match text.split(' ').next() {
            Some("allow" | "ask" | "deny" | "only" | "use") => format!("key \"k\" < {text} >"),
            Some("expect") => format!("test \"t\" for key \"k\" < {text} >"),
            _ => text,
        };
        assert_eq!(parse(FileId(0), &whole).faults, [], "{name}: {whole}");
    }
}

/// A snippet as it is when nothing was typed over.
fn typed(snippet: &str) -> String {
    let mut out = String::new();
    let mut rest = snippet;
    while let Some((before, hole)) = rest.split_once('$') {
        out.push_str(before);
        let Some(inside) = hole.strip_prefix('{') else {
            rest = hole.trim_start_matches(|digit: char| digit.is_ascii_digit());
            continue;
        };
        let (inside, after) = inside.split_once('}').expect("a hole that closes");
        out.push_str(match inside {
            "CURRENT_YEAR" => "2026",
            "CURRENT_MONTH" => "11",
            "CURRENT_DATE" => "24",
            _ => match (inside.split_once(':'), inside.split_once('|')) {
                (Some((_, text)), None) => text,
                (None, Some((_, choices))) => choices.split([',', '|']).next().unwrap_or_default(),
                // A place that an earlier one fills.
                _ => "1",
            },
        });
        rest = after;
    }
    out + rest
}
