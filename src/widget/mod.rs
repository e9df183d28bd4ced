//! WHAT the visitor sees: a picture of the core in an iframe of its own. No state of a conversation lives here or in
//! the DOM: [`Panel::draw`] can draw any view at any time. Not: the launcher (`pkg-template/launcher.js`), nor what a
//! gesture does (`session`).
//!
//! Reading order: `panel` puts the parts together, `events` hears what is done; `iframe` is its place on the page; `header`,
//! `banner`, `transcript` (`rows`, `row`) and `composer` are the parts; `node`, `dom`, `sheet`, `theme`, `clock`, `avatar` serve
//! them. Pure, and tested natively: `window` (which rows), `shape` (how they join), `text` (links, initials),
//! `colour` (contrast), `strings`.
// Natively only the pure files are there, and nobody but their tests uses them.
#![cfg_attr(not(target_arch = "wasm32"), allow(dead_code))]

mod colour;
#[cfg(test)]
mod sample;
mod shape;
mod strings;
mod text;
mod window;

#[cfg(target_arch = "wasm32")]
mod avatar;
#[cfg(target_arch = "wasm32")]
mod banner;
#[cfg(target_arch = "wasm32")]
mod clock;
#[cfg(target_arch = "wasm32")]
mod composer;
#[cfg(target_arch = "wasm32")]
mod dom;
#[cfg(target_arch = "wasm32")]
mod events;
#[cfg(target_arch = "wasm32")]
mod header;
#[cfg(target_arch = "wasm32")]
mod iframe;
#[cfg(target_arch = "wasm32")]
mod node;
#[cfg(target_arch = "wasm32")]
mod panel;
#[cfg(target_arch = "wasm32")]
mod row;
#[cfg(target_arch = "wasm32")]
mod rows;
#[cfg(target_arch = "wasm32")]
mod sheet;
#[cfg(all(test, target_arch = "wasm32"))]
mod tests;
#[cfg(target_arch = "wasm32")]
mod theme;
#[cfg(target_arch = "wasm32")]
mod transcript;

#[cfg(target_arch = "wasm32")]
pub(crate) use panel::Panel;

/// What a panel is made with; read once.
#[derive(Clone, Debug, Default)]
pub(crate) struct PanelOptions {
    /// The instance's namespace: the iframe's `data-support-chat`.
    pub(crate) namespace: String,
    /// BCP 47, for dates, times and the document's language.
    pub(crate) locale: String,
    /// The language is written from right to left.
    pub(crate) rtl: bool,
    /// The page's own words: key and text.
    pub(crate) messages: Vec<(String, String)>,
    /// Who answers, while no agent does.
    pub(crate) brand_name: Option<String>,
    /// An https address of the brand's picture.
    pub(crate) brand_avatar: Option<String>,
    /// As it stands behind "replies in": `about 2 min`.
    pub(crate) reply_time: Option<String>,
    /// At the left edge of the page rather than the right.
    pub(crate) left: bool,
    /// The launcher's distance from the edges, in px: from the side, from below.
    pub(crate) offset: (i32, i32),
}

/// What a panel asks of whoever made it. None of it is called from within [`Panel::draw`], but for `log`.
#[cfg(target_arch = "wasm32")]
pub(crate) trait Host {
    /// For the log; nothing that people wrote.
    fn log(&self, text: &str);
    /// Have the panel drawn again in the next frame.
    fn redraw(&self);
    /// Keeps a function of the browser to be run after a panic; answers one that takes it back.
    fn teardown(&self, teardown: &js_sys::Function) -> Option<js_sys::Function>;
}
