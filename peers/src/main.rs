//! bpol beside other policy languages: the same policies, the same requests, one run. Prints times and their ratios.

mod bpol;
mod cedar;
mod clients;
mod clock;
mod rego;

use clock::{Time, median, ratio};

fn main() {
    for keys in [100, 2_500] {
        read(keys);
    }
    for keys in [1, 1_000] {
        decide(keys);
    }
}

/// From text to a policy that holds no mistake.
fn read(keys: usize) {
    let (ours, theirs) = (clients::bpol(keys), clients::cedar(keys));
    let schema = cedar::schema();
    println!("\nparse and check, {} statements ({} and {} bytes)", 4 * keys, ours.len(), theirs.len());
    let [bpol, cedar] = median(1, &mut [&mut || bpol::check(&ours), &mut || cedar::check(&theirs, &schema)]);
    line("bpolc: parse, check", bpol, bpol);
    line("Cedar: parse, validate", cedar, bpol);
}

/// Requests that were read already, against policies that were loaded already.
fn decide(keys: usize) {
    let requests = clients::requests(keys);
    let bpol = bpol::Loaded::new(&clients::bpol(keys), &requests);
    let cedar = cedar::Loaded::new(keys, &requests);
    let mut rego = rego::Loaded::new(keys, &requests);
    for (at, request) in requests.iter().enumerate() {
        let said = [bpol.allows(at), cedar.allows(at), rego.allows(at)];
        assert_eq!(said, [request.allowed; 3], "{request:?}");
    }
    println!("\ndecide, {keys} keys, one of {} requests", requests.len());
    let all = 0..requests.len();
    let [bpol, cedar, rego] = median(
        requests.len(),
        &mut [
            &mut || all.clone().filter(|&at| bpol.allows(at)).count(),
            &mut || all.clone().filter(|&at| cedar.allows(at)).count(),
            &mut || all.clone().filter(|&at| rego.allows(at)).count(),
        ],
    );
    line("bpol-engine", bpol, bpol);
    line("Cedar, a policy set for each key", cedar, bpol);
    line("regorus' RVM, data indexed by key", rego, bpol);
}

fn line(what: &str, time: Time, ours: Time) {
    println!("  {what:36} {time:>12}   {:6.1} times bpol", ratio(time, ours));
}
