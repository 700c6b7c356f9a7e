//! The pages about lints: their examples raise what they say, and the index is fresh.

use std::fs;

use super::check;

const PAGES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/lints");

/// The code below a heading of a page.
fn block<'t>(page: &'t str, heading: &str) -> &'t str {
    let (_, rest) = page.split_once(&format!("## {heading}\n")).unwrap_or_else(|| panic!("no `{heading}`:\n{page}"));
    let section = rest.split("\n## ").next().unwrap();
    let (_, rest) = section.split_once("```bpol\n").unwrap_or_else(|| panic!("no code below `{heading}`"));
    rest.split("```").next().unwrap()
}

#[test]
fn what_is_to_be_avoided_raises_the_lint_and_what_is_preferred_nothing() {
    for lint in bpolc::lint::all() {
        let path = format!("{PAGES}/{}.md", lint.name);
        let page = match fs::read_to_string(&path) {
            Ok(page) => page,
            Err(error) => {
                assert!(lint.is_of_check, "{path}: {error}");
                continue;
            }
        };
        assert!(page.starts_with(&format!("# {}\n", lint.name)), "{path}");
        for heading in ["What it reports", "Why it matters"] {
            assert!(page.contains(&format!("\n## {heading}\n")), "{path}: `{heading}`");
        }
        let names = |heading: &str| {
            let checked = check(lint.name, &path, block(&page, heading));
            // What a comment hid is reported again when it is over, so there it is not alone.
            let counts = |name: &&str| lint.name != "expired-suppression" || *name == lint.name;
            checked.diagnostics.iter().map(|found| found.name).filter(counts).collect::<Vec<_>>()
        };
        let mut avoid = names("Avoid");
        // An account that is known by its name alone is warned of by itself, whatever else comes of it.
        avoid.retain(|name| *name == lint.name || *name != "unpinned-account");
        assert_eq!(avoid, [lint.name], "{path}");
        assert_eq!(names("Prefer"), [""; 0], "{path}");
    }
}

#[test]
fn the_index_of_lints_is_fresh() {
    let path = format!("{PAGES}/README.md");
    let mut index =
        "# Lints\n\nWhat `bpolc check` reports beside errors, and how bad it is unless `--deny`, `--warn` or \
                     `--allow` say otherwise.\nIn a policy of many hundred keys a lint may not come to the end: it says \
                     what it found, and more once\nthat is mended.\n\n| lint | level | from profile | reports |\n| --- | --- | --- | --- |\n"
            .to_owned();
    for lint in bpolc::lint::all() {
        let name = if fs::exists(format!("{PAGES}/{}.md", lint.name)).unwrap() {
            format!("[{0}]({0}.md)", lint.name)
        } else {
            lint.name.to_owned()
        };
        index.push_str(&format!("| {name} | {} | {} | {} |\n", lint.level.word(), lint.profile.word(), lint.summary));
    }
    if std::env::var_os("BPOL_WRITE").is_some() {
        fs::write(&path, &index).unwrap();
    }
    assert!(fs::read_to_string(&path).unwrap_or_default() == index, "{path} is stale: run this test with BPOL_WRITE=1");
}
