//! What editors ask about places, on whole policies: the examples, pieces of them, and random ones.

mod offsets;
mod rename;
mod tokens;

use std::fs;
use std::path::Path;

use bpolc::ide::{Snapshot, Workspace};
use camino::{Utf8Path, Utf8PathBuf};

const EXAMPLES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples");

/// Files with their texts; paths are relative to the examples.
type Files = Vec<(Utf8PathBuf, String)>;

/// All examples.
fn examples() -> Files {
    let mut files = Vec::new();
    gather(Path::new(EXAMPLES), &mut files);
    assert!(files.len() > 10);
    files.sort();
    files
}

fn gather(folder: &Path, files: &mut Files) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            gather(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "bpol") {
            let inside = path.strip_prefix(EXAMPLES).unwrap().to_str().unwrap();
            files.push((inside.into(), fs::read_to_string(&path).unwrap()));
        }
    }
}

/// The policies that files make up.
fn policies(files: &Files) -> Vec<Snapshot> {
    let mut workspace = Workspace::default();
    workspace.set_all(files.clone());
    let read = |path: &Utf8Path| {
        fs::read_to_string(Path::new(EXAMPLES).join(path.as_str())).map_err(|error| error.to_string())
    };
    let roots = workspace.policies();
    roots.iter().filter_map(|root| workspace.policy(root, Utf8Path::new("."), &read)).collect()
}

/// How many cases, and from which seed on.
fn cases(count: u64) -> std::ops::Range<u64> {
    let number = |name: &str| std::env::var(name).ok().and_then(|value| value.parse().ok());
    let (first, count) = (number("BPOL_SEED").unwrap_or(0), number("BPOL_CASES").unwrap_or(count));
    first..first + count
}
