//! Which bank's catalogue the policy speaks.

use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};

use crate::Read;
use crate::catalogue::Catalogue;
use crate::check::Bank;
use crate::check::load::{Loaded, at, normal, resolve};
use crate::diag::Diagnostic;
use crate::source::FileSpan;
use crate::syntax::tree::ItemKind;

/// Finds the policy's `bank`; `bunq` when none is named or the named one cannot be read.
pub(crate) fn find(loaded: &mut Loaded, root: &Utf8Path, read: Read<'_>) -> Bank {
    let mut first: Option<(Utf8PathBuf, FileSpan)> = None;
    let root = normal(root);
    let mut found = Vec::new();
    for &(file, index) in &loaded.order {
        let Some(ItemKind::Bank(string)) =
            loaded.trees.get(file.0 as usize).and_then(|tree| tree.items.get(index)).map(|item| &item.kind)
        else {
            continue;
        };
        let file_at = at(&loaded.sources, file);
        let (name, place) = (file_at.name(string), file_at.place(string.span));
        let bank = if name == "bunq" {
            Utf8PathBuf::from("bunq")
        } else if name.ends_with(".toml") {
            let from = loaded.sources.get(file).path.clone();
            match resolve(&normal(&from), &name, &root, place, "bank", &mut found) {
                Some(path) => path,
                None => continue,
            }
        } else {
            found.push(
                file_at
                    .error("unknown-bank", string.span, format!("no catalogue of a bank `{name}` is built in"))
                    .help("write `bank \"bunq\";`, or give the path of a catalogue, such as `bank \"my-bank.toml\";`"),
            );
            continue;
        };
        match &first {
            None => first = Some((bank, place)),
            Some((same, _)) if *same == bank => {}
            Some((_, other)) => found.push(
                file_at
                    .error("two-banks", string.span, "a policy speaks of one bank, and this is a second one")
                    .label(*other, "the first one")
                    .help("check the files of each bank by themselves"),
            ),
        }
    }
    loaded.diagnostics.append(&mut found);
    match first {
        Some((path, place)) if path != "bunq" => other(loaded, &path, place, read),
        _ => Bank::Bunq,
    }
}

fn other(loaded: &mut Loaded, path: &Utf8Path, place: FileSpan, read: Read<'_>) -> Bank {
    let text = match read(path) {
        Ok(text) => text,
        Err(why) => {
            loaded.diagnostics.push(
                Diagnostic::error(
                    "catalogue-unreadable",
                    place.file,
                    place.span,
                    format!("the catalogue `{path}` cannot be read: {why}"),
                )
                .help("give the path of a catalogue, relative to this file"),
            );
            return Bank::Bunq;
        }
    };
    let read = Catalogue::read(&text);
    match read {
        Ok(catalogue) => Bank::Other(Arc::new(catalogue)),
        Err(faults) => {
            let file = loaded.add_foreign(path, text);
            for fault in faults {
                let mut diagnostic = Diagnostic::error("catalogue-fault", file, fault.span, fault.message)
                    .label(place, "the policy speaks of this bank");
                diagnostic.help = fault.help;
                loaded.diagnostics.push(diagnostic);
            }
            Bank::Bunq
        }
    }
}
