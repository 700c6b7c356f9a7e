//! Numbers for the IBANs of a policy, so that a list of thousands is a range of numbers.
//!
//! An IBAN's number is the place where the document says it first: accounts, then payees flattened, then those in
//! clauses. Nothing of the text is kept twice.

use crate::ir::{Clause, Ir, PayeeRef};
use crate::table::{Table, hash};

/// The index; it reads the texts in the document.
#[derive(Debug, Default)]
pub(crate) struct Ibans {
    table: Table,
    /// The number of the first IBAN of each payee, and after them that of the first IBAN in clauses.
    starts: Vec<u32>,
    /// IBANs in clauses.
    loose: Vec<Box<str>>,
    /// Payees that name an IBAN which stands earlier in the document, with its number; sorted.
    again: Vec<(u32, u32)>,
}

impl Ibans {
    /// Numbers all IBANs; `None` when there are too many.
    pub(crate) fn of(ir: &Ir) -> Option<Self> {
        let mut starts = Vec::with_capacity(ir.payees.len().checked_add(1)?);
        let mut next = u32::try_from(ir.accounts.len()).ok()?;
        for payee in &ir.payees {
            starts.push(next);
            next = next.checked_add(u32::try_from(payee.ibans.len()).ok()?)?;
        }
        starts.push(next);
        let loose: Vec<Box<str>> = loose(ir).map(Box::from).collect();
        let total = usize::try_from(next).ok()?.checked_add(loose.len())?;
        u32::try_from(total).ok().filter(|total| *total < u32::MAX)?;
        let mut ibans = Self { table: Table::sized(total), starts, loose, again: Vec::new() };
        ibans.fill(ir);
        Some(ibans)
    }

    fn fill(&mut self, ir: &Ir) {
        let mut table = std::mem::take(&mut self.table);
        let mut put = |ibans: &Self, number: u32, iban: &str| {
            table.insert(hash(iban), number, |other| ibans.text(ir, other) == Some(iban))
        };
        for (account, number) in ir.accounts.iter().zip(0_u32..) {
            if let Some(iban) = &account.iban {
                put(self, number, iban);
            }
        }
        let mut again = Vec::new();
        for (place, payee) in (0_u32..).zip(&ir.payees) {
            for (iban, number) in payee.ibans.iter().zip(self.start(place)..) {
                again.extend(put(self, number, iban).map(|first| (place, first)));
            }
        }
        let first = self.starts.last().copied().unwrap_or_default();
        for (iban, number) in self.loose.iter().zip(first..) {
            put(self, number, iban);
        }
        again.sort_unstable();
        self.again = again;
        self.table = table;
    }

    /// The number of an IBAN, if the policy speaks of it.
    pub(crate) fn number(&self, ir: &Ir, iban: &str) -> Option<u32> {
        self.table.find(hash(iban), |number| self.text(ir, number) == Some(iban))
    }

    /// The numbers of a payee's IBANs as ranges.
    pub(crate) fn of_payee(&self, payee: u32) -> impl Iterator<Item = (u32, u32)> {
        let own = (self.start(payee), self.start(payee.saturating_add(1)));
        let first = self.again.partition_point(|(other, _)| *other < payee);
        let again = self.again.get(first..).unwrap_or_default();
        let again = again.iter().take_while(move |(other, _)| *other == payee);
        std::iter::once(own).chain(again.map(|(_, number)| (*number, number.saturating_add(1))))
    }

    fn start(&self, payee: u32) -> u32 {
        usize::try_from(payee).ok().and_then(|payee| self.starts.get(payee)).copied().unwrap_or(u32::MAX)
    }

    fn text<'p>(&'p self, ir: &'p Ir, number: u32) -> Option<&'p str> {
        let place = usize::try_from(number).ok()?;
        if let Some(account) = ir.accounts.get(place) {
            return account.iban.as_deref();
        }
        let payee = self.starts.partition_point(|start| *start <= number).checked_sub(1)?;
        let inside = usize::try_from(number.checked_sub(*self.starts.get(payee)?)?).ok()?;
        match ir.payees.get(payee) {
            Some(payee) => payee.ibans.get(inside).map(String::as_str),
            None => self.loose.get(inside).map(|iban| &**iban),
        }
    }
}

/// IBANs that clauses name outright.
fn loose(ir: &Ir) -> impl Iterator<Item = &str> {
    let keys = ir.keys.iter().flat_map(|key| &key.rules);
    let rules = keys.chain(ir.guardrails.iter().flat_map(|guardrail| &guardrail.rules));
    let in_rules = rules.flat_map(|rule| rule.when.iter().chain(rule.unless.iter().flatten()));
    let in_scopes = ir.scopes.iter().flat_map(|scope| scope.when.iter().chain(scope.unless.iter().flatten()));
    in_rules
        .chain(in_scopes)
        .flat_map(|clause| match clause {
            Clause::To(payees) => payees.as_slice(),
            _ => &[],
        })
        .filter_map(|payee| match payee {
            PayeeRef::Iban(iban) => Some(iban.as_str()),
            _ => None,
        })
}
