//! Whether two ways of writing a key are decided alike: both are compiled, beside all that keys may depend on.

use bpol_engine::ir::{Ir, Place, Rule};
use camino::Utf8Path;

use crate::ide::View;
use crate::syntax::tree::{Item, ItemKind};
use crate::{Input, check, compile};

/// A file of more bytes of declarations is not compiled for an offer.
const MOST: usize = 200_000;

/// What items come to beside the declarations and roles of the policy; nothing when they have errors. `but` is left out.
pub(super) fn compiled(view: View<'_>, written: &str, but: Option<&Item>) -> Option<Ir> {
    let mut text = String::new();
    for ((file, source), tree) in view.checked.sources.iter().zip(&view.checked.trees) {
        for item in &tree.items {
            let is_shared = !matches!(
                item.kind,
                ItemKind::Key { .. }
                    | ItemKind::Test(_)
                    | ItemKind::Ensure(_)
                    | ItemKind::Guardrail { .. }
                    | ItemKind::Import(_)
                    | ItemKind::Bad
            );
            let is_left_out = file == view.file && but.is_some_and(|but| but.span == item.span);
            if is_shared && !is_left_out {
                text.push_str(item.span.of(&source.text));
                text.push('\n');
            }
        }
    }
    if text.len() > MOST {
        return None;
    }
    text.push_str(written);
    let bank = match &view.checked.policy.bank {
        check::Bank::Bunq => None,
        check::Bank::Other(_) => Some(()),
    };
    // The catalogue of another bank would have to be read again, and there are no files here.
    if bank.is_some() {
        return None;
    }
    let input = Input { path: "a.bpol".into(), text };
    let checked = check::check(vec![input], Utf8Path::new("."), &|_| Err("there are no files here".to_owned()));
    compile(&checked)
}

/// Whether two policies have the same rules for the same keys, whatever they are called and wherever they stand.
pub(super) fn alike(one: &Ir, other: &Ir) -> bool {
    plain(one) == plain(other)
}

/// The policy as text, rules as sets, counters by what they are.
fn plain(ir: &Ir) -> Option<String> {
    let mut ir = ir.clone();
    let strip = |rules: &mut Vec<Rule>| {
        for rule in rules.iter_mut() {
            rule.id = String::new();
            rule.place = Place { file: String::new(), line: 0, column: 0 };
            rule.text = String::new();
            rule.doc = None;
        }
    };
    ir.keys.iter_mut().for_each(|key| strip(&mut key.rules));
    ir.guardrails.iter_mut().for_each(|guardrail| strip(&mut guardrail.rules));
    let mut value = serde_json::to_value(&ir).ok()?;
    // Tables go by index; what an index names is put in its place.
    let counters = value["counters"].clone();
    let scopes = value["scopes"].clone();
    inline(&mut value["keys"], &counters, &scopes);
    inline(&mut value["guardrails"], &counters, &scopes);
    inline(&mut value["limits"], &counters, &scopes);
    for table in ["counters", "scopes"] {
        value[table] = serde_json::Value::Null;
    }
    sort(&mut value);
    serde_json::to_string(&value).ok()
}

fn inline(value: &mut serde_json::Value, counters: &serde_json::Value, scopes: &serde_json::Value) {
    match value {
        serde_json::Value::Array(all) => all.iter_mut().for_each(|one| inline(one, counters, scopes)),
        serde_json::Value::Object(all) => {
            for (name, one) in all.iter_mut() {
                if name == "counter"
                    && let Some(place) = one.as_u64().and_then(|place| usize::try_from(place).ok())
                {
                    let mut counter = counters[place].clone();
                    let of = counter["scopes"].as_array().cloned().unwrap_or_default();
                    let of = of.iter().filter_map(|scope| scopes.get(usize::try_from(scope.as_u64()?).ok()?)).cloned();
                    counter["scopes"] = of.collect();
                    *one = counter;
                } else {
                    inline(one, counters, scopes);
                }
            }
        }
        _ => {}
    }
}

/// The elements of every list in one order: lists of rules are sets.
fn sort(value: &mut serde_json::Value) {
    match value {
        serde_json::Value::Array(all) => {
            all.iter_mut().for_each(sort);
            all.sort_by_key(serde_json::Value::to_string);
        }
        serde_json::Value::Object(all) => all.iter_mut().for_each(|(_, one)| sort(one)),
        _ => {}
    }
}
