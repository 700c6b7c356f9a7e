//! What a key may do as a table: by account, operation and address, or by account, operation, payee and amount. What
//! hangs on anything else is left out, so that a table never allows more than the policy; what that takes away is said.
//!
//! Read off the regions: a cell is granted when every request in it is allowed, whatever the other facts are.

use bpol_engine::ir::{Dimension, Effect, Ir};

use crate::analyze::mdd::{Classes, Diagrams, Id, Step};
use crate::analyze::phrase::{self, Facts};
use crate::analyze::region::fields;
use crate::analyze::space::{Space, Variable};
use crate::analyze::{Region, Regions, TooLarge};

/// Which facts a table tells apart beside account and operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum By {
    /// Where the call comes from.
    Address,
    /// Whom is paid, and how much.
    Payment,
}

/// Which account.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum On {
    /// A declared account, by place.
    Declared(usize),
    /// An account that is not declared, by its name.
    Named(String),
    /// An account that is not declared, by its kind.
    Kind(String),
    /// Any other account whose IBAN or id is told.
    Other,
    /// Neither IBAN nor id is told.
    Untold,
    /// Any account at all; also for what is about no account.
    Any,
}

/// The most that may be paid at once, by currency, in smallest units.
pub(crate) type Most = Vec<(String, i128)>;

/// A cell of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Grant {
    /// Which account.
    pub(crate) on: On,
    /// Blocks from which the call may come; nothing for anywhere.
    pub(crate) addresses: Option<Vec<String>>,
    /// IBANs that may be paid; nothing for anyone.
    pub(crate) payees: Option<Vec<String>>,
    /// The most that may be paid at once; nothing for any amount.
    pub(crate) most: Option<Most>,
    /// Fields that an answer shows; nothing for what has none.
    pub(crate) fields: Option<Vec<String>>,
}

/// What a key may do with one operation.
#[derive(Debug, Clone)]
pub(crate) struct Granted {
    /// The operation's place in the table of operations.
    pub(crate) operation: usize,
    /// In which cells.
    pub(crate) grants: Vec<Grant>,
    /// Whether the policy allows more than the cells say.
    pub(crate) more: bool,
}

/// All that a key is granted, by operation.
pub(crate) fn granted(ir: &Ir, key: usize, by: By) -> Result<Vec<Granted>, TooLarge> {
    let mut regions = Regions::of(ir, key)?;
    let mut of_region: Vec<(Vec<Grant>, bool)> = Vec::new();
    for region in &mut regions.regions {
        of_region.push(Table { ir, by, region }.read()?);
    }
    let places = regions.of_operation.iter().enumerate();
    let found = places.filter_map(|(operation, region)| {
        let (grants, more) = of_region.get((*region)?)?.clone();
        (more || !grants.is_empty()).then_some(Granted { operation, grants, more })
    });
    Ok(found.collect())
}

struct Table<'t, 'p> {
    ir: &'t Ir,
    by: By,
    region: &'t mut Region<'p>,
}

impl Table<'_, '_> {
    fn read(&mut self) -> Result<(Vec<Grant>, bool), TooLarge> {
        let allowed = self.where_allowed(None);
        let wanted =
            phrase::reached(&self.region.space, &mut self.region.diagrams, self.region.history, allowed, Facts::Any)?;
        if wanted == Id::FALSE {
            return Ok((Vec::new(), false));
        }
        let room = self.with_what_cannot_be(allowed)?;
        let field_rooms = self.field_rooms()?;
        let mut rest = wanted;
        let mut out = Vec::new();
        let mut more = false;
        for (on, steps) in self.rows() {
            for (grant, cell) in self.cells(room, &on, &steps) {
                let fields = self.fields(&field_rooms, wanted, &cell, &mut more);
                let outside = self.region.diagrams.outside(&cell);
                rest = self.region.diagrams.and(rest, outside);
                out.push(Grant { fields, ..grant });
            }
        }
        if self.region.diagrams.is_exhausted() {
            return Err(TooLarge { reason: "what a key may do takes more steps than allowed".to_owned() });
        }
        Ok((joined(self.ir, out), more || rest != Id::FALSE))
    }

    /// Where the request is allowed, and shows a field.
    fn where_allowed(&mut self, field: Option<usize>) -> Id {
        let shows = |shown: Option<u64>| field.is_none_or(|bit| shown.is_some_and(|shown| shown >> bit & 1 != 0));
        let outcomes = self.region.outcomes.iter();
        let wanted: Vec<bool> =
            outcomes.map(|outcome| outcome.effect == Effect::Allow && shows(outcome.fields)).collect();
        let plain = self.region.plain;
        self.region.diagrams.holds(plain, |value| wanted.get(value as usize).copied().unwrap_or(false))
    }

    /// The same and all points at which no request can be, where nothing is decided.
    fn with_what_cannot_be(&mut self, id: Id) -> Result<Id, TooLarge> {
        let region = &mut *self.region;
        let outside = region.diagrams.not(id);
        let outside = phrase::reached(&region.space, &mut region.diagrams, region.history, outside, Facts::Any)?;
        Ok(region.diagrams.not(outside))
    }

    fn field_rooms(&mut self) -> Result<Vec<(String, Id, Id)>, TooLarge> {
        let Some(operation) = self.region.space.sides.first().map(|side| side.operation) else {
            return Ok(Vec::new());
        };
        let names: Vec<String> = fields(operation).map(str::to_owned).collect();
        let mut out = Vec::new();
        if self.region.outcomes.iter().all(|outcome| outcome.fields.is_none()) {
            return Ok(out);
        }
        for (bit, name) in names.into_iter().enumerate() {
            let shown = self.where_allowed(Some(bit));
            out.push((name, shown, self.with_what_cannot_be(shown)?));
        }
        Ok(out)
    }

    /// The accounts that the table tells apart, each as a box.
    fn rows(&self) -> Vec<(On, Vec<Step>)> {
        let space = &self.region.space;
        if !space.sides.first().is_some_and(|side| side.tells(Dimension::Account)) {
            return vec![(On::Any, Vec::new())];
        }
        let side = space.sides.first();
        let declared = |class: u32| {
            let fact = space.account.fact(class);
            side.and_then(|side| side.names.declared(&fact).ok().flatten())
        };
        let classes = |wanted: &dyn Fn(Option<usize>) -> bool| -> Vec<u32> {
            (0..space.account.size()).filter(|class| wanted(declared(*class))).collect()
        };
        let step = |variable: Variable, classes: Vec<u32>| Step {
            variable: space.number(variable),
            classes: Classes::In(classes),
        };
        let strangers = classes(&|declared| declared.is_none());
        let told = |class: &u32| {
            let fact = space.account.fact(*class);
            (fact.iban.is_some(), fact.id.is_some())
        };
        let (untold, known): (Vec<u32>, Vec<u32>) = strangers.iter().partition(|class| told(class) == (false, false));
        let mut rows = Vec::new();
        for (place, account) in self.ir.accounts.iter().enumerate() {
            let mut steps = Vec::new();
            if space.account.size() > 1 {
                let mut own = classes(&|declared| declared == Some(place));
                if own.is_empty() {
                    // One that no rule tells apart from others looks like any of them, known by what is declared of it.
                    let by_its_own = |class: &u32| {
                        let (iban, id) = told(class);
                        iban && account.iban.is_some() || id && account.id.is_some()
                    };
                    own = known.iter().copied().filter(by_its_own).collect();
                }
                steps.push(step(Variable::Account, own));
            }
            if let Some(kind) = account.kind.as_deref().filter(|_| space.kind.size() > 1) {
                steps.push(step(Variable::Kind, vec![0, space.kind.class(Some(kind))]));
            }
            rows.push((On::Declared(place), steps));
        }
        let others = |classes: &[u32], mut steps: Vec<Step>| {
            if space.account.size() > 1 {
                steps.insert(0, step(Variable::Account, classes.to_vec()));
            }
            steps
        };
        rows.push((On::Other, others(&known, Vec::new())));
        rows.push((On::Untold, others(&untold, Vec::new())));
        if space.name.size() > 1 {
            let named = space.name.words().map(|(class, name)| (On::Named(name.to_owned()), class));
            rows.extend(named.map(|(on, class)| (on, others(&strangers, vec![step(Variable::Name, vec![class])]))));
        }
        if space.kind.size() > 1 {
            let kinds = space.kind.words().map(|(class, kind)| (On::Kind(kind.to_owned()), class));
            rows.extend(kinds.map(|(on, class)| (on, others(&strangers, vec![step(Variable::Kind, vec![class])]))));
        }
        rows
    }

    /// What is granted in a row: the grants without their fields, each with its box.
    fn cells(&mut self, room: Id, on: &On, steps: &[Step]) -> Vec<(Grant, Vec<Step>)> {
        let space = &self.region.space;
        let diagrams = &mut self.region.diagrams;
        let plain = Grant { on: on.clone(), addresses: None, payees: None, most: None, fields: None };
        match self.by {
            By::Address => {
                let Some(granted) = every(diagrams, space, room, steps, Variable::Ip) else {
                    return vec![(plain, steps.to_vec())];
                };
                // Who may call without an address may call from anywhere.
                let blocks = phrase::blocks(space, &|class| class != 0 && granted.has(class));
                if blocks.is_empty() {
                    return Vec::new();
                }
                let told = (1..space.ip.size()).filter(|class| granted.has(*class)).collect();
                let cell = with(space, steps, Variable::Ip, Classes::In(told));
                vec![(Grant { addresses: Some(blocks), ..plain }, cell)]
            }
            By::Payment => payments(diagrams, space, room, steps, &plain),
        }
    }

    /// The fields that are shown wherever a box is granted.
    fn fields(
        &mut self,
        rooms: &[(String, Id, Id)],
        wanted: Id,
        cell: &[Step],
        more: &mut bool,
    ) -> Option<Vec<String>> {
        if rooms.is_empty() {
            return None;
        }
        let diagrams = &mut self.region.diagrams;
        let inside = diagrams.inside(cell);
        let mut shown = Vec::new();
        for (name, somewhere, room) in rooms {
            let hidden = diagrams.not(*room);
            if diagrams.and(hidden, inside) == Id::FALSE {
                shown.push(name.clone());
            } else {
                let here = diagrams.all(vec![*somewhere, inside, wanted]);
                *more |= here != Id::FALSE;
            }
        }
        Some(shown)
    }
}

/// The payees and amounts that are granted in a row.
fn payments(
    diagrams: &mut Diagrams,
    space: &Space<'_>,
    room: Id,
    steps: &[Step],
    plain: &Grant,
) -> Vec<(Grant, Vec<Step>)> {
    let Some(anyone) = every(diagrams, space, room, steps, Variable::Payee) else {
        return vec![(plain.clone(), steps.to_vec())];
    };
    let mut out: Vec<(Grant, Vec<Step>)> = Vec::new();
    let mut add = |most: Option<Most>, payees: Option<String>, cell: Vec<Step>| {
        let grant = Grant { most, payees: payees.map(|iban| vec![iban]), ..plain.clone() };
        out.push((grant, cell));
    };
    // Whoever is paid, and where nothing is told of whom.
    let to_anyone = amounts(diagrams, space, room, steps);
    for (most, cell) in &to_anyone {
        add(most.clone(), None, cell.clone());
    }
    for (iban, class) in space.payee.ibans() {
        let cell = with(space, steps, Variable::Payee, Classes::In(vec![class]));
        if anyone.has(class) {
            add(None, Some(iban.to_owned()), cell);
            continue;
        }
        for (most, cell) in amounts(diagrams, space, room, &cell) {
            if !to_anyone.iter().any(|(known, _)| *known == most) {
                add(most, Some(iban.to_owned()), cell);
            }
        }
    }
    // One list for payees that may be paid alike; what anyone may be paid needs no saying again.
    let mut lists: Vec<(Grant, Vec<Step>)> = Vec::new();
    for (grant, cell) in out {
        let known = lists.iter_mut().find(|(known, _)| known.payees.is_some() && known.most == grant.most);
        match (known, &grant.payees) {
            (Some((known, _)), Some(ibans)) => {
                known.payees.get_or_insert_default().extend(ibans.iter().cloned());
                lists.push((Grant { payees: Some(Vec::new()), ..grant }, cell));
            }
            _ => lists.push((grant, cell)),
        }
    }
    lists
}

/// The most that is granted of each currency whatever the rest is; nothing for any amount.
fn amounts(diagrams: &mut Diagrams, space: &Space<'_>, room: Id, steps: &[Step]) -> Vec<(Option<Most>, Vec<Step>)> {
    let Some(granted) = every(diagrams, space, room, steps, Variable::Amount) else {
        return vec![(None, steps.to_vec())];
    };
    let mut most: Most = Vec::new();
    let mut classes = Vec::new();
    let mut broken: Option<String> = None;
    for (class, interval) in space.amount.intervals() {
        // Beyond the first amount that is not granted nothing is: a table says only `at most`.
        if broken.as_ref() == Some(&interval.currency) || !granted.has(class) {
            broken = Some(interval.currency.clone());
            continue;
        }
        classes.push(class);
        match most.last_mut().filter(|(currency, _)| *currency == interval.currency) {
            Some((_, most)) => *most = interval.to,
            None => most.push((interval.currency.clone(), interval.to)),
        }
    }
    if classes.is_empty() {
        return Vec::new();
    }
    vec![(Some(most), with(space, steps, Variable::Amount, Classes::In(classes)))]
}

/// The classes of a variable with which a box lies wholly in a room; nothing when all do.
fn every(diagrams: &mut Diagrams, space: &Space<'_>, room: Id, steps: &[Step], variable: Variable) -> Option<Classes> {
    let sets: Vec<(u32, Option<Classes>)> =
        steps.iter().map(|step| (step.variable, Some(step.classes.clone()))).collect();
    let number = space.number(variable);
    let onto = diagrams.onto_all(room, &sets, number);
    diagrams.true_classes(onto, number)
}

/// A box with one variable more.
fn with(space: &Space<'_>, steps: &[Step], variable: Variable, classes: Classes) -> Vec<Step> {
    let mut out = steps.to_vec();
    out.push(Step { variable: space.number(variable), classes });
    out.sort_unstable_by_key(|step| step.variable);
    out
}

/// Drops what another grant says as well, and says `any account` where all accounts have the same.
fn joined(ir: &Ir, mut grants: Vec<Grant>) -> Vec<Grant> {
    grants.retain(|grant| grant.payees.as_ref().is_none_or(|payees| !payees.is_empty()));
    let alike = |one: &Grant, on: &On| Grant { on: on.clone(), ..one.clone() };
    // What is known by its name or its kind alone is among those of which no more is known, and among the others.
    let before = grants.clone();
    let said = |grant: &Grant, on: &On| before.iter().any(|one| one.on == *on && shows_as_much(one, grant));
    grants.retain(|grant| {
        let narrow = matches!(grant.on, On::Named(_) | On::Kind(_));
        !(narrow && said(grant, &On::Other) && said(grant, &On::Untold))
    });
    let others: Vec<Grant> = grants.iter().filter(|grant| grant.on == On::Other).cloned().collect();
    for other in others {
        let declared = (0..ir.accounts.len()).map(On::Declared);
        if declared.chain([On::Untold]).all(|on| grants.contains(&alike(&other, &on))) {
            grants.retain(|grant| alike(grant, &On::Other) != other);
            grants.push(alike(&other, &On::Any));
        }
    }
    grants.sort_by(|one, other| one.on.cmp(&other.on));
    grants
}

/// Whether a grant is as another, of any account, and shows at least its fields.
fn shows_as_much(one: &Grant, other: &Grant) -> bool {
    let same = Grant { on: other.on.clone(), fields: other.fields.clone(), ..one.clone() } == *other;
    let shown = |field: &String| one.fields.iter().flatten().any(|known| known == field);
    same && other.fields.iter().flatten().all(shown)
}
