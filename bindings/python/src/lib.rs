//! bpol-engine for Python: the module `bpol._engine`.
//!
//! Requests, decisions and entries are the JSON of the contract, as texts or as what Python's `json` makes of them. A call
//! of the bank's API is kept as it came and read anew for each question, so nothing of it can be changed in between.

use std::collections::HashMap;
use std::net::IpAddr;

use bpol_engine::http::{Known, KnownAccount, KnownPayee, LookUp, Refusal, Routed};
use bpol_engine::ir::Capability;
use bpol_engine::{Answer, History};
use jiff::Timestamp;
use pyo3::create_exception;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyAny, PyBytes, PyDict, PyList, PyString};

create_exception!(_engine, Malformed, PyValueError);
create_exception!(_engine, Refused, PyValueError);
create_exception!(_engine, Unfiltered, PyValueError);

/// A compiled policy.
#[pyclass(frozen)]
struct Policy(bpol_engine::Policy);

/// A call of the bank's API that has found its route.
#[pyclass]
struct Call {
    policy: Py<Policy>,
    method: String,
    target: String,
    headers: Vec<(String, Vec<u8>)>,
    body: Vec<u8>,
    key: String,
    ip: Option<IpAddr>,
    looked_up: Option<Vec<u8>>,
    lists: Lists,
}

/// What the gateway says that it knows.
#[derive(Default)]
struct Lists {
    accounts: HashMap<u64, [Option<String>; 3]>,
    payees: HashMap<String, KnownPayee>,
    created: HashMap<String, Vec<u64>>,
}

impl Known for Lists {
    fn account(&self, id: u64) -> Option<KnownAccount<'_>> {
        let [iban, name, kind] = self.accounts.get(&id)?;
        Some(KnownAccount { iban: iban.as_deref(), name: name.as_deref(), kind: kind.as_deref() })
    }

    fn payee(&self, iban: &str) -> Option<KnownPayee> {
        self.payees.get(iban).copied()
    }

    fn created(&self, collection: &str, id: u64) -> Option<bool> {
        Some(self.created.get(collection)?.contains(&id))
    }
}

fn malformed(error: impl ToString) -> PyErr {
    Malformed::new_err(error.to_string())
}

/// An exception with the stable name of the reason.
fn named(py: Python<'_>, error: PyErr, name: &str, place: Option<String>) -> PyErr {
    let value = error.value(py);
    let said = value.setattr("name", name).and_then(|()| match place {
        Some(place) => value.setattr("place", place),
        None => Ok(()),
    });
    said.err().unwrap_or(error)
}

fn refused(py: Python<'_>, refusal: &Refusal) -> PyErr {
    named(py, Refused::new_err(refusal.to_string()), refusal.name(), Some(refusal.place.to_string()))
}

/// JSON as a text: a text stays as it is, so that a key that stands twice is seen.
fn json(value: &Bound<'_, PyAny>) -> PyResult<String> {
    if let Ok(text) = value.cast::<PyString>() {
        return Ok(text.to_str()?.to_owned());
    }
    value.py().import("json")?.call_method1("dumps", (value,))?.extract()
}

/// What a JSON text means to Python.
fn python<'py>(py: Python<'py>, text: &str) -> PyResult<Bound<'py, PyAny>> {
    py.import("json")?.call_method1("loads", (text,))
}

fn text(value: &bpol_engine::Report) -> PyResult<String> {
    serde_json::to_string(value).map_err(malformed)
}

fn time(now: Option<&Bound<'_, PyAny>>) -> PyResult<Timestamp> {
    let Some(now) = now else { return Ok(Timestamp::now()) };
    let text: String = match now.cast::<PyString>() {
        Ok(text) => text.to_str()?.to_owned(),
        Err(_) => now.call_method0("isoformat")?.extract()?,
    };
    text.parse().map_err(|_| malformed(format!("`{text}` is no instant with an offset")))
}

fn history(policy: &bpol_engine::Policy, past: Option<&Bound<'_, PyAny>>) -> PyResult<History> {
    let mut history = History::new();
    for entry in past.into_iter().map(|past| past.try_iter()).collect::<PyResult<Vec<_>>>()?.into_iter().flatten() {
        history.extend(policy.read_entry(&json(&entry?)?).map_err(malformed)?);
    }
    Ok(history)
}

#[pymethods]
impl Policy {
    #[new]
    #[pyo3(signature = (compiled, offers = None))]
    fn new(compiled: &[u8], offers: Option<Vec<String>>) -> PyResult<Self> {
        let loaded = match offers {
            None => bpol_engine::Policy::load(compiled),
            Some(words) => {
                let known = |word: &String| {
                    let found = Capability::ALL.into_iter().find(|capability| capability.word() == word);
                    found.ok_or_else(|| malformed(format!("`{word}` is nothing that a gateway can offer")))
                };
                let offers = words.iter().map(known).collect::<PyResult<Vec<Capability>>>()?;
                bpol_engine::Policy::load_for(compiled, &offers)
            }
        };
        loaded.map(Self).map_err(malformed)
    }

    #[pyo3(signature = (request, past = None, now = None, approved = false))]
    fn decide<'py>(
        &self,
        py: Python<'py>,
        request: &Bound<'py, PyAny>,
        past: Option<&Bound<'py, PyAny>>,
        now: Option<&Bound<'py, PyAny>>,
        approved: bool,
    ) -> PyResult<Bound<'py, PyAny>> {
        let (request, past, now) = (json(request)?, history(&self.0, past)?, time(now)?);
        let report = match self.0.read_request(&request) {
            Ok(request) if approved => self.0.report_approved(&request, &past, now),
            // What cannot be read is denied with its reason.
            _ => self.0.answer(&request, &past, now),
        };
        python(py, &text(&report)?)
    }

    #[pyo3(signature = (method, target, headers, body, *, key, ip = None))]
    fn route(
        slf: Bound<'_, Self>,
        method: String,
        target: String,
        headers: &Bound<'_, PyAny>,
        body: Vec<u8>,
        key: String,
        ip: Option<&str>,
    ) -> PyResult<Call> {
        let headers = headers.try_iter()?.map(|pair| pair?.extract()).collect::<PyResult<Vec<(String, Vec<u8>)>>>()?;
        let ip = ip.map(|ip| ip.parse().map_err(|_| malformed(format!("`{ip}` is no address")))).transpose()?;
        let py = slf.py();
        let lists = Lists::default();
        let policy = slf.unbind();
        let call = Call { policy, method, target, headers, body, key, ip, looked_up: None, lists };
        call.with(py, |_, _| Ok(()))?;
        Ok(call)
    }
}

impl Call {
    /// Reads the call, with all that is known of it.
    fn with<T>(
        &self,
        py: Python<'_>,
        ask: impl FnOnce(&bpol_engine::Policy, &Routed<'_, '_>) -> PyResult<T>,
    ) -> PyResult<T> {
        let policy = &self.policy.get().0;
        let headers: Vec<(&str, &[u8])> =
            self.headers.iter().map(|(name, value)| (name.as_str(), value.as_slice())).collect();
        let routed = policy.route(&self.method, &self.target, &headers, &self.body);
        let mut routed = routed.map_err(|refusal| refused(py, &refusal))?.for_key(&self.key);
        if let Some(ip) = self.ip {
            routed = routed.from_ip(ip);
        }
        if let Some(answer) = &self.looked_up {
            routed.looked_up(answer).map_err(|refusal| refused(py, &refusal))?;
        }
        routed.know(&self.lists).map_err(|refusal| refused(py, &refusal))?;
        ask(policy, &routed)
    }
}

#[pymethods]
impl Call {
    #[getter]
    fn action(&self, py: Python<'_>) -> PyResult<String> {
        self.with(py, |_, routed| Ok(routed.action().to_owned()))
    }

    #[getter]
    fn resource(&self, py: Python<'_>) -> PyResult<String> {
        self.with(py, |_, routed| Ok(routed.resource().to_owned()))
    }

    #[getter]
    fn answer(&self, py: Python<'_>) -> PyResult<bool> {
        self.with(py, |_, routed| Ok(routed.answer()))
    }

    #[getter]
    fn request<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.with(py, |policy, routed| python(py, &policy.request_json(routed.request()).to_string()))
    }

    fn look_ups<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        self.with(py, |_, routed| {
            let list = PyList::empty(py);
            for look_up in routed.look_ups() {
                let one = PyDict::new(py);
                match look_up {
                    LookUp::Object { path } => one.set_item("object", path.as_ref())?,
                    LookUp::Account { id } => one.set_item("account", id)?,
                    LookUp::Payee { iban } => one.set_item("payee", iban)?,
                    LookUp::Record { collection, id } => one.set_item("record", (collection, id))?,
                    _ => continue,
                }
                list.append(one)?;
            }
            Ok(list)
        })
    }

    fn looked_up(&mut self, py: Python<'_>, answer: Vec<u8>) -> PyResult<()> {
        let before = self.looked_up.replace(answer);
        self.with(py, |_, _| Ok(())).inspect_err(|_| self.looked_up = before)
    }

    #[pyo3(signature = (id, iban = None, name = None, kind = None))]
    fn know_account(&mut self, id: u64, iban: Option<String>, name: Option<String>, kind: Option<String>) {
        self.lists.accounts.insert(id, [iban, name, kind]);
    }

    #[pyo3(signature = (iban, own = None, favorite = None))]
    fn know_payee(&mut self, iban: String, own: Option<bool>, favorite: Option<bool>) {
        self.lists.payees.insert(iban, KnownPayee { own, favorite });
    }

    fn know_created(&mut self, collection: String, ids: Vec<u64>) {
        self.lists.created.insert(collection, ids);
    }

    #[pyo3(signature = (past = None, now = None, approved = false))]
    fn decide<'py>(
        &self,
        py: Python<'py>,
        past: Option<&Bound<'py, PyAny>>,
        now: Option<&Bound<'py, PyAny>>,
        approved: bool,
    ) -> PyResult<Bound<'py, PyAny>> {
        let now = time(now)?;
        let text = self.with(py, |policy, routed| {
            let past = history(policy, past)?;
            let report = if approved {
                policy.report_approved(routed.request(), &past, now)
            } else {
                policy.report(routed.request(), &past, now)
            };
            text(&report)
        })?;
        python(py, &text)
    }

    #[pyo3(signature = (status, content_type, body, past = None, now = None, approved = false))]
    #[expect(clippy::too_many_arguments, reason = "an answer has as many parts, and Python names them")]
    fn cut<'py>(
        &self,
        py: Python<'py>,
        status: u16,
        content_type: &str,
        body: &[u8],
        past: Option<&Bound<'py, PyAny>>,
        now: Option<&Bound<'py, PyAny>>,
        approved: bool,
    ) -> PyResult<(Bound<'py, PyBytes>, usize, usize)> {
        let now = time(now)?;
        self.with(py, |policy, routed| {
            let past = history(policy, past)?;
            let decision = if approved {
                policy.decide_approved(routed.request(), &past, now)
            } else {
                policy.decide(routed.request(), &past, now)
            };
            let filter = policy.filter(routed, &decision);
            let answer = Answer { status, content_type, body };
            let cut = filter.and_then(|filter| filter.knowing(&self.lists).cut(answer, &past, now));
            let filtered = cut.map_err(|why| named(py, Unfiltered::new_err(why.to_string()), why.name(), None))?;
            Ok((PyBytes::new(py, &filtered.body), filtered.kept, filtered.dropped))
        })
    }
}

#[pymodule]
fn _engine(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<Policy>()?;
    module.add_class::<Call>()?;
    module.add("Malformed", module.py().get_type::<Malformed>())?;
    module.add("Refused", module.py().get_type::<Refused>())?;
    module.add("Unfiltered", module.py().get_type::<Unfiltered>())
}
