//! Consent withdrawn reaches every tab, whatever it is doing. Not: what is stored before and after it (`storing`).

use crate::rig::{Tab, browser, config, gossip, said};
use support_chat::lifecycle::State;
use support_chat::session::{Call, Config, Gesture, PageEvent};
use support_chat::transport::Capabilities;

fn asks_first() -> Config {
    Config { cookie_consent: false, ..config() }
}

#[test]
fn a_tab_that_has_not_booted_takes_consent_back_for_those_that_were_given_it() {
    let browser = browser();
    let mut tab = Tab::with(&browser, asks_first());
    tab.call(Call::Boot);
    tab.call(Call::SetCookieConsent(true));
    let mut other = Tab::with(&browser, asks_first());
    other.call(Call::SetCookieConsent(false));
    gossip(&mut [&mut tab, &mut other]);
    tab.gesture(Gesture::Draft("half a thought".into()));
    tab.receive(vec![said(2, "words")]);
    tab.call(Call::Open);
    tab.wait(2_000);
    assert_eq!((tab.state(), tab.names()), (State::Anonymous, vec![]));
}

#[test]
fn consent_taken_back_elsewhere_empties_the_own_store_of_a_tab_that_has_not_booted() {
    for storage in ["session", "cookie"] {
        let options = || Config { storage, ..config() };
        let mine = browser();
        let mut tab = Tab::talking_with(&mine, options(), Capabilities::IDEMPOTENCY);
        tab.wait(2_000);
        tab.kill();
        let mut tab = Tab::with(&mine, options()); // reloaded
        let mut other = Tab::with(&browser(), options());
        other.call(Call::Boot);
        other.call(Call::SetCookieConsent(false));
        tab.hear(&other.told());
        assert_eq!((storage, tab.names()), (storage, vec![]));
    }
}

#[test]
fn consent_taken_back_elsewhere_reaches_a_boot_under_way() {
    let browser = browser();
    browser.borrow_mut().lockless = true;
    let mut tab = Tab::new(&browser);
    tab.call(Call::Boot);
    assert_eq!(tab.state(), State::Booting);
    let mut other = Tab::new(&browser);
    other.call(Call::SetCookieConsent(false));
    gossip(&mut [&mut tab, &mut other]);
    tab.wait(1_000);
    tab.send("hello", "h");
    tab.wait(2_000);
    assert_eq!((tab.state(), tab.names()), (State::Anonymous, vec![]));
}

#[test]
fn consent_taken_back_while_a_page_was_in_the_cache_is_not_given_there_any_more() {
    let browser = browser();
    let mut tab = Tab::with(&browser, asks_first());
    tab.call(Call::Boot);
    tab.call(Call::SetCookieConsent(true));
    tab.page(PageEvent::Cached);
    let mut other = Tab::with(&browser, asks_first());
    other.call(Call::Boot);
    other.call(Call::SetCookieConsent(false));
    tab.page(PageEvent::Restored);
    tab.wait(500);
    tab.call(Call::Boot);
    tab.call(Call::Open);
    tab.wait(2_000);
    assert_eq!((tab.state(), tab.names()), (State::Anonymous, vec!["epoch".into()]));
}

#[test]
fn consent_taken_back_while_a_boot_is_under_way_is_taken_back_however_that_ends() {
    for ending in ["fails", "logout", "destroy"] {
        let browser = browser();
        let mut tab = Tab::talking(&browser, Capabilities::IDEMPOTENCY);
        tab.wait(2_000);
        tab.kill();
        let mut tab = Tab::new(&browser);
        tab.call(Call::Boot);
        assert_eq!(tab.state(), State::Booting);
        let taken = tab.call(Call::SetCookieConsent(false));
        let other = tab.call(Call::SetTheme("{}".into()));
        match ending {
            "fails" => tab.wait(31_000),
            "logout" => drop(tab.call(Call::Shutdown { clear_storage: false })),
            _ => drop(tab.call(Call::Destroy)),
        }
        assert_eq!((ending, tab.outcome(other).map(|outcome| outcome.is_err())), (ending, Some(true)));
        assert!(matches!(tab.outcome(taken), Some(Ok(_))), "{ending} {:?}", tab.outcome(taken));
        assert!(tab.names().iter().all(|name| name == "epoch"), "{ending} {:?}", tab.names());
        if ending != "destroy" {
            tab.call(Call::Boot);
            tab.wait(2_000);
            assert_eq!((tab.state(), tab.texts().len()), (State::Anonymous, 0));
            assert!(tab.names().iter().all(|name| name == "epoch"), "{ending} {:?}", tab.names());
        }
    }
}
