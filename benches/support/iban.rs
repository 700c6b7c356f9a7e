//! IBANs as many as are wanted.

/// A Dutch IBAN with right check digits.
pub(crate) fn iban(bank: &str, number: usize) -> String {
    let account = format!("{bank}{number:010}");
    // Letters count from ten, and `NL00` stands behind when the remainder is taken.
    let rest = account.bytes().chain(*b"NL00").fold(0, |rest, byte| match byte {
        b'0'..=b'9' => (rest * 10 + u32::from(byte - b'0')) % 97,
        letter => (rest * 100 + u32::from(letter - b'A') + 10) % 97,
    });
    format!("NL{:02}{account}", 98 - rest)
}
