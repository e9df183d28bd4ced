//! What an event of the page or of the panel means: a gesture, a change of place, a picture to be drawn anew. Not: what
//! a gesture does (the core's).

use super::composer;
use super::dom::El;
use super::header;
use super::panel::{Inner, Parts};
use crate::session::Gesture;

impl Inner {
    pub(super) fn handle(&self, event: &El) {
        let (gesture, redraw) = self.with(|parts| parts.handle(event)).unwrap_or((None, false));
        if let Some(gesture) = gesture {
            (self.gestures)(gesture);
        }
        self.turn();
        if redraw && self.open.get() {
            self.host.redraw();
        }
    }
}

impl Parts {
    fn handle(&mut self, event: &El) -> (Option<Gesture>, bool) {
        let mut gesture = None;
        let mut redraw = false;
        match event.words("type").as_str() {
            "click" => gesture = self.click(event),
            "keydown" => gesture = self.key(event),
            "input" => {
                composer::grow(&self.kit);
                self.transcript.follow(&self.kit);
                gesture = Some(Gesture::Draft(self.kit.of(super::node::Part::Input).value()));
            }
            // A picture that cannot be had: the initials below it remain.
            "error" => event.its("target").iter().for_each(El::remove),
            "change" | "load" => redraw = true,
            "resize" => {
                self.iframe.place();
                self.transcript.follow(&self.kit);
                redraw = true;
            }
            _ => {
                self.iframe.place();
                redraw = self.transcript.scrolled(&self.kit);
            }
        }
        (gesture, redraw)
    }

    /// What a click on one of our controls means.
    fn click(&mut self, event: &El) -> Option<Gesture> {
        let button = event.its("target")?.closest("button");
        let name = button.as_ref().and_then(|button| button.attribute("data-part")).unwrap_or_default();
        if name == "menu" {
            header::toggle_menu(&self.kit);
            return None;
        }
        header::close_menu(&self.kit, false);
        Some(match name.as_str() {
            "send" => return self.send(),
            "jump" => {
                self.transcript.pin(&self.kit);
                // The button goes away under the focus.
                self.focus_main(false);
                return None;
            }
            "close" => Gesture::Close,
            "end-chat" => Gesture::EndChat,
            "start-new" => Gesture::StartNew,
            "reconnect" => Gesture::Reconnect,
            "retry" | "discard" => {
                let id = button?.closest("[data-id]")?.attribute("data-id")?;
                // These buttons go away too.
                self.focus_main(true);
                if name == "retry" { Gesture::Retry(id) } else { Gesture::Discard(id) }
            }
            _ => return None,
        })
    }

    fn send(&mut self) -> Option<Gesture> {
        let text = composer::take(&self.kit)?;
        // Whoever writes wants to see it.
        self.transcript.pin(&self.kit);
        Some(Gesture::Send(text))
    }

    fn key(&mut self, event: &El) -> Option<Gesture> {
        // Enter and Escape within an input method choose or drop a word. Safari says so by the key code alone.
        if event.is("isComposing") || event.number("keyCode") == 229 {
            return None;
        }
        let part = event.its("target").and_then(|target| target.attribute("data-part")).unwrap_or_default();
        match (event.words("key").as_str(), part.as_str()) {
            ("Escape", _) => {
                event.prevent();
                return (!header::close_menu(&self.kit, true)).then_some(Gesture::Close);
            }
            ("Enter", "input") if !event.is("shiftKey") => {
                event.prevent();
                return self.send();
            }
            // The menu has one item so far: there is nowhere to go.
            ("ArrowDown" | "ArrowUp" | "Home" | "End", "end-chat") => event.prevent(),
            ("ArrowDown", "menu") => {
                event.prevent();
                header::toggle_menu(&self.kit);
            }
            ("Tab", _) => {
                header::close_menu(&self.kit, false);
            }
            _ => {}
        }
        None
    }
}
