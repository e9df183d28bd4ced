//! The model backend: the truth about visitors, conversations and messages. It keeps the contract of the chat level, and
//! uses every freedom that contract leaves (repeats, disorder, replies before or after events). Not: the way to it
//! (`wire`).

use crate::bugs::Bug;
use crate::plan::Plan;
use crate::random::Random;
use crate::users::{Token, UserId};
use std::collections::BTreeSet;
use support_chat::error::{Code, Error};
use support_chat::message::{Content, Party, Role};
use support_chat::transport::{
    Action, Capabilities, ChatEvent, ChatEventKind, ClosedReason, Connect, Entry, Event, OpId, Performed,
};

/// An anonymous visitor with a secret (without it, the same id is a stranger), or a user.
pub(crate) struct Account {
    pub(crate) visitor: String,
    pub(crate) secret: String,
    pub(crate) user: Option<UserId>,
    /// Merged into a user's, or revoked: nothing opens it any more.
    pub(crate) gone: bool,
}

/// One thread.
pub(crate) struct Conversation {
    pub(crate) id: String,
    /// Whose: place among the accounts.
    pub(crate) account: usize,
    /// The visitor's id under which it was requested.
    pub(crate) opener: String,
    key: String,
    pub(crate) log: Vec<Entry>,
    pub(crate) ended: bool,
    /// An agent is there.
    pub(crate) joined: bool,
}

/// What the backend knows of a connection.
#[derive(Clone, Debug, Default)]
pub(crate) struct Peer {
    pub(crate) account: Option<usize>,
    /// As they call themselves.
    pub(crate) visitor: String,
    /// The proof, where there is one.
    pub(crate) token: Option<String>,
    /// Which conversation's events it gets.
    pub(crate) conversation: Option<usize>,
}

/// See the module.
#[derive(Default)]
pub(crate) struct Backend {
    pub(crate) accounts: Vec<Account>,
    pub(crate) conversations: Vec<Conversation>,
    /// It is down until then.
    pub(crate) down_until: u64,
    /// The next message is refused.
    pub(crate) refuse_next: bool,
    pub(crate) tokens: Vec<Token>,
    /// Which visitors' ids have come with a good token of which user.
    pub(crate) proven: BTreeSet<(String, UserId)>,
    /// How often anonymous visitors became users.
    pub(crate) merges: u64,
}

/// What came of a request: events for the connection that asked, and entries for everybody else in that conversation.
#[derive(Default)]
pub(crate) struct Answer {
    pub(crate) events: Vec<Event>,
    pub(crate) news: Vec<(usize, ChatEventKind)>,
}

impl Backend {
    /// The account of a visitor who knows its secret; a new one otherwise.
    pub(crate) fn admit(&mut self, visitor: &str, knows: impl Fn(&str) -> bool) -> usize {
        let own = |account: &Account| {
            account.user.is_none() && !account.gone && account.visitor == visitor && knows(&account.secret)
        };
        self.accounts.iter().position(own).unwrap_or_else(|| {
            let secret = format!("~s{};", self.accounts.len());
            self.accounts.push(Account { visitor: visitor.into(), secret, user: None, gone: false });
            self.accounts.len() - 1
        })
    }

    /// The chat that was requested under this key, and whether it was there already.
    pub(crate) fn request(
        &mut self,
        account: usize,
        opener: &str,
        key: String,
        now: u64,
        plan: &Plan,
    ) -> (usize, bool) {
        let same = |one: &Conversation| one.account == account && one.key == key;
        match self.conversations.iter().position(same).filter(|_| plan.idempotency) {
            Some(place) => (place, true),
            None => (self.open(account, opener, key, now), false),
        }
    }

    /// The visitor says something: the entry, and whether it is new.
    pub(crate) fn say(
        &mut self,
        place: usize,
        text: String,
        key: Option<String>,
        now: u64,
        plan: &Plan,
    ) -> Result<(Entry, bool), Error> {
        if std::mem::take(&mut self.refuse_next) {
            return Err(Error::new(Code::MessageInvalid, "refused on purpose"));
        }
        let party = self.visitor(self.conversations[place].account);
        let one = &mut self.conversations[place];
        let key = key.filter(|_| plan.idempotency);
        let first = one.log.iter().find(|entry| key.is_some() && entry.client_message_id == key);
        match first {
            Some(entry) => Ok((entry.clone(), false)),
            None if one.ended => Err(Error::new(Code::MessageSendFailed, "the chat is over")),
            None => Ok((append(one, party, Content::Text(text), key, now), true)),
        }
    }

    /// A connection says whom it is and how far it has come.
    pub(crate) fn hello(
        &mut self,
        peer: &mut Peer,
        connect: &Connect,
        now: u64,
        plan: &Plan,
        random: &mut Random,
    ) -> Vec<Event> {
        let mut events = Vec::new();
        let resume = connect.resume.as_deref().unwrap_or("");
        *peer = Peer { visitor: connect.visitor_id.clone(), ..Peer::default() };
        let account = match self.proof(connect, now, plan) {
            Err(code) => return vec![Event::Closed(ClosedReason::Auth(code))],
            Ok(Some(user)) => {
                peer.token.clone_from(&connect.token);
                self.admit_user(&connect.visitor_id, user)
            }
            Ok(None) => self.admit(&connect.visitor_id, |secret| resume.contains(secret)),
        };
        peer.account = Some(account);
        let open = connect.conversation_id.as_ref();
        let open = self.conversations.iter().position(|one| Some(&one.id) == open && one.account == account);
        events.push(Event::Saved(self.resume(account, open)));
        let mut missed = Vec::new();
        if connect.conversation_id.is_some() {
            match open {
                None => missed.push(event(None, ChatEventKind::Unknown)),
                Some(place) => {
                    peer.conversation = Some(place);
                    // Sometimes more than was asked for: repeats are allowed.
                    let from = connect.last_index.saturating_sub(if random.percent(20) { random.below(4) } else { 0 });
                    let one = &self.conversations[place];
                    missed.extend(since(one, from));
                    if random.percent(20) && missed.len() > 1 {
                        let at = random.below(missed.len() as u64 - 1) as usize;
                        missed.swap(at, at + 1);
                    }
                    if one.ended {
                        missed.push(event(Some(&one.id), ChatEventKind::Ended(None)));
                    }
                }
            }
        }
        let connected = Event::Connected(capabilities(plan), None);
        let late = plan.bug == Some(Bug::ResendFirst);
        if late {
            events.push(connected.clone());
        }
        let size = random.between(1, 5) as usize;
        events.extend(missed.chunks(size).map(|chunk| Event::Received(chunk.to_vec())));
        if !late {
            events.push(connected);
        }
        events
    }

    /// A connection wants something done.
    pub(crate) fn perform(
        &mut self,
        peer: &mut Peer,
        op: OpId,
        action: Action,
        now: u64,
        plan: &Plan,
        random: &mut Random,
    ) -> Answer {
        let mut answer = Answer::default();
        let Some(account) = peer.account else { return answer };
        let proof = peer.token.as_deref().filter(|_| plan.strict).map(|token| self.verify(token, now));
        let result = match action {
            Action::Identify(token) => self.identify(peer, token, now),
            _ if matches!(proof, Some(Err(_))) => {
                let code = proof.and_then(Result::err).unwrap_or(Code::InvalidToken);
                Err(Error::new(code, "the token is good for nothing any more"))
            }
            Action::RequestChat(request) => {
                let (place, known) =
                    self.request(account, &peer.visitor, request.client_conversation_id.clone(), now, plan);
                peer.conversation = Some(place);
                answer.events.push(Event::Saved(self.resume(account, Some(place))));
                let one = &self.conversations[place];
                if !known || random.percent(50) {
                    answer.events.push(Event::Received(since(one, 0)));
                }
                Ok(Performed::Requested(one.id.clone()))
            }
            Action::Update(_) => Ok(Performed::Done),
            Action::Conversations(_) => Ok(Performed::Found(self.list(account))),
            Action::Send(outgoing) => {
                let place = self.conversations.iter().position(|one| one.id == outgoing.conversation_id);
                match place.filter(|place| self.conversations[*place].account == account) {
                    None => Err(Error::new(Code::ConversationNotFound, "no such chat")),
                    Some(place) => match self.say(place, outgoing.text, Some(outgoing.client_message_id), now, plan) {
                        Err(error) => Err(error),
                        Ok((entry, new)) => {
                            if new {
                                answer.news.push((place, ChatEventKind::Entry(entry.clone())));
                            }
                            let told = plan.tells_index || !new;
                            Ok(Performed::Sent(if told { entry.index } else { 0 }, entry.id.filter(|_| told)))
                        }
                    },
                }
            }
            Action::End => {
                if let Some(place) = peer.conversation {
                    answer.news = self.end(place);
                }
                Ok(Performed::Done)
            }
            Action::CatchUp(after) => {
                if let Some(place) = peer.conversation {
                    let one = &self.conversations[place];
                    answer.events.push(Event::Received(since(one, after)));
                }
                Ok(Performed::Done)
            }
            Action::Typing(_) | Action::Read(_) => Ok(Performed::Done),
        };
        // Every reply says whether the chat is over.
        let over = peer.conversation.map(|place| &self.conversations[place]).filter(|one| one.ended);
        if let Some(one) = over.filter(|_| answer.news.is_empty()) {
            answer.events.push(Event::Received(vec![event(Some(&one.id), ChatEventKind::Ended(None))]));
        }
        let performed = Event::Performed(op, result);
        if plan.bug == Some(Bug::ResendFirst) {
            answer.events.insert(0, performed);
        } else {
            answer.events.push(performed);
        }
        answer
    }

    /// An agent joins where there is none, then writes or begins to; what everybody in that conversation hears.
    pub(crate) fn agent_says(&mut self, place: usize, text: Option<String>, now: u64) -> Vec<(usize, ChatEventKind)> {
        let one = &mut self.conversations[place];
        let mut news = Vec::new();
        if !one.joined {
            one.joined = true;
            news.push((place, ChatEventKind::Entry(append(one, agent(), Content::Joined, None, now))));
        }
        match text {
            Some(text) => {
                news.push((place, ChatEventKind::Entry(append(one, agent(), Content::Text(text), None, now))))
            }
            None => news.push((place, ChatEventKind::Typing(agent(), true))),
        }
        news
    }

    /// Either side ends a conversation.
    pub(crate) fn end(&mut self, place: usize) -> Vec<(usize, ChatEventKind)> {
        let one = &mut self.conversations[place];
        if std::mem::replace(&mut one.ended, true) { Vec::new() } else { vec![(place, ChatEventKind::Ended(None))] }
    }

    /// The conversations in which a text stands.
    pub(crate) fn holders<'a>(&'a self, text: &'a str) -> impl Iterator<Item = &'a Conversation> + 'a {
        let said = move |entry: &Entry| matches!(&entry.content, Content::Text(said) if said == text);
        self.conversations.iter().filter(move |one| one.log.iter().any(said))
    }

    /// How often a text stands in anybody's conversation.
    pub(crate) fn count(&self, text: &str) -> usize {
        let entries = self.conversations.iter().flat_map(|one| &one.log);
        entries.filter(|entry| matches!(&entry.content, Content::Text(said) if said == text)).count()
    }

    /// How often at most a text stands in one conversation.
    pub(crate) fn most(&self, text: &str) -> usize {
        let said = |entry: &&Entry| matches!(&entry.content, Content::Text(said) if said == text);
        self.conversations.iter().map(|one| one.log.iter().filter(said).count()).max().unwrap_or(0)
    }

    fn open(&mut self, account: usize, opener: &str, key: String, now: u64) -> usize {
        let party = self.visitor(account);
        let id = format!("~c{}.", self.conversations.len());
        let mut one =
            Conversation { id, account, opener: opener.into(), key, log: Vec::new(), ended: false, joined: false };
        append(&mut one, party, Content::Joined, None, now);
        self.conversations.push(one);
        self.conversations.len() - 1
    }

    fn visitor(&self, account: usize) -> Party {
        let id = self.accounts[account].visitor.clone();
        Party { id, name: "User".into(), role: Role::Visitor, bot: None, avatar_url: None }
    }
}

pub(crate) fn agent() -> Party {
    Party { id: "agent".into(), name: "Ann".into(), role: Role::Agent, bot: None, avatar_url: None }
}

/// An event as a connection hears it.
pub(crate) fn event(id: Option<&str>, kind: ChatEventKind) -> ChatEvent {
    ChatEvent { conversation_id: id.map(Into::into), kind }
}

pub(crate) fn since(one: &Conversation, index: u64) -> Vec<ChatEvent> {
    let newer = one.log.iter().filter(|entry| entry.index > index);
    newer.map(|entry| event(Some(&one.id), ChatEventKind::Entry(entry.clone()))).collect()
}

fn append(one: &mut Conversation, party: Party, content: Content, key: Option<String>, now: u64) -> Entry {
    let index = one.log.len() as u64 + 1;
    let id = Some(format!("{}-{index}", one.id));
    one.log.push(Entry { index, id, client_message_id: key, party, content, time: now });
    one.log[index as usize - 1].clone()
}

fn capabilities(plan: &Plan) -> Capabilities {
    let mut all = Capabilities::KEEPS;
    for (wanted, one) in [
        (plan.idempotency, Capabilities::IDEMPOTENCY),
        (plan.typing, Capabilities::TYPING),
        (plan.receipts, Capabilities::RECEIPTS),
        (plan.identifies, Capabilities::IDENTIFY),
        (plan.identifies, Capabilities::CONVERSATIONS),
    ] {
        if wanted {
            all = all.and(one);
        }
    }
    all
}
