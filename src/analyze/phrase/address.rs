//! Where the call comes from.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::list::{Item, all, quoted};
use super::{About, Chosen, Part};
use crate::analyze::names::Names;
use crate::analyze::space::Space;
use crate::analyze::space::ip::Block;

/// What a box says about the address.
pub(super) fn part(space: &Space<'_>, side: usize, chosen: &Chosen<'_>) -> Option<Part> {
    if chosen.is_open() || space.ip.size() == 1 {
        return None;
    }
    let names = &space.sides.get(side)?.names;
    let others = space.ip.others().is_some_and(|class| chosen.has(class));
    let wanted = |inside: bool| {
        let stretches = space.ip.stretches().into_iter().filter(|(_, class)| chosen.has(*class) == inside);
        networks(names, joined(stretches.map(|(block, _)| block)))
    };
    let mut items = match others {
        true => {
            let outside = wanted(false);
            let text = if outside.is_empty() {
                "an address that is told".to_owned()
            } else {
                format!("anywhere but {}", all(&outside))
            };
            vec![Item::plain(text)]
        }
        false => wanted(true),
    };
    items.extend(chosen.or_untold("the address"));
    Some(Part { about: About::From, lead: "from".to_owned(), items, open: false })
}

/// The blocks that hold just the addresses of some classes.
pub(crate) fn blocks(space: &Space<'_>, has: &dyn Fn(u32) -> bool) -> Vec<String> {
    let stretches = space.ip.stretches().into_iter().filter(|(_, class)| has(*class));
    joined(stretches.map(|(block, _)| block)).into_iter().flat_map(prefixes).collect()
}

/// Neighbouring stretches as one.
fn joined(blocks: impl Iterator<Item = Block>) -> Vec<Block> {
    let mut out: Vec<Block> = Vec::new();
    for block in blocks {
        match out.last_mut() {
            Some(last) if last.v4 == block.v4 && last.last.checked_add(1) == Some(block.first) => {
                last.last = block.last
            }
            _ => out.push(block),
        }
    }
    out
}

/// Names that mean these addresses: declared networks that lie inside, and blocks for the rest.
fn networks(names: &Names<'_>, mut left: Vec<Block>) -> Vec<Item> {
    let whole = left.clone();
    let lies_in = |block: &Block, list: &[Block]| {
        list.iter().any(|one| one.v4 == block.v4 && one.first <= block.first && block.last <= one.last)
    };
    let mut declared: Vec<(&str, Vec<Block>)> = names
        .ir
        .networks
        .iter()
        .map(|network| (network.name.as_str(), network.blocks.iter().filter_map(|it| Block::parse(it)).collect()))
        .filter(|(_, blocks): &(&str, Vec<Block>)| blocks.iter().all(|block| lies_in(block, &whole)))
        .collect();
    declared.sort_by(|(name, one), (second, other)| other.len().cmp(&one.len()).then_with(|| name.cmp(second)));
    let mut items = Vec::new();
    for (name, blocks) in declared {
        let before = left.clone();
        for block in blocks {
            left = left.into_iter().flat_map(|one| minus(one, block)).collect();
        }
        if left != before {
            items.push(Item::named("network", quoted(name)));
        }
    }
    items.extend(left.into_iter().flat_map(prefixes).map(|prefix| Item::named("ip", prefix)));
    items
}

fn minus(one: Block, other: Block) -> Vec<Block> {
    if one.v4 != other.v4 || other.last < one.first || one.last < other.first {
        return vec![one];
    }
    let mut left = Vec::new();
    if one.first < other.first {
        left.push(Block { last: other.first - 1, ..one });
    }
    if other.last < one.last {
        left.push(Block { first: other.last + 1, ..one });
    }
    left
}

/// A stretch of addresses as CIDR blocks.
fn prefixes(block: Block) -> Vec<String> {
    let width: u32 = if block.v4 { 32 } else { 128 };
    let mut out = Vec::new();
    let mut first = block.first;
    loop {
        let aligned = if first == 0 { width } else { first.trailing_zeros().min(width) };
        let fits = (0..=aligned).rev().find(|free| {
            let span = if *free >= 128 { u128::MAX } else { (1_u128 << free) - 1 };
            first.checked_add(span).is_some_and(|last| last <= block.last)
        });
        let free = fits.unwrap_or(0);
        let length = width - free;
        let text = if block.v4 {
            Ipv4Addr::from_bits(u32::try_from(first).unwrap_or(0)).to_string()
        } else {
            Ipv6Addr::from_bits(first).to_string()
        };
        out.push(if length == width { text } else { format!("{text}/{length}") });
        let span = if free >= 128 { u128::MAX } else { (1_u128 << free) - 1 };
        match first.checked_add(span).and_then(|last| last.checked_add(1)) {
            Some(next) if next <= block.last => first = next,
            _ => return out,
        }
    }
}
