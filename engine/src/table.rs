//! A hash index from names to positions in a list that somebody else keeps: four bytes a slot.
//!
//! What is looked up comes from callers, what is stored comes from the policy's owner, so a caller cannot make it slow.

use std::hash::{BuildHasher, Hasher};

/// Open addressing with linear probing; a slot holds a position plus one, zero is free.
#[derive(Debug, Default)]
pub(crate) struct Table {
    slots: Box<[u32]>,
}

impl Table {
    /// A table for `count` entries. A third of the slots stays free, so a probe always ends.
    pub(crate) fn sized(count: usize) -> Self {
        Self { slots: vec![0; count.saturating_add(count / 2).saturating_add(1)].into() }
    }

    /// The position for which `same` holds.
    pub(crate) fn find(&self, hash: u64, mut same: impl FnMut(u32) -> bool) -> Option<u32> {
        let mut at = self.home(hash);
        for _ in 0..self.slots.len() {
            let position = self.slots.get(at)?.checked_sub(1)?;
            if same(position) {
                return Some(position);
            }
            at = self.next(at);
        }
        None
    }

    /// Stores a position, unless `same` holds for one that is there, which is given back.
    pub(crate) fn insert(&mut self, hash: u64, position: u32, mut same: impl FnMut(u32) -> bool) -> Option<u32> {
        let mut at = self.home(hash);
        for _ in 0..self.slots.len() {
            match self.slots.get_mut(at) {
                Some(slot @ 0) => {
                    *slot = position.saturating_add(1);
                    return None;
                }
                Some(slot) if same(slot.saturating_sub(1)) => return Some(slot.saturating_sub(1)),
                _ => at = self.next(at),
            }
        }
        None
    }

    fn home(&self, hash: u64) -> usize {
        // The upper half of hash × length is an even spread over 0..length.
        let spread = u128::from(hash).saturating_mul(self.slots.len() as u128) >> 64;
        usize::try_from(spread).unwrap_or(0)
    }

    fn next(&self, at: usize) -> usize {
        let next = at.saturating_add(1);
        if next < self.slots.len() { next } else { 0 }
    }
}

/// Hash of one word.
pub(crate) fn hash(word: &str) -> u64 {
    mix(0, word)
}

/// Hash of two words.
pub(crate) fn hash_pair(first: &str, second: &str) -> u64 {
    mix(mix(1, first), second)
}

fn mix(seed: u64, word: &str) -> u64 {
    let mut state = seed ^ (word.len() as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let (chunks, rest) = word.as_bytes().as_chunks::<8>();
    for chunk in chunks {
        state = fold(state ^ u64::from_le_bytes(*chunk));
    }
    let tail = rest.iter().fold(0_u64, |tail, byte| tail << 8 | u64::from(*byte));
    fold(state ^ tail)
}

fn fold(value: u64) -> u64 {
    let wide = u128::from(value ^ 0x2545_f491_4f6c_dd1d).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835);
    (wide as u64) ^ ((wide >> 64) as u64)
}

/// For maps keyed by numbers.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Numbers;

impl BuildHasher for Numbers {
    type Hasher = NumberHasher;

    fn build_hasher(&self) -> NumberHasher {
        NumberHasher(0)
    }
}

/// Folds numbers.
#[derive(Debug)]
pub(crate) struct NumberHasher(u64);

impl Hasher for NumberHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = fold(self.0 ^ u64::from(*byte));
        }
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = fold(self.0 ^ number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_stored_word_is_found_and_no_other() {
        let words: Vec<String> = (0..10_000).map(|n| format!("key-{n}")).collect();
        let mut table = Table::sized(words.len());
        for (at, word) in words.iter().enumerate() {
            let known = table.insert(hash(word), u32::try_from(at).unwrap(), |other| words[other as usize] == *word);
            assert_eq!(known, None);
        }
        assert_eq!(table.insert(hash("key-7"), 99, |other| words[other as usize] == "key-7"), Some(7));
        let find = |word: &str| table.find(hash(word), |at| words[at as usize] == word);
        assert!(words.iter().enumerate().all(|(at, word)| find(word) == u32::try_from(at).ok()));
        assert_eq!(find("key-10000"), None);
        assert_eq!(Table::default().find(1, |_| true), None);
    }
}
