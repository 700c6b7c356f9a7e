//! What can be opened from a file: the files that it names, and addresses of the web, in comments too.

use camino::Utf8PathBuf;

use crate::ide::View;
use crate::ide::definition::file;
use crate::ide::values::{What, values};
use crate::source::Span;
use crate::syntax::pieces::comments;
use crate::syntax::string;
use crate::syntax::tree::ItemKind;

/// Where a link leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A file of the policy.
    File(Utf8PathBuf),
    /// An address of the web.
    Url(String),
}

/// A link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// What is clicked.
    pub span: Span,
    /// Where it leads.
    pub target: Target,
    /// What it does.
    pub tooltip: &'static str,
}

/// All links of a file, in the order of its text.
pub fn links(view: View<'_>) -> Vec<Link> {
    let Some(page) = view.page() else { return Vec::new() };
    let mut all = Vec::new();
    for item in &page.tree.items {
        values(item, &mut |what, span| match what {
            What::Path => {
                let tooltip = match item.kind {
                    ItemKind::Import(_) => "open the file that is imported",
                    _ => "open the bank's catalogue",
                };
                let target = file(page, span).map(Target::File);
                all.extend(target.map(|target| Link { span: inside(page.text, span), target, tooltip }));
            }
            What::Text => {
                let url = string::value(span.of(page.text)).into_owned();
                if is_url(&url) {
                    let span = inside(page.text, span);
                    all.push(Link {
                        span,
                        target: Target::Url(url),
                        tooltip: "open the address that the rule is about",
                    });
                }
            }
            _ => {}
        });
    }
    for comment in comments(page.tree) {
        all.extend(urls(page.text, comment).map(|(span, url)| Link {
            span,
            target: Target::Url(url.to_owned()),
            tooltip: "open the address",
        }));
    }
    all.sort_by_key(|link| link.span);
    all
}

/// A string without its quotes.
fn inside(text: &str, quoted: Span) -> Span {
    let has_quotes = quoted.of(text).len() > 1 && quoted.of(text).starts_with('"');
    if has_quotes { Span::new(quoted.start + 1, quoted.end - 1) } else { quoted }
}

fn is_url(text: &str) -> bool {
    let after = ["https://", "http://"].iter().find_map(|scheme| text.strip_prefix(scheme));
    after.is_some_and(|rest| rest.starts_with(|first: char| first.is_alphanumeric() || first == '['))
        && !text.contains(|character: char| character.is_whitespace() || character.is_control())
}

/// The addresses in a comment. What ends a sentence or closes a bracket is not a part of them.
fn urls(text: &str, comment: Span) -> impl Iterator<Item = (Span, &str)> {
    let said = comment.of(text);
    let ends = |character: char| character.is_whitespace() || "<>\"`|".contains(character);
    let starts = said.match_indices("http").map(|(at, _)| at);
    starts.filter_map(move |at| {
        let rest = said.get(at..)?.split(ends).next()?;
        let mut url = rest.trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '*']);
        // A bracket that was opened before the address closes behind it.
        while let Some(shorter) = url.strip_suffix([')', ']']) {
            if shorter.matches(['(', '[']).count() > shorter.matches([')', ']']).count() {
                break;
            }
            url = shorter.trim_end_matches(['.', ',']);
        }
        let start = comment.start + u32::try_from(at).ok()?;
        let begins_word = !said.get(..at)?.ends_with(char::is_alphanumeric);
        (begins_word && is_url(url)).then(|| (Span::new(start, start + u32::try_from(url.len()).unwrap_or(0)), url))
    })
}

#[cfg(test)]
mod tests {
    use super::{Target, links};
    use crate::ide::test::Fixture;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let fixture = Fixture::files(&[("p/a.bpol", text)]);
        let shown: Vec<String> = links(fixture.view())
            .into_iter()
            .map(|link| {
                let target = match link.target {
                    Target::File(path) => path.into_string(),
                    Target::Url(url) => url,
                };
                format!("{} → {target}: {}", link.span.of(fixture.text()), link.tooltip)
            })
            .collect();
        assert_eq!(shown, expected);
    }

    #[test]
    fn files_that_are_named_can_be_opened() {
        check(
            "import \"../q/b.bpol\"; bank \"my.toml\"; bank \"bunq\"; import \"/etc/passwd\"; import \"\";",
            &[
                "../q/b.bpol → q/b.bpol: open the file that is imported",
                "my.toml → p/my.toml: open the bank's catalogue",
            ],
        );
    }

    #[test]
    fn addresses_in_rules_can_be_opened() {
        check(
            "timezone \"UTC\"; key \"a\" < allow create webhook to url \"https://example.com/a\\u{62}\", \"ftp://x\"; >",
            &["https://example.com/a\\u{62} → https://example.com/ab: open the address that the rule is about"],
        );
    }

    #[test]
    fn addresses_in_comments_end_before_the_sentence() {
        check(
            "// See https://a.example/x_(y), (http://b.example/?q=1&r). xhttps://c https:// \n/// <https://d.example>\nkey \"a\" < >",
            &[
                "https://a.example/x_(y) → https://a.example/x_(y): open the address",
                "http://b.example/?q=1&r → http://b.example/?q=1&r: open the address",
                "https://d.example → https://d.example: open the address",
            ],
        );
    }
}
