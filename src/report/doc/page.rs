//! A page in Markdown as text for a terminal. Pages are our own and use little of it: headings, paragraphs and blocks of
//! code.

/// The page without its title.
pub(super) fn shown(page: &str, colours: bool) -> String {
    let mut out = String::with_capacity(page.len());
    let mut is_code = false;
    for line in page.lines().skip_while(|line| line.starts_with("# ") || line.is_empty()) {
        if line.starts_with("```") {
            is_code = !is_code;
            continue;
        }
        match line.strip_prefix("## ") {
            Some(title) if !is_code => out.push_str(&heading(title, colours)),
            _ if is_code && !line.is_empty() => out.extend(["    ", line]),
            _ => out.push_str(line),
        }
        out.push('\n');
    }
    out
}

/// A heading, bold where there are colours.
pub(super) fn heading(text: &str, colours: bool) -> String {
    if colours { format!("\u{1b}[1m{text}\u{1b}[0m") } else { text.to_owned() }
}

/// Text in lines of at most so many characters, where its words allow that.
pub(super) fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => line.extend([" ", word]),
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::{shown, wrapped};

    #[test]
    fn lines_break_between_words() {
        assert_eq!(wrapped("aa bb cc longer-than-that d", 5), ["aa bb", "cc", "longer-than-that", "d"]);
    }

    #[test]
    fn code_is_indented_and_headings_stand_out() {
        let page = "# x\n\n## Avoid\n\n```bpol\n## no heading\n\nkey\n```\n\nText.\n";
        assert_eq!(shown(page, false), "Avoid\n\n    ## no heading\n\n    key\n\nText.\n");
        assert!(shown(page, true).starts_with("\u{1b}[1mAvoid\u{1b}[0m\n"));
    }
}
