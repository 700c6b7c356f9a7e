//! Addresses and blocks of addresses.

use std::net::{IpAddr, Ipv6Addr};

use ipnet::IpNet;

use crate::check::context::{At, Context};
use crate::diag::Power;
use crate::syntax::tree::Token;

/// Reads a block or a single address and gives it with its prefix length, IPv4-mapped addresses as IPv4. `fewer` is what
/// fewer addresses do to power where it stands.
pub(crate) fn block(cx: &mut Context<'_>, at: At<'_>, token: Token, fewer: Power) -> Option<String> {
    let written = at.word(token);
    let network: Option<IpNet> = match written.parse::<IpNet>() {
        Ok(network) => Some(network),
        Err(_) => written.parse::<IpAddr>().ok().map(IpNet::from),
    };
    let Some(network) = network else {
        cx.report(
            at.error("network-shape", token, format!("`{written}` is neither an address nor a block of addresses"))
                .help("write it like `203.0.113.7`, `203.0.113.0/24` or `2001:db8::/48`"),
        );
        return None;
    };
    let Some(network) = plain(network) else {
        cx.report(
            at.error(
                "network-shape",
                token,
                format!("`{written}` is wider than all IPv4 addresses and only looks like some of them"),
            )
            .help("write IPv4 blocks as such, for instance `203.0.113.0/24`"),
        );
        return None;
    };
    if network != network.trunc() {
        let trunc = network.trunc();
        let one = network.addr();
        cx.report(
            at.error(
                "network-host-bits",
                token,
                format!("`{written}` has bits below its prefix: it could mean the block `{trunc}` or the one address `{one}`"),
            )
            .help(format!("write `{trunc}` or `{one}`"))
            .fix(format!("write `{one}`"), fewer, token, one.to_string())
            .fix(format!("write `{trunc}`"), Power::Widens, token, trunc.to_string()),
        );
        return None;
    }
    Some(network.to_string())
}

/// Reads a single address, an IPv4-mapped one as IPv4.
pub(crate) fn address(cx: &mut Context<'_>, at: At<'_>, token: Token) -> Option<IpAddr> {
    let written = at.word(token);
    match written.parse::<IpAddr>() {
        Ok(address) => Some(address.to_canonical()),
        Err(_) => {
            cx.report(
                at.error("address-shape", token, format!("`{written}` is not an address"))
                    .help("write one address, such as `203.0.113.7` or `2001:db8::7`"),
            );
            None
        }
    }
}

/// An IPv4-mapped block as the IPv4 block; nothing for one that is wider than the mapped range.
fn plain(network: IpNet) -> Option<IpNet> {
    let IpNet::V6(six) = network else { return Some(network) };
    let mapped = Ipv6Addr::new(0, 0, 0, 0, 0, 0xffff, 0, 0);
    let Some(four) = six.addr().to_ipv4_mapped() else { return Some(network) };
    if six.prefix_len() < 96 {
        return if six.addr() == mapped { None } else { Some(network) };
    }
    ipnet::Ipv4Net::new(four, six.prefix_len() - 96).ok().map(IpNet::V4)
}
