//! Clauses, and the facts of expectations.

use super::{Named, Spot, Step, Walk, Want};
use crate::check::Position;
use crate::syntax::token::Kind;

impl Walk<'_, '_> {
    /// Clauses and `unless` blocks, up to the end.
    pub(super) fn clauses(&mut self, main: Position, exception: Option<Position>) -> Step {
        self.out.position = main;
        let mut fresh = true;
        let mut inside = false;
        loop {
            if !inside || fresh {
                self.offer(Want::Clause);
            } else {
                self.offer(Want::Word("and"));
            }
            if let Some(exception) = exception
                && !(inside && fresh)
            {
                self.offer(Want::Word("unless"));
                if self.pass("unless") {
                    self.out.spot = None;
                    self.out.there.clear();
                    self.out.position = exception;
                    (inside, fresh) = (true, true);
                    continue;
                }
            }
            if self.pass("and") {
                self.out.spot = None;
                fresh = true;
                continue;
            }
            self.clause()?;
            fresh = false;
        }
    }

    /// One clause; a word that begins none is passed over.
    fn clause(&mut self) -> Step {
        let word = self.word()?;
        match word {
            "on" => {
                self.begin("on");
                self.refs(Want::Accounts, Self::account_ref)
            }
            "to" if self.pass("url") => {
                self.begin("to url");
                self.list(|walk| walk.take().map(drop))
            }
            "to" => {
                self.begin("to");
                self.refs(Want::Payees, Self::payee_ref)
            }
            "up" => {
                self.begin("up to");
                self.expect("to")?;
                self.list(Self::money_cap)
            }
            "over" => {
                self.begin("over");
                self.list(Self::money_cap)
            }
            "at" => {
                self.begin("at most");
                self.expect("most")?;
                self.list(Self::count_cap)
            }
            "more" => {
                self.begin("more than");
                self.expect("than")?;
                self.list(Self::count_cap)
            }
            "within" => {
                self.begin("within limit");
                self.expect("limit")?;
                self.names(Named::Limit)
            }
            "via" => {
                self.begin("via");
                self.words(Want::Method)
            }
            "repeating" => {
                self.begin("repeating");
                self.words(Want::Repeat)
            }
            "since" => {
                self.begin("since");
                self.value(Want::Age)
            }
            "created" => {
                self.begin("created by this key");
                self.this_key()
            }
            "showing" => {
                self.begin("showing");
                self.words(Want::Field)
            }
            "hiding" => {
                self.begin("hiding");
                self.words(Want::Field)
            }
            "from" => {
                self.begin("from");
                self.refs(Want::Networks, Self::network_ref)
            }
            "during" => {
                self.begin("during");
                self.list(Self::days)
            }
            "starting" => {
                self.begin("starting");
                self.value(Want::Date)
            }
            "before" => {
                self.begin("before");
                self.value(Want::Date)
            }
            _ => Ok(()),
        }
    }

    pub(super) fn begin(&mut self, words: &'static str) {
        self.out.there.push(words);
        self.out.spot = Some(Spot { words, fact: false, part: 0 });
        self.out.listed.clear();
    }

    pub(super) fn begin_fact(&mut self, words: &'static str) {
        self.begin(words);
        if let Some(spot) = &mut self.out.spot {
            spot.fact = true;
        }
    }

    pub(super) fn value(&mut self, want: Want) -> Step {
        self.offer(want);
        self.take().map(drop)
    }

    pub(super) fn this_key(&mut self) -> Step {
        self.expect("by this key")?;
        self.expect("this")?;
        self.expect("key")
    }

    /// A list of references, where names may follow names.
    fn refs(&mut self, want: Want, one: fn(&mut Self) -> Step<Option<Named>>) -> Step {
        self.out.listed.clear();
        let mut named = None;
        loop {
            self.part(0);
            if let Some(kind) = named {
                self.offer(Want::Name(kind));
            }
            self.offer(want);
            if named.is_some() && self.sees_text() {
                let token = self.take()?;
                self.keep(token);
            } else {
                named = one(self)?;
            }
            if !self.comma() {
                return Ok(());
            }
        }
    }

    fn account_ref(&mut self) -> Step<Option<Named>> {
        match self.word()? {
            "account" | "accounts" => {
                self.name(Named::Account)?;
                return Ok(Some(Named::Account));
            }
            "any" => self.expect("account")?,
            _ => self.expect("accounts")?,
        }
        self.offer(Want::Word("except"));
        if self.pass("except") {
            self.part(1);
            loop {
                self.excepted()?;
                if !self.comma() {
                    break;
                }
            }
        }
        Ok(None)
    }

    fn excepted(&mut self) -> Step {
        self.offer(Want::Name(Named::Account));
        self.offer(Want::KindAccounts);
        let token = self.take()?;
        self.keep(token);
        if token.kind == Kind::Word {
            return self.expect("accounts");
        }
        Ok(())
    }

    fn payee_ref(&mut self) -> Step<Option<Named>> {
        let kind = match self.word()? {
            "payee" | "payees" => Named::Payees,
            "account" | "accounts" => Named::Payable,
            "own" => return self.expect("accounts").map(|()| None),
            "iban" => loop {
                self.offer(Want::Iban);
                self.take()?;
                let more = self.tokens.get(self.at + 1);
                let is_iban = more.is_none_or(|token| !matches!(token.span.of(self.text), "payee" | "payees" | "own"));
                if !self.sees_mark(',') || !is_iban {
                    return Ok(None);
                }
                self.comma();
            },
            _ => return Ok(None),
        };
        self.name(kind)?;
        Ok(Some(kind))
    }

    fn network_ref(&mut self) -> Step<Option<Named>> {
        match self.word()? {
            "network" | "networks" => {
                self.name(Named::Network)?;
                Ok(Some(Named::Network))
            }
            "ip" => {
                self.take()?;
                while self.sees_mark(',') && self.tokens.get(self.at + 1).is_some_and(|next| next.kind == Kind::Number)
                {
                    self.at += 2;
                }
                Ok(None)
            }
            _ => Ok(None),
        }
    }

    pub(super) fn money_cap(&mut self) -> Step {
        self.part(0);
        self.offer(Want::Money);
        if self.pass("any") {
            self.expect("amount")?;
        } else {
            self.money()?;
        }
        self.part(1);
        self.offer(Want::Period);
        if self.pass("each") {
            return Ok(());
        }
        self.period(false)
    }

    /// An amount, of which nothing was read yet.
    pub(super) fn money(&mut self) -> Step {
        self.take()?;
        self.offer(Want::Currency);
        if self.sees("each") || self.sees("per") {
            return Ok(());
        }
        let token = self.take()?;
        self.keep(token);
        Ok(())
    }

    pub(super) fn count_cap(&mut self) -> Step {
        self.part(0);
        self.take()?;
        self.offer(Want::Word("times"));
        if self.ends() {
            return self.take().map(drop);
        }
        let _passed = self.pass("times") || self.pass("time");
        self.part(1);
        self.offer(Want::CountPeriod);
        self.period(true)
    }

    pub(super) fn period(&mut self, needed: bool) -> Step {
        if self.pass("per") {
            self.offer(Want::PeriodWord);
            return self.take().map(drop);
        }
        if self.pass("in") {
            return self.expect("total");
        }
        if needed && self.ends() {
            return self.take().map(drop);
        }
        Ok(())
    }

    fn days(&mut self) -> Step {
        self.offer(Want::Days);
        let days = self.peek().is_some_and(|token| token.kind == Kind::Word);
        self.part(usize::from(!days && !self.ends()));
        self.range()?;
        if days {
            self.part(1);
            self.offer(Want::Hours);
            if self.sees_number() {
                self.range()?;
            }
        }
        Ok(())
    }

    /// Days or hours, with what stands behind a dash.
    fn range(&mut self) -> Step {
        let token = self.take()?;
        self.keep(token);
        while self.sees_mark('-') {
            self.at += 1;
            self.take()?;
        }
        Ok(())
    }
}
