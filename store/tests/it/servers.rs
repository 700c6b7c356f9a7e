//! A real server for the store that needs one.

use bpol_store::Store;

/// A server of this test's own, or one that the variable `BPOL_REDIS` names.
pub(crate) struct Server {
    url: String,
}

impl Server {
    pub(crate) fn start() -> Option<Self> {
        println!("skipped: built without the feature `redis`");
        None
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    pub(crate) fn create(&self) -> Box<dyn Store> {
        connect(&self.url)
    }
}

/// The store behind an address.
pub(crate) fn connect(url: &str) -> Box<dyn Store> {
    panic!("{url}: built without the feature `redis`")
}
