//! What the server knows: texts, policies, findings. It speaks to nobody.

mod questions;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use bpolc::config::Config;
use bpolc::ide::names::Page;
use bpolc::ide::{Known, Part, Replaced, Snapshot, Workspace};
use bpolc::lint::Lint;
use bpolc::source::Span;
use camino::{Utf8Path, Utf8PathBuf};
use jiff::Timestamp;
use lsp_types::{TextDocumentContentChangeEvent, Uri};

use crate::client::Client;
use crate::colours::Colours;
use crate::disk;
use crate::path;
use crate::position::Lines;
use crate::progress::Out;
use crate::settings::{Effective, Settings};
use crate::worker::{Done, Found, Job};

/// Policies of at most so many bytes are looked through whole at each change: it takes a few milliseconds.
const SMALL: usize = 16 * 1024;

/// Who types pauses at least so long before a whole policy is looked through.
const PAUSE: Duration = Duration::from_millis(120);

/// What is known.
pub(crate) struct State {
    /// What the editor understands.
    pub(crate) client: Client,
    /// Where handlers tell how far they are.
    pub(crate) out: Out,
    folders: Vec<Utf8PathBuf>,
    workspace: Workspace,
    open: BTreeMap<Utf8PathBuf, Open>,
    user: Settings,
    configs: RefCell<HashMap<Utf8PathBuf, (Config, Utf8PathBuf)>>,
    policies: BTreeMap<Utf8PathBuf, Policy>,
    /// Counts all changes; the workers see it, too.
    generation: u64,
    newest: Arc<AtomicU64>,
    /// Parts of policies as they are now, by the policy and its keys, all without any.
    parts: RefCell<HashMap<PartOf, Arc<Part>>>,
    /// The colours that the editor was last told of documents.
    pub(crate) colours: RefCell<Colours>,
}

/// A policy and some of its keys.
type PartOf = (Utf8PathBuf, Option<Vec<String>>);

/// A document that is open in the editor.
#[derive(Debug, Clone)]
struct Open {
    uri: Uri,
    version: i32,
}

/// A policy and what was found in it.
struct Policy {
    known: Known,
    /// Since which change it is as it is.
    generation: u64,
    /// Keys that were touched since something was last found.
    touched: BTreeSet<String>,
    /// Whether it has to be looked at, and whether somebody does.
    stale: bool,
    busy: bool,
    /// When it was last typed into.
    typed: Option<Instant>,
}

impl State {
    pub(crate) fn new(client: Client, folders: Vec<Utf8PathBuf>) -> Self {
        let mut workspace = Workspace::default();
        workspace.set_all(disk::policies(&folders));
        let mut state = Self {
            client,
            out: Out::default(),
            folders,
            workspace,
            open: BTreeMap::new(),
            user: Settings::default(),
            configs: RefCell::default(),
            policies: BTreeMap::new(),
            generation: 0,
            newest: Arc::default(),
            parts: RefCell::default(),
            colours: RefCell::default(),
        };
        state.regroup();
        state
    }

    /// Sets what the user of the editor wants.
    pub(crate) fn set_user(&mut self, user: Settings) {
        self.user = user;
        self.look_again();
    }

    /// What the user of the editor wants.
    pub(crate) fn user(&self) -> &Settings {
        &self.user
    }

    /// Takes a document that was opened.
    pub(crate) fn opened(&mut self, uri: Uri, version: i32, text: String) {
        let path = path_of(&uri);
        // An editor opens what the disk has: then nothing is new.
        let is_new = self.workspace.text(&path) != Some(&text);
        self.open.insert(path.clone(), Open { uri, version });
        if is_new {
            self.workspace.set(&path, text);
            self.regroup();
            self.touched(&path);
        }
    }

    /// Changes an open document, change by change.
    pub(crate) fn changed(&mut self, uri: &Uri, version: i32, changes: Vec<TextDocumentContentChangeEvent>) {
        let path = path_of(uri);
        let Some(open) = self.open.get_mut(&path) else {
            return eprintln!("bpol-lsp: `{}` was changed without being open", uri.as_str());
        };
        open.version = version;
        for change in changes {
            match change.range {
                None => {
                    self.workspace.set(&path, change.text);
                    self.regroup();
                    self.touched(&path);
                }
                Some(range) => {
                    let Some(text) = self.workspace.text(&path) else { continue };
                    let place = Lines::new(text, self.client.encoding).span(range);
                    self.replace(&path, place, &change.text);
                }
            }
        }
    }

    fn replace(&mut self, path: &Utf8Path, place: Span, text: &str) {
        let before = self.keys_at(path, place);
        let Some(edited) = self.workspace.edit(path, place, text) else { return };
        self.next();
        if edited.imports {
            self.regroup();
        }
        let replaced = Replaced { place, length: u32::try_from(text.len()).unwrap_or(u32::MAX) };
        for root in self.workspace.roots(path) {
            let Some(snapshot) = self.snapshot(&root) else { continue };
            let Some(policy) = self.policies.get_mut(&root) else { continue };
            policy.generation = self.generation;
            policy.stale = true;
            policy.typed = Some(Instant::now());
            let Some(file) = snapshot.file(path) else { continue };
            policy.known.edited(snapshot, file, replaced, edited.touched);
            policy.touched.extend(before.iter().cloned());
            policy.touched.extend(policy.known.snapshot().keys_in(file, edited.touched));
        }
    }

    fn keys_at(&self, path: &Utf8Path, place: Span) -> BTreeSet<String> {
        let roots = self.workspace.roots(path);
        let known = roots.iter().filter_map(|root| Some(self.policies.get(root)?.known.snapshot()));
        known
            .flat_map(|snapshot| snapshot.file(path).map_or_else(Vec::new, |file| snapshot.keys_in(file, place)))
            .collect()
    }

    /// Closes a document: from now on the disk counts.
    pub(crate) fn closed(&mut self, uri: &Uri) {
        let path = path_of(uri);
        self.open.remove(&path);
        self.colours.borrow_mut().forget(&path);
        self.reread(&path);
    }

    /// A file on the disk may have changed.
    pub(crate) fn changed_on_disk(&mut self, uri: &Uri) {
        let path = path_of(uri);
        if path.file_name() == Some(bpolc::config::FILE) || path.extension() != Some("bpol") {
            // Settings, or a bank's catalogue that some policy may speak.
            self.configs.borrow_mut().clear();
            self.look_again();
        } else if !self.open.contains_key(&path) {
            self.reread(&path);
        }
    }

    /// Takes what the disk has now.
    fn reread(&mut self, path: &Utf8Path) {
        let is_ours = self.folders.iter().any(|folder| path.starts_with(folder));
        match disk::text(path) {
            Ok(text) if is_ours => {
                if self.workspace.text(path) == Some(&text) {
                    return;
                }
                self.workspace.set(path, text);
            }
            _ => self.workspace.remove(path),
        }
        self.regroup();
        self.touched(path);
    }

    /// Everything has to be looked at again.
    pub(crate) fn look_again(&mut self) {
        self.next();
        self.policies.clear();
        self.regroup();
    }

    fn next(&mut self) {
        self.generation += 1;
        self.newest.store(self.generation, Ordering::Release);
        self.parts.borrow_mut().clear();
    }

    /// A file has a new text: its policies are read again.
    fn touched(&mut self, path: &Utf8Path) {
        self.next();
        for root in self.workspace.roots(path) {
            self.policies.remove(&root);
        }
        self.regroup();
    }

    /// Finds the policies that the files make up, and reads those that are not known yet.
    fn regroup(&mut self) {
        let roots: BTreeSet<Utf8PathBuf> = self.workspace.policies().into_iter().collect();
        self.policies.retain(|root, _| roots.contains(root));
        for root in roots {
            if self.policies.contains_key(&root) {
                continue;
            }
            if let Some(snapshot) = self.snapshot(&root) {
                let (known, generation, touched) = (Known::new(snapshot), self.generation, BTreeSet::new());
                self.policies
                    .insert(root, Policy { known, generation, touched, stale: true, busy: false, typed: None });
            }
        }
    }

    /// The policy that begins with a file, as it is now.
    fn snapshot(&self, root: &Utf8Path) -> Option<Snapshot> {
        let base = self.base(root);
        let is_file = root.is_absolute();
        let read = |path: &Utf8Path| {
            if is_file {
                disk::inside(path, &base)
            } else {
                Err("this document is not saved yet, and imports are found from where it lies".to_owned())
            }
        };
        self.workspace.policy(root, &base, &read)
    }

    /// The deepest folder of the workspace that holds a file, else the directory that it lies in.
    fn base(&self, path: &Utf8Path) -> Utf8PathBuf {
        let parent = || path.parent().map(Utf8Path::to_owned).unwrap_or_default();
        let holding = self.folders.iter().filter(|folder| path.starts_with(folder));
        holding.max_by_key(|folder| folder.components().count()).cloned().unwrap_or_else(parent)
    }

    /// The settings that count for a policy.
    pub(crate) fn settings(&self, root: &Utf8Path) -> Effective {
        let base = self.base(root);
        let mut configs = self.configs.borrow_mut();
        let (config, base) = configs
            .entry(base)
            .or_insert_with_key(|base| {
                let (config, base, fault) = disk::config(base);
                fault.iter().for_each(|fault| eprintln!("bpol-lsp: {fault}"));
                (config, base)
            })
            .clone();
        Effective { user: self.user.clone(), config, base }
    }

    /// Looks at what was touched, and tells which policies have news and which have to be looked through whole.
    pub(crate) fn look(&mut self) -> (Vec<Utf8PathBuf>, Vec<Job>) {
        let (mut news, mut jobs) = (Vec::new(), Vec::new());
        let now = Timestamp::now();
        let stale: Vec<Utf8PathBuf> =
            self.policies.iter().filter(|(_, policy)| policy.stale).map(|(root, _)| root.clone()).collect();
        let many = stale.len() > 8;
        for root in stale {
            let settings = self.settings(&root);
            let Some(policy) = self.policies.get_mut(&root) else { continue };
            policy.stale = false;
            let keys: Vec<String> = std::mem::take(&mut policy.touched).into_iter().collect();
            let wanted = |lint: &Lint| settings.wants(lint);
            let known = &mut policy.known;
            let size: usize = known.snapshot().sources().iter().map(|(_, source)| source.text.len()).sum();
            // A fault of the server must not take the editor's session with it; workers report it.
            let look = std::panic::AssertUnwindSafe(|| {
                if size <= SMALL && !many {
                    let findings = known.snapshot().findings(Some(now), &wanted);
                    known.settle(findings);
                } else if !keys.is_empty() {
                    known.look_at(&keys, Some(now), &wanted);
                }
            });
            if std::panic::catch_unwind(look).is_err() {
                eprintln!("bpol-lsp: looking at {root} failed; this is a bug, please report it");
            }
            news.push(root.clone());
            if !policy.known.is_settled() && !policy.busy {
                policy.busy = true;
                let (snapshot, generation) = (policy.known.snapshot().clone(), policy.generation);
                let (not_before, newest) = (policy.typed.map(|typed| typed + PAUSE), Arc::clone(&self.newest));
                jobs.push(Job {
                    root,
                    generation,
                    snapshot,
                    settings,
                    now,
                    not_before,
                    asked_in: self.generation,
                    newest,
                });
            }
        }
        (news, jobs)
    }

    /// Takes what was found in a policy; says whether that is news. What was found in an older text is not: it is looked
    /// at again.
    pub(crate) fn done(&mut self, done: Done) -> bool {
        let Some(policy) = self.policies.get_mut(&done.root) else { return false };
        policy.busy = false;
        match done.found {
            Found::All(findings) if policy.generation == done.generation => {
                policy.known.settle(findings);
                true
            }
            Found::All(_) | Found::Late => {
                policy.stale = true;
                false
            }
            Found::Broken => {
                eprintln!("bpol-lsp: checking {} failed; this is a bug, please report it", done.root);
                false
            }
        }
    }

    /// Whether everything was looked through as it is now.
    pub(crate) fn is_settled(&self) -> bool {
        self.policies.values().all(|policy| policy.known.is_settled())
    }

    /// The files of a policy.
    pub(crate) fn files_of(&self, root: &Utf8Path) -> Vec<Utf8PathBuf> {
        let sources = self.policies.get(root).map(|policy| policy.known.snapshot().sources());
        sources.into_iter().flat_map(bpolc::source::Sources::iter).map(|(_, source)| source.path.clone()).collect()
    }

    /// All files that are known.
    pub(crate) fn files(&self) -> Vec<Utf8PathBuf> {
        self.workspace.paths().map(Utf8Path::to_owned).collect()
    }

    /// What is known of the policies in which a file stands.
    pub(crate) fn known(&self, path: &Utf8Path) -> Vec<(&Known, Effective)> {
        let roots = self.workspace.roots(path);
        roots.iter().filter_map(|root| Some((&self.policies.get(root)?.known, self.settings(root)))).collect()
    }

    /// What the editor calls a file, and the version of its text where it is open.
    pub(crate) fn name(&self, path: &Utf8Path) -> Option<(Uri, Option<i32>)> {
        match self.open.get(path) {
            Some(open) => Some((open.uri.clone(), Some(open.version))),
            None => Some((path::to_uri(path)?, None)),
        }
    }

    /// All policies as they are now, by the file that each begins with.
    pub(crate) fn snapshots(&self) -> Vec<&Snapshot> {
        self.policies.values().map(|policy| policy.known.snapshot()).collect()
    }

    /// All files of the workspace with their trees.
    pub(crate) fn pages(&self) -> impl Iterator<Item = Page<'_>> {
        self.workspace.pages()
    }

    /// Whether the server knows a file: it is open, or lies below a folder of the workspace.
    pub(crate) fn has(&self, path: &Utf8Path) -> bool {
        self.workspace.text(path).is_some()
    }
}

/// Where a document lies; what the editor calls it for one that lies nowhere yet.
pub(crate) fn path_of(uri: &Uri) -> Utf8PathBuf {
    path::of(uri).unwrap_or_else(|| uri.as_str().into())
}
