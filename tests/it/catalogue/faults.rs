//! What is wrong with a catalogue file, where, and what to do.

use bpolc::catalogue::Catalogue;
use bpolc::source::line_column;

/// A whole small catalogue; each test breaks one thing in it.
const SMALL: &str = r#"
bank = "small"
methods = ["transfer"]
kinds = [{ word = "bank", own = true }]
fields = [
    { word = "balance", doc = "How much is there." },
    { word = "email", doc = "E-mail addresses.", personal = true },
]

[path]
account = "account.id"

[answers]
records = "/list/*"

[maps.rhythm]
M = "monthly"

[[shape]]
word = "account"
facts.account = { iban = "/iban" }
fields.balance = ["/balance"]

[[resource]]
word = "account"
plural = "accounts"

[[resource.operation]]
action = "read"
doc = "See accounts."
tier = "read"
about = ["account", "fields"]
shows = ["balance"]
shows-on-request = ["email"]

[[resource.operation]]
action = "close"
doc = "Close an account."
tier = "control"
about = ["account"]
lookup = ["account"]

[[resource]]
word = "payment"
plural = "payments"

[[resource.operation]]
action = "create"
doc = "Send money."
tier = "spend"
about = ["account", "payee", "amount", "method", "repeat"]
parts = ["payee", "amount"]

[[resource.operation]]
action = "cancel"
doc = "Call money back."
tier = "write"
about = ["account", "payee"]
untold = ["payee"]

[[resource]]
word = "card"
plural = "cards"

[[resource.operation]]
action = "order"
doc = "Order a card."
tier = "control"
about = ["account"]
counts-as = ["create payment"]

[[resource]]
word = "balance"
plural = "balances"

[[resource.operation]]
action = "read"
doc = "See balances."
tier = "read"
about = ["account", "fields"]
counts-as = ["read account"]
view-of = "read account"
shows = ["balance"]

[[endpoint]]
calls = ["GET /accounts", "GET /accounts/{account}"]
is = "read account"
answer = "account"

[[endpoint]]
call = "DELETE /accounts/{account}"
is = "close account"

[[endpoint]]
call = "POST /accounts/{account}/payments"
is = "create payment"
body = ["/list", "/rhythm"]
tells.method = "transfer"
facts.repeat = { at = "/rhythm", map = "rhythm" }
parts.at = "/list/*"
parts.facts.payee.iban = "/to"
parts.facts.amount = { value = "/sum", currency = { is = "EUR" } }

[[endpoint]]
call = "PUT /accounts/{account}/payments/{payment}"
otherwise = "nothing else can be done with a payment"
cases = [
    { when = "/state=OFF", is = "cancel payment" },
    { any = ["/card", "/colour"], is = "order card" },
]

[[endpoint]]
call = "DELETE /everything"
denied = "nobody may"
"#;

/// The faults after a change, one a line: where, what, what to do.
fn faults(from: &str, to: &str) -> Vec<String> {
    assert_eq!(SMALL.matches(from).count(), 1, "`{from}` must stand once in the catalogue");
    let text = SMALL.replace(from, to);
    let faults = Catalogue::read(&text).err().unwrap_or_default();
    let lines = faults.iter().map(|fault| {
        let (line, _) = line_column(&text, fault.span.start);
        let found = fault.span.of(&text).lines().next().unwrap_or_default();
        let help = fault.help.as_ref().map(|help| format!("; {help}")).unwrap_or_default();
        format!("{line} {found} — {}{help}", fault.message)
    });
    lines.collect()
}

#[test]
fn the_small_catalogue_is_sound() {
    let small = Catalogue::read(SMALL).unwrap();
    assert_eq!((small.bank.as_str(), small.operations.len(), small.routes().len()), ("small", 6, 9));
    assert_eq!(small.resources().collect::<Vec<_>>(), ["account", "payment", "card", "balance"]);
    assert_ne!(small.digest, Catalogue::bunq().digest);
}

#[test]
fn every_fault_is_found_where_it_stands() {
    for (from, to, expected) in CASES {
        assert_eq!(faults(from, to), *expected, "{from} → {to}");
    }
}

/// A change to the small catalogue, and the faults that it brings.
type Case = (&'static str, &'static str, &'static [&'static str]);

const CASES: &[Case] = &[
    ("methods = [", "method = [", &["3 method — `method` means nothing here; write `methods`"]),
    ("own = true", "owner = true", &["4 owner — `owner` means nothing here; use one of: word, own"]),
    (
        "tier = \"spend\"",
        "teir = \"spend\"",
        &[
            "47 [[resource.operation]] — `tier` is missing; add `tier = \"…\"`",
            "50 teir — `teir` means nothing here; write `tier`",
        ],
    ),
    ("word = \"card\"", "word = 5", &["62 5 — `word` is an integer, not a text in quotes"]),
    ("bank = \"small\"", "", &["1  — `bank` is missing; add `bank = \"…\"`"]),
    ("doc = \"Send money.\"", "", &["47 [[resource.operation]] — `doc` is missing; add `doc = \"…\"`"]),
    (
        "methods = [\"transfer\"]",
        "methods = \"transfer\"",
        &["3 \"transfer\" — `methods` is a string, not a list of texts"],
    ),
    (
        "methods = [\"transfer\"]",
        "methods = [\"transfer\"",
        &["4  — missing comma between array elements, expected `,`"],
    ),
    (
        "methods = [\"transfer\"]",
        "methods = [\"transfer\", \"transfer\"]",
        &["3 \"transfer\" — the method `transfer` is said twice"],
    ),
    (
        "kinds = [{ word = \"bank\", own = true }]",
        "kinds = [{ word = \"Bank account\", own = true }]",
        &["4 \"Bank account\" — `Bank account` is no word: small letters, digits and `-`, a letter first"],
    ),
    (
        "word = \"card\"\nplural = \"cards\"",
        "word = \"limit\"\nplural = \"limits\"",
        &["62 \"limit\" — `limit` is a word of the language and can be no noun; choose another word"],
    ),
    (
        "word = \"card\"\nplural = \"cards\"",
        "word = \"payments\"\nplural = \"cards\"",
        &["62 \"payments\" — `payments` names two resources"],
    ),
    (
        "action = \"order\"",
        "action = \"unless\"",
        &["66 \"unless\" — `unless` is a word of the language and can be no action; choose another word"],
    ),
    (
        "action = \"order\"",
        "action = \"card\"",
        &["66 \"card\" — `card` is a noun and an action, so nobody could tell which is meant"],
    ),
    ("action = \"cancel\"", "action = \"create\"", &["55 \"create\" — `create payment` is said twice"]),
    ("tier = \"spend\"", "tier = \"spent\"", &["50 \"spent\" — there is no tier `spent`; write `spend`"]),
    (
        "action = \"close\"\ndoc = \"Close an account.\"\ntier = \"control\"",
        "action = \"close\"\ndoc = \"Close an account.\"\ntier = \"read\"",
        &[
            "39 \"read\" — `close` in the tier `read`: whoever says `read everything` would allow it; use the tier `sensitive` or `write`",
        ],
    ),
    (
        "about = [\"account\", \"payee\"]\nuntold",
        "about = [\"account\", \"payed\"]\nuntold",
        &[
            "58 \"payed\" — there is no dimension `payed`; write `payee`",
            "59 \"payee\" — `payee` is in `untold` but the operation is not about it; add `payee` to `about`",
        ],
    ),
    (
        "untold = [\"payee\"]",
        "untold = [\"amount\"]",
        &["59 \"amount\" — `amount` is in `untold` but the operation is not about it; add `amount` to `about`"],
    ),
    (
        "untold = [\"payee\"]",
        "untold = [\"payee\"]\nlookup = [\"payee\"]",
        &["59 [\"payee\"] — `payee` is untold and yet told by a look-up or by parts"],
    ),
    (
        "parts = [\"payee\", \"amount\"]",
        "parts = [\"payee\", \"amount\", \"method\"]",
        &["52 \"method\" — `method` cannot stand in a part"],
    ),
    (
        "shows-on-request = [\"email\"]",
        "shows-on-request = [\"e-mail\"]",
        &["34 \"e-mail\" — the field `e-mail` is not declared; write `email`"],
    ),
    (
        "shows-on-request = [\"email\"]",
        "shows-on-request = [\"balance\"]",
        &["34 \"balance\" — the field `balance` is said twice"],
    ),
    (
        "doc = \"Close an account.\"",
        "doc = \"Close an account.\"\nshows = [\"email\"]",
        &[
            "36 [[resource.operation]] — it `shows` fields but is not about `fields`, so no rule could choose among them",
        ],
    ),
    (
        "counts-as = [\"create payment\"]",
        "counts-as = [\"create payments\"]",
        &["70 \"create payments\" — there is no operation `create payments`; write `create payment`"],
    ),
    (
        "counts-as = [\"create payment\"]",
        "counts-as = [\"order card\"]",
        &["66 \"order\" — `order card` counts as itself"],
    ),
    (
        "parts = [\"payee\", \"amount\"]",
        "parts = [\"payee\", \"amount\"]\ncounts-as = [\"order card\"]",
        &[
            "48 \"create\" — `create payment` counts as itself, through `order card`",
            "67 \"order\" — `order card` counts as itself, through `create payment`",
        ],
    ),
    (
        "view-of = \"read account\"",
        "view-of = \"close account\"",
        &[
            "77 \"read\" — `read balance` views an operation of another action, tier or dimensions",
            "77 \"read\" — `read balance` shows `balance`, which the operation that it views does not show",
        ],
    ),
    (
        "\"GET /accounts\"",
        "\"FETCH /accounts\"",
        &[
            "86 \"FETCH /accounts\" — `FETCH` is no method of HTTP that a call may have; use one of: GET, POST, PUT, PATCH, DELETE",
        ],
    ),
    (
        "\"GET /accounts\"",
        "\"GET accounts\"",
        &["86 \"GET accounts\" — `accounts` is no path of a call: it does not begin with `/`"],
    ),
    (
        "\"GET /accounts\"",
        "\"GET /accounts/x{account}\"",
        &[
            "86 \"GET /accounts/x{account}\" — `/accounts/x{account}` is no path of a call: a segment is neither plain nor one name in braces",
        ],
    ),
    ("\"GET /accounts\"", "\"GET @all/accounts\"", &["86 \"GET @all/accounts\" — there are no prefixes `all`"]),
    (
        "\"GET /accounts\"",
        "\"GET /accounts/{number}\"",
        &["86 \"GET /accounts/{account}\" — a call could be `GET /accounts/{account}` or `/accounts/{number}`"],
    ),
    (
        "call = \"DELETE /everything\"",
        "call = \"DELETE /accounts/all\"",
        &["113 \"DELETE /accounts/all\" — a call could be `DELETE /accounts/all` or `/accounts/{account}`"],
    ),
    (
        "denied = \"nobody may\"",
        "",
        &[
            "113 \"DELETE /everything\" — a call is one operation, is denied, or has cases: say one of them; write `is`, `denied` or `cases`",
        ],
    ),
    (
        "denied = \"nobody may\"",
        "denied = \"nobody may\"\nis = \"close account\"",
        &[
            "113 \"DELETE /everything\" — a call is one operation, is denied, or has cases: say one of them; write `is`, `denied` or `cases`",
        ],
    ),
    (
        "otherwise = \"nothing else can be done with a payment\"",
        "",
        &[
            "105 \"PUT /accounts/{account}/payments/{payment}\" — `cases` and `otherwise` go together: what is no case is denied, and `otherwise` says why",
        ],
    ),
    (
        "{ when = \"/state=OFF\", is = \"cancel payment\" },",
        "",
        &["55 \"cancel\" — no call is `cancel payment`; add an `[[endpoint]]` or take the operation away"],
    ),
    (
        "{ when = \"/state=OFF\", is = \"cancel payment\" }",
        "{ when = \"/state=OFF\", is = \"stop payment\" }",
        &[
            "108 \"stop payment\" — there is no operation `stop payment`; use one of: cancel payment, close account, create payment, order card, read account, read balance",
        ],
    ),
    (
        "{ when = \"/state=OFF\", is = \"cancel payment\" }",
        "{ when = \"state=OFF\", is = \"cancel payment\" }",
        &[
            "108 \"state=OFF\" — `state` is no pointer; write the keys with a `/` before each, such as `/entries/*/amount`",
        ],
    ),
    (
        "{ when = \"/state=OFF\", is = \"cancel payment\" }",
        "{ is = \"cancel payment\" }",
        &[
            "108 { is = \"cancel payment\" } — a case without `when` or `any`, or with both; say which body it is: `when = \"/status=CLOSED\"`",
        ],
    ),
    (
        "any = [\"/card\", \"/colour\"]",
        "any = [\"/card\", \"/state\"]",
        &[
            "109 \"/card\" — a body with `/state` could be this case or the earlier one; make the cases tell different keys or values",
            "109 \"/state\" — a body with `/state` could be this case or the earlier one; make the cases tell different keys or values",
        ],
    ),
    (
        "any = [\"/card\", \"/colour\"]",
        "when = \"/state=OFF\"",
        &[
            "109 \"/state=OFF\" — a body with `/state` could be this case or the earlier one; make the cases tell different keys or values",
        ],
    ),
    (
        "any = [\"/card\", \"/colour\"]",
        "any = [\"/card\", \"/card/colour\"]",
        &["109 \"/card/colour\" — `/card/colour` is already among the keys of this body"],
    ),
    ("is = \"close account\"", "is = \"close account\"\nbody = [\"/why\"]", &["93 \"/why\" — a DELETE has no body"]),
    (
        "tells.method = \"transfer\"",
        "tells.method = \"transfers\"",
        &["98 \"transfers\" — `method` cannot be `transfers`; write `transfer`"],
    ),
    (
        "tells.method = \"transfer\"",
        "tells.url = \"https://a.example\"",
        &["98 url — the operation is not about `url`, or says that it is untold"],
    ),
    (
        "facts.account = { iban = \"/iban\" }",
        "facts.account = { ibans = \"/iban\" }",
        &["21 ibans — there is no fact `account.ibans`; write `account.iban`"],
    ),
    (
        "at = \"/rhythm\", map = \"rhythm\"",
        "at = \"/rythm\", map = \"rhythm\"",
        &["99 \"/rythm\" — `/rythm` is not among the keys that the body may hold"],
    ),
    (
        "at = \"/rhythm\", map = \"rhythm\"",
        "at = \"/rhythm\", map = \"rythm\"",
        &["99 \"rythm\" — there is no map `rythm`; write `rhythm`"],
    ),
    (
        "M = \"monthly\"",
        "M = \"moonly\"",
        &["99 repeat — `repeat` cannot be `moonly`; use one of: once, hourly, daily, weekly, monthly, yearly, anytime"],
    ),
    (
        "facts.repeat = { at",
        "facts.repeat = { is = \"once\", at",
        &[
            "99 { is = \"once\", at = \"/rhythm\", map = \"rhythm\" } — `repeat` has no place, or two; say either `at` or `is`",
        ],
    ),
    (
        "parts.at = \"/list/*\"",
        "parts.at = \"/list\"",
        &["100 \"/list\" — `/list` is no list that the body may hold; write a pointer that ends in `/*`"],
    ),
    (
        "parts.facts.payee.iban = \"/to\"",
        "parts.facts.method = \"/to\"",
        &["101 method — `method` is not among the operation's `parts`"],
    ),
    (
        "tells.method = \"transfer\"",
        "tells.method = \"transfer\"\nfacts.account.id = \"{acount}\"",
        &["99 \"{acount}\" — the path has no `{acount}`"],
    ),
    (
        "account = \"account.id\"",
        "account = \"account.number\"",
        &["11 \"account.number\" — there is no fact `account.number`; write `account.name`"],
    ),
    (
        "answer = \"account\"",
        "answer = \"acount\"",
        &[
            "88 \"acount\" — there is no shape `acount`; write `account`",
            "91 \"DELETE /accounts/{account}\" — the facts to look up are not in the answer of `GET /accounts/{account}`; name a path with an `answer` in `lookup`, or say `lookup = \"none\"`",
        ],
    ),
    (
        "answer = \"account\"",
        "",
        &[
            "86 \"GET /accounts\" — the answer has fields, and nobody says where: GET /accounts; add `answer` with the word of a shape",
            "86 \"GET /accounts/{account}\" — the answer has fields, and nobody says where: GET /accounts/{account}; add `answer` with the word of a shape",
            "91 \"DELETE /accounts/{account}\" — the facts to look up are not in the answer of `GET /accounts/{account}`; name a path with an `answer` in `lookup`, or say `lookup = \"none\"`",
        ],
    ),
    (
        "records = \"/list/*\"",
        "",
        &["19 [[shape]] — nobody says where the records of `account` stand; add `records` to it or to `[answers]`"],
    ),
    (
        "fields.balance = [\"/balance\"]",
        "fields.ballance = [\"/balance\"]",
        &["22 ballance — the field `ballance` is not declared; write `balance`"],
    ),
    (
        "fields.balance = [\"/balance\"]",
        "fields.balance = [\"balance\"]",
        &[
            "22 \"balance\" — `balance` is no pointer; write the keys with a `/` before each, such as `/entries/*/amount`",
        ],
    ),
    (
        "call = \"DELETE /accounts/{account}\"",
        "call = \"DELETE /accounts/{account}/now\"",
        &[
            "91 \"DELETE /accounts/{account}/now\" — the facts to look up are not in the answer of `GET /accounts/{account}/now`; name a path with an `answer` in `lookup`, or say `lookup = \"none\"`",
        ],
    ),
    (
        "is = \"close account\"",
        "is = \"close account\"\nlookup = \"/accounts/{acount}\"",
        &["93 \"/accounts/{acount}\" — the call's path has no `{acount}` to look up with"],
    ),
];
