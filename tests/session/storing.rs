//! Storage never fails the chat, and nothing of it is trusted.

use crate::rig::{Tab, browser, config, gossip, said};
use support_chat::lifecycle::State;
use support_chat::session::{Call, Config, Event, Gesture, Ids, Output, PageEvent, Session};
use support_chat::store::{Refusal, Store};
use support_chat::time::Now;
use support_chat::transport::{Action, Capabilities};

fn degraded(tab: &Tab) -> Vec<&'static str> {
    let all = tab.events.iter();
    all.filter_map(|event| if let Event::StorageDegraded { reason, .. } = event { Some(*reason) } else { None })
        .collect()
}

#[test]
fn a_store_that_refuses_means_memory_and_one_event() {
    let browser = browser();
    browser.borrow_mut().refusal = Some(Refusal::Blocked);
    let mut tab = Tab::booted(&browser);
    tab.send("hello", "k");
    assert_eq!(degraded(&tab), ["blocked"]);
    tab.connected(Capabilities::default());
    assert_eq!(tab.actions(|action| matches!(action, Action::RequestChat(_))), 1);
}

#[test]
fn a_store_that_fills_up_in_mid_session_keeps_the_message() {
    let browser = browser();
    let mut tab = Tab::talking(&browser, Capabilities::IDEMPOTENCY);
    browser.borrow_mut().refusal = Some(Refusal::Full);
    tab.send("hello", "k");
    assert_eq!(degraded(&tab), ["full"]);
    assert_eq!(tab.actions(|action| matches!(action, Action::Send(_))), 2);
}

#[test]
fn what_a_newer_version_wrote_is_left_untouched() {
    let browser = browser();
    browser.borrow_mut().store.set("session", r#"{"v":99,"visitorId":"x"}"#).expect("memory");
    let tab = Tab::booted(&browser);
    assert_eq!(degraded(&tab), ["newer"]);
    assert!(tab.stored().contains("99"));
    assert_eq!(tab.names(), ["session"]);
}

#[test]
fn broken_entries_are_removed_and_the_rest_is_used() {
    let browser = browser();
    let mut tab = Tab::booted(&browser);
    let visitor = tab.session.identity().expect("live").visitor_id;
    tab.kill();
    for (name, text) in [("draft", "{\"v\":1,\"cou"), ("tail", "7"), ("ui", ""), ("mystery", "kept")] {
        browser.borrow_mut().store.set(name, text).expect("memory");
    }
    let tab = Tab::booted(&browser);
    assert_eq!(tab.session.identity().expect("live").visitor_id, visitor);
    assert!(tab.names().contains(&"mystery".to_owned()));
    assert!(!tab.names().contains(&"draft".to_owned()));
}

#[test]
fn another_epoch_is_wiped_before_anything_is_drawn() {
    let browser = browser();
    let mut tab = Tab::talking(&browser, Capabilities::IDEMPOTENCY);
    let visitor = tab.session.identity().expect("live").visitor_id;
    tab.wait(2_000);
    tab.kill();
    browser.borrow_mut().store.set("epoch", "41").expect("memory");
    let mut tab = Tab::new(&browser);
    tab.call(Call::Boot);
    assert!(tab.texts().is_empty());
    assert_ne!(tab.session.identity().expect("live").visitor_id, visitor);
    assert!(!tab.stored().contains("first"));
}

#[test]
fn an_unfinished_logout_is_finished_on_the_next_load() {
    let browser = browser();
    let mut tab = Tab::talking(&browser, Capabilities::IDEMPOTENCY);
    tab.wait(2_000);
    tab.kill();
    browser.borrow_mut().store.set("tombstone", r#"{"v":1,"sessionId":"x","at":1}"#).expect("memory");
    let tab = Tab::booted(&browser);
    assert!(!tab.stored().contains("first") && !tab.stored().contains("tombstone"));
}

#[test]
fn a_lone_message_of_this_visitor_is_sent_in_a_new_chat_and_anothers_never() {
    let browser = browser();
    let mut tab = Tab::booted(&browser);
    tab.send("mine", "mine");
    tab.kill();
    let mut texts = browser.borrow_mut().store.load().expect("memory");
    let (_, text) = texts.iter_mut().find(|(name, _)| name == "outbox:mine").expect("kept");
    let visitor = tab.session.identity().expect("live").visitor_id;
    let other = text.replace(&visitor, "somebody").replace("mine", "theirs");
    browser.borrow_mut().store.set("outbox:theirs", &other).expect("memory");
    browser.borrow_mut().store.remove("tail").expect("memory");
    let mut tab = Tab::new(&browser);
    tab.call(Call::Boot);
    tab.connected(Capabilities::IDEMPOTENCY);
    assert_eq!(tab.texts(), ["mine"]);
    assert_eq!(tab.actions(|action| matches!(action, Action::RequestChat(_))), 1);
    tab.call(Call::Shutdown { clear_storage: false });
    assert!(!tab.stored().contains("theirs"));
}

#[test]
fn a_session_of_another_backend_is_not_used() {
    let browser = browser();
    let mut tab = Tab::booted(&browser);
    let visitor = tab.session.identity().expect("live").visitor_id;
    tab.kill();
    let mut tab = Tab::with(&browser, Config { backend: "cometd:https://other.example".into(), ..config() });
    tab.call(Call::Boot);
    assert_ne!(tab.session.identity().expect("live").visitor_id, visitor);
}

#[test]
fn before_consent_nothing_is_stored_and_revoking_removes_what_was() {
    let browser = browser();
    let mut tab = Tab::with(&browser, Config { cookie_consent: false, ..config() });
    tab.call(Call::Boot);
    tab.send("hello", "k");
    assert!(tab.names().is_empty());
    tab.call(Call::SetCookieConsent(true));
    assert!(tab.stored().contains("hello"));
    tab.call(Call::SetCookieConsent(false));
    assert!(!tab.stored().contains("hello") && !tab.stored().contains("session"));
    assert_eq!((tab.state(), tab.texts().len()), (State::Anonymous, 1));
}

#[test]
fn a_session_is_kept_for_so_long_from_its_last_use() {
    const DAY: u64 = 24 * 3_600_000;
    for (kept_for, days, kept) in [(Some(30 * DAY), 29, true), (Some(30 * DAY), 31, false), (None, 99, true)] {
        let browser = browser();
        let make = |days: u64| {
            let mut tab = Tab::with(&browser, Config { kept_for, ..config() });
            tab.now.wall += days * DAY;
            tab.call(Call::Boot);
            tab
        };
        let visitor = |tab: &Tab| tab.session.identity().expect("live").visitor_id;
        let mut first = make(0);
        first.gesture(Gesture::Draft("half a thought".into()));
        first.kill();
        let mut second = make(days);
        assert_eq!(visitor(&second) == visitor(&first), kept, "{days}");
        assert_eq!(second.stored().contains("half a thought"), kept);
        second.kill(); // that was a use
        assert_eq!(visitor(&make(days + 29)), visitor(&second), "{days} + 29");
    }
}

#[test]
fn a_session_does_not_grow_old_while_a_page_has_it() {
    const HOUR: u64 = 3_600_000;
    for (kept_for, idle) in [(5_000, 90_000), (5_000, 9 * HOUR), (2 * HOUR, 9 * HOUR), (0, 9 * HOUR)] {
        let browser = browser();
        let options = || Config { kept_for: Some(kept_for), ..config() };
        let mut reader = Tab::talking_with(&browser, options(), Capabilities::IDEMPOTENCY);
        reader.page(PageEvent::Offline); // nothing happens there any more
        for (left, later, kept) in [(false, 0, true), (true, kept_for, true), (true, kept_for + 1, false)] {
            reader.wait(idle);
            if left {
                reader.page(PageEvent::Leaving);
            }
            let before = browser.borrow_mut().store.load().expect("memory");
            let mut next = Tab::with(&browser, options());
            next.now = reader.now;
            next.now.wall += later;
            next.call(Call::Boot);
            assert_eq!(next.texts().contains(&"first".to_owned()), kept, "{kept_for} {idle} {left} {later}");
            next.kill();
            for (name, text) in before {
                browser.borrow_mut().store.set(&name, &text).expect("memory");
            }
        }
    }
}

#[test]
fn a_store_that_keeps_nothing_is_not_asked_for_ever() {
    let browser = browser();
    let mut tab = Tab::talking(&browser, Capabilities::IDEMPOTENCY);
    tab.wait(2_000);
    browser.borrow_mut().deaf = true;
    tab.call(Call::Shutdown { clear_storage: false });
    tab.call(Call::Boot);
    tab.wait(1_000);
    assert_eq!((tab.state(), tab.texts().len()), (State::Anonymous, 0));
}

#[test]
fn a_store_that_confirms_slowly_but_surely_is_kept() {
    let browser = browser();
    let mut tab = Tab::talking(&browser, Capabilities::IDEMPOTENCY);
    browser.borrow_mut().slow = true;
    for n in 0..5 {
        tab.send("words", &n.to_string());
        tab.wait(400);
        if n > 0 {
            let token = tab.unconfirmed.remove(0);
            tab.stored_now(token);
        }
    }
    assert!(degraded(&tab).is_empty(), "{:?}", degraded(&tab));
    tab.wait(1_000);
    assert_eq!(degraded(&tab), ["timeout"]);
}

#[test]
fn revoking_consent_removes_what_earlier_pages_stored() {
    for cookie_consent in [true, false] {
        for boots in [false, true] {
            let browser = browser();
            let mut tab = Tab::talking(&browser, Capabilities::IDEMPOTENCY);
            tab.send("unsent", "u");
            tab.wait(2_000);
            tab.kill();
            let mut tab = Tab::with(&browser, Config { cookie_consent, ..config() });
            if boots {
                tab.call(Call::Boot);
                tab.connected(Capabilities::IDEMPOTENCY);
            }
            let texts = tab.texts();
            tab.call(Call::SetCookieConsent(false));
            assert!(tab.names().iter().all(|name| name == "epoch"), "{cookie_consent} {boots} {:?}", tab.names());
            assert_eq!(tab.texts(), texts, "goes on in memory");
        }
    }
}

#[test]
fn consent_is_revoked_and_given_again_in_every_tab() {
    for leads in [true, false] {
        let browser = browser();
        let mut leader = Tab::talking(&browser, Capabilities::IDEMPOTENCY);
        let mut follower = Tab::new(&browser);
        follower.call(Call::Boot);
        gossip(&mut [&mut leader, &mut follower]);
        if leads { &mut leader } else { &mut follower }.call(Call::SetCookieConsent(false));
        // Written before the other tab heard of it.
        leader.gesture(Gesture::Draft("half a thought".into()));
        follower.gesture(Gesture::Draft("another half".into()));
        gossip(&mut [&mut leader, &mut follower]);
        leader.receive(vec![said(2, "secret words")]);
        follower.send("unsent", "u");
        leader.wait(2_000);
        gossip(&mut [&mut leader, &mut follower]);
        assert!(leader.names().is_empty(), "revoked by the leader: {leads} {:?}", leader.names());
        assert_eq!((follower.texts(), follower.state()), (leader.texts(), State::Anonymous), "goes on in memory");
        assert_eq!(follower.texts(), ["first", "secret words", "unsent"]);
        if leads { &mut leader } else { &mut follower }.call(Call::SetCookieConsent(true));
        gossip(&mut [&mut leader, &mut follower]);
        leader.send("stored again", "s");
        for name in ["consent", "draft", "outbox:s", "outbox:u", "session", "tail"] {
            assert!(leader.names().iter().any(|other| other == name), "{name} of {:?}", leader.names());
        }
        follower.call(Call::SetCookieConsent(false));
        gossip(&mut [&mut leader, &mut follower]);
        assert!(leader.names().is_empty(), "revoked once more: {:?}", leader.names());
    }
}

#[test]
fn consent_revoked_in_a_tab_of_another_visitor_counts_here_too() {
    let browser = browser();
    let mut tab = Tab::talking(&browser, Capabilities::IDEMPOTENCY);
    let mut other = Tab::with(&self::browser(), config());
    other.call(Call::Boot);
    other.call(Call::SetCookieConsent(false));
    let told = other.told();
    tab.hear(&told);
    assert_eq!((tab.names(), tab.texts()), (vec![], vec!["first".to_owned()]));
}

#[test]
fn what_counts_the_logouts_outlives_consent_for_tabs_that_were_away() {
    let browser = browser();
    Tab::booted(&browser).call(Call::Shutdown { clear_storage: true });
    let mut away = Tab::talking(&browser, Capabilities::IDEMPOTENCY);
    away.page(PageEvent::Cached);
    let mut tab = Tab::new(&browser);
    tab.call(Call::Boot);
    tab.connected(Capabilities::IDEMPOTENCY);
    tab.call(Call::SetCookieConsent(false));
    assert_eq!(tab.names(), ["epoch"]);
    tab.kill();
    gossip(&mut [&mut tab]);
    // Somebody else comes, agrees, and is not thrown out by a tab that knows of logouts which nobody else knows.
    let mut next = Tab::with(&browser, Config { cookie_consent: false, ..config() });
    next.call(Call::Boot);
    next.call(Call::SetCookieConsent(true));
    next.send("of somebody else", "n");
    away.page(PageEvent::Restored);
    gossip(&mut [&mut next, &mut away]);
    assert_eq!((away.state(), away.texts().len()), (State::Shutdown, 0));
    assert_eq!((next.state(), next.texts().len()), (State::Anonymous, 1));
    assert!(next.stored().contains("of somebody else"), "{}", next.stored());
}

#[test]
fn giving_consent_never_sets_the_epoch_back() {
    let browser = browser();
    browser.borrow_mut().store.set("epoch", "5").expect("memory");
    let mut tab = Tab::with(&browser, Config { cookie_consent: false, ..config() });
    tab.call(Call::Boot);
    tab.call(Call::SetCookieConsent(true));
    assert!(tab.stored().contains("\"epoch\", \"5\""), "{}", tab.stored());
}

#[test]
fn what_is_typed_while_the_store_is_read_outlives_the_stored_draft() {
    let browser = browser();
    Tab::booted(&browser).gesture(Gesture::Draft("of yesterday".into()));
    let entries = browser.borrow_mut().store.load().expect("memory");

    let now = Now { mono: 1_000, wall: 1_700_000_000_000 };
    let mut session = Session::new(config(), Ids(Box::new(|| 7)), 1, now);
    session.handle_loaded(Ok(entries.clone()), now); // it looks for a logout that was cut short
    session.call(1, Call::Boot, now);
    session.handle_gesture(Gesture::Draft("of today".into()), now);
    let mut outputs = std::iter::from_fn(|| session.poll_output());
    assert!(
        !outputs.any(|output| matches!(output, Output::Save { .. } | Output::Peer(_))),
        "whose it is, nobody knows"
    );
    session.handle_loaded(Ok(entries), now);
    assert_eq!(session.view().draft, "of today");
    let kept = std::iter::from_fn(|| session.poll_output()).any(
        |output| matches!(output, Output::Save { name, text, .. } if name == "draft" && text.contains("of today")),
    );
    assert!(kept);
}

#[test]
fn a_draft_is_given_to_nobody_but_who_wrote_it() {
    for (storage, written, given) in [
        ("cookie", r#","visitorId":"somebody""#, ""),
        ("local", r#","visitorId":"somebody""#, ""),
        ("cookie", "", ""), // of a time when it was not kept whose it is
        ("local", "", "half a thought"),
    ] {
        let browser = browser();
        let config = Config { storage, ..config() };
        let mut tab = Tab::with(&browser, config.clone());
        tab.call(Call::Boot);
        let draft = [r#"{"v":1,"counter":9,"text":"half a thought""#, written, "}"].concat();
        browser.borrow_mut().store.set("draft", &draft).expect("memory");
        tab.kill();
        let mut next = Tab::with(&browser, config);
        next.call(Call::Boot);
        assert_eq!(next.session.view().draft, given, "{storage} {written}");
        assert_eq!(next.names().contains(&"draft".to_owned()), !given.is_empty());
    }
}
