//! Money: a figure and an ISO 4217 code.

use std::fmt;

use bpol_engine::amount;
use rust_decimal::Decimal;

use crate::check::context::{At, Context};
use crate::check::nearest::nearest;
use crate::diag::Power;
use crate::syntax::tree::Token;

/// An ISO 4217 code of a currency that payments can be made in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency([u8; 3]);

impl Currency {
    /// The code in capitals.
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    fn read(code: &str) -> Option<Self> {
        amount::decimals(code)?;
        Some(Self(code.as_bytes().try_into().ok()?))
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// A positive sum of money with all the decimals of its currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Money {
    /// The figure; its scale is the number of decimals of the currency.
    pub value: Decimal,
    /// The currency.
    pub currency: Currency,
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.value, self.currency)
    }
}

/// Codes that were money once and are not any more; people still type some of them.
const WITHDRAWN: [&str; 27] = [
    "ATS", "BEF", "BGN", "CYP", "DEM", "EEK", "ESP", "FIM", "FRF", "GRD", "HRK", "IEP", "ITL", "LTL", "LUF", "LVL",
    "MTL", "NLG", "PTE", "SIT", "SKK", "TRL", "VEF", "ZWD", "ROL", "ANG", "CUC",
];

/// Reads a sum.
pub(crate) fn money(cx: &mut Context<'_>, at: At<'_>, number: Token, code: Token) -> Option<Money> {
    let currency = currency(cx, at, code);
    let digits = at.word(number);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let plain = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !plain(whole) || !plain(fraction) || (digits.contains('.') && fraction.is_empty()) {
        let mut fault = at
            .error(
                "money-figure",
                number,
                format!("`{digits}` is not a sum: only digits and one decimal point can be read safely"),
            )
            .help("write it like `1250` or `12.50`, without separators, signs or exponents");
        if let Some(plain) = without_separators(digits) {
            fault = fault.fix(format!("write `{plain}`"), Power::Widens, number, plain);
        }
        cx.report(fault);
        return None;
    }
    if whole.len() > 14 {
        cx.report(
            at.error("money-too-large", number, "a sum has at most 14 digits before the point, and no bank moves more")
                .help("write a smaller sum, or `any amount` where no cap is meant"),
        );
        return None;
    }
    if whole.len() > 1 && whole.starts_with('0') {
        let trimmed = whole.trim_start_matches('0');
        let plain = format!("{}{}", if trimmed.is_empty() { "0" } else { trimmed }, &digits[whole.len()..]);
        cx.report(
            at.error(
                "money-figure",
                number,
                format!("`{digits}` begins with a zero, and it is not clear whether a digit is missing"),
            )
            .help("leave the leading zeros out")
            .fix(format!("write `{plain}`"), Power::Same, number, plain),
        );
        return None;
    }
    let currency = currency?;
    let decimals = amount::decimals(currency.code()).unwrap_or(0);
    if fraction.len() > decimals as usize {
        let message = match decimals {
            0 => format!("`{currency}` has no decimals, so `{digits} {currency}` cannot be paid"),
            1 => format!("`{currency}` has one decimal, so `{digits} {currency}` cannot be paid"),
            _ => format!("`{currency}` has {decimals} decimals, so `{digits} {currency}` cannot be paid"),
        };
        cx.report(at.error("money-decimals", number, message).help("round the sum to what the currency has"));
        return None;
    }
    let mut value: Decimal = digits.parse().ok()?;
    value.rescale(decimals);
    if value.is_zero() {
        cx.report(
            at.error("money-zero", number, "a sum of zero lets nothing through and reads as if it did")
                .help("write the smallest sum that you mean, or leave the line out"),
        );
        return None;
    }
    Some(Money { value, currency })
}

fn currency(cx: &mut Context<'_>, at: At<'_>, code: Token) -> Option<Currency> {
    let word = at.word(code);
    if let Some(currency) = Currency::read(word) {
        return Some(currency);
    }
    let upper = word.to_uppercase();
    let fault = if Currency::read(&upper).is_some() {
        at.error("currency-capitals", code, format!("currency codes are written in capitals, and `{word}` is not"))
            .help(format!("write `{upper}`"))
            .fix(format!("write `{upper}`"), Power::Same, code, upper)
    } else if WITHDRAWN.contains(&upper.as_str()) {
        at.error("currency-withdrawn", code, format!("`{word}` is not money any more, so no payment can be in it"))
            .help("write the currency that replaced it")
    } else if upper.starts_with('X') && upper.len() == 3 {
        at.error(
            "currency-not-payable",
            code,
            format!("`{word}` is a metal, a fund or a test code, and no payment can be in it"),
        )
        .help("write the code of a currency, such as `EUR`")
    } else {
        let near =
            nearest(&upper, ["EUR", "USD", "GBP", "CHF", "SEK", "NOK", "DKK", "PLN", "CZK", "HUF", "RON", "JPY"]);
        let fault = at
            .error(
                "unknown-currency",
                code,
                format!("`{word}` is no currency, so this cap would never match a payment"),
            )
            .help("write an ISO 4217 code such as `EUR`");
        match near {
            Some(near) => fault.fix(format!("write `{near}`"), Power::Widens, code, near),
            None => fault,
        }
    };
    cx.report(fault);
    None
}

/// What a figure with thousands separators most likely means: `1,250.00`, `1.250,00`, `1_250`, `1'250`.
fn without_separators(digits: &str) -> Option<String> {
    if !digits.bytes().all(|byte| byte.is_ascii_digit() || b",._'".contains(&byte)) {
        return None;
    }
    let last = digits.rfind([',', '.']);
    let (whole, fraction) = match last {
        Some(at) if digits.len() - at - 1 == 2 => (&digits[..at], &digits[at + 1..]),
        _ => (digits, ""),
    };
    let whole: String = whole.chars().filter(char::is_ascii_digit).collect();
    if whole.is_empty() || fraction.bytes().any(|byte| !byte.is_ascii_digit()) {
        return None;
    }
    Some(if fraction.is_empty() { whole } else { format!("{whole}.{fraction}") })
}
