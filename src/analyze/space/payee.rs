//! Whom: IBANs that no rule tells apart are one class.

use std::collections::HashMap;

use bpol_engine::ir::PayeeRef;

use crate::analyze::names::Names;

/// A variable whose classes are: unknown, IBANs grouped by which references name them, and all others.
#[derive(Debug, Clone, Default)]
pub(crate) struct Ibans {
    places: HashMap<String, u32>,
    /// An IBAN of each class, from class 1 on.
    facts: Vec<String>,
    units: HashMap<Unit, Vec<u32>>,
    used: bool,
}

/// A set of IBANs that rules speak of.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Unit {
    /// What a reference of a policy names.
    Named(usize, Name),
    /// The declared own accounts of a policy.
    Own(usize),
}

/// A reference that names IBANs.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Name {
    Payee(u32),
    Account(u32),
    Iban(String),
}

impl Unit {
    /// The unit of a reference of a policy; `anyone` is none.
    pub(crate) fn of(side: usize, reference: &PayeeRef) -> Option<Self> {
        Some(match reference {
            PayeeRef::Payee(place) => Self::Named(side, Name::Payee(*place)),
            PayeeRef::Account(place) => Self::Named(side, Name::Account(*place)),
            PayeeRef::Iban(iban) => Self::Named(side, Name::Iban(iban.clone())),
            PayeeRef::OwnAccounts => Self::Own(side),
            PayeeRef::Favorites | PayeeRef::Anyone => return None,
        })
    }
}

impl Ibans {
    pub(crate) fn unused(spare: String) -> Self {
        Self { facts: vec![spare], ..Self::default() }
    }

    pub(crate) fn of<'n, 'p: 'n>(names: impl Fn(usize) -> &'n Names<'p>, units: Vec<Unit>, stranger: String) -> Self {
        let mut members: HashMap<&str, Vec<u32>> = HashMap::new();
        let named: Vec<PayeeRef> = units.iter().map(reference).collect();
        for ((number, unit), reference) in (0..).zip(&units).zip(&named) {
            match unit {
                Unit::Named(side, _) => {
                    for iban in names(*side).ibans(reference) {
                        members.entry(iban).or_default().push(number);
                    }
                }
                Unit::Own(side) => {
                    for account in &names(*side).ir.accounts {
                        if let Some(iban) = account.iban.as_deref().filter(|iban| names(*side).is_own(iban)) {
                            members.entry(iban).or_default().push(number);
                        }
                    }
                }
            }
        }
        let mut sorted: Vec<(&str, Vec<u32>)> = members.into_iter().collect();
        sorted.sort_unstable();
        let mut classes: HashMap<Vec<u32>, u32> = HashMap::new();
        let mut out = Self { used: true, ..Self::default() };
        let mut of_unit: Vec<Vec<u32>> = vec![Vec::new(); units.len()];
        for (iban, mut signature) in sorted {
            signature.dedup();
            let next = out.facts.len() as u32 + 1;
            let class = match classes.get(&signature) {
                Some(class) => *class,
                None => {
                    for unit in &signature {
                        if let Some(classes) = of_unit.get_mut(*unit as usize) {
                            classes.push(next);
                        }
                    }
                    out.facts.push(iban.to_owned());
                    classes.insert(signature, next);
                    next
                }
            };
            out.places.insert(iban.to_owned(), class);
        }
        out.facts.push(stranger);
        out.units = units.into_iter().zip(of_unit).collect();
        out
    }

    pub(crate) fn size(&self) -> u32 {
        if self.used { self.facts.len() as u32 + 1 } else { 1 }
    }

    pub(crate) fn class(&self, told: Option<&str>) -> u32 {
        let Some(told) = told.filter(|_| self.used) else { return 0 };
        self.places.get(told).copied().unwrap_or(self.facts.len() as u32)
    }

    /// The IBAN that stands for a class; nothing for unknown.
    pub(crate) fn fact(&self, class: u32) -> Option<&str> {
        self.facts.get((class as usize).checked_sub(1)?).map(String::as_str)
    }

    /// An IBAN to tell where rules do not look at it.
    pub(crate) fn spare(&self) -> Option<&str> {
        if self.used { None } else { self.facts.first().map(String::as_str) }
    }

    /// Every IBAN that rules speak of with its class, by IBAN.
    pub(crate) fn ibans(&self) -> Vec<(&str, u32)> {
        let mut ibans: Vec<(&str, u32)> = self.places.iter().map(|(iban, class)| (iban.as_str(), *class)).collect();
        ibans.sort_unstable();
        ibans
    }

    /// The class of all IBANs that no rule speaks of.
    pub(crate) fn others(&self) -> u32 {
        self.facts.len() as u32
    }

    /// The classes whose IBANs a unit has.
    pub(crate) fn classes(&self, unit: &Unit) -> &[u32] {
        self.units.get(unit).map_or(&[], Vec::as_slice)
    }
}

fn reference(unit: &Unit) -> PayeeRef {
    match unit {
        Unit::Named(_, Name::Payee(place)) => PayeeRef::Payee(*place),
        Unit::Named(_, Name::Account(place)) => PayeeRef::Account(*place),
        Unit::Named(_, Name::Iban(iban)) => PayeeRef::Iban(iban.clone()),
        Unit::Own(_) => PayeeRef::OwnAccounts,
    }
}
