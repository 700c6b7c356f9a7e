//! Profiles of enforcement points.

use toml::de::DeTable;

use super::need::Ability;
use crate::catalogue::Fault;
use crate::catalogue::table::{Table, range};
use crate::source::Span;

/// What an enforcement point can do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// Its name.
    pub name: String,
    /// What it is, in a sentence or two.
    pub doc: String,
    /// What it can do, sorted.
    pub offers: Vec<Ability>,
}

const BUILT_IN: [&str; 5] = [
    include_str!("../../catalogue/targets/engine.toml"),
    include_str!("../../catalogue/targets/envoy-ext-authz.toml"),
    include_str!("../../catalogue/targets/haproxy-spoe.toml"),
    include_str!("../../catalogue/targets/nginx-auth-request.toml"),
    include_str!("../../catalogue/targets/nginx-njs.toml"),
];

/// The targets that are built in, by name. A test reads each of their files.
pub fn builtin() -> Vec<Target> {
    BUILT_IN.iter().filter_map(|text| Target::read(text).ok()).collect()
}

impl Target {
    /// Reads a profile; all that is wrong with it, in the order of the text.
    pub fn read(text: &str) -> Result<Self, Vec<Fault>> {
        let document = DeTable::parse(text).map_err(|error| {
            vec![Fault::new(error.span().map_or(Span::default(), range), error.message().to_owned())]
        })?;
        let table = Table::document(&document);
        let mut faults = Vec::new();
        table.closed(&["name", "doc", "offers"], &mut faults);
        let name = table.required("name", &mut faults);
        let doc = table.required("doc", &mut faults);
        if table.value("offers").is_none() {
            faults.push(Fault::new(table.span, "`offers` is missing").help("add `offers = [\"body\", …]`"));
        }
        let mut offers = Vec::new();
        for word in table.texts("offers", &mut faults) {
            match Ability::all().find(|ability| ability.word() == word.text) {
                Some(ability) => offers.push(ability),
                None => {
                    let fault = Fault::new(word.span, format!("`{}` is nothing that a target can do", word.text));
                    faults.push(fault.nearest(&word.text, Ability::all().map(Ability::word)));
                }
            }
        }
        offers.sort_unstable();
        offers.dedup();
        faults.sort_by_key(|fault| fault.span);
        match (name, doc) {
            (Some(name), Some(doc)) if faults.is_empty() => Ok(Self { name: name.text, doc: doc.text, offers }),
            _ => Err(faults),
        }
    }

    /// Whether it can do this.
    pub fn can(&self, ability: Ability) -> bool {
        self.offers.contains(&ability)
    }
}

#[cfg(test)]
mod tests {
    use super::{BUILT_IN, Target, builtin};

    #[test]
    fn every_profile_that_is_built_in_can_be_read() {
        let names: Vec<String> = builtin().into_iter().map(|target| target.name).collect();
        assert_eq!(names, ["engine", "envoy-ext-authz", "haproxy-spoe", "nginx-auth-request", "nginx-njs"]);
        assert_eq!(names.len(), BUILT_IN.len());
    }

    #[track_caller]
    fn refuses(text: &str, expected: &[(&str, Option<&str>)]) {
        let faults = Target::read(text).unwrap_err();
        let found: Vec<(&str, Option<&str>)> =
            faults.iter().map(|fault| (fault.message.as_str(), fault.help.as_deref())).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_misspelt_word_is_refused_with_the_nearest() {
        refuses(
            "name = \"mine\"\ndoc = \"mine\"\noffer = []\noffers = [\"bodi\"]\n",
            &[
                ("`offer` means nothing here", Some("write `offers`")),
                ("`bodi` is nothing that a target can do", Some("write `body`")),
            ],
        );
        refuses("name = \"mine\"\ndoc = \"mine\"\n", &[("`offers` is missing", Some("add `offers = [\"body\", …]`"))]);
    }
}
