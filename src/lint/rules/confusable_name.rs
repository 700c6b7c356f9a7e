//! Names that look like others, and names that are not what they look like.

use std::collections::{BTreeMap, HashMap};

use unicode_security::MixedScript;
use unicode_security::confusable_detection::skeleton;

use crate::diag::{Diagnostic, Level};
use crate::lint::context::Context;
use crate::lint::names::{Kind, declared, used};
use crate::lint::{Lint, Rule};
use crate::source::FileSpan;

pub(in crate::lint) const RULE: Rule = Rule {
    lint: Lint::new(
        "confusable-name",
        Level::Warning,
        "a name that looks like another, or hides what letters it is made of",
    )
    .of_whole(),
    check,
};

fn check(cx: &Context<'_>, lint: Lint) -> Vec<Diagnostic> {
    let mut names: Vec<(Kind, String, FileSpan)> =
        declared(cx).into_iter().map(|one| (one.kind, one.name, one.place)).collect();
    let known: BTreeMap<&str, ()> =
        names.iter().filter(|(kind, ..)| *kind == Kind::Account).map(|(_, name, _)| (name.as_str(), ())).collect();
    // Accounts that are known by their name alone are names, too, and stand behind the declared ones.
    let on = used(cx).on.into_iter().filter(|(name, _)| !known.contains_key(name.as_str()));
    let on: Vec<(Kind, String, FileSpan)> = on.map(|(name, place)| (Kind::Account, name, place)).collect();
    names.extend(on);
    let mut first: HashMap<(Kind, String), (&str, FileSpan)> = HashMap::new();
    let mut out = Vec::new();
    for (kind, name, place) in &names {
        let (other, at) = *first.entry((*kind, looks(name))).or_insert((name, *place));
        if other != name {
            let message = format!(
                "the {} `{}` looks like `{}`, and is another{}",
                kind.word(),
                shown(name),
                shown(other),
                odd(name).map_or_else(String::new, |why| format!(": {why}"))
            );
            out.push(
                lint.at(*place, message)
                    .label(at, "looks the same")
                    .help("give it a name that nobody takes for the other, or write the other if that is meant"),
            );
        } else if let Some(why) = odd(name).filter(|_| at == *place) {
            out.push(
                lint.at(*place, format!("the name `{}` is not what it looks like: {why}", shown(name)))
                    .help("write it in the letters of one script, without characters that nobody sees"),
            );
        }
    }
    out
}

/// What a reader sees of a name.
fn looks(name: &str) -> String {
    let seen: String = name.chars().filter(|c| !is_invisible(*c)).collect();
    let words: Vec<&str> = seen.split_whitespace().collect();
    skeleton(&words.join(" ")).collect()
}

/// A name with what nobody sees written out.
fn shown(name: &str) -> String {
    let one = |c: char| if is_invisible(c) { c.escape_unicode().to_string() } else { c.to_string() };
    name.chars().map(one).collect()
}

/// What is odd about a name by itself.
fn odd(name: &str) -> Option<String> {
    let chars: Vec<char> = name.chars().collect();
    let between = |at: usize| {
        let beside = |at: Option<usize>| at.and_then(|at| chars.get(at)).is_none_or(char::is_ascii_alphanumeric);
        beside(at.checked_sub(1)) || beside(at.checked_add(1))
    };
    // Between the letters of some scripts, and within pictures, joiners mean something.
    let unseen = chars
        .iter()
        .enumerate()
        .find(|(at, c)| is_invisible(**c) || matches!(c, '\u{200c}' | '\u{200d}') && between(*at));
    if let Some((_, c)) = unseen {
        return Some(format!("it holds a character that nobody sees ({})", code(*c)));
    }
    let words: Vec<&str> = name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let latin = words.iter().any(|word| word.chars().any(|c| c.is_ascii_alphabetic()));
    let looks_latin = |word: &str| !word.is_ascii() && skeleton(word).all(|c| c.is_ascii_alphanumeric());
    words.iter().find_map(|word| {
        if word.is_single_script() {
            let all = word.chars().all(|c| !c.is_ascii_alphabetic());
            // A whole word of letters that pass for those of the words beside it.
            return (latin && all && word.chars().any(char::is_alphabetic) && looks_latin(word))
                .then(|| format!("`{word}` is not in the letters of the words beside it ({})", foreign(word)));
        }
        Some(format!("`{word}` mixes letters of several scripts ({})", foreign(word)))
    })
}

/// The letters of a word outside ASCII that pass for others; all outside ASCII if there are none.
fn foreign(word: &str) -> String {
    let outside = || word.chars().filter(|c| !c.is_ascii());
    let passing = |c: &char| skeleton(c.encode_utf8(&mut [0; 4])).all(|c| c.is_ascii());
    let mut letters: Vec<char> = outside().filter(passing).collect();
    if letters.is_empty() {
        letters = outside().collect();
    }
    letters.dedup();
    let named: Vec<String> = letters.into_iter().take(4).map(|c| format!("`{c}` is {}", code(c))).collect();
    named.join(", ")
}

fn code(c: char) -> String {
    format!("U+{:04X}", u32::from(c))
}

/// Characters without a look of their own that mean nothing in a name.
const fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{180e}' | '\u{200b}' | '\u{2060}'
            ..='\u{2064}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}'
    )
}

#[cfg(test)]
mod tests {
    use super::{looks, odd};

    #[test]
    fn look_alike_names_look_alike() {
        for (one, other) in [
            ("Payroll", "P\u{430}yroll"),
            ("Account 1", "Account l"),
            ("Tax  Office", "Tax\u{a0}Office "),
            ("Ans", "An\u{200b}s"),
            ("modern", "modem"),
        ] {
            assert_eq!(looks(one), looks(other), "{one} {other}");
        }
        for (one, other) in [("Ans", "Anna"), ("Zoe", "Zoë"), ("bob", "Bob"), ("Kaas", "Kaas 2")] {
            assert_ne!(looks(one), looks(other), "{one} {other}");
        }
    }

    #[test]
    fn names_of_any_one_script_are_fine() {
        for name in [
            "Café Zoë",
            "Москва 24",
            "Αθήνα Bank",
            "山田さん",
            "카카오 Pay",
            "Ресторан GmbH",
            "Ömer's 3D",
            "❤️ 👨‍👩‍👧",
            "متجر",
            "می\u{200c}خواهم",
            "10 µm",
            "Łódź",
        ] {
            assert_eq!(odd(name), None, "{name}");
        }
        for name in ["P\u{430}yroll", "\u{422}\u{430}\u{445} Office", "An\u{200b}s", "An\u{200d}s", "\u{3bf}wner"] {
            assert!(odd(name).is_some(), "{name}");
        }
    }
}
