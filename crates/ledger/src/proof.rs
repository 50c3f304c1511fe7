//! Proof files: one C2SP tlog-proof, and the file of `ledger prove`, which puts a body line and an entry before each.

use crate::checkpoint::SignedCheckpoint;
use crate::encoding::{base64, parse_base64, parse_base64_hash, parse_decimal};
use crate::{Error, Hash, Result};

const HEADER: &[u8] = b"c2sp.org/tlog-proof@v1";

/// An offline proof that an entry is in a log (C2SP tlog-proof).
#[derive(Debug, Clone, PartialEq)]
pub struct TlogProof {
    /// Opaque data for the application; proofs of ours have none.
    pub extra: Option<Vec<u8>>,
    /// Index of the entry.
    pub index: u64,
    /// The inclusion proof, from the leaf's sibling up.
    pub hashes: Vec<Hash>,
    /// The checkpoint.
    pub checkpoint: SignedCheckpoint,
}

impl TlogProof {
    /// The text of the proof.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = [HEADER, b"\n"].concat();
        if let Some(extra) = &self.extra {
            out.extend(format!("extra {}\n", base64(extra)).bytes());
        }
        out.extend(format!("index {}\n", self.index).bytes());
        for hash in &self.hashes {
            out.extend(format!("{}\n", base64(hash)).bytes());
        }
        out.push(b'\n');
        out.extend(self.checkpoint.to_bytes());
        out
    }

    /// Reads exactly one proof.
    ///
    /// # Errors
    /// Malformed, naming the part, for any other form and for anything after it.
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        let mut lines = Lines { rest: bytes };
        let proof = Self::read(&mut lines)?;
        if lines.rest.is_empty() { Ok(proof) } else { Err(Error::malformed("something follows the proof")) }
    }

    fn read(lines: &mut Lines<'_>) -> Result<Self> {
        if lines.next()? != HEADER {
            return Err(Error::malformed("the proof does not begin with c2sp.org/tlog-proof@v1"));
        }
        let mut line = lines.next()?;
        let mut extra = None;
        if let Some(data) = line.strip_prefix(b"extra ") {
            extra = Some(parse_base64(data).map_err(|error| error.within("extra"))?);
            line = lines.next()?;
        }
        let index = line.strip_prefix(b"index ").ok_or_else(|| Error::malformed("the proof has no index line"))?;
        let index = parse_decimal(index).map_err(|error| error.within("index"))?;
        let mut hashes = Vec::new();
        loop {
            let line = lines.next()?;
            if line.is_empty() {
                break;
            }
            if hashes.len() == 64 {
                return Err(Error::malformed("the proof has more hashes than a tree has levels"));
            }
            hashes.push(parse_base64_hash(line).map_err(|error| error.within("inclusion proof"))?);
        }
        let checkpoint = SignedCheckpoint::parse(lines.note()?)?;
        Ok(Self { extra, index, hashes, checkpoint })
    }
}

/// One block of a proof file: a leaf with what is shown of its body.
#[derive(Debug, Clone, PartialEq)]
pub struct Block {
    /// The body line, without its line feed.
    pub line: Vec<u8>,
    /// The envelope's bytes.
    pub entry: Vec<u8>,
    /// The proof, without extra.
    pub proof: TlogProof,
}

/// Writes a proof file: the target first, then its erase leaves by seq.
#[must_use]
pub fn write_blocks(blocks: &[Block]) -> Vec<u8> {
    let mut out = Vec::new();
    for block in blocks {
        out.extend(&block.line);
        out.extend(format!("\n{}\n\n", base64(&block.entry)).bytes());
        out.extend(block.proof.to_bytes());
    }
    out
}

/// Reads a proof file into its blocks. What they prove is not judged here.
///
/// # Errors
/// Malformed unless it is exactly one or more blocks, none with extra, all with the same checkpoint.
pub fn read_blocks(bytes: &[u8]) -> Result<Vec<Block>> {
    let mut lines = Lines { rest: bytes };
    let mut blocks: Vec<Block> = Vec::new();
    while blocks.is_empty() || !lines.rest.is_empty() {
        let line = lines.next()?.to_vec();
        let entry = parse_base64(lines.next()?).map_err(|error| error.within("entry"))?;
        if !lines.next()?.is_empty() {
            return Err(Error::malformed("no empty line stands between the entry and its proof"));
        }
        let proof = TlogProof::read(&mut lines)?;
        if proof.extra.is_some() {
            return Err(Error::malformed("a proof of this log has no extra line"));
        }
        if blocks.first().is_some_and(|first| first.proof.checkpoint != proof.checkpoint) {
            return Err(Error::malformed("the blocks do not bear the same checkpoint"));
        }
        blocks.push(Block { line, entry, proof });
    }
    Ok(blocks)
}

struct Lines<'a> {
    rest: &'a [u8],
}

impl<'a> Lines<'a> {
    /// The next line, without its line feed.
    fn next(&mut self) -> Result<&'a [u8]> {
        let end = self.rest.iter().position(|&byte| byte == b'\n');
        let end = end.ok_or_else(|| Error::malformed("the proof is cut off, or its last line lacks a line feed"))?;
        let (line, rest) = self.rest.split_at(end);
        self.rest = &rest[1..];
        Ok(line)
    }

    /// The bytes of the signed note that begins here: up to an empty line, then every line that begins as a signature does.
    fn note(&mut self) -> Result<&'a [u8]> {
        let start = self.rest;
        while !self.next()?.is_empty() {}
        while self.rest.starts_with("— ".as_bytes()) {
            self.next()?;
        }
        Ok(&start[..start.len() - self.rest.len()])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checkpoint::Checkpoint;
    use crate::key::SignerKey;

    fn proof() -> TlogProof {
        let key = SignerKey::from_seed("log.example.test", &[3; 32]).unwrap();
        let checkpoint = Checkpoint { origin: "log.example.test".to_owned(), size: 5, root: [8; 32] }.sign(&key).unwrap();
        TlogProof { extra: None, index: 3, hashes: vec![[1; 32], [2; 32]], checkpoint }
    }

    #[test]
    fn proofs_come_back() {
        let proof = proof();
        assert_eq!(TlogProof::parse(&proof.to_bytes()).unwrap(), proof);
        let with_extra = TlogProof { extra: Some(vec![1, 2]), hashes: vec![], ..proof };
        assert_eq!(TlogProof::parse(&with_extra.to_bytes()).unwrap(), with_extra);
    }

    #[test]
    fn proofs_in_another_form_are_refused() {
        let good = String::from_utf8(proof().to_bytes()).unwrap();
        for (from, to) in [
            ("@v1", "@v2"),
            ("index 3", "index 03"),
            ("index 3", "index -3"),
            ("index 3\n", ""),
            ("index 3\n", "index 3\nextra AQ==\n"),
            ("AQEBAQEB", "AQEBAQE"),
            ("\n\nlog", "\nlog"),
            ("c2sp", "\nc2sp"),
        ] {
            let bad = good.replacen(from, to, 1);
            assert_ne!(good, bad, "{from} must occur");
            assert!(TlogProof::parse(bad.as_bytes()).is_err(), "{bad}");
        }
        assert!(TlogProof::parse(format!("{good}\n").as_bytes()).is_err());
        assert!(TlogProof::parse(good.trim_end().as_bytes()).is_err());
        let many = TlogProof { hashes: vec![[0; 32]; 65], ..proof() };
        assert!(TlogProof::parse(&many.to_bytes()).is_err());
    }

    #[test]
    fn blocks_come_back_and_share_one_checkpoint() {
        let block = Block { line: b"{\"seq\":3,\"withheld\":true}".to_vec(), entry: b"entry".to_vec(), proof: proof() };
        let blocks = vec![block.clone(), Block { entry: vec![0; 100], ..block.clone() }];
        assert_eq!(read_blocks(&write_blocks(&blocks)).unwrap(), blocks);
        let other = Checkpoint { origin: "log.example.test".to_owned(), size: 6, root: [8; 32] };
        let other = other.sign(&SignerKey::from_seed("log.example.test", &[3; 32]).unwrap()).unwrap();
        let mixed = vec![block.clone(), Block { proof: TlogProof { checkpoint: other, ..proof() }, ..block.clone() }];
        assert!(read_blocks(&write_blocks(&mixed)).is_err());
        let extra = Block { proof: TlogProof { extra: Some(vec![]), ..proof() }, ..block };
        assert!(read_blocks(&write_blocks(&[extra])).is_err());
        assert!(read_blocks(b"").is_err());
    }
}
