/**
 * @file bpol for tree-sitter: the shapes of grammar/bpol.pest, with names for what editors colour and fold.
 * @license MIT OR Apache-2.0
 */

/// <reference types="tree-sitter-cli/dsl" />
// @ts-check

// Words of the language that stand for themselves. The words of banks are not in the grammar: a word after `via` is a
// method because it stands there.
const words = require("./words.json");

/** One or more, with commas between them. */
const list = (rule) => seq(rule, repeat(seq(",", rule)));
/** A head, then lines in angle brackets. */
const block = (line) => seq("<", repeat(line), ">");

module.exports = grammar({
  name: "bpol",

  extras: ($) => [/\s/, $.comment, $.doc_comment],

  word: ($) => $.word,

  supertypes: ($) => [$.item, $.statement, $.clause, $.fact],

  // After a name and a comma only the next word tells whether the list of names or the list around it goes on.
  conflicts: ($) => [
    [$.account],
    [$.payee],
    [$.iban_payee],
    [$.ip],
    [$.network],
    [$.except],
    [$.actions, $.resources],
  ],

  rules: {
    source_file: ($) => repeat($.item),

    // ── Items ────────────────────────────────────────────────────────────────────────────────────────────────────

    item: ($) =>
      choice(
        $.import,
        $.bank,
        $.timezone,
        $.account_item,
        $.payee_item,
        $.payees_item,
        $.network_item,
        $.limit_item,
        $.role_item,
        $.key_item,
        $.guardrail_item,
        $.ensure_item,
        $.test_item,
      ),

    import: ($) => seq("import", field("path", $.string), ";"),
    bank: ($) => seq("bank", field("name", $.string), ";"),
    timezone: ($) => seq("timezone", field("name", $.string), ";"),

    account_item: ($) => seq("account", field("name", $.string), "is", list($._account_fact), ";"),
    _account_fact: ($) => choice(seq("iban", $._iban), seq("id", $.number), $.kind),
    payee_item: ($) => seq("payee", field("name", $.string), "is", $._iban, ";"),

    payees_item: ($) => seq("payees", field("name", $.string), field("body", $.payees_block)),
    payees_block: ($) => block($.payee_entry),
    payee_entry: ($) => seq(choice(seq(choice("payee", "payees"), list(field("payee", $.string))), $._iban), ";"),

    network_item: ($) => seq("network", field("name", $.string), field("body", $.network_block)),
    network_block: ($) => block($.network_entry),
    network_entry: ($) => seq($.address, ";"),

    limit_item: ($) => seq("limit", field("name", $.string), field("body", $.limit_block)),
    limit_block: ($) => block($.limit_entry),
    limit_entry: ($) => seq(choice($.money_cap, $.count_cap), ";"),

    role_item: ($) => seq("role", field("name", $.string), field("body", $.block)),
    key_item: ($) => seq("key", field("name", $.string), field("body", $.block)),
    guardrail_item: ($) => seq($.every_key, field("body", $.block)),
    block: ($) => block($.statement),

    every_key: ($) => seq("every", "key", optional(seq("except", list(field("key", $.string))))),

    // ── Statements ───────────────────────────────────────────────────────────────────────────────────────────────

    statement: ($) => choice($.rule, $.use, $.only),

    rule: ($) => seq(field("effect", $.effect), $._subject, repeat($.clause), repeat($.unless), ";"),
    use: ($) => seq("use", "role", field("role", $.string), repeat($.clause), ";"),
    only: ($) => seq("only", repeat1($.clause), ";"),

    effect: () => choice(...words.effects),
    unless: ($) => seq("unless", $.clause, repeat(seq("and", $.clause))),

    _subject: ($) => choice($.resources, seq($.actions, $.resources)),
    actions: ($) => list(alias($.word, $.action)),
    resources: ($) => list(alias($.word, $.resource)),

    clause: ($) =>
      choice(
        $.on,
        $.to,
        $.to_url,
        $.up_to,
        $.over,
        $.at_most,
        $.more_than,
        $.within,
        $.via,
        $.repeating,
        $.since,
        $.created_by,
        $.showing,
        $.hiding,
        $.from,
        $.during,
        $.starting,
        $.before,
      ),

    on: ($) => seq("on", list(choice($.account, $.kind_accounts, $.any_account))),
    account: ($) => seq(choice("account", "accounts"), list(field("account", $.string))),
    any_account: ($) => seq("any", "account", optional($.except)),
    kind_accounts: ($) => seq($.kind, "accounts", optional($.except)),
    except: ($) => seq("except", list(choice(field("account", $.string), seq($.kind, "accounts")))),

    to: ($) => seq("to", list(choice($.payee, $.account, $.iban_payee, $.own_accounts, $.favorites, $.anyone))),
    payee: ($) => seq(choice("payee", "payees"), list(field("payee", $.string))),
    iban_payee: ($) => seq("iban", list($._iban)),
    own_accounts: () => seq("own", "accounts"),
    favorites: () => "favorites",
    anyone: () => "anyone",
    to_url: ($) => seq("to", "url", list(field("url", $.string))),

    up_to: ($) => seq("up", "to", list($.money_cap)),
    over: ($) => seq("over", list($.money_cap)),
    at_most: ($) => seq("at", "most", list($.count_cap)),
    more_than: ($) => seq("more", "than", list($.count_cap)),
    within: ($) => seq("within", "limit", list(field("limit", $.string))),

    via: ($) => seq("via", list(alias($.word, $.method))),
    repeating: ($) => seq("repeating", list(alias($.word, $.repeat))),
    since: ($) => seq("since", choice($.duration, $.date)),
    created_by: () => seq("created", "by", "this", "key"),
    showing: ($) => seq("showing", list(alias($.word, $.field))),
    hiding: ($) => seq("hiding", list(alias($.word, $.field))),

    from: ($) => seq("from", list(choice($.ip, $.network, $.anywhere))),
    ip: ($) => seq("ip", list($.address)),
    network: ($) => seq(choice("network", "networks"), list(field("network", $.string))),
    anywhere: () => "anywhere",

    during: ($) => seq("during", list($.span)),
    // Hours belong to all the days listed before them.
    span: ($) => choice($.hours, seq($.days, optional($.hours))),
    days: ($) => choice($._days_tight, seq($.day, optional(seq("-", $.day)))),
    // Without blanks around the `-` it would be one word.
    _days_tight: () => token(prec(1, new RegExp(`(${words.days.join("|")})-(${words.days.join("|")})`))),
    day: () => choice(...words.days),
    hours: ($) => seq($.time, "-", $.time),

    starting: ($) => seq("starting", $.date),
    before: ($) => seq("before", $.date),

    money_cap: ($) => seq(choice($.money, $.any_amount), optional(choice($.each, $.period))),
    count_cap: ($) => seq($.number, choice("time", "times"), $.period),
    any_amount: () => seq("any", "amount"),
    each: () => "each",
    period: ($) => choice(seq("per", choice(...words.periods, $.duration)), seq("in", "total")),

    // ── Claims and tests ─────────────────────────────────────────────────────────────────────────────────────────

    ensure_item: ($) => seq("ensure", $._claim, ";"),
    _claim: ($) =>
      seq(
        choice(
          seq(choice($.claim_keys, $.every_key), $.verb),
          seq("no", "key", alias("can", $.verb)),
        ),
        optional("exactly"),
        $._subject,
        repeat($.clause),
        repeat($.unless),
      ),
    verb: () => choice("can", "cannot", seq("must", "ask", "to")),
    claim_keys: ($) => seq("key", list(field("key", $.string))),

    test_item: ($) =>
      seq(
        "test",
        field("name", $.string),
        "for",
        "key",
        field("key", $.string),
        repeat(choice($.at_fact, $.from_fact)),
        field("body", $.test_block),
      ),
    test_block: ($) => block($.expectation),
    expectation: ($) => seq("expect", field("effect", $.effect), $._subject, repeat($.fact), ";"),

    fact: ($) =>
      choice(
        $.of_fact,
        $.on_fact,
        $.to_fact,
        $.at_fact,
        $.from_fact,
        $.dated_fact,
        $.after_fact,
        $.via_fact,
        $.repeating_fact,
        $.showing,
        $.created_by,
      ),

    of_fact: ($) => seq("of", $.money),
    on_fact: ($) => seq("on", "account", field("account", $.string)),
    to_fact: ($) =>
      seq(
        "to",
        choice(
          seq("payee", field("payee", $.string)),
          seq("account", field("account", $.string)),
          seq("iban", $._iban),
          seq("url", field("url", $.string)),
          $.own_accounts,
        ),
      ),
    at_fact: ($) => seq("at", $.instant),
    from_fact: ($) => seq("from", "ip", $.address),
    dated_fact: ($) => seq("dated", choice(seq($.duration, "ago"), $.date)),
    after_fact: ($) => seq("after", choice(seq("spending", $.money), seq($.number, "earlier")), $._moment),
    _moment: ($) => choice("today", seq("this", choice(...words.moments)), seq($.duration, "ago")),
    via_fact: ($) => seq("via", alias($.word, $.method)),
    repeating_fact: ($) => seq("repeating", alias($.word, $.repeat)),

    // ── Values ───────────────────────────────────────────────────────────────────────────────────────────────────

    kind: ($) => $.word,
    money: ($) => seq($.number, $.currency),
    _iban: ($) => choice($.iban, alias($.string, $.quoted_iban)),

    string: ($) => seq('"', repeat(choice($.string_content, $.escape_sequence)), token.immediate('"')),
    string_content: () => token.immediate(prec(3, /[^"\\\r\n]+/)),
    escape_sequence: () => token.immediate(prec(3, /\\(u\{[0-9a-fA-F]*\}|[^\r\n])/)),

    word: () => /[a-z][a-z0-9]*(-+[a-z0-9]+)*/,
    // As broad as in the grammar of bpolc: whether `25:00` is a time is not for a grammar to say.
    number: () => /[0-9][0-9A-Za-z._]*(,[0-9][0-9A-Za-z._]*)*/,
    currency: () => /[A-Z]+/,
    duration: () => /[0-9]+[A-Za-z][0-9A-Za-z]*|[0-9]+/,
    date: () => /[0-9]+[-\/.:][0-9A-Za-z:.+\/-]*/,
    instant: () => /[0-9][0-9A-Za-z:.+\/-]*/,
    time: () => /[0-9][0-9A-Za-z:.]*/,
    iban: () => token(prec(1, /[A-Za-z]{2}[0-9][A-Za-z0-9]*/)),
    address: () => /([0-9]|[0-9a-fA-F]+:|::)[0-9A-Za-z:.\/]*/,

    // Four strokes and more are a ruler, not documentation.
    comment: () => token(choice(prec(2, /\/\/\/\/[^\r\n]*/), prec(1, /\/\/[^\r\n]*/))),
    doc_comment: () => token(prec(2, /\/\/\/([^\/\r\n][^\r\n]*)?/)),
  },
});
