//! Facts that are a word: methods, rhythms, kinds, names and web addresses.

/// A variable whose classes are: unknown, each word that is known, and all other words where there are others.
#[derive(Debug, Clone, Default)]
pub(crate) struct Words {
    words: Vec<String>,
    /// A word that stands for all others.
    other: Option<String>,
    used: bool,
}

impl Words {
    /// No rule looks at the fact. `spare` is told where every fact must be.
    pub(crate) fn unused(spare: Option<String>) -> Self {
        Self { words: Vec::new(), other: spare, used: false }
    }

    /// Words that are all there are.
    pub(crate) fn closed(words: Vec<String>) -> Self {
        Self { words: distinct(words), other: None, used: true }
    }

    /// Words that rules say; `stranger` makes others.
    pub(crate) fn open(words: Vec<String>, stranger: impl Fn(usize) -> String) -> Self {
        let words = distinct(words);
        let other = (0..=words.len()).map(stranger).find(|word| !words.contains(word));
        Self { words, other, used: true }
    }

    pub(crate) fn size(&self) -> u32 {
        if self.used { 1 + self.words.len() as u32 + u32::from(self.other.is_some()) } else { 1 }
    }

    /// The class of a fact.
    pub(crate) fn class(&self, told: Option<&str>) -> u32 {
        let Some(told) = told.filter(|_| self.used) else { return 0 };
        // What is none of the words is in the class after them.
        self.words.binary_search_by(|word| word.as_str().cmp(told)).unwrap_or(self.words.len()) as u32 + 1
    }

    /// The fact that stands for a class; nothing for unknown.
    pub(crate) fn fact(&self, class: u32) -> Option<&str> {
        let place = (class as usize).checked_sub(1)?;
        self.words.get(place).or(self.other.as_ref()).map(String::as_str)
    }

    /// The words with their classes.
    pub(crate) fn words(&self) -> impl Iterator<Item = (u32, &str)> {
        (1..).zip(self.words.iter().map(String::as_str))
    }

    /// The class of all other words, where there is one.
    pub(crate) fn others(&self) -> Option<u32> {
        self.other.as_ref().filter(|_| self.used).map(|_| self.words.len() as u32 + 1)
    }

    /// A word to tell where rules do not look at it.
    pub(crate) fn spare(&self) -> Option<&str> {
        if self.used { None } else { self.other.as_deref() }
    }
}

fn distinct(mut words: Vec<String>) -> Vec<String> {
    words.sort_unstable();
    words.dedup();
    words
}
