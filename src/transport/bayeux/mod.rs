//! Bayeux 1.0, the client's side: one session with a server over a socket or held requests. Not: what is published
//! (`cometd`), when to try again after a loss (the chat session), nor sockets themselves (`browser`).
//!
//! [`client::Client`] is the session: handshake, connect loop, advice, timers. [`line::Line`] carries its text.
//!
//! # Rules
//! The tests name them by their numbers.
//! 1. Arrays are sent; arrays and a bare object are understood. Each message has one channel.
//! 2. A handshake travels alone; every later message has the client id.
//! 3. One connect is outstanding; the advised interval lies between two. Two requests at most, and nothing waits
//!    behind the held connect.
//! 4. The latest advice counts, from whatever reply of the present session. The late reply of a removed session
//!    would otherwise kill the new one.
//! 5. Replies repeat the id, as string or number. A message outside `/meta` with `data` is an event.
//! 6. The first connect after a handshake or a failure is not held. What is published waits for the handshake.
//! 7. A reply is late after 10 s, a connect after its timeout and 10 s; a socket on trial gets 5 s, a session taken up
//!    over long-polling 3 s. Three refused handshakes in a row end it. A session left alone for too long is not tried.
//! 8. An unknown client shakes hands at once, subscribes and catches up.
//! 9. `/meta/disconnect` only when the page is done with the session; a reload says nothing.
//! 10. A socket that is refused, unanswered or mute falls back to long-polling within the attempt. What works is
//!     remembered; a socket is tried again after five minutes, or after the page was offline.
//! 11. Three sessions in a row that die before their first connect over long-polling: the cookie is blocked.
//! 12. While several clients share a browser, each connect asks whether they still do.
//! 13. Nothing is withheld until the reply to the subscription. (The ack extension is not used: catching up by index
//!     finds what was lost.)
//! 14. Batches stay below 60 KiB; a message that does not is refused.
//! 15. A publish refused as unknown was not done and is sent again. A disconnect without id is the server's.
//! 16. A close with 1000 is a loss like any other; the body of an HTTP error is not read.
//! 17. What is no message changes nothing and is said once.

pub(super) mod advice;
pub(super) mod client;
pub(super) mod line;
pub(super) mod message;
