//! What must not outlive a logout though nobody was live, or nobody was there to hear of it.

use crate::given::said;
use crate::rig::{Tab, browser, config, gossip};
use crate::users::{full, user};
use support_chat::lifecycle::State;
use support_chat::session::{Call, Config, Gesture, PageEvent};
use support_chat::store::Store;
use support_chat::transport::{Action, Capabilities};

fn who_fails(tab: &mut Tab) {
    let boot = tab.call(Call::BootAs(user("A")));
    tab.wait(30_000);
    assert!(!tab.waits(boot) && tab.state() == State::Ready);
}

#[test]
fn a_boot_that_failed_is_not_tried_again_after_a_logout() {
    for elsewhere in [false, true] {
        let browser = browser();
        let mut tab = Tab::new(&browser);
        who_fails(&mut tab);
        let asks = tab.asks.len();
        if elsewhere {
            let mut other = Tab::new(&browser);
            other.call(Call::Shutdown { clear_storage: false });
            gossip(&mut [&mut tab, &mut other]);
        } else {
            tab.call(Call::Shutdown { clear_storage: false });
        }
        tab.page(PageEvent::Online);
        assert_eq!(tab.state(), State::Ready, "{elsewhere}");
        tab.call(Call::Open);
        assert_eq!((tab.state(), tab.asks.len()), (State::Anonymous, asks), "{elsewhere}");
        assert_eq!(tab.kept.last(), Some(&None));
    }
}

#[test]
fn a_boot_that_failed_stays_the_users_when_another_tab_makes_room_for_the_same_user() {
    for (other_user, stays) in [("A", true), ("B", false)] {
        let browser = browser();
        let mut tab = Tab::new(&browser);
        who_fails(&mut tab);
        let mut other = Tab::new(&browser);
        other.call(Call::BootAs(user(other_user)));
        gossip(&mut [&mut tab, &mut other]);
        if stays {
            other.token("opaque");
            other.connected(Capabilities::TYPING); // it takes no proof: the boot begins anew
            other.connected(Capabilities::TYPING);
        }
        gossip(&mut [&mut tab, &mut other]);
        tab.call(Call::Open);
        gossip(&mut [&mut tab, &mut other]);
        assert_eq!(tab.kept.contains(&None), !stays, "{other_user}");
        assert_eq!(tab.who().0.as_deref(), stays.then_some("A"), "{other_user}");
    }
}

#[test]
fn what_was_said_before_a_boot_that_a_logout_ended_is_not_said_of_the_next() {
    let mut tab = Tab::new(&browser());
    let of_a = Box::new(crate::users::only("user", r#"{"email":"a@x"}"#));
    tab.call(Call::Update(of_a));
    tab.call(Call::BootAs(user("A")));
    assert_eq!(tab.state(), State::Booting);
    tab.call(Call::Shutdown { clear_storage: false });
    tab.call(Call::Boot);
    tab.send("hello", "h");
    tab.connected(full());
    let (_, action) = tab.action(|action| matches!(action, Action::RequestChat(_))).expect("requested");
    assert!(!format!("{action:?}").contains("a@x"), "{action:?}");
}

#[test]
fn a_page_from_the_cache_shows_nothing_where_consent_was_revoked_before_the_logout() {
    let browser = browser();
    let mut cached = Tab::talking(&browser, full());
    cached.receive(vec![said(2, "secret words")]);
    cached.wait(2_000);
    let mut other = Tab::new(&browser);
    other.call(Call::Boot);
    gossip(&mut [&mut cached, &mut other]);
    cached.page(PageEvent::Cached);
    gossip(&mut [&mut other]);
    other.call(Call::SetCookieConsent(false));
    other.call(Call::Shutdown { clear_storage: true });
    gossip(&mut [&mut other]);
    cached.page(PageEvent::Restored);
    assert_eq!((cached.state(), cached.texts().len()), (State::Shutdown, 0));
    assert!(!cached.stored().contains("secret"), "{}", cached.stored());
}

#[test]
fn a_page_from_the_cache_that_stored_nothing_shows_nothing_where_there_was_another_tab() {
    for (storage, cookie_consent) in [("local", false), ("memory", true), ("session", true)] {
        let browser = browser();
        let options = || Config { storage, cookie_consent, ..config() };
        let mut cached = Tab::talking_with(&browser, options(), full());
        cached.receive(vec![said(2, "secret words")]);
        // Its own memory: another visitor.
        let elsewhere = crate::rig::browser();
        elsewhere.borrow_mut().skip_ids();
        let mut other = Tab::with(&elsewhere, options());
        other.call(Call::Boot);
        other.call(Call::Open);
        let heard: Vec<_> = other.written.iter().filter(|text| text.starts_with('{')).cloned().collect();
        for text in heard {
            cached.hear(&text);
        }
        assert_eq!(cached.texts().len(), 2);
        cached.page(PageEvent::Cached);
        other.call(Call::Shutdown { clear_storage: true });
        cached.page(PageEvent::Restored);
        assert!(cached.texts().is_empty(), "{storage}");
    }
}

#[test]
fn a_logout_long_ago_does_not_end_the_session_of_a_new_tab_with_a_store_of_its_own() {
    for (storage, cookie_consent) in [("local", false), ("memory", true), ("session", true)] {
        let options = || Config { storage, cookie_consent, ..config() };
        let (first, second) = (browser(), browser());
        let mut old = Tab::with(&first, options());
        old.call(Call::Boot);
        old.call(Call::Shutdown { clear_storage: true });
        old.call(Call::Boot);
        let before = old.written.len();
        second.borrow_mut().skip_ids();
        let mut new = Tab::with(&second, options());
        new.call(Call::Boot);
        for text in new.written.clone().iter().filter(|text| text.starts_with('{')) {
            old.hear(text);
        }
        old.call(Call::Open);
        for text in old.written.clone()[before..].iter().filter(|text| text.starts_with('{')) {
            new.hear(text);
        }
        assert_eq!((old.state(), new.state()), (State::Anonymous, State::Anonymous), "{storage}");
        // A logout counts in both, whoever they are.
        let before = old.written.len();
        old.call(Call::Shutdown { clear_storage: false });
        for text in old.written.clone()[before..].iter().filter(|text| text.starts_with('{')) {
            new.hear(text);
        }
        assert_eq!(new.state(), State::Shutdown, "{storage}");
    }
}

#[test]
fn a_token_that_is_to_prove_an_anonymous_visitor_is_not_in_the_next_handshake() {
    let mut tab = Tab::talking(&browser(), full());
    tab.call(Call::Identify(user("A")));
    tab.token("token-of-A");
    assert!(tab.action(|action| matches!(action, Action::Identify(_))).is_some());
    tab.interrupted();
    tab.wait(0);
    let connect = tab.connects().last().copied().cloned().expect("again");
    assert_eq!((connect.user_id, connect.token), (None, None), "it would begin a session of the user's, unmerged");
}

#[test]
fn a_store_that_failed_in_one_tab_keeps_nothing_after_a_logout_in_another() {
    for storage in ["session", "cookie"] {
        let (first, second) = (browser(), browser());
        let options = || Config { storage, ..config() };
        let mut tab = Tab::talking_with(&first, options(), full());
        tab.receive(vec![said(2, "secret words")]);
        tab.gesture(Gesture::Draft("half a thought".into()));
        tab.wait(2_000);
        first.borrow_mut().refusal = Some(support_chat::store::Refusal::Full);
        tab.gesture(Gesture::Draft("another".into()));
        first.borrow_mut().refusal = None;
        let mut other = Tab::with(&second, options());
        other.call(Call::Boot);
        other.call(Call::Shutdown { clear_storage: true });
        tab.hear(&other.told());
        assert_eq!(tab.state(), State::Shutdown);
        for word in ["secret words", "half a thought", "first"] {
            assert!(!tab.stored().contains(word), "{storage} {word} {}", tab.stored());
        }
        assert_eq!(tab.names().iter().any(|name| name == "session"), storage == "cookie", "it may be the next one's");
    }
}

#[test]
fn a_follower_with_a_store_of_its_own_keeps_there_whom_it_has_become() {
    let (first, second) = (browser(), browser());
    let options = || Config { storage: "session", ..config() };
    let mut leader = Tab::talking_with(&first, options(), full());
    // Duplicated: its store is a copy.
    for (name, text) in support_chat::store::Store::load(&mut first.borrow_mut().store).expect("memory") {
        support_chat::store::Store::set(&mut second.borrow_mut().store, &name, &text).expect("memory");
    }
    second.borrow_mut().skip_ids();
    let mut follower = Tab::with(&second, options());
    follower.grant = false;
    follower.call(Call::Boot);
    let before = leader.written.len();
    leader.call(Call::Identify(user("A")));
    leader.token("token-of-A");
    let (op, _) = leader.action(|action| matches!(action, Action::Identify(_))).expect("asked");
    let done = support_chat::transport::Performed::Identified { user_id: "A".into(), merged: true };
    leader.perform(op, Ok(done));
    for text in leader.written.clone()[before..].iter().filter(|text| text.starts_with('{')) {
        follower.hear(text);
    }
    assert_eq!(follower.who().0.as_deref(), Some("A"));
    assert!(follower.stored().contains(r#"userId\":\"A"#), "{}", follower.stored());
    assert!(!follower.names().iter().any(|name| name == "tail"), "{:?}", follower.names());
}

/// Its store is a copy of the other's.
fn copied(tab: &Tab, config: Config) -> Tab {
    let second = browser();
    for (name, text) in support_chat::store::Store::load(&mut tab.browser.borrow_mut().store).expect("memory") {
        support_chat::store::Store::set(&mut second.borrow_mut().store, &name, &text).expect("memory");
    }
    Tab::with(&second, config)
}

#[test]
fn a_tab_that_has_not_booted_keeps_nothing_of_a_copied_store_after_a_logout_in_another() {
    for (storage, earlier) in [("session", false), ("session", true), ("cookie", false)] {
        let options = || Config { storage, ..config() };
        let mut tab = Tab::talking_with(&browser(), options(), full());
        tab.receive(vec![said(2, "secret words")]);
        tab.send("unsent", "u");
        tab.gesture(Gesture::Draft("half a thought".into()));
        tab.wait(2_000);
        let mut copy = copied(&tab, options());
        if earlier {
            // A number of another tab's own says nothing of this one's.
            copy.hear(r#"{"v":1,"t":"hello","epoch":999999,"term":1,"leads":false,"tab":"t","visitor":"x","from":0}"#);
            assert!(copy.stored().contains("secret words"));
        }
        tab.call(Call::Shutdown { clear_storage: true });
        copy.hear(&tab.browser.borrow().last_of("logout"));
        for word in ["secret words", "half a thought", "first", "unsent"] {
            assert!(!copy.stored().contains(word), "{storage} {word} {}", copy.stored());
        }
        copy.call(Call::Boot);
        assert!(copy.texts().is_empty() && copy.session.view().draft.is_empty(), "{storage} {:?}", copy.texts());
    }
}

#[test]
fn a_copied_tab_shows_no_word_of_a_page_that_was_not_left_but_a_reload_does() {
    let options = || Config { storage: "session", ..config() };
    for (events, shown) in [
        (vec![], false),
        (vec![PageEvent::Hidden], true),
        (vec![PageEvent::Hidden, PageEvent::Shown], false),
        (vec![PageEvent::Leaving], true),
        (vec![PageEvent::Cached], true),
        (vec![PageEvent::Cached, PageEvent::Restored], false),
    ] {
        let mut tab = Tab::talking_with(&browser(), options(), full());
        tab.receive(vec![said(2, "words")]);
        tab.gesture(Gesture::Draft("half a thought".into()));
        tab.wait(2_000);
        for event in events.clone() {
            tab.page(event);
        }
        let mut next = copied(&tab, options());
        next.call(Call::Boot);
        let draft = next.session.view().draft;
        assert_eq!((next.texts().contains(&"words".to_owned()), !draft.is_empty()), (shown, shown), "{events:?}");
        next.connected(full());
        assert_eq!(next.visitor_id(), tab.visitor_id(), "{events:?}");
    }
}

#[test]
fn what_another_tab_counts_of_its_own_does_not_cost_a_tab_what_it_has_stored_for_its_next_boot() {
    let options = || Config { storage: "session", ..config() };
    let mut tab = Tab::talking_with(&browser(), options(), full());
    tab.receive(vec![said(2, "words")]);
    tab.wait(2_000);
    tab.page(PageEvent::Leaving);
    let mut next = copied(&tab, options());
    let before = tab.visitor_id();
    let mut other = Tab::with(&browser(), options());
    for _ in 0..2 {
        other.call(Call::Boot);
        other.call(Call::Shutdown { clear_storage: true });
    }
    other.call(Call::Boot);
    next.hear(&other.told()); // its greeting: both logouts were long ago
    next.call(Call::Boot);
    assert!(next.texts().contains(&"words".to_owned()), "{:?}", next.texts());
    next.connected(full());
    assert_eq!(next.visitor_id(), before);
}

#[test]
fn what_another_visitor_left_beside_a_cookie_is_removed_where_a_session_goes_on() {
    let browser = browser();
    let options = || Config { storage: "cookie", ..config() };
    let mut tab = Tab::with(&browser, options());
    tab.call(Call::Boot);
    tab.kill();
    let text = r#"{"v":1,"clientMessageId":"k","visitorId":"zz","tab":"t","seq":1,"at":1,"text":"marzipan"}"#;
    browser.borrow_mut().store.set("outbox:k", text).expect("memory keeps");
    let mut tab = Tab::with(&browser, options());
    tab.call(Call::Boot);
    assert!(!tab.stored().contains("marzipan"), "{}", tab.stored());
}
