//! One file a lint.

pub(super) mod allow_closed;
pub(super) mod blind_deny;
pub(super) mod dead_cap;
pub(super) mod idle_guardrail;
pub(super) mod partly_effective;
pub(super) mod past_rule;
pub(super) mod redundant_rule;
pub(super) mod rule_never_decides;
pub(super) mod two_budgets;
pub(super) mod two_hop;
