//! Two tabs of one user at a backend that verifies nobody. Not: one that does (`groups`, `whose`).

use crate::rig::{Tab, browser, gossip};
use crate::users::{unproved, user};
use support_chat::error::Code;
use support_chat::lifecycle::State;
use support_chat::session::{Call, ConnectionState};
use support_chat::transport::Capabilities;

/// Time passes for both; tokens are given, and locks and connections are had, but nobody is verified.
fn pass(tabs: &mut [&mut Tab; 2], looks: bool, ms: u64) {
    for _ in 0..ms / 10 {
        for tab in tabs.iter_mut() {
            if looks {
                tab.look();
            }
            tab.wait(10);
        }
        gossip(&mut tabs.each_mut().map(|tab| &mut **tab));
        for tab in tabs.iter_mut() {
            if !tab.session.leads() {
                tab.grant_lead();
            }
            while let Some((ask, ..)) = tab.asks.pop() {
                tab.session.handle_token(ask, Some("opaque".into()), tab.now);
                tab.drain();
            }
            if tab.session.leads() && tab.session.view().connection.state == ConnectionState::Connecting {
                tab.connected(Capabilities::TYPING);
            }
        }
        gossip(&mut tabs.each_mut().map(|tab| &mut **tab));
    }
}

#[test]
fn of_tabs_that_boot_at_once_as_a_user_whom_the_backend_does_not_verify_one_is_live_and_the_others_can_be() {
    for lockless in [false, true] {
        for (saved, looks) in [(false, false), (false, true), (true, false), (true, true)] {
            let browser = browser();
            browser.borrow_mut().lockless = lockless;
            if saved {
                let (mut before, mut idle) = (Tab::new(&browser), Tab::new(&browser));
                before.call(Call::BootAs(user("A")));
                pass(&mut [&mut before, &mut idle], false, 3_000);
                before.kill();
            }
            let (mut one, mut two) = (Tab::new(&browser), Tab::new(&browser));
            let boots = [one.call(Call::BootAs(user("A"))), two.call(Call::BootAs(user("A")))];
            pass(&mut [&mut one, &mut two], looks, 5_000);
            let what = format!("{lockless} {saved} {looks}");
            let live = [&one, &two].map(|tab| tab.state() == State::Authenticated);
            assert!(live[0] || live[1], "{what}");
            for (at, tab) in [&mut one, &mut two].into_iter().enumerate() {
                let answer = tab.outcome(boots[at]);
                assert!(
                    matches!((live[at], answer), (true, Some(Ok(_))) | (false, Some(Err(Code::Aborted)))),
                    "{what}"
                );
                if !live[at] {
                    tab.call(Call::BootAs(user("A")));
                }
            }
            pass(&mut [&mut one, &mut two], looks, 5_000);
            assert_eq!((one.state(), two.state()), (State::Authenticated, State::Authenticated), "{what}");
            assert_eq!((one.who(), one.visitor_id()), (two.who(), two.visitor_id()), "{what}");
            assert!(one.session.leads() != two.session.leads(), "{what}");
        }
    }
}

#[test]
fn who_boots_as_a_user_whom_nobody_can_prove_takes_nothing_over_from_a_tab_of_that_name() {
    for lockless in [false, true] {
        let browser = browser();
        browser.borrow_mut().lockless = lockless;
        let (mut one, mut two) = (Tab::new(&browser), Tab::new(&browser));
        one.call(Call::BootAs(unproved("A")));
        pass(&mut [&mut one, &mut two], true, 3_000);
        assert_eq!(one.who(), (Some("A".into()), false));
        let visitor = one.visitor_id();
        two.call(Call::BootAs(unproved("A")));
        pass(&mut [&mut one, &mut two], true, 3_000);
        assert_eq!((one.state(), two.who()), (State::Shutdown, (Some("A".into()), false)), "{lockless}");
        assert_ne!(two.visitor_id(), visitor);
    }
}
