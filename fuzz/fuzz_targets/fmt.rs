//! What can be laid out is laid out once and for all, and keeps its comments.
#![no_main]

use bpolc::fmt::format;
use bpolc::source::FileId;
use bpolc::syntax::parse;
use bpolc::syntax::pieces::comments;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let Ok(once) = format(text) else { return };
    assert_eq!(format(&once).as_deref(), Ok(once.as_str()), "formatting twice is formatting once");
    assert_eq!(texts(text), texts(&once), "comments stay");
});

fn texts(text: &str) -> Vec<&str> {
    comments(&parse(FileId(0), text).tree).into_iter().map(|span| span.of(text)).collect()
}
