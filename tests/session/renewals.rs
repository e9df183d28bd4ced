//! Tokens one after another: each is asked for in time, judged for itself, and none is asked for without end.
//! Not: what one answer of a provider is worth (`tokens`).

use crate::rig::{Tab, browser};
use crate::tokens::{expiring, is_identify};
use crate::users::{full, jwt, only, user};
use support_chat::error::{Code, Error};
use support_chat::lifecycle::State;
use support_chat::session::Call;
use support_chat::transport::{Action, ClosedReason, Command, Event as Report, Performed};

/// Live as A, with a message under way.
fn sending() -> Tab {
    let mut tab = Tab::known(&browser(), "A");
    tab.converse("chat", "first");
    tab.send("second", "s");
    tab
}

/// The backend refuses the newest message for its token.
fn refuse(tab: &mut Tab) {
    let send = |action: &Action| matches!(action, Action::Send(message) if message.text == "second");
    let (op, _) = tab.action(send).expect("sent");
    tab.perform(op, Err(Error::new(Code::AuthExpired, "expired")));
}

/// The provider gives another token, and the backend takes it.
fn renew(tab: &mut Tab) {
    tab.token("fresh");
    let (renew, _) = tab.action(is_identify).expect("renewed");
    tab.perform(renew, Ok(Performed::Identified { user_id: "A".into(), merged: false }));
}

#[test]
fn a_token_that_is_taken_and_refused_with_the_next_command_is_not_renewed_without_end() {
    for pause in [0, 6_000] {
        let mut tab = sending();
        refuse(&mut tab);
        tab.wait(pause); // a provider that takes its time
        renew(&mut tab);
        refuse(&mut tab);
        assert_eq!((tab.state(), tab.reasons()), (State::Disconnected, vec!["boot", "rejected"]), "{pause}");
        assert_eq!(tab.texts(), ["first", "second"], "nothing is lost");
    }
}

#[test]
fn a_token_that_is_taken_and_refused_with_the_connection_is_not_renewed_without_end() {
    let mut tab = Tab::known(&browser(), "A");
    tab.report(Report::Closed(ClosedReason::Auth(Code::AuthExpired)));
    tab.token("fresh");
    tab.connected(full());
    tab.report(Report::Closed(ClosedReason::Auth(Code::AuthExpired)));
    assert_eq!((tab.state(), tab.reasons()), (State::Disconnected, vec!["boot", "rejected"]));
}

#[test]
fn a_user_whose_token_is_refused_once_an_hour_stays() {
    let mut tab = sending();
    for hour in 0..5 {
        refuse(&mut tab);
        renew(&mut tab);
        tab.wait(10_000);
        tab.interrupted();
        tab.wait(5_000);
        tab.connected(full()); // the same token once more, which is nothing new of it
        assert_eq!((tab.state(), tab.asks.len()), (State::Authenticated, hour + 2));
    }
}

#[test]
fn two_commands_refused_for_one_token_are_one_refusal() {
    let mut tab = sending();
    tab.call(Call::Update(Box::new(only("context", r#"{"page":"a"}"#))));
    tab.wait(0);
    let (update, _) = tab.action(|action| matches!(action, Action::Update(_))).expect("said");
    refuse(&mut tab);
    tab.token("fresh"); // at once: the other command is still under way
    tab.perform(update, Err(Error::new(Code::AuthExpired, "expired")));
    assert_eq!((tab.state(), tab.asks.len()), (State::Authenticated, 2));
    let (renew, _) = tab.action(is_identify).expect("renewed");
    tab.perform(renew, Ok(Performed::Identified { user_id: "A".into(), merged: false }));
    tab.wait(1_000);
    assert_eq!(tab.actions(|action| matches!(action, Action::Update(_))), 2, "said again");
}

#[test]
fn an_answer_of_an_older_question_is_not_taken_for_the_newer_one() {
    let mut tab = Tab::new(&browser());
    tab.call(Call::BootAs(user("A")));
    let (old, ..) = *tab.asks.last().expect("asked");
    tab.call(Call::Shutdown { clear_storage: false });
    tab.call(Call::BootAs(user("B")));
    tab.session.handle_token(old, Some("token-of-A".to_owned()), tab.now);
    tab.drain();
    assert!(tab.connects().is_empty());
    tab.prove("B");
}

#[test]
fn a_renewed_token_is_renewed_before_it_expires_too() {
    let mut tab = expiring(600);
    for round in 1..4 {
        tab.wait(540_000);
        assert_eq!(tab.asks.len(), 1 + round, "{:?}", tab.reasons());
        let exp = tab.now.wall / 1_000 + 600;
        tab.token(&jwt("A", exp));
        let (renew, _) = tab.action(is_identify).expect("renewed");
        tab.perform(renew, Ok(Performed::Identified { user_id: "A".into(), merged: false }));
    }
}

#[test]
fn after_a_refusal_that_ended_the_connection_the_next_one_is_the_first_again() {
    let mut tab = sending();
    refuse(&mut tab);
    renew(&mut tab);
    refuse(&mut tab);
    assert_eq!(tab.state(), State::Disconnected);
    assert!(matches!(tab.commands.last(), Some(Command::Disconnect(_))), "nothing more is heard");
    tab.call(Call::BootAs(user("A")));
    assert_eq!(tab.reasons().last(), Some(&"resume"), "what was refused is not shown again");
    tab.token("another");
    tab.connected(full());
    let asks = tab.asks.len();
    tab.report(Report::Closed(ClosedReason::Auth(Code::AuthExpired)));
    assert_eq!((tab.asks.len(), tab.reasons().last()), (asks + 1, Some(&"rejected")));
}

#[test]
fn a_token_of_next_to_no_life_is_renewed_no_more_than_once_a_second() {
    let mut tab = expiring(1);
    tab.wait(999);
    assert_eq!(tab.asks.len(), 1);
    tab.wait(1);
    assert_eq!(tab.asks.len(), 2);
}
