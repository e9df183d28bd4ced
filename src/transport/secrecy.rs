//! How what holds credentials looks in a log or a failed test: without them. Not: what it is (`transport`).

use super::{Action, Connect, Revoke};
use std::fmt::{Debug, Formatter, Result};

/// Stands for what is not shown.
struct Hidden<'a>(&'a Option<String>);

impl Debug for Hidden<'_> {
    fn fmt(&self, out: &mut Formatter<'_>) -> Result {
        out.write_str(if self.0.is_some() { "Some(…)" } else { "None" })
    }
}

impl Debug for Connect {
    fn fmt(&self, out: &mut Formatter<'_>) -> Result {
        out.debug_struct("Connect")
            .field("visitor_id", &self.visitor_id)
            .field("user_id", &self.user_id)
            .field("token", &Hidden(&self.token))
            .field("resume", &Hidden(&self.resume))
            .field("conversation_id", &self.conversation_id)
            .field("last_index", &self.last_index)
            .finish_non_exhaustive()
    }
}

impl Debug for Revoke {
    fn fmt(&self, out: &mut Formatter<'_>) -> Result {
        out.debug_struct("Revoke")
            .field("clear", &self.clear)
            .field("resume", &Hidden(&self.resume))
            .field("token", &Hidden(&self.token))
            .finish()
    }
}

impl Debug for Action {
    fn fmt(&self, out: &mut Formatter<'_>) -> Result {
        match self {
            Action::RequestChat(request) => out.debug_tuple("RequestChat").field(request).finish(),
            Action::Send(message) => out.debug_tuple("Send").field(message).finish(),
            Action::Typing(on) => out.debug_tuple("Typing").field(on).finish(),
            Action::End => out.write_str("End"),
            Action::CatchUp(from) => out.debug_tuple("CatchUp").field(from).finish(),
            Action::Read(index) => out.debug_tuple("Read").field(index).finish(),
            Action::Identify(_) => out.write_str("Identify(…)"),
            Action::Update(values) => out.debug_tuple("Update").field(values).finish(),
            Action::Conversations(_) => out.write_str("Conversations"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transport::Command;

    #[test]
    fn no_credential_is_seen_in_what_is_printed() {
        let secret = || Some("hush".to_owned());
        let commands = [
            Command::Connect(Box::new(Connect { token: secret(), resume: secret(), ..Connect::default() })),
            Command::Revoke(Box::new(Revoke { clear: true, token: secret(), resume: secret() })),
            Command::Perform(1, Action::Identify("hush".to_owned())),
        ];
        for command in commands {
            let text = format!("{command:?}");
            assert!(!text.contains("hush") && text.contains('…'), "{text}");
        }
    }
}
