//! Random policies: any sequence of numbers makes one that is sound, with blanks and comments in all places.

use std::fmt::Write;

/// Choices that are read one after the other; when they are used up everything is as plain as it can be.
pub(crate) struct Choices<'c> {
    numbers: &'c [u16],
    notes: usize,
    plain: bool,
}

impl<'c> Choices<'c> {
    pub(crate) fn new(numbers: &'c [u16]) -> Self {
        Self { numbers, notes: 0, plain: false }
    }

    /// Choices that put single blanks between words and no comments anywhere.
    pub(crate) fn plain(numbers: &'c [u16]) -> Self {
        Self { plain: true, ..Self::new(numbers) }
    }

    fn below(&mut self, end: usize) -> usize {
        let Some((&first, rest)) = self.numbers.split_first() else { return 0 };
        self.numbers = rest;
        usize::from(first) % end
    }

    fn one<'w>(&mut self, words: &[&'w str]) -> &'w str {
        words[self.below(words.len())]
    }

    /// A list of one to three.
    fn list(&mut self, one: impl Fn(&mut Self) -> String) -> String {
        let mut out = one(self);
        for _ in 0..self.below(3) {
            out = format!("{out} , {}", one(self));
        }
        out
    }
}

/// A sound file.
pub(crate) fn file(choices: &mut Choices<'_>) -> String {
    let mut out = String::new();
    for _ in 0..=choices.below(6) {
        let words = item(choices);
        spread(choices, &words, &mut out);
    }
    out
}

/// Writes words, parted by blanks in the text of the item, with blanks and comments of all kinds between them.
fn spread(choices: &mut Choices<'_>, words: &str, out: &mut String) {
    // Blanks inside strings are written as `_` until here.
    for word in words.split(' ').filter(|word| !word.is_empty()) {
        let comment = choices.below(30);
        if !choices.plain && comment >= 27 {
            let slashes = if comment == 29 { "///" } else { "//" };
            choices.notes += 1;
            let line_end = choices.one(&["\n", "  \n", "\r\n"]);
            write!(out, "{slashes} note {} \"<;{}", choices.notes, line_end).expect("a string takes all");
        }
        out.push_str(&word.replace('_', " "));
        let tight = matches!(word, "," | ";" | "<" | ">") && !choices.plain && choices.below(2) == 1;
        if !tight {
            let blank =
                if choices.plain { " " } else { choices.one(&[" ", " ", " ", "\n", "  ", "\n\n\n", "\t", "\r\n  "]) };
            out.push_str(blank);
        }
    }
}

fn item(choices: &mut Choices<'_>) -> String {
    match choices.below(14) {
        0..=4 => format!("key {} < {}>", name(choices), lines(choices, statement)),
        5 => format!("role {} < {}>", name(choices), lines(choices, statement)),
        6 => {
            let except = if choices.below(2) == 0 { String::new() } else { format!("except {} ", choices.list(name)) };
            format!("every key {except}< {}>", lines(choices, statement))
        }
        7 => format!("{} {} ;", choices.one(&["import", "bank", "timezone"]), name(choices)),
        8 => format!("account {} is {} ;", name(choices), choices.list(account_fact)),
        9 => format!("payee {} is {} ;", name(choices), iban(choices)),
        10 => format!("payees {} < {}>", name(choices), lines(choices, entry)),
        11 => match choices.below(2) {
            0 => format!("network {} < {}>", name(choices), lines(choices, network)),
            _ => format!("limit {} < {}>", name(choices), lines(choices, cap)),
        },
        12 => format!("ensure {} ;", claim(choices)),
        _ => {
            let settings = choices.one(&[
                "",
                "at 2026-11-24T10:00:00Z ",
                "from ip 203.0.113.7 ",
                "from ip 10.0.0.1 at 2026-01-01T00:00:00Z ",
            ]);
            format!("test {} for key {} {settings}< {}>", name(choices), name(choices), lines(choices, expectation))
        }
    }
}

fn lines(choices: &mut Choices<'_>, line: impl Fn(&mut Choices<'_>) -> String) -> String {
    (0..choices.below(4)).map(|_| format!("{} ; ", line(choices))).collect()
}

fn name(choices: &mut Choices<'_>) -> String {
    choices
        .one(&[
            "\"a\"",
            "\"Groceries\"",
            "\"two_words\"",
            "\"a;<>{//}#\"",
            "\"\\\"q\\\\\"",
            "\"\\u{e9}\"",
            "\"é\"",
            "\"\"",
        ])
        .to_owned()
}

fn iban(choices: &mut Choices<'_>) -> String {
    choices.one(&["NL91ABNA0417164300", "\"NL91_ABNA_0417_1643_00\""]).to_owned()
}

fn account_fact(choices: &mut Choices<'_>) -> String {
    match choices.below(3) {
        0 => format!("iban {}", iban(choices)),
        1 => "id 42".to_owned(),
        _ => choices.one(&["joint", "external-savings"]).to_owned(),
    }
}

fn entry(choices: &mut Choices<'_>) -> String {
    match choices.below(2) {
        0 => format!("{} {}", choices.one(&["payee", "payees"]), choices.list(name)),
        _ => iban(choices),
    }
}

fn network(choices: &mut Choices<'_>) -> String {
    choices.one(&["203.0.113.0/24", "10.0.0.1", "2001:db8::/48", "::1"]).to_owned()
}

fn money(choices: &mut Choices<'_>) -> String {
    choices.one(&["5 EUR", "12.50 EUR", "1,000.00 USD", "any amount"]).to_owned()
}

fn window(choices: &mut Choices<'_>) -> String {
    choices.one(&["per day", "per week", "per month", "per year", "per 24h", "in total"]).to_owned()
}

fn money_cap(choices: &mut Choices<'_>) -> String {
    let money = money(choices);
    match choices.below(3) {
        0 => money,
        1 => format!("{money} each"),
        _ => format!("{money} {}", window(choices)),
    }
}

fn count_cap(choices: &mut Choices<'_>) -> String {
    format!("{} {}", choices.one(&["1 time", "3 times"]), window(choices))
}

fn cap(choices: &mut Choices<'_>) -> String {
    if choices.below(2) == 0 { money_cap(choices) } else { count_cap(choices) }
}

fn subject(choices: &mut Choices<'_>) -> String {
    let resource = |choices: &mut Choices<'_>| {
        choices.one(&["payment", "transactions", "draft-payments", "everything"]).to_owned()
    };
    let action = |choices: &mut Choices<'_>| choices.one(&["read", "create", "set-limit"]).to_owned();
    match choices.below(2) {
        0 => choices.list(resource),
        _ => format!("{} {}", choices.list(action), choices.list(resource)),
    }
}

fn statement(choices: &mut Choices<'_>) -> String {
    match choices.below(6) {
        0 => format!("use role {}{}", name(choices), clauses(choices, 0)),
        1 => format!("only{}", clauses(choices, 1)),
        _ => format!("{} {}", choices.one(&["allow", "ask", "deny"]), body(choices)),
    }
}

fn body(choices: &mut Choices<'_>) -> String {
    let mut out = format!("{}{}", subject(choices), clauses(choices, 0));
    for _ in 0..choices.below(3) {
        out.push_str(" unless");
        for (index, clause) in clause_list(choices, 1).into_iter().enumerate() {
            out.push_str(if index == 0 { " " } else { " and " });
            out.push_str(&clause);
        }
    }
    out
}

fn clauses(choices: &mut Choices<'_>, least: usize) -> String {
    clause_list(choices, least).iter().map(|clause| format!(" {clause}")).collect()
}

/// Clauses of different kinds in any order.
fn clause_list(choices: &mut Choices<'_>, least: usize) -> Vec<String> {
    let mut kinds: Vec<usize> = Vec::new();
    for _ in 0..least + choices.below(5) {
        let kind = choices.below(18);
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    kinds.into_iter().map(|kind| clause(choices, kind)).collect()
}

fn clause(choices: &mut Choices<'_>, kind: usize) -> String {
    let word = |choices: &mut Choices<'_>| choices.one(&["transfer", "monthly", "iban", "direct-debit"]).to_owned();
    match kind {
        0 => format!("on {}", accounts(choices)),
        1 => format!("to {}", choices.list(payee)),
        2 => format!("to url {}", choices.list(name)),
        3 => format!("up to {}", choices.list(money_cap)),
        4 => format!("over {}", choices.list(money_cap)),
        5 => format!("at most {}", choices.list(count_cap)),
        6 => format!("more than {}", choices.list(count_cap)),
        7 => format!("within limit {}", choices.list(name)),
        8 => format!("via {}", choices.list(word)),
        9 => format!("repeating {}", choices.list(word)),
        10 => format!("since {}", choices.one(&["30d", "2026-01-31"])),
        11 => "created by this key".to_owned(),
        12 => format!("showing {}", choices.list(word)),
        13 => format!("hiding {}", choices.list(word)),
        14 => format!("from {}", choices.list(source)),
        15 => format!("during {}", during(choices)),
        16 => "starting 2026-01-01".to_owned(),
        _ => "before 2027-01-01".to_owned(),
    }
}

fn accounts(choices: &mut Choices<'_>) -> String {
    let named = |choices: &mut Choices<'_>| match choices.below(3) {
        0 => format!("{} {}", choices.one(&["account", "accounts"]), choices.list(name)),
        1 => "any account".to_owned(),
        _ => format!("{} accounts", choices.one(&["savings", "joint"])),
    };
    let list = choices.list(named);
    match choices.below(3) {
        0 => format!("{list} , any account except {} , savings accounts", choices.list(name)),
        _ => list,
    }
}

fn payee(choices: &mut Choices<'_>) -> String {
    match choices.below(6) {
        0 => "own accounts".to_owned(),
        1 => "favorites".to_owned(),
        2 => "anyone".to_owned(),
        3 => format!("iban {}", choices.list(iban)),
        _ => format!("{} {}", choices.one(&["payee", "payees", "account", "accounts"]), choices.list(name)),
    }
}

fn source(choices: &mut Choices<'_>) -> String {
    match choices.below(3) {
        0 => format!("ip {}", choices.list(network)),
        1 => format!("{} {}", choices.one(&["network", "networks"]), choices.list(name)),
        _ => "anywhere".to_owned(),
    }
}

fn during(choices: &mut Choices<'_>) -> String {
    choices
        .one(&[
            "weekdays",
            "22:00-06:00",
            "09:00 - 12:00 , 13:00-17:00",
            "mon , tue 09:00-12:00 , fri-mon",
            "weekdays 09:00-12:00 , weekdays 13:00 -17:00 , sat 00:00-24:00",
        ])
        .to_owned()
}

fn claim(choices: &mut Choices<'_>) -> String {
    let exactly = choices.one(&["", "exactly "]);
    let body = body(choices);
    match choices.below(3) {
        0 => format!("no key can {exactly}{body}"),
        1 => format!("every key except {} cannot {exactly}{body}", choices.list(name)),
        _ => format!("key {} must ask to {exactly}{body}", choices.list(name)),
    }
}

fn expectation(choices: &mut Choices<'_>) -> String {
    let mut out = format!("expect {} {}", choices.one(&["allow", "ask", "deny"]), subject(choices));
    let mut kinds: Vec<usize> = Vec::new();
    for _ in 0..choices.below(5) {
        let kind = choices.below(11);
        if kinds.contains(&kind) {
            continue;
        }
        kinds.push(kind);
        let fact = match kind {
            0 => "of 12.50 EUR".to_owned(),
            1 => format!("on account {}", name(choices)),
            2 => match choices.below(3) {
                0 => "to own accounts".to_owned(),
                1 => format!("to iban {}", iban(choices)),
                _ => format!("to {} {}", choices.one(&["payee", "account"]), name(choices)),
            },
            3 => format!("to url {}", name(choices)),
            4 => "via transfer".to_owned(),
            5 => "repeating monthly".to_owned(),
            6 => choices.one(&["dated 10d ago", "dated 2026-11-01"]).to_owned(),
            7 => "created by this key showing name , iban".to_owned(),
            8 => "from ip 203.0.113.7".to_owned(),
            9 => "at 2026-11-24T10:00:00+01:00".to_owned(),
            _ => format!(
                "after {} {}",
                choices.one(&["spending 40 EUR", "3 earlier"]),
                choices.one(&["today", "this week", "this month", "this year", "3h ago"])
            ),
        };
        out = format!("{out} {fact}");
    }
    out
}
