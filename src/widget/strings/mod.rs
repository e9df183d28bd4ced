//! Every word the widget says, in one table; the page's `messages` replace them by key. Not: other languages, which
//! come as tables of the same keys.

mod en;

use crate::message::Party;

pub(super) use en::EN;

/// The words in use.
pub(super) struct Strings {
    own: Vec<(String, String)>,
}

impl Strings {
    /// English, with the page's own words in the place of some.
    pub(super) fn new(own: Vec<(String, String)>) -> Strings {
        Strings { own }
    }

    /// The words of a key; the key itself when there are none, which a test excludes.
    pub(super) fn of<'a>(&'a self, key: &'a str) -> &'a str {
        for (name, words) in &self.own {
            if name == key {
                return words;
            }
        }
        EN.iter().find(|row| row.0 == key).map_or(key, |row| row.1)
    }

    /// What somebody is called.
    pub(super) fn name<'a>(&'a self, party: &'a Party) -> &'a str {
        if party.name.is_empty() { self.of("agent") } else { &party.name }
    }

    /// The words of a key with its one `{…}` filled in.
    pub(super) fn fill(&self, key: &str, value: &str) -> String {
        let words = self.of(key);
        let mut filled = String::new();
        let mut inside = false;
        for letter in words.chars() {
            match letter {
                '{' => {
                    filled.push_str(value);
                    inside = true;
                }
                '}' => inside = false,
                letter if !inside => filled.push(letter),
                _ => {}
            }
        }
        filled
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pages_words_win_and_a_value_is_filled_in() {
        let strings = Strings::new(vec![("joined".into(), "{name} ist da".into()), ("send".into(), "Senden".into())]);
        assert_eq!(strings.fill("joined", "Maya"), "Maya ist da");
        assert_eq!(strings.fill("left", "Maya"), "Maya left the chat");
        assert_eq!(strings.of("send"), "Senden");
        assert_eq!(Strings::new(vec![("left".into(), "} weg {".into())]).fill("left", "Maya"), " weg Maya");
    }

    #[test]
    fn every_key_stands_once_and_no_text_shouts() {
        for (place, (key, words)) in EN.iter().enumerate() {
            assert!(EN.iter().skip(place + 1).all(|row| row.0 != *key), "{key} stands twice");
            assert!(!words.is_empty() && !words.contains('!'), "{key}");
        }
    }
}
