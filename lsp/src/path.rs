//! Between the URIs that editors speak and paths.

use std::str::FromStr as _;

use camino::{Utf8Path, Utf8PathBuf};
use lsp_types::Uri;

/// The path of a `file:` URI; nothing for other schemes, other machines, and names that are not UTF-8.
pub(crate) fn of(uri: &Uri) -> Option<Utf8PathBuf> {
    let rest = uri.as_str().strip_prefix("file://")?;
    let rest = rest.strip_prefix("localhost").unwrap_or(rest);
    if !rest.starts_with('/') {
        return None;
    }
    let rest = rest.split(['?', '#']).next()?;
    let path = String::from_utf8(decode(rest)).ok()?;
    let is_drive = path.as_bytes().get(2) == Some(&b':') && cfg!(windows);
    let path = if is_drive { &path[1..] } else { &path };
    Some(Utf8PathBuf::from(path))
}

/// The URI of a path.
pub(crate) fn to_uri(path: &Utf8Path) -> Option<Uri> {
    let mut uri = String::from("file://");
    if !path.as_str().starts_with('/') {
        uri.push('/');
    }
    for byte in path.as_str().replace('\\', if cfg!(windows) { "/" } else { "\\" }).bytes() {
        if byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    Uri::from_str(&uri).ok()
}

fn decode(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let escaped = (byte == b'%')
            .then(|| after.get(..2))
            .flatten()
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match escaped {
            Some(escaped) => {
                bytes.push(escaped);
                rest = &after[2..];
            }
            None => {
                bytes.push(byte);
                rest = after;
            }
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::{of, to_uri};
    use camino::Utf8Path;
    use lsp_types::Uri;

    #[track_caller]
    fn check(uri: &str, path: Option<&str>) {
        assert_eq!(of(&uri.parse::<Uri>().unwrap()).as_deref(), path.map(Utf8Path::new));
    }

    #[test]
    fn only_files_of_this_machine_have_a_path() {
        check("file:///home/a%20b/caf%C3%A9.bpol", Some("/home/a b/café.bpol"));
        check("file://localhost/a.bpol", Some("/a.bpol"));
        check("file://elsewhere/a.bpol", None);
        check("untitled:Untitled-1", None);
        check("file:///%ff.bpol", None);
    }

    #[test]
    fn a_path_survives_its_uri() {
        for path in ["/a.bpol", "/a b/é#?%20.bpol", "/x/y:z.bpol"] {
            assert_eq!(of(&to_uri(Utf8Path::new(path)).unwrap()).unwrap(), path);
        }
    }
}
