//! What a gateway knows by itself: its list of accounts, of payees, and of what each key created.

/// What a gateway knows beside what calls and answers say. Whatever it does not know is unknown, which never helps the
/// caller.
///
/// ```
/// use bpol_engine::http::{Known, KnownAccount};
///
/// struct Mine;
/// impl Known for Mine {
///     fn account(&self, id: u64) -> Option<KnownAccount<'_>> {
///         (id == 42).then_some(KnownAccount { iban: Some("NL20INGB0001234567"), name: None, kind: Some("joint") })
///     }
/// }
/// assert!(Mine.account(42).is_some() && Mine.payee("NL91ABNA0417164300").is_none());
/// ```
pub trait Known {
    /// The account that the bank has under this number.
    fn account(&self, id: u64) -> Option<KnownAccount<'_>> {
        let _ = id;
        None
    }

    /// What is known of a payee.
    fn payee(&self, iban: &str) -> Option<KnownPayee> {
        let _ = iban;
        None
    }

    /// Whether the key that calls created the record with this number. `collection` is the path under which records of
    /// its kind are made and listed, such as `/v1/user/1/monetary-account/2/request-inquiry`; say `None` when not sure.
    fn created(&self, collection: &str, id: u64) -> Option<bool> {
        let _ = (collection, id);
        None
    }
}

/// An account of the gateway's list.
///
/// ```
/// let account = bpol_engine::http::KnownAccount { iban: Some("NL20INGB0001234567"), ..Default::default() };
/// assert_eq!(account.kind, None);
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct KnownAccount<'k> {
    /// Its IBAN, in capitals and without blanks.
    pub iban: Option<&'k str>,
    /// Its name at the bank.
    pub name: Option<&'k str>,
    /// Its kind, a word of the policy's catalogue.
    pub kind: Option<&'k str>,
}

/// What is known of a payee.
///
/// ```
/// let payee = bpol_engine::http::KnownPayee { own: Some(true), favorite: None };
/// assert!(payee.own.is_some());
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct KnownPayee {
    /// Whether it is an account of the holder.
    pub own: Option<bool>,
    /// Whether it is on the holder's list of favorites.
    pub favorite: Option<bool>,
}

/// A gateway that knows nothing beside what calls and answers say.
///
/// ```
/// use bpol_engine::http::{Known, Nothing};
/// assert!(Nothing.account(1).is_none() && Nothing.created("/v1/user/1/card", 2).is_none());
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Nothing;

impl Known for Nothing {}
