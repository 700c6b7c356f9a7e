//! A diagram by what the classes of its variables hold, so that cuts which tell nothing apart leave no trace.

use hashbrown::HashMap;

use crate::analyze::TooLarge;
use crate::analyze::mdd::{Diagrams, Id};
use crate::analyze::meaning::digest::{Digest, Text};
use crate::analyze::space::flag::{NO, YES};
use crate::analyze::space::words::Words;
use crate::analyze::space::{Space, Variable};

/// Diagrams while they are hashed.
pub(super) struct Nodes<'n, 'p> {
    space: &'n Space<'p>,
    diagrams: &'n Diagrams,
    labels: &'n [Digest],
    counters: &'n [Digest],
    known: HashMap<Id, Digest>,
}

impl<'n, 'p> Nodes<'n, 'p> {
    /// Diagrams whose values are places in a list of labels, and whose totals are places in one of counters.
    pub(super) fn new(
        space: &'n Space<'p>,
        diagrams: &'n Diagrams,
        labels: &'n [Digest],
        counters: &'n [Digest],
    ) -> Result<Self, TooLarge> {
        if space.amount.others().is_none() && space.amount.size() > 1 {
            return Err(TooLarge { reason: "caps name every currency from which another one is taken".to_owned() });
        }
        Ok(Self { space, diagrams, labels, counters, known: HashMap::new() })
    }

    /// The digest of a diagram; of a value its label.
    pub(super) fn digest(&mut self, id: Id) -> Result<Digest, TooLarge> {
        if let Some(value) = id.value() {
            let missing = || TooLarge { reason: "a decision has no name".to_owned() };
            return self.labels.get(value as usize).copied().ok_or_else(missing);
        }
        if let Some(known) = self.known.get(&id) {
            return Ok(*known);
        }
        let variable = self.diagrams.first(id).map_or(Variable::Age, |number| self.space.variable(number));
        let digest = self.node(id, variable)?;
        self.known.insert(id, digest);
        Ok(digest)
    }

    fn node(&mut self, id: Id, variable: Variable) -> Result<Digest, TooLarge> {
        let space = self.space;
        match variable {
            Variable::Own => self.flag("own", id),
            Variable::PayeeOwn => self.flag("payee own", id),
            Variable::Favorite => self.flag("favorite", id),
            Variable::Method => self.words("method", id, &space.method),
            Variable::Repeat => self.words("repeat", id, &space.repeat),
            Variable::Name => self.words("name", id, &space.name),
            Variable::Kind => self.words("kind", id, &space.kind),
            Variable::Url => self.words("url", id, &space.url),
            Variable::Account => self.account(id),
            Variable::Payee => self.payee(id),
            Variable::Amount => self.amount(id),
            Variable::Total(place) => self.total(id, place),
            Variable::Ip => self.address(id),
            Variable::Now | Variable::Week | Variable::Created | Variable::Age => {
                Err(TooLarge { reason: "a time stands where none is looked for".to_owned() })
            }
        }
    }

    fn child(&mut self, id: Id, class: u32) -> Result<Digest, TooLarge> {
        self.digest(self.diagrams.child_of(id, class))
    }

    fn flag(&mut self, what: &str, id: Id) -> Result<Digest, TooLarge> {
        let mut text = Text::new(what);
        for class in [0, NO, YES] {
            text.digest(self.child(id, class)?);
        }
        Ok(text.finish())
    }

    /// Unknown, the other words where there are some, and the words that go elsewhere than those.
    fn words(&mut self, what: &str, id: Id, words: &Words) -> Result<Digest, TooLarge> {
        let mut text = Text::new(what);
        text.digest(self.child(id, 0)?);
        let others = words.others().map(|class| self.child(id, class)).transpose()?;
        if let Some(others) = others {
            text.digest(others);
        }
        for (class, word) in words.words() {
            let child = self.child(id, class)?;
            if others != Some(child) {
                text.word(word).digest(child);
            }
        }
        Ok(text.finish())
    }

    /// A stranger with nothing, one fact or both told, and the accounts that go elsewhere than a stranger.
    fn account(&mut self, id: Id) -> Result<Digest, TooLarge> {
        let space = self.space;
        let mut exceptions: Vec<(Option<&str>, Option<u64>, u32, Digest)> = Vec::new();
        let mut strangers: Vec<(u32, Digest)> = Vec::new();
        for (class, fact) in space.account.classes() {
            let told = u32::from(fact.iban.is_some()) + 2 * u32::from(fact.id.is_some());
            let child = self.child(id, class)?;
            let beside = space.account.beside(class);
            if beside == class {
                strangers.push((told, child));
            } else if self.child(id, beside)? != child {
                let (iban, id) = space.account.spoken(class);
                exceptions.push((iban, id, told, child));
            }
        }
        strangers.sort_unstable();
        exceptions.sort_unstable();
        let mut text = Text::new("account");
        strangers.into_iter().for_each(|(_, child)| _ = text.digest(child));
        for (iban, id, told, child) in exceptions {
            text.option(iban).option(id.map(|id| id.to_string()).as_deref()).number(i128::from(told)).digest(child);
        }
        Ok(text.finish())
    }

    fn payee(&mut self, id: Id) -> Result<Digest, TooLarge> {
        let payee = &self.space.payee;
        let others = self.child(id, payee.others())?;
        let mut text = Text::new("payee");
        text.digest(self.child(id, 0)?).digest(others);
        for (iban, class) in payee.ibans() {
            let child = self.child(id, class)?;
            if child != others {
                text.word(iban).digest(child);
            }
        }
        Ok(text.finish())
    }

    /// Unknown, other currencies, and of each currency that goes elsewhere the least amount of each stretch.
    fn amount(&mut self, id: Id) -> Result<Digest, TooLarge> {
        let amount = &self.space.amount;
        let others = self.child(id, amount.others().unwrap_or(0))?;
        let mut text = Text::new("amount");
        text.digest(self.child(id, 0)?).digest(others);
        let mut by_currency: Vec<(&str, Vec<(i128, Digest)>)> = Vec::new();
        for (class, interval) in amount.intervals() {
            let child = self.child(id, class)?;
            if by_currency.last().is_none_or(|(currency, _)| *currency != interval.currency) {
                by_currency.push((&interval.currency, Vec::new()));
            }
            if let Some((_, stretches)) = by_currency.last_mut()
                && stretches.last().is_none_or(|(_, last)| *last != child)
            {
                stretches.push((interval.from, child));
            }
        }
        for (currency, stretches) in by_currency {
            if stretches.len() > 1 || stretches.iter().any(|(_, child)| *child != others) {
                text.word(currency);
                self::stretches(&mut text, stretches);
            }
        }
        Ok(text.finish())
    }

    fn total(&mut self, id: Id, place: u32) -> Result<Digest, TooLarge> {
        let missing = || TooLarge { reason: "a sum is not known".to_owned() };
        let tally = self.space.tallies.get(place as usize).ok_or_else(missing)?;
        let mut text = Text::new("total");
        text.digest(self.counters.get(place as usize).copied().ok_or_else(missing)?);
        // A number of times is never unknown.
        if tally.currency.is_some() {
            text.digest(self.child(id, 0)?);
        }
        let mut stretches: Vec<(i128, Digest)> = Vec::new();
        for class in 1..tally.size() {
            let child = self.child(id, class)?;
            if let Some((from, _)) = tally.interval(class)
                && stretches.last().is_none_or(|(_, last)| *last != child)
            {
                stretches.push((from, child));
            }
        }
        self::stretches(&mut text, stretches);
        Ok(text.finish())
    }

    fn address(&mut self, id: Id) -> Result<Digest, TooLarge> {
        let mut text = Text::new("address");
        text.digest(self.child(id, 0)?);
        let mut last = None;
        for (block, class) in self.space.ip.stretches() {
            let child = self.child(id, class)?;
            if last != Some((block.v4, child)) {
                last = Some((block.v4, child));
                text.number(i128::from(block.v4)).word(&block.first.to_string()).digest(child);
            }
        }
        Ok(text.finish())
    }
}

/// The start of each stretch and what is there.
fn stretches(text: &mut Text, stretches: Vec<(i128, Digest)>) {
    text.number(stretches.len() as i128);
    for (from, child) in stretches {
        text.number(from).digest(child);
    }
}
