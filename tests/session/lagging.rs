//! Browsers let tabs see each other's writes late: a tab that has heard of a logout may still see what was stored before it,
//! and nothing that came of that logout, or after it, is lost by what it does meanwhile. Nor does a tab that does not see yet
//! whom another one has created, or what chat it has begun, make two of one.

use std::cell::RefCell;
use std::rc::Rc;

use crate::rig::{Browser, Tab, browser, gossip};
use support_chat::lifecycle::State;
use support_chat::session::{Call, PageEvent};
use support_chat::store::Store;
use support_chat::time::Now;
use support_chat::transport::{Action, Capabilities, Command};

type Shared = Rc<RefCell<Browser>>;
type Stored = Vec<(String, String)>;

fn stored(browser: &Shared) -> Stored {
    browser.borrow_mut().store.load().expect("memory")
}

/// From now on this is what is seen.
fn see(browser: &Shared, entries: &Stored) {
    for (name, _) in stored(browser) {
        browser.borrow_mut().store.remove(&name).expect("memory");
    }
    for (name, text) in entries {
        browser.borrow_mut().store.set(name, text).expect("memory");
    }
}

/// What was seen, `before`, gives way to what others wrote; what this tab wrote meanwhile comes after it.
fn catch_up(browser: &Shared, before: &Stored, after: &Stored) {
    let now = stored(browser);
    let mut next = after.clone();
    next.retain(|(name, _)| has(&now, name) || !has(before, name));
    for (name, text) in now.into_iter().filter(|entry| !before.contains(entry)) {
        next.retain(|(other, _)| *other != name);
        next.push((name, text));
    }
    see(browser, &next);
}

fn has(entries: &Stored, wanted: &str) -> bool {
    entries.iter().any(|(name, _)| name == wanted)
}

/// A leader and another tab in one conversation; what is stored of it.
fn pair(browser: &Shared) -> (Tab, Tab, Stored) {
    let mut leader = Tab::talking(browser, Capabilities::IDEMPOTENCY);
    let mut other = Tab::new(browser);
    other.call(Call::Boot);
    gossip(&mut [&mut leader, &mut other]);
    let before = stored(browser);
    (leader, other, before)
}

#[test]
fn the_visitor_who_was_kept_is_not_removed() {
    for seen_after in [10, 100, 300, 550] {
        let browser = browser();
        let (mut leader, mut other, before) = pair(&browser);
        leader.call(Call::Shutdown { clear_storage: false });
        let after = stored(&browser);
        assert!(has(&after, "session"));
        see(&browser, &before);
        gossip(&mut [&mut leader, &mut other]);
        assert_eq!(other.state(), State::Shutdown);
        other.wait(seen_after);
        catch_up(&browser, &before, &after);
        other.wait(2_000);
        assert!(has(&stored(&browser), "session"), "seen after {seen_after} ms: {}", other.stored());
    }
}

#[test]
fn who_comes_after_a_logout_that_cleared_all_is_not_removed() {
    let browser = browser();
    let (mut leader, mut other, before) = pair(&browser);
    leader.call(Call::Shutdown { clear_storage: true });
    leader.call(Call::Boot);
    let after = stored(&browser);
    assert!(has(&after, "session"));
    see(&browser, &before);
    gossip(&mut [&mut leader, &mut other]);
    assert_eq!(other.state(), State::Shutdown);
    other.wait(100);
    catch_up(&browser, &before, &after);
    other.wait(2_000);
    assert!(other.stored().contains(&leader.visitor_id()), "{}", other.stored());
}

#[test]
fn a_boot_waits_until_the_store_knows_of_the_logout_and_finds_the_visitor() {
    for seen_after in [10, 100, 300, 550] {
        let browser = browser();
        let (mut leader, mut other, before) = pair(&browser);
        let visitor = leader.visitor_id();
        leader.call(Call::Shutdown { clear_storage: false });
        let after = stored(&browser);
        see(&browser, &before);
        gossip(&mut [&mut leader, &mut other]);
        other.call(Call::Boot);
        assert_eq!((other.state(), other.texts().len()), (State::Booting, 0));
        other.wait(seen_after);
        catch_up(&browser, &before, &after);
        other.wait(1_000);
        assert!(other.stored().contains(&visitor), "seen after {seen_after} ms: {}", other.stored());
    }
}

#[test]
fn a_boot_that_sees_half_of_a_logout_finds_the_visitor_who_is_kept() {
    let browser = browser();
    let (mut leader, mut other, before) = pair(&browser);
    let visitor = leader.visitor_id();
    leader.call(Call::Shutdown { clear_storage: false });
    let after = stored(&browser);
    let epoch = after.iter().find(|(name, _)| name == "epoch").cloned();
    let half: Stored =
        before.clone().into_iter().chain(epoch).chain([("tombstone".to_owned(), "1".to_owned())]).collect();
    see(&browser, &half);
    gossip(&mut [&mut leader, &mut other]);
    other.call(Call::Boot);
    catch_up(&browser, &half, &after);
    other.wait(1_000);
    assert!(other.stored().contains(&visitor), "{}", other.stored());
}

#[test]
fn a_store_that_never_hears_of_the_logout_is_not_believed() {
    let browser = browser();
    let (mut leader, mut other, before) = pair(&browser);
    let visitor = leader.visitor_id();
    leader.call(Call::Shutdown { clear_storage: false });
    see(&browser, &before);
    gossip(&mut [&mut leader, &mut other]);
    other.call(Call::Boot);
    other.wait(1_000);
    assert_ne!(other.visitor_id(), visitor);
    assert_eq!((other.state(), other.texts().len()), (State::Anonymous, 0));
}

#[test]
fn until_other_tabs_see_who_was_created_they_create_nobody() {
    let mut tab = Tab::booted(&browser());
    tab.wait(319);
    assert_eq!(tab.let_create, 0);
    tab.wait(1);
    assert_eq!(tab.let_create, 1);
    // Nor does a logout, after which a timer rings no more, keep them from it for good.
    let mut tab = Tab::booted(&browser());
    tab.call(Call::Shutdown { clear_storage: true });
    assert_eq!(tab.let_create, 1);
    tab.wait(1_000);
    assert_eq!(tab.let_create, 1);
    // … nor does a page that goes into the cache.
    let mut tab = Tab::booted(&browser());
    tab.page(PageEvent::Cached);
    assert_eq!(tab.let_create, 1);
}

/// Another tab writes a visitor of its own over what is stored; returns who that is.
fn written_over(browser: &Shared) -> &'static str {
    let other = "00000000000000000000000000000007";
    let entries = stored(browser);
    let (_, text) = entries.iter().find(|(name, _)| name == "session").expect("written");
    let at = text.find("\"visitorId\":\"").expect("a visitor") + 13;
    browser.borrow_mut().store.set("session", &[&text[..at], other, &text[at + 32..]].concat()).expect("memory");
    other
}

#[test]
fn without_locks_the_visitor_who_was_written_last_stands_though_they_are_seen_late() {
    let browser = browser();
    browser.borrow_mut().lockless = true;
    let mut tab = Tab::new(&browser);
    tab.call(Call::Boot);
    tab.wait(79 + 80); // the other one did not see this one's, and this one does not see the other's
    assert_eq!(tab.state(), State::Booting);
    let other = written_over(&browser);
    tab.wait(1);
    assert_eq!(tab.visitor_id(), other);
}

#[test]
fn without_locks_a_tab_that_hung_while_it_created_a_visitor_gives_others_the_time_once_more() {
    let browser = browser();
    browser.borrow_mut().lockless = true;
    let mut tab = Tab::new(&browser);
    tab.call(Call::Boot);
    see(&browser, &Stored::new()); // another tab has cleared everything
    tab.now = Now { mono: tab.now.mono + 5_000, wall: tab.now.wall + 5_000 };
    tab.wait(0);
    assert!(has(&stored(&browser), "session"));
    assert_eq!(tab.state(), State::Booting, "and another one may be writing in this moment");
    let other = written_over(&browser);
    tab.wait(160);
    assert_eq!(tab.visitor_id(), other);
}

/// A tab that has heard of a chat is to lead; the store that it sees, and the one that there is.
fn heir(browser: &Shared) -> (Tab, Stored, Stored) {
    let mut leader = Tab::booted(browser);
    let before = stored(browser);
    let mut other = Tab::new(browser);
    other.call(Call::Boot);
    gossip(&mut [&mut leader, &mut other]);
    leader = leader.talk(Capabilities::IDEMPOTENCY);
    gossip(&mut [&mut leader, &mut other]);
    let after = stored(browser);
    see(browser, &before);
    leader.kill();
    other.grant_lead();
    (other, before, after)
}

#[test]
fn a_chat_that_the_store_does_not_show_yet_is_not_requested_again_by_the_next_leader() {
    for seen_after in [10, 100, 300, 550] {
        let browser = browser();
        let (mut other, before, after) = heir(&browser);
        other.wait(seen_after);
        catch_up(&browser, &before, &after);
        other.send("second", "m2");
        other.wait(1_000);
        let connects = |command: &Command| matches!(command, Command::Connect(it) if it.conversation_id.is_some());
        assert!(other.commands.iter().any(connects), "seen after {seen_after} ms");
        other.connected(Capabilities::IDEMPOTENCY);
        assert_eq!(other.actions(|action| matches!(action, Action::RequestChat(_))), 0, "seen after {seen_after} ms");
    }
}

#[test]
fn a_chat_that_the_last_leader_put_away_without_a_word_stays_away() {
    let browser = browser();
    let (mut other, ..) = heir(&browser);
    other.wait(1_000);
    assert!(other.session.view().items.is_empty());
    other.send("second", "m2");
    other.connected(Capabilities::IDEMPOTENCY);
    assert_eq!(other.actions(|action| matches!(action, Action::RequestChat(_))), 1);
}
