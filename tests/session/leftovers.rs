//! What must not outlive a logout though nobody was live, or nobody was there to hear of it.

use crate::rig::{Tab, browser, gossip};
use crate::users::user;
use support_chat::lifecycle::State;
use support_chat::session::{Call, PageEvent};

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
