//! Where the call comes from: addresses grouped by the networks that hold them.

use hashbrown::HashMap;
use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use bpol_engine::ir::{Ir, NetworkRef};

/// A variable whose classes are: unknown, and addresses grouped by which `from` clauses hold for them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Addresses {
    clauses: Vec<Vec<Block>>,
    signatures: Vec<Vec<bool>>,
    facts: Vec<IpAddr>,
    places: HashMap<Vec<bool>, u32>,
}

/// A CIDR block as a stretch of one of the two families.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Block {
    pub(crate) v4: bool,
    pub(crate) first: u128,
    pub(crate) last: u128,
}

impl Block {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (address, prefix) = text.split_once('/')?;
        let (v4, bits, width) = bits(address.parse().ok()?);
        let free = width.checked_sub(prefix.parse().ok()?)?;
        let span = if free >= 128 { u128::MAX } else { (1_u128 << free) - 1 };
        Some(Self { v4, first: bits & !span, last: bits | span })
    }

    fn holds(self, address: IpAddr) -> bool {
        let (v4, bits, _) = bits(address);
        v4 == self.v4 && self.first <= bits && bits <= self.last
    }
}

impl Addresses {
    /// One class: no rule looks at the address.
    pub(crate) fn unused() -> Self {
        Self::default()
    }

    /// The classes for `from` clauses, each the blocks that it names.
    pub(crate) fn of(clauses: Vec<Vec<Block>>) -> Self {
        let mut edges: BTreeSet<(bool, u128)> = BTreeSet::new();
        // Strangers come from addresses that are kept for documentation, where the blocks leave some.
        let sample =
            [IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1)), IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 0xffff, 0, 0, 0, 0, 1))];
        edges.extend([(true, 0), (false, 0), (false, 1 << 48)]);
        for block in clauses.iter().flatten() {
            edges.insert((block.v4, block.first));
            let end = if block.v4 { u128::from(u32::MAX) } else { u128::MAX };
            if block.last < end {
                edges.insert((block.v4, block.last + 1));
            }
        }
        let mut out = Self { clauses, ..Self::default() };
        let firsts = edges.into_iter().filter_map(|(v4, bits)| address(v4, bits));
        for fact in sample.into_iter().chain(firsts) {
            let signature = out.signature(fact);
            if !out.places.contains_key(&signature) {
                out.facts.push(fact);
                out.places.insert(signature.clone(), out.facts.len() as u32);
                out.signatures.push(signature);
            }
        }
        out
    }

    pub(crate) fn size(&self) -> u32 {
        self.facts.len() as u32 + 1
    }

    pub(crate) fn class(&self, told: Option<IpAddr>) -> u32 {
        told.and_then(|told| self.places.get(&self.signature(told))).copied().unwrap_or(0)
    }

    pub(crate) fn fact(&self, class: u32) -> Option<IpAddr> {
        self.facts.get((class as usize).checked_sub(1)?).copied()
    }

    /// The first and last addresses of the blocks that clauses name, and those just before and after them.
    pub(crate) fn edges(&self) -> (Vec<IpAddr>, Vec<IpAddr>) {
        let (mut inside, mut outside) = (Vec::new(), Vec::new());
        for block in self.clauses.iter().flatten() {
            inside.extend([block.first, block.last].into_iter().filter_map(|bits| address(block.v4, bits)));
            let around = [block.first.checked_sub(1), block.last.checked_add(1)];
            outside.extend(around.into_iter().flatten().filter_map(|bits| address(block.v4, bits)));
        }
        (inside, outside)
    }

    /// All addresses as stretches that lie in one class each, ascending.
    pub(crate) fn stretches(&self) -> Vec<(Block, u32)> {
        let mut stretches = Vec::new();
        for v4 in [false, true] {
            let end = if v4 { u128::from(u32::MAX) } else { u128::MAX };
            let mut edges: BTreeSet<u128> = BTreeSet::from([0]);
            for block in self.clauses.iter().flatten().filter(|block| block.v4 == v4) {
                edges.insert(block.first);
                edges.extend(block.last.checked_add(1).filter(|edge| *edge <= end));
            }
            let edges: Vec<u128> = edges.into_iter().collect();
            for (place, first) in edges.iter().enumerate() {
                let last = edges.get(place + 1).map_or(end, |next| next - 1);
                let fact = if v4 {
                    u32::try_from(*first).map(|bits| IpAddr::V4(Ipv4Addr::from_bits(bits))).ok()
                } else {
                    Some(IpAddr::V6(Ipv6Addr::from_bits(*first)))
                };
                let class = fact.and_then(|fact| self.places.get(&self.signature(fact))).copied().unwrap_or(0);
                stretches.push((Block { v4, first: *first, last }, class));
            }
        }
        stretches
    }

    /// The class of addresses that no clause names, where there are some.
    pub(crate) fn others(&self) -> Option<u32> {
        self.places.get(&vec![false; self.clauses.len()]).copied()
    }

    /// The classes whose addresses a clause holds, by the blocks that it names.
    pub(crate) fn inside(&self, blocks: &[Block]) -> Vec<u32> {
        let Some(clause) = self.clauses.iter().position(|known| known == blocks) else { return Vec::new() };
        let inside = |signature: &Vec<bool>| signature.get(clause).copied().unwrap_or(false);
        (1..).zip(&self.signatures).filter(|(_, signature)| inside(signature)).map(|(class, _)| class).collect()
    }

    fn signature(&self, fact: IpAddr) -> Vec<bool> {
        self.clauses.iter().map(|blocks| blocks.iter().any(|block| block.holds(fact))).collect()
    }
}

/// The blocks that a `from` clause names; nothing when it says `anywhere`.
pub(crate) fn blocks(ir: &Ir, refs: &[NetworkRef]) -> Option<Vec<Block>> {
    let mut blocks = Vec::new();
    for reference in refs {
        match reference {
            NetworkRef::Anywhere => return None,
            NetworkRef::Block(text) => blocks.extend(Block::parse(text)),
            NetworkRef::Network(place) => {
                let network = ir.networks.get(*place as usize);
                blocks
                    .extend(network.into_iter().flat_map(|network| &network.blocks).filter_map(|it| Block::parse(it)));
            }
        }
    }
    Some(blocks)
}

/// Whether the address is IPv4, its bits, and how many it has.
fn bits(address: IpAddr) -> (bool, u128, u32) {
    match address.to_canonical() {
        IpAddr::V4(v4) => (true, u128::from(v4.to_bits()), 32),
        IpAddr::V6(v6) => (false, v6.to_bits(), 128),
    }
}

/// The address of some bits; nothing for an IPv6 address that means an IPv4 one.
fn address(v4: bool, bits: u128) -> Option<IpAddr> {
    if v4 {
        return Some(IpAddr::V4(Ipv4Addr::from_bits(u32::try_from(bits).ok()?)));
    }
    let address = IpAddr::V6(Ipv6Addr::from_bits(bits));
    (address.to_canonical() == address).then_some(address)
}
