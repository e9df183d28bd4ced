//! Colour and contrast: what is computed from the colours a page gives, so that text stays legible on them. Pure.
//! Not: which token gets which colour (`theme.rs`).

/// A colour without transparency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Rgb(pub(super) u8, pub(super) u8, pub(super) u8);

pub(super) const WHITE: Rgb = Rgb(255, 255, 255);
pub(super) const BLACK: Rgb = Rgb(0, 0, 0);
/// The text colour of the light theme: softer than black where it is dark enough.
pub(super) const INK: Rgb = Rgb(0x14, 0x17, 0x1c);

impl Rgb {
    /// `#rgb`, `#rrggbb` and `rgb(r, g, b)` as browsers compute it; `None` for all else. Transparency is ignored.
    pub(super) fn parse(text: &str) -> Option<Rgb> {
        let text = text.trim().as_bytes();
        if let Some(hex) = text.strip_prefix(b"#") {
            let digit = |at: usize| Some(char::from(*hex.get(at)?).to_digit(16)? as u8);
            let pair = |at: usize| Some(digit(at)? * 16 + digit(at + 1)?);
            return match hex.len() {
                3 | 4 => Some(Rgb(digit(0)? * 17, digit(1)? * 17, digit(2)? * 17)),
                6 | 8 => Some(Rgb(pair(0)?, pair(2)?, pair(4)?)),
                _ => None,
            };
        }
        let mut parts = [0u32; 3];
        let mut place = 0;
        let mut inside = false;
        for byte in text.strip_prefix(b"rgb")? {
            if byte.is_ascii_digit() {
                let part = parts.get_mut(place)?;
                *part = (*part * 10 + u32::from(byte - b'0')).min(255);
                inside = true;
            } else if inside {
                if *byte == b'.' || *byte == b'%' {
                    return None;
                }
                place += 1;
                inside = false;
                if place == 3 {
                    return Some(Rgb(parts[0] as u8, parts[1] as u8, parts[2] as u8));
                }
            }
        }
        None
    }

    /// As `#rrggbb`.
    pub(super) fn css(self) -> String {
        let mut text = String::from("#");
        for part in [self.0, self.1, self.2] {
            for digit in [part >> 4, part & 15] {
                text.push(char::from_digit(u32::from(digit), 16).unwrap_or('0'));
            }
        }
        text
    }

    /// `percent` of `other` mixed in.
    pub(super) fn mix(self, other: Rgb, percent: u32) -> Rgb {
        let part = |a: u8, b: u8| ((u32::from(a) * (100 - percent) + u32::from(b) * percent + 50) / 100) as u8;
        Rgb(part(self.0, other.0), part(self.1, other.1), part(self.2, other.2))
    }

    /// Relative luminance, 0 to 1. Source: WCAG 2.2.
    fn luminance(self) -> f32 {
        let part = |byte: u8| {
            let c = f32::from(byte) / 255.0;
            if c <= 0.04045 { c / 12.92 } else { power_2_4((c + 0.055) / 1.055) }
        };
        0.2126 * part(self.0) + 0.7152 * part(self.1) + 0.0722 * part(self.2)
    }

    /// From 1 to 21. Source: WCAG 2.2.
    pub(super) fn contrast(self, other: Rgb) -> f32 {
        let (a, b) = (self.luminance() + 0.05, other.luminance() + 0.05);
        if a > b { a / b } else { b / a }
    }

    /// Text on this ground: white where that is legible, else ink, else black.
    pub(super) fn text_on(self) -> Rgb {
        for text in [WHITE, INK] {
            if self.contrast(text) >= 4.5 {
                return text;
            }
        }
        BLACK
    }

    /// This colour, moved towards black or white until it reaches 4.5:1 on every ground.
    pub(super) fn legible_on(self, grounds: &[Rgb]) -> Rgb {
        let dark = grounds.first().is_some_and(|ground| ground.contrast(WHITE) >= ground.contrast(BLACK));
        let goal = if dark { WHITE } else { BLACK };
        let mut share = 0;
        loop {
            let text = self.mix(goal, share);
            if share >= 100 || grounds.iter().all(|ground| ground.contrast(text) >= 4.5) {
                return text;
            }
            share += 4;
        }
    }
}

/// x^2.4 for 0 < x ≤ 1, as x² · (x^⅕)². The fifth root is Newton's: `powf` would bring 2 kB of libm along.
fn power_2_4(x: f32) -> f32 {
    let mut root = 1.0f32;
    for _ in 0..12 {
        let fourth = root * root * root * root;
        root = 0.8 * root + x / (5.0 * fourth);
    }
    x * x * root * root
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contrast_is_that_of_the_standard() {
        assert!((WHITE.contrast(BLACK) - 21.0).abs() < 0.01);
        // The figures of the design.
        let accent = Rgb::parse("#1f6feb").unwrap();
        assert!((accent.contrast(WHITE) - 4.63).abs() < 0.02);
        assert!((accent.contrast(Rgb::parse("#f2f3f5").unwrap()) - 4.2).abs() < 0.05);
        for byte in 0..=255u8 {
            let c = f32::from(byte) / 255.0;
            if c > 0.04045 {
                let x = (c + 0.055) / 1.055;
                assert!((power_2_4(x) - x.powf(2.4)).abs() < 1e-5, "{byte}");
            }
        }
    }

    #[test]
    fn any_accent_carries_legible_text_and_gives_a_legible_text_colour() {
        let light = [WHITE, Rgb(0xf2, 0xf3, 0xf5)];
        let dark = [Rgb(0x16, 0x18, 0x1d), Rgb(0x26, 0x2a, 0x32)];
        for r in (0..=255).step_by(15) {
            for g in (0..=255).step_by(15) {
                for b in (0..=255).step_by(15) {
                    let accent = Rgb(r, g, b);
                    assert!(accent.contrast(accent.text_on()) >= 4.5, "{}", accent.css());
                    for grounds in [light, dark] {
                        let text = accent.legible_on(&grounds);
                        assert!(grounds.iter().all(|ground| ground.contrast(text) >= 4.5), "{}", accent.css());
                    }
                }
            }
        }
    }

    #[test]
    fn a_legible_colour_is_left_alone() {
        assert_eq!(Rgb(0, 0, 120).legible_on(&[WHITE]), Rgb(0, 0, 120));
    }

    #[test]
    fn reads_what_pages_and_browsers_write() {
        assert_eq!(Rgb::parse(" #0af "), Some(Rgb(0, 170, 255)));
        assert_eq!(Rgb::parse("#00aaffcc"), Some(Rgb(0, 170, 255)));
        assert_eq!(Rgb::parse("rgb(1, 22, 255)"), Some(Rgb(1, 22, 255)));
        assert_eq!(Rgb::parse("rgba(1 22 255 / 0.5)"), Some(Rgb(1, 22, 255)));
        for odd in ["", "#", "#12", "#12345", "#ggg", "red", "rgb(", "rgb(1,2", "rgb(10% 20% 30%)", "#é12"] {
            assert_eq!(Rgb::parse(odd), None, "{odd}");
        }
        assert_eq!(Rgb(0, 170, 255).css(), "#00aaff");
    }
}
