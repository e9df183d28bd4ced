//! The style sheet of the panel's document, without its comments and indentation. Not: what it says (`widget.css`).

use super::dom::El;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/web.js")]
extern "C" {
    #[wasm_bindgen(js_name = adopt)]
    fn adopt_text(document: &El, window: &El, text: &str) -> bool;
}

const SOURCE: &[u8] = include_bytes!("widget.css");
const SIZE: usize = squeeze().1;
const SHEET: [u8; SIZE] = {
    let (all, mut at) = (squeeze().0, 0);
    let mut sheet = [0; SIZE];
    while at < SIZE {
        sheet[at] = all[at];
        at += 1;
    }
    sheet
};

/// The source is UTF-8, and only whole characters were left out.
const TEXT: &str = match std::str::from_utf8(&SHEET) {
    Ok(text) => text,
    Err(_) => panic!("widget.css is no UTF-8"),
};

/// Drops comments, and white space where none is needed; done by the compiler.
const fn squeeze() -> ([u8; SOURCE.len()], usize) {
    let mut out = [0; SOURCE.len()];
    let (mut at, mut length) = (0, 0);
    let mut space = false;
    while at < SOURCE.len() {
        let byte = SOURCE[at];
        if byte == b'/' && at + 1 < SOURCE.len() && SOURCE[at + 1] == b'*' {
            while !(SOURCE[at] == b'*' && SOURCE[at + 1] == b'/') {
                at += 1;
            }
            at += 2;
            continue;
        }
        at += 1;
        if byte == b' ' || byte == b'\n' {
            space = true;
            continue;
        }
        let before = if length > 0 { out[length - 1] } else { b'}' };
        let tight = matches!(before, b'{' | b'}' | b';' | b',' | b':') || matches!(byte, b'{' | b'}' | b';');
        if space && !tight {
            out[length] = b' ';
            length += 1;
        }
        space = false;
        if byte == b'}' && before == b';' {
            length -= 1;
        }
        out[length] = byte;
        length += 1;
    }
    (out, length)
}

/// Has the document adopt the sheet; whether it could. It must be made by the document's own window; a `style` element
/// would be blocked by a strict CSP.
pub(super) fn adopt(document: &El, window: &El) -> bool {
    adopt_text(document, window, TEXT)
}
