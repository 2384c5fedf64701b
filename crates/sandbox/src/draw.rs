//! Ids and codes that look drawn by lot and are not: seed and count decide.

/// A source of digits and letters. The same seed gives the same sequence.
#[derive(Debug)]
pub(crate) struct Draw {
    seed: u64,
    count: u64,
}

const LETTERS: &[u8] = b"ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789";

impl Draw {
    pub(crate) fn new(seed: u64) -> Self {
        Self { seed, count: 0 }
    }

    /// The next number: seed and count through the finaliser of `SplitMix64`.
    fn number(&mut self) -> u64 {
        self.count += 1;
        let mut mixed = self.seed ^ self.count.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub(crate) fn digits(&mut self, count: usize) -> String {
        (0..count).map(|_| char::from(b"0123456789"[below(self.number(), 10)])).collect()
    }

    pub(crate) fn letters(&mut self, count: usize) -> String {
        (0..count).map(|_| char::from(LETTERS[below(self.number(), LETTERS.len())])).collect()
    }
}

/// A number below `bound`, which is small, so that the slight bias does not matter.
fn below(number: u64, bound: usize) -> usize {
    usize::try_from(number % bound as u64).unwrap_or_default()
}
