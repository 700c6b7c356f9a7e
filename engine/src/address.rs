//! Network addresses and blocks. An IPv4-mapped IPv6 address means the IPv4 address.

use std::net::IpAddr;

/// Reads an address.
pub(crate) fn parse(text: &str) -> Option<IpAddr> {
    text.parse::<IpAddr>().ok().map(|address| address.to_canonical())
}

/// A CIDR block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Block {
    bits: u128,
    prefix: u8,
    v4: bool,
}

impl Block {
    /// Reads `203.0.113.0/24`; the error says what is wrong.
    pub(crate) fn parse(text: &str) -> Result<Self, &'static str> {
        let (address, prefix) = text.split_once('/').ok_or("has no prefix length")?;
        let address: IpAddr = address.parse().map_err(|_| "has no valid address")?;
        if address.to_canonical() != address {
            return Err("is IPv4-mapped; write the IPv4 block");
        }
        if prefix.is_empty() || prefix.len() > 3 || !prefix.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err("has no valid prefix length");
        }
        let prefix: u8 = prefix.parse().map_err(|_| "has no valid prefix length")?;
        let (bits, width) = bits(address);
        if prefix > width {
            return Err("has a prefix longer than the address");
        }
        let block = Self { bits, prefix, v4: address.is_ipv4() };
        if bits & !block.mask() != 0 { Err("has host bits set below its prefix") } else { Ok(block) }
    }

    pub(crate) fn holds(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        address.is_ipv4() == self.v4 && bits(address).0 & self.mask() == self.bits
    }

    fn mask(&self) -> u128 {
        // Both widths are kept in the upper bits, so one mask serves them.
        let free = 128_u32.saturating_sub(u32::from(self.prefix));
        u128::MAX.checked_shl(free).unwrap_or(0)
    }
}

/// The address in the upper bits, and its width.
fn bits(address: IpAddr) -> (u128, u8) {
    match address {
        IpAddr::V4(v4) => (u128::from(v4.to_bits()) << 96, 32),
        IpAddr::V6(v6) => (v6.to_bits(), 128),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(block: &str, address: &str) -> bool {
        Block::parse(block).unwrap().holds(parse(address).unwrap())
    }

    #[test]
    fn a_block_holds_what_shares_its_prefix() {
        assert!(holds("203.0.113.0/24", "203.0.113.7"));
        assert!(!holds("203.0.113.0/24", "203.0.114.7"));
        assert!(holds("203.0.113.7/32", "203.0.113.7"));
        assert!(holds("0.0.0.0/0", "198.51.100.1"));
        assert!(!holds("0.0.0.0/0", "2001:db8::1"));
        assert!(holds("2001:db8::/48", "2001:db8:0:1::1"));
        assert!(!holds("::/0", "203.0.113.7"));
    }

    #[test]
    fn a_mapped_address_is_the_ipv4_address() {
        assert!(holds("203.0.113.0/24", "::ffff:203.0.113.7"));
        assert!(!holds("::/0", "::ffff:203.0.113.7"));
    }

    #[test]
    fn blocks_that_mean_something_else_than_they_say_are_refused() {
        for block in [
            "203.0.113.7/24",
            "203.0.113.7",
            "203.0.113.0/33",
            "203.0.113.0/+8",
            "::ffff:203.0.113.0/120",
            "x/8",
            "1.2.3.0/",
        ] {
            assert!(Block::parse(block).is_err(), "{block}");
        }
    }
}
