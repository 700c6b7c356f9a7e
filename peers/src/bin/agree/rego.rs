//! Rego, in regorus: the whole decision.

use regorus::{Engine, Value as Term};
use serde_json::Value;

use super::cedar::fields;
use crate::{Peer, Said};

pub(crate) struct Rego(Engine);

impl Rego {
    /// Reads the files.
    pub(crate) fn new(documents: &Value) -> Self {
        let text = |name: &str| documents[name].as_str().unwrap_or_else(|| panic!("{name} is missing"));
        let mut engine = Engine::new();
        engine.add_policy("policy.rego".to_owned(), text("policy.rego").to_owned()).expect("the policy is sound");
        engine.add_data(read(text("data.json"))).expect("the data are sound");
        Self(engine)
    }

    fn decision(&mut self, given: &Value) -> Value {
        self.0.set_input(read(&given.to_string()));
        let said = self.0.eval_rule("data.bpol.decision".to_owned()).expect("a decision");
        serde_json::from_str(&said.to_json_str().expect("it is JSON")).expect("it is JSON")
    }
}

impl Peer for Rego {
    fn ask(&mut self, inputs: &[Value], _: bool) -> Said {
        let rank = |said: &Said| ["deny", "ask", "allow"].iter().position(|word| *word == said.decision);
        let said = inputs.iter().map(|given| {
            let decision = self.decision(given);
            self.expected(&decision)
        });
        said.collect::<Vec<_>>().into_iter().min_by_key(rank).expect("an input")
    }

    fn expected(&self, decision: &Value) -> Said {
        let why = format!("{} {} {}", decision["reason"], decision["by"], decision["each"]);
        let word = decision["decision"].as_str().unwrap_or_default();
        Said { decision: word.to_owned(), fields: fields(decision), why }
    }
}

fn read(json: &str) -> Term {
    Term::from_json_str(json).expect("it is JSON")
}
