//! A boot under way: what it shows, hears of other tabs and takes from the store before anybody has proved who they are.
//! Not: whose session it goes on with (`whose`).

use crate::given::said;
use crate::groups::pair_of_a;
use crate::rig::{Browser, Tab, browser, gossip};
use crate::users::{full, only, user};
use std::cell::RefCell;
use std::rc::Rc;
use support_chat::error::Code;
use support_chat::lifecycle::State;
use support_chat::session::{Call, Gesture, Who};
use support_chat::store::Store;
use support_chat::transport::{Action, ClosedReason, Event as Report};

/// User A is live in one tab, and has yet to be let in in another, which hears nothing by itself.
fn live_and_booting() -> (Rc<RefCell<Browser>>, Tab, Tab) {
    let browser = browser();
    let mut leader = Tab::known(&browser, "A");
    leader.converse("chat", "first");
    let mut tab = Tab::new(&browser);
    tab.call(Call::BootAs(user("A")));
    gossip(&mut [&mut Tab::new(&browser)]);
    (browser, leader, tab)
}

/// Nothing of A is to be seen, and the boot goes on.
fn sees_nothing(tab: &Tab, what: &str) {
    let view = tab.session.view();
    assert_eq!((tab.state(), view.draft, tab.texts()), (State::Booting, "", Vec::new()), "{what}");
    assert!(tab.session.identity().is_none(), "{what}");
}

#[test]
fn a_user_who_boots_sees_nothing_that_other_tabs_say_before_the_leader_vouches_for_them() {
    let (browser, mut leader, mut tab) = live_and_booting();
    leader.gesture(Gesture::Draft("draft of A".into()));
    leader.receive(vec![said(2, "words for A")]);
    leader.send("from A", "f");
    leader.wait(2_000);
    let heard: Vec<_> = leader.written.iter().filter(|text| text.starts_with("{\"v\"")).cloned().collect();
    for text in heard.iter().filter(|text| !text.contains("\"t\":\"snapshot\"")) {
        tab.hear(text);
        sees_nothing(&tab, text);
    }
    leader.report(Report::Saved("{}".into()));
    gossip(&mut [&mut leader, &mut tab]);
    assert_eq!((tab.state(), tab.texts()), (State::Authenticated, leader.texts()));
    drop(browser);
}

#[test]
fn a_leader_that_has_not_proved_yet_sees_nothing_that_other_tabs_say() {
    let (browser, mut leader, mut follower) = pair_of_a();
    let mut third = Tab::new(&browser);
    third.call(Call::BootAs(user("A")));
    leader.kill();
    follower.kill(); // its lock goes; it still hears, and is heard
    follower.gone = false;
    third.grant_lead();
    gossip(&mut [&mut third, &mut follower]);
    follower.gesture(Gesture::Draft("draft of A".into()));
    let call = follower.send("from A", "f");
    gossip(&mut [&mut third, &mut follower]);
    sees_nothing(&third, "of a follower's");
    third.prove("A");
    gossip(&mut [&mut third, &mut follower]);
    let send = |action: &Action| matches!(action, Action::Send(message) if message.text == "from A");
    assert!(third.actions(send) == 1 && follower.waits(call), "said again once it was heeded");
}

#[test]
fn a_user_who_boots_takes_nothing_of_a_leader_of_another_name_or_of_none() {
    for other in [r#""user":"B","#, ""] {
        let (_, mut leader, mut tab) = live_and_booting();
        leader.report(Report::Saved("{}".into()));
        let snapshot = leader.told();
        assert!(snapshot.contains(r#""user":"A","#), "{snapshot}");
        let stored = tab.stored();
        tab.hear(&snapshot.replace(r#""user":"A","#, other));
        sees_nothing(&tab, other);
        assert_eq!(tab.stored(), stored, "{other}");
        tab.hear(&snapshot);
        assert_eq!((tab.state(), tab.who().0.as_deref()), (State::Authenticated, Some("A")), "{other}");
    }
}

#[test]
fn nobody_is_named_while_a_user_boots_or_after_a_logout() {
    let mut tab = Tab::new(&browser());
    tab.call(Call::BootAs(user("A")));
    tab.token("token-of-A");
    assert!(tab.state() == State::Booting && tab.session.identity().is_none());
    tab.connected(full());
    assert_eq!(tab.who(), (Some("A".into()), true));
    tab.report(Report::Closed(ClosedReason::Auth(Code::InvalidToken)));
    tab.no_token();
    assert_eq!((tab.state(), tab.who().0.as_deref()), (State::Disconnected, Some("A")));
    tab.call(Call::Shutdown { clear_storage: false });
    assert!(tab.session.identity().is_none());
}

#[test]
fn the_last_messages_of_an_older_leader_are_not_drawn() {
    for (term, drawn) in [(None, vec!["first"]), (Some("9"), Vec::new())] {
        let browser = browser();
        let mut tab = Tab::talking(&browser, full());
        tab.wait(2_000);
        tab.kill();
        if let Some(term) = term {
            browser.borrow_mut().store.set("term", term).expect("memory"); // it led on, and wrote no more than that
        }
        let mut tab = Tab::new(&browser);
        tab.call(Call::Boot);
        assert_eq!(tab.texts(), drawn, "{term:?}");
        assert_eq!(tab.connects().last().map(|connect| connect.last_index), Some(u64::from(term.is_none())));
    }
}

#[test]
fn who_joins_a_boot_brings_the_newest_provider_and_what_it_says_of_the_user() {
    let mut tab = Tab::new(&browser());
    let first = tab.call(Call::BootAs(user("A")));
    let known = only("user", r#"{"id":"A","email":"a@example.org"}"#);
    let joined = Who { user_id: Some("A".into()), provider: Some(9), ..known };
    let second = tab.call(Call::BootAs(Box::new(joined)));
    tab.prove("A");
    assert!(tab.resolved(first) && tab.resolved(second));
    tab.send("hello", "h");
    let (_, request) = tab.action(|action| matches!(action, Action::RequestChat(_))).expect("requested");
    assert!(format!("{request:?}").contains("a@example.org"), "{request:?}");
    tab.report(Report::Closed(ClosedReason::Auth(Code::AuthExpired)));
    assert_eq!(tab.asks.iter().map(|ask| ask.1).collect::<Vec<_>>(), [7, 9]);
}
