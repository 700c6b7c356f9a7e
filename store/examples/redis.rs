//! Pays one cent a second under a cap of 500 euros a month, with what was spent on a Redis server. Start it in two terminals, stop the server in
//! between, start it again: nothing is allowed meanwhile, and nothing is forgotten.
//!
//! ```text
//! redis-server --port 6390 --appendonly yes --appendfsync always
//! cargo run -p bpol-store --example redis -- redis://127.0.0.1:6390 create
//! cargo run -p bpol-store --example redis -- redis://127.0.0.1:6390 open
//! ```

use std::error::Error;
use std::time::Duration;

use bpol_engine::Policy;
use bpol_store::{Call, Outcome, Redis, Store, decide_and_reserve};
use jiff::Timestamp;

const POLICY: &[u8] = include_bytes!("../../engine/tests/data/gateway.json");
const PAYMENT: &str = r#"{"key": "shop", "action": "create", "resource": "payment", "account": {"id": 42}, "amount": {"value": "0.01", "currency": "EUR"}, "payee": {"iban": "NL91ABNA0417164300"}}"#;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [url, how] = arguments.as_slice() else {
        return Err("two arguments: the server's address, and create or open".into());
    };
    let policy = Policy::load(POLICY)?;
    let store = match how.as_str() {
        "create" => Redis::create(url, "household")?,
        _ => Redis::open(url, "household")?,
    };
    let adopted = store.adopt(&policy, Timestamp::now())?;
    println!("counters that may have missed something: {:?}", adopted.gaps);
    for open in store.pending(Timestamp::now())? {
        println!("not settled: {} of {}, {:?}", open.ticket, open.time, open.state);
    }
    for number in 0.. {
        let request = policy.read_request(PAYMENT)?;
        let id = format!("{} {number}", std::process::id());
        let call = Call::new(&request, PAYMENT, &id, [7; 32]);
        match decide_and_reserve(&policy, &adopted, &store, &call, Timestamp::now()) {
            Outcome::Forward { ticket: Some(ticket), .. } => {
                // Here the bank would be asked.
                match store.commit(&ticket) {
                    Ok(()) => println!("paid, call {id}"),
                    Err(fault) => println!("paid, and not said so, call {id}: {fault}"),
                }
            }
            refused => println!("call {id}: {refused}"),
        }
        std::thread::sleep(Duration::from_secs(1));
    }
    Ok(())
}
