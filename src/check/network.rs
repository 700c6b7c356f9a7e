//! Declared networks.

use bpol_engine::ir;

use crate::check::context::{Context, Space};
use crate::check::names::counts;
use crate::check::value::block;
use crate::diag::Power;
use crate::syntax::tree::ItemKind;

/// Fills the policy's table of networks.
pub(crate) fn check(cx: &mut Context<'_>) {
    for (at, item) in cx.items() {
        let ItemKind::Network { name, blocks } = &item.kind else { continue };
        if blocks.is_empty() && !cx.is_broken(at, item, name) {
            cx.report(
                at.error(
                    "empty-network",
                    name.span,
                    format!("`{}` holds no address, and empty never means anywhere", at.name(name)),
                )
                .help("put an address or a block into it, or remove it"),
            );
        }
        // A network may be named where it gives and where it takes, so no fix of it is safe.
        let blocks = blocks.iter().filter_map(|&token| block(cx, at, token, Power::Widens)).collect();
        if counts(cx, at, Space::Network, name) {
            let name = at.name(name).into_owned();
            cx.policy.networks.push(ir::Network { name, blocks, doc: at.doc(&item.doc) });
        }
    }
}
