//! The files that an editor works on, parsed once, and the policies that they make up. A policy is a file that no other
//! imports, with all that it imports.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};

use crate::Read;
use crate::check::{self, Parsed, normal};
use crate::ide::completion::Elsewhere;
use crate::ide::declared::{Declared, in_file};
use crate::ide::names::Page;
use crate::ide::part::Snapshot;
use crate::ide::symbols::Kind;
use crate::source::{FileId, Sources, Span};
use crate::syntax::reparse::{Edited, reparse};
use crate::syntax::tree::ItemKind;

/// All files that are known, by their paths without `.` and `..`.
#[derive(Debug, Default)]
pub struct Workspace {
    files: BTreeMap<Utf8PathBuf, File>,
    /// Which files each file is imported by, once that was asked for.
    importers: OnceCell<Importers>,
}

type Importers = BTreeMap<Utf8PathBuf, Vec<Utf8PathBuf>>;

/// A file, and those that it imports, as far as their names can be read.
#[derive(Debug)]
struct File {
    parsed: Parsed,
    imports: Vec<Utf8PathBuf>,
}

impl File {
    fn of(path: &Utf8Path, text: String) -> Self {
        let parsed = Parsed::of(path, text);
        let imports = imports(&parsed);
        Self { parsed, imports }
    }
}

fn imports(parsed: &Parsed) -> Vec<Utf8PathBuf> {
    let source = &parsed.source;
    let beside = source.path.parent().unwrap_or(Utf8Path::new(""));
    let named = parsed.tree.items.iter().filter_map(|item| match &item.kind {
        ItemKind::Import(name) => Some(normal(&beside.join(&*name.value(&source.text)))),
        _ => None,
    });
    named.filter(|path| *path != source.path).collect()
}

impl Workspace {
    /// Takes a file, or a whole new text for one.
    pub fn set(&mut self, path: &Utf8Path, text: String) {
        let path = normal(path);
        let file = File::of(&path, text);
        let imports = file.imports.clone();
        let before = self.files.insert(path, file);
        if before.is_none_or(|before| before.imports != imports) {
            self.importers.take();
        }
    }

    /// Takes many files, parsed on all processors.
    pub fn set_all(&mut self, files: Vec<(Utf8PathBuf, String)>) {
        let read = crate::parallel::map(files, 16, |(path, text)| File::of(&normal(&path), text));
        self.importers.take();
        self.files.extend(read.into_iter().map(|file| (file.parsed.source.path.clone(), file)));
    }

    /// Replaces a part of a text, and says what of the file that touched; nothing for a file that is not known or a place
    /// that is not in it. Only the items around the place are read anew.
    pub fn edit(&mut self, path: &Utf8Path, place: Span, text: &str) -> Option<Edited> {
        let file = self.files.get_mut(&normal(path))?;
        let parsed = &mut file.parsed;
        let old = &parsed.source.text;
        let (start, end) = (place.start as usize, place.end as usize);
        old.get(start..end)?;
        let mut new = String::with_capacity(old.len() + text.len());
        new.push_str(&old[..start]);
        new.push_str(text);
        new.push_str(&old[end..]);
        let edited = reparse(&mut parsed.tree, &mut parsed.faults, old, &new, place, text.len());
        parsed.source = Arc::new(crate::source::Source { path: parsed.source.path.clone(), text: new });
        if edited.imports {
            file.imports = imports(parsed);
            self.importers.take();
        }
        Some(edited)
    }

    /// Forgets a file.
    pub fn remove(&mut self, path: &Utf8Path) {
        self.files.remove(&normal(path));
        self.importers.take();
    }

    /// The text of a file.
    pub fn text(&self, path: &Utf8Path) -> Option<&str> {
        self.files.get(&normal(path)).map(|file| file.parsed.source.text.as_str())
    }

    /// All files with their trees, by path.
    pub fn pages(&self) -> impl Iterator<Item = Page<'_>> {
        let parsed = self.files.values().map(|file| &file.parsed);
        parsed.map(|file| Page { path: &file.source.path, text: &file.source.text, tree: &file.tree })
    }

    /// All files, by path.
    pub fn paths(&self) -> impl Iterator<Item = &Utf8Path> {
        self.files.keys().map(Utf8PathBuf::as_path)
    }

    /// The policies in which a file stands, by the file that each begins with; the file itself where no other imports it.
    pub fn roots(&self, path: &Utf8Path) -> Vec<Utf8PathBuf> {
        let importers = self.importers();
        let mut roots = BTreeSet::new();
        let mut seen = BTreeSet::new();
        let mut open = vec![normal(path)];
        while let Some(path) = open.pop() {
            if !seen.insert(path.clone()) {
                continue;
            }
            match importers.get(&path) {
                Some(above) => open.extend(above.iter().cloned()),
                None => _ = roots.insert(path),
            }
        }
        // Files that import each other have no beginning, so each stands for itself.
        if roots.is_empty() { vec![normal(path)] } else { roots.into_iter().collect() }
    }

    /// All policies, by the file that each begins with. Files that only import each other have no beginning, so each of
    /// them stands for itself.
    pub fn policies(&self) -> Vec<Utf8PathBuf> {
        let importers = self.importers();
        let mut first: Vec<Utf8PathBuf> =
            self.files.keys().filter(|path| !importers.contains_key(*path)).cloned().collect();
        let mut reached: BTreeSet<&Utf8PathBuf> = BTreeSet::new();
        let mut open: Vec<&Utf8PathBuf> = first.iter().collect();
        while let Some(path) = open.pop() {
            if reached.insert(path) {
                open.extend(self.files.get(path).into_iter().flat_map(|file| &file.imports));
            }
        }
        let rest: Vec<Utf8PathBuf> = self.files.keys().filter(|path| !reached.contains(path)).cloned().collect();
        first.extend(rest);
        first
    }

    /// The files below a root that a file may import: none that imports it.
    pub fn importable(&self, path: &Utf8Path, root: &Utf8Path) -> Vec<Utf8PathBuf> {
        let importers = self.importers();
        let mut above = BTreeSet::new();
        let mut open = vec![normal(path)];
        while let Some(path) = open.pop() {
            if above.insert(path.clone()) {
                open.extend(importers.get(&path).into_iter().flatten().cloned());
            }
        }
        let root = normal(root);
        self.files.keys().filter(|path| !above.contains(*path) && path.starts_with(&root)).cloned().collect()
    }

    /// The names that a file could know by an import: those of files that it may import and that are not among `known`.
    /// Files that declare again what is declared there are left out.
    pub fn elsewhere(&self, path: &Utf8Path, root: &Utf8Path, known: &Sources) -> Vec<Elsewhere> {
        let names = |path: &Utf8Path| {
            let file = self.files.get(path);
            file.map_or_else(Vec::new, |file| in_file(FileId::default(), &file.parsed.source.text, &file.parsed.tree))
        };
        let space = |kind| if kind == Kind::Payees { Kind::Payee } else { kind };
        let taken: HashSet<(Kind, String)> =
            known.iter().flat_map(|(_, source)| names(&source.path)).map(|one| (space(one.kind), one.name)).collect();
        let own: BTreeSet<&Utf8PathBuf> = known.iter().map(|(_, source)| &source.path).collect();
        let mut all = Vec::new();
        for path in self.importable(path, root).into_iter().filter(|path| !own.contains(path)) {
            let here = names(&path);
            if here.iter().any(|one| taken.contains(&(space(one.kind), one.name.clone()))) {
                continue;
            }
            let one =
                |one: Declared| Elsewhere { name: one.name, kind: one.kind, detail: one.detail, path: path.clone() };
            all.extend(here.into_iter().map(one));
        }
        all
    }

    /// Which files each file is imported by.
    fn importers(&self) -> &Importers {
        self.importers.get_or_init(|| {
            let mut all = Importers::new();
            for (path, file) in &self.files {
                for target in file.imports.iter().filter(|target| self.files.contains_key(*target)) {
                    all.entry(target.clone()).or_default().push(path.clone());
                }
            }
            all
        })
    }

    /// The policy that begins with a file, as it is now; nothing for a file that is not known. Imports must stay below
    /// `root`; files that are not known are asked for with `read`, banks' catalogues too.
    pub fn policy(&self, path: &Utf8Path, root: &Utf8Path, read: Read<'_>) -> Option<Snapshot> {
        let first = self.files.get(&normal(path))?.parsed.clone();
        let import = |path: &Utf8Path| match self.files.get(path) {
            Some(file) => Ok(file.parsed.clone()),
            None => Ok(Parsed::of(path, read(path)?)),
        };
        let (loaded, bank) = check::read(vec![first], root, &import, read);
        Some(Snapshot::new(loaded, bank, root))
    }
}
