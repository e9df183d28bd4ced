//! What the visitor sees: a picture of the core in an iframe of its own. What there is to see is said here; the elements
//! are JavaScript's (`panel.js` and the files beside it), which takes half of the bytes. No state of a conversation lives
//! in either: [`Panel::draw`] can draw any view at any time. Not: the launcher (`pkg-template/launcher.js`), nor what a
//! gesture does (`session`).
//!
//! Reading order: `panel.js` puts the parts together and hears what is done; `iframe.js` is its place on the page;
//! `header.js`, `transcript.js` (`row.js`) and `composer.js` are the parts; `node.js`, `sheet.js`, `theme.js`, `clock.js`,
//! `avatar.js`, `words.js` serve them. Pure: `shape.js` (how rows join), `heights.js` (which are
//! drawn), `text.js` (links, initials).
// Natively only the pure file is there, and nobody but its tests uses it.
#![cfg_attr(not(target_arch = "wasm32"), allow(dead_code))]

mod saying;

#[cfg(target_arch = "wasm32")]
#[cfg(target_arch = "wasm32")]
mod panel;
#[cfg(test)]
mod sample;
#[cfg(all(test, target_arch = "wasm32"))]
mod tests;

#[cfg(target_arch = "wasm32")]
pub(crate) use panel::{Panel, prepare};
#[cfg_attr(not(target_arch = "wasm32"), allow(unused_imports))]
pub(crate) use saying::{Said, heard};
