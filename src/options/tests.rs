//! Tests of the options: every check with a value that passes and one that does not. No browser.

use super::*;

/// Sets one option from JSON; what it says when refused.
fn refusal(key: &str, json: &str) -> String {
    let document = parse(json).expect(json);
    match check(key, document.root()) {
        Ok(()) => String::new(),
        Err(error) => {
            assert_eq!(error.code, Code::InvalidConfig);
            error.message.into()
        }
    }
}

/// Options from a JSON object.
fn options(json: &str) -> Result<Options, Error> {
    Options::of(parse(json).expect(json).root())
}

#[test]
fn an_unknown_key_names_the_nearest() {
    for (key, nearest) in [("serverURL", "serverUrl"), ("server", "serverUrl"), ("storge", "storage"), ("", "user")] {
        let expected = format!("unknown option `{key}`, did you mean `{nearest}`?");
        assert_eq!(refusal(key, FUNCTION), expected);
    }
    assert!(refusal(&"é".repeat(100_000), "1").len() < 200);
}

#[test]
fn an_unknown_member_names_the_nearest_with_its_path() {
    for (key, json, words) in [
        ("launcher", r#"{"lable":1}"#, "unknown option `launcher.lable`, did you mean `launcher.label`?"),
        ("launcher", r#"{"offset":{"z":1}}"#, "unknown option `launcher.offset.z`, did you mean `launcher.offset.x`?"),
        ("theme", r#"{"acent":"red"}"#, "unknown option `theme.acent`, did you mean `theme.accent`?"),
        (
            "updateLimit",
            r#"{"perHour":1}"#,
            "unknown option `updateLimit.perHour`, did you mean `updateLimit.perSecond`?",
        ),
    ] {
        assert_eq!(refusal(key, json), words);
    }
}

#[test]
fn a_wrong_type_names_the_key_and_what_was_expected() {
    for (key, json, words) in [
        ("serverUrl", "1", "option `serverUrl` must be an http(s) address or a path that begins with `/`"),
        ("transport", r#""matrix""#, "option `transport` must be `cometd` or an object with methods"),
        ("connect", "null", "option `connect` must be `lazy`, `eager`"),
        ("disableWebSockets", r#""true""#, "option `disableWebSockets` must be true or false"),
        ("maxOfflineDuration", "-1", "option `maxOfflineDuration` must be a number that is not negative"),
        ("launcher", "true", "option `launcher` must be false or an object"),
        ("launcher", r#"{"offset":{"x":"1px"}}"#, "option `launcher.offset.x` must be a whole number"),
        ("theme", r#"{"mode":"black"}"#, "option `theme.mode` must be `system`, `light`, `dark`"),
        ("brand", "{}", "option `brand.name` is missing"),
        ("messages", r#"{"title":1}"#, "option `messages` must be an object of strings"),
        ("logger", "{}", "option `logger` must be a function"),
        ("userData", "[]", "option `userData` must be an object"),
        ("namespace", r#""a b""#, "option `namespace` must be 1 to 64 letters, digits, `.`, `_` or `-`"),
    ] {
        assert_eq!(refusal(key, json), words);
    }
}

#[test]
fn a_function_is_nothing_but_a_function() {
    for row in TABLE.iter().filter(|row| row.stage != Stage::Later) {
        let taken = row.kinds.iter().any(|kind| matches!(kind, table::Kind::Function));
        assert_eq!(refusal(row.key, FUNCTION).is_empty(), taken, "{}", row.key);
        // What can neither be said nor called.
        assert_ne!(refusal(row.key, "-0.0"), "", "{}", row.key);
    }
    for (json, words) in [
        (r#"{"connect":-0,"perform":-0}"#, "option `transport.disconnect` must be a function"),
        (r#"{"connect":-0,"perform":0,"disconnect":-0}"#, "option `transport.perform` must be a function"),
        (r#"{"connect":-0,"perform":-0,"disconnect":-0,"read":null}"#, ""),
    ] {
        assert_eq!(refusal("transport", json), words);
    }
    assert_eq!(refusal("stateStorage", r#"{"read":-0}"#), "option `stateStorage.write` must be a function");
}

#[test]
fn addresses() {
    for good in ["http://localhost:8080/cometd", "HTTPS://chat.example", "/cometd", "https://bücher.example/"] {
        assert_eq!(refusal("serverUrl", &format!("\"{good}\"")), "");
    }
    for bad in
        ["", "cometd", "//chat.example", "ws://chat.example", "https://", "http:///x", "javascript:alert(1)", "/a b"]
    {
        assert_ne!(refusal("serverUrl", &format!("\"{bad}\"")), "", "{bad}");
    }
}

#[test]
fn free_objects_are_measured_and_never_key_checked() {
    assert_eq!(refusal("userData", r#"{"serverURL":null,"deep":{"er":[1]}}"#), "");
    let long = format!(r#"{{"a":"{}"}}"#, "x".repeat(16 * 1024));
    assert_eq!(refusal("userData", &long), "option `userData` must be at most 16 kB of JSON");
}

#[test]
fn every_default_passes_its_own_check() {
    for row in TABLE.iter().filter(|row| !row.default.is_empty()) {
        assert_eq!(refusal(row.key, row.default), "", "{}", row.key);
    }
}

#[test]
fn defaults() {
    let options = options(r#"{"serverUrl":"/cometd"}"#).unwrap();
    assert_eq!(options.channel(), "/service/chatV2/customer-support");
    assert!(options.lazy() && options.cookie_consent() && options.auto_render() && !options.disable_web_sockets());
    assert_eq!(options.storage(), Storage::Local);
    assert_eq!(options.max_offline_duration(), Some(2_592_000));
    assert_eq!((options.namespace().as_str(), options.username().as_str()), ("default", "User"));
    assert_eq!(options.theme(), r#"{"mode":"system"}"#);
    assert_eq!((options.z_index(), options.log_level()), (Z_INDEX, 2));
    assert_eq!((options.user_data().as_str(), options.subject(), options.auto_boot()), ("{}", None, None));
    assert_eq!(options.warnings(), Vec::<String>::new());
}

#[test]
fn what_was_given_wins() {
    let options = options(
        r#"{"serverUrl":"https://a.example/","storage":"cookie","theme":{"accent":"red"},"launcher":{"zIndex":7},
            "logLevel":"silent","maxOfflineDuration":60,"autoBoot":true,"connect":"eager","sound":false,"messages":{"send":"Go"},
            "greeting":{"text":"Hi"}}"#,
    )
    .unwrap();
    assert_eq!((options.storage(), options.max_offline_duration()), (Storage::Cookie, Some(60)));
    assert_eq!((options.theme().as_str(), options.z_index()), (r#"{"accent":"red"}"#, 7));
    assert_eq!((options.log_level(), options.auto_boot(), options.lazy()), (4, Some(true), false));
    assert_eq!(options.warnings(), ["option `greeting` has no effect in this version"]);
}

#[test]
fn a_backend_is_needed_and_a_page_may_bring_its_own() {
    for json in ["{}", r#"{"transport":"cometd"}"#] {
        let error = options(json).unwrap_err();
        assert_eq!(error.code, Code::InvalidConfig);
        assert!(error.message.contains("`serverUrl`"));
    }
    let both = r#""transport":{"connect":-0,"perform":-0,"disconnect":-0},"stateStorage":{"read":-0,"write":-0}"#;
    let own = options(&["{", both, "}"].concat()).unwrap();
    assert_eq!((own.own_transport(), own.storage()), (true, Storage::Custom));
    let error = options(&["{", both, r#","storage":"local"}"#].concat()).unwrap_err();
    assert_eq!(error.code, Code::InvalidConfig);
}

#[test]
fn options_of_later_versions_are_refused_when_they_would_mislead() {
    for value in [r#""b""#, "true", "-0", "[]", "null"] {
        let error = options(&[r#"{"serverUrl":"/c","buttonId":"#, value, "}"].concat()).unwrap_err();
        assert_eq!(
            (error.code, error.message.as_ref()),
            (Code::Unsupported, "option `buttonId` is not supported by this version")
        );
    }
}

#[test]
fn a_user_has_an_id_and_known_members_and_null_is_no_value() {
    let said = |key: &str, json: &str, partial: bool| {
        let document = parse(json).expect(json);
        check_of_call(key, document.root(), partial).err().map(|error| error.message.to_string())
    };
    for good in [
        r#"{"id":"ann"}"#,
        r#"{"id":7,"email":null,"name":"Ann","phone":null,"avatarUrl":"/a.png","traits":{"any":{"thing":[1]}}}"#,
        r#"{"id":1e21,"traits":null}"#,
    ] {
        assert_eq!(said("user", good, false), None, "{good}");
    }
    let key = "option `user.id` must be a string that is not empty, or a number";
    for (json, words) in [
        ("7", "option `user` must be an object"),
        ("{}", "option `user.id` is missing"),
        (r#"{"id":""}"#, key),
        (r#"{"id":" \t"}"#, key),
        (r#"{"id":null}"#, key),
        (r#"{"id":{}}"#, key),
        (r#"{"id":"a","emial":"x"}"#, "unknown option `user.emial`, did you mean `user.email`?"),
        (r#"{"id":"a","email":7}"#, "option `user.email` must be a string or null"),
        (r#"{"id":"a","traits":[]}"#, "option `user.traits` must be an object or null"),
    ] {
        assert_eq!(said("user", json, false).as_deref(), Some(words), "{json}");
    }
    // Of an update nothing is missing; what is there must be right all the same.
    assert_eq!(said("user", r#"{"email":null}"#, true), None);
    assert_eq!(said("user", r#"{"id":""}"#, true).as_deref(), Some(key));
}

#[test]
fn a_company_has_an_id_and_primitives() {
    assert_eq!(refusal("company", r#"{"id":"o","name":null,"plan":"pro","seats":7,"trial":true,"":"x"}"#), "");
    for (json, words) in [
        (r#"{"name":"o"}"#, "option `company.id` is missing"),
        (r#"{"id":"o","plan":7}"#, "option `company.plan` must be a string or null"),
        (r#"{"id":"o","seats":[7]}"#, "option `company.seats` must be a string, a number, a boolean or null"),
    ] {
        assert_eq!(refusal("company", json), words);
    }
}

#[test]
fn the_limit_of_updates_is_never_nothing() {
    for (json, limit) in
        [("{}", (1, 20)), (r#"{"perSecond":5}"#, (5, 20)), (r#"{"perSecond":0,"perMinute":0}"#, (1, 1))]
    {
        let options = options(&[r#"{"serverUrl":"/c","updateLimit":"#, json, "}"].concat());
        assert_eq!(options.map(|options| options.update_limit()).ok(), Some(limit), "{json}");
    }
}

#[test]
fn the_loader_gets_its_defaults() {
    let json = loader_defaults();
    let document = parse(&json).unwrap();
    assert_eq!(document.root().text_at("load"), Some("idle"));
    assert_eq!(
        document.root().member("launcher").and_then(|launcher| launcher.number_at("zIndex")),
        Some(2_147_483_000)
    );
    assert_eq!(document.root().members().count(), 7);
    // The loader spells them out: there is no room in it to be told.
    let loader =
        [include_str!("../../pkg-template/handle.js"), include_str!("../../pkg-template/launcher.js")].concat();
    for (name, text) in [("load", "\"idle\""), ("namespace", "\"default\"")] {
        assert_eq!(document.root().member(name).map(|value| value.raw()), Some(text));
        assert!(loader.contains(&[name, " = ", text].concat()), "{name}");
    }
    assert!(loader.contains("zIndex = 2147483000"));
}
