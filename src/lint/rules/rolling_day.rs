//! `per 1d`, which is not the day of the calendar.

use crate::diag::{Diagnostic, Level, Power};
use crate::lint::context::Context;
use crate::lint::written::{caps, items};
use crate::lint::{Lint, Rule};
use crate::source::FileSpan;
use crate::syntax::tree::PeriodKind;

pub(in crate::lint) const RULE: Rule = Rule {
    lint: Lint::new("rolling-day", Level::Hint, "`per 1d`, which is any 24 hours, where `per day` may be meant"),
    check,
};

fn check(cx: &Context<'_>, lint: Lint) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    for (file, item) in items(cx) {
        for cap in caps(item) {
            let Some(PeriodKind::Rolling(token)) = cap.period.as_ref().map(|period| period.kind) else { continue };
            let place = FileSpan { file, span: token };
            if cx.checked.sources.text(place) == "1d" {
                out.push(
                    lint.at(place, "`per 1d` is any 24 hours, and not the day from midnight to midnight")
                        .help("write `per 24h` if that is meant, or `per day` for the day of the calendar")
                        .fix("write `24h`", Power::Same, token, "24h"),
                );
            }
        }
    }
    out
}
