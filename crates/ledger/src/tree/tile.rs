//! Where tiles and bundles lie, and what bundles hold.

use std::fmt;

use crate::{Error, Result};

/// Hashes in a full tile.
pub const TILE_WIDTH: u64 = 256;
/// Largest tree that is read or written: what JSON numbers count exactly.
pub const MAX_SIZE: u64 = crate::encoding::MAX_INTEGER;

/// Gives tiles: `width` hashes of 32 bytes, the first of the tile at (`level`, `index`).
///
/// A store may keep one growing blob of up to 256 hashes for each (level, index) and return its beginning.
pub trait TileReader {
    /// The first `width` hashes (1 to 256) of a tile, 32 bytes each.
    ///
    /// # Errors
    /// When the tile is not there or cannot be read.
    fn tile(&self, level: u8, index: u64, width: u16) -> Result<Vec<u8>>;
}

/// Coordinates of a tile or an entry bundle, with its path in tlog-tiles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TilePath {
    /// Level, from 0 for leaf hashes.
    pub level: u8,
    /// Index within the level.
    pub index: u64,
    /// Hashes or entries in it, 1 to 256; 256 is full.
    pub width: u16,
}

impl TilePath {
    /// `<N>` or `<N>.p/<W>`: index in groups of three digits, and the width of a partial tile.
    #[must_use]
    pub fn coordinates(self) -> String {
        // The crate's path carries the height, which tlog-tiles leaves out: `tile/8/<level>/<N>`.
        let path = tlog_tiles::Tile::new(8, 0, self.index, u32::from(self.width.clamp(1, 256)), false).path();
        path.trim_start_matches("tile/8/0/").to_owned()
    }

    /// `tile/<L>/<N>[.p/<W>]`.
    #[must_use]
    pub fn tile(self) -> String {
        format!("tile/{}/{}", self.level, self.coordinates())
    }

    /// `tile/entries/<N>[.p/<W>]`.
    #[must_use]
    pub fn entries(self) -> String {
        format!("tile/entries/{}", self.coordinates())
    }

    /// `bodies/<N>[.p/<W>]`.
    #[must_use]
    pub fn bodies(self) -> String {
        format!("bodies/{}", self.coordinates())
    }
}

impl fmt::Display for TilePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.tile())
    }
}

/// All tiles of a tree of `size` leaves, level by level: the full ones and the last, partial one.
pub fn tiles_of_size(size: u64) -> impl Iterator<Item = TilePath> {
    let levels = (0_u8..8).take_while(move |level| size >> (8 * u32::from(*level)) > 0);
    levels.flat_map(move |level| {
        let hashes = size >> (8 * u32::from(level));
        (0..hashes.div_ceil(TILE_WIDTH)).map(move |index| {
            let width = (hashes - index * TILE_WIDTH).min(TILE_WIDTH);
            TilePath { level, index, width: u16::try_from(width).expect("at most 256") }
        })
    })
}

/// The bytes of an entry bundle: each entry after its length as two bytes, big endian.
///
/// # Errors
/// Refused when an entry has more than 65,535 bytes.
pub fn bundle<B: AsRef<[u8]>>(entries: impl IntoIterator<Item = B>) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    for entry in entries {
        let entry = entry.as_ref();
        let length = u16::try_from(entry.len()).map_err(|_| Error::refused("an entry has more than 65535 bytes"))?;
        out.extend(length.to_be_bytes());
        out.extend(entry);
    }
    Ok(out)
}

/// The entries of a bundle, which must hold exactly `width` of them.
///
/// # Errors
/// Malformed when it is cut off, or holds more or fewer.
pub fn bundle_entries(bytes: &[u8], width: u16) -> Result<Vec<&[u8]>> {
    let mut entries = Vec::with_capacity(usize::from(width));
    let mut rest = bytes;
    while let Some((length, tail)) = rest.split_first_chunk::<2>() {
        let length = usize::from(u16::from_be_bytes(*length));
        let Some((entry, tail)) = tail.split_at_checked(length) else {
            return Err(Error::malformed("the bundle is cut off"));
        };
        entries.push(entry);
        rest = tail;
    }
    if !rest.is_empty() || entries.len() != usize::from(width) {
        return Err(Error::malformed(format!("the bundle holds {} whole entries, not {width}", entries.len())));
    }
    Ok(entries)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_those_of_tlog_tiles() {
        let path = |level, index, width| TilePath { level, index, width }.tile();
        assert_eq!(path(0, 1_234_067, 256), "tile/0/x001/x234/067");
        assert_eq!(path(3, 0, 17), "tile/3/000.p/17");
        assert_eq!(TilePath { level: 0, index: 2, width: 88 }.bodies(), "bodies/002.p/88");
        assert_eq!(TilePath { level: 0, index: 1000, width: 1 }.entries(), "tile/entries/x001/000.p/1");
    }

    #[test]
    fn a_size_has_exactly_its_tiles() {
        let count =
            |size, level, full: bool| tiles_of_size(size).filter(|tile| tile.level == level && (tile.width == 256) == full).count();
        assert_eq!((count(70_000, 0, true), count(70_000, 0, false)), (273, 1));
        assert_eq!((count(70_000, 1, true), count(70_000, 1, false)), (1, 1));
        assert_eq!((count(70_000, 2, true), count(70_000, 2, false)), (0, 1));
        assert_eq!(tiles_of_size(256).map(|tile| tile.to_string()).collect::<Vec<_>>(), ["tile/0/000", "tile/1/000.p/1"]);
        assert_eq!(tiles_of_size(0).count(), 0);
    }

    #[test]
    fn bundles_read_back_and_hold_nothing_else() {
        let bytes = bundle([b"ab".as_slice(), b"", b"c"]).unwrap();
        assert_eq!(bundle_entries(&bytes, 3).unwrap(), [b"ab".as_slice(), b"", b"c"]);
        assert!(bundle_entries(&bytes, 2).is_err());
        assert!(bundle_entries(&bytes, 4).is_err());
        assert!(bundle_entries(&bytes[..bytes.len() - 1], 3).is_err());
        assert!(bundle([vec![0; 65_536]]).is_err());
    }
}
