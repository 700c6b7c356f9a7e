//! Any text gives a tree whose items and comments stand in order, and every fault and fix lies inside the text.
#![no_main]

use bpolc::source::{FileId, Span};
use bpolc::syntax::parse;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let parse = parse(FileId(0), text);
    let fits = |span: Span| text.get(span.start as usize..span.end as usize).is_some();
    for fault in &parse.faults {
        assert!(fits(fault.place.span), "{fault:?}");
        assert!(fault.labels.iter().all(|label| fits(label.place.span)), "{fault:?}");
        assert!(fault.fixes.iter().flat_map(|fix| &fix.edits).all(|edit| fits(edit.place.span)), "{fault:?}");
    }
    assert!(parse.tree.items.windows(2).all(|pair| pair[0].span.end <= pair[1].span.start));
    assert!(parse.tree.comments.windows(2).all(|pair| pair[0].end <= pair[1].start));
});
