//! What is begun for a call that its state allows. Not: whether it does (`matrix`), nor how it goes on (the files named
//! after what it is about).

use super::call::{Call, CallId};
use super::machine::Session;
use super::output::Settled;
use crate::error::{Code, Error};
use crate::time::Now;

impl Session {
    /// Carries out a call that its state allows.
    pub(super) fn run(&mut self, id: CallId, call: Call, now: Now) {
        match call {
            Call::Boot => return self.boot(id, now),
            Call::BootAs(who) => return self.boot_as(id, who, now),
            Call::Identify(who) => return self.identify(id, who, now),
            Call::Update(who) => return self.update(id, &who, now),
            Call::Shutdown { clear_storage } => return self.shutdown(id, clear_storage, now),
            Call::Destroy => return self.destroy(id),
            Call::StartConversation { subject, message, metadata } => {
                return self.start_conversation(id, subject, message, metadata, now);
            }
            Call::SendMessage { conversation_id, text, client_message_id } => {
                return self.send_message(id, conversation_id, &text, client_message_id, now);
            }
            Call::RetryMessage(client_message_id) => return self.retry(id, &client_message_id, now),
            Call::DiscardMessage(client_message_id) => return self.discard(id, &client_message_id),
            Call::EndChat => return self.ask_to_end(id, true, now),
            Call::Transcript(from) => {
                let rows = self.transcript.placed().iter().filter(|row| row.message.index >= from);
                let messages = rows.map(|row| row.message.clone()).collect();
                return self.settle_with(id, Settled::Transcript(messages));
            }
            Call::Open => self.set_open(true),
            Call::Close => self.set_open(false),
            Call::Toggle => {
                self.use_tab(now); // a click on the launcher, or on what the page has in its place
                self.set_open(!self.look.open);
            }
            Call::Show => self.set_shown(true),
            Call::Hide => self.set_shown(false),
            Call::SetLauncherVisible(visible) => self.set_launcher(visible),
            Call::SetTheme(theme) => {
                self.look.theme = theme;
                self.look.theme_revision += 1;
            }
            Call::SetZIndex(z_index) => self.look.z_index = z_index,
            Call::SetCookieConsent(given) => self.set_consent(given, now),
            Call::SendTyping(is_typing) => self.typed(is_typing, now),
            Call::Later(_) => {
                return self.refuse(id, Error::new(Code::Unsupported, refusal_words(Code::Unsupported)));
            }
        }
        self.render();
        self.settle(id);
    }
}

/// The words of a refusal by state.
pub(super) fn refusal_words(code: Code) -> &'static str {
    match code {
        Code::Destroyed => "this chat was destroyed",
        Code::NotBooted => "there is no session: call `boot` first",
        _ => "this call is not supported yet",
    }
}
