//! HOW bytes travel, at link level: what the pure CometD transport asks of the browser and what it hears back.
//! Carried out by `browser/shell`. Not: what the text means.

/// Tells sockets apart; never reused.
pub type SocketId = u32;
/// Tells requests apart; never reused.
pub type RequestId = u32;

/// What the browser is asked to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Open a WebSocket to this `ws:`/`wss:` address.
    Open(SocketId, String),
    /// Send a text frame.
    Send(SocketId, String),
    /// Close it; no event follows.
    Close(SocketId),
    /// POST this JSON with credentials, as `application/json`; answered once.
    Post(RequestId, String, String),
    /// POST this text as `text/plain` so that it outlives the page (`keepalive`), without credentials; answered once.
    Beacon(RequestId, String, String),
    /// Give a request up; no event follows.
    Abort(RequestId),
}

/// What the browser reports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The socket is open.
    Opened(SocketId),
    /// A text frame came.
    Text(SocketId, String),
    /// The socket was closed, refused or failed, with its close code.
    Closed(SocketId, u16),
    /// A request was answered: status and body (the body of an error is not read: empty).
    Answered(RequestId, u16, String),
    /// A request failed without an answer.
    Failed(RequestId),
}
