//! `bpolc compile`

use super::{CLEAN, Directory, SAMPLE};

#[test]
fn the_policy_goes_to_standard_output_or_a_file() {
    let directory = Directory::with(&[("a.bpol", CLEAN)]);
    let printed = directory.run(&["compile", "a.bpol"]);
    assert_eq!((printed.code, printed.err.as_str()), (0, ""));
    assert_eq!(printed.out.lines().count(), 1);
    assert_eq!(printed.json()["bpol"], 1);
    directory.run(&["compile", "a.bpol", "-o", "policy.json"]).is(0, "", "");
    assert_eq!(directory.read("policy.json"), printed.out);
    let pretty = directory.run(&["compile", "a.bpol", "--pretty"]);
    assert!(pretty.out.starts_with("{\n  \"bpol\": 1,\n"), "{}", pretty.out);
    assert_eq!(pretty.json(), printed.json());
    assert_eq!(directory.names(), ["a.bpol", "policy.json"]);
}

#[test]
fn policies_that_decide_alike_have_the_same_meaning() {
    let meaning = |text: &str| {
        let ran = Directory::with(&[("a.bpol", text)]).run(&["compile"]);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""));
        ran.json()["meaning"].as_str().expect("a digest").to_owned()
    };
    let twice = CLEAN.replace('\n', "\n// the same\n") + "every key < deny webhook; deny webhook; >";
    assert_eq!(meaning(CLEAN), meaning(&twice));
    assert_ne!(meaning(CLEAN), meaning(&format!("{CLEAN}every key < deny everything; >")));
}

#[test]
fn warnings_are_said_and_do_not_stop_it() {
    let ran = Directory::with(&[("a.bpol", SAMPLE)]).run(&["compile"]);
    assert_eq!((ran.code, ran.json()["bpol"].as_u64()), (0, Some(1)));
    assert!(ran.err.contains("warning[unpinned-account]"), "{}", ran.err);
}

#[test]
fn what_the_project_allows_is_not_said_and_what_it_denies_does_not_stop_it() {
    let with = |level: &str| {
        let settings = format!("[lints]\nunpinned-account = \"{level}\"\n");
        Directory::with(&[("a.bpol", SAMPLE), ("bpol.toml", &settings)]).run(&["compile"])
    };
    assert_eq!((with("allow").code, with("allow").err.as_str()), (0, ""));
    for level in ["deny", "hint", "nonsense"] {
        let ran = with(level);
        assert_eq!((ran.code, ran.json()["bpol"].as_u64()), (0, Some(1)), "{level}: {}", ran.err);
        assert!(ran.err.contains("warning[unpinned-account]"), "{level}: {}", ran.err);
    }
    let hidden = format!("// bpol: allow(unpinned-account) it is renamed by nobody\n\n{SAMPLE}");
    let ran = Directory::with(&[("a.bpol", &hidden)]).run(&["compile"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
}

#[test]
fn a_policy_with_errors_leaves_the_old_file() {
    let directory = Directory::with(&[("a.bpol", "key \"a\" < allow pay; >\n"), ("policy.json", "old")]);
    let ran = directory.run(&["compile", "a.bpol", "-o", "policy.json"]);
    assert_eq!((ran.code, ran.out.as_str()), (3, ""));
    assert!(ran.err.contains("error["), "{}", ran.err);
    assert_eq!(directory.read("policy.json"), "old");
}

#[test]
fn a_place_that_cannot_be_written_is_named() {
    let directory = Directory::with(&[("a.bpol", CLEAN), ("sub/x", "")]);
    let compile = |output| directory.run(&["compile", "a.bpol", "-o", output]);
    compile("none/policy.json").refuses("cannot write `none/policy.json`: there is no directory `none`");
    compile("sub").refuses("cannot write `sub`: it is a directory");
    compile("a.bpol").refuses("`-o a.bpol` would overwrite a source of the policy; name another file");
    compile("sub/../a.bpol").refuses("`-o sub/../a.bpol` would overwrite a source of the policy; name another file");
    assert_eq!(directory.read("a.bpol"), CLEAN);
    assert_eq!(directory.names(), ["a.bpol", "sub"]);
}

#[test]
fn an_imported_file_is_a_source_too() {
    let directory = Directory::with(&[("a.bpol", "import \"b.bpol\";\n"), ("b.bpol", CLEAN)]);
    let ran = directory.run(&["compile", "a.bpol", "-o", "b.bpol"]);
    ran.refuses("`-o b.bpol` would overwrite a source of the policy; name another file");
}

#[test]
#[cfg(unix)]
fn permissions_are_kept_and_a_read_only_file_is_not_replaced() {
    use std::os::unix::fs::PermissionsExt as _;
    let directory = Directory::with(&[("a.bpol", CLEAN), ("policy.json", "old")]);
    let set = |mode| {
        std::fs::set_permissions(directory.path("policy.json"), std::fs::Permissions::from_mode(mode)).unwrap();
    };
    set(0o444);
    let compile = || directory.run(&["compile", "a.bpol", "-o", "policy.json"]);
    compile().refuses("cannot write `policy.json`: it is read-only");
    assert_eq!(directory.read("policy.json"), "old");
    set(0o600);
    compile().is(0, "", "");
    let mode = std::fs::metadata(directory.path("policy.json")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
#[cfg(unix)]
fn a_device_is_written_to_and_not_replaced() {
    let directory = Directory::with(&[("a.bpol", CLEAN)]);
    let ran = directory.run(&["compile", "a.bpol", "-o", "/dev/stdout"]);
    assert_eq!((ran.code, ran.json()["bpol"].as_u64()), (0, Some(1)));
}

#[test]
fn the_same_policy_gives_the_same_bytes() {
    let directory = Directory::with(&[("p/a.bpol", CLEAN), ("p/b.bpol", "key \"b\" < deny payment; >\n")]);
    let one = directory.run(&["compile", "p"]);
    let other = directory.run(&["compile", "p"]);
    assert_eq!(one, other);
    assert_eq!(one.code, 0);
}

#[test]
fn a_target_refuses_what_it_cannot_do() {
    let directory = Directory::with(&[
        ("a.bpol", CLEAN),
        ("edge.toml", "name = \"edge\"\ndoc = \"ours\"\noffers = [\"response-fields\"]\n"),
        ("wrong.toml", "name = \"edge\"\noffers = [\"bodi\"]\n"),
        ("policy.json", "old"),
    ]);
    let ran = directory.run(&["compile", "a.bpol", "--target", "edge.toml", "-o", "policy.json"]);
    assert_eq!(ran.code, 3);
    assert!(ran.err.contains("`on` needs records dropped out of answers, which `edge` does not offer"), "{}", ran.err);
    assert_eq!(directory.read("policy.json"), "old");
    assert_eq!(directory.run(&["compile", "a.bpol", "--target", "engine", "-o", "policy.json"]).code, 0);
    let ran = directory.run(&["compile", "a.bpol", "--target", "wrong.toml"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("wrong.toml:2:11: `bodi` is nothing that a target can do; write `body`"), "{}", ran.err);
    assert!(ran.err.contains("`doc` is missing"), "{}", ran.err);
    let ran = directory.run(&["check", "a.bpol", "--target", "nowhere"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("`--target nowhere` is neither one of `engine`"), "{}", ran.err);
}
