//! `update()` in a tab that follows: its promise waits for the leader to have sent the values, whoever leads by then.

use crate::given::echo;
use crate::groups::pair_of_a;
use crate::rig::{Tab, browser, gossip};
use crate::updates::{context, is_update, sent, take};
use crate::users::{full, user};
use support_chat::error::{Code, Error};
use support_chat::session::{Call, CallId, PageEvent};
use support_chat::transport::{Action, Performed};

/// A leader in a conversation, and a follower.
fn pair() -> (Tab, Tab) {
    let browser = browser();
    let mut leader = Tab::talking(&browser, full());
    let mut follower = Tab::new(&browser);
    follower.call(Call::Boot);
    gossip(&mut [&mut leader, &mut follower]);
    (leader, follower)
}

/// A follower's call, which the leader has heard of.
fn say(follower: &mut Tab, leader: &mut Tab) -> CallId {
    let call = follower.call(context(r#"{"n":1}"#));
    follower.wait(0);
    gossip(&mut [leader, follower]);
    call
}

#[test]
fn a_follower_says_it_through_the_leader() {
    let (mut leader, mut follower) = pair();
    let calls: Vec<CallId> = (0..1_000).map(|n| follower.call(context(&format!(r#"{{"n":{n}}}"#)))).collect();
    follower.wait(0);
    gossip(&mut [&mut leader, &mut follower]);
    leader.wait(0);
    assert_eq!(sent(&leader), [r#"{"context":{"n":999}}"#]);
    take(&mut leader);
    gossip(&mut [&mut leader, &mut follower]);
    assert!(follower.commands.is_empty() && calls.iter().all(|call| follower.resolved(*call)));
}

#[test]
fn a_followers_promise_waits_until_the_leader_has_sent_its_values() {
    let (mut leader, mut follower) = pair();
    let call = say(&mut follower, &mut leader);
    assert!(follower.waits(call));
    leader.wait(0);
    gossip(&mut [&mut leader, &mut follower]);
    assert!(follower.waits(call));
    take(&mut leader);
    gossip(&mut [&mut leader, &mut follower]);
    assert!(follower.resolved(call));
}

#[test]
fn what_other_tabs_go_on_saying_does_not_keep_a_followers_promise_waiting() {
    let (mut leader, mut follower) = pair();
    leader.call(context(r#"{"page":0}"#));
    leader.wait(0);
    // The first is on its way: it does not have the follower's values, and the next one does.
    let call = say(&mut follower, &mut leader);
    for page in 1..4 {
        leader.call(context(&format!(r#"{{"page":{page}}}"#)));
        take(&mut leader);
        gossip(&mut [&mut leader, &mut follower]);
        assert_eq!(follower.resolved(call), page >= 2, "{page} {:?}", sent(&leader));
        leader.wait(1_000);
    }
    assert_eq!(sent(&leader)[1], r#"{"context":{"n":1,"page":1}}"#);
}

#[test]
fn who_asks_while_the_last_values_are_on_their_way_is_answered_with_them() {
    let (mut leader, mut follower) = pair();
    let call = follower.call(context(r#"{"n":1}"#));
    follower.wait(0);
    let told = follower.browser.borrow().last_of("values");
    leader.hear(&told);
    leader.wait(0);
    gossip(&mut [&mut leader, &mut follower]);
    leader.wait(0);
    let sends = sent(&leader).len();
    for _ in 0..2 {
        take(&mut leader);
        leader.wait(1_000);
    }
    gossip(&mut [&mut leader, &mut follower]);
    assert!(sends == 1 && follower.resolved(call), "{sends}");
}

#[test]
fn who_leads_no_more_neither_answers_nor_asks_for_the_tabs_that_asked_it() {
    let (mut leader, mut follower) = pair();
    let own = leader.call(context(r#"{"m":2}"#));
    let theirs = say(&mut follower, &mut leader);
    let before = leader.settled.len();
    leader.page(PageEvent::Cached);
    follower.grant_lead();
    follower.connected(full());
    leader.grant = false;
    leader.page(PageEvent::Restored);
    let mut taken = 0;
    for _ in 0..6 {
        leader.wait(1_000);
        follower.wait(1_000);
        gossip(&mut [&mut leader, &mut follower]);
        if sent(&follower).len() > taken {
            taken += 1;
            take(&mut follower);
        }
    }
    assert!(leader.resolved(own) && follower.resolved(theirs));
    assert_eq!(leader.settled.len(), before + 1, "no call of its own has the number of theirs");
}

#[test]
fn what_the_backend_refuses_is_refused_to_the_follower_who_said_it() {
    let (mut leader, mut follower) = pair();
    let call = say(&mut follower, &mut leader);
    leader.wait(0);
    let (op, _) = leader.action(is_update).expect("sent");
    leader.perform(op, Err(Error::new(Code::ValidationError, "no")));
    gossip(&mut [&mut leader, &mut follower]);
    assert_eq!(follower.refusal(call), Some("validation_error"));
}

#[test]
fn a_follower_says_again_to_the_next_leader_what_the_last_one_did_not_confirm() {
    let (mut leader, mut follower) = pair();
    let mut third = Tab::new(&leader.browser);
    third.call(Call::Boot);
    gossip(&mut [&mut leader, &mut follower, &mut third]);
    let call = third.call(context(r#"{"n":1}"#));
    third.wait(0);
    gossip(&mut [&mut leader, &mut follower, &mut third]);
    leader.wait(0);
    leader.kill();
    follower.grant_lead();
    gossip(&mut [&mut follower, &mut third]);
    follower.connected(full());
    follower.wait(0);
    gossip(&mut [&mut follower, &mut third]);
    third.wait(1_000);
    gossip(&mut [&mut follower, &mut third]);
    assert!(third.waits(call));
    for _ in 0..2 {
        take(&mut follower);
        gossip(&mut [&mut follower, &mut third]);
        follower.wait(1_000);
    }
    assert!(third.resolved(call));
}

#[test]
fn a_follower_that_takes_the_lead_sends_what_it_had_told() {
    let (mut leader, mut follower) = pair();
    let call = say(&mut follower, &mut leader);
    leader.kill();
    follower.grant_lead();
    follower.connected(full());
    follower.wait(1_000);
    assert!(follower.waits(call));
    take(&mut follower);
    assert!(follower.resolved(call));
}

#[test]
fn a_follower_that_was_away_as_its_values_were_sent_hears_of_it_all_the_same() {
    let (mut leader, mut follower) = pair();
    let call = say(&mut follower, &mut leader);
    follower.page(PageEvent::Cached);
    leader.wait(0);
    take(&mut leader);
    gossip(&mut [&mut leader]);
    assert!(follower.waits(call));
    follower.page(PageEvent::Restored);
    follower.wait(0);
    gossip(&mut [&mut leader, &mut follower]);
    follower.wait(1_000);
    gossip(&mut [&mut leader, &mut follower]);
    leader.wait(1_000);
    take(&mut leader);
    gossip(&mut [&mut leader, &mut follower]);
    assert!(follower.resolved(call));
}

#[test]
fn without_a_conversation_the_leader_holds_a_followers_values_too() {
    let browser = browser();
    let (mut leader, mut follower) = (Tab::booted(&browser), Tab::booted(&browser));
    gossip(&mut [&mut leader, &mut follower]);
    let call = say(&mut follower, &mut leader);
    assert!(follower.resolved(call));
}

#[test]
fn a_followers_values_that_went_with_the_request_of_the_conversation_are_sent() {
    let browser = browser();
    let (mut leader, mut follower) = (Tab::booted(&browser), Tab::booted(&browser));
    gossip(&mut [&mut leader, &mut follower]);
    leader.send("first", "m1");
    gossip(&mut [&mut leader, &mut follower]);
    let call = say(&mut follower, &mut leader);
    assert!(follower.waits(call));
    leader.connected(full());
    let (op, _) = leader.action(|action| matches!(action, Action::RequestChat(_))).expect("requested");
    leader.perform(op, Ok(Performed::Requested("chat".into())));
    leader.wait(0);
    gossip(&mut [&mut leader, &mut follower]);
    assert!(follower.resolved(call) && sent(&leader).is_empty());
}

#[test]
fn another_tabs_values_take_nothing_from_what_a_follower_has_still_to_say() {
    let (mut leader, mut follower) = pair();
    say(&mut follower, &mut leader);
    leader.wait(0);
    take(&mut leader);
    gossip(&mut [&mut leader, &mut follower]);
    // No more than one a second: this one waits, and something newer is said elsewhere meanwhile.
    let call = follower.call(context(r#"{"n":2,"m":2}"#));
    leader.call(context(r#"{"n":3}"#));
    leader.wait(1_000);
    take(&mut leader);
    gossip(&mut [&mut leader, &mut follower]);
    follower.wait(1_000);
    gossip(&mut [&mut leader, &mut follower]);
    leader.wait(1_000);
    take(&mut leader);
    gossip(&mut [&mut leader, &mut follower]);
    assert_eq!(sent(&leader).last().map(String::as_str), Some(r#"{"context":{"m":2,"n":3}}"#));
    assert!(follower.resolved(call));
}

#[test]
fn what_a_leader_did_not_heed_before_its_proof_is_said_again() {
    let (browser, mut leader, mut follower) = pair_of_a();
    let mut next = Tab::new(&browser);
    next.call(Call::BootAs(user("A")));
    leader.kill();
    follower.grant = false;
    follower.kill(); // its place in line goes; it still hears
    follower.gone = false;
    next.grant_lead();
    next.token("token-of-A");
    gossip(&mut [&mut next, &mut follower]);
    let call = say(&mut follower, &mut next);
    next.receive(vec![echo(1, "first", Some("key-first"))]);
    next.connected(full());
    gossip(&mut [&mut next, &mut follower]);
    next.wait(2_000);
    assert!(sent(&next).iter().any(|values| values.contains(r#""n":1"#)), "{:?}", sent(&next));
    assert!(follower.waits(call));
    take(&mut next);
    gossip(&mut [&mut next, &mut follower]);
    assert!(follower.resolved(call));
}
