//! Values: amounts, periods, days, dates, methods, fields, zones.

use bpol_engine::ir::Effect;
use jiff::ToSpan as _;
use jiff::tz::TimeZoneDatabase;

use super::{Kind, List};
use crate::check::{Date, Position, REPEATS, Speaker};
use crate::ide::line::Typed;

/// Currencies that are met most.
const USUAL: [&str; 4] = ["EUR", "USD", "GBP", "CHF"];

const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

impl List<'_> {
    pub(super) fn amounts(&mut self) {
        let typed = self.line.typed();
        let is_figure = self.line.typed == Typed::Word && typed.starts_with(|c: char| c.is_ascii_digit());
        if is_figure {
            for code in self.used_currencies() {
                self.add(format!("{typed} {code}"), Kind::Value);
            }
            return;
        }
        if self.expected.position == Position::Allow && self.expected.speaker == Some(Speaker::Rule(Effect::Allow)) {
            self.add("any amount in total", Kind::Value).detail("nothing bounds it");
        }
    }

    pub(super) fn currencies(&mut self) {
        let used = self.used_currencies();
        let rest = bpol_engine::amount::codes().filter(|code| !used.contains(code));
        let all: Vec<&str> = used.iter().copied().chain(rest).collect();
        for code in all {
            self.add(code, Kind::Unit);
        }
    }

    /// The usual currencies, those first that the line names already.
    fn used_currencies(&self) -> Vec<&'static str> {
        let named = bpol_engine::amount::codes().filter(|code| self.expected.listed.contains(code));
        let mut all: Vec<&str> = named.collect();
        for code in USUAL {
            if !all.contains(&code) {
                all.push(code);
            }
        }
        all
    }

    pub(super) fn periods(&mut self) {
        for (words, detail) in [
            ("per month", "in one month of the calendar"),
            ("per day", "in one day of the calendar"),
            ("each", "every single one"),
            ("per week", "from Monday to Sunday"),
            ("per year", "in one year of the calendar"),
            ("in total", "for ever"),
            ("per 24h", "in any 24 hours"),
        ] {
            self.add(words, Kind::Value).detail(detail);
        }
    }

    pub(super) fn count_periods(&mut self) {
        for (words, detail) in [
            ("per day", "in one day of the calendar"),
            ("per week", "from Monday to Sunday"),
            ("per month", "in one month of the calendar"),
            ("per year", "in one year of the calendar"),
            ("in total", "for ever"),
            ("per 24h", "in any 24 hours"),
        ] {
            self.add(words, Kind::Value).detail(detail);
        }
    }

    pub(super) fn period_words(&mut self) {
        for (word, detail) in [
            ("day", "of the calendar"),
            ("week", "from Monday to Sunday"),
            ("month", "of the calendar"),
            ("year", "of the calendar"),
            ("24h", "any 24 hours"),
            ("7d", "any seven days"),
            ("30d", "any thirty days"),
        ] {
            self.add(word, Kind::Value).detail(detail);
        }
    }

    pub(super) fn methods(&mut self) {
        let listed = &self.expected.listed;
        for method in self.bank.methods.iter().filter(|method| !listed.contains(&method.as_str())) {
            self.add(method, Kind::Word);
        }
    }

    pub(super) fn repeats(&mut self) {
        let listed = &self.expected.listed;
        for word in REPEATS.iter().filter(|word| !listed.contains(word)) {
            let one = self.add(*word, Kind::Word);
            match *word {
                "once" => _ = one.detail("on one day, and not again"),
                "anytime" => _ = one.detail("whenever the other side likes"),
                _ => {}
            }
        }
    }

    pub(super) fn fields(&mut self) {
        let operations = self.about().operations;
        let hides = self.expected.spot.is_some_and(|spot| spot.words == "hiding");
        let listed = &self.expected.listed;
        let mut all = Vec::new();
        for field in &self.bank.fields {
            let here =
                || operations.iter().flat_map(|operation| &operation.fields).filter(|own| own.word == field.word);
            let fits = operations.is_empty() || here().any(|own| own.default || !hides);
            if fits && !listed.contains(&field.word.as_str()) {
                all.push((!here().any(|own| own.default), field));
            }
        }
        all.sort_by_key(|(rare, field)| (field.personal, *rare));
        for (rare, field) in all {
            let detail = match (field.personal, rare) {
                (true, _) => "personal data",
                (false, true) => "shown when asked for",
                (false, false) => "shown by default",
            };
            self.add(&field.word, Kind::Field).detail(detail).doc(&field.doc);
        }
    }

    pub(super) fn ages(&mut self) {
        for (age, detail) in [
            ("30d", "the last thirty days"),
            ("90d", "the last ninety days"),
            ("7d", "the last seven days"),
            ("365d", "the last year"),
            ("24h", "the last day"),
        ] {
            self.add(age, Kind::Value).detail(detail);
        }
        if let Some(today) = self.around.today {
            self.date(today.first_of_year(), "from this year on");
            self.date(today.first_of_month(), "from this month on");
        }
    }

    pub(super) fn agos(&mut self) {
        for age in ["1d", "10d", "30d", "90d"] {
            self.add(format!("{age} ago"), Kind::Value);
        }
        if let Some(today) = self.around.today {
            self.date(today, "today");
            self.date(today.first_of_year(), "the first day of this year");
        }
    }

    pub(super) fn dates(&mut self) {
        let Some(today) = self.around.today else { return };
        let ahead = |days: i64| today.checked_add(days.days()).unwrap_or(today);
        if self.expected.spot.is_some_and(|spot| spot.words == "starting") {
            self.date(today, "today");
            self.date(ahead(1), "tomorrow");
            self.date(today.last_of_month().tomorrow().unwrap_or(today), "the next month");
        } else {
            self.date(ahead(90), "for ninety days");
            self.date(ahead(30), "for thirty days");
            self.date(today.checked_add(1.year()).unwrap_or(today), "for a year");
        }
        self.date(today.last_of_year().tomorrow().unwrap_or(today), "the next year");
    }

    fn date(&mut self, date: Date, detail: &str) {
        self.add(date.to_string(), Kind::Value).detail(detail);
    }

    pub(super) fn instants(&mut self) {
        let Some(today) = self.around.today else { return };
        self.add(format!("{today}T10:00:00Z"), Kind::Value).detail("today");
        if let Ok(tomorrow) = today.tomorrow() {
            self.add(format!("{tomorrow}T10:00:00Z"), Kind::Value).detail("tomorrow");
        }
    }

    pub(super) fn days(&mut self) {
        let typed = self.line.typed();
        if let Some((first, _)) = typed.split_once('-').filter(|(first, _)| DAYS.contains(first)) {
            for last in DAYS.iter().filter(|last| **last != first) {
                self.add(format!("{first}-{last}"), Kind::Value);
            }
            return;
        }
        for (words, detail) in [
            ("weekdays", "Monday to Friday"),
            ("weekdays 09:00-17:00", "office hours"),
            ("weekends", "Saturday and Sunday"),
            ("09:00-17:00", "each day"),
            ("mon-fri", "Monday to Friday"),
        ] {
            self.add(words, Kind::Value).detail(detail);
        }
        for (day, detail) in
            DAYS.iter().zip(["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"])
        {
            if !self.expected.listed.contains(day) {
                self.add(*day, Kind::Value).detail(detail);
            }
        }
    }

    pub(super) fn hours(&mut self) {
        for (hours, detail) in [
            ("09:00-17:00", "office hours"),
            ("08:00-18:00", "the working day"),
            ("00:00-24:00", "the whole day"),
            ("22:00-06:00", "the night, into the next day"),
        ] {
            self.add(hours, Kind::Value).detail(detail);
        }
    }

    pub(super) fn moments(&mut self) {
        for words in ["today", "this month", "this week", "this year", "3h ago", "10d ago"] {
            self.add(words, Kind::Value);
        }
    }

    pub(super) fn zones(&mut self) {
        let database = TimeZoneDatabase::bundled();
        let mut names: Vec<String> = database.available().map(|name| name.to_string()).collect();
        // Those of the bank's customers first.
        let rank = |name: &str| {
            let first = ["Europe/Amsterdam", "Europe/Berlin", "Europe/Dublin", "Europe/Paris", "Europe/Madrid"];
            let place = first.iter().position(|one| *one == name).unwrap_or(first.len());
            (place, !name.starts_with("Europe/"), !name.contains('/'))
        };
        names.sort_by_cached_key(|name| rank(name));
        for name in names {
            self.quoted(&name, Kind::Value);
        }
    }

    pub(super) fn banks(&mut self) {
        self.quoted("bunq", Kind::Word).detail("built in");
    }
}
