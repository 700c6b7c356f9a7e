//! The colours that editors were told of documents, so that they need only be told what changed.

use std::collections::HashMap;

use camino::{Utf8Path, Utf8PathBuf};
use lsp_types::{SemanticToken, SemanticTokensEdit};

/// Colours are kept of so many documents.
const MOST: usize = 64;

/// How many numbers a token is in the protocol.
const NUMBERS: usize = 5;

/// What the editor was last told.
#[derive(Debug, Default)]
pub(crate) struct Colours {
    told: HashMap<Utf8PathBuf, (u64, Vec<SemanticToken>)>,
    count: u64,
}

impl Colours {
    /// Keeps what the editor is told now, and gives it a name.
    pub(crate) fn keep(&mut self, path: &Utf8Path, tokens: Vec<SemanticToken>) -> String {
        self.count += 1;
        if self.told.len() >= MOST && !self.told.contains_key(path) {
            // The one that was told longest ago goes.
            let oldest = self.told.iter().min_by_key(|(_, (count, _))| *count).map(|(path, _)| path.clone());
            oldest.inspect(|path| _ = self.told.remove(path));
        }
        self.told.insert(path.to_owned(), (self.count, tokens));
        self.count.to_string()
    }

    /// What the editor was told under a name, if that was the last.
    pub(crate) fn told(&self, path: &Utf8Path, name: &str) -> Option<&[SemanticToken]> {
        let (count, tokens) = self.told.get(path)?;
        (count.to_string() == name).then_some(tokens)
    }

    /// Forgets a document.
    pub(crate) fn forget(&mut self, path: &Utf8Path) {
        self.told.remove(path);
    }
}

/// What makes the new list of the old one: at most one replacement.
pub(crate) fn edits(old: &[SemanticToken], new: &[SemanticToken]) -> Vec<SemanticTokensEdit> {
    let same = old.iter().zip(new).take_while(|(old, new)| old == new).count();
    let (rest, more) = (&old[same..], &new[same..]);
    let behind = rest.iter().rev().zip(more.iter().rev()).take_while(|(old, new)| old == new).count();
    let (gone, come) = (&rest[..rest.len() - behind], &more[..more.len() - behind]);
    if gone.is_empty() && come.is_empty() {
        return Vec::new();
    }
    let number = |count: usize| u32::try_from(count * NUMBERS).unwrap_or(u32::MAX);
    let data = (!come.is_empty()).then(|| come.to_vec());
    vec![SemanticTokensEdit { start: number(same), delete_count: number(gone.len()), data }]
}

#[cfg(test)]
mod tests {
    use super::{Colours, NUMBERS, edits};
    use camino::Utf8PathBuf;
    use lsp_types::SemanticToken;

    fn tokens(lengths: &[u32]) -> Vec<SemanticToken> {
        let one = |length: &u32| SemanticToken {
            delta_line: 0,
            delta_start: *length,
            length: *length,
            token_type: 0,
            token_modifiers_bitset: 0,
        };
        lengths.iter().map(one).collect()
    }

    #[track_caller]
    fn check(old: &[u32], new: &[u32], expected: &[(u32, u32, &[u32])]) {
        let found = edits(&tokens(old), &tokens(new));
        let shown: Vec<(u32, u32, Vec<u32>)> = found
            .iter()
            .map(|edit| {
                let data = edit.data.iter().flatten().map(|token| token.length).collect();
                (edit.start, edit.delete_count, data)
            })
            .collect();
        let expected: Vec<_> = expected.iter().map(|(start, count, data)| (*start, *count, data.to_vec())).collect();
        assert_eq!(shown, expected);
    }

    #[test]
    fn only_what_changed_is_told() {
        check(&[1, 2, 3], &[1, 2, 3], &[]);
        check(&[1, 2, 3], &[1, 9, 3], &[(5, 5, &[9])]);
        check(&[1, 2, 3], &[1, 3], &[(5, 5, &[])]);
        check(&[1, 3], &[1, 2, 3], &[(5, 0, &[2])]);
        check(&[1, 1], &[1, 1, 1], &[(10, 0, &[1])]);
        check(&[], &[4], &[(0, 0, &[4])]);
    }

    #[test]
    fn what_is_told_makes_the_new_list_of_the_old_one() {
        let mut state: u32 = 7;
        let mut random = move |below: u32| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 16) % below
        };
        for _ in 0..3000 {
            let mut list = |most: u32| (0..random(most)).map(|_| random(3)).collect::<Vec<u32>>();
            let (before, gone, come, after) = (list(6), list(4), list(4), list(6));
            let old = tokens(&[before.clone(), gone, after.clone()].concat());
            let new = tokens(&[before, come, after].concat());
            let mut numbers = old.clone();
            for edit in edits(&old, &new) {
                let (start, count) = (edit.start as usize / NUMBERS, edit.delete_count as usize / NUMBERS);
                numbers.splice(start..start + count, edit.data.unwrap_or_default());
            }
            assert_eq!(numbers, new);
        }
    }

    #[test]
    fn only_the_last_that_was_told_counts_and_the_oldest_are_forgotten() {
        let mut colours = Colours::default();
        let path = |number: usize| Utf8PathBuf::from(format!("/{number}.bpol"));
        let first = colours.keep(&path(0), tokens(&[1]));
        assert_eq!(colours.told(&path(0), &first).map(<[_]>::len), Some(1));
        let second = colours.keep(&path(0), tokens(&[1, 2]));
        assert_eq!(colours.told(&path(0), &first), None);
        for number in 1..=super::MOST {
            colours.keep(&path(number), Vec::new());
        }
        assert_eq!(colours.told(&path(0), &second), None);
        assert_eq!(colours.told.len(), super::MOST);
    }
}
