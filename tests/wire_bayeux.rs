//! The rules of Bayeux a client must keep, each against a server of the test's own under a fake clock. Not: the chat
//! dialect.

mod wire_rig;

use support_chat::transport::{Capabilities, ConnectionType, Event};
use wire_rig::{Rig, Server};

#[test]
fn a_connection_is_made_and_reported_on_either_carrier() {
    for (sockets, carrier) in [(true, ConnectionType::WebSocket), (false, ConnectionType::LongPolling)] {
        let (mut rig, mut server) = (Rig::new(sockets), Server::ours());
        rig.connect();
        rig.settle_with(&mut server);
        let capabilities = Capabilities::from_bits(15);
        assert_eq!(rig.told().last(), Some(&Event::Connected(capabilities, Some(carrier))));
        assert_eq!(rig.remembered, Some(carrier));
    }
}
