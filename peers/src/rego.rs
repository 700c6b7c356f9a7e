//! Rego, in the virtual machine of regorus: one set of rules, and what the keys may do as data indexed by key.

use regorus::languages::rego::compiler::Compiler;
use regorus::rvm::vm::RegoVM;
use regorus::{Engine, Value};
use serde_json::json;

use crate::clients::{self, Request, SPENT, SUPPLIERS, TEAM};

const RULES: &str = r#"
package clients

import rego.v1

default allowed := false

allowed if {
    granted
    not denied
}

key := data.keys[input.key]

granted if {
    input.action == "read transaction"
    input.account == key.account
}

granted if {
    input.action == "create payment"
    input.account == key.account
    key.payees[input.payee]
    input.currency == "EUR"
    input.cents <= key.each
    input.month + input.cents <= key.month
}

payments := {"create payment", "create payment-batch"}

denied if {
    payments[input.action]
    input.currency != "EUR"
}

denied if {
    payments[input.action]
    input.cents > key.most
}

denied if not net.cidr_contains("203.0.113.0/24", input.ip)
"#;

/// A machine with its program and data, and requests that were read.
pub(crate) struct Loaded {
    machine: RegoVM,
    requests: Vec<Value>,
}

impl Loaded {
    pub(crate) fn new(keys: usize, requests: &[Request]) -> Self {
        let mut engine = Engine::new();
        engine.add_policy("clients.rego".to_owned(), RULES.to_owned()).expect("the rules are sound");
        engine.add_data(data(keys)).expect("the data are sound");
        let entry = "data.clients.allowed";
        let policy = engine.compile_with_entrypoint(&entry.into()).expect("the rules compile");
        let program = Compiler::compile_from_policy(&policy, &[entry]).expect("the rules compile");
        let mut machine = RegoVM::new();
        machine.load_program(program);
        machine.set_data(data(keys)).expect("the data are sound");
        Self { machine, requests: requests.iter().map(input).collect() }
    }

    pub(crate) fn allows(&mut self, at: usize) -> bool {
        self.machine.set_input(self.requests[at].clone());
        self.machine.execute().is_ok_and(|said| said == Value::from(true))
    }
}

fn data(keys: usize) -> Value {
    let key = |key: usize| {
        let team = key / TEAM;
        let payees: serde_json::Map<String, serde_json::Value> =
            (0..SUPPLIERS).map(|supplier| (clients::payee(team * SUPPLIERS + supplier), json!(true))).collect();
        let (cap, most) = (clients::cap(key), clients::most(key));
        let grant = json!({
            "account": format!("Team {team}"), "payees": payees, "each": cap * 100, "month": cap * 1000, "most": most * 100,
        });
        (format!("key {key}"), grant)
    };
    let keys: serde_json::Map<String, serde_json::Value> = (0..keys).map(key).collect();
    value(&json!({ "keys": keys }))
}

fn input(request: &Request) -> Value {
    let action = if request.pays { "create payment" } else { "read transaction" };
    value(&json!({
        "key": format!("key {}", request.key), "action": action, "account": format!("Team {}", request.key / TEAM),
        "payee": clients::payee(request.payee), "currency": "EUR", "cents": request.cents, "month": SPENT,
        "ip": request.ip,
    }))
}

fn value(json: &serde_json::Value) -> Value {
    Value::from_json_str(&json.to_string()).expect("it is JSON")
}
