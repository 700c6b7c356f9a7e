//! Which fields an allowed read shows (6.5).

use crate::clause::Scene;
use crate::decide::stretches;
use crate::ir::{Effect, Tier};
use crate::policy::{Policy, Rule};
use crate::rule::{self, Pass};
use crate::value::Value;

/// The fields that an allowed request shows, as bits; `None` for what is no read or has no fields. `pass` is the one
/// that allowed.
pub(crate) fn shown(scene: &Scene<'_>, pass: Pass) -> Option<u128> {
    let operation = scene.policy.operation(scene.operation)?;
    if operation.all_fields == 0 {
        return None;
    }
    if operation.tier == Tier::Base {
        return Some(operation.default_fields);
    }
    if !operation.is_read {
        return None;
    }
    let (mut shown, mut hidden) = (0_u128, 0_u128);
    for span in stretches(scene) {
        for rule in scene.policy.index.rules.get(span.range()).unwrap_or_default() {
            if rule.effect != Effect::Allow || !scene.policy.listed(rule.operations, scene.operation) {
                continue;
            }
            let (showing, hiding) = shape(scene.policy, rule);
            if rule::value(rule, scene, pass) == Value::True {
                shown |= showing.unwrap_or(operation.default_fields) & !hiding;
            }
            // Whether a rule hides is asked at best: what may still turn out to hide hides.
            if hiding != 0 && rule::value_without_caps(rule, scene, Pass::Best) != Value::False {
                hidden |= hiding;
            }
        }
    }
    Some(shown & !hidden & operation.all_fields)
}

fn shape(policy: &Policy, rule: &Rule) -> (Option<u128>, u128) {
    let place = rule.shape.and_then(|shape| usize::try_from(shape).ok());
    place.and_then(|place| policy.index.shapes.get(place)).map_or((None, 0), |shape| (shape.showing, shape.hiding))
}

impl Policy {
    /// The fields of an operation in the catalogue's order, defaults first, each with its bit.
    pub(crate) fn fields_of(&self, operation: u32) -> impl Iterator<Item = (&str, u128)> {
        let operation = usize::try_from(operation).ok().and_then(|at| self.ir.operations.get(at));
        let names = operation.into_iter().flat_map(|operation| operation.fields.iter().chain(&operation.extra_fields));
        names.filter_map(|name| Some((name.as_str(), self.field_bit(name)?)))
    }

    /// The bit of a field; none for one that no operation has.
    pub(crate) fn field_bit(&self, name: &str) -> Option<u128> {
        let place = self.index.field_names.iter().position(|known| **known == *name)?;
        1_u128.checked_shl(u32::try_from(place).ok()?)
    }

    /// The id of a rule by its number.
    pub(crate) fn rule_id(&self, number: u32) -> Option<&str> {
        self.ir_rule(number).map(|rule| rule.id.as_str())
    }

    /// A rule of the document by its number.
    pub(crate) fn ir_rule(&self, number: u32) -> Option<&crate::ir::Rule> {
        let (home, place) = self.rule(number)?.home;
        let (home, place) = (usize::try_from(home).ok()?, usize::try_from(place).ok()?);
        let guarded = self.index.guardrails.first().is_some_and(|guardrail| number >= guardrail.rules.from);
        let rules = if guarded { &self.ir.guardrails.get(home)?.rules } else { &self.ir.keys.get(home)?.rules };
        rules.get(place)
    }
}
