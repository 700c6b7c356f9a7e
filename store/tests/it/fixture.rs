//! A small policy with every kind of period, and stores to run it against.

use std::sync::atomic::{AtomicU64, Ordering};

use bpol_engine::Policy;
use bpol_store::{Adopted, Call, Memory, Outcome, Store, Ticket, decide_and_reserve};
use jiff::Timestamp;
use serde_json::{Value, json};

pub(crate) const NOW: &str = "2026-11-24T10:00:00Z";

pub(crate) fn at(time: &str) -> Timestamp {
    time.parse().unwrap()
}

/// A counter of key `k` over payments: id, period, `EUR` or `times`, cap.
pub(crate) type Cap<'a> = (&'a str, Value, &'a str, &'a str);

/// `allow create payment, create payment-batch` for key `k` under all of these caps, and for key `other` without.
pub(crate) fn policy(caps: &[Cap<'_>]) -> Policy {
    policy_counting(caps, "k")
}

/// The same with counters of another key, so that nothing that `k` does counts.
pub(crate) fn policy_counting(caps: &[Cap<'_>], key: &str) -> Policy {
    document(caps, json!([{"key": key, "operations": [0, 1]}]), false)
}

/// One budget over both keys, or with `each` one for each key.
pub(crate) fn shared(caps: &[Cap<'_>], each: bool) -> Policy {
    document(caps, json!([{"operations": [0, 1]}]), each)
}

/// Counters that count reads, too.
pub(crate) fn counting_reads(caps: &[Cap<'_>]) -> Policy {
    document(caps, json!([{"key": "k", "operations": [0, 1, 2]}]), false)
}

fn document(caps: &[Cap<'_>], scopes: Value, each: bool) -> Policy {
    let counters: Vec<Value> = caps
        .iter()
        .map(|(id, period, counting, _)| {
            let counting = if *counting == "times" { json!("times") } else { json!({"money": counting}) };
            json!({"id": id, "scopes": [0], "each_key": each, "period": period, "counting": counting})
        })
        .collect();
    let when: Vec<Value> = caps
        .iter()
        .enumerate()
        .map(|(number, (_, _, counting, cap))| match *counting {
            "times" => json!({"at-most": [{"times": cap.parse::<u64>().unwrap(), "counter": number}]}),
            code => json!({"up-to": [{"value": cap, "currency": code, "counter": number}]}),
        })
        .collect();
    let place = json!({"file": "a.bpol", "line": 1, "column": 1});
    let rules = |key: &str| {
        json!([
            {"id": format!("{key}#1"), "effect": "allow", "operations": [0, 1], "when": when, "place": place, "text": ""},
            {"id": format!("{key}#2"), "effect": "allow", "operations": [2], "when": [], "place": place, "text": ""}
        ])
    };
    let payment = json!(["account", "amount", "payee"]);
    let document = json!({
        "bpol": 1, "bank": {"name": "bunq", "catalogue": "00"}, "timezone": "Europe/Amsterdam", "requires": ["counters"],
        "methods": [], "kinds": [{"word": "bank", "own": true}],
        "operations": [
            {"action": "create", "resource": "payment", "tier": "spend", "dimensions": payment},
            {"action": "create", "resource": "payment-batch", "tier": "spend", "dimensions": payment, "parts": ["payee", "amount"]},
            {"action": "read", "resource": "transaction", "tier": "read", "dimensions": ["account"]}
        ],
        "views": [], "accounts": [], "payees": [], "networks": [], "limits": [],
        "scopes": scopes, "counters": counters,
        "keys": [{"name": "k", "rules": rules("k")}, {"name": "other", "rules": rules("other")}],
        "guardrails": [], "routes": [], "dropped": []
    });
    Policy::load(document.to_string().as_bytes()).unwrap_or_else(|fault| panic!("{fault}"))
}

/// A payment of key `k`.
pub(crate) fn pay(value: &str) -> Value {
    json!({"key": "k", "action": "create", "resource": "payment", "amount": {"value": value, "currency": "EUR"}})
}

/// A gateway: a store and the policy that it adopted.
pub(crate) struct Gateway<'g> {
    pub(crate) policy: &'g Policy,
    pub(crate) store: &'g dyn Store,
    pub(crate) adopted: Adopted,
}

impl<'g> Gateway<'g> {
    pub(crate) fn new(policy: &'g Policy, store: &'g dyn Store, now: &str) -> Self {
        Self { policy, store, adopted: store.adopt(policy, at(now)).unwrap() }
    }

    /// What a call comes to, in words.
    pub(crate) fn call(&self, id: &str, body: &Value, now: &str) -> String {
        self.call_at(id, body, at(now)).0
    }

    pub(crate) fn call_at(&self, id: &str, body: &Value, now: Timestamp) -> (String, Option<Ticket>) {
        let text = body.to_string();
        let request = self.policy.read_request(&text).unwrap();
        let call = Call::new(&request, &text, id, digest(&text));
        match decide_and_reserve(self.policy, &self.adopted, self.store, &call, now) {
            Outcome::Forward { ticket: Some(ticket), .. } => ("forward".to_owned(), Some(ticket)),
            Outcome::Forward { ticket: None, .. } => ("forward, nothing reserved".to_owned(), None),
            refused => (refused.to_string(), None),
        }
    }

    /// The most that one more payment may be, to the cent: what is left under all caps.
    #[track_caller]
    pub(crate) fn left(&self, cents: u64, now: &str) {
        let euro = |cents: u64| pay(&format!("{}.{:02}", cents / 100, cents % 100));
        if cents > 0 {
            let (said, ticket) = self.call_at(&probe(), &euro(cents), at(now));
            assert_eq!(said, "forward", "{cents} at {now}");
            self.store.release(&ticket.unwrap()).unwrap();
        }
        let (said, _) = self.call_at(&probe(), &euro(cents + 1), at(now));
        assert_eq!(said, "not allowed: deny", "{cents} and one more at {now}");
    }
}

/// An id that no call had before.
fn probe() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    format!("probe {}", NEXT.fetch_add(1, Ordering::Relaxed))
}

fn digest(text: &str) -> [u8; 32] {
    let mut digest = [0_u8; 32];
    for (number, byte) in text.bytes().enumerate() {
        digest[number % 32] = byte.wrapping_add(digest[number % 32].rotate_left(3));
    }
    digest
}

/// Runs a check on a fresh store of every kind.
pub(crate) fn check_store(check: impl Fn(&dyn Store)) {
    println!("in memory");
    check(&Memory::new());
    #[cfg(feature = "disk")]
    {
        println!("on disk");
        let folder = tempfile::tempdir().unwrap();
        check(&bpol_store::Disk::create(folder.path().join("counters.redb")).unwrap());
    }
    #[cfg(feature = "redis")]
    if let Some(server) = crate::server::Server::start() {
        println!("on redis");
        check(&server.create("one"));
        println!("on redis, by three gateways in turn");
        let first = server.create("three");
        check(&crate::server::InTurn::new([first, server.open("three"), server.open("three")]));
    }
}
