//! What a key may do, in one line.

use std::collections::BTreeSet;

use bpol_engine::ir::{Ir, Tier};
use jiff::Timestamp;

use crate::explain::sentence::{how, what};
use crate::explain::{Key, Level, Spending, overview};
use crate::ide::hover::worst;
use crate::words::number;

/// What a key may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    key: Key,
    parts: Vec<String>,
}

/// What a key may do at a moment; nothing for a key that is not there.
pub fn of_key(ir: &Ir, name: &str, now: Timestamp) -> Option<Summary> {
    if !ir.keys.iter().any(|key| key.name == name) {
        return None;
    }
    let key = overview(ir, &[name.to_owned()], now).keys.into_iter().next()?;
    let parts = parts(ir, &key);
    Some(Summary { key, parts })
}

impl Summary {
    /// In one line: `read 2 accounts · spend up to 2,500 EUR a day to 3 payees`.
    pub fn title(&self) -> String {
        self.parts.join(" · ")
    }

    /// In more lines.
    pub(super) fn lines(&self) -> Vec<String> {
        let mut out: Vec<String> = worst(&self.key).into_iter().map(|text| format!("money: {text}")).collect();
        let all = [("may", &self.key.can), ("after asking may", &self.key.ask)];
        for (verb, lines) in all {
            for line in lines {
                let ways: Vec<String> = line.how.iter().map(|one| how(one, &str::to_owned, &str::to_owned)).collect();
                let more = if line.more { ", and in more ways" } else { "" };
                out.push(format!("{verb} {} {}{more}", what(line), ways.join("; or ")).trim_end().to_owned());
            }
        }
        out.extend(self.key.cannot.iter().map(|text| format!("cannot {text}")));
        out
    }
}

fn parts(ir: &Ir, key: &Key) -> Vec<String> {
    if let Some(why) = &key.undecided {
        return vec![format!("what it may do is not known: {why}")];
    }
    let level =
        |tier: Tier| key.tiers.iter().find(|reach| reach.tier == tier).map_or(Level::Cannot, |reach| reach.level);
    let mut out = Vec::new();
    if level(Tier::Read) == Level::Can {
        let reads = |reaches: &crate::explain::Account| {
            reaches.tiers.iter().any(|reach| reach.tier == Tier::Read && reach.level == Level::Can)
        };
        let accounts: Vec<&str> =
            key.accounts.iter().filter(|account| reads(account)).map(|account| account.account.as_str()).collect();
        out.push(match accounts.as_slice() {
            [] => "read what is of no account".to_owned(),
            all if all.contains(&"any other account") => "read any account".to_owned(),
            all => format!("read {}", number(all.len(), "account")),
        });
    }
    match level(Tier::Sensitive) {
        Level::Can => out.push("see sensitive data".to_owned()),
        Level::Ask => out.push("see sensitive data after asking".to_owned()),
        Level::Cannot => {}
    }
    out.extend(spends(ir, key, level(Tier::Spend)));
    for (tier, verb) in [(Tier::Write, "change things"), (Tier::Control, "change who or what may act")] {
        match level(tier) {
            Level::Can => out.push(verb.to_owned()),
            Level::Ask => out.push(format!("{verb} after asking")),
            Level::Cannot => {}
        }
    }
    if out.is_empty() {
        out.push("may do nothing now".to_owned());
    }
    out
}

fn spends(ir: &Ir, key: &Key, level: Level) -> Vec<String> {
    let asks = level == Level::Ask;
    // What needs approval is told where nothing leaves without.
    let of: Vec<&Spending> = key.spending.iter().filter(|one| one.with_approval == asks).collect();
    let after = if asks { " after asking" } else { "" };
    let said = of.iter().map(|one| {
        let how_much = match (one.at_most.first(), one.no_bound.is_empty(), &one.currency) {
            (Some(bound), true, _) => format!("up to {} {}", bound.amount, bound.per),
            (_, _, Some(currency)) => format!("{currency} with no bound"),
            (_, _, None) if of.len() > 1 => "in other currencies with no bound".to_owned(),
            (_, _, None) => "with no bound".to_owned(),
        };
        format!("spend {how_much}{}{after}", to(ir, &one.to))
    });
    let mut all: Vec<String> = said.collect();
    if all.is_empty() && level != Level::Cannot {
        all.push(format!("spend{after}"));
    }
    all
}

/// To whom, in few words.
fn to(ir: &Ir, phrases: &[String]) -> String {
    if phrases.is_empty() {
        return String::new();
    }
    if phrases.iter().any(|phrase| phrase.contains("anyone")) {
        return " to anyone".to_owned();
    }
    match phrases {
        [one] if one.chars().count() <= 30 => format!(" to {one}"),
        all => match ibans(ir, all) {
            Some(ibans) => format!(" to {}", number(ibans.len(), "payee")),
            None => format!(" to {}", all.join(" and to ")),
        },
    }
}

/// The IBANs that phrases name, when they name nothing else.
fn ibans(ir: &Ir, phrases: &[String]) -> Option<BTreeSet<String>> {
    let mut out = BTreeSet::new();
    for phrase in phrases {
        let mut rest = phrase.as_str();
        let mut plain = String::new();
        while let Some((before, quoted)) = rest.split_once('"') {
            plain.push_str(before);
            let (name, after) = quoted.split_once('"')?;
            let payee = ir.payees.iter().find(|payee| payee.name == name).map(|payee| payee.ibans.clone());
            let account = ir.accounts.iter().find(|account| account.name == name).and_then(|it| it.iban.clone());
            out.extend(payee.or_else(|| account.map(|iban| vec![iban]))?);
            rest = after;
        }
        plain.push_str(rest);
        for word in plain.split([' ', ',']).filter(|word| !word.is_empty()) {
            match word {
                "payee" | "payees" | "account" | "accounts" | "or" | "and" | "iban" | "ibans" => {}
                iban if bpol_engine::iban::check(iban).is_ok() => _ = out.insert(iban.to_owned()),
                _ => return None,
            }
        }
    }
    Some(out)
}
