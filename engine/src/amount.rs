//! Money as whole minor units of a currency: `12.50 EUR` is 1250.
//!
//! Figures are text in the policy and in requests, so nothing is ever rounded; sums are 128 bits wide and cannot wrap.

mod currencies;

use currencies::CURRENCIES;

/// Digits allowed before the point.
pub const MAX_DIGITS: usize = 14;

/// How many decimals a currency has; `None` for a code in which nothing can be paid (unknown, withdrawn, metals, funds).
///
/// ```
/// use bpol_engine::amount::decimals;
/// assert_eq!((decimals("EUR"), decimals("JPY"), decimals("XAU")), (Some(2), Some(0), None));
/// ```
pub fn decimals(code: &str) -> Option<u32> {
    Currency::named(code).map(Currency::decimals)
}

/// The codes of all currencies in which something can be paid, ascending.
///
/// ```
/// assert!(bpol_engine::amount::codes().any(|code| code == "EUR"));
/// ```
pub fn codes() -> impl Iterator<Item = &'static str> {
    CURRENCIES.iter().map(|(code, _)| *code)
}

/// Whether `figure` is a positive amount in the currency `code`, as requests and policies write it.
///
/// ```
/// use bpol_engine::amount::{AmountFault, check};
/// assert_eq!(check("12.50", "EUR"), Ok(()));
/// assert_eq!(check("12.505", "EUR"), Err(AmountFault::Decimals));
/// ```
pub fn check(figure: &str, code: &str) -> Result<(), AmountFault> {
    let currency = Currency::named(code).ok_or(AmountFault::Currency)?;
    minor(figure, currency).map(|_| ())
}

/// What is wrong with an amount.
///
/// ```
/// let fault = bpol_engine::amount::check("0", "EUR").unwrap_err();
/// assert_eq!(fault.to_string(), "is zero: an amount of nothing");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AmountFault {
    /// The code is unknown, withdrawn or no money.
    Currency,
    /// Not digits with at most one point between digits: signs, blanks, exponents, separators.
    Shape,
    /// A zero before another digit of the whole part.
    LeadingZero,
    /// More decimals than the currency has.
    Decimals,
    /// More than [`MAX_DIGITS`] digits before the point.
    TooLarge,
    /// Zero.
    Zero,
}

impl std::fmt::Display for AmountFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Currency => "is no ISO 4217 code of a currency that can be paid",
            Self::Shape => "must be digits, with a point and decimals at most (`12.50`)",
            Self::LeadingZero => "must not begin with a zero before another digit",
            Self::Decimals => "has more decimals than its currency",
            Self::TooLarge => "has more than 14 digits before the point",
            Self::Zero => "is zero: an amount of nothing",
        })
    }
}

/// A currency, as its place in the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Currency(u16);

impl Currency {
    pub(crate) fn named(code: &str) -> Option<Self> {
        let place = CODES.binary_search(&packed(code.as_bytes())?).ok()?;
        u16::try_from(place).ok().map(Self)
    }

    pub(crate) fn code(self) -> &'static str {
        CURRENCIES.get(usize::from(self.0)).map_or("", |(code, _)| code)
    }

    pub(crate) fn decimals(self) -> u32 {
        CURRENCIES.get(usize::from(self.0)).map_or(0, |(_, decimals)| *decimals)
    }
}

/// The codes of the table as numbers: a search in them touches few lines of memory.
const CODES: [u32; CURRENCIES.len()] = {
    let mut codes = [0; CURRENCIES.len()];
    let mut place = 0;
    #[expect(clippy::indexing_slicing, reason = "runs while compiling, or not at all")]
    while place < codes.len() {
        if let Some(code) = packed(CURRENCIES[place].0.as_bytes()) {
            codes[place] = code;
        }
        place += 1;
    }
    codes
};

/// Three bytes as a number, in the order of the alphabet.
const fn packed(code: &[u8]) -> Option<u32> {
    match code {
        [a, b, c] => Some(u32::from_be_bytes([0, *a, *b, *c])),
        _ => None,
    }
}

/// A positive amount of money.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Amount {
    pub(crate) minor: i64,
    pub(crate) currency: Currency,
}

/// Reads a figure as minor units.
pub(crate) fn minor(figure: &str, currency: Currency) -> Result<i64, AmountFault> {
    let (whole, fraction) = match figure.split_once('.') {
        Some((_, "")) => return Err(AmountFault::Shape),
        Some(split) => split,
        None => (figure, ""),
    };
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(fraction) {
        return Err(AmountFault::Shape);
    }
    if whole.len() > 1 && whole.starts_with('0') {
        return Err(AmountFault::LeadingZero);
    }
    if whole.len() > MAX_DIGITS {
        return Err(AmountFault::TooLarge);
    }
    let decimals = usize::try_from(currency.decimals()).unwrap_or(0);
    let Some(padding) = decimals.checked_sub(fraction.len()) else { return Err(AmountFault::Decimals) };
    let zeros = std::iter::repeat_n(b'0', padding);
    let mut total = 0_i64;
    for digit in whole.bytes().chain(fraction.bytes()).chain(zeros) {
        let digit = i64::from(digit.saturating_sub(b'0'));
        total = total.checked_mul(10).and_then(|t| t.checked_add(digit)).ok_or(AmountFault::TooLarge)?;
    }
    if total == 0 { Err(AmountFault::Zero) } else { Ok(total) }
}

/// Writes minor units with all the currency's decimals: `12.50`.
pub(crate) fn figure(minor: i128, currency: Currency) -> String {
    let decimals = usize::try_from(currency.decimals()).unwrap_or(0);
    let sign = if minor < 0 { "-" } else { "" };
    let digits = format!("{:0>width$}", minor.unsigned_abs(), width = decimals.saturating_add(1));
    let (whole, fraction) = digits.split_at(digits.len().saturating_sub(decimals));
    if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_holds_the_rows_of_the_data_file_in_order() {
        let rows: Vec<(String, u32)> = include_str!("../data/currencies.csv")
            .lines()
            .skip(1)
            .map(|row| {
                let mut cells = row.split(',');
                (cells.next().unwrap().to_owned(), cells.next().unwrap().parse().unwrap())
            })
            .collect();
        let table: Vec<_> = CURRENCIES.iter().map(|(code, decimals)| ((*code).to_owned(), *decimals)).collect();
        assert_eq!(rows, table);
        assert!(table.is_sorted());
    }

    #[test]
    fn only_codes_that_can_be_paid_are_known() {
        assert_eq!(decimals("EUR"), Some(2));
        assert_eq!(decimals("JPY"), Some(0));
        assert_eq!(decimals("KWD"), Some(3));
        for code in ["XXX", "XAU", "XTS", "XDR", "CLF", "USN", "DEM", "NLG", "eur", "EU", ""] {
            assert_eq!(decimals(code), None, "{code}");
        }
    }

    #[test]
    fn figures_are_read_exactly_or_not_at_all() {
        let eur = Currency::named("EUR").unwrap();
        for (text, result) in [
            ("12.50", Ok(1250)),
            ("12.5", Ok(1250)),
            ("12", Ok(1200)),
            ("0.01", Ok(1)),
            ("99999999999999.99", Ok(9_999_999_999_999_999)),
            ("100000000000000", Err(AmountFault::TooLarge)),
            ("12.505", Err(AmountFault::Decimals)),
            ("12.500", Err(AmountFault::Decimals)),
            ("0", Err(AmountFault::Zero)),
            ("0.00", Err(AmountFault::Zero)),
            ("05", Err(AmountFault::LeadingZero)),
            ("00.5", Err(AmountFault::LeadingZero)),
            (".5", Err(AmountFault::Shape)),
            ("5.", Err(AmountFault::Shape)),
            ("-5", Err(AmountFault::Shape)),
            ("+5", Err(AmountFault::Shape)),
            ("1e3", Err(AmountFault::Shape)),
            ("1,000", Err(AmountFault::Shape)),
            (" 1", Err(AmountFault::Shape)),
            ("1.2.3", Err(AmountFault::Shape)),
            ("", Err(AmountFault::Shape)),
            ("١", Err(AmountFault::Shape)),
        ] {
            assert_eq!(minor(text, eur), result, "{text}");
        }
        assert_eq!(minor("12", Currency::named("JPY").unwrap()), Ok(12));
        assert_eq!(minor("12.0", Currency::named("JPY").unwrap()), Err(AmountFault::Decimals));
    }

    #[test]
    fn figures_are_written_with_all_decimals() {
        let eur = Currency::named("EUR").unwrap();
        assert_eq!(figure(1250, eur), "12.50");
        assert_eq!(figure(5, eur), "0.05");
        assert_eq!(figure(-5, eur), "-0.05");
        assert_eq!(figure(7, Currency::named("JPY").unwrap()), "7");
    }
}
