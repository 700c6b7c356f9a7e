//! Operations in groups.

use bpol_engine::ir::{Ir, Tier};

use super::list::joined;

/// Operations by their places, those of one resource or of the same actions together, and whole tiers by their name:
/// `create payments and payment-batches; read everything`.
pub fn operations(ir: &Ir, places: &[usize]) -> Vec<String> {
    let mut out = Vec::new();
    let mut left: Vec<usize> = places.to_vec();
    left.sort_unstable();
    left.dedup();
    for (tier, words) in [
        (Tier::Read, "read everything"),
        (Tier::Sensitive, "everything that is sensitive"),
        (Tier::Write, "write everything"),
        (Tier::Spend, "spend in every way"),
        (Tier::Control, "control everything"),
    ] {
        let all: Vec<usize> = (0..ir.operations.len()).filter(|place| ir.operations[*place].tier == tier).collect();
        if !all.is_empty() && all.iter().all(|place| left.binary_search(place).is_ok()) {
            left.retain(|place| all.binary_search(place).is_err());
            out.push(words.to_owned());
        }
    }
    let mut resources: Vec<(&str, Vec<&str>)> = Vec::new();
    for operation in left.iter().filter_map(|place| ir.operations.get(*place)) {
        match resources.iter_mut().find(|(resource, _)| *resource == operation.resource) {
            Some((_, actions)) => actions.push(&operation.action),
            None => resources.push((&operation.resource, vec![&operation.action])),
        }
    }
    let mut groups: Vec<(Vec<&str>, Vec<String>)> = Vec::new();
    for (resource, actions) in resources {
        let noun = plural(resource);
        match groups.iter_mut().find(|(known, _)| *known == actions) {
            Some((_, nouns)) => nouns.push(noun),
            None => groups.push((actions, vec![noun])),
        }
    }
    out.extend(groups.into_iter().map(|(actions, nouns)| {
        let actions: Vec<String> = actions.into_iter().map(str::to_owned).collect();
        format!("{} {}", joined(&actions, "and"), joined(&nouns, "and"))
    }));
    out
}

/// The plural of a resource word. Compiled policies have the singular alone, so this is English at its plainest.
pub fn plural(resource: &str) -> String {
    let ends = |end: &str| resource.ends_with(end);
    match resource.strip_suffix('y') {
        Some(stem) if !stem.ends_with(['a', 'e', 'o', 'u']) => format!("{stem}ies"),
        _ if resource == "health" || (ends("s") && !ends("ss") && !ends("us")) => resource.to_owned(),
        _ if ends("s") || ends("x") || ends("ch") || ends("sh") => format!("{resource}es"),
        _ => format!("{resource}s"),
    }
}
