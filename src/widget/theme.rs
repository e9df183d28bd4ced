//! The page's theme on the panel: light or dark, the page's tokens, and what follows from them so that text stays
//! legible. Not: the tokens' own values (`widget.css`), nor the arithmetic (`colour.rs`).

use super::colour::{BLACK, Rgb, WHITE};
use super::dom::El;
use crate::json;

/// What of a theme the outside of the panel needs.
#[derive(Clone, Debug)]
pub(super) struct Outside {
    pub(super) dark: bool,
    pub(super) surface: Rgb,
    pub(super) radius: String,
}

impl Default for Outside {
    fn default() -> Self {
        Outside { dark: false, surface: WHITE, radius: String::from("16px") }
    }
}

/// Puts a theme on the root of the panel's document. `text` is a JSON object, or a mode alone. Answers what the iframe
/// itself is to look like, and says what could not be used.
pub(super) fn apply(text: &str, system_dark: bool, root: &El, window: &El, log: &dyn Fn(&str)) -> Outside {
    let document = json::parse(text).ok();
    let theme = document.as_ref().map(|document| document.root());
    let mode = theme.and_then(|theme| theme.text().or_else(|| theme.text_at("mode")));
    let dark = match mode {
        Some("dark") => true,
        Some("light") => false,
        _ => system_dark,
    };
    root.set("data-mode", if dark { "dark" } else { "light" });
    root.set_css("");

    let default = |light, night| if dark { night } else { light };
    let mut surface = default(WHITE, Rgb(0x16, 0x18, 0x1d));
    let mut bubble = default(Rgb(0xf2, 0xf3, 0xf5), Rgb(0x26, 0x2a, 0x32));
    let mut accent = Rgb(0x1f, 0x6f, 0xeb);
    let mut ink = default(Rgb(0x14, 0x17, 0x1c), Rgb(0xec, 0xee, 0xf1));
    let mut muted = default(Rgb(0x59, 0x61, 0x6e), Rgb(0xa1, 0xa9, 0xb5));
    let mut visitor = None;
    let mut recoloured = false;
    let mut tinted = false;
    let mut radius = String::from("16px");
    for (name, value) in theme.into_iter().flat_map(|theme| theme.members()) {
        if name == "mode" {
            continue;
        }
        // A bare number is a length in px.
        let pixels = [value.raw(), "px"].concat();
        let value = value.text().unwrap_or(&pixels);
        let token = token(name);
        let place = match token.as_str() {
            "--sc-accent" => Some(&mut accent),
            "--sc-surface" => Some(&mut surface),
            "--sc-bubble-agent" => Some(&mut bubble),
            "--sc-text" => Some(&mut ink),
            "--sc-text-muted" => Some(&mut muted),
            "--sc-bubble-visitor" => Some(visitor.insert(accent)),
            _ => None,
        };
        if let Some(place) = place {
            let Some(colour) = Rgb::parse(value).or_else(|| computed(value, root, window)) else {
                log(&["theme: no opaque colour to compute with in `", name, "`"].concat());
                continue;
            };
            *place = colour;
            recoloured = true;
            tinted |= token == "--sc-accent";
        } else if token == "--sc-radius" {
            radius = value.to_owned();
        }
        root.put(&token, value, "");
    }
    if recoloured {
        let soft = accent.mix(surface, if dark { 78 } else { 90 });
        let mut computed = vec![
            ("--sc-on-accent", accent.text_on()),
            ("--sc-on-visitor", visitor.unwrap_or(accent).text_on()),
            ("--sc-accent-text", accent.legible_on(&[surface, bubble, soft])),
            ("--sc-text", ink.legible_on(&[surface, bubble])),
            ("--sc-text-muted", muted.legible_on(&[surface, bubble])),
        ];
        if tinted {
            // Hover goes away from the colour of its text.
            computed.push(("--sc-accent-hover", accent.mix(if accent.text_on() == WHITE { BLACK } else { WHITE }, 10)));
            computed.push(("--sc-accent-soft", soft));
            computed.push(("--sc-accent-line", accent.mix(surface, 66)));
        }
        for (name, colour) in computed {
            root.put(name, &colour.css(), "");
        }
    }
    Outside { dark, surface, radius }
}

/// `bubbleAgent` as `--sc-bubble-agent`.
fn token(name: &str) -> String {
    let mut token = String::from("--sc-");
    for letter in name.chars() {
        if letter.is_ascii_uppercase() {
            token.push('-');
        }
        token.push(letter.to_ascii_lowercase());
    }
    token
}

/// Lets the browser turn a name or a function into a colour.
fn computed(value: &str, root: &El, window: &El) -> Option<Rgb> {
    root.put("color", value, "");
    let known = !root.style().property("color").is_empty();
    let text = window.computed(root).property("color");
    root.put("color", "", "");
    if known { Rgb::parse(&text) } else { None }
}
