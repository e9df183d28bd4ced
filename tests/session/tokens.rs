//! Every rule of the token provider.

use crate::lead::pass;
use crate::rig::{Tab, browser, gossip, said};
use crate::users::{full, jwt, unproved, user};
use support_chat::error::{Code, Error};
use support_chat::lifecycle::State;
use support_chat::session::{Call, Event, PageEvent};
use support_chat::transport::{Action, ClosedReason, Command, Event as Report, Performed, Reason};

pub(crate) fn is_identify(action: &Action) -> bool {
    matches!(action, Action::Identify(_))
}

fn expired(tab: &Tab) -> usize {
    tab.events.iter().filter(|event| matches!(event, Event::AuthExpired)).count()
}

fn errors(tab: &Tab) -> Vec<(&'static str, Option<&'static str>)> {
    let all = tab.events.iter();
    all.filter_map(|event| match event {
        Event::Error(error) => Some((error.code.name(), error.reason)),
        _ => None,
    })
    .collect()
}

/// Live as A, with a token that expires in so many seconds.
pub(crate) fn expiring(seconds: u64) -> Tab {
    let mut tab = Tab::new(&browser());
    tab.call(Call::BootAs(user("A")));
    let now = tab.now.wall / 1_000;
    tab.token(&jwt("A", now + seconds));
    tab.connected(full());
    assert_eq!(tab.state(), State::Authenticated);
    tab
}

/// What a token is refused with at boot, before it is sent.
fn refused_unsent(answer: &str) -> Option<&'static str> {
    let mut tab = Tab::new(&browser());
    let boot = tab.call(Call::BootAs(user("A")));
    tab.token(answer);
    assert!(tab.connects().is_empty(), "{answer} was sent");
    assert_eq!(tab.state(), State::Ready, "never silently anonymous");
    tab.refusal(boot)
}

#[test]
fn a_login_page_is_no_token_and_is_not_sent() {
    assert_eq!(refused_unsent("<!doctype html><title>Sign in</title>"), Some("invalid_token"));
    assert_eq!(refused_unsent("<html>"), Some("invalid_token"));
    assert_eq!(refused_unsent("two words"), Some("invalid_token"));
    assert_eq!(refused_unsent(&"a".repeat(20_000)), Some("invalid_token"));
}

#[test]
fn an_empty_answer_or_none_is_auth_required() {
    assert_eq!(refused_unsent(" \n"), Some("auth_required"));
    let mut tab = Tab::new(&browser());
    let boot = tab.call(Call::BootAs(user("A")));
    tab.no_token();
    assert_eq!((tab.refusal(boot), tab.state()), (Some("auth_required"), State::Ready));
}

#[test]
fn a_token_of_another_user_is_invalid_and_not_sent() {
    assert_eq!(refused_unsent(&jwt("B", 2_000_000_000)), Some("invalid_token"));
}

#[test]
fn a_provider_has_fifteen_seconds_and_a_late_answer_is_not_used() {
    let mut tab = Tab::new(&browser());
    let boot = tab.call(Call::BootAs(user("A")));
    tab.wait(14_999);
    assert!(tab.waits(boot));
    tab.wait(1);
    assert_eq!((tab.refusal(boot), errors(&tab)), (Some("auth_required"), vec![("auth_required", Some("timeout"))]));
    tab.token("too-late");
    assert!(tab.connects().is_empty());
}

#[test]
fn one_question_is_under_way_at_a_time() {
    let mut tab = Tab::new(&browser());
    tab.call(Call::BootAs(user("A")));
    tab.call(Call::BootAs(user("A")));
    tab.call(Call::Open);
    tab.page(PageEvent::Online);
    tab.wait(10_000);
    assert_eq!(tab.asks.len(), 1);
}

#[test]
fn a_token_is_renewed_sixty_seconds_before_it_expires_on_the_live_connection() {
    let mut tab = expiring(600);
    tab.wait(539_999);
    assert_eq!(tab.asks.len(), 1);
    tab.wait(1);
    assert_eq!(tab.reasons(), ["boot", "expiring"]);
    let newer = jwt("A", tab.now.wall / 1_000 + 600);
    tab.token(&newer);
    let (op, action) = tab.action(is_identify).expect("renewed in place");
    assert_eq!(action, Action::Identify(newer.clone()));
    tab.perform(op, Ok(Performed::Identified { user_id: "A".into(), merged: false }));
    assert_eq!((tab.connects().len(), expired(&tab), tab.state()), (1, 0, State::Authenticated));
    tab.interrupted();
    tab.wait(0);
    assert_eq!(tab.connects().last().and_then(|connect| connect.token.clone()), Some(newer));
}

#[test]
fn a_short_token_is_renewed_after_half_its_life() {
    let mut tab = expiring(30);
    tab.wait(14_999);
    assert_eq!(tab.asks.len(), 1);
    tab.wait(1);
    assert_eq!(tab.reasons(), ["boot", "expiring"]);
}

#[test]
fn a_provider_that_fails_early_is_asked_again_when_the_token_has_expired() {
    let mut tab = expiring(600);
    tab.wait(540_000);
    tab.no_token();
    assert_eq!((tab.state(), expired(&tab)), (State::Authenticated, 0));
    tab.wait(60_000);
    assert_eq!((tab.asks.len(), expired(&tab)), (3, 1));
    tab.no_token();
    assert_eq!((tab.state(), errors(&tab)), (State::Disconnected, vec![("auth_required", None)]));
    assert_eq!(tab.session.view().connection.reason, Some("auth"));
}

#[test]
fn an_exp_already_past_is_used_and_the_backend_judges() {
    let mut tab = Tab::new(&browser());
    let boot = tab.call(Call::BootAs(user("A")));
    let past = jwt("A", 1_000);
    tab.token(&past);
    assert_eq!(tab.connects()[0].token.as_deref(), Some(&*past));
    tab.connected(full());
    assert!(tab.resolved(boot));
    tab.interrupted();
    tab.wait(100_000);
    assert_eq!((tab.asks.len(), expired(&tab)), (1, 0));
}

#[test]
fn an_opaque_token_is_refreshed_on_refusal_only() {
    let mut tab = Tab::known(&browser(), "A");
    tab.wait(10 * 24 * 3_600_000);
    assert_eq!(tab.asks.len(), 1);
    tab.report(Report::Closed(ClosedReason::Auth(Code::AuthExpired)));
    assert_eq!((tab.reasons(), expired(&tab), tab.state()), (vec!["boot", "rejected"], 1, State::Reconnecting));
    tab.token("fresh");
    assert_eq!(tab.connects().last().and_then(|connect| connect.token.clone()).as_deref(), Some("fresh"));
    tab.connected(full());
    assert_eq!(tab.state(), State::Authenticated);
}

#[test]
fn two_refused_tokens_in_a_row_are_disconnected_for_auth_and_never_anonymous() {
    let mut tab = Tab::known(&browser(), "A");
    for _ in 0..2 {
        tab.report(Report::Closed(ClosedReason::Auth(Code::InvalidToken)));
        if tab.asks.len() == 2 {
            tab.token("second");
        }
    }
    assert_eq!((tab.state(), tab.asks.len(), expired(&tab)), (State::Disconnected, 2, 1));
    assert_eq!(errors(&tab), [("invalid_token", None)]);
    assert_eq!(tab.who().0.as_deref(), Some("A"));
    let connects = tab.connects().len();
    tab.wait(3_600_000);
    assert_eq!((tab.connects().len(), tab.asks.len()), (connects, 2));
    assert!(tab.connects().iter().all(|connect| connect.user_id.is_some()));
}

#[test]
fn a_refusal_of_a_token_that_lasted_is_the_first_again() {
    let mut tab = Tab::known(&browser(), "A");
    for round in 0..5 {
        tab.wait(5_000);
        tab.report(Report::Closed(ClosedReason::Auth(Code::AuthExpired)));
        tab.token(&format!("fresh-{round}"));
        tab.connected(full());
        assert_eq!(tab.state(), State::Authenticated, "{round}");
    }
}

#[test]
fn a_new_token_by_boot_or_identify_leads_back_from_disconnected() {
    for identify in [false, true] {
        let mut tab = Tab::known(&browser(), "A");
        tab.report(Report::Closed(ClosedReason::Auth(Code::InvalidToken)));
        tab.no_token();
        assert_eq!(tab.state(), State::Disconnected);
        let call = tab.call(if identify { Call::Identify(user("A")) } else { Call::BootAs(user("A")) });
        assert!(tab.resolved(call));
        assert_eq!(tab.state(), State::Reconnecting);
        tab.token("better");
        tab.connected(full());
        assert_eq!(tab.state(), State::Authenticated);
    }
}

#[test]
fn a_message_refused_for_its_token_is_sent_again_with_the_next_one() {
    let mut tab = Tab::known(&browser(), "A");
    tab.converse("chat", "first");
    let call = tab.send("second", "s");
    let send = |action: &Action| matches!(action, Action::Send(message) if message.text == "second");
    let (op, _) = tab.action(send).expect("sent");
    tab.perform(op, Err(Error::new(Code::AuthExpired, "expired")));
    assert_eq!((tab.reasons(), expired(&tab), tab.actions(send)), (vec!["boot", "rejected"], 1, 1));
    tab.token("fresh");
    assert_eq!(tab.actions(send), 1, "not before the backend has taken the token");
    let (renew, _) = tab.action(is_identify).expect("renewed");
    tab.perform(renew, Ok(Performed::Identified { user_id: "A".into(), merged: false }));
    let (again, _) = tab.action(send).expect("sent again");
    assert_eq!(tab.actions(send), 2);
    tab.perform(again, Ok(Performed::Sent(2, None)));
    assert!(tab.resolved(call));
}

#[test]
fn a_renewal_that_is_refused_twice_is_disconnected() {
    let mut tab = Tab::known(&browser(), "A");
    tab.converse("chat", "first");
    tab.send("second", "s");
    let (op, _) = tab.action(|action| matches!(action, Action::Send(_))).expect("sent");
    tab.perform(op, Err(Error::new(Code::AuthExpired, "expired")));
    tab.token("also-bad");
    let (renew, _) = tab.action(is_identify).expect("renewed");
    tab.perform(renew, Err(Error::new(Code::InvalidToken, "no")));
    assert_eq!((tab.state(), tab.asks.len()), (State::Disconnected, 2));
    assert_eq!(tab.texts(), ["first", "second"], "nothing is lost");
}

#[test]
fn a_renewal_by_which_the_backend_takes_us_for_somebody_else_ends_that_connection() {
    let mut tab = expiring(600);
    tab.converse("chat", "first");
    tab.wait(540_000);
    tab.token("opaque");
    let (renew, _) = tab.action(is_identify).expect("renewed");
    tab.perform(renew, Ok(Performed::Identified { user_id: "B".into(), merged: false }));
    assert_eq!(tab.commands.last(), Some(&Command::Disconnect(Reason::Identity)));
    tab.receive(vec![said(2, "what B was told before")]);
    assert_eq!((tab.texts(), tab.state()), (vec!["first".into()], State::Reconnecting));
    tab.wait(0);
    assert_eq!((tab.reasons().last(), tab.connects().len()), (Some(&"rejected"), 1));
    tab.token("token-of-A");
    assert_eq!(tab.connects().last().and_then(|connect| connect.token.clone()).as_deref(), Some("token-of-A"));
    tab.connected(full());
    assert_eq!((tab.state(), tab.who()), (State::Authenticated, (Some("A".into()), true)));
}

#[test]
fn after_sleep_the_token_is_asked_for_anew() {
    let mut tab = Tab::known(&browser(), "A");
    tab.now.wall += 3_600_000; // the monotonic clock stood still
    tab.page(PageEvent::Shown);
    tab.wait(0);
    assert_eq!((tab.reasons(), tab.connects().len()), (vec!["boot", "resume"], 1));
    tab.token("after-sleep");
    assert_eq!(tab.connects().last().and_then(|connect| connect.token.clone()).as_deref(), Some("after-sleep"));
    tab.connected(full());
    assert_eq!(tab.state(), State::Authenticated);
}

#[test]
fn offline_a_token_is_not_asked_for() {
    let mut tab = expiring(600);
    tab.page(PageEvent::Offline);
    tab.wait(3_600_000);
    assert_eq!(tab.asks.len(), 1);
    tab.page(PageEvent::Online);
    assert_eq!((tab.reasons(), expired(&tab)), (vec!["boot", "expiring"], 1));
}

#[test]
fn a_backend_that_demands_proof_of_an_unverified_user_says_auth_required() {
    let mut tab = Tab::new(&browser());
    let boot = tab.call(Call::BootAs(crate::users::unproved("A")));
    tab.report(Report::Closed(ClosedReason::Auth(Code::AuthRequired)));
    assert_eq!((tab.refusal(boot), tab.state()), (Some("auth_required"), State::Ready));
}

#[test]
fn a_page_of_an_origin_the_backend_does_not_serve_is_told_so_at_once_booting_or_live() {
    let mut tab = Tab::new(&browser());
    let boot = tab.call(Call::BootAs(crate::users::unproved("A")));
    tab.report(Report::Closed(ClosedReason::Origin));
    assert_eq!((tab.refusal(boot), tab.state()), (Some("invalid_origin"), State::Ready));
    let mut tab = Tab::booted(&browser());
    tab.call(Call::Open);
    tab.report(Report::Closed(ClosedReason::Origin));
    assert_eq!((tab.state(), tab.session.view().connection.reason), (State::Disconnected, Some("refused")));
    let errors =
        tab.events.iter().filter(|event| matches!(event, Event::Error(error) if error.code == Code::InvalidOrigin));
    assert_eq!(errors.count(), 1);
}

#[test]
fn tokens_are_neither_stored_nor_said_nor_logged() {
    let browser = browser();
    let mut tab = Tab::new(&browser);
    tab.call(Call::BootAs(user("A")));
    tab.token("hush-hush");
    tab.connected(full());
    tab.converse("chat", "first");
    tab.report(Report::Closed(ClosedReason::Auth(Code::InvalidToken)));
    tab.token("hush-again");
    tab.report(Report::Closed(ClosedReason::Auth(Code::InvalidToken)));
    tab.call(Call::Shutdown { clear_storage: false });
    let seen = format!("{:?} {:?} {:?} {:?}", tab.written, tab.log, tab.events, tab.commands);
    assert!(!seen.contains("hush"), "{seen}");
}

#[test]
fn providers_nobody_will_ask_are_let_go() {
    let mut tab = Tab::known(&browser(), "A");
    assert_eq!(tab.kept, [Some(7)]);
    let mut other = user("B");
    other.provider = Some(9);
    tab.call(Call::Identify(other));
    assert_eq!(tab.kept, [Some(7), Some(7)], "the one of the conflict");
    tab.call(Call::Shutdown { clear_storage: false });
    assert_eq!(tab.kept.last(), Some(&None));
}

#[test]
fn a_call_that_waited_finds_its_provider_there() {
    let mut tab = Tab::new(&browser());
    tab.browser.borrow_mut().far = true;
    tab.call(Call::Boot);
    tab.call(Call::BootAs(unproved("A")));
    tab.call(Call::BootAs(user("A")));
    tab.browser.borrow_mut().far = false;
    tab.read_now();
    assert_eq!(tab.state(), State::Authenticated);
    assert_eq!(tab.kept, [Some(7)], "the one of the second call was not let go by the first");
}

#[test]
fn a_token_that_comes_when_another_tab_leads_connects_nothing() {
    let mut tab = Tab::new(&browser());
    tab.call(Call::BootAs(user("A")));
    assert_eq!(tab.reasons(), ["boot"]);
    tab.grant = false;
    tab.page(PageEvent::Cached);
    tab.page(PageEvent::Restored);
    tab.token("opaque");
    assert!(tab.connects().is_empty() && !tab.session.leads());
    tab.grant = true;
    tab.grant_lead();
    assert_eq!(tab.connects().len(), 1);
}

#[test]
fn a_token_that_does_not_come_when_another_tab_leads_disconnects_nothing() {
    for answers in [true, false] {
        let browser = browser();
        let mut tab = Tab::known(&browser, "A");
        tab.page(PageEvent::Cached);
        tab.page(PageEvent::Restored);
        tab.grant_lead();
        tab.session.handle_transport(Report::Closed(ClosedReason::Auth(Code::InvalidToken)), tab.now);
        tab.drain();
        let asks = tab.asks.len();
        assert!(asks > 1, "it asks as the leader");
        let mut other = Tab::new(&browser);
        other.call(Call::BootAs(user("A")));
        gossip(&mut [&mut tab, &mut other]);
        tab.page(PageEvent::Cached);
        other.grant_lead();
        other.prove("A");
        tab.page(PageEvent::Restored);
        gossip(&mut [&mut tab, &mut other]);
        assert_eq!(tab.state(), State::Authenticated);
        match answers {
            true => tab.no_token(),
            false => pass(&mut [&mut tab, &mut other], 16_000),
        }
        assert_eq!(tab.state(), State::Authenticated, "{answers}");
    }
}

#[test]
fn a_page_that_goes_away_does_not_go_on_identifying() {
    let mut tab = Tab::talking(&browser(), full());
    tab.call(Call::Identify(user("A")));
    tab.token("opaque");
    let asked = tab.actions(is_identify);
    tab.page(PageEvent::Leaving);
    assert_eq!((asked, tab.actions(is_identify)), (1, 1));
}
