//! A tree after an edit. Only the items that the edit can have changed are read anew; the others move with their text.
//!
//! Reading begins behind an item that ended at a mark of its own and stops as soon as it comes to such an end that the
//! old text had as well: there the parser knew nothing of what stood before, so it would go on as it did.

use std::sync::Arc;

use crate::diag::Diagnostic;
use crate::source::{FileId, Span};
use crate::syntax::cut::{MOST_FAULTS, span};
use crate::syntax::shift::shift;
use crate::syntax::tree::{Item, ItemKind, Tree};
use crate::syntax::{fault, file, odd_line_ends, parse};

/// What an edit changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Edited {
    /// What was read anew, in the new text.
    pub touched: Span,
    /// Whether an `import` or a `bank` was read anew, or was there before.
    pub imports: bool,
}

/// Brings a tree and its faults up to a new text, in which `length` bytes stand in the place of `place`.
pub(crate) fn reparse(
    tree: &mut Arc<Tree>,
    faults: &mut Vec<Diagnostic>,
    old: &str,
    new: &str,
    place: Span,
    length: usize,
) -> Edited {
    part(tree, faults, old, new, place, length).unwrap_or_else(|| {
        let parsed = parse(FileId::default(), new);
        *tree = Arc::new(parsed.tree);
        *faults = parsed.faults;
        Edited { touched: span(0, new.len().min(u32::MAX as usize)), imports: true }
    })
}

/// Does it for a part of the text; nothing where that is not possible.
fn part(
    tree: &mut Arc<Tree>,
    faults: &mut Vec<Diagnostic>,
    old: &str,
    new: &str,
    place: Span,
    length: usize,
) -> Option<Edited> {
    let by = i64::try_from(length).ok()? - i64::from(place.end - place.start);
    let is_full = faults.len() + 1 >= MOST_FAULTS || u32::try_from(new.len()).is_err();
    let bom = if tree.bom { '\u{feff}'.len_utf8() } else { 0 };
    if is_full || (place.start as usize) < bom.max(1) || new.starts_with('\u{feff}') != tree.bom {
        return None;
    }
    let items = &tree.items;
    let before = items.partition_point(|item| item.span.end <= place.start);
    let first = (0..before).rev().find(|at| items.get(*at).is_some_and(|item| is_end(old, item, faults)));
    let (kept, start) = first.map_or((0, bom), |at| (at + 1, items[at].span.end as usize));
    // Ends at which the old reading knew nothing of what stood before, in the new text.
    let moved = |item: &Item| usize::try_from(i64::from(item.span.end) + by).unwrap_or(0);
    let mut next = kept + items[kept..].partition_point(|item| item.span.end < place.end);
    let stop = |at: usize| {
        while items.get(next).is_some_and(|item| moved(item) < at || !is_end(old, item, faults)) {
            next += 1;
        }
        items.get(next).is_some_and(|item| moved(item) == at)
    };
    let read = file::parse_from(FileId::default(), new, start, stop);
    let end = read.end;
    let old_end = u32::try_from(i64::try_from(end).ok()? - by).ok()?;
    let rest = items.partition_point(|item| item.span.end <= old_end);
    let odd = odd_line_ends(new.get(start..end)?, start);
    // What is missing at the end of the text stands behind all of it.
    let to_end = end == new.len();
    let inside = |offset: u32| start <= offset as usize && (offset < old_end || to_end);
    let others = faults.iter().filter(|found| !inside(found.place.span.start)).count();
    if others + read.faults.len() + odd.len() >= 100 {
        // Only so many odd characters are told, and only so many faults: who comes first depends on all.
        return None;
    }
    // Marks that close nothing are one fault together with their neighbours, and these may stand behind what was read.
    let next_fault = faults.iter().find(|found| found.place.span.start >= old_end && !to_end);
    let joins = read.faults.last().zip(next_fault).is_some_and(|(last, next)| last.name == next.name);
    if joins || faults.iter().any(|found| found.place.span.start < old_end && old_end < found.place.span.end) {
        return None;
    }
    let is_import = |item: &Item| matches!(item.kind, ItemKind::Import(_) | ItemKind::Bank(_));
    let imports = items[kept..rest].iter().chain(&read.items).any(is_import);
    replace(Arc::make_mut(tree), kept, rest, read.items, by);
    let tree = Arc::make_mut(tree);
    comments(&mut tree.comments, span(start, old_end as usize), read.comments, by);
    let mut found = read.faults;
    let known: Vec<Span> = found.iter().map(|fault| fault.place.span).collect();
    let new_odd = odd.into_iter().filter(|(place, _)| !known.contains(place));
    found.extend(new_odd.map(|(place, character)| fault::odd_line_end(FileId::default(), place, character)));
    found.sort_by_key(|fault| (fault.place.span, fault.name));
    let at = faults.partition_point(|found| (found.place.span.start as usize) < start);
    let behind = faults.partition_point(|found| found.place.span.start < old_end || to_end);
    for fault in &mut faults[behind..] {
        fault.places(&mut |place| {
            let offset = |offset: u32| u32::try_from(i64::from(offset) + by).unwrap_or(0);
            place.span = Span::new(offset(place.span.start), offset(place.span.end));
        });
    }
    faults.splice(at..behind, found);
    Some(Edited { touched: span(start, end), imports })
}

/// Whether the parser knew nothing of what stood before when it had read an item: nothing is wrong with it, and it ended
/// at its own `;` or `>`.
fn is_end(text: &str, item: &Item, faults: &[Diagnostic]) -> bool {
    let Span { start, end } = item.span;
    let last = text.as_bytes().get((end as usize).wrapping_sub(1));
    let ends = match item.kind {
        ItemKind::Bad => false,
        ItemKind::Import(_)
        | ItemKind::Bank(_)
        | ItemKind::Timezone(_)
        | ItemKind::Account { .. }
        | ItemKind::Payee { .. }
        | ItemKind::Ensure(_) => last == Some(&b';'),
        _ => matches!(last, Some(b'>' | b'}')),
    };
    let next = faults.partition_point(|found| found.place.span.start < start);
    ends && faults.get(next).is_none_or(|found| found.place.span.start > end)
}

fn replace(tree: &mut Tree, kept: usize, rest: usize, new: Vec<Item>, by: i64) {
    if by != 0 {
        tree.items[rest..].iter_mut().for_each(|item| shift(item, by));
    }
    tree.items.splice(kept..rest, new);
}

/// Puts new comments in the place of those that stood in a span, and moves those behind it.
fn comments(all: &mut Vec<Span>, read: Span, new: Vec<Span>, by: i64) {
    let first = all.partition_point(|comment| comment.start < read.start);
    let behind = all.partition_point(|comment| comment.start < read.end);
    for comment in &mut all[behind..] {
        let offset = |offset: u32| u32::try_from(i64::from(offset) + by).unwrap_or(0);
        *comment = Span::new(offset(comment.start), offset(comment.end));
    }
    all.splice(first..behind, new);
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{Edited, reparse};
    use crate::source::{FileId, Span};
    use crate::syntax::{Parse, parse};

    /// What people and accidents put into a text.
    const PIECES: [&str; 33] = [
        ";",
        "<",
        ">",
        "{",
        "}",
        "\"",
        "\n",
        " ",
        "//",
        "/// doc\n",
        "// note\n",
        "#",
        "\r",
        "\u{2028}",
        "\0",
        "'",
        "é",
        "key \"new\" < allow read transactions; >",
        "deny payment;",
        "account \"A\" is id 1;",
        "import \"b.bpol\";",
        "every key < ask create payment over 5 EUR; >",
        "ensure key \"a\" cannot create payment;",
        "key",
        "expect",
        "test \"t\" for key \"a\" < expect deny create payment; >",
        "limit \"l\" < 5 EUR per day; >",
        "payees \"p\" <",
        "// bpol: allow(x) y\n",
        "up to 5",
        "\u{202e}",
        "\u{feff}",
        ">>",
    ];

    struct Random(u64);

    impl Random {
        /// A number below `end`.
        fn below(&mut self, end: usize) -> usize {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            usize::try_from(self.0 % u64::try_from(end.max(1)).unwrap()).unwrap()
        }

        fn boundary(&mut self, text: &str) -> usize {
            let at = self.below(text.len() + 1);
            text.floor_char_boundary(at)
        }
    }

    /// Makes an edit and compares with what a fresh reading of the new text has. Says what was read anew.
    #[track_caller]
    fn check(known: &mut (String, Parse), place: Span, text: &str) -> Edited {
        let (old, parsed) = known;
        let (start, end) = (place.start as usize, place.end as usize);
        let new = format!("{}{text}{}", &old[..start], &old[end..]);
        let mut tree = Arc::new(std::mem::take(&mut parsed.tree));
        let mut faults = std::mem::take(&mut parsed.faults);
        let edited = reparse(&mut tree, &mut faults, old, &new, place, text.len());
        let fresh = parse(FileId::default(), &new);
        assert_eq!(*tree, fresh.tree, "{old:?} with {text:?} at {place:?}");
        assert_eq!(faults, fresh.faults, "{old:?} with {text:?} at {place:?}");
        *known = (new, fresh);
        edited
    }

    #[test]
    fn only_the_item_that_was_touched_is_read_anew() {
        let text = "key \"a\" < deny payment; >\nkey \"b\" < deny payment; >\nkey \"c\" < deny payment; >\n";
        let mut known = (text.to_owned(), parse(FileId::default(), text));
        let edited = check(&mut known, Span::new(36, 40), "allow");
        assert_eq!(edited.touched, Span::new(25, 52));
        assert!(!edited.imports);
        // A `>` that is gone takes in what follows, and one that comes back lets it go.
        let edited = check(&mut known, Span::new(51, 52), "");
        assert_eq!(edited.touched, Span::new(25, 78));
        let edited = check(&mut known, Span::new(51, 51), ">");
        assert_eq!(edited.touched.start, 25);
    }

    #[test]
    fn random_edits_give_what_a_fresh_reading_gives() {
        let seed = std::env::var("BPOL_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(1_u64);
        let cases = std::env::var("BPOL_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(4000_usize);
        let examples = concat!(env!("CARGO_MANIFEST_DIR"), "/examples");
        let mut paths: Vec<_> = std::fs::read_dir(examples).unwrap().map(|entry| entry.unwrap().path()).collect();
        paths.retain(|path| path.extension().is_some_and(|extension| extension == "bpol"));
        paths.sort();
        let texts: Vec<String> = paths.iter().map(|path| std::fs::read_to_string(path).unwrap()).collect();
        let mut random = Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
        let mut partial = 0;
        let mut known = (String::new(), Parse::default());
        for case in 0..cases {
            // Texts fall to pieces after a while.
            if case % 10 == 0 {
                let text: String = (0..4).map(|_| texts[random.below(texts.len())].as_str()).collect();
                let parsed = parse(FileId::default(), &text);
                known = (text, parsed);
            }
            let text = &known.0;
            let start = random.boundary(text);
            let longest = [0, 0, 3, 12, 200][random.below(5)];
            let length = random.below(longest + 1);
            let end = text.floor_char_boundary((start + length).min(text.len())).max(start);
            let piece = match random.below(5) {
                0 => String::new(),
                1 => {
                    let other = &texts[random.below(texts.len())];
                    let from = random.boundary(other);
                    let to = other.floor_char_boundary((from + random.below(120)).min(other.len()));
                    other[from..to.max(from)].to_owned()
                }
                _ => PIECES[random.below(PIECES.len())].to_owned(),
            };
            let place = crate::syntax::cut::span(start, end);
            let edited = check(&mut known, place, &piece);
            partial += usize::from((edited.touched.end - edited.touched.start) as usize * 2 < known.0.len());
        }
        assert!(partial * 4 > cases, "only {partial} of {cases} edits were read in part");
    }
}
