//! Files of editors that hold lists of words, each made from its template: `{{GROUP:SEPARATOR}}` becomes the words of a
//! group with the separator between them.

use std::path::{Path, PathBuf};

use super::words::group;

/// A template and the file that is made from it.
const MADE: [(&str, &str); 5] = [
    ("words.json", "tree-sitter-bpol/words.json"),
    ("highlights.scm", "tree-sitter-bpol/queries/highlights.scm"),
    ("bpol.tmLanguage.json", "vscode/syntaxes/bpol.tmLanguage.json"),
    ("bpol.vim", "vim/syntax/bpol.vim"),
    ("bpol-mode.el", "emacs/bpol-mode.el"),
];

pub(super) fn editors() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("lsp/editors")
}

fn filled(template: &str) -> String {
    let mut pieces = template.split("{{");
    let mut out = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (hole, rest) = piece.split_once("}}").expect("a hole that closes");
        let (name, separator) = hole.split_once(':').expect("a group and a separator");
        out.push_str(&group(name).join(separator));
        out.push_str(rest);
    }
    out
}

#[test]
fn lists_of_words_are_fresh() {
    for (template, made) in MADE {
        let text = std::fs::read_to_string(editors().join("templates").join(template)).expect(template);
        let (path, text) = (editors().join(made), filled(&text));
        if std::env::var_os("BPOL_WRITE").is_some() {
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            std::fs::write(&path, &text).expect("it is written");
        }
        let stale = std::fs::read_to_string(&path).ok().as_deref() != Some(text.as_str());
        assert!(!stale, "lsp/editors/{made} is stale: BPOL_WRITE=1 cargo test -p bpolc --test it editors::");
    }
}
