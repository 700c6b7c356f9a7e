//! Witnesses: a concrete request, and a past where one is needed, at a point of a region.
//!
//! A witness is believed only after the engine has decided it: [`Witness::replay`].

mod past;

use bpol_engine::ir::Dimension;
use bpol_engine::{History, Malformed, Policy, Report};
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::analyze::facts::{Account, Facts, Payee, Record, figure};
use crate::analyze::mdd::{Classes, Step};
use crate::analyze::space::{Space, Variable, stranger};

/// A request and what was done before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Witness {
    /// The request, with its time.
    pub request: Value,
    /// Entries of the past.
    pub past: Vec<Value>,
    /// When it is decided.
    pub now: Timestamp,
}

impl Witness {
    /// What the engine decides about it.
    pub fn replay(&self, policy: &Policy) -> Result<Report, Malformed> {
        let mut history = History::new();
        for entry in &self.past {
            history.extend(policy.read_entry(&entry.to_string())?);
        }
        let line = self.request.to_string();
        let request = policy.read_request(&line)?;
        Ok(policy.report(&request, &history, self.now))
    }
}

/// What witnesses are about.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Aim<'a, 'p> {
    pub(crate) space: &'a Space<'p>,
    /// The policy whose counters the past is made for.
    pub(crate) side: usize,
    pub(crate) key: &'a str,
    pub(crate) answer: bool,
    /// Every fact is told.
    pub(crate) told: bool,
}

impl Aim<'_, '_> {
    /// A witness on a path that lies within reach; nothing when no past could be made that leads to it.
    pub(crate) fn witness(&self, steps: &[Step]) -> Option<Witness> {
        let space = self.space;
        let find = |variable| steps.iter().find(|step| step.variable == space.number(variable));
        let step = |variable| find(variable).map(|step| &step.classes);
        let class = |variable| find(variable).map_or(0, Step::first);
        let (now, created) = self.times(&step)?;
        let facts = self.facts(&class, created);
        let past = past::past(self, &facts, now, &step)?;
        let operation = space.sides.get(self.side)?.operation;
        let mut request = json_of(&facts);
        request.insert("key".to_owned(), json!(self.key));
        request.insert("action".to_owned(), json!(operation.action));
        request.insert("resource".to_owned(), json!(operation.resource));
        request.insert("time".to_owned(), json!(now.to_string()));
        if self.answer {
            request.insert("answer".to_owned(), json!(true));
        }
        Some(Witness { request: Value::Object(request), past, now })
    }

    /// The moments of the first possible combination of classes of time.
    fn times<'c>(&self, step: &dyn Fn(Variable) -> Option<&'c Classes>) -> Option<(Timestamp, Option<Timestamp>)> {
        let space = self.space;
        let classes = |variable, size| -> Vec<u32> {
            let all = 0..size;
            all.filter(|class| step(variable).is_none_or(|classes| classes.has(*class))).collect()
        };
        let (nows, weeks) = (classes(Variable::Now, space.now.size()), classes(Variable::Week, space.week.size()));
        let mut creations = classes(Variable::Created, space.created.size());
        let mut ages = classes(Variable::Age, space.age.size());
        if self.told {
            creations.retain(|class| *class != 0 || space.created.size() == 1);
            ages.retain(|class| *class != 0 || space.age.size() == 1);
        }
        // The last date that will do is the one that people ask about: what holds from now on.
        for now in nows.into_iter().rev() {
            for week in &weeks {
                for created in &creations {
                    let found = ages.iter().find_map(|age| space.times(now, *week, *created, *age));
                    if found.is_some() {
                        return found;
                    }
                }
            }
        }
        None
    }

    /// The facts of classes.
    fn facts(&self, class: &dyn Fn(Variable) -> u32, created: Option<Timestamp>) -> Facts {
        let space = self.space;
        let tells = |dimension| space.sides.iter().any(|side| side.tells(dimension));
        let spare = |word: Option<&str>| word.filter(|_| self.told).map(str::to_owned);
        let mut facts = Facts { ip: space.ip.fact(class(Variable::Ip)), ..Facts::default() };
        if self.told && facts.ip.is_none() {
            facts.ip = "192.0.2.1".parse().ok();
        }
        if tells(Dimension::Account) {
            let mut account = space.account.fact(class(Variable::Account));
            account.name = space.name.fact(class(Variable::Name)).map(str::to_owned).or(spare(space.name.spare()));
            account.kind = space.kind.fact(class(Variable::Kind)).map(str::to_owned).or(spare(space.kind.spare()));
            if self.told && space.account.size() == 1 {
                let names: Vec<_> = space.sides.iter().map(|side| side.names.clone()).collect();
                account.iban = Some(stranger::iban(&names));
                account.id = Some(stranger::id(&names));
            }
            facts.account = (account != Account::default()).then_some(account);
        }
        if tells(Dimension::Payee) {
            let iban = space.payee.fact(class(Variable::Payee)).map(str::to_owned).or(spare(space.payee.spare()));
            let spare = self.told.then_some(false);
            let own = space.payee_own.fact(class(Variable::PayeeOwn)).or(spare.filter(|_| !space.payee_own.used));
            let favorite = space.favorite.fact(class(Variable::Favorite)).or(spare.filter(|_| !space.favorite.used));
            let payee = Payee { iban, own, favorite };
            facts.payee = (payee != Payee::default()).then_some(payee);
        }
        if tells(Dimension::Amount) {
            facts.amount = space.amount.fact(class(Variable::Amount));
            if self.told && facts.amount.is_none() {
                facts.amount = space.amount.spare();
            }
        }
        if tells(Dimension::Method) {
            facts.method =
                space.method.fact(class(Variable::Method)).map(str::to_owned).or(spare(space.method.spare()));
        }
        if tells(Dimension::Repeat) {
            facts.repeat =
                space.repeat.fact(class(Variable::Repeat)).map(str::to_owned).or(spare(space.repeat.spare()));
        }
        if tells(Dimension::Url) {
            facts.url = space.url.fact(class(Variable::Url)).map(str::to_owned).or(spare(space.url.spare()));
        }
        if tells(Dimension::Record) {
            let own = space.own.fact(class(Variable::Own)).or(self.told.then_some(false).filter(|_| !space.own.used));
            let created = created.or(if self.told { "2026-06-16T10:00:00Z".parse().ok() } else { None });
            let record = Record { created, own };
            facts.record = (record != Record::default()).then_some(record);
        }
        facts
    }
}

/// Facts as the members of a request.
pub(crate) fn json_of(facts: &Facts) -> Map<String, Value> {
    let mut out = Map::new();
    let mut object = |name: &str, members: Vec<(&str, Option<Value>)>| {
        let told: Map<String, Value> =
            members.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect();
        if !told.is_empty() {
            out.insert(name.to_owned(), Value::Object(told));
        }
    };
    if let Some(account) = &facts.account {
        let members = vec![
            ("iban", account.iban.as_ref().map(|iban| json!(iban))),
            ("id", account.id.map(|id| json!(id))),
            ("name", account.name.as_ref().map(|name| json!(name))),
            ("kind", account.kind.as_ref().map(|kind| json!(kind))),
        ];
        object("account", members);
    }
    if let Some(payee) = &facts.payee {
        let members = vec![
            ("iban", payee.iban.as_ref().map(|iban| json!(iban))),
            ("own", payee.own.map(|own| json!(own))),
            ("favorite", payee.favorite.map(|favorite| json!(favorite))),
        ];
        object("payee", members);
    }
    if let Some(amount) = &facts.amount {
        let value = figure(amount.minor, &amount.currency);
        object("amount", vec![("value", Some(json!(value))), ("currency", Some(json!(amount.currency)))]);
    }
    if let Some(record) = &facts.record {
        let created = record.created.map(|created| json!(created.to_string()));
        object("record", vec![("created", created), ("own", record.own.map(|own| json!(own)))]);
    }
    let words = [
        ("method", facts.method.clone()),
        ("repeat", facts.repeat.clone()),
        ("url", facts.url.clone()),
        ("ip", facts.ip.map(|ip| ip.to_string())),
    ];
    out.extend(words.into_iter().filter_map(|(name, word)| Some((name.to_owned(), json!(word?)))));
    out
}
