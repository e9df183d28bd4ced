//! A store that answers late, as a page's own may: what is begun before it has answered, and what an earlier leader's copy
//! may go over. Not: one that fails (`storing`), nor logging out over it (`leftovers`).

use crate::rig::{Tab, browser, config};
use support_chat::session::{Call, Config, Gesture};
use support_chat::transport::{Action, Capabilities};

fn requested(tab: &Tab) -> bool {
    tab.action(|action| matches!(action, Action::RequestChat(_))).is_some()
}

#[test]
fn a_conversation_is_asked_for_once_a_next_page_would_find_it() {
    let browser = browser();
    let mut tab = Tab::booted(&browser);
    browser.borrow_mut().slow = true;
    tab.call(Call::StartConversation { subject: None, message: None, metadata: None });
    tab.send("words", "k");
    let words = tab.unconfirmed.remove(0);
    tab.stored_now(words);
    tab.connected(Capabilities::IDEMPOTENCY);
    assert!(!requested(&tab));
    let chat = tab.unconfirmed.remove(0);
    tab.gesture(Gesture::Draft("more".into()));
    assert!(!requested(&tab), "asked for before the store had it");
    tab.stored_now(chat);
    assert!(requested(&tab));
}

#[test]
fn a_leader_writes_again_what_an_earlier_one_may_have_gone_over() {
    let browser = browser();
    let config = Config { storage: "custom", ..config() };
    let mut tab = Tab::talking_with(&browser, config, Capabilities::IDEMPOTENCY);
    tab.wait(5_000);
    let saves = |tab: &Tab| tab.written.iter().filter(|text| text.starts_with("session=")).count();
    let before = saves(&tab);
    tab.wait(5_000);
    assert_eq!(saves(&tab), before, "nothing changes");
    let said = tab.written.iter().rfind(|text| text.contains("\"leads\":true")).expect("it leads").clone();
    let sign = said.split(",\"t\":").next().expect("a header").replace("\"term\":1", "\"term\":0");
    assert_ne!(sign, said.split(",\"t\":").next().expect("a header"));
    tab.hear(&[&sign, ",\"t\":\"sign\",\"on\":1}"].concat());
    tab.wait(1_000);
    assert_eq!(saves(&tab), before + 1);
}
