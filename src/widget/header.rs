//! The head of the panel: who is there, how things stand, the menu. Not: the line about a lost connection
//! (`banner.rs`).

use super::PanelOptions;
use super::avatar;
use super::dom::{self, Node, el};
use super::strings::Strings;
use crate::message::ConversationStatus;
use crate::session::{Banner, View};
use wasm_bindgen::JsValue;
use web_sys::{Document, Element, HtmlElement};

pub(super) const NODE: Node = el(
    "header",
    &[],
    &[
        el("div", &[("class", "who"), ("data-part", "mark")], &[]),
        el(
            "div",
            &[("class", "title")],
            &[el("h1", &[("data-part", "name")], &[]), el("p", &[("data-part", "status")], &[])],
        ),
        el(
            "button",
            &[
                ("class", "icon"),
                ("type", "button"),
                ("data-part", "menu"),
                ("@aria-label", "menu"),
                ("aria-haspopup", "menu"),
                ("aria-expanded", "false"),
                ("hidden", ""),
            ],
            &[el("svg", &[("d", "M4.5 10h.01M10 10h.01M15.5 10h.01"), ("class", "dots")], &[])],
        ),
        el(
            "button",
            &[("class", "icon"), ("type", "button"), ("data-part", "close"), ("@aria-label", "close")],
            &[el("svg", &[("d", "M4.5 7.5 10 13l5.5-5.5")], &[])],
        ),
        el(
            "div",
            &[("class", "menu"), ("role", "menu"), ("data-part", "menu-list"), ("@aria-label", "menu"), ("hidden", "")],
            &[el(
                "button",
                &[("type", "button"), ("role", "menuitem"), ("data-part", "end-chat"), ("tabindex", "-1")],
                &[
                    el("svg", &[("d", "M12 3.5H4.5v13H12M9 10h8m-3-3 3 3-3 3")], &[]),
                    el("span", &[("@", "endChat")], &[]),
                ],
            )],
        ),
    ],
);

pub(super) struct Header {
    mark: HtmlElement,
    name: HtmlElement,
    status: HtmlElement,
    menu: HtmlElement,
    list: HtmlElement,
    /// Whom the mark shows.
    shown: Option<String>,
}

impl Header {
    pub(super) fn new(root: &Element) -> Result<Header, JsValue> {
        Ok(Header {
            mark: dom::part(root, "mark")?,
            name: dom::part(root, "name")?,
            status: dom::part(root, "status")?,
            menu: dom::part(root, "menu")?,
            list: dom::part(root, "menu-list")?,
            shown: None,
        })
    }

    pub(super) fn draw(
        &mut self,
        view: &View<'_>,
        options: &PanelOptions,
        strings: &Strings,
        document: &Document,
    ) -> Result<(), JsValue> {
        let brand = options.brand_name.as_deref().unwrap_or("");
        let (name, picture) = match view.agent {
            Some(agent) if !agent.name.is_empty() => (agent.name.as_str(), agent.avatar_url.as_deref()),
            Some(agent) => (strings.of("agent"), agent.avatar_url.as_deref()),
            None => (brand, options.brand_avatar.as_deref()),
        };
        let agent = view.agent.is_some();
        let shown = [name, "\n", picture.unwrap_or("")].concat();
        if self.shown.as_deref() != Some(&shown) {
            self.mark.set_class_name(if agent { "who" } else { "who brand" });
            avatar::fill(document, &self.mark, name, picture, agent)?;
            self.shown = Some(shown);
        }
        dom::say(&self.name, if name.is_empty() { strings.of("brand") } else { name });
        dom::say(&self.status, &status(view, options, strings));
        let ended = view.status == ConversationStatus::Ended;
        let presence = if !agent || ended {
            ""
        } else if view.banner.is_some() {
            "lost"
        } else {
            "here"
        };
        self.mark.set_attribute("data-presence", presence)?;
        let menu = matches!(view.status, ConversationStatus::Queued | ConversationStatus::Active);
        dom::flag(&self.menu, "hidden", !menu);
        if !menu {
            self.close_menu(false);
        }
        Ok(())
    }

    /// Opens the menu and goes to its first item, or closes it.
    pub(super) fn toggle_menu(&self) {
        if self.menu_open() {
            self.close_menu(true);
            return;
        }
        self.list.set_hidden(false);
        let _ = self.menu.set_attribute("aria-expanded", "true");
        if let Ok(first) = dom::part(&self.list, "end-chat") {
            let _ = first.focus();
        }
    }

    /// Closes the menu; answers whether it was open.
    pub(super) fn close_menu(&self, back: bool) -> bool {
        let open = self.menu_open();
        if open {
            self.list.set_hidden(true);
            let _ = self.menu.set_attribute("aria-expanded", "false");
            if back {
                let _ = self.menu.focus();
            }
        }
        open
    }

    pub(super) fn menu_open(&self) -> bool {
        !self.list.hidden()
    }

    /// Forgets whom it showed.
    pub(super) fn wipe(&mut self) {
        self.shown = None;
        for element in [&self.mark, &self.name, &self.status] {
            element.set_text_content(None);
        }
        self.close_menu(false);
    }
}

/// The line under the name.
fn status(view: &View<'_>, options: &PanelOptions, strings: &Strings) -> String {
    let key = match (view.status, view.banner) {
        (ConversationStatus::Ended, _) => "ended",
        (_, Some(Banner::Reconnecting)) => "reconnecting",
        (_, Some(Banner::Offline)) => "offline",
        (_, Some(_)) => "unavailable",
        (ConversationStatus::Queued, None) => "finding",
        _ => match (view.agent, &options.reply_time) {
            (Some(_), Some(time)) => return strings.fill("onlineReplies", time),
            (None, Some(time)) => return strings.fill("replies", time),
            (Some(_), None) => "online",
            (None, None) => return String::new(),
        },
    };
    String::from(strings.of(key))
}
