//! Networks that bind hardly anything.

use crate::analyze::space::ip::Block;
use crate::diag::{Diagnostic, Level};
use crate::lint::context::Context;
use crate::lint::given::once;
use crate::lint::giving::{blocks, giving, is_private};
use crate::lint::{Lint, Rule};

pub(in crate::lint) const RULE: Rule = Rule {
    lint: Lint::new("broad-network", Level::Warning, "a `from` that lets in a great part of the internet"),
    check,
};

fn check(cx: &Context<'_>, lint: Lint) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    for clause in giving(cx) {
        let blocks: Vec<Block> =
            blocks(cx, clause).into_iter().filter(|block| !is_private(block)).filter_map(Block::parse).collect();
        // As much as a /8 has of all IPv4 addresses; of IPv6 a /16 is more than any provider has.
        let part = [(true, 32_u32, 24_u32), (false, 128, 112)].into_iter().find_map(|(v4, width, least)| {
            let size = size(&blocks, v4);
            let free = size.checked_ilog2()?;
            (free >= least).then(|| (if v4 { "IPv4" } else { "IPv6" }, width.saturating_sub(free)))
        });
        let Some((family, bits)) = part else { continue };
        let text = cx.checked.sources.text(clause.place);
        let share = match bits {
            1 => "half".to_owned(),
            bits => format!("one in {}", 1_u64.checked_shl(bits).unwrap_or(u64::MAX)),
        };
        let message = match bits {
            0 => format!("`{text}` lets in every {family} address, so it binds nothing"),
            _ => format!("`{text}` lets in {share} of all {family} addresses, so it binds hardly anything"),
        };
        out.push(
            lint.at(clause.place, message)
                .help("name the addresses that the key is used from, or say aloud that it is `from anywhere`"),
        );
    }
    once(out)
}

/// How many addresses blocks hold together; of all IPv6 addresses one less.
fn size(blocks: &[Block], v4: bool) -> u128 {
    let mut blocks: Vec<&Block> = blocks.iter().filter(|block| block.v4 == v4).collect();
    blocks.sort_unstable();
    let mut next = 0_u128;
    let mut size = 0_u128;
    for block in blocks {
        let first = block.first.max(next);
        if first <= block.last {
            size = size.saturating_add(block.last - first).saturating_add(1);
        }
        next = next.max(block.last.saturating_add(1));
    }
    size
}
