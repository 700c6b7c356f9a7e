//! Cedar: parser, validator and authorizer.

use std::collections::{HashMap, HashSet};

use cedar_policy::{
    Authorizer, Context, Decision, Entities, Entity, EntityUid, PolicySet, Schema, ValidationMode, Validator,
};
use serde_json::json;

use crate::clients::{self, Request, SPENT, SUPPLIERS, TEAM};

const SCHEMA: &str = r#"
entity Key;
entity Account;
entity Payees;
entity Payee in [Payees];
type Payment = { payee: Payee, currency: String, cents: Long, month: Long, ip: ipaddr };
action "payment";
action "read transaction" appliesTo { principal: Key, resource: Account, context: { ip: ipaddr } };
action "create payment" in ["payment"] appliesTo { principal: Key, resource: Account, context: Payment };
action "create payment-batch" in ["payment"] appliesTo { principal: Key, resource: Account, context: Payment };
"#;

/// What policies may speak of.
pub(crate) fn schema() -> Schema {
    SCHEMA.parse().expect("the schema is sound")
}

/// Parses and validates policies and says how many there are.
pub(crate) fn check(text: &str, schema: &Schema) -> usize {
    let policies: PolicySet = text.parse().expect("the policies are sound");
    let result = Validator::new(schema.clone()).validate(&policies, ValidationMode::Strict);
    assert!(result.validation_passed(), "{result}");
    policies.policies().count()
}

/// A policy set for each key, and requests that were read.
pub(crate) struct Loaded {
    authorizer: Authorizer,
    sets: HashMap<String, PolicySet>,
    entities: Entities,
    requests: Vec<(String, cedar_policy::Request)>,
}

impl Loaded {
    pub(crate) fn new(keys: usize, requests: &[Request]) -> Self {
        let schema = schema();
        let set = |key| clients::cedar_key(key).parse().expect("the policies are sound");
        let payees = (0..keys.div_ceil(TEAM)).flat_map(|team| {
            let group = uid("Payees", &format!("suppliers {team}"));
            (0..SUPPLIERS).map(move |supplier| {
                let payee = uid("Payee", &clients::payee(team * SUPPLIERS + supplier));
                Entity::new_no_attrs(payee, HashSet::from([group.clone()]))
            })
        });
        Self {
            authorizer: Authorizer::new(),
            sets: (0..keys).map(|key| (format!("key {key}"), set(key))).collect(),
            entities: Entities::from_entities(payees, Some(&schema)).expect("the payees fit the schema"),
            requests: requests
                .iter()
                .map(|request| (format!("key {}", request.key), self::request(request, &schema)))
                .collect(),
        }
    }

    pub(crate) fn allows(&self, at: usize) -> bool {
        let (key, request) = &self.requests[at];
        let Some(set) = self.sets.get(key) else { return false };
        self.authorizer.is_authorized(request, set, &self.entities).decision() == Decision::Allow
    }
}

fn request(request: &Request, schema: &Schema) -> cedar_policy::Request {
    let ip = json!({ "__extn": { "fn": "ip", "arg": request.ip } });
    let (action, context) = if request.pays {
        let payee = json!({ "__entity": { "type": "Payee", "id": clients::payee(request.payee) } });
        let context = json!({ "payee": payee, "currency": "EUR", "cents": request.cents, "month": SPENT, "ip": ip });
        ("create payment", context)
    } else {
        ("read transaction", json!({ "ip": ip }))
    };
    let action = uid("Action", action);
    let context = Context::from_json_value(context, Some((schema, &action))).expect("the context fits the schema");
    let (key, account) = (format!("key {}", request.key), format!("Team {}", request.key / TEAM));
    cedar_policy::Request::new(uid("Key", &key), action, uid("Account", &account), context, Some(schema))
        .expect("the request fits the schema")
}

fn uid(kind: &str, id: &str) -> EntityUid {
    EntityUid::from_type_name_and_id(kind.parse().expect("it is a name"), cedar_policy::EntityId::new(id))
}
