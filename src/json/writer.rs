//! The JSON writer. Not: what is written.

/// Writes JSON, commas included. The caller closes what it opens.
#[derive(Clone, Debug, Default)]
pub struct Writer {
    text: String,
    /// Whether a value was written after which a comma is due.
    comma: bool,
}

impl Writer {
    /// An empty one.
    pub fn new() -> Self {
        Self::default()
    }

    /// What was written.
    pub fn finish(self) -> String {
        self.text
    }

    /// Opens an object.
    pub fn object(&mut self) -> &mut Self {
        self.open('{')
    }

    /// Closes it.
    pub fn end_object(&mut self) -> &mut Self {
        self.close('}')
    }

    /// Opens an array.
    pub fn array(&mut self) -> &mut Self {
        self.open('[')
    }

    /// Closes it.
    pub fn end_array(&mut self) -> &mut Self {
        self.close(']')
    }

    /// The name of the member whose value is written next.
    pub fn name(&mut self, name: &str) -> &mut Self {
        self.string(name).text.push(':');
        self.comma = false;
        self
    }

    /// A string.
    pub fn string(&mut self, value: &str) -> &mut Self {
        self.separate();
        self.text.push('"');
        // Runs without anything to escape are copied as they are.
        let mut from = 0;
        let bytes = value.as_bytes();
        for (at, byte) in bytes.iter().enumerate() {
            // U+2028 and U+2029, by the first of their three bytes.
            let line_end = *byte == 0xe2 && matches!(bytes.get(at + 1..at + 3), Some([0x80, 0xa8 | 0xa9]));
            if !line_end && !matches!(byte, 0..=0x1f | b'"' | b'\\') {
                continue;
            }
            self.text.push_str(value.get(from..at).unwrap_or(""));
            from = at + if line_end { 3 } else { 1 };
            self.text.push('\\');
            match byte {
                b'"' | b'\\' => self.text.push(char::from(*byte)),
                b'\n' => self.text.push('n'),
                b'\r' => self.text.push('r'),
                b'\t' => self.text.push('t'),
                // Line ends in JavaScript, harmless in JSON: escaped so that the text may stand in either.
                _ if line_end => self.text.push_str(if bytes.get(at + 2) == Some(&0xa8) { "u2028" } else { "u2029" }),
                _ => {
                    self.text.push_str(if *byte > 15 { "u001" } else { "u000" });
                    self.text.push(char::from(b"0123456789abcdef"[usize::from(byte & 15)]));
                }
            }
        }
        self.text.push_str(value.get(from..).unwrap_or(""));
        self.text.push('"');
        self
    }

    /// A number.
    pub fn number(&mut self, value: u64) -> &mut Self {
        self.separate();
        push_number(&mut self.text, value);
        self
    }

    /// True or false.
    pub fn boolean(&mut self, value: bool) -> &mut Self {
        self.raw(if value { "true" } else { "false" })
    }

    /// A text that is JSON already: it is not checked.
    pub fn raw(&mut self, json: &str) -> &mut Self {
        self.separate();
        self.text.push_str(json);
        self
    }

    fn open(&mut self, bracket: char) -> &mut Self {
        self.separate();
        self.comma = false;
        self.text.push(bracket);
        self
    }

    fn close(&mut self, bracket: char) -> &mut Self {
        self.comma = true;
        self.text.push(bracket);
        self
    }

    fn separate(&mut self) {
        if self.comma {
            self.text.push(',');
        }
        self.comma = true;
    }
}

/// Appends decimal digits; `format!` would cost more bytes.
pub fn push_number(text: &mut String, value: u64) {
    if value > 9 {
        push_number(text, value / 10);
    }
    text.push(char::from(b'0' + (value % 10) as u8));
}
