//! The end of the transcript as it was last seen, so that a reload draws it at once. Not: the truth; the backend has it.

use super::{Broken, begin, decode, end, id};
use crate::json::Writer;
use crate::transport::event_json::{read_event, write_event};
use crate::transport::{ChatEvent, ChatEventKind, Entry};

/// The most entries that are kept.
const MOST: usize = 50;
/// The most bytes they may take.
const ROOM: usize = 64 * 1024;

/// The last entries of one conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tail {
    /// The backend's id of the conversation.
    pub conversation_id: String,
    /// In order of their indices, each once.
    pub entries: Vec<Entry>,
}

impl Tail {
    /// As text; the oldest entries are left out until it fits.
    pub fn encode(&self) -> String {
        let mut texts: Vec<String> = Vec::new();
        let mut size = 0;
        for entry in self.entries.iter().rev().take(MOST) {
            let mut writer = Writer::new();
            let event = ChatEvent { conversation_id: None, kind: ChatEventKind::Entry(entry.clone()) };
            write_event(&mut writer, &event);
            let text = writer.finish();
            size += text.len() + 1;
            if size > ROOM {
                break;
            }
            texts.push(text);
        }
        let mut writer = begin(1);
        writer.name("conversationId").string(&self.conversation_id).name("events").array();
        for text in texts.iter().rev() {
            writer.raw(text);
        }
        writer.end_array();
        end(writer)
    }

    /// From text. Entries with the same index or key: the first wins. One that cannot be read makes all of it
    /// worthless: a hole in the transcript would never be filled.
    pub fn decode(text: &str) -> Result<Tail, Broken> {
        decode(text, &[], |root| {
            let mut tail = Tail { conversation_id: id(root, "conversationId")?, entries: Vec::new() };
            for value in root.member("events").filter(|events| events.is_array())?.items() {
                let ChatEventKind::Entry(entry) = read_event(value)?.kind else { return None };
                let twice = |other: &Entry| {
                    (entry.index != 0 && other.index == entry.index)
                        || (entry.client_message_id.is_some() && other.client_message_id == entry.client_message_id)
                };
                if !tail.entries.iter().any(twice) {
                    tail.entries.push(entry);
                }
            }
            if tail.entries.len() > MOST { None } else { Some(tail) }
        })
    }
}
