//! The backend hears of a logout, whichever tab it was made in. Not: what becomes of what is stored (`logout`).

use crate::groups::{anonymous_pair, pair_of_a};
use crate::rig::{Tab, browser, config, gossip};
use crate::users::{full, user};
use crate::whose::{saved_a, saved_anonymous};
use support_chat::lifecycle::State;
use support_chat::session::{Call, Config, PageEvent};
use support_chat::store::Store;
use support_chat::transport::{Command, Event as Report, Reason};

#[test]
fn logout_revokes_before_it_disconnects_and_settles_on_the_answer() {
    let mut tab = Tab::known(&browser(), "A");
    let before = tab.commands.len();
    let call = tab.call(Call::Shutdown { clear_storage: false });
    assert_eq!(tab.state(), State::Shutdown);
    assert!(tab.waits(call));
    let [Command::Revoke(revoke), Command::Disconnect(Reason::Shutdown { clear: false })] = &tab.commands[before..]
    else {
        panic!("{:?}", &tab.commands[before..]);
    };
    // What opened a user's history goes, whatever is kept of an anonymous visitor.
    assert_eq!((revoke.clear, revoke.token.as_deref()), (true, Some("token-of-A")));
    assert_eq!(revoke.resume.as_deref(), Some(r#"{"secret":"secret-of-A"}"#));
    tab.report(Report::Revoked);
    assert!(tab.resolved(call));
}

#[test]
fn a_backend_that_does_not_answer_is_waited_for_five_seconds_even_across_the_next_boot() {
    let mut tab = Tab::known(&browser(), "A");
    let call = tab.call(Call::Shutdown { clear_storage: true });
    tab.call(Call::Boot);
    tab.wait(4_999);
    assert!(tab.waits(call));
    tab.wait(1);
    assert!(tab.resolved(call));
    tab.report(Report::Revoked);
    assert_eq!(tab.state(), State::Anonymous);
    // And destroy answers it, too.
    let mut tab = Tab::known(&browser(), "A");
    let call = tab.call(Call::Shutdown { clear_storage: false });
    tab.call(Call::Destroy);
    assert!(tab.resolved(call));
}

#[test]
fn an_anonymous_visitor_without_credentials_has_nothing_to_revoke() {
    let mut tab = Tab::booted(&browser());
    let call = tab.call(Call::Shutdown { clear_storage: true });
    assert!(tab.resolved(call) && tab.revokes().is_empty());
}

#[test]
fn a_logout_before_the_boot_revokes_what_is_stored() {
    let browser = browser();
    let mut tab = Tab::known(&browser, "A");
    tab.wait(2_000);
    tab.kill();
    let mut tab = Tab::new(&browser);
    let call = tab.call(Call::Shutdown { clear_storage: false });
    assert!(tab.waits(call));
    assert_eq!(tab.revokes()[0].resume.as_deref(), Some(r#"{"secret":"secret-of-A"}"#));
    assert!(tab.revokes()[0].clear);
    assert!(!tab.stored().contains("secret-of-A"));
    tab.report(Report::Revoked);
    assert!(tab.resolved(call));
    let call = tab.call(Call::EndChat);
    assert!(tab.resolved(call) && tab.revokes().len() == 1);
}

#[test]
fn a_follower_that_logs_out_revokes_by_itself_and_the_leader_revokes_the_token() {
    let (_, mut leader, mut follower) = pair_of_a();
    follower.call(Call::Shutdown { clear_storage: false });
    let own: Vec<_> = follower.revokes().iter().map(|revoke| (revoke.resume.is_some(), revoke.token.clone())).collect();
    assert_eq!(own, [(true, None)]);
    gossip(&mut [&mut leader, &mut follower]);
    assert_eq!(leader.revokes()[0].token.as_deref(), Some("token-of-A"));
    assert_eq!((leader.state(), leader.texts().len()), (State::Shutdown, 0));
}

#[test]
fn an_anonymous_follower_that_logs_out_is_revoked_by_the_leader_whose_connection_it_is() {
    for clear_storage in [false, true] {
        for saved in [false, true] {
            let (_, mut leader, mut follower) = anonymous_pair();
            if saved {
                leader.report(Report::Saved(r#"{"secret":"s"}"#.into()));
                gossip(&mut [&mut leader, &mut follower]);
            }
            let before = leader.commands.len();
            follower.call(Call::Shutdown { clear_storage });
            gossip(&mut [&mut leader, &mut follower]);
            let [Command::Revoke(revoke), Command::Disconnect(_)] = &leader.commands[before..] else {
                panic!("{:?}", &leader.commands[before..]);
            };
            assert_eq!((revoke.clear, revoke.resume.is_some()), (clear_storage, saved));
            assert!(follower.revokes().len() <= 1, "{:?}", follower.revokes());
        }
    }
}

#[test]
fn a_leader_revokes_nothing_of_a_visitor_whom_another_tab_sets_aside() {
    let (browser, mut leader, mut follower) = anonymous_pair();
    leader.report(Report::Saved(r#"{"secret":"s"}"#.into()));
    gossip(&mut [&mut leader, &mut follower]);
    let mut third = Tab::new(&browser);
    third.call(Call::BootAs(user("B")));
    gossip(&mut [&mut leader, &mut follower, &mut third]);
    assert_eq!((leader.state(), leader.revokes().len()), (State::Shutdown, 0));
}

#[test]
fn a_connected_leader_tells_a_backend_that_gave_it_nothing_to_keep() {
    let (_, mut leader, _follower) = anonymous_pair();
    let call = leader.call(Call::Shutdown { clear_storage: false });
    assert!(leader.waits(call));
    assert_eq!((leader.revokes().len(), leader.revokes()[0].resume.is_some()), (1, false));
}

/// Which tokens the backend is told to take no more.
fn revoked(tab: &Tab) -> Vec<&str> {
    tab.revokes().iter().filter_map(|revoke| revoke.token.as_deref()).collect()
}

#[test]
fn a_token_that_the_backend_took_is_revoked_though_it_is_of_no_use_any_more() {
    for (lost, elsewhere) in [(false, false), (true, false), (false, true), (true, true)] {
        let browser = browser();
        let mut tab = Tab::known(&browser, "A");
        let mut other = Tab::new(&browser);
        other.call(Call::BootAs(user("A")));
        gossip(&mut [&mut tab, &mut other]);
        tab.now.wall += 3_600_000; // the machine slept, and nobody has given another
        tab.page(PageEvent::Shown);
        if lost {
            tab.wait(0);
            tab.no_token();
            assert_eq!(tab.state(), State::Disconnected);
        }
        match elsewhere {
            true => drop(other.call(Call::Shutdown { clear_storage: true })),
            false => drop(tab.call(Call::Shutdown { clear_storage: true })),
        }
        gossip(&mut [&mut tab, &mut other]);
        assert_eq!((tab.state(), revoked(&tab)), (State::Shutdown, vec!["token-of-A"]), "{lost} {elsewhere}");
        // The next session is not told of it.
        tab.call(Call::Boot);
        tab.call(Call::Shutdown { clear_storage: true });
        assert_eq!(revoked(&tab).len(), 1);
    }
}

#[test]
fn a_token_that_the_backend_has_not_met_yet_is_revoked_with_the_one_it_took_last() {
    for accepted in [false, true] {
        let mut tab = Tab::known(&browser(), "A");
        tab.now.wall += 3_600_000;
        tab.page(PageEvent::Shown);
        tab.wait(0);
        tab.token("another");
        if accepted {
            tab.connected(full());
        }
        tab.call(Call::Shutdown { clear_storage: true });
        let expected = if accepted { vec!["another"] } else { vec!["token-of-A", "another"] };
        assert_eq!(revoked(&tab), expected);
        assert!(tab.revokes().iter().all(|revoke| revoke.resume.is_some()), "which names the address");
    }
}

#[test]
fn a_logout_of_another_backends_visitor_tells_this_one_nothing_of_them() {
    for clear_storage in [false, true] {
        let (browser, _) = saved_a();
        let backend = "cometd:https://other.example/cometd".to_owned();
        let mut tab = Tab::with(&browser, Config { backend, ..config() });
        let call = tab.call(Call::Shutdown { clear_storage });
        assert!(tab.resolved(call) && tab.revokes().is_empty(), "{:?}", tab.revokes());
        assert!(!tab.names().contains(&"session".to_owned()));
    }
    // Nor of one who was set aside there.
    let (browser, _) = saved_anonymous();
    let mut tab = Tab::new(&browser);
    tab.call(Call::BootAs(user("A")));
    tab.kill();
    let mut tab = Tab::with(&browser, Config { backend: "cometd:https://other.example/cometd".into(), ..config() });
    tab.call(Call::BootAs(user("A")));
    tab.prove("A");
    assert!(tab.stored().contains("anonymous secret"));
    tab.call(Call::Shutdown { clear_storage: true });
    assert!(!tab.stored().contains("anonymous secret"), "{}", tab.stored());
    assert!(!tab.revokes().iter().any(|one| one.resume.as_deref().is_some_and(|resume| resume.contains("anonymous"))));
}

#[test]
fn a_logout_wipes_what_a_newer_version_stored_and_reads_none_of_it() {
    for booted in [false, true] {
        let (browser, _) = saved_a();
        browser.borrow_mut().store.set("draft", r#"{"v":99}"#).expect("memory");
        let mut tab = Tab::new(&browser);
        if booted {
            tab.call(Call::Boot);
            assert_eq!(tab.state(), State::Anonymous);
        }
        let call = tab.call(Call::Shutdown { clear_storage: false });
        assert!(tab.resolved(call) && tab.revokes().is_empty(), "{:?}", tab.revokes());
        tab.use_own = false;
        assert!(tab.names().iter().all(|name| name == "epoch"), "{:?}", tab.names());
    }
}
