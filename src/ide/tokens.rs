//! What each word of a file is, for colours: from the tree where there is one, from the words themselves in pieces that
//! could not be read. Punctuation and words that nobody knows have no colour.

use std::ops::Range;

use crate::catalogue::Catalogue;
use crate::ide::View;
use crate::ide::names::of_item;
use crate::ide::values::{Space, What, values};
use crate::source::Span;
use crate::syntax::cut::is_doc;
use crate::syntax::pieces::comments_of;
use crate::syntax::token::{self, word};
use crate::syntax::tree::Item;
use crate::syntax::words;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A word of the grammar.
    Keyword,
    /// `unless`, `and`, `except`, `exactly`.
    Joint,
    /// An action.
    Action,
    /// A resource, or the name of a tier.
    Resource,
    /// A word that stands for one of a list: a kind of account, a method, a day, a part of an answer, a currency.
    Choice,
    /// A name.
    Name(Space),
    /// Another string.
    Text,
    /// A number, a date, a time, a network, an IBAN.
    Number,
    /// A comment.
    Comment,
}

/// What more there is to say of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Modifier {
    /// The name is declared here.
    Declaration,
    /// The comment describes what stands below it.
    Documentation,
    /// The word gives.
    Allows,
    /// The word has the account holder asked.
    Asks,
    /// The word takes.
    Denies,
}

/// A token. None is longer than its line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Token {
    /// Where it stands.
    pub span: Span,
    /// What it is.
    pub kind: Kind,
    /// What more there is to say of it.
    pub modifier: Option<Modifier>,
}

/// The tokens of a file, in the order of its text and without overlaps; of a part of it those that touch the part.
pub fn tokens(view: View<'_>, part: Option<Span>) -> Vec<Token> {
    let (text, Some(tree)) = (view.text(), view.tree()) else { return Vec::new() };
    let end = u32::try_from(text.len()).unwrap_or(u32::MAX);
    let part = part.unwrap_or(Span::new(0, end));
    let catalogue: &Catalogue = &view.checked.policy.bank;
    let first = tree.items.partition_point(|item| item.span.end < part.start);
    let starts = |item: &Item| item.doc.first().map_or(item.span.start, |doc| doc.start);
    let items: Vec<&Item> = tree.items[first..].iter().take_while(|item| starts(item) <= part.end).collect();
    // What stands between items is read from the part's beginning on, and items from theirs.
    let from = items.first().map_or(part.start, |item| item.span.start.min(part.start));
    let to = items.last().map_or(part.end, |item| item.span.end.max(part.end)).min(end);
    let known = known(text, &items, &tree.comments[comments(&tree.comments, from..to)]);
    let mut all: Vec<Token> = Vec::with_capacity(known.len() * 2);
    let mut at = from;
    for token in known {
        if token.span.start < at && token.span.start >= from {
            continue;
        }
        between(text, Span::new(at, token.span.start), catalogue, &mut all);
        at = at.max(token.span.end);
        all.push(token);
    }
    between(text, Span::new(at, to), catalogue, &mut all);
    all.retain(|token| token.span.start < part.end && part.start < token.span.end);
    all
}

/// The comments that touch a part of a text.
fn comments(all: &[Span], part: Range<u32>) -> Range<usize> {
    let first = all.partition_point(|comment| comment.end <= part.start);
    let last = all.partition_point(|comment| comment.start < part.end);
    first..last.max(first)
}

/// What trees tell, in the order of the text.
fn known(text: &str, items: &[&Item], comments: &[Span]) -> Vec<Token> {
    let mut all: Vec<Token> = comments.iter().map(|span| comment(text, *span)).collect();
    for item in items {
        all.extend(comments_of(item).map(|span| comment(text, *span)));
        values(item, &mut |what, span| {
            if !matches!(what, What::Declaration(_) | What::Use(_)) {
                all.push(Token { span, kind: kind(what, text, span), modifier: None });
            }
        });
        of_item(item, text, &mut |one| {
            let modifier = one.declares.then_some(Modifier::Declaration);
            all.push(Token { span: one.span, kind: Kind::Name(one.space), modifier });
        });
    }
    all.retain(|token| token.span.start < token.span.end && !token.span.of(text).contains('\n'));
    all.sort_unstable();
    all
}

fn comment(text: &str, span: Span) -> Token {
    let modifier = is_doc(span.of(text)).then_some(Modifier::Documentation);
    Token { span, kind: Kind::Comment, modifier }
}

fn kind(what: What, text: &str, span: Span) -> Kind {
    match what {
        What::Declaration(space) | What::Use(space) => Kind::Name(space),
        What::Path | What::Text => Kind::Text,
        What::Action => Kind::Action,
        What::Resource => Kind::Resource,
        What::Word | What::Field | What::Currency => Kind::Choice,
        What::Iban if span.of(text).starts_with('"') => Kind::Text,
        What::Iban | What::Number => Kind::Number,
    }
}

/// What stands between values: words of the grammar, and all of what could not be read.
fn between(text: &str, part: Span, catalogue: &Catalogue, all: &mut Vec<Token>) {
    if part.start >= part.end {
        return;
    }
    for token in token::tokens(text, part) {
        let (kind, modifier) = match token.kind {
            token::Kind::Word => match of_word(word(text, Some(&token)), catalogue) {
                Some(found) => found,
                None => continue,
            },
            token::Kind::Number => (Kind::Number, None),
            token::Kind::Text | token::Kind::OpenText | token::Kind::OtherText => (Kind::Text, None),
            token::Kind::Mark(_) => continue,
        };
        all.push(Token { span: token.span, kind, modifier });
    }
}

fn of_word(word: &str, catalogue: &Catalogue) -> Option<(Kind, Option<Modifier>)> {
    let modifier = match word {
        "allow" => Some(Modifier::Allows),
        "ask" => Some(Modifier::Asks),
        "deny" => Some(Modifier::Denies),
        _ => None,
    };
    let kind = match word {
        "unless" | "and" | "except" | "exactly" => Kind::Joint,
        "mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun" | "weekdays" | "weekends" => Kind::Choice,
        _ if words::is_grammar(word) => Kind::Keyword,
        _ if catalogue.resource(word).is_some() => Kind::Resource,
        _ if catalogue.is_action(word) => Kind::Action,
        _ if catalogue.methods.iter().any(|other| other == word) => Kind::Choice,
        _ if catalogue.kinds.iter().any(|other| other.word == word) => Kind::Choice,
        _ if catalogue.fields.iter().any(|other| other.word == word) => Kind::Choice,
        _ => return None,
    };
    Some((kind, modifier))
}

#[cfg(test)]
mod tests {
    use super::{Kind, tokens};
    use crate::ide::test::Fixture;
    use crate::source::Span;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let fixture = Fixture::new(text);
        let shown: Vec<String> = tokens(fixture.view(), None)
            .into_iter()
            .map(|token| {
                let kind = match token.kind {
                    Kind::Name(space) => space.word().to_owned(),
                    kind => format!("{kind:?}").to_lowercase(),
                };
                let modifier = token.modifier.map(|one| format!("+{one:?}").to_lowercase()).unwrap_or_default();
                format!("{}:{kind}{modifier}", token.span.of(fixture.text()))
            })
            .collect();
        assert_eq!(shown.join(" "), expected);
    }

    #[test]
    fn rules_have_colours() {
        check(
            "key \"a\" < allow read transactions on bank accounts since 30d; deny payment over 5 EUR unless via card; >",
            "key:keyword \"a\":key+declaration allow:keyword+allows read:action transactions:resource on:keyword \
             bank:choice accounts:keyword since:keyword 30d:number deny:keyword+denies payment:resource over:keyword \
             5:number EUR:choice unless:joint via:keyword card:choice",
        );
    }

    #[test]
    fn declarations_and_uses_have_the_colour_of_their_kind() {
        check(
            "payee \"L\" is NL20INGB0001234567; test \"t\" for key \"a\" < expect ask create payment to payee \"L\"; >",
            "payee:keyword \"L\":payee+declaration is:keyword NL20INGB0001234567:number test:keyword \
             \"t\":test+declaration for:keyword key:keyword \"a\":key expect:keyword ask:keyword+asks create:action \
             payment:resource to:keyword payee:keyword \"L\":payee",
        );
    }

    #[test]
    fn comments_that_describe_are_documentation() {
        check(
            "// One.\n/// Two.\nkey \"a\" < > // Three.",
            "// One.:comment /// Two.:comment+documentation key:keyword \"a\":key+declaration // Three.:comment",
        );
    }

    #[test]
    fn days_and_hours_are_told_apart() {
        check(
            "key \"a\" < only during mon-fri 09:00-17:00; >",
            "key:keyword \"a\":key+declaration only:keyword during:keyword mon:choice fri:choice 09:00:number \
             17:00:number",
        );
    }

    #[test]
    fn half_a_line_has_the_colours_of_its_words() {
        check(
            "key \"a\" < allow read transactions frobnicate on account \"G\" to \"x",
            "key:keyword \"a\":key+declaration allow:keyword+allows read:action transactions:resource on:keyword \
             account:keyword \"G\":account to:keyword \"x:text",
        );
        check("foo 30d \"x\" // y", "30d:number \"x\":text // y:comment");
    }

    #[test]
    fn a_part_has_the_tokens_that_touch_it() {
        let text = "// One.\nkey \"a\" < allow read transactions; >\n/// Two.\nkey \"b\" < ask payment; >";
        let fixture = Fixture::new(text);
        let whole = tokens(fixture.view(), None);
        for start in 0..text.len() {
            for end in start..=text.len() {
                let part = Span::new(u32::try_from(start).unwrap(), u32::try_from(end).unwrap());
                let touched = |span: Span| span.start < part.end && part.start < span.end;
                let expected: Vec<_> = whole.iter().copied().filter(|token| touched(token.span)).collect();
                assert_eq!(tokens(fixture.view(), Some(part)), expected, "{start}..{end}");
            }
        }
    }
}
