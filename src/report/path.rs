//! Paths as services say them: relative to where the command runs, which is the checkout, with forward slashes.

use camino::{Utf8Component, Utf8Path, Utf8PathBuf};

/// The path of a file for a service. What lies outside of the current directory is said as it is.
pub(super) fn relative(file: &str) -> String {
    let here = std::env::current_dir().ok().and_then(|here| Utf8PathBuf::from_path_buf(here).ok());
    below(file, here.as_deref())
}

fn below(file: &str, here: Option<&Utf8Path>) -> String {
    let path = Utf8Path::new(file);
    let path = here.and_then(|here| path.strip_prefix(here).ok()).unwrap_or(path);
    let mut out = Utf8PathBuf::new();
    for part in path.components() {
        match part {
            Utf8Component::CurDir => {}
            Utf8Component::ParentDir if matches!(out.components().next_back(), Some(Utf8Component::Normal(_))) => {
                out.pop();
            }
            other => out.push(other.as_str()),
        }
    }
    out.into_string()
}

#[cfg(test)]
mod tests {
    use super::below;
    use camino::Utf8Path;

    #[test]
    fn paths_are_said_from_the_checkout() {
        let check = |file: &str, expected: &str| assert_eq!(below(file, Some(Utf8Path::new("/work/bank"))), expected);
        check("./p/a.bpol", "p/a.bpol");
        check("p/../a.bpol", "a.bpol");
        check("/work/bank/p/a.bpol", "p/a.bpol");
        check("/elsewhere/a.bpol", "/elsewhere/a.bpol");
        check("../a.bpol", "../a.bpol");
    }
}
