//! Every endpoint of the bank, and every kind of body of it, leads to its own operation and to no other.

use bpol_engine::http::Routed;
use bpol_engine::{Policy, ir};
use bpolc::catalogue::{Catalogue, Route};
use serde_json::{Value, json};

use super::with_all_routes;

const JSON: &[(&str, &[u8])] = &[("content-type", b"application/json")];

fn policy() -> Policy {
    with_all_routes("key \"k\" < allow read transactions on any account; >")
}

fn path(template: &str, uuids: &[String]) -> String {
    let segment = |segment: &str| match segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
        Some(name) if uuids.iter().any(|uuid| uuid == name) => "0a1b2c3d-0a1b-4c3d-8a1b-0a1b2c3d4e5f".to_owned(),
        Some(_) => "7".to_owned(),
        None => segment.to_owned(),
    };
    template.split('/').map(segment).collect::<Vec<_>>().join("/")
}

/// The smallest body of a route: what `when` says, and one part where there are parts.
fn body(route: &ir::Route) -> Option<Value> {
    let mut body = json!({});
    if let Some(parts) = &route.parts {
        put(&mut body, &parts.at.split('/').skip(1).collect::<Vec<_>>(), json!({}));
    }
    if let Some(when) = &route.when {
        let value = match (&when.is, when.empty) {
            (Some(text), _) => json!(text),
            (None, true) => json!([]),
            (None, false) => there(route, &when.at),
        };
        put(&mut body, &when.at.split('/').skip(1).collect::<Vec<_>>(), value);
    }
    (!matches!(route.method.as_str(), "GET" | "DELETE")).then_some(body)
}

/// Something that may stand at a pointer.
fn there(route: &ir::Route, at: &str) -> Value {
    let stands = |stands: &ir::Where, pointer: &str| match stands {
        ir::Where::At(pointers) => pointers.iter().any(|known| known == pointer),
        _ => false,
    };
    let parts = route.parts.iter().flat_map(|parts| &parts.facts).map(|fact| {
        let inside = route.parts.as_ref().and_then(|parts| at.strip_prefix(&parts.at));
        (fact, inside.unwrap_or_default())
    });
    let mut facts = route.facts.iter().map(|fact| (fact, at)).chain(parts);
    let fact = facts.find(|(fact, at)| fact.from.iter().any(|source| stands(&source.stands, at)));
    match fact.map(|(fact, _)| fact.fact) {
        Some(ir::FactName::Url) => json!("https://example.com/hook"),
        Some(_) => json!(7),
        None => json!({"something": "there"}),
    }
}

fn put(body: &mut Value, segments: &[&str], value: Value) {
    match segments {
        [] => *body = value,
        ["*", rest @ ..] => {
            if !body.is_array() {
                *body = json!([{}]);
            }
            put(&mut body[0], rest, value);
        }
        [key, rest @ ..] => {
            if !body.is_object() {
                *body = json!({});
            }
            put(&mut body[*key], rest, value);
        }
    }
}

fn name(policy: &Policy, operation: u32) -> String {
    let operation = &policy.ir().operations[operation as usize];
    format!("{} {}", operation.action, operation.resource)
}

#[test]
fn every_endpoint_leads_to_its_own_operation() {
    let policy = policy();
    let mut calls = std::collections::BTreeSet::new();
    for route in &policy.ir().routes {
        calls.insert((&route.method, &route.path));
        let (target, body) = (path(&route.path, &route.uuids), body(route));
        let body = body.map(|body| body.to_string()).unwrap_or_default();
        let headers = if body.is_empty() { &[] } else { JSON };
        let routed = policy.route(&route.method, &target, headers, body.as_bytes());
        let routed: Routed<'_, '_> =
            routed.unwrap_or_else(|refusal| panic!("{} {target} {body}: {refusal}", route.method));
        assert_eq!(routed.route(), Some(route), "{} {target} {body}", route.method);
        let named = format!("{} {}", routed.action(), routed.resource());
        assert_eq!(named, name(&policy, route.operation), "{} {target} {body}", route.method);
    }
    // Five of the bank's 480 calls are always denied.
    assert_eq!(calls.len(), 475);
    assert_eq!(policy.ir().routes.len(), 592);
}

#[test]
fn what_is_always_denied_has_no_route() {
    let policy = policy();
    let mut denied = 0;
    for route in Catalogue::bunq().routes() {
        let Route::Denied { method, path: template, rest, .. } = route else { continue };
        denied += 1;
        let target = path(template, &[]);
        for body in [json!({}), json!({"something": "else"}), json!({"status": "NO_SUCH_STATE"})] {
            let refusal =
                policy.route(method, &target, JSON, body.to_string().as_bytes()).map(|routed| routed.action());
            let refusal = refusal.expect_err("it is denied");
            assert_eq!(refusal.name(), "no-route", "{method} {target} {body} {rest}");
        }
    }
    assert_eq!(denied, 36);
}

#[test]
fn no_operation_is_reached_by_another_method_or_a_longer_path() {
    let policy = policy();
    let known = |method: &str, template: &str| {
        policy.ir().routes.iter().any(|route| route.method == method && path(&route.path, &route.uuids) == template)
    };
    for route in &policy.ir().routes {
        let target = path(&route.path, &route.uuids);
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
            let routed = policy.route(method, &target, &[], b"");
            assert!(known(method, &target) || routed.is_err(), "{method} {target}");
        }
        for longer in [format!("{target}/"), format!("{target}/x"), format!("{target}/..")] {
            assert!(policy.route(&route.method, &longer, &[], b"").is_err(), "{longer}");
        }
        let capitals = target.to_uppercase();
        assert!(policy.route(&route.method, &capitals, &[], b"").is_err(), "{capitals}");
    }
}
