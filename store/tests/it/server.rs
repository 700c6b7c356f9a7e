//! A Redis server of our own on a free port, which ends with the test.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use bpol_engine::{Policy, Start};
use bpol_store::{Adopted, Digest, Order, Pending, Redis, Reserved, SettleError, State, Store, StoreError, Ticket};
use jiff::Timestamp;
use tempfile::TempDir;

pub(crate) struct Server {
    child: Child,
    port: u16,
    folder: TempDir,
    durable: bool,
}

impl Server {
    /// A server that keeps nothing on disk; nothing where none is installed, which fails where `BPOL_REQUIRE_REDIS` is set.
    pub(crate) fn start() -> Option<Self> {
        Self::started(false)
    }

    /// A server that has on disk what it answered.
    pub(crate) fn durable() -> Option<Self> {
        Self::started(true)
    }

    fn started(durable: bool) -> Option<Self> {
        if Command::new("redis-server").arg("--version").stdout(Stdio::null()).status().is_err() {
            assert!(std::env::var_os("BPOL_REQUIRE_REDIS").is_none(), "redis-server is not installed");
            println!("NOT TRIED: redis-server is not installed");
            return None;
        }
        let folder = tempfile::tempdir().unwrap();
        // Another may take the port before the server does.
        for _ in 0..10 {
            let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
            let mut child = run(port, &folder, durable);
            if answers(port, &mut child) {
                return Some(Self { child, port, folder, durable });
            }
            child.kill().unwrap();
            child.wait().unwrap();
        }
        panic!("no redis-server starts");
    }

    pub(crate) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    pub(crate) fn create(&self, name: &str) -> Redis {
        Redis::create(&self.url(), name).unwrap()
    }

    pub(crate) fn open(&self, name: &str) -> Redis {
        Redis::open(&self.url(), name).unwrap()
    }

    /// Kills it as a crash of the machine would.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    pub(crate) fn start_again(&mut self) {
        self.child = run(self.port, &self.folder, self.durable);
        assert!(answers(self.port, &mut self.child));
    }

    /// Gives it a command by hand; all of a short answer.
    pub(crate) fn say(&self, command: &str) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.write_all(format!("{command}\r\nQUIT\r\n").as_bytes()).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        String::from_utf8_lossy(&answer).strip_suffix("+OK\r\n").unwrap().replace("\r\n", " ").trim_end().to_owned()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn run(port: u16, folder: &TempDir, durable: bool) -> Child {
    let mut command = Command::new("redis-server");
    command.args(["--port", &port.to_string(), "--bind", "127.0.0.1", "--save", "", "--appendfsync", "always"]);
    command.args(["--appendonly", if durable { "yes" } else { "no" }]).current_dir(folder.path());
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

fn answers(port: u16, child: &mut Child) -> bool {
    let begin = Instant::now();
    while begin.elapsed() < Duration::from_secs(20) && child.try_wait().unwrap().is_none() {
        if let Ok(mut stream) = TcpStream::connect(("127.0.0.1", port)) {
            let mut answer = String::new();
            let said = stream.write_all(b"PING\r\n").and_then(|()| BufReader::new(stream).read_line(&mut answer));
            if said.is_ok() && answer == "+PONG\r\n" {
                return true;
            }
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    false
}

/// Several gateways at one store: every call goes to the next of them.
pub(crate) struct InTurn {
    stores: [Redis; 3],
    next: AtomicUsize,
}

impl InTurn {
    pub(crate) fn new(stores: [Redis; 3]) -> Self {
        Self { stores, next: AtomicUsize::new(0) }
    }

    fn next(&self) -> &Redis {
        &self.stores[self.next.fetch_add(1, Ordering::Relaxed) % 3]
    }
}

impl Store for InTurn {
    fn adopt(&self, policy: &Policy, now: Timestamp) -> Result<Adopted, StoreError> {
        self.next().adopt(policy, now)
    }

    fn sum(&self, counter: &str, key: Option<&str>, start: Start) -> Result<Option<i128>, StoreError> {
        self.next().sum(counter, key, start)
    }

    fn find(&self, ticket: &Ticket, digest: &Digest, now: Timestamp) -> Result<Option<Reserved>, StoreError> {
        self.next().find(ticket, digest, now)
    }

    fn reserve(&self, order: &Order<'_>, now: Timestamp) -> Result<Reserved, StoreError> {
        self.next().reserve(order, now)
    }

    fn settle(&self, ticket: &Ticket, end: State) -> Result<(), SettleError> {
        self.next().settle(ticket, end)
    }

    fn pending(&self, now: Timestamp) -> Result<Vec<Pending>, StoreError> {
        self.next().pending(now)
    }

    fn prune(&self, now: Timestamp) -> Result<usize, StoreError> {
        self.next().prune(now)
    }

    fn trust(&self, counter: &str) -> Result<(), StoreError> {
        self.next().trust(counter)
    }
}
