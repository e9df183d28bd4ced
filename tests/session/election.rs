//! Browsers without Web Locks: the tabs agree among themselves who leads, and whose visitor stands.

use crate::lead::{ALL, linked, pair, pass};
use crate::rig::{Tab, browser, said};
use crate::users::user;
use support_chat::lifecycle::State;
use support_chat::session::{Call, Gesture, PageEvent};
use support_chat::store::{Refusal, Store};
use support_chat::time::Now;
use support_chat::transport::{Action, Command, Event as Report};

#[test]
fn without_locks_a_lone_tab_leads_at_once() {
    let browser = browser();
    browser.borrow_mut().lockless = true;
    let mut tab = Tab::new(&browser);
    tab.call(Call::Boot);
    tab.call(Call::Open);
    tab.wait(500);
    assert!(linked(&tab));
}

#[test]
fn without_locks_one_of_many_tabs_leads() {
    let browser = browser();
    browser.borrow_mut().lockless = true;
    // Nobody hears anybody while they boot.
    let mut tabs: Vec<Tab> = (0..4).map(|_| Tab::new(&browser)).collect();
    for tab in &mut tabs {
        tab.call(Call::Boot);
        tab.call(Call::Open);
    }
    let mut tabs: Vec<&mut Tab> = tabs.iter_mut().collect();
    pass(&mut tabs, 3_000);
    assert_eq!(tabs.iter().filter(|tab| linked(tab)).count(), 1);
    let visitors: Vec<_> = tabs.iter().map(|tab| tab.session.identity().expect("live").visitor_id).collect();
    assert!(visitors.iter().all(|visitor| *visitor == visitors[0]), "{visitors:?}");
}

#[test]
fn without_locks_two_leaders_become_one() {
    let browser = browser();
    browser.borrow_mut().lockless = true;
    let (mut one, mut other) = (Tab::talking_after(&browser, ALL, 1_000), Tab::new(&browser));
    other.now = one.now;
    other.call(Call::Boot);
    other.wait(1_000); // it does not hear that there is a leader
    assert!(linked(&one) && linked(&other));
    one.receive(vec![said(2, "two")]);
    pass(&mut [&mut one, &mut other], 1_000);
    assert!(linked(&one) != linked(&other));
    let (leader, follower) = if linked(&one) { (&mut one, &mut other) } else { (&mut other, &mut one) };
    leader.connected(ALL);
    pass(&mut [leader, follower], 60_000);
    assert!(linked(leader) && !linked(follower), "for good");
}

#[test]
fn without_locks_a_dead_leader_is_replaced_within_five_seconds() {
    for (visible, open) in [(true, true), (true, false), (false, false)] {
        let (_, mut leader, mut other) = pair(true);
        if open {
            other.call(Call::Open);
        }
        if !visible {
            other.page(PageEvent::Hidden);
        }
        pass(&mut [&mut leader, &mut other], 7_000);
        assert!(linked(&leader) && !linked(&other));
        leader.kill();
        pass(&mut [&mut other], 5_000);
        assert!(linked(&other), "visible {visible}, open {open}");
    }
}

#[test]
fn without_locks_a_hidden_tab_takes_over_though_its_timers_are_slowed() {
    // Once a second; and after some minutes once a minute.
    for step in [1_000, 60_000] {
        let (_, mut leader, mut other) = pair(true);
        other.page(PageEvent::Hidden);
        pass(&mut [&mut leader, &mut other], 7_000);
        leader.kill();
        for _ in 0..6 {
            other.now = Now { mono: other.now.mono + step, wall: other.now.wall + step };
            if other.session.poll_timeout().is_some_and(|due| due <= other.now.mono) {
                other.session.handle_timeout(other.now);
                other.drain();
            }
        }
        assert!(linked(&other), "{step}");
    }
}

#[test]
fn without_locks_a_leader_that_goes_says_so() {
    for event in [PageEvent::Leaving, PageEvent::Cached, PageEvent::Frozen] {
        let (_, mut leader, mut other) = pair(true);
        leader.page(event);
        leader.gone = true;
        pass(&mut [&mut leader, &mut other], 500);
        assert!(linked(&other), "{event:?}");
    }
    let (_, mut leader, mut other) = pair(true);
    leader.call(Call::Destroy);
    pass(&mut [&mut leader, &mut other], 500);
    assert!(linked(&other));
}

#[test]
fn without_locks_a_throttled_leader_that_answers_keeps_the_lead() {
    let (_, mut leader, mut other) = pair(true);
    leader.page(PageEvent::Hidden);
    leader.throttled = true;
    pass(&mut [&mut leader, &mut other], 60_000);
    assert!(linked(&leader) && !linked(&other));
}

#[test]
fn without_locks_a_leader_that_hung_steps_down_when_it_hears_of_another() {
    let (_, mut zombie, mut other) = pair(true);
    pass(&mut [&mut other], 5_000);
    assert!(linked(&other) && linked(&zombie));
    other.connected(ALL);
    zombie.gesture(Gesture::Draft("words".into()));
    pass(&mut [&mut zombie, &mut other], 1_500);
    assert!(linked(&other) && !linked(&zombie));
    pass(&mut [&mut zombie, &mut other], 60_000);
    assert!(linked(&other) && !linked(&zombie));
}

#[test]
fn without_locks_a_leader_that_hung_sends_nothing_once_the_store_tells_of_another() {
    let (_, mut zombie, mut other) = pair(true);
    pass(&mut [&mut other], 5_000);
    assert!(linked(&other) && linked(&zombie));
    zombie.look();
    zombie.send("words", "k");
    let of_it = |action: &Action| matches!(action, Action::Send(message) if message.client_message_id == "k");
    assert!(!linked(&zombie) && zombie.actions(of_it) == 0, "before it has heard a word");
    other.connected(ALL);
    pass(&mut [&mut zombie, &mut other], 1_500);
    assert_eq!((zombie.actions(of_it), other.actions(of_it)), (0, 1));
    other.look();
    assert!(linked(&other), "its own number says nothing to it");
}

#[test]
fn without_locks_of_two_visitors_created_at_once_one_stands() {
    let browser = browser();
    browser.borrow_mut().lockless = true;
    let mut tab = Tab::new(&browser);
    tab.call(Call::Boot);
    assert_eq!(tab.state(), State::Booting, "nobody is taken for good yet");
    // Another tab, which read the store before that was written, writes its own.
    let entries = browser.borrow_mut().store.load().expect("memory");
    let (_, text) = entries.iter().find(|(name, _)| name == "session").expect("written");
    let at = text.find("\"visitorId\":\"").expect("a visitor") + 13;
    let theirs = [&text[..at], "00000000000000000000000000000007", &text[at + 32..]].concat();
    browser.borrow_mut().store.set("session", &theirs).expect("memory");
    tab.wait(160);
    assert_eq!(tab.session.identity().expect("live").visitor_id, "00000000000000000000000000000007");
}

#[test]
fn without_locks_of_two_tabs_that_make_room_for_a_user_at_once_one_visitor_stands() {
    for anonymous in [true, false] {
        let browser = browser();
        browser.borrow_mut().lockless = true;
        let mut before = Tab::new(&browser);
        before.call(if anonymous { Call::Boot } else { Call::BootAs(user("other")) });
        before.wait(1_000);
        before.kill();
        let mut tabs = [Tab::new(&browser), Tab::new(&browser)];
        browser.borrow_mut().far = true;
        for tab in &mut tabs {
            tab.call(Call::BootAs(user("ann")));
            tab.read_now(); // who is there
        }
        // Both have asked before either has written.
        let loaded = browser.borrow_mut().store.load();
        for tab in &mut tabs {
            tab.session.handle_loaded(loaded.clone(), tab.now);
            tab.drain();
        }
        browser.borrow_mut().far = false;
        pass(&mut tabs.iter_mut().collect::<Vec<_>>(), 1_000);
        let stored = browser.borrow_mut().store.load().expect("stored");
        let session = stored.iter().find(|(name, _)| name == "session").expect("saved").1.clone();
        for tab in &tabs {
            let hello = tab.written.iter().find(|text| text.contains("\"t\":\"hello\"")).expect("it joined");
            let at = hello.find("\"visitor\":").expect("a visitor");
            let id = &hello[at + 11..at + 43];
            assert!(session.contains(id), "{id} of {session}");
        }
    }
}

#[test]
fn without_locks_a_new_visitor_is_given_nothing_that_somebody_left_behind() {
    let browser = browser();
    browser.borrow_mut().lockless = true;
    browser.borrow_mut().store.set("draft", r#"{"v":1,"counter":1,"text":"not yours"}"#).expect("memory");
    let mut tab = Tab::new(&browser);
    tab.call(Call::Boot);
    tab.wait(1_000);
    assert_eq!((tab.state(), tab.session.view().draft), (State::Anonymous, ""));
    assert!(!format!("{:?}", browser.borrow_mut().store.load()).contains("not yours"));
}

#[test]
fn without_locks_and_without_a_store_there_is_a_visitor_all_the_same() {
    let browser = browser();
    browser.borrow_mut().lockless = true;
    browser.borrow_mut().refusal = Some(Refusal::Full);
    let mut tab = Tab::new(&browser);
    tab.call(Call::Boot);
    tab.wait(1_000);
    assert_eq!(tab.state(), State::Anonymous);
}

#[test]
fn without_locks_a_logout_while_the_visitor_is_created_leaves_nothing() {
    let browser = browser();
    browser.borrow_mut().lockless = true;
    let mut tab = Tab::new(&browser);
    tab.call(Call::Boot);
    tab.call(Call::Shutdown { clear_storage: true });
    tab.wait(1_000);
    assert_eq!((tab.state(), tab.names()), (State::Shutdown, vec!["epoch".to_owned()]));
}

#[test]
fn without_locks_who_gives_the_lead_away_is_not_the_first_to_ask_for_it_again() {
    let (_, mut leader, mut other) = pair(true);
    leader.page(PageEvent::Frozen);
    leader.page(PageEvent::Resumed);
    pass(&mut [&mut leader, &mut other], 1_000);
    assert!(linked(&other) && !linked(&leader));
}

#[test]
fn without_locks_a_dead_leader_is_replaced_within_five_seconds_though_who_claims_the_lead_goes_too() {
    let (_, mut leader, mut other) = pair(true);
    pass(&mut [&mut leader, &mut other], 7_000);
    leader.kill();
    pass(&mut [&mut other], 500);
    let ping = other.written.iter().rev().find(|text| text.contains("\"t\":\"sign\"")).expect("asks").clone();
    let claim = ping.replace("\"on\":0", "\"on\":3");
    assert!(ping != claim && !linked(&other));
    other.hear(&claim); // and nothing more is heard of that tab
    pass(&mut [&mut other], 2_000);
    assert!(linked(&other));
}

#[test]
fn while_a_visitor_who_was_created_cannot_be_found_in_the_store_no_other_is_created() {
    let browser = browser();
    browser.borrow_mut().slow = true;
    let mut tab = Tab::booted(&browser);
    assert_eq!(tab.let_create, 0);
    let token = tab.unconfirmed.remove(0);
    tab.stored_now(token);
    tab.wait(500);
    assert_eq!(tab.let_create, 1);
    // Nor does a store that fails hold it for good, or one in which somebody stands.
    browser.borrow_mut().slow = false;
    assert_eq!(Tab::booted(&browser).let_create, 0);
    let failing = crate::rig::browser();
    failing.borrow_mut().refusal = Some(Refusal::Blocked);
    let mut tab = Tab::new(&failing);
    tab.call(Call::Boot);
    assert_eq!(tab.state(), State::Anonymous);
    let full = crate::rig::browser();
    full.borrow_mut().deaf = true;
    let mut tab = Tab::booted(&full);
    tab.wait(500);
    assert_eq!(tab.let_create, 1);
}

#[test]
fn of_two_leaders_of_one_term_the_one_of_the_smaller_name_goes_on() {
    for (others, gives_way) in [("zz", false), ("0", true)] {
        let (_, mut leader, _) = pair(true);
        leader.report(Report::Saved("{}".into()));
        let said = leader.told(); // as another one would say it
        let own = said.split("\"tab\":\"").nth(1).and_then(|rest| rest.split('"').next()).expect("named");
        assert!(said.contains("\"leads\":true"), "{said}");
        leader.hear(&said.replace(own, others));
        let dropped = leader.commands.iter().any(|command| matches!(command, Command::Disconnect(_)));
        assert_eq!((dropped, linked(&leader)), (gives_way, !gives_way), "{others}");
        assert_eq!(leader.told().contains("\"t\":\"snapshot\""), !gives_way, "the other one hears who leads");
    }
}
