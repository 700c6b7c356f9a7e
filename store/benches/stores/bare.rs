//! The least that each store could do for one payment: read a number, compare it with a cap, write it back.

use std::collections::HashMap;
use std::hint::black_box;
use std::path::Path;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use crate::busy::Busy;
use redb::{ReadableTable, TableDefinition};
use redis::{ConnectionLike, Value, cmd};

pub(crate) fn memory(count: u64) -> Duration {
    let sums = Mutex::new(HashMap::from([("c-day".to_owned(), 0_i128)]));
    let begin = Busy::start();
    for _ in 0..count {
        let mut sums = sums.lock().expect("nobody failed");
        if let Some(sum) = sums.get_mut(black_box("c-day"))
            && *sum < i128::MAX
        {
            *sum += 1;
        }
    }
    begin.elapsed()
}

/// One transaction each, on disk when it is over.
pub(crate) fn disk(path: &Path, count: u64) -> Duration {
    const SUMS: TableDefinition<'_, &str, u64> = TableDefinition::new("sums");
    let database = redb::Database::create(path).expect("a file");
    let add = || -> Result<(), redb::Error> {
        let transaction = database.begin_write()?;
        {
            let mut sums = transaction.open_table(SUMS)?;
            let sum = sums.get("c-day")?.map_or(0, |sum| sum.value());
            if sum < u64::MAX {
                sums.insert("c-day", sum + 1)?;
            }
        }
        transaction.commit()?;
        Ok(())
    };
    let begin = Instant::now();
    (0..count).for_each(|_| add().expect("written"));
    begin.elapsed()
}

/// A script that checks and adds, as many on their way at once as there are threads beside it.
pub(crate) fn redis(url: &str, at_once: u64, count: u64) -> Duration {
    const ADD: &str = "local sum = tonumber(redis.call('GET', KEYS[1]) or '0')
        if sum + tonumber(ARGV[1]) > tonumber(ARGV[2]) then return 0 end
        redis.call('INCRBY', KEYS[1], ARGV[1]) return 1";
    let client = redis::Client::open(url).expect("an address");
    let mut connection = client.get_connection().expect("a connection");
    let script = connection.req_command(cmd("SCRIPT").arg("LOAD").arg(ADD)).expect("a script");
    let Value::BulkString(script) = script else { panic!("{script:?}") };
    let mut pipeline = redis::pipe();
    for _ in 0..at_once {
        pipeline.cmd("EVALSHA").arg(&script).arg(1).arg("bare").arg(1).arg(1_000_000_000);
    }
    let begin = Instant::now();
    for _ in 0..count.div_ceil(at_once) {
        let answers: Vec<u64> = pipeline.query(&mut connection).expect("answers");
        assert!(answers.iter().all(|answer| *answer == 1));
    }
    begin.elapsed()
}
