//! What a logout in another tab does to a tab that has not booted, or whose boot failed. Not: what is stored there.

use crate::rig::{Tab, browser, config, gossip};
use crate::users::{full, only, user};
use support_chat::lifecycle::State;
use support_chat::session::{Call, Config, PageEvent};
use support_chat::transport::Action;

#[test]
fn what_was_said_before_a_boot_is_said_of_nobody_after_a_logout_in_another_tab() {
    for storage in ["local", "cookie", "session", "memory"] {
        let browser = browser();
        let options = || Config { storage, ..config() };
        let mut tab = Tab::with(&browser, options());
        let mut other = Tab::with(&browser, options());
        tab.call(Call::Update(Box::new(only("user", r#"{"email":"a@x"}"#))));
        other.call(Call::BootAs(user("A")));
        gossip(&mut [&mut tab, &mut other]);
        other.call(Call::Shutdown { clear_storage: true });
        gossip(&mut [&mut tab, &mut other]);
        tab.call(Call::Boot);
        tab.send("hello", "h");
        tab.connected(full());
        let (_, action) = tab.action(|action| matches!(action, Action::RequestChat(_))).expect("requested");
        assert!(!format!("{action:?}").contains("a@x"), "{storage} {action:?}");
    }
}

#[test]
fn what_was_said_before_a_boot_outlives_the_boot_of_another_tab() {
    let browser = browser();
    let mut tab = Tab::new(&browser);
    let mut other = Tab::booted(&browser);
    other.call(Call::Shutdown { clear_storage: true });
    gossip(&mut [&mut tab, &mut other]);
    tab.call(Call::Update(Box::new(only("user", r#"{"email":"a@x"}"#))));
    let mut late = Tab::new(&browser);
    late.call(Call::Update(Box::new(only("user", r#"{"email":"b@x"}"#))));
    other.call(Call::Boot); // of a number that the late tab has not heard of
    gossip(&mut [&mut tab, &mut late, &mut other]);
    other.kill();
    for (tab, said) in [(&mut tab, "a@x"), (&mut late, "b@x")] {
        tab.call(Call::Boot);
        tab.send("hello", "h");
        tab.connected(full());
        let (_, action) = tab.action(|action| matches!(action, Action::RequestChat(_))).expect("requested");
        assert!(format!("{action:?}").contains(said), "{action:?}");
        tab.call(Call::Shutdown { clear_storage: true });
    }
}

#[test]
fn a_boot_that_failed_is_not_tried_again_after_a_logout_in_a_tab_that_counts_its_own() {
    for storage in ["memory", "session", "cookie", "local"] {
        let (browser, elsewhere) = (browser(), browser());
        elsewhere.borrow_mut().skip_ids();
        let options = || Config { storage, ..config() };
        let mut tab = Tab::with(&browser, options());
        for _ in 0..3 {
            tab.call(Call::Boot);
            tab.call(Call::Shutdown { clear_storage: true });
        }
        tab.call(Call::BootAs(user("A")));
        tab.wait(30_000);
        assert_eq!(tab.state(), State::Shutdown);
        let apart = matches!(storage, "memory" | "session");
        let mut other = Tab::with(if apart { &elsewhere } else { &browser }, options());
        other.call(Call::BootAs(user("A")));
        other.call(Call::Shutdown { clear_storage: true });
        let told = other.browser.borrow().last_of("logout");
        tab.hear(&told);
        tab.page(PageEvent::Online);
        assert_eq!((storage, tab.state()), (storage, State::Shutdown));
    }
}
