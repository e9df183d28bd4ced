//! The panel as Rust has it: an object of `panel.js` that is told what to show. Not: how it is drawn.

use super::saying;
use crate::session::View;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/bundle.js")]
extern "C" {
    /// The widget's panel. Nothing of it is on the page before it is first opened. Its method `remove`, which takes
    /// everything off the page, needs nothing of this module.
    pub(crate) type Panel;

    /// Prepares a panel. `act` hears what is done in it: see [`saying::heard`].
    #[wasm_bindgen(js_name = panel)]
    pub(crate) fn prepare(options: &str, act: &JsValue) -> Panel;

    /// Does one of the commands without arguments: `wipe`, `conceal`, `reveal`, `focus`, `remove`.
    #[wasm_bindgen(method)]
    pub(crate) fn tell(this: &Panel, command: &str);

    #[wasm_bindgen(method, js_name = draw)]
    fn step(this: &Panel, text: &str, list: &[u32]) -> i32;
}

impl Panel {
    /// Draws the view. Called in an animation frame after the core asked for it; tells nothing but log lines.
    pub(crate) fn draw(&self, view: &View<'_>) {
        let mut next = self.step(&saying::view(view), &saying::rows(view.items));
        while let Some(item) = usize::try_from(next).ok().and_then(|at| view.items.get(at)) {
            next = self.step(&saying::item(&item.message), &[]);
        }
    }
}
