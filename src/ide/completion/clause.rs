//! Clauses of rules and facts of expectations: those that fit what the line is about and are not there yet.

use bpol_engine::ir::{Dimension, Effect, Tier};

use super::subject::About;
use super::{Kind, List};
use crate::catalogue::Operation;
use crate::check::{Position, Speaker, concerns, dimension, stands};
use crate::ide::form::{CLAUSES, FACTS, Form};

/// What is written for a clause about what a call never tells.
const UNTOLD: [(&str, &str); 3] =
    [("on", "on any account"), ("to", "to anyone"), ("up to", "up to any amount in total")];

impl List<'_> {
    pub(super) fn clauses(&mut self) {
        let about = self.about();
        let there = &self.expected.there;
        let mut fit: Vec<&Form> =
            CLAUSES.iter().filter(|form| !there.contains(&form.words) && self.fits(form, &about)).collect();
        fit.sort_by_key(|form| self.urgency(form, &about));
        for form in fit {
            self.clause(form, &about);
        }
    }

    fn fits(&self, form: &Form, about: &About<'_>) -> bool {
        let position = self.expected.position;
        let Some(kind) = form.kind() else { return false };
        if !stands(&kind, position) {
            return false;
        }
        // A limit may hold caps on money and on times; most hold money.
        let needed = if form.words == "within limit" { Some(Dimension::Amount) } else { dimension(&kind, &[]) };
        let has = |operation: &&Operation| needed.is_none_or(|needed| operation.dimensions.contains(needed));
        if about.operations.is_empty() {
            return true;
        }
        if position == Position::Use {
            return about.operations.iter().any(has);
        }
        if about.group {
            return about.operations.iter().any(|operation| has(operation) && concerns(&kind, operation, &[]));
        }
        if needed == Some(Dimension::Fields) && about.operations.iter().any(|operation| operation.view_of.is_some()) {
            return false;
        }
        about.operations.iter().all(has)
            && (!self.is_untold(needed, about) || UNTOLD.iter().any(|(words, _)| *words == form.words))
    }

    /// Whether calls never tell what a clause of an `allow` would be about.
    fn is_untold(&self, needed: Option<Dimension>, about: &About<'_>) -> bool {
        self.expected.speaker == Some(Speaker::Rule(Effect::Allow))
            && !about.group
            && needed.is_some_and(|needed| about.operations.iter().any(|operation| operation.untold.contains(needed)))
    }

    /// Smaller for what has to be said, then for what is said most.
    fn urgency(&self, form: &Form, about: &About<'_>) -> u8 {
        let spends = about.operations.iter().any(|operation| operation.tier == Tier::Spend);
        let needed = match self.expected.position {
            Position::Allow => form.words == "on" || spends && matches!(form.words, "to" | "up to" | "repeating"),
            Position::Only => matches!(form.words, "from" | "during" | "before"),
            Position::AllowUnless | Position::TakeUnless => matches!(form.words, "to" | "on" | "from"),
            _ => false,
        };
        u8::from(!needed)
    }

    fn clause(&mut self, form: &Form, about: &About<'_>) {
        let needed = form.kind().and_then(|kind| dimension(&kind, &[]));
        let untold = UNTOLD.iter().find(|(words, _)| *words == form.words).filter(|_| self.is_untold(needed, about));
        let one = match (form.words, untold) {
            (_, Some((_, whole))) => self.add(*whole, Kind::Clause),
            ("up to", _) => {
                self.add_snippet(form.words, Kind::Clause, "up to ${1:50} ${2:EUR} per ${3:month}", form.words)
            }
            ("over", _) => self.add_snippet(form.words, Kind::Clause, "over ${1:1000} ${2:EUR}", form.words),
            ("at most", _) => {
                self.add_snippet(form.words, Kind::Clause, "at most ${1:3} times per ${2:day}", form.words)
            }
            ("more than", _) => {
                self.add_snippet(form.words, Kind::Clause, "more than ${1:3} times per ${2:day}", form.words)
            }
            ("to url", _) => self.add_snippet(form.words, Kind::Clause, "to url \"${1:https://}\"", form.words),
            ("created by this key", _) => self.add(form.words, Kind::Clause),
            _ => self.add_leading(form.words, Kind::Clause),
        };
        one.detail(form.doc.trim_end_matches('.')).doc(form.page());
    }

    pub(super) fn facts(&mut self) {
        let operations = self.about().operations;
        let text = self.view.text();
        let allows = self.line.tokens.get(1).is_some_and(|token| token.span.of(text) == "allow");
        let set = |word: &str| self.line.header.iter().skip(5).any(|token| token.span.of(text) == word);
        let there = &self.expected.there;
        let fits = |form: &&Form| {
            let told = |operation: &&Operation, needed| {
                operation.dimensions.contains(needed) && !operation.untold.contains(needed)
            };
            let known = form.fact_dimension().is_none_or(|needed| {
                operations.is_empty() || operations.iter().any(|operation| told(operation, needed))
            });
            let wanted = match form.words {
                "showing" => allows,
                "after earlier" => false,
                "at" => !set("at"),
                "from ip" => !set("from"),
                _ => true,
            };
            known && wanted && (form.words == "after" || !there.contains(&form.words))
        };
        let fit: Vec<&Form> = FACTS.iter().filter(fits).collect();
        for form in fit {
            let one = match form.words {
                "of" => self.add_snippet("of", Kind::Clause, "of ${1:50} ${2:EUR}", "of"),
                "created by this key" => self.add(form.words, Kind::Clause),
                "to url" => self.add_snippet(form.words, Kind::Clause, "to url \"${1:https://}\"", form.words),
                "dated" => self.add_snippet("dated", Kind::Clause, "dated ${1:10d} ago", "dated"),
                "from ip" => self.add_snippet("from ip", Kind::Clause, "from ip ${1:203.0.113.7}", "from ip"),
                _ => self.add_leading(form.words, Kind::Clause),
            };
            one.detail(form.doc.trim_end_matches('.')).doc(form.page());
        }
    }

    pub(super) fn settings(&mut self) {
        for words in ["at", "from ip"] {
            let Some(form) = FACTS.iter().find(|form| form.words == words) else { continue };
            if !self.expected.there.contains(&words) {
                self.add_leading(words, Kind::Clause).detail(form.doc.trim_end_matches('.')).doc(form.page());
            }
        }
    }
}
