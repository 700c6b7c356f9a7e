//! Whom.

use hashbrown::HashSet;

use super::list::{Item, all, quoted};
use super::{About, Chosen, Part};
use crate::analyze::names::Names;
use crate::analyze::space::flag::{NO, YES};
use crate::analyze::space::payee::Unit;
use crate::analyze::space::{Space, Variable};

/// The payees that are accounts of the holder.
const OWN: &str = "own accounts";

/// What a box says about the payee.
pub(super) fn part<'c>(space: &Space<'_>, side: usize, chosen: &dyn Fn(Variable) -> Chosen<'c>) -> Option<Part> {
    let (iban, own, favorite) = (chosen(Variable::Payee), chosen(Variable::PayeeOwn), chosen(Variable::Favorite));
    let part = |items, open| Part { about: About::Payee, lead: "to".to_owned(), items, open };
    let own = flag(&own, OWN, "anyone but own accounts", "anyone of whom it is told whether they are an own account");
    let favorite =
        flag(&favorite, "favorites", "anyone but favorites", "anyone of whom it is told whether they are a favorite");
    let ibans = ibans(space, side, &iban);
    let mut flags: Vec<String> = [own, favorite].into_iter().flatten().collect();
    let Some(mut ibans) = ibans else {
        if flags.is_empty() {
            return Some(part(vec![Item::plain("anyone".to_owned())], true));
        }
        let first = flags.remove(0);
        let text = flags.iter().fold(first, |text, flag| format!("{text} among {flag}"));
        return Some(part(vec![Item::plain(text)], false));
    };
    if ibans.iter().all(|item| item.one_of.as_deref() == Some(OWN)) {
        flags.retain(|flag| flag != OWN);
    }
    for flag in flags {
        ibans.iter_mut().for_each(|item| item.text.push_str(&format!(" among {flag}")));
    }
    Some(part(ibans, false))
}

fn flag(chosen: &Chosen<'_>, yes: &str, no: &str, told: &str) -> Option<String> {
    if chosen.classes.is_none() || chosen.size == 1 {
        return None;
    }
    match (chosen.has(YES), chosen.has(NO)) {
        (true, true) if chosen.told_only() || chosen.has(0) => None,
        (true, true) => Some(told.to_owned()),
        (true, false) => Some(yes.to_owned()),
        (false, true) => Some(no.to_owned()),
        (false, false) => None,
    }
}

/// The payees that a box has, by the names that mean just them; nothing when it has all.
fn ibans(space: &Space<'_>, side: usize, chosen: &Chosen<'_>) -> Option<Vec<Item>> {
    if chosen.is_open() || space.payee.size() == 1 {
        return None;
    }
    let names = &space.sides.get(side)?.names;
    let (inside, outside): (Vec<_>, Vec<_>) =
        space.payee.ibans().into_iter().partition(|(_, class)| chosen.has(*class));
    let named = |list: &[(&str, u32)]| {
        let ibans: HashSet<&str> = list.iter().map(|(iban, _)| *iban).collect();
        by_name(names, &ibans)
    };
    let others = chosen.has(space.payee.others());
    let mut items = match (others, outside.is_empty()) {
        (true, true) => vec![Item::plain("anyone whose IBAN is told".to_owned())],
        (true, false) => vec![Item::plain(format!("anyone but {}", all(&named(&outside))))],
        (false, _) => {
            let own = space.payee.classes(&Unit::Own(side));
            let is_own = !own.is_empty()
                && inside.iter().all(|(_, class)| own.contains(class))
                && own.iter().all(|class| chosen.has(*class))
                && !chosen.has(0);
            if is_own { vec![Item::plain(OWN.to_owned())] } else { named(&inside) }
        }
    };
    items.extend(chosen.or_untold("the payee"));
    Some(items)
}

/// Names that together mean exactly these IBANs: the largest groups first, and what no name means by itself.
fn by_name(names: &Names<'_>, ibans: &HashSet<&str>) -> Vec<Item> {
    let payees = names.ir.payees.iter().map(|payee| {
        let noun = if payee.ibans.len() == 1 { "payee" } else { "payees" };
        (payee.ibans.iter().map(String::as_str).collect::<Vec<_>>(), Item::named(noun, quoted(&payee.name)))
    });
    let accounts = names.ir.accounts.iter().filter_map(|account| {
        let iban = account.iban.as_deref()?;
        let mut item = Item::named("account", quoted(&account.name));
        item.one_of = names.is_own(iban).then(|| OWN.to_owned());
        Some((vec![iban], item))
    });
    let mut known: Vec<(Vec<&str>, Item)> =
        payees.chain(accounts).filter(|(list, _)| list.iter().all(|iban| ibans.contains(iban))).collect();
    known.sort_by(|(one, name), (other, second)| other.len().cmp(&one.len()).then_with(|| name.cmp(second)));
    let mut left = ibans.clone();
    let mut items = Vec::new();
    for (list, item) in known {
        if list.iter().any(|iban| left.contains(iban)) {
            list.iter().for_each(|iban| _ = left.remove(iban));
            items.push(item);
        }
    }
    let mut rest: Vec<&str> = left.into_iter().collect();
    rest.sort_unstable();
    items.sort_by_key(|item| (item.noun == "payee", item.noun == "account"));
    items.extend(rest.into_iter().map(|iban| Item::named("iban", iban.to_owned())));
    items
}
