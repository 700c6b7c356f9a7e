//! The words of the bank, read from the table beside the tests.

use std::sync::LazyLock;

const TABLE: &str = include_str!("../../data/vocabulary.tsv");

/// The methods that the notes to the table list.
pub(crate) const METHODS: [&str; 9] =
    ["transfer", "direct-debit", "business-direct-debit", "ideal", "sofort", "request", "card", "wise", "exchange"];
/// The kinds of account in the grammar's `account-fact`.
pub(crate) const KINDS: [&str; 7] = ["bank", "joint", "savings", "external", "external-savings", "card", "shared"];
/// The words after `repeating` in the grammar.
pub(crate) const REPEATS: [&str; 7] = ["once", "hourly", "daily", "weekly", "monthly", "yearly", "anytime"];

/// An operation: a row of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Operation {
    pub(crate) resource: String,
    pub(crate) plural: String,
    pub(crate) action: String,
    pub(crate) tier: String,
    pub(crate) dimensions: Vec<String>,
    pub(crate) untold: Vec<String>,
    pub(crate) parts: Vec<String>,
    counts_as: Vec<String>,
    view_of: Option<String>,
    /// Name, and whether it is among the defaults.
    pub(crate) fields: Vec<(String, bool)>,
}

impl Operation {
    /// "An operation has a dimension when it is *about* such a thing, told or not."
    pub(crate) fn has(&self, dimension: &str) -> bool {
        self.dimensions.iter().any(|has| has == dimension)
    }

    /// "A noun may be a *view*: another operation with fewer fields."
    pub(crate) fn is_view(&self) -> bool {
        self.view_of.is_some()
    }

    /// "What a call never tells is marked *untold* and is always unknown."
    pub(crate) fn tells(&self, dimension: &str) -> bool {
        self.has(dimension) && !self.untold.iter().any(|untold| untold == dimension)
    }
}

/// All operations. An operation is spoken of by its place in the list.
#[derive(Debug)]
pub(crate) struct Vocabulary {
    pub(crate) operations: Vec<Operation>,
    /// For each operation what it counts as, transitively.
    closure: Vec<Vec<usize>>,
}

impl Vocabulary {
    pub(crate) fn bunq() -> &'static Self {
        static BUNQ: LazyLock<Vocabulary> = LazyLock::new(Vocabulary::read);
        &BUNQ
    }

    fn read() -> Self {
        let list = |cell: &str| -> Vec<String> {
            cell.split(',').filter(|word| !word.is_empty()).map(str::to_owned).collect()
        };
        let operations = TABLE
            .lines()
            .skip(1)
            .map(|row| {
                let cells: Vec<&str> = row.split('\t').collect();
                assert_eq!(cells.len(), 13, "a row of the vocabulary has 13 cells: {row}");
                Operation {
                    resource: cells[0].to_owned(),
                    plural: cells[1].to_owned(),
                    action: cells[2].to_owned(),
                    tier: cells[3].to_owned(),
                    dimensions: list(cells[4]),
                    untold: list(cells[5]),
                    parts: list(cells[7]),
                    counts_as: list(cells[8]),
                    view_of: (!cells[9].is_empty()).then(|| cells[9].to_owned()),
                    fields: list(cells[10])
                        .into_iter()
                        .map(|field| match field.strip_prefix('-') {
                            Some(hidden) => (hidden.to_owned(), false),
                            None => (field, true),
                        })
                        .collect(),
                }
            })
            .collect();
        let mut vocabulary = Self { operations, closure: Vec::new() };
        vocabulary.closure =
            (0..vocabulary.operations.len()).map(|operation| vocabulary.everything_it_counts_as(operation)).collect();
        vocabulary
    }

    pub(crate) fn find(&self, action: &str, resource: &str) -> Option<usize> {
        self.operations.iter().position(|operation| operation.action == action && operation.resource == resource)
    }

    pub(crate) fn actions(&self, resource: &str) -> Vec<&str> {
        self.operations
            .iter()
            .filter(|operation| operation.resource == resource)
            .map(|operation| operation.action.as_str())
            .collect()
    }

    /// "a `deny` of it denies its operation, … and in a request it is the operation that it views"
    pub(crate) fn viewed(&self, operation: usize) -> usize {
        match &self.operations[operation].view_of {
            Some(words) => self.by_words(words),
            None => operation,
        }
    }

    /// "what it *counts as*, transitively". An operation does not count as itself here.
    pub(crate) fn counts_as(&self, operation: usize, named: usize) -> bool {
        self.closure[operation].contains(&named)
    }

    fn everything_it_counts_as(&self, operation: usize) -> Vec<usize> {
        let mut found = Vec::new();
        let mut open = vec![operation];
        while let Some(next) = open.pop() {
            for words in &self.operations[next].counts_as {
                let target = self.by_words(words);
                if !found.contains(&target) {
                    found.push(target);
                    open.push(target);
                }
            }
        }
        found
    }

    /// "Singular and plural of a noun are the same word" in a policy.
    pub(crate) fn singular<'word>(&'word self, noun: &'word str) -> &'word str {
        self.operations
            .iter()
            .find(|operation| operation.plural == noun)
            .map_or(noun, |operation| operation.resource.as_str())
    }

    fn by_words(&self, words: &str) -> usize {
        let (action, resource) = words.split_once(' ').expect("an action and a resource");
        self.find(action, resource).unwrap_or_else(|| panic!("`{words}` is an operation"))
    }
}
