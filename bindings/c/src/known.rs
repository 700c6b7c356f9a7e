//! What a gateway says that it knows of accounts, payees and records.

use std::collections::HashMap;

use bpol_engine::http::{Known, KnownAccount, KnownPayee};

#[derive(Default)]
pub(crate) struct Lists {
    /// IBAN, name and kind, by the bank's number.
    pub(crate) accounts: HashMap<u64, [Option<String>; 3]>,
    pub(crate) payees: HashMap<String, KnownPayee>,
    pub(crate) created: HashMap<String, Vec<u64>>,
}

impl Known for Lists {
    fn account(&self, id: u64) -> Option<KnownAccount<'_>> {
        let [iban, name, kind] = self.accounts.get(&id)?;
        Some(KnownAccount { iban: iban.as_deref(), name: name.as_deref(), kind: kind.as_deref() })
    }

    fn payee(&self, iban: &str) -> Option<KnownPayee> {
        self.payees.get(iban).copied()
    }

    fn created(&self, collection: &str, id: u64) -> Option<bool> {
        Some(self.created.get(collection)?.contains(&id))
    }
}
