//! What such a comment says: `// bpol: allow(LINT, …) [until DATE] reason`.

use jiff::civil::Date;

use crate::check::nearest::nearest;
use crate::lint;

/// What each of these comments begins with.
pub(super) const MARK: &str = "bpol:";

const USUAL: &str = "write `// bpol: allow(LINT) reason`, or `// bpol: allow(LINT) until 2027-01-31 reason`";

/// A comment that was read.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Directive {
    /// The lints that it names; at least one.
    pub(super) lints: Vec<&'static str>,
    /// Its last day.
    pub(super) until: Option<Date>,
    /// Why they are right to be silent here.
    pub(super) reason: String,
}

/// What is wrong, and what to do.
type Fault = (String, String);

/// What a comment says; nothing for one that is only a comment.
pub(super) fn read(comment: &str) -> Option<Result<Directive, Fault>> {
    let rest = comment.strip_prefix("//")?.trim_start().strip_prefix(MARK)?;
    Some(directive(rest.trim()))
}

fn directive(text: &str) -> Result<Directive, Fault> {
    let usual = |message: &str| (message.to_owned(), USUAL.to_owned());
    let length = text.find(|c: char| !(c.is_alphanumeric() || c == '-')).unwrap_or(text.len());
    let (word, rest) = text.split_at(length);
    if word != "allow" {
        let said = if word.is_empty() { "nothing".to_owned() } else { format!("`{word}`") };
        return Err(usual(&format!(
            "`bpol:` begins a comment that hides a lint, and {said} stands where `allow` should"
        )));
    }
    let list = rest.trim_start().strip_prefix('(').and_then(|rest| rest.split_once(')'));
    let (names, rest) = list.ok_or_else(|| usual("this comment names no lint in parentheses, so it hides nothing"))?;
    let mut lints = Vec::new();
    for name in names.split(',').map(str::trim) {
        let name = lint(name)?;
        if !lints.contains(&name) {
            lints.push(name);
        }
    }
    let (until, reason) = until(rest)?;
    if !reason.contains(char::is_alphanumeric) {
        return Err((
            "this comment does not say why, so nobody can tell later whether it is still right; it hides nothing"
                .to_owned(),
            "write the reason after the parentheses".to_owned(),
        ));
    }
    Ok(Directive { lints, until, reason: reason.to_owned() })
}

/// The lint of a name that comments may hide.
fn lint(name: &str) -> Result<&'static str, Fault> {
    let all = lint::all();
    let Some(lint) = all.iter().find(|lint| lint.name == name) else {
        let help = match nearest(name, all.iter().map(|lint| lint.name)) {
            Some(near) => format!("write `{near}`"),
            None => "name a lint; `bpolc doc` lists them, and errors cannot be hidden".to_owned(),
        };
        let message = if name.is_empty() {
            "a name is missing in the parentheses".to_owned()
        } else {
            format!("there is no lint `{name}`")
        };
        return Err((format!("{message}, so this comment hides nothing"), help));
    };
    if [super::BAD, super::EXPIRED, super::UNUSED].contains(lint) {
        return Err((
            format!("`{name}` is about comments like this one, which cannot hide it"),
            "correct the comment that it is about, or set its level in `bpol.toml`".to_owned(),
        ));
    }
    Ok(lint.name)
}

/// The last day, before the reason or behind it, and the reason.
fn until(text: &str) -> Result<(Option<Date>, &str), Fault> {
    let blank = |c: char| c.is_whitespace() || matches!(c, ':' | ',' | ';' | '-' | '–' | '—');
    let text = text.trim_start_matches(blank).trim_end();
    if let Some(rest) = text.strip_prefix("until ") {
        let rest = rest.trim_start();
        let length = rest.find(|c: char| !(c.is_ascii_digit() || c == '-')).unwrap_or(rest.len());
        let (day, reason) = rest.split_at(length);
        if day.is_empty() {
            return Ok((None, text));
        }
        let day = day.parse().map_err(|_| {
            let message =
                format!("`{day}` is not a date, so it is not known how long this comment counts; it hides nothing");
            (message, "write the day as `2027-01-31`".to_owned())
        })?;
        return Ok((Some(day), reason.trim_start_matches(blank)));
    }
    if let Some((reason, day)) = text.rsplit_once("until ")
        && let Ok(day) = day.trim_end_matches('.').parse()
    {
        return Ok((Some(day), reason.trim_end_matches(blank)));
    }
    Ok((None, text))
}

#[cfg(test)]
mod tests {
    use super::read;

    #[track_caller]
    fn check(comment: &str, lints: &[&str], until: Option<&str>, reason: &str) {
        let directive = read(comment).unwrap().unwrap();
        assert_eq!(directive.lints, lints);
        assert_eq!(directive.until.map(|day| day.to_string()).as_deref(), until);
        assert_eq!(directive.reason, reason);
    }

    #[track_caller]
    fn refuses(comment: &str, message: &str) {
        assert_eq!(read(comment).unwrap().unwrap_err().0, message);
    }

    #[test]
    fn a_comment_names_lints_and_a_reason() {
        check("// bpol: allow(two-hop) both are mine", &["two-hop"], None, "both are mine");
        check("//bpol:allow( two-hop , dead-cap,two-hop ): why", &["two-hop", "dead-cap"], None, "why");
        assert_eq!(read("// bpol is a language"), None);
        assert_eq!(read("// see bpol: allow(two-hop)"), None);
    }

    #[test]
    fn the_last_day_stands_before_or_behind_the_reason() {
        check("// bpol: allow(two-hop) until 2027-01-31 the audit", &["two-hop"], Some("2027-01-31"), "the audit");
        check("// bpol: allow(two-hop) the audit, until 2027-01-31", &["two-hop"], Some("2027-01-31"), "the audit");
        check("// bpol: allow(two-hop) until the audit", &["two-hop"], None, "until the audit");
    }

    #[test]
    fn what_cannot_be_read_is_refused() {
        refuses(
            "// bpol: alow(two-hop) x",
            "`bpol:` begins a comment that hides a lint, and `alow` stands where `allow` should",
        );
        refuses("// bpol:", "`bpol:` begins a comment that hides a lint, and nothing stands where `allow` should");
        refuses("// bpol: allow two-hop x", "this comment names no lint in parentheses, so it hides nothing");
        refuses("// bpol: allow(two-hop", "this comment names no lint in parentheses, so it hides nothing");
        refuses("// bpol: allow() x", "a name is missing in the parentheses, so this comment hides nothing");
        refuses(
            "// bpol: allow(unknown-resource) x",
            "there is no lint `unknown-resource`, so this comment hides nothing",
        );
        refuses(
            "// bpol: allow(two-hop) until 2027-13-01 x",
            "`2027-13-01` is not a date, so it is not known how long this comment counts; it hides nothing",
        );
        refuses(
            "// bpol: allow(unused-suppression) x",
            "`unused-suppression` is about comments like this one, which cannot hide it",
        );
        for comment in
            ["// bpol: allow(two-hop)", "// bpol: allow(two-hop) until 2027-01-31", "// bpol: allow(two-hop) …"]
        {
            let message = read(comment).unwrap().unwrap_err().0;
            assert!(message.starts_with("this comment does not say why"), "{message}");
        }
    }
}
