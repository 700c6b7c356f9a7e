//! Which account: what is told of its IBAN and its number at the bank.

use hashbrown::HashMap;
use std::collections::BTreeSet;
use std::rc::Rc;

use bpol_engine::ir::{AccountRef, Excepted};

use crate::analyze::facts::Account;
use crate::analyze::names::Names;
use crate::analyze::space::stranger;

/// A variable whose classes are what can be told of IBAN and id: nothing, or that of an account that rules speak of or
/// of a stranger, in all ways that agree with the declarations.
#[derive(Debug, Clone, Default)]
pub(crate) struct Identity {
    classes: Vec<Account>,
    places: HashMap<(Who, Who), u32>,
    ibans: HashMap<String, usize>,
    ids: HashMap<u64, usize>,
}

/// Whose IBAN or id is told: nobody's, that of an account by its place in a list, or a stranger's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Who {
    Nobody,
    Known(usize),
    Stranger,
}

impl Identity {
    pub(crate) fn unused() -> Self {
        Self { classes: vec![Account::default()], ..Self::default() }
    }

    /// The classes for references of each policy. Where kinds are spoken of every declared account is told apart. What is
    /// told of accounts that are redeclared may be mixed with what is told of any other.
    pub(crate) fn of(names: &[Rc<Names<'_>>], refs: &[(usize, AccountRef)], redeclared: &[(usize, u32)]) -> Self {
        let mut spoken: BTreeSet<(usize, u32)> = BTreeSet::new();
        let mut all = false;
        for (side, reference) in refs {
            let except: &[Excepted] = match reference {
                AccountRef::Account(place) => {
                    spoken.insert((*side, *place));
                    &[]
                }
                AccountRef::Name(_) => &[],
                AccountRef::Kind { except, .. } => {
                    all = true;
                    except
                }
                AccountRef::Any { except } => except,
            };
            for one in except {
                match one {
                    Excepted::Account(place) => _ = spoken.insert((*side, *place)),
                    Excepted::Kind(_) => all = true,
                }
            }
        }
        if all {
            for (side, names) in names.iter().enumerate() {
                spoken.extend((0..names.ir.accounts.len() as u32).map(|place| (side, place)));
            }
        }
        let declared = |(side, place): &(usize, u32)| names.get(*side)?.ir.accounts.get(*place as usize);
        let mut ibans: Vec<String> = spoken.iter().filter_map(|one| declared(one)?.iban.clone()).collect();
        ibans.sort_unstable();
        ibans.dedup();
        let mut ids: Vec<u64> = spoken.iter().filter_map(|one| declared(one)?.id).collect();
        ids.sort_unstable();
        ids.dedup();
        let iban_places: HashMap<String, usize> =
            ibans.iter().enumerate().map(|(place, iban)| (iban.clone(), place)).collect();
        let id_places: HashMap<u64, usize> = ids.iter().enumerate().map(|(place, id)| (*id, place)).collect();
        let mut pairs = vec![
            (Who::Nobody, Who::Nobody),
            (Who::Stranger, Who::Nobody),
            (Who::Nobody, Who::Stranger),
            (Who::Stranger, Who::Stranger),
        ];
        for iban in 0..ibans.len() {
            pairs.extend([(Who::Known(iban), Who::Nobody), (Who::Known(iban), Who::Stranger)]);
        }
        for id in 0..ids.len() {
            pairs.extend([(Who::Nobody, Who::Known(id)), (Who::Stranger, Who::Known(id))]);
        }
        let mut both: Vec<(Who, Who)> = spoken
            .iter()
            .filter_map(|one| {
                let account = declared(one)?;
                let iban = iban_places.get(account.iban.as_ref()?)?;
                Some((Who::Known(*iban), Who::Known(*id_places.get(&account.id?)?)))
            })
            .collect();
        // What one policy knows by its IBAN alone may be what another knows by its id alone.
        for (side, place) in &spoken {
            let Some(one) = declared(&(*side, *place)).filter(|one| one.id.is_none()) else { continue };
            let others = spoken.iter().filter(|(other, _)| other != side).filter_map(declared);
            for other in others.filter(|other| other.iban.is_none()) {
                let pair = one.iban.as_ref().and_then(|iban| iban_places.get(iban));
                if let Some((iban, id)) = pair.zip(other.id.and_then(|id| id_places.get(&id))) {
                    both.push((Who::Known(*iban), Who::Known(*id)));
                }
            }
        }
        for account in redeclared.iter().filter_map(declared) {
            if let Some(iban) = account.iban.as_ref().and_then(|iban| iban_places.get(iban)) {
                both.extend((0..ids.len()).map(|id| (Who::Known(*iban), Who::Known(id))));
            }
            if let Some(id) = account.id.and_then(|id| id_places.get(&id)) {
                both.extend((0..ibans.len()).map(|iban| (Who::Known(iban), Who::Known(*id))));
            }
        }
        both.sort_unstable();
        both.dedup();
        pairs.extend(both);
        let strange_iban = stranger::iban(names);
        let strange_id = stranger::id(names);
        let mut identity = Self { ibans: iban_places, ids: id_places, ..Self::default() };
        for (iban, id) in pairs {
            let fact = Account {
                iban: match iban {
                    Who::Nobody => None,
                    Who::Known(place) => ibans.get(place).cloned(),
                    Who::Stranger => Some(strange_iban.clone()),
                },
                id: match id {
                    Who::Nobody => None,
                    Who::Known(place) => ids.get(place).copied(),
                    Who::Stranger => Some(strange_id),
                },
                ..Account::default()
            };
            // What contradicts every policy is no request at all; what contradicts one of two is denied there.
            if names.iter().any(|names| names.declared(&fact).is_ok()) {
                identity.places.insert((iban, id), identity.classes.len() as u32);
                identity.classes.push(fact);
            }
        }
        identity
    }

    pub(crate) fn size(&self) -> u32 {
        self.classes.len() as u32
    }

    /// The class of what is told; nothing where it contradicts the declarations.
    pub(crate) fn class(&self, told: Option<&Account>) -> Option<u32> {
        if self.classes.len() == 1 {
            return Some(0);
        }
        let told = told.cloned().unwrap_or_default();
        let iban =
            told.iban.map_or(Who::Nobody, |iban| self.ibans.get(&iban).map_or(Who::Stranger, |at| Who::Known(*at)));
        let id = told.id.map_or(Who::Nobody, |id| self.ids.get(&id).map_or(Who::Stranger, |at| Who::Known(*at)));
        self.places.get(&(iban, id)).copied()
    }

    /// What is told in a class: IBAN and id.
    pub(crate) fn fact(&self, class: u32) -> Account {
        self.classes.get(class as usize).cloned().unwrap_or_default()
    }

    /// The class of an account that no rule speaks of and of which all is told.
    pub(crate) fn stranger(&self) -> Option<u32> {
        self.places.get(&(Who::Stranger, Who::Stranger)).copied()
    }

    /// Whether rules speak of the IBAN or the id of a class.
    pub(crate) fn is_spoken_of(&self, class: u32) -> bool {
        let (iban, id) = self.spoken(class);
        iban.is_some() || id.is_some()
    }

    /// The IBAN and the id of a class, where rules speak of them.
    pub(crate) fn spoken(&self, class: u32) -> (Option<&str>, Option<u64>) {
        let fact = self.classes.get(class as usize);
        let iban = fact.and_then(|fact| fact.iban.as_deref()).filter(|iban| self.ibans.contains_key(*iban));
        (iban, fact.and_then(|fact| fact.id).filter(|id| self.ids.contains_key(id)))
    }

    /// The class in which as much is told as in another, of a stranger.
    pub(crate) fn beside(&self, class: u32) -> u32 {
        let fact = self.classes.get(class as usize);
        let who = |told: bool| if told { Who::Stranger } else { Who::Nobody };
        let iban = fact.is_some_and(|fact| fact.iban.is_some());
        let id = fact.is_some_and(|fact| fact.id.is_some());
        self.places.get(&(who(iban), who(id))).copied().unwrap_or(0)
    }

    /// All classes with what is told in them.
    pub(crate) fn classes(&self) -> impl Iterator<Item = (u32, &Account)> {
        (0..).zip(&self.classes)
    }
}
