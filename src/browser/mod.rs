//! Everything that touches the web: carries out what the session asks for and reports what happens. Not: any decision
//! (`session`), nor how values look to JavaScript (`api`).
//!
//! The [`driver`] is the middle; each other file is one thing of the web it holds. The traits here are what the driver
//! needs and `api` brings along: the page's handle, its own transport, its own store, and the widget.

pub(crate) mod clock;
pub(crate) mod driver;
pub(crate) mod inbox;
pub(crate) mod js;
pub(crate) mod keeping;
mod shell;
pub(crate) mod storage;
#[cfg(feature = "widget")]
pub(crate) mod teardown;
#[cfg(test)]
mod tests;
pub(crate) mod wire;

use crate::error::Error;
use crate::session::{CallId, Event, Level, Look, ProviderId, SaveToken, Settled, View};
use crate::store::{Entries, Refusal};
use crate::transport;
use inbox::Inbox;

/// The handle on the page's side.
pub(crate) trait Host {
    /// An event for the page's listeners.
    fn emit(&self, event: Event);
    /// The answer to a call.
    fn settle(&self, call: CallId, result: Result<Settled, Error>);
    /// A line for the log.
    fn log(&self, level: Level, line: &str);
    /// Asks a token provider; answered by `Input::Token`, once, whatever the page's function does.
    fn ask_token(&self, ask: u32, provider: ProviderId, reason: &str);
    /// Of the providers that calls brought only this one is still of use.
    fn keep_provider(&self, wanted: Option<ProviderId>);
    /// A message is to be heard.
    fn sound(&self);
    /// What the launcher is to show; said after every turn.
    fn launcher(&self, unread: u32, look: &Look);
    #[cfg(feature = "widget")]
    /// The panel was closed: the focus goes back to where the chat is opened; if so wanted, only out of the panel.
    fn focus_launcher(&self, from_panel: bool);
}

/// A page's own transport. Reports through its inbox, at once or later.
pub(crate) trait ChatTransport {
    /// Carries a command out; must not panic whatever the page's object does.
    fn command(&self, command: transport::Command);
    /// The instance is gone: nothing is reported any more.
    fn end(&self);
}

/// A page's own store. Reports through the inbox it is given, at once or later.
pub(crate) trait StateStore {
    /// Reads everything; answered by `Input::Loaded`, once.
    fn load(&self, inbox: &Inbox);
    /// Keeps one text.
    fn set(&self, name: &str, text: &str, token: Option<SaveToken>);
    /// Forgets one text.
    fn remove(&self, name: &str);
    /// Forgets every text but those named.
    fn wipe(&self, keep: &[&str]);
    /// Hands over what changed; called once after the changes of a turn.
    fn flush(&self, inbox: &Inbox);
    /// Whether this tab leads (`leads`, or empty): only the leader's changes are handed to the page. One that `goes` may
    /// be about to say its last words.
    fn lead(&self, how: &str);
    /// The instance is gone.
    fn end(&self);
}

/// What the visitor sees.
pub(crate) trait Screen {
    /// Draws the view. Should it reach a listener of the page, what that calls is heard right afterwards.
    fn draw(&self, view: &View<'_>);
    /// Empties transcript and composer, now.
    fn wipe(&self);
    /// Hides what people wrote without forgetting it, or shows it again.
    fn conceal(&self, hidden: bool);
    /// Puts the focus where the visitor goes on.
    fn focus(&self);
    /// Leaves no node behind.
    fn remove(&self);
}

/// What a store held.
pub(crate) type Loaded = Result<Entries, Refusal>;
