//! IBANs: country, length, shape of the account part, and the checksum.

mod countries;

use countries::COUNTRIES;

/// What is known of an IBAN that is right.
///
/// ```
/// use bpol_engine::iban::{Iban, check};
/// assert_eq!(check("NL91ABNA0417164300"), Ok(Iban::Known));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Iban {
    /// The country is in the registry, and length and shape are right.
    Known,
    /// The checksum is right, the country is not in the registry.
    UnknownCountry,
}

/// What is wrong with an IBAN.
///
/// ```
/// let fault = bpol_engine::iban::check("NL92ABNA0417164300").unwrap_err();
/// assert_eq!(fault.to_string(), "has a wrong checksum");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum IbanFault {
    /// It holds blanks.
    Blanks,
    /// It holds small letters.
    SmallLetters,
    /// It holds something else than capitals and digits, or does not begin with two capitals and two digits.
    Characters,
    /// It is not as long as its country's are, or not 5 to 34 characters.
    Length,
    /// Its account part has a letter where its country has a digit, or the other way round.
    Shape,
    /// Its check digits are wrong.
    Checksum,
}

impl std::fmt::Display for IbanFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Blanks => "must be written without blanks",
            Self::SmallLetters => "must be written in capitals",
            Self::Characters => "is no IBAN: two capitals, two digits, then capitals and digits",
            Self::Length => "has the wrong length for its country",
            Self::Shape => "does not have the shape of its country's account numbers",
            Self::Checksum => "has a wrong checksum",
        })
    }
}

/// Checks an IBAN written without blanks.
///
/// ```
/// use bpol_engine::iban::{Iban, IbanFault, check};
/// assert_eq!(check("NL91ABNA0417164300"), Ok(Iban::Known));
/// assert_eq!(check("NL91 ABNA 0417 1643 00"), Err(IbanFault::Blanks));
/// ```
pub fn check(iban: &str) -> Result<Iban, IbanFault> {
    let [a, b, c, d, account @ ..] = iban.as_bytes() else { return Err(spelling(iban)) };
    let right = a.is_ascii_uppercase() && b.is_ascii_uppercase() && c.is_ascii_digit() && d.is_ascii_digit();
    if !right || !account.iter().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit()) {
        return Err(spelling(iban));
    }
    if account.is_empty() || iban.len() > 34 {
        return Err(IbanFault::Length);
    }
    let known = CODES.binary_search(&u16::from_be_bytes([*a, *b]));
    let shape = known.ok().and_then(|at| COUNTRIES.get(at)).map(|(_, shape)| *shape);
    if let Some(shape) = shape {
        fits(account, shape)?;
    }
    // 00, 01 and 99 can leave the remainder 1, but they are never given out: they would be a second spelling.
    if matches!((c, d), (b'0', b'0' | b'1') | (b'9', b'9')) || remainder(account, [*a, *b, *c, *d]) != 1 {
        return Err(IbanFault::Checksum);
    }
    Ok(if shape.is_some() { Iban::Known } else { Iban::UnknownCountry })
}

/// Checks only what makes an IBAN of a request malformed: spelling and check digits. Whether its country has such
/// accounts is a matter for whoever writes one into a policy.
pub(crate) fn check_told(iban: &str) -> Result<(), IbanFault> {
    match check(iban) {
        Err(IbanFault::Length | IbanFault::Shape) => {}
        decided => return decided.map(|_| ()),
    }
    let [a, b, c, d, account @ ..] = iban.as_bytes() else { return Err(IbanFault::Length) };
    if account.is_empty() || iban.len() > 34 {
        return Err(IbanFault::Length);
    }
    if matches!((c, d), (b'0', b'0' | b'1') | (b'9', b'9')) || remainder(account, [*a, *b, *c, *d]) != 1 {
        return Err(IbanFault::Checksum);
    }
    Ok(())
}

/// What is wrong with something that is not even written like an IBAN.
fn spelling(text: &str) -> IbanFault {
    if text.contains(char::is_whitespace) {
        IbanFault::Blanks
    } else if text.bytes().any(|byte| byte.is_ascii_lowercase()) {
        IbanFault::SmallLetters
    } else {
        IbanFault::Characters
    }
}

/// Holds the account part to a shape such as `4a10n`.
fn fits(account: &[u8], shape: &str) -> Result<(), IbanFault> {
    let mut rest = account;
    let mut right = true;
    let mut count = 0_usize;
    for symbol in shape.bytes() {
        if symbol.is_ascii_digit() {
            count = count.saturating_mul(10).saturating_add(usize::from(symbol.saturating_sub(b'0')));
            continue;
        }
        let Some((part, after)) = rest.split_at_checked(std::mem::take(&mut count)) else {
            return Err(IbanFault::Length);
        };
        rest = after;
        right &= match symbol {
            b'n' => part.iter().all(u8::is_ascii_digit),
            b'a' => part.iter().all(u8::is_ascii_uppercase),
            _ => true,
        };
    }
    match (rest.is_empty(), right) {
        (false, _) => Err(IbanFault::Length),
        (true, false) => Err(IbanFault::Shape),
        (true, true) => Ok(()),
    }
}

/// The number that the characters spell (A = 10 … Z = 35), the first four at the end, modulo 97.
fn remainder(account: &[u8], first: [u8; 4]) -> u64 {
    let sum = account.iter().fold(0, spell);
    first.iter().fold(sum, spell) % 97
}

/// Puts a character behind a number; divides only when the digits would not fit.
fn spell(sum: u64, byte: &u8) -> u64 {
    const ROOM: u64 = u64::MAX / 100 - 100;
    let (factor, value) = match byte {
        b'0'..=b'9' => (10, byte.saturating_sub(b'0')),
        _ => (100, byte.saturating_sub(b'A').saturating_add(10)),
    };
    let sum = if sum > ROOM { sum % 97 } else { sum };
    sum.saturating_mul(factor).saturating_add(u64::from(value))
}

/// The countries of the table as numbers.
const CODES: [u16; COUNTRIES.len()] = {
    let mut codes = [0; COUNTRIES.len()];
    let mut place = 0;
    #[expect(clippy::indexing_slicing, reason = "runs while compiling, or not at all")]
    while place < codes.len() {
        if let [a, b] = COUNTRIES[place].0.as_bytes() {
            codes[place] = u16::from_be_bytes([*a, *b]);
        }
        place += 1;
    }
    codes
};

#[cfg(test)]
mod tests {
    use super::*;

    fn length(shape: &str) -> usize {
        let counts = shape.split(|symbol: char| symbol.is_ascii_alphabetic());
        counts.filter(|count| !count.is_empty()).map(|count| count.parse::<usize>().unwrap()).sum()
    }

    #[test]
    fn the_table_holds_the_rows_of_the_data_file_in_order() {
        let rows: Vec<Vec<&str>> =
            include_str!("../data/ibans.csv").lines().skip(1).map(|row| row.split(',').collect()).collect();
        let table: Vec<Vec<String>> = COUNTRIES
            .iter()
            .map(|(country, shape)| vec![(*country).to_owned(), (4 + length(shape)).to_string(), (*shape).to_owned()])
            .collect();
        assert_eq!(rows, table);
        assert!(table.is_sorted());
    }

    #[test]
    fn real_ibans_pass() {
        for iban in [
            "NL91ABNA0417164300",
            "NL20INGB0001234567",
            "DE89370400440532013000",
            "GB29NWBK60161331926819",
            "MT84MALT011000012345MTLCAST001S",
            "NO9386011117947",
            "FR1420041010050500013M02606",
        ] {
            assert_eq!(check(iban), Ok(Iban::Known), "{iban}");
        }
    }

    #[test]
    fn each_fault_is_told_apart() {
        for (iban, fault) in [
            ("NL91 ABNA 0417 1643 00", IbanFault::Blanks),
            ("nl91abna0417164300", IbanFault::SmallLetters),
            ("NL91ABNA0417164301", IbanFault::Checksum),
            ("NL91ABNA041716430", IbanFault::Length),
            ("NL91ABNA04171643000", IbanFault::Length),
            ("NL91AB1A0417164300", IbanFault::Shape),
            ("NL91ABNA041716430X", IbanFault::Shape),
            ("9191ABNA0417164300", IbanFault::Characters),
            ("NLX1ABNA0417164300", IbanFault::Characters),
            ("NL91ABNA-417164300", IbanFault::Characters),
            ("NL91ÄBNA0417164300", IbanFault::Characters),
            ("NL91", IbanFault::Length),
            ("", IbanFault::Characters),
        ] {
            assert_eq!(check(iban), Err(fault), "{iban}");
        }
    }

    #[test]
    fn an_unknown_country_needs_the_right_checksum() {
        let right = (2..=98).map(|n| format!("ZZ{n:02}1234")).filter(|iban| check(iban).is_ok()).collect::<Vec<_>>();
        assert_eq!(right.len(), 1);
        assert_eq!(check(&right[0]), Ok(Iban::UnknownCountry));
    }

    #[test]
    fn a_second_spelling_of_the_check_digits_is_refused() {
        // Some account number has the check digits 98, 97 or 02; the same with 01, 00 or 99 leaves the same remainder.
        let twins = (0..10_000)
            .filter(|n| check(&format!("ZZ98{n:04}")).is_ok())
            .map(|n| format!("ZZ01{n:04}"))
            .collect::<Vec<_>>();
        assert!(!twins.is_empty());
        assert!(twins.iter().all(|twin| check(twin) == Err(IbanFault::Checksum)));
    }
}
