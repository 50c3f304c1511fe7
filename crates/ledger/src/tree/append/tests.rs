use std::collections::BTreeMap;

use super::*;
use crate::tree::{hash_leaf, root_of, tiles_of_size};

/// One growing blob for each (level, index), as a store keeps it.
#[derive(Default)]
struct Blobs(BTreeMap<(u8, u64), Vec<u8>>);

impl TileReader for Blobs {
    fn tile(&self, level: u8, index: u64, width: u16) -> Result<Vec<u8>> {
        let blob = self.0.get(&(level, index)).ok_or_else(|| Error::missing("no such tile"))?;
        blob.get(..usize::from(width) * 32).map(<[u8]>::to_vec).ok_or_else(|| Error::missing("the tile is shorter"))
    }
}

impl Blobs {
    fn write(&mut self, writes: Vec<TileWrite>) {
        for write in writes {
            let blob = self.0.entry((write.level, write.index)).or_default();
            assert!(write.hashes.starts_with(blob), "a tile only grows");
            *blob = write.hashes;
        }
    }
}

fn leaf(seq: u64) -> Hash {
    hash_leaf(&seq.to_be_bytes())
}

#[test]
fn every_size_has_the_root_of_its_leaves() {
    let mut appender = Appender::new();
    let mut leaves = Vec::new();
    for seq in 0..700 {
        assert_eq!(appender.root(), root_of(&leaves), "size {seq}");
        appender.push(leaf(seq));
        leaves.push(leaf(seq));
    }
}

#[test]
fn appending_in_commits_gives_the_tiles_of_the_size() {
    let mut blobs = Blobs::default();
    let mut size = 0;
    for commit in [1, 254, 1, 1, 300, 65_300, 1, 12] {
        let mut appender = Appender::load(size, &blobs).unwrap();
        (size..size + commit).for_each(|seq| appender.push(leaf(seq)));
        size += commit;
        blobs.write(appender.take_writes());
        assert_eq!(appender.take_writes(), [], "nothing is written twice");
        assert_eq!(appender.root(), Appender::load(size, &blobs).unwrap().root());
        let there: Vec<_> = blobs.0.iter().map(|(&(level, index), blob)| (level, index, blob.len() / 32)).collect();
        let wanted: Vec<_> = tiles_of_size(size).map(|tile| (tile.level, tile.index, usize::from(tile.width))).collect();
        assert_eq!(there, wanted);
    }
    let all: Vec<_> = (0..size).map(leaf).collect();
    assert_eq!(Appender::load(size, &blobs).unwrap().root(), root_of(&all));
}

#[test]
fn a_tile_of_another_length_is_refused() {
    struct Short;
    impl TileReader for Short {
        fn tile(&self, _: u8, _: u64, width: u16) -> Result<Vec<u8>> {
            Ok(vec![0; usize::from(width) * 32 - 1])
        }
    }
    assert!(Appender::load(5, &Short).is_err());
    assert!(Appender::load(u64::MAX, &Short).is_err());
}
