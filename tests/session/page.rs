//! The life of a page: sleep, the back/forward cache, frozen and thawed. Who is there comes first, then the connection.

use crate::delivery::is_send;
use crate::rig::{Tab, browser, config, gossip, said};
use crate::users::unproved;
use support_chat::lifecycle::State;
use support_chat::session::{Call, Config, Event, Gesture, PageEvent};
use support_chat::store::Store;
use support_chat::transport::{Capabilities, Command, Reason};

const ALL: Capabilities = Capabilities::IDEMPOTENCY;
const HOUR: u64 = 3_600_000;

fn stored_in(storage: &'static str) -> Config {
    Config { storage, ..config() }
}

/// A tab in a conversation, and how often it had connected until then.
fn talking(storage: &'static str) -> (Tab, usize) {
    let mut tab = Tab::talking_with(&browser(), stored_in(storage), ALL);
    tab.receive(vec![said(2, "secret words")]);
    tab.wait(2_000);
    let connects = tab.connects().len();
    (tab, connects)
}

/// Somebody logs out whom this tab does not hear.
fn log_out_unheard(tab: &Tab, storage: &'static str) {
    let mut other = Tab::with(&tab.browser, stored_in(storage));
    other.call(Call::Boot);
    other.call(Call::Shutdown { clear_storage: true });
}

fn hang_ups(tab: &Tab) -> usize {
    tab.commands.iter().filter(|command| **command == Command::Disconnect(Reason::Reload)).count()
}

#[test]
fn after_sleep_the_connection_is_made_anew_from_the_last_index() {
    let (mut tab, connects) = talking("local");
    tab.now.wall += HOUR;
    tab.page(PageEvent::Shown);
    tab.wait(0);
    assert_eq!((hang_ups(&tab), tab.connects().len()), (1, connects + 1));
    assert_eq!(tab.connects().last().map(|connect| connect.last_index), Some(2));
    tab.connected(ALL);
    tab.page(PageEvent::Shown);
    assert_eq!((tab.state(), tab.connects().len()), (State::Anonymous, connects + 1), "once");
}

#[test]
fn after_sleep_the_last_words_of_the_old_connection_are_not_taken_for_the_new_ones() {
    let (mut tab, connects) = talking("local");
    tab.interrupted();
    tab.wait(5_000);
    tab.send("words", "k");
    tab.now.wall += HOUR;
    // Both were there when the machine woke: what was missed, and that this is all.
    tab.receive(vec![said(3, "three")]);
    tab.connected(ALL);
    assert_eq!((tab.state(), tab.actions(is_send)), (State::Reconnecting, 1));
    tab.wait(0);
    assert_eq!(tab.connects().len(), connects + 2);
    assert_eq!(tab.connects().last().map(|connect| connect.last_index), Some(2), "and brings again what was not heard");
    tab.connected(ALL);
    assert_eq!((tab.state(), tab.actions(is_send)), (State::Anonymous, 2));
}

#[test]
fn after_sleep_the_epoch_is_compared_before_anything_else() {
    let (mut tab, connects) = talking("local");
    tab.interrupted();
    log_out_unheard(&tab, "local");
    tab.now.wall += HOUR;
    tab.wait(5_000); // the pause before the next attempt is over
    assert_eq!((tab.state(), tab.texts().len(), tab.connects().len()), (State::Shutdown, 0, connects));
}

#[test]
fn a_timer_that_is_late_is_sleep_but_not_where_the_browser_slows_timers() {
    for hidden in [false, true] {
        let (mut tab, _) = talking("local");
        tab.receive(vec![said(3, "the tail is due in a second")]);
        if hidden {
            tab.page(PageEvent::Hidden);
            tab.receive(vec![said(4, "again")]);
        }
        tab.now.mono += 50_000;
        tab.now.wall += 50_000;
        tab.wait(0);
        assert_eq!(hang_ups(&tab), usize::from(!hidden));
    }
}

#[test]
fn a_clock_that_is_set_back_is_no_sleep() {
    let (mut tab, connects) = talking("local");
    tab.now.wall -= HOUR;
    tab.page(PageEvent::Shown);
    assert_eq!(tab.connects().len(), connects);
}

#[test]
fn a_page_from_the_cache_compares_the_epoch_whatever_the_store() {
    for storage in ["local", "session", "cookie", "custom"] {
        let (mut tab, connects) = talking(storage);
        tab.page(PageEvent::Cached);
        log_out_unheard(&tab, storage);
        tab.page(PageEvent::Restored);
        assert_eq!((tab.state(), tab.texts().len()), (State::Shutdown, 0), "{storage}");
        assert_eq!(tab.connects().len(), connects, "{storage}");
    }
}

#[test]
fn a_page_from_the_cache_knows_another_visitor_and_a_store_that_was_emptied() {
    for (storage, emptied) in [("local", false), ("cookie", true), ("custom", true)] {
        let (mut tab, _) = talking(storage);
        tab.page(PageEvent::Cached);
        let shared = tab.browser.clone();
        let entries = shared.borrow_mut().store.load().expect("memory");
        for (name, text) in entries {
            let visitor = tab.session.identity().map_or_else(String::new, |identity| identity.visitor_id);
            let other = text.replace(&visitor, "somebody-else");
            let mut shared = shared.borrow_mut();
            if emptied { shared.store.remove(&name) } else { shared.store.set(&name, &other) }.expect("memory");
        }
        tab.page(PageEvent::Restored);
        assert_eq!((tab.state(), tab.texts().len()), (State::Shutdown, 0), "{storage}");
    }
}

#[test]
fn a_page_from_the_cache_goes_on_where_nobody_logged_out() {
    for storage in ["local", "session", "cookie", "custom"] {
        let (mut tab, connects) = talking(storage);
        let texts = tab.texts();
        tab.page(PageEvent::Cached);
        assert_eq!((tab.state(), hang_ups(&tab)), (State::Disconnected, 1));
        tab.page(PageEvent::Restored);
        assert_eq!((tab.texts(), tab.connects().len()), (texts, connects + 1), "{storage}");
        tab.connected(ALL);
        assert_eq!(tab.state(), State::Anonymous);
    }
}

#[test]
fn a_page_from_the_cache_that_keeps_nothing_forgets_for_nobody_can_tell_it_of_a_logout() {
    let (mut tab, _) = talking("memory");
    tab.page(PageEvent::Cached);
    tab.page(PageEvent::Restored);
    assert!(tab.texts().is_empty() && tab.state() != State::Authenticated, "{:?}", tab.texts());
}

#[test]
fn nothing_is_to_be_seen_before_a_store_that_is_far_away_has_answered() {
    let (mut tab, connects) = talking("custom");
    tab.page(PageEvent::Cached);
    log_out_unheard(&tab, "custom");
    tab.browser.borrow_mut().far = true;
    tab.page(PageEvent::Restored);
    assert!(tab.session.view().checking && tab.connects().len() == connects);
    tab.read_now();
    assert_eq!((tab.session.view().checking, tab.state()), (false, State::Shutdown));
}

#[test]
fn nothing_is_read_before_a_store_that_is_far_away_has_answered() {
    let (mut tab, _) = talking("custom");
    tab.call(Call::Open);
    tab.gesture(Gesture::AtEnd(true));
    tab.page(PageEvent::Hidden);
    tab.receive(vec![said(3, "three")]);
    tab.page(PageEvent::Cached);
    tab.browser.borrow_mut().far = true;
    tab.page(PageEvent::Restored);
    tab.page(PageEvent::Shown);
    assert_eq!(tab.session.view().unread, 1, "nobody sees it yet");
    tab.read_now();
    assert_eq!(tab.session.view().unread, 0);
}

#[test]
fn a_tab_of_a_store_of_its_own_that_ever_had_a_peer_begins_anew_when_it_comes_back() {
    for storage in ["session", "custom"] {
        for event in [PageEvent::Restored, PageEvent::Resumed, PageEvent::Shown] {
            let (mut tab, connects) = talking(storage);
            let mut other = Tab::with(&tab.browser, stored_in(storage));
            other.call(Call::Boot);
            gossip(&mut [&mut tab, &mut other]);
            tab.gesture(Gesture::Draft("half a thought".into()));
            let pending = tab.send("unsent", "u");
            let visitor = tab.session.identity().expect("live").visitor_id;
            tab.page(PageEvent::Cached);
            other.kill();
            tab.events.clear();
            tab.page(event);
            assert!(tab.texts().is_empty() || storage == "custom", "{storage} {event:?} {:?}", tab.texts());
            assert!(tab.outcome(pending).is_some_and(|outcome| outcome.is_err()));
            let states = tab.events.iter().filter_map(|event| match event {
                Event::State { state, .. } => Some(*state),
                _ => None,
            });
            assert_eq!(states.take(2).collect::<Vec<_>>(), [State::Shutdown, State::Booting], "{storage} {event:?}");
            assert_eq!(tab.connects().len(), connects + 1);
            assert_eq!(tab.connects().last().map(|connect| connect.visitor_id.clone()), Some(visitor));
            tab.page(PageEvent::Restored);
            assert_eq!(tab.connects().len(), connects + 1, "once");
        }
    }
}

#[test]
fn a_page_that_went_away_as_it_was_about_to_lead_does_not_lead_without_the_lock() {
    let browser = browser();
    let mut tab = Tab::new(&browser);
    tab.grant = false;
    tab.call(Call::Boot);
    browser.borrow_mut().far = true;
    tab.grant = true;
    tab.grant_lead();
    tab.page(PageEvent::Cached);
    tab.grant = false;
    tab.page(PageEvent::Restored);
    tab.read_now(); // what was asked for before it went
    tab.read_now();
    assert!(!tab.session.leads());
    tab.grant = true;
    tab.grant_lead();
    tab.read_now();
    assert!(tab.session.leads());
}

#[test]
fn a_page_that_is_to_lead_as_it_wakes_leads() {
    let browser = browser();
    let mut tab = Tab::new(&browser);
    tab.grant = false;
    tab.call(Call::Boot);
    browser.borrow_mut().far = true;
    tab.page(PageEvent::Resumed);
    tab.grant = true;
    tab.grant_lead();
    tab.read_now(); // nobody has logged out: it goes on
    tab.read_now();
    assert!(tab.session.leads(), "what was read for it was not in vain");
}

#[test]
fn a_page_that_missed_how_its_visitor_became_a_user_is_that_user_when_it_comes_back() {
    let browser = browser();
    let mut tab = Tab::booted(&browser);
    let mut other = Tab::booted(&browser);
    tab.page(PageEvent::Cached);
    other.grant_lead();
    other.call(Call::Identify(unproved("A")));
    tab.page(PageEvent::Restored);
    assert_eq!(tab.state(), State::Authenticated);
    assert_eq!(tab.session.identity().expect("live").user_id.as_deref(), Some("A"));
}

#[test]
fn a_page_from_the_cache_learns_that_its_visitor_became_a_user_or_another_one() {
    for (before, after, state) in [(None, Some("u1"), State::Authenticated), (Some("u1"), Some("u2"), State::Shutdown)]
    {
        let (mut tab, _) = talking("local");
        let edit = |tab: &Tab, user: &str| {
            let mut shared = tab.browser.borrow_mut();
            let entries = shared.store.load().expect("memory");
            let (_, text) = entries.iter().find(|(name, _)| name == "session").expect("stored");
            let own = text.find("\"userId\":\"").map(|at| text[at..at + 14].to_owned());
            let text = text.replace(&own.unwrap_or_default(), "");
            let text = text.replace("{\"v\":1,", &format!("{{\"v\":1,\"userId\":\"{user}\","));
            shared.store.set("session", &text).expect("memory");
        };
        if let Some(user) = before {
            edit(&tab, user);
            tab.page(PageEvent::Shown);
            assert_eq!(tab.session.identity().and_then(|identity| identity.user_id).as_deref(), Some(user));
        }
        tab.page(PageEvent::Cached);
        edit(&tab, after.expect("somebody"));
        tab.page(PageEvent::Restored);
        if state == State::Shutdown {
            assert_eq!((tab.state(), tab.texts().len()), (state, 0));
        } else {
            assert_eq!(tab.session.identity().and_then(|identity| identity.user_id).as_deref(), after);
        }
    }
}
