//! From an anonymous visitor to a user, in place.

use crate::given::said;
use crate::rig::{Tab, browser, gossip};
use crate::updates::sent;
use crate::users::{full, jwt, only, unproved, user};
use support_chat::error::{Code, Error};
use support_chat::lifecycle::State;
use support_chat::message::ConversationStatus;
use support_chat::session::{Call, Event, Gesture, PageEvent, Who};
use support_chat::transport::{Action, Capabilities, ClosedReason, Command, Event as Report, Found, Performed, Reason};

fn is_identify(action: &Action) -> bool {
    matches!(action, Action::Identify(_))
}

fn identified(id: &str) -> Result<Performed, Error> {
    Ok(Performed::Identified { user_id: id.into(), merged: true })
}

#[test]
fn identify_upgrades_in_place_and_keeps_draft_and_unsent_messages() {
    let browser = browser();
    let mut tab = Tab::talking(&browser, full());
    tab.receive(vec![said(2, "two")]);
    tab.gesture(Gesture::Draft("half a thought".into()));
    let unsent = tab.send("unsent", "u");
    let visitor = tab.visitor_id();
    let call = tab.call(Call::Identify(user("A")));
    assert_eq!(tab.asks, [(1, 7, "identify")]);
    tab.token("token-of-A");
    let (op, action) = tab.action(is_identify).expect("proved on the live connection");
    assert_eq!(action, Action::Identify("token-of-A".into()));
    assert!(tab.waits(call) && tab.state() == State::Anonymous);
    tab.perform(op, identified("A"));
    assert!(tab.resolved(call));
    assert_eq!((tab.state(), tab.who(), tab.visitor_id()), (State::Authenticated, (Some("A".into()), true), visitor));
    assert_eq!(tab.auth_changes().last(), Some(&(Some("A".into()), Some("anonymous".into()))));
    assert_eq!((tab.session.view().draft, tab.texts().len(), tab.waits(unsent)), ("half a thought", 3, true));
    assert_eq!(tab.connects().len(), 1);
    // The next connection is the user's.
    tab.interrupted();
    tab.wait(0);
    let connect = tab.connects().last().copied().cloned().expect("again");
    assert_eq!((connect.user_id.as_deref(), connect.token.as_deref()), (Some("A"), Some("token-of-A")));
    tab.connected(full());
    assert_eq!((tab.state(), tab.asks.len()), (State::Authenticated, 1));
}

#[test]
fn an_anonymous_visitor_once_merged_is_never_resumed() {
    let browser = browser();
    let mut tab = Tab::talking(&browser, full());
    let visitor = tab.visitor_id();
    tab.call(Call::Identify(user("A")));
    tab.token("token-of-A");
    let (op, _) = tab.action(is_identify).expect("asked");
    tab.perform(op, identified("A"));
    tab.call(Call::Shutdown { clear_storage: false });
    assert!(!tab.stored().contains(&visitor), "{}", tab.stored());
    tab.call(Call::Boot);
    assert_ne!(tab.visitor_id(), visitor);
}

#[test]
fn identify_of_an_idle_visitor_connects() {
    let mut tab = Tab::booted(&browser());
    let call = tab.call(Call::Identify(user("A")));
    assert_eq!((tab.connects().len(), tab.asks.len()), (1, 0));
    assert_eq!((tab.connects()[0].user_id.clone(), tab.state()), (None, State::Anonymous));
    tab.connected(full());
    tab.token("token-of-A");
    let (op, _) = tab.action(is_identify).expect("asked");
    tab.perform(op, identified("A"));
    assert!(tab.resolved(call));
}

#[test]
fn identify_while_reconnecting_or_disconnected_waits() {
    for disconnected in [false, true] {
        let mut tab = Tab::talking(&browser(), full());
        tab.interrupted();
        if disconnected {
            tab.page(PageEvent::Offline);
        }
        let call = tab.call(Call::Identify(user("A")));
        tab.wait(0);
        assert!(tab.waits(call) && tab.asks.is_empty());
        if disconnected {
            tab.page(PageEvent::Online);
        }
        tab.connected(full());
        tab.token("token-of-A");
        let (op, _) = tab.action(is_identify).expect("asked");
        tab.perform(op, identified("A"));
        assert!(tab.resolved(call));
    }
}

#[test]
fn a_refused_identify_is_asked_once_more_and_then_leaves_the_session_anonymous_as_it_was() {
    let mut tab = Tab::talking(&browser(), full());
    let call = tab.call(Call::Identify(user("A")));
    for round in 0..2 {
        assert!(tab.waits(call), "{round}");
        tab.token("bad");
        let (op, _) = tab.action(is_identify).expect("asked");
        tab.perform(op, Err(Error::new(Code::InvalidToken, "no")));
    }
    assert_eq!(tab.reasons(), ["identify", "rejected"]);
    assert_eq!(tab.refusal(call), Some("invalid_token"));
    assert_eq!((tab.state(), tab.who(), tab.texts()), (State::Anonymous, (None, false), vec!["first".to_owned()]));
    assert_eq!(tab.events.iter().filter(|event| matches!(event, Event::AuthExpired)).count(), 1);
    // It can be tried again.
    let call = tab.call(Call::Identify(user("A")));
    tab.token("good");
    let (op, _) = tab.action(is_identify).expect("asked");
    tab.perform(op, identified("A"));
    assert!(tab.resolved(call));
}

#[test]
fn an_identify_without_a_token_rejects_and_leaves_the_session_anonymous() {
    let mut tab = Tab::talking(&browser(), full());
    let call = tab.call(Call::Identify(user("A")));
    tab.no_token();
    assert_eq!((tab.refusal(call), tab.state()), (Some("auth_required"), State::Anonymous));
    assert_eq!(tab.kept.last(), Some(&None));
}

#[test]
fn a_backend_that_takes_us_for_somebody_else_is_left_and_met_anew_anonymously() {
    let mut tab = Tab::talking(&browser(), full());
    let call = tab.call(Call::Identify(user("A")));
    tab.token("opaque");
    let (op, _) = tab.action(is_identify).expect("asked");
    tab.perform(op, identified("B"));
    assert_eq!((tab.refusal(call), tab.who()), (Some("invalid_token"), (None, false)));
    assert_eq!(tab.commands.last(), Some(&Command::Disconnect(Reason::Identity)));
    tab.receive(vec![said(2, "what B was told before")]);
    assert_eq!(tab.texts(), ["first"], "of the connection that is B's nothing is heard");
    tab.wait(0);
    let connect = tab.connects().last().copied().cloned().expect("again");
    assert_eq!((tab.connects().len(), connect.user_id, connect.token), (2, None, None));
}

#[test]
fn what_a_backend_gives_to_somebody_else_is_neither_kept_nor_given_back_to_it() {
    let mut anonymous = Tab::talking(&browser(), full());
    anonymous.report(Report::Saved(r#"{"key":"ours"}"#.into()));
    anonymous.call(Call::Identify(user("A")));
    let mut known = Tab::new(&browser());
    known.call(Call::BootAs(user("A")));
    known.token(&jwt("A", known.now.wall / 1_000 + 600));
    known.report(Report::Saved(r#"{"key":"ours"}"#.into()));
    known.connected(full());
    known.wait(540_000); // asked for a newer one
    for mut tab in [anonymous, known] {
        tab.token("opaque");
        let (op, _) = tab.action(is_identify).expect("asked");
        tab.report(Report::Saved(r#"{"key":"of B"}"#.into()));
        tab.perform(op, identified("B"));
        tab.wait(0);
        if tab.connects().len() < 2 {
            tab.token("token-of-A");
        }
        let connect = tab.connects().last().copied().cloned().expect("again");
        assert_eq!(connect.resume.as_deref(), Some(r#"{"key":"ours"}"#));
        assert!(!tab.stored().contains("of B"), "{}", tab.stored());
    }
}

#[test]
fn nobody_else_is_proved_over_a_connection_that_is_somebody_elses() {
    let mut tab = Tab::talking(&browser(), full());
    let (first, next) = (tab.call(Call::Identify(user("A"))), tab.call(Call::Identify(user("C"))));
    tab.token("opaque");
    let (op, _) = tab.action(is_identify).expect("asked");
    tab.perform(op, identified("B"));
    assert_eq!((tab.refusal(first), tab.waits(next), tab.asks.len()), (Some("invalid_token"), true, 1));
    tab.wait(0);
    tab.connected(full());
    tab.token("opaque");
    let (op, _) = tab.action(is_identify).expect("asked");
    tab.perform(op, identified("C"));
    assert!(tab.resolved(next));
}

#[test]
fn a_backend_without_identify_hears_of_the_user_by_update() {
    let mut tab = Tab::talking(&browser(), Capabilities::IDEMPOTENCY);
    let call = tab.call(Call::Identify(user("A")));
    assert!(tab.resolved(call) && tab.asks.is_empty());
    assert_eq!((tab.state(), tab.who()), (State::Authenticated, (Some("A".into()), false)));
    tab.wait(0);
    let (_, update) = tab.action(|action| matches!(action, Action::Update(_))).expect("told");
    assert_eq!(update, Action::Update(r#"{"user":{"id":"A","name":"Name of A"}}"#.into()));
}

#[test]
fn without_a_provider_the_user_is_live_unverified_with_one_warning() {
    let mut tab = Tab::talking(&browser(), full());
    let call = tab.call(Call::Identify(unproved("A")));
    assert!(tab.resolved(call));
    assert_eq!((tab.state(), tab.who()), (State::Authenticated, (Some("A".into()), false)));
    assert_eq!(tab.log.iter().filter(|line| line.contains("not verified")).count(), 1);
    assert!(
        !tab.commands.iter().any(
            |command| matches!(command, support_chat::transport::Command::Perform(_, action) if is_identify(action))
        )
    );
}

#[test]
fn two_wishes_of_one_user_are_one_and_another_user_waits_for_the_conflict() {
    let mut tab = Tab::talking(&browser(), full());
    let (one, two) = (tab.call(Call::Identify(user("A"))), tab.call(Call::Identify(user("A"))));
    let other = tab.call(Call::Identify(user("B")));
    tab.token("token-of-A");
    assert_eq!((tab.asks.len(), tab.actions(is_identify)), (1, 1));
    let (op, _) = tab.action(is_identify).expect("asked");
    tab.perform(op, identified("A"));
    assert!(tab.resolved(one) && tab.resolved(two));
    assert_eq!(tab.refusal(other), Some("identity_conflict"));
}

#[test]
fn a_wish_that_is_repeated_keeps_what_the_first_has_said_and_its_provider() {
    let mut tab = Tab::talking(&browser(), full());
    let company = only("company", r#"{"id":"lamps","plan":"pro"}"#);
    let one = tab.call(Call::Identify(Box::new(Who { said: company.said, ..*user("A") })));
    let two = tab.call(Call::Identify(unproved("A")));
    assert!(tab.waits(one) && tab.waits(two), "{:?}", tab.state());
    tab.token("token-of-A");
    let (op, _) = tab.action(is_identify).expect("asked");
    tab.perform(op, identified("A"));
    assert!(tab.resolved(one) && tab.resolved(two));
    assert_eq!(tab.who(), (Some("A".into()), true));
    tab.wait(0);
    let told = sent(&tab).concat();
    for word in ["Name of A", "pro"] {
        assert!(told.contains(word), "{word}: {told}");
    }
    tab.report(support_chat::transport::Event::Closed(ClosedReason::Auth(Code::AuthExpired)));
    assert_eq!(tab.reasons(), ["identify", "rejected"]);
}

#[test]
fn a_logout_rejects_the_identify_under_way() {
    let mut tab = Tab::talking(&browser(), full());
    let call = tab.call(Call::Identify(user("A")));
    tab.call(Call::Shutdown { clear_storage: false });
    assert_eq!(tab.refusal(call), Some("aborted"));
    tab.token("token-of-A");
    assert_eq!((tab.state(), tab.actions(is_identify)), (State::Shutdown, 0));
}

fn page(id: &str) -> Result<Performed, Error> {
    let resume = r#"{"secureKey":"of the other device"}"#.to_owned();
    let status = ConversationStatus::Active;
    let found = Found { id: id.into(), status, created_at: 5, unread_count: 1, resume, ..Found::default() };
    Ok(Performed::Found(Some(Box::new(found))))
}

fn is_find(action: &Action) -> bool {
    matches!(action, Action::Conversations(_))
}

#[test]
fn the_users_open_conversation_of_another_device_is_gone_on_with() {
    let mut tab = Tab::booted(&browser());
    tab.call(Call::Identify(user("A")));
    tab.connected(full().and(Capabilities::CONVERSATIONS));
    tab.token("token-of-A");
    let (op, _) = tab.action(is_identify).expect("asked");
    tab.perform(op, identified("A"));
    let (op, _) = tab.action(is_find).expect("looked for");
    tab.perform(op, page("far"));
    let connect = tab.connects().last().copied().cloned().expect("connects with what opens it");
    assert_eq!((connect.conversation_id.as_deref(), connect.last_index), (Some("far"), 0));
    assert_eq!(connect.resume.as_deref(), Some(r#"{"secureKey":"of the other device"}"#));
    let far = |kind| support_chat::transport::ChatEvent { conversation_id: Some("far".into()), kind };
    for (index, text) in [(1, "from before"), (2, "not seen yet")] {
        tab.report(support_chat::transport::Event::Received(vec![far(said(index, text))]));
    }
    tab.connected(full().and(Capabilities::CONVERSATIONS));
    assert_eq!(
        (tab.state(), tab.texts()),
        (State::Authenticated, vec!["from before".to_owned(), "not seen yet".to_owned()])
    );
    assert_eq!((tab.actions(is_find), tab.session.view().unread), (1, 1));
    assert!(!tab.events.iter().any(|event| matches!(event, Event::Message(..))), "it is no news");
    let counts: Vec<&Event> = tab.events.iter().filter(|event| matches!(event, Event::Unread(_))).collect();
    assert_eq!(counts, [&Event::Unread(1)], "nobody is told of a count on its way");
    tab.report(support_chat::transport::Event::Received(vec![far(said(3, "news"))]));
    assert_eq!(tab.events.iter().filter(|event| matches!(event, Event::Message(..))).count(), 1);
}

#[test]
fn an_open_conversation_of_this_session_is_kept() {
    let capabilities = full().and(Capabilities::CONVERSATIONS);
    let mut tab = Tab::talking(&browser(), capabilities);
    tab.call(Call::Identify(user("A")));
    tab.token("token-of-A");
    let (op, _) = tab.action(is_identify).expect("asked");
    tab.perform(op, identified("A"));
    assert_eq!((tab.actions(is_find), tab.texts()), (0, vec!["first".to_owned()]));
    // One that is begun while it is looked for is kept, too.
    let mut tab = Tab::new(&browser());
    tab.call(Call::BootAs(user("A")));
    tab.token("token-of-A");
    tab.connected(capabilities);
    let (find, _) = tab.action(is_find).expect("looked for");
    tab.send("new here", "n");
    tab.perform(find, page("far"));
    assert_eq!((tab.connects().len(), tab.texts()), (1, vec!["new here".to_owned()]));
}

#[test]
fn identify_of_a_visitor_whom_the_backend_refuses_without_a_proof_is_answered() {
    let mut tab = Tab::booted(&browser());
    let refused = Report::Closed(ClosedReason::Auth(Code::AuthRequired));
    for _ in 0..2 {
        let call = tab.call(Call::Identify(user("A")));
        tab.report(refused.clone());
        assert_eq!(tab.outcome(call), Some(Err(Code::AuthRequired)));
        assert_eq!((tab.state(), tab.asks.len()), (State::Disconnected, 0));
    }
    assert_eq!(tab.connects().len(), 2);
}

#[test]
fn a_follower_with_a_proof_asks_for_the_lead_only_where_proofs_are_taken() {
    for (capabilities, takes) in [(full(), true), (Capabilities::IDEMPOTENCY, false)] {
        let browser = browser();
        let mut leader = Tab::talking(&browser, capabilities);
        let mut follower = Tab::new(&browser);
        follower.call(Call::Boot);
        gossip(&mut [&mut leader, &mut follower]);
        leader.call(Call::Identify(unproved("A")));
        gossip(&mut [&mut leader, &mut follower]);
        assert_eq!(follower.who().0.as_deref(), Some("A"));
        follower.call(Call::Identify(user("A")));
        assert_eq!(browser.borrow().last_of("take").is_empty(), !takes);
    }
}
