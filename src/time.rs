//! The two clocks the core is told about. The core never asks for the time: every input carries a [`Now`].

/// Milliseconds on a clock that never jumps; its zero means nothing. Timers use it.
pub type Mono = u64;
/// Milliseconds since 1970 by the visitor's clock. What is stored or shown uses it.
pub type Wall = u64;

/// The moment at which an input happened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Now {
    /// For timers.
    pub mono: Mono,
    /// For what is stored or shown.
    pub wall: Wall,
}
