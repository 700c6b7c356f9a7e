//! SHA-256 over parts that cannot run into each other.

use sha2::{Digest as _, Sha256};

/// The digest of something that was written out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Digest([u8; 32]);

impl Digest {
    /// 64 hexadecimal digits.
    pub(super) fn hex(self) -> String {
        self.0.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// Something while it is written out: each part with its length, the first of them says what it is.
pub(super) struct Text(Sha256);

impl Text {
    pub(super) fn new(what: &str) -> Self {
        let mut text = Self(Sha256::new());
        text.word(what);
        text
    }

    pub(super) fn word(&mut self, word: &str) -> &mut Self {
        self.0.update((word.len() as u64).to_be_bytes());
        self.0.update(word.as_bytes());
        self
    }

    pub(super) fn option(&mut self, word: Option<&str>) -> &mut Self {
        self.0.update([u8::from(word.is_some())]);
        self.word(word.unwrap_or_default())
    }

    pub(super) fn number(&mut self, number: i128) -> &mut Self {
        self.0.update(number.to_be_bytes());
        self
    }

    pub(super) fn digest(&mut self, digest: Digest) -> &mut Self {
        self.0.update(digest.0);
        self
    }

    pub(super) fn finish(self) -> Digest {
        Digest(self.0.finalize().into())
    }
}
