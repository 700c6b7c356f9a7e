//! What is said while a request is worked on, to editors that gave a token for it.

use crossbeam_channel::Sender;
use lsp_server::{Message, Notification};
use lsp_types::notification::{Notification as _, Progress as Said};
use lsp_types::{NumberOrString, WorkDoneProgress, WorkDoneProgressBegin, WorkDoneProgressEnd, WorkDoneProgressReport};
use serde::Serialize;
use serde_json::json;

/// The way to the editor; nowhere until there is one.
#[derive(Debug, Default)]
pub(crate) struct Out(Option<Sender<Message>>);

/// Work under way. It is over when this is dropped, however that comes.
pub(crate) struct Work<'o> {
    out: &'o Out,
    token: Option<NumberOrString>,
}

impl Out {
    /// The way to an editor.
    pub(crate) fn to(sender: Sender<Message>) -> Self {
        Self(Some(sender))
    }

    /// Begins work, in the words of what is done; silent without a token.
    pub(crate) fn begin(&self, token: Option<NumberOrString>, title: &str) -> Work<'_> {
        let begin = WorkDoneProgressBegin { title: title.to_owned(), cancellable: Some(false), ..Default::default() };
        let work = Work { out: self, token };
        work.say(WorkDoneProgress::Begin(begin));
        work
    }

    /// Tells a part of a result before the rest of it.
    pub(crate) fn part(&self, token: &NumberOrString, part: &impl Serialize) {
        let params = json!({ "token": token, "value": part });
        if let Some(sender) = &self.0 {
            // An editor that has gone away is found out by the loop.
            _ = sender.send(Notification::new(Said::METHOD.to_owned(), params).into());
        }
    }
}

impl Work<'_> {
    /// Tells how much is done.
    pub(crate) fn at(&self, done: usize, all: usize, message: &str) {
        let percentage = u32::try_from(done * 100 / all.max(1)).unwrap_or(100).min(100);
        self.say(WorkDoneProgress::Report(WorkDoneProgressReport {
            cancellable: None,
            message: Some(message.to_owned()),
            percentage: Some(percentage),
        }));
    }

    fn say(&self, said: WorkDoneProgress) {
        if let Some(token) = &self.token {
            self.out.part(token, &said);
        }
    }
}

impl Drop for Work<'_> {
    fn drop(&mut self) {
        self.say(WorkDoneProgress::End(WorkDoneProgressEnd { message: None }));
    }
}
