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
    let mut found = Vec::new();
    let part = |from: usize, to: usize| text.get(from..to).unwrap_or("");
    // Where the words not yet taken begin, and where the present one does.
    let (mut plain, mut word) = (0, 0);
    let ends = text.char_indices().filter(|(_, letter)| letter.is_whitespace());
    for (end, length) in ends.map(|(at, letter)| (at, letter.len_utf8())).chain([(text.len(), 0)]) {
        if let Some((start, stop, href)) = link(part(word, end)) {
            if plain < word + start {
                found.push(Piece { text: part(plain, word + start), href: None });
            }
            found.push(Piece { text: part(word + start, word + stop), href: Some(href) });
            plain = word + stop;
        }
        word = end + length;
    }
    if plain < text.len() {
        found.push(Piece { text: part(plain, text.len()), href: None });
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
    let start = match web(word.as_bytes()) {
        Some(start) => start,
        None => word.len() - word.trim_start_matches(['(', '[', '{', '<', '"', '\'', '“', '‘', '«', '¿']).len(),
    };
    let mut inner = word.get(start..)?;
    // A closing bracket belongs to the link when the link opened one.
    let open = inner.bytes().any(|byte| byte == b'(');
    let outside = |letter: char| match letter {
        '.' | ',' | ';' | ':' | '!' | '?' | ']' | '}' | '>' | '"' | '\'' | '”' | '’' | '»' | '…' | '،' | '؟' | '。'
        | '、' => true,
        ')' => !open,
        _ => false,
    };
    inner = inner.trim_end_matches(outside);
    let href = if allowed(inner) {
        String::from(inner)
    } else {
        let bytes = inner.as_bytes();
        let sign = bytes.iter().position(|byte| *byte == b'@');
        let host = bytes.get(sign.map_or(0, |sign| sign + 1)..)?;
        let path = host.iter().position(|byte| b"/?#".contains(byte));
        if !domain(host.get(..path.unwrap_or(host.len()))?) {
            return None;
        }
        match sign.and_then(|sign| bytes.get(..sign)) {
            // An address of mail holds no path.
            Some(name) if !name.is_empty() && path.is_none() && name.iter().all(in_mail) => ["mailto:", inner].concat(),
            None if path.is_some() || host.starts_with(b"www.") => ["https://", inner].concat(),
            _ => return None,
        }
    };
    Some((start, start + inner.len(), href))
}

fn in_mail(byte: &u8) -> bool {
    byte.is_ascii_alphanumeric() || b".+-_".contains(byte)
}

/// Where `http://` or `https://` begins within a word.
fn web(word: &[u8]) -> Option<usize> {
    let colon = word.windows(3).position(|three| three == b"://")?;
    [&b"https"[..], b"http"].into_iter().find_map(|scheme| {
        let start = colon.checked_sub(scheme.len())?;
        word.get(start..colon)?.eq_ignore_ascii_case(scheme).then_some(start)
    })
}

/// Labels with dots between, the last of letters alone: `shop.example`. Not a number, not `etc.`.
fn domain(host: &[u8]) -> bool {
    let mut labels = host.split(|byte| *byte == b'.').rev();
    labels.next().is_some_and(|last| last.len() > 1 && last.iter().all(u8::is_ascii_alphabetic))
        && host.contains(&b'.')
        && labels
            .all(|label| !label.is_empty() && label.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-'))
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
