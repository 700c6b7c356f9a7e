//! A policy at one moment, and the parts of it that are looked at by themselves: some keys, with the declarations, roles
//! and guardrails that they depend on. A fault in another key, claim or test takes nothing away from a part.

use std::collections::BTreeSet;

use bpol_engine::ir::Ir;
use camino::{Utf8Path, Utf8PathBuf};
use jiff::Timestamp;

use crate::check::{self, Bank, Loaded};
use crate::diag::{Diagnostic, Level};
use crate::ide::View;
use crate::ide::names::Page;
use crate::lint::Wanted;
use crate::source::{FileId, FileSpan, Span};
use crate::syntax::tree::{Item, ItemKind, Str, Who};
use crate::{Checked, compile, examine};

/// A policy at one moment. Copies share its texts and trees.
#[derive(Debug, Clone)]
pub struct Snapshot {
    loaded: Loaded,
    bank: Bank,
    root: Utf8PathBuf,
}

/// What is known of a policy, or of some of its keys.
#[derive(Debug)]
pub struct Part {
    /// The policy; of keys that are not looked at only the names.
    pub checked: Checked,
    /// What it was compiled to; nothing while it has errors.
    pub ir: Option<Ir>,
}

impl Part {
    /// A file of the policy.
    pub fn view(&self, file: FileId) -> View<'_> {
        View { checked: &self.checked, file, ir: self.ir.as_ref() }
    }
}

impl Snapshot {
    pub(super) fn new(loaded: Loaded, bank: Bank, root: &Utf8Path) -> Self {
        Self { loaded, bank, root: root.to_owned() }
    }

    /// The file of a path.
    pub fn file(&self, path: &Utf8Path) -> Option<FileId> {
        self.loaded.sources.iter().find(|(_, source)| source.path == path).map(|(file, _)| file)
    }

    /// Its files.
    pub fn sources(&self) -> &crate::source::Sources {
        &self.loaded.sources
    }

    /// Its files with their trees.
    pub fn pages(&self) -> impl Iterator<Item = Page<'_>> {
        let trees = self.loaded.trees.iter();
        let sources = self.loaded.sources.iter().map(|(_, source)| source);
        sources.zip(trees).map(|(source, tree)| Page { path: &source.path, text: &source.text, tree })
    }

    /// All of it.
    pub fn whole(&self) -> Part {
        let checked = check::meaning(self.loaded.clone(), self.bank.clone(), &self.root, None);
        let ir = compile(&checked);
        Part { checked, ir }
    }

    /// Some of its keys, with what they depend on.
    pub fn part(&self, keys: &[String]) -> Part {
        let mut loaded = self.loaded.clone();
        let concerns =
            |item: &Item, file: FileId| is_shared(&item.kind) || self.speaks_of(file, item, keys) != Speaks::No;
        let does = |found: &Diagnostic| {
            let FileSpan { file, span } = found.place;
            self.item_at(file, span.start).is_some_and(|item| concerns(item, file))
        };
        loaded.diagnostics.retain(does);
        let items = loaded.order.iter().copied();
        let items = items.filter(|&(file, at)| self.item(file, at).is_some_and(|item| concerns(item, file))).collect();
        let part = check::Keys { keys: keys.to_vec(), items };
        let mut checked = check::meaning(loaded, self.bank.clone(), &self.root, Some(part));
        checked.diagnostics.retain(does);
        let ir = compile(&checked);
        Part { checked, ir }
    }

    /// The keys that the item at a place is or speaks of; none for other items, and for those that speak of every key.
    pub fn keys_at(&self, file: FileId, offset: u32) -> Vec<String> {
        self.item_at(file, offset).map_or_else(Vec::new, |item| self.keys_of(file, item))
    }

    /// The keys that the items within a span, or at its ends, are or speak of.
    pub fn keys_in(&self, file: FileId, span: Span) -> Vec<String> {
        let items = self.loaded.trees.get(file.0 as usize).map_or(&[][..], |tree| &tree.items);
        let first = items.partition_point(|item| item.span.end < span.start);
        let within = items[first..].iter().take_while(|item| whole(item).start <= span.end);
        within.flat_map(|item| self.keys_of(file, item)).collect()
    }

    /// The part around a place.
    pub fn around(&self, file: FileId, offset: u32) -> Part {
        self.part(&self.keys_at(file, offset))
    }

    /// All findings, as a check of the policy has them. While it has errors lints and claims of keys without any are
    /// still told.
    pub fn findings(&self, now: Option<Timestamp>, wanted: Wanted<'_>) -> Vec<Diagnostic> {
        let mut checked = check::meaning(self.loaded.clone(), self.bank.clone(), &self.root, None);
        if !checked.has_errors() {
            examine(&mut checked, now, None, wanted);
            return checked.diagnostics;
        }
        let sound: Vec<String> = self.sound(&checked.diagnostics);
        crate::suppress(&mut checked, now);
        let mut found = checked.diagnostics;
        if !sound.is_empty() {
            let of_keys = self.findings_of(&sound, now, wanted);
            let new: Vec<Diagnostic> = of_keys.into_iter().filter(|one| !found.contains(one)).collect();
            found.extend(new);
            check::sort(&mut found);
        }
        found
    }

    /// The findings that stand in keys and in what is about them alone, and claims about these and other keys that fail
    /// for these.
    pub fn findings_of(&self, keys: &[String], now: Option<Timestamp>, wanted: Wanted<'_>) -> Vec<Diagnostic> {
        let own = self.own(keys);
        let mut part = self.part(keys);
        match part.ir {
            Some(_) => examine(&mut part.checked, now, None, wanted),
            None => crate::suppress(&mut part.checked, now),
        }
        part.checked.diagnostics.retain(|found| is_in(found.place, &own) || crate::is_claim(found));
        part.checked.diagnostics
    }

    /// Where keys stand, and the claims and tests that are about them alone.
    pub fn own(&self, keys: &[String]) -> Vec<FileSpan> {
        let items = self.items().filter(|(file, item)| self.speaks_of(*file, item, keys) == Speaks::OfThemAlone);
        items.map(|(file, item)| FileSpan { file, span: whole(item) }).collect()
    }

    /// Keys in which nothing is wrong, when nothing is wrong with what all depend on either.
    fn sound(&self, found: &[Diagnostic]) -> Vec<String> {
        let errors: Vec<FileSpan> =
            found.iter().filter(|found| found.level == Level::Error).map(|found| found.place).collect();
        if errors.iter().any(|place| self.item_of(*place).is_some_and(|item| is_shared(&item.kind))) {
            return Vec::new();
        }
        let keys = self.items().filter(|(_, item)| matches!(item.kind, ItemKind::Key { .. }));
        let is_sound = |(file, item): &(FileId, &Item)| {
            !errors.iter().any(|place| place.file == *file && holds(item, place.span.start))
        };
        let names: BTreeSet<String> = keys.filter(is_sound).flat_map(|(file, item)| self.keys_of(file, item)).collect();
        names.into_iter().collect()
    }

    fn items(&self) -> impl Iterator<Item = (FileId, &Item)> {
        let trees = (0..).map(FileId).zip(&self.loaded.trees);
        trees.flat_map(|(file, tree)| tree.items.iter().map(move |item| (file, item)))
    }

    fn item(&self, file: FileId, at: usize) -> Option<&Item> {
        self.loaded.trees.get(file.0 as usize)?.items.get(at)
    }

    fn item_of(&self, place: FileSpan) -> Option<&Item> {
        self.item_at(place.file, place.span.start)
    }

    /// The item at a place, its doc comment included.
    fn item_at(&self, file: FileId, offset: u32) -> Option<&Item> {
        let items = &self.loaded.trees.get(file.0 as usize)?.items;
        let next = items.partition_point(|item| item.span.end < offset);
        items.get(next).filter(|item| holds(item, offset))
    }

    /// Whether an item is about keys.
    fn speaks_of(&self, file: FileId, item: &Item, keys: &[String]) -> Speaks {
        let text = &self.loaded.sources.get(file).text;
        let is_one = |name: &Str| {
            let name = name.value(text);
            keys.iter().any(|key| *key == name)
        };
        match &item.kind {
            ItemKind::Key { name, .. } if is_one(name) => Speaks::OfThemAlone,
            ItemKind::Test(test) if is_one(&test.key) => Speaks::OfThemAlone,
            ItemKind::Ensure(claim) => match &claim.who {
                Who::Keys(names) if names.iter().all(is_one) => Speaks::OfThemAlone,
                Who::Keys(names) if !names.iter().any(is_one) => Speaks::No,
                Who::Keys(_) | Who::Every(_) | Who::No => Speaks::OfOthersToo,
            },
            _ => Speaks::No,
        }
    }

    fn keys_of(&self, file: FileId, item: &Item) -> Vec<String> {
        let text = &self.loaded.sources.get(file).text;
        match &item.kind {
            ItemKind::Key { name, .. } => vec![name.value(text).into_owned()],
            ItemKind::Test(test) => vec![test.key.value(text).into_owned()],
            ItemKind::Ensure(claim) => match &claim.who {
                Who::Keys(names) => names.iter().map(|name| name.value(text).into_owned()).collect(),
                Who::Every(_) | Who::No => Vec::new(),
            },
            _ => Vec::new(),
        }
    }
}

/// Of which keys an item speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Speaks {
    OfThemAlone,
    OfOthersToo,
    No,
}

/// An item with its doc comment.
fn whole(item: &Item) -> Span {
    item.doc.first().map_or(item.span, |doc| doc.to(item.span))
}

fn holds(item: &Item, offset: u32) -> bool {
    let span = whole(item);
    span.start <= offset && offset <= span.end
}

fn is_in(place: FileSpan, own: &[FileSpan]) -> bool {
    own.iter().any(|own| own.file == place.file && own.span.start <= place.span.start && place.span.end <= own.span.end)
}

/// Whether every key may depend on an item. What could not be read may have been anything: nobody may depend on it.
fn is_shared(kind: &ItemKind) -> bool {
    !matches!(kind, ItemKind::Key { .. } | ItemKind::Test(_) | ItemKind::Ensure(_) | ItemKind::Bad)
}
