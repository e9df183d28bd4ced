//! What must be known to go on with a chat on another page. It holds credentials: kept in the saved session, never
//! logged (hence no `Debug`). Not: where it is kept (`store`).

use crate::json::{self, Fields, Form};

/// As saved: a JSON object of strings, absent ones left out.
#[derive(Clone, Default)]
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
    /// From what was saved; what cannot be read is not there.
    pub(super) fn read(saved: Option<&str>) -> Resume {
        let mut resume = Resume::default();
        if let Some(document) = saved.and_then(|saved| json::parse(saved).ok()) {
            Form::read(document.root(), &mut resume);
        }
        resume
    }

    pub(super) fn write(&self) -> String {
        let mut form = Form::writing();
        self.clone().fields(&mut form);
        form.finish()
    }

    /// The chat is over, or was never known.
    pub(super) fn forget_chat(&mut self) {
        *self = Resume { secret: self.secret.take(), revoke_path: self.revoke_path.take(), ..Resume::default() };
    }
}

impl Fields for Resume {
    fn fields(&mut self, form: &mut Form<'_>) {
        form.maybe("visitorSecret", &mut self.secret);
        form.maybe("chatId", &mut self.chat_id);
        form.maybe("secureKey", &mut self.secure_key);
        form.maybe("userId", &mut self.user_id);
        form.maybe("alias", &mut self.alias);
        form.maybe("revokePath", &mut self.revoke_path);
    }
}
