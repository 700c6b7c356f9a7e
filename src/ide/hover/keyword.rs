//! The words of the grammar: a line and an example each.

use crate::ide::cursor::Cursor;
use crate::ide::page::{Page, code};
use crate::source::Span;

/// Words, what they say, and an example.
const WORDS: &[(&str, &str, &str)] = &[
    (
        "allow",
        "Gives: a call that fits is let through, unless an `ask` or a `deny` stands against it.",
        "allow read transactions on account \"Groceries\" since 30d;",
    ),
    (
        "ask",
        "Takes: a call that fits waits until the account holder approves it. It gives nothing by itself.",
        "ask create payment over 100 EUR;",
    ),
    (
        "deny",
        "Takes: a call that fits, or of which that is not known, is refused, whatever else allows it.",
        "deny payment;",
    ),
    (
        "only",
        "Takes: everything that the clause concerns and that is not so is refused.",
        "only from network \"office\";",
    ),
    (
        "use role",
        "Puts the lines of a role here. Clauses behind it narrow each `allow` of the role.",
        "use role \"reader\" on account \"Groceries\";",
    ),
    (
        "unless",
        "Makes an exception: where all its clauses hold the line says nothing.",
        "deny payment unless to own accounts;",
    ),
    (
        "and",
        "Joins clauses of one `unless`: all of them must hold.",
        "deny payment unless to own accounts and up to 50 EUR;",
    ),
    ("on", "Which account.", "on account \"Groceries\""),
    ("to", "Whom the money goes to.", "to payee \"Landlord\""),
    ("to url", "To which web address.", "to url \"https://example.com/hook\""),
    (
        "up to",
        "How much, in what gives: each time without a period, or in all of a period together.",
        "up to 250 EUR per month",
    ),
    ("over", "How much, in what takes: more than this, each time or in a period.", "over 250 EUR per month"),
    ("at most", "How often, in what gives.", "at most 3 times per day"),
    ("more than", "How often, in what takes: more often than this.", "more than 3 times per day"),
    (
        "within limit",
        "Shares a named budget with every other line that says so, over all keys.",
        "within limit \"household\"",
    ),
    ("via", "By which method of paying.", "via transfer"),
    ("repeating", "How often the bank repeats it by itself.", "repeating once"),
    ("since", "How old a record may be: created since then.", "since 30d"),
    ("created by this key", "Only records that this key made itself.", "created by this key"),
    ("showing", "Shows exactly these parts of the answer.", "showing name, iban"),
    ("hiding", "Shows the usual parts of the answer without these.", "hiding balance"),
    ("from", "Where the call comes from.", "from ip 203.0.113.0/24"),
    (
        "during",
        "When in the week, in the policy's time zone. The start is in it, the end is not.",
        "during weekdays 09:00-17:00",
    ),
    ("starting", "Valid from the first moment of this day on.", "starting 2027-01-01"),
    ("before", "Valid until this day begins.", "before 2027-07-01"),
    (
        "any account",
        "Every account of the holder, those of tomorrow too.",
        "allow read transactions on any account since 30d;",
    ),
    ("anyone", "Every payee there is: nothing bounds whom the money goes to.", "to anyone"),
    ("any amount", "Nothing bounds how much.", "up to any amount in total"),
    ("anywhere", "From every address there is.", "from anywhere"),
    ("own accounts", "The holder's own accounts, as the bank or the declarations say.", "to own accounts"),
    (
        "favorites",
        "Whom the bank lists as a favorite. Whoever may change that list changes who is meant.",
        "to favorites",
    ),
    ("in total", "Over all time: what was spent once stays spent.", "up to 1000 EUR in total"),
    ("each", "Each payment by itself.", "up to 50 EUR each"),
    ("per day", "In one calendar day, in the policy's time zone, together.", "up to 250 EUR per day"),
    ("per week", "In one calendar week from Monday, in the policy's time zone, together.", "up to 250 EUR per week"),
    ("per month", "In one calendar month, in the policy's time zone, together.", "up to 250 EUR per month"),
    ("per year", "In one calendar year, in the policy's time zone, together.", "up to 250 EUR per year"),
    ("except", "Leaves these out.", "on any account except \"Savings\""),
    (
        "key",
        "An API key and what it may do. What no line allows is refused.",
        "key \"ynab\" < allow read transactions on account \"Groceries\" since 30d; >",
    ),
    ("role", "Lines under a name, for keys to use.", "role \"reader\" < allow read balances on any account; >"),
    (
        "every key",
        "Binds every key, those of tomorrow too. Only `deny`, `ask` and `only` stand here.",
        "every key < deny payment over 1000 EUR; >",
    ),
    ("account", "One of the holder's accounts, by name.", "account \"Groceries\" is iban NL20INGB0001234567;"),
    ("payee", "Someone who may get money, by name.", "payee \"Landlord\" is NL91ABNA0417164300;"),
    ("payees", "Several payees under one name.", "payees \"home\" < payee \"Landlord\"; >"),
    ("network", "Addresses under a name.", "network \"office\" < 203.0.113.0/24; >"),
    ("limit", "A budget that several lines share, over all keys.", "limit \"household\" < 1000 EUR per month; >"),
    ("timezone", "When days, weeks and months begin, for the whole policy.", "timezone \"Europe/Amsterdam\";"),
    ("bank", "Whose words the policy speaks.", "bank \"bunq\";"),
    ("import", "Takes the declarations and keys of another file in.", "import \"names.bpol\";"),
    (
        "ensure",
        "A claim about all calls there can be: proved, or refuted with an example.",
        "ensure no key can create payment over 1000 EUR;",
    ),
    ("cannot", "Claims that every such call is refused.", "ensure key \"ynab\" cannot create payment;"),
    (
        "can",
        "Claims that every such call is allowed without asking, all facts known and nothing spent yet.",
        "ensure key \"ynab\" can read transactions on account \"Groceries\" since 1d;",
    ),
    (
        "must ask to",
        "Claims that no such call is allowed without asking.",
        "ensure key \"shop\" must ask to create payment over 50 EUR;",
    ),
    ("no key can", "Claims that no key of the policy may do it.", "ensure no key can create payment over 1000 EUR;"),
    (
        "exactly",
        "Claims it of this operation alone, without all that amounts to it.",
        "ensure key \"a\" cannot exactly create payment;",
    ),
    (
        "test",
        "Calls and how they are to be decided.",
        "test \"reads\" for key \"ynab\" < expect deny create payment of 1 EUR; >",
    ),
    (
        "expect",
        "One call and how it is to be decided.",
        "expect allow read transactions on account \"Groceries\" dated 10d ago;",
    ),
    ("of", "The amount of the call.", "of 12.50 EUR"),
    ("dated", "When the record was created.", "dated 10d ago"),
    ("after spending", "What was spent before the call, by calls like it.", "after spending 40 EUR today"),
    ("after", "What happened before the call.", "after 3 earlier today"),
    ("at", "When the call comes.", "at 2027-01-31T09:00:00Z"),
];

/// Words that belong to others, by the word beside them that says which they are.
const JOINED: &[&str] = &[
    "use role",
    "to url",
    "up to",
    "at most",
    "more than",
    "within limit",
    "any account",
    "any amount",
    "own accounts",
    "in total",
    "per day",
    "per week",
    "per month",
    "per year",
    "every key",
    "after spending",
];

/// What a word of the grammar says, and the words that it takes together.
pub(super) fn page(cursor: &Cursor<'_>) -> Option<(Page, Span)> {
    let here = cursor.word(0);
    let span = cursor.token().span;
    let beside = |step: isize| {
        let place = cursor.at.checked_add_signed(step)?;
        cursor.tokens.get(place).map(|token| token.span)
    };
    for (words, span) in [
        (format!("{} {here}", cursor.word(-1)), beside(-1).map(|other| other.to(span))),
        (format!("{here} {}", cursor.word(1)), beside(1).map(|other| span.to(other))),
    ] {
        if JOINED.contains(&words.as_str()) {
            return Some((said(&words)?, span?));
        }
    }
    let long = match (here, cursor.lead()) {
        ("created" | "by" | "this", _) => "created by this key",
        ("key", "this") => "created by this key",
        ("must" | "ask", _) if cursor.word(-1) == "must" || here == "must" => "must ask to",
        ("no", _) => "no key can",
        ("keys", _) => "key",
        ("accounts", _) => "account",
        ("networks", _) => "network",
        _ => here,
    };
    Some((said(long)?, span))
}

fn said(words: &str) -> Option<Page> {
    let (_, line, example) = WORDS.iter().find(|(known, _, _)| *known == words)?;
    Some(Page::titled(code(words)).text(*line).code(*example))
}

#[cfg(test)]
mod tests {
    use super::{JOINED, WORDS, said};
    use crate::syntax::words::{CLAUSES, HEADERS, ITEMS, STATEMENTS};

    #[test]
    fn every_word_that_begins_something_is_known() {
        let begins = |word: &&str| WORDS.iter().any(|(known, _, _)| known.split(' ').next() == Some(word));
        let all = CLAUSES.iter().chain(&HEADERS).chain(&ITEMS).chain(&STATEMENTS);
        assert_eq!(all.filter(|word| !begins(word)).collect::<Vec<_>>(), Vec::<&&str>::new());
        assert!(JOINED.iter().all(|words| said(words).is_some()));
    }

    #[test]
    fn every_example_that_is_an_item_or_a_line_can_be_read() {
        for (words, _, example) in WORDS.iter().filter(|(_, _, example)| example.ends_with([';', '>'])) {
            let first = example.split(' ').next().unwrap_or_default();
            let text = match first {
                _ if STATEMENTS.contains(&first) => format!("key \"k\" < {example} >"),
                "expect" => format!("test \"t\" for key \"k\" < {example} >"),
                _ => (*example).to_owned(),
            };
            let faults = crate::syntax::parse(crate::source::FileId::default(), &text).faults;
            assert!(faults.is_empty(), "{words}: {faults:?}");
        }
    }
}
