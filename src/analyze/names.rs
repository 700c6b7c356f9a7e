//! The names of a policy as analysis looks them up: accounts by IBAN and id, IBANs by the lists that they stand in.

use hashbrown::{HashMap, HashSet};
use std::cell::OnceCell;

use bpol_engine::ir::{AccountRef, Clause, Excepted, Ir, PayeeRef};

use crate::analyze::facts::{Account, Payee};
use crate::analyze::truth::Truth;

/// Look-ups into one policy.
#[derive(Debug)]
pub(crate) struct Names<'p> {
    pub(crate) ir: &'p Ir,
    by_iban: HashMap<&'p str, usize>,
    by_id: HashMap<u64, usize>,
    own_kinds: Vec<&'p str>,
    spoken: OnceCell<HashSet<&'p str>>,
    /// An IBAN that the policy speaks of nowhere, once it was asked for: spaces ask again and again.
    pub(crate) stranger: OnceCell<String>,
    /// An id that no account has, once it was asked for.
    pub(crate) strange_id: OnceCell<u64>,
}

/// The facts about an account contradict the policy's declarations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Contradiction;

impl<'p> Names<'p> {
    pub(crate) fn of(ir: &'p Ir) -> Self {
        let accounts = || ir.accounts.iter().enumerate();
        Self {
            ir,
            by_iban: accounts().filter_map(|(place, account)| Some((account.iban.as_deref()?, place))).collect(),
            by_id: accounts().filter_map(|(place, account)| Some((account.id?, place))).collect(),
            own_kinds: ir.kinds.iter().filter(|kind| kind.own).map(|kind| kind.word.as_str()).collect(),
            spoken: OnceCell::new(),
            stranger: OnceCell::new(),
            strange_id: OnceCell::new(),
        }
    }

    /// All IBANs that the policy declares or names.
    pub(crate) fn spoken(&self) -> &HashSet<&'p str> {
        self.spoken.get_or_init(|| {
            let ir = self.ir;
            let mut known: HashSet<&str> = ir.accounts.iter().filter_map(|account| account.iban.as_deref()).collect();
            known.extend(ir.payees.iter().flat_map(|payee| payee.ibans.iter().map(String::as_str)));
            let rules = ir.keys.iter().flat_map(|key| &key.rules);
            let rules = rules.chain(ir.guardrails.iter().flat_map(|guardrail| &guardrail.rules));
            for clause in rules.flat_map(|rule| rule.when.iter().chain(rule.unless.iter().flatten())) {
                let Clause::To(refs) = clause else { continue };
                known.extend(refs.iter().filter_map(|one| match one {
                    PayeeRef::Iban(iban) => Some(iban.as_str()),
                    _ => None,
                }));
            }
            known
        })
    }

    /// Whether a declared account has this id.
    pub(crate) fn has_id(&self, id: u64) -> bool {
        self.by_id.contains_key(&id)
    }

    /// The declared account that facts equal, on IBAN or id.
    pub(crate) fn declared(&self, fact: &Account) -> Result<Option<usize>, Contradiction> {
        let by_iban = fact.iban.as_deref().and_then(|iban| self.by_iban.get(iban)).copied();
        let by_id = fact.id.and_then(|id| self.by_id.get(&id)).copied();
        let place = match (by_iban, by_id) {
            (Some(one), Some(other)) if one != other => return Err(Contradiction),
            (one, other) => one.or(other),
        };
        let Some(account) = place.and_then(|place| self.ir.accounts.get(place)) else { return Ok(None) };
        let differs = fact.iban.as_ref().zip(account.iban.as_ref()).is_some_and(|(told, own)| told != own)
            || fact.id.zip(account.id).is_some_and(|(told, own)| told != own)
            || fact.kind.as_ref().zip(account.kind.as_ref()).is_some_and(|(told, own)| told != own);
        if differs { Err(Contradiction) } else { Ok(place) }
    }

    /// Whether the IBAN is that of a declared account of the holder's own.
    pub(crate) fn is_own(&self, iban: &str) -> bool {
        let account = self.by_iban.get(iban).and_then(|place| self.ir.accounts.get(*place));
        account.and_then(|account| account.kind.as_deref()).is_some_and(|kind| self.own_kinds.contains(&kind))
    }

    /// Whether `own` is false for an account of the holder's.
    pub(crate) fn contradicts(&self, payee: &Payee) -> bool {
        payee.own == Some(false) && payee.iban.as_deref().is_some_and(|iban| self.is_own(iban))
    }

    /// The value of an `on` clause, for an operation that has accounts.
    pub(crate) fn on(&self, refs: &[AccountRef], fact: Option<&Account>) -> Truth {
        refs.iter().map(|reference| self.account(reference, fact)).max().unwrap_or(Truth::False)
    }

    fn account(&self, reference: &AccountRef, fact: Option<&Account>) -> Truth {
        match reference {
            AccountRef::Account(place) => self.is_account(*place, fact),
            AccountRef::Name(name) => Truth::of(fact.and_then(|fact| fact.name.as_ref()).map(|told| told == name)),
            AccountRef::Kind { kind, except } => self.is_kind(kind, fact).min(!self.excepted(except, fact)),
            AccountRef::Any { except } => !self.excepted(except, fact),
        }
    }

    /// Whether facts are about a declared account.
    pub(crate) fn is_account(&self, place: u32, fact: Option<&Account>) -> Truth {
        let Some((account, fact)) = self.ir.accounts.get(place as usize).zip(fact) else { return Truth::Unknown };
        let by_iban = account.iban.as_ref().zip(fact.iban.as_ref()).map(|(own, told)| own == told);
        let by_id = account.id.zip(fact.id).map(|(own, told)| own == told);
        Truth::of(by_iban.or(by_id))
    }

    /// Whether facts are about an account of a kind.
    pub(crate) fn is_kind(&self, kind: &str, fact: Option<&Account>) -> Truth {
        let Some(fact) = fact else { return Truth::Unknown };
        let declared = self.declared(fact).ok().flatten().and_then(|place| self.ir.accounts.get(place));
        let known = fact.kind.as_deref().or_else(|| declared?.kind.as_deref());
        Truth::of(known.map(|known| known == kind))
    }

    /// Whether facts are about what an `except` leaves out.
    pub(crate) fn excepted(&self, except: &[Excepted], fact: Option<&Account>) -> Truth {
        let one = |one: &Excepted| match one {
            Excepted::Account(place) => self.is_account(*place, fact),
            Excepted::Kind(kind) => self.is_kind(kind, fact),
        };
        except.iter().map(one).max().unwrap_or(Truth::False)
    }

    /// The value of a `to` clause, for an operation that has payees.
    pub(crate) fn to(&self, refs: &[PayeeRef], fact: Option<&Payee>) -> Truth {
        let iban = fact.and_then(|fact| fact.iban.as_deref());
        let one = |reference: &PayeeRef| match reference {
            PayeeRef::Anyone => Truth::True,
            PayeeRef::Favorites => Truth::of(fact.and_then(|fact| fact.favorite)),
            PayeeRef::OwnAccounts => match fact.and_then(|fact| fact.own) {
                Some(own) => own.into(),
                None if iban.is_some_and(|iban| self.is_own(iban)) => Truth::True,
                None => Truth::Unknown,
            },
            named => Truth::of(iban.map(|iban| self.ibans(named).any(|known| known == iban))),
        };
        refs.iter().map(one).max().unwrap_or(Truth::False)
    }

    /// The IBANs that a reference names one by one.
    pub(crate) fn ibans<'r>(&self, reference: &'r PayeeRef) -> impl Iterator<Item = &'r str>
    where
        'p: 'r,
    {
        let (list, one): (&'r [String], Option<&'r str>) = match reference {
            PayeeRef::Payee(place) => (self.ir.payees.get(*place as usize).map_or(&[], |payee| &payee.ibans), None),
            PayeeRef::Account(place) => {
                (&[], self.ir.accounts.get(*place as usize).and_then(|account| account.iban.as_deref()))
            }
            PayeeRef::Iban(iban) => (&[], Some(iban.as_str())),
            PayeeRef::OwnAccounts | PayeeRef::Favorites | PayeeRef::Anyone => (&[], None),
        };
        list.iter().map(String::as_str).chain(one)
    }
}

/// Whether a clause is a cap, a count or a limit: what was done before decides about it.
pub(crate) fn is_cap(clause: &Clause) -> bool {
    matches!(
        clause,
        Clause::UpTo(_)
            | Clause::AnyAmount
            | Clause::Over(_)
            | Clause::AtMost(_)
            | Clause::MoreThan(_)
            | Clause::Within(_)
    )
}
