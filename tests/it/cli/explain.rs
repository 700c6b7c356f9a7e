//! `bpolc explain`

use super::{Directory, SAMPLE};

const AS_OF: &str = "2026-11-24T10:00:00Z";

/// The overview of a folder of examples.
fn example(name: &str, format: &str) -> String {
    let directory = Directory::new();
    let path = format!("{}/examples/{name}", env!("CARGO_MANIFEST_DIR"));
    let ran = directory.run(&["explain", &path, "--as-of", AS_OF, "--format", format]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    ran.out
}

#[test]
fn the_examples_read_well() {
    for name in ["bunq", "company", "app-role", "guide", "open-banking"] {
        insta::assert_snapshot!(format!("explain-{name}"), example(name, "text"));
    }
}

#[test]
fn the_company_as_markdown_and_as_a_page() {
    insta::assert_snapshot!("explain-company-markdown", example("company", "markdown"));
    let page = example("company", "html");
    assert!(page.starts_with("<!doctype html>") && page.trim_end().ends_with("</html>"));
    for outside in ["http://", "https://", "<script", "<link", "@import", "url("] {
        assert!(!page.contains(outside), "{outside}");
    }
    for needed in ["<caption>", "scope=\"col\"", "scope=\"row\"", "prefers-color-scheme: dark", "@media print"] {
        assert!(page.contains(needed), "{needed}");
    }
}

#[test]
fn what_users_write_means_nothing_to_the_formats() {
    let text = "/// <b>&\"'</b> | *x*\nkey \"<i>[a](b)|\" < allow read everything on any account; >\n";
    let directory = Directory::with(&[("a.bpol", text)]);
    let page = directory.run(&["explain", "--format", "html"]).out;
    assert!(page.contains("&lt;i&gt;[a](b)|") && page.contains("&lt;b&gt;&amp;&quot;&#39;&lt;/b&gt;"), "{page}");
    assert!(!page.contains("<i>[a]") && !page.contains("<b>&"));
    let markdown = directory.run(&["explain", "--format", "markdown"]).out;
    assert!(markdown.contains(r"## \<i\>\[a\](b)\|"), "{markdown}");
}

#[test]
fn one_key_and_one_moment_are_shown() {
    let text = "timezone \"UTC\"; account \"A\" is id 1;
        key \"a\" < allow read transactions on account \"A\" starting 2027-01-01 before 2027-03-01; >
        key \"b\" < deny everything; >";
    let directory = Directory::with(&[("a.bpol", text)]);
    let before = directory.run(&["explain", "--key", "a", "--as-of", "2026-12-31"]);
    assert_eq!(
        before.out,
        "What each key may do, as of 2026-12-31 00:00 UTC\n\nkey \"a\"\n\n  cannot\n    do anything at all\n\n  changes\n    \
         2027-01-01  begins: read transactions\n    2027-03-01  ends: read transactions; nothing is left\n"
    );
    let during = directory.run(&["explain", "--key", "a", "--as-of", "2027-01-01"]);
    assert!(during.out.contains("  can\n    read transactions on account \"A\"\n"), "{}", during.out);
    directory.run(&["explain", "--key", "c"]).refuses("the policy has no key `c`");
    directory
        .run(&["explain", "--as-of", "soon"])
        .refuses("`soon` is no date and no instant; write 2027-07-01 or 2027-07-01T09:00:00Z");
}

#[test]
fn a_compiled_policy_reads_as_its_source_does() {
    let directory = Directory::with(&[("a.bpol", SAMPLE)]);
    directory.run(&["compile", "a.bpol", "-o", "policy.json"]);
    let one = directory.run(&["explain", "a.bpol", "--as-of", AS_OF]);
    let other = directory.run(&["explain", "policy.json", "--as-of", AS_OF]);
    assert_eq!((one.code, &one.out), (0, &other.out));
    directory.run(&["explain", "a.bpol", "--as-of", AS_OF, "-o", "out.txt"]).is(0, "", "");
    assert_eq!(directory.read("out.txt"), one.out);
}

#[test]
fn a_policy_with_errors_is_not_explained() {
    let ran = Directory::with(&[("a.bpol", "key \"a\" < allow pay; >\n")]).run(&["explain"]);
    assert_eq!((ran.code, ran.out.as_str()), (3, ""));
}

#[test]
fn a_request_is_explained_clause_by_clause() {
    let text = r#"timezone "Europe/Amsterdam";
        account "Groceries" is iban NL57BUNQ0000000009, joint;
        payee "Bob" is NL31TEST0000000006;
        key "k" <
          allow create payment on account "Groceries" to payee "Bob" up to 50 EUR each, 60 EUR per month;
          ask payment over 20 EUR unless via ideal;
          only from ip 203.0.113.0/24;
        >"#;
    let request = |value: &str| {
        format!(
            r#"{{"key":"k","action":"create","resource":"payment","time":"2026-11-24T10:00:00Z","ip":"203.0.113.7",
            "account":{{"iban":"NL57BUNQ0000000009"}},"payee":{{"iban":"NL31TEST0000000006"}},
            "amount":{{"value":"{value}","currency":"EUR"}},"method":"transfer"}}"#
        )
    };
    let directory = Directory::with(&[("a.bpol", text), ("request.json", &request("30"))]);
    directory.write("past.ndjson", request("25").replace('\n', ""));
    insta::assert_snapshot!("why-ask", directory.run(&["explain", "--why", "request.json"]).out);
    let denied = directory.run(&["explain", "--why", &request("40"), "--history", "past.ndjson"]);
    insta::assert_snapshot!("why-deny", denied.out);
    let json = directory.run(&["explain", "--why", "request.json", "--format", "json"]).json();
    assert_eq!(json["decision"]["decision"], "ask");
    assert_eq!(json["rules"][0]["clauses"][0]["value"], "true");
    directory
        .run(&["explain", "--why", "request.json", "--format", "html"])
        .refuses("`--why` is shown as text or json");
    let unreadable = directory.run(&["explain", "--why", r#"{"key":"k"}"#]);
    assert!(unreadable.out.starts_with("deny: the request is malformed: "), "{}", unreadable.out);
}
