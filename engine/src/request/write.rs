//! A request as the JSON that reads back as it.

use serde_json::{Map, Value, json};

use super::Request;
use crate::amount;
use crate::facts::Facts;
use crate::ir::Dimension;
use crate::policy::{Policy, words};

impl Policy {
    /// What a request says, as section 6.1 writes it: for a journal, and to see what a call was taken for.
    ///
    /// ```
    /// # let policy = bpol_engine::Policy::load(include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/gateway.json"))).unwrap();
    /// let routed = policy.route("GET", "/v1/user/1/monetary-account/42/payment", &[], b"").unwrap().for_key("shop");
    /// assert_eq!(
    ///     policy.request_json(routed.request()).to_string(),
    ///     r#"{"account":{"id":42},"action":"read","answer":true,"key":"shop","resource":"transaction"}"#
    /// );
    /// ```
    pub fn request_json(&self, request: &Request<'_>) -> Value {
        let (action, resource) = words(&self.ir, request.operation).unwrap_or_default();
        let mut all = self.facts_json(&request.facts);
        all.insert("key".to_owned(), json!(request.key_name));
        all.insert("action".to_owned(), json!(action));
        all.insert("resource".to_owned(), json!(resource));
        put(&mut all, "id", request.id.as_deref());
        put(&mut all, "time", request.time.map(|time| time.to_string()));
        put(&mut all, "ip", request.ip.map(|ip| ip.to_string()));
        if request.answer {
            all.insert("answer".to_owned(), json!(true));
        }
        if let Some(parts) = &request.parts {
            let parts: Vec<_> = parts.iter().map(|part| self.part_json(part, &request.facts)).collect();
            all.insert("parts".to_owned(), json!(parts));
        }
        Value::Object(all)
    }

    /// What a part says beside the facts that it has from outside.
    fn part_json(&self, part: &Facts<'_>, outer: &Facts<'_>) -> Map<String, Value> {
        let own = [("account", Dimension::Account), ("payee", Dimension::Payee), ("amount", Dimension::Amount)];
        let own = own.into_iter().chain([("url", Dimension::Url)]).filter(|(_, dimension)| outer.lacks(*dimension));
        let mut all = self.facts_json(part);
        own.filter_map(|(name, _)| all.remove_entry(name)).collect()
    }

    fn facts_json(&self, facts: &Facts<'_>) -> Map<String, Value> {
        let place = usize::from;
        let mut all = Map::new();
        if let Some(told) = &facts.account {
            let mut account = Map::new();
            put(&mut account, "iban", told.iban.as_deref());
            put(&mut account, "id", told.id);
            put(&mut account, "name", told.name.as_deref());
            let kind = told.kind.and_then(|kind| self.ir.kinds.get(place(kind)));
            put(&mut account, "kind", kind.map(|kind| kind.word.as_str()));
            all.insert("account".to_owned(), Value::Object(account));
        }
        if let Some(told) = &facts.payee {
            let mut payee = Map::new();
            put(&mut payee, "iban", told.iban.as_ref().map(|iban| &*iban.text));
            put(&mut payee, "own", told.own);
            put(&mut payee, "favorite", told.favorite);
            all.insert("payee".to_owned(), Value::Object(payee));
        }
        let amount = facts.amount.map(
            |told| json!({"value": amount::figure(told.minor.into(), told.currency), "currency": told.currency.code()}),
        );
        put(&mut all, "amount", amount);
        put(&mut all, "method", facts.method.and_then(|method| self.ir.methods.get(place(method))));
        put(&mut all, "repeat", facts.repeat.map(|repeat| repeat.word()));
        put(&mut all, "url", facts.url.as_deref());
        if let Some(told) = &facts.record {
            let mut record = Map::new();
            put(&mut record, "created", told.created.map(|time| time.to_string()));
            put(&mut record, "own", told.own);
            all.insert("record".to_owned(), Value::Object(record));
        }
        all
    }
}

fn put(all: &mut Map<String, Value>, name: &str, value: Option<impl serde::Serialize>) {
    if let Some(value) = value.and_then(|value| serde_json::to_value(value).ok()) {
        all.insert(name.to_owned(), value);
    }
}
