//! Patterns of paths: `*` and `?` within a name, `**` for any number of folders.

/// What is wrong with a pattern, said of it.
pub(super) fn check(pattern: &str) -> Result<(), String> {
    if pattern.is_empty() {
        return Err("is empty".to_owned());
    }
    if pattern.starts_with('/') {
        return Err("begins with `/`, and paths are relative to the settings".to_owned());
    }
    if let Some(odd) = pattern.chars().find(|odd| matches!(odd, '[' | ']' | '{' | '}' | '\\' | '!')) {
        return Err(format!("has `{odd}`, which means nothing here"));
    }
    for part in pattern.split('/') {
        match part {
            "" => return Err("has a name without letters".to_owned()),
            "." | ".." => return Err(format!("has `{part}`, and paths are relative to the settings")),
            "**" => {}
            _ if part.contains("**") => {
                return Err("has `**` beside letters, and it stands for whole folders".to_owned());
            }
            _ => {}
        }
    }
    Ok(())
}

/// Whether a pattern that was checked matches a whole path with forward slashes.
pub(super) fn matches(pattern: &str, path: &str) -> bool {
    let pattern: Vec<&str> = pattern.split('/').collect();
    let path: Vec<&str> = path.split('/').collect();
    fits(
        &pattern,
        &path,
        |part| *part == "**",
        |part, name| {
            let (part, name): (Vec<char>, Vec<char>) = (part.chars().collect(), name.chars().collect());
            fits(&part, &name, |part| *part == '*', |part, letter| *part == '?' || part == letter)
        },
    )
}

/// Whether a row of parts fits a row of things, where some parts stand for any number of them. The last such part that
/// was met is the only one that need ever take more, so this takes no longer than the product of the lengths.
fn fits<P, T>(parts: &[P], things: &[T], is_any: impl Fn(&P) -> bool, is_one: impl Fn(&P, &T) -> bool) -> bool {
    let (mut part, mut thing) = (0, 0);
    let mut last: Option<(usize, usize)> = None;
    while thing < things.len() {
        match parts.get(part) {
            Some(any) if is_any(any) => {
                last = Some((part, thing));
                part += 1;
            }
            Some(one) if is_one(one, &things[thing]) => {
                part += 1;
                thing += 1;
            }
            _ => {
                let Some((any, from)) = last else { return false };
                last = Some((any, from + 1));
                part = any + 1;
                thing = from + 1;
            }
        }
    }
    parts[part..].iter().all(is_any)
}

#[cfg(test)]
mod tests {
    use super::{check, matches};

    #[test]
    fn a_star_stays_in_a_name_and_two_cross_folders() {
        for (pattern, path, expected) in [
            ("a.bpol", "a.bpol", true),
            ("a.bpol", "b/a.bpol", false),
            ("*.bpol", "a.bpol", true),
            ("*.bpol", "b/a.bpol", false),
            ("**/*.bpol", "a.bpol", true),
            ("**/*.bpol", "c/b/a.bpol", true),
            ("tests/**", "tests/a/b.bpol", true),
            ("tests/**", "test/a.bpol", false),
            ("**/old/**", "a/old/b/c.bpol", true),
            ("**/old/*", "a/old/b/c.bpol", false),
            ("a?c*e", "abcdde", true),
            ("a?c*e", "ac", false),
            ("é?", "é𝄞", true),
        ] {
            assert_eq!(matches(pattern, path), expected, "{pattern} {path}");
        }
    }

    #[test]
    fn a_pattern_that_could_take_for_ever_does_not() {
        assert!(!matches(&format!("{}b", "*a".repeat(200)), &"a".repeat(5000)));
    }

    #[test]
    fn what_means_something_elsewhere_is_refused() {
        for pattern in ["", "/a", "a//b", "../a", "a[bc]", "{a,b}", "a\\b", "!a", "a**", "./a"] {
            assert!(check(pattern).is_err(), "{pattern}");
        }
        assert_eq!(check("**/ä ?/*.bpol"), Ok(()));
    }
}
