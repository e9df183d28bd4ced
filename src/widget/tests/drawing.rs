//! What a view looks like in the DOM. Not: what a visitor does (`acting.rs`), nor long transcripts (`scrolling.rs`).

use super::*;
use crate::error::Code;
use crate::message::{Content, ConversationStatus, Role, Status};
use crate::session::Banner;
use crate::widget::sample;
use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen_test]
fn nothing_is_on_the_page_before_it_is_opened() {
    let stage = Stage::named("lazy");
    let mut scene = Scene::open(vec![]);
    scene.look.open = false;
    stage.draw(&scene);
    assert!(stage.iframe().is_none());
    scene.look.open = true;
    stage.draw(&scene);
    let iframe = stage.iframe().unwrap();
    assert!(!iframe.has_attribute("src"));
    assert_eq!(iframe.title(), "Support chat");
    // The style sheet is written for it.
    assert_eq!(stage.document().compat_mode(), "BackCompat");
    assert!(seen(&stage.one("[data-part=empty]")));
    stage.panel.tell("remove");
    assert!(stage.iframe().is_none());
    stage.panel.draw(&scene.view());
    assert!(stage.iframe().is_none(), "a removed panel stays away");
}

/// What tests and pages may look for.
const PARTS: [&str; 25] = [
    "mark",
    "name",
    "status",
    "menu",
    "close",
    "menu-list",
    "end-chat",
    "banner",
    "banner-text",
    "reconnect",
    "transcript",
    "empty",
    "loading",
    "list",
    "typing",
    "face",
    "typist",
    "ended",
    "start-new",
    "jump",
    "jump-count",
    "live",
    "composer",
    "input",
    "send",
];

#[wasm_bindgen_test]
fn every_part_has_its_name() {
    let stage = Stage::named("parts");
    stage.draw(&Scene::open(vec![]));
    let found: Vec<String> =
        stage.all("[data-part]").iter().map(|part| part.get_attribute("data-part").unwrap()).collect();
    assert_eq!(found, PARTS);
}

#[wasm_bindgen_test]
fn it_has_the_measures_of_the_design_whatever_the_page_says() {
    let style = page().create_element("style").unwrap();
    style.set_text_content(Some(
        "iframe { width: 10px !important; height: auto; visibility: hidden; border: 9px solid }",
    ));
    page().body().unwrap().append_child(&style).unwrap();
    let stage = Stage::named("measures");
    let mut scene = Scene::open(vec![sample::agent(1, "Hello", 60_000)]);
    stage.draw(&scene);
    let iframe = stage.iframe().unwrap();
    let window = web_sys::window().unwrap();
    let height = window.inner_height().unwrap().as_f64().unwrap() as i32;
    let computed = |name: &str| window.get_computed_style(&iframe).unwrap().unwrap().get_property_value(name).unwrap();
    if window.inner_width().unwrap().as_f64().unwrap() < 480.0 {
        assert_eq!(iframe.offset_height(), height);
    } else {
        assert_eq!((iframe.offset_width(), iframe.offset_height()), (384, 640.min(height - 108)));
        assert_eq!(iframe.offset_top() + iframe.offset_height(), height - 88);
    }
    assert_eq!(stage.one("header").offset_height(), 64);
    assert_eq!((computed("visibility").as_str(), computed("pointer-events").as_str()), ("visible", "auto"));
    scene.look.open = false;
    stage.draw(&scene);
    assert_eq!(computed("pointer-events"), "none");
    style.remove();
}

#[wasm_bindgen_test]
fn a_conversation_is_drawn() {
    let stage = Stage::named("talk");
    let mut scene = Scene::open(vec![
        sample::notice(1, Content::Joined, 60_000),
        sample::agent(2, "Hello <b>you</b>, see https://a.example/b.", 60_000),
        sample::visitor(3, "Hi", 120_000, Status::Read),
        sample::visitor(4, "Lost", 130_000, Status::Failed),
        sample::item(5, sample::party(Role::Visitor, ""), Content::Joined, 130_000, Status::Sent),
        sample::notice(6, Content::Other("video".into()), 130_000),
    ]);
    stage.draw(&scene);
    let bubbles = stage.texts("[data-part=message] [data-part=text]");
    assert_eq!(bubbles, ["Hello <b>you</b>, see https://a.example/b.", "Hi", "Lost"]);
    assert_eq!(stage.texts("[data-part=notice]")[0], "\u{2068}Maya Keller\u{2069} joined the chat");
    assert_eq!(stage.all("b").len(), 1, "of a failed message, none of the text");
    let link = stage.one("[data-part=text] a");
    assert_eq!(link.get_attribute("href").as_deref(), Some("https://a.example/b"));
    assert_eq!(link.get_attribute("rel").as_deref(), Some("noopener noreferrer"));
    let lost = stage.one("[data-status=failed]");
    assert_eq!(lost.get_attribute("data-id").as_deref(), Some("c4"));
    assert_eq!(lost.get_attribute("data-role").as_deref(), Some("visitor"));
    assert_eq!(stage.all("[data-part=retry]").len(), 1);
    // Under the newest only; here it failed.
    assert!(!stage.texts(".meta").iter().any(|line| line.contains("Read")));
    assert_eq!(stage.text("[data-part=name]"), "Maya Keller");
    assert_eq!(stage.text("[data-part=status]"), "Online");

    // The row that failed is sent: the same row, without its ways out.
    let row = stage.one("[data-id=c4]");
    scene.items[3] = sample::visitor(4, "Lost", 130_000, Status::Delivered);
    scene.items[3].revision = 1;
    stage.draw(&scene);
    assert_eq!(stage.one("[data-id=c4]"), row);
    assert_eq!(row.get_attribute("data-status").as_deref(), Some("delivered"));
    assert!(stage.all("[data-part=retry]").is_empty());
    assert!(stage.texts(".meta").iter().any(|line| line.contains("Delivered")));
}

#[wasm_bindgen_test]
fn a_pushed_address_is_a_link_only_when_it_is_allowed() {
    let stage = Stage::named("push");
    let url = |key, address: &str| {
        sample::item(key, sample::party(Role::Agent, "Maya"), Content::Url(address.into()), 0, Status::Sent)
    };
    stage.draw(&Scene::open(vec![url(1, "https://a.example/"), url(2, "javascript:alert(1)")]));
    assert_eq!(stage.texts("[data-part=text] a"), ["https://a.example/"]);
    assert_eq!(stage.all("[data-part=text]").len(), 2);
}

#[wasm_bindgen_test]
fn odd_views_are_drawn_too() {
    let stage = Stage::named("odd");
    let mut item =
        sample::item(1, sample::party(Role::Agent, ""), Content::Text(String::new()), u64::MAX, Status::Sent);
    std::rc::Rc::make_mut(&mut item.message).party.avatar_url = Some("javascript:alert(1)".into());
    let mut scene = Scene::open(vec![item.clone(), item]);
    scene.look.theme = "{\"accent\":[],\"surface\":\"}{\",\"radius\":-1,\"text\":\"nothing\"".into();
    stage.draw(&scene);
    assert!(stage.all("img").is_empty());
    assert_eq!(stage.text(".name"), "Support");
    scene.items.clear();
    scene.agent = None;
    let mut view = scene.view();
    view.loading = true;
    view.marker = Some(77);
    view.writable = false;
    stage.panel.draw(&view);
    assert!(seen(&stage.one("[data-part=loading]")));
    assert!(!seen(&stage.one("[data-part=empty]")));
}

#[wasm_bindgen_test]
fn an_ended_conversation_offers_a_new_one() {
    let stage = Stage::named("ended");
    let mut scene = Scene::open(vec![sample::agent(1, "Bye", 60_000)]);
    stage.draw(&scene);
    assert!(seen(&stage.one("[data-part=menu]")));
    scene.status = ConversationStatus::Ended;
    stage.draw(&scene);
    assert!(seen(&stage.one("[data-part=ended]")));
    assert!(!seen(&stage.one("[data-part=input]")));
    assert!(!seen(&stage.one("[data-part=menu]")));
    stage.one("[data-part=start-new]").click();
    assert_eq!(stage.acts(), [Gesture::StartNew]);
}

#[wasm_bindgen_test]
fn a_banner_comes_without_moving_anything() {
    let stage = Stage::named("banner");
    let scene = Scene::open(vec![sample::agent(1, "a", 60_000)]);
    stage.draw(&scene);
    let top = stage.one("[data-part=transcript]").offset_top();
    let height = stage.one("[data-part=transcript]").offset_height();
    for (banner, words, again) in [
        (Banner::Reconnecting, "Reconnecting… your messages are kept.", false),
        (Banner::Offline, "You’re offline. Your messages are kept.", false),
        (Banner::Refused, "The chat can’t be reached right now.", true),
    ] {
        let mut view = scene.view();
        view.banner = Some(banner);
        stage.panel.draw(&view);
        assert!(seen(&stage.one("[data-part=banner]")));
        assert_eq!(stage.text("[data-part=banner-text]"), words);
        assert_eq!(seen(&stage.one("[data-part=reconnect]")), again);
    }
    assert_eq!(stage.one("[data-part=transcript]").offset_top(), top);
    assert_eq!(stage.one("[data-part=transcript]").offset_height(), height);
    stage.one("[data-part=reconnect]").click();
    assert_eq!(stage.acts(), [Gesture::Reconnect]);
    stage.draw(&scene);
    assert!(!seen(&stage.one("[data-part=banner]")));
}

#[wasm_bindgen_test]
fn the_theme_is_the_pages_and_stays_legible() {
    let stage = Stage::named("theme");
    let mut scene = Scene::open(vec![]);
    scene.look.theme = r##"{"mode":"dark","accent":"yellow","radius":4,"borderStrong":"#8899aa"}"##.into();
    scene.look.theme_revision = 1;
    stage.draw(&scene);
    let root: HtmlElement = stage.document().document_element().unwrap().unchecked_into();
    let token = |name: &str| root.style().get_property_value(name).unwrap();
    assert_eq!(root.get_attribute("data-mode").as_deref(), Some("dark"));
    assert_eq!(token("--sc-accent"), "#ffff00");
    assert_eq!(token("--sc-on-accent"), "#14171c");
    assert_eq!(token("--sc-radius"), "4px");
    assert_eq!(token("--sc-border-strong"), "#8899aa");
    assert_eq!(stage.iframe().unwrap().style().get_property_value("color-scheme").unwrap(), "dark");
    scene.look.theme = r#""light""#.into();
    scene.look.theme_revision = 2;
    stage.draw(&scene);
    assert_eq!(root.get_attribute("data-mode").as_deref(), Some("light"));
    assert_eq!(token("--sc-accent"), "");
}

#[wasm_bindgen_test]
fn the_pages_words_and_direction_are_used() {
    let stage = Stage::new(Options {
        namespace: "words",
        locale: "ar-not a locale!",
        messages: r#"{"write":"اكتب"}"#,
        ..Default::default()
    });
    stage.draw(&Scene::open(vec![sample::agent(1, "مرحبا", 60_000)]));
    assert_eq!(stage.one("[data-part=input]").get_attribute("placeholder").as_deref(), Some("اكتب"));
    assert_eq!(stage.document().document_element().unwrap().get_attribute("dir").as_deref(), Some("rtl"));
    assert!(!stage.text(".meta").is_empty(), "a time, in the browser's own language");
}

#[wasm_bindgen_test]
fn the_first_day_is_shown_though_the_visitors_coming_is_not() {
    let stage = Stage::named("first-day");
    let came = sample::item(1, sample::party(Role::Visitor, "Lena"), Content::Joined, 60_000, Status::Sent);
    let scene = Scene::open(vec![came, sample::visitor(2, "Hi", 60_000, Status::Sent)]);
    let mut view = scene.view();
    view.marker = Some(1);
    stage.panel.draw(&view);
    let shown: Vec<HtmlElement> = stage.all(".day, .marker").into_iter().filter(|line| seen(line)).collect();
    let marker = shown.last().unwrap();
    assert_eq!((shown.len(), marker.text_content().as_deref()), (2, Some("New messages")));
    assert!(!stage.text(".day").is_empty() && !seen(&stage.one(".bubble")), "the notice itself is no news");
    // As far above the first message as it is elsewhere.
    let gap =
        stage.one("[data-id] .bubble").get_bounding_client_rect().top() - marker.get_bounding_client_rect().bottom();
    assert_eq!(gap, 16.0);
}

#[wasm_bindgen_test]
fn who_answered_stays_in_the_head_of_an_ended_chat() {
    let stage =
        Stage::new(Options { namespace: "whose", locale: "en", brand: r#"{"name":"Shop"}"#, ..Default::default() });
    let mut scene = Scene::open(vec![
        sample::agent(1, "Bye", 60_000),
        sample::visitor(2, "Bye", 60_000, Status::Sent),
        sample::item(3, sample::party(Role::Agent, "Bot"), Content::Left, 60_000, Status::Sent),
    ]);
    scene.agent = None;
    stage.draw(&scene);
    assert_eq!(stage.text("[data-part=name]"), "Shop", "nobody is there yet");
    scene.status = ConversationStatus::Ended;
    stage.draw(&scene);
    assert_eq!(
        (stage.text("[data-part=name]"), stage.text("[data-part=status]")),
        ("Maya Keller".into(), "Chat ended".into())
    );
    assert_eq!(stage.one("[data-part=mark]").get_attribute("data-presence").as_deref(), Some(""));
}

#[wasm_bindgen_test]
fn why_words_came_back_is_said_until_they_change() {
    let stage = Stage::named("unsent");
    let scene = Scene::open(vec![sample::agent(1, "a", 60_000)]);
    stage.draw(&scene);
    let words = stage.one("[data-part=banner-text]");
    assert_eq!(words.closest("[role]").unwrap().unwrap().get_attribute("role").as_deref(), Some("status"));
    for (code, begins) in
        [(Code::MessageInvalid, "This message is too long."), (Code::RateLimited, "Too many messages")]
    {
        let mut view = scene.view();
        view.unsent = Some(code);
        // It answers what was just done; how the connection stands, the head of the panel says as well.
        view.banner = Some(Banner::Reconnecting);
        stage.panel.draw(&view);
        assert!(words.text_content().unwrap().starts_with(begins) && seen(&words));
        assert!(stage.one("[data-part=banner] svg").get_bounding_client_rect().height() == 0.0);
        assert!(!seen(&stage.one("[data-part=reconnect]")));
        assert_eq!(stage.text("[data-part=status]"), "Reconnecting…");
    }
    stage.draw(&scene);
    assert!(!seen(&words));
    assert_eq!(stage.text("[data-part=status]"), "Online");
}
