//! Backends that cannot tell again what was said: nothing lost and nothing twice all the same.

use crate::delivery::{all, is_send, status};
use crate::rig::{Tab, browser, said};
use support_chat::error::{Code, Error};
use support_chat::message::Status;
use support_chat::transport::{Action, Capabilities, Performed};

#[test]
fn a_gap_is_not_closed_by_a_refusal_to_fill_it() {
    let mut tab = Tab::talking(&browser(), all());
    tab.receive(vec![said(3, "three")]);
    let (op, _) = tab.action(|action| matches!(action, Action::CatchUp(_))).expect("asks for it");
    tab.perform(op, Err(Error::new(Code::TransportUnavailable, "not now")));
    tab.wait(1);
    assert_eq!(tab.connects().last().map(|connect| connect.last_index), Some(1));
    tab.receive(vec![said(2, "two")]);
    tab.connected(all());
    assert_eq!(tab.texts(), ["first", "two", "three"]);
}

#[test]
fn what_is_missed_while_a_gap_is_asked_for_is_asked_for_too() {
    let mut tab = Tab::talking(&browser(), all());
    let catch_up = |action: &Action| matches!(action, Action::CatchUp(_));
    tab.receive(vec![said(3, "three")]);
    let (op, _) = tab.action(catch_up).expect("asks for it");
    tab.receive(vec![said(5, "five")]);
    tab.receive(vec![said(2, "two")]);
    tab.perform(op, Ok(Performed::Done));
    assert_eq!(tab.texts(), ["first", "two", "three"]);
    let (op, action) = tab.action(catch_up).expect("asks again");
    assert_eq!((action, tab.actions(catch_up)), (Action::CatchUp(3), 2));
    tab.perform(op, Ok(Performed::Done));
    assert_eq!((tab.texts().len(), tab.actions(catch_up)), (4, 2), "what is not there then does not exist");
}

#[test]
fn a_message_in_doubt_that_nobody_can_look_for_fails_instead_of_being_sent_twice() {
    let mut tab = Tab::talking(&browser(), Capabilities::default());
    tab.send("a", "ka");
    tab.interrupted();
    tab.wait(1);
    tab.connected(Capabilities::default());
    tab.wait(2_000);
    let (op, _) = tab.action(|action| matches!(action, Action::CatchUp(_))).expect("looks for it");
    let sent = tab.actions(is_send);
    tab.perform(op, Err(Error::new(Code::Unsupported, "no history")));
    assert_eq!((tab.actions(is_send), status(&tab, "ka")), (sent, Some(Status::Failed)));
}
