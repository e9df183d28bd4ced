//! Browsers let tabs see each other's writes late: a tab that has heard of a logout may still see what was stored before it.
//! Nothing that came of that logout, or after it, is lost by what it does meanwhile.

use std::cell::RefCell;
use std::rc::Rc;

use crate::rig::{Browser, Tab, browser, gossip};
use support_chat::lifecycle::State;
use support_chat::session::Call;
use support_chat::store::Store;
use support_chat::transport::Capabilities;

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
