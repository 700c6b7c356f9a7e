//! Names that are declared, in quotes or with the words that lead to them.

use super::{Completion, Kind, List};
use crate::ide::declared::{Declared, declared};
use crate::ide::expected::Named;
use crate::ide::line::Typed;
use crate::ide::symbols;
use crate::source::Span;

impl<'a> List<'a> {
    /// Names by themselves.
    pub(super) fn names(&mut self, named: Named) {
        for one in self.known(named) {
            let known = self.quoted(&one.name, Kind::Name(one.kind));
            (known.detail, known.doc) = (one.detail, one.doc);
        }
        for (name, kind, detail, import) in self.elsewhere(named) {
            let one = self.quoted(&name, Kind::Name(kind)).detail(detail);
            one.more.push(import);
        }
    }

    pub(super) fn accounts(&mut self) {
        self.references(Named::Account, |_| "account");
        if matches!(self.line.typed, Typed::Text { .. }) {
            return;
        }
        self.add("any account", Kind::Value).detail("all of them, and those of tomorrow");
        self.kind_accounts();
    }

    pub(super) fn kind_accounts(&mut self) {
        let kinds: Vec<String> = self.bank.kinds.iter().map(|kind| format!("{} accounts", kind.word)).collect();
        for kind in kinds {
            if !kind.split(' ').next().is_some_and(|kind| self.expected.listed.contains(&kind)) {
                self.add(kind, Kind::Value).detail("all accounts of this kind");
            }
        }
    }

    pub(super) fn payees(&mut self) {
        self.references(Named::Payees, |kind| if kind == symbols::Kind::Payees { "payees" } else { "payee" });
        if matches!(self.line.typed, Typed::Text { .. }) {
            return self.references(Named::Payable, |_| "account");
        }
        self.add("own accounts", Kind::Value).detail("of the holder");
        self.references(Named::Payable, |_| "account");
        self.add("favorites", Kind::Value).detail("whom the holder marked at the bank");
        self.add_leading("iban", Kind::Keyword).detail("an IBAN by itself");
        self.add("anyone", Kind::Value).detail("nobody is left out");
    }

    pub(super) fn payee_facts(&mut self) {
        self.references(Named::Payee, |_| "payee");
        self.references(Named::Payable, |_| "account");
        if matches!(self.line.typed, Typed::Text { .. }) {
            return;
        }
        self.add_leading("iban", Kind::Keyword).detail("an IBAN by itself");
        self.add("own accounts", Kind::Value).detail("of the holder");
    }

    pub(super) fn networks(&mut self) {
        self.references(Named::Network, |_| "network");
        if matches!(self.line.typed, Typed::Text { .. }) {
            return;
        }
        self.add_snippet("ip", Kind::Keyword, "ip ${1:203.0.113.7}", "ip").detail("an address or a range of them");
        self.add("anywhere", Kind::Value).detail("any address, also one that is not known");
    }

    pub(super) fn ibans(&mut self) {
        let all = declared(self.view);
        for one in all.iter().filter(|one| one.kind == symbols::Kind::Payee || one.kind == symbols::Kind::Account) {
            if let Some(iban) = &one.iban {
                let filter = format!("{iban} {}", one.name);
                self.add(iban, Kind::Value).detail(&one.name).filter(filter);
            }
        }
    }

    /// Names with the words that lead to them.
    fn references(&mut self, named: Named, word: impl Fn(symbols::Kind) -> &'static str) {
        let place = self.reference_place();
        let quoted = place != self.line.place;
        let place_it = |one: &mut Completion, name: &str| {
            one.change.span = place;
            if quoted {
                one.filter = Some(in_quotes(name));
            }
        };
        for known in self.known(named) {
            let one = self.add(format!("{} {}", word(known.kind), in_quotes(&known.name)), Kind::Name(known.kind));
            (one.detail, one.doc) = (known.detail, known.doc);
            place_it(one, &known.name);
        }
        for (name, kind, detail, import) in self.elsewhere(named) {
            let one = self.add(format!("{} {}", word(kind), in_quotes(&name)), Kind::Name(kind)).detail(detail);
            one.more.push(import);
            place_it(one, &name);
        }
    }

    /// What a reference replaces: quotes that were typed without a word before them, too.
    fn reference_place(&self) -> Span {
        let Span { start, end } = self.line.place;
        match self.line.typed {
            Typed::Text { closed } => Span::new(start.saturating_sub(1), end + u32::from(closed)),
            _ => self.line.place,
        }
    }

    /// Adds a name: with quotes, unless it is typed between them.
    pub(super) fn quoted(&mut self, name: &str, kind: Kind) -> &mut Completion {
        let typed = self.line.typed;
        let one = self.add(name, kind);
        one.change.text = match typed {
            Typed::Text { closed: true } => escaped(name),
            Typed::Text { closed: false } => format!("{}\"", escaped(name)),
            _ => in_quotes(name),
        };
        one
    }

    /// Declared names that are not in the list yet.
    fn known(&self, named: Named) -> Vec<Declared> {
        let mut all = declared(self.view);
        let listed: Vec<_> = self.expected.listed.iter().map(|text| crate::syntax::string::value(text)).collect();
        let here = self.view.file;
        all.retain(|one| fits(named, one) && !listed.iter().any(|said| *said == one.name));
        // A group cannot hold itself.
        if self.line.holder == crate::ide::line::Holder::Payees
            && let Some(own) = self.line.header.get(1)
        {
            let own = crate::syntax::string::value(own.span.of(self.view.text()));
            all.retain(|one| one.name != own);
        }
        all.sort_by_key(|one| one.file != here);
        all
    }
}

fn fits(named: Named, one: &Declared) -> bool {
    of_kind(named, one.kind) && (named != Named::Payable || one.iban.is_some())
}

/// Whether a thing of a kind may be named.
pub(super) fn of_kind(named: Named, kind: symbols::Kind) -> bool {
    match named {
        Named::Account | Named::Payable => kind == symbols::Kind::Account,
        Named::Payees => matches!(kind, symbols::Kind::Payee | symbols::Kind::Payees),
        Named::Payee => kind == symbols::Kind::Payee,
        Named::Network => kind == symbols::Kind::Network,
        Named::Limit => kind == symbols::Kind::Limit,
        Named::Role => kind == symbols::Kind::Role,
        Named::Key => kind == symbols::Kind::Key,
    }
}

fn escaped(name: &str) -> String {
    name.replace('\\', "\\\\").replace('"', "\\\"")
}

fn in_quotes(name: &str) -> String {
    format!("\"{}\"", escaped(name))
}
