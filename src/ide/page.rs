//! Short pages for people: the same words as Markdown and as plain text.

use crate::words::harmless;

/// A page. Words of the user and of the language stand in backticks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Page {
    blocks: Vec<Block>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Block {
    Title(String),
    Text(String),
    Points(Vec<String>),
    Code(String),
}

impl Page {
    pub(super) fn titled(title: impl Into<String>) -> Self {
        Self { blocks: vec![Block::Title(title.into())] }
    }

    pub(super) fn text(mut self, text: impl Into<String>) -> Self {
        let text = text.into();
        if !text.is_empty() {
            self.blocks.push(Block::Text(text));
        }
        self
    }

    pub(super) fn points(mut self, lead: &str, points: Vec<String>) -> Self {
        if !points.is_empty() {
            self = self.text(lead);
            self.blocks.push(Block::Points(points));
        }
        self
    }

    pub(super) fn code(mut self, code: impl Into<String>) -> Self {
        self.blocks.push(Block::Code(code.into()));
        self
    }

    pub(super) fn and(mut self, other: Self) -> Self {
        self.blocks.extend(other.blocks);
        self
    }

    /// As Markdown; nothing in the user's words means anything to it.
    pub fn markdown(&self) -> String {
        let blocks = self.blocks.iter().map(|block| match block {
            Block::Title(text) => format!("**{}**", escaped(text)),
            Block::Text(text) => escaped(text),
            Block::Points(points) => {
                points.iter().map(|point| format!("- {}", escaped(point))).collect::<Vec<_>>().join("\n")
            }
            Block::Code(code) => format!("```bpol\n{}\n```", harmless(code).replace("```", "'''")),
        });
        blocks.collect::<Vec<_>>().join("\n\n")
    }

    /// As plain text.
    pub fn plain(&self) -> String {
        let blocks = self.blocks.iter().map(|block| match block {
            Block::Title(text) | Block::Text(text) => text.clone(),
            Block::Points(points) => points.iter().map(|point| format!("- {point}")).collect::<Vec<_>>().join("\n"),
            Block::Code(code) => code.lines().map(|line| format!("    {line}")).collect::<Vec<_>>().join("\n"),
        });
        harmless(&blocks.collect::<Vec<_>>().join("\n\n")).into_owned()
    }
}

/// A word of the user or of the language, as it stands in a page.
pub(super) fn code(text: &str) -> String {
    format!("`{}`", text.replace('`', "'").replace(['\n', '\r'], " "))
}

/// Text in which only backticks mean anything to Markdown, and those only in pairs.
fn escaped(text: &str) -> String {
    let text = harmless(text);
    let mut out = String::with_capacity(text.len());
    let mut is_code = false;
    let pairs = text.matches('`').count() / 2 * 2;
    let mut met = 0;
    for character in text.chars() {
        match character {
            '`' if met < pairs => {
                met += 1;
                is_code = !is_code;
                out.push('`');
            }
            '\n' if !is_code => out.push_str("  \n"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '#' | '&' | '~' if !is_code => {
                out.extend(['\\', character]);
            }
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::Page;

    #[test]
    fn the_words_of_a_user_mean_nothing_to_markdown() {
        let page = Page::titled("`a`").text("<b>*x*</b> [a](b)").points("", vec!["one `k<y`".to_owned()]);
        assert_eq!(page.markdown(), "**`a`**\n\n\\<b\\>\\*x\\*\\</b\\> \\[a\\](b)\n\n- one `k<y`");
        assert_eq!(page.plain(), "`a`\n\n<b>*x*</b> [a](b)\n\n- one `k<y`");
        assert_eq!(Page::titled("odd ` tick").markdown(), "**odd \\` tick**");
    }
}
