//! Cedar: yes or no to a call or a record, and to each of its fields.

use cedar_policy::{
    Authorizer, Context, Decision, Entities, EntityId, EntityUid, PolicySet, Request, Schema, ValidationMode, Validator,
};
use serde_json::{Value, json};

use crate::{Peer, Said};

pub(crate) struct Cedar {
    schema: Schema,
    policies: PolicySet,
    entities: Entities,
    actions: Vec<String>,
}

impl Cedar {
    /// Reads and validates the files.
    pub(crate) fn new(documents: &Value) -> Self {
        let text = |name: &str| documents[name].as_str().unwrap_or_else(|| panic!("{name} is missing"));
        let (schema, _) = Schema::from_cedarschema_str(text("schema.cedarschema")).expect("the schema is sound");
        let policies: PolicySet = text("policy.cedar").parse().expect("the policies are sound");
        let result = Validator::new(schema.clone()).validate(&policies, ValidationMode::Strict);
        assert!(result.validation_passed(), "{result}");
        let entities = Entities::from_json_str(text("entities.json"), Some(&schema)).expect("the entities fit");
        let actions = schema.actions().map(|action| action.id().unescaped().to_owned()).collect();
        Self { schema, policies, entities, actions }
    }

    fn permits(&self, action: &str, given: &Value) -> bool {
        if !self.actions.iter().any(|known| known == action) {
            return false;
        }
        let uid =
            |kind: &str, id: &str| EntityUid::from_type_name_and_id(kind.parse().expect("a name"), EntityId::new(id));
        let action = uid("Action", action);
        let context = Context::from_json_value(context(given), Some((&self.schema, &action))).expect("the facts fit");
        let key = uid("Key", given["key"].as_str().expect("a key"));
        let request =
            Request::new(key, action, uid("Bank", "bunq"), context, Some(&self.schema)).expect("the request fits");
        let response = Authorizer::new().is_authorized(&request, &self.policies, &self.entities);
        assert_eq!(response.diagnostics().errors().count(), 0, "Cedar stumbles");
        response.decision() == Decision::Allow
    }
}

impl Peer for Cedar {
    fn ask(&mut self, inputs: &[Value], wants_fields: bool) -> Said {
        let operation = |given: &Value| given["operation"].as_str().unwrap_or_default().to_owned();
        let permitted = inputs.iter().all(|given| self.permits(&operation(given), given));
        let mut fields = None;
        if let ([given], true, true) = (inputs, permitted, wants_fields) {
            let prefix = format!("{}: ", operation(given));
            let of_operation = self.actions.iter().filter_map(|action| Some((action, action.strip_prefix(&prefix)?)));
            let shown = of_operation.filter(|(action, _)| self.permits(action, given)).map(|(_, field)| field);
            let mut shown: Vec<String> = shown.map(str::to_owned).collect();
            shown.sort_unstable();
            fields = Some(shown);
        }
        Said { decision: if permitted { "allow" } else { "deny" }.to_owned(), fields, why: String::new() }
    }

    fn expected(&self, decision: &Value) -> Said {
        let word = decision["decision"].as_str().unwrap_or_default();
        Said { decision: word.to_owned(), fields: fields(decision), why: String::new() }
    }
}

/// The fields of a decision, sorted.
pub(crate) fn fields(decision: &Value) -> Option<Vec<String>> {
    let list = decision["fields"].as_array()?;
    let mut fields: Vec<String> = list.iter().filter_map(Value::as_str).map(str::to_owned).collect();
    fields.sort_unstable();
    Some(fields)
}

/// The facts with Cedar's own kinds of values.
fn context(given: &Value) -> Value {
    let mut out = given.clone();
    let members = out.as_object_mut().expect("an input is an object");
    members.remove("key");
    members.remove("operation");
    let function = |name: &str, argument: &str| json!({ "__extn": { "fn": name, "arg": argument } });
    let moment = |second: &Value| {
        let moment = jiff::Timestamp::from_second(second.as_i64().expect("seconds")).expect("a moment");
        function("datetime", &moment.to_string())
    };
    members["now"] = moment(&members["now"]);
    if let Some(ip) = members.get_mut("ip") {
        *ip = function("ip", ip.as_str().unwrap_or_default());
    }
    if let Some(iban) = members.get_mut("payee").and_then(|payee| payee.get_mut("iban")) {
        *iban = json!({ "__entity": { "type": "Iban", "id": *iban } });
    }
    if let Some(created) = members.get_mut("record").and_then(|record| record.get_mut("created")) {
        *created = moment(created);
    }
    out
}
