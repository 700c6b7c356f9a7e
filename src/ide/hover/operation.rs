//! Operations, groups of them, and the words of the bank's catalogue in clauses.

use bpol_engine::ir::{Dimension, Tier};

use crate::catalogue::{Catalogue, OpId};
use crate::ide::View;
use crate::ide::cursor::Cursor;
use crate::ide::page::{Page, code};
use crate::syntax::tree::Subject;

/// More names than this are counted.
const MOST: usize = 12;

/// What a word of a subject names.
pub(super) fn page(view: View<'_>, cursor: &Cursor<'_>, subject: &Subject) -> Option<Page> {
    let (text, bank) = (cursor.text, &*view.checked.policy.bank);
    let span = cursor.token().span;
    let word = span.of(text);
    if let Some(page) = group(bank, word, subject.actions.first().map(|action| action.of(text))) {
        return Some(page);
    }
    let actions: Vec<&str> = subject.actions.iter().map(|action| action.of(text)).collect();
    let resources: Vec<&str> = subject.resources.iter().map(|resource| resource.of(text)).collect();
    let is_action = subject.actions.contains(&span);
    let named: Vec<OpId> = if is_action {
        resources.iter().filter_map(|resource| bank.find(word, resource)).collect()
    } else if actions.is_empty() {
        bank.of_resource(word).to_vec()
    } else {
        actions.iter().filter_map(|action| bank.find(action, word)).collect()
    };
    match named.as_slice() {
        [] => None,
        [one] => Some(operation(bank, *one)),
        many => {
            let points = many.iter().map(|id| format!("{}: {}", name(bank, *id), bank.operation(*id).doc)).collect();
            Some(Page::titled(code(word)).points("Names these operations:", points))
        }
    }
}

/// One operation: its sentence, its tier, what it counts as.
fn operation(bank: &Catalogue, id: OpId) -> Page {
    let it = bank.operation(id);
    let mut page = Page::titled(name(bank, id)).text(it.doc.clone()).text(format!("Tier {}", tier(it.tier)));
    if let Some(viewed) = it.view_of {
        let fields: Vec<String> =
            it.fields.iter().filter(|field| field.default).map(|field| code(&field.word)).collect();
        page = page.text(format!("Is {} with {} alone.", name(bank, viewed), fields.join(", ")));
    }
    if !it.counts_as.is_empty() {
        page = page.text(format!("Counts as {}.", names(bank, it.counts_as.iter().copied())));
    }
    let as_it = bank.counting_as(id).iter().copied().filter(|other| *other != id && Some(*other) != it.view_of);
    let as_it: Vec<OpId> = as_it.collect();
    if !as_it.is_empty() {
        page = page.text(format!("`ask` and `deny` of it take in {}.", names(bank, as_it.into_iter())));
    }
    let about: Vec<&str> = it.dimensions.iter().filter(|it_is| !it.untold.contains(*it_is)).map(clauses).collect();
    if !about.is_empty() {
        page = page.text(format!("Clauses about it: {}; where, when and how often always.", about.join(", ")));
    }
    let untold: Vec<&str> = it.untold.iter().map(clauses).collect();
    if !untold.is_empty() {
        page = page.text(format!("Never told by a call: {}.", untold.join(", ")));
    }
    let of = |default: bool| {
        let fields = it.fields.iter().filter(|field| field.default == default);
        fields.map(|field| code(&field.word)).collect::<Vec<_>>().join(", ")
    };
    if it.view_of.is_none() && !it.fields.is_empty() {
        let extra = of(false);
        let extra = if extra.is_empty() { String::new() } else { format!("; only with `showing`: {extra}") };
        page = page.text(format!("Shows {}{extra}.", of(true)));
    }
    page
}

/// What a word that stands for many operations stands for.
fn group(bank: &Catalogue, word: &str, action: Option<&str>) -> Option<Page> {
    let wanted = match (word, action) {
        ("everything", Some("read")) => Some(Tier::Read),
        ("everything", _) => None,
        ("sensitive", _) => Some(Tier::Sensitive),
        ("write", _) => Some(Tier::Write),
        ("spend", _) => Some(Tier::Spend),
        ("control", _) => Some(Tier::Control),
        _ => return None,
    };
    let all = (0..).map(OpId).zip(&bank.operations);
    let of: Vec<OpId> = all
        .filter(|(_, it)| it.view_of.is_none() && wanted.is_none_or(|tier| it.tier == tier))
        .map(|(id, _)| id)
        .collect();
    let page = Page::titled(code(word));
    Some(match wanted {
        None => page
            .text(format!("Every operation of the bank: all {} of them.", of.len()))
            .text("In `ask` only what writes, spends or controls; in a claim not what opens and closes the session."),
        Some(found) => page
            .text(format!("The {} operations of the tier {}", of.len(), tier(found)))
            .text(format!("{}.", names(bank, of.into_iter())))
            .text("Exactly these, without what amounts to them."),
    })
}

/// A word of the catalogue behind `showing`, `hiding` or `via`, or a kind of account.
pub(super) fn detail(view: View<'_>, cursor: &Cursor<'_>) -> Option<Page> {
    let bank = &*view.checked.policy.bank;
    let word = cursor.word(0);
    let before = cursor.tokens.get(..cursor.at).unwrap_or_default().iter().rev();
    let begins = before
        .map(|token| token.span.of(cursor.text))
        .find(|word| ["showing", "hiding", "via", "repeating"].contains(word));
    match begins {
        Some("showing" | "hiding") => {
            let field = bank.fields.iter().find(|field| field.word == word)?;
            let page = Page::titled(format!("field {}", code(word))).text(field.doc.clone());
            Some(if field.personal { page.text("Personal data: shown only where a line says so.") } else { page })
        }
        Some("via") if bank.methods.iter().any(|method| method == word) => {
            Some(Page::titled(format!("method {}", code(word))).text("A method of paying."))
        }
        Some("repeating") if crate::check::REPEATS.contains(&word) => {
            let said = match word {
                "once" => "Paid once and not again.",
                "anytime" => "Whenever it is started, as often as that is.",
                _ => "The bank repeats it by itself; what it repeats cannot be counted.",
            };
            Some(Page::titled(format!("repeating {}", code(word))).text(said))
        }
        _ => {
            let kind = bank.kinds.iter().find(|kind| kind.word == word)?;
            let own =
                if kind.own { "One of the holder's own accounts." } else { "Not among the holder's `own accounts`." };
            Some(Page::titled(format!("kind of account {}", code(word))).text(own))
        }
    }
}

fn name(bank: &Catalogue, id: OpId) -> String {
    let it = bank.operation(id);
    code(&format!("{} {}", it.action, it.resource))
}

fn names(bank: &Catalogue, all: impl Iterator<Item = OpId>) -> String {
    let all: Vec<String> = all.map(|id| name(bank, id)).collect();
    let shown = if all.len() > MOST + 1 { MOST } else { all.len() };
    let mut said = all.get(..shown).unwrap_or_default().join(", ");
    if shown < all.len() {
        said.push_str(&format!(" and {} more", all.len() - shown));
    }
    said
}

const fn tier(tier: Tier) -> &'static str {
    match tier {
        Tier::Base => "`base`: every declared key may do it without a line.",
        Tier::Read => "`read`: everyday data.",
        Tier::Sensitive => "`sensitive`: personal data, exports, secrets, everything at once.",
        Tier::Write => "`write`: no money leaves.",
        Tier::Spend => "`spend`: money can leave.",
        Tier::Control => "`control`: changes who or what may act.",
    }
}

/// The clauses about a dimension.
const fn clauses(dimension: Dimension) -> &'static str {
    match dimension {
        Dimension::Account => "`on`",
        Dimension::Payee => "`to`",
        Dimension::Amount => "`up to` or `over`",
        Dimension::Method => "`via`",
        Dimension::Record => "`since`, `created by this key`",
        Dimension::Fields => "`showing` or `hiding`",
        Dimension::Repeat => "`repeating`",
        Dimension::Url => "`to url`",
    }
}
