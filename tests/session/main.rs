//! Scenarios of the session under a fake clock: one tab or several, a store, a transport that the test plays itself.
//! Not: schedules nobody thought of (`tests/simulation`).

mod again;
mod anybody;
mod booting;
mod delivery;
mod doubt;
mod election;
mod emptied;
mod epoch;
mod given;
mod gone;
mod groups;
mod identify;
mod lead;
mod leftovers;
mod lifecycle;
mod logout;
mod overtaken;
mod own_store;
mod page;
mod probe;
mod remains;
mod renewals;
mod returned;
mod revoking;
mod rig;
mod sounding;
mod storing;
mod tabs;
mod tokens;
mod told;
mod updates;
mod users;
mod whose;
