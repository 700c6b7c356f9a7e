//! Quoted strings: escapes and Unicode normal form.

use std::borrow::Cow;

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// What a quoted string says: without its quotes, escapes resolved, in NFC. Escapes that are no characters are left as
/// they stand; the parser reports them.
pub fn value(quoted: &str) -> Cow<'_, str> {
    let inner = quoted.strip_prefix('"').unwrap_or(quoted);
    let inner = inner.strip_suffix('"').unwrap_or(inner);
    let plain = if inner.contains('\\') { Cow::Owned(unescape(inner)) } else { Cow::Borrowed(inner) };
    if is_nfc_quick(plain.chars()) == IsNormalized::Yes {
        return plain;
    }
    Cow::Owned(plain.nfc().collect())
}

fn unescape(inner: &str) -> String {
    let mut out = String::with_capacity(inner.len());
    let mut rest = inner;
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        out.push_str(before);
        let (text, length) = read_escape(escape);
        match text {
            Some(character) => out.push(character),
            None => out.push_str(&escape[..length]),
        }
        rest = &escape[length..];
    }
    out.push_str(rest);
    out
}

/// The character that an escape at the start of `text` stands for, and the escape's length in bytes.
pub(crate) fn read_escape(text: &str) -> (Option<char>, usize) {
    match text.as_bytes().get(1) {
        Some(b'"') => (Some('"'), 2),
        Some(b'\\') => (Some('\\'), 2),
        Some(b'u') => {
            // At most six digits are looked at, so that a text of escapes is read in linear time.
            let braced = text.get(2..).and_then(|rest| rest.strip_prefix('{')).unwrap_or_default();
            let count = braced.bytes().take(7).take_while(u8::is_ascii_hexdigit).count();
            if !(1..=6).contains(&count) || braced.as_bytes().get(count) != Some(&b'}') {
                return (None, 2);
            }
            let character = u32::from_str_radix(&braced[..count], 16).ok().and_then(char::from_u32);
            (character, count + 4)
        }
        Some(_) => (None, 1),
        None => (None, 1),
    }
}
