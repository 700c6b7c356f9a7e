//! Reading the files of a policy and what they import.

use std::sync::Arc;

use hashbrown::HashMap;

use camino::{Utf8Component, Utf8Path, Utf8PathBuf};

use crate::Input;
use crate::check::context::At;
use crate::diag::Diagnostic;
use crate::source::{FileId, FileSpan, Source, Sources};
use crate::syntax::{self, tree::ItemKind, tree::Tree};

/// A file that was parsed by itself.
#[derive(Debug, Clone)]
pub(crate) struct Parsed {
    pub(crate) source: Arc<Source>,
    pub(crate) tree: Arc<Tree>,
    /// What could not be read, as if this were the first file of its policy.
    pub(crate) faults: Vec<Diagnostic>,
}

impl Parsed {
    pub(crate) fn of(path: &Utf8Path, mut text: String) -> Self {
        // What was read from a file may hold more room than text, and it stays as long as the policy.
        text.shrink_to_fit();
        let parse = syntax::parse(FileId::default(), &text);
        let source = Source { path: path.to_owned(), text };
        Self { source: Arc::new(source), tree: Arc::new(parse.tree), faults: parse.faults }
    }
}

/// Finds the files that policies import, parsed, or says why one cannot be had.
pub(crate) type Import<'r> = &'r dyn Fn(&Utf8Path) -> Result<Parsed, String>;

/// The files of a policy, parsed, and the order of their items.
#[derive(Debug, Clone)]
pub(crate) struct Loaded {
    pub(crate) sources: Sources,
    pub(crate) trees: Vec<Arc<Tree>>,
    /// Every item once, by file and index, imports standing where their `import` stands.
    pub(crate) order: Vec<(FileId, usize)>,
    pub(crate) diagnostics: Vec<Diagnostic>,
    known: HashMap<Utf8PathBuf, (FileId, State)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Waiting,
    Open,
    Done,
}

/// One file on the way down: its items are visited one by one, so that deep chains of imports need no stack.
struct Step {
    file: FileId,
    path: Utf8PathBuf,
    next: usize,
}

/// Parses files, on all processors.
pub(crate) fn parse(inputs: Vec<Input>) -> Vec<Parsed> {
    crate::parallel::map(inputs, 1, |input| Parsed::of(&input.path, input.text))
}

pub(crate) fn load(inputs: Vec<Parsed>, root: &Utf8Path, read: Import<'_>) -> Loaded {
    let mut loaded = Loaded {
        sources: Sources::default(),
        trees: Vec::new(),
        order: Vec::new(),
        diagnostics: Vec::new(),
        known: HashMap::new(),
    };
    let mut named = Vec::new();
    for input in inputs {
        let path = normal(&input.source.path);
        if !loaded.known.contains_key(&path) {
            let file = loaded.add(input);
            loaded.known.insert(path.clone(), (file, State::Waiting));
            named.push((path, file));
        }
    }
    for (path, file) in named {
        visit(&mut loaded, path, file, &normal(root), read);
    }
    loaded
}

impl Loaded {
    fn add(&mut self, mut parsed: Parsed) -> FileId {
        let file = self.sources.add_shared(parsed.source);
        parsed.faults.iter_mut().for_each(|fault| fault.move_to(file));
        self.trees.push(parsed.tree);
        self.diagnostics.extend(parsed.faults);
        file
    }

    /// Adds a file that is no policy, so that findings can point into it.
    pub(crate) fn add_foreign(&mut self, path: &Utf8Path, text: String) -> FileId {
        self.trees.push(Arc::default());
        self.sources.add(path, text)
    }
}

fn visit(loaded: &mut Loaded, path: Utf8PathBuf, file: FileId, root: &Utf8Path, read: Import<'_>) {
    if loaded.known.get(&path).is_some_and(|&(_, state)| state != State::Waiting) {
        return;
    }
    loaded.known.insert(path.clone(), (file, State::Open));
    let mut steps = vec![Step { file, path, next: 0 }];
    while let Some(step) = steps.last_mut() {
        let (file, index) = (step.file, step.next);
        let Some(item) = loaded.trees.get(file.0 as usize).and_then(|tree| tree.items.get(index)) else {
            loaded.known.insert(step.path.clone(), (file, State::Done));
            steps.pop();
            continue;
        };
        step.next += 1;
        let ItemKind::Import(string) = item.kind else {
            loaded.order.push((file, index));
            continue;
        };
        let name = string.value(&loaded.sources.get(file).text).into_owned();
        let place = FileSpan { file, span: string.span };
        let Some(target) = resolve(&step.path, &name, root, place, "import", &mut loaded.diagnostics) else { continue };
        match loaded.known.get(&target).copied() {
            Some((_, State::Done)) => {}
            Some((_, State::Open)) => {
                let chain: Vec<&str> = steps
                    .iter()
                    .skip_while(|step| step.path != target)
                    .map(|step| step.path.as_str())
                    .chain([target.as_str()])
                    .collect();
                let message = format!("`{name}` imports itself: {}", chain.join(" → "));
                loaded.diagnostics.push(
                    Diagnostic::error("import-cycle", file, place.span, message)
                        .help("move what both files need into a third one and import that"),
                );
            }
            Some((file, State::Waiting)) => {
                loaded.known.insert(target.clone(), (file, State::Open));
                steps.push(Step { file, path: target, next: 0 });
            }
            None => match read(&target) {
                Ok(parsed) => {
                    let file = loaded.add(parsed);
                    loaded.known.insert(target.clone(), (file, State::Open));
                    steps.push(Step { file, path: target, next: 0 });
                }
                Err(why) => loaded.diagnostics.push(
                    Diagnostic::error(
                        "import-unreadable",
                        file,
                        place.span,
                        format!("`{name}` cannot be read, so what it denies would be missing: {why}"),
                    )
                    .help("give the path of a `.bpol` file, relative to this one"),
                ),
            },
        }
    }
}

/// The path that a file names, relative to the file; nothing, with a report, when it leaves the root.
pub(crate) fn resolve(
    from: &Utf8Path,
    name: &str,
    root: &Utf8Path,
    place: FileSpan,
    what: &str,
    found: &mut Vec<Diagnostic>,
) -> Option<Utf8PathBuf> {
    let named = Utf8Path::new(name);
    let joined = normal(&from.parent().unwrap_or(Utf8Path::new("")).join(named));
    let inside = is_inside(&joined, root);
    if name.trim().is_empty() {
        let message = format!("`{what}` names no file");
        found.push(
            Diagnostic::error("import-unreadable", place.file, place.span, message)
                .help("give the path of a file, relative to this one"),
        );
        return None;
    }
    if named.is_absolute() || name.contains('\\') || !inside {
        let message =
            format!("`{name}` is not below the directory that is checked, so a stranger's file could decide here");
        found.push(Diagnostic::error("import-outside", place.file, place.span, message).help(
            "give a path with `/` that stays below the directory named on the command line, relative to this file",
        ));
        return None;
    }
    Some(joined)
}

/// Whether a folded path stays below the root; `../..` does not stay below `..`.
fn is_inside(path: &Utf8Path, root: &Utf8Path) -> bool {
    let below = if root == "." || root == "" { Some(path) } else { path.strip_prefix(root).ok() };
    below.is_some_and(|below| {
        !below.is_absolute() && !below.components().any(|part| matches!(part, Utf8Component::ParentDir))
    })
}

/// A path without `.` and, as far as possible, without `..`.
pub(crate) fn normal(path: &Utf8Path) -> Utf8PathBuf {
    let mut out = Utf8PathBuf::new();
    for part in path.components() {
        match part {
            Utf8Component::CurDir => {}
            Utf8Component::ParentDir if matches!(out.components().next_back(), Some(Utf8Component::Normal(_))) => {
                out.pop();
            }
            other => out.push(other.as_str()),
        }
    }
    if out == "" { Utf8PathBuf::from(".") } else { out }
}

/// The file of an item, with its text.
pub(crate) fn at(sources: &Sources, file: FileId) -> At<'_> {
    At { file, text: &sources.get(file).text }
}

#[cfg(test)]
mod tests {
    use super::{is_inside, normal};
    use camino::Utf8Path;

    #[test]
    fn dots_are_folded() {
        assert_eq!(normal(Utf8Path::new("a/./b/../c.bpol")), "a/c.bpol");
        assert_eq!(normal(Utf8Path::new("../x")), "../x");
        assert_eq!(normal(Utf8Path::new("a/..")), ".");
    }

    #[test]
    fn paths_stay_below_the_root() {
        let inside = |path: &str, root: &str| is_inside(Utf8Path::new(path), Utf8Path::new(root));
        assert!(inside("a/b.bpol", "."));
        assert!(inside("../a/b.bpol", "../a"));
        assert!(inside("../b.bpol", ".."));
        assert!(!inside("../b.bpol", "."));
        assert!(!inside("../../b.bpol", ".."));
        assert!(!inside("/b.bpol", "."));
        assert!(!inside("ab/c.bpol", "a"));
    }
}
