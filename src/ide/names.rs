//! Where names stand: every declaration and use in the files of a policy, and what is under an offset. From the trees
//! alone, so broken policies have names too. In a piece that could not be read the words before a string tell its kind.

use std::borrow::Cow;
use std::collections::HashSet;

use camino::Utf8Path;

use crate::ide::part::Snapshot;
use crate::ide::values::values;
use crate::source::Span;
use crate::syntax::pieces::comments_of;
use crate::syntax::string;
use crate::syntax::token::{Kind, Token, tokens, word};
use crate::syntax::tree::{Item, ItemKind, Statement, StatementKind, Tree};

pub use crate::ide::values::{Space, What};

/// A name where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Occurrence {
    /// Where it stands, quotes included.
    pub span: Span,
    /// The kind of name.
    pub space: Space,
    /// Whether it is declared here.
    pub declares: bool,
}

impl Occurrence {
    /// The name, in the form in which names are compared.
    pub fn name(self, text: &str) -> Cow<'_, str> {
        string::value(self.span.of(text))
    }
}

/// What is under an offset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Under {
    /// A name.
    Name(Occurrence),
    /// Another value of an item.
    Value(What, Span),
    /// A comment.
    Comment(Span),
    /// A string that could not be told to be anything.
    Text(Span),
    /// A word or a number of no declared kind.
    Word(Span),
    /// A blank, or a mark.
    Nothing,
}

/// A file of a policy.
#[derive(Debug, Clone, Copy)]
pub struct Page<'p> {
    /// Its path.
    pub path: &'p Utf8Path,
    /// Its text.
    pub text: &'p str,
    /// Its tree.
    pub tree: &'p Tree,
}

/// A place in a file.
#[derive(Debug, Clone, Copy)]
pub struct Place<'p> {
    /// The file.
    pub page: Page<'p>,
    /// Where in it.
    pub span: Span,
}

/// All names of a file, in the order of its text.
pub fn names(page: Page<'_>) -> Vec<Occurrence> {
    let mut all = Vec::new();
    for item in &page.tree.items {
        of_item(item, page.text, &mut |one| all.push(one));
    }
    // What was put right before it was read may tell its words in another order.
    if !all.is_sorted() {
        all.sort_unstable();
    }
    all
}

/// What is under an offset of a file. Only the item there is looked at.
pub fn under(page: Page<'_>, offset: u32) -> Under {
    let Page { text, tree, .. } = page;
    let holds = |span: &Span| span.start <= offset && offset <= span.end;
    let next = tree.items.partition_point(|item| item.span.end < offset);
    // An offset between two neighbours is at the end of one and at the start of the other.
    let near = tree.items.get(next..).unwrap_or_default().iter().take(2);
    let here: Vec<&Item> = near.filter(|item| item.doc.iter().chain([&item.span]).any(holds)).collect();
    let before = tree.comments.partition_point(|comment| comment.end < offset);
    let docs = here.iter().flat_map(|item| comments_of(item));
    // A comment ends with its line, and what stands behind it there is still comment.
    let comment = tree.comments.get(before).into_iter().chain(docs).find(|span| holds(span) && span.start < offset);
    if let Some(comment) = comment {
        return Under::Comment(*comment);
    }
    for item in here {
        let mut found = None;
        of_item(item, text, &mut |one| found = found.or_else(|| holds(&one.span).then_some(Under::Name(one))));
        values(item, &mut |what, span| {
            if found.is_none() && holds(&span) && !matches!(what, What::Declaration(_) | What::Use(_)) {
                found = Some(Under::Value(what, span));
            }
        });
        if let Some(found) = found {
            return found;
        }
    }
    word_at(text, offset)
}

/// The files of the policies in which a name that stands in a file is one and the same: where a file is part of several
/// policies, what it names has to have one name in all of them, and so on from file to file.
pub fn together<'s>(policies: &[&'s Snapshot], path: &Utf8Path, space: Space, name: &str) -> Vec<Page<'s>> {
    let mut reached: HashSet<&Utf8Path> = HashSet::from([path]);
    let mut seen: HashSet<&Utf8Path> = HashSet::new();
    let mut pages = Vec::new();
    let mut rest: Vec<&'s Snapshot> = policies.to_vec();
    loop {
        let is_in = |policy: &&Snapshot| policy.pages().any(|page| reached.contains(page.path));
        let (joined, apart): (Vec<&Snapshot>, Vec<&Snapshot>) = rest.into_iter().partition(is_in);
        if joined.is_empty() {
            return pages;
        }
        rest = apart;
        for page in joined.into_iter().flat_map(Snapshot::pages) {
            if seen.insert(page.path) {
                let says = names(page).iter().any(|one| one.space == space && one.name(page.text) == name);
                if says {
                    reached.insert(page.path);
                }
                pages.push(page);
            }
        }
    }
}

/// Where a name stands in files, file by file.
pub fn places<'p>(pages: &[Page<'p>], space: Space, name: &str) -> Vec<(Place<'p>, bool)> {
    let mut all = Vec::new();
    for page in pages {
        let here = names(*page).into_iter().filter(|one| one.space == space && one.name(page.text) == name);
        all.extend(here.map(|one| (Place { page: *page, span: one.span }, one.declares)));
    }
    all
}

/// The file of a path in the first policy that has it.
pub fn page<'s>(policies: &[&'s Snapshot], path: &Utf8Path) -> Option<Page<'s>> {
    policies.iter().find_map(|policy| policy.pages().find(|page| page.path == path))
}

/// Calls for each name of an item.
pub(super) fn of_item(item: &Item, text: &str, each: &mut dyn FnMut(Occurrence)) {
    values(item, &mut |what, span| match what {
        What::Declaration(space) => each(Occurrence { span, space, declares: true }),
        What::Use(space) => each(Occurrence { span, space, declares: false }),
        _ => {}
    });
    let bad = |statement: &Statement| matches!(statement.kind, StatementKind::Bad);
    match &item.kind {
        ItemKind::Bad => guess(text, item.span, true, each),
        ItemKind::Role { body, .. } | ItemKind::Key { body, .. } | ItemKind::Guardrail { body, .. } => {
            body.iter().filter(|one| bad(one)).for_each(|one| guess(text, one.span, false, each));
        }
        ItemKind::Test(test) => {
            let bad = test.expectations.iter().filter(|one| one.expect.is_none());
            bad.for_each(|one| guess(text, one.span, false, each));
        }
        _ => {}
    }
}

/// The names in a piece that could not be read. The first string behind the word that such an item begins with is
/// declared there.
fn guess(text: &str, part: Span, is_item: bool, each: &mut dyn FnMut(Occurrence)) {
    let tokens = tokens(text, part);
    let mut space = None;
    let mut declares = false;
    for (index, token) in tokens.iter().enumerate() {
        match token.kind {
            Kind::Text => {
                if let Some(space) = space {
                    each(Occurrence { span: token.span, space, declares });
                }
                declares = false;
            }
            Kind::Mark(',') => {}
            Kind::Word => {
                let word = word(text, Some(token));
                if word != "except" {
                    space = space_of(word);
                }
                declares = index == 0 && is_item && space.is_some();
            }
            _ => space = None,
        }
    }
}

/// The kind of name that stands behind a word.
fn space_of(word: &str) -> Option<Space> {
    Some(match word {
        "account" | "accounts" => Space::Account,
        "payee" | "payees" => Space::Payee,
        "network" | "networks" => Space::Network,
        "limit" | "limits" => Space::Limit,
        "role" => Space::Role,
        "key" => Space::Key,
        "test" => Space::Test,
        _ => return None,
    })
}

/// The word or string under an offset, from its line alone.
fn word_at(text: &str, offset: u32) -> Under {
    let at = text.floor_char_boundary(offset as usize);
    let start = text[..at].rfind('\n').map_or(0, |line| line + 1);
    let end = text[at..].find('\n').map_or(text.len(), |line| at + line);
    let line = Span::new(number(start), number(end));
    let holds = |token: &&Token| token.span.start <= offset && offset <= token.span.end;
    let tokens = tokens(text, line);
    let mut here: Vec<&Token> = tokens.iter().filter(holds).collect();
    // Between a word and a mark the word is meant.
    here.sort_by_key(|token| matches!(token.kind, Kind::Mark(_)));
    match here.first() {
        Some(token) => match token.kind {
            Kind::Text | Kind::OpenText | Kind::OtherText => Under::Text(token.span),
            Kind::Word | Kind::Number => Under::Word(token.span),
            Kind::Mark(_) => Under::Nothing,
        },
        None => Under::Nothing,
    }
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::{Under, names, under};
    use crate::ide::test::Several;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let several = Several::new(&[("a.bpol", text)]);
        let page = several.page();
        let found: Vec<String> = names(page)
            .iter()
            .map(|one| {
                format!("{} {:?}{}", one.space.word(), one.name(page.text), if one.declares { " =" } else { "" })
            })
            .collect();
        assert_eq!(found, expected);
    }

    #[track_caller]
    fn check_under(text: &str, expected: &str) {
        let several = Several::new(&[("a.bpol", text)]);
        let page = several.page();
        let found = match under(page, several.offset) {
            Under::Name(one) => format!("{} {}", one.space.word(), one.name(page.text)),
            Under::Value(what, span) => format!("{what:?} {}", span.of(page.text)),
            Under::Comment(span) => format!("comment {}", span.of(page.text)),
            Under::Text(span) => format!("text {}", span.of(page.text)),
            Under::Word(span) => format!("word {}", span.of(page.text)),
            Under::Nothing => "nothing".to_owned(),
        };
        assert_eq!(found, expected);
    }

    #[test]
    fn a_key_is_declared_and_claims_and_tests_use_it() {
        check(
            "key \"a\" < >\nensure key \"a\", \"b\" cannot create payment;\nevery key except \"a\" < deny payment; >\n\
             test \"t\" for key \"a\" < expect deny read transactions on account \"G\"; >",
            &["key \"a\" =", "key \"a\"", "key \"b\"", "key \"a\"", "test \"t\" =", "key \"a\"", "account \"G\""],
        );
    }

    #[test]
    fn payees_and_groups_of_payees_share_their_names() {
        check(
            "payee \"L\" is NL20INGB0001234567;\npayees \"all\" < payee \"L\"; NL20INGB0001234567; payees \"other\"; >",
            &["payee \"L\" =", "payee \"all\" =", "payee \"L\"", "payee \"other\""],
        );
    }

    #[test]
    fn clauses_use_names_wherever_they_stand() {
        check(
            "role \"r\" < allow create payment on accounts \"A\", \"B\" to payee \"P\", account \"C\" within limit \"l\"\n\
             from network \"n\", ip 192.0.2.1 unless on any account except \"D\" and to payees \"Q\"; >\n\
             key \"k\" < use role \"r\" on bank accounts except \"E\", card accounts; only from network \"m\"; >",
            &[
                "role \"r\" =",
                "account \"A\"",
                "account \"B\"",
                "payee \"P\"",
                "account \"C\"",
                "limit \"l\"",
                "network \"n\"",
                "account \"D\"",
                "payee \"Q\"",
                "key \"k\" =",
                "role \"r\"",
                "account \"E\"",
                "network \"m\"",
            ],
        );
    }

    #[test]
    fn strings_that_are_no_names_are_none() {
        check(
            "import \"b.bpol\"; timezone \"Europe/Amsterdam\"; bank \"bunq\";\n\
             key \"k\" < allow create webhook to url \"https://k\"; allow create payment to iban \"NL20 INGB 0001 2345 67\"; >",
            &["key \"k\" ="],
        );
    }

    #[test]
    fn pieces_that_cannot_be_read_have_names_as_far_as_words_tell() {
        check(
            "key \"k\" < allow reed everything and on accounts \"A\", \"B\" except \"C\" \"D\" to url \"x\" 5 payee \"P\"; >\n\
             account \"G\" iz iban NL20INGB0001234567;\ntest \"t\" for \"k\" < expect perhaps on account \"E\" >",
            &[
                "key \"k\" =",
                "account \"A\"",
                "account \"B\"",
                "account \"C\"",
                "account \"D\"",
                "payee \"P\"",
                "account \"G\" =",
                "test \"t\" =",
                "account \"E\"",
            ],
        );
    }

    #[test]
    fn names_are_compared_as_they_read() {
        check("key \"Cafe\u{301}\" < > key \"Caf\\u{e9}\" < >", &["key \"Café\" =", "key \"Café\" ="]);
    }

    #[test]
    fn what_is_under_an_offset() {
        check_under("key |caret|\"a\" < >", "key a");
        check_under("key \"a\"|caret| < >", "key a");
        check_under("k|caret|ey \"a\" < >", "word key");
        check_under("key \"a\" <|caret| >", "nothing");
        check_under("key \"a\" < allow read tr|caret|ansactions; >", "Resource transactions");
        check_under("timezone \"Europe/|caret|Amsterdam\";", "Text \"Europe/Amsterdam\"");
        check_under("// the key \"|caret|a\"\nkey \"a\" < >", "comment // the key \"a\"");
        check_under("/// the key \"|caret|a\"\nkey \"a\" < >", "comment /// the key \"a\"");
        check_under("key \"a\" <\n  /// Re|caret|ads.\n  allow read transactions;\n>", "comment /// Reads.");
        check_under("key \"a\" < allow \"|caret|x\"; >", "text \"x\"");
        check_under("\"|caret|é", "text \"é");
        check_under("", "nothing");
    }
}
