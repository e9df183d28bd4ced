//! SupportChat: a support chat for any website. This file is the map of the crate, in reading order; it holds no logic.
//!
//! A pure core decides (everything down to `store`), a thin shell acts (`browser`), the `widget` is a picture of
//! the core, and `api` is what JavaScript sees. `ARCHITECTURE.md` draws the whole house.

pub mod error;
pub mod json;
pub mod lifecycle;
pub mod message;
pub mod options;
pub mod queue;
pub mod time;

pub mod store;
pub mod transport;

#[allow(missing_docs)]
pub mod session;

#[cfg(target_arch = "wasm32")]
mod browser;
#[cfg(feature = "widget")]
mod widget;

#[cfg(target_arch = "wasm32")]
pub mod api;

/// Small, and as quick with ten thousand messages as with ten: nothing walks a list of what is free.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

/// The package's version, as in `Cargo.toml`.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
