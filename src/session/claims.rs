//! What an identity token says of itself, as far as it can be read. Not: whether it is genuine; only the backend knows.

use crate::json;
use crate::time::Wall;

/// What was found; an opaque token says nothing.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Claims {
    /// `sub`, a number as its digits.
    pub(super) subject: Option<String>,
    /// `exp`, in ms since 1970.
    pub(super) expires: Option<Wall>,
}

/// Reads the middle of a JWT.
pub(super) fn claims(token: &str) -> Claims {
    let mut claims = Claims::default();
    let Some(text) = payload(token) else { return claims };
    let Ok(document) = json::parse(&text) else { return claims };
    let root = document.root();
    if let Some(subject) = root.member("sub") {
        claims.subject = match subject.text() {
            Some(text) => Some(text.to_owned()),
            None => Some(subject.raw().to_owned()),
        };
    }
    claims.expires = root.number_at("exp").map(|seconds| seconds.saturating_mul(1_000));
    claims
}

/// The text between the two dots.
fn payload(token: &str) -> Option<String> {
    let bytes = token.as_bytes();
    let (mut from, mut to, mut dots) = (0, 0, 0);
    for (at, byte) in bytes.iter().enumerate() {
        if *byte == b'.' {
            dots += 1;
            match dots {
                1 => from = at + 1,
                _ => to = at,
            }
        }
    }
    if dots != 2 {
        return None;
    }
    let (mut out, mut bits, mut held) = (Vec::new(), 0, 0_u32);
    for byte in bytes.get(from..to)? {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'-' => 62,
            b'_' => 63,
            b'=' => break,
            _ => return None,
        };
        held = held << 6 | u32::from(value);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            out.push((held >> bits) as u8);
        }
    }
    String::from_utf8(out).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn jwt(payload: &str) -> Claims {
        claims(&["e30.", payload, ".c2lnbmF0dXJl"].concat())
    }

    fn said(subject: Option<&str>, expires: Option<Wall>) -> Claims {
        Claims { subject: subject.map(str::to_owned), expires }
    }

    #[test]
    fn subject_and_expiry_are_read_and_nothing_is_asked_of_the_rest() {
        // {"sub":"u1","exp":1700000000}
        assert_eq!(jwt("eyJzdWIiOiJ1MSIsImV4cCI6MTcwMDAwMDAwMH0"), said(Some("u1"), Some(1_700_000_000_000)));
        // {"sub":7,"exp":1700000000.9}, padded
        assert_eq!(jwt("eyJzdWIiOjcsImV4cCI6MTcwMDAwMDAwMC45fQ=="), said(Some("7"), Some(1_700_000_000_000)));
        // {"name":"Zoë"}
        assert_eq!(jwt("eyJuYW1lIjoiWm_DqyJ9"), said(None, None));
    }

    #[test]
    fn a_token_that_is_no_jwt_is_opaque() {
        for token in ["", "opaque", "a.b", "a.b.c", "a.b.c.d", "..", "a.é.c", "a.eyJzdWIiOiJ1MSI.c", "e30.W10.x"] {
            assert_eq!(claims(token), Claims::default(), "{token}");
        }
    }
}
