//! `bpolc doc`

use super::Directory;

#[test]
fn a_lint_is_explained_by_its_page() {
    insta::assert_snapshot!(Directory::new().run(&["doc", "expired-suppression"]));
    for lint in bpolc::lint::all() {
        let ran = Directory::new().run(&["doc", lint.name]);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{}", lint.name);
        assert!(!ran.out.contains("```"), "{ran}");
    }
}

#[test]
fn an_operation_is_explained_by_the_catalogue() {
    let ran = Directory::new().run(&["doc", "read", "balance"]);
    insta::assert_snapshot!(ran);
    assert_eq!(Directory::new().run(&["doc", "read balances"]).out, ran.out);
    let payments = Directory::new().run(&["doc", "draft-payment"]).out;
    assert!(payments.contains("read draft-payment\n") && payments.contains("cancel draft-payment\n"), "{payments}");
}

#[test]
fn without_a_name_all_are_listed() {
    let ran = Directory::new().run(&["doc"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    for name in bpolc::lint::all().iter().map(|lint| lint.name).chain(["payment", "webhook"]) {
        assert!(ran.out.contains(&format!("\n  {name} ")), "{name}");
    }
}

#[test]
fn a_slip_gets_the_nearest_name() {
    let directory = Directory::new();
    directory
        .run(&["doc", "two-hp"])
        .refuses("there is no lint, resource or operation `two-hp`; did you mean `two-hop`?");
    directory
        .run(&["doc", "create", "paymnt"])
        .refuses("there is no lint, resource or operation `create paymnt`; did you mean `create payment`?");
    directory
        .run(&["doc", "weather"])
        .refuses("there is no lint, resource or operation `weather`; `bpolc doc` lists all");
    directory.run(&["doc", "read", "payment"]).refuses("`payment` has no action `read`; it has `create`");
}
