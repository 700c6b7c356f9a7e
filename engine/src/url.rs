//! Absolute URLs: recognised, never changed. Comparison is by the text.

/// Whether the text is an absolute URL: a scheme, `://`, a host, and only characters that a URL may hold.
///
/// ```
/// use bpol_engine::url::is_absolute;
/// assert!(is_absolute("https://example.com/hook") && !is_absolute("/hook"));
/// ```
pub fn is_absolute(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let Some(rest) = rest.strip_prefix("//") else { return false };
    let mut letters = scheme.bytes();
    let first = letters.next().is_some_and(|byte| byte.is_ascii_alphabetic());
    if !first || !letters.all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.')) {
        return false;
    }
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, tail) = rest.split_at_checked(end).unwrap_or((rest, ""));
    let (user, host_and_port) = authority.rsplit_once('@').unwrap_or(("", authority));
    let (host, port) = if let Some(inner) = host_and_port.strip_prefix('[') {
        let Some((address, port)) = inner.split_once(']') else { return false };
        if address.parse::<std::net::Ipv6Addr>().is_err() || !(port.is_empty() || port.starts_with(':')) {
            return false;
        }
        ("v6", port.strip_prefix(':').unwrap_or(""))
    } else {
        host_and_port.split_once(':').unwrap_or((host_and_port, ""))
    };
    let right_port = port.is_empty() || (port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse::<u16>().is_ok());
    !host.is_empty()
        && right_port
        && written_right(user, b":")
        && written_right(host, b"")
        && written_right(tail, b"/?#:@[]")
        && tail.bytes().filter(|byte| *byte == b'#').count() <= 1
}

/// Only unreserved characters, sub-delimiters, `%` with two hexadecimal digits, and those of `also`.
fn written_right(text: &str, also: &[u8]) -> bool {
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        let right = match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => true,
            b'%' => {
                let mut digit = || bytes.next().is_some_and(|byte| byte.is_ascii_hexdigit());
                digit() && digit()
            }
            b'-' | b'.' | b'_' | b'~' | b'!' | b'$' | b'&' | b'\'' | b'(' | b')' | b'*' | b'+' | b',' | b';' | b'=' => {
                true
            }
            _ => also.contains(&byte),
        };
        if !right {
            return false;
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::is_absolute;

    #[test]
    fn absolute_urls_are_told_from_the_rest() {
        for url in [
            "https://example.com/hook",
            "https://example.com",
            "http://user:pw@example.com:8080/a/b?c=d&e=%20f#g",
            "https://[2001:db8::1]:443/",
            "https://203.0.113.7/",
        ] {
            assert!(is_absolute(url), "{url}");
        }
        for url in [
            "",
            "example.com/hook",
            "/hook",
            "//example.com",
            "https:/example.com",
            "https://",
            "https:///x",
            "https://exa mple.com",
            "https://example.com/a b",
            "https://example.com:99999/",
            "https://example.com:x/",
            "1http://example.com",
            "https://example.com/%2",
            "https://exämple.com/",
            "https://[::1/",
            "https://a@b@c/",
            "https://example.com/a#b#c",
            "https://:80/",
            "https://example.com/\n",
        ] {
            assert!(!is_absolute(url), "{url}");
        }
    }
}
