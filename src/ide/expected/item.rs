//! Items, the lines of blocks, claims and tests.

use bpol_engine::ir::Effect;

use super::{Named, Step, Walk, Want};
use crate::check::{Position, Speaker};

impl Walk<'_, '_> {
    pub(super) fn item(&mut self) -> Step {
        self.offer(Want::Item);
        match self.word()? {
            "key" | "role" | "payees" | "network" | "limit" => {
                self.take()?;
                self.offer(Want::Word("<"));
                Ok(())
            }
            "every" => {
                self.expect("key")?;
                self.except_keys()?;
                self.offer(Want::Word("<"));
                Ok(())
            }
            "test" => self.test(),
            "import" => self.value(Want::Import),
            "bank" => self.value(Want::Bank),
            "timezone" => self.value(Want::Zone),
            "account" => {
                self.take()?;
                self.expect("is")?;
                self.list(Self::account_fact)
            }
            "payee" => {
                self.take()?;
                self.expect("is")?;
                self.take().map(drop)
            }
            "ensure" => self.claim(),
            _ => Ok(()),
        }
    }

    fn except_keys(&mut self) -> Step {
        self.offer(Want::Word("except"));
        if self.pass("except") { self.names(Named::Key) } else { Ok(()) }
    }

    fn account_fact(&mut self) -> Step {
        self.offer(Want::AccountFact);
        let token = self.take()?;
        self.keep(token);
        if matches!(token.span.of(self.text), "iban" | "id") {
            self.take()?;
        }
        Ok(())
    }

    fn test(&mut self) -> Step {
        self.take()?;
        self.expect("for key")?;
        self.expect("key")?;
        self.name(Named::Key)?;
        loop {
            self.offer(Want::Setting);
            self.offer(Want::Word("<"));
            match self.word()? {
                "at" => {
                    self.begin_fact("at");
                    self.value(Want::Instant)?;
                }
                "from" => {
                    self.begin_fact("from ip");
                    self.expect("ip")?;
                    self.take()?;
                }
                _ => {}
            }
        }
    }

    pub(super) fn entry(&mut self) -> Step {
        self.offer(Want::Entry);
        match self.word()? {
            "payee" | "payees" => self.names(Named::Payees),
            _ => Ok(()),
        }
    }

    pub(super) fn cap(&mut self) -> Step {
        self.offer(Want::Cap);
        self.take()?;
        self.offer(Want::Currency);
        self.offer(Want::Word("times"));
        let counts = self.sees("time") || self.sees("times");
        self.take()?;
        self.offer(if counts { Want::CountPeriod } else { Want::Period });
        if self.pass("each") {
            return Ok(());
        }
        self.period(counts)
    }

    pub(super) fn statement(&mut self, guardrail: bool) -> Step {
        self.offer(Want::Statement);
        let effect = match self.word()? {
            "allow" => Effect::Allow,
            "ask" => Effect::Ask,
            "deny" => Effect::Deny,
            "use" if !guardrail => {
                self.expect("role")?;
                self.name(Named::Role)?;
                return self.clauses(Position::Use, None);
            }
            "only" => return self.clauses(Position::Only, None),
            _ => return Ok(()),
        };
        self.subject(Speaker::Rule(effect))?;
        match effect {
            Effect::Allow => self.clauses(Position::Allow, Some(Position::AllowUnless)),
            Effect::Ask | Effect::Deny => self.clauses(Position::Take, Some(Position::TakeUnless)),
        }
    }

    fn claim(&mut self) -> Step {
        self.offer(Want::Who);
        match self.word()? {
            "key" => self.names(Named::Key)?,
            "every" => {
                self.expect("key")?;
                self.except_keys()?;
            }
            "no" => self.expect("key")?,
            _ => {}
        }
        let nobody = self.tokens.get(1).is_some_and(|token| token.span.of(self.text) == "no");
        if nobody {
            self.expect("can")?;
        } else {
            self.offer(Want::Verb);
            match self.word()? {
                "must" => {
                    self.expect("ask to")?;
                    self.expect("to")?;
                }
                "can" | "cannot" => {}
                _ => return Ok(()),
            }
        }
        if !self.pass("exactly") && self.ends() {
            self.subject_or_exactly()?;
        }
        self.subject(Speaker::Claim)?;
        self.clauses(Position::Claim, Some(Position::ClaimUnless))
    }

    /// The subject of a claim comes first: `exactly` is rare.
    fn subject_or_exactly(&mut self) -> Step {
        let ended = self.subject(Speaker::Claim);
        self.offer(Want::Word("exactly"));
        ended
    }

    pub(super) fn expectation(&mut self) -> Step {
        self.offer(Want::Expectation);
        if !self.pass("expect") {
            self.take()?;
            return Ok(());
        }
        self.offer(Want::Effect);
        self.word()?;
        self.subject(Speaker::Expect)?;
        loop {
            self.offer(Want::Fact);
            self.fact()?;
        }
    }

    fn fact(&mut self) -> Step {
        match self.word()? {
            "of" => {
                self.begin_fact("of");
                self.offer(Want::Money);
                self.money()
            }
            "on" => {
                self.begin_fact("on account");
                self.expect("account")?;
                self.name(Named::Account)
            }
            "to" => self.payee_fact(),
            "at" => {
                self.begin_fact("at");
                self.value(Want::Instant)
            }
            "from" => {
                self.begin_fact("from ip");
                self.expect("ip")?;
                self.take().map(drop)
            }
            "dated" => {
                self.begin_fact("dated");
                self.offer(Want::Ago);
                let token = self.take()?;
                if !token.span.of(self.text).contains('-') {
                    self.part(1);
                    self.offer(Want::Word("ago"));
                    self.pass("ago");
                }
                Ok(())
            }
            "after" => {
                self.begin_fact("after");
                self.offer(Want::Word("spending"));
                if self.pass("spending") {
                    self.offer(Want::Money);
                    self.money()?;
                } else {
                    self.take()?;
                    self.expect("earlier")?;
                }
                self.part(1);
                self.offer(Want::Moment);
                match self.word()? {
                    "today" => Ok(()),
                    "this" => self.take().map(drop),
                    _ => {
                        self.offer(Want::Word("ago"));
                        self.pass("ago");
                        Ok(())
                    }
                }
            }
            "via" => {
                self.begin_fact("via");
                self.value(Want::Method)
            }
            "repeating" => {
                self.begin_fact("repeating");
                self.value(Want::Repeat)
            }
            "showing" => {
                self.begin_fact("showing");
                self.words(Want::Field)
            }
            "created" => {
                self.begin_fact("created by this key");
                self.this_key()
            }
            _ => Ok(()),
        }
    }

    fn payee_fact(&mut self) -> Step {
        if self.pass("url") {
            self.begin_fact("to url");
            return self.take().map(drop);
        }
        self.begin_fact("to");
        self.offer(Want::PayeeFact);
        match self.word()? {
            "payee" => self.name(Named::Payee),
            "account" => self.name(Named::Payable),
            "iban" => self.value(Want::Iban),
            "own" => self.expect("accounts"),
            _ => Ok(()),
        }
    }
}
