//! Rules and sets of operations while the index of a policy is built.

use std::collections::HashMap;

use crate::compile::{Clauses, Names};
use crate::ir::{self, Ir};
use crate::policy::{Rule, Shape, Span};

/// Sets of operations, each kept once.
#[derive(Default)]
pub(crate) struct Sets {
    pub(crate) bits: Vec<u64>,
    pub(crate) words: usize,
    operations: usize,
    known: HashMap<Vec<u64>, u32>,
}

impl Sets {
    pub(crate) fn of(ir: &Ir) -> Self {
        let operations = ir.operations.len();
        Self { words: operations.div_ceil(64).max(1), operations, ..Self::default() }
    }

    pub(crate) fn add(&mut self, operations: &[u32]) -> Result<u32, String> {
        if !operations.is_sorted_by(|a, b| a < b) {
            return Err("operations: must be ascending, each once".to_owned());
        }
        let mut set = vec![0_u64; self.words];
        for number in operations {
            let place = usize::try_from(*number).ok().filter(|place| *place < self.operations);
            let word = place.and_then(|place| set.get_mut(place / 64));
            let Some(word) = word else { return Err(format!("operations: there is no operation {number}")) };
            *word |= 1_u64.checked_shl(number % 64).unwrap_or(0);
        }
        if let Some(known) = self.known.get(&set) {
            return Ok(*known);
        }
        let number = u32::try_from(self.known.len()).map_err(|_| "operations: too many sets")?;
        self.bits.extend_from_slice(&set);
        self.known.insert(set, number);
        Ok(number)
    }
}

/// Rules while they are collected.
#[derive(Default)]
pub(crate) struct Rules {
    pub(crate) rules: Vec<Rule>,
    pub(crate) shapes: Vec<Shape>,
    pub(crate) clauses: Clauses,
    pub(crate) sets: Sets,
}

impl Rules {
    pub(crate) fn add(
        &mut self,
        names: &Names<'_>,
        fields: &[Box<str>],
        home: u32,
        rules: &[ir::Rule],
    ) -> Result<Span, String> {
        let from = self.next()?;
        let mut statements: HashMap<&str, u32> = HashMap::new();
        for (place, rule) in (0_u32..).zip(rules) {
            let at = |fault: String| format!("rules[{place}] (`{}`): {fault}", rule.id);
            let number = self.next()?;
            if rule.id.is_empty() {
                return Err(at("an empty id".to_owned()));
            }
            let rule = Rule {
                effect: rule.effect,
                operations: self.sets.add(&rule.operations).map_err(at)?,
                when: self.clauses.add_all(names, &rule.when).map_err(|fault| at(format!("when{fault}")))?,
                unless: self.clauses.add_blocks(names, &rule.unless).map_err(at)?,
                shape: self.shape(fields, rule).map_err(at)?,
                statement: *statements.entry(&rule.id).or_insert(number),
                home: (home, place),
            };
            self.rules.push(rule);
        }
        Ok(Span { from, until: self.next()? })
    }

    fn next(&self) -> Result<u32, String> {
        u32::try_from(self.rules.len()).map_err(|_| "rules: too many".to_owned())
    }

    fn shape(&mut self, fields: &[Box<str>], rule: &ir::Rule) -> Result<Option<u32>, String> {
        let showing = rule.showing.as_ref().map(|showing| field_bits(fields, showing)).transpose()?;
        let hiding = field_bits(fields, &rule.hiding)?;
        if showing.is_none() && hiding == 0 {
            return Ok(None);
        }
        let shape = Shape { showing, hiding };
        let place = self.shapes.iter().position(|known| *known == shape).unwrap_or_else(|| {
            self.shapes.push(shape);
            self.shapes.len().saturating_sub(1)
        });
        u32::try_from(place).map(Some).map_err(|_| "too many shapes of answers".to_owned())
    }

    pub(crate) fn fit(&mut self) {
        self.rules.shrink_to_fit();
        self.shapes.shrink_to_fit();
        self.clauses.tests.shrink_to_fit();
        self.clauses.blocks.shrink_to_fit();
    }
}

/// The bits of fields; the error names one that no operation has.
pub(crate) fn field_bits(names: &[Box<str>], fields: &[String]) -> Result<u128, String> {
    fields.iter().try_fold(0_u128, |bits, field| {
        let place = names.iter().position(|name| **name == **field).and_then(|place| u32::try_from(place).ok());
        let bit = place.and_then(|place| 1_u128.checked_shl(place));
        bit.map(|bit| bits | bit).ok_or_else(|| format!("no operation has a field `{field}`"))
    })
}
