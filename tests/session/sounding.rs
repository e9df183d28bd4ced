//! The sound of a message: once, in the tab used last, and not where somebody reads it.

use crate::rig::{Browser, Tab, browser, config, echo, gossip, said};
use std::cell::RefCell;
use std::rc::Rc;
use support_chat::session::{Call, Config, Gesture, PageEvent};
use support_chat::transport::Capabilities;

/// A leader in a conversation and two followers, in the order in which they were used.
fn three() -> (Rc<RefCell<Browser>>, [Tab; 3]) {
    let browser = browser();
    let mut leader = Tab::talking(&browser, Capabilities::IDEMPOTENCY);
    let mut tabs = [1, 2].map(|n| {
        let mut tab = Tab::new(&browser);
        tab.now = leader.now;
        tab.now.wall += n;
        tab.call(Call::Boot);
        tab
    });
    let [one, other] = &mut tabs;
    gossip(&mut [&mut leader, one, other]);
    let [one, other] = tabs;
    (browser, [leader, one, other])
}

/// How often each tab plays for a message of an agent.
fn heard(tabs: &mut [Tab; 3], index: u64) -> [usize; 3] {
    let before = tabs.each_ref().map(|tab| tab.sounds);
    if !tabs[0].gone {
        tabs[0].receive(vec![said(index, "hello")]);
    }
    settle(tabs);
    for tab in tabs.iter_mut().filter(|tab| !tab.gone) {
        tab.wait(100);
    }
    settle(tabs);
    [0, 1, 2].map(|at| tabs[at].sounds - before[at])
}

fn settle(tabs: &mut [Tab; 3]) {
    let [leader, one, other] = tabs;
    gossip(&mut [leader, one, other]);
}

#[test]
fn the_tab_used_last_plays_it_once() {
    let (_, mut tabs) = three();
    assert_eq!(heard(&mut tabs, 2), [0, 0, 1], "the one opened last");
    for (used, index) in [(1, 3), (0, 4), (2, 5)] {
        for (at, tab) in tabs.iter_mut().enumerate() {
            tab.page(if at == used { PageEvent::Shown } else { PageEvent::Hidden });
        }
        settle(&mut tabs);
        let mut expected = [0; 3];
        expected[used] = 1;
        assert_eq!(heard(&mut tabs, index), expected);
    }
    // Side by side: what counts is where the visitor does something.
    for (used, index) in [(0, 6), (1, 7)] {
        tabs[used].page(PageEvent::Focused);
        settle(&mut tabs);
        let mut expected = [0; 3];
        expected[used] = 1;
        assert_eq!(heard(&mut tabs, index), expected);
    }
    tabs[2].gesture(Gesture::Draft("words".into()));
    settle(&mut tabs);
    assert_eq!(heard(&mut tabs, 8), [0, 0, 1]);
    // A click on the launcher is nothing else: the panel opens, and closes again.
    tabs[1].call(Call::Toggle);
    tabs[1].call(Call::Toggle);
    settle(&mut tabs);
    assert_eq!(heard(&mut tabs, 9), [0, 1, 0]);
}

#[test]
fn nobody_plays_what_is_read_in_any_tab() {
    let (_, mut tabs) = three();
    // The first is read while the last was used later.
    tabs[1].call(Call::Open);
    tabs[1].gesture(Gesture::AtEnd(true));
    settle(&mut tabs);
    assert_eq!(heard(&mut tabs, 2), [0, 0, 0]);
    for (event, plays) in [(Some(PageEvent::Hidden), true), (Some(PageEvent::Shown), false), (None, true)] {
        match event {
            Some(event) => tabs[1].page(event),
            None => tabs[1].gesture(Gesture::AtEnd(false)),
        }
        settle(&mut tabs);
        let index = tabs[0].texts().len() as u64 + 1;
        assert_eq!(heard(&mut tabs, index).iter().sum::<usize>(), usize::from(plays), "{event:?}");
    }
}

#[test]
fn own_messages_and_what_was_heard_before_are_silent() {
    let (browser, mut tabs) = three();
    tabs[0].receive(vec![echo(2, "mine", Some("elsewhere"))]);
    settle(&mut tabs);
    tabs.iter_mut().for_each(|tab| tab.wait(100));
    assert_eq!(tabs.each_ref().map(|tab| tab.sounds), [0, 0, 0]);
    heard(&mut tabs, 3);
    tabs[0].wait(2_000);
    let mut late = Tab::new(&browser);
    late.call(Call::Boot);
    gossip(&mut [&mut tabs[0], &mut late]);
    late.wait(100);
    assert_eq!((late.texts().len(), late.sounds), (3, 0));
}

#[test]
fn many_at_once_are_one_sound() {
    let mut tab = Tab::talking(&browser(), Capabilities::IDEMPOTENCY);
    tab.receive((2..20).map(|index| said(index, "hello")).collect());
    tab.wait(1_000);
    assert_eq!(tab.sounds, 1);
}

#[test]
fn when_the_tab_used_last_goes_another_plays() {
    for event in [PageEvent::Leaving, PageEvent::Cached] {
        let (_, mut tabs) = three();
        tabs[2].page(event);
        tabs[2].kill();
        settle(&mut tabs);
        assert_eq!(heard(&mut tabs, 2), [1, 0, 0], "{event:?}");
    }
}

#[test]
fn a_new_leader_learns_which_tab_was_used_last() {
    let (_, mut tabs) = three();
    tabs[0].kill();
    tabs[1].grant_lead();
    settle(&mut tabs);
    tabs[1].connected(Capabilities::IDEMPOTENCY);
    tabs[1].receive(vec![said(2, "hello")]);
    settle(&mut tabs);
    tabs.iter_mut().for_each(|tab| tab.wait(100));
    assert_eq!(tabs.each_ref().map(|tab| tab.sounds), [0, 0, 1]);
}

#[test]
fn without_the_option_it_is_silent() {
    let mut tab = Tab::talking_with(&browser(), Config { sound: false, ..config() }, Capabilities::IDEMPOTENCY);
    tab.receive(vec![said(2, "hello")]);
    tab.wait(1_000);
    assert_eq!(tab.sounds, 0);
}
