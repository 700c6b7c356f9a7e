//! Clauses that give: what holds there is let through.

use bpol_engine::ir::{Effect, NetworkRef};

use crate::analyze::space::ip::Block;
use crate::check::{Clause, ClauseKind, StatementKind};
use crate::lint::context::Context;

/// Clauses of an `allow`, an `only` and a `use`, and of what an `ask` or a `deny` leaves out.
pub(crate) fn giving<'c>(cx: &'c Context<'_>) -> Vec<&'c Clause> {
    let blocks = cx.policy.keys.iter().chain(&cx.policy.roles).map(|block| &block.statements);
    let statements =
        blocks.chain(cx.policy.guardrails.iter().map(|guardrail| &guardrail.statements)).flatten().flatten();
    let mut out = Vec::new();
    for statement in statements {
        match &statement.kind {
            StatementKind::Rule(rule) if rule.effect == Effect::Allow => out.extend(&rule.clauses),
            StatementKind::Rule(rule) => out.extend(rule.unless.iter().flatten()),
            StatementKind::Use { clauses, .. } | StatementKind::Only(clauses) => out.extend(clauses),
        }
    }
    out
}

/// The blocks of addresses from which a clause lets calls in.
pub(crate) fn blocks<'c>(cx: &'c Context<'_>, clause: &'c Clause) -> Vec<&'c str> {
    let ClauseKind::From(refs) = &clause.kind else { return Vec::new() };
    let mut out = Vec::new();
    for reference in refs {
        match reference {
            NetworkRef::Block(block) => out.push(block.as_str()),
            NetworkRef::Network(place) => {
                let network = cx.policy.networks.get(*place as usize);
                out.extend(network.iter().flat_map(|network| &network.blocks).map(String::as_str));
            }
            NetworkRef::Anywhere => {}
        }
    }
    out
}

/// Whether all addresses of a block are for use inside a network only: no call from the internet has one.
pub(crate) fn is_private(block: &str) -> bool {
    let Some(block) = Block::parse(block) else { return false };
    PRIVATE
        .iter()
        .filter_map(|private| Block::parse(private))
        .any(|private| private.v4 == block.v4 && private.first <= block.first && block.last <= private.last)
}

/// Private use, shared by providers, link-local and loopback (RFC 1918, 6598, 3927, 1122, 4193, 4291).
const PRIVATE: [&str; 9] = [
    "10.0.0.0/8",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "100.64.0.0/10",
    "169.254.0.0/16",
    "127.0.0.0/8",
    "fc00::/7",
    "fe80::/10",
    "::1/128",
];
