//! Where clauses may stand: what gives in what gives, what takes in what takes.

use crate::check::cap::Cap;
use crate::check::context::{At, Context};
use crate::check::reference::Naming;
use crate::check::{Clause, ClauseKind, CountCap};
use crate::diag::{Diagnostic, Power};
use crate::source::Span;

/// Where a clause stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Position {
    /// In an `allow`, before `unless`.
    Allow,
    /// In the `unless` of an `allow`.
    AllowUnless,
    /// In an `ask` or `deny`, before `unless`.
    Take,
    /// In the `unless` of an `ask` or `deny`.
    TakeUnless,
    /// In an `only`.
    Only,
    /// In a `use role`.
    Use,
    /// In a claim, before `unless`.
    Claim,
    /// In the `unless` of a claim.
    ClaimUnless,
}

impl Position {
    /// How accounts may be named here: a renaming must not open what a line closes.
    pub(crate) fn naming(self) -> Naming {
        match self {
            Self::Allow | Self::Use => Naming::ByName,
            _ => Naming::Declared,
        }
    }

    /// Whether a clause that holds for less lets less through.
    pub(crate) fn gives(self) -> bool {
        matches!(self, Self::Allow | Self::TakeUnless | Self::Only | Self::Use)
    }

    fn claims(self) -> bool {
        matches!(self, Self::Claim | Self::ClaimUnless)
    }
}

/// Reports clauses that stand where they read like their opposite; says whether all stand well.
pub(crate) fn check(cx: &mut Context<'_>, at: At<'_>, clauses: &[Clause], position: Position) -> bool {
    let mut sound = true;
    for clause in clauses {
        if let Some(fault) = fault(at, clause, position) {
            cx.report(fault);
            sound = false;
        }
    }
    sound
}

/// Whether a clause may stand at a position.
pub(crate) fn stands(kind: &ClauseKind, position: Position) -> bool {
    match kind {
        ClauseKind::UpTo(_) | ClauseKind::AtMost(_) | ClauseKind::Within(_) => position.gives() || position.claims(),
        ClauseKind::Over(_) | ClauseKind::MoreThan(_) => !position.gives(),
        ClauseKind::Showing(_) | ClauseKind::Hiding(_) => shapes_an_answer(position, kind),
        _ => true,
    }
}

fn fault(at: At<'_>, clause: &Clause, position: Position) -> Option<Diagnostic> {
    if stands(&clause.kind, position) {
        return None;
    }
    let words = clause.kind.words();
    let span = clause.place.span;
    match &clause.kind {
        ClauseKind::UpTo(caps) => Some(swap(at, span, words, "over", first(caps), position)),
        ClauseKind::AtMost(caps) => Some(swap(at, span, words, "more than", first_count(caps), position)),
        ClauseKind::Over(caps) => Some(swap(at, span, words, "up to", first(caps), position)),
        ClauseKind::MoreThan(caps) => Some(swap(at, span, words, "at most", first_count(caps), position)),
        ClauseKind::Within(_) => Some(
            at.error(
                "within-where-it-takes",
                span,
                format!(
                    "`within` {} would read like its opposite: it would act while the budget lasts",
                    place(position)
                ),
            )
            .help("put it into the `allow`, or write `unless within limit …`"),
        ),
        ClauseKind::Showing(_) | ClauseKind::Hiding(_) => {
            let help = match position {
                Position::Claim | Position::ClaimUnless => "say in the claim which fields are meant, with `showing`",
                _ => "say in the `allow` which fields its answer shows or hides",
            };
            Some(
                at.error(
                    "fields-outside-allow",
                    span,
                    format!("`{words}` shapes the answer that an `allow` gives, and {} gives none", place(position)),
                )
                .help(help),
            )
        }
        _ => None,
    }
}

/// Whether a `showing` or `hiding` may stand here: where an answer is given, and `showing` in what a claim says of one.
fn shapes_an_answer(position: Position, kind: &ClauseKind) -> bool {
    match position {
        Position::Allow | Position::Use => true,
        Position::Claim => matches!(kind, ClauseKind::Showing(_)),
        _ => false,
    }
}

fn place(position: Position) -> &'static str {
    match position {
        Position::Allow => "an `allow`",
        Position::AllowUnless => "the `unless` of an `allow`",
        Position::Take => "in an `ask` or `deny`",
        Position::TakeUnless => "the `unless` of an `ask` or `deny`",
        Position::Only => "an `only`",
        Position::Use => "a `use role`",
        Position::Claim => "a claim",
        Position::ClaimUnless => "the `unless` of a claim",
    }
}

fn first(caps: &[Cap]) -> Option<u32> {
    caps.first().map(|cap| cap.place.span.start)
}

fn first_count(caps: &[CountCap]) -> Option<u32> {
    caps.first().map(|cap| cap.place.span.start)
}

fn swap(at: At<'_>, span: Span, words: &str, other: &str, body: Option<u32>, position: Position) -> Diagnostic {
    let place = place(position).trim_start_matches("in ");
    let message = if position.gives() {
        format!("`{words}` in {place} reads like its opposite: it would give what lies beyond the cap")
    } else {
        format!("`{words}` in {place} reads like its opposite: it would take what lies below the cap")
    };
    let fault = at.error("cap-reads-opposite", span, message).help(format!("write `{other}` here"));
    match body {
        Some(start) => {
            fault.fix(format!("write `{other}`"), Power::Widens, Span::new(span.start, start), format!("{other} "))
        }
        None => fault,
    }
}
