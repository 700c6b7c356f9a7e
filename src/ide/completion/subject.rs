//! Actions, resources and groups.

use std::cmp::Reverse;
use std::collections::HashMap;

use bpol_engine::ir::{Effect, Tier};

use super::{Kind, List};
use crate::catalogue::{Catalogue, OpId, Operation};
use crate::check::{GROUPS, Position, Speaker};
use crate::syntax::tree::{ItemKind, StatementKind, Tree};

/// The operations that a line is about, as far as its words are known.
pub(super) struct About<'a> {
    /// As they were named: views are not resolved.
    pub(super) operations: Vec<&'a Operation>,
    /// Whether it is `everything` or tiers.
    pub(super) group: bool,
}

impl<'a> List<'a> {
    /// What the line before the place is about.
    pub(super) fn about(&self) -> About<'a> {
        let expected = self.expected;
        let tiers = |words: &[&str]| -> Option<Vec<Option<Tier>>> {
            words.iter().map(|word| GROUPS.iter().find(|(group, _)| group == word).map(|(_, tier)| *tier)).collect()
        };
        if expected.position == Position::Only {
            return About { operations: self.bank.operations.iter().collect(), group: true };
        }
        if expected.position == Position::Use {
            return About { operations: self.given_by_role(), group: false };
        }
        match tiers(&expected.resources) {
            Some(tiers) if !tiers.is_empty() => {
                let reads = expected.speaker == Some(Speaker::Rule(Effect::Allow));
                let wanted = |operation: &&Operation| {
                    operation.view_of.is_none()
                        && tiers.iter().any(|tier| match tier {
                            Some(tier) => operation.tier == *tier,
                            None => !reads || operation.tier == Tier::Read,
                        })
                };
                About { operations: self.bank.operations.iter().filter(wanted).collect(), group: true }
            }
            _ => About { operations: operations(self.bank, &expected.actions, &expected.resources), group: false },
        }
    }

    /// What the `allow`s of the role give that a `use role` names.
    fn given_by_role(&self) -> Vec<&'a Operation> {
        let text = self.view.text();
        let Some(name) = self.line.tokens.get(2).map(|token| crate::syntax::string::value(token.span.of(text))) else {
            return Vec::new();
        };
        let checked = self.view.checked;
        let mut given = Vec::new();
        for ((_, source), tree) in checked.sources.iter().zip(&checked.trees) {
            for item in &tree.items {
                let ItemKind::Role { name: role, body } = &item.kind else { continue };
                if role.value(&source.text) != name {
                    continue;
                }
                for statement in body {
                    if let StatementKind::Rule(rule) = &statement.kind
                        && rule.effect == crate::syntax::tree::Effect::Allow
                    {
                        let words = |tokens: &[crate::source::Span]| -> Vec<&str> {
                            tokens.iter().map(|token| token.of(&source.text)).collect()
                        };
                        let (actions, resources) = (words(&rule.subject.actions), words(&rule.subject.resources));
                        if resources == ["everything"] {
                            given.extend(self.bank.operations.iter().filter(|operation| operation.tier == Tier::Read));
                        }
                        given.extend(operations(self.bank, &actions, &resources));
                    }
                }
            }
        }
        given
    }

    pub(super) fn actions(&mut self) {
        let said = &self.expected.actions;
        let mut found: Vec<(&str, Vec<&Operation>)> = Vec::new();
        for action in self.bank.actions() {
            if said.contains(&action) {
                continue;
            }
            let together = |operation: &&Operation| {
                operation.action == action
                    && self.may_speak_of(operation)
                    && said.iter().all(|other| self.bank.find(other, &operation.resource).is_some())
            };
            let operations: Vec<&Operation> = self.bank.operations.iter().filter(together).collect();
            if !operations.is_empty() {
                found.push((action, operations));
            }
        }
        found.sort_by_key(|(_, operations)| Reverse(operations.len()));
        let uses = self.uses();
        for (action, mut operations) in found {
            operations.sort_by_key(|operation| self.weight(operation, &uses));
            let nouns: Vec<&str> = operations.iter().take(4).map(|operation| operation.plural.as_str()).collect();
            let more = if operations.len() > nouns.len() { ", …" } else { "" };
            let detail = format!("{}{more}", nouns.join(", "));
            let page: Vec<String> = operations
                .iter()
                .take(12)
                .map(|operation| format!("- `{action} {}`: {}", operation.resource, operation.doc))
                .collect();
            self.add_leading(action, Kind::Action).detail(detail).doc(page.join("\n"));
        }
    }

    pub(super) fn resources(&mut self) {
        let expected = self.expected;
        let said: Vec<&str> = expected.resources.iter().filter_map(|word| self.bank.resource(word)).collect();
        if expected.resources.iter().any(|word| GROUPS.iter().any(|(group, _)| group == word)) {
            return;
        }
        let uses = self.uses();
        let mut found: Vec<(_, &str, Vec<&Operation>)> = Vec::new();
        for resource in self.bank.resources() {
            if said.contains(&resource) {
                continue;
            }
            let operations = self.named(resource);
            let lightest = operations.iter().map(|operation| self.weight(operation, &uses)).min();
            if let Some(weight) = lightest {
                found.push((weight, resource, operations));
            }
        }
        found.sort_by_key(|(weight, _, _)| *weight);
        let reads = expected.actions == ["read"];
        for (_, resource, operations) in found {
            let plural = operations.first().map_or(resource, |operation| operation.plural.as_str()).to_owned();
            let label = if reads { plural.clone() } else { resource.to_owned() };
            let detail = match operations.as_slice() {
                [one] => tier_says(one.tier).to_owned(),
                many => {
                    let actions: Vec<&str> = many.iter().map(|operation| operation.action.as_str()).collect();
                    actions.join(", ")
                }
            };
            let doc: Vec<String> = operations.iter().map(|operation| page(self.bank, operation)).collect();
            let filter = if plural.starts_with(resource) { plural } else { label.clone() };
            self.add(label, Kind::Resource).detail(detail).doc(doc.join("\n\n---\n\n")).filter(filter);
        }
        if reads && expected.resources.is_empty() && expected.speaker == Some(Speaker::Rule(Effect::Allow)) {
            self.add("everything", Kind::Group)
                .detail("all everyday reads")
                .doc("Every operation of tier `read`: nothing personal, nothing that moves or changes anything.");
        }
    }

    pub(super) fn groups(&mut self) {
        let expected = self.expected;
        if !expected.actions.is_empty()
            || !matches!(expected.speaker, Some(Speaker::Rule(Effect::Ask | Effect::Deny) | Speaker::Claim))
        {
            return;
        }
        let asks = expected.speaker == Some(Speaker::Rule(Effect::Ask));
        let tiers_only =
            expected.resources.iter().all(|word| GROUPS.iter().any(|(group, tier)| group == word && tier.is_some()));
        if !tiers_only {
            return;
        }
        for &(word, tier) in &GROUPS {
            let fits = match tier {
                None => expected.resources.is_empty(),
                Some(Tier::Sensitive) => !asks,
                Some(_) => true,
            };
            if !fits || expected.resources.contains(&word) {
                continue;
            }
            match tier {
                None => self.add(word, Kind::Group).detail("every operation"),
                Some(tier) => self
                    .add(word, Kind::Group)
                    .detail(tier_says(tier))
                    .doc(format!("Exactly the operations of tier `{word}`, without what counts as them.")),
            };
        }
    }

    /// The operations that a resource would add to the subject; none when it may not stand there.
    fn named(&self, resource: &str) -> Vec<&'a Operation> {
        let all: Vec<&Operation> = self.bank.of_resource(resource).iter().map(|&id| self.bank.operation(id)).collect();
        let expected = self.expected;
        if expected.actions.is_empty() {
            let barred =
                expected.speaker == Some(Speaker::Rule(Effect::Ask)) && all.iter().any(|one| one.action == "read");
            return if barred { Vec::new() } else { all };
        }
        let has = |action: &&str| all.iter().find(|one| one.action == **action && self.may_speak_of(one)).copied();
        let named: Vec<&Operation> = expected.actions.iter().filter_map(has).collect();
        if named.len() == expected.actions.len() { named } else { Vec::new() }
    }

    fn may_speak_of(&self, operation: &Operation) -> bool {
        match self.expected.speaker {
            Some(Speaker::Rule(Effect::Allow)) => operation.tier != Tier::Base,
            Some(Speaker::Rule(Effect::Ask)) => operation.tier != Tier::Base && operation.action != "read",
            _ => true,
        }
    }

    /// How often the rules of this file name each resource.
    fn uses(&self) -> HashMap<&'a str, usize> {
        self.view.tree().map(|tree| uses(self.bank, tree, self.view.text())).unwrap_or_default()
    }

    /// Smaller for what is more likely meant: what the file speaks of already, what much else counts as, what is harmless.
    fn weight(&self, operation: &Operation, uses: &HashMap<&str, usize>) -> (Reverse<usize>, bool, Reverse<usize>, u8) {
        let id = self.bank.find(&operation.action, &operation.resource).unwrap_or(OpId(0));
        let used = uses.get(operation.resource.as_str()).copied().unwrap_or(0);
        // A view counts as much as what it views; it is named by those who know it.
        let central = if operation.view_of.is_some() { 1 } else { self.bank.counting_as(id).len() };
        let tier = match operation.tier {
            Tier::Read => 0,
            Tier::Spend => 1,
            Tier::Write => 2,
            Tier::Sensitive => 3,
            Tier::Control => 4,
            Tier::Base => 5,
        };
        (Reverse(used), tier > 2, Reverse(central), tier)
    }
}

fn uses<'a>(bank: &'a Catalogue, tree: &Tree, text: &str) -> HashMap<&'a str, usize> {
    let mut uses = HashMap::new();
    for item in &tree.items {
        let (ItemKind::Key { body, .. } | ItemKind::Role { body, .. }) = &item.kind else { continue };
        for statement in body {
            let StatementKind::Rule(rule) = &statement.kind else { continue };
            for word in &rule.subject.resources {
                if let Some(resource) = bank.resource(word.of(text)) {
                    *uses.entry(resource).or_insert(0) += 1;
                }
            }
        }
    }
    uses
}

fn operations<'a>(bank: &'a Catalogue, actions: &[&str], resources: &[&str]) -> Vec<&'a Operation> {
    let of = |resource: &&str| -> Vec<OpId> {
        if actions.is_empty() {
            bank.of_resource(resource).to_vec()
        } else {
            actions.iter().filter_map(|action| bank.find(action, resource)).collect()
        }
    };
    resources.iter().flat_map(of).map(|id| bank.operation(id)).collect()
}

/// What a tier means, in a few words.
pub(super) fn tier_says(tier: Tier) -> &'static str {
    match tier {
        Tier::Base => "needs no rule",
        Tier::Read => "reads everyday data",
        Tier::Sensitive => "reads personal data or secrets",
        Tier::Write => "no money leaves",
        Tier::Spend => "money can leave",
        Tier::Control => "changes who or what may act",
    }
}

/// An operation in Markdown: what it does, its tier, what it counts as.
fn page(bank: &Catalogue, operation: &Operation) -> String {
    let mut page = format!("`{} {}`: {}", operation.action, operation.resource, operation.doc);
    let tier = match operation.tier {
        Tier::Base => "base",
        Tier::Read => "read",
        Tier::Sensitive => "sensitive",
        Tier::Write => "write",
        Tier::Spend => "spend",
        Tier::Control => "control",
    };
    page.push_str(&format!("\n\nTier `{tier}`: {}.", tier_says(operation.tier)));
    let name = |id: &OpId| {
        let other = bank.operation(*id);
        format!("`{} {}`", other.action, other.resource)
    };
    if let Some(viewed) = &operation.view_of {
        page.push_str(&format!(" A view of {}.", name(viewed)));
    }
    let wider: Vec<String> = operation.counts_as.iter().map(name).collect();
    if !wider.is_empty() {
        page.push_str(&format!(" Counts as {}.", wider.join(", ")));
    }
    page
}
