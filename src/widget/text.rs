//! What is read out of people's words: links, initials, and whether they are emoji alone. Pure; text stays text.
//! Not: how it is drawn (`row.rs`).

/// A piece of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Piece<'a> {
    /// The words as they were written.
    pub(super) text: &'a str,
    /// Where they lead; only ever `http:`, `https:`, `mailto:` or `tel:`.
    pub(super) href: Option<String>,
}

/// Splits words into text and links; together the pieces are the text again.
pub(super) fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut found: Vec<Piece<'_>> = Vec::new();
    let mut plain = 0;
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        let length = rest.find(char::is_whitespace).unwrap_or(rest.len());
        if let Some((start, end, href)) = link(&rest[..length]) {
            if plain < at + start {
                found.push(Piece { text: &text[plain..at + start], href: None });
            }
            found.push(Piece { text: &text[at + start..at + end], href: Some(href) });
            plain = at + end;
        }
        at += length;
        at += text[at..].chars().next().map_or(0, char::len_utf8);
    }
    if plain < text.len() {
        found.push(Piece { text: &text[plain..], href: None });
    }
    found
}

/// The address when it is one a visitor may be led to.
pub(super) fn allowed(address: &str) -> bool {
    let bytes = address.as_bytes();
    ["https://", "http://", "mailto:", "tel:"].iter().any(|scheme| {
        bytes.len() > scheme.len()
            && bytes.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme.as_bytes()))
            && bytes.iter().all(|byte| *byte > b' ')
    })
}

/// The link within a word: where it starts and ends, and where it leads.
fn link(word: &str) -> Option<(usize, usize, String)> {
    let start = match web(word) {
        Some(start) => start,
        None => word.len() - word.trim_start_matches(['(', '[', '{', '<', '"', '\'', '“', '‘', '«', '¿']).len(),
    };
    let mut inner = &word[start..];
    loop {
        let cut = inner.trim_end_matches([
            '.', ',', ';', ':', '!', '?', ']', '}', '>', '"', '\'', '”', '’', '»', '…', '،', '؟', '。', '、',
        ]);
        // A closing bracket belongs to the link when the link opened one.
        let cut = match cut.strip_suffix(')') {
            Some(shorter) if !shorter.contains('(') => shorter,
            _ => cut,
        };
        if cut.len() == inner.len() {
            break;
        }
        inner = cut;
    }
    let href = if allowed(inner) {
        String::from(inner)
    } else {
        let (before, after) = inner.split_once('@').unwrap_or(("", inner));
        let path = after.find(['/', '?', '#']).unwrap_or(after.len());
        let host = &after[..path];
        if !domain(host) {
            return None;
        }
        if !before.is_empty() {
            // An address of mail holds no path, and its first half no second sign.
            if path < after.len() || !before.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".+-_".contains(&byte))
            {
                return None;
            }
            ["mailto:", inner].concat()
        } else if inner.len() == after.len() && (path < after.len() || host.starts_with("www.")) {
            ["https://", inner].concat()
        } else {
            return None;
        }
    };
    Some((start, start + inner.len(), href))
}

/// Where `http://` or `https://` begins within a word.
fn web(word: &str) -> Option<usize> {
    let colon = word.find("://")?;
    let before = word.as_bytes().get(..colon)?;
    [5, 4].into_iter().find_map(|length| {
        let start = before.len().checked_sub(length)?;
        let scheme = before.get(start..)?;
        (scheme.eq_ignore_ascii_case(b"https") || scheme.eq_ignore_ascii_case(b"http")).then_some(start)
    })
}

/// Labels with dots between, the last of letters alone: `shop.example`. Not a number, not `etc.`.
fn domain(host: &str) -> bool {
    let bytes = host.as_bytes();
    let Some(dot) = bytes.iter().rposition(|byte| *byte == b'.') else { return false };
    let last = bytes.get(dot + 1..).unwrap_or(&[]);
    last.len() >= 2
        && last.iter().all(u8::is_ascii_alphabetic)
        && bytes.first().is_some_and(u8::is_ascii_alphanumeric)
        && bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-' || *byte == b'.')
        && !host.contains("..")
}

/// One or two letters that stand for a name. Upper case is the style sheet's.
pub(super) fn initials(name: &str) -> String {
    let mut letters = String::new();
    let mut last = None;
    let mut fresh = true;
    for letter in name.chars() {
        if letter.is_whitespace() {
            fresh = true;
        } else if fresh {
            fresh = false;
            if letters.is_empty() {
                letters.push(letter);
            } else {
                last = Some(letter);
            }
        }
    }
    // Only Latin, Greek, Cyrillic and Armenian names are shortened to two letters.
    if let (Some(last), Some(first)) = (last, letters.chars().next())
        && first < '\u{590}'
        && last < '\u{590}'
    {
        letters.push(last);
    }
    letters
}

/// A few emoji and nothing else.
pub(super) fn emoji_only(text: &str) -> bool {
    let mut pictures = 0;
    for letter in text.trim().chars() {
        match letter as u32 {
            0x1f3fb..=0x1f3ff | 0xfe0f | 0x200d | 0x20 | 0xe0020..=0xe007f => {}
            0x1f000..=0x1faff | 0x2600..=0x27bf | 0x2b05..=0x2b55 | 0x231a..=0x23ff => pictures += 1,
            _ => return false,
        }
    }
    (1..=6).contains(&pictures)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn links(text: &str) -> Vec<(String, String)> {
        let found = pieces(text);
        assert_eq!(found.iter().map(|piece| piece.text).collect::<String>(), text);
        found.into_iter().filter_map(|piece| Some((piece.text.into(), piece.href?))).collect()
    }

    #[test]
    fn finds_the_links_people_write() {
        for (text, shown, href) in [
            ("see https://a.example/b?c=d#e.", "https://a.example/b?c=d#e", "https://a.example/b?c=d#e"),
            ("(http://a.example)", "http://a.example", "http://a.example"),
            ("see:HTTPS://a.example/x_(y)", "HTTPS://a.example/x_(y)", "HTTPS://a.example/x_(y)"),
            (
                "minutes:\nfieldhouse.coffee/c40-ring",
                "fieldhouse.coffee/c40-ring",
                "https://fieldhouse.coffee/c40-ring",
            ),
            ("www.shop.example!", "www.shop.example", "https://www.shop.example"),
            ("write to lena@brandt.example.", "lena@brandt.example", "mailto:lena@brandt.example"),
            ("tel:+4930123", "tel:+4930123", "tel:+4930123"),
            ("“https://a.example/ü”", "https://a.example/ü", "https://a.example/ü"),
        ] {
            assert_eq!(links(text), [(shown.to_string(), href.to_string())], "{text}");
        }
        assert_eq!(links("a.example/1 and https://b.example").len(), 2);
    }

    #[test]
    fn leaves_text_alone() {
        for text in [
            "",
            " ",
            "and/or",
            "1.2/3.4",
            "end.Next",
            "shop.example",
            "javascript:alert(1)",
            "data:text/html,x",
            "https://",
            "JaVaScRiPt://a.example/%0aalert(1)",
            "vbscript:x",
            "file:///etc",
            "a@b",
            "@",
            "...",
            "😀/😀",
            "//a.example",
            "x@y@z.example",
            "user@host.example/path",
            "é",
            "http:/a.example",
        ] {
            assert_eq!(links(text), [], "{text}");
        }
    }

    #[test]
    fn only_four_schemes_are_allowed() {
        for good in ["https://a", "HTTP://a", "mailto:a@b.example", "tel:1"] {
            assert!(allowed(good), "{good}");
        }
        for bad in
            ["https://", "javascript:alert(1)", " https://a", "https://a\n", "java\tscript:x", "data:,", "//a", "é", ""]
        {
            assert!(!allowed(bad), "{bad}");
        }
    }

    #[test]
    fn a_name_becomes_one_or_two_letters() {
        for (name, letters) in [
            ("Maya Keller", "MK"),
            ("maya", "m"),
            ("Ana de la Cruz", "AC"),
            ("مها كنعان", "م"),
            ("", ""),
            ("  ", ""),
            ("李 小龙", "李"),
        ] {
            assert_eq!(initials(name), letters);
        }
    }

    #[test]
    fn emoji_alone_are_large() {
        for (text, large) in [
            ("🙏", true),
            ("👍🏽 👩‍👩‍👧", true),
            ("❤️", true),
            ("ok 🙏", false),
            ("", false),
            ("  ", false),
            ("1", false),
            ("🙏🙏🙏🙏🙏🙏🙏", false),
        ] {
            assert_eq!(emoji_only(text), large, "{text}");
        }
    }
}
