//! The bank's vocabulary: which operations there are, what they are about, what they count as, and how calls of the
//! bank's API become requests. Data that the checker, the editor and the compiled policy read; it knows no policy.

use std::collections::HashMap;
use std::sync::OnceLock;

use bpol_engine::ir;

use crate::source::Span;

mod body;
mod book;
mod call;
mod dimensions;
mod endpoint;
mod facts;
mod fault;
mod pointer;
mod reserved;
mod route;
mod shape;
pub(crate) mod table;
mod text;
mod words;

pub use dimensions::Dimensions;
pub use fault::Fault;
pub use route::Route;

use book::{Book, Routes};

/// Index of an operation in [`Catalogue::operations`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OpId(pub u16);

/// A part of answers that rules show or hide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// The FIELD word.
    pub word: String,
    /// What it shows, in one sentence.
    pub doc: String,
    /// Whether it is personal data.
    pub personal: bool,
}

/// A field of an operation's answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpField {
    /// The FIELD word.
    pub word: String,
    /// Whether the answer shows it when no rule says `showing` or `hiding`.
    pub default: bool,
}

/// An operation: an action on a resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operation {
    /// The action word.
    pub action: String,
    /// The resource word in the singular.
    pub resource: String,
    /// The resource word in the plural.
    pub plural: String,
    /// What it does, in one sentence.
    pub doc: String,
    /// How much it can do.
    pub tier: ir::Tier,
    /// What it is about.
    pub dimensions: Dimensions,
    /// What of that a call never tells.
    pub untold: Dimensions,
    /// What of that has to be looked up.
    pub lookup: Dimensions,
    /// What of that stands in the parts of a body.
    pub parts: Dimensions,
    /// The operations that it directly counts as.
    pub counts_as: Vec<OpId>,
    /// The operation that it is a view of.
    pub view_of: Option<OpId>,
    /// The operations that do nothing before this one says yes to what they made.
    pub approves: Vec<OpId>,
    /// The operations that pay whom this one puts on file.
    pub supplies: Vec<OpId>,
    /// What it changes of what rules go by.
    pub changes: Vec<Change>,
    /// The fields of its answer.
    pub fields: Vec<OpField>,
}

/// What an operation can change of what rules go by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// The names by which accounts are known that no policy declares.
    Name,
    /// How much the bank itself lets leave.
    Limit,
    /// Who or what may act.
    Access,
}

/// A bank's catalogue.
#[derive(Debug, Clone)]
pub struct Catalogue {
    /// The bank's name.
    pub bank: String,
    /// SHA-256 of the catalogue's text, 64 hexadecimal digits.
    pub digest: String,
    /// METHOD words.
    pub methods: Vec<String>,
    /// KIND words.
    pub kinds: Vec<ir::Kind>,
    /// FIELD words.
    pub fields: Vec<Field>,
    /// Operations, those of a resource side by side.
    pub operations: Vec<Operation>,
    /// Keys that are dropped from every answer, at any depth.
    pub dropped: Vec<String>,
    /// Parameters by which lists are paged through.
    pub paging: Vec<String>,
    /// Pointers of what stays of an answer that says that something is wrong.
    pub errors: Vec<String>,
    resources: Vec<Resource>,
    /// Singular and plural words to the index of their resource.
    nouns: HashMap<String, usize>,
    /// Actions to their index, in the order in which they first come.
    actions: HashMap<String, usize>,
    pairs: HashMap<(usize, usize), OpId>,
    closures: Vec<Vec<OpId>>,
    /// Where the routes wait to be decoded; none in the built-in catalogue, whose bytes are embedded.
    packed: Option<Routes>,
    routes: OnceLock<Vec<Route>>,
}

#[derive(Debug, Clone)]
struct Resource {
    word: String,
    operations: Vec<OpId>,
}

impl Catalogue {
    /// The catalogue of bunq, which is built in.
    pub fn bunq() -> &'static Self {
        static BUNQ: OnceLock<Catalogue> = OnceLock::new();
        BUNQ.get_or_init(|| {
            // The build script wrote these bytes from the same types; a test decodes them.
            let book = postcard::from_bytes(include_bytes!(concat!(env!("OUT_DIR"), "/bunq.words")));
            Self::new(book.unwrap_or_default(), None)
        })
    }

    /// Reads a bank's catalogue file.
    ///
    /// # Errors
    ///
    /// All faults of the text, in its order.
    pub fn read(text: &str) -> Result<Self, Vec<Fault>> {
        text::read(text).map(|(book, routes)| Self::new(book, Some(routes)))
    }

    fn new(book: Book, packed: Option<Routes>) -> Self {
        let closures = closures(&book);
        let mut catalogue = Self {
            bank: book.bank,
            digest: book.digest,
            methods: book.methods,
            kinds: book.kinds.into_iter().map(|(word, own)| ir::Kind { word, own }).collect(),
            fields: book
                .fields
                .into_iter()
                .map(|field| Field { word: field.word, doc: field.doc, personal: field.personal })
                .collect(),
            operations: book.operations.into_iter().map(operation).collect(),
            dropped: book.dropped,
            paging: book.paging,
            errors: book.errors,
            resources: Vec::new(),
            nouns: HashMap::new(),
            actions: HashMap::new(),
            pairs: HashMap::new(),
            closures,
            packed,
            routes: OnceLock::new(),
        };
        catalogue.index();
        catalogue
    }

    fn index(&mut self) {
        for (id, operation) in (0..).map(OpId).zip(&self.operations) {
            let next = self.resources.len();
            let resource = *self.nouns.entry(operation.resource.clone()).or_insert(next);
            if resource == next {
                self.nouns.insert(operation.plural.clone(), next);
                self.resources.push(Resource { word: operation.resource.clone(), operations: Vec::new() });
            }
            if let Some(resource) = self.resources.get_mut(resource) {
                resource.operations.push(id);
            }
            let next = self.actions.len();
            let action = *self.actions.entry(operation.action.clone()).or_insert(next);
            self.pairs.insert((action, resource), id);
        }
    }

    /// The singular of a resource word.
    pub fn resource(&self, word: &str) -> Option<&str> {
        self.noun(word).map(|resource| resource.word.as_str())
    }

    /// The resource words in the singular, in the catalogue's order.
    pub fn resources(&self) -> impl Iterator<Item = &str> {
        self.resources.iter().map(|resource| resource.word.as_str())
    }

    /// Whether some resource has this action.
    pub fn is_action(&self, word: &str) -> bool {
        self.actions.contains_key(word)
    }

    /// The action words, each once, in the order in which the catalogue first says them.
    pub fn actions(&self) -> impl Iterator<Item = &str> {
        let mut actions: Vec<(usize, &str)> = self.actions.iter().map(|(word, at)| (*at, word.as_str())).collect();
        actions.sort_unstable();
        actions.into_iter().map(|(_, word)| word)
    }

    /// The operation of an action and a resource word, singular or plural; views too.
    pub fn find(&self, action: &str, resource: &str) -> Option<OpId> {
        self.pairs.get(&(*self.actions.get(action)?, *self.nouns.get(resource)?)).copied()
    }

    /// All operations of a resource word, singular or plural; none when there is no such resource.
    pub fn of_resource(&self, resource: &str) -> &[OpId] {
        self.noun(resource).map_or(&[], |resource| &resource.operations)
    }

    /// An operation.
    ///
    /// # Panics
    ///
    /// When the id is of another catalogue and too large for this one.
    pub fn operation(&self, id: OpId) -> &Operation {
        &self.operations[usize::from(id.0)]
    }

    /// The operation and all that counts as it, transitively, ascending. A view stands for the operation that it views,
    /// so there are none among them.
    pub fn counting_as(&self, id: OpId) -> &[OpId] {
        self.closures.get(usize::from(id.0)).map_or(&[], Vec::as_slice)
    }

    /// What calls of the bank's API lead to, endpoint by endpoint. Decoded when first asked for: checking a policy does
    /// not need them.
    pub fn routes(&self) -> &[Route] {
        self.routes.get_or_init(|| {
            let embedded = || postcard::from_bytes(include_bytes!(concat!(env!("OUT_DIR"), "/bunq.routes")));
            let routes = self.packed.clone().map_or_else(embedded, Ok);
            route::routes(self, routes.unwrap_or_default())
        })
    }

    /// The routes of wanted operations as a compiled policy says them, in the catalogue's order. `index` is where the
    /// policy keeps an operation.
    pub fn ir_routes(&self, wanted: &dyn Fn(OpId) -> bool, index: &dyn Fn(OpId) -> u32) -> Vec<ir::Route> {
        self.routes()
            .iter()
            .filter_map(|route| match route {
                Route::To { operation, route } if wanted(*operation) => {
                    Some(ir::Route { operation: index(*operation), ..(**route).clone() })
                }
                _ => None,
            })
            .collect()
    }

    fn noun(&self, word: &str) -> Option<&Resource> {
        self.resources.get(*self.nouns.get(word)?)
    }
}

fn operation(entry: book::Entry) -> Operation {
    Operation {
        action: entry.action,
        resource: entry.resource,
        plural: entry.plural,
        doc: entry.doc,
        tier: match entry.tier {
            0 => ir::Tier::Base,
            1 => ir::Tier::Read,
            2 => ir::Tier::Sensitive,
            3 => ir::Tier::Write,
            4 => ir::Tier::Spend,
            _ => ir::Tier::Control,
        },
        dimensions: Dimensions(entry.about),
        untold: Dimensions(entry.untold),
        lookup: Dimensions(entry.lookup),
        parts: Dimensions(entry.parts),
        counts_as: entry.counts_as.into_iter().map(OpId).collect(),
        view_of: entry.view_of.map(OpId),
        approves: entry.approves.into_iter().map(OpId).collect(),
        supplies: entry.supplies.into_iter().map(OpId).collect(),
        changes: [Change::Name, Change::Limit, Change::Access]
            .into_iter()
            .enumerate()
            .filter(|(bit, _)| entry.changes & (1 << bit) != 0)
            .map(|(_, change)| change)
            .collect(),
        fields: entry.fields.into_iter().map(|(word, default)| OpField { word, default }).collect(),
    }
}

/// For each operation, itself and what counts as it, views resolved.
fn closures(book: &Book) -> Vec<Vec<OpId>> {
    let viewed = |at: usize| book.operations.get(at).and_then(|entry| entry.view_of).map_or(at, usize::from);
    let count = book.operations.len();
    let mut below: Vec<Vec<usize>> = vec![Vec::new(); count];
    for (at, entry) in book.operations.iter().enumerate() {
        for wider in &entry.counts_as {
            if let Some(below) = below.get_mut(viewed(usize::from(*wider))) {
                below.push(viewed(at));
            }
        }
    }
    (0..count)
        .map(|at| {
            let mut met = vec![false; count];
            let mut stack = vec![viewed(at)];
            while let Some(at) = stack.pop() {
                if let Some(met) = met.get_mut(at)
                    && !std::mem::replace(met, true)
                {
                    stack.extend(below.get(at).into_iter().flatten());
                }
            }
            (0..).map(OpId).zip(met).filter_map(|(id, met)| met.then_some(id)).collect()
        })
        .collect()
}
