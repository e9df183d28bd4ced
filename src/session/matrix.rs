//! What each call does in each state: one table. Not: how it is done (`machine`). Source: README, "Lifecycle";
//! `tests/lifecycle.tsv` spells it out cell by cell.

use super::call::Call;
use crate::error::Code;
use crate::lifecycle::State;

/// The fate of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// It runs.
    Run,
    /// It waits, in order, until the boot is over.
    Wait,
    /// A session is booted first; then it runs.
    BootFirst,
    /// There is no session: what is stored is cleared; the state stays.
    Clear,
    /// It joins the boot under way, if that is for the same person; else it waits.
    Join,
    /// It is refused with this code.
    Refuse(Code),
}

/// The cell of the table. The states before `ready` belong to the handle; calls it has let through wait there too.
pub fn rule(state: State, call: &Call) -> Rule {
    use State::*;
    match (state, call) {
        (Destroyed, Call::Destroy) => Rule::Run,
        (Destroyed, _) => Rule::Refuse(Code::Destroyed),
        (_, Call::Destroy) => Rule::Run,
        (Ready | Shutdown, Call::Shutdown { .. } | Call::EndChat) => Rule::Clear,
        (_, Call::Shutdown { .. } | Call::SetLauncherVisible(_)) => Rule::Run,
        (Booting, Call::Boot | Call::BootAs(_)) => Rule::Join,
        (NotInitialized | Loading | Booting, _) => Rule::Wait,
        (_, Call::Later(_)) => Rule::Refuse(Code::Unsupported),
        (Ready | Shutdown, Call::Open | Call::Toggle | Call::StartConversation { .. }) => Rule::BootFirst,
        (
            Ready | Shutdown,
            Call::SendMessage { .. }
            | Call::RetryMessage(_)
            | Call::DiscardMessage(_)
            | Call::SendTyping(_)
            | Call::Transcript(_),
        ) => Rule::Refuse(Code::NotBooted),
        _ => Rule::Run,
    }
}
