//! Tells the launcher, which is drawn by the handle, what changed. Not: what it looks like (`launcher.js`).

use crate::browser::js;
use crate::session::Look;
use std::cell::RefCell;
use wasm_bindgen::JsValue;

/// The launcher of a handle, and what it was last told.
pub(super) struct Launcher {
    /// `host.launcher`.
    object: JsValue,
    told: RefCell<Option<(u32, Look)>>,
}

impl Launcher {
    /// The launcher of this host, if it has one.
    pub(super) fn of(host: &JsValue) -> Option<Self> {
        let object = js::member(host, "launcher");
        object.is_object().then(|| Launcher { object, told: RefCell::new(None) })
    }

    /// Tells what is new.
    pub(super) fn tell(&self, unread: u32, look: &Look) {
        let before = self.told.replace(Some((unread, look.clone())));
        let before = before.as_ref();
        let old = before.map(|(_, look)| look);
        if before.is_none_or(|(count, _)| *count != unread) {
            self.call("badge", &unread.into());
        }
        if old.is_none_or(|old| old.open != look.open) {
            self.call("opened", &look.open.into());
        }
        let visible = look.shown && look.launcher;
        if old.is_none_or(|old| (old.shown && old.launcher) != visible) {
            self.call("visible", &visible.into());
        }
        if old.is_none_or(|old| old.theme_revision != look.theme_revision) {
            self.call("theme", &super::convert::parsed(&look.theme));
        }
        if old.is_none_or(|old| old.z_index != look.z_index) {
            self.call("zIndex", &look.z_index.into());
        }
    }

    #[cfg(feature = "widget")]
    /// Moves the focus there.
    pub(super) fn focus(&self) {
        self.call("focus", &JsValue::UNDEFINED);
    }

    fn call(&self, name: &str, value: &JsValue) {
        // A launcher of another version may lack a word.
        let _ = js::call(&self.object, name, &[value]);
    }
}
