//! The names of a policy as they are written: where each is declared, and which are used.

use std::collections::{BTreeSet, HashSet};

use camino::Utf8Path;

use crate::check::normal;
use crate::lint::context::Context;
use crate::lint::written::{body, clauses, items};
use crate::source::{FileId, FileSpan, Span};
use crate::syntax::tree::{
    AccountRefKind, ClauseKind, Excepted, FactKind, Item, ItemKind, NetworkRefKind, PayeeEntry, PayeeRefKind,
    StatementKind, Str, Token,
};

/// What has a name. Payees and groups of payees share one space.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Kind {
    Account,
    Payee,
    Network,
    Limit,
    Role,
    Key,
}

impl Kind {
    /// Its word.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Payee => "payee",
            Self::Network => "network",
            Self::Limit => "limit",
            Self::Role => "role",
            Self::Key => "key",
        }
    }
}

/// A declared name.
#[derive(Debug)]
pub(crate) struct Declared<'c> {
    pub(crate) kind: Kind,
    pub(crate) name: String,
    /// Where the name stands.
    pub(crate) place: FileSpan,
    pub(crate) item: &'c Item,
}

/// What a policy refers to.
#[derive(Debug, Default)]
pub(crate) struct Used {
    pub(crate) names: HashSet<(Kind, String)>,
    /// Words of kinds of accounts.
    pub(crate) kinds: BTreeSet<String>,
    /// Whether `own accounts` stands somewhere.
    pub(crate) own: bool,
    /// Each name of an account that an `on` says, with its place.
    pub(crate) on: Vec<(String, FileSpan)>,
}

/// All declared names, file by file.
pub(crate) fn declared<'c>(cx: &'c Context<'_>) -> Vec<Declared<'c>> {
    let mut out = Vec::new();
    for (file, item) in items(cx) {
        let (kind, name) = match &item.kind {
            ItemKind::Account { name, .. } => (Kind::Account, name),
            ItemKind::Payee { name, .. } | ItemKind::Payees { name, .. } => (Kind::Payee, name),
            ItemKind::Network { name, .. } => (Kind::Network, name),
            ItemKind::Limit { name, .. } => (Kind::Limit, name),
            ItemKind::Role { name, .. } => (Kind::Role, name),
            ItemKind::Key { name, .. } => (Kind::Key, name),
            _ => continue,
        };
        let text = &cx.checked.sources.get(file).text;
        let place = FileSpan { file, span: name.span };
        out.push(Declared { kind, name: name.value(text).into_owned(), place, item });
    }
    out
}

/// All that the policy refers to: in rules, in other declarations, in claims and in tests.
pub(crate) fn used(cx: &Context<'_>) -> Used {
    let mut used = Used::default();
    for (file, item) in items(cx) {
        Reader { file, text: &cx.checked.sources.get(file).text, used: &mut used }.item(item);
    }
    used
}

struct Reader<'r> {
    file: FileId,
    text: &'r str,
    used: &'r mut Used,
}

impl Reader<'_> {
    fn item(&mut self, item: &Item) {
        for clause in clauses(item) {
            self.clause(&clause.kind);
        }
        for statement in body(item) {
            if let StatementKind::Use { role, .. } = &statement.kind {
                self.name(Kind::Role, role);
            }
        }
        match &item.kind {
            ItemKind::Payees { entries, .. } => entries.iter().for_each(|entry| {
                if let PayeeEntry::Named(names) = entry {
                    self.names(Kind::Payee, names);
                }
            }),
            ItemKind::Test(test) => {
                let facts = test.expectations.iter().filter_map(|one| one.expect.as_ref()).flat_map(|one| &one.facts);
                for fact in facts {
                    match &fact.kind {
                        FactKind::OnAccount(name) | FactKind::ToAccount(name) => self.name(Kind::Account, name),
                        FactKind::ToPayee(name) => self.name(Kind::Payee, name),
                        FactKind::ToOwnAccounts => self.used.own = true,
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }

    fn clause(&mut self, clause: &ClauseKind) {
        match clause {
            ClauseKind::On(refs) => refs.iter().for_each(|one| match &one.kind {
                AccountRefKind::Named(names) => {
                    for name in names {
                        let place = FileSpan { file: self.file, span: name.span };
                        self.used.on.push((name.value(self.text).into_owned(), place));
                    }
                    self.names(Kind::Account, names);
                }
                AccountRefKind::Kind { word, except } => {
                    self.kind(*word);
                    self.excepted(except);
                }
                AccountRefKind::Any { except } => self.excepted(except),
            }),
            ClauseKind::To(refs) => refs.iter().for_each(|one| match &one.kind {
                PayeeRefKind::Payees(names) => self.names(Kind::Payee, names),
                PayeeRefKind::Accounts(names) => self.names(Kind::Account, names),
                PayeeRefKind::OwnAccounts => self.used.own = true,
                PayeeRefKind::Ibans(_) | PayeeRefKind::Favorites | PayeeRefKind::Anyone => {}
            }),
            ClauseKind::Within(names) => self.names(Kind::Limit, names),
            ClauseKind::From(refs) => refs.iter().for_each(|one| {
                if let NetworkRefKind::Named(names) = &one.kind {
                    self.names(Kind::Network, names);
                }
            }),
            _ => {}
        }
    }

    fn excepted(&mut self, except: &[Excepted]) {
        for one in except {
            match one {
                Excepted::Account(name) => self.name(Kind::Account, name),
                Excepted::Kind(word) => self.kind(*word),
            }
        }
    }

    fn kind(&mut self, word: Token) {
        self.used.kinds.insert(Span::of(word, self.text).to_owned());
    }

    fn names(&mut self, kind: Kind, names: &[Str]) {
        names.iter().for_each(|name| self.name(kind, name));
    }

    fn name(&mut self, kind: Kind, name: &Str) {
        self.used.names.insert((kind, name.value(self.text).into_owned()));
    }
}

/// Files that another file of the policy imports: what they declare may be for other policies.
pub(crate) fn imported(cx: &Context<'_>) -> HashSet<FileId> {
    let sources = &cx.checked.sources;
    let mut paths = HashSet::new();
    for (file, item) in items(cx) {
        if let ItemKind::Import(name) = &item.kind {
            let source = sources.get(file);
            let folder = source.path.parent().unwrap_or(Utf8Path::new(""));
            paths.insert(normal(&folder.join(name.value(&source.text).as_ref())));
        }
    }
    sources.iter().filter(|(_, source)| paths.contains(&normal(&source.path))).map(|(file, _)| file).collect()
}
