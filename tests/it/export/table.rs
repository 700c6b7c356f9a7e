//! Tables and authorization requests, read by a reader of their own, against the engine: what they allow the policy
//! allows, with at least the fields; and where nothing was left out they allow all that it allows.

use bpol_engine::ir::Rule;
use bpol_engine::{History, Policy};
use bpolc::export::{Language, export};
use serde_json::Value;

use crate::naive::print::print;
use crate::naive::request::nfc;
use crate::random::rng::Rng;
use crate::random::{Case, Situation, cases};

use super::others::compiled;

#[test]
fn a_table_of_scopes_allows_no_more_than_the_policy() {
    law(Language::AccountScopes, 43, &|document, request| scopes(document, request));
}

#[test]
fn an_authorization_request_allows_no_more_than_the_policy() {
    law(Language::Rar, 44, &|document, request| details(document, request));
}

/// What a document says of a request: the fields that are shown where it is allowed, without fields an empty list.
type Reader<'r> = &'r dyn Fn(&Value, &Value) -> Option<Vec<String>>;

fn law(language: Language, number: u64, reader: Reader<'_>) {
    let setting = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let (policies, first) = (setting("BPOL_CASES").unwrap_or(60), setting("BPOL_SEED").unwrap_or(0));
    let (mut allowed, mut whole) = (0, 0);
    for seed in first..first + policies {
        let cases = cases(&mut Rng::new(seed.wrapping_mul(64).wrapping_add(number)), 40);
        let Some(Case { policy, .. }) = cases.first() else { continue };
        let text = print(policy);
        let mut ir = compiled(&text);
        // First as it is, then again and again without what could not be said, until all can be.
        for _ in 0..4 {
            let Ok(export) = export(&ir, language) else { break };
            let document: Value = serde_json::from_str(&export.documents[0].text).expect("the document is JSON");
            let policy = Policy::from_ir(ir.clone()).expect("it loads");
            for case in &cases {
                let Some((request, decision)) = decided(&policy, &case.situation) else { continue };
                let said = reader(&document, &request);
                let context = || format!("seed {seed}\n{text}\n{request}\n{decision}\n{said:?}\n{document:#}");
                if let Some(fields) = &said {
                    assert_eq!(decision["decision"], "allow", "{}", context());
                    assert_eq!(decision["each"], false, "{}", context());
                    let shown = decision["fields"].as_array().cloned().unwrap_or_default();
                    assert!(fields.iter().all(|field| shown.contains(&Value::from(field.as_str()))), "{}", context());
                    allowed += 1;
                }
                // Of requests that tell all that the table asks.
                let allows = decision["decision"] == "allow" && decision["each"] == false;
                if allows && export.losses.is_empty() && told(&request) {
                    let shown = decision["fields"].as_array().into_iter().flatten().filter_map(Value::as_str);
                    assert_eq!(said, Some(shown.map(str::to_owned).collect()), "{}", context());
                    whole += 1;
                }
            }
            if export.losses.is_empty() {
                break;
            }
            let lost = |rule: &Rule| export.losses.iter().any(|loss| loss.rule == rule.id);
            for rules in ir.keys.iter_mut().map(|key| &mut key.rules) {
                rules.retain(|rule| !lost(rule));
            }
            for rules in ir.guardrails.iter_mut().map(|guardrail| &mut guardrail.rules) {
                rules.retain(|rule| !lost(rule));
            }
        }
    }
    assert!(policies < 60 || (allowed > 100 && whole > 40), "{allowed} allowed, {whole} of whole tables");
}

fn decided(policy: &Policy, situation: &Situation) -> Option<(Value, Value)> {
    let Situation { request, past, now } = situation;
    let mut history = History::default();
    for line in past {
        for entry in policy.read_entry(line).unwrap_or_else(|error| panic!("entry {line}: {error}")) {
            history.push(entry);
        }
    }
    let read = policy.read_request(request).ok()?;
    let decision = serde_json::to_value(policy.answer(request, &history, *now)).expect("a report is JSON");
    let mut request: Value = serde_json::from_str(request).expect("a request that was read is JSON");
    // Nothing here is about batches, and no table is asked about them.
    if request.get("parts").is_some() {
        return None;
    }
    request["key"] = Value::from(read.key());
    if let Some(name) = request["account"]["name"].as_str().map(nfc) {
        request["account"]["name"] = Value::from(name);
    }
    let same = |known: &bpol_engine::ir::Account| {
        let account = &request["account"];
        known.iban.as_ref().is_some_and(|iban| account["iban"] == iban.as_str())
            || known.id.is_some_and(|id| account["id"] == id)
    };
    request["declared"] = Value::from(policy.ir().accounts.iter().any(same));
    for view in &policy.ir().views {
        if request["action"] == view.action.as_str() && request["resource"] == view.resource.as_str() {
            request["resource"] = Value::from(policy.ir().operations[view.operation as usize].resource.as_str());
        }
    }
    // What an operation is not about is ignored.
    let operation = policy
        .ir()
        .operations
        .iter()
        .find(|one| request["action"] == one.action.as_str() && request["resource"] == one.resource.as_str())?;
    for (name, dimension) in [
        ("account", bpol_engine::ir::Dimension::Account),
        ("payee", bpol_engine::ir::Dimension::Payee),
        ("amount", bpol_engine::ir::Dimension::Amount),
    ] {
        let told = operation.dimensions.contains(&dimension) && !operation.untold.contains(&dimension);
        match request.as_object_mut() {
            Some(members) if !told => _ = members.remove(name),
            Some(members) if !members.contains_key(name) => _ = members.insert(name.to_owned(), Value::Null),
            _ => {}
        }
    }
    Some((request, decision))
}

/// Whether a request tells all that tables ask about: members that are there but null are what it could tell.
fn told(request: &Value) -> bool {
    let part = |name: &str, part: &str| request.get(name).is_none_or(|fact| !fact[part].is_null());
    part("account", "iban")
        && part("account", "id")
        && part("account", "name")
        && part("account", "kind")
        && part("payee", "iban")
        && part("payee", "own")
        && part("payee", "favorite")
        && request.get("amount").is_none_or(|amount| amount.is_object())
        && request["ip"].is_string()
}

fn scopes(document: &Value, request: &Value) -> Option<Vec<String>> {
    let accounts = document["accounts"].as_array()?;
    let rows: Vec<&Value> = accounts.iter().filter(|row| is_account(&row["account"], request)).collect();
    let key = request["key"].as_str()?;
    let mut shown: Option<Vec<String>> = None;
    for access in rows.iter().filter_map(|row| row["keys"].get(key)?.as_array()).flatten() {
        let from_there = access.get("addresses").is_none_or(|blocks| {
            let ip = request["ip"].as_str().unwrap_or("no address");
            blocks.as_array().into_iter().flatten().any(|block| inside(block.as_str().unwrap_or_default(), ip))
        });
        let resource = request["resource"].as_str()?;
        let action = access["resources"].get(resource).and_then(|actions| actions.get(request["action"].as_str()?));
        if let Some(action) = action.filter(|_| from_there) {
            let list = shown.get_or_insert_default();
            let fields = action["fields"].as_array().into_iter().flatten().filter_map(Value::as_str);
            for field in fields.map(str::to_owned) {
                if !list.contains(&field) {
                    list.push(field);
                }
            }
        }
    }
    shown
}

/// Whether a row is about the account of a request.
fn is_account(which: &Value, request: &Value) -> bool {
    let Some(account) = request.get("account") else { return which["any"] == true };
    if which["any"] == true {
        return true;
    }
    if let Some(declared) = which.get("declared") {
        let same = |part: &str| !account[part].is_null() && declared.get(part) == Some(&account[part]);
        return same("iban") || same("id");
    }
    // Others are accounts that the policy does not declare.
    if request["declared"] == true {
        return false;
    }
    let known = !account["iban"].is_null() || !account["id"].is_null();
    which["other"] == true && known
        || which["untold"] == true && !known
        || which.get("named").is_some_and(|name| *name == account["name"])
        || which.get("kind").is_some_and(|kind| *kind == account["kind"])
}

fn inside(block: &str, ip: &str) -> bool {
    let Ok(ip) = ip.parse::<std::net::IpAddr>() else { return false };
    let bits = |ip: std::net::IpAddr| match ip.to_canonical() {
        std::net::IpAddr::V4(ip) => (true, u128::from(ip.to_bits()), 32),
        std::net::IpAddr::V6(ip) => (false, ip.to_bits(), 128),
    };
    let (address, length) = block.split_once('/').unwrap_or((block, ""));
    let (Ok(address), length) = (address.parse::<std::net::IpAddr>(), length.parse::<u32>().ok()) else { return false };
    let ((v4, network, width), (same, bits, _)) = (bits(address), bits(ip));
    let free = width - length.unwrap_or(width);
    v4 == same && (free >= 128 || network >> free == bits >> free)
}

fn details(document: &Value, request: &Value) -> Option<Vec<String>> {
    let operation = format!("{} {}", request["action"].as_str()?, request["resource"].as_str()?);
    let mut shown: Option<Vec<String>> = None;
    for detail in document.get(request["key"].as_str()?)?.as_array()? {
        let acts = detail["actions"].as_array().is_some_and(|list| list.contains(&Value::from(operation.as_str())));
        let here = detail.get("identifier").is_none_or(|identifier| {
            let account = &request["account"];
            *identifier == account["iban"] || *identifier == format!("id:{}", account["id"])
        });
        let to = detail.get("creditorAccounts").is_none_or(|list| {
            let iban = &request["payee"]["iban"];
            list.as_array().into_iter().flatten().any(|creditor| creditor["iban"] == *iban)
        });
        let much = detail.get("maximumAmounts").is_none_or(|list| {
            let amount = &request["amount"];
            let number = |text: &Value| text.as_str().and_then(|text| text.parse::<f64>().ok());
            list.as_array().into_iter().flatten().any(|most| {
                amount.is_object()
                    && most["currency"] == amount["currency"]
                    && (most.get("amount").is_none() || number(&amount["value"]) <= number(&most["amount"]))
            })
        });
        if acts && here && to && much {
            let list = shown.get_or_insert_default();
            let fields = detail["datatypes"].as_array().into_iter().flatten().filter_map(Value::as_str);
            for field in fields.map(str::to_owned) {
                if !list.contains(&field) {
                    list.push(field);
                }
            }
        }
    }
    shown
}
