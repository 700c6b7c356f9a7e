//! What the checks share: the files in document order, the names, and the policy as it grows.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::check::{Bank, Policy, Target};
use crate::diag::{Diagnostic, Level};
use crate::source::{FileId, FileSpan, Sources, Span};
use crate::syntax::tree::{Item, Str, Tree};

/// The kinds of names that a policy declares. Payees and groups of payees share one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Space {
    Account,
    Payee,
    Network,
    Limit,
    Role,
    Key,
    Test,
}

/// The index of a key that is not looked at.
pub(crate) const ELSEWHERE: usize = usize::MAX;

/// A declared name: its index in the policy's table and where it stands.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Declared {
    pub(crate) index: usize,
    pub(crate) place: FileSpan,
}

pub(crate) struct Context<'a> {
    trees: &'a [Arc<Tree>],
    sources: &'a Sources,
    order: &'a [(FileId, usize)],
    /// The only keys that are looked at; all without any.
    keys: Option<&'a [String]>,
    /// By [`Space`].
    names: [HashMap<String, Declared>; 7],
    pub(crate) policy: Policy,
    /// What needs a time zone: the first place of each use.
    pub(crate) zone_uses: Vec<FileSpan>,
    /// Which accounts are declared with an IBAN, readable or not.
    pub(crate) with_iban: Vec<bool>,
    /// Lists of operations that subjects name; large policies name the same ones again and again.
    targets: HashSet<Arc<[Target]>>,
    errors: usize,
    found: &'a mut Vec<Diagnostic>,
}

impl<'a> Context<'a> {
    pub(crate) fn new(
        sources: &'a Sources,
        trees: &'a [Arc<Tree>],
        order: &'a [(FileId, usize)],
        bank: Bank,
        keys: Option<&'a [String]>,
        found: &'a mut Vec<Diagnostic>,
    ) -> Self {
        let policy = Policy { bank, ..Policy::default() };
        Self {
            trees,
            sources,
            order,
            keys,
            names: Default::default(),
            policy,
            zone_uses: Vec::new(),
            with_iban: Vec::new(),
            targets: HashSet::new(),
            errors: 0,
            found,
        }
    }

    /// All items in document order, imports in their place.
    pub(crate) fn items(&self) -> impl Iterator<Item = (At<'a>, &'a Item)> + use<'a> {
        let (trees, sources) = (self.trees, self.sources);
        self.order.iter().filter_map(move |&(file, index)| {
            let item = trees.get(file.0 as usize)?.items.get(index)?;
            Some((At { file, text: &sources.get(file).text }, item))
        })
    }

    /// From here on only these items are looked at.
    pub(crate) fn look_at(&mut self, items: &'a [(FileId, usize)]) {
        self.order = items;
    }

    /// Whether every key is looked at.
    pub(crate) fn looks_at_all(&self) -> bool {
        self.keys.is_none()
    }

    /// Whether a key is looked at.
    pub(crate) fn looks_at(&self, key: &str) -> bool {
        self.keys.is_none_or(|keys| keys.iter().any(|one| one == key))
    }

    pub(crate) fn report(&mut self, diagnostic: Diagnostic) {
        self.errors += usize::from(diagnostic.level == Level::Error);
        self.found.push(diagnostic);
    }

    /// What was understood; a fault is reported.
    pub(crate) fn settle<T>(&mut self, result: Result<T, Box<Diagnostic>>) -> Option<T> {
        result.map_err(|fault| self.report(*fault)).ok()
    }

    /// Whether an error was found in an item behind its name, so that what stands there is not all that was meant.
    pub(crate) fn is_broken(&self, at: At<'_>, item: &Item, name: &Str) -> bool {
        self.found.iter().any(|found| {
            let place = found.place;
            place.file == at.file
                && found.level == Level::Error
                && name.span.end < place.span.start
                && place.span.end <= item.span.end
                && found.name != "braces"
        })
    }

    /// How many errors these checks have reported so far.
    pub(crate) fn errors(&self) -> usize {
        self.errors
    }

    /// The one copy of a list of operations, for all subjects that name it.
    pub(crate) fn shared(&mut self, targets: Arc<[Target]>) -> Arc<[Target]> {
        if let Some(known) = self.targets.get(&targets) {
            return Arc::clone(known);
        }
        self.targets.insert(Arc::clone(&targets));
        targets
    }

    /// Declares a name and says its index; nothing when it was declared before.
    pub(crate) fn declare(
        &mut self,
        space: Space,
        name: String,
        index: usize,
        place: FileSpan,
    ) -> Result<(), Declared> {
        match self.names[space as usize].entry(name) {
            std::collections::hash_map::Entry::Occupied(first) => Err(*first.get()),
            std::collections::hash_map::Entry::Vacant(free) => {
                free.insert(Declared { index, place });
                Ok(())
            }
        }
    }

    pub(crate) fn lookup(&self, space: Space, name: &str) -> Option<Declared> {
        self.names[space as usize].get(name).copied()
    }

    /// All names of a kind, sorted.
    pub(crate) fn names_of(&self, space: Space) -> Vec<&str> {
        let mut names: Vec<&str> = self.names[space as usize].keys().map(String::as_str).collect();
        names.sort_unstable();
        names
    }
}

/// A file that is being read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct At<'a> {
    pub(crate) file: FileId,
    pub(crate) text: &'a str,
}

impl<'a> At<'a> {
    pub(crate) fn word(&self, span: Span) -> &'a str {
        span.of(self.text)
    }

    pub(crate) fn place(&self, span: Span) -> FileSpan {
        FileSpan { file: self.file, span }
    }

    pub(crate) fn name(&self, string: &Str) -> Cow<'a, str> {
        string.value(self.text)
    }

    pub(crate) fn error(&self, name: &'static str, span: Span, message: impl Into<String>) -> Diagnostic {
        Diagnostic::error(name, self.file, span, message)
    }

    pub(crate) fn warning(&self, name: &'static str, span: Span, message: impl Into<String>) -> Diagnostic {
        Diagnostic::warning(name, self.file, span, message)
    }

    /// The text of a doc comment, without its slashes; nothing when there is none.
    pub(crate) fn doc(&self, lines: &[Span]) -> Option<String> {
        if lines.is_empty() {
            return None;
        }
        let lines: Vec<&str> = lines
            .iter()
            .map(|&line| {
                let line = self.word(line).trim_start_matches('/');
                line.strip_prefix(' ').unwrap_or(line).trim_end()
            })
            .collect();
        Some(lines.join("\n"))
    }
}
