//! Exchanges recorded with real servers, played to the transport: Java CometD 5, 7 and 8, Node CometD, faye. Not: the
//! rules one by one (`wire_bayeux` and its neighbours).

#![allow(clippy::unwrap_used)] // also in what the tests call

mod wire_rig;

use support_chat::transport::{ChatEventKind, ClosedReason, Event};
use wire_rig::recorded::{Replay, Step, steps};

fn is_connected(event: &Event) -> bool {
    matches!(event, Event::Connected(..))
}

fn is_interrupted(event: &Event) -> bool {
    matches!(event, Event::Interrupted { .. })
}

fn is_closed(event: &Event) -> bool {
    matches!(event, Event::Closed(_))
}

/// The steps before the recorded client's message with this id.
fn until(steps: Vec<(u64, Step)>, id: &str) -> Vec<(u64, Step)> {
    let place = steps.iter().position(|(_, step)| match step {
        Step::Client(messages) => messages.iter().any(|message| message["id"] == id),
        _ => false,
    });
    steps[..place.unwrap()].to_vec()
}

/// How many of the played events reached the session, in order.
fn received(replay: &Replay) -> Vec<u64> {
    let mut indices = Vec::new();
    for event in &replay.told {
        if let Event::Received(events) = event {
            indices.extend(events.iter().filter_map(|event| match &event.kind {
                ChatEventKind::Entry(entry) => Some(entry.index),
                _ => None,
            }));
        }
    }
    indices
}

/// Some recordings mix in a second client; its ids start with `o`.
fn of_another(step: &Step) -> bool {
    let (Step::Client(messages) | Step::Server(messages)) = step else { return false };
    messages
        .iter()
        .any(|message| message["id"].as_str().is_some_and(|id| id.starts_with('o')) && message.get("data").is_none())
        || matches!(step, Step::Client(messages) if messages[0]["id"].as_str().is_some_and(|id| id.starts_with('o')))
}

fn undisturbed(replay: &Replay) {
    assert_eq!(
        (replay.count(is_connected), replay.count(is_interrupted), replay.count(is_closed)),
        (1, 0, 0),
        "{:?}",
        replay.told
    );
}

#[test]
fn java8_a_session_removed_under_a_held_connect_on_a_socket() {
    let mut replay = Replay::new(true);
    replay.play(&steps("java8-removed.txt", "WS: the session is removed while", &["A"]));
    undisturbed(&replay);
    assert_eq!(received(&replay), [1], "the new session is alive");
    assert_eq!(replay.unpaired(), ["/meta/connect"]);
}

#[test]
fn java8_a_session_removed_under_a_held_connect_on_long_polling() {
    let mut replay = Replay::new(false);
    replay.play(&until(steps("java8-removed.txt", "LP: the same", &["B"]), "7"));
    undisturbed(&replay);
    assert_eq!(replay.unpaired(), Vec::<&str>::new(), "it waits for the advised interval");
    replay.rig.pass(2_000);
    replay.sort();
    assert_eq!(replay.unpaired(), ["/meta/connect"]);
}

#[test]
fn java8_a_connect_in_a_removed_session_is_followed_by_a_handshake() {
    let mut replay = Replay::new(true);
    replay.play(&steps("java8-removed.txt", "WS: removed while no connect", &["C"]));
    assert_eq!(replay.unpaired(), ["/meta/handshake"]);
    undisturbed(&replay);
}

#[test]
fn java8_a_restart_is_found_by_the_first_connect_on_the_new_line() {
    for (sockets, section, connections) in
        [(true, "WS: removed and the wire cut", ["D", "D2"]), (false, "LP: removed and the wire cut", ["E", "E2"])]
    {
        let mut replay = Replay::new(sockets);
        replay.play(&steps("java8-removed.txt", section, &connections));
        assert_eq!(replay.unpaired(), ["/meta/handshake"]);
        assert_eq!(replay.count(is_interrupted), 1);
    }
}

#[test]
fn java8_a_cut_wire_leaves_the_session_alive() {
    for (sockets, section, connections) in
        [(true, "WS: only the wire is cut", ["F", "F2"]), (false, "LP: only the wire is cut", ["G", "G2"])]
    {
        let mut replay = Replay::new(sockets);
        let steps = steps("java8-removed.txt", section, &connections);
        replay.play(&steps);
        assert_eq!((replay.count(is_connected), replay.count(is_interrupted)), (2, 1));
        assert_eq!(replay.unpaired(), ["/meta/connect"]);
    }
}

#[test]
fn java8_a_server_that_stops_answers_the_held_request_with_500() {
    let mut replay = Replay::new(false);
    replay.play(&steps("java8-removed.txt", "SIGTERM", &["J"]));
    assert!(replay.told.contains(&Event::Interrupted { retry_after: None, reason: "http" }));
    replay.connect_again();
    assert_eq!(replay.unpaired(), ["/meta/connect"], "and asks again in the same session");
}

#[test]
fn java8_a_publish_in_a_removed_session_is_where_the_official_client_gets_stuck() {
    let mut replay = Replay::new(true);
    replay.play(&steps("off-java8-ws-remove.txt", "", &["WS#1"]));
    undisturbed(&replay);
    assert_eq!(replay.unpaired(), ["/meta/handshake"]);
}

#[test]
fn java8_two_sessions_of_one_browser_after_a_reload() {
    let mut replay = Replay::new(false);
    replay.play(&until(steps("java8-reload-lp.txt", "LP page reload: the held request", &["B"]), "8"));
    undisturbed(&replay);
    // The recorded client goes on at once and needs a connect of its own to be rid of the advice; ours asks each time.
    assert_eq!(replay.unpaired(), Vec::<&str>::new());
    replay.rig.pass(2_000);
    assert_eq!(replay.rig.posted().1[0]["advice"]["timeout"], 0);
}

#[test]
fn java_and_node_a_server_that_is_killed_and_comes_back() {
    let recordings: [(&str, bool, &[&str]); 3] = [
        ("off-java-restart.txt", true, &["WS"]),
        ("off-java8-restart.txt", true, &["WS#1", "WS#2", "WS#3"]),
        ("off-node-restart.txt", false, &["XHR"]),
    ];
    for (file, sockets, connections) in recordings {
        let mut replay = Replay::new(sockets);
        let steps = steps(file, "", connections);
        let last = steps.iter().position(
            |(_, step)| matches!(step, Step::Client(messages) if messages[0]["channel"] == "/meta/disconnect"),
        );
        for step in &steps[..last.unwrap()] {
            replay.play(std::slice::from_ref(step));
            // A socket that is refused sends our client to long-polling, where nobody listens either.
            if sockets {
                replay.fail_requests();
            }
        }
        assert_eq!((replay.count(is_connected), replay.count(is_closed)), (2, 0), "{file}");
        assert_eq!(received(&replay), Vec::from_iter(1..=replay.played), "{file}");
        assert_eq!(replay.unpaired(), Vec::<&str>::new(), "{file}");
    }
}

#[test]
fn node_has_no_sockets_and_says_so_with_404() {
    let mut replay = Replay::new(true);
    replay.play(&until(steps("off-node-lp.txt", "", &["WS", "XHR"]), "8"));
    undisturbed(&replay);
    assert_eq!(replay.unpaired(), Vec::<&str>::new());
}

#[test]
fn a_socket_that_stays_mute_is_given_up() {
    let mut replay = Replay::new(true);
    let mute = steps("hangB.txt", "", &["WS"]);
    replay.play(&mute[..2]);
    assert_eq!(replay.unpaired(), Vec::<&str>::new());
    replay.rig.pass(5_000);
    replay.sort();
    assert_eq!(replay.unpaired(), ["/meta/handshake"], "on long-polling");
    assert_eq!((replay.rig.socket, replay.rig.requests.len()), (None, 1));
}

#[test]
fn a_server_that_offers_long_polling_only_gets_no_request_with_the_sockets_client_id() {
    let mut replay = Replay::new(true);
    let steps = steps("hangC.txt", "", &["WS", "XHR"]);
    let own =
        steps.iter().position(|(_, step)| matches!(step, Step::Client(messages) if messages[0]["id"] == "5")).unwrap();
    let end =
        steps.iter().position(|(_, step)| matches!(step, Step::Client(messages) if messages[0]["id"] == "10")).unwrap();
    replay.play(&steps[..3]);
    replay.play(&steps[own..end]);
    undisturbed(&replay);
    assert_eq!(replay.unpaired(), Vec::<&str>::new());
}

#[test]
fn faye_and_java_order_events_differently_and_nothing_is_lost() {
    for (file, events) in [("faye-lp.txt", 4), ("java-lp.txt", 4), ("java8-lp.txt", 4), ("node-lp.txt", 4)] {
        let mut replay = Replay::new(false);
        for section in [
            "handshake with Origin",
            "connect advice",
            "batch",
            "held, times out",
            "held; woken by own",
            "held; woken by ANOTHER",
        ] {
            let mut part = steps(file, section, &[""]);
            // The sections "batch …" of Java 8 send what no client should.
            part.retain(|(_, step)| !of_another(step));
            part.retain(|(_, step)| !matches!(step, Step::Client(messages) if messages.len() > 1 && messages.iter().any(|message| message["channel"] == "/meta/connect")));
            replay.play(&part);
        }
        undisturbed(&replay);
        assert!(replay.played >= events, "{file}: {}", replay.played);
        assert_eq!(received(&replay), Vec::from_iter(1..=replay.played), "{file}");
    }
}

#[test]
fn faye_goes_on_with_the_session_on_a_new_socket() {
    let mut replay = Replay::new(true);
    replay.play(&until(steps("faye-ws.txt", "", &["B", "C"]), "7"));
    assert_eq!((replay.count(is_connected), replay.count(is_interrupted)), (2, 1));
    assert_eq!(received(&replay), [1, 2]);
}

#[test]
fn a_refused_handshake_ends_it_where_the_advice_is_none_and_else_is_an_interruption() {
    for (file, connection, ends) in [("java8-lp.txt", "x", true), ("node-lp.txt", "", true), ("faye-lp.txt", "", false)]
    {
        let mut replay = Replay::new(false);
        replay.play(&steps(file, "handshake failure", &[connection]));
        if ends {
            assert_eq!(replay.told, [Event::Closed(ClosedReason::Refused)], "{file}");
        } else {
            assert_eq!(replay.told, [Event::Interrupted { retry_after: None, reason: "refused" }], "{file}");
        }
    }
}

#[test]
fn oort7_another_node_does_not_know_the_session() {
    let mut replay = Replay::new(true);
    replay.play(&until(steps("oort7.txt", "two nodes", &["node1"]), "3"));
    replay.cut(1006);
    let moved = steps("oort7.txt", "a client moves", &["moved"]);
    replay.play(&moved[..3]);
    assert_eq!(replay.unpaired(), ["/meta/handshake"]);
}
