//! What a logout leaves of an anonymous visitor, and to whom: the way back, to this server, and no word.
//! Not: what a saved session becomes at a boot (`whose`).

use crate::rig::{Tab, browser, config};
use crate::users::{full, user};
use crate::whose::{holds, saved_anonymous};
use support_chat::session::{Call, Config};
use support_chat::transport::{Action, Performed};

#[test]
fn subject_and_metadata_go_with_a_logout_and_are_not_set_aside() {
    for way in 0..3 {
        let browser = browser();
        let mut tab = Tab::new(&browser);
        tab.call(Call::Boot);
        tab.call(Call::StartConversation {
            subject: Some("about-marzipan".into()),
            message: Some("first".into()),
            metadata: Some(r#"{"order":"marzipan-7"}"#.into()),
        });
        tab.connected(full());
        let (op, _) = tab.action(|action| matches!(action, Action::RequestChat(_))).expect("requested");
        tab.perform(op, Ok(Performed::Requested("chat".into())));
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
