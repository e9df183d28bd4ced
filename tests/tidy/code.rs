//! Source text without what is not code: comments, and strings when asked. A scanner for Rust and JavaScript, no parser.

/// What of a text is kept.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Keep {
    CodeAndStrings,
    Code,
}

/// They differ in what a single quote means.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Language {
    Rust,
    JavaScript,
}

/// The text with comments (and strings) blanked. Lines stay where they are.
pub(crate) fn strip(text: &str, language: Language, keep: Keep) -> String {
    let bytes = text.as_bytes();
    let mut out = bytes.to_vec();
    let mut blank = |from: usize, to: usize| {
        for byte in &mut out[from..to] {
            if *byte != b'\n' {
                *byte = b' ';
            }
        }
    };
    let mut at = 0;
    while at < bytes.len() {
        let rest = &bytes[at..];
        let end = if rest.starts_with(b"//") {
            let end = at + rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
            blank(at, end);
            end
        } else if rest.starts_with(b"/*") {
            let end = find(bytes, at + 2, b"*/").map_or(bytes.len(), |end| end + 2);
            blank(at, end);
            end
        } else if let Some(end) = string_end(bytes, at, language) {
            if keep == Keep::Code {
                blank(at, end);
            }
            end
        } else {
            at + 1
        };
        at = end;
    }
    String::from_utf8(out).unwrap_or_default()
}

/// The end of the string, template or character literal that begins here.
fn string_end(bytes: &[u8], at: usize, language: Language) -> Option<usize> {
    match (bytes[at], language) {
        (b'r', Language::Rust) => raw_string_end(bytes, at),
        (b'\'', Language::Rust) => char_end(bytes, at),
        (b'"', _) | (b'\'' | b'`', Language::JavaScript) => quoted_end(bytes, at),
        _ => None,
    }
}

fn quoted_end(bytes: &[u8], at: usize) -> Option<usize> {
    let mut end = at + 1;
    while end < bytes.len() {
        match bytes[end] {
            b'\\' => end += 2,
            byte if byte == bytes[at] => return Some(end + 1),
            _ => end += 1,
        }
    }
    None
}

/// `r"…"` and `r#"…"#`, also after a `b`; the `r` at the end of a name begins none.
fn raw_string_end(bytes: &[u8], at: usize) -> Option<usize> {
    let in_name = at.checked_sub(1).is_some_and(|before| is_word(bytes[before]) && bytes[before] != b'b');
    let hashes = bytes[at + 1..].iter().take_while(|byte| **byte == b'#').count();
    if in_name || bytes.get(at + 1 + hashes) != Some(&b'"') {
        return None;
    }
    let close = format!("\"{}", "#".repeat(hashes));
    find(bytes, at + 2 + hashes, close.as_bytes()).map(|end| end + close.len())
}

/// `'x'` and `'\n'`; a lifetime has no closing quote after its first letter.
fn char_end(bytes: &[u8], at: usize) -> Option<usize> {
    if bytes.get(at + 1) == Some(&b'\\') {
        return find(bytes, at + 3, b"'").map(|end| end + 1);
    }
    let width = std::str::from_utf8(&bytes[at + 1..]).ok()?.chars().next()?.len_utf8();
    (bytes.get(at + 1 + width) == Some(&b'\'')).then_some(at + 2 + width)
}

fn find(bytes: &[u8], from: usize, what: &[u8]) -> Option<usize> {
    (from..=bytes.len().checked_sub(what.len())?).find(|at| bytes[*at..].starts_with(what))
}

/// Part of an identifier.
pub(crate) fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// Where a word stands as a whole word, with its line.
pub(crate) fn lines_with(code: &str, word: &str) -> Vec<usize> {
    let bytes = code.as_bytes();
    let open = word.as_bytes().first().is_some_and(|byte| is_word(*byte));
    let close = word.as_bytes().last().is_some_and(|byte| is_word(*byte));
    code.match_indices(word)
        .filter(|(at, _)| {
            let before = at.checked_sub(1).is_some_and(|before| is_word(bytes[before]));
            let after = bytes.get(at + word.len()).is_some_and(|byte| is_word(*byte));
            !(open && before || close && after)
        })
        .map(|(at, _)| line_of(code, at))
        .collect()
}

/// The number of the line at a position.
pub(crate) fn line_of(code: &str, at: usize) -> usize {
    code.as_bytes()[..at].iter().filter(|byte| **byte == b'\n').count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_strings_are_no_code() {
        let text = "let a = \"web_sys\"; // web_sys\n/* web_sys\n*/ let b = '\"'; fn f<'a>(c: &'a str) { web_sys() }";
        assert_eq!(lines_with(&strip(text, Language::Rust, Keep::Code), "web_sys"), [3]);
        assert_eq!(lines_with(&strip(text, Language::Rust, Keep::CodeAndStrings), "web_sys"), [1, 3]);
        assert_eq!(lines_with("web_sys2 my_web_sys", "web_sys"), []);
    }

    #[test]
    fn raw_strings_and_addresses_do_not_hide_code() {
        let rust = "let a = r#\"quote \" // no comment\"#; eval(\"https://x\", '\\'', b'\\n'); eval()";
        assert_eq!(lines_with(&strip(rust, Language::Rust, Keep::Code), "eval"), [1, 1]);
        let script = "const s = `a\n// b`; const t = 'https://x'; eval(1)";
        assert_eq!(lines_with(&strip(script, Language::JavaScript, Keep::Code), "eval"), [2]);
    }
}
