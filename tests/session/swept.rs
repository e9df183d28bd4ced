//! What a tab that hears late of a logout removes, and what it leaves: words of before go, whoever came after keeps theirs.
//! Not: what the logout itself leaves (`remains`).

use crate::given::said;
use crate::rig::{Tab, browser, gossip};
use crate::users::full;
use support_chat::lifecycle::State;
use support_chat::session::{Call, Gesture};

/// A tab that does not hear anything yet, and holds no lock any more, and another one that has logged out.
fn late_and_other() -> (Tab, Tab) {
    let browser = browser();
    let mut late = Tab::talking(&browser, full());
    late.gesture(Gesture::Draft("of before".into()));
    late.wait(2_000);
    let mut other = Tab::new(&browser);
    other.call(Call::Boot);
    gossip(&mut [&mut late, &mut other]);
    late.kill();
    late.gone = false;
    other.call(Call::Shutdown { clear_storage: false });
    (late, other)
}

/// It boots, leads, and hears and writes something.
fn come_after(tab: &mut Tab) {
    tab.call(Call::Boot);
    tab.grant_lead();
    tab.connected(full());
    tab.receive(vec![said(1, "said after")]);
    tab.gesture(Gesture::Draft("thought after".into()));
    tab.wait(2_000);
    assert!(tab.stored().contains("said after") && tab.stored().contains("thought after"), "{}", tab.stored());
}

#[test]
fn a_tab_that_hears_late_of_a_plain_logout_leaves_draft_and_tail_of_whoever_came_after() {
    let (mut late, mut other) = late_and_other();
    come_after(&mut other);
    for again in [false, true] {
        gossip(&mut [&mut late, &mut other]);
        late.wait(if again { 1_000 } else { 0 });
        assert_eq!((late.state(), other.state()), (State::Shutdown, State::Anonymous));
        assert!(other.names().contains(&"tail".to_owned()), "{:?}", other.names());
        assert!(other.stored().contains("thought after"), "{}", other.stored());
    }
    // Nor is it lost if its page goes in that moment.
    other.kill();
    let mut next = Tab::new(&other.browser);
    next.call(Call::Boot);
    assert_eq!((next.session.view().draft, next.texts()), ("thought after", vec!["said after".to_owned()]));
}

#[test]
fn words_of_before_a_plain_logout_that_a_late_tab_wrote_after_it_go_whoever_came_after() {
    for comes in [false, true] {
        let (mut late, mut other) = late_and_other();
        if comes {
            come_after(&mut other);
        }
        late.gesture(Gesture::Draft("late marzipan".into()));
        late.receive(vec![said(2, "late marzipan, too")]);
        late.wait(2_000);
        assert!(other.stored().contains("late marzipan"));
        gossip(&mut [&mut late, &mut other]);
        other.wait(2_000);
        assert_eq!((late.state(), other.stored().contains("marzipan")), (State::Shutdown, false), "{comes}");
        assert_eq!(other.stored().contains("thought after"), comes, "{}", other.stored());
        assert_eq!(other.stored().contains("said after"), comes, "{}", other.stored());
    }
}

#[test]
fn words_of_before_a_plain_logout_that_nobody_was_left_to_remove_are_not_shown_to_whoever_comes_after() {
    let (mut late, other) = late_and_other();
    late.gesture(Gesture::Draft("late marzipan".into()));
    // As its leader the tab would have written over the session, too: of that one the epoch tells.
    let mut store = other.browser.borrow_mut();
    let draft = support_chat::store::Store::load(&mut store.store).expect("memory").into_iter();
    assert!(draft.clone().any(|(name, text)| name == "draft" && text.contains("marzipan")));
    drop(store);
    late.kill();
    let mut next = Tab::new(&other.browser);
    next.call(Call::Boot);
    next.connected(full());
    assert_eq!((next.state(), next.session.view().draft), (State::Anonymous, ""));
    assert!(!next.stored().contains("marzipan"), "{}", next.stored());
}
