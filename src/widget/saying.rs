//! What is said between the core and `panel.js`: views and messages as JSON, gestures as a letter and a text. Lists rather
//! than objects: both sides have the order of the members, here and where `panel.js` reads them. Pure.

use crate::error::Code;
use crate::json::Writer;
use crate::message::{Content, ConversationStatus, Message, Party, Role};
use crate::session::{Banner, ConnectionState, Gesture, Item, View};

/// What the panel says.
#[derive(Debug, PartialEq)]
pub(crate) enum Said<'a> {
    /// The visitor did something.
    Gesture(Gesture),
    /// It is to be drawn again in the next frame.
    Redraw,
    /// For the log; nothing that people wrote.
    Log(&'a str),
}

/// Reads it; `None` for what the panel never says.
pub(crate) fn heard(said: &str) -> Option<Said<'_>> {
    let (letter, text) = said.split_at_checked(1)?;
    Some(Said::Gesture(match letter.as_bytes() {
        b"s" => Gesture::Send(text.to_owned()),
        b"d" => Gesture::Draft(text.to_owned()),
        b"r" => Gesture::Retry(text.to_owned()),
        b"x" => Gesture::Discard(text.to_owned()),
        b"b" => Gesture::AtEnd(true),
        b"u" => Gesture::AtEnd(false),
        b"c" => Gesture::Close,
        b"n" => Gesture::StartNew,
        b"e" => Gesture::EndChat,
        b"o" => Gesture::Reconnect,
        b"w" => return Some(Said::Redraw),
        b"l" => return Some(Said::Log(text)),
        _ => return None,
    }))
}

/// All but the rows.
pub(super) fn view(view: &View<'_>) -> String {
    let look = view.look;
    let connected = !matches!(view.connection.state, ConnectionState::Reconnecting | ConnectionState::Disconnected);
    let mut out = Writer::new();
    out.array().boolean(look.open && look.shown);
    // Above the launcher, which the panel covers on phones.
    out.number(look.z_index.saturating_add(1).max(0) as u64);
    out.string(&look.theme).number(look.theme_revision.into()).number(view.generation.into());
    out.string(view.status.name());
    // Who answered last, once it is over.
    let spoke = |item: &&Item| {
        item.message.party.role != Role::Visitor && matches!(item.message.content, Content::Text(_) | Content::Url(_))
    };
    let last = match view.status {
        ConversationStatus::Ended => view.items.iter().rev().find(spoke).map(|item| &item.message.party),
        _ => None,
    };
    party(&mut out, view.agent.or(last));
    party(&mut out, view.typing);
    out.number(view.unread.into());
    match view.marker {
        Some(marker) => out.number(marker.into()),
        None => out.raw("null"),
    };
    out.string(view.draft).number(view.draft_revision.into());
    // The end of the name of its words.
    out.string(match view.banner {
        None => "",
        Some(Banner::Reconnecting) => "Reconnecting",
        Some(Banner::Offline) => "Offline",
        Some(Banner::Refused) => "Refused",
        Some(Banner::CookiesBlocked) => "Cookies",
    });
    out.string(match view.unsent {
        Some(Code::MessageInvalid) => "Long",
        Some(Code::RateLimited) => "Full",
        _ => "",
    });
    out.boolean(view.loading).boolean(view.writable).boolean(connected);
    // The visitor's newest message.
    let newest = view.items.iter().rposition(|item| {
        item.message.party.role == Role::Visitor && matches!(item.message.content, Content::Text(_) | Content::Url(_))
    });
    out.number(newest.unwrap_or(usize::MAX) as u64).end_array();
    out.finish()
}

/// The keys of all rows in order, and then their revisions.
pub(super) fn rows(items: &[Item]) -> Vec<u32> {
    let mut list = Vec::with_capacity(2 * items.len());
    for item in items {
        list.push(item.key);
    }
    for item in items {
        list.push(item.revision);
    }
    list
}

/// One message.
pub(super) fn item(message: &Message) -> String {
    let (kind, words) = match &message.content {
        Content::Text(words) => ("text", words.as_str()),
        Content::Url(words) => ("url", words.as_str()),
        Content::Notice(words) => ("notice", words.as_str()),
        Content::Joined => ("joined", ""),
        Content::Left => ("left", ""),
        Content::Other(_) => ("unsupported", ""),
    };
    let mut out = Writer::new();
    out.array().string(message.client_message_id.as_deref().unwrap_or(&message.id));
    out.boolean(message.party.role == Role::Visitor).string(kind).string(words);
    who(&mut out, &message.party);
    out.string(&message.party.id).number(message.created_at).string(message.status.name()).end_array();
    out.finish()
}

/// Somebody, or nobody.
fn party(out: &mut Writer, party: Option<&Party>) {
    match party {
        Some(party) => {
            out.array();
            who(out, party);
            out.end_array();
        }
        None => {
            out.raw("null");
        }
    }
}

/// Name and picture.
fn who(out: &mut Writer, party: &Party) {
    out.string(&party.name).string(party.avatar_url.as_deref().unwrap_or(""));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json;
    use crate::message::Status;
    use crate::widget::sample::{self, Scene};

    #[test]
    fn what_the_panel_says_is_understood() {
        let gesture = |said| match heard(said) {
            Some(Said::Gesture(gesture)) => Some(gesture),
            _ => None,
        };
        assert_eq!(gesture("shi\nyou"), Some(Gesture::Send("hi\nyou".into())));
        assert_eq!(gesture("d"), Some(Gesture::Draft(String::new())));
        assert_eq!(gesture("xc2"), Some(Gesture::Discard("c2".into())));
        assert_eq!((gesture("b"), gesture("u")), (Some(Gesture::AtEnd(true)), Some(Gesture::AtEnd(false))));
        assert_eq!((heard("w"), heard("lwords")), (Some(Said::Redraw), Some(Said::Log("words"))));
        for nonsense in ["", "?", "é", "Send"] {
            assert_eq!(heard(nonsense), None, "{nonsense}");
        }
    }

    #[test]
    fn a_view_is_a_list_in_the_order_panel_js_reads() {
        let source = include_str!("panel.js");
        let (_, names) = source.split_once("const viewOf = (text, list) => {\n    const [").unwrap_or_default();
        let (names, _) = names.split_once("] =").unwrap_or_default();
        let names: Vec<&str> = names.split(", ").collect();
        let mut scene = Scene::open(vec![sample::agent(1, "a", 0), sample::visitor(2, "b", 0, Status::Sent)]);
        scene.draft = "\"".into();
        let text = view(&scene.view());
        let document = json::parse(&text).unwrap();
        let values: Vec<&str> = document.root().items().map(|value| value.raw()).collect();
        assert_eq!(values.len(), names.len());
        let of = |name: &str| names.iter().position(|known| *known == name).map(|at| values[at]);
        assert_eq!(of("open"), Some("true"));
        assert_eq!(of("zIndex"), Some("11"));
        assert_eq!(of("status"), Some(r#""active""#));
        assert_eq!(of("agent"), Some(r#"["Maya Keller",""]"#));
        assert_eq!(of("typing"), Some("null"));
        assert_eq!(of("draft"), Some(r#""\"""#));
        assert_eq!(of("draftRevision"), Some("1"));
        assert_eq!(of("writable"), Some("true"));
        assert_eq!(of("newest"), Some("1"));
        assert_eq!(of("unsent"), Some(r#""""#));
        assert_eq!(rows(&scene.items), [1, 2, 0, 0]);
    }

    #[test]
    fn words_came_back_for_one_of_two_reasons_or_for_none_worth_a_word() {
        let scene = Scene::open(vec![]);
        for (code, word) in [(Code::MessageInvalid, "Long"), (Code::RateLimited, "Full"), (Code::NotBooted, "")] {
            let mut view = scene.view();
            view.unsent = Some(code);
            let text = super::view(&view);
            assert!(text.contains(&["\"\",\"", word, "\",false,true"].concat()), "{text}");
        }
    }

    #[test]
    fn a_message_is_a_list_too() {
        let message = sample::visitor(2, "b", 5, Status::Failed).message;
        assert_eq!(item(&message), r#"["c2",true,"text","b","Lena","","Lena",5,"failed"]"#);
        let left = sample::notice(3, Content::Left, 5).message;
        assert_eq!(item(&left), r#"["m3",false,"left","","Maya Keller","","Maya Keller",5,"sent"]"#);
    }
}
