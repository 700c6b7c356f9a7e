//! A strict reader of small JSON objects whose shape is closed: it borrows strings, refuses what serde would let pass
//! (nulls, duplicate keys), and says which field is wrong and what is right.

use std::borrow::Cow;

use crate::malformed::Malformed;

/// Where the reading is in a text.
#[derive(Debug)]
pub(crate) struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// Reads an object of these fields, each at most once; `member` reads the value of one, given what the field stands
    /// for in the list.
    pub(crate) fn object<T: Copy>(
        &mut self,
        what: &str,
        known: &[(&str, T)],
        mut member: impl FnMut(&mut Self, T) -> Result<(), Malformed>,
    ) -> Result<(), Malformed> {
        self.open(b'{', what, "an object")?;
        if self.skip(b'}') {
            return Ok(());
        }
        let (mut seen, mut next) = (0_u32, 0_usize);
        loop {
            let place = self.field(known, next)?;
            let Some((name, field)) = known.get(place) else { return Err(self.broken("a field")) };
            let bit = u32::try_from(place).ok().and_then(|place| 1_u32.checked_shl(place)).unwrap_or(0);
            if seen & bit != 0 {
                return Err(Malformed::new(format!("field `{name}` stands twice")));
            }
            seen |= bit;
            next = place.saturating_add(1);
            if !self.skip(b':') {
                return Err(self.broken("a colon"));
            }
            member(self, *field)?;
            if self.skip(b'}') {
                return Ok(());
            }
            if !self.skip(b',') {
                return Err(self.broken("a comma or a closing brace"));
            }
        }
    }

    /// The place of the next field name in the list. Most texts keep to the order of the list, so `next` is tried first.
    fn field<T>(&mut self, known: &[(&str, T)], next: usize) -> Result<usize, Malformed> {
        if self.peek() != Some(b'"') {
            return Err(self.broken("a field name in double quotes"));
        }
        if let Some((name, _)) = known.get(next) {
            let rest = self.bytes().get(1..).unwrap_or_default();
            if rest.strip_prefix(name.as_bytes()).is_some_and(|rest| rest.first() == Some(&b'"')) {
                self.forward(name.len().saturating_add(2));
                return Ok(next);
            }
        }
        self.other_field(known)
    }

    #[cold]
    fn other_field<T>(&mut self, known: &[(&str, T)]) -> Result<usize, Malformed> {
        let name = self.string("a field name")?;
        known.iter().position(|(field, _)| *field == name).ok_or_else(|| {
            let list = known.iter().map(|(field, _)| format!("`{field}`")).collect::<Vec<_>>().join(", ");
            Malformed::new(format!("unknown field `{name}`; known are {list}"))
        })
    }

    /// Reads a list; `item` reads each item.
    pub(crate) fn list(
        &mut self,
        what: &str,
        mut item: impl FnMut(&mut Self) -> Result<(), Malformed>,
    ) -> Result<(), Malformed> {
        self.open(b'[', what, "a list")?;
        if self.skip(b']') {
            return Ok(());
        }
        loop {
            item(self)?;
            if self.skip(b']') {
                return Ok(());
            }
            if !self.skip(b',') {
                return Err(self.broken("a comma or a closing bracket"));
            }
        }
    }

    pub(crate) fn string(&mut self, what: &str) -> Result<Cow<'a, str>, Malformed> {
        self.open(b'"', what, "a string")?;
        let start = self.at;
        let plain = self.plain()?;
        if self.ends_string() {
            return Ok(Cow::Borrowed(plain));
        }
        self.at = start;
        self.escaped(what).map(Cow::Owned)
    }

    pub(crate) fn boolean(&mut self, what: &str) -> Result<bool, Malformed> {
        self.peek();
        for (word, value) in [("true", true), ("false", false)] {
            if self.rest().starts_with(word) {
                self.forward(word.len());
                return Ok(value);
            }
        }
        Err(self.wrong(what, "true or false"))
    }

    /// A whole number without sign, point or exponent.
    pub(crate) fn number(&mut self, what: &str) -> Result<u64, Malformed> {
        self.peek();
        let rest = self.rest();
        let end = rest.bytes().position(|byte| !byte.is_ascii_digit()).unwrap_or(rest.len());
        let digits = rest.get(..end).unwrap_or_default();
        let after = rest.as_bytes().get(end);
        let plain = !digits.is_empty()
            && (digits == "0" || !digits.starts_with('0'))
            && !matches!(after, Some(b'.' | b'e' | b'E'));
        let number = if plain { digits.parse::<u64>().ok() } else { None };
        let Some(number) = number else {
            return Err(self.wrong(what, "a whole number without sign, point or exponent"));
        };
        self.forward(end);
        Ok(number)
    }

    /// Nothing but blanks may follow.
    pub(crate) fn end(&mut self) -> Result<(), Malformed> {
        if self.peek().is_some() { Err(self.broken("nothing more")) } else { Ok(()) }
    }

    #[inline]
    fn open(&mut self, byte: u8, what: &str, kind: &str) -> Result<(), Malformed> {
        if self.skip(byte) { Ok(()) } else { Err(self.wrong(what, kind)) }
    }

    #[inline]
    fn skip(&mut self, byte: u8) -> bool {
        let there = self.peek() == Some(byte);
        if there {
            self.forward(1);
        }
        there
    }

    /// The next byte that is no blank, not consumed.
    #[inline]
    fn peek(&mut self) -> Option<u8> {
        let bytes = self.text.as_bytes();
        loop {
            match bytes.get(self.at) {
                Some(b' ' | b'\t' | b'\n' | b'\r') => self.forward(1),
                other => return other.copied(),
            }
        }
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    #[inline]
    fn bytes(&self) -> &'a [u8] {
        self.text.as_bytes().get(self.at..).unwrap_or_default()
    }

    #[inline]
    fn forward(&mut self, bytes: usize) {
        self.at = self.at.saturating_add(bytes);
    }

    /// Characters up to a quote, a backslash or a control character.
    #[inline]
    fn plain(&mut self) -> Result<&'a str, Malformed> {
        let Some(length) = ends_plain(self.bytes()) else {
            return Err(Malformed::new("not valid JSON: a string does not end"));
        };
        let start = self.at;
        self.forward(length);
        Ok(self.text.get(start..self.at).unwrap_or_default())
    }

    /// Consumes the closing quote when it comes next; blanks before it belong to the string.
    #[inline]
    fn ends_string(&mut self) -> bool {
        let ends = self.text.as_bytes().get(self.at) == Some(&b'"');
        if ends {
            self.forward(1);
        }
        ends
    }

    fn escaped(&mut self, what: &str) -> Result<String, Malformed> {
        let mut value = String::new();
        loop {
            value.push_str(self.plain()?);
            if self.ends_string() {
                return Ok(value);
            }
            let bad = || Malformed::new(format!("not valid JSON: {what} has a bad escape or a control character"));
            value.push(self.escape().ok_or_else(bad)?);
        }
    }

    /// The character of a backslash and what follows it.
    fn escape(&mut self) -> Option<char> {
        if self.text.as_bytes().get(self.at) != Some(&b'\\') {
            return None;
        }
        self.forward(1);
        let escape = self.text.as_bytes().get(self.at).copied();
        self.forward(1);
        Some(match escape? {
            b'"' => '"',
            b'\\' => '\\',
            b'/' => '/',
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => self.unicode()?,
            _ => return None,
        })
    }

    /// Characters up to a quote, a backslash, a control character or the end of the text.
    fn stretch(&mut self) -> &'a str {
        let start = self.at;
        self.forward(ends_plain(self.bytes()).unwrap_or(self.text.len()));
        self.at = self.at.min(self.text.len());
        self.text.get(start..self.at).unwrap_or_default()
    }

    /// The character of `\uXXXX`, or of a surrogate pair of them.
    fn unicode(&mut self) -> Option<char> {
        let first = self.four()?;
        if !(0xd800..0xdc00).contains(&first) {
            return char::from_u32(first);
        }
        if !self.rest().starts_with("\\u") {
            return None;
        }
        self.forward(2);
        let second = self.four()?;
        char::decode_utf16([u16::try_from(first).ok()?, u16::try_from(second).ok()?]).next()?.ok()
    }

    fn four(&mut self) -> Option<u32> {
        let digits = self.rest().get(..4)?;
        if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        self.forward(4);
        u32::from_str_radix(digits, 16).ok()
    }

    #[cold]
    fn wrong(&mut self, what: &str, right: &str) -> Malformed {
        let found = match self.peek() {
            Some(b'{') => "an object",
            Some(b'[') => "a list",
            Some(b'"') => "a string",
            Some(b't' | b'f') => "a truth value",
            Some(b'-' | b'0'..=b'9') => "a number",
            Some(b'n') if self.rest().starts_with("null") => {
                return Malformed::new(format!("{what} is null; leave out what is not known"));
            }
            Some(_) => return self.broken("a value"),
            None => return Malformed::new("not valid JSON: the text ends too early"),
        };
        if found == right {
            return self.broken("a value");
        }
        Malformed::new(format!("{what} must be {right}, this is {found}"))
    }

    #[cold]
    fn broken(&self, expected: &str) -> Malformed {
        let found = self.rest().chars().next();
        let found =
            found.map_or_else(|| "the end of the text".to_owned(), |symbol| format!("`{}`", symbol.escape_debug()));
        let place = self.text.get(..self.at).unwrap_or_default().chars().count().saturating_add(1);
        Malformed::new(format!("not valid JSON: {expected} expected, {found} found at character {place}"))
    }
}

/// What stands between the quotes of a string, its escapes resolved; `None` for what is no string.
pub(crate) fn unescaped(raw: &str) -> Option<Cow<'_, str>> {
    if !raw.contains('\\') {
        return Some(Cow::Borrowed(raw));
    }
    let mut reader = Reader::new(raw);
    let mut value = String::new();
    while reader.at < raw.len() {
        value.push_str(reader.stretch());
        if reader.at < raw.len() {
            value.push(reader.escape()?);
        }
    }
    Some(Cow::Owned(value))
}

/// The place of the first quote, backslash or control character. Looks at eight bytes at once.
pub(crate) fn ends_plain(bytes: &[u8]) -> Option<usize> {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const TOPS: u64 = 0x8080_8080_8080_8080;
    // Sets the top bit of the lowest byte that is zero; what stands above that byte does not matter.
    let zero = |word: u64| word.wrapping_sub(ONES) & !word & TOPS;
    let (chunks, rest) = bytes.as_chunks::<8>();
    let mut place = 0_usize;
    for chunk in chunks {
        let word = u64::from_le_bytes(*chunk);
        let quote = zero(word ^ ONES.wrapping_mul(u64::from(b'"')));
        let backslash = zero(word ^ ONES.wrapping_mul(u64::from(b'\\')));
        // The top bit of the lowest byte below 0x20.
        let control = word.wrapping_sub(ONES.wrapping_mul(0x20)) & !word & TOPS;
        let found = quote | backslash | control;
        if found != 0 {
            let inside = usize::try_from(found.trailing_zeros() / 8).unwrap_or(0);
            return Some(place.saturating_add(inside));
        }
        place = place.saturating_add(8);
    }
    let inside = rest.iter().position(|byte| *byte == b'"' || *byte == b'\\' || *byte < 0x20)?;
    Some(place.saturating_add(inside))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn string(text: &str) -> Result<String, Malformed> {
        let mut reader = Reader::new(text);
        let value = reader.string("it")?.into_owned();
        reader.end().map(|()| value)
    }

    #[test]
    fn strings_agree_with_serde_json() {
        for text in [
            r#""""#,
            r#""a""#,
            r#"" a ""#,
            r#""\n\t\"\\\/\b\f\r""#,
            r#""\u00e9""#,
            r#""\ud83d\ude00""#,
            r#""\ud83d""#,
            r#""\ude00""#,
            r#""\ud83dx""#,
            r#""\ud83d\u0041""#,
            r#""\x""#,
            r#""\u12""#,
            r#""\u+123""#,
            "\"\n\"",
            "\"a",
            r#""a"b"#,
            r#""é😀""#,
            r#""\"#,
            "\"\u{7f}\"",
            r#" "a" "#,
            "'a'",
            r#""a\" "#,
        ] {
            assert_eq!(string(text).ok(), serde_json::from_str::<String>(text).ok(), "{text}");
        }
    }

    #[test]
    fn the_end_of_plain_text_is_found_at_every_place() {
        let ends = |bytes: &[u8]| bytes.iter().position(|byte| *byte == b'"' || *byte == b'\\' || *byte < 0x20);
        for end in 0..=255_u8 {
            for place in 0..19 {
                let mut bytes = vec![b'a'; 19];
                bytes[place] = end;
                assert_eq!(ends_plain(&bytes), ends(&bytes), "{end} at {place}");
                bytes[(place + 5) % 19] = 0xc3;
                bytes[(place + 9) % 19] = 0x1f;
                assert_eq!(ends_plain(&bytes), ends(&bytes), "{end} at {place}");
            }
        }
    }

    #[test]
    fn numbers_are_whole_and_fit() {
        for (text, value) in [("0", Some(0)), ("42", Some(42)), ("18446744073709551615", Some(u64::MAX))] {
            assert_eq!(Reader::new(text).number("it").ok(), value, "{text}");
        }
        for text in ["18446744073709551616", "-1", "1.0", "1e2", "01", "+1", "", "\"1\"", "null"] {
            let mut reader = Reader::new(text);
            assert!(reader.number("it").and_then(|_| reader.end()).is_err(), "{text}");
        }
    }
}
