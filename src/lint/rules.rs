//! One file a lint.

pub(super) mod allow_closed;
pub(super) mod blind_deny;
pub(super) mod confusable_name;
pub(super) mod dead_cap;
pub(super) mod doubles_at_midnight;
pub(super) mod duplicate_declaration_value;
pub(super) mod duplicate_statement;
pub(super) mod expired;
pub(super) mod expires_soon;
pub(super) mod export_wider_than_since;
pub(super) mod idle_guardrail;
pub(super) mod key_does_nothing;
pub(super) mod missing_doc;
pub(super) mod partly_effective;
pub(super) mod past_rule;
pub(super) mod payee_is_own_account;
pub(super) mod redundant_rule;
pub(super) mod rolling_day;
pub(super) mod rule_never_decides;
pub(super) mod secret_in_policy;
pub(super) mod time_gated_deny;
pub(super) mod two_budgets;
pub(super) mod two_hop;
pub(super) mod untested_key;
pub(super) mod unused_declaration;
pub(super) mod unused_role;
