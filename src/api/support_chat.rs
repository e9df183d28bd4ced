//! The class the handle drives: one instance. Methods check their arguments, hand a call to the session and return its
//! promise. Not: what a call does (the session), nor when the module is loaded (`handle.js`).

use super::host::HostSide;
use super::who::{self, Named};
use super::{convert, making, options};
use crate::browser::Host;
use crate::browser::driver::{Driver, Parts};
use crate::browser::inbox::{Inbox, Input};
use crate::browser::teardown::Teardowns;
use crate::error::{Code, Error};
use crate::lifecycle::State;
use crate::session::{Call, Level};
use js_sys::Promise;
use std::rc::Rc;
use wasm_bindgen::prelude::*;

/// The package's version.
#[wasm_bindgen]
pub fn version() -> String {
    crate::VERSION.into()
}

/// One instance of the chat.
#[wasm_bindgen]
pub struct SupportChat {
    pub(super) driver: Rc<Driver>,
    pub(super) host: Rc<HostSide>,
}

#[wasm_bindgen]
impl SupportChat {
    /// Checks the options and starts an instance; `ready` afterwards.
    #[wasm_bindgen(constructor)]
    pub fn new(given: JsValue, host: JsValue) -> Result<SupportChat, JsValue> {
        let brought = options::read(&given).map_err(|error| convert::error(&error))?;
        let options = brought.options;
        let config = options::config(&options);
        let inbox = Inbox::default();
        let teardowns = Teardowns::of(&host);
        let backing = making::backing(&options, brought.store);
        let wire = making::wire(&options, brought.transport, &teardowns, &inbox);
        let screen = making::screen(&options, &config, &teardowns, &inbox);
        let host = Rc::new(HostSide::new(host, brought.logger, options.log_level()));
        for line in options.warnings() {
            host.log(Level::Warn, &line);
        }
        let token_provider = brought.token_provider;
        let parts = Parts { config, host: host.clone(), teardowns, backing, wire, screen, token_provider };
        Ok(SupportChat { driver: Driver::start(parts, inbox), host })
    }

    /// One of the ten words.
    #[wasm_bindgen(getter)]
    pub fn state(&self) -> String {
        self.driver.state().name().into()
    }

    /// Who the visitor is.
    #[wasm_bindgen(getter)]
    pub fn identity(&self) -> JsValue {
        convert::identity(self.driver.identity().as_ref())
    }

    /// Messages of others after the read mark.
    #[wasm_bindgen(getter, js_name = unreadCount)]
    pub fn unread_count(&self) -> u32 {
        self.driver.unread()
    }

    /// Where the realtime connection stands.
    #[wasm_bindgen(getter)]
    pub fn connection(&self) -> JsValue {
        convert::connection(self.driver.connection())
    }

    /// Creates or resumes the session.
    pub fn boot(&self, options: JsValue) -> Promise {
        self.call_as(who::boot(&options))
    }

    /// Logs out.
    pub fn shutdown(&self, options: JsValue) -> Promise {
        self.call(convert::shutdown(&options))
    }

    /// Removes everything; final.
    pub fn destroy(&self) -> Promise {
        self.call(Ok(Call::Destroy))
    }

    /// Opens the panel.
    pub fn open(&self) -> Promise {
        self.shown(Ok(Call::Open))
    }

    /// Closes it.
    pub fn close(&self) -> Promise {
        self.shown(Ok(Call::Close))
    }

    /// Opens or closes it.
    pub fn toggle(&self) -> Promise {
        self.shown(Ok(Call::Toggle))
    }

    /// Shows launcher and panel.
    pub fn show(&self) -> Promise {
        self.shown(Ok(Call::Show))
    }

    /// Hides both.
    pub fn hide(&self) -> Promise {
        self.shown(Ok(Call::Hide))
    }

    /// Shows the launcher.
    #[wasm_bindgen(js_name = showLauncher)]
    pub fn show_launcher(&self) -> Promise {
        self.shown(Ok(Call::SetLauncherVisible(true)))
    }

    /// Hides it.
    #[wasm_bindgen(js_name = hideLauncher)]
    pub fn hide_launcher(&self) -> Promise {
        self.shown(Ok(Call::SetLauncherVisible(false)))
    }

    /// Shows or hides it.
    #[wasm_bindgen(js_name = setLauncherVisible)]
    pub fn set_launcher_visible(&self, visible: JsValue) -> Promise {
        self.shown(convert::truth(&visible, "visible").map(Call::SetLauncherVisible))
    }

    /// A new theme.
    #[wasm_bindgen(js_name = setTheme)]
    pub fn set_theme(&self, theme: JsValue) -> Promise {
        self.shown(convert::set_theme(&theme))
    }

    /// The z-index of launcher and panel.
    #[wasm_bindgen(js_name = setZIndex)]
    pub fn set_z_index(&self, z_index: JsValue) -> Promise {
        self.shown(convert::set_z_index(&z_index))
    }

    /// Consent given or withdrawn.
    #[wasm_bindgen(js_name = setCookieConsent)]
    pub fn set_cookie_consent(&self, given: JsValue) -> Promise {
        self.call(convert::truth(&given, "consent").map(Call::SetCookieConsent))
    }

    /// Starts a conversation.
    #[wasm_bindgen(js_name = startConversation)]
    pub fn start_conversation(&self, options: JsValue) -> Promise {
        self.call(convert::start_conversation(&options))
    }

    /// Sends a message; settles when the backend has it.
    #[wasm_bindgen(js_name = sendMessage)]
    pub fn send_message(&self, message: JsValue) -> Promise {
        self.call(convert::send_message(&message))
    }

    /// Sends a failed message again.
    #[wasm_bindgen(js_name = retryMessage)]
    pub fn retry_message(&self, id: JsValue) -> Promise {
        self.call(convert::message_id(&id).map(Call::RetryMessage))
    }

    /// Drops a failed message.
    #[wasm_bindgen(js_name = discardMessage)]
    pub fn discard_message(&self, id: JsValue) -> Promise {
        self.call(convert::message_id(&id).map(Call::DiscardMessage))
    }

    /// The visitor types, or stopped.
    #[wasm_bindgen(js_name = sendTyping)]
    pub fn send_typing(&self, options: JsValue) -> Promise {
        self.call(convert::send_typing(&options))
    }

    /// The messages in order.
    #[wasm_bindgen(js_name = getTranscript)]
    pub fn transcript(&self, options: JsValue) -> Promise {
        self.call(convert::transcript(&options))
    }

    /// Ends the conversation as the visitor.
    #[wasm_bindgen(js_name = endChat)]
    pub fn end_chat(&self) -> Promise {
        self.call(Ok(Call::EndChat))
    }

    /// Goes on as this user, in place.
    pub fn identify(&self, options: JsValue) -> Promise {
        self.call_as(who::identify(&options))
    }

    /// Newer values of user, company and context.
    pub fn update(&self, options: JsValue) -> Promise {
        self.call_as(who::update(&options))
    }

    /// Of a later version.
    #[wasm_bindgen(js_name = setLocale)]
    pub fn set_locale(&self) -> Promise {
        self.call(Ok(Call::Later("setLocale")))
    }

    /// Of a later version.
    pub fn render(&self) -> Promise {
        self.call(Ok(Call::Later("render")))
    }

    /// Of a later version.
    #[wasm_bindgen(js_name = showConversation)]
    pub fn show_conversation(&self) -> Promise {
        self.call(Ok(Call::Later("showConversation")))
    }

    /// Of a later version.
    #[wasm_bindgen(js_name = listConversations)]
    pub fn list_conversations(&self) -> Promise {
        self.call(Ok(Call::Later("listConversations")))
    }

    /// Of a later version.
    #[wasm_bindgen(js_name = sendFile)]
    pub fn send_file(&self) -> Promise {
        self.call(Ok(Call::Later("sendFile")))
    }

    /// Of a later version.
    #[wasm_bindgen(js_name = markConversationRead)]
    pub fn mark_conversation_read(&self) -> Promise {
        self.call(Ok(Call::Later("markConversationRead")))
    }

    /// Of a later version.
    #[wasm_bindgen(js_name = showNewMessage)]
    pub fn show_new_message(&self) -> Promise {
        self.call(Ok(Call::Later("showNewMessage")))
    }

    /// Of a later version.
    #[wasm_bindgen(js_name = downloadTranscript)]
    pub fn download_transcript(&self) -> Promise {
        self.call(Ok(Call::Later("downloadTranscript")))
    }

    /// Of a later version.
    pub fn rate(&self) -> Promise {
        self.call(Ok(Call::Later("rate")))
    }

    /// What the page is about; forgotten with it.
    #[wasm_bindgen(js_name = setContext)]
    pub fn set_context(&self, context: JsValue) -> Promise {
        self.call_as(who::set_context(&context))
    }

    /// Of a later version.
    #[wasm_bindgen(js_name = setConversationTags)]
    pub fn set_conversation_tags(&self) -> Promise {
        self.call(Ok(Call::Later("setConversationTags")))
    }

    /// Of a later version.
    #[wasm_bindgen(js_name = setCustomFields)]
    pub fn set_custom_fields(&self) -> Promise {
        self.call(Ok(Call::Later("setCustomFields")))
    }

    /// Of a later version.
    #[wasm_bindgen(js_name = isAgentOnline)]
    pub fn is_agent_online(&self) -> Promise {
        self.call(Ok(Call::Later("isAgentOnline")))
    }

    /// Of a later version.
    #[wasm_bindgen(js_name = searchArticles)]
    pub fn search_articles(&self) -> Promise {
        self.call(Ok(Call::Later("searchArticles")))
    }

    /// Of a later version.
    #[wasm_bindgen(js_name = showArticle)]
    pub fn show_article(&self) -> Promise {
        self.call(Ok(Call::Later("showArticle")))
    }

    /// Of a later version.
    #[wasm_bindgen(js_name = showTicketForm)]
    pub fn show_ticket_form(&self) -> Promise {
        self.call(Ok(Call::Later("showTicketForm")))
    }

    /// Of a later version.
    #[wasm_bindgen(js_name = startSession)]
    pub fn start_session(&self) -> Promise {
        self.call(Ok(Call::Later("startSession")))
    }

    /// Of a later version.
    #[wasm_bindgen(js_name = restoreSession)]
    pub fn restore_session(&self) -> Promise {
        self.call(Ok(Call::Later("restoreSession")))
    }

    /// Of a later version.
    #[wasm_bindgen(js_name = startChat)]
    pub fn start_chat(&self) -> Promise {
        self.call(Ok(Call::Later("startChat")))
    }

    /// Of a later version.
    #[wasm_bindgen(js_name = clearSession)]
    pub fn clear_session(&self) -> Promise {
        self.call(Ok(Call::Later("clearSession")))
    }

    /// Of a later version.
    #[wasm_bindgen(js_name = userTag)]
    pub fn user_tag(&self) -> Promise {
        self.call(Ok(Call::Later("userTag")))
    }

    /// Of a later version.
    #[wasm_bindgen(js_name = userReset)]
    pub fn user_reset(&self) -> Promise {
        self.call(Ok(Call::Later("userReset")))
    }
}

impl SupportChat {
    fn call(&self, call: Result<Call, Error>) -> Promise {
        let (id, promise) = self.host.promise();
        match call {
            Ok(call) => self.driver.feed(Input::Call(id, call)),
            Err(error) => {
                // Of a destroyed instance nothing else is worth saying.
                let gone = self.driver.state() == State::Destroyed;
                let destroyed = || Error::new(Code::Destroyed, "this chat is destroyed");
                self.host.settle(id, Err(if gone { destroyed() } else { error }));
            }
        }
        promise
    }

    /// A call that names somebody.
    fn call_as(&self, given: Result<Named, Error>) -> Promise {
        self.call(given.map(|(mut call, provider)| {
            if let (Call::BootAs(who) | Call::Identify(who), Some(provider)) = (&mut call, provider) {
                who.provider = Some(self.driver.add_provider(provider));
            }
            call
        }))
    }

    /// A call that needs the widget.
    fn shown(&self, call: Result<Call, Error>) -> Promise {
        self.call(if cfg!(feature = "widget") { call } else { Err(convert::widget_disabled()) })
    }
}
