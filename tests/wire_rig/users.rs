//! Users, and a page connected as one. Not: a test.

use super::{Rig, Server, connected};
use support_chat::transport::Connect;

pub const TOKEN: &str = "head.body.sign";
pub const HOME: &str = r#"{"visitorSecret":"s","secureKey":"k1","revokePath":"cometd/revoke"}"#;

/// Ann, with her token and what was saved.
pub fn ann(token: &str, resume: Option<&str>) -> Connect {
    Connect {
        user_id: Some("ann".into()),
        token: Some(token.into()),
        resume: resume.map(Into::into),
        ..Connect::default()
    }
}

pub fn connected_as(connect: Connect, server: &mut Server) -> Rig {
    let mut rig = Rig::new(true);
    rig.connect_as(connect);
    rig.settle_with(server);
    assert!(connected(&rig.told()));
    rig
}
