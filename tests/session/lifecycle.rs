//! `tests/lifecycle.tsv`, cell by cell, in the states the core has; the handle's two are asserted in browsers.

use crate::rig::{Tab, browser, config};
use crate::users::{only, unproved};
use support_chat::lifecycle::State;
use support_chat::session::{Call, Event, Gesture, PageEvent};
use support_chat::transport::Capabilities;

const TABLE: &str = include_str!("../lifecycle.tsv");

fn in_state(state: &str) -> Option<Tab> {
    let browser = browser();
    let mut tab = match state {
        "ready" => Tab::new(&browser),
        "booting" => {
            let mut tab = Tab::with(&browser, support_chat::session::Config { lazy: false, ..config() });
            tab.call(Call::Boot);
            tab
        }
        "authenticated" => {
            let mut tab = Tab::new(&browser);
            tab.call(Call::BootAs(unproved("A")));
            tab.connected(Capabilities::default());
            tab
        }
        _ => Tab::booted(&browser),
    };
    match state {
        "ready" | "booting" | "anonymous" | "authenticated" => {}
        "reconnecting" | "disconnected" => {
            tab.call(Call::Open);
            tab.connected(Capabilities::default());
            tab.interrupted();
            if state == "disconnected" {
                tab.page(PageEvent::Offline);
            }
        }
        "shutdown" => drop(tab.call(Call::Shutdown { clear_storage: false })),
        "destroyed" => drop(tab.call(Call::Destroy)),
        _ => return None, // the handle's
    }
    assert_eq!(tab.state().name(), state);
    Some(tab)
}

fn call(name: &'static str) -> Call {
    match name {
        "boot" => Call::Boot,
        "boot({user})" => Call::BootAs(unproved("A")),
        "identify" => Call::Identify(unproved("A")),
        "update" | "setContext" => Call::Update(Box::new(only("context", "{}"))),
        "shutdown" => Call::Shutdown { clear_storage: false },
        "destroy" => Call::Destroy,
        "open" => Call::Open,
        "close" => Call::Close,
        "toggle" => Call::Toggle,
        "show" => Call::Show,
        "hide" => Call::Hide,
        "showLauncher" => Call::SetLauncherVisible(true),
        "hideLauncher" => Call::SetLauncherVisible(false),
        "setLauncherVisible" => Call::SetLauncherVisible(true),
        "setTheme" => Call::SetTheme("{}".into()),
        "setZIndex" => Call::SetZIndex(7),
        "setCookieConsent" => Call::SetCookieConsent(true),
        "startConversation" => Call::StartConversation { subject: None, message: None, metadata: None },
        "sendMessage" => Call::SendMessage { conversation_id: None, text: "hello".into(), client_message_id: None },
        "retryMessage" => Call::RetryMessage("nobody's".into()),
        "discardMessage" => Call::DiscardMessage("nobody's".into()),
        "sendTyping" => Call::SendTyping(true),
        "getTranscript" => Call::Transcript(0),
        "endChat" => Call::EndChat,
        later => Call::Later(later),
    }
}

#[test]
fn every_call_in_every_state_has_the_outcome_of_the_table() {
    let mut lines = TABLE.lines();
    let states: Vec<_> = lines.next().expect("a head").split('\t').skip(1).collect();
    let mut cells = 0;
    for line in lines {
        let mut words = line.split('\t');
        let name = words.next().expect("a call");
        for (state, expected) in states.iter().zip(words) {
            let Some(mut tab) = in_state(state) else { continue };
            let id = tab.call(call(name));
            let outcome = match tab.outcome(id) {
                None => "waits",
                Some(Ok(_)) => "resolves",
                Some(Err(code)) => code.name(),
            };
            assert_eq!(outcome, expected, "{name} in {state}");
            cells += 1;
        }
    }
    assert_eq!(cells, (TABLE.lines().count() - 1) * 8);
}

#[test]
fn every_state_is_a_column() {
    let head: Vec<_> = TABLE.lines().next().expect("a head").split('\t').skip(1).collect();
    let names: Vec<_> = State::ALL.iter().map(|(_, name)| *name).collect();
    assert_eq!(head, names);
}

#[test]
fn destroyed_is_the_last_event() {
    let mut tab = in_state("reconnecting").expect("reached");
    tab.call(Call::Destroy);
    tab.wait(120_000);
    assert!(matches!(tab.events.last(), Some(Event::State { state: State::Destroyed, .. })));
    assert_eq!(tab.session.poll_timeout(), None);
}

#[test]
fn twice_while_booting_is_one_session_and_both_settle_together() {
    let mut tab = in_state("booting").expect("reached");
    let (a, b) = (tab.call(Call::Boot), tab.call(Call::Boot));
    assert_eq!((tab.outcome(a), tab.outcome(b)), (None, None));
    tab.connected(Capabilities::default());
    assert!(matches!((tab.outcome(a), tab.outcome(b)), (Some(Ok(_)), Some(Ok(_)))));
    assert_eq!(tab.events.iter().filter(|event| matches!(event, Event::Ready(_))).count(), 1);
}

#[test]
fn calls_wait_in_order_and_the_thousand_and_first_is_refused() {
    let mut tab = in_state("booting").expect("reached");
    let ids: Vec<_> = (0..1_000).map(|z| tab.call(Call::SetZIndex(z))).collect();
    let late = tab.call(Call::SetZIndex(5_000));
    assert_eq!(tab.outcome(late).map(|outcome| outcome.map_err(|code| code.name())), Some(Err("not_ready")));
    tab.connected(Capabilities::default());
    assert!(ids.iter().all(|id| matches!(tab.outcome(*id), Some(Ok(_)))));
    assert_eq!(tab.session.view().look.z_index, 999);
}

#[test]
fn shutdown_while_booting_wins() {
    let mut tab = in_state("booting").expect("reached");
    let boot = tab.call(Call::Boot);
    let waits = tab.call(Call::Close);
    tab.call(Call::Shutdown { clear_storage: false });
    assert_eq!(tab.outcome(boot).map(|outcome| outcome.map_err(|code| code.name())), Some(Err("aborted")));
    assert_eq!(tab.outcome(waits).map(|outcome| outcome.map_err(|code| code.name())), Some(Err("aborted")));
    tab.connected(Capabilities::default());
    assert_eq!(tab.state(), State::Shutdown);
}

#[test]
fn a_boot_that_needs_the_backend_gives_up_after_thirty_seconds_and_tries_again_when_online() {
    let mut tab = in_state("booting").expect("reached");
    let boot = tab.call(Call::Boot);
    tab.wait(29_999);
    assert_eq!(tab.outcome(boot), None);
    tab.wait(1);
    assert_eq!(tab.outcome(boot).map(|outcome| outcome.map_err(|code| code.name())), Some(Err("network_error")));
    assert_eq!(tab.state(), State::Ready);
    tab.page(PageEvent::Online);
    assert_eq!(tab.state(), State::Booting);
    tab.wait(30_000);
    assert_eq!(tab.state(), State::Ready);
    tab.gesture(Gesture::Reconnect); // the banner's button
    assert_eq!(tab.state(), State::Booting);
}

#[test]
fn a_panel_that_opens_is_told_of_once_and_one_that_stood_open_before_a_reload_once_the_session_lives() {
    let browser = browser();
    let opened = |tab: &Tab| tab.events.iter().filter(|event| matches!(event, Event::Open)).count();
    let mut tab = Tab::new(&browser);
    tab.call(Call::Open);
    assert_eq!((tab.state(), opened(&tab)), (State::Anonymous, 1));
    tab.kill();
    let mut reloaded = Tab::booted(&browser);
    assert_eq!((reloaded.session.view().look.open, opened(&reloaded)), (true, 1));
    reloaded.call(Call::Open);
    assert_eq!(opened(&reloaded), 1);
}
