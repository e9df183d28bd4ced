//! The files that `panel.js` imports, one name of each: bindings put only what is named beside it. Nothing of it is called.
#![allow(dead_code, non_snake_case)]

use wasm_bindgen::prelude::*;

/// Names a file by something it exports.
macro_rules! files {
    ($($name:ident: $file:literal)*) => {$(
        mod $name {
            use super::*;
            #[wasm_bindgen(module = $file)]
            extern "C" {
                fn $name();
            }
        }
    )*};
}

files! {
    fill: "/src/widget/avatar.js"
    clock: "/src/widget/clock.js"
    composer: "/src/widget/composer.js"
    header: "/src/widget/header.js"
    heightsOf: "/src/widget/heights.js"
    frame: "/src/widget/iframe.js"
    make: "/src/widget/node.js"
    rows: "/src/widget/row.js"
    shape: "/src/widget/shape.js"
    pieces: "/src/widget/text.js"
    apply: "/src/widget/theme.js"
    transcript: "/src/widget/transcript.js"
    table: "/src/widget/words.js"
    sheet: "/src/widget/sheet.js"
}
