//! What a page's theme makes of the panel: whatever it asks for, words stay legible. Not: the arithmetic, which is tested
//! under Node (`pkg-template/test/widget_rows.test.js`).

use super::*;
use crate::message::{ConversationStatus, Status};
use crate::widget::sample;
use wasm_bindgen_test::wasm_bindgen_test;

fn computed(element: &Element, name: &str) -> String {
    let style = web_sys::window().unwrap().get_computed_style(element).unwrap().unwrap();
    style.get_property_value(name).unwrap()
}

/// Of an opaque colour as browsers compute it.
fn luminance(colour: &str) -> f64 {
    let inner = colour.strip_prefix("rgb(").and_then(|rest| rest.strip_suffix(')'));
    let parts = inner.unwrap_or_else(|| panic!("not opaque: {colour}")).split(", ").map(|part| {
        let part = part.parse::<f64>().unwrap() / 255.0;
        if part > 0.04045 { ((part + 0.055) / 1.055).powf(2.4) } else { part / 12.92 }
    });
    parts.zip([0.2126, 0.7152, 0.0722]).map(|(part, share)| part * share).sum::<f64>() + 0.05
}

/// Between the words of an element and what they stand on.
fn contrast(element: &Element) -> f64 {
    let mut ground = element.clone();
    while computed(&ground, "background-color") == "rgba(0, 0, 0, 0)" {
        ground = ground.parent_element().unwrap();
    }
    let (words, ground) = (luminance(&computed(element, "color")), luminance(&computed(&ground, "background-color")));
    if words > ground { words / ground } else { ground / words }
}

/// A chat with everything that has words of its own in it, under a theme; what was logged.
fn dressed(name: &'static str, theme: &str) -> (Stage, Vec<String>) {
    let stage = Stage::named(name);
    let mut scene = Scene::open(vec![
        sample::agent(1, "see https://a.example/", 60_000),
        sample::visitor(2, "b", 60_000, Status::Sent),
        sample::visitor(3, "see https://a.example/", 60_000, Status::Failed),
    ]);
    scene.look.theme = theme.into();
    scene.look.theme_revision = 1;
    stage.panel.draw(&scene.view());
    scene.status = ConversationStatus::Ended;
    stage.panel.draw(&scene.view());
    let log = stage.ear.log.borrow().clone();
    (stage, log)
}

const WORDS: &str = "h1, .title p, .day, .name, .bubble, .bubble a, .meta, .failed, .failed button, .card h2, .card p, .main, .who, .face, .menu button, .banner";

/// What a token of the panel is, written as `#rgb` or `#rrggbb`; nothing where it lets its ground through.
fn token(stage: &Stage, name: &str) -> Option<f64> {
    let text = computed(&stage.one("html"), &format!("--sc-{name}"));
    let digits = text.trim().strip_prefix('#')?;
    let wide =
        if digits.len() == 3 { digits.chars().flat_map(|digit| [digit, digit]).collect() } else { digits.to_owned() };
    let parts = [0, 2, 4].map(|at| u8::from_str_radix(&wide[at..at + 2], 16).unwrap().to_string());
    Some(luminance(&format!("rgb({})", parts.join(", "))))
}

/// What is read, what it stands on, and what tells them apart: of words, and of what is no word.
const READ: [(&str, &str, f64); 9] = [
    ("on-accent", "accent", 4.5),
    ("on-accent", "accent-hover", 4.5),
    ("on-visitor", "bubble-visitor", 4.5),
    ("accent-text", "bubble-agent", 4.5),
    ("text-muted", "hover", 4.5),
    ("danger", "hover", 4.5),
    ("warn-text", "warn-soft", 4.5),
    ("success", "surface", 3.0),
    ("border-strong", "surface", 3.0),
];

#[wasm_bindgen_test]
fn no_theme_makes_words_illegible() {
    let brand = page().document_element().unwrap().unchecked_into::<HtmlElement>().style();
    brand.set_property("--brand", "#ffd400").unwrap();
    for theme in [
        r#""light""#,
        r#""dark""#,
        r##"{"mode":"light","surface":"#0b3d2e"}"##,
        r##"{"mode":"dark","surface":"#fffbe6","danger":"#ffb3b3"}"##,
        r##"{"mode":"light","surface":"#767676","accent":"yellow"}"##,
        r##"{"mode":"dark","surface":"#777","accent":"#808080","textMuted":"#777"}"##,
        r##"{"mode":"light","bubbleAgent":"#123","surfaceRaised":"black","dangerSoft":"black"}"##,
        r##"{"mode":"light","accent":"var(--brand)"}"##,
        r##"{"mode":"dark","accent":"var(--brand)","bubbleVisitor":"var(--brand)"}"##,
        r##"{"mode":"light","accent":"transparent"}"##,
        r##"{"mode":"light","accent":"rgb(0 0 255 / .1)","text":"#eee"}"##,
        r##"{"mode":"light","accent":"var(--unknown)","surface":"#0008"}"##,
        r##"{"mode":"light","warnText":"#fdf4df","success":"#eee","borderStrong":"white","hover":"#000"}"##,
        r##"{"mode":"dark","warnSoft":"#f0cd84","success":"#222","borderStrong":"#222","hover":"rgb(255 255 255 / .9)"}"##,
        r##"{"mode":"light","onAccent":"#1f6feb","accentHover":"#fff","accentText":"#fff"}"##,
        r##"{"mode":"light","onAccent":"black","radius":4}"##,
        r##"{"mode":"dark","accent":"#ffd400","onAccent":"white","accentHover":"#000","bubbleVisitor":"yellow"}"##,
        r##"{"mode":"light","surface":"#1c8552","dangerSoft":"#0f0","accentLine":"red"}"##,
    ] {
        let (stage, _) = dressed("legible", theme);
        for element in stage.all(WORDS) {
            let found = contrast(&element);
            let class = element.class_name();
            assert!(found >= 4.5, "{theme}: {} .{class} {found}", element.tag_name());
        }
        for (read, ground, least) in READ {
            let (Some(one), Some(other)) = (token(&stage, read), token(&stage, ground)) else { continue };
            let found = one.max(other) / one.min(other);
            assert!(found >= least, "{theme}: {read} on {ground} {found}");
        }
    }
    brand.remove_property("--brand").unwrap();
}

#[wasm_bindgen_test]
fn a_property_of_the_page_is_honoured_and_what_is_no_opaque_colour_is_said() {
    let brand = page().document_element().unwrap().unchecked_into::<HtmlElement>().style();
    brand.set_property("--brand", "#ffd400").unwrap();
    let own = |stage: &Stage| computed(&stage.one(".own .bubble"), "background-color");
    let (stage, log) = dressed("brand", r##"{"mode":"light","accent":"var(--brand)"}"##);
    assert_eq!((own(&stage).as_str(), log.len()), ("rgb(255, 212, 0)", 0));
    brand.remove_property("--brand").unwrap();
    drop(stage);
    for accent in ["var(--brand)", "transparent", "rgb(0 0 255 / .5)", "no colour", "currentcolor;"] {
        let (stage, log) = dressed("brandless", &format!(r#"{{"mode":"light","accent":"{accent}"}}"#));
        assert_eq!(own(&stage), "rgb(31, 111, 235)", "{accent}");
        assert_eq!(log, ["theme: no opaque colour to compute with in `accent`"], "{accent}");
        assert_eq!(computed(&stage.iframe().unwrap(), "background-color"), "rgb(255, 255, 255)");
    }
    let (stage, log) = dressed("clash", r##"{"mode":"light","bubbleAgent":"#123"}"##);
    assert_eq!(computed(&stage.one(".bubble"), "background-color"), "rgb(242, 243, 245)");
    assert_eq!(log, ["theme: no text is legible both on the surface and on bubble-agent"]);
}

#[wasm_bindgen_test]
fn what_is_legible_is_left_as_it_was_given() {
    let theme = r##"{"mode":"light","accent":"#0a5","onAccent":"#000","accentHover":"#0c6","accentText":"#063","accentLine":"#0f8","hover":"rgb(0 0 0 / .05)","success":"#060","warnText":"#630","warnSoft":"#ffc","border":"rgb(0 0 0 / .1)"}"##;
    let (stage, log) = dressed("given", theme);
    assert_eq!(log, Vec::<String>::new());
    let root = stage.one("html");
    for (name, expected) in [
        ("accent", "#00aa55"),
        ("on-accent", "#000000"),
        ("accent-hover", "#00cc66"),
        ("accent-text", "#006633"),
        ("accent-line", "#0f8"),
        ("hover", "#f2f2f2"),
        ("success", "#006600"),
        ("warn-text", "#663300"),
        ("warn-soft", "#ffffcc"),
        ("border", "rgb(0 0 0 / .1)"),
    ] {
        assert_eq!(computed(&root, &format!("--sc-{name}")).trim(), expected, "{name}");
    }
}

#[wasm_bindgen_test]
fn what_a_page_adds_to_every_object_is_no_theme() {
    let prototype = js_sys::Reflect::get(&js_sys::Object::new(), &"__proto__".into()).unwrap();
    js_sys::Reflect::set(&prototype, &"polluted".into(), &js_sys::Function::new_no_args("")).unwrap();
    let (stage, log) = dressed("polluted", r##"{"mode":"light","accent":"#a00000"}"##);
    js_sys::Reflect::delete_property(prototype.unchecked_ref::<js_sys::Object>(), &"polluted".into()).unwrap();
    assert_eq!(log, Vec::<String>::new());
    let style = stage.one("html").style().css_text();
    assert!(style.contains("--sc-accent: #a00000") && !style.contains("polluted"), "{style}");
}

#[wasm_bindgen_test]
fn what_a_keyboard_leaves_of_a_low_wide_screen_is_the_panels() {
    let stage = Stage::named("landscape");
    stage.draw(&Scene::open(vec![sample::agent(1, "a", 60_000)]));
    let window = web_sys::window().unwrap();
    if window.inner_width().unwrap().as_f64().unwrap() < 480.0 {
        return;
    }
    let iframe = stage.iframe().unwrap();
    let viewport = js_sys::Reflect::get(&window, &"visualViewport".into()).unwrap();
    let height = js_sys::Object::new();
    for (name, value) in [("value", JsValue::from(190)), ("configurable", JsValue::TRUE)] {
        js_sys::Reflect::set(&height, &name.into(), &value).unwrap();
    }
    js_sys::Reflect::define_property(viewport.unchecked_ref::<js_sys::Object>(), &"height".into(), &height).unwrap();
    fire(viewport.unchecked_ref::<Element>(), "resize");
    let place = (iframe.offset_top(), iframe.offset_height());
    js_sys::Reflect::delete_property(viewport.unchecked_ref::<js_sys::Object>(), &"height".into()).unwrap();
    fire(viewport.unchecked_ref::<Element>(), "resize");
    assert_eq!(place, (0, 190));
    assert!(iframe.offset_height() > 190, "and goes back");
}
