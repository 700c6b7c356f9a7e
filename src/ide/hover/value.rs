//! Values: IBANs, addresses, dates, durations, sums, hours.

use bpol_engine::iban::{self, IbanFault};
use ipnet::IpNet;
use iso_currency::Currency;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::country::country;
use crate::analyze::phrase::grouped as thousands;
use crate::ide::View;
use crate::ide::cursor::{self, Cursor};
use crate::ide::page::{Page, code};
use crate::source::Span;
use crate::syntax::token::Kind;
use crate::syntax::tree::{Clause, ClauseKind, DuringKind, StatementKind};

/// What a value means.
pub(super) fn page(view: View<'_>, cursor: &Cursor<'_>, now: Timestamp) -> Option<Page> {
    let token = cursor.token();
    let word = token.span.of(cursor.text);
    if let Some(page) = during(cursor) {
        return Some(page);
    }
    let zone = zone(view);
    match token.kind {
        Kind::Word => iban_page(word).or_else(|| currency(word)),
        Kind::Text => iban_page(word.trim_matches('"')),
        Kind::Number => date(word, zone.as_ref(), now)
            .or_else(|| instant(word, zone.as_ref()))
            .or_else(|| duration(word, cursor.word(-1), zone.as_ref(), now))
            .or_else(|| network(word))
            .or_else(|| sum(word, cursor.word(1))),
        _ => None,
    }
}

/// The zone of the policy with its name.
pub(super) fn zone(view: View<'_>) -> Option<(String, TimeZone)> {
    view.checked.policy.timezone.as_ref().map(|zone| (zone.name.clone(), zone.rules.clone()))
}

fn iban_page(written: &str) -> Option<Page> {
    let plain: String = written.chars().filter(|it| *it != ' ').collect::<String>().to_uppercase();
    let head = plain.as_bytes();
    let is_shaped = head.len() >= 8
        && head.len() <= 34
        && head.iter().all(u8::is_ascii_alphanumeric)
        && head.iter().take(2).all(u8::is_ascii_uppercase)
        && head.iter().skip(2).take(2).all(u8::is_ascii_digit);
    is_shaped.then(|| iban_said(&plain))
}

/// An IBAN: in groups of four, its country, the bank's code, and whether the check digits are right.
pub(super) fn iban_said(plain: &str) -> Page {
    let code_of = plain.get(..2).unwrap_or_default();
    let place = match country(code_of) {
        Some(name) => name.to_owned(),
        None => format!("No country {} is in the IBAN registry", code(code_of)),
    };
    let bank = plain
        .parse::<::iban::Iban>()
        .ok()
        .and_then(|iban| iban.bank_identifier().map(|bank| format!(", bank code {}", code(bank))));
    let digits = match iban::check(plain) {
        Ok(_) => "The check digits are right.",
        Err(IbanFault::Checksum) => "The check digits are wrong: a digit is mistyped.",
        Err(IbanFault::Length) => "Its length is not that of an IBAN of this country.",
        Err(_) => "It does not have the shape of an IBAN of this country.",
    };
    Page::titled(code(&grouped(plain))).text(format!("{place}{}.", bank.unwrap_or_default())).text(digits)
}

/// An IBAN in groups of four.
pub(in crate::ide) fn grouped(plain: &str) -> String {
    let characters: Vec<char> = plain.chars().collect();
    characters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

fn currency(word: &str) -> Option<Page> {
    let known = Currency::from_code(word)?;
    let page = Page::titled(format!("{} {}", code(word), known.name()));
    Some(match bpol_engine::amount::decimals(word) {
        None => page.text("No payment can be in it."),
        Some(0) => page.text("It has no decimals."),
        Some(1) => page.text("It has one decimal."),
        Some(decimals) => page.text(format!("It has {decimals} decimals.")),
    })
}

fn sum(word: &str, next: &str) -> Option<Page> {
    let known = Currency::from_code(next)?;
    let (whole, rest) = word.split_once('.').unwrap_or((word, ""));
    if !word.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
        return None;
    }
    let rest = if rest.is_empty() { String::new() } else { format!(".{rest}") };
    Some(Page::titled(code(&format!("{}{rest} {next}", thousands(whole)))).text(known.name()))
}

fn network(word: &str) -> Option<Page> {
    let network: IpNet =
        word.parse::<IpNet>().ok().or_else(|| word.parse::<std::net::IpAddr>().ok().map(IpNet::from))?;
    let length = u32::from(network.max_prefix_len() - network.prefix_len());
    let many = match length {
        0 => return Some(Page::titled(code(word)).text("One address.")),
        1..=40 => format!("{} addresses", thousands(&(1_u64 << length).to_string())),
        more => format!("2 to the power of {more} addresses"),
    };
    let page = Page::titled(code(word));
    let page = page.text(format!(
        "{} to {}: {many}.",
        code(&network.network().to_string()),
        code(&network.broadcast().to_string())
    ));
    Some(if network == network.trunc() {
        page
    } else {
        page.text("The address has bits below its prefix, so it is not clear which is meant.")
    })
}

/// A day: when it begins, and how far from now that is.
fn date(word: &str, zone: Option<&(String, TimeZone)>, now: Timestamp) -> Option<Page> {
    let date: Date = word.parse().ok().filter(|_| word.len() == 10)?;
    let page = Page::titled(code(word));
    let Some((name, zone)) = zone else {
        return Some(page.text("The policy says no `timezone`, so it is not known when this day begins."));
    };
    let begins = date.to_zoned_datetime(zone.clone()).ok()?.start_of_day().ok()?;
    let weekday =
        WEEKDAYS.get(usize::from(date.weekday().to_monday_zero_offset().unsigned_abs())).copied().unwrap_or_default();
    let page = page.text(format!("{weekday}. It begins at {} ({name}).", code(&begins.timestamp().to_string())));
    Some(page.text(away(begins.timestamp(), now)))
}

const WEEKDAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// How far a moment is from now, in days.
pub(super) fn away(moment: Timestamp, now: Timestamp) -> String {
    let seconds = moment.duration_since(now).as_secs();
    let days = seconds.unsigned_abs() / 86_400;
    let days = match days {
        0 => "less than a day".to_owned(),
        1 => "1 day".to_owned(),
        many => format!("{} days", thousands(&many.to_string())),
    };
    if seconds >= 0 { format!("That is in {days}.") } else { format!("That was {days} ago.") }
}

fn instant(word: &str, zone: Option<&(String, TimeZone)>) -> Option<Page> {
    let instant: Timestamp = word.parse().ok()?;
    let page = Page::titled(code(word));
    Some(match zone {
        Some((name, zone)) => page.text(format!("{} in {name}.", code(&local(instant, zone)))),
        None => page.text(format!("{} in UTC.", code(&local(instant, &TimeZone::UTC)))),
    })
}

/// A moment in a zone, to the minute.
pub(super) fn local(moment: Timestamp, zone: &TimeZone) -> String {
    let local = zone.to_datetime(moment);
    format!("{} {:02}:{:02}", local.date(), local.hour(), local.minute())
}

/// The seconds of a duration.
pub(in crate::ide) fn seconds(word: &str) -> Option<u64> {
    let digits = word.trim_end_matches(|c: char| !c.is_ascii_digit());
    let unit = match word.get(digits.len()..)? {
        "s" => 1,
        "m" => 60,
        "h" => 3_600,
        "d" => 86_400,
        "w" => 604_800,
        _ => return None,
    };
    digits.parse::<u64>().ok()?.checked_mul(unit).filter(|seconds| *seconds <= 100 * 366 * 86_400)
}

fn duration(word: &str, before: &str, zone: Option<&(String, TimeZone)>, now: Timestamp) -> Option<Page> {
    let seconds = seconds(word)?;
    let name = zone.map_or("UTC", |(name, _)| name.as_str());
    let rules = zone.map_or(TimeZone::UTC, |(_, zone)| zone.clone());
    let page = Page::titled(code(word)).text(format!("{}.", crate::analyze::phrase::duration(seconds)));
    let then = now.checked_sub(SignedDuration::from_secs(i64::try_from(seconds).ok()?)).ok()?;
    Some(match before {
        "since" => page.text(format!("Now that is since {} ({name}).", code(&local(then, &rules)))),
        "per" => page.text(format!(
            "Counts the last so long, at every moment anew: now since {} ({name}).",
            code(&local(then, &rules))
        )),
        _ => page,
    })
}

/// What a `during` list says, day by day.
fn during(cursor: &Cursor<'_>) -> Option<Page> {
    let at = cursor.token().span;
    let statement = cursor::statement(cursor.item, at.start)?;
    let parts = clauses(&statement.kind).into_iter().find_map(|clause| match &clause.kind {
        ClauseKind::During(parts) if inside(clause.span, at) => Some(parts),
        _ => None,
    })?;
    let first = parts.first()?;
    // On the word itself it is the word that is asked about.
    if at.end <= first.span.start {
        return None;
    }
    let text = cursor.text;
    let mut points: Vec<String> = Vec::new();
    let mut days: Vec<String> = Vec::new();
    for part in parts {
        match &part.kind {
            DuringKind::Days(word) => days.push(day(word.of(text))),
            DuringKind::DayRange(from, to) => days.push(format!("{} to {}", day(from.of(text)), day(to.of(text)))),
            DuringKind::Hours(from, to) => {
                let (from, to) = (from.of(text), to.of(text));
                let on = if days.is_empty() { "every day".to_owned() } else { days.join(", ") };
                let over = if to <= from { " of the day after" } else { "" };
                points.push(format!("{on}: from {from}, up to and without {to}{over}"));
                days.clear();
            }
        }
    }
    if !days.is_empty() {
        points.push(format!("{}: the whole day", days.join(", ")));
    }
    Some(Page::titled("`during`").points("In the policy's time zone:", points))
}

fn day(word: &str) -> String {
    let long = match word {
        "weekdays" => "Monday to Friday",
        "weekends" => "Saturday and Sunday",
        _ => WEEKDAYS.iter().find(|day| day.to_lowercase().starts_with(word)).copied().unwrap_or(word),
    };
    long.to_owned()
}

fn inside(outer: Span, inner: Span) -> bool {
    outer.start <= inner.start && inner.end <= outer.end
}

/// The clauses of a statement, those of `unless` too.
fn clauses(kind: &StatementKind) -> Vec<&Clause> {
    match kind {
        StatementKind::Rule(rule) => {
            rule.clauses.iter().chain(rule.unless.iter().flat_map(|block| &block.clauses)).collect()
        }
        StatementKind::Use { clauses, .. } | StatementKind::Only(clauses) => clauses.iter().collect(),
        StatementKind::Bad => Vec::new(),
    }
}
