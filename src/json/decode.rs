//! From checked JSON text to numbers and strings. Not: the check (`reader`).

/// The whole part of an unsigned JSON number. Java writes big ones with an exponent.
pub(super) fn whole(number: &[u8]) -> Option<u64> {
    let mut value: u64 = 0;
    // How many of the digits read so far stand behind the point.
    let mut fraction: i32 = 0;
    let mut behind_point = false;
    let mut bytes = number.iter();
    let mut exponent: i32 = 0;
    let mut any = false;
    while let Some(byte) = bytes.next() {
        match byte {
            b'0'..=b'9' => {
                any = true;
                match value.checked_mul(10).and_then(|tens| tens.checked_add(u64::from(byte - b'0'))) {
                    Some(more) => {
                        value = more;
                        fraction += i32::from(behind_point);
                    }
                    // Digits of a fraction too long to hold change nothing.
                    None if behind_point => {}
                    None => return None,
                }
            }
            b'.' => behind_point = true,
            b'e' | b'E' => {
                let mut negative = false;
                for byte in bytes.by_ref() {
                    match byte {
                        b'-' => negative = true,
                        b'0'..=b'9' => exponent = (exponent * 10 + i32::from(byte - b'0')).min(999),
                        _ => {}
                    }
                }
                exponent = if negative { -exponent } else { exponent };
            }
            _ => return None,
        }
    }
    for _ in fraction..exponent {
        if value == 0 {
            break;
        }
        value = value.checked_mul(10)?;
    }
    for _ in exponent..fraction {
        value /= 10;
    }
    any.then_some(value)
}

/// Takes the escapes out of the inside of a string that [`parse`] has checked.
pub(super) fn unescape(inner: &str) -> String {
    let mut text = String::with_capacity(inner.len());
    let mut chars = inner.chars();
    // The first half of a surrogate pair, while its second half may still come.
    let mut half: u32 = 0;
    while let Some(mut char) = chars.next() {
        let mut unit = 0;
        if char == '\\' {
            char = match chars.next().unwrap_or('\\') {
                'b' => '\u{8}',
                'f' => '\u{c}',
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                'u' => {
                    for _ in 0..4 {
                        unit = unit * 16 + chars.next().and_then(|digit| digit.to_digit(16)).unwrap_or(0);
                    }
                    if half != 0 && (0xdc00..0xe000).contains(&unit) {
                        unit = 0x10000 + ((half - 0xd800) << 10) + (unit - 0xdc00);
                        half = 0;
                    }
                    char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER)
                }
                other => other,
            };
        }
        if half != 0 {
            text.push(char::REPLACEMENT_CHARACTER);
        }
        half = if (0xd800..0xdc00).contains(&unit) { unit } else { 0 };
        if half == 0 {
            text.push(char);
        }
    }
    if half != 0 {
        text.push(char::REPLACEMENT_CHARACTER);
    }
    text
}
