//! Reads a log that another program wrote, and checks everything in it: `read_log DIR`. The folder holds `policy`, `checkpoint`, an
//! earlier `checkpoint.early`, and the tiles and entries of tlog-tiles. `cargo xtask interop` hands it one made by Go.

#![allow(clippy::print_stdout, reason = "it answers on the command line")]

use std::path::PathBuf;

use vouch_ledger::tree::{
    Appender, TILE_WIDTH, TilePath, TileReader, bundle_entries, check_consistency, check_inclusion, consistency_proof, hash_leaf,
    inclusion_proof, tiles_of_size,
};
use vouch_ledger::{Error, Policy, Result, SignedCheckpoint};

struct Folder(PathBuf);

impl Folder {
    fn read(&self, path: &str) -> Result<Vec<u8>> {
        std::fs::read(self.0.join(path)).map_err(|error| Error::source(format!("`{path}` cannot be read"), error))
    }
}

impl TileReader for Folder {
    fn tile(&self, level: u8, index: u64, width: u16) -> Result<Vec<u8>> {
        self.read(&TilePath { level, index, width }.tile())
    }
}

fn main() -> Result<()> {
    let folder = std::env::args_os().nth(1).ok_or_else(|| Error::refused("say which folder"))?;
    let folder = Folder(folder.into());
    let policy = Policy::parse(&folder.read("policy")?)?;
    let checkpoint = |path: &str| {
        let signed = SignedCheckpoint::parse(&folder.read(path)?)?;
        policy.accept(&signed)?;
        Ok::<_, Error>(signed.checkpoint().clone())
    };
    let (head, early) = (checkpoint("checkpoint")?, checkpoint("checkpoint.early")?);
    let mut tree = Appender::new();
    for tile in tiles_of_size(head.size).take_while(|tile| tile.level == 0) {
        for (seq, entry) in (tile.index * TILE_WIDTH..).zip(bundle_entries(&folder.read(&tile.entries())?, tile.width)?) {
            let leaf = hash_leaf(entry);
            let proof = inclusion_proof(&folder, head.size, &head.root, seq)?;
            check_inclusion(&proof, head.size, &head.root, seq, &leaf).map_err(|error| error.within(format!("entry {seq}")))?;
            tree.push(leaf);
        }
    }
    if tree.root() != head.root {
        return Err(Error::mismatch("the entries do not give the root"));
    }
    let proof = consistency_proof(&folder, head.size, &head.root, early.size)?;
    check_consistency(&proof, early.size, &early.root, head.size, &head.root)?;
    println!("{} leaves of `{}`, each proved, continue {}", head.size, head.origin, early.size);
    Ok(())
}
