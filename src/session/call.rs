//! What pages and visitors ask of a session. Not: what each of them does.

/// Ties a call to the promise that waits for it. 0 is nobody.
pub type CallId = u32;

/// Whom a call names, and what the page says of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Who {
    /// `user.id`, as text; absent: nobody is named.
    pub user_id: Option<String>,
    /// `{user?, company?, context?}`, checked, as the page gave them, the user's id included; empty: nothing. Never stored.
    pub said: String,
    /// Whom to ask for tokens; absent: nobody.
    pub provider: Option<ProviderId>,
}

/// Tells token providers apart: the shell numbers the functions that calls bring. 0 is the one of the options.
pub type ProviderId = u32;

/// A call of the page; exactly one `Output::Settle` with its id follows, at once or later.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Call {
    /// Create or resume the session, anonymously.
    Boot,
    /// Create or resume the session as somebody, or anonymously with something to say about the page.
    BootAs(Box<Who>),
    /// Go on as this user, in place.
    Identify(Box<Who>),
    /// Newer values of user, company and context, merged key by key; `null` deletes. It brings no provider.
    Update(Box<Who>),
    /// Log out.
    Shutdown {
        /// Drop the visitor's id and secret too.
        clear_storage: bool,
    },
    /// Remove the instance.
    Destroy,
    /// Open the panel.
    Open,
    /// Close the panel.
    Close,
    /// Open or close it.
    Toggle,
    /// Show launcher and panel.
    Show,
    /// Hide launcher and panel.
    Hide,
    /// Show or hide the launcher.
    SetLauncherVisible(bool),
    /// A new theme, as checked JSON object text.
    SetTheme(String),
    /// The widget's z-index.
    SetZIndex(i32),
    /// Consent given or withdrawn.
    SetCookieConsent(bool),
    /// Start a conversation, with a first message or by opening the composer.
    StartConversation {
        /// What it is about.
        subject: Option<String>,
        /// The first message.
        message: Option<String>,
        /// JSON object text, passed to the backend.
        metadata: Option<String>,
    },
    /// Send a message; settles when the backend has it.
    SendMessage {
        /// Into which conversation; absent: the open one, else a new one.
        conversation_id: Option<String>,
        /// The words, untrimmed.
        text: String,
        /// The caller's own idempotency key.
        client_message_id: Option<String>,
    },
    /// Send a failed message again.
    RetryMessage(String),
    /// Drop a failed message.
    DiscardMessage(String),
    /// The visitor types, or stopped.
    SendTyping(bool),
    /// The transcript from this index on.
    Transcript(u64),
    /// End the conversation as the visitor.
    EndChat,
    /// A call of a later version, by its name: rejects `unsupported`.
    Later(&'static str),
}

/// What a visitor does in the widget.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Gesture {
    /// Sends what the composer held.
    Send(String),
    /// The composer holds this now; also means: types.
    Draft(String),
    /// "Try again" under a failed message, by its client message id.
    Retry(String),
    /// "Delete" under a failed message.
    Discard(String),
    /// The newest message came into sight, or left it.
    AtEnd(bool),
    /// The launcher, the minimise button, Esc.
    Toggle,
    /// Closes the panel.
    Close,
    /// "Start a new chat" on the ended card.
    StartNew,
    /// "End chat" in the menu.
    EndChat,
    /// "Try again" on a banner about the connection.
    Reconnect,
}
