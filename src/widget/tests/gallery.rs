//! Every state of the panel, to be looked at; not a test, and nothing is drawn in a run of the tests. Serve it with
//! `NO_HEADLESS=1 cargo test --lib --target wasm32-unknown-unknown -- gallery` and open the address with a question
//! mark and words out of the code below: `?dark+typing`.

use super::*;
use crate::message::{Content, ConversationStatus, Status};
use crate::session::{Banner, ConnectionState};
use crate::widget::sample;
use wasm_bindgen_test::wasm_bindgen_test;

const MINUTE: u64 = 60_000;

#[wasm_bindgen_test]
fn gallery() {
    let window = web_sys::window().unwrap();
    let words = window.document().unwrap().url().unwrap();
    let Some((_, words)) = words.split_once('?') else { return };
    let is = |word: &str| words.contains(word);
    let meta = page().create_element("meta").unwrap();
    meta.set_attribute("name", "viewport").unwrap();
    meta.set_attribute("content", "width=device-width").unwrap();
    page().query_selector("head").unwrap().unwrap().append_child(&meta).unwrap();
    let stage = Stage::new(Options {
        namespace: "gallery",
        locale: if is("rtl") { "ar" } else { "en-GB" },
        brand: if is("nobrand") { "" } else { r#"{"name":"Fieldhouse","replyTime":"about 2 min"}"# },
        launcher: if is("rtl") { r#"{"position":"left"}"# } else { "" },
        ..Default::default()
    });
    let now = js_sys::Date::now() as u64;
    let at = |minutes: u64| now - minutes * MINUTE;
    let mut scene = Scene::open(vec![
        sample::agent(1, "Hi Lena, the burrs arrived without their ring. That’s our mistake.", at(6)),
        sample::agent(2, "Fitting it takes five minutes:\nfieldhouse.coffee/c40-ring", at(6)),
        sample::agent(3, "On the invoice it’s called Mahlscheibenhalterungsschraubensatz.", at(6)),
        sample::visitor(4, "That’s the one that’s missing.", at(5), Status::Read),
        sample::visitor(5, "Can you send it to the same address?", at(5), Status::Read),
    ]);
    if is("rtl") {
        scene.items = vec![
            sample::agent(1, "أهلًا ليلى، راجعتُ طلبكِ. وصلت الطواحن من دون الحلقة، والخطأ منّا.", at(6)),
            sample::agent(2, "التبديل يستغرق خمس دقائق، والخطوات هنا: fieldhouse.coffee/ar/c40", at(6)),
            sample::agent(3, "القطعة اسمها Nord C40 Ring ورقمها 4007-218.", at(6)),
            sample::visitor(4, "نعم، هذه هي القطعة الناقصة.", at(5), Status::Read),
            sample::visitor(5, "هل يمكن إرسالها إلى العنوان نفسه؟", at(5), Status::Read),
        ];
    }
    if is("failed") {
        scene.items = vec![
            sample::agent(1, "Shall I send it to the address on the order?", at(6)),
            sample::visitor(4, "Yes please.", at(5), Status::Sent),
            sample::visitor(5, "And could you add a cleaning brush to the parcel?", at(5), Status::Failed),
        ];
    }
    if is("days") {
        scene.items.insert(0, sample::visitor(9, "🙏", at(60 * 24 * 40), Status::Read));
        scene.items.insert(1, sample::visitor(10, "And another thing", at(60 * 24 * 3), Status::Read));
        scene.items.insert(2, sample::notice(11, Content::Joined, at(7)));
    }
    if is("long") {
        scene.items = (0..10_000)
            .map(|key| match key % 5 {
                0 | 1 => sample::visitor(key, &format!("Message {key}"), at(u64::from(20_000 - key)), Status::Sent),
                _ => sample::agent(
                    key,
                    &format!("Answer {key}, a little longer than the question was, as answers are"),
                    at(u64::from(20_000 - key)),
                ),
            })
            .collect();
    }
    if is("none") {
        scene.items.clear();
        scene.agent = None;
        scene.status = ConversationStatus::New;
    }
    if is("queued") {
        scene.items = vec![sample::visitor(4, "My burrs arrived without the ring.", at(5), Status::Sent)];
        scene.agent = None;
        scene.status = ConversationStatus::Queued;
    }
    if is("waiting") {
        scene.items.push(sample::visitor(6, "One more thing: which grind for a moka pot?", at(4), Status::Queued));
        scene.connection.state = ConnectionState::Reconnecting;
    }
    if is("ended") {
        scene.items.push(sample::notice(7, Content::Left, at(1)));
        scene.status = ConversationStatus::Ended;
    }
    scene.typing = is("typing");
    if is("draft") {
        scene.draft = "Could you add a".into();
    }
    if is("tall") {
        scene.draft = "Could you add a\nbrush\nand\nand\nand\nand\nand another thing".into();
    }
    scene.look.theme =
        if is("dark") { r#"{"mode":"dark","font":"Inter"}"# } else { r#"{"mode":"light","font":"Inter"}"# }.into();
    if is("lime") {
        scene.look.theme = r##"{"mode":"light","accent":"#b7e03a","radius":6,"surface":"#fffdf5"}"##.into();
    }
    let mut view = scene.view();
    view.loading = is("loading");
    view.banner = if is("waiting") {
        Some(Banner::Reconnecting)
    } else if is("offline") {
        Some(Banner::Offline)
    } else if is("refused") {
        Some(Banner::Refused)
    } else if is("cookies") {
        Some(Banner::CookiesBlocked)
    } else {
        None
    };
    if is("marker") {
        view.marker = Some(3);
        view.unread = 2;
    }
    stage.panel.draw(&view);
    if is("menu") {
        stage.one("[data-part=menu]").click();
    }
    if is("up") {
        stage.one("[data-part=transcript]").set_scroll_top(100);
    }
    // Stays on the page.
    std::mem::forget(stage);
}
