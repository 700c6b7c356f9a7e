//! Endpoints of bunq: each is one operation per kind of body or always denied, and facts stand where they should.

use std::collections::{BTreeMap, BTreeSet};

use bpol_engine::ir::{self, Dimension, FactName, Tier, Where};
use bpolc::catalogue::{Catalogue, Dimensions, OpId, Route};
use serde_json::{Value, json};

use super::call::matches;
use super::{Row, table};

const ENDPOINTS: &str = include_str!("../../data/endpoints.tsv");
const CALLS: &str = include_str!("../../data/calls.tsv");

fn name(id: OpId) -> String {
    let operation = Catalogue::bunq().operation(id);
    format!("{} {}", operation.action, operation.resource)
}

fn open() -> impl Iterator<Item = (OpId, &'static ir::Route)> {
    Catalogue::bunq().routes().iter().filter_map(|route| match route {
        Route::To { operation, route } => Some((*operation, &**route)),
        Route::Denied { .. } => None,
    })
}

fn condition(discriminator: &str) -> Option<ir::Condition> {
    let (at, value) = discriminator.split_once('=').map_or((discriminator, None), |(at, value)| (at, Some(value)));
    let empty = value == Some("[]");
    let is = value.filter(|_| !empty).map(str::to_string);
    (!at.is_empty()).then(|| ir::Condition { at: at.to_string(), is, empty })
}

#[test]
fn every_call_of_the_bank_is_in_the_catalogue_and_no_other() {
    let calls: BTreeSet<(&str, &str)> = table(CALLS).iter().map(|row| (row["method"], row["path"])).collect();
    let known: BTreeSet<(&str, &str)> = Catalogue::bunq()
        .routes()
        .iter()
        .map(|route| match route {
            Route::To { route, .. } => (route.method.as_str(), route.path.as_str()),
            Route::Denied { method, path, .. } => (method.as_str(), path.as_str()),
        })
        .collect();
    assert_eq!(calls.len(), 480);
    assert_eq!(calls, known);
}

/// The catalogue's routes by method, path and discriminator, as the table of endpoints writes them.
fn by_row() -> BTreeMap<(String, String, String), &'static Route> {
    let mut rows = BTreeMap::new();
    for route in Catalogue::bunq().routes() {
        let key = match route {
            Route::To { route, .. } => {
                let when = route.when.as_ref().map(|when| match (&when.is, when.empty) {
                    (Some(text), _) => format!("{}={text}", when.at),
                    (None, true) => format!("{}=[]", when.at),
                    (None, false) => when.at.clone(),
                });
                (route.method.clone(), route.path.clone(), when.unwrap_or_default())
            }
            Route::Denied { method, path, rest, .. } => {
                (method.clone(), path.clone(), if *rest { "*" } else { "" }.to_string())
            }
        };
        assert!(rows.insert(key.clone(), route).is_none(), "{key:?} twice");
    }
    rows
}

#[test]
fn every_row_of_the_endpoints_is_a_route() {
    let rows = by_row();
    let bodies: BTreeMap<(&str, &str), &str> =
        table(CALLS).iter().map(|row| ((row["method"], row["path"]), row["body"])).collect();
    let table = table(ENDPOINTS);
    assert_eq!((table.len(), rows.len()), (628, 628));
    let mut denied = (0, 0);
    for row in &table {
        let key = (row["method"].to_string(), row["path"].to_string(), row["discriminator"].to_string());
        match (row["operation"].strip_prefix("- "), rows.get(&key)) {
            (None, Some(Route::To { operation, route })) => {
                assert_eq!(row["operation"], name(*operation), "{row:?}");
                assert_eq!(condition(row["discriminator"]), route.when, "{row:?}");
                let body = body(row, bodies[&(row["method"], row["path"])]);
                assert_eq!(body, route.body.iter().cloned().collect(), "{row:?}");
                assert_eq!(constants(row["note"]), told_constants(route, row["note"]), "{row:?}");
            }
            (Some(said), Some(Route::Denied { reason, rest, .. })) => {
                assert_eq!(said, reason);
                *(if *rest { &mut denied.1 } else { &mut denied.0 }) += 1;
            }
            (_, found) => panic!("{row:?} is {found:?}"),
        }
    }
    assert_eq!(denied, (5, 31));
}

/// The body that a row allows: its own key and those after `with`, or all keys of the call.
fn body(row: &Row, keys: &str) -> BTreeSet<String> {
    let pointers = |keys: &str| -> BTreeSet<String> {
        keys.split(',').map(str::trim).filter(|key| !key.is_empty()).map(|key| format!("/{key}")).collect()
    };
    let Some(when) = condition(row["discriminator"]) else { return pointers(keys) };
    let with = row["note"].split(';').find_map(|note| note.trim().strip_prefix("with ")).unwrap_or_default();
    std::iter::once(when.at).chain(pointers(with)).collect()
}

/// `tells method=card, repeat=once` as pairs.
fn constants(note: &str) -> BTreeSet<(String, String)> {
    let tells = note.split(';').find_map(|note| note.trim().strip_prefix("tells ")).unwrap_or_default();
    tells
        .split(", ")
        .filter_map(|pair| pair.split_once('='))
        .map(|(fact, word)| (fact.to_string(), word.to_string()))
        .collect()
}

fn told_constants(route: &ir::Route, note: &str) -> BTreeSet<(String, String)> {
    let constants = route.facts.iter().filter_map(|fact| match fact.from.as_slice() {
        [ir::Source { stands: Where::Is(word), .. }] => {
            let fact = match fact.fact {
                FactName::AccountKind => "kind",
                FactName::Method => "method",
                FactName::Repeat => "repeat",
                _ => panic!("a constant that the table does not know in {note}"),
            };
            Some((fact.to_string(), word.clone()))
        }
        _ => None,
    });
    constants.collect()
}

fn told(route: &ir::Route) -> Dimensions {
    let parts = route.parts.iter().flat_map(|parts| &parts.facts);
    let lookup = route.lookup.iter().flat_map(|lookup| &lookup.facts);
    route.facts.iter().chain(parts).chain(lookup).map(|fact| fact.fact.dimension()).collect()
}

#[test]
fn routes_tell_only_what_their_operation_is_about() {
    for (id, route) in open() {
        let operation = Catalogue::bunq().operation(id);
        for dimension in told(route).iter() {
            let can = operation.dimensions.contains(dimension) && !operation.untold.contains(dimension);
            assert!(can, "{} tells {dimension:?}: {} {}", name(id), route.method, route.path);
        }
        for fact in route.parts.iter().flat_map(|parts| &parts.facts) {
            assert!(operation.parts.contains(fact.fact.dimension()), "{}: {}", name(id), route.path);
        }
        for fact in route.lookup.iter().flat_map(|lookup| &lookup.facts) {
            assert!(operation.lookup.is_empty() || operation.lookup.contains(fact.fact.dimension()), "{}", name(id));
        }
    }
}

#[test]
fn what_can_send_money_tells_all_that_is_not_untold() {
    // A payment service provider starts an issuer transaction before anybody has chosen the account that it leaves from,
    // and a draft names no address to return to.
    let unknown = [
        ("payment-service-provider-issuer-transaction", Dimension::Account),
        ("payment-service-provider-draft-payment", Dimension::Url),
    ];
    for (id, route) in open() {
        let operation = Catalogue::bunq().operation(id);
        if operation.tier != Tier::Spend {
            continue;
        }
        for dimension in operation.dimensions.iter().filter(|dimension| !operation.untold.contains(*dimension)) {
            let excused = unknown.iter().any(|(path, what)| route.path.ends_with(path) && *what == dimension);
            assert_eq!(told(route).contains(dimension), !excused, "{} {dimension:?} {}", name(id), route.path);
        }
        let amount = |name: FactName| {
            let parts = route.parts.iter().flat_map(|parts| &parts.facts);
            let lookup = route.lookup.iter().flat_map(|lookup| &lookup.facts);
            route.facts.iter().chain(parts).chain(lookup).any(|fact| fact.fact == name)
        };
        assert_eq!(amount(FactName::AmountValue), amount(FactName::AmountCurrency), "{}", name(id));
    }
}

#[test]
fn operations_with_lookups_fetch_something_unless_the_call_is_about_many_objects() {
    for (id, route) in open() {
        let operation = Catalogue::bunq().operation(id);
        if !operation.lookup.is_empty() {
            assert_eq!(route.lookup.is_some(), !route.path.ends_with("/card-batch"), "{} {}", name(id), route.path);
        }
    }
}

#[test]
fn an_account_in_the_path_is_told() {
    for (id, route) in open() {
        let operation = Catalogue::bunq().operation(id);
        let about = operation.dimensions.contains(Dimension::Account) && !operation.untold.contains(Dimension::Account);
        if about && route.path.contains("{monetary-accountID}") {
            let parts = route.parts.iter().flat_map(|parts| &parts.facts);
            let mut ids = route.facts.iter().chain(parts).filter(|fact| fact.fact == FactName::AccountId);
            let stands = ids.next().and_then(|fact| fact.from.first()).map(|source| &source.stands);
            assert_eq!(stands, Some(&Where::Path("monetary-accountID".to_string())), "{} {}", name(id), route.path);
        }
    }
    let update = |path: &str| open().find(|(_, route)| route.method == "PUT" && route.path.ends_with(path));
    let (_, route) = update("/monetary-account-savings/{itemId}").unwrap();
    assert_eq!(route.facts[0].from[0].stands, Where::Path("itemId".to_string()));
}

fn lead(method: &str, path: &str, body: &Value) -> Vec<String> {
    let path = path.replace("U/", "/v1/user/1/").replace("A/", "/v1/user/1/monetary-account/2/");
    open().filter(|(_, route)| matches(route, method, &path, body)).map(|(id, _)| name(id)).collect()
}

#[test]
fn bodies_choose_the_operation() {
    for (method, path, body, operation) in [
        ("POST", "A/payment", json!({"amount": {}, "counterparty_alias": {}, "description": ""}), "create payment"),
        ("POST", "A/payment", json!({"amount": {}, "surprise": 1}), ""),
        ("GET", "A/payment", json!(null), "read transaction"),
        ("GET", "A/payment", json!({"amount": {}}), ""),
        ("PUT", "U/card/3", json!({"status": "LOST", "cancellation_reason": "x"}), "cancel card"),
        ("PUT", "U/card/3", json!({"status": "ACTIVE"}), "unfreeze card"),
        ("PUT", "U/card/3", json!({"status": "ACTIVE", "pin_code": "1234"}), ""),
        ("PUT", "U/card/3", json!({"status": "EXPIRED"}), ""),
        ("PUT", "U/card/3", json!({"status": null}), ""),
        ("PUT", "U/card/3", json!({}), ""),
        ("PUT", "U/card/3", json!({"activation_code": "1"}), ""),
        ("PUT", "U/card/3", json!({"card_limit_atm": {}, "card_limit": {}}), "set-limit card"),
        ("PUT", "U/card/3", json!({"pin_code_assignment": [{"pin_code": "1", "type": "PRIMARY"}]}), "set-pin card"),
        ("PUT", "U/card/3", json!({"pin_code_assignment": [{"monetary_account_id": 1}]}), "link card"),
        ("PUT", "U/card/3", json!({"pin_code_assignment": [{"pin_code": "1", "monetary_account_id": 1}]}), ""),
        ("PUT", "U/card/3", json!({"pin_code_assignment": [{"pin_code": "1"}, {"monetary_account_id": 1}]}), ""),
        ("PUT", "U/card/3", json!({"pin_code_assignment": []}), ""),
        ("POST", "U/card-batch", json!({"cards": [{"id": 1, "status": "ACTIVE"}]}), "unfreeze card"),
        ("POST", "U/card-batch", json!({"cards": [{"status": "ACTIVE"}, {"status": "DEACTIVATED"}]}), ""),
        ("POST", "U/card-batch", json!({"cards": []}), ""),
        ("PUT", "U/monetary-account-bank/2", json!({"status": "CANCELLED", "reason": "OTHER"}), "close account"),
        ("PUT", "U/monetary-account-bank/2", json!({"setting": {"color": "#fff"}}), "update account"),
        (
            "PUT",
            "U/monetary-account-bank/2",
            json!({"setting": {"color": "#fff", "sdd_expiration_action": "AUTO"}}),
            "",
        ),
        ("PUT", "U/monetary-account-bank/2", json!({"setting": {}}), ""),
        ("PUT", "U/monetary-account-bank/2", json!({"setting": "x"}), ""),
        ("PUT", "U/monetary-account-bank/2", json!({"description": "x", "daily_limit": {}}), ""),
        ("POST", "U/monetary-account-bank", json!({"currency": "EUR", "setting": {"color": "#fff"}}), "create account"),
        ("POST", "U/monetary-account-savings", json!({"all_co_owner": [], "currency": "EUR"}), "create joint-account"),
        ("POST", "U/monetary-account-savings", json!({"currency": "EUR"}), "create account"),
        ("POST", "U/notification-filter-url", json!({"notification_filters": []}), "delete webhook"),
        (
            "POST",
            "U/notification-filter-url",
            json!({"notification_filters": [{"notification_target": "https://a.example", "category": "PAYMENT"}]}),
            "create webhook",
        ),
        ("POST", "U/notification-filter-url", json!({"notification_filters": [{"category": "PAYMENT"}]}), ""),
        ("POST", "U/notification-filter-url", json!({}), ""),
        (
            "PUT",
            "A/request-response/3",
            json!({"status": "ACCEPTED", "amount_responded": {}}),
            "accept incoming-request",
        ),
        ("PUT", "A/request-response/3", json!({"status": "ACCEPTED", "currency_conversion_quote_id": 1}), ""),
        ("PUT", "A/draft-payment/3", json!({"status": "ACCEPTED", "schedule": {}}), ""),
        ("PUT", "A/draft-payment/3", json!({"schedule": {"recurrence_unit": "DAILY"}}), "update draft-payment"),
        ("PUT", "A/payment-batch/3", json!({}), "cancel payment-batch"),
        ("PUT", "A/payment-batch/3", json!({"status": "REVOKED"}), ""),
        (
            "POST",
            "A/share-invite-monetary-account-inquiry",
            json!({"access_type": "FULL_TRANSIENT"}),
            "create delegation",
        ),
        (
            "POST",
            "A/share-invite-monetary-account-inquiry",
            json!({"share_detail": {}, "access_type": "VIEW_BALANCE"}),
            "",
        ),
        ("DELETE", "A/schedule-payment/3", json!(null), "cancel scheduled-payment"),
        ("PATCH", "A/payment", json!({}), ""),
        ("GET", "A/../payment", json!(null), ""),
        ("GET", "A/payment/", json!(null), ""),
        ("POST", "/v1/server-error", json!({}), ""),
        ("PUT", "U/invoice/1/invoice-export/2", json!({}), ""),
    ] {
        let expected: Vec<&str> = Some(operation).filter(|operation| !operation.is_empty()).into_iter().collect();
        assert_eq!(lead(method, path, &body), expected, "{method} {path} {body}");
    }
}

/// A body that holds these pointers, each with a text; what `when` says is said.
fn sample(pointers: &[&str], when: &[&ir::Condition]) -> Value {
    let mut body = json!({});
    for pointer in pointers {
        let segments: Vec<&str> = pointer.split('/').skip(1).collect();
        let said = when.iter().find(|when| when.at == *pointer);
        let value = match said {
            Some(when) if when.empty => json!([]),
            Some(when) => json!(when.is.clone().unwrap_or("x".to_string())),
            None => json!("x"),
        };
        put(&mut body, &segments, value);
    }
    body
}

fn put(body: &mut Value, segments: &[&str], value: Value) {
    match segments {
        [] => *body = value,
        ["*", rest @ ..] => {
            if !body.is_array() {
                *body = json!([{}]);
            }
            if let Some(entry) = body.get_mut(0) {
                put(entry, rest, value);
            } else {
                *body = json!([{}]);
                put(&mut body[0], rest, value);
            }
        }
        [key, rest @ ..] => {
            if !body.is_object() {
                *body = json!({});
            }
            put(&mut body[*key], rest, value);
        }
    }
}

#[test]
fn no_body_is_two_operations_and_every_case_can_be_called() {
    let mut calls: BTreeMap<(&str, &str), Vec<&ir::Route>> = BTreeMap::new();
    for (_, route) in open() {
        calls.entry((&route.method, &route.path)).or_default().push(route);
    }
    for ((method, path), routes) in calls {
        let real = path.split('/').map(|segment| if segment.starts_with('{') { "7" } else { segment });
        let real = real.collect::<Vec<_>>().join("/");
        let count = |body: &Value| routes.iter().filter(|route| matches(route, method, &real, body)).count();
        for one in &routes {
            let keys: Vec<&str> = one.body.iter().map(String::as_str).collect();
            let whens: Vec<&ir::Condition> = one.when.iter().collect();
            let body = sample(&keys, &whens);
            assert_eq!(count(&body), 1, "{method} {path} {body}");
            for other in &routes {
                let mut keys = keys.clone();
                keys.extend(other.body.iter().map(String::as_str));
                let body = sample(&keys, &one.when.iter().chain(&other.when).collect::<Vec<_>>());
                assert!(count(&body) <= 1, "{method} {path} {body}");
            }
        }
    }
}

#[test]
fn a_policy_takes_the_routes_that_it_wants_under_its_own_numbers() {
    let bunq = Catalogue::bunq();
    let wanted = [bunq.find("create", "payment").unwrap(), bunq.find("read", "transaction").unwrap()];
    let routes = bunq.ir_routes(&|id| wanted.contains(&id), &|id| u32::from(id.0) + 1000);
    assert_eq!(routes.len(), 13);
    for route in &routes {
        assert!(wanted.iter().any(|id| u32::from(id.0) + 1000 == route.operation));
        let json = serde_json::to_string(route).unwrap();
        assert_eq!(serde_json::from_str::<ir::Route>(&json).unwrap(), *route);
    }
    let pretty = |route: Option<&ir::Route>| serde_json::to_string_pretty(&route).unwrap();
    insta::assert_snapshot!("create_payment_route", pretty(routes.iter().find(|route| route.method == "POST")));
    let read = routes.iter().find(|route| route.path.ends_with("/payment/{itemId}"));
    insta::assert_snapshot!("read_transaction_route", pretty(read));
}

#[test]
fn answers_say_where_fields_stand() {
    let bunq = Catalogue::bunq();
    let mut found: BTreeMap<OpId, BTreeSet<&str>> = BTreeMap::new();
    for (id, route) in open() {
        let operation = bunq.operation(id);
        let fields = route.answer.as_ref().and_then(|answer| answer.fields.as_ref());
        assert_eq!(fields.is_some(), !operation.fields.is_empty(), "{} {}", name(id), route.path);
        let fields = fields.into_iter().flatten().filter(|field| !field.at.is_empty());
        found.entry(id).or_default().extend(fields.map(|field| field.field.as_str()));
    }
    let mut nowhere = String::new();
    for (id, found) in found {
        let missing: Vec<&str> = bunq.operation(id).fields.iter().map(|field| field.word.as_str()).collect();
        let missing: Vec<&str> = missing.into_iter().filter(|word| !found.contains(word)).collect();
        if !missing.is_empty() {
            nowhere.push_str(&format!("{}: {}\n", name(id), missing.join(", ")));
        }
    }
    // The bank's description of its API shows no place for these; they are dropped until somebody sees one.
    insta::assert_snapshot!("fields_without_a_place", nowhere);
}

#[test]
fn records_of_transactions_tell_their_facts() {
    for (id, route) in open().filter(|(id, _)| name(*id) == "read transaction") {
        let answer = route.answer.as_ref().unwrap();
        let told: Dimensions = answer.facts.iter().chain(&route.facts).map(|fact| fact.fact.dimension()).collect();
        for dimension in [Dimension::Account, Dimension::Payee, Dimension::Amount, Dimension::Method, Dimension::Record]
        {
            assert!(told.contains(dimension), "{} {}", name(id), route.path);
        }
    }
}
