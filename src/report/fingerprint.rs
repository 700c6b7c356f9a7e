//! What a finding is known by from run to run: its name, its file and the text that it is about, never its line. So it is
//! the same one when lines above it come and go, or the file is formatted.

use std::collections::HashMap;

use bpolc::diag::Diagnostic;
use bpolc::source::Sources;
use sha2::{Digest as _, Sha256};

use super::path::relative;

/// One for each finding, in their order. Findings that are alike are told apart by their order.
pub(super) fn fingerprints<'d>(sources: &Sources, found: impl Iterator<Item = &'d Diagnostic>) -> Vec<String> {
    let mut seen: HashMap<String, usize> = HashMap::new();
    found
        .map(|found| {
            let source = sources.get(found.place.file);
            let text = lines(&source.text, found.place.span.start as usize, found.place.span.end as usize);
            let known = [found.name, &relative(source.path.as_str()), &text].join("\0");
            let number = seen.entry(known.clone()).or_insert(0);
            *number += 1;
            let digest = Sha256::digest(format!("{known}\0{number}"));
            digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
        })
        .collect()
}

/// The lines of a place, blanks between words made one.
fn lines(text: &str, start: usize, end: usize) -> String {
    let from = text.get(..start).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
    let to = text.get(end..).and_then(|after| after.find('\n')).map_or(text.len(), |at| end + at);
    text.get(from..to).unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::fingerprints;
    use bpolc::diag::Diagnostic;
    use bpolc::source::{FileId, Sources, Span};

    fn of(text: &str, words: &[&str]) -> Vec<String> {
        let mut sources = Sources::default();
        sources.add("./a.bpol", text);
        let mut at = 0;
        let mut place = |word: &&str| {
            let start = at + text[at..].find(*word).unwrap();
            at = start + word.len();
            Diagnostic::warning("x", FileId(0), Span::new(start as u32, at as u32), "")
        };
        let found: Vec<Diagnostic> = words.iter().map(&mut place).collect();
        fingerprints(&sources, found.iter())
    }

    #[test]
    fn lines_that_move_and_blanks_change_nothing() {
        let one = of("a;\n  b c;\n", &["c"]);
        assert_eq!(one, of("// new\n\na;\nb   c;", &["c"]));
        assert_ne!(one, of("a;\n  b d;\n", &["d"]));
    }

    #[test]
    fn two_alike_are_two() {
        let two = of("b;\nb;\n", &["b", "b"]);
        assert_ne!(two[0], two[1]);
        assert_eq!(two, of("c;\nb;\nb;\n", &["b", "b"]));
    }
}
