//! What can be written at a place, most likely first. Only what may stand there by the rules of the language is offered:
//! actions that a resource has, clauses that the operations have and that are not there yet, names that are declared.

mod clause;
mod import;
mod item;
mod lint;
mod name;
mod subject;
mod value;

use camino::Utf8PathBuf;

use crate::catalogue::Catalogue;
use crate::check::Date;
use crate::ide::View;
use crate::ide::expected::{Expected, Want, expected};
use crate::ide::line::{Here, Holder, Line, Typed, line};
use crate::ide::symbols;
use crate::source::Span;

/// What a completion is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A word of the grammar.
    Keyword,
    /// An action of the bank.
    Action,
    /// A resource of the bank.
    Resource,
    /// A group of operations: `everything` or a tier.
    Group,
    /// A clause or a fact.
    Clause,
    /// A declared name.
    Name(symbols::Kind),
    /// A part of an answer.
    Field,
    /// A value: a period, a date, hours.
    Value,
    /// A currency.
    Unit,
    /// A word of the bank: a method, a kind of account.
    Word,
    /// An item with places to fill in.
    Snippet,
    /// A file.
    File,
    /// A lint.
    Lint,
}

/// A replacement of a part of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What is replaced; empty to insert.
    pub span: Span,
    /// The new text.
    pub text: String,
}

/// Something that can be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    /// What the list shows.
    pub label: String,
    /// What it is.
    pub kind: Kind,
    /// More about it, in a few words.
    pub detail: Option<String>,
    /// What it means, in Markdown.
    pub doc: Option<String>,
    /// What is compared with what was typed, where that is not the label.
    pub filter: Option<String>,
    /// What is written.
    pub change: Change,
    /// Whether it has places to fill in, `$1` or `${1:usual}`.
    pub snippet: bool,
    /// What is written elsewhere in the file: an import.
    pub more: Vec<Change>,
    /// Whether there is more to choose from behind it.
    pub leads_on: bool,
}

/// A name that another policy of the workspace declares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Elsewhere {
    /// The name.
    pub name: String,
    /// What has it.
    pub kind: symbols::Kind,
    /// What more there is to say, in a few words.
    pub detail: Option<String>,
    /// The file that declares it.
    pub path: Utf8PathBuf,
}

/// What is known beside the policy.
pub struct Around<'a> {
    /// The present day.
    pub today: Option<Date>,
    /// Whether completions may have places to fill in.
    pub snippets: bool,
    /// Files that this one may import.
    pub files: &'a dyn Fn() -> Vec<Utf8PathBuf>,
    /// Names that they declare and the policy does not know.
    pub names: &'a dyn Fn() -> Vec<Elsewhere>,
}

impl std::fmt::Debug for Around<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Around").field("today", &self.today).field("snippets", &self.snippets).finish_non_exhaustive()
    }
}

/// What can be written at an offset.
pub fn completions(view: View<'_>, offset: u32, around: &Around<'_>) -> Vec<Completion> {
    match line(view, offset) {
        Here::Doc => Vec::new(),
        Here::Comment(comment) => lint::completions(view.text(), comment),
        Here::Line(line) => {
            let bank: &Catalogue = &view.checked.policy.bank;
            let expected = expected(&line, bank);
            let mut list = List { view, around, bank, line: &line, expected: &expected, all: Vec::new() };
            list.fill();
            list.all
        }
    }
}

/// Whether the line cannot end at an offset: more has to follow the words before it.
pub fn must_go_on(view: View<'_>, offset: u32) -> bool {
    let Here::Line(line) = line(view, offset) else { return false };
    let expected = expected(&line, &view.checked.policy.bank);
    let ends =
        |want: &Want| matches!(want, Want::Clause | Want::Fact | Want::Setting | Want::Word("unless" | "and" | "<"));
    line.typed == Typed::Nothing
        && !line.tokens.is_empty()
        && !expected.wants.is_empty()
        && !expected.wants.iter().any(ends)
}

/// A list of completions while it is written.
struct List<'a> {
    view: View<'a>,
    around: &'a Around<'a>,
    bank: &'a Catalogue,
    line: &'a Line<'a>,
    expected: &'a Expected<'a>,
    all: Vec<Completion>,
}

impl<'a> List<'a> {
    fn fill(&mut self) {
        let quoted = matches!(self.line.typed, Typed::Text { .. });
        let after_names = quoted && self.expected.wants.iter().any(|want| matches!(want, Want::Name(_)));
        for &want in &self.expected.wants {
            match want {
                // A quote that follows a name begins another one.
                Want::Accounts | Want::Payees | Want::Networks if after_names => {}
                Want::Name(named) => self.names(named),
                Want::Accounts => self.accounts(),
                Want::Payees => self.payees(),
                Want::PayeeFact => self.payee_facts(),
                Want::Networks => self.networks(),
                Want::Zone => self.zones(),
                Want::Import => self.imports(),
                Want::Bank => self.banks(),
                // Between quotes there are names only.
                _ if quoted => {}
                _ => self.unquoted(want),
            }
        }
        if quoted {
            return;
        }
        let wants = &self.expected.wants;
        if self.line.fresh && !self.line.tokens.is_empty() {
            // The `;` of the line before may be missing.
            if wants.contains(&Want::Clause) && matches!(self.line.holder, Holder::Key | Holder::Guardrail) {
                self.statements();
            } else if wants.contains(&Want::Fact) {
                self.expectations();
            }
        }
        let begins =
            [Want::Statement, Want::Expectation, Want::Entry, Want::Cap].iter().any(|want| wants.contains(want));
        let in_block = begins || self.line.holder == Holder::Network && self.line.tokens.is_empty();
        if in_block && self.line.margin && !self.line.closed {
            self.items();
        }
    }

    fn unquoted(&mut self, want: Want) {
        match want {
            Want::Item => self.items(),
            Want::Statement => self.statements(),
            Want::Expectation => self.expectations(),
            Want::Entry => self.entries(),
            Want::Cap => self.caps(),
            Want::Word(word) => self.grammar_word(word),
            Want::Effect => self.effects(),
            Want::Action => self.actions(),
            Want::Resource => self.resources(),
            Want::Group => self.groups(),
            Want::Clause => self.clauses(),
            Want::Fact => self.facts(),
            Want::Setting => self.settings(),
            Want::Who => self.who(),
            Want::Verb => self.verbs(),
            Want::AccountFact => self.account_facts(),
            Want::KindAccounts => self.kind_accounts(),
            Want::Iban => self.ibans(),
            Want::Money => self.amounts(),
            Want::Currency => self.currencies(),
            Want::Period => self.periods(),
            Want::CountPeriod => self.count_periods(),
            Want::PeriodWord => self.period_words(),
            Want::Method => self.methods(),
            Want::Repeat => self.repeats(),
            Want::Field => self.fields(),
            Want::Age => self.ages(),
            Want::Ago => self.agos(),
            Want::Date => self.dates(),
            Want::Instant => self.instants(),
            Want::Days => self.days(),
            Want::Hours => self.hours(),
            Want::Moment => self.moments(),
            Want::Name(_)
            | Want::Accounts
            | Want::Payees
            | Want::PayeeFact
            | Want::Networks
            | Want::Zone
            | Want::Import
            | Want::Bank => {}
        }
    }

    /// Adds what stands in the list as it is written.
    fn add(&mut self, label: impl Into<String>, kind: Kind) -> &mut Completion {
        let label = label.into();
        let change = Change { span: self.line.place, text: label.clone() };
        self.push(Completion {
            label,
            kind,
            detail: None,
            doc: None,
            filter: None,
            change,
            snippet: false,
            more: Vec::new(),
            leads_on: false,
        })
    }

    /// Adds words that more has to follow.
    fn add_leading(&mut self, label: impl Into<String>, kind: Kind) -> &mut Completion {
        let blank = self.blank_behind();
        let one = self.add(label, kind);
        one.leads_on = true;
        one.change.text.push_str(blank);
        one
    }

    /// Adds words with places to fill in; where the editor knows none, `plain` with a blank.
    fn add_snippet(&mut self, label: impl Into<String>, kind: Kind, snippet: &str, plain: &str) -> &mut Completion {
        let (snippets, blank) = (self.around.snippets, self.blank_behind());
        let one = self.add(label, kind);
        one.snippet = snippets;
        one.change.text = if snippets { snippet.to_owned() } else { format!("{plain}{blank}") };
        one
    }

    fn push(&mut self, one: Completion) -> &mut Completion {
        let known = self.all.iter().position(|other| other.label == one.label && other.kind == one.kind);
        let at = known.unwrap_or_else(|| {
            self.all.push(one);
            self.all.len() - 1
        });
        &mut self.all[at]
    }

    /// The blank that has to follow a word, unless one is there.
    fn blank_behind(&self) -> &'static str {
        let behind = self.view.text().get(self.line.place.end as usize..).unwrap_or_default();
        if behind.starts_with(' ') { "" } else { " " }
    }
}

impl Completion {
    fn detail(&mut self, detail: impl Into<String>) -> &mut Self {
        self.detail = Some(detail.into());
        self
    }

    fn doc(&mut self, doc: impl Into<String>) -> &mut Self {
        self.doc = Some(doc.into());
        self
    }

    fn filter(&mut self, filter: impl Into<String>) -> &mut Self {
        self.filter = Some(filter.into());
        self
    }
}

#[cfg(test)]
mod tests;
