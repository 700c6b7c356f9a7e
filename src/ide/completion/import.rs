//! Files that can be imported, and names that come with them.

use camino::{Utf8Path, Utf8PathBuf};

use super::name::of_kind;
use super::{Change, Kind, List};
use crate::check::normal;
use crate::ide::View;
use crate::ide::expected::Named;
use crate::ide::symbols;
use crate::source::Span;
use crate::syntax::tree::ItemKind;

impl List<'_> {
    pub(super) fn imports(&mut self) {
        let mut paths: Vec<String> =
            (self.around.files)().iter().filter_map(|path| relative(self.view, path)).collect();
        let imported = imported(self.view);
        paths.retain(|path| !imported.contains(path) || path == self.line.typed());
        // What lies near comes first.
        paths.sort_by(|one, other| {
            let far = |path: &str| path.matches('/').count();
            far(one).cmp(&far(other)).then_with(|| one.cmp(other))
        });
        for path in paths {
            self.quoted(&path, Kind::File);
        }
    }

    /// Names of other files, with the import that makes them known.
    pub(super) fn elsewhere(&self, named: Named) -> Vec<(String, symbols::Kind, String, Change)> {
        let names = (self.around.names)();
        let wanted = names.into_iter().filter(|one| of_kind(named, one.kind));
        let all = wanted.filter_map(|one| {
            let path = relative(self.view, &one.path)?;
            let detail = format!("import \"{path}\"");
            Some((one.name, one.kind, detail, change(self.view, &path)))
        });
        all.collect()
    }
}

/// The path of a file as this one would import it; nothing for this one.
fn relative(view: View<'_>, path: &Utf8Path) -> Option<String> {
    let own = &view.checked.sources.get(view.file).path;
    if own == path {
        return None;
    }
    let from = own.parent().map(Utf8Path::to_owned).unwrap_or_default();
    let mut shared = from.as_path();
    let mut up = Utf8PathBuf::new();
    loop {
        if let Ok(rest) = path.strip_prefix(shared) {
            return Some(up.join(rest).into_string());
        }
        up.push("..");
        shared = shared.parent()?;
    }
}

/// What the file imports already, as it is written.
fn imported(view: View<'_>) -> Vec<String> {
    let text = view.text();
    let items = view.tree().into_iter().flat_map(|tree| &tree.items);
    let names = items.filter_map(|item| match &item.kind {
        ItemKind::Import(name) => Some(normal(Utf8Path::new(&*name.value(text))).into_string()),
        _ => None,
    });
    names.collect()
}

/// The line that imports a file: behind the other imports, else before the first item and what is said of it.
fn change(view: View<'_>, path: &str) -> Change {
    let text = view.text();
    let items = view.tree().map_or(&[][..], |tree| &tree.items);
    let line = format!("import \"{}\";", path.replace('\\', "\\\\").replace('"', "\\\""));
    let last = items.iter().rfind(|item| matches!(item.kind, ItemKind::Import(_)));
    if let Some(last) = last {
        return Change { span: Span::new(last.span.end, last.span.end), text: format!("\n{line}") };
    }
    let Some(first) = items.first() else {
        return Change { span: Span::new(0, 0), text: format!("{line}\n\n") };
    };
    let mut at = first.doc.first().map_or(first.span.start, |doc| doc.start) as usize;
    at = text[..at].rfind('\n').map_or(0, |at| at + 1);
    // A comment right above an item is about it.
    while let Some(above) = text[..at].strip_suffix('\n') {
        let start = above.rfind('\n').map_or(0, |at| at + 1);
        if !above[start..].trim_start().starts_with("//") {
            break;
        }
        at = start;
    }
    let at = if text[..at].trim_start_matches('\u{feff}').is_empty() {
        at.max(text.len() - text.trim_start_matches('\u{feff}').len())
    } else {
        at
    };
    let at = u32::try_from(at).unwrap_or(u32::MAX);
    Change { span: Span::new(at, at), text: format!("{line}\n\n") }
}
