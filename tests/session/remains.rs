//! What a logout leaves of an anonymous visitor, and to whom: the way back, to this server, and no word.
//! Not: what a saved session becomes at a boot (`whose`).

use crate::groups::anonymous_pair;
use crate::rig::{Tab, agent, browser, config, gossip};
use crate::users::{full, unproved, user};
use crate::whose::{OF_A, holds, saved_a, saved_anonymous};
use support_chat::error::Code;
use support_chat::lifecycle::State;
use support_chat::session::{Call, Config};
use support_chat::transport::{Action, ChatEventKind, Performed};

/// A chat with a subject and metadata, opened by the backend.
pub(crate) fn talk_about_marzipan(tab: &mut Tab) {
    tab.call(Call::StartConversation {
        subject: Some("about-marzipan".into()),
        message: Some("first".into()),
        metadata: Some(r#"{"order":"marzipan-7"}"#.into()),
    });
    tab.connected(full());
    let (op, _) = tab.action(|action| matches!(action, Action::RequestChat(_))).expect("requested");
    tab.perform(op, Ok(Performed::Requested("chat".into())));
}

#[test]
fn subject_and_metadata_go_with_a_logout_and_are_not_set_aside() {
    for way in 0..3 {
        let browser = browser();
        let mut tab = Tab::new(&browser);
        tab.call(Call::Boot);
        talk_about_marzipan(&mut tab);
        tab.wait(2_000);
        assert!(tab.stored().contains("marzipan"), "{}", tab.stored());
        match way {
            0 => drop(tab.call(Call::Shutdown { clear_storage: false })),
            1 => {
                tab.kill();
                tab = Tab::new(&browser);
                tab.call(Call::Shutdown { clear_storage: false });
            }
            _ => {
                tab.kill();
                tab = Tab::new(&browser);
                tab.call(Call::BootAs(user("A")));
            }
        }
        assert!(!tab.stored().contains("marzipan"), "{way}: {}", tab.stored());
        assert!(tab.stored().contains("chat"), "{way}: the way back");
    }
}

#[test]
fn whoever_typed_at_a_logout_types_to_nobody_else() {
    for elsewhere in [false, true] {
        let browser = browser();
        let mut tab = Tab::talking(&browser, full());
        let mut other = Tab::new(&browser);
        other.now = tab.now;
        other.call(Call::Boot);
        gossip(&mut [&mut tab, &mut other]);
        tab.receive(vec![ChatEventKind::Typing(agent(), true)]);
        gossip(&mut [&mut tab, &mut other]);
        for tab in [&mut tab, &mut other] {
            tab.wait(400);
            assert!(tab.session.view().typing.is_some());
        }
        let first = if elsewhere { &mut other } else { &mut tab };
        first.call(Call::Shutdown { clear_storage: true });
        gossip(&mut [&mut tab, &mut other]);
        for tab in [&mut tab, &mut other] {
            assert!(tab.session.view().typing.is_none(), "{elsewhere}");
            tab.call(Call::BootAs(user("B")));
            assert!(tab.session.view().typing.is_none(), "{elsewhere}, to the next");
        }
    }
}

#[test]
fn what_was_set_aside_goes_to_no_other_server() {
    let (browser, visitor) = saved_anonymous();
    let mut tab = Tab::new(&browser);
    tab.call(Call::BootAs(user("A")));
    tab.prove("A");
    tab.call(Call::Shutdown { clear_storage: false });
    assert!(tab.names().contains(&"aside".to_owned()));
    tab.kill();
    let mut tab = Tab::with(&browser, Config { backend: "cometd:https://other.example/cometd".into(), ..config() });
    tab.call(Call::Boot);
    assert_ne!(tab.visitor_id(), visitor);
    tab.call(Call::Open);
    assert!(tab.connects().iter().all(|connect| connect.resume.is_none()));
    assert!(!holds(&tab, &["anonymous secret"]));
}

#[test]
fn what_a_tab_writes_before_it_hears_of_a_logout_goes_as_it_hears_of_it() {
    for clear_storage in [false, true] {
        let (_, mut leader, mut other) = anonymous_pair();
        other.call(Call::Shutdown { clear_storage });
        let call = leader.send("late marzipan", "late");
        assert!(holds(&leader, &["late marzipan"]), "it is to be sent");
        gossip(&mut [&mut leader, &mut other]);
        assert_eq!(leader.outcome(call), Some(Err(Code::Aborted)));
        assert!(!holds(&leader, &["late marzipan", "outbox:"]), "{}", leader.stored());
    }
}

#[test]
fn what_is_saved_of_another_server_goes_with_its_words() {
    let (browser, visitor) = saved_a();
    let other = Config { backend: "cometd:https://other.example/cometd".into(), ..config() };
    let mut tab = Tab::with(&browser, other);
    tab.call(Call::Boot);
    assert_ne!(tab.visitor_id(), visitor);
    assert!(!holds(&tab, &OF_A) && !holds(&tab, &[&visitor]), "{}", tab.stored());
}

#[test]
fn without_locks_too_nothing_stays_of_a_user_whom_nobody_proves() {
    for (call, name) in [(Call::Boot, None), (Call::BootAs(unproved("A")), Some("A"))] {
        let (browser, visitor) = saved_a();
        browser.borrow_mut().lockless = true;
        let mut tab = Tab::new(&browser);
        tab.call(call);
        tab.wait(2_000);
        if tab.state() == State::Booting {
            tab.connected(full());
        }
        assert_eq!(tab.who(), (name.map(str::to_owned), false));
        assert_ne!(tab.visitor_id(), visitor);
        assert!(tab.texts().is_empty() && !holds(&tab, &OF_A) && !holds(&tab, &[&visitor]), "{}", tab.stored());
    }
}
