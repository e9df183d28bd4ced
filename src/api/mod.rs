//! What JavaScript sees: the class `SupportChat`, how values cross the border, and the page's own transport and store.
//! Not: any decision. Only this folder exports to JavaScript; its types are written down in `types.d.ts`.

mod calls;
pub(crate) mod convert;
pub(crate) mod host;
pub(crate) mod js_store;
pub(crate) mod js_transport;
mod making;
mod options;
mod page;
#[cfg(feature = "panic-test")]
mod panic_test;
#[cfg(feature = "widget")]
mod screen;
mod shapes;
mod support_chat;
mod who;

pub use support_chat::SupportChat;
