//! `bpolc check`

use super::{CLEAN, Directory, SAMPLE};
use serde_json::json;

#[test]
fn a_policy_without_findings() {
    let directory = Directory::with(&[("a.bpol", CLEAN)]);
    directory.run(&["check"]).is(0, "", "1 file, 1 key: no findings\n");
    directory.run(&["check", "a.bpol", "--format", "short"]).is(0, "", "");
    let empty =
        json!({"diagnostics": [], "summary": {"errors": 0, "warnings": 0, "hints": 0, "files": 1, "suppressed": 0}});
    assert_eq!(directory.run(&["check", "--format", "json"]).json(), empty);
}

#[test]
fn warnings_fail_only_when_they_are_denied() {
    let directory = Directory::with(&[("a.bpol", SAMPLE)]);
    insta::assert_snapshot!(directory.run(&["check", "a.bpol"]));
    for denied in ["warnings", "unpinned-account"] {
        let ran = directory.run(&["check", "a.bpol", "--format", "short", "--deny", denied]);
        assert_eq!(ran.code, 1);
        assert!(ran.out.starts_with("a.bpol:1:49: error[unpinned-account]: "), "{}", ran.out);
    }
    directory.run(&["check", "--allow", "unpinned-account"]).is(0, "", "1 file, 1 key: no findings\n");
    let ran = directory.run(&["check", "--deny", "warnings", "--warn", "unpinned-account", "--format", "short"]);
    assert_eq!(ran.code, 0);
    assert!(ran.out.contains("warning[unpinned-account]"), "{}", ran.out);
}

#[test]
fn a_lint_that_does_not_exist_is_wrong_usage() {
    let directory = Directory::with(&[("a.bpol", CLEAN)]);
    let ran = directory.run(&["check", "--deny", "unpined-account"]);
    ran.refuses("`--deny unpined-account`: there is no such lint; did you mean `unpinned-account`?");
    let ran = directory.run(&["check", "--allow", "warnings"]);
    ran.refuses("`--allow warnings` is not a level; only `--deny` takes all warnings together");
}

#[test]
fn errors_are_shown_with_their_source_and_what_to_do() {
    let text = "key \"a\" <\n  allow read transactoins on account \"é𝄞\";\n>\nkey \"a\" < deny payment; >\n";
    let directory = Directory::with(&[("a.bpol", text)]);
    insta::assert_snapshot!(directory.run(&["check", "a.bpol"]));
    insta::assert_snapshot!(directory.run(&["check", "--format", "short", "a.bpol"]));
}

#[test]
fn json_says_places_labels_and_fixes() {
    let text =
        "account \"é\" is iban NL20INGB0001234567; account \"é\" is id 1;\nkey \"a\" < deny payment over 05 EUR; >\n";
    let directory = Directory::with(&[("a.bpol", text)]);
    let ran = directory.run(&["check", "--format", "json", "a.bpol"]);
    assert_eq!((ran.code, ran.err.as_str()), (1, ""));
    insta::assert_snapshot!(ran.out.replace("},{", "},\n{"));
}

#[test]
fn a_related_place_in_another_file_is_shown_there() {
    let files = [("p/a.bpol", "key \"k\" < deny payment; >\n"), ("p/b.bpol", "// second\nkey \"k\" < >\n")];
    insta::assert_snapshot!(Directory::with(&files).run(&["check", "p"]));
}

#[test]
fn what_steers_a_terminal_is_not_passed_on() {
    let directory = Directory::with(&[("a.bpol", "// \u{1b}[2J\u{202e}\nkey \"\u{1b}]0;x\u{7}\" < allow >\n")]);
    for format in ["human", "short"] {
        let ran = directory.run(&["check", "--format", format]);
        assert_eq!(ran.code, 1);
        let steers = |character| matches!(character, '\u{1b}' | '\u{7}' | '\u{202e}');
        assert!(!ran.out.contains(steers) && !ran.err.contains(steers), "{ran}");
    }
}

#[test]
fn a_long_line_is_shown_in_part() {
    let text = format!("key \"{}\" < deny paiment; >\n", "é".repeat(5000));
    let ran = Directory::with(&[("a.bpol", &text)]).run(&["check"]);
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("[a.bpol:1:5015]") && ran.err.contains("deny paiment") && ran.err.len() < 2000, "{ran}");
}

#[test]
fn files_that_cannot_be_read_are_all_named() {
    let directory = Directory::with(&[("a.bpol", CLEAN)]);
    directory.write("latin.bpol", b"key\n\xe9");
    directory.write("utf16.bpol", b"\xff\xfek\0");
    let ran = directory.run(&["check", "a.bpol", "missing.bpol", "latin.bpol", "utf16.bpol"]);
    ran.is(
        2,
        "",
        "error: cannot read `missing.bpol`: no such file or directory\n\
         error: `latin.bpol` is not UTF-8: byte 5 on line 2 (0xe9) belongs to no character; save it as UTF-8\n\
         error: `utf16.bpol` is UTF-16; save it as UTF-8\n",
    );
}

#[test]
fn a_directory_without_policies_is_a_mistake() {
    let directory = Directory::new();
    directory.write("sub/readme.md", "");
    let hint = "name a file, or write a first policy with `bpolc init`";
    directory.run(&["check", "sub"]).refuses(&format!("no `.bpol` files in `sub`; {hint}"));
    directory.run(&["check"]).refuses(&format!("no `.bpol` files in the current directory; {hint}"));
}

#[test]
fn all_policies_below_a_directory_are_taken_but_for_ignored_ones() {
    let broken = "nonsense";
    let directory = Directory::with(&[
        (".gitignore", "/ignored.bpol\nout/\n"),
        ("a.bpol", "key \"a\" < deny everything; >\n"),
        ("deep/er/b.bpol", "key \"b\" < deny everything; >\n"),
        (".hidden.bpol", "key \"c\" < deny everything; >\n"),
        ("ignored.bpol", broken),
        ("out/d.bpol", broken),
        (".cache/e.bpol", broken),
        ("notes.txt", broken),
    ]);
    directory.run(&["check"]).is(0, "", "3 files, 3 keys: no findings\n");
    directory.run(&["check", "."]).is(0, "", "3 files, 3 keys: no findings\n");
    assert_eq!(directory.run(&["check", "ignored.bpol"]).code, 1, "what is named is taken");
}

#[test]
fn a_file_that_is_named_twice_is_read_once() {
    let directory = Directory::with(&[("p/a.bpol", CLEAN)]);
    directory.run(&["check", "p", "p/a.bpol", "./p/../p/a.bpol"]).is(0, "", "1 file, 1 key: no findings\n");
}

#[test]
fn paths_are_said_as_the_user_says_them() {
    let directory = Directory::with(&[("p/a.bpol", SAMPLE)]);
    for (named, said) in [("p", "p/a.bpol"), ("./p", "./p/a.bpol"), ("p/a.bpol", "p/a.bpol")] {
        let ran = directory.run(&["check", "--format", "short", named]);
        assert!(ran.out.starts_with(&format!("{said}:1:49: ")), "{ran}");
    }
    let ran = directory.run(&["check", "--format", "short"]);
    assert!(ran.out.starts_with("p/a.bpol:1:49: "), "{ran}");
}

#[test]
fn standard_input_is_a_dash() {
    let directory = Directory::new();
    directory.run_on(&["check", "-"], CLEAN).is(0, "", "1 file, 1 key: no findings\n");
    directory.run_on(&["check", "-"], "").is(0, "", "1 file, 0 keys: no findings\n");
    let ran = directory.run_on(&["check", "-", "--format", "short"], SAMPLE);
    assert!(ran.out.starts_with("-:1:49: warning[unpinned-account]: "), "{ran}");
    let ran = directory.run_on(&["check", "-"], b"\xff");
    ran.refuses("standard input is not UTF-8: byte 1 on line 1 (0xff) belongs to no character; save it as UTF-8");
    directory.run_on(&["check", "-", "--fix"], "").refuses("standard input cannot be fixed in place; name a file");
}

#[test]
fn imports_stay_below_the_root() {
    let directory = Directory::with(&[
        ("p/main.bpol", "import \"accounts.bpol\";\nkey \"k\" < allow read transactions on account \"A\"; >\n"),
        ("p/accounts.bpol", "account \"A\" is id 1;\n"),
        ("p/up.bpol", "import \"../secret.bpol\";\n"),
        ("secret.bpol", "secret"),
    ]);
    directory.run(&["check", "p/main.bpol"]).is(0, "", "2 files, 1 key: no findings\n");
    let ran = directory.run(&["check", "p/up.bpol", "--format", "short"]);
    assert_eq!(ran.code, 1);
    assert!(ran.out.starts_with("p/up.bpol:1:8: error[import-outside]: "), "{ran}");
    // From above, the same import stays inside.
    let ran = directory.run(&["check", "p/up.bpol", "secret.bpol", "--format", "short"]);
    assert!(!ran.out.contains("import-outside"), "{ran}");
}

#[test]
#[cfg(unix)]
fn a_link_that_leads_out_of_the_root_is_not_followed() {
    let directory = Directory::with(&[("p/main.bpol", "import \"link.bpol\";\n"), ("secret.bpol", "secret")]);
    std::os::unix::fs::symlink(directory.path("secret.bpol"), directory.path("p/link.bpol")).unwrap();
    let ran = directory.run(&["check", "p/main.bpol", "--format", "short"]);
    assert_eq!(ran.code, 1);
    assert!(ran.out.contains("error[import-unreadable]") && ran.out.contains("it lies outside of `p`"), "{ran}");
}

#[test]
#[cfg(unix)]
fn a_reader_that_goes_away_is_no_reason_to_panic() {
    use std::io::Read as _;
    use std::process::Stdio;
    let text: String =
        (0..3000).map(|n| format!("key \"{n}\" < allow read transactions on account \"{n}\"; >\n")).collect();
    let directory = Directory::with(&[("a.bpol", &text)]);
    let mut command = directory.command(&["check", "--format", "short"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut first = [0; 10];
    child.stdout.take().unwrap().read_exact(&mut first).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(141), &b""[..]));
}
