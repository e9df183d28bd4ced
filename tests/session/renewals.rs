//! Tokens one after another: each is asked for in time, judged for itself, and none is asked for without end.
//! Not: what one answer of a provider is worth (`tokens`).

use crate::rig::{Tab, browser};
use crate::tokens::{expiring, is_identify};
use crate::users::{jwt, user};
use support_chat::session::Call;
use support_chat::transport::Performed;

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
