//! Users at the model backend: their accounts, the tokens the site's own backend signs for them, and what a token opens.
//! Not: the site itself (`site`), nor the conversations (`backend`).

use crate::backend::{Account, Backend, Peer};
use crate::plan::Plan;
use crate::random::Random;
use support_chat::error::{Code, Error};
use support_chat::message::ConversationStatus;
use support_chat::transport::{Connect, Found, Performed};

/// A user of the site, by number.
pub(crate) type UserId = usize;

/// How pages call a user.
pub(crate) fn name_of(user: UserId) -> String {
    format!("user-{user}")
}

/// A token that was signed, or pretends to be.
pub(crate) struct Token {
    pub(crate) text: String,
    pub(crate) user: UserId,
    /// On the wall's clock, in ms.
    expires: u64,
    /// Signed with the wrong key.
    forged: bool,
    pub(crate) revoked: bool,
}

/// What kind of token is asked of the site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A JWT.
    Signed,
    /// It says nothing of itself.
    Opaque,
    Forged,
    Expired,
}

impl Backend {
    /// The site signs a token.
    pub(crate) fn sign(&mut self, user: UserId, kind: Kind, life: u64, now: u64) -> String {
        let expires = if kind == Kind::Expired { now.saturating_sub(5_000) } else { now + life };
        let mark = format!("~t{};", self.tokens.len());
        let text = if kind == Kind::Opaque {
            mark
        } else {
            let claims = format!(r#"{{"sub":"{}","exp":{}}}"#, name_of(user), expires / 1_000);
            format!("e30.{}.{mark}", base64(claims.as_bytes()))
        };
        // Seconds are all a token says: the backend takes it at its word.
        let expires = expires / 1_000 * 1_000;
        self.tokens.push(Token { text: text.clone(), user, expires, forged: kind == Kind::Forged, revoked: false });
        text
    }

    /// Whose token it is, if it is good for anything.
    pub(crate) fn verify(&self, text: &str, now: u64) -> Result<UserId, Code> {
        match self.tokens.iter().find(|token| token.text == text) {
            None => Err(Code::InvalidToken),
            Some(token) if token.forged || token.revoked => Err(Code::InvalidToken),
            Some(token) if token.expires <= now => Err(Code::AuthExpired),
            Some(token) => Ok(token.user),
        }
    }

    /// The account of a user, on whatever device. The visitor has proved to be that user.
    pub(crate) fn admit_user(&mut self, visitor: &str, user: UserId) -> usize {
        self.proven.insert((visitor.into(), user));
        self.accounts.iter().position(|account| account.user == Some(user)).unwrap_or_else(|| {
            self.accounts.push(Account {
                visitor: name_of(user),
                secret: String::new(),
                user: Some(user),
                gone: false,
            });
            self.accounts.len() - 1
        })
    }

    /// What an anonymous visitor said becomes the user's.
    pub(crate) fn merge(&mut self, from: usize, into: usize) {
        self.accounts[from].gone = true;
        for one in self.conversations.iter_mut().filter(|one| one.account == from) {
            one.account = into;
        }
        self.merges += 1;
    }

    /// Whether whoever goes by this visitor's id may see what belongs to the account.
    pub(crate) fn may_see(&self, visitor: &str, account: usize) -> bool {
        let account = &self.accounts[account];
        match account.user {
            Some(user) => self.proven.iter().any(|(proven, of)| proven == visitor && *of == user),
            None => account.visitor == visitor,
        }
    }

    /// Whom a connection is from: a user with proof, or nobody in particular.
    pub(crate) fn proof(&self, connect: &Connect, now: u64, plan: &Plan) -> Result<Option<UserId>, Code> {
        if !plan.identifies {
            return Ok(None);
        }
        match &connect.token {
            Some(token) => {
                let user = self.verify(token, now)?;
                let claimed = connect.user_id.as_deref().is_none_or(|name| name == name_of(user));
                if claimed { Ok(Some(user)) } else { Err(Code::InvalidToken) }
            }
            None if connect.user_id.is_some() && plan.demands_proof => Err(Code::AuthRequired),
            None => Ok(None),
        }
    }

    /// A live connection comes with a token.
    pub(crate) fn identify(&mut self, peer: &mut Peer, token: String, now: u64) -> Result<Performed, Error> {
        let refusal = |code| Error::new(code, "the token is good for nothing");
        let user = self.verify(&token, now).map_err(refusal)?;
        let from = peer.account.filter(|from| self.accounts[*from].user.is_none());
        let into = self.admit_user(&peer.visitor, user);
        if let Some(from) = from {
            self.merge(from, into);
        }
        peer.account = Some(into);
        peer.token = Some(token);
        Ok(Performed::Identified { user_id: name_of(user), merged: from.is_some() })
    }

    /// The newest conversation of an account, and what opens it.
    pub(crate) fn list(&self, account: usize) -> Option<Box<Found>> {
        let own = |place: &usize| self.conversations[*place].account == account;
        let open = (0..self.conversations.len()).filter(own).rfind(|place| !self.conversations[*place].ended);
        open.map(|place| {
            let one = &self.conversations[place];
            Box::new(Found {
                id: one.id.clone(),
                status: ConversationStatus::Queued,
                created_at: one.log[0].time,
                resume: self.resume(account, Some(place)),
                ..Found::default()
            })
        })
    }

    /// What a transport keeps for the next page. (The model asks for the secret alone; the key is there to be found.)
    pub(crate) fn resume(&self, account: usize, open: Option<usize>) -> String {
        let secret = Some(&self.accounts[account].secret).filter(|secret| !secret.is_empty());
        let secret = secret.map(|secret| format!(r#""secret":"{secret}""#));
        let key = open.map(|place| format!(r#""key":"~k{place};""#));
        format!("{{{}}}", secret.into_iter().chain(key).collect::<Vec<_>>().join(","))
    }

    /// Somebody at the site throws out all sessions of a user.
    pub(crate) fn revoke_all(&mut self, user: UserId) {
        for token in self.tokens.iter_mut().filter(|token| token.user == user) {
            token.revoked = true;
        }
    }

    /// A logout: what it names is worthless from now on.
    pub(crate) fn revoke(&mut self, token: Option<&str>, resume: Option<&str>, clear: bool) {
        for one in self.tokens.iter_mut().filter(|one| Some(&*one.text) == token) {
            one.revoked = true;
        }
        let named = |account: &&mut Account| {
            !account.secret.is_empty() && resume.is_some_and(|resume| resume.contains(&account.secret))
        };
        if clear && let Some(account) = self.accounts.iter_mut().find(named) {
            account.gone = true;
        }
    }
}

/// How long a good token lives, in ms.
pub(crate) fn life(random: &mut Random) -> u64 {
    let most = random.pick(&[6_000, 100_000, 600_000]);
    2_000 + random.below(most)
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::new();
    for group in bytes.chunks(3) {
        let number = group.iter().fold(0_u32, |sum, byte| sum << 8 | u32::from(*byte)) << (8 * (3 - group.len()));
        for digit in 0..=group.len() {
            text.push(char::from(DIGITS[(number >> (18 - 6 * digit)) as usize & 63]));
        }
    }
    text
}
