//! A store without room for one byte more: who logs out then, or makes room for a user, leaves as little there as ever.

use crate::rig::{Browser, Tab, browser, gossip, said};
use crate::users::{full, user};
use std::cell::RefCell;
use std::rc::Rc;
use support_chat::lifecycle::State;
use support_chat::session::{Call, Gesture};
use support_chat::store::{Refusal, Store};

impl Browser {
    fn bytes(&mut self) -> usize {
        let entries = self.store.load().expect("memory loads");
        entries.iter().map(|(name, text)| name.len() + text.len()).sum()
    }

    /// Whether there is room for this text.
    fn has_room(&mut self, name: &str, text: &str) -> bool {
        let Some(most) = self.most else { return true };
        let entries = self.store.load().expect("memory loads");
        let there = entries.iter().find(|entry| entry.0 == name).map_or(0, |entry| name.len() + entry.1.len());
        self.bytes() - there + name.len() + text.len() <= most
    }
}

impl Tab {
    /// What becomes of a text that is to be kept.
    pub(crate) fn keep(&mut self, name: &str, text: &str) -> Result<(), Refusal> {
        match self.use_own || self.browser.borrow_mut().has_room(name, text) {
            _ if self.browser.borrow().deaf => Ok(()),
            true => self.store(|store| store.set(name, text)),
            false => Err(Refusal::Full),
        }
    }
}

/// A conversation in a browser that the page has filled up since.
fn conversation() -> (Rc<RefCell<Browser>>, Tab) {
    let browser = browser();
    let mut tab = Tab::talking(&browser, full());
    tab.receive(vec![said(2, "secret words")]);
    tab.gesture(Gesture::Draft("half a thought".into()));
    tab.wait(2_000);
    let bytes = browser.borrow_mut().bytes();
    browser.borrow_mut().most = Some(bytes);
    (browser, tab)
}

#[test]
fn a_logout_counts_though_the_store_had_no_room_for_its_number() {
    for clear_storage in [false, true] {
        let (browser, mut tab) = conversation();
        let visitor = tab.visitor_id();
        let mut away = Tab::new(&browser); // and hears nothing
        away.call(Call::Boot);
        tab.call(Call::Shutdown { clear_storage });
        assert!(!tab.stored().contains("secret words") && !tab.stored().contains("half a thought"), "{}", tab.stored());
        assert!(tab.stored_epoch() > 0, "{}", tab.stored());
        away.look();
        assert_eq!((away.state(), away.texts().len()), (State::Shutdown, 0));
        let mut next = Tab::new(&browser);
        next.call(Call::Boot);
        next.connected(full());
        assert_eq!(next.visitor_id() == visitor, !clear_storage);
    }
}

#[test]
fn who_makes_way_for_a_user_finds_back_though_the_store_was_full() {
    let (browser, mut tab) = conversation();
    let visitor = tab.visitor_id();
    let mut other = Tab::new(&browser);
    other.call(Call::BootAs(user("A")));
    gossip(&mut [&mut tab, &mut other]);
    other.grant_lead();
    other.prove("A");
    assert!(!other.stored().contains("secret words"), "{}", other.stored());
    assert_eq!(tab.state(), State::Shutdown);
    other.call(Call::Shutdown { clear_storage: false });
    let mut next = Tab::new(&browser);
    next.call(Call::Boot);
    next.connected(full());
    assert_eq!(next.visitor_id(), visitor);
}
