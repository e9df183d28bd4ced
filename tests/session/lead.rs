//! Who leads: leaders that hang, are frozen or hidden, and browsers without locks. Not: what a leader does (`tabs`).

use crate::rig::{Browser, Tab, browser, gossip, said};
use std::cell::RefCell;
use std::rc::Rc;
use support_chat::lifecycle::State;
use support_chat::session::{Call, PageEvent};
use support_chat::time::Now;
use support_chat::transport::{Action, Capabilities, Command, Reason};

pub(crate) const ALL: Capabilities = Capabilities::IDEMPOTENCY;

/// Time passes for the tabs given; they hear of each other at once.
pub(crate) fn pass(tabs: &mut [&mut Tab], ms: u64) {
    for _ in 0..ms / 10 {
        for tab in tabs.iter_mut().filter(|tab| !tab.gone) {
            if tab.throttled {
                tab.now = Now { mono: tab.now.mono + 10, wall: tab.now.wall + 10 };
            } else {
                tab.wait(10);
            }
            tab.hear_of_theft();
        }
        gossip(tabs);
    }
}

pub(crate) fn follower(browser: &Rc<RefCell<Browser>>, leader: &mut Tab) -> Tab {
    let mut tab = Tab::new(browser);
    tab.now = leader.now;
    tab.call(Call::Boot);
    gossip(&mut [leader, &mut tab]);
    assert_eq!(tab.state(), State::Anonymous);
    tab
}

/// A leader in a conversation, connected, and a follower.
pub(crate) fn pair(lockless: bool) -> (Rc<RefCell<Browser>>, Tab, Tab) {
    let browser = browser();
    browser.borrow_mut().lockless = lockless;
    let mut leader = Tab::talking_after(&browser, ALL, 1_000);
    let follower = follower(&browser, &mut leader);
    (browser, leader, follower)
}

/// Whether the tab has a connection, or is making one.
pub(crate) fn linked(tab: &Tab) -> bool {
    let mut all = tab.commands.iter().rev();
    let last = all.find(|command| matches!(command, Command::Connect(_) | Command::Disconnect(_)));
    matches!(last, Some(Command::Connect(_)))
}

fn hang_ups(tab: &Tab) -> usize {
    tab.commands.iter().filter(|command| **command == Command::Disconnect(Reason::Reload)).count()
}

#[test]
fn who_takes_the_lead_with_a_chat_nobody_asked_for_goes_on_with_the_one_that_was_opened() {
    let browser = browser();
    let (mut first, mut second) = (Tab::booted(&browser), Tab::new(&browser));
    second.call(Call::Boot);
    gossip(&mut [&mut first, &mut second]);
    second.wait(10);
    second.call(Call::StartConversation { subject: None, message: Some("later".into()), metadata: None });
    // Neither hears of the other's any more.
    first.talk(Capabilities::TYPING).kill();
    second.grant_lead();
    assert_eq!(second.connects().last().and_then(|connect| connect.conversation_id.as_deref()), Some("chat"));
    second.connected(Capabilities::TYPING);
    assert_eq!(second.actions(|action| matches!(action, Action::RequestChat(_))), 0);
}

#[test]
fn a_leader_that_does_not_answer_within_a_second_loses_the_lock_to_the_visible_tab() {
    let (_, mut zombie, mut visible) = pair(false);
    visible.send("is anybody there?", "f1");
    pass(&mut [&mut visible], 990);
    assert_eq!((visible.steals, linked(&visible)), (0, false));
    pass(&mut [&mut visible], 120);
    assert_eq!((visible.steals, linked(&visible)), (1, true));
    zombie.hear_of_theft();
    assert!(!linked(&zombie), "it drops its connection");
    visible.connected(ALL);
    pass(&mut [&mut zombie, &mut visible], 30_000);
    assert_eq!((visible.steals, zombie.steals), (1, 0));
    assert_eq!(zombie.texts(), visible.texts(), "and follows");
}

#[test]
fn a_silent_leader_is_missed_though_nothing_is_asked_of_it() {
    for (open, most) in [(true, 2_200), (false, 6_200)] {
        let (_, _zombie, mut visible) = pair(false);
        if open {
            visible.call(Call::Open);
            visible.page(PageEvent::Hidden);
            visible.page(PageEvent::Shown);
        }
        pass(&mut [&mut visible], most);
        assert_eq!(visible.steals, 1, "{open}");
    }
}

#[test]
fn a_leader_that_wakes_and_hears_of_a_newer_term_steps_down() {
    let (_, mut zombie, mut visible) = pair(false);
    visible.send("is anybody there?", "f1");
    pass(&mut [&mut visible], 1_110);
    visible.connected(ALL);
    gossip(&mut [&mut visible]); // the zombie misses what was said
    let before = visible.texts();
    zombie.receive(vec![said(2, "late"), said(3, "words")]);
    // The word that its lock is gone comes later than those of the new leader.
    gossip(&mut [&mut zombie, &mut visible]);
    assert_eq!(visible.texts(), before, "an older leader is not listened to");
    assert!(!linked(&zombie) && linked(&visible));
    zombie.hear_of_theft();
    pass(&mut [&mut zombie, &mut visible], 10_000);
    assert!(!linked(&zombie) && linked(&visible) && zombie.steals == 0);
}

#[test]
fn what_an_older_leader_wrote_last_is_not_taken_at_its_word() {
    let (browser, mut zombie, mut visible) = pair(false);
    visible.send("is anybody there?", "f1");
    pass(&mut [&mut visible], 1_110);
    visible.connected(ALL);
    // It wakes and writes before it hears anything.
    zombie.receive(vec![said(2, "late")]);
    zombie.wait(2_000);
    zombie.kill();
    visible.kill();
    let mut next = Tab::new(&browser);
    next.call(Call::Boot);
    assert_eq!(next.connects().last().map(|connect| connect.last_index), Some(0), "everything is fetched anew");
}

#[test]
fn a_hidden_leader_that_answers_keeps_the_lead() {
    let (_, mut hidden, mut visible) = pair(false);
    hidden.page(PageEvent::Hidden);
    hidden.throttled = true;
    for second in 0..60 {
        pass(&mut [&mut hidden, &mut visible], 1_000);
        visible.send("still there?", &second.to_string());
    }
    assert_eq!((visible.steals, hang_ups(&hidden)), (0, 0));
}

#[test]
fn only_a_visible_tab_steals() {
    let (_, _zombie, mut hidden) = pair(false);
    hidden.page(PageEvent::Hidden);
    hidden.send("is anybody there?", "f1");
    pass(&mut [&mut hidden], 60_000);
    assert_eq!(hidden.steals, 0);
    hidden.page(PageEvent::Shown);
    pass(&mut [&mut hidden], 1_110);
    assert_eq!(hidden.steals, 1);
}

#[test]
fn two_visible_followers_do_not_take_the_lead_from_each_other() {
    let (browser, mut zombie, mut one) = pair(false);
    let mut other = follower(&browser, &mut zombie);
    one.send("is anybody there?", "1");
    other.send("anybody?", "2");
    pass(&mut [&mut one, &mut other], 60_000);
    assert_eq!(one.steals + other.steals, 1);
    assert_eq!([linked(&one), linked(&other)].iter().filter(|linked| **linked).count(), 1);
}

#[test]
fn a_tab_that_was_held_up_itself_asks_again_before_it_steals() {
    let (_, mut leader, mut visible) = pair(false);
    visible.send("there?", "f1");
    // It hangs for three seconds: its timer comes before the answer that waits behind it.
    visible.now.mono += 3_000;
    visible.now.wall += 3_000;
    visible.wait(0);
    assert_eq!(visible.steals, 0);
    pass(&mut [&mut leader, &mut visible], 5_000);
    assert_eq!(visible.steals, 0);
}

#[test]
fn a_hidden_leader_that_loses_its_connection_yields_to_a_visible_tab() {
    let (_, mut hidden, mut visible) = pair(false);
    hidden.page(PageEvent::Hidden);
    hidden.interrupted();
    pass(&mut [&mut hidden, &mut visible], 300);
    assert_eq!((visible.steals, linked(&visible), linked(&hidden)), (1, true, false));
}

#[test]
fn where_no_tab_is_visible_a_hidden_leader_goes_on_trying() {
    let (_, mut hidden, mut other) = pair(false);
    hidden.page(PageEvent::Hidden);
    other.page(PageEvent::Hidden);
    for _ in 0..5 {
        hidden.interrupted();
        pass(&mut [&mut hidden, &mut other], 10_000);
    }
    assert!(other.steals == 0 && hidden.connects().len() >= 5);
    // The first tab that is looked at gets it.
    hidden.interrupted();
    other.page(PageEvent::Shown);
    pass(&mut [&mut hidden, &mut other], 300);
    assert_eq!((other.steals, linked(&other), linked(&hidden)), (1, true, false));
}

#[test]
fn a_visible_leader_that_loses_its_connection_keeps_the_lead() {
    let (_, mut leader, mut visible) = pair(false);
    leader.interrupted();
    pass(&mut [&mut leader, &mut visible], 10_000);
    assert_eq!((visible.steals, linked(&leader)), (0, true));
}

#[test]
fn a_frozen_leader_gives_up_lock_and_connection_when_there_is_another_tab() {
    let (_, mut leader, mut other) = pair(false);
    leader.page(PageEvent::Hidden);
    leader.page(PageEvent::Frozen);
    assert!(!linked(&leader));
    other.grant_lead();
    assert!(linked(&other), "the lock was free");
    other.connected(ALL);
    other.receive(vec![said(2, "two")]);
    leader.page(PageEvent::Resumed);
    gossip(&mut [&mut leader, &mut other]);
    assert_eq!(leader.texts(), other.texts());
    assert!(!linked(&leader) && leader.state() == State::Anonymous);
}

#[test]
fn a_frozen_tab_alone_keeps_what_it_has() {
    let mut tab = Tab::talking(&browser(), ALL);
    tab.page(PageEvent::Frozen);
    assert!(linked(&tab));
}

#[test]
fn a_frozen_follower_is_not_next_in_line() {
    let (_, mut leader, mut frozen) = pair(false);
    frozen.page(PageEvent::Frozen);
    leader.kill();
    frozen.grant_lead();
    assert!(!linked(&frozen));
    frozen.page(PageEvent::Resumed);
    frozen.grant_lead();
    assert!(linked(&frozen));
}
