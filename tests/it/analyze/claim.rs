//! Claims: what is refuted has a witness in its region, and what is proved no request goes against.
//!
//! Whether a request is in the region of a claim is asked of the engine, by a key whose only statement says the same.

use bpol_engine::ir::{AccountRef, Clause, Effect, Ir, Rule};
use bpol_engine::{History, Policy, Reason, Report};
use bpolc::analyze::claim::{Area, Claim, Keys, Prover, Verb, Verdict};
use bpolc::analyze::past::operation;
use bpolc::analyze::paste::quoted;
use serde_json::{Map, Value, json};

use super::{compile, compile_text};
use crate::naive::model::{Item, Statement};
use crate::naive::print::print;
use crate::naive::vocabulary::Vocabulary;
use crate::random::rng::Rng;
use crate::random::take::deny;
use crate::random::{Case, cases};

const PROBE: &str = "probe";

/// The policy, and beside it the rules of a key that says a statement; nothing where it does not compile.
fn with_probe(case: &Case, statement: Statement) -> Option<(Ir, Ir, Vec<Rule>)> {
    let mut policy = case.policy.clone();
    if !policy.items.iter().any(|item| matches!(item, Item::Timezone(_))) {
        policy.items.insert(0, Item::Timezone("Europe/Amsterdam".to_owned()));
    }
    policy.items.push(Item::Key { name: PROBE.to_owned(), statements: vec![statement] });
    let probed = compile(&policy).ok()?;
    let mut ir = probed.clone();
    let probe = ir.keys.iter().position(|key| key.name == PROBE)?;
    // The key stays, for scopes may name it, but says nothing.
    let rules = std::mem::take(&mut ir.keys[probe].rules);
    Some((ir, probed, rules))
}

fn area(rule: &Rule) -> Area {
    Area {
        operations: rule.operations.clone(),
        when: rule.when.clone(),
        unless: rule.unless.clone(),
        showing: Vec::new(),
    }
}

/// A claim whose caps over a period, if it has some, are held against nothing.
fn claimed(keys: Keys, verb: Verb, areas: Vec<Area>) -> Claim {
    Claim { keys, verb, areas, counted: Vec::new(), periods: Vec::new() }
}

fn decide(policy: &Policy, request: &Value, past: &[String]) -> Report {
    let mut history = History::new();
    for line in past {
        history.extend(policy.read_entry(line).expect("an entry"));
    }
    policy.answer(&request.to_string(), &history, "2026-11-24T10:00:00Z".parse().expect("an instant"))
}

fn by(request: &Value, key: &str) -> Value {
    let mut request = request.clone();
    request["key"] = json!(key);
    request
}

/// An account told by only one of IBAN and id may be known to be another one than a clause leaves open.
fn half_told(request: &Value, areas: &[Area]) -> bool {
    let account = &request["account"];
    let half = account.get("iban").is_some() != account.get("id").is_some() || account.get("kind").is_some();
    let names = |clause: &Clause| match clause {
        Clause::On(refs) => refs.iter().any(|one| !matches!(one, AccountRef::Name(_))),
        _ => false,
    };
    half && areas.iter().any(|area| area.when.iter().chain(area.unless.iter().flatten()).any(names))
}

#[derive(Debug, Default)]
struct Count {
    proved: u32,
    refuted: u32,
    undecided: u32,
    in_region: u32,
    lines: u32,
}

fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

#[test]
fn what_must_not_happen_is_proved_or_refuted_as_the_engine_decides() {
    let vocabulary = Vocabulary::bunq();
    let mut count = Count::default();
    let first = setting("BPOL_SEED", 0);
    for seed in first..first + setting("BPOL_CASES", 600) {
        let mut rng = Rng::new(seed.wrapping_mul(64).wrapping_add(11));
        let cases = cases(&mut rng, 12);
        let statement = deny(&mut rng, &cases[0].universe, vocabulary);
        let Some((ir, probed, rules)) = with_probe(&cases[0], statement) else { continue };
        let areas: Vec<Area> = rules.iter().map(area).collect();
        let (policy, probe) = (Policy::from_ir(ir.clone()).unwrap(), Policy::from_ir(probed).unwrap());
        let prover = Prover::new(&ir);
        let inside = |request: &Value| {
            let report = decide(&probe, &by(request, PROBE), &[]);
            report.reason == Reason::Rule && report.by.iter().any(|id| id.starts_with(PROBE))
        };
        for verb in [Verb::Cannot, Verb::MustAsk] {
            let claim = claimed(Keys::EveryExcept(vec![PROBE.to_owned()]), verb, areas.clone());
            let against = |report: &Report| match verb {
                Verb::Cannot => report.decision != Effect::Deny,
                _ => report.decision == Effect::Allow,
            };
            match prover.prove(&claim) {
                Verdict::Undecided(_) => count.undecided += 1,
                Verdict::Refuted(example) => {
                    count.refuted += 1;
                    assert!(against(&example.report), "seed {seed} {example:?}");
                    assert!(inside(&example.witness.request), "seed {seed} {rules:#?} {example:?}\n{}", cases[0]);
                    if let Some(line) = &example.line {
                        count.lines += 1;
                        let key = example.witness.request["key"].as_str().unwrap();
                        passes_as_a_test(&cases[0], key, line, example.report.decision);
                    }
                }
                Verdict::Proved => {
                    count.proved += 1;
                    for case in &cases {
                        let Ok(request) = serde_json::from_str::<Value>(&case.situation.request) else { continue };
                        let read = request["action"] == json!("read");
                        if request.get("parts").is_some()
                            || request["answer"] == json!(true)
                            || (read && verb == Verb::MustAsk)
                        {
                            continue;
                        }
                        let report = decide(&policy, &request, &case.situation.past);
                        if report.reason != Reason::Malformed && inside(&request) {
                            count.in_region += 1;
                            let wrong = against(&report) && !half_told(&request, &areas);
                            assert!(!wrong, "seed {seed} {verb:?}\n{case}{report:?}\n{rules:#?}");
                        }
                    }
                }
            }
        }
    }
    println!("{count:?}");
    assert!(count.proved.min(count.refuted).min(count.in_region).min(count.lines) > 0, "{count:?}");
}

/// An `expect` line that was printed for a witness does what it says when it is pasted into the policy.
#[track_caller]
fn passes_as_a_test(case: &Case, key: &str, line: &str, effect: Effect) {
    let mut text = print(&case.policy);
    if !text.contains("timezone \"") {
        text.insert_str(0, "timezone \"Europe/Amsterdam\";\n");
    }
    let text = format!("{text}\ntest \"pasted\" for key {} < {line} >", quoted(key));
    let input = bpolc::Input { path: "policy.bpol".into(), text: text.clone() };
    let checked = bpolc::check(vec![input], camino::Utf8Path::new("."), &|path| Err(format!("{path} is not there")));
    let ir = bpolc::compile(&checked).unwrap_or_else(|| panic!("{text}\n{:#?}", checked.diagnostics));
    let policy = Policy::from_ir(ir).unwrap();
    let now = "2026-11-24T10:00:00Z".parse().unwrap();
    for case in bpolc::expect::cases(&checked, now).iter().filter(|case| case.test == "pasted") {
        assert_eq!(case.effect, effect, "{line}");
        assert_eq!(decide(&policy, &case.request, &[]).decision, effect, "{line}\n{}\n{text}", case.request);
    }
}

/// The request with every fact told that the operation has.
fn told(ir: &Ir, request: &Value) -> Option<Value> {
    let mut request = request.as_object()?.clone();
    request.remove("answer");
    request.remove("parts");
    request.entry("ip").or_insert(json!("192.0.2.9"));
    request.entry("method").or_insert(json!(ir.methods[0]));
    request.entry("repeat").or_insert(json!("once"));
    request.entry("url").or_insert(json!("https://example.com/x"));
    request.entry("amount").or_insert(json!({"value": "5.00", "currency": "EUR"}));
    let object = |request: &mut Map<String, Value>, name: &str| {
        request.remove(name).and_then(|value| value.as_object().cloned()).unwrap_or_default()
    };
    let mut account = object(&mut request, "account");
    let declared = ir.accounts.iter().find(|known| {
        known.iban.as_ref().is_some_and(|iban| account.get("iban") == Some(&json!(iban)))
            || known.id.is_some_and(|id| account.get("id") == Some(&json!(id)))
    });
    let iban = declared.and_then(|known| known.iban.clone()).unwrap_or("GB33BUKB20201555555555".to_owned());
    account.entry("iban").or_insert(json!(iban));
    account.entry("id").or_insert(json!(declared.and_then(|known| known.id).unwrap_or(999)));
    let kind = declared.and_then(|known| known.kind.clone()).unwrap_or("bank".to_owned());
    account.entry("kind").or_insert(json!(kind));
    account.entry("name").or_insert(json!("Some name"));
    request.insert("account".to_owned(), Value::Object(account));
    let mut payee = object(&mut request, "payee");
    payee.entry("iban").or_insert(json!("GB33BUKB20201555555555"));
    let own = ir.accounts.iter().any(|known| known.iban.as_deref() == payee["iban"].as_str());
    payee.entry("own").or_insert(json!(own));
    payee.entry("favorite").or_insert(json!(false));
    request.insert("payee".to_owned(), Value::Object(payee));
    let mut record = object(&mut request, "record");
    record.entry("created").or_insert(json!("2026-11-24T09:00:00Z"));
    record.entry("own").or_insert(json!(true));
    request.insert("record".to_owned(), Value::Object(record));
    Some(Value::Object(request))
}

#[test]
fn what_can_be_done_is_proved_or_refuted_as_the_engine_decides() {
    let mut count = Count::default();
    let first = setting("BPOL_SEED", 0);
    for seed in first..first + setting("BPOL_CASES", 600) {
        let mut rng = Rng::new(seed.wrapping_mul(64).wrapping_add(12));
        let cases = cases(&mut rng, 12);
        let Ok(ir) = compile(&cases[0].policy) else { continue };
        let policy = Policy::from_ir(ir.clone()).unwrap();
        let prover = Prover::new(&ir);
        for key in &ir.keys {
            for rule in key.rules.iter().filter(|rule| rule.effect == Effect::Allow).take(3) {
                let mut alone = ir.clone();
                alone.guardrails.clear();
                for other in &mut alone.keys {
                    other.rules = if other.name == key.name { vec![rule.clone()] } else { Vec::new() };
                }
                let alone = Policy::from_ir(alone).unwrap();
                let keys = Keys::Named(vec![key.name.clone()]);
                let claim = claimed(keys, Verb::Can, vec![area(rule)]);
                match prover.prove(&claim) {
                    Verdict::Undecided(why) => panic!("seed {seed}: {why}\n{}", cases[0]),
                    Verdict::Refuted(example) => {
                        count.refuted += 1;
                        assert_ne!(example.report.decision, Effect::Allow);
                        let inside = decide(&alone, &example.witness.request, &[]);
                        let inside = (inside.decision, inside.reason);
                        assert_eq!(
                            inside,
                            (Effect::Allow, Reason::Rule),
                            "seed {seed} {rule:#?} {example:?}\n{}",
                            cases[0]
                        );
                    }
                    Verdict::Proved => {
                        count.proved += 1;
                        for case in &cases {
                            let Ok(request) = serde_json::from_str::<Value>(&case.situation.request) else { continue };
                            let Some(request) = told(&ir, &request).map(|told| by(&told, &key.name)) else { continue };
                            let place = operation(
                                &ir,
                                request["action"].as_str().unwrap_or(""),
                                request["resource"].as_str().unwrap_or(""),
                            );
                            let within = decide(&alone, &request, &[]);
                            // What every key may do is not in the area of a rule that does not list it.
                            if place.is_none() || within.decision != Effect::Allow || within.reason != Reason::Rule {
                                continue;
                            }
                            count.in_region += 1;
                            let report = decide(&policy, &request, &[]);
                            assert_eq!(report.decision, Effect::Allow, "seed {seed}\n{case}{request}\n{rule:#?}");
                        }
                    }
                }
            }
        }
    }
    println!("{count:?}");
    assert!(count.proved.min(count.refuted).min(count.in_region) > 0, "{count:?}");
}

const HOUSEHOLD: &str = r#"
timezone "Europe/Amsterdam";
account "Groceries" is iban NL20INGB0001234567, id 42, joint;
account "Rent" is iban GB29NWBK60161331926819, id 43, bank;
payee "shop" is NL91ABNA0417164300;
key "pay" <
  allow create payment on account "Groceries" to payee "shop" up to 100 EUR each, 500 EUR per day;
  ask payment over 50 EUR;
>
key "read" < allow read transactions on account "Groceries" since 30d; allow read profile; >
"#;

/// What comes of a claim that a `deny` or `allow` says in the words of its statement.
#[track_caller]
fn check(key: &str, verb: Verb, statement: &str, showing: &[&str]) -> Verdict {
    let ir = compile_text(&format!("{HOUSEHOLD}\nkey \"probe\" < {statement} >")).unwrap();
    let showing: Vec<String> = showing.iter().map(|field| (*field).to_owned()).collect();
    let areas = ir.keys[2].rules.iter().map(|rule| Area { showing: showing.clone(), ..area(rule) }).collect();
    Prover::new(&ir).prove(&claimed(Keys::Named(vec![key.to_owned()]), verb, areas))
}

#[test]
fn claims_about_a_household() {
    let proved = |verdict: Verdict| assert_eq!(verdict, Verdict::Proved);
    let refuted = |verdict: Verdict| match verdict {
        Verdict::Refuted(example) => *example,
        other => panic!("{other:?}"),
    };
    proved(check("pay", Verb::Cannot, "deny payment over 100 EUR;", &[]));
    proved(check("pay", Verb::Cannot, "deny payment on account \"Rent\";", &[]));
    proved(check("pay", Verb::MustAsk, "deny payment over 50 EUR;", &[]));
    proved(check("read", Verb::Cannot, "deny payment, webhook;", &[]));
    proved(check("read", Verb::Cannot, "deny read profile;", &["birth"]));
    let small = "allow create payment on account \"Groceries\" to payee \"shop\" up to 50 EUR each, 400 EUR per day;";
    proved(check("pay", Verb::Can, small, &[]));
    let over = refuted(check("pay", Verb::Cannot, "deny payment over 99 EUR;", &[]));
    assert_eq!(over.report.decision, Effect::Ask);
    let more = "allow create payment on account \"Groceries\" to payee \"shop\" up to 51 EUR each, 400 EUR per day;";
    assert_eq!(refuted(check("pay", Verb::Can, more, &[])).report.by, ["pay#2"]);
    refuted(check("read", Verb::Cannot, "deny read transactions;", &[]));
    refuted(check("read", Verb::Can, "allow read profile;", &["birth"]));
    // Over a whole day the policy keeps it, but how sums add up is not worked out.
    let day = check("pay", Verb::Cannot, "deny payment over 600 EUR per day;", &[]);
    assert!(matches!(day, Verdict::Undecided(_)), "{day:?}");
    refuted(check("pay", Verb::Cannot, "deny payment over 90 EUR per day;", &[]));
}
