//! What all texts for people share.

use std::borrow::Cow;

/// Text for a terminal: what would steer it, or show text in another order than it stands in, becomes visible.
/// Every replacement is as long as what it replaces, so that places stay right.
pub fn harmless(text: &str) -> Cow<'_, str> {
    let harms = |character: char| {
        character.is_control() && !matches!(character, '\n' | '\r' | '\t')
            || matches!(character, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    if !text.contains(harms) {
        return Cow::Borrowed(text);
    }
    let seen = |character: char| match character.len_utf8() {
        _ if !harms(character) => character,
        1 => '?',
        2 => '¿',
        _ => '\u{fffd}',
    };
    Cow::Owned(text.chars().map(seen).collect())
}

/// How many of something: `1 error`, `2 errors`.
pub fn number(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

#[cfg(test)]
mod tests {
    use super::{harmless, number};

    #[test]
    fn what_steers_a_terminal_is_made_visible_at_its_length() {
        let text = "a\u{1b}[2J\u{9b}\u{202e}b\t\n";
        assert_eq!(harmless(text), "a?[2J¿\u{fffd}b\t\n");
        assert_eq!(harmless(text).len(), text.len());
    }

    #[test]
    fn one_is_singular() {
        assert_eq!((number(1, "key"), number(0, "key")), ("1 key".to_owned(), "0 keys".to_owned()));
    }
}
