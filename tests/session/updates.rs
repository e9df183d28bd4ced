//! `update()`: merged, coalesced, limited; nothing said is lost, and every promise is answered.

use crate::given::config;
use crate::rig::{Tab, browser, gossip};
use crate::users::{full, only, unproved, user};
use support_chat::error::{Code, Error};
use support_chat::session::{Call, CallId, Config, UpdateLimit, Who};
use support_chat::transport::{Action, Performed, RequestChat};

pub(crate) fn context(text: &str) -> Call {
    Call::Update(Box::new(only("context", text)))
}

pub(crate) fn is_update(action: &Action) -> bool {
    matches!(action, Action::Update(_))
}

/// What was sent, in order.
pub(crate) fn sent(tab: &Tab) -> Vec<String> {
    let all = tab.commands.iter();
    all.filter_map(|command| match command {
        support_chat::transport::Command::Perform(_, Action::Update(text)) => Some(text.clone()),
        _ => None,
    })
    .collect()
}

/// The backend takes the newest.
pub(crate) fn take(tab: &mut Tab) {
    let (op, _) = tab.action(is_update).expect("sent");
    tab.perform(op, Ok(Performed::Done));
}

fn request(tab: &Tab) -> RequestChat {
    match tab.action(|action| matches!(action, Action::RequestChat(_))) {
        Some((_, Action::RequestChat(request))) => *request,
        _ => panic!("no chat was requested"),
    }
}

#[test]
fn a_thousand_calls_at_once_send_the_newest_values_once_and_every_promise_settles() {
    let mut tab = Tab::talking(&browser(), full());
    let calls: Vec<CallId> = (0..1_000).map(|n| tab.call(context(&format!(r#"{{"n":{n}}}"#)))).collect();
    tab.wait(0);
    assert_eq!(sent(&tab), [r#"{"context":{"n":999}}"#]);
    assert!(calls.iter().all(|call| tab.waits(*call)));
    take(&mut tab);
    assert!(calls.iter().all(|call| tab.resolved(*call)));
    tab.wait(60_000);
    assert_eq!(sent(&tab).len(), 1);
}

#[test]
fn a_thousand_calls_over_one_second_are_two_and_the_newest_values_win() {
    let mut tab = Tab::talking(&browser(), full());
    let mut calls = Vec::new();
    for n in 0..1_000 {
        calls.push(tab.call(context(&format!(r#"{{"n":{n}}}"#))));
        tab.wait(1);
        if n == 0 {
            take(&mut tab);
        }
    }
    tab.wait(1_000);
    take(&mut tab);
    assert_eq!(sent(&tab), [r#"{"context":{"n":0}}"#, r#"{"context":{"n":999}}"#]);
    assert!(calls.iter().all(|call| tab.resolved(*call)));
}

#[test]
fn no_more_than_the_limit_leave_in_a_second_and_in_a_minute() {
    let limit = UpdateLimit { per_second: 2, per_minute: 5 };
    let mut tab = Tab::with(&browser(), Config { update_limit: limit, ..config() });
    tab.call(Call::Boot);
    tab.converse("chat", "first");
    let mut at = Vec::new();
    for n in 0..700 {
        tab.call(context(&format!(r#"{{"n":{n}}}"#)));
        let before = sent(&tab).len();
        tab.wait(100);
        if sent(&tab).len() > before {
            at.push((n + 1) / 10);
            take(&mut tab);
        }
    }
    assert_eq!(at, [0, 0, 1, 1, 2, 60, 60, 61, 61, 62]);
}

#[test]
fn values_are_merged_key_by_key_and_null_deletes() {
    let mut tab = Tab::talking(&browser(), full());
    tab.call(context(r#"{"page":"a","plan":"x"}"#));
    let said = r#"{"user":{"traits":{"role":"admin"}},"context":{"plan":null}}"#.to_owned();
    tab.call(Call::Update(Box::new(Who { said, ..Who::default() })));
    tab.wait(0);
    assert_eq!(sent(&tab), [r#"{"user":{"traits":{"role":"admin"}},"context":{"page":"a","plan":null}}"#]);
}

#[test]
fn without_a_conversation_values_are_held_and_go_with_its_request() {
    let mut tab = Tab::with(&browser(), Config { user_data: r#"{"source":"web"}"#.into(), ..config() });
    tab.call(Call::Boot);
    let call = tab.call(context(r#"{"page":"billing","old":1}"#));
    let more = tab.call(context(r#"{"old":null}"#));
    assert!(tab.resolved(call) && tab.resolved(more));
    tab.wait(10_000);
    assert!(sent(&tab).is_empty() && tab.connects().is_empty());
    tab.converse("chat", "first");
    assert_eq!(request(&tab).user_data, r#"{"source":"web","context":{"page":"billing"}}"#);
    assert!(sent(&tab).is_empty());
}

#[test]
fn values_said_without_a_session_are_used_at_the_next_boot() {
    let mut tab = Tab::new(&browser());
    let call = tab.call(context(r#"{"page":"billing"}"#));
    assert!(tab.resolved(call));
    let said = r#"{"user":{"id":"A","name":"Name of A"},"context":{"from":"boot"}}"#.to_owned();
    tab.call(Call::BootAs(Box::new(Who { said, ..*unproved("A") })));
    tab.connected(full());
    tab.converse("chat", "first");
    let data = r#"{"user":{"id":"A","name":"Name of A"},"context":{"page":"billing","from":"boot"}}"#;
    assert_eq!((request(&tab).user_data.as_str(), request(&tab).nickname.as_str()), (data, "Name of A"));
}

#[test]
fn nothing_said_of_one_user_is_said_of_the_next() {
    let mut tab = Tab::known(&browser(), "A");
    tab.call(context(r#"{"secret":"of A"}"#));
    tab.call(Call::Shutdown { clear_storage: false });
    tab.call(Call::BootAs(user("B")));
    tab.prove("B");
    tab.converse("chat", "first");
    assert_eq!(request(&tab).user_data, r#"{"user":{"id":"B","name":"Name of B"}}"#);
    // Said without a session, and then logged out.
    let mut tab = Tab::new(&browser());
    tab.call(context(r#"{"secret":"of A"}"#));
    tab.call(Call::Shutdown { clear_storage: false });
    tab.call(Call::Boot);
    tab.converse("chat", "first");
    assert_eq!(request(&tab).user_data, "{}");
}

#[test]
fn on_an_anonymous_session_a_user_id_is_an_unverified_attribute() {
    let mut tab = Tab::talking(&browser(), full());
    tab.call(Call::Update(unproved("A")));
    tab.wait(0);
    assert_eq!(sent(&tab), [r#"{"user":{"id":"A","name":"Name of A"}}"#]);
    assert_eq!(tab.who(), (None, false));
}

#[test]
fn more_than_sixteen_kilobytes_are_refused() {
    let mut tab = Tab::talking(&browser(), full());
    let big = tab.call(context(&format!(r#"{{"a":"{}"}}"#, "x".repeat(17_000))));
    assert_eq!(tab.refusal(big), Some("validation_error"));
    let half = format!(r#"{{"a":"{}"}}"#, "x".repeat(9_000));
    let first = tab.call(context(&half));
    let second = tab.call(context(&half.replace("\"a\"", "\"b\"")));
    assert!(tab.waits(first));
    assert_eq!(tab.refusal(second), Some("validation_error"));
}

#[test]
fn what_was_taken_back_takes_no_room_for_good() {
    for mut tab in [Tab::new(&browser()), Tab::booted(&browser()), Tab::talking(&browser(), full())] {
        for page in 0..700 {
            let call = tab.call(context(&format!(
                r#"{{"product_no_{page}_was_seen":true,"product_no_{}_was_seen":null}}"#,
                page - 1
            )));
            tab.wait(3_000);
            if tab.waits(call) {
                take(&mut tab);
            }
            assert!(tab.resolved(call), "{page} {:?}", tab.refusal(call));
        }
    }
}

#[test]
fn a_thousand_things_are_said_again_in_no_time() {
    let mut tab = Tab::talking(&browser(), full());
    let began = std::time::Instant::now();
    for n in 0..20 {
        let things: Vec<String> = (0..1_000).map(|thing| format!(r#""{thing}":{n}"#)).collect();
        tab.call(context(&format!("{{{}}}", things.join(","))));
    }
    assert!(began.elapsed().as_secs() < 5, "a page would stand still: {:?}", began.elapsed());
}

#[test]
fn values_of_unknown_fate_are_sent_again_after_a_loss() {
    let mut tab = Tab::talking(&browser(), full());
    let call = tab.call(context(r#"{"n":1}"#));
    tab.wait(0);
    tab.interrupted();
    let newer = tab.call(context(r#"{"m":2}"#));
    assert!(tab.waits(call) && tab.waits(newer));
    tab.wait(1_500);
    tab.connected(full());
    tab.wait(0);
    assert_eq!(sent(&tab).last().map(String::as_str), Some(r#"{"context":{"n":1,"m":2}}"#));
    take(&mut tab);
    assert!(tab.resolved(call) && tab.resolved(newer));
}

#[test]
fn a_backend_that_says_too_often_is_asked_later_and_a_refusal_reaches_the_caller() {
    let mut tab = Tab::talking(&browser(), full());
    let call = tab.call(context(r#"{"n":1}"#));
    tab.wait(0);
    let (op, _) = tab.action(is_update).expect("sent");
    tab.perform(op, Err(Error::new(Code::RateLimited, "slow down")));
    assert!(tab.waits(call));
    tab.wait(4_999);
    assert_eq!(sent(&tab).len(), 1, "not before its time");
    tab.wait(1);
    assert_eq!(sent(&tab).len(), 2);
    let (op, _) = tab.action(is_update).expect("sent again");
    tab.perform(op, Err(Error::new(Code::ValidationError, "no")));
    assert_eq!(tab.refusal(call), Some("validation_error"));
}

#[test]
fn what_the_last_leader_may_not_have_sent_the_next_one_sends() {
    let browser = browser();
    let mut leader = Tab::talking(&browser, full());
    let mut follower = Tab::new(&browser);
    follower.call(Call::Boot);
    gossip(&mut [&mut leader, &mut follower]);
    leader.call(context(r#"{"n":1}"#));
    leader.wait(0);
    gossip(&mut [&mut leader, &mut follower]);
    leader.kill();
    follower.grant_lead();
    follower.connected(full());
    follower.wait(0);
    assert_eq!(sent(&follower), [r#"{"context":{"n":1}}"#]);
}
