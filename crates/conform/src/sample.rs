//! Samples that nobody could choose and anybody can draw again.
//!
//! The seed is the hash of a published checkpoint, the auditor's own word and the item: the organisation does not know the word
//! when the checkpoint is published, the auditor cannot pick a checkpoint to fit. Each record of the population is ranked by the
//! hash of seed and id; the lowest are drawn. So the order in which a population is handed over does not matter, and a record that
//! is added moves no other.

use sha2::{Digest, Sha256};
use vouch_record::Id;

/// What a sample is drawn with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seed([u8; 32]);

/// `SHA-256(checkpoint ‖ 0x00 ‖ word ‖ 0x00 ‖ requirement)`; checkpoint and word without white space around them, the requirement as
/// `framework:item`.
#[must_use]
pub fn seed(checkpoint: &str, word: &str, requirement: &str) -> Seed {
    let mut hash = Sha256::new();
    for part in [checkpoint.trim(), "\0", word.trim(), "\0", requirement] {
        hash.update(part.as_bytes());
    }
    Seed(hash.finalize().into())
}

/// The `n` records with the lowest `SHA-256(seed ‖ id)`, in that order; all where there are no more.
#[must_use]
pub fn draw(seed: &Seed, population: &[Id], n: usize) -> Vec<Id> {
    let mut ranked: Vec<([u8; 32], Id)> = population.iter().map(|id| (rank(seed, *id), *id)).collect();
    ranked.sort_unstable();
    ranked.dedup();
    ranked.into_iter().take(n).map(|(_, id)| id).collect()
}

fn rank(seed: &Seed, id: Id) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(seed.0);
    hash.update(id.to_string().as_bytes());
    hash.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(numbers: impl IntoIterator<Item = u32>) -> Vec<Id> {
        numbers.into_iter().map(|n| Id::new("TST", n).unwrap()).collect()
    }

    #[test]
    fn the_same_checkpoint_word_and_item_draw_the_same_records_in_any_order() {
        let seed = seed("vouch\n12\nabc=\n", "heron", "iso42001:A.6.2.4");
        let forth = draw(&seed, &ids(1..=50), 7);
        let back = draw(&seed, &ids((1..=50).rev()), 7);
        assert_eq!(forth, back);
        assert_eq!(forth.len(), 7);
        assert_eq!(draw(&seed, &ids(1..=3), 7).len(), 3);
    }

    #[test]
    fn another_word_or_item_draws_others_and_a_new_record_moves_none() {
        let one = draw(&seed("c", "heron", "iso42001:A.6.2.4"), &ids(1..=50), 10);
        assert_ne!(one, draw(&seed("c", "stork", "iso42001:A.6.2.4"), &ids(1..=50), 10));
        assert_ne!(one, draw(&seed("c", "heron", "iso42001:A.6.2.6"), &ids(1..=50), 10));
        let more = draw(&seed("c", "heron", "iso42001:A.6.2.4"), &ids(1..=51), 10);
        assert!(more.iter().filter(|id| !one.contains(id)).count() <= 1);
        assert_ne!(seed("ab", "c", "d"), seed("a", "bc", "d"));
    }
}
