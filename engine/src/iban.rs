//! IBANs: country, length, shape of the account part, and the checksum.

mod countries;

use countries::COUNTRIES;

/// What is known of an IBAN that is right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Iban {
    /// The country is in the registry, and length and shape are right.
    Known,
    /// The checksum is right, the country is not in the registry.
    UnknownCountry,
}

/// What is wrong with an IBAN.
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
pub fn check(iban: &str) -> Result<Iban, IbanFault> {
    if iban.contains(char::is_whitespace) {
        return Err(IbanFault::Blanks);
    }
    if iban.bytes().any(|byte| byte.is_ascii_lowercase()) {
        return Err(IbanFault::SmallLetters);
    }
    let (Some(country), Some(digits), Some(account)) = (iban.get(..2), iban.get(2..4), iban.get(4..)) else {
        return Err(IbanFault::Characters);
    };
    if !country.bytes().all(|byte| byte.is_ascii_uppercase())
        || !digits.bytes().all(|byte| byte.is_ascii_digit())
        || !account.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
    {
        return Err(IbanFault::Characters);
    }
    if account.is_empty() || iban.len() > 34 {
        return Err(IbanFault::Length);
    }
    let known = COUNTRIES.binary_search_by(|(known, _)| (*known).cmp(country)).ok().and_then(|at| COUNTRIES.get(at));
    if let Some((_, shape)) = known {
        fits(account, shape)?;
    }
    // 00, 01 and 99 can leave the remainder 1, but they are never given out: they would be a second spelling.
    if matches!(digits, "00" | "01" | "99") || remainder(account.bytes().chain(iban.bytes().take(4))) != 1 {
        return Err(IbanFault::Checksum);
    }
    Ok(if known.is_some() { Iban::Known } else { Iban::UnknownCountry })
}

/// Holds the account part to a shape such as `4a10n`.
fn fits(account: &str, shape: &str) -> Result<(), IbanFault> {
    let mut rest = account.bytes();
    let mut count = 0_u32;
    for symbol in shape.bytes() {
        if symbol.is_ascii_digit() {
            count = count.saturating_mul(10).saturating_add(u32::from(symbol.saturating_sub(b'0')));
            continue;
        }
        for _ in 0..std::mem::take(&mut count) {
            let right = match (rest.next(), symbol) {
                (None, _) => return Err(IbanFault::Length),
                (Some(byte), b'n') => byte.is_ascii_digit(),
                (Some(byte), b'a') => byte.is_ascii_uppercase(),
                (Some(_), _) => true,
            };
            if !right && account.len() == length(shape) {
                return Err(IbanFault::Shape);
            }
        }
    }
    if rest.next().is_some() { Err(IbanFault::Length) } else { Ok(()) }
}

fn length(shape: &str) -> usize {
    let counts = shape.split(|symbol: char| symbol.is_ascii_alphabetic());
    counts.filter_map(|count| count.parse::<usize>().ok()).fold(0, usize::saturating_add)
}

/// The number that the characters spell (A = 10 … Z = 35), modulo 97.
fn remainder(bytes: impl Iterator<Item = u8>) -> u32 {
    bytes.fold(0_u32, |sum, byte| {
        let (factor, value) = match byte {
            b'0'..=b'9' => (10, byte.saturating_sub(b'0')),
            _ => (100, byte.saturating_sub(b'A').saturating_add(10)),
        };
        // The sum is below 97, so this stays below 9,800.
        sum.saturating_mul(factor).saturating_add(u32::from(value)) % 97
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_holds_the_rows_of_the_data_file_in_order() {
        let rows: Vec<Vec<&str>> =
            include_str!("../data/ibans.csv").lines().skip(1).map(|row| row.split(',').collect()).collect();
        let table: Vec<Vec<String>> = COUNTRIES
            .iter()
            .map(|(country, shape)| vec![(*country).to_owned(), (length(shape) + 4).to_string(), (*shape).to_owned()])
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
