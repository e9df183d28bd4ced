//! The grammar of JSON, walked over once. Not: what the values mean (`decode`).
//!
//! Each step tells whether the text goes on as it should; after the first that does not, nothing more is read.

use super::decode::unescape;
use super::{MAX_DEPTH, Node};

/// Walks over the text once, making nodes.
pub(super) struct Reader<'a> {
    pub(super) text: &'a str,
    pub(super) at: usize,
    /// It was refused for its depth.
    pub(super) too_deep: bool,
}

impl<'a> Reader<'a> {
    /// Reads one value and adds its node to the row.
    pub(super) fn value(&mut self, depth: u32, row: &mut Vec<Node<'a>>) -> bool {
        self.skip_space();
        let start = self.at;
        let mut within = Vec::new();
        let good = match self.byte() {
            b'{' => self.row(b'}', depth, &mut within),
            b'[' => self.row(b']', depth, &mut within),
            b'"' => return self.string(row),
            b't' => self.word(b"true"),
            b'f' => self.word(b"false"),
            b'n' => self.word(b"null"),
            _ => self.number(),
        };
        row.push(Node { raw: self.since(start), plain: String::new(), within });
        good
    }

    /// An array, or an object when it is to end with a brace.
    fn row(&mut self, end: u8, depth: u32, row: &mut Vec<Node<'a>>) -> bool {
        if depth >= MAX_DEPTH {
            self.too_deep = true;
            return false;
        }
        self.at += 1;
        self.skip_space();
        if self.byte() == end {
            self.at += 1;
            return true;
        }
        loop {
            if end == b'}' {
                self.skip_space();
                if self.byte() != b'"' || !self.string(row) {
                    return false;
                }
                self.skip_space();
                if !self.word(b":") {
                    return false;
                }
            }
            if !self.value(depth + 1, row) {
                return false;
            }
            self.skip_space();
            let byte = self.byte();
            self.at += 1;
            if byte == end {
                return true;
            }
            if byte != b',' {
                return false;
            }
        }
    }

    fn string(&mut self, row: &mut Vec<Node<'a>>) -> bool {
        let start = self.at;
        let mut escapes = false;
        loop {
            self.at += 1;
            match self.byte() {
                b'"' => break,
                b'\\' => {
                    escapes = true;
                    self.at += 1;
                    match self.byte() {
                        b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => {}
                        b'u' => {
                            for _ in 0..4 {
                                self.at += 1;
                                if !self.byte().is_ascii_hexdigit() {
                                    return false;
                                }
                            }
                        }
                        _ => return false,
                    }
                }
                // Control characters, and the 0 that stands for the end of the text.
                0..=0x1f => return false,
                _ => {}
            }
        }
        self.at += 1;
        let raw = self.since(start);
        let inner = self.text.get(start + 1..self.at - 1).unwrap_or("");
        let plain = if escapes { unescape(inner) } else { String::new() };
        row.push(Node { raw, plain, within: Vec::new() });
        true
    }

    fn number(&mut self) -> bool {
        if self.byte() == b'-' {
            self.at += 1;
        }
        if self.byte() == b'0' {
            self.at += 1;
        } else if !self.digits() {
            return false;
        }
        if self.byte() == b'.' {
            self.at += 1;
            if !self.digits() {
                return false;
            }
        }
        if matches!(self.byte(), b'e' | b'E') {
            self.at += 1;
            if matches!(self.byte(), b'+' | b'-') {
                self.at += 1;
            }
            return self.digits();
        }
        true
    }

    fn digits(&mut self) -> bool {
        let start = self.at;
        while self.byte().is_ascii_digit() {
            self.at += 1;
        }
        self.at > start
    }

    fn word(&mut self, word: &[u8]) -> bool {
        for byte in word {
            if self.byte() != *byte {
                return false;
            }
            self.at += 1;
        }
        true
    }

    pub(super) fn skip_space(&mut self) {
        while matches!(self.byte(), b' ' | b'\n' | b'\r' | b'\t') {
            self.at += 1;
        }
    }

    /// The byte here; 0, which stands nowhere in JSON, at the end.
    fn byte(&self) -> u8 {
        self.text.as_bytes().get(self.at).copied().unwrap_or(0)
    }

    /// The text from there to here.
    fn since(&self, start: usize) -> &'a str {
        self.text.get(start..self.at).unwrap_or("")
    }
}
