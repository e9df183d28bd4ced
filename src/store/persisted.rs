//! WHAT the stored strings say: one entry per fact, never one blob, each with its version. Not: who keeps them
//! (`Store`), nor when they are written (`session`).
//!
//! | name | writer | says |
//! |---|---|---|
//! | `session` | leader | [`SavedSession`] |
//! | `outbox:<clientMessageId>` | author | [`OutboxEntry`]; the leader removes it |
//! | `read` | any tab, merged by max | [`ReadMark`] |
//! | `draft` | any tab, the highest counter wins | [`Draft`] |
//! | `ui` | any tab | [`Ui`] |
//! | `consent` | any tab | [`Consent`] |
//! | `tail` | leader | [`Tail`] |
//! | `epoch` | logout and change of user | a bare number |
//! | `term` | each new leader | a bare number |
//! | `tombstone` | logout | [`Tombstone`] |

mod outbox;
mod session;
mod small;
mod tail;

pub use outbox::OutboxEntry;
pub use session::{SavedConversation, SavedSession};
pub use small::{Consent, Draft, ReadMark, Tombstone, Ui, decode_number, encode_number};
pub use tail::Tail;

use crate::json::{Fields, Form, Value, parse};

/// Name of the entry that holds [`SavedSession`].
pub const SESSION: &str = "session";
/// What the names of [`OutboxEntry`] begin with.
pub const OUTBOX: &str = "outbox:";
/// Name of the entry that holds [`ReadMark`].
pub const READ: &str = "read";
/// Name of the entry that holds [`Draft`].
pub const DRAFT: &str = "draft";
/// Name of the entry that holds [`Ui`].
pub const UI: &str = "ui";
/// Name of the entry that holds [`Consent`].
pub const CONSENT: &str = "consent";
/// Name of the entry that holds [`Tail`].
pub const TAIL: &str = "tail";
/// Name of the entry that holds an anonymous visitor's [`SavedSession`] while a user is live.
pub const ASIDE: &str = "aside";
/// Name of the entry that counts logouts.
pub const EPOCH: &str = "epoch";
/// Name of the entry that counts leaders.
pub const TERM: &str = "term";
/// Name of what the transport keeps about connection types; read by nobody else.
pub const LINK: &str = "link";
/// Name of the entry that holds [`Tombstone`].
pub const TOMBSTONE: &str = "tombstone";

/// Longer entries are not ours: the longest we write is a tail.
const LONGEST: usize = 256 * 1024;

/// Why an entry cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Broken {
    /// Not JSON, cut short, of the wrong shape, too long: to be removed and logged; the rest is used.
    NotOurs,
    /// Written by a newer version: to be left untouched, and memory used instead of the store.
    Newer,
}

/// From one version's JSON to the next one's, without looking anywhere else.
type Step = fn(Value<'_>) -> Option<String>;

/// Reads an entry of any version up to the current one, which is one more than there are steps.
fn decode(text: &str, steps: &[Step], into: &mut dyn Fields) -> Result<(), Broken> {
    if text.len() > LONGEST {
        return Err(Broken::NotOurs);
    }
    let document = parse(text).map_err(|_| Broken::NotOurs)?;
    let version = document.root().number_at("v").filter(|version| *version > 0).ok_or(Broken::NotOurs)?;
    let missing = usize::try_from(version - 1).ok().and_then(|done| steps.get(done..)).ok_or(Broken::Newer)?;
    let good = match missing.split_first() {
        None => Form::read(document.root(), into),
        Some((step, _)) => match step(document.root()) {
            Some(next) => return decode(&next, steps, into),
            None => false,
        },
    };
    if good { Ok(()) } else { Err(Broken::NotOurs) }
}

/// Writes an entry of the first version.
fn encode(from: &mut dyn Fields) -> String {
    let mut form = Form::writing();
    form.number("v", &mut 1);
    from.fields(&mut form);
    form.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::Writer;

    #[derive(Default)]
    struct Book(String);

    impl Fields for Book {
        fn fields(&mut self, form: &mut Form<'_>) {
            form.text("title", &mut self.0);
        }
    }

    fn titled(version: u64, title: &str) -> Option<String> {
        let mut writer = Writer::new();
        writer.object().name("v").number(version).name("title").string(title).end_object();
        Some(writer.finish())
    }

    #[test]
    fn older_entries_are_migrated_step_by_step() {
        // Version 1 had `name`, version 2 calls it `title`, version 3 has it in capitals.
        let steps: [Step; 2] =
            [|root| titled(2, root.text_at("name")?), |root| titled(3, &root.text_at("title")?.to_uppercase())];
        let read = |text: &str| {
            let mut book = Book::default();
            decode(text, &steps, &mut book).map(|()| book.0)
        };
        assert_eq!(read(r#"{"v":1,"name":"a"}"#), Ok("A".into()));
        assert_eq!(read(r#"{"v":2,"title":"b"}"#), Ok("B".into()));
        assert_eq!(read(r#"{"v":3,"title":"c"}"#), Ok("c".into()));
        assert_eq!(read(r#"{"v":4,"title":"d"}"#), Err(Broken::Newer));
        for bad in [r#"{"v":0,"name":"a"}"#, r#"{"v":1,"title":"a"}"#, r#"{"v":2,"name":"a"}"#] {
            assert_eq!(read(bad), Err(Broken::NotOurs), "{bad}");
        }
    }
}
