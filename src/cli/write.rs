//! Writing files so that a reader sees the old text or the new one, never a half of either.

use std::fs;
use std::io::{ErrorKind, Write as _};

use camino::{Utf8Path, Utf8PathBuf};

use super::exit::why;

/// Puts `content` in place of whatever stands at `path`. On any failure the old file is still there as it was.
pub(crate) fn replace(path: &Utf8Path, content: &[u8]) -> Result<(), String> {
    try_replace(path, content).map_err(|reason| format!("cannot write `{path}`: {reason}"))
}

fn try_replace(path: &Utf8Path, content: &[u8]) -> Result<(), String> {
    // A link stays a link: what it leads to is replaced.
    let target = match path.canonicalize_utf8() {
        Ok(real) => real,
        Err(error) if error.kind() == ErrorKind::NotFound => path.to_owned(),
        Err(error) => return Err(why(&error)),
    };
    let old = match fs::metadata(&target) {
        Ok(old) => Some(old),
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        Err(error) => return Err(why(&error)),
    };
    if let Some(old) = &old {
        if old.is_dir() {
            return Err("it is a directory".to_owned());
        }
        if !old.is_file() {
            // A pipe or a device cannot be renamed over.
            return fs::OpenOptions::new()
                .write(true)
                .open(&target)
                .and_then(|mut file| file.write_all(content))
                .map_err(|error| why(&error));
        }
        if old.permissions().readonly() {
            return Err("it is read-only".to_owned());
        }
    }
    let directory = match target.parent() {
        Some(parent) if !parent.as_str().is_empty() => parent.to_owned(),
        _ => Utf8PathBuf::from("."),
    };
    if !directory.is_dir() {
        return Err(format!("there is no directory `{directory}`"));
    }
    let mut builder = tempfile::Builder::new();
    builder.prefix(".bpolc-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        // What any new file gets; the umask takes its share.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let reason = |error: &std::io::Error| match error.kind() {
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
            format!("no file can be made in the directory `{directory}` ({})", why(error))
        }
        _ => why(error),
    };
    let mut file = builder.tempfile_in(&directory).map_err(|error| reason(&error))?;
    file.write_all(content).and_then(|()| file.as_file().sync_all()).map_err(|error| why(&error))?;
    if let Some(old) = old {
        #[cfg(unix)]
        {
            use std::os::unix::fs::MetadataExt as _;
            // Only the administrator may give files away; for anybody else the owner is the same already.
            let _ = std::os::unix::fs::chown(file.path(), Some(old.uid()), Some(old.gid()));
        }
        fs::set_permissions(file.path(), old.permissions()).map_err(|error| why(&error))?;
    }
    file.persist(&target).map_err(|error| why(&error.error))?;
    Ok(())
}
