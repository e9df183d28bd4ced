//! The grammar of JSON, walked over once. Not: what the values mean (`decode`).

use super::{MAX_DEPTH, Node, Refused};

/// Walks over the text once, noting values.
pub(super) struct Reader<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) at: usize,
    pub(super) nodes: Vec<Node>,
}

impl Reader<'_> {
    pub(super) fn value(&mut self, depth: u32) -> Result<(), Refused> {
        self.skip_space();
        let place = self.nodes.len();
        self.nodes.push(Node { start: self.at as u32, end: 0, span: 0 });
        match self.byte() {
            b'{' => self.row(b'}', depth)?,
            b'[' => self.row(b']', depth)?,
            b'"' => self.string()?,
            b't' => self.word(b"true")?,
            b'f' => self.word(b"false")?,
            b'n' => self.word(b"null")?,
            _ => self.number()?,
        }
        let span = (self.nodes.len() - place) as u32;
        if let Some(node) = self.nodes.get_mut(place) {
            node.end = self.at as u32;
            node.span = span;
        }
        Ok(())
    }

    /// An array, or an object when it is to end with a brace.
    fn row(&mut self, end: u8, depth: u32) -> Result<(), Refused> {
        if depth >= MAX_DEPTH {
            return Err(Refused::Depth);
        }
        self.at += 1;
        self.skip_space();
        if self.byte() == end {
            self.at += 1;
            return Ok(());
        }
        loop {
            if end == b'}' {
                self.skip_space();
                let start = self.at as u32;
                if self.byte() != b'"' {
                    return Err(self.wrong());
                }
                self.string()?;
                self.nodes.push(Node { start, end: self.at as u32, span: 1 });
                self.skip_space();
                self.word(b":")?;
            }
            self.value(depth + 1)?;
            self.skip_space();
            let byte = self.byte();
            if byte != b',' && byte != end {
                return Err(self.wrong());
            }
            self.at += 1;
            if byte == end {
                return Ok(());
            }
        }
    }

    fn string(&mut self) -> Result<(), Refused> {
        loop {
            self.at += 1;
            match self.byte() {
                b'"' => break,
                b'\\' => {
                    self.at += 1;
                    match self.byte() {
                        b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => {}
                        b'u' => {
                            for _ in 0..4 {
                                self.at += 1;
                                if !self.byte().is_ascii_hexdigit() {
                                    return Err(self.wrong());
                                }
                            }
                        }
                        _ => return Err(self.wrong()),
                    }
                }
                // Control characters, and the 0 that stands for the end of the text.
                0..=0x1f => return Err(self.wrong()),
                _ => {}
            }
        }
        self.at += 1;
        Ok(())
    }

    fn number(&mut self) -> Result<(), Refused> {
        if self.byte() == b'-' {
            self.at += 1;
        }
        if self.byte() == b'0' {
            self.at += 1;
        } else {
            self.digits()?;
        }
        if self.byte() == b'.' {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.byte(), b'e' | b'E') {
            self.at += 1;
            if matches!(self.byte(), b'+' | b'-') {
                self.at += 1;
            }
            self.digits()?;
        }
        Ok(())
    }

    fn digits(&mut self) -> Result<(), Refused> {
        if !self.byte().is_ascii_digit() {
            return Err(self.wrong());
        }
        while self.byte().is_ascii_digit() {
            self.at += 1;
        }
        Ok(())
    }

    fn word(&mut self, word: &[u8]) -> Result<(), Refused> {
        for byte in word {
            if self.byte() != *byte {
                return Err(self.wrong());
            }
            self.at += 1;
        }
        Ok(())
    }

    pub(super) fn skip_space(&mut self) {
        while matches!(self.byte(), b' ' | b'\n' | b'\r' | b'\t') {
            self.at += 1;
        }
    }

    /// The byte here; 0, which stands nowhere in JSON, at the end.
    fn byte(&self) -> u8 {
        self.bytes.get(self.at).copied().unwrap_or(0)
    }

    pub(super) fn wrong(&self) -> Refused {
        Refused::Syntax(self.at as u32)
    }
}
