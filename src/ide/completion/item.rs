//! Items, the lines of blocks, and other words of the grammar.

use super::{Kind, List};
use crate::ide::line::Holder;
use crate::syntax::tree::{Item, ItemKind};

/// What has a block, with its snippet.
const BLOCKS: [(&str, &str, &str); 5] = [
    ("role", "lines that keys share", "role \"${1:name}\" <\n  $0\n>"),
    ("every key", "what binds every key", "every key <\n  deny ${1:control};$0\n>"),
    ("payees", "a group of payees", "payees \"${1:name}\" <\n  $0\n>"),
    ("network", "addresses with a name", "network \"${1:office}\" <\n  ${2:203.0.113.0/24};\n>"),
    ("limit", "a budget that rules share", "limit \"${1:household}\" <\n  ${2:500} ${3:EUR} per ${4:month};\n>"),
];

impl List<'_> {
    pub(super) fn items(&mut self) {
        self.add_snippet("key", Kind::Snippet, "key \"${1:name}\" <\n  $0\n>", "key")
            .detail("what an API key may do")
            .doc("Nothing is allowed to a key but what its lines say.");
        self.add_snippet("account", Kind::Snippet, "account \"${1:name}\" is iban ${2:IBAN};", "account")
            .detail("an account of the holder, by its IBAN or id");
        self.add_snippet("payee", Kind::Snippet, "payee \"${1:name}\" is ${2:IBAN};", "payee")
            .detail("somebody who is paid, by IBAN");
        self.test();
        self.add_leading("ensure", Kind::Keyword)
            .detail("a claim about all requests, proved or refuted")
            .doc("```bpol\nensure no key can create webhook;\n```");
        for (label, detail, snippet) in BLOCKS {
            self.add_snippet(label, Kind::Snippet, snippet, label).detail(detail);
        }
        self.add_leading("import", Kind::Keyword).detail("another file of the policy");
        // What stands at the place is what is being written.
        let (here, place) = (self.view.file.0 as usize, self.line.place.start);
        let is_here = |file, item: &Item| file == here && item.span.start <= place && place <= item.span.end;
        let said = |wanted: fn(&ItemKind) -> bool| {
            let files = self.view.checked.trees.iter().enumerate();
            let mut items = files.flat_map(|(file, tree)| tree.items.iter().map(move |item| (file, item)));
            items.any(|(file, item)| wanted(&item.kind) && !is_here(file, item))
        };
        let (zone, bank) =
            (said(|item| matches!(item, ItemKind::Timezone(_))), said(|item| matches!(item, ItemKind::Bank(_))));
        if !zone {
            self.add_snippet("timezone", Kind::Snippet, "timezone \"${1:Europe/Amsterdam}\";", "timezone")
                .detail("where days and months begin");
        }
        if !bank {
            self.add_leading("bank", Kind::Keyword).detail("whose words the policy speaks");
        }
    }

    fn test(&mut self) {
        let text = self.view.text();
        let mut keys = self.view.tree().into_iter().flat_map(|tree| &tree.items).filter_map(|item| match &item.kind {
            ItemKind::Key { name, .. } if item.span.start < self.line.place.start => Some(name.value(text)),
            _ => None,
        });
        let key = keys.next_back().map_or_else(|| "key".to_owned(), |name| escaped(&name));
        let at = self.around.today.map_or_else(String::new, |today| format!(" at ${{3:{today}T10:00:00Z}}"));
        let snippet = format!("test \"${{1:what holds}}\" for key \"${{2:{key}}}\"{at} <\n  expect ${{4:deny}} $0\n>");
        self.add_snippet("test", Kind::Snippet, &snippet, "test").detail("what single requests lead to");
    }

    pub(super) fn statements(&mut self) {
        const ALL: [(&str, &str); 5] = [
            ("allow", "gives, and only what it names"),
            ("deny", "takes, with all that amounts to it"),
            ("ask", "the account holder approves each request"),
            ("only", "binds everything that the key does"),
            ("use role", "puts a role's lines here"),
        ];
        let guardrail = self.line.holder == Holder::Guardrail;
        for (word, detail) in ALL {
            if !(guardrail && matches!(word, "allow" | "use role")) {
                self.add_leading(word, Kind::Keyword).detail(detail);
            }
        }
    }

    pub(super) fn expectations(&mut self) {
        for (word, detail) in [
            ("expect allow", "the request is allowed"),
            ("expect deny", "the request is denied"),
            ("expect ask", "the account holder is asked"),
        ] {
            self.add_leading(word, Kind::Keyword).detail(detail);
        }
    }

    pub(super) fn entries(&mut self) {
        self.add_leading("payee", Kind::Keyword).detail("a declared payee");
        self.add_leading("payees", Kind::Keyword).detail("several, or another group");
    }

    pub(super) fn caps(&mut self) {
        self.add_snippet("EUR per month", Kind::Snippet, "${1:500} ${2:EUR} per ${3:month};", "500 EUR per month;")
            .detail("how much");
        self.add_snippet("times per day", Kind::Snippet, "${1:5} times per ${2:day};", "5 times per day;")
            .detail("how often");
    }

    pub(super) fn grammar_word(&mut self, word: &'static str) {
        match word {
            "<" => {
                self.add_snippet("< … >", Kind::Snippet, "<\n  $0\n>", "<").detail("what belongs to it");
            }
            "unless" => {
                self.add_leading(word, Kind::Keyword)
                    .detail("an exception")
                    .doc("The line does not hold where the clauses behind it do.\n\n```bpol\ndeny payment unless to own accounts;\n```");
            }
            "and" => {
                self.add_leading(word, Kind::Keyword).detail("both have to hold");
            }
            "except" => {
                self.add_leading(word, Kind::Keyword).detail("leaves some out");
            }
            "exactly" => {
                self.add_leading(word, Kind::Keyword).detail("without what counts as it");
            }
            "accounts" | "amount" | "account" | "total" | "by this key" | "ago" => {
                self.add(word, Kind::Keyword);
            }
            _ => {
                self.add_leading(word, Kind::Keyword);
            }
        }
    }

    pub(super) fn effects(&mut self) {
        for (word, detail) in [
            ("allow", "the request is allowed"),
            ("deny", "the request is denied"),
            ("ask", "the account holder is asked"),
        ] {
            self.add_leading(word, Kind::Keyword).detail(detail);
        }
    }

    pub(super) fn who(&mut self) {
        self.add_leading("no key can", Kind::Keyword).detail("it is denied to all");
        self.add_leading("key", Kind::Keyword).detail("a claim about named keys");
        self.add_leading("every key", Kind::Keyword).detail("a claim about all keys");
    }

    pub(super) fn verbs(&mut self) {
        for (word, detail) in [
            ("cannot", "every such request is denied"),
            ("can", "every such request is allowed, with nothing spent yet"),
            ("must ask to", "no such request is allowed without asking"),
        ] {
            self.add_leading(word, Kind::Keyword).detail(detail);
        }
    }

    pub(super) fn account_facts(&mut self) {
        let listed = &self.expected.listed;
        let kinds: Vec<String> = self.bank.kinds.iter().map(|kind| kind.word.clone()).collect();
        let has_kind = listed.iter().any(|word| kinds.iter().any(|kind| kind == word));
        let (iban, id) = (listed.contains(&"iban"), listed.contains(&"id"));
        if !iban {
            self.add_leading("iban", Kind::Keyword).detail("by which it is known").leads_on = false;
        }
        if !id {
            self.add_leading("id", Kind::Keyword).detail("its number at the bank").leads_on = false;
        }
        if !has_kind {
            for kind in kinds {
                self.add(kind, Kind::Word).detail("what kind of account it is");
            }
        }
    }
}

/// A text inside of a snippet.
fn escaped(text: &str) -> String {
    text.chars().flat_map(|c| matches!(c, '$' | '}' | '\\').then_some('\\').into_iter().chain([c])).collect()
}
