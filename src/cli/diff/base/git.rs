//! The files of a git revision. Only objects are read; configuration of a repository is not given a chance to run.

use std::collections::BTreeMap;
use std::process::{Command, Stdio};

use camino::{Utf8Component, Utf8Path, Utf8PathBuf};

/// The files of one commit.
pub(super) struct Tree {
    /// The working directory and the top of the repository, links followed.
    here: Utf8PathBuf,
    top: Utf8PathBuf,
    /// By path from the top.
    entries: BTreeMap<Utf8PathBuf, Entry>,
}

struct Entry {
    kind: Kind,
    object: String,
}

/// What stands under a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    File,
    /// A link, or another repository.
    Link,
}

/// Longer files are not policies.
const LONGEST: usize = 256 << 20;

impl Tree {
    pub(super) fn of(revision: &str) -> Result<Self, String> {
        let top = line(&["rev-parse", "--show-toplevel"])?;
        let commit = format!("{revision}^{{commit}}");
        let commit = line(&["rev-parse", "--verify", "--quiet", "--end-of-options", &commit])
            .map_err(|reason| if reason.is_empty() { "there is no such revision".to_owned() } else { reason })?;
        let listed = git(&["ls-tree", "-r", "-z", "--full-tree", &commit])?;
        let mut entries = BTreeMap::new();
        for record in listed.split(|byte| *byte == 0).filter(|record| !record.is_empty()) {
            // Paths that are not UTF-8 cannot be named by a policy.
            let Ok(record) = std::str::from_utf8(record) else { continue };
            let (about, path) = record.split_once('\t').ok_or("git lists its files in a form that is not known")?;
            let mut words = about.split(' ');
            let (Some(mode), Some(_), Some(object)) = (words.next(), words.next(), words.next()) else {
                return Err("git lists its files in a form that is not known".to_owned());
            };
            let kind = if mode.starts_with("100") { Kind::File } else { Kind::Link };
            entries.insert(Utf8PathBuf::from(path), Entry { kind, object: object.to_owned() });
        }
        Ok(Self { here: real(Utf8Path::new("."))?, top: real(Utf8Path::new(&top))?, entries })
    }

    /// Where a path of the command line or of an import stands below the top.
    pub(super) fn place(&self, path: &Utf8Path) -> Result<Utf8PathBuf, String> {
        // Directories that exist are followed, so that a repository may be entered through a link.
        let whole = match path.parent().filter(|_| path.is_absolute()).map(real) {
            Some(Ok(parent)) => parent.join(path.file_name().unwrap_or_default()),
            _ => self.here.join(path),
        };
        let mut plain = Utf8PathBuf::new();
        for component in whole.components() {
            match component {
                Utf8Component::CurDir => {}
                Utf8Component::ParentDir => _ = plain.pop(),
                other => plain.push(other),
            }
        }
        let place = plain.strip_prefix(&self.top).map_err(|_| format!("`{path}` lies outside of the repository"))?;
        if place.ancestors().skip(1).any(|above| self.kind(above) == Some(Kind::Link)) {
            return Err(format!("`{path}` lies behind a link in that revision"));
        }
        Ok(files_slashes(place))
    }

    pub(super) fn kind(&self, place: &Utf8Path) -> Option<Kind> {
        self.entries.get(place).map(|entry| entry.kind)
    }

    /// The policies below a directory, by their paths from there; hidden directories are left out.
    pub(super) fn below<'t>(&'t self, directory: &'t Utf8Path) -> impl Iterator<Item = &'t Utf8Path> {
        self.entries.iter().filter_map(move |(path, entry)| {
            let rest = path.strip_prefix(directory).ok()?;
            let hidden =
                rest.parent().is_some_and(|above| above.components().any(|part| part.as_str().starts_with('.')));
            let policy = rest.extension() == Some("bpol") && entry.kind == Kind::File;
            (policy && !hidden).then_some(rest)
        })
    }

    /// The text of a file.
    pub(super) fn text(&self, place: &Utf8Path) -> Result<String, String> {
        let entry = self.entries.get(place).ok_or("it is not in that revision")?;
        if entry.kind == Kind::Link {
            return Err(format!("`{place}` is a link in that revision"));
        }
        let bytes = git(&["cat-file", "blob", &entry.object])?;
        if bytes.len() > LONGEST {
            return Err(format!("`{place}` is longer than {} MiB", LONGEST >> 20));
        }
        String::from_utf8(bytes).map_err(|_| format!("`{place}` is not UTF-8 in that revision"))
    }
}

fn files_slashes(path: &Utf8Path) -> Utf8PathBuf {
    crate::cli::files::forward_slashes(path)
}

fn real(path: &Utf8Path) -> Result<Utf8PathBuf, String> {
    path.canonicalize_utf8().map_err(|error| format!("cannot read `{path}`: {}", crate::cli::exit::why(&error)))
}

fn line(arguments: &[&str]) -> Result<String, String> {
    let text =
        String::from_utf8(git(arguments)?).map_err(|_| "git answers in something that is not UTF-8".to_owned())?;
    Ok(text.trim_end_matches(['\n', '\r']).to_owned())
}

fn git(arguments: &[&str]) -> Result<Vec<u8>, String> {
    let mut command = Command::new("git");
    command.args(["--no-pager", "--no-replace-objects", "-c", "core.fsmonitor=false"]).args(arguments);
    command.env("LC_ALL", "C").env("GIT_OPTIONAL_LOCKS", "0").env("GIT_NO_LAZY_FETCH", "1").stdin(Stdio::null());
    let output = command.output().map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => "`git` is not installed".to_owned(),
        _ => format!("`git` cannot be run: {}", crate::cli::exit::why(&error)),
    })?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let first = said.lines().next().unwrap_or_default();
    Err(first.strip_prefix("fatal: ").unwrap_or(first).to_owned())
}
