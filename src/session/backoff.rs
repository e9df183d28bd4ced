//! How long to wait before the next attempt to connect. Not: who waits.

/// A small seeded generator: jitter needs no secrets. (SplitMix64, Steele, Lea, Flood 2014.)
pub(super) struct Jitter(u64);

impl Jitter {
    /// From a seed of the shell's.
    pub(super) fn new(seed: u64) -> Self {
        Jitter(seed)
    }

    /// Below `most`.
    pub(super) fn below(&mut self, most: u64) -> u64 {
        self.next() % most
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// The pause before attempt `n` after a loss, in ms: the first at once, then min(n, 60) s, give or take a quarter.
    pub(super) fn pause(&mut self, attempt: u32) -> u64 {
        u64::from(attempt.min(60)) * (750 + self.next() % 501)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_retry_is_at_once_and_the_others_grow_to_a_minute() {
        let mut jitter = Jitter::new(7);
        assert_eq!(jitter.pause(0), 0);
        for attempt in 1..200 {
            let seconds = u64::from(attempt.min(60));
            let pause = jitter.pause(attempt);
            assert!((seconds * 750..=seconds * 1250).contains(&pause), "{attempt}: {pause}");
        }
    }
}
