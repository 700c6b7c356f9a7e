//! Loading: closed shapes, known version, nothing that this engine or its host would leave unenforced.

use std::collections::BTreeMap;
use std::io::Write;

use serde::Deserializer;
use serde::de::{Error, MapAccess, Visitor};

use crate::http;
use crate::index;
use crate::ir::{self, Capability, Ir};
use crate::needs::needs;
use crate::policy::Policy;
use crate::shrink;

/// Why a policy was refused, and where.
///
/// ```
/// let error = bpol_engine::Policy::load(br#"{"bpol": 2}"#).unwrap_err();
/// assert_eq!(error.to_string(), "bpol: language version 2, this engine understands 1");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoadError {
    /// For people; never stable.
    pub reason: String,
}

impl LoadError {
    pub(crate) fn new(reason: impl Into<String>) -> Self {
        Self { reason: reason.into() }
    }
}

impl std::fmt::Display for LoadError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.reason)
    }
}

impl std::error::Error for LoadError {}

impl Policy {
    /// Loads a compiled policy.
    ///
    /// ```
    /// let policy = bpol_engine::Policy::load(include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/gateway.json"))).unwrap();
    /// assert_eq!(policy.ir().bank.name, "bunq");
    /// ```
    pub fn load(json: &[u8]) -> Result<Self, LoadError> {
        let text = std::str::from_utf8(json).map_err(|fault| LoadError::new(format!("not UTF-8: {fault}")))?;
        let shape = scan(text)?;
        let mut ir: Ir = serde_json::from_str(text).map_err(|fault| refusal(text, &fault))?;
        // Serde would also take an object that is written as the list of its values.
        if shape != objects(&ir) {
            return Err(LoadError::new("some object is written as a list of its values; the shape is closed"));
        }
        http::check(&ir).map_err(LoadError::new)?;
        shrink::shrink(&mut ir);
        Self::from_ir(ir)
    }

    /// Loads a compiled policy for a host that can do what `offers` says, and refuses one that needs more: what its
    /// `requires` says, and what its rules plainly need even if that list were cut.
    ///
    /// ```
    /// use bpol_engine::ir::Capability;
    /// let json = include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/gateway.json"));
    /// let error = bpol_engine::Policy::load_for(json, &[Capability::Counters]).unwrap_err();
    /// assert!(error.reason.contains("`approval`"), "the policy asks, and this host cannot");
    /// ```
    pub fn load_for(json: &[u8], offers: &[Capability]) -> Result<Self, LoadError> {
        let policy = Self::load(json)?;
        let ir = policy.ir();
        let needed = |capability: &Capability| ir.requires.contains(capability) || needs(ir, *capability);
        let missing: Vec<String> = Capability::ALL
            .into_iter()
            .filter(|capability| !offers.contains(capability) && needed(capability))
            .map(|capability| format!("`{}`", capability.word()))
            .collect();
        if missing.is_empty() {
            Ok(policy)
        } else {
            Err(LoadError::new(format!("the policy requires what this gateway cannot do: {}", missing.join(", "))))
        }
    }

    /// Loads a policy that is in memory already.
    ///
    /// ```
    /// # let policy = bpol_engine::Policy::load(include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/gateway.json"))).unwrap();
    /// let again = bpol_engine::Policy::from_ir(policy.ir().clone()).unwrap();
    /// assert_eq!(again.ir(), policy.ir());
    /// ```
    pub fn from_ir(ir: Ir) -> Result<Self, LoadError> {
        if ir.bpol != ir::VERSION {
            let (found, known) = (ir.bpol, ir::VERSION);
            return Err(LoadError::new(format!("bpol: language version {found}, this engine understands {known}")));
        }
        let index = index::build(&ir).map_err(LoadError::new)?;
        Ok(Self { ir, index })
    }
}

/// Reads a map of words and refuses a word that stands twice; serde would take the last.
pub(crate) fn each_once<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<String, String>, D::Error> {
    struct Words;
    impl<'de> Visitor<'de> for Words {
        type Value = BTreeMap<String, String>;

        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("a map of words")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self::Value, A::Error> {
            let mut words = BTreeMap::new();
            while let Some((word, means)) = members.next_entry::<String, String>()? {
                if let Some(before) = words.insert(word, means) {
                    return Err(A::Error::custom(format!("a word of a map stands twice, once for `{before}`")));
                }
            }
            Ok(words)
        }
    }
    deserializer.deserialize_map(Words)
}

/// Says another version plainly even when the rest of its shape is not known.
fn refusal(text: &str, fault: &serde_json::Error) -> LoadError {
    #[derive(serde::Deserialize)]
    struct Version {
        bpol: u32,
    }
    match serde_json::from_str::<Version>(text) {
        Ok(Version { bpol }) if bpol != ir::VERSION => {
            LoadError::new(format!("bpol: language version {bpol}, this engine understands {}", ir::VERSION))
        }
        _ => LoadError::new(format!("not a compiled policy: {fault}")),
    }
}

/// Counts the objects of a JSON text and refuses a `null`, which serde would take for an absent value: the document
/// leaves out what it does not say.
fn scan(text: &str) -> Result<usize, LoadError> {
    let mut objects = 0_usize;
    let mut in_string = false;
    let mut bytes = text.bytes().enumerate();
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'"' => in_string = !in_string,
            b'\\' if in_string => {
                bytes.next();
            }
            b'{' if !in_string => objects = objects.saturating_add(1),
            b'n' if !in_string => {
                let line = text.bytes().take(at).filter(|byte| *byte == b'\n').count().saturating_add(1);
                return Err(LoadError::new(format!("line {line}: null; leave out what is not there")));
            }
            _ => {}
        }
    }
    Ok(objects)
}

/// How many objects the document has when it is written out.
fn objects(ir: &Ir) -> usize {
    let mut counter = Objects::default();
    match serde_json::to_writer(&mut counter, ir) {
        Ok(()) => counter.count,
        Err(_) => 0,
    }
}

/// Counts braces outside strings and keeps nothing.
#[derive(Default)]
struct Objects {
    count: usize,
    in_string: bool,
    escaped: bool,
}

impl Write for Objects {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        for byte in bytes {
            match byte {
                _ if self.escaped => self.escaped = false,
                b'\\' => self.escaped = self.in_string,
                b'"' => self.in_string = !self.in_string,
                b'{' if !self.in_string => self.count = self.count.saturating_add(1),
                _ => {}
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
