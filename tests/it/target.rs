//! What an enforcement point cannot do is an error at the clause that asks for it.

use bpol_engine::ir::{Capability, Ir};
use bpolc::target::{Ability, Target, builtin, misfits};
use bpolc::{Checked, Input};
use camino::Utf8Path;

use crate::naive::print::print;
use crate::random::cases;
use crate::random::rng::Rng;

const NAMES: &str = r#"
timezone "Europe/Amsterdam";
account "Shop" is iban NL20INGB0001234567, id 42, bank;
payee "a" is NL91ABNA0417164300;
network "office" < 203.0.113.0/24; >
limit "week" < 1000 EUR per week; >
"#;

fn compiled(text: &str) -> Option<(Checked, Ir)> {
    let input = Input { path: "policy.bpol".into(), text: text.to_owned() };
    let checked = bpolc::check(vec![input], Utf8Path::new("."), &|path| Err(format!("{path} is not there")));
    let ir = bpolc::compile(&checked)?;
    Some((checked, ir))
}

fn target(offers: &[Ability]) -> Target {
    Target { name: "mine".to_owned(), doc: "A target of a test.".to_owned(), offers: offers.to_vec() }
}

/// What a target that lacks some abilities refuses of a key, each with the text that it is said of.
#[track_caller]
fn check(statements: &str, lacking: &[Ability], expected: &[&str]) {
    let text = format!("{NAMES}key \"k\" < {statements} >");
    let (checked, ir) = compiled(&text).expect("a policy");
    let offers: Vec<Ability> = Ability::all().filter(|ability| !lacking.contains(ability)).collect();
    let found: Vec<String> = misfits(&checked, &ir, &target(&offers))
        .iter()
        .map(|found| {
            let span = found.place.span;
            format!("{}: {}", &text[span.start as usize..span.end as usize], found.message)
        })
        .collect();
    assert_eq!(found, expected);
}

const PAY: &str = "allow create payment on account \"Shop\" to payee \"a\" up to 50 EUR each, any amount in total;";

#[test]
fn money_needs_the_body() {
    check(
        PAY,
        &[Ability::Body],
        &[
            "to payee \"a\": `to` needs the body of the call, which `mine` does not offer: calls that ask for other \
             things would look the same",
            "up to 50 EUR each, any amount in total: `up to` needs the body of the call, which `mine` does not offer: \
             51 EUR would look like 49 EUR",
        ],
    );
}

#[test]
fn what_is_told_only_by_the_body_needs_it_without_a_clause() {
    check(
        "allow cancel request on account \"Shop\";",
        &[Ability::Body],
        &["allow cancel request on account \"Shop\";: `cancel request` needs the body of the call, which `mine` does \
           not offer: calls that ask for other things would look the same"],
    );
    check("allow read profile;", &[Ability::Body], &[]);
}

#[test]
fn addresses_budgets_and_questions_are_needed_where_they_are_written() {
    check(
        "allow read profile from network \"office\";",
        &[Ability::Of(Capability::ClientIp)],
        &["from network \"office\": `from` needs the address of the caller, which `mine` does not offer: every \
           caller would look the same"],
    );
    check("allow read profile from anywhere;", &[Ability::Of(Capability::ClientIp)], &[]);
    check(
        "allow create payment on account \"Shop\" to payee \"a\" within limit \"week\"; ask payment;",
        &[Ability::Of(Capability::Counters), Ability::Of(Capability::Approval)],
        &[
            "within limit \"week\": `within` needs what was done before, which `mine` does not offer: a budget would \
             never be used up",
            "ask payment;: `ask` needs someone to put the question to, which `mine` does not offer: what is asked for \
             would never be answered",
        ],
    );
    check(PAY, &[Ability::Of(Capability::Counters)], &[]);
}

#[test]
fn reads_need_answers_to_be_cut() {
    check(
        "allow read transactions on account \"Shop\" created by this key;",
        &[Ability::Of(Capability::ResponseFilter), Ability::Of(Capability::OwnRecords)],
        &[
            "on account \"Shop\": `on` needs records dropped out of answers, which `mine` does not offer: all of them \
             would be shown",
            "created by this key: `created by this key` needs a list of what the key created, which `mine` does not \
             offer: other people's records would look like its own",
            "created by this key: `created by this key` needs records dropped out of answers, which `mine` does not \
             offer: all of them would be shown",
        ],
    );
    check("allow read transactions on any account;", &[Ability::Of(Capability::ResponseFilter)], &[]);
}

#[test]
fn what_a_call_names_by_a_number_alone_needs_a_look_up() {
    let approve = "allow accept draft-payment on account \"Shop\" to payee \"a\" up to 5 EUR each, any amount in total \
                   repeating once;";
    let said = |clause: &str, word: &str| {
        format!(
            "{clause}: `{word}` needs a look-up at the bank, which `mine` does not offer: what the call names by a number \
             alone would stay unknown"
        )
    };
    let expected = [
        said("to payee \"a\"", "to"),
        said("up to 5 EUR each, any amount in total", "up to"),
        said("repeating once", "repeating"),
    ];
    check(approve, &[Ability::Of(Capability::Lookup)], &expected.each_ref().map(String::as_str));
}

#[test]
fn a_key_that_may_do_nothing_may_still_open_a_session() {
    check(
        "",
        &[Ability::Of(Capability::ResponseFields)],
        &["\"k\": every key may `open session`, and `mine` cannot cut the answer: personal data would be shown"],
    );
}

#[test]
fn the_fault_of_a_role_points_at_its_use() {
    let text = "role \"r\" < allow read profile from ip 203.0.113.7; > key \"k\" < use role \"r\"; >";
    let (checked, ir) = compiled(text).expect("a policy");
    let offers: Vec<Ability> = Ability::all().filter(|ability| *ability != Ability::Of(Capability::ClientIp)).collect();
    let found = misfits(&checked, &ir, &target(&offers));
    assert_eq!(found.len(), 1);
    let span = found[0].labels[0].place.span;
    assert_eq!(&text[span.start as usize..span.end as usize], "use role \"r\";");
}

#[test]
fn what_a_policy_requires_is_never_passed_over() {
    let mut refused = 0;
    for seed in 0..200 {
        let mut rng = Rng::new(seed * 64 + 51);
        let text = print(&cases(&mut rng, 1)[0].policy);
        let Some((checked, ir)) = compiled(&text) else { continue };
        let all = builtin().into_iter().find(|target| target.name == "engine").expect("it is built in");
        assert_eq!(misfits(&checked, &ir, &all), [], "{text}");
        for lacking in Ability::all() {
            let offers: Vec<Ability> = Ability::all().filter(|ability| *ability != lacking).collect();
            let found = misfits(&checked, &ir, &target(&offers));
            if matches!(lacking, Ability::Of(capability) if ir.requires.contains(&capability)) {
                assert!(!found.is_empty(), "{} of\n{text}", lacking.word());
                refused += 1;
            }
        }
    }
    assert!(refused > 0);
}
