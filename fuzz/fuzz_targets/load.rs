//! Any bytes are a policy or are refused; what is loaded says itself again.
#![no_main]

use bpol_engine::Policy;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(policy) = Policy::load(bytes) {
        let text = serde_json::to_vec(policy.ir()).expect("an Ir is JSON");
        assert!(Policy::load(&text).is_ok());
    }
});
