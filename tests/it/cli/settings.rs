//! `bpol.toml`, and flags that count for more.

use super::{CLEAN, Directory, SAMPLE};

#[track_caller]
fn short(directory: &Directory, arguments: &[&str], code: i32, lines: &[&str]) {
    let ran = directory.run(&[&["check", "--format", "short"], arguments].concat());
    let found: Vec<String> = ran
        .out
        .lines()
        .map(|line| line.split("]: ").next().unwrap().split(": ").collect::<Vec<_>>().join(" "))
        .collect();
    assert_eq!((ran.code, found.iter().map(String::as_str).collect::<Vec<_>>()), (code, lines.to_vec()), "{ran}");
}

#[test]
fn the_nearest_settings_at_the_policy_or_above_count() {
    let directory = Directory::with(&[
        ("bpol.toml", "[lints]\nunpinned-account = \"deny\"\n"),
        ("p/a.bpol", SAMPLE),
        ("q/bpol.toml", "[lints]\nunpinned-account = \"hint\"\n"),
        ("q/a.bpol", SAMPLE),
    ]);
    short(&directory, &["p"], 1, &["p/a.bpol:1:49 error[unpinned-account"]);
    short(&directory, &["p/a.bpol"], 1, &["p/a.bpol:1:49 error[unpinned-account"]);
    short(&directory, &["q"], 0, &["q/a.bpol:1:49 hint[unpinned-account"]);
    short(&directory, &["p", "--no-config"], 0, &["p/a.bpol:1:49 warning[unpinned-account"]);
    short(&directory, &["p", "--config", "q/bpol.toml"], 0, &["p/a.bpol:1:49 hint[unpinned-account"]);
    short(&directory, &["p", "--hint", "unpinned-account"], 0, &["p/a.bpol:1:49 hint[unpinned-account"]);
    short(&directory, &["p", "--allow", "unpinned-account"], 0, &[]);
}

#[test]
fn settings_above_the_repository_do_not_count() {
    let directory = Directory::with(&[
        ("bpol.toml", "[lints]\nunpinned-account = \"allow\"\n"),
        ("repository/.git/HEAD", ""),
        ("repository/a.bpol", SAMPLE),
    ]);
    short(&directory, &["repository"], 0, &["repository/a.bpol:1:49 warning[unpinned-account"]);
}

#[test]
fn paths_of_settings_are_relative_to_them() {
    let override_ =
        "[[overrides]]\npaths = [\"tests/**\", \"old.bpol\"]\n[overrides.lints]\nunpinned-account = \"allow\"\n";
    let key = |name: &str| SAMPLE.replace("ynab", name);
    let directory = Directory::with(&[
        ("p/bpol.toml", override_),
        ("p/a.bpol", &key("a")),
        ("p/old.bpol", &key("b")),
        ("p/tests/deep/c.bpol", &key("c")),
    ]);
    short(&directory, &["p"], 0, &["p/a.bpol:1:46 warning[unpinned-account"]);
    short(&directory, &["./p/tests/../tests"], 0, &[]);
}

#[test]
fn the_least_level_that_fails_can_be_set() {
    let directory = Directory::with(&[("a.bpol", SAMPLE), ("bpol.toml", "fail-level = \"warning\"\n")]);
    let found = &["a.bpol:1:49 warning[unpinned-account"];
    short(&directory, &[], 1, found);
    short(&directory, &["--fail-level", "error"], 0, found);
    short(&directory, &["--hint", "unpinned-account"], 0, &["a.bpol:1:49 hint[unpinned-account"]);
    short(
        &directory,
        &["--hint", "unpinned-account", "--fail-level", "hint"],
        1,
        &["a.bpol:1:49 hint[unpinned-account"],
    );
}

#[test]
fn a_profile_can_be_named_in_either_place() {
    let directory = Directory::with(&[("a.bpol", CLEAN), ("bpol.toml", "profile = \"strict\"\n")]);
    assert_eq!(directory.run(&["check"]).code, 0);
    assert_eq!(directory.run(&["check", "--profile", "psd2"]).code, 0);
    let ran = directory.run(&["check", "--profile", "strikt"]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert!(ran.err.contains("'strict'"), "{ran}");
}

#[test]
fn settings_that_cannot_be_read_stop_everything() {
    let directory =
        Directory::with(&[("a.bpol", CLEAN), ("bpol.toml", "\nprofil = \"strict\"\n[lints]\ntwo-hops = \"warn\"\n")]);
    directory.run(&["check"]).is(
        2,
        "",
        "error: bpol.toml:2:1: `profil` means nothing here; write `profile`\n\
         error: bpol.toml:4:1: there is no lint `two-hops`; write `two-hop`\n",
    );
    directory.run(&["check", "--no-config"]).is(0, "", "1 file, 1 key: no findings\n");
    directory.run(&["check", "--config", "x.toml"]).refuses("cannot read `x.toml`: no such file or directory");
    directory.write("bpol.toml", "profile = strict");
    let ran = directory.run(&["check"]);
    assert!(ran.code == 2 && ran.err.starts_with("error: bpol.toml:1:11: "), "{ran}");
    directory.write("bpol.toml", "[[overrides]]\npaths = [\"a[\"]\n");
    directory.run(&["check"]).refuses(
        "bpol.toml:2:10: the pattern `a[` has `[`, which means nothing here; use `*` within a name, `**` for any \
         folders and `?` for one character",
    );
}
