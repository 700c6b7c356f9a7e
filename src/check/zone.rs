//! The policy's time zone.

use jiff::tz::{TimeZone, TimeZoneDatabase};

use crate::check::Zone;
use crate::check::context::Context;
use crate::check::nearest::nearest;
use crate::diag::{Diagnostic, Power};
use crate::source::{FileSpan, Span};
use crate::syntax::tree::ItemKind;

/// Finds the policy's `timezone`.
pub(crate) fn find(cx: &mut Context<'_>) {
    let mut first: Option<(String, FileSpan)> = None;
    for (at, item) in cx.items() {
        let ItemKind::Timezone(string) = &item.kind else { continue };
        let name = at.name(string);
        let place = at.place(string.span);
        match &first {
            None => {}
            Some((same, _)) if *same == name => continue,
            Some((_, other)) => {
                cx.report(
                    at.error(
                        "two-timezones",
                        string.span,
                        "days and months begin in one time zone, and this is a second one",
                    )
                    .label(*other, "the first one")
                    .help("keep one `timezone` for the whole policy"),
                );
                continue;
            }
        }
        first = Some((name.to_string(), place));
        let database = TimeZoneDatabase::bundled();
        if database.available().any(|known| known.as_str() == name) {
            let rules = database.get(&name).unwrap_or(TimeZone::UTC);
            cx.policy.timezone = Some(Zone { name: name.into_owned(), rules });
            continue;
        }
        let mut fault = at
            .error(
                "unknown-timezone",
                string.span,
                format!("`{name}` is not a time zone, so days would not know when to begin"),
            )
            .help("give an IANA name such as `Europe/Amsterdam`");
        let names: Vec<String> = database.available().map(|name| name.to_string()).collect();
        if let Some(near) = nearest(&name, names.iter().map(String::as_str)) {
            fault = fault.fix(format!("write `{near}`"), Power::Same, string.span, format!("\"{near}\""));
        }
        cx.report(fault);
    }
}

/// Reports a missing time zone where something needs it.
pub(crate) fn needed(cx: &mut Context<'_>) {
    let missing =
        cx.policy.timezone.is_none() && !cx.items().any(|(_, item)| matches!(item.kind, ItemKind::Timezone(_)));
    let (true, Some(&first)) = (missing, cx.zone_uses.iter().min()) else { return };
    let insert = Span::new(0, 0);
    cx.report(
        Diagnostic::error(
            "timezone-missing",
            first.file,
            first.span,
            "without a time zone nobody can tell when a day begins, so a cap or a date could be off by hours",
        )
        .help("say `timezone \"Europe/Amsterdam\";` (or your own zone) once in the policy")
        .fix(
            "add `timezone \"Europe/Amsterdam\";`",
            Power::Widens,
            insert,
            "timezone \"Europe/Amsterdam\";\n\n",
        ),
    );
}
