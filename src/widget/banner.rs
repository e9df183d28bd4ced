//! The line about the connection. It lies over the transcript, so that nothing moves when it comes and goes. Not: when
//! it is due (the core's).

use super::node::{Kit, Part};
use super::strings::Strings;
use crate::session::Banner;

/// The outer box is there from the start: a live region must be, before it speaks.
pub(super) const NODE: &str = "\
div role=status
 div .banner #banner hidden
  svg d=M16,10a6,6,0,1,1-1.8-4.3L16.5,8m0-4.2V8h-4.2
  span #banner-text
  button #reconnect @=tryAgain";

pub(super) fn draw(banner: Option<Banner>, strings: &Strings, kit: &Kit) {
    let (kind, words) = match banner {
        None => ("", ""),
        Some(Banner::Reconnecting) => ("reconnecting", "bannerReconnecting"),
        Some(Banner::Offline) => ("offline", "bannerOffline"),
        Some(Banner::Refused) => ("refused", "bannerRefused"),
        Some(Banner::CookiesBlocked) => ("cookies", "bannerCookies"),
    };
    let line = kit.of(Part::Banner);
    line.hide(banner.is_none());
    line.set("data-kind", kind);
    kit.of(Part::Reconnect).hide(!matches!(banner, Some(Banner::Refused | Banner::CookiesBlocked)));
    kit.of(Part::BannerText).say(strings.of(words));
}
