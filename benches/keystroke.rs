//! From a keystroke to the findings of the key that was touched, lints and claims included, in policies of 1,000 and of
//! 10,000 lines; beside a check of the whole text.

use std::hint::black_box;
use std::time::{Duration, Instant};

use bpolc::Input;
use bpolc::ide::{Known, Replaced, Workspace};
use bpolc::lint::{Lint, Profile};
use bpolc::source::Span;
use camino::Utf8Path;
use jiff::Timestamp;

#[path = "support/company.rs"]
mod company;
#[path = "support/iban.rs"]
mod iban;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Keystrokes for each size.
const STROKES: usize = 400;

const PATH: &str = "company.bpol";

fn wanted(lint: &Lint) -> bool {
    Profile::Recommended.has(lint)
}

fn nothing(_: &Utf8Path) -> Result<String, String> {
    Err("nothing is imported".to_owned())
}

fn main() {
    println!("{:40} {:>9} {:>9} {:>9}", "", "median", "p95", "most");
    for keys in [115, 1_180] {
        let company::Company { mut text, statements } = company::company(keys);
        text.push_str("\nensure key \"key 1\" cannot create payment over 20000 EUR;\n");
        let lines = text.lines().count();
        let mut times = strokes(&text);
        println!("{:40} {}", format!("{lines} lines, {statements} statements, keystroke"), shown(&mut times));
        let mut whole: Vec<Duration> = (0..5).map(|_| whole(&text)).collect();
        println!("{:40} {}", format!("{lines} lines, whole check"), shown(&mut whole));
        println!(
            "{:40} {:.4}",
            "keystroke of whole check",
            times[times.len() / 2].as_secs_f64() / whole[2].as_secs_f64()
        );
    }
}

/// Types into one key after the other: a digit comes and goes, so that each text is sound.
fn strokes(text: &str) -> Vec<Duration> {
    let path = Utf8Path::new(PATH);
    let root = Utf8Path::new("");
    let now = Timestamp::from_second(1_795_000_000).expect("a time");
    let mut workspace = Workspace::default();
    workspace.set(path, text.to_owned());
    let mut known = Known::new(workspace.policy(path, root, &nothing).expect("it was set"));
    let places: Vec<usize> = text.match_indices(" EUR per").map(|(at, _)| at).collect();
    let mut times = Vec::with_capacity(STROKES);
    for stroke in 0..STROKES {
        let place = u32::try_from(places[stroke / 2 * 7 % places.len()]).expect("it is short");
        let (place, typed) =
            if stroke % 2 == 0 { (Span::new(place, place), "0") } else { (Span::new(place, place + 1), "") };
        let begin = Instant::now();
        let edited = workspace.edit(path, place, typed).expect("the place is there");
        let snapshot = workspace.policy(path, root, &nothing).expect("it was set");
        let file = snapshot.file(path).expect("it is the file");
        let replaced = Replaced { place, length: u32::try_from(typed.len()).expect("it is short") };
        let keys = snapshot.keys_in(file, edited.touched);
        known.edited(snapshot, file, replaced, edited.touched);
        known.look_at(&keys, Some(now), &wanted);
        times.push(begin.elapsed());
        black_box(known.findings());
    }
    times
}

fn whole(text: &str) -> Duration {
    let begin = Instant::now();
    let mut checked =
        bpolc::check(vec![Input { path: PATH.into(), text: text.to_owned() }], Utf8Path::new(""), &nothing);
    bpolc::examine(&mut checked, Timestamp::from_second(1_795_000_000).ok(), None, &wanted);
    black_box(&checked);
    begin.elapsed()
}

fn shown(times: &mut [Duration]) -> String {
    times.sort_unstable();
    let at = |share: usize| times.get((times.len() * share / 100).min(times.len() - 1)).copied().unwrap_or_default();
    let [median, p95, most] = [at(50), at(95), at(100)].map(|time| format!("{:.2} ms", time.as_secs_f64() * 1e3));
    format!("{median:>9} {p95:>9} {most:>9}")
}
