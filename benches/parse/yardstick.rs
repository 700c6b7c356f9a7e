//! The yardstick: what the language costs with a lexer made by logos and a recursive descent by hand. It gives up at the
//! first fault.

use bpolc::source::Span;
use bpolc::syntax::tree::*;
use logos::Logos;

#[derive(Logos, Debug, Clone, Copy, PartialEq, Eq)]
#[logos(skip r"[ \t\r\n]+")]
enum Kind {
    #[regex("[a-z][a-z0-9-]*")]
    Word,
    #[regex(r#""([^"\\\n]|\\.)*""#)]
    Text,
    #[regex("[A-Z][A-Z0-9]*")]
    Capital,
    #[regex("[0-9][0-9A-Za-z._]*(,[0-9]+)*")]
    #[regex("[0-9]+:[0-9]+", priority = 20)]
    #[regex("[0-9]{4}-[0-9]{2}-[0-9]{2}[0-9A-Za-z:.+-]*", priority = 30)]
    #[regex("[0-9]+[.][0-9]+[.][0-9]+[.][0-9]+(/[0-9]+)?", priority = 40)]
    #[regex("[0-9a-f]*:[0-9a-f:]*:[0-9a-f:]*(/[0-9]+)?", priority = 15)]
    Number,
    #[token(",")]
    Comma,
    #[token("-")]
    Dash,
    #[token(";")]
    Semicolon,
    #[token("<")]
    Open,
    #[token(">")]
    Close,
    #[regex("//[^\n]*", allow_greedy = true)]
    Comment,
}

#[derive(Clone, Copy)]
struct Next {
    kind: Kind,
    span: Span,
}

struct Reader<'t> {
    text: &'t str,
    lexer: logos::Lexer<'t, Kind>,
    next: Option<Next>,
    end: u32,
    doc: Vec<Span>,
    comments: Vec<Span>,
}

/// The tree of a sound text.
pub(crate) fn parse(text: &str) -> Option<Tree> {
    let mut reader =
        Reader { text, lexer: Kind::lexer(text), next: None, end: 0, doc: Vec::new(), comments: Vec::new() };
    reader.advance()?;
    let mut items = Vec::new();
    while reader.next.is_some() {
        items.push(reader.item()?);
    }
    Some(Tree { items, comments: reader.comments, bom: false })
}

impl<'t> Reader<'t> {
    fn advance(&mut self) -> Option<()> {
        if let Some(next) = self.next {
            self.end = next.span.end;
        }
        loop {
            let Some(kind) = self.lexer.next() else {
                self.next = None;
                return Some(());
            };
            let range = self.lexer.span();
            let span = Span::new(range.start as u32, range.end as u32);
            match kind.ok()? {
                Kind::Comment if self.lexer.slice().starts_with("///") => self.doc.push(span),
                Kind::Comment => self.comments.push(span),
                kind => {
                    self.next = Some(Next { kind, span });
                    return Some(());
                }
            }
        }
    }

    fn word(&self) -> &'t str {
        match self.next {
            Some(Next { kind: Kind::Word, span }) => span.of(self.text),
            _ => "",
        }
    }

    fn start(&self) -> u32 {
        self.next.map_or(self.end, |next| next.span.start)
    }

    fn since(&self, start: u32) -> Span {
        Span::new(start, self.end)
    }

    fn at(&self, kind: Kind) -> bool {
        self.next.is_some_and(|next| next.kind == kind)
    }

    fn take(&mut self, kind: Kind) -> Option<Span> {
        let next = self.next.filter(|next| next.kind == kind)?;
        self.advance()?;
        Some(next.span)
    }

    fn eat(&mut self, word: &str) -> Option<()> {
        if self.word() == word { self.advance() } else { None }
    }

    fn string(&mut self) -> Option<Str> {
        Some(Str { span: self.take(Kind::Text)? })
    }

    fn list<T>(&mut self, one: impl Fn(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let mut list = Vec::with_capacity(1);
        list.push(one(self)?);
        while self.at(Kind::Comma) {
            self.advance()?;
            list.push(one(self)?);
        }
        Some(list)
    }

    /// Names with a comma before the next word that is none: the comma belongs to the list around.
    fn names(&mut self) -> Option<Vec<Str>> {
        let mut list = Vec::with_capacity(1);
        list.push(self.string()?);
        while self.at(Kind::Comma) && self.lexer.clone().next() == Some(Ok(Kind::Text)) {
            self.advance()?;
            list.push(self.string()?);
        }
        Some(list)
    }

    fn iban(&mut self) -> Option<Span> {
        self.take(Kind::Capital).or_else(|| self.take(Kind::Text))
    }

    fn item(&mut self) -> Option<Item> {
        let doc = std::mem::take(&mut self.doc);
        let start = self.start();
        let word = self.word();
        self.advance()?;
        let kind = match word {
            "import" => ItemKind::Import(self.string()?),
            "bank" => ItemKind::Bank(self.string()?),
            "timezone" => ItemKind::Timezone(self.string()?),
            "account" => {
                let name = self.string()?;
                self.eat("is")?;
                ItemKind::Account { name, facts: self.list(Self::account_fact)? }
            }
            "payee" => {
                let name = self.string()?;
                self.eat("is")?;
                ItemKind::Payee { name, iban: self.iban()? }
            }
            "payees" => ItemKind::Payees { name: self.string()?, entries: self.block(Self::entry)? },
            "network" => ItemKind::Network {
                name: self.string()?,
                blocks: self.block(|reader| {
                    let number = reader.take(Kind::Number)?;
                    reader.take(Kind::Semicolon)?;
                    Some(number)
                })?,
            },
            "limit" => ItemKind::Limit {
                name: self.string()?,
                caps: self.block(|reader| {
                    let cap = reader.cap()?;
                    reader.take(Kind::Semicolon)?;
                    Some(cap)
                })?,
            },
            "role" => ItemKind::Role { name: self.string()?, body: self.block(Self::statement)? },
            "key" => ItemKind::Key { name: self.string()?, body: self.block(Self::statement)? },
            "every" => {
                self.eat("key")?;
                let except = self.except_keys()?;
                ItemKind::Guardrail { except, body: self.block(Self::statement)? }
            }
            "ensure" => ItemKind::Ensure(Box::new(self.claim()?)),
            "test" => ItemKind::Test(Box::new(self.test()?)),
            _ => return None,
        };
        if self.at(Kind::Semicolon) {
            self.advance()?;
        }
        Some(Item { span: self.since(start), doc, kind })
    }

    fn except_keys(&mut self) -> Option<Vec<Str>> {
        if self.eat("except").is_some() { self.list(Self::string) } else { Some(Vec::new()) }
    }

    fn account_fact(&mut self) -> Option<AccountFact> {
        let kind = match self.word() {
            "iban" => {
                self.advance()?;
                AccountFactKind::Iban(self.iban()?)
            }
            "id" => {
                self.advance()?;
                AccountFactKind::Id(self.take(Kind::Number)?)
            }
            _ => AccountFactKind::Kind(self.take(Kind::Word)?),
        };
        let (AccountFactKind::Iban(span) | AccountFactKind::Id(span) | AccountFactKind::Kind(span)) = kind;
        Some(AccountFact { span, kind })
    }

    fn block<T>(&mut self, one: impl Fn(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        self.take(Kind::Open)?;
        let mut list = Vec::new();
        while !self.at(Kind::Close) {
            list.push(one(self)?);
        }
        self.take(Kind::Close)?;
        Some(list)
    }

    fn entry(&mut self) -> Option<PayeeEntry> {
        let entry = if self.eat("payee").or_else(|| self.eat("payees")).is_some() {
            PayeeEntry::Named(self.list(Self::string)?)
        } else {
            PayeeEntry::Iban(self.iban()?)
        };
        self.take(Kind::Semicolon)?;
        Some(entry)
    }

    fn statement(&mut self) -> Option<Statement> {
        let doc = std::mem::take(&mut self.doc);
        let start = self.start();
        let kind = match self.word() {
            "use" => {
                self.advance()?;
                self.eat("role")?;
                StatementKind::Use { role: self.string()?, clauses: self.clauses()? }
            }
            "only" => {
                self.advance()?;
                StatementKind::Only(self.clauses()?)
            }
            word => {
                let effect = effect(word)?;
                let effect_span = self.take(Kind::Word)?;
                let subject = self.subject()?;
                StatementKind::Rule(Rule {
                    effect,
                    effect_span,
                    subject,
                    clauses: self.clauses()?,
                    unless: self.unless()?,
                })
            }
        };
        self.take(Kind::Semicolon)?;
        Some(Statement { span: self.since(start), doc, kind })
    }

    fn subject(&mut self) -> Option<Subject> {
        let start = self.start();
        let mut actions = Vec::new();
        let mut resources = Vec::with_capacity(1);
        loop {
            resources.push(self.take(Kind::Word)?);
            if self.at(Kind::Word) && !is_reserved(self.word()) {
                if !actions.is_empty() {
                    return None;
                }
                actions = std::mem::replace(&mut resources, Vec::with_capacity(1));
                resources.push(self.take(Kind::Word)?);
            }
            if !self.at(Kind::Comma) {
                break;
            }
            self.advance()?;
        }
        Some(Subject { span: self.since(start), actions, resources })
    }

    fn clauses(&mut self) -> Option<Vec<Clause>> {
        let mut list = Vec::new();
        while self.at(Kind::Word) && !matches!(self.word(), "unless" | "and") {
            list.push(self.clause()?);
        }
        Some(list)
    }

    fn unless(&mut self) -> Option<Vec<Unless>> {
        let mut list = Vec::new();
        while self.word() == "unless" {
            let start = self.start();
            self.advance()?;
            let mut clauses = Vec::with_capacity(1);
            clauses.push(self.clause()?);
            while self.eat("and").is_some() {
                clauses.push(self.clause()?);
            }
            list.push(Unless { span: self.since(start), clauses });
        }
        Some(list)
    }

    fn clause(&mut self) -> Option<Clause> {
        let start = self.start();
        let word = self.word();
        self.advance()?;
        let words = |reader: &mut Self| reader.list(|reader| reader.take(Kind::Word));
        let kind = match word {
            "on" => ClauseKind::On(self.list(Self::account)?),
            "to" if self.eat("url").is_some() => ClauseKind::ToUrl(self.list(Self::string)?),
            "to" => ClauseKind::To(self.list(Self::payee)?),
            "up" => {
                self.eat("to")?;
                ClauseKind::UpTo(self.list(Self::cap)?)
            }
            "over" => ClauseKind::Over(self.list(Self::cap)?),
            "at" => {
                self.eat("most")?;
                ClauseKind::AtMost(self.list(Self::cap)?)
            }
            "more" => {
                self.eat("than")?;
                ClauseKind::MoreThan(self.list(Self::cap)?)
            }
            "within" => {
                self.eat("limit")?;
                ClauseKind::Within(self.list(Self::string)?)
            }
            "via" => ClauseKind::Via(words(self)?),
            "repeating" => ClauseKind::Repeating(words(self)?),
            "since" => ClauseKind::Since(self.take(Kind::Number)?),
            "created" => {
                self.eat("by")?;
                self.eat("this")?;
                self.eat("key")?;
                ClauseKind::CreatedByThisKey
            }
            "showing" => ClauseKind::Showing(words(self)?),
            "hiding" => ClauseKind::Hiding(words(self)?),
            "from" => ClauseKind::From(self.list(Self::network)?),
            "during" => ClauseKind::During(self.during()?),
            "starting" => ClauseKind::Starting(self.take(Kind::Number)?),
            "before" => ClauseKind::Before(self.take(Kind::Number)?),
            _ => return None,
        };
        Some(Clause { span: self.since(start), kind })
    }

    fn account(&mut self) -> Option<AccountRef> {
        let start = self.start();
        let word = self.take(Kind::Word)?;
        let kind = match word.of(self.text) {
            "account" | "accounts" => AccountRefKind::Named(self.names()?),
            "any" => {
                self.eat("account")?;
                AccountRefKind::Any { except: self.except()? }
            }
            _ => {
                self.eat("accounts")?;
                AccountRefKind::Kind { word, except: self.except()? }
            }
        };
        Some(AccountRef { span: self.since(start), kind })
    }

    fn except(&mut self) -> Option<Vec<Excepted>> {
        if self.eat("except").is_none() {
            return Some(Vec::new());
        }
        self.list(|reader| {
            if let Some(name) = reader.string() {
                return Some(Excepted::Account(name));
            }
            let kind = reader.take(Kind::Word)?;
            reader.eat("accounts")?;
            Some(Excepted::Kind(kind))
        })
    }

    fn payee(&mut self) -> Option<PayeeRef> {
        let start = self.start();
        let word = self.word();
        self.advance()?;
        let kind = match word {
            "payee" | "payees" => PayeeRefKind::Payees(self.names()?),
            "account" | "accounts" => PayeeRefKind::Accounts(self.names()?),
            "iban" => {
                let mut list = Vec::with_capacity(1);
                list.push(self.iban()?);
                while self.at(Kind::Comma) && matches!(self.lexer.clone().next(), Some(Ok(Kind::Text | Kind::Capital)))
                {
                    self.advance()?;
                    list.push(self.iban()?);
                }
                PayeeRefKind::Ibans(list)
            }
            "own" => {
                self.eat("accounts")?;
                PayeeRefKind::OwnAccounts
            }
            "favorites" => PayeeRefKind::Favorites,
            "anyone" => PayeeRefKind::Anyone,
            _ => return None,
        };
        Some(PayeeRef { span: self.since(start), kind })
    }

    fn cap(&mut self) -> Option<Cap> {
        let start = self.start();
        let kind = if self.eat("any").is_some() {
            self.eat("amount")?;
            CapKind::AnyAmount
        } else {
            let number = self.take(Kind::Number)?;
            if self.eat("times").or_else(|| self.eat("time")).is_some() {
                CapKind::Times(number)
            } else {
                CapKind::Money(number, self.take(Kind::Capital)?)
            }
        };
        let period = self.period()?;
        Some(Cap { span: self.since(start), kind, period })
    }

    fn period(&mut self) -> Option<Option<Period>> {
        let start = self.start();
        let kind = match self.word() {
            "each" => {
                self.advance()?;
                PeriodKind::Each
            }
            "in" => {
                self.advance()?;
                self.eat("total")?;
                PeriodKind::Total
            }
            "per" => {
                self.advance()?;
                match self.word() {
                    "" => PeriodKind::Rolling(self.take(Kind::Number)?),
                    word => {
                        self.advance()?;
                        match word {
                            "day" => PeriodKind::Day,
                            "week" => PeriodKind::Week,
                            "month" => PeriodKind::Month,
                            "year" => PeriodKind::Year,
                            _ => return None,
                        }
                    }
                }
            }
            _ => return Some(None),
        };
        Some(Some(Period { span: self.since(start), kind }))
    }

    fn network(&mut self) -> Option<NetworkRef> {
        let start = self.start();
        let word = self.word();
        self.advance()?;
        let kind = match word {
            "ip" => {
                let mut list = Vec::with_capacity(1);
                list.push(self.take(Kind::Number)?);
                while self.at(Kind::Comma) && self.lexer.clone().next() == Some(Ok(Kind::Number)) {
                    self.advance()?;
                    list.push(self.take(Kind::Number)?);
                }
                NetworkRefKind::Ip(list)
            }
            "network" | "networks" => NetworkRefKind::Named(self.names()?),
            "anywhere" => NetworkRefKind::Anywhere,
            _ => return None,
        };
        Some(NetworkRef { span: self.since(start), kind })
    }

    fn during(&mut self) -> Option<Vec<DuringPart>> {
        let mut list = Vec::with_capacity(1);
        let mut comma = false;
        loop {
            let start = self.start();
            let kind = if self.at(Kind::Number) {
                let first = self.take(Kind::Number)?;
                self.take(Kind::Dash)?;
                DuringKind::Hours(first, self.take(Kind::Number)?)
            } else {
                let word = self.take(Kind::Word)?;
                match word.of(self.text).find('-') {
                    Some(dash) => {
                        let dash = word.start + dash as u32;
                        DuringKind::DayRange(Span::new(word.start, dash), Span::new(dash + 1, word.end))
                    }
                    None => DuringKind::Days(word),
                }
            };
            let days = !matches!(kind, DuringKind::Hours(..));
            list.push(DuringPart { span: self.since(start), kind, comma });
            comma = self.at(Kind::Comma);
            if comma {
                self.advance()?;
            } else if !(days && self.at(Kind::Number)) {
                return Some(list);
            }
        }
    }

    fn claim(&mut self) -> Option<Claim> {
        let word = self.word();
        self.advance()?;
        let who = match word {
            "key" => Who::Keys(self.list(Self::string)?),
            "every" => {
                self.eat("key")?;
                Who::Every(self.except_keys()?)
            }
            _ => {
                self.eat("key")?;
                Who::No
            }
        };
        let word = self.word();
        self.advance()?;
        let verb = match word {
            "can" => Verb::Can,
            "cannot" => Verb::Cannot,
            _ => {
                self.eat("ask")?;
                self.eat("to")?;
                Verb::MustAsk
            }
        };
        let exactly = self.eat("exactly").is_some();
        let subject = self.subject()?;
        Some(Claim { who, verb, exactly, subject, clauses: self.clauses()?, unless: self.unless()? })
    }

    fn test(&mut self) -> Option<Test> {
        let name = self.string()?;
        self.eat("for")?;
        self.eat("key")?;
        let key = self.string()?;
        let settings = self.facts()?;
        Some(Test { name, key, settings, expectations: self.block(Self::expectation)? })
    }

    fn expectation(&mut self) -> Option<Expectation> {
        let doc = std::mem::take(&mut self.doc);
        let start = self.start();
        self.eat("expect")?;
        let effect = effect(self.word())?;
        self.advance()?;
        let subject = self.subject()?;
        let expect = Expect { effect, subject, facts: self.facts()? };
        self.take(Kind::Semicolon)?;
        Some(Expectation { span: self.since(start), doc, expect: Some(expect) })
    }

    fn facts(&mut self) -> Option<Vec<Fact>> {
        let mut list = Vec::new();
        while self.at(Kind::Word) {
            let start = self.start();
            let kind = self.fact()?;
            list.push(Fact { span: self.since(start), kind });
        }
        Some(list)
    }

    fn fact(&mut self) -> Option<FactKind> {
        let word = self.word();
        self.advance()?;
        Some(match word {
            "of" => FactKind::Of(self.take(Kind::Number)?, self.take(Kind::Capital)?),
            "on" => {
                self.eat("account")?;
                FactKind::OnAccount(self.string()?)
            }
            "to" => {
                let word = self.word();
                self.advance()?;
                match word {
                    "payee" => FactKind::ToPayee(self.string()?),
                    "account" => FactKind::ToAccount(self.string()?),
                    "iban" => FactKind::ToIban(self.iban()?),
                    "url" => FactKind::ToUrl(self.string()?),
                    _ => {
                        self.eat("accounts")?;
                        FactKind::ToOwnAccounts
                    }
                }
            }
            "via" => FactKind::Via(self.take(Kind::Word)?),
            "repeating" => FactKind::Repeating(self.take(Kind::Word)?),
            "dated" => {
                let token = self.take(Kind::Number)?;
                if self.eat("ago").is_some() { FactKind::DatedAgo(token) } else { FactKind::DatedOn(token) }
            }
            "created" => {
                self.eat("by")?;
                self.eat("this")?;
                self.eat("key")?;
                FactKind::CreatedByThisKey
            }
            "showing" => FactKind::Showing(self.list(|reader| reader.take(Kind::Word))?),
            "from" => {
                self.eat("ip")?;
                FactKind::FromIp(self.take(Kind::Number)?)
            }
            "at" => FactKind::At(self.take(Kind::Number)?),
            "after" if self.eat("spending").is_some() => {
                FactKind::AfterSpending(self.take(Kind::Number)?, self.take(Kind::Capital)?, self.when()?)
            }
            "after" => {
                let number = self.take(Kind::Number)?;
                self.eat("earlier")?;
                FactKind::AfterEarlier(number, self.when()?)
            }
            _ => return None,
        })
    }

    fn when(&mut self) -> Option<When> {
        if let Some(token) = self.take(Kind::Number) {
            self.eat("ago")?;
            return Some(When::Ago(token));
        }
        if self.eat("today").is_some() {
            return Some(When::Today);
        }
        self.eat("this")?;
        let word = self.word();
        self.advance()?;
        Some(match word {
            "week" => When::ThisWeek,
            "month" => When::ThisMonth,
            _ => When::ThisYear,
        })
    }
}

fn effect(word: &str) -> Option<Effect> {
    Some(match word {
        "allow" => Effect::Allow,
        "ask" => Effect::Ask,
        "deny" => Effect::Deny,
        _ => return None,
    })
}

fn is_reserved(word: &str) -> bool {
    matches!(
        word,
        "on" | "to"
            | "since"
            | "up"
            | "at"
            | "within"
            | "over"
            | "via"
            | "from"
            | "during"
            | "showing"
            | "hiding"
            | "repeating"
            | "created"
            | "starting"
            | "before"
            | "more"
            | "unless"
            | "and"
            | "except"
            | "of"
            | "dated"
            | "after"
    )
}
