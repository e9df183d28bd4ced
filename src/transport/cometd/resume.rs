//! What must be known to go on with a chat on another page. It holds credentials: kept in the saved session, never
//! logged (hence no `Debug`). Not: where it is kept (`store`).

use crate::json::{self, Writer};

/// As saved: a JSON object of strings, absent ones left out.
#[derive(Clone, Default, PartialEq, Eq)]
pub(super) struct Resume {
    /// Opens the anonymous history; the server made it. This and two more the loader reads by their names.
    pub(super) secret: Option<String>,
    pub(super) chat_id: Option<String>,
    /// Opens the chat.
    pub(super) secure_key: Option<String>,
    /// The visitor's id as a participant of the chat.
    pub(super) user_id: Option<String>,
    pub(super) alias: Option<String>,
    /// Where all of this is made worthless: a path of the server's origin, without its first `/`. So whatever stands
    /// here leads to nobody else.
    pub(super) revoke_path: Option<String>,
}

impl Resume {
    const NAMES: [&'static str; 6] = ["visitorSecret", "chatId", "secureKey", "userId", "alias", "revokePath"];

    /// From what was saved; what cannot be read is not there.
    pub(super) fn read(saved: Option<&str>) -> Resume {
        let mut resume = Resume::default();
        if let Some(document) = saved.and_then(|saved| json::parse(saved).ok()) {
            for (name, field) in Resume::NAMES.into_iter().zip(resume.fields_mut()) {
                *field = document.root().owned_at(name);
            }
        }
        resume
    }

    pub(super) fn write(&self) -> String {
        let mut writer = Writer::new();
        writer.object();
        for (name, field) in Resume::NAMES.into_iter().zip(self.clone().fields_mut()) {
            if let Some(text) = field {
                writer.name(name).string(text);
            }
        }
        writer.end_object();
        writer.finish()
    }

    /// The chat is over, or was never known.
    pub(super) fn forget_chat(&mut self) {
        *self = Resume { secret: self.secret.take(), revoke_path: self.revoke_path.take(), ..Resume::default() };
    }

    fn fields_mut(&mut self) -> [&mut Option<String>; 6] {
        let Resume { secret, chat_id, secure_key, user_id, alias, revoke_path } = self;
        [secret, chat_id, secure_key, user_id, alias, revoke_path]
    }
}
