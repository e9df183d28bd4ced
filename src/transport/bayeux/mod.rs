//! Bayeux 1.0, the client's side: one session with a server over a socket or held requests. Not: what is published
//! (`cometd`), when to try again after a loss (the chat session), nor sockets themselves (`browser`).
//!
//! [`client::Client`] is the session: handshake, connect loop, advice, timers. [`line::Line`] carries its text.

pub(super) mod advice;
pub(super) mod client;
pub(super) mod line;
pub(super) mod message;
