//! The list of a visitor's conversations: of the newest that is not over, what goes on with it. Not: who may see them
//! (the server).

use super::resume::Resume;
use crate::json::Value;
use crate::transport::Found;

/// Reads the reply; what is no conversation, or opens none, is left out.
pub(super) fn read(data: Value<'_>, resume: &Resume) -> Option<Box<Found>> {
    for item in data.items_at("conversations") {
        let Some(mut found) = Found::read(item) else { continue };
        let (Some(key), Some(created_at)) = (item.text_at("secureKey"), item.number_at("createdAt")) else { continue };
        found.created_at = created_at;
        found.unread_count = item.number_at("unreadCount").and_then(|count| u32::try_from(count).ok()).unwrap_or(0);
        let resume = Resume {
            chat_id: Some(found.id.clone()),
            secure_key: Some(key.to_owned()),
            user_id: None,
            alias: None,
            ..resume.clone()
        };
        found.resume = resume.write();
        return Some(found);
    }
    None
}
