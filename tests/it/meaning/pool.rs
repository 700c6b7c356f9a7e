//! Small policies of few words, among which many decide alike: digests are equal exactly where all decisions are, at
//! every time, record, amount and past at which one of the words could make a difference.

use std::collections::HashMap;
use std::fmt::Write as _;

use bpol_engine::{History, Policy};
use bpolc::analyze::meaning::meaning;
use jiff::{SignedDuration, Timestamp};

use crate::diff::law::setting;
use crate::diff::{NAMES, compile};
use crate::random::rng::Rng;

/// Sets digests of random policies against what the engine decides at all points.
#[track_caller]
fn check(seed: u64, size: u64, write: &dyn Fn(&mut Rng) -> String, decisions: &dyn Fn(&Policy) -> Vec<u8>) {
    let first = setting("BPOL_SEED", 0);
    let mut by_digest: HashMap<String, (Vec<u8>, String)> = HashMap::new();
    let mut by_decisions: HashMap<Vec<u8>, (String, String)> = HashMap::new();
    let mut again = 0_u32;
    for number in first..first + size {
        let mut rng = Rng::new(number.wrapping_mul(64).wrapping_add(seed));
        let text = format!("{NAMES}key \"k\" < {} >", write(&mut rng));
        let ir = compile(&text);
        let digest = meaning(&ir).expect("a digest");
        let decided = decisions(&Policy::from_ir(ir).unwrap());
        match by_digest.get(&digest) {
            Some((other, like)) => assert!(*other == decided, "one digest, other decisions:\n{text}\n{like}"),
            None => _ = by_digest.insert(digest.clone(), (decided.clone(), text.clone())),
        }
        match by_decisions.get(&decided) {
            Some((other, like)) => {
                again += 1;
                assert!(*other == digest, "the same decisions, other digests:\n{text}\n{like}");
            }
            None => _ = by_decisions.insert(decided, (digest, text)),
        }
    }
    println!("{} different, {again} again", by_digest.len());
    assert!(again > 0);
}

fn decide(policy: &Policy, request: &str, history: &History, now: Timestamp) -> u8 {
    let report = policy.answer(request, history, now);
    match format!("{:?}", report.decision).as_str() {
        "Allow" if report.each => 3,
        "Allow" => 2,
        "Ask" => 1,
        _ => 0,
    }
}

const DATES: [&str; 7] =
    ["2026-10-24", "2026-12-01", "2026-12-05", "2026-12-06", "2026-12-07", "2026-12-14", "2026-12-20"];
const SPANS: [&str; 8] = [
    "weekdays",
    "weekends",
    "mon-wed",
    "thu-sun",
    "sat-mon",
    "mon-fri 00:00-12:00",
    "mon-fri 12:00-24:00, weekends 00:00-24:00",
    "mon-sun",
];

fn times(rng: &mut Rng) -> String {
    let mut text = String::new();
    for _ in 0..=rng.below(3) {
        let effect = if rng.percent(75) { "allow" } else { "deny" };
        let _ = write!(text, "{effect} read transactions on account \"Shop\"");
        if rng.percent(50) {
            let since = if rng.percent(50) { rng.pick(&["3d", "10d"]) } else { rng.pick(&DATES) };
            let _ = write!(text, " since {since}");
        }
        if rng.percent(50) {
            let _ = write!(text, " during {}", rng.pick(&SPANS));
        }
        let place = rng.below(DATES.len() - 1);
        if rng.percent(40) {
            let _ = write!(text, " starting {}", DATES[place]);
        }
        if rng.percent(40) {
            let _ = write!(text, " before {}", DATES[place + 1 + rng.below(DATES.len() - 1 - place)]);
        }
        text.push_str("; ");
    }
    text
}

/// Every noon and midnight around the dates and in weeks far away, with records at every border.
fn over_time(policy: &Policy) -> Vec<u8> {
    let at = |text: &str| text.parse::<Timestamp>().unwrap();
    let mut moments = Vec::new();
    // Noon and midnight are the hours at which spans begin and end.
    for (from, days) in [
        ("2020-06-01T00:00:00+02:00", 7),
        ("2026-10-23T00:00:00+02:00", 2),
        ("2026-10-27T00:00:00+01:00", 1),
        ("2026-11-03T00:00:00+01:00", 1),
        ("2026-11-30T00:00:00+01:00", 31),
    ] {
        moments.extend((0..days * 2).map(|half| at(from).checked_add(SignedDuration::from_hours(12 * half)).unwrap()));
    }
    let none = History::new();
    let mut decided = Vec::new();
    for now in moments {
        let mut records: Vec<Timestamp> = DATES.iter().map(|date| at(&format!("{date}T00:00:00+01:00"))).collect();
        records[0] = at("2026-10-24T00:00:00+02:00");
        records.extend([3, 10].map(|days| now.checked_sub(SignedDuration::from_hours(24 * days)).unwrap()));
        records.extend(records.clone().into_iter().map(|it| it.checked_sub(SignedDuration::from_secs(1)).unwrap()));
        let known = records.iter().map(|created| format!(r#","record":{{"created":"{created}"}}"#));
        // Of single records, and of answers that tell the accounts of records only afterwards.
        let account = r#","account":{"iban":"NL20INGB0001234567","id":42}"#;
        for record in known.chain([String::new()]) {
            for more in [account, r#","answer":true"#] {
                let request = format!(r#"{{"key":"k","action":"read","resource":"transaction"{record}{more}}}"#);
                decided.push(decide(policy, &request, &none, now));
            }
        }
        let request = format!(r#"{{"key":"k","action":"read","resource":"transaction","answer":true{account}}}"#);
        decided.push(decide(policy, &request, &none, now));
    }
    decided
}

#[test]
fn digests_are_equal_exactly_where_decisions_over_time_are() {
    check(1, setting("BPOL_CASES", 40), &times, &over_time);
}

/// Caps on an operation as which no other counts.
fn caps(rng: &mut Rng) -> String {
    let mut text = "allow create payment-batch on account \"Shop\" to payee \"a\"".to_owned();
    let figures = [2, 4];
    let mut money = vec![format!("{} EUR {}", rng.pick(&figures), rng.pick(&["per day", "per month", "in total"]))];
    for period in [" each", " per day", " per month", " in total"] {
        if rng.percent(40) && (period == " each" || !money[0].ends_with(period)) {
            money.push(format!("{} EUR{period}", rng.pick(&figures)));
        }
    }
    let _ = write!(text, " up to {}", money.join(", "));
    let mut times: Vec<String> = Vec::new();
    for period in ["per day", "per month"] {
        if rng.percent(25) {
            times.push(format!("{} times {period}", rng.pick(&[2, 3])));
        }
    }
    if !times.is_empty() {
        let _ = write!(text, " at most {}", times.join(", "));
    }
    text.push_str("; ");
    for _ in 0..rng.below(3) {
        let effect = rng.pick(&["ask", "deny"]);
        let cap = format!("{} EUR {}", rng.pick(&figures), rng.pick(&["each", "per day", "per month"]));
        let _ = write!(text, "{effect} create payment-batch over {cap} on account \"Shop\" to payee \"a\"; ");
    }
    text
}

/// An amount between each two figures, after sums of today, of earlier this month, and of the month before that lead to a
/// total between each two figures; in one payment each, or in up to three.
fn over_sums(policy: &Policy) -> Vec<u8> {
    let now: Timestamp = "2026-11-24T10:00:00Z".parse().unwrap();
    let payment = |minor: u32, time: &str| {
        format!(
            r#"{{"key":"k","action":"create","resource":"payment-batch"{time},"account":{{"iban":"NL20INGB0001234567","id":42}},"payee":{{"iban":"NL91ABNA0417164300"}},"method":"transfer","amount":{{"value":"{}.{:02}","currency":"EUR"}}}}"#,
            minor / 100,
            minor % 100
        )
    };
    let sums = [0, 3, 200, 400];
    let mut decided = Vec::new();
    for splits in (0..9).map(|place| [1 + place / 3, 1 + place % 3, 1]) {
        for place in 0..64 {
            let spent = [place / 16, place / 4 % 4, place % 4].map(|place| sums[place]);
            let times = ["2026-11-24T08:00:00Z", "2026-11-03T08:00:00Z", "2026-10-03T08:00:00Z"];
            let mut history = History::new();
            for ((sum, parts), time) in spent.into_iter().zip(splits).zip(times) {
                for part in 0..parts {
                    let share = if part == 0 { sum - sum / parts * (parts - 1) } else { sum / parts };
                    if share > 0 {
                        let line = payment(share, &format!(r#","time":"{time}""#));
                        history.extend(policy.read_entry(&line).expect("an entry"));
                    }
                }
            }
            for amount in [1, 200, 400, 401] {
                decided.push(decide(policy, &payment(amount, ""), &history, now));
            }
        }
    }
    decided
}

#[test]
fn digests_are_equal_exactly_where_decisions_after_all_sums_are() {
    check(2, setting("BPOL_CASES", 60), &caps, &over_sums);
}
