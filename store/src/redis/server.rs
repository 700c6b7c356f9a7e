//! The connection to the server, its scripts, and what must be so before it is trusted. It knows nothing of counters.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::time::Duration;

use redis::{Cmd, ConnectionLike, ErrorKind, ServerErrorKind, Value, cmd};

use crate::store::StoreError;

/// How long a connection or an answer is waited for.
const PATIENCE: Duration = Duration::from_secs(2);
/// For how long one gateway keeps the others from adding while it adopts a policy.
const FENCE: Duration = Duration::from_secs(5);

const STRANGE: &str = "its answer is not one of a store of counters";

const APPEND: &str = include_str!("append.lua");
const CREATE: &str = include_str!("create.lua");
const FOLD: &str = include_str!("fold.lua");

/// A server, connected to when it is needed. After any failure the connection is dropped: an answer that comes late must
/// not be taken for that of the next question.
pub(super) struct Server {
    client: redis::Client,
    connection: Option<redis::Connection>,
    /// Whether the connection was cut when it was used last, and not for the first time.
    cut: bool,
    /// The name by which the server knows the script.
    append: String,
    address: String,
    name: String,
    keys: Keys,
}

/// All keys of a store lie in one slot of a cluster, since what is in braces says which.
struct Keys {
    meta: String,
    log: String,
    fence: String,
}

/// What came of a question to the log.
pub(super) struct Reply {
    pub(super) status: Status,
    pub(super) missed: Vec<Batch>,
}

pub(super) enum Status {
    /// The batch is in the log under this id.
    Added(String),
    /// There was nothing to add, and now nothing is missed.
    Read,
    /// More was missed than comes at once; nothing was added.
    More,
    /// Another gateway is adopting a policy; nothing was added.
    Fenced,
    /// Our own fence fell or something was added before; nothing was added.
    Moved,
    /// The log does not have what we know; its snapshot was made at this id.
    Elsewhere(String),
}

/// Entries that were added at once.
pub(super) struct Batch {
    pub(super) id: String,
    pub(super) entries: Vec<Vec<u8>>,
}

impl Server {
    pub(super) fn new(url: &str, name: &str) -> Result<Self, StoreError> {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_' || byte == b'.';
        if name.is_empty() || !name.bytes().all(plain) {
            return Err(StoreError::new(format!(
                "`{name}` is no name of a store: use letters, digits, `-`, `_` and `.`"
            )));
        }
        if url.starts_with("rediss:") {
            return Err(StoreError::new(
                "this program cannot speak TLS with a redis server; reach it through a tunnel",
            ));
        }
        // The fault never repeats the address, which may hold a password.
        let client = redis::Client::open(url)
            .map_err(|fault| StoreError::new(format!("the address of the redis server cannot be read: {fault}")))?;
        let key = |part: &str| format!("bpol:{{{name}}}:{part}");
        Ok(Self {
            address: client.get_connection_info().addr().to_string(),
            client,
            connection: None,
            cut: false,
            append: String::new(),
            name: name.to_owned(),
            keys: Keys { meta: key("meta"), log: key("log"), fence: key("fence") },
        })
    }

    /// A fault with the name of the server in front.
    pub(super) fn fault(&self, fault: impl std::fmt::Display) -> StoreError {
        StoreError::new(format!("redis at {}: {fault}", self.address))
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Makes a store; false where there is one.
    pub(super) fn create(&mut self) -> Result<bool, StoreError> {
        let mut create = cmd("EVAL");
        create.arg(CREATE).arg(2).arg(&self.keys.meta).arg(&self.keys.log).arg(super::entry::LAYOUT).arg(random());
        let made = self.ask(&create)?;
        self.whole(made)
    }

    /// The layout of the store and the id at which its snapshot was made; nothing where there is no store.
    pub(super) fn meta(&mut self) -> Result<Option<(String, String)>, StoreError> {
        let answer = self.ask(cmd("HMGET").arg(&self.keys.meta).arg("bpol").arg("base"))?;
        let Value::Array(fields) = answer else { return Err(self.strange()) };
        match <[Value; 2]>::try_from(fields) {
            Ok([Value::Nil, Value::Nil]) => Ok(None),
            Ok([layout, base]) => Ok(Some((self.text(layout)?, self.text(base)?))),
            Err(_) => Err(self.strange()),
        }
    }

    /// The first entry of the log.
    pub(super) fn first(&mut self) -> Result<Option<String>, StoreError> {
        let answer = self.ask(cmd("XRANGE").arg(&self.keys.log).arg("-").arg("+").arg("COUNT").arg(1))?;
        Ok(self.batches(answer)?.pop().map(|batch| batch.id))
    }

    /// Whether what failed last was a connection that had worked before, as when a server was started again.
    pub(super) fn was_cut(&self) -> bool {
        self.cut
    }

    /// Adds a batch as one entry after the last of the log, and says what was missed since `last`. The id of the entry ends
    /// with the nonce.
    pub(super) fn append(&mut self, last: &str, nonce: u64, fence: &str, batch: &[&[u8]]) -> Result<Reply, StoreError> {
        self.cut = false;
        let fresh = self.connection.is_none();
        self.connect()?;
        let call = |word: &str, script: &str, keys: &Keys| {
            let mut call = cmd(word);
            call.arg(script).arg(3).arg(&keys.log).arg(&keys.fence).arg(&keys.meta).arg(last).arg(nonce).arg(fence);
            call.arg(batch);
            call
        };
        let mut answer = self.try_ask(&call("EVALSHA", &self.append, &self.keys));
        if answer.as_ref().is_err_and(|fault| fault.kind() == ErrorKind::Server(ServerErrorKind::NoScript)) {
            // The server forgot the script, so nothing was done.
            answer = self.try_ask(&call("EVAL", APPEND, &self.keys));
        }
        let gone = |fault: &redis::RedisError| fault.kind() == ErrorKind::Io && !fault.is_timeout();
        self.cut = !fresh && answer.as_ref().is_err_and(gone);
        let answer = self.told(answer)?;
        let Value::Array(parts) = answer else { return Err(self.strange()) };
        let Ok([status, id, missed]) = <[Value; 3]>::try_from(parts) else { return Err(self.strange()) };
        let (status, id) = (self.text(status)?, self.text(id)?);
        let status = match status.as_str() {
            "added" => Status::Added(id),
            "read" => Status::Read,
            "more" => Status::More,
            "fenced" => Status::Fenced,
            "moved" => Status::Moved,
            "elsewhere" => Status::Elsewhere(id),
            _ => return Err(self.strange()),
        };
        Ok(Reply { status, missed: self.batches(missed)? })
    }

    /// Keeps other gateways from adding for a while; nothing where another does.
    pub(super) fn fence(&mut self) -> Result<Option<String>, StoreError> {
        let token = random().to_string();
        let millis = u64::try_from(FENCE.as_millis()).unwrap_or(u64::MAX);
        let answer = self.ask(cmd("SET").arg(&self.keys.fence).arg(&token).arg("NX").arg("PX").arg(millis))?;
        Ok((answer == Value::Okay).then_some(token))
    }

    /// The pieces of the snapshot that was made at an entry.
    pub(super) fn snapshot(&mut self, at: &str) -> Result<Vec<Vec<u8>>, StoreError> {
        let answer = self.ask(cmd("LRANGE").arg(self.snapshot_key(at)).arg(0).arg(-1))?;
        let Value::Array(pieces) = answer else { return Err(self.strange()) };
        pieces.into_iter().map(|piece| self.bytes(piece)).collect()
    }

    /// Lets a snapshot stand for the log up to an entry; false when another gateway was faster.
    pub(super) fn fold(&mut self, at: &str, before: &str, pieces: &[Vec<u8>]) -> Result<bool, StoreError> {
        let key = self.snapshot_key(at);
        self.ask(cmd("DEL").arg(&key))?;
        for some in pieces.chunks(256) {
            self.ask(cmd("RPUSH").arg(&key).arg(some))?;
            // Should this process end before the snapshot is whole, it goes by itself.
            self.ask(cmd("EXPIRE").arg(&key).arg(3_600))?;
        }
        let mut fold = cmd("EVAL");
        fold.arg(FOLD).arg(4).arg(&self.keys.meta).arg(&self.keys.log).arg(&key).arg(self.snapshot_key(before));
        let answer = self.ask(fold.arg(at).arg(before).arg(pieces.len()))?;
        self.whole(answer)
    }

    fn snapshot_key(&self, at: &str) -> String {
        format!("bpol:{{{}}}:snapshot:{at}", self.name)
    }

    fn connect(&mut self) -> Result<(), StoreError> {
        if self.connection.is_some() {
            return Ok(());
        }
        let connection = self.client.get_connection_with_timeout(PATIENCE).and_then(|connection| {
            connection.set_read_timeout(Some(PATIENCE))?;
            connection.set_write_timeout(Some(PATIENCE))?;
            Ok(connection)
        });
        self.connection = Some(connection.map_err(|fault| self.fault(words(&fault)))?);
        let told = self.ask(cmd("INFO").arg("memory"))?;
        let told = self.text(told)?;
        let policy = told.lines().find_map(|line| line.strip_prefix("maxmemory_policy:")).unwrap_or("not told").trim();
        if policy != "noeviction" {
            self.connection = None;
            return Err(self.fault(format!(
                "its maxmemory-policy is `{policy}`, so it may drop what was spent when memory is short; set it to `noeviction`"
            )));
        }
        let append = self.ask(cmd("SCRIPT").arg("LOAD").arg(APPEND))?;
        self.append = self.text(append)?;
        Ok(())
    }

    fn ask(&mut self, question: &Cmd) -> Result<Value, StoreError> {
        self.connect()?;
        let answer = self.try_ask(question);
        self.told(answer)
    }

    fn try_ask(&mut self, question: &Cmd) -> redis::RedisResult<Value> {
        match &mut self.connection {
            Some(connection) => connection.req_command(question).and_then(Value::extract_error),
            None => Err((ErrorKind::Io, "not connected").into()),
        }
    }

    fn told(&mut self, answer: redis::RedisResult<Value>) -> Result<Value, StoreError> {
        answer.map_err(|fault| {
            self.connection = None;
            self.fault(words(&fault))
        })
    }

    fn strange(&mut self) -> StoreError {
        self.connection = None;
        self.fault(STRANGE)
    }

    fn whole(&mut self, answer: Value) -> Result<bool, StoreError> {
        match answer {
            Value::Int(0) => Ok(false),
            Value::Int(1) => Ok(true),
            _ => Err(self.strange()),
        }
    }

    fn bytes(&mut self, value: Value) -> Result<Vec<u8>, StoreError> {
        match value {
            Value::BulkString(bytes) => Ok(bytes),
            _ => Err(self.strange()),
        }
    }

    fn text(&mut self, value: Value) -> Result<String, StoreError> {
        let bytes = self.bytes(value)?;
        String::from_utf8(bytes).map_err(|_| self.strange())
    }

    fn batches(&mut self, value: Value) -> Result<Vec<Batch>, StoreError> {
        let Value::Array(items) = value else { return Err(self.strange()) };
        let mut batches = Vec::with_capacity(items.len());
        for item in items {
            let Value::Array(parts) = item else { return Err(self.strange()) };
            let Ok([id, Value::Array(fields)]) = <[Value; 2]>::try_from(parts) else { return Err(self.strange()) };
            let mut entries = Vec::with_capacity(fields.len() / 2);
            let mut fields = fields.into_iter();
            while let (Some(name), Some(value)) = (fields.next(), fields.next()) {
                match name {
                    Value::BulkString(name) if name == b"e" => entries.push(self.bytes(value)?),
                    Value::BulkString(name) if name == b"created" => {}
                    _ => return Err(self.strange()),
                }
            }
            batches.push(Batch { id: self.text(id)?, entries });
        }
        Ok(batches)
    }
}

/// What the client says, in words that do not speak of the client.
fn words(fault: &redis::RedisError) -> String {
    match fault.kind() {
        _ if fault.is_timeout() => format!("it did not answer within {} s", PATIENCE.as_secs()),
        ErrorKind::Io => format!("no connection: {fault}"),
        ErrorKind::Parse | ErrorKind::UnexpectedReturnType => STRANGE.to_owned(),
        _ => fault.to_string().lines().next().unwrap_or_default().to_owned(),
    }
}

/// A number that no other entry of any log has: keys of the standard library's hashes come from the system's randomness.
pub(super) fn random() -> u64 {
    RandomState::new().build_hasher().finish()
}
