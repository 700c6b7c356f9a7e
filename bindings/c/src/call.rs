//! A call of the bank's API. It is kept as it came and read anew for each question, so nothing of it can be changed in
//! between.

use std::mem::MaybeUninit;
use std::net::IpAddr;
use std::sync::Arc;

use bpol_engine::http::{KnownPayee, LookUp, Routed};
use bpol_engine::{Answer, History, Policy as Engine};
use serde_json::{Value, json};

use crate::fault::{Fault, Status, guarded};
use crate::history;
use crate::known::Lists;
use crate::policy::{Decision, Policy, told};
use crate::text::{Slice, Text, handle, list, place, time};

/// A header as a caller lends it; `bpol_header` of the header file.
#[repr(C)]
struct Header {
    name: Slice,
    value: Slice,
}

/// A call as a caller lends it; `bpol_http` of the header file.
#[repr(C)]
struct Http {
    key: Slice,
    method: Slice,
    target: Slice,
    body: Slice,
    ip: Slice,
    headers: *const Header,
    header_count: usize,
}

/// `bpol_answer` of the header file.
#[repr(C)]
struct Cut {
    body: Text,
    kept: usize,
    dropped: usize,
}

/// `bpol_call` of the header file.
struct Call {
    policy: Arc<Engine>,
    key: String,
    method: String,
    target: String,
    headers: Vec<(String, Vec<u8>)>,
    body: Vec<u8>,
    ip: Option<IpAddr>,
    looked_up: Option<Vec<u8>>,
    lists: Lists,
}

impl Call {
    /// Reads the call, with all that is known of it.
    fn with<T>(&self, ask: impl FnOnce(&Engine, &Routed<'_, '_>) -> Result<T, Fault>) -> Result<T, Fault> {
        let headers: Vec<(&str, &[u8])> =
            self.headers.iter().map(|(name, value)| (name.as_str(), value.as_slice())).collect();
        let mut routed = self.policy.route(&self.method, &self.target, &headers, &self.body)?.for_key(&self.key);
        if let Some(ip) = self.ip {
            routed = routed.from_ip(ip);
        }
        if let Some(answer) = &self.looked_up {
            routed.looked_up(answer)?;
        }
        routed.know(&self.lists)?;
        ask(&self.policy, &routed)
    }
}

#[unsafe(no_mangle)]
extern "C" fn bpol_route(
    policy: Option<&Policy>,
    http: Option<&Http>,
    call: Option<&mut MaybeUninit<Option<Box<Call>>>>,
) -> Status {
    guarded(|| {
        let call = place("call", call)?.write(None);
        let (Policy(policy), http) = (handle("policy", policy)?, handle("http", http)?);
        let headers = match (list("headers", http.headers, http.header_count)?, http.header_count) {
            (Some(headers), _) => headers,
            (None, 0) => &[],
            (None, count) => return Err(Fault::misused(format!("headers is null and has {count} headers"))),
        };
        let header = |header: &Header| -> Result<_, Fault> {
            Ok((header.name.text("a header's name")?.to_owned(), header.value.bytes("a header's value")?.to_vec()))
        };
        let ip = http.ip.optional("ip")?;
        let ip = ip.map(|ip| ip.parse().map_err(|_| Fault::malformed(format!("`{ip}` is no address")))).transpose()?;
        let routed = Call {
            policy: Arc::clone(policy),
            key: http.key.text("key")?.to_owned(),
            method: http.method.text("method")?.to_owned(),
            target: http.target.text("target")?.to_owned(),
            headers: headers.iter().map(header).collect::<Result<_, _>>()?,
            body: http.body.bytes("body")?.to_vec(),
            ip,
            looked_up: None,
            lists: Lists::default(),
        };
        routed.with(|_, _| Ok(()))?;
        *call = Some(Box::new(routed));
        Ok(())
    })
}

#[unsafe(no_mangle)]
extern "C" fn bpol_call_free(call: Option<&mut Option<Box<Call>>>) {
    guarded(|| {
        drop(call.and_then(Option::take));
        Ok(())
    });
}

#[unsafe(no_mangle)]
extern "C" fn bpol_call_describe(call: Option<&Call>, description: Option<&mut MaybeUninit<Text>>) -> Status {
    guarded(|| {
        let description = place("description", description)?.write(Text::NONE);
        let described = handle("call", call)?.with(|policy, routed| {
            Ok(json!({
                "action": routed.action(),
                "resource": routed.resource(),
                "answer": routed.answer(),
                "look_ups": routed.look_ups().filter_map(look_up).collect::<Vec<_>>(),
                "request": policy.request_json(routed.request()),
            }))
        })?;
        *description = Text::of(described.to_string().into_bytes());
        Ok(())
    })
}

fn look_up(look_up: LookUp<'_>) -> Option<Value> {
    Some(match look_up {
        LookUp::Object { path } => json!({"object": path}),
        LookUp::Account { id } => json!({"account": id}),
        LookUp::Payee { iban } => json!({"payee": iban}),
        LookUp::Record { collection, id } => json!({"record": [collection, id]}),
        _ => return None,
    })
}

#[unsafe(no_mangle)]
extern "C" fn bpol_call_looked_up(call: Option<&mut Call>, answer: *const u8, length: usize) -> Status {
    guarded(|| {
        let call = handle("call", call)?;
        let answer = Slice::new(answer, length).bytes("answer")?.to_vec();
        let before = call.looked_up.replace(answer);
        let read = call.with(|_, _| Ok(()));
        if read.is_err() {
            call.looked_up = before;
        }
        read
    })
}

#[unsafe(no_mangle)]
extern "C" fn bpol_call_know_account(
    call: Option<&mut Call>,
    id: u64,
    iban: *const u8,
    iban_length: usize,
    name: *const u8,
    name_length: usize,
    kind: *const u8,
    kind_length: usize,
) -> Status {
    guarded(|| {
        let call = handle("call", call)?;
        let text = |what, data, length| Slice::new(data, length).optional(what).map(|text| text.map(str::to_owned));
        let known =
            [text("iban", iban, iban_length)?, text("name", name, name_length)?, text("kind", kind, kind_length)?];
        call.lists.accounts.insert(id, known);
        Ok(())
    })
}

#[unsafe(no_mangle)]
extern "C" fn bpol_call_know_payee(
    call: Option<&mut Call>,
    iban: *const u8,
    length: usize,
    own: i32,
    favorite: i32,
) -> Status {
    guarded(|| {
        let call = handle("call", call)?;
        let iban = Slice::new(iban, length).text("iban")?.to_owned();
        let (own, favorite) = (truth("own", own)?, truth("favorite", favorite)?);
        call.lists.payees.insert(iban, KnownPayee { own, favorite });
        Ok(())
    })
}

fn truth(what: &str, value: i32) -> Result<Option<bool>, Fault> {
    match value {
        0 => Ok(Some(false)),
        1 => Ok(Some(true)),
        -1 => Ok(None),
        other => Err(Fault::misused(format!("{what} is {other}, not 1, 0 or -1"))),
    }
}

#[unsafe(no_mangle)]
extern "C" fn bpol_call_know_created(
    call: Option<&mut Call>,
    collection: *const u8,
    length: usize,
    ids: *const u64,
    count: usize,
) -> Status {
    guarded(|| {
        let call = handle("call", call)?;
        let collection = Slice::new(collection, length).text("collection")?.to_owned();
        let ids = match (list("ids", ids, count)?, count) {
            (Some(ids), _) => ids.to_vec(),
            (None, 0) => Vec::new(),
            (None, count) => return Err(Fault::misused(format!("ids is null and has {count} numbers"))),
        };
        call.lists.created.insert(collection, ids);
        Ok(())
    })
}

#[unsafe(no_mangle)]
extern "C" fn bpol_call_decide(
    call: Option<&Call>,
    past: Option<&History>,
    now: *const u8,
    now_length: usize,
    approved: bool,
    decision: Option<&mut MaybeUninit<Decision>>,
    details: Option<&mut MaybeUninit<Text>>,
) -> Status {
    told(decision, details, || {
        let (call, past, now) = (handle("call", call)?, history::of(past), time(now, now_length)?);
        call.with(|policy, routed| {
            Ok(match approved {
                true => policy.report_approved(routed.request(), past, now),
                false => policy.report(routed.request(), past, now),
            })
        })
    })
}

#[unsafe(no_mangle)]
extern "C" fn bpol_call_cut(
    call: Option<&Call>,
    status: u16,
    content_type: *const u8,
    content_type_length: usize,
    body: *const u8,
    length: usize,
    past: Option<&History>,
    now: *const u8,
    now_length: usize,
    approved: bool,
    cut: Option<&mut MaybeUninit<Cut>>,
) -> Status {
    guarded(|| {
        let cut = place("cut", cut)?.write(Cut { body: Text::NONE, kept: 0, dropped: 0 });
        let (call, past, now) = (handle("call", call)?, history::of(past), time(now, now_length)?);
        let content_type = Slice::new(content_type, content_type_length).text("content_type")?;
        let body = Slice::new(body, length).bytes("body")?;
        call.with(|policy, routed| {
            let decision = match approved {
                true => policy.decide_approved(routed.request(), past, now),
                false => policy.decide(routed.request(), past, now),
            };
            let filter = policy.filter(routed, &decision)?.knowing(&call.lists);
            let filtered = filter.cut(Answer { status, content_type, body }, past, now)?;
            *cut = Cut { body: Text::of(filtered.body.into_owned()), kept: filtered.kept, dropped: filtered.dropped };
            Ok(())
        })
    })
}
