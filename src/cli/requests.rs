//! Reads requests: one JSON object a line, or a single one over several lines.

use std::collections::VecDeque;
use std::io::{self, BufRead as _, BufReader, Read};

use serde::de::IgnoredAny;

/// A longer request is malformed; it is skipped without being kept in memory.
const LONGEST: usize = 1 << 20;

/// A request, or why there is none where one was expected.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Request {
    /// The number of its (first) line, from 1.
    pub(crate) line: usize,
    /// Its text.
    pub(crate) text: Result<String, &'static str>,
}

/// Requests as they come.
#[derive(Debug)]
pub(crate) struct Requests<R> {
    reader: BufReader<R>,
    line: usize,
    begun: bool,
    waiting: VecDeque<Request>,
}

impl<R: Read> Requests<R> {
    /// The requests that `reader` gives.
    pub(crate) fn new(reader: R) -> Self {
        Self { reader: BufReader::with_capacity(64 << 10, reader), line: 0, begun: false, waiting: VecDeque::new() }
    }

    /// The next request; blank lines are none. `before_waiting` is called when the reader has to wait for more
    /// input, so that answers reach whoever asks line by line.
    pub(crate) fn next(&mut self, before_waiting: &mut dyn FnMut() -> io::Result<()>) -> io::Result<Option<Request>> {
        loop {
            if let Some(request) = self.waiting.pop_front() {
                return Ok(Some(request));
            }
            if !self.reader.buffer().contains(&b'\n') {
                before_waiting()?;
            }
            let Some(request) = self.read_line()? else { return Ok(None) };
            if is_blank(&request) {
                continue;
            }
            let is_first = !std::mem::replace(&mut self.begun, true);
            if !(is_first && request.text.as_ref().is_ok_and(|text| is_begun_object(text))) {
                return Ok(Some(request));
            }
            self.gather(request)?;
        }
    }

    /// The first line only begins an object. If the object ends further down, it is the request; else every line
    /// stands for itself.
    fn gather(&mut self, first: Request) -> io::Result<()> {
        let number = first.line;
        let mut balance = Balance::default();
        let mut whole = String::new();
        let mut next = Some(first);
        while let Some(request) = next {
            let text = request.text.as_ref().map_or("", String::as_str);
            let stands_alone = request.text.is_err() || is_request(text);
            let ends = balance.closes(text);
            whole.push_str(text);
            whole.push('\n');
            self.waiting.push_back(request);
            if ends && serde_json::from_str::<IgnoredAny>(&whole).is_ok() {
                self.waiting = VecDeque::from([Request { line: number, text: Ok(whole) }]);
                return Ok(());
            }
            if ends || stands_alone || whole.len() > LONGEST {
                break;
            }
            next = self.read_line()?;
        }
        self.waiting.retain(|request| !is_blank(request));
        Ok(())
    }

    fn read_line(&mut self) -> io::Result<Option<Request>> {
        let mut bytes = Vec::new();
        let read = self.reader.by_ref().take(LONGEST as u64 + 1).read_until(b'\n', &mut bytes)?;
        if read == 0 {
            return Ok(None);
        }
        self.line += 1;
        let line = self.line;
        if bytes.last() == Some(&b'\n') {
            bytes.pop();
        } else if read > LONGEST {
            self.reader.skip_until(b'\n')?;
            return Ok(Some(Request { line, text: Err("the line is longer than 1 MiB") }));
        }
        let text = String::from_utf8(bytes).map_err(|_| "the line is not UTF-8");
        Ok(Some(Request { line, text }))
    }
}

fn is_blank(request: &Request) -> bool {
    request.text.as_ref().is_ok_and(|text| text.trim_ascii().is_empty())
}

/// Whether more lines could make a JSON object of this one.
fn is_begun_object(text: &str) -> bool {
    text.trim_ascii_start().starts_with('{')
        && serde_json::from_str::<IgnoredAny>(text).is_err_and(|error| error.is_eof())
}

/// Whether a line is a request by itself, and so no line of another one. (An object in a list of parts may fill a
/// line, but it has no key.)
fn is_request(text: &str) -> bool {
    serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(text)
        .is_ok_and(|object| object.contains_key("key"))
}

/// How many brackets are open.
#[derive(Debug, Default)]
struct Balance {
    open: usize,
    in_string: bool,
    escaped: bool,
}

impl Balance {
    /// Whether everything that was opened is closed after one more line.
    fn closes(&mut self, line: &str) -> bool {
        for byte in line.bytes() {
            match byte {
                _ if self.escaped => self.escaped = false,
                b'\\' if self.in_string => self.escaped = true,
                b'"' => self.in_string = !self.in_string,
                b'{' | b'[' if !self.in_string => self.open += 1,
                b'}' | b']' if !self.in_string => self.open = self.open.saturating_sub(1),
                _ => {}
            }
        }
        self.open == 0
    }
}

#[cfg(test)]
mod tests {
    use super::{LONGEST, Requests};

    #[track_caller]
    fn check(input: impl AsRef<[u8]>, expected: &[(usize, Result<&str, &str>)]) {
        let mut requests = Requests::new(input.as_ref());
        let mut found = Vec::new();
        while let Some(request) = requests.next(&mut || Ok(())).unwrap() {
            found.push((request.line, request.text));
        }
        let found: Vec<_> = found
            .iter()
            .map(|(line, text)| (*line, text.as_ref().map(|text| text.trim()).map_err(|fault| *fault)))
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn every_line_is_a_request() {
        check("{}\n\n  \n{} x\n", &[(1, Ok("{}")), (4, Ok("{} x"))]);
        check("", &[]);
        check("nonsense", &[(1, Ok("nonsense"))]);
    }

    #[test]
    fn one_object_may_fill_several_lines() {
        check("{ \"key\": \"a}\",\n\n \"b\": [\n{}\n]\n}\n", &[(1, Ok("{ \"key\": \"a}\",\n\n \"b\": [\n{}\n]\n}"))]);
        check("\n{\n}", &[(2, Ok("{\n}"))]);
        check("{\n}\n{}", &[(1, Ok("{\n}")), (3, Ok("{}"))]);
    }

    #[test]
    fn a_line_that_is_cut_off_swallows_no_other() {
        check("{\"key\":\n{\"key\":\"a\"}\n{}", &[(1, Ok("{\"key\":")), (2, Ok("{\"key\":\"a\"}")), (3, Ok("{}"))]);
        check("{\n\n]\n1", &[(1, Ok("{")), (3, Ok("]")), (4, Ok("1"))]);
        check("{\n", &[(1, Ok("{"))]);
        check("{}\n{\n}", &[(1, Ok("{}")), (2, Ok("{")), (3, Ok("}"))]);
    }

    #[test]
    fn what_cannot_be_a_request_is_named() {
        check(b"{}\n\xff\n{}", &[(1, Ok("{}")), (2, Err("the line is not UTF-8")), (3, Ok("{}"))]);
        let long = format!("{}\n{{}}\n", "x".repeat(LONGEST + 1));
        check(long, &[(1, Err("the line is longer than 1 MiB")), (2, Ok("{}"))]);
        let fits = "x".repeat(LONGEST);
        check(format!("{fits}\n"), &[(1, Ok(&fits))]);
    }
}
