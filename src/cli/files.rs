//! The files of a policy: which are meant, what they say, and below which directory imports must stay.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::PathBuf;

use bpolc::Input;
use camino::{Utf8Component, Utf8Path, Utf8PathBuf};

use super::exit::{Stop, why};

/// The name of standard input on the command line and in reports.
pub(crate) const STDIN: &str = "-";

/// Longer files are not policies; spans could not say places in them.
const LONGEST: u64 = 256 << 20;

/// Files that make up a policy.
#[derive(Debug)]
pub(crate) struct Files {
    /// Their paths as named, and texts.
    pub(crate) inputs: Vec<Input>,
    /// The directory below which imports must stay; empty for the current one.
    pub(crate) root: Utf8PathBuf,
}

/// Finds and reads what the command line names.
pub(crate) fn read(named: &[Utf8PathBuf]) -> Result<Files, Stop> {
    let found = find(named)?;
    let mut inputs = Vec::new();
    let mut faults = Vec::new();
    for path in found.paths {
        match text(&path) {
            Ok(text) => inputs.push(Input { path, text }),
            Err(fault) => faults.push(fault),
        }
    }
    if faults.is_empty() { Ok(Files { inputs, root: found.root }) } else { Err(Stop::Failed(faults)) }
}

/// A file that was read already, as a policy.
pub(crate) fn single(path: &Utf8Path, text: String) -> Files {
    let path = forward_slashes(path);
    let root = path.parent().map(Utf8Path::to_owned).unwrap_or_default();
    Files { inputs: vec![Input { path, text }], root }
}

/// Paths, not yet read.
#[derive(Debug)]
pub(crate) struct Found {
    /// In the order named, those of a directory sorted, none twice.
    pub(crate) paths: Vec<Utf8PathBuf>,
    root: Utf8PathBuf,
}

/// The directory below which the imports of what is named must stay.
pub(crate) fn root(named: &[Utf8PathBuf]) -> Utf8PathBuf {
    let base = |name: &Utf8PathBuf| {
        let name = forward_slashes(name);
        let whole = name.as_str().is_empty() || name.is_dir();
        if whole { name } else { name.parent().map(Utf8Path::to_owned).unwrap_or_default() }
    };
    common(&named.iter().map(base).collect::<Vec<_>>())
}

/// Finds the files that the command line names; none named means the current directory.
pub(crate) fn find(named: &[Utf8PathBuf]) -> Result<Found, Stop> {
    let here = [Utf8PathBuf::new()];
    let named = if named.is_empty() { &here } else { named };
    let mut paths = Vec::new();
    let mut bases = Vec::new();
    let mut faults = Vec::new();
    for name in named {
        let name = forward_slashes(name);
        if name == STDIN {
            bases.push(Utf8PathBuf::new());
            paths.push(name);
        } else if name.as_str().is_empty() || name.is_dir() {
            match below(&name) {
                Ok(below) => paths.extend(below),
                Err(fault) => faults.push(fault),
            }
            bases.push(name);
        } else {
            bases.push(name.parent().map(Utf8Path::to_owned).unwrap_or_default());
            paths.push(name);
        }
    }
    if !faults.is_empty() {
        return Err(Stop::Failed(faults));
    }
    // The same file under two names would seem to declare everything twice.
    let mut seen = HashSet::new();
    paths.retain(|path| seen.insert(path.canonicalize().unwrap_or_else(|_| path.clone().into())));
    Ok(Found { paths, root: common(&bases) })
}

/// The `.bpol` files below a directory, sorted. What `.gitignore` files name is left out, and so are hidden
/// directories. Ignore files that differ from machine to machine do not count: the policy must not.
fn below(directory: &Utf8Path) -> Result<Vec<Utf8PathBuf>, String> {
    let shown =
        if directory.as_str().is_empty() { "the current directory".to_owned() } else { format!("`{directory}`") };
    let start = if directory.as_str().is_empty() { Utf8Path::new(".") } else { directory };
    let walk = ignore::WalkBuilder::new(start)
        .hidden(false)
        .ignore(false)
        .git_global(false)
        .git_exclude(false)
        .require_git(false)
        .filter_entry(|entry| {
            let hidden = entry.file_name().as_encoded_bytes().starts_with(b".");
            entry.depth() == 0 || !hidden || !entry.file_type().is_some_and(|kind| kind.is_dir())
        })
        .build();
    let mut paths = Vec::new();
    for entry in walk {
        let entry = entry.map_err(|error| format!("cannot look through {shown}: {error}"))?;
        let is_policy = entry.path().extension().is_some_and(|extension| extension == "bpol");
        if !is_policy || !entry.path().is_file() {
            continue;
        }
        let path = Utf8PathBuf::from_path_buf(entry.into_path())
            .map_err(|path| format!("the name of `{}` is not UTF-8", path.display()))?;
        let path = if directory.as_str().is_empty() {
            path.strip_prefix(".").map(Utf8Path::to_owned).unwrap_or(path)
        } else {
            path
        };
        paths.push(forward_slashes(&path));
    }
    if paths.is_empty() {
        return Err(format!("no `.bpol` files in {shown}; name a file, or write a first policy with `bpolc init`"));
    }
    paths.sort();
    Ok(paths)
}

pub(crate) fn forward_slashes(path: &Utf8Path) -> Utf8PathBuf {
    if cfg!(windows) { path.as_str().replace('\\', "/").into() } else { path.to_owned() }
}

/// The text of a file, or why it cannot be had.
pub(crate) fn text(path: &Utf8Path) -> Result<String, String> {
    if path == STDIN {
        let bytes = bytes_of(io::stdin().lock()).map_err(|reason| format!("cannot read standard input: {reason}"))?;
        return utf8(bytes).map_err(|reason| format!("standard input {reason}"));
    }
    let bytes = bytes(path)?;
    utf8(bytes).map_err(|reason| format!("`{path}` {reason}"))
}

/// The bytes of a file, or why they cannot be had.
pub(crate) fn bytes(path: &Utf8Path) -> Result<Vec<u8>, String> {
    read_bytes(path).map_err(|reason| format!("cannot read `{path}`: {reason}"))
}

fn read_bytes(path: &Utf8Path) -> Result<Vec<u8>, String> {
    let file = File::open(path).map_err(|error| why(&error))?;
    if file.metadata().is_ok_and(|about| about.is_dir()) {
        return Err("it is a directory".to_owned());
    }
    bytes_of(file)
}

fn bytes_of(reader: impl io::Read) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    reader.take(LONGEST + 1).read_to_end(&mut bytes).map_err(|error| why(&error))?;
    if bytes.len() as u64 > LONGEST {
        return Err(format!("it is longer than {} MiB", LONGEST >> 20));
    }
    Ok(bytes)
}

fn utf8(bytes: Vec<u8>) -> Result<String, String> {
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let bytes = error.as_bytes();
        if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
            return "is UTF-16; save it as UTF-8".to_owned();
        }
        let line = bytes[..at].iter().filter(|&&byte| byte == b'\n').count() + 1;
        format!(
            "is not UTF-8: byte {} on line {line} (0x{:02x}) belongs to no character; save it as UTF-8",
            at + 1,
            bytes[at]
        )
    })
}

/// Reads what policies import. Links that lead out of the root are not followed: an import must not reach what
/// stands elsewhere on the machine.
pub(crate) fn importer(root: &Utf8Path) -> impl Fn(&Utf8Path) -> Result<String, String> {
    let root = if root.as_str().is_empty() { Utf8PathBuf::from(".") } else { root.to_owned() };
    move |path| {
        let real = path.canonicalize().map_err(|error| why(&error))?;
        let real_root = root.canonicalize().map_err(|error| why(&error))?;
        if !real.starts_with(&real_root) {
            return Err(format!("it lies outside of `{root}`"));
        }
        let bytes = read_bytes(path)?;
        utf8(bytes).map_err(|reason| format!("it {reason}"))
    }
}

/// The deepest directory that holds all of `bases`, said in the way in which they are said.
fn common(bases: &[Utf8PathBuf]) -> Utf8PathBuf {
    let Some((first, rest)) = bases.split_first() else { return Utf8PathBuf::new() };
    if rest.iter().all(|base| base == first) {
        return first.clone();
    }
    let here = std::env::current_dir().ok().and_then(|here| Utf8PathBuf::from_path_buf(here).ok()).unwrap_or_default();
    let mut shared = plain(&here.join(first));
    for base in rest {
        let base = plain(&here.join(base));
        while !base.starts_with(&shared) {
            shared.pop();
        }
    }
    if bases.iter().any(|base| base.is_absolute()) {
        return shared;
    }
    if let Ok(inside) = shared.strip_prefix(&here) {
        return inside.to_owned();
    }
    let above = here.strip_prefix(&shared).map_or(0, |inside| inside.components().count());
    std::iter::repeat_n("..", above).collect()
}

/// A path without `.` and, where that is possible, `..`.
fn plain(path: &Utf8Path) -> Utf8PathBuf {
    let mut plain = Utf8PathBuf::new();
    for component in path.components() {
        match component {
            Utf8Component::CurDir => {}
            Utf8Component::ParentDir if plain.file_name().is_some() => {
                plain.pop();
            }
            other => plain.push(other),
        }
    }
    plain
}

/// Where a path really leads, links followed; the path itself for what does not exist.
pub(crate) fn real(path: &Utf8Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.into())
}

#[cfg(test)]
mod tests {
    use super::{common, utf8};
    use camino::Utf8PathBuf;

    #[track_caller]
    fn check_common(bases: &[&str], expected: &str) {
        let bases: Vec<Utf8PathBuf> = bases.iter().map(Utf8PathBuf::from).collect();
        assert_eq!(common(&bases), expected);
    }

    #[test]
    fn the_root_holds_everything_that_is_named() {
        check_common(&["policies"], "policies");
        check_common(&["a/b", "a/c"], "a");
        check_common(&["a/b", "./a"], "a");
        check_common(&["a", "b"], "");
        check_common(&["a", ""], "");
        check_common(&["../a", "../b"], "..");
        check_common(&["/x/a", "/x/b/c"], "/x");
    }

    #[test]
    fn bytes_that_are_not_text_are_pointed_at() {
        let fault = utf8(b"key\n\xff".to_vec()).unwrap_err();
        assert_eq!(fault, "is not UTF-8: byte 5 on line 2 (0xff) belongs to no character; save it as UTF-8");
        assert_eq!(utf8(b"\xff\xfek\0".to_vec()).unwrap_err(), "is UTF-16; save it as UTF-8");
    }
}
