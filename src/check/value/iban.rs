//! IBANs: country, length, shape and check digits, by `iban_validate` and, for countries that it does not know, by the
//! registry that the engine carries.

use bpol_engine::iban::{self as registry, IbanFault};
use iban::{Iban, ParseIbanError};

use crate::check::context::{At, Context};
use crate::diag::{Diagnostic, Power};
use crate::syntax::tree::Token;

/// What to do about an IBAN of somebody who is paid.
const PAYEE: &str = "compare it letter by letter with the payee's invoice";

/// Reads an IBAN, bare or quoted with blanks, and gives it without blanks. One of an unknown country whose check digits
/// are right is a warning.
pub(crate) fn iban(cx: &mut Context<'_>, at: At<'_>, token: Token) -> Option<String> {
    read(cx, at, token, PAYEE)
}

/// The same for an account of the holder's own.
pub(crate) fn own_iban(cx: &mut Context<'_>, at: At<'_>, token: Token) -> Option<String> {
    read(cx, at, token, "copy it from what the bank shows of this account")
}

fn read(cx: &mut Context<'_>, at: At<'_>, token: Token, help: &str) -> Option<String> {
    let written = at.word(token).trim_matches('"');
    let plain: String = written.chars().filter(|character| *character != ' ').collect();
    if plain.bytes().any(|byte| byte.is_ascii_lowercase()) {
        let upper = plain.to_uppercase();
        cx.report(
            at.error("iban-capitals", token, format!("IBANs are written in capitals, and `{written}` is not"))
                .help(format!("write `{upper}`"))
                .fix(format!("write `{upper}`"), Power::Same, token, upper),
        );
        return None;
    }
    // Gateways read IBANs by the registry alone, so one that it refuses is refused here too.
    let fault = match registry::check(&plain) {
        Err(fault) => refused(at, token, &plain, fault, help),
        Ok(known) => match plain.parse::<Iban>() {
            Ok(_) => return Some(plain),
            Err(ParseIbanError::UnknownCountry(_)) => {
                if known == registry::Iban::UnknownCountry {
                    unknown_country(cx, at, token, &plain, help);
                }
                return Some(plain);
            }
            Err(ParseIbanError::InvalidBban(_)) => refused(at, token, &plain, IbanFault::Shape, help),
            Err(ParseIbanError::InvalidBaseIban { .. }) => refused(at, token, &plain, IbanFault::Checksum, help),
        },
    };
    cx.report(fault);
    None
}

fn unknown_country(cx: &mut Context<'_>, at: At<'_>, token: Token, plain: &str, help: &str) {
    let country = plain.get(..2).unwrap_or_default();
    cx.report(
        at.warning(
            "iban-unknown-country",
            token,
            format!(
                "no country `{country}` is in the IBAN registry, so only the check digits of `{plain}` were looked at"
            ),
        )
        .help(help),
    );
}

fn refused(at: At<'_>, token: Token, plain: &str, fault: IbanFault, help: &str) -> Diagnostic {
    let country = plain.get(..2).unwrap_or_default();
    let (name, message) = match fault {
        IbanFault::Length => (
            "iban-shape",
            format!(
                "`{plain}` has {} characters, which is not the length of an IBAN of `{country}`: money could not arrive",
                plain.len()
            ),
        ),
        IbanFault::Shape => (
            "iban-shape",
            format!("`{plain}` does not have the shape of an IBAN of `{country}`: money could not arrive"),
        ),
        IbanFault::Checksum => (
            "iban-checksum",
            match help {
                PAYEE => {
                    format!("the check digits of `{plain}` are wrong: a digit is mistyped, and money could go astray")
                }
                _ => format!(
                    "the check digits of `{plain}` are wrong: a digit is mistyped, so no call is about this account"
                ),
            },
        ),
        IbanFault::Blanks | IbanFault::SmallLetters | IbanFault::Characters => {
            return at
                .error("iban-shape", token, format!("`{plain}` is not an IBAN, so it names nobody's account"))
                .help("write two letters, two digits and the account number, such as `NL91ABNA0417164300`");
        }
    };
    at.error(name, token, message).help(help)
}
