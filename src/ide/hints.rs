//! What a text does not say where it stands: the IBANs behind names, the days behind durations, and what else a line
//! closes.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::analyze::phrase::grouped as thousands;
use crate::ide::View;
use crate::ide::cursor::statements;
use crate::ide::hover::{grouped, seconds};
use crate::ide::page::{Page, code};
use crate::source::Span;
use crate::syntax::tree::{
    AccountFactKind, AccountRefKind, Clause, ClauseKind, Effect, Excepted, ItemKind, PayeeRefKind, Rule, StatementKind,
    Str,
};

/// Some words within the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hint {
    /// Where they are shown.
    pub offset: u32,
    /// The words.
    pub label: String,
    /// What more there is to say.
    pub more: Option<Page>,
}

/// What a part of a text does not say, at a moment.
pub fn hints(view: View<'_>, range: Span, now: Timestamp) -> Vec<Hint> {
    let Some(tree) = view.tree() else { return Vec::new() };
    let near = |span: Span| span.start <= range.end && range.start <= span.end;
    let mut writer = Writer { view, now, names: None, out: Vec::new() };
    let first = tree.items.partition_point(|item| item.span.end < range.start);
    for item in tree.items.iter().skip(first).take_while(|item| item.span.start <= range.end) {
        for statement in statements(item).iter().filter(|statement| near(statement.span)) {
            match &statement.kind {
                StatementKind::Rule(rule) => {
                    writer.closes(rule);
                    let unless = rule.unless.iter().flat_map(|block| &block.clauses);
                    writer.clauses(rule.clauses.iter().chain(unless));
                }
                StatementKind::Use { clauses, .. } | StatementKind::Only(clauses) => writer.clauses(clauses.iter()),
                StatementKind::Bad => {}
            }
        }
        if let ItemKind::Ensure(claim) = &item.kind {
            let unless = claim.unless.iter().flat_map(|block| &block.clauses);
            writer.clauses(claim.clauses.iter().chain(unless));
        }
    }
    let mut out = writer.out;
    out.retain(|hint| range.start <= hint.offset && hint.offset <= range.end);
    out.sort_by_key(|hint| hint.offset);
    out
}

/// Names of accounts and payees with their IBANs.
#[derive(Default)]
struct Names {
    accounts: BTreeMap<String, String>,
    payees: BTreeMap<String, Vec<String>>,
}

struct Writer<'v> {
    view: View<'v>,
    now: Timestamp,
    names: Option<Names>,
    out: Vec<Hint>,
}

impl Writer<'_> {
    fn clauses<'t>(&mut self, clauses: impl Iterator<Item = &'t Clause>) {
        for clause in clauses {
            match &clause.kind {
                ClauseKind::On(refs) => {
                    for account in refs {
                        match &account.kind {
                            AccountRefKind::Named(names) => names.iter().for_each(|name| self.account(name)),
                            AccountRefKind::Kind { except, .. } | AccountRefKind::Any { except } => {
                                except.iter().for_each(|one| {
                                    if let Excepted::Account(name) = one {
                                        self.account(name);
                                    }
                                });
                            }
                        }
                    }
                }
                ClauseKind::To(refs) => {
                    for payee in refs {
                        match &payee.kind {
                            PayeeRefKind::Payees(names) => names.iter().for_each(|name| self.payee(name)),
                            PayeeRefKind::Accounts(names) => names.iter().for_each(|name| self.account(name)),
                            _ => {}
                        }
                    }
                }
                ClauseKind::Since(token) => self.since(*token),
                ClauseKind::Starting(token) => self.day(*token, "starts", "started"),
                ClauseKind::Before(token) => self.day(*token, "ends", "ended"),
                _ => {}
            }
        }
    }

    fn account(&mut self, name: &Str) {
        let view = self.view;
        let value = name.value(view.text()).into_owned();
        let names = self.names.get_or_insert_with(|| Names::of(view));
        if let Some(iban) = names.accounts.get(&value) {
            let label = grouped(iban);
            self.out.push(Hint { offset: name.span.end, label, more: None });
        }
    }

    fn payee(&mut self, name: &Str) {
        let view = self.view;
        let value = name.value(view.text()).into_owned();
        let names = self.names.get_or_insert_with(|| Names::of(view));
        let hint = match names.payees.get(&value).map(Vec::as_slice) {
            None | Some([]) => return,
            Some([iban]) => Hint { offset: name.span.end, label: grouped(iban), more: None },
            Some(many) => {
                let points = many.iter().map(|iban| code(&grouped(iban))).collect();
                let page = Page::titled(format!("payees {}", code(&value))).points("", points);
                Hint { offset: name.span.end, label: format!("{} accounts", many.len()), more: Some(page) }
            }
        };
        self.out.push(hint);
    }

    fn since(&mut self, token: Span) {
        let Some(seconds) = seconds(token.of(self.view.text())) else { return };
        let back = SignedDuration::from_secs(i64::try_from(seconds).unwrap_or(i64::MAX));
        let Ok(then) = self.now.checked_sub(back) else { return };
        let (zone, name) = self.zone();
        let local = zone.to_datetime(then);
        // Of a short window the day alone says too little.
        let label = if seconds < 2 * 86_400 {
            format!("{} {:02}:{:02}", local.date(), local.hour(), local.minute())
        } else {
            local.date().to_string()
        };
        let page = Page::titled("`since`").text(format!(
            "Now that is since {}. It moves on with the clock.",
            code(&format!("{} {:02}:{:02} {name}", local.date(), local.hour(), local.minute()))
        ));
        self.out.push(Hint { offset: token.end, label, more: Some(page) });
    }

    fn day(&mut self, token: Span, will: &str, did: &str) {
        let Ok(date) = token.of(self.view.text()).parse::<Date>() else { return };
        let (zone, _) = self.zone();
        let Ok(begins) = date.to_zoned_datetime(zone).and_then(|day| day.start_of_day()) else { return };
        let seconds = begins.timestamp().duration_since(self.now).as_secs();
        let days = seconds.unsigned_abs() / 86_400;
        let days = match days {
            0 => "less than a day".to_owned(),
            1 => "1 day".to_owned(),
            many => format!("{} days", thousands(&many.to_string())),
        };
        let label = if seconds > 0 { format!("{will} in {days}") } else { format!("{did} {days} ago") };
        self.out.push(Hint { offset: token.end, label, more: None });
    }

    /// What amounts to what a line names.
    fn closes(&mut self, rule: &Rule) {
        if rule.effect == Effect::Allow {
            return;
        }
        let (text, bank) = (self.view.text(), &*self.view.checked.policy.bank);
        let mut named = BTreeSet::new();
        for resource in &rule.subject.resources {
            let word = resource.of(text);
            match rule.subject.actions.as_slice() {
                [] => named.extend(bank.of_resource(word).iter().copied()),
                actions => named.extend(actions.iter().filter_map(|action| bank.find(action.of(text), word))),
            }
        }
        let asks = rule.effect == Effect::Ask;
        let all: BTreeSet<_> = named.iter().flat_map(|id| bank.counting_as(*id).iter().copied()).collect();
        let more: Vec<_> = all
            .into_iter()
            .filter(|id| !named.contains(id))
            .map(|id| bank.operation(id))
            .filter(|it| !(asks && it.action == "read"))
            .collect();
        let known: BTreeSet<&str> = named.iter().map(|id| bank.operation(*id).plural.as_str()).collect();
        let mut nouns: Vec<&str> = Vec::new();
        for it in &more {
            if !known.contains(it.plural.as_str()) && !nouns.contains(&it.plural.as_str()) {
                nouns.push(&it.plural);
            }
        }
        let label = match nouns.as_slice() {
            [] => return,
            all if all.len() <= 4 => format!("also {}", all.join(", ")),
            all => format!("also {} and {} more", all.get(..3).unwrap_or_default().join(", "), all.len() - 3),
        };
        let points =
            more.iter().map(|it| format!("{}: {}", code(&format!("{} {}", it.action, it.resource)), it.doc)).collect();
        let page = Page::titled(code(rule.effect_span.to(rule.subject.span).of(text)))
            .points("What amounts to it is taken in:", points);
        self.out.push(Hint { offset: rule.subject.span.end, label, more: Some(page) });
    }

    fn zone(&self) -> (TimeZone, String) {
        let zone = self.view.checked.policy.timezone.as_ref();
        zone.map_or((TimeZone::UTC, "UTC".to_owned()), |zone| (zone.rules.clone(), zone.name.clone()))
    }
}

impl Names {
    /// Accounts from the trees, which are whole; payees as the policy flattens them.
    fn of(view: View<'_>) -> Self {
        let mut names = Self::default();
        for ((_, source), tree) in view.checked.sources.iter().zip(&view.checked.trees) {
            for item in &tree.items {
                let ItemKind::Account { name, facts } = &item.kind else { continue };
                let iban = facts.iter().find_map(|fact| match &fact.kind {
                    AccountFactKind::Iban(token) => Some(token.of(&source.text)),
                    _ => None,
                });
                if let Some(iban) = iban {
                    let plain = iban.chars().filter(|it| !matches!(it, ' ' | '"')).collect();
                    names.accounts.insert(name.value(&source.text).into_owned(), plain);
                }
            }
        }
        let payees = view.checked.policy.payees.iter();
        names.payees = payees.map(|payee| (payee.name.clone(), payee.ibans.clone())).collect();
        names
    }
}

#[cfg(test)]
mod tests {
    use super::hints;
    use crate::ide::test::Fixture;
    use crate::source::Span;

    const NAMES: &str = "timezone \"Europe/Amsterdam\";\n\
        account \"A\" is iban NL20INGB0001234567;\naccount \"B\" is id 7;\n\
        payee \"P\" is \"NL91 ABNA 0417 1643 00\";\npayees \"Q\" < payee \"P\"; DE89370400440532013000; >\n";

    /// The text with its hints in double brackets.
    #[track_caller]
    fn check(text: &str, expected: &str) {
        let fixture = Fixture::new(&format!("{text}\n{NAMES}"));
        let now = "2026-11-24T12:00:00Z".parse().unwrap();
        let end = u32::try_from(text.len()).unwrap();
        let mut shown = text.to_owned();
        for hint in hints(fixture.view(), Span::new(0, end), now).into_iter().rev() {
            shown.insert_str(hint.offset as usize, &format!("[[{}]]", hint.label));
        }
        assert_eq!(shown, expected);
    }

    #[test]
    fn names_show_their_ibans() {
        check(
            "key \"k\" < allow create payment on account \"A\", \"B\" to payees \"P\", \"Q\", account \"A\" up to 5 EUR in total; >",
            "key \"k\" < allow create payment on account \"A\"[[NL20 INGB 0001 2345 67]], \"B\" to payees \"P\"[[NL91 ABNA 0417 1643 00]], \"Q\"[[2 accounts]], account \"A\"[[NL20 INGB 0001 2345 67]] up to 5 EUR in total; >",
        );
    }

    #[test]
    fn windows_show_their_days() {
        check(
            "key \"k\" < allow read transactions on any account since 30d before 2027-01-31; >",
            "key \"k\" < allow read transactions on any account since 30d[[2026-10-25]] before 2027-01-31[[ends in 67 days]]; >",
        );
        check(
            "key \"k\" < allow read transactions on any account since 24h starting 2026-11-01; >",
            "key \"k\" < allow read transactions on any account since 24h[[2026-11-23 13:00]] starting 2026-11-01[[started 23 days ago]]; >",
        );
    }

    #[test]
    fn what_takes_shows_what_it_takes_in() {
        check(
            "every key < deny payment; deny read balances; deny everything; >",
            "every key < deny payment[[also payment-batches, draft-payments, scheduled-payments and 10 more]]; deny read balances[[also accounts, funds, statements and 4 more]]; deny everything; >",
        );
    }

    #[test]
    fn what_is_broken_or_unknown_shows_nothing() {
        check(
            "key \"k\" < allow read transactions on account \"X\" since 3; deny paymnt; >",
            "key \"k\" < allow read transactions on account \"X\" since 3; deny paymnt; >",
        );
    }
}
