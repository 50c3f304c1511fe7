//! Everything that looks random in the story, and the keys of its records: computed from the seed.

use std::sync::atomic::{AtomicU64, Ordering};

use sha2::{Digest, Sha256};

use crate::installation::Entropy;

/// Keys of records from the seed, SHA-256 of seed and counter. Whoever knows the seed can make them again, so an erasure in a sample is
/// for show.
#[derive(Debug)]
pub struct SeededEntropy {
    seed: u64,
    next: AtomicU64,
}

impl SeededEntropy {
    /// The keys of a seed.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self { seed, next: AtomicU64::new(0) }
    }
}

impl Entropy for SeededEntropy {
    fn bytes(&self) -> [u8; 32] {
        let count = self.next.fetch_add(1, Ordering::SeqCst);
        let mut hash = Sha256::new();
        hash.update(b"vouch sample organisation");
        hash.update(self.seed.to_be_bytes());
        hash.update(count.to_be_bytes());
        hash.finalize().into()
    }
}

/// A stream of numbers that a seed and a word decide (SplitMix64, public domain).
#[derive(Clone, Debug)]
pub(super) struct Chance(u64);

impl Chance {
    /// The stream of a seed for one subject; subjects do not disturb each other.
    pub(super) fn of(seed: u64, subject: &str) -> Self {
        let mut hash = Sha256::new();
        hash.update(seed.to_be_bytes());
        hash.update(subject.as_bytes());
        let digest = hash.finalize();
        Self(digest.iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte)))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number from `low` to `high`, both included.
    pub(super) fn between(&mut self, low: i64, high: i64) -> i64 {
        let span = high.abs_diff(low) + 1;
        low.saturating_add_unsigned(self.next() % span)
    }

    /// True once in `n` times.
    pub(super) fn once_in(&mut self, n: u64) -> bool {
        self.next().is_multiple_of(n.max(1))
    }

    /// One of several; they are never none.
    pub(super) fn pick<'i, T>(&mut self, items: &'i [T]) -> &'i T {
        let at = self.next() % (items.len().max(1) as u64);
        &items[usize::try_from(at).unwrap_or(0)]
    }

    /// The items in another order.
    pub(super) fn shuffle<T>(&mut self, items: &mut [T]) {
        for at in (1..items.len()).rev() {
            let other = usize::try_from(self.next() % (at as u64 + 1)).unwrap_or(0);
            items.swap(at, other);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_and_a_word_decide_the_stream() {
        let draw = |seed, word: &str| {
            let mut chance = Chance::of(seed, word);
            (0..20).map(|_| chance.between(-3, 12)).collect::<Vec<_>>()
        };
        assert_eq!(draw(1, "people"), draw(1, "people"));
        assert_ne!(draw(1, "people"), draw(2, "people"));
        assert_ne!(draw(1, "people"), draw(1, "risks"));
        assert!(draw(7, "any").iter().all(|n| (-3..=12).contains(n)));
    }

    #[test]
    fn keys_differ_from_each_other_and_between_seeds() {
        let (one, two) = (SeededEntropy::new(1), SeededEntropy::new(2));
        let (first, second, other) = (one.bytes(), one.bytes(), two.bytes());
        assert!(first != second && first != other);
        assert_eq!(SeededEntropy::new(1).bytes(), first);
    }
}
