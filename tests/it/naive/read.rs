//! `.bpol` text as a policy of the tests: the grammar of section 2, read without haste and without mercy.
//!
//! It shares nothing with the compiler's parser. A text that it does not know panics; comments are left out.

use super::model::{
    Account, AccountRef, Cap, Clause, CountCap, Days, Duration, Effect, Excepted, Item, Money, MoneyCap, NetworkRef,
    PayeeEntry, PayeeRef, Period, Policy, Rule, Since, Span, Statement, Subject, decimals,
};

const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const KINDS: [&str; 7] = super::vocabulary::KINDS;

/// The policy of a whole file.
///
/// # Panics
///
/// When the text is not of the grammar.
pub(crate) fn read(text: &str) -> Policy {
    let mut reader = Reader { tokens: tokens(text), next: 0 };
    let mut policy = Policy::default();
    while reader.next < reader.tokens.len() {
        policy.items.push(reader.item());
    }
    policy
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    /// Words, figures, dates, hours, networks and IBANs.
    Word(String),
    Quoted(String),
    Sign(char),
}

fn tokens(text: &str) -> Vec<Token> {
    let mut found = Vec::new();
    for line in text.lines() {
        let mut rest = line.trim_start();
        while let Some(first) = rest.chars().next() {
            if rest.starts_with("//") {
                break;
            }
            let length = match first {
                '"' => {
                    let mut string = String::new();
                    let mut characters = rest.char_indices().skip(1);
                    let end = loop {
                        match characters.next().expect("a string ends in its line") {
                            (at, '"') => break at + 1,
                            (_, '\\') => string.push(characters.next().expect("an escape").1),
                            (_, other) => string.push(other),
                        }
                    };
                    found.push(Token::Quoted(string));
                    end
                }
                ';' | ',' | '<' | '>' => {
                    found.push(Token::Sign(first));
                    1
                }
                _ => {
                    let end = rest.find([' ', ';', ',', '<', '>', '"']).unwrap_or(rest.len());
                    found.push(Token::Word(rest[..end].to_owned()));
                    end
                }
            };
            rest = rest[length..].trim_start();
        }
    }
    found
}

struct Reader {
    tokens: Vec<Token>,
    next: usize,
}

impl Reader {
    fn item(&mut self) -> Item {
        let kind = self.any_word();
        match kind.as_str() {
            "timezone" => self.ended(|reader| Item::Timezone(reader.quoted())),
            "account" => self.ended(|reader| Item::Account(reader.account())),
            "payee" => self.ended(|reader| {
                let name = reader.quoted();
                reader.word("is");
                Item::Payee { name, iban: reader.any_word() }
            }),
            "payees" => Item::Payees { name: self.quoted(), entries: self.block(Self::payee_entries).concat() },
            "network" => Item::Network { name: self.quoted(), networks: self.block(Self::any_word) },
            "limit" => Item::Limit { name: self.quoted(), caps: self.block(Self::cap) },
            "role" => Item::Role { name: self.quoted(), statements: self.block(Self::statement) },
            "key" => Item::Key { name: self.quoted(), statements: self.block(Self::statement) },
            "every" => {
                self.word("key");
                let except = if self.takes("except") { self.list(Self::quoted) } else { Vec::new() };
                Item::Every { except, statements: self.block(Self::statement) }
            }
            other => panic!("no item begins with `{other}`"),
        }
    }

    fn account(&mut self) -> Account {
        let mut account = Account { name: self.quoted(), ..Account::default() };
        self.word("is");
        self.list(|reader| match reader.any_word().as_str() {
            "iban" => account.iban = Some(reader.any_word()),
            "id" => account.id = Some(reader.number()),
            kind => account.kind = Some(kind.to_owned()),
        });
        account
    }

    fn payee_entries(&mut self) -> Vec<PayeeEntry> {
        if self.takes("payee") {
            self.list(Self::quoted).into_iter().map(PayeeEntry::Payee).collect()
        } else if self.takes("payees") {
            self.list(Self::quoted).into_iter().map(PayeeEntry::Payees).collect()
        } else {
            vec![PayeeEntry::Iban(self.any_word())]
        }
    }

    fn cap(&mut self) -> Cap {
        match self.peek(1) {
            Some("time" | "times") => Cap::Count(self.count_cap()),
            _ => Cap::Money(self.money_cap()),
        }
    }

    fn statement(&mut self) -> Statement {
        let effect = match self.any_word().as_str() {
            "allow" => Effect::Allow,
            "ask" => Effect::Ask,
            "deny" => Effect::Deny,
            "only" => return Statement::Only(self.clauses()),
            "use" => {
                self.word("role");
                return Statement::Use { role: self.quoted(), clauses: self.clauses() };
            }
            other => panic!("no statement begins with `{other}`"),
        };
        let mut words = vec![self.list(Self::any_word)];
        if !self.at_clause() {
            words.push(self.list(Self::any_word));
        }
        let resources = words.pop().expect("a subject");
        let subject = Subject { actions: words.pop().unwrap_or_default(), resources };
        let clauses = self.clauses();
        let mut unless = Vec::new();
        while self.takes("unless") {
            let mut block = vec![self.clause()];
            while self.takes("and") {
                block.push(self.clause());
            }
            unless.push(block);
        }
        Statement::Rule(Rule { effect, subject, clauses, unless })
    }

    /// Whether a clause, an exception or the end of the statement is next.
    fn at_clause(&self) -> bool {
        const FIRST: [&str; 17] = [
            "on",
            "to",
            "up",
            "over",
            "at",
            "more",
            "within",
            "via",
            "repeating",
            "since",
            "created",
            "showing",
            "hiding",
            "from",
            "during",
            "starting",
            "before",
        ];
        self.peek(0).is_none_or(|word| FIRST.contains(&word) || word == "unless" || word == "and")
    }

    fn clauses(&mut self) -> Vec<Clause> {
        let mut clauses = Vec::new();
        while self.peek(0).is_some_and(|word| word != "unless") {
            clauses.push(self.clause());
        }
        clauses
    }

    fn clause(&mut self) -> Clause {
        match self.any_word().as_str() {
            "on" => Clause::On(self.list(Self::account_refs).concat()),
            "to" if self.takes("url") => Clause::ToUrl(self.list(Self::quoted)),
            "to" => Clause::To(self.list(Self::payee_refs).concat()),
            "up" => {
                self.word("to");
                Clause::UpTo(self.list(Self::money_cap))
            }
            "over" => Clause::Over(self.list(Self::money_cap)),
            "at" => {
                self.word("most");
                Clause::AtMost(self.list(Self::count_cap))
            }
            "more" => {
                self.word("than");
                Clause::MoreThan(self.list(Self::count_cap))
            }
            "within" => {
                self.word("limit");
                Clause::Within(self.list(Self::quoted))
            }
            "via" => Clause::Via(self.list(Self::any_word)),
            "repeating" => Clause::Repeating(self.list(Self::any_word)),
            "since" => match self.any_word() {
                date if date.contains('-') => Clause::Since(Since::Date(date)),
                ago => Clause::Since(Since::Ago(duration(&ago))),
            },
            "created" => {
                ["by", "this", "key"].iter().for_each(|word| self.word(word));
                Clause::CreatedByThisKey
            }
            "showing" => Clause::Showing(self.list(Self::any_word)),
            "hiding" => Clause::Hiding(self.list(Self::any_word)),
            "from" => Clause::From(self.list(Self::network_refs).concat()),
            "during" => Clause::During(self.spans()),
            "starting" => Clause::Starting(self.any_word()),
            "before" => Clause::Before(self.any_word()),
            other => panic!("no clause begins with `{other}`"),
        }
    }

    fn account_refs(&mut self) -> Vec<AccountRef> {
        match self.any_word().as_str() {
            "account" | "accounts" => self.names().into_iter().map(AccountRef::Named).collect(),
            "any" => {
                self.word("account");
                vec![AccountRef::Any { except: self.excepted() }]
            }
            kind => {
                assert!(KINDS.contains(&kind), "`{kind}` is no kind of account");
                self.word("accounts");
                vec![AccountRef::Kind { kind: kind.to_owned(), except: self.excepted() }]
            }
        }
    }

    /// "nothing follows an `except` list in its clause"
    fn excepted(&mut self) -> Vec<Excepted> {
        if !self.takes("except") {
            return Vec::new();
        }
        self.list(|reader| match reader.take() {
            Token::Quoted(name) => Excepted::Named(name),
            Token::Word(kind) => {
                reader.word("accounts");
                Excepted::Kind(kind)
            }
            Token::Sign(sign) => panic!("`{sign}` after `except`"),
        })
    }

    fn payee_refs(&mut self) -> Vec<PayeeRef> {
        match self.any_word().as_str() {
            "payee" => self.names().into_iter().map(PayeeRef::Payee).collect(),
            "payees" => self.names().into_iter().map(PayeeRef::Payees).collect(),
            "account" | "accounts" => self.names().into_iter().map(PayeeRef::Account).collect(),
            "iban" => self.list_while(Self::any_word, iban_like).into_iter().map(PayeeRef::Iban).collect(),
            "own" => {
                self.word("accounts");
                vec![PayeeRef::OwnAccounts]
            }
            "favorites" => vec![PayeeRef::Favorites],
            "anyone" => vec![PayeeRef::Anyone],
            other => panic!("`{other}` is no payee"),
        }
    }

    fn network_refs(&mut self) -> Vec<NetworkRef> {
        match self.any_word().as_str() {
            "ip" => self.list_while(Self::any_word, network_like).into_iter().map(NetworkRef::Ip).collect(),
            "network" | "networks" => self.names().into_iter().map(NetworkRef::Network).collect(),
            "anywhere" => vec![NetworkRef::Anywhere],
            other => panic!("`{other}` is no network"),
        }
    }

    fn money_cap(&mut self) -> MoneyCap {
        let amount = match self.any_word().as_str() {
            "any" => {
                self.word("amount");
                None
            }
            figure => {
                let currency = self.any_word();
                Some(Money { minor: minor(figure, &currency), currency })
            }
        };
        MoneyCap { amount, period: self.period() }
    }

    fn count_cap(&mut self) -> CountCap {
        let times = u32::try_from(self.number()).expect("a few times");
        assert!(self.takes("time") || self.takes("times"), "`times` is missing");
        CountCap { times, period: self.period().expect("counts have a period") }
    }

    /// "no period = each"
    fn period(&mut self) -> Option<Period> {
        if self.takes("each") {
            None
        } else if self.takes("in") {
            self.word("total");
            Some(Period::Total)
        } else if self.takes("per") {
            Some(match self.any_word().as_str() {
                "day" => Period::Day,
                "week" => Period::Week,
                "month" => Period::Month,
                "year" => Period::Year,
                rolling => Period::Rolling(duration(rolling)),
            })
        } else {
            None
        }
    }

    /// "hours belong to all the days listed before them"
    fn spans(&mut self) -> Vec<Span> {
        let mut spans = Vec::new();
        let mut days = Vec::new();
        self.list(|reader| {
            let mut word = reader.any_word();
            if !word.starts_with(|first: char| first.is_ascii_digit()) {
                days.push(parse_days(&word));
                match reader.peek(0).map(str::to_owned) {
                    Some(hours) if hours.starts_with(|first: char| first.is_ascii_digit()) => word = reader.any_word(),
                    _ => return,
                }
            }
            spans.push(Span { days: std::mem::take(&mut days), hours: Some(hours(&word)) });
        });
        if !days.is_empty() {
            spans.push(Span { days, hours: None });
        }
        spans
    }

    fn names(&mut self) -> Vec<String> {
        let mut names = vec![self.quoted()];
        while self.tokens.get(self.next) == Some(&Token::Sign(','))
            && matches!(self.tokens.get(self.next + 1), Some(Token::Quoted(_)))
        {
            self.next += 1;
            names.push(self.quoted());
        }
        names
    }

    fn list<T>(&mut self, mut one: impl FnMut(&mut Self) -> T) -> Vec<T> {
        let mut list = vec![one(self)];
        while self.tokens.get(self.next) == Some(&Token::Sign(',')) {
            self.next += 1;
            list.push(one(self));
        }
        list
    }

    /// A list that ends before an item that is of another kind.
    fn list_while(&mut self, one: fn(&mut Self) -> String, fits: fn(&str) -> bool) -> Vec<String> {
        let mut list = vec![one(self)];
        while self.tokens.get(self.next) == Some(&Token::Sign(',')) && self.peek(1).is_some_and(fits) {
            self.next += 1;
            list.push(one(self));
        }
        list
    }

    fn block<T>(&mut self, one: fn(&mut Self) -> T) -> Vec<T> {
        assert_eq!(self.take(), Token::Sign('<'));
        let mut lines = Vec::new();
        while self.tokens.get(self.next) != Some(&Token::Sign('>')) {
            lines.push(self.ended(one));
        }
        self.next += 1;
        lines
    }

    fn ended<T>(&mut self, one: impl FnOnce(&mut Self) -> T) -> T {
        let found = one(self);
        assert_eq!(self.take(), Token::Sign(';'));
        found
    }

    fn peek(&self, ahead: usize) -> Option<&str> {
        match self.tokens.get(self.next + ahead) {
            Some(Token::Word(word)) => Some(word),
            _ => None,
        }
    }

    fn takes(&mut self, word: &str) -> bool {
        let there = self.peek(0) == Some(word);
        self.next += usize::from(there);
        there
    }

    fn word(&mut self, word: &str) {
        assert_eq!(self.any_word(), word);
    }

    fn any_word(&mut self) -> String {
        match self.take() {
            Token::Word(word) => word,
            other => panic!("{other:?} where a word stands"),
        }
    }

    fn quoted(&mut self) -> String {
        match self.take() {
            Token::Quoted(text) => text,
            other => panic!("{other:?} where a name stands"),
        }
    }

    fn number(&mut self) -> u64 {
        self.any_word().parse().expect("a number")
    }

    fn take(&mut self) -> Token {
        self.next += 1;
        self.tokens.get(self.next - 1).cloned().expect("the text goes on")
    }
}

fn iban_like(word: &str) -> bool {
    word.starts_with(|first: char| first.is_ascii_uppercase())
}

fn network_like(word: &str) -> bool {
    word.contains(['.', ':'])
}

fn duration(text: &str) -> Duration {
    let (count, unit) = text.split_at(text.len() - 1);
    Duration { count: count.parse().expect("a count"), unit: unit.chars().next().expect("a unit") }
}

fn minor(figure: &str, currency: &str) -> i128 {
    let places = decimals(currency).expect("a currency of the tests") as usize;
    let (whole, part) = figure.split_once('.').unwrap_or((figure, ""));
    format!("{whole}{part:0<places$}").parse().expect("a figure")
}

fn parse_days(word: &str) -> Days {
    let day = |word: &str| u8::try_from(DAYS.iter().position(|day| *day == word).expect("a day")).expect("seven");
    match word {
        "weekdays" => Days::Weekdays,
        "weekends" => Days::Weekends,
        _ => match word.split_once('-') {
            Some((first, last)) => Days::Range(day(first), day(last)),
            None => Days::Day(day(word)),
        },
    }
}

fn hours(word: &str) -> (u16, u16) {
    let minutes = |clock: &str| {
        let (hour, minute) = clock.split_once(':').expect("a time");
        hour.parse::<u16>().expect("an hour") * 60 + minute.parse::<u16>().expect("a minute")
    };
    let (from, until) = word.split_once('-').expect("a span");
    (minutes(from), minutes(until))
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::naive::print::print;
    use crate::random::cases;
    use crate::random::rng::Rng;

    #[test]
    fn what_is_printed_reads_back_as_it_was() {
        for seed in 0..300 {
            let policy = &cases(&mut Rng::new(seed), 1)[0].policy;
            let text = print(policy);
            assert_eq!(print(&read(&text)), text, "seed {seed}");
        }
    }
}
