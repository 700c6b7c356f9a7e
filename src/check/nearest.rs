//! The nearest spelling of a word.

/// The candidate that a misspelt word most likely means; nothing when none is near.
pub(crate) fn nearest<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let length = word.chars().count();
    let lower = word.to_lowercase();
    let worst = (length / 3).clamp(1, 3);
    candidates
        .into_iter()
        .filter(|candidate| candidate.chars().count().abs_diff(length) <= worst)
        .map(|candidate| (strsim::osa_distance(&lower, &candidate.to_lowercase()), candidate))
        .filter(|&(distance, candidate)| distance <= worst && distance < candidate.chars().count())
        .min()
        .map(|(_, candidate)| candidate)
}

/// A few words as a list in prose: `a`, `b` and `c`.
pub(crate) fn list<'w>(words: impl IntoIterator<Item = &'w str>, joint: &str) -> String {
    let words: Vec<String> = words.into_iter().map(|word| format!("`{word}`")).collect();
    match words.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        [rest @ .., last] => format!("{} {joint} {last}", rest.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::{list, nearest};

    #[test]
    fn finds_a_swapped_letter_and_leaves_strangers_alone() {
        let words = ["payment", "payee", "account"];
        assert_eq!(nearest("paymnet", words), Some("payment"));
        assert_eq!(nearest("Acount", words), Some("account"));
        assert_eq!(nearest("weather", words), None);
    }

    #[test]
    fn lists_read_as_prose() {
        assert_eq!(list(["a", "b", "c"], "or"), "`a`, `b` or `c`");
    }
}
