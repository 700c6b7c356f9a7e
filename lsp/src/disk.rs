//! What lies on the disk: policies below the folders of the workspace, imports, and settings.

use std::io;

use bpolc::config::{self, Config};
use camino::{Utf8Path, Utf8PathBuf};

/// Longer files are not policies.
const LONGEST: u64 = 256 << 20;

/// More files than that are not looked for below a folder: an editor may have been opened on a whole disk.
const MOST: usize = 20_000;

/// All policies below the folders, hidden and ignored ones left out, with their texts.
pub(crate) fn policies(folders: &[Utf8PathBuf]) -> Vec<(Utf8PathBuf, String)> {
    let mut all = Vec::new();
    for folder in folders {
        let walk = ignore::WalkBuilder::new(folder).require_git(false).build();
        let files = walk.filter_map(Result::ok).filter(|entry| entry.file_type().is_some_and(|kind| kind.is_file()));
        for entry in files {
            let Ok(path) = Utf8PathBuf::from_path_buf(entry.into_path()) else { continue };
            if path.extension() == Some("bpol")
                && let Ok(text) = text(&path)
            {
                all.push((path, text));
            }
            if all.len() >= MOST {
                return all;
            }
        }
    }
    all
}

/// The text of a file, or why it cannot be had.
pub(crate) fn text(path: &Utf8Path) -> Result<String, String> {
    let why = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound => "no such file or directory".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        io::ErrorKind::InvalidData => "it is not UTF-8".to_owned(),
        _ => error.to_string(),
    };
    let about = std::fs::metadata(path).map_err(why)?;
    if !about.is_file() {
        return Err("it is not a file".to_owned());
    }
    if about.len() > LONGEST {
        return Err("it is too long to be a policy".to_owned());
    }
    std::fs::read_to_string(path).map_err(why)
}

/// The text of a file that a policy names. Links that lead out of the root are not followed.
pub(crate) fn inside(path: &Utf8Path, root: &Utf8Path) -> Result<String, String> {
    let found = text(path)?;
    let (real, real_root) = (path.canonicalize(), root.canonicalize());
    match (real, real_root) {
        (Ok(real), Ok(real_root)) if real.starts_with(&real_root) => Ok(found),
        _ => Err(format!("it lies outside of `{root}`")),
    }
}

/// The settings that count for a directory: the nearest `bpol.toml` at it or above, within its repository, with the
/// directory that holds it. Settings that cannot be read are told, and count as none.
pub(crate) fn config(directory: &Utf8Path) -> (Config, Utf8PathBuf, Option<String>) {
    for above in directory.ancestors() {
        let file = above.join(config::FILE);
        if file.is_file() {
            let read = text(&file).and_then(|text| {
                Config::read(&text).map_err(|faults| {
                    let first = faults.first();
                    let at = first.map_or((1, 1), |fault| bpolc::source::line_column(&text, fault.span.start));
                    let message = first.map_or("", |fault| fault.message.as_str());
                    format!("line {}, column {}: {message}", at.0, at.1)
                })
            });
            return match read {
                Ok(config) => (config, above.to_owned(), None),
                Err(why) => (Config::default(), above.to_owned(), Some(format!("`{file}` does not count: {why}"))),
            };
        }
        if above.join(".git").exists() {
            break;
        }
    }
    (Config::default(), directory.to_owned(), None)
}
