//! Whose session a boot goes on with: product rule 3, cell by cell.

use crate::given::{config, said};
use crate::rig::{Browser, Tab, browser, gossip};
use crate::users::{full, only, unproved, user};
use std::cell::RefCell;
use std::rc::Rc;
use support_chat::error::Code;
use support_chat::lifecycle::State;
use support_chat::session::{Call, Config, Event, Gesture};
use support_chat::transport::{Action, Capabilities, ClosedReason, Event as Report};

/// A browser in which an anonymous visitor has talked, and whose tab is gone.
pub(crate) fn saved_anonymous() -> (Rc<RefCell<Browser>>, String) {
    let browser = browser();
    let mut tab = Tab::booted(&browser);
    tab.gesture(Gesture::Send("anonymous words".into()));
    tab.report(Report::Saved(r#"{"secret":"anonymous secret"}"#.into()));
    tab.connected(full());
    let (op, _) = tab.action(|action| matches!(action, Action::RequestChat(_))).expect("requested");
    tab.perform(op, Ok(support_chat::transport::Performed::Requested("chat".into())));
    tab.gesture(Gesture::Draft("anonymous draft".into()));
    tab.wait(2_000);
    let visitor = tab.visitor_id();
    tab.kill();
    (browser, visitor)
}

/// A browser in which user A has talked, and whose tab is gone.
pub(crate) fn saved_a() -> (Rc<RefCell<Browser>>, String) {
    let browser = browser();
    let mut tab = Tab::known(&browser, "A");
    tab.converse("chat", "first");
    tab.receive(vec![said(2, "words for A")]);
    tab.gesture(Gesture::Draft("draft of A".into()));
    tab.interrupted();
    tab.send("unsent of A", "u");
    tab.wait(2_000);
    let visitor = tab.visitor_id();
    tab.kill();
    (browser, visitor)
}

pub(crate) fn holds(tab: &Tab, words: &[&str]) -> bool {
    words.iter().any(|word| tab.stored().contains(word))
}

pub(crate) const OF_A: [&str; 4] = ["words for A", "draft of A", "unsent of A", "secret-of-A"];

#[test]
fn nothing_and_boot_is_a_new_anonymous_visitor() {
    let tab = Tab::booted(&browser());
    assert_eq!(tab.who(), (None, false));
    assert_eq!(tab.auth_changes(), [(Some("anonymous".into()), None)]);
}

#[test]
fn nothing_and_boot_as_a_user_is_new_as_the_user() {
    let browser = browser();
    let mut tab = Tab::new(&browser);
    let boot = tab.call(Call::BootAs(user("A")));
    assert_eq!(tab.asks, [(1, 7, "boot")]);
    assert!(tab.waits(boot) && tab.connects().is_empty());
    tab.token("  token-of-A\n");
    let connect = tab.connects()[0].clone();
    assert_eq!((connect.user_id.as_deref(), connect.token.as_deref()), (Some("A"), Some("token-of-A")));
    assert_eq!((connect.resume, connect.last_index), (None, 0));
    assert!(tab.waits(boot));
    tab.connected(full());
    assert!(tab.resolved(boot));
    assert_eq!((tab.state(), tab.who()), (State::Authenticated, (Some("A".into()), true)));
    assert_eq!(tab.auth_changes(), [(Some("A".into()), None)]);
    assert!(tab.events.iter().any(|event| matches!(event, Event::Ready(who) if who.user_id.as_deref() == Some("A"))));
}

#[test]
fn saved_anonymous_and_boot_is_resumed() {
    let (browser, visitor) = saved_anonymous();
    let mut tab = Tab::new(&browser);
    tab.call(Call::Boot);
    assert_eq!(tab.connects()[0].visitor_id, visitor);
    assert_eq!(tab.session.view().draft, "anonymous draft");
}

#[test]
fn saved_anonymous_and_boot_as_a_user_starts_as_the_user_and_keeps_the_saved_one_aside() {
    let (browser, visitor) = saved_anonymous();
    let mut tab = Tab::new(&browser);
    tab.call(Call::BootAs(user("A")));
    tab.prove("A");
    assert_ne!(tab.visitor_id(), visitor);
    assert!(tab.texts().is_empty() && tab.session.view().draft.is_empty());
    assert_eq!(tab.connects()[0].resume, None);
    assert_eq!(tab.connects()[0].conversation_id, None);
    assert!(!holds(&tab, &["anonymous words", "anonymous draft"]));
    assert!(holds(&tab, &["anonymous secret"]) && tab.names().contains(&"aside".to_owned()));
    // The next anonymous boot finds the way back, and nothing of the user.
    tab.call(Call::Shutdown { clear_storage: false });
    assert!(tab.names().contains(&"aside".to_owned()) && !holds(&tab, &["secret-of-A"]));
    tab.call(Call::Boot);
    let connect = tab.connects().last().copied().cloned().expect("connects");
    assert_eq!((connect.visitor_id, connect.user_id), (visitor, None));
    assert_eq!(connect.resume.as_deref(), Some(r#"{"secret":"anonymous secret"}"#));
    assert_eq!((connect.conversation_id.as_deref(), connect.last_index), (Some("chat"), 0));
    assert!(!tab.names().contains(&"aside".to_owned()));
}

#[test]
fn aside_is_removed_and_revoked_by_clear_storage() {
    let (browser, visitor) = saved_anonymous();
    let mut tab = Tab::known(&browser, "A");
    tab.call(Call::Shutdown { clear_storage: true });
    assert!(tab.names().iter().all(|name| name == "epoch"), "{:?}", tab.names());
    let revoked: Vec<_> = tab.revokes().into_iter().map(|revoke| (revoke.clear, revoke.resume.clone())).collect();
    let expected = [r#"{"secret":"secret-of-A"}"#, r#"{"secret":"anonymous secret"}"#];
    assert_eq!(revoked, expected.map(|resume| (true, Some(resume.to_owned()))));
    tab.call(Call::Boot);
    assert_ne!(tab.visitor_id(), visitor);
}

#[test]
fn saved_anonymous_in_another_tab_ends_there_when_a_user_boots_here() {
    let browser = browser();
    let mut other = Tab::talking(&browser, full());
    let mut tab = Tab::new(&browser);
    tab.call(Call::BootAs(user("A")));
    gossip(&mut [&mut other, &mut tab]);
    assert_eq!((other.state(), other.texts().len()), (State::Shutdown, 0));
    tab.grant_lead(); // in a browser the two have locks of different names
    tab.prove("A");
    assert!(tab.stored().contains("userId"));
}

#[test]
fn saved_user_and_boot_is_wiped_for_a_new_anonymous_visitor() {
    let (browser, visitor) = saved_a();
    let mut tab = Tab::new(&browser);
    let boot = tab.call(Call::Boot);
    assert!(tab.resolved(boot));
    assert_eq!((tab.state(), tab.who()), (State::Anonymous, (None, false)));
    assert_ne!(tab.visitor_id(), visitor);
    assert!(!holds(&tab, &OF_A) && tab.texts().is_empty() && tab.session.view().draft.is_empty());
    assert!(tab.stored_epoch() > 1, "{}", tab.stored());
}

#[test]
fn saved_user_and_boot_as_the_same_is_resumed_once_the_token_is_accepted() {
    let (browser, visitor) = saved_a();
    let mut tab = Tab::new(&browser);
    let boot = tab.call(Call::BootAs(user("A")));
    let transcript = tab.call(Call::Transcript(0));
    tab.token("token-of-A");
    let connect = tab.connects()[0].clone();
    assert_eq!((connect.visitor_id, connect.resume), (visitor, Some(r#"{"secret":"secret-of-A"}"#.to_owned())));
    assert_eq!((connect.conversation_id.as_deref(), connect.last_index), (Some("chat"), 0));
    tab.receive(vec![crate::given::echo(1, "first", Some("key-first")), said(2, "words for A")]);
    // Not accepted yet: nothing of it is anywhere.
    let view = tab.session.view();
    assert!(view.items.is_empty() && view.draft.is_empty() && view.unread == 0 && !view.writable);
    assert!(tab.waits(boot) && tab.waits(transcript));
    assert!(
        !tab.events
            .iter()
            .any(|event| matches!(event, Event::Message(..) | Event::Unread(_) | Event::Conversation(..)))
    );
    assert!(!tab.written.iter().any(|text| OF_A[..3].iter().any(|word| text.contains(word))));
    tab.connected(full());
    assert!(tab.resolved(boot) && tab.resolved(transcript));
    assert_eq!(tab.texts(), ["first", "words for A", "unsent of A"]);
    assert_eq!((tab.session.view().draft, tab.who()), ("draft of A", (Some("A".into()), true)));
    assert!(!tab.events.iter().any(|event| matches!(event, Event::Message(..))), "an earlier page has told them");
}

#[test]
fn what_is_written_before_the_proof_does_not_hide_the_conversation_that_is_resumed() {
    let (browser, _) = saved_a();
    let mut tab = Tab::new(&browser);
    tab.call(Call::BootAs(user("A")));
    tab.gesture(Gesture::Send("in haste".into()));
    tab.token("token-of-A");
    let connect = tab.connects()[0].clone();
    assert_eq!((connect.conversation_id.as_deref(), connect.last_index), (Some("chat"), 0));
}

#[test]
fn saved_user_and_boot_as_the_same_whose_token_is_refused_shows_nothing_and_is_not_anonymous() {
    let (browser, _) = saved_a();
    let mut tab = Tab::new(&browser);
    let boot = tab.call(Call::BootAs(user("A")));
    for _ in 0..2 {
        tab.token("stolen");
        tab.receive(vec![said(2, "words for A")]);
        tab.report(Report::Closed(ClosedReason::Auth(Code::InvalidToken)));
    }
    assert_eq!((tab.refusal(boot), tab.state()), (Some("invalid_token"), State::Ready));
    assert!(tab.texts().is_empty());
    assert_eq!(tab.reasons(), ["boot", "rejected"]);
    tab.call(Call::Open); // asks again as the user: nobody becomes anonymous unasked
    assert_eq!((tab.state(), tab.reasons().len()), (State::Booting, 3));
}

#[test]
fn saved_user_and_boot_as_the_same_without_a_provider_is_wiped_and_live_unverified() {
    let (browser, visitor) = saved_a();
    let mut tab = Tab::new(&browser);
    tab.call(Call::BootAs(unproved("A")));
    assert!(!holds(&tab, &OF_A));
    let connect = tab.connects()[0].clone();
    assert_ne!(connect.visitor_id, visitor);
    assert_eq!((connect.user_id.as_deref(), connect.token, connect.resume), (Some("A"), None, None));
    tab.connected(full());
    assert_eq!((tab.state(), tab.who()), (State::Authenticated, (Some("A".into()), false)));
    assert!(tab.texts().is_empty() && tab.asks.is_empty());
    assert_eq!(tab.log.iter().filter(|line| line.contains("not verified")).count(), 1);
}

#[test]
fn saved_user_against_a_backend_that_takes_no_proof_is_wiped_and_live_unverified() {
    let (browser, visitor) = saved_a();
    let mut tab = Tab::new(&browser);
    let boot = tab.call(Call::BootAs(user("A")));
    tab.token("token-of-A");
    tab.receive(vec![said(2, "words for A")]);
    tab.connected(Capabilities::IDEMPOTENCY);
    assert!(tab.waits(boot) && !holds(&tab, &OF_A));
    assert_eq!(tab.asks.len(), 1);
    let connect = tab.connects().last().copied().cloned().expect("connects");
    assert_ne!(connect.visitor_id, visitor);
    assert_eq!((connect.resume, connect.conversation_id), (None, None));
    tab.connected(Capabilities::IDEMPOTENCY);
    assert!(tab.resolved(boot) && tab.texts().is_empty());
    assert_eq!(tab.who(), (Some("A".into()), false));
}

#[test]
fn saved_user_and_boot_as_another_is_wiped_first() {
    let (browser, visitor) = saved_a();
    let mut tab = Tab::new(&browser);
    tab.call(Call::BootAs(user("B")));
    assert!(!holds(&tab, &OF_A), "before B's token is even there");
    tab.prove("B");
    assert_ne!(tab.visitor_id(), visitor);
    assert_eq!((tab.who().0.as_deref(), tab.texts().len()), (Some("B"), 0));
}

#[test]
fn saved_user_live_in_another_tab_is_wiped_there_too_when_another_user_boots_here() {
    let browser = browser();
    let mut other = Tab::known(&browser, "A");
    other.converse("chat", "first");
    let mut tab = Tab::new(&browser);
    tab.call(Call::BootAs(user("B")));
    gossip(&mut [&mut other, &mut tab]);
    assert_eq!((other.state(), other.texts().len()), (State::Shutdown, 0));
    tab.grant_lead();
    tab.prove("B");
    assert_eq!(tab.who().0.as_deref(), Some("B"));
    assert!(!holds(&tab, &["first", "secret-of-A"]));
}

#[test]
fn live_anonymous_and_boot_resolves() {
    let mut tab = Tab::booted(&browser());
    let boot = tab.call(Call::Boot);
    assert!(tab.resolved(boot));
    assert_eq!(tab.state(), State::Anonymous);
}

#[test]
fn live_anonymous_and_boot_as_a_user_is_identify() {
    let mut tab = Tab::booted(&browser());
    let visitor = tab.visitor_id();
    let boot = tab.call(Call::BootAs(unproved("A")));
    assert!(tab.resolved(boot));
    assert_eq!((tab.state(), tab.who(), tab.visitor_id()), (State::Authenticated, (Some("A".into()), false), visitor));
}

#[test]
fn live_user_and_boot_resolves_unchanged() {
    let mut tab = Tab::known(&browser(), "A");
    let boot = tab.call(Call::Boot);
    assert!(tab.resolved(boot));
    assert_eq!(tab.who(), (Some("A".into()), true));
}

#[test]
fn live_user_and_boot_as_the_same_resolves_keeps_the_newest_provider_and_updates_the_rest() {
    let mut tab = Tab::known(&browser(), "A");
    tab.converse("chat", "first");
    assert_eq!(tab.kept.last(), Some(&Some(7)));
    let mut who = user("A");
    (who.provider, who.said) = (Some(8), only("context", r#"{"page":"billing"}"#).said);
    let boot = tab.call(Call::BootAs(who));
    assert!(tab.resolved(boot));
    assert_eq!((tab.kept.last(), tab.asks.len()), (Some(&Some(8)), 1));
    tab.wait(0);
    let (_, update) = tab.action(|action| matches!(action, Action::Update(_))).expect("told");
    assert!(matches!(update, Action::Update(text) if text.contains("billing")));
}

#[test]
fn live_user_and_boot_identify_or_update_as_another_is_a_conflict() {
    let mut tab = Tab::known(&browser(), "A");
    for call in [Call::BootAs(user("B")), Call::Identify(user("B")), Call::Update(unproved("B"))] {
        let id = tab.call(call);
        assert_eq!(tab.refusal(id), Some("identity_conflict"));
    }
    assert_eq!((tab.state(), tab.who()), (State::Authenticated, (Some("A".into()), true)));
}

#[test]
fn twice_while_booting_as_the_same_user_is_one_session_and_both_settle_together() {
    let mut tab = Tab::new(&browser());
    let (one, two) = (tab.call(Call::BootAs(user("A"))), tab.call(Call::BootAs(user("A"))));
    tab.token("token-of-A");
    assert!(tab.waits(one) && tab.waits(two));
    tab.connected(full());
    assert!(tab.resolved(one) && tab.resolved(two));
    assert_eq!((tab.asks.len(), tab.connects().len()), (1, 1));
}

#[test]
fn another_identity_while_booting_waits_and_gets_the_answer_of_its_cell() {
    let mut tab = Tab::new(&browser());
    tab.call(Call::BootAs(user("A")));
    let (other, nobody) = (tab.call(Call::BootAs(user("B"))), tab.call(Call::Boot));
    assert!(tab.waits(other) && tab.waits(nobody));
    tab.prove("A");
    assert_eq!((tab.refusal(other), tab.resolved(nobody)), (Some("identity_conflict"), true));
    assert_eq!(tab.who().0.as_deref(), Some("A"));
}

#[test]
fn a_boot_as_a_user_gives_up_after_thirty_seconds_and_tries_again_as_that_user() {
    use support_chat::session::PageEvent;
    let mut tab = Tab::new(&browser());
    let boot = tab.call(Call::BootAs(user("A")));
    tab.token("token-of-A");
    tab.wait(29_999);
    assert!(tab.waits(boot));
    tab.wait(1);
    assert_eq!((tab.refusal(boot), tab.state()), (Some("network_error"), State::Ready));
    tab.page(PageEvent::Online);
    assert_eq!((tab.state(), tab.reasons()), (State::Booting, vec!["boot", "boot"]));
    tab.prove("A");
}

#[test]
fn logout_while_a_user_boots_wins_and_a_late_token_is_not_used() {
    let mut tab = Tab::new(&browser());
    let boot = tab.call(Call::BootAs(user("A")));
    tab.call(Call::Shutdown { clear_storage: false });
    tab.token("token-of-A");
    assert_eq!((tab.refusal(boot), tab.state()), (Some("aborted"), State::Shutdown));
    assert!(tab.connects().is_empty());
    assert!(tab.names().iter().all(|name| name == "epoch"), "{:?}", tab.names());
}

#[test]
fn without_consent_a_user_is_live_and_nothing_is_stored() {
    let browser = browser();
    let mut tab = Tab::with(&browser, Config { cookie_consent: false, ..config() });
    tab.call(Call::BootAs(user("A")));
    tab.prove("A");
    tab.converse("chat", "first");
    assert!(tab.names().is_empty());
}
