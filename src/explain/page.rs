//! As one page of HTML that needs nothing else: no script, no fetched file.

use super::sentence::{change, how, spending, what};
use super::{Account, Cell, Key, Level, Line, Overview, Reach, tier_word};
use crate::words::harmless;

const STYLE: &str = include_str!("style.css");

/// The page.
pub fn page(overview: &Overview) -> String {
    let mut out = String::new();
    let as_of = escaped(&overview.as_of);
    out.push_str("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    out.push_str("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    out.push_str("<meta name=\"color-scheme\" content=\"light dark\">\n");
    out.push_str("<title>What each key may do</title>\n<style>\n");
    out.push_str(STYLE);
    out.push_str("</style>\n</head>\n<body>\n<header>\n<h1>What each key may do</h1>\n");
    out.push_str(&format!("<p class=\"as-of\">As of {as_of}</p>\n"));
    if overview.keys.len() > 1 {
        out.push_str("<nav aria-label=\"Keys\"><ul>\n");
        for (place, key) in overview.keys.iter().enumerate() {
            out.push_str(&format!("<li><a href=\"#key-{place}\">{}</a></li>\n", escaped(&key.name)));
        }
        out.push_str("<li><a href=\"#matrix\">Resources by keys</a></li>\n</ul></nav>\n");
    }
    out.push_str("</header>\n<main>\n");
    if overview.keys.is_empty() {
        out.push_str("<p>The policy has no keys: nobody may do anything.</p>\n");
    }
    for (place, key) in overview.keys.iter().enumerate() {
        self::key(&mut out, place, key);
    }
    matrix(&mut out, overview);
    out.push_str("</main>\n</body>\n</html>\n");
    out
}

fn key(out: &mut String, place: usize, key: &Key) {
    out.push_str(&format!("<section class=\"key\" aria-labelledby=\"key-{place}\">\n"));
    out.push_str(&format!("<h2 id=\"key-{place}\">{}</h2>\n", escaped(&key.name)));
    if let Some(doc) = &key.doc {
        out.push_str(&format!("<p class=\"doc\">{}</p>\n", escaped(doc)));
    }
    if let Some(why) = &key.undecided {
        let why = escaped(why);
        out.push_str(&format!("<p class=\"loud\">Nothing can be said about this key: {why}</p>\n</section>\n"));
        return;
    }
    tiers(out, &key.tiers);
    if !key.spending.is_empty() {
        out.push_str("<div class=\"money\">\n<h3>Money</h3>\n");
        for one in &key.spending {
            let (text, loud) = spending(one, &key.spending);
            let class = if loud { " class=\"loud\"" } else { "" };
            out.push_str(&format!("<p{class}>{}</p>\n", escaped(&capital(&text))));
        }
        out.push_str("</div>\n");
    }
    lines(out, "Can", "can", &key.can);
    lines(out, "Can after asking", "ask", &key.ask);
    if !key.cannot.is_empty() {
        out.push_str("<div class=\"cannot\">\n<h3>Cannot</h3>\n<ul>\n");
        key.cannot.iter().for_each(|text| out.push_str(&format!("<li>{}</li>\n", escaped(text))));
        out.push_str("</ul>\n</div>\n");
    }
    accounts(out, &key.accounts);
    if !key.changes.is_empty() {
        out.push_str("<div class=\"changes\">\n<h3>Changes</h3>\n<ol>\n");
        for one in &key.changes {
            let text = change(one);
            let rest = text.strip_prefix(&one.on).unwrap_or(&text).trim();
            let (date, rest) = (escaped(&one.on), escaped(&capital(rest)));
            out.push_str(&format!("<li><time datetime=\"{date}\">{date}</time> {rest}</li>\n"));
        }
        out.push_str("</ol>\n</div>\n");
    }
    out.push_str("</section>\n");
}

fn tiers(out: &mut String, tiers: &[Reach]) {
    out.push_str("<ul class=\"tiers\" aria-label=\"How far it may go\">\n");
    for reach in tiers {
        let (class, word) = level(reach.level);
        out.push_str(&format!(
            "<li class=\"{class}\"><span>{}</span> <b>{word}</b></li>\n",
            capital(tier_word(reach.tier))
        ));
    }
    out.push_str("</ul>\n");
}

const fn level(level: Level) -> (&'static str, &'static str) {
    match level {
        Level::Can => ("can", "yes"),
        Level::Ask => ("ask", "asks"),
        Level::Cannot => ("no", "no"),
    }
}

fn lines(out: &mut String, title: &str, class: &str, lines: &[Line]) {
    if lines.is_empty() {
        return;
    }
    out.push_str(&format!("<div class=\"{class}\">\n<h3>{title}</h3>\n<ul>\n"));
    for line in lines {
        let tier = tier_word(line.tier);
        out.push_str(&format!("<li><span class=\"tier {tier}\">{tier}</span> <b>{}</b>", escaped(&what(line))));
        let loud = |text: &str| format!("<strong class=\"loud\">{}</strong>", escaped(text));
        let mut ways: Vec<String> = line.how.iter().map(|one| how(one, &escaped, &loud)).collect();
        ways.extend(line.more.then(|| "and in more ways than can be listed".to_owned()));
        match &*ways {
            [one] => out.push_str(&format!(" {one}")),
            many => {
                out.push_str("\n<ul>\n");
                many.iter().for_each(|way| out.push_str(&format!("<li>{way}</li>\n")));
                out.push_str("</ul>\n");
            }
        }
        out.push_str("</li>\n");
    }
    out.push_str("</ul>\n</div>\n");
}

fn accounts(out: &mut String, accounts: &[Account]) {
    // Tiers in which no account is reached need no column.
    let open = |tier| accounts.iter().flat_map(|it| &it.tiers).any(|it| it.tier == tier && it.level != Level::Cannot);
    let Some(first) = accounts.first() else { return };
    out.push_str("<div class=\"accounts\">\n<h3>Accounts</h3>\n");
    out.push_str("<div class=\"scroll\" role=\"region\" aria-label=\"Accounts\" tabindex=\"0\">\n<table>\n");
    out.push_str("<caption class=\"hidden\">What it reaches of each account</caption>\n<thead><tr><th scope=\"col\">Account</th>");
    for reach in first.tiers.iter().filter(|reach| open(reach.tier)) {
        out.push_str(&format!("<th scope=\"col\">{}</th>", tier_word(reach.tier)));
    }
    out.push_str("</tr></thead>\n<tbody>\n");
    for account in accounts {
        out.push_str(&format!("<tr><th scope=\"row\">{}</th>", escaped(&account.account)));
        for reach in account.tiers.iter().filter(|reach| open(reach.tier)) {
            let (class, word) = level(reach.level);
            out.push_str(&format!("<td class=\"{class}\">{word}</td>"));
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody>\n</table>\n</div>\n</div>\n");
}

fn matrix(out: &mut String, overview: &Overview) {
    if overview.matrix.is_empty() {
        return;
    }
    out.push_str("<section class=\"matrix\" aria-labelledby=\"matrix\">\n<h2 id=\"matrix\">Resources by keys</h2>\n");
    out.push_str("<div class=\"scroll\" role=\"region\" aria-labelledby=\"matrix\" tabindex=\"0\">\n<table>\n");
    out.push_str("<caption>What each key may do with each resource; <i>asks</i> means that the account holder must approve it. Resources that no key may use are left out.</caption>\n");
    out.push_str("<thead><tr><th scope=\"col\">Resource</th>");
    for key in &overview.keys {
        out.push_str(&format!("<th scope=\"col\">{}</th>", escaped(&key.name)));
    }
    out.push_str("</tr></thead>\n<tbody>\n");
    for row in &overview.matrix {
        out.push_str(&format!("<tr><th scope=\"row\">{}</th>", escaped(&row.resource)));
        row.cells.iter().for_each(|cells| out.push_str(&format!("<td>{}</td>", self::cells(cells))));
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody>\n</table>\n</div>\n</section>\n");
}

fn cells(cells: &[Cell]) -> String {
    if cells.is_empty() {
        return "<span class=\"none\" aria-label=\"nothing\">–</span>".to_owned();
    }
    let one = |cell: &Cell| {
        let tier = tier_word(cell.tier);
        let asks = if cell.level == Level::Ask { " <i>asks</i>" } else { "" };
        format!("<span class=\"tier {tier}\">{}{asks}</span>", escaped(&cell.action))
    };
    cells.iter().map(one).collect::<Vec<_>>().join(" ")
}

fn capital(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}

/// Text in which nothing means anything to HTML.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for character in harmless(text).chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}
