//! Findings for people: with their sources, in colours where there are any. The only door to miette.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt::{self, Display, Write as _};
use std::io::{self, IsTerminal as _};
use std::sync::Arc;

use bpolc::diag::{Diagnostic, Fix, Level, Power};
use bpolc::source::{FileId, FileSpan, Sources, Span};
use miette::{
    GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents, Severity, SourceCode,
    SourceSpan, SpanContents, ThemeCharacters, ThemeStyles,
};

use super::harmless;
use super::place::Index;

/// Wider lines of prose are hard to read, narrower ones leave no room for a source.
const WIDTHS: std::ops::RangeInclusive<usize> = 40..=120;
/// The width where there is no terminal.
const WIDTH: usize = 100;
/// A longer line is shown in part: it would fill the screen, and drawing it for each finding would take for ever.
const LONGEST_LINE: usize = 400;
/// How much of such a line is shown before and after a place.
const AROUND: usize = 60;
/// A place that covers more lines is shown by its first one.
const MOST_LINES: usize = 6;
/// Related places so near are drawn together with the finding. Others follow it: what is drawn first names the place.
const NEAR: usize = 4;

/// Renders findings.
#[derive(Debug)]
pub(crate) struct Terminal<'s> {
    sources: &'s Sources,
    pages: HashMap<FileId, Arc<Page<'s>>>,
    handler: GraphicalReportHandler,
    colours: bool,
}

impl<'s> Terminal<'s> {
    /// Renders for standard error as it is: colours only on a terminal and without `NO_COLOR`, its width.
    pub(crate) fn for_stderr(sources: &'s Sources) -> Self {
        let err = io::stderr();
        let is_terminal = err.is_terminal();
        let width = terminal_size::terminal_size_of(&err).map_or(WIDTH, |(width, _)| usize::from(width.0));
        Self::new(sources, width, is_terminal && wants_colours(), !is_terminal || speaks_unicode())
    }

    fn new(sources: &'s Sources, width: usize, colours: bool, unicode: bool) -> Self {
        let theme = GraphicalTheme {
            characters: if unicode { ThemeCharacters::unicode() } else { ThemeCharacters::ascii() },
            styles: if colours { ThemeStyles::ansi() } else { ThemeStyles::none() },
        };
        let handler = GraphicalReportHandler::new_themed(theme)
            .with_width(width.clamp(*WIDTHS.start(), *WIDTHS.end()))
            .with_links(false)
            .without_syntax_highlighting();
        Self { sources, pages: HashMap::new(), handler, colours }
    }

    /// A finding with its source, related places and fixes; every line ends.
    pub(crate) fn render(&mut self, found: &Diagnostic) -> String {
        let severity = match found.level {
            Level::Error => Severity::Error,
            Level::Warning => Severity::Warning,
            Level::Hint => Severity::Advice,
        };
        let page = self.page(found.place.file);
        let primary = page.shown(found.place.span);
        let (near, far): (Vec<_>, Vec<_>) = found.labels.iter().partition(|label| {
            label.place.file == found.place.file && page.are_near(primary, page.shown(label.place.span))
        });
        let mut labels = vec![LabeledSpan::new_primary_with_span(None, source_span(primary))];
        for label in near {
            let span = page.shown(label.place.span);
            labels.push(LabeledSpan::new_with_span(Some(harmless(&label.text).into_owned()), source_span(span)));
        }
        let code = Some(format!("{}[{}]", found.level.word(), found.name));
        let help = found.help.as_deref().map(|help| harmless(help).into_owned());
        let mut text = String::new();
        self.draw(&mut text, View { code, message: harmless(&found.message), severity, help, labels, page });
        for label in far {
            self.note(&mut text, label.place, &label.text);
        }
        // A fix that does just what the help says is not said twice.
        let told = |fix: &&Fix| fix.power != Power::Widens && found.help.as_deref() == Some(fix.title.as_str());
        for fix in found.fixes.iter().filter(|fix| !told(fix)) {
            self.fix(&mut text, fix);
        }
        text
    }

    /// A related place that stands elsewhere.
    fn note(&mut self, text: &mut String, place: FileSpan, message: &str) {
        let page = self.page(place.file);
        let span = page.shown(place.span);
        let labels = vec![LabeledSpan::new_primary_with_span(None, source_span(span))];
        let message = harmless(message);
        self.draw(text, View { code: None, message, severity: Severity::Advice, help: None, labels, page });
    }

    fn fix(&self, text: &mut String, fix: &Fix) {
        let says = if fix.power == Power::Widens { "fix, which allows more:" } else { "fix:" };
        let _ = writeln!(text, "   {} {}", self.paint(Colour::Cyan, says), harmless(&fix.title));
    }

    /// Text in a colour, where there are any.
    pub(crate) fn paint(&self, colour: Colour, text: &str) -> String {
        if self.colours { format!("\u{1b}[{}m{text}\u{1b}[0m", colour as u8) } else { text.to_owned() }
    }

    fn draw(&self, text: &mut String, view: View<'_>) {
        let before = text.len();
        if self.handler.render_report(text, &view).is_err() {
            // No finding is lost because its source cannot be drawn.
            text.truncate(before);
            let _ = writeln!(text, "  {}: {}", view.page.name, view.message);
        }
    }

    fn page(&mut self, file: FileId) -> Arc<Page<'s>> {
        let source = self.sources.get(file);
        let page =
            || Page { name: source.path.as_str(), text: harmless(&source.text), index: Index::new(&source.text) };
        Arc::clone(self.pages.entry(file).or_insert_with(|| Arc::new(page())))
    }
}

/// Colours, by their number.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Colour {
    /// What is wrong.
    Red = 31,
    /// What is right.
    Green = 32,
    /// What is missing.
    Yellow = 33,
    /// What to do.
    Cyan = 36,
}

pub(super) fn wants_colours() -> bool {
    let refuses = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let is_dumb = cfg!(unix) && std::env::var_os("TERM").is_none_or(|term| term == "dumb");
    !refuses && !is_dumb
}

/// Whether the locale says that the terminal draws more than ASCII.
fn speaks_unicode() -> bool {
    let locale =
        ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(|name| std::env::var(name).ok().filter(|v| !v.is_empty()));
    let locale = locale.unwrap_or_default().to_uppercase();
    cfg!(windows) || cfg!(target_os = "macos") || locale.contains("UTF-8") || locale.contains("UTF8")
}

fn source_span(span: Span) -> SourceSpan {
    (span.start as usize, (span.end - span.start) as usize).into()
}

/// A file as it is shown.
#[derive(Debug)]
struct Page<'s> {
    name: &'s str,
    text: Cow<'s, str>,
    index: Index,
}

impl Page<'_> {
    /// The part of a place that is shown: on character boundaries, not too many lines, not after the last text, not
    /// more of a long line than there is room for.
    fn shown(&self, span: Span) -> Span {
        let text = &*self.text;
        let last = text.trim_end().char_indices().next_back().map_or((0, 0), |(at, last)| (at, at + last.len_utf8()));
        let mut start = text.floor_char_boundary(span.start as usize);
        let mut end = text.ceil_char_boundary((span.end as usize).max(start).min(text.len()));
        if start >= last.1 {
            (start, end) = last;
        }
        let first_line = self.index.line(start);
        let (line_start, line_end) = self.index.range(text, first_line);
        if self.index.line(end) - first_line >= MOST_LINES {
            end = start.max(line_start + text[line_start..line_end].trim_end().len());
        }
        if self.is_long(Span::new(offset(start), offset(end))) {
            let room = text.floor_char_boundary(start + AROUND);
            end = end.min(line_end).min(room.max(start));
        }
        Span::new(offset(start), offset(end))
    }

    /// Whether two places can be drawn together. Beside a line that is shown in part nothing else can.
    fn are_near(&self, one: Span, other: Span) -> bool {
        let line = |span: Span| self.index.line(span.start as usize);
        line(one).abs_diff(line(other)) <= NEAR && !self.is_long(one) && !self.is_long(other)
    }

    /// Whether some line of a place is too long to be shown whole.
    fn is_long(&self, span: Span) -> bool {
        let lines = self.index.line(span.start as usize)..=self.index.line(span.end as usize);
        lines.into_iter().any(|line| self.is_long_line(line))
    }

    fn is_long_line(&self, line: usize) -> bool {
        let (start, end) = self.index.range(&self.text, line);
        end - start > LONGEST_LINE
    }
}

fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

impl SourceCode for Page<'_> {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        lines_before: usize,
        lines_after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let text = &*self.text;
        let (start, end) = (span.offset(), span.offset() + span.len());
        if end > text.len() {
            return Err(MietteError::OutOfBounds);
        }
        let (line, column) = self.index.line_column(text, start);
        let first = self.index.line(start);
        let last = self.index.line(end.saturating_sub(1).max(start));
        let (mut from, mut to) = (first, last);
        while first - from < lines_before && from > 0 && !self.is_long_line(from - 1) {
            from -= 1;
        }
        while to - last < lines_after && self.index.range(text, to).1 < text.len() && !self.is_long_line(to + 1) {
            to += 1;
        }
        let (mut begins, mut ends) = (self.index.range(text, from).0, self.index.range(text, to).1);
        if self.is_long_line(first) {
            from = first;
            begins = text.floor_char_boundary(start.saturating_sub(AROUND)).max(self.index.range(text, first).0);
            ends = text.ceil_char_boundary(end + AROUND).min(self.index.range(text, first).1);
        }
        // The head of a report says where the place is; for that it asks without lines around it.
        let is_head = lines_before == 0 && lines_after == 0;
        let (line, column) = if is_head { (line - 1, column - 1) } else { (from, 0) };
        Ok(Box::new(MietteSpanContents::new_named(
            harmless(self.name).into_owned(),
            &text.as_bytes()[begins..ends],
            (begins, ends - begins).into(),
            line,
            column,
            to - from + 1,
        )))
    }
}

/// What miette asks for.
#[derive(Debug)]
struct View<'v> {
    code: Option<String>,
    message: Cow<'v, str>,
    severity: Severity,
    help: Option<String>,
    labels: Vec<LabeledSpan>,
    page: Arc<Page<'v>>,
}

impl Display for View<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for View<'_> {}

impl miette::Diagnostic for View<'_> {
    fn code(&self) -> Option<Box<dyn Display + '_>> {
        self.code.as_ref().map(|code| Box::new(code) as Box<dyn Display>)
    }

    fn severity(&self) -> Option<Severity> {
        Some(self.severity)
    }

    fn help(&self) -> Option<Box<dyn Display + '_>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&*self.page)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().cloned()))
    }
}
