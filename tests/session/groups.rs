//! Tabs of one visitor have one identity; who logs out logs out everywhere. Not: what the backend hears of it (`revoking`).

use crate::given::said;
use crate::rig::{Browser, Tab, browser, gossip};
use crate::users::{full, only, unproved, user};
use std::cell::RefCell;
use std::rc::Rc;
use support_chat::error::Code;
use support_chat::lifecycle::State;
use support_chat::session::Call;
use support_chat::transport::{Action, ClosedReason, Command, Event as Report, Performed, Reason};

fn is_identify(action: &Action) -> bool {
    matches!(action, Action::Identify(_))
}

pub(crate) fn anonymous_pair() -> (Rc<RefCell<Browser>>, Tab, Tab) {
    let browser = browser();
    let mut leader = Tab::talking(&browser, full());
    let mut follower = Tab::new(&browser);
    follower.call(Call::Boot);
    gossip(&mut [&mut leader, &mut follower]);
    (browser, leader, follower)
}

/// Both live as A; each page has its own provider.
pub(crate) fn pair_of_a() -> (Rc<RefCell<Browser>>, Tab, Tab) {
    let browser = browser();
    let mut leader = Tab::known(&browser, "A");
    leader.converse("chat", "first");
    let mut follower = Tab::new(&browser);
    let boot = follower.call(Call::BootAs(user("A")));
    assert!(follower.waits(boot) && follower.texts().is_empty());
    gossip(&mut [&mut leader, &mut follower]);
    assert!(follower.resolved(boot));
    (browser, leader, follower)
}

#[test]
fn identify_in_one_tab_makes_all_tabs_authenticated() {
    let (_, mut leader, mut follower) = anonymous_pair();
    leader.call(Call::Identify(user("A")));
    leader.token("token-of-A");
    let (op, _) = leader.action(is_identify).expect("asked");
    leader.perform(op, Ok(Performed::Identified { user_id: "A".into(), merged: true }));
    gossip(&mut [&mut leader, &mut follower]);
    assert_eq!((follower.state(), follower.who()), (State::Authenticated, (Some("A".into()), true)));
    assert_eq!(follower.auth_changes().last(), Some(&(Some("A".into()), Some("anonymous".into()))));
    assert_eq!(follower.texts(), ["first"]);
}

#[test]
fn a_follower_with_a_provider_takes_the_lead_to_identify() {
    let (_, mut leader, mut follower) = anonymous_pair();
    let call = follower.call(Call::Identify(user("A")));
    gossip(&mut [&mut leader, &mut follower]);
    follower.grant_lead();
    gossip(&mut [&mut leader, &mut follower]);
    assert!(leader.commands.contains(&Command::Disconnect(Reason::Reload)));
    follower.wait(0);
    follower.connected(full());
    follower.token("token-of-A");
    let (op, _) = follower.action(is_identify).expect("proved");
    follower.perform(op, Ok(Performed::Identified { user_id: "A".into(), merged: true }));
    assert!(follower.resolved(call));
    gossip(&mut [&mut leader, &mut follower]);
    assert_eq!((leader.state(), leader.who()), (State::Authenticated, (Some("A".into()), true)));
    assert_eq!(leader.texts(), follower.texts());
}

#[test]
fn a_follower_without_a_provider_makes_all_tabs_unverified_users() {
    let (_, mut leader, mut follower) = anonymous_pair();
    let call = follower.call(Call::Identify(unproved("A")));
    assert!(follower.resolved(call));
    gossip(&mut [&mut leader, &mut follower]);
    assert_eq!((leader.state(), leader.who()), (State::Authenticated, (Some("A".into()), false)));
    assert_eq!(follower.who(), leader.who());
}

#[test]
fn a_second_tab_of_a_live_user_mirrors_it_without_a_connection() {
    let (_, mut leader, mut follower) = pair_of_a();
    assert_eq!((follower.state(), follower.who()), (State::Authenticated, (Some("A".into()), true)));
    leader.receive(vec![said(2, "two")]);
    gossip(&mut [&mut leader, &mut follower]);
    assert_eq!(follower.texts(), ["first", "two"]);
    assert!(follower.connects().is_empty());
}

#[test]
fn who_takes_the_lead_of_a_user_asks_its_own_provider() {
    let (_, mut leader, mut follower) = pair_of_a();
    leader.kill();
    follower.grant_lead();
    assert_eq!((follower.asks.clone(), follower.connects().len()), (vec![(1, 7, "resume")], 0));
    assert_eq!(follower.state(), State::Reconnecting);
    follower.token("own-token");
    assert_eq!(follower.connects()[0].token.as_deref(), Some("own-token"));
    follower.connected(full());
    assert_eq!(follower.state(), State::Authenticated);
}

#[test]
fn who_takes_the_lead_of_a_user_without_a_provider_is_disconnected_and_not_anonymous() {
    let (_, mut leader, mut follower) = anonymous_pair();
    leader.call(Call::Identify(user("A")));
    leader.token("token-of-A");
    let (op, _) = leader.action(is_identify).expect("asked");
    leader.perform(op, Ok(Performed::Identified { user_id: "A".into(), merged: true }));
    gossip(&mut [&mut leader, &mut follower]);
    leader.kill();
    follower.grant_lead();
    assert_eq!((follower.state(), follower.session.view().connection.reason), (State::Disconnected, Some("auth")));
    assert!(follower.connects().is_empty());
    // A call that brings one leads back.
    follower.call(Call::BootAs(user("A")));
    follower.token("token-of-A");
    follower.connected(full());
    assert_eq!(follower.state(), State::Authenticated);
}

#[test]
fn a_leader_that_has_not_proved_yet_tells_the_others_nothing() {
    let (_, mut leader, mut follower) = pair_of_a();
    let browser = leader.browser.clone();
    let mut third = Tab::new(&browser);
    third.call(Call::BootAs(user("A")));
    leader.kill();
    follower.grant = false;
    browser.borrow_mut();
    follower.kill(); // its lock goes; it still hears
    follower.gone = false;
    third.grant_lead();
    gossip(&mut [&mut third, &mut follower]);
    assert_eq!(follower.texts(), ["first"]);
    assert!(third.texts().is_empty());
    third.token("token-of-A");
    third.receive(vec![crate::given::echo(1, "first", Some("key-first"))]);
    assert!(third.texts().is_empty());
    third.connected(full());
    gossip(&mut [&mut third, &mut follower]);
    assert_eq!((third.texts(), follower.texts()), (vec!["first".to_owned()], vec!["first".to_owned()]));
}

#[test]
fn a_user_who_logs_out_leaves_nothing_and_is_a_new_visitor_next_time() {
    let browser = browser();
    let mut tab = Tab::known(&browser, "A");
    tab.converse("chat", "first");
    let visitor = tab.visitor_id();
    tab.call(Call::Shutdown { clear_storage: false });
    assert!(tab.names().iter().all(|name| name == "epoch"), "{:?}", tab.names());
    tab.call(Call::Boot);
    assert_ne!(tab.visitor_id(), visitor);
}

#[test]
fn of_two_logouts_at_once_the_one_that_clears_wins() {
    for leader_clears in [false, true] {
        for back in [false, true] {
            let (browser, mut leader, mut follower) = anonymous_pair();
            leader.report(Report::Saved(r#"{"secret":"s"}"#.into()));
            let visitor = leader.visitor_id();
            let (clears, keeps) =
                if leader_clears { (&mut leader, &mut follower) } else { (&mut follower, &mut leader) };
            clears.call(Call::Shutdown { clear_storage: true });
            keeps.call(Call::Shutdown { clear_storage: false });
            if back {
                keeps.call(Call::Boot);
            }
            gossip(&mut [&mut leader, &mut follower]);
            leader.wait(1_000);
            follower.wait(1_000);
            let stored = format!("{:?}", support_chat::store::Store::load(&mut browser.borrow_mut().store));
            assert!(!stored.contains(&visitor), "leader clears {leader_clears}, back {back}: {stored}");
        }
    }
}

#[test]
fn a_late_word_of_a_clearing_logout_does_not_erase_who_came_after() {
    let (browser, mut leader, mut follower) = anonymous_pair();
    follower.call(Call::Shutdown { clear_storage: true });
    leader.call(Call::Shutdown { clear_storage: false });
    let mut next = Tab::new(&browser);
    next.call(Call::BootAs(user("B")));
    gossip(&mut [&mut leader, &mut follower, &mut next]);
    next.grant_lead();
    next.prove("B");
    assert!(next.stored().contains("secret-of-B"));
}

#[test]
fn a_crash_in_the_middle_of_a_users_logout_is_finished_by_the_next_load() {
    let browser = browser();
    let mut tab = Tab::known(&browser, "A");
    tab.converse("chat", "first");
    tab.kill();
    let tombstone = r#"{"sessionId":"s","at":1}"#;
    support_chat::store::Store::set(&mut browser.borrow_mut().store, "tombstone", tombstone).expect("kept");
    let mut tab = Tab::new(&browser);
    tab.call(Call::BootAs(user("A")));
    assert!(!tab.stored().contains("secret-of-A") && !tab.stored().contains("tombstone"));
    assert_eq!((tab.texts().len(), tab.asks.len()), (0, 1));
}

#[test]
fn two_tabs_that_identify_at_once_do_not_take_the_lead_from_each_other() {
    let (_, mut leader, mut follower) = anonymous_pair();
    let (here, there) = (leader.call(Call::Identify(user("A"))), follower.call(Call::Identify(user("A"))));
    gossip(&mut [&mut leader, &mut follower]);
    leader.token("token-of-A");
    let (op, _) = leader.action(is_identify).expect("asked");
    leader.perform(op, Ok(Performed::Identified { user_id: "A".into(), merged: true }));
    gossip(&mut [&mut leader, &mut follower]);
    assert!(leader.resolved(here) && follower.resolved(there));
    assert!(follower.asks.is_empty() && follower.commands.is_empty());
    // Where the first one fails, the other has its turn.
    let (_, mut leader, mut follower) = anonymous_pair();
    let (here, there) = (leader.call(Call::Identify(user("A"))), follower.call(Call::Identify(user("B"))));
    gossip(&mut [&mut leader, &mut follower]);
    leader.no_token();
    assert_eq!(leader.refusal(here), Some("auth_required"));
    gossip(&mut [&mut leader, &mut follower]);
    follower.grant_lead();
    follower.wait(0);
    follower.connected(full());
    follower.token("token-of-B");
    let (op, _) = follower.action(is_identify).expect("asked");
    follower.perform(op, Ok(Performed::Identified { user_id: "B".into(), merged: true }));
    assert!(follower.resolved(there));
}

#[test]
fn a_page_with_a_provider_takes_over_from_a_leader_that_nobody_vouches_for() {
    let (browser, mut leader, mut follower) = pair_of_a();
    follower.kill();
    leader.report(Report::Closed(support_chat::transport::ClosedReason::Auth(support_chat::error::Code::InvalidToken)));
    leader.no_token();
    assert_eq!(leader.state(), State::Disconnected);
    let mut tab = Tab::new(&browser);
    let boot = tab.call(Call::BootAs(user("A")));
    gossip(&mut [&mut leader, &mut tab]);
    tab.grant_lead();
    assert_eq!(tab.reasons(), ["boot"]);
    tab.token("good");
    tab.connected(full());
    assert!(tab.resolved(boot));
    gossip(&mut [&mut leader, &mut tab]);
    assert_eq!((tab.state(), leader.state()), (State::Authenticated, State::Authenticated));
}

#[test]
fn two_tabs_that_boot_as_one_user_at_once_are_one_group_after_one_proof() {
    let browser = browser();
    let (mut leader, mut follower) = (Tab::new(&browser), Tab::new(&browser));
    let here = leader.call(Call::BootAs(user("A")));
    let there = follower.call(Call::BootAs(user("A")));
    gossip(&mut [&mut leader, &mut follower]);
    assert!(leader.waits(here) && follower.waits(there));
    leader.prove("A");
    gossip(&mut [&mut leader, &mut follower]);
    assert!(leader.resolved(here) && follower.resolved(there));
    assert_eq!((follower.who(), follower.asks.len()), ((Some("A".into()), true), 0));
    assert_eq!(leader.visitor_id(), follower.visitor_id());
}

#[test]
fn a_user_without_a_proof_is_proved_in_place_once_a_page_brings_a_provider() {
    let (_, mut leader, mut follower) = anonymous_pair();
    leader.call(Call::Identify(unproved("A")));
    gossip(&mut [&mut leader, &mut follower]);
    let call = leader.call(Call::Identify(user("A")));
    assert!(leader.resolved(call));
    assert_eq!(leader.reasons(), ["identify"]);
    leader.token("token-of-A");
    let (op, _) = leader.action(is_identify).expect("proved");
    leader.perform(op, Ok(Performed::Identified { user_id: "A".into(), merged: false }));
    gossip(&mut [&mut leader, &mut follower]);
    assert_eq!((leader.who(), follower.who()), ((Some("A".into()), true), (Some("A".into()), true)));
}

#[test]
fn who_leads_without_a_proof_yet_says_so_to_a_leader_of_an_older_term() {
    let browser = browser();
    let mut first = Tab::known(&browser, "A");
    let visitor = first.session.identity().expect("live").visitor_id;
    first.kill();
    let mut next = Tab::new(&browser);
    next.call(Call::BootAs(user("A")));
    assert!(next.session.leads() && next.state() == State::Booting);
    let slept =
        format!(r#"{{"v":1,"epoch":0,"term":1,"leads":true,"tab":"f","visitor":"{visitor}","t":"sign","on":1}}"#);
    next.hear(&slept);
    let said = next.browser.borrow().last_said();
    assert!(said.contains(r#""term":2,"leads":true"#) && said.contains("sign"), "{said}");
}

#[test]
fn a_follower_whose_leader_is_refused_without_a_proof_takes_the_lead_and_is_answered() {
    let (_, mut leader, mut follower) = anonymous_pair();
    let refused = Report::Closed(ClosedReason::Auth(Code::AuthRequired));
    leader.report(refused.clone());
    gossip(&mut [&mut leader, &mut follower]);
    let call = follower.call(Call::Identify(user("A")));
    gossip(&mut [&mut leader, &mut follower]);
    follower.grant_lead();
    assert!(follower.session.leads() && follower.waits(call));
    follower.report(refused);
    assert_eq!(follower.outcome(call), Some(Err(Code::AuthRequired)));
}

#[test]
fn of_two_users_without_a_proof_in_two_tabs_at_once_the_leaders_stands_and_the_other_ends() {
    let (_, mut leader, mut follower) = anonymous_pair();
    leader.call(Call::Identify(unproved("A")));
    follower.call(Call::Identify(unproved("B")));
    assert_eq!((leader.who().0.as_deref(), follower.who().0.as_deref()), (Some("A"), Some("B")));
    gossip(&mut [&mut leader, &mut follower]);
    assert_eq!((leader.state(), leader.who().0.as_deref()), (State::Authenticated, Some("A")));
    assert_eq!(follower.state(), State::Shutdown, "{:?}", follower.auth_changes());
    assert!(follower.texts().is_empty());
}

#[test]
fn the_last_messages_leave_the_store_when_their_visitor_becomes_a_user() {
    let browser = browser();
    let mut tab = Tab::talking(&browser, full());
    tab.wait(2_000);
    assert!(tab.names().contains(&"tail".to_owned()));
    tab.call(Call::Identify(unproved("A")));
    assert_eq!(tab.state(), State::Authenticated);
    assert!(!tab.names().contains(&"tail".to_owned()));
    tab.receive(vec![crate::given::said(2, "words for A")]);
    tab.wait(2_000);
    assert!(!tab.names().contains(&"tail".to_owned()) && !tab.stored().contains("words for A"));
}

#[test]
fn who_became_a_user_in_a_tab_that_died_before_it_could_tell_is_one_to_the_next_leader() {
    let (browser, mut leader, mut follower) = anonymous_pair();
    let mut third = Tab::new(&browser);
    third.call(Call::Boot);
    gossip(&mut [&mut leader, &mut follower, &mut third]);
    follower.call(Call::Identify(unproved("A")));
    leader.kill();
    follower.kill();
    third.grant_lead();
    third.connected(full());
    assert_eq!((third.state(), third.who().0.as_deref()), (State::Authenticated, Some("A")));
}

#[test]
fn a_follower_leads_on_with_what_the_leader_knew_and_the_store_does_not() {
    let browser = browser();
    let mut leader = Tab::booted(&browser);
    leader.call(Call::Update(Box::new(only("context", r#"{"page":"marzipan"}"#))));
    leader.call(Call::Open);
    browser.borrow_mut().deaf = true; // full, let us say
    leader.report(Report::Saved(r#"{"secret":"the way back"}"#.into()));
    gossip(&mut [&mut leader]);
    let mut follower = Tab::new(&browser);
    follower.call(Call::Boot);
    gossip(&mut [&mut leader, &mut follower]);
    leader.kill();
    follower.grant_lead();
    follower.send("hello", "h");
    let resume = follower.connects().last().and_then(|connect| connect.resume.clone());
    assert!(resume.is_some_and(|resume| resume.contains("the way back")));
    follower.connected(full());
    let (_, request) = follower.action(|action| matches!(action, Action::RequestChat(_))).expect("requested");
    assert!(format!("{request:?}").contains("marzipan"), "{request:?}");
}
