//! What is to be undone after a panic, when nothing of this module may run: the handle keeps plain JavaScript functions
//! for it. Not: the ordinary end, which is dropping things.

use super::js;
use js_sys::Function;
use wasm_bindgen::prelude::*;

/// Where teardowns are registered: `host.teardown`. Absent in tests without a handle.
#[derive(Clone)]
pub(crate) struct Teardowns(Option<Function>);

impl Teardowns {
    /// The registry of this host object.
    pub(crate) fn of(host: &JsValue) -> Self {
        Teardowns(js::method(host, "teardown"))
    }

    /// After a panic `object.name()` is called.
    pub(crate) fn method(&self, object: &JsValue, name: &str) -> Teardown {
        Teardown(js::bound(object, name).and_then(|method| self.register(&method)))
    }

    /// After a panic the function is called; it must not be one of this module's.
    pub(crate) fn function(&self, function: &Function) -> Teardown {
        Teardown(self.register(function))
    }

    fn register(&self, function: &Function) -> Option<Function> {
        let cancel: JsValue = self.0.as_ref()?.call1(&JsValue::NULL, function).ok()?;
        cancel.dyn_into().ok()
    }
}

/// One registered teardown; dropping it takes it back.
pub(crate) struct Teardown(Option<Function>);

impl Drop for Teardown {
    fn drop(&mut self) {
        if let Some(cancel) = &self.0 {
            let _: Result<JsValue, JsValue> = cancel.call0(&JsValue::NULL);
        }
    }
}
