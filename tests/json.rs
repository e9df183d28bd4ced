//! The JSON reader and writer, compared with `serde_json` on generated input. Not: what the wire says with it.

#![allow(clippy::unwrap_used)] // also in what the tests call

use serde_json::Value as Oracle;
use support_chat::json::{self, Refused, Value, Writer};

/// A small repeatable generator: splitmix64.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % below
    }

    fn string(&mut self) -> String {
        let pool =
            ['a', 'Z', '"', '\\', '/', '\n', '\u{0}', '\u{1f}', 'é', '\u{2028}', '\u{2029}', '😀', '\u{ffff}', ' '];
        (0..self.roll(8)).map(|_| pool[self.roll(pool.len() as u64) as usize]).collect()
    }

    fn value(&mut self, depth: u32) -> Oracle {
        match self.roll(if depth > 4 { 5 } else { 7 }) {
            0 => Oracle::Null,
            1 => Oracle::Bool(self.roll(2) == 0),
            2 => Oracle::from(self.roll(u64::MAX)),
            3 => Oracle::from(-(self.roll(1 << 40) as i64)),
            4 => Oracle::String(self.string()),
            5 => Oracle::Array((0..self.roll(5)).map(|_| self.value(depth + 1)).collect()),
            _ => Oracle::Object((0..self.roll(5)).map(|_| (self.string(), self.value(depth + 1))).collect()),
        }
    }
}

fn same(ours: Value<'_>, oracle: &Oracle) -> bool {
    match oracle {
        Oracle::Null => ours.is_null(),
        Oracle::Bool(value) => ours.boolean() == Some(*value),
        Oracle::Number(number) => ours.number_u64() == number.as_u64() && ours.number_i64() == number.as_i64(),
        Oracle::String(text) => ours.text() == Some(text),
        Oracle::Array(items) => {
            ours.is_array()
                && ours.items().count() == items.len()
                && ours.items().zip(items).all(|(ours, oracle)| same(ours, oracle))
        }
        Oracle::Object(members) => {
            ours.is_object()
                && ours.members().all(|(name, _)| members.contains_key(name))
                && members.iter().all(|(name, oracle)| ours.member(name).is_some_and(|ours| same(ours, oracle)))
        }
    }
}

fn write(writer: &mut Writer, value: &Oracle) {
    match value {
        Oracle::Bool(value) => writer.boolean(*value),
        Oracle::Number(number) if number.is_u64() => writer.number(number.as_u64().unwrap()),
        Oracle::Null | Oracle::Number(_) => writer.raw(&value.to_string()),
        Oracle::String(text) => writer.string(text),
        Oracle::Array(items) => {
            writer.array();
            items.iter().for_each(|item| write(writer, item));
            writer.end_array()
        }
        Oracle::Object(members) => {
            writer.object();
            for (name, value) in members {
                write(writer.name(name), value);
            }
            writer.end_object()
        }
    };
}

#[test]
fn generated_values_read_and_write_as_serde_json_does() {
    let mut dice = Dice(1);
    for _ in 0..5_000 {
        let oracle = dice.value(0);
        for text in [oracle.to_string(), serde_json::to_string_pretty(&oracle).unwrap()] {
            let document = json::parse(&text).unwrap();
            assert!(same(document.root(), &oracle), "{text}");
            assert_eq!(document.root().raw(), text);
        }
        let mut writer = Writer::new();
        write(&mut writer, &oracle);
        assert_eq!(serde_json::from_str::<Oracle>(&writer.finish()).unwrap(), oracle);
    }
}

#[test]
fn spoilt_texts_are_refused_exactly_when_serde_json_refuses_them() {
    let mut dice = Dice(2);
    let pool = b"{}[]\",:\\u09eE+-.tnf \x01\n";
    let (mut refused, mut taken) = (0, 0);
    for _ in 0..30_000 {
        let mut bytes = dice.value(2).to_string().into_bytes();
        for _ in 0..=dice.roll(2) {
            let at = dice.roll(bytes.len() as u64) as usize;
            let byte = pool[dice.roll(pool.len() as u64) as usize];
            match dice.roll(3) {
                0 => bytes[at] = byte,
                1 => bytes.insert(at, byte),
                _ if bytes.len() > 1 => drop(bytes.remove(at)),
                _ => {}
            }
        }
        let Ok(text) = String::from_utf8(bytes) else { continue };
        match (json::parse(&text), serde_json::from_str::<Oracle>(&text)) {
            (Ok(ours), Ok(oracle)) if has_float(&oracle) => drop((ours, oracle)),
            (Ok(ours), Ok(oracle)) => {
                assert!(same(ours.root(), &oracle), "{text}");
                taken += 1;
            }
            (Err(_), Err(_)) => refused += 1,
            // What serde_json refuses besides syntax: half surrogate pairs, and floats it cannot hold.
            (Ok(_), Err(error)) => {
                let error = error.to_string();
                assert!(
                    error.contains("surrogate") || error.contains("out of range") || error.contains("hex escape"),
                    "{text}: {error}"
                );
            }
            (Err(error), Ok(_)) => panic!("{text}: {error}"),
        }
    }
    assert!(refused > 1_000 && taken > 1_000, "the generator is worth nothing: {refused} {taken}");
}

fn has_float(value: &Oracle) -> bool {
    match value {
        Oracle::Number(number) => number.is_f64(),
        Oracle::Array(items) => items.iter().any(has_float),
        Oracle::Object(members) => members.values().any(has_float),
        _ => false,
    }
}

#[test]
fn every_cut_of_a_text_is_refused() {
    let text = r#"[{"a":"\u00e9\n","b":[1,-2.5e3,true,null]},"x"]"#;
    for end in 0..text.len() {
        assert!(json::parse(&text[..end]).is_err(), "{}", &text[..end]);
    }
    json::parse(text).unwrap();
}

#[test]
fn half_surrogate_pairs_become_the_replacement_character() {
    let cases = [
        (r#""\ud83d\ude00""#, "😀"),
        (r#""\ud83d""#, "\u{fffd}"),
        (r#""\ude00""#, "\u{fffd}"),
        (r#""\ud83dx""#, "\u{fffd}x"),
        (r#""\ud83d\n""#, "\u{fffd}\n"),
        (r#""\ud83d\ud83d\ude00!""#, "\u{fffd}😀!"),
        (r#""\ud83d\u0041""#, "\u{fffd}A"),
        (r#""\u0000\/\"\b\f""#, "\u{0}/\"\u{8}\u{c}"),
    ];
    for (text, wanted) in cases {
        assert_eq!(json::parse(text).unwrap().root().text().unwrap(), wanted, "{text}");
    }
}

#[test]
fn numbers_are_whole_and_fit_or_are_none() {
    let cases = [
        ("0", Some(0), Some(0)),
        ("18446744073709551615", Some(u64::MAX), None),
        ("18446744073709551616", None, None),
        ("-1", None, Some(-1)),
        ("-0", None, Some(0)),
        ("12.9", Some(12), Some(12)),
        ("1.7E12", Some(1_700_000_000_000), Some(1_700_000_000_000)),
        ("1.7549376001235E12", Some(1_754_937_600_123), Some(1_754_937_600_123)),
        ("1250e-2", Some(12), Some(12)),
        ("1e400", None, None),
        ("0e999999999999", Some(0), Some(0)),
        ("1e-99999999999", Some(0), Some(0)),
        ("3.00000000000000000000000000001", Some(3), Some(3)),
        ("\"7\"", None, None),
        ("true", None, None),
        ("[]", None, None),
    ];
    for (text, unsigned, signed) in cases {
        let document = json::parse(text).unwrap();
        assert_eq!((document.root().number_u64(), document.root().number_i64()), (unsigned, signed), "{text}");
    }
}

#[test]
fn depth_and_size_have_limits() {
    let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
    assert!(json::parse(&nested(32)).is_ok());
    assert_eq!(json::parse(&nested(33)).unwrap_err(), Refused::Depth);
    assert_eq!(json::parse(&"[".repeat(500_000)).unwrap_err(), Refused::Depth);
    let long = |size: usize| "\"".to_owned() + &"x".repeat(size - 2) + "\"";
    assert!(json::parse(&long(json::MAX_SIZE)).is_ok());
    assert_eq!(json::parse(&long(json::MAX_SIZE + 1)).unwrap_err(), Refused::Size);
}

#[test]
fn of_repeated_members_the_last_counts_and_free_objects_stay_as_they_were() {
    let document = json::parse(r#" {"a":1,"\u0061":{ "deep" : [ 1 ] },"b":null} "#).unwrap();
    let root = document.root();
    assert_eq!(root.member("a").unwrap().raw(), r#"{ "deep" : [ 1 ] }"#);
    assert!(root.member("b").unwrap().is_null());
    assert!(root.member("c").is_none());
    assert!(root.member("b").unwrap().member("c").is_none());
}

#[test]
fn line_separators_are_escaped() {
    let mut writer = Writer::new();
    writer.array().string("a\u{2028}\u{2029}\u{1}").object().name("n\"").number(120).end_object().raw("{}").end_array();
    assert_eq!(writer.finish(), r#"["a\u2028\u2029\u0001",{"n\"":120},{}]"#);
}
