//! A page's own store, where what one tab wrote may land after another one's logout: what is ordered of it then, and what
//! is heard of it. Not: how the store finds and undoes it (pkg-template/test/store.test.js).

use crate::rig::{Browser, Tab, browser, config, gossip};
use crate::users::{full, user};
use std::cell::RefCell;
use std::rc::Rc;
use support_chat::lifecycle::State;
use support_chat::session::{Call, Config, SaveToken};
use support_chat::store::persisted::SavedSession;
use support_chat::store::{Entries, Store};
use support_chat::transport::{Action, Performed};

/// See `storing::UNDONE`, and `page_store.js`.
const UNDONE: SaveToken = 4_294_967_294;

fn own() -> Config {
    Config { storage: "custom", ..config() }
}

/// One that leads, and has said something, and one that follows it.
fn pair(shared: &Rc<RefCell<Browser>>) -> (Tab, Tab) {
    let mut leader = Tab::talking_with(shared, own(), full());
    leader.wait(2_000);
    let mut other = Tab::with(shared, own());
    other.call(Call::Boot);
    gossip(&mut [&mut leader, &mut other]);
    assert_eq!((leader.state(), other.state()), (State::Anonymous, State::Anonymous));
    (leader, other)
}

#[test]
fn the_beginning_of_a_saved_session_says_whose_it_is_and_as_of_which_logout() {
    let session = SavedSession { sid: "s".into(), epoch: 7, visitor_id: "v".into(), ..SavedSession::default() };
    assert!(session.encode().starts_with(r#"{"v":1,"sid":"s","epoch":7,"#), "{}", session.encode());
}

#[test]
fn of_a_visitor_whom_another_tabs_logout_keeps_a_tab_would_write_how_to_find_back_and_no_word() {
    for clear in [false, true] {
        let shared = browser();
        let (mut leader, mut other) = pair(&shared);
        let visitor = leader.visitor_id();
        other.call(Call::Shutdown { clear_storage: clear });
        let before = leader.written.len();
        gossip(&mut [&mut leader, &mut other]);
        assert_eq!(leader.state(), State::Shutdown);
        let copy = leader.written.split_off(before);
        let (kept, rest): (Vec<_>, Vec<_>) = copy.iter().partition(|text| text.starts_with("session="));
        assert!(rest.iter().all(|text| text.starts_with("epoch=") || text.starts_with('{')), "{rest:?}");
        assert_eq!(kept.len(), usize::from(!clear), "{copy:?}");
        for text in kept {
            let kept = SavedSession::decode(text.trim_start_matches("session=")).expect("a session");
            assert_eq!((kept.visitor_id, kept.applied), (visitor.clone(), 0));
            assert!(copy.contains(&format!("epoch={}", kept.epoch)), "{copy:?}");
            let found = other.stored().replace('\\', "");
            assert!(found.contains(&format!(r#""sid":"{}","epoch":{},"#, kept.sid, kept.epoch)), "as kept: {found}");
            assert!(!text.contains("first"), "{text}");
        }
    }
}

#[test]
fn a_user_whom_another_tab_logs_out_is_not_written_again() {
    let shared = browser();
    let mut leader = Tab::with(&shared, own());
    leader.call(Call::BootAs(user("A")));
    leader.prove("A");
    let mut other = Tab::with(&shared, own());
    other.call(Call::BootAs(user("A")));
    gossip(&mut [&mut leader, &mut other]);
    other.call(Call::Shutdown { clear_storage: false });
    let before = leader.written.len();
    gossip(&mut [&mut leader, &mut other]);
    assert_eq!(leader.state(), State::Shutdown);
    assert!(
        !leader.written[before..].iter().any(|text| text.starts_with("session=")),
        "{:?}",
        &leader.written[before..]
    );
}

#[test]
fn who_leads_writes_its_session_again_when_another_tab_has_undone_a_write_that_came_too_late() {
    let shared = browser();
    let (mut late, mut tab) = pair(&shared);
    tab.call(Call::Shutdown { clear_storage: true });
    tab.call(Call::Boot);
    gossip(&mut [&mut late, &mut tab]);
    tab.grant_lead();
    let mut third = Tab::with(&shared, own());
    third.call(Call::Boot);
    gossip(&mut [&mut late, &mut tab, &mut third]);
    assert_eq!([late.state(), tab.state(), third.state()], [State::Shutdown, State::Anonymous, State::Anonymous]);
    assert_eq!(tab.visitor_id(), third.visitor_id());
    let visitor = tab.visitor_id();
    // What it wrote had gone over theirs, and is deleted.
    for name in ["session", "epoch"] {
        shared.borrow_mut().store.remove(name).expect("memory");
    }
    let follows = third.written.len();
    late.stored_now(UNDONE);
    gossip(&mut [&mut late, &mut tab, &mut third]);
    assert!(tab.stored().contains(&visitor) && tab.names().contains(&"epoch".to_owned()), "{}", tab.stored());
    assert_eq!(third.written.len(), follows, "who follows writes nothing");
    assert_eq!([tab.state(), third.state()], [State::Anonymous, State::Anonymous]);
    // Nor does anybody take it for a logout who has not heard of that one: `null` has deleted its number, too.
    let fresh = browser();
    fresh.borrow_mut().skip_ids();
    let mut stranger = Tab::talking_with(&fresh, own(), full());
    let said = late.written.last().expect("said").clone();
    stranger.hear(&said);
    assert_eq!(stranger.state(), State::Anonymous, "{said}");
}

#[test]
fn a_visitor_is_kept_by_the_word_of_a_plain_logout_and_by_no_other() {
    // (A tab that has heard of a logout may say something else first; and who makes room for a user sets them aside.)
    for word in [r#""t":"want","on":false"#, r#""t":"logout","user":"A""#] {
        let shared = browser();
        let (mut leader, mut other) = pair(&shared);
        other.call(Call::Shutdown { clear_storage: true });
        let said = other.written.iter().rfind(|text| text.contains(r#""t":"logout""#)).expect("it says so").clone();
        let header = said.split(r#""t":"#).next().expect("a header").to_owned();
        let before = leader.written.len();
        leader.hear(&[&header, word, "}"].concat());
        assert_eq!(leader.state(), State::Shutdown, "{word}");
        leader.hear(&said);
        let copy = &leader.written[before..];
        assert!(!copy.iter().any(|text| text.starts_with("session=")), "{word}: {copy:?}");
    }
}

/// What stands in the store.
fn entries(shared: &Rc<RefCell<Browser>>) -> Entries {
    shared.borrow_mut().store.load().expect("memory")
}

/// The store says what it said before, or again what was undone.
fn put_back(shared: &Rc<RefCell<Browser>>, entries: &Entries) {
    let mut shared = shared.borrow_mut();
    for (name, text) in entries {
        shared.store.set(name, text).expect("memory");
    }
}

/// A tab whose store answers when it is told to.
fn far(shared: &Rc<RefCell<Browser>>) -> Tab {
    shared.borrow_mut().far = true;
    Tab::with(shared, own())
}

#[test]
fn what_was_read_of_before_a_logout_is_in_nothing_that_is_written_after_it() {
    let shared = browser();
    let mut ann = Tab::talking_with(&shared, own(), full());
    ann.send("words of Ann", "k");
    let before = entries(&shared);
    ann.call(Call::Shutdown { clear_storage: false });
    let said = shared.borrow().last_of("logout");
    let mut next = far(&shared);
    next.call(Call::Boot);
    next.hear(&said);
    put_back(&shared, &before);
    shared.borrow_mut().store.remove("epoch").expect("memory");
    shared.borrow_mut().deaf = true;
    for _ in 0..20 {
        if next.state() == State::Booting {
            assert!(next.stored().contains("words of Ann"), "until a visitor is created");
            next.wait(500);
            next.read_now();
        }
    }
    assert_eq!(next.state(), State::Anonymous);
    assert!(!next.stored().contains("words of Ann"), "{}", next.stored());
}

#[test]
fn nobody_whom_a_logout_dropped_is_kept_by_the_end_of_a_chat_that_reads_of_them() {
    for clear in [true, false] {
        let shared = browser();
        let mut tab = Tab::talking_with(&shared, own(), full());
        let before: Entries = entries(&shared).into_iter().filter(|entry| entry.0 != "epoch").collect();
        if clear {
            tab.call(Call::Shutdown { clear_storage: true });
        } else {
            tab.kill();
            tab = Tab::with(&shared, own());
        }
        shared.borrow_mut().far = true;
        tab.call(Call::EndChat);
        put_back(&shared, &before);
        tab.read_now();
        assert_eq!(tab.names().contains(&"session".to_owned()), !clear, "{}", tab.stored());
    }
}

#[test]
fn who_became_a_user_before_the_tab_that_set_them_aside_could_read_it_is_set_aside_no_more() {
    for leads in [true, false] {
        let shared = browser();
        let mut tab = Tab::talking_with(&shared, own(), full());
        let before = entries(&shared);
        tab.call(Call::Identify(user("A")));
        tab.token("token-of-A");
        let (op, _) = tab.action(|action| matches!(action, Action::Identify(_))).expect("a proof");
        tab.perform(op, Ok(Performed::Identified { user_id: "A".into(), merged: true }));
        let mut late = far(&shared);
        late.grant = leads;
        late.call(Call::BootAs(user("A")));
        put_back(&shared, &before);
        late.read_now();
        late.read_now();
        let aside = |tab: &Tab| tab.names().contains(&"aside".to_owned());
        assert!(aside(&late), "{}", late.stored());
        let set = entries(&shared);
        gossip(&mut [&mut tab, &mut late]);
        assert_eq!(tab.state(), State::Shutdown);
        for _ in 0..3 {
            late.read_now();
        }
        assert!(!aside(&late), "{}", late.stored());
        // A follower's word is not written: it says so again when it has the lead.
        if !leads {
            put_back(&shared, &set);
            late.grant = true;
            late.grant_lead();
            late.read_now();
            assert!(!aside(&late), "{}", late.stored());
        }
    }
}

#[test]
fn a_boot_that_finds_nobody_where_another_tab_is_asks_that_and_looks_again() {
    for answers in [true, false] {
        let shared = browser();
        let (mut leader, mut third) = pair(&shared);
        third.kill();
        let visitor = leader.visitor_id();
        let mut late = far(&shared);
        late.call(Call::Boot);
        leader.send("more", "k");
        gossip(&mut [&mut leader, &mut late]);
        // An undoing has gone over what the leader wrote.
        shared.borrow_mut().store.remove("session").expect("memory");
        late.read_now();
        late.read_now();
        assert_eq!(late.state(), State::Booting);
        if answers {
            gossip(&mut [&mut leader, &mut late]);
            late.read_now();
            gossip(&mut [&mut leader, &mut late]);
            assert_eq!(late.visitor_id(), visitor);
        } else {
            // It is gone, too.
            for _ in 0..3 {
                late.read_now();
            }
            assert_eq!(late.state(), State::Anonymous);
            assert_ne!(late.visitor_id(), visitor);
        }
    }
}
