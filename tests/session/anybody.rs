//! Visitors, users and tokens in any order, over tabs that come and go: nobody ever sees, stores or is told another's
//! words, no token is written down, and every promise is answered. Not: networks and stores that fail (`tests/simulation`).

use crate::rig::{Browser, Tab, browser, gossip};
use crate::users::{full, only, unproved, user};
use std::cell::RefCell;
use std::rc::Rc;
use support_chat::error::{Code, Error};
use support_chat::json::parse;
use support_chat::lifecycle::State;
use support_chat::message::{Content, ConversationStatus};
use support_chat::session::{Call, Gesture};
use support_chat::store::Store;
use support_chat::transport::{
    Action, Capabilities, ChatEvent, ChatEventKind, ClosedReason, Command, Connect, Event as Report, Found, Performed,
};

struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

/// A chat at the backend: whose, and how often an agent spoke.
struct Chat {
    owner: String,
    words: Vec<String>,
}

struct Scene {
    dice: Dice,
    seed: u64,
    browser: Rc<RefCell<Browser>>,
    tabs: Vec<Tab>,
    /// How many of its commands each tab's backend has heard, and as whom it is connected.
    heard: Vec<(usize, Option<Connect>)>,
    chats: Vec<Chat>,
    /// Visitors whose history became a user's.
    merged: Vec<(String, String)>,
    tokens: u32,
}

impl Scene {
    fn new(seed: u64) -> Scene {
        let (browser, dice) = (browser(), Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15)));
        browser.borrow_mut().lockless = seed % 3 == 2;
        let mut scene = Scene {
            dice,
            seed,
            browser,
            tabs: Vec::new(),
            heard: Vec::new(),
            chats: Vec::new(),
            merged: Vec::new(),
            tokens: 0,
        };
        scene.open();
        scene
    }

    fn open(&mut self) {
        self.tabs.push(Tab::new(&self.browser));
        self.heard.push((0, None));
    }

    fn name(&mut self) -> &'static str {
        if self.dice.roll(3) == 0 { "B" } else { "A" }
    }

    fn act(&mut self) {
        let at = self.dice.roll(self.tabs.len() as u64) as usize;
        if self.tabs[at].gone {
            return;
        }
        let name = self.name();
        let words = format!("of-{}.", self.speaker(at));
        let call = match self.dice.roll(26) {
            0 | 1 => Call::Boot,
            2..=4 => Call::BootAs(user(name)),
            5 => Call::BootAs(unproved(name)),
            6 | 7 => Call::Identify(user(name)),
            8 => Call::Identify(unproved(name)),
            9 => Call::Update(Box::new(only("context", "{\"page\":1}"))),
            10..=12 => Call::SendMessage { conversation_id: None, text: words, client_message_id: None },
            13 => Call::Shutdown { clear_storage: false },
            14 => Call::Shutdown { clear_storage: true },
            15 => Call::EndChat,
            16 => {
                if self.tabs[at].state().live() {
                    self.tabs[at].gesture(Gesture::Draft(words));
                }
                return;
            }
            17 => return self.tabs[at].interrupted(),
            18 if self.tabs.len() < 6 => return self.open(),
            19 if self.tabs.len() > 1 => return self.tabs[at].kill(),
            20..=22 => return self.answer_for_tokens(at, name),
            23 => {
                let ms = self.dice.roll(40_000);
                return self.tabs.iter_mut().filter(|tab| !tab.gone).for_each(|tab| tab.wait(ms));
            }
            _ => return,
        };
        self.tabs[at].call(call);
    }

    /// Under whose name this tab's visitor speaks.
    fn speaker(&self, at: usize) -> String {
        let identity = self.tabs[at].session.identity();
        identity.map_or("later".into(), |identity| identity.user_id.unwrap_or(identity.visitor_id))
    }

    fn answer_for_tokens(&mut self, at: usize, name: &str) {
        if self.tabs[at].asks.is_empty() {
            return;
        }
        self.tokens += 1;
        let token = format!("tok-{name}-{}", self.tokens);
        match self.dice.roll(8) {
            0 => self.tabs[at].no_token(),
            1 => self.tabs[at].token("<html>"),
            2 => self.tabs[at].token("tok-bad"),
            _ => self.tabs[at].token(&token),
        }
    }

    /// The backend hears one more command of a tab.
    fn backend(&mut self, at: usize) {
        let heard = self.heard[at].0;
        let Some(command) = self.tabs[at].commands.get(heard).cloned().filter(|_| !self.tabs[at].gone) else { return };
        self.heard[at].0 += 1;
        let last = self.heard[at].0 == self.tabs[at].commands.len();
        match command {
            Command::Connect(connect) => {
                self.heard[at].1 = None;
                if !last {
                    return;
                }
                if connect.token.as_deref().is_some_and(|token| !token.starts_with(&format!("tok-{}-", who(&connect))))
                {
                    return self.tabs[at].report(Report::Closed(ClosedReason::Auth(Code::InvalidToken)));
                }
                self.heard[at].1 = Some((*connect).clone());
                let owner = owner(&connect);
                if let Some(id) = &connect.conversation_id {
                    let place: usize = id.trim_start_matches("chat-").parse().expect("one of ours");
                    let mine = self.chats[place].owner == owner;
                    let events = match mine {
                        true => self.words(place),
                        false => vec![ChatEvent { conversation_id: Some(id.clone()), kind: ChatEventKind::Unknown }],
                    };
                    self.tabs[at].report(Report::Received(events));
                }
                self.tabs[at].report(Report::Saved(format!("{{\"secret\":\"{owner}\"}}")));
                let more =
                    if self.seed.is_multiple_of(2) { Capabilities::CONVERSATIONS } else { Capabilities::default() };
                self.tabs[at].connected(full().and(more));
            }
            Command::Disconnect(_) => self.heard[at].1 = None,
            Command::Revoke(_) => {
                if self.dice.roll(4) > 0 {
                    self.tabs[at].report(Report::Revoked);
                }
            }
            Command::Perform(op, action) => {
                let Some(connect) = self.heard[at].1.clone() else { return };
                let (mine, name) = (owner(&connect), who(&connect));
                let result = match action {
                    Action::RequestChat(_) => {
                        self.chats.push(Chat { owner: mine.clone(), words: vec![format!("of-{mine}.")] });
                        Ok(Performed::Requested(format!("chat-{}", self.chats.len() - 1)))
                    }
                    Action::Send(_) if self.dice.roll(10) == 0 && connect.token.is_some() => {
                        Err(Error::new(Code::AuthExpired, "expired"))
                    }
                    Action::Identify(token) => {
                        let named = token.split('-').nth(1).unwrap_or_default().to_owned();
                        let fits = if connect.user_id.is_some() { named == name } else { named != "bad" };
                        if fits {
                            let before = connect.visitor_id.clone();
                            self.merged.push((before.clone(), named.clone()));
                            for chat in self.chats.iter_mut().filter(|chat| chat.owner == before) {
                                chat.owner.clone_from(&named);
                            }
                            let now = Connect { user_id: Some(named.clone()), token: Some(token), ..connect };
                            self.heard[at].1 = Some(now);
                            Ok(Performed::Identified { user_id: named, merged: true })
                        } else {
                            Err(Error::new(Code::InvalidToken, "no"))
                        }
                    }
                    Action::Conversations(_) => Ok(Performed::Found(self.open_chat(&mine))),
                    Action::End => {
                        for chat in self.chats.iter_mut().filter(|chat| chat.owner == mine) {
                            chat.owner = "nobody".into();
                        }
                        Ok(Performed::Done)
                    }
                    _ => Ok(Performed::Done),
                };
                self.tabs[at].perform(op, result);
            }
        }
    }

    /// The chat a user may go on with on any device.
    fn open_chat(&self, owner: &str) -> Option<Box<Found>> {
        let place = self.chats.iter().rposition(|chat| chat.owner == owner)?;
        let (id, resume) = (format!("chat-{place}"), format!("{{\"secret\":\"{owner}\"}}"));
        Some(Box::new(Found { id, resume, status: ConversationStatus::Active, created_at: 5, ..Found::default() }))
    }

    fn words(&self, place: usize) -> Vec<ChatEvent> {
        let words = self.chats[place].words.iter().enumerate();
        let event = |(at, text): (usize, &String)| ChatEvent {
            conversation_id: Some(format!("chat-{place}")),
            kind: crate::given::said(at as u64 + 1, text),
        };
        words.map(event).collect()
    }

    /// What tabs said is heard, and locks go round.
    fn settle(&mut self) {
        for _ in 0..8 {
            let mut tabs: Vec<&mut Tab> = self.tabs.iter_mut().collect();
            gossip(&mut tabs);
            self.tabs.iter_mut().filter(|tab| !tab.gone).for_each(Tab::hear_of_theft);
            for tab in &mut self.tabs {
                if !tab.session.leads() {
                    tab.grant_lead();
                }
            }
        }
    }

    fn may_see(&self, text: &str, user: Option<&str>, visitor: &str) -> bool {
        let owner = text.strip_prefix("of-").and_then(|rest| rest.strip_suffix('.'));
        let Some(owner) = owner.filter(|owner| *owner != "later") else { return true };
        let merged = self.merged.iter().any(|(one, into)| one == owner && Some(into.as_str()) == user);
        owner == visitor || Some(owner) == user || merged
    }

    fn check(&mut self) {
        for tab in self.tabs.iter().filter(|tab| !tab.gone) {
            let view = tab.session.view();
            let identity = tab.session.identity();
            let texts = view.items.iter().filter_map(|item| match &item.message.content {
                Content::Text(text) => Some(text.as_str()),
                _ => None,
            });
            for text in texts.chain([view.draft]).filter(|text| !text.is_empty()) {
                match &identity {
                    Some(one) => assert!(
                        self.may_see(text, one.user_id.as_deref(), &one.visitor_id),
                        "seed {}: {one:?} sees {text}",
                        self.seed
                    ),
                    None => assert_eq!(view.state, State::Booting, "seed {}: {text} without a session", self.seed),
                }
            }
            if let Some(one) = identity.filter(|_| matches!(view.state, State::Anonymous | State::Authenticated)) {
                assert_eq!(one.user_id.is_some(), view.state == State::Authenticated, "seed {}", self.seed);
            }
            let said = tab.written.iter().chain(&tab.log).any(|text| text.contains("tok-"));
            assert!(!said, "seed {}: a token was written down", self.seed);
        }
        let entries = self.browser.borrow_mut().store.load().expect("memory loads");
        let session = entries.iter().find(|(name, _)| name == "session").map(|(_, text)| text.clone());
        let (mut user, mut visitor) = (None, String::new());
        if let Some(document) = session.as_deref().and_then(|text| parse(text).ok()) {
            user = document.root().owned_at("userId");
            visitor = document.root().owned_at("visitorId").unwrap_or_default();
        }
        for (name, text) in &entries {
            for (at, _) in text.match_indices("of-") {
                let word = &text[at..=at + text[at..].find('.').expect("ends")];
                let fits = self.may_see(word, user.as_deref(), &visitor);
                assert!(fits, "seed {}: {name} of {user:?} {visitor} holds {word}", self.seed);
            }
        }
    }
}

fn who(connect: &Connect) -> String {
    connect.user_id.clone().unwrap_or_default()
}

/// Whom the backend takes a connection for.
fn owner(connect: &Connect) -> String {
    match &connect.token {
        Some(_) => who(connect),
        None => connect.visitor_id.clone(),
    }
}

#[test]
fn nobody_ever_sees_or_stores_what_is_another_persons() {
    for seed in 0..90 {
        let mut scene = Scene::new(seed);
        for _ in 0..120 {
            scene.act();
            for at in 0..scene.tabs.len() {
                if scene.dice.roll(3) > 0 {
                    scene.backend(at);
                }
            }
            scene.settle();
            scene.check();
        }
        for tab in scene.tabs.iter_mut().filter(|tab| !tab.gone) {
            let last = tab.call(Call::Destroy);
            for call in 1..=last {
                assert!(tab.outcome(call).is_some(), "seed {seed}: call {call} was never answered");
            }
        }
    }
}
