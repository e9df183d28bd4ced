//! The ten states and the one table of legal moves; nothing else changes the state. Not: what a call does in a
//! state (`session/calls.rs`).

/// Where an instance is. Source: README, "Lifecycle".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// The object exists; nothing is loaded.
    NotInitialized,
    /// The module is being fetched and started.
    Loading,
    /// Loaded, no session.
    Ready,
    /// A session is being created or resumed.
    Booting,
    /// Live, no identified user.
    Anonymous,
    /// Live, the user's identity was accepted.
    Authenticated,
    /// The connection is lost and being restored.
    Reconnecting,
    /// Lost, and not retried until something changes.
    Disconnected,
    /// The session is over; may boot again.
    Shutdown,
    /// Final.
    Destroyed,
}

use State::*;

impl State {
    /// Every state with its name.
    pub const ALL: [(State, &'static str); 10] = [
        (NotInitialized, "not_initialized"),
        (Loading, "loading"),
        (Ready, "ready"),
        (Booting, "booting"),
        (Anonymous, "anonymous"),
        (Authenticated, "authenticated"),
        (Reconnecting, "reconnecting"),
        (Disconnected, "disconnected"),
        (Shutdown, "shutdown"),
        (Destroyed, "destroyed"),
    ];

    /// The word pages see.
    pub fn name(self) -> &'static str {
        Self::ALL[self as usize].1
    }

    /// A session exists.
    pub fn live(self) -> bool {
        matches!(self, Anonymous | Authenticated | Reconnecting | Disconnected)
    }

    /// The table of legal moves.
    pub fn may_become(self, next: State) -> bool {
        let moves: &[State] = match self {
            NotInitialized => &[Loading],
            Loading => &[Ready, NotInitialized],
            Ready => &[Booting],
            Booting => &[Anonymous, Authenticated, Ready, Shutdown],
            Anonymous => &[Authenticated, Reconnecting, Disconnected, Shutdown],
            Authenticated => &[Reconnecting, Disconnected, Shutdown],
            Reconnecting => &[Anonymous, Authenticated, Disconnected, Shutdown],
            Disconnected => &[Reconnecting, Shutdown],
            Shutdown => &[Booting],
            Destroyed => return false,
        };
        next == Destroyed || moves.contains(&next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_has_its_name_at_its_place() {
        for (place, (state, name)) in State::ALL.iter().enumerate() {
            assert_eq!(*state as usize, place);
            assert_eq!(state.name(), *name);
        }
    }

    #[test]
    fn destroyed_is_reached_from_everywhere_and_left_by_nothing() {
        for (state, _) in State::ALL {
            assert_eq!(state.may_become(Destroyed), state != Destroyed);
            assert!(!Destroyed.may_become(state));
        }
    }

    #[test]
    fn twenty_two_moves_and_no_more() {
        let moves = State::ALL
            .iter()
            .flat_map(|(from, _)| State::ALL.iter().map(move |(to, _)| (*from, *to)))
            .filter(|(from, to)| *to != Destroyed && from.may_become(*to))
            .count();
        assert_eq!(moves, 22);
    }
}
