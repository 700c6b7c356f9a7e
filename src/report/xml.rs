//! Text in XML.

use std::fmt::Write as _;

/// The declaration that a document begins with.
pub(super) const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

/// Text that stays text in an attribute and in an element. What XML cannot say at all becomes U+FFFD.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            '\n' | '\r' | '\t' => _ = write!(out, "&#{};", character as u32),
            '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            _ if character.is_control() => out.push('\u{fffd}'),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn nothing_ends_an_attribute_or_begins_an_element() {
        assert_eq!(
            escaped("a<b> & \"c'\n\u{1b}\u{0}]]>é"),
            "a&lt;b&gt; &amp; &quot;c&apos;&#10;\u{fffd}\u{fffd}]]&gt;é"
        );
    }
}
