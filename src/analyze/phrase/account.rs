//! Which account.

use super::list::{Item, all, quoted};
use super::{About, Chosen, Part};
use crate::analyze::space::{Space, Variable};

/// What a box says about the account.
pub(super) fn part<'c>(space: &Space<'_>, side: usize, chosen: &dyn Fn(Variable) -> Chosen<'c>) -> Option<Part> {
    let (identity, name, kind) = (chosen(Variable::Account), chosen(Variable::Name), chosen(Variable::Kind));
    let part = |items, open| Part { about: About::Account, lead: "on".to_owned(), items, open };
    let kinds = kinds(space, &kind);
    let called = called(space, &name);
    let mut accounts = match (accounts(space, side, &identity), &kinds, &called) {
        (None, None, None) => return Some(part(vec![Item::plain("any account".to_owned())], true)),
        (None, Some(kinds), None) => return Some(part(kinds.clone(), false)),
        (None, None, Some(called)) => return Some(part(called.clone(), false)),
        (None, Some(_), Some(called)) => called.clone(),
        (Some(accounts), _, _) => accounts,
    };
    let besides: Vec<&Vec<Item>> = kinds.iter().chain(called.iter().filter(|_| identity.classes.is_some())).collect();
    if !besides.is_empty() && untold(&accounts) && besides.iter().all(|items| untold(items)) {
        return Some(part(vec![Item::plain("when nothing is told of the account".to_owned())], false));
    }
    // Facts beside the identity that matter as well.
    if let Some(kinds) = &kinds {
        let besides = if untold(kinds) {
            " when its kind is not told".to_owned()
        } else {
            format!(" among {}", super::list::either(kinds))
        };
        accounts.iter_mut().for_each(|item| item.text.push_str(&besides));
    }
    if let (Some(called), true) = (&called, identity.classes.is_some()) {
        let besides = if untold(called) {
            " when its name is not told".to_owned()
        } else {
            format!(" that is {}", super::list::either(called))
        };
        accounts.iter_mut().for_each(|item| item.text.push_str(&besides));
    }
    Some(part(accounts, false))
}

/// Whether items say only that a fact is not told.
fn untold(items: &[Item]) -> bool {
    items.iter().all(|item| item.text.starts_with("when "))
}

/// The declared accounts that a box has, or all but some; nothing when it has all.
fn accounts(space: &Space<'_>, side: usize, chosen: &Chosen<'_>) -> Option<Vec<Item>> {
    if chosen.classes.is_none() || space.account.size() == 1 {
        return None;
    }
    let names = &space.sides.get(side)?.names;
    let (mut inside, mut outside) = (Vec::new(), Vec::new());
    let mut strangers = false;
    let mut without = false;
    for (class, fact) in space.account.classes().filter(|(_, fact)| fact.iban.is_some() && fact.id.is_some()) {
        let declared = names.declared(fact).ok().flatten().and_then(|place| names.ir.accounts.get(place));
        let item = match declared {
            Some(account) => {
                let mut item = Item::named("account", quoted(&account.name));
                item.one_of = account.kind.as_ref().map(|kind| kind_words(kind));
                item
            }
            None => match space.account.is_spoken_of(class) {
                true => Item::named("iban", fact.iban.clone().unwrap_or_default()),
                false => {
                    strangers = chosen.has(class);
                    without = !strangers;
                    continue;
                }
            },
        };
        if chosen.has(class) { inside.push(item) } else { outside.push(item) }
    }
    for list in [&mut inside, &mut outside] {
        list.sort_unstable();
        list.dedup();
    }
    let mut items = match (strangers, inside.is_empty(), outside.is_empty()) {
        (true, _, true) if chosen.untold() || chosen.told_only() => return None,
        (true, _, true) => return Some(vec![Item::plain("any account that is told".to_owned())]),
        (true, _, false) => vec![Item::plain(format!("any account except {}", all(&outside)))],
        (false, false, true) if !without => return None,
        (false, _, _) => inside,
    };
    items.extend(chosen.or_untold("the account"));
    if items.is_empty() {
        items.push(Item::plain("an account that is told in part".to_owned()));
    }
    Some(items)
}

/// Kinds of accounts.
fn kinds(space: &Space<'_>, chosen: &Chosen<'_>) -> Option<Vec<Item>> {
    if chosen.is_open() || space.kind.size() == 1 {
        return None;
    }
    let (inside, outside): (Vec<_>, Vec<_>) = space.kind.words().partition(|(class, _)| chosen.has(*class));
    let items = |list: &[(u32, &str)]| list.iter().map(|(_, kind)| Item::plain(kind_words(kind))).collect::<Vec<_>>();
    let mut said = if outside.is_empty() {
        vec![Item::plain("any account whose kind is told".to_owned())]
    } else if inside.len() > outside.len() {
        vec![Item::plain(format!("any account except {}", all(&items(&outside))))]
    } else {
        items(&inside)
    };
    said.extend(chosen.or_untold("the kind of account"));
    Some(said)
}

/// Names of accounts that are not declared.
fn called(space: &Space<'_>, chosen: &Chosen<'_>) -> Option<Vec<Item>> {
    if chosen.is_open() || space.name.size() == 1 {
        return None;
    }
    let (inside, outside): (Vec<_>, Vec<_>) = space.name.words().partition(|(class, _)| chosen.has(*class));
    let items = |list: &[(u32, &str)]| list.iter().map(|(_, name)| item(name)).collect::<Vec<_>>();
    let others = space.name.others().is_some_and(|class| chosen.has(class));
    let mut said = match (others, outside.is_empty()) {
        (true, true) => vec![Item::plain("any account whose name is told".to_owned())],
        (true, false) => vec![Item::plain(format!("any account except {}", all(&items(&outside))))],
        (false, _) => items(&inside),
    };
    said.extend(chosen.or_untold("the account's name"));
    Some(said)
}

fn item(name: &str) -> Item {
    Item::named("the account named", quoted(name))
}

fn kind_words(kind: &str) -> String {
    format!("{kind} accounts")
}
