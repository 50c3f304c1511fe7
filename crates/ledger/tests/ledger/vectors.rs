//! Every set under `tests/vectors/`; its README says where each is from.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::Value;
use sha2::{Digest, Sha256};
use vouch_ledger::jcs::{self, Numbers};
use vouch_ledger::tree::{
    Appender, EMPTY_ROOT, TilePath, TileReader, bundle_entries, check_consistency, check_inclusion, consistency_proof, extends,
    hash_leaf, hash_node, inclusion_proof, inclusion_proof_of_leaves, root_of, tiles_of_size,
};
use vouch_ledger::{
    Checkpoint, Error, Fields, Hash, KeyType, Policy, Result, Signed, SignedCheckpoint, TlogProof, VerifierKey, parse_base64,
    parse_base64_hash, parse_decimal, parse_hex,
};

fn vectors() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors")
}

fn bytes(path: &str) -> Vec<u8> {
    std::fs::read(vectors().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn text(path: &str) -> String {
    String::from_utf8(bytes(path)).unwrap()
}

fn read_json(path: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

fn json(path: &str) -> Value {
    read_json(&vectors().join(path))
}

fn hex(value: &Value) -> Hash {
    parse_hex(value.as_str().unwrap().as_bytes()).unwrap()
}

fn hexes(value: &Value) -> Vec<Hash> {
    value.as_array().unwrap().iter().map(hex).collect()
}

fn unhex(text: &str) -> Vec<u8> {
    (0..text.len() / 2).map(|i| u8::from_str_radix(&text[2 * i..2 * i + 2], 16).unwrap()).collect()
}

/// The tiles of a log in a folder; a full tile serves for its beginnings.
struct TileFolder(PathBuf);

impl TileReader for TileFolder {
    fn tile(&self, level: u8, index: u64, width: u16) -> Result<Vec<u8>> {
        let path = |width| self.0.join(TilePath { level, index, width }.tile());
        let read = std::fs::read(path(width)).or_else(|_| std::fs::read(path(256)));
        let bytes = read.map_err(|error| Error::source("no such tile", error))?;
        Ok(bytes[..usize::from(width) * 32].to_vec())
    }
}

/// The tiles that an appender made of these leaves.
struct Grown(BTreeMap<(u8, u64), Vec<u8>>);

impl TileReader for Grown {
    fn tile(&self, level: u8, index: u64, width: u16) -> Result<Vec<u8>> {
        Ok(self.0[&(level, index)][..usize::from(width) * 32].to_vec())
    }
}

fn grow(leaves: &[Hash]) -> (Grown, Hash) {
    let mut appender = Appender::new();
    leaves.iter().for_each(|leaf| appender.push(*leaf));
    let tiles = appender.take_writes().into_iter().map(|write| ((write.level, write.index), write.hashes)).collect();
    (Grown(tiles), appender.root())
}

#[test]
fn the_tree_of_eight_leaves_is_that_of_certificate_transparency() {
    let set = json("rfc6962-8leaf/vectors.json");
    let inputs = set["leaf_inputs_hex"].as_array().unwrap();
    let leaves: Vec<Hash> = inputs.iter().map(|input| hash_leaf(&unhex(input.as_str().unwrap()))).collect();
    let mut level = leaves.clone();
    for wanted in set["node_hashes_by_level_hex"].as_array().unwrap() {
        assert_eq!(level, hexes(wanted));
        level = level.chunks(2).filter(|pair| pair.len() == 2).map(|pair| hash_node(&pair[0], &pair[1])).collect();
    }
    let roots = hexes(&set["root_hashes_by_size_hex"]);
    assert_eq!(roots.len(), 9);
    for (size, root) in roots.iter().enumerate() {
        assert_eq!((grow(&leaves[..size]).1, root_of(&leaves[..size])), (*root, *root));
    }
    let inclusion = set["inclusion_proofs_hex"].as_object().unwrap();
    assert_eq!(inclusion.len(), 36);
    for (name, proof) in inclusion {
        let (index, size) = name.split_once('/').unwrap();
        let (index, size): (usize, usize) = (index.parse().unwrap(), size.parse().unwrap());
        let (tiles, root) = grow(&leaves[..size]);
        assert_eq!(inclusion_proof(&tiles, size as u64, &root, index as u64).unwrap(), hexes(proof), "{name}");
        assert_eq!(inclusion_proof_of_leaves(&leaves[..size], index).unwrap(), hexes(proof), "{name}");
        check_inclusion(&hexes(proof), size as u64, &roots[size], index as u64, &leaves[index]).unwrap();
    }
    let consistency = set["consistency_proofs_hex"].as_object().unwrap();
    assert_eq!(consistency.len(), 36);
    for (name, proof) in consistency {
        let (old, size) = name.split_once("->").unwrap();
        let (old, size): (usize, usize) = (old.parse().unwrap(), size.parse().unwrap());
        let (tiles, root) = grow(&leaves[..size]);
        assert_eq!(consistency_proof(&tiles, size as u64, &root, old as u64).unwrap(), hexes(proof), "{name}");
        check_consistency(&hexes(proof), old as u64, &roots[old], size as u64, &roots[size]).unwrap();
    }
}

/// Every case of a folder of transparency-dev/merkle, by its path.
fn cases(folder: &str) -> Vec<(String, Value)> {
    fn walk(folder: &Path, found: &mut Vec<(String, Value)>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, found);
            } else {
                found.push((path.display().to_string(), read_json(&path)));
            }
        }
    }
    let mut found = Vec::new();
    walk(&vectors().join("transparency-dev-merkle/testdata").join(folder), &mut found);
    found
}

/// A root of a case. Some give words instead of a hash, and ask only whether the two are the same; their digest stands for them.
fn case_root(value: &Value) -> Hash {
    let bytes = parse_base64(value.as_str().unwrap_or_default().as_bytes()).unwrap();
    bytes.clone().try_into().unwrap_or_else(|_| Sha256::digest(&bytes).into())
}

/// A hash of a case; what is not 32 bytes is an error.
fn case_hash(value: &Value) -> Result<Hash> {
    parse_base64_hash(value.as_str().unwrap_or_default().as_bytes())
}

fn case_proof(value: &Value) -> Result<Vec<Hash>> {
    value.as_array().into_iter().flatten().map(case_hash).collect()
}

fn number(case: &Value, name: &str) -> u64 {
    case[name].as_u64().unwrap()
}

#[test]
fn inclusion_cases_are_judged_as_their_authors_want() {
    let all = cases("inclusion");
    assert_eq!(all.len(), 98);
    for (name, case) in all {
        let judged = (|| {
            let (root, leaf, proof) = (case_hash(&case["root"])?, case_hash(&case["leafHash"])?, case_proof(&case["proof"])?);
            check_inclusion(&proof, number(&case, "treeSize"), &root, number(&case, "leafIdx"), &leaf)
        })();
        assert_eq!(judged.is_err(), case["wantErr"].as_bool().unwrap(), "{name}");
    }
}

#[test]
fn consistency_cases_are_judged_as_their_authors_want() {
    let all = cases("consistency");
    assert_eq!(all.len(), 98);
    let mut old_is_empty = Vec::new();
    for (name, case) in all {
        let (old, size) = (number(&case, "size1"), number(&case, "size2"));
        let judge = |check: fn(&[Hash], u64, &Hash, u64, &Hash) -> Result<()>| {
            let (root1, root2) = (case_root(&case["root1"]), case_root(&case["root2"]));
            check(&case_proof(&case["proof"])?, old, &root1, size, &root2)
        };
        assert_eq!(judge(check_consistency).is_err(), case["wantErr"].as_bool().unwrap(), "{name}");
        if old == 0 {
            old_is_empty.push((name.rsplit('/').next().unwrap().to_owned(), judge(extends).is_ok()));
        }
    }
    // No proof begins at nothing: the proof function refuses all of them, as this suite wants. The rule above it, which tlog-witness
    // has, lets any tree follow one without leaves, given the empty root and no proof.
    assert_eq!(old_is_empty.len(), 9);
    old_is_empty.retain(|(_, extends)| *extends);
    assert_eq!(old_is_empty, [("size1-is-zero-and-size2-is-not-zero.json".to_owned(), true)]);
    assert!(extends(&[], 0, &EMPTY_ROOT, 5, &[1; 32]).is_ok());
    assert!(extends(&[], 0, &EMPTY_ROOT, 0, &EMPTY_ROOT).is_ok());
    assert!(extends(&[], 0, &EMPTY_ROOT, 0, &[1; 32]).is_err());
    assert!(extends(&[[0; 32]], 0, &EMPTY_ROOT, 5, &[1; 32]).is_err());
}

#[test]
fn accumulated_hashes_over_many_trees_are_those_of_the_definition() {
    let wanted = &json("accumulated/accumulated.json")["rfc6962_accumulated_own"];
    let leaves: Vec<Hash> = (0..=255_u8).map(|byte| hash_leaf(&[byte])).collect();
    let mut roots = Sha256::new();
    let (mut inclusion, mut consistency) = (Sha256::new(), Sha256::new());
    for size in 0..=256_usize {
        let (tiles, root) = grow(&leaves[..size]);
        roots.update(root);
        if !(1..=130).contains(&size) {
            continue;
        }
        for index in 0..size as u64 {
            let proof = inclusion_proof(&tiles, size as u64, &root, index).unwrap();
            check_inclusion(&proof, size as u64, &root, index, &leaves[index as usize]).unwrap();
            proof.iter().for_each(|hash| inclusion.update(hash));
        }
        for old in 1..size as u64 {
            let proof = consistency_proof(&tiles, size as u64, &root, old).unwrap();
            check_consistency(&proof, old, &root_of(&leaves[..old as usize]), size as u64, &root).unwrap();
            proof.iter().for_each(|hash| consistency.update(hash));
        }
    }
    assert_eq!(roots.finalize()[..], hex(&wanted["roots_0_256"]));
    assert_eq!(inclusion.finalize()[..], hex(&wanted["inclusion_1_130"]));
    assert_eq!(consistency.finalize()[..], hex(&wanted["consistency_1_130"]));
}

/// Subtrees as draft-ietf-plants-merkle-tree-certs has them: [start, end) with start a multiple of the next power of two of its
/// size; the empty ones as well.
fn subtrees() -> impl Iterator<Item = (usize, usize)> {
    let all = (0..=130_usize).flat_map(|end| (0..=end).map(move |start| (start, end)));
    all.filter(|(start, end)| start % (end - start).next_power_of_two() == 0)
}

#[test]
fn accumulated_hashes_over_subtrees_are_those_of_the_draft() {
    let wanted = &json("accumulated/accumulated.json")["subtree_vectors_draft_ietf_plants_merkle_tree_certs"]["expected_sha256"];
    let leaves: Vec<Hash> = (0..130_u8).map(|byte| hash_leaf(&[byte])).collect();
    let (mut hashes, mut inclusion) = (Sha256::new(), Sha256::new());
    for (start, end) in subtrees() {
        let part = &leaves[start..end];
        hashes.update(format!("[{start}, {end}) {}\n", vouch_ledger::hex(&root_of(part))));
        for index in start..end {
            let proof = inclusion_proof_of_leaves(part, index - start).unwrap();
            let proof: String = proof.iter().map(|hash| format!(" {}", vouch_ledger::hex(hash))).collect();
            inclusion.update(format!("{index} [{start}, {end}){proof}\n"));
        }
    }
    assert_eq!(hashes.finalize()[..], hex(&wanted["SubtreeHashVectors"]), "hashes");
    assert_eq!(inclusion.finalize()[..], hex(&wanted["SubtreeInclusionProofVectors"]), "inclusion");
}

/// A subtree that does not begin at a multiple of the next power of two is no subtree.
fn subtree(case: &Value) -> Result<(u64, u64)> {
    let (start, end) = (number(case, "start"), number(case, "end"));
    let fits = start < end && end - start <= 1 << 60 && start % (end - start).next_power_of_two() == 0;
    if fits { Ok((start, end)) } else { Err(Error::refused("not a subtree")) }
}

#[test]
fn inclusion_in_a_subtree_is_inclusion_in_the_tree_of_its_leaves() {
    let all = cases("subtreeinclusion");
    assert!(all.len() > 100);
    for (name, case) in all {
        let judged = (|| {
            let (start, end) = subtree(&case)?;
            let index = number(&case, "leafIdx").checked_sub(start).ok_or_else(|| Error::refused("before the subtree"))?;
            let (root, leaf, proof) = (case_hash(&case["root"])?, case_hash(&case["leafHash"])?, case_proof(&case["proof"])?);
            check_inclusion(&proof, end - start, &root, index, &leaf)
        })();
        assert_eq!(judged.is_err(), case["wantErr"].as_bool().unwrap(), "{name}");
    }
}

#[test]
fn consistency_of_a_subtree_from_the_first_leaf_is_consistency_of_the_tree() {
    let mut judged = 0;
    for (name, case) in cases("subtreeconsistency") {
        // Proofs of subtrees that begin later are not spoken here.
        if number(&case, "start") > 0 || subtree(&case).is_err() {
            continue;
        }
        let result = (|| {
            let (root1, root2) = (case_root(&case["root1"]), case_root(&case["root2"]));
            check_consistency(&case_proof(&case["proof"])?, number(&case, "end"), &root1, number(&case, "size"), &root2)
        })();
        assert_eq!(result.is_err(), case["wantErr"].as_bool().unwrap(), "{name}");
        judged += 1;
    }
    assert!(judged > 50, "{judged}");
}

#[test]
fn a_log_that_tessera_wrote_is_read_and_written_alike() {
    let folder = "tessera-testlog/testdata/log";
    let key = VerifierKey::parse(text("tessera-testlog/log.vkey").trim()).unwrap();
    let mut appender = Appender::new();
    for size in 0..=15_u64 {
        let signed = SignedCheckpoint::parse(&bytes(&format!("{folder}/checkpoint.{size}"))).unwrap();
        assert_eq!(signed.signed_by(&key), Signed::Valid { time: None });
        if size > 0 {
            let tile = TilePath { level: 0, index: 0, width: u16::try_from(size).unwrap() };
            let bundle = bytes(&format!("{folder}/{}", tile.entries()));
            let entries = bundle_entries(&bundle, tile.width).unwrap();
            appender.push(hash_leaf(entries.last().unwrap()));
            let writes = appender.take_writes();
            assert_eq!((writes.len(), &writes[0].hashes), (1, &bytes(&format!("{folder}/{}", tile.tile()))));
        }
        assert_eq!((signed.checkpoint().size, signed.checkpoint().root), (size, appender.root()));
    }
}

/// The part of a witness that these formats decide: statuses of add-checkpoint requests, in the words of the snapshot.
fn witness(request: &str, key: &VerifierKey, state: &mut Checkpoint) -> u16 {
    let (head, note) = request.split_once("\n\n").unwrap();
    let mut lines = head.lines();
    let old = parse_decimal(lines.next().unwrap().strip_prefix("old ").unwrap().as_bytes()).unwrap();
    let proof: Vec<Hash> = lines.map(|line| parse_base64_hash(line.as_bytes()).unwrap()).collect();
    // The signature that one case changed is not even canonical base64 any more, so it is refused before it is verified.
    let Ok(signed) = SignedCheckpoint::parse(note.as_bytes()) else { return 403 };
    let new = signed.checkpoint();
    if new.origin != state.origin || signed.signed_by(key) != (Signed::Valid { time: None }) {
        return 403;
    }
    if old != state.size {
        return 409;
    }
    if extends(&proof, old, &state.root, new.size, &new.root).is_err() {
        return 422;
    }
    *state = new.clone();
    200
}

#[test]
fn a_session_with_a_witness_is_answered_alike() {
    let set = json("tlog-witness/add-checkpoint.json");
    let public = parse_hex(set["log_ed25519_public_key_hex"].as_str().unwrap().as_bytes()).unwrap();
    let cases = set["cases"].as_array().unwrap();
    let origin = cases[0]["request_body"].as_str().unwrap().lines().nth(2).unwrap();
    let key = VerifierKey::new(origin, KeyType::Ed25519, &public).unwrap();
    let mut state = Checkpoint { origin: origin.to_owned(), size: 0, root: EMPTY_ROOT };
    let statuses: Vec<u16> = cases.iter().map(|case| witness(case["request_body"].as_str().unwrap(), &key, &mut state)).collect();
    let wanted: Vec<u64> = cases.iter().map(|case| case["http_status"].as_u64().unwrap()).collect();
    assert_eq!(statuses.iter().map(|&status| u64::from(status)).collect::<Vec<_>>(), wanted);

    let sumdb = &set["sumdb"];
    let key = VerifierKey::parse(sumdb["vkey"].as_str().unwrap()).unwrap();
    let mut state = Checkpoint { origin: "go.sum database tree".to_owned(), size: 0, root: EMPTY_ROOT };
    assert_eq!(witness(sumdb["request_body"].as_str().unwrap(), &key, &mut state), 200);
}

#[test]
fn the_examples_of_the_specifications_are_read() {
    let set = json("c2sp-examples/examples.json");
    let key = VerifierKey::parse(set["signed_note"]["vkey"].as_str().unwrap()).unwrap();
    let (note_text, line) = set["signed_note"]["note"].as_str().unwrap().split_once("\n\n").unwrap();
    let signature = parse_base64(line.trim_end().rsplit(' ').next().unwrap().as_bytes()).unwrap();
    assert_eq!(signature[..4], key.id().to_be_bytes());
    assert!(key.verifies(format!("{note_text}\n").as_bytes(), &signature[4..]));
    for (name, signatures) in [("checkpoint_example", 1), ("cosigned_checkpoint_example", 2)] {
        let note = set[name].as_str().unwrap();
        let signed = SignedCheckpoint::parse(note.as_bytes()).unwrap();
        assert_eq!((signed.checkpoint().size, signed.signers().len()), (20_852_163, signatures));
        assert_eq!(signed.to_bytes(), note.as_bytes());
    }
    for path in set["tile_paths"].as_array().unwrap() {
        let tile = TilePath { level: 0, index: path["n"].as_u64().unwrap(), width: 256 };
        assert_eq!(tile.coordinates(), path["path"].as_str().unwrap());
    }
    for (size, wanted) in set["tile_set_for_size"].as_object().unwrap() {
        let mut found = serde_json::Map::new();
        for tile in tiles_of_size(size.parse().unwrap()) {
            if tile.width == 256 {
                let count = found.entry(format!("level{}_full", tile.level)).or_insert(Value::from(0));
                *count = Value::from(count.as_u64().unwrap() + 1);
            } else {
                found.insert(format!("level{}_partial_width", tile.level), Value::from(tile.width));
            }
        }
        assert_eq!(Value::Object(found), *wanted);
    }
    assert_eq!(EMPTY_ROOT, hex(&set["empty_tree_root_hex"]));
}

#[test]
fn signatures_at_the_edge_are_accepted_only_where_everybody_accepts_them() {
    let set = json("cctv-ed25519/ed25519vectors.json");
    let all = set.as_array().unwrap();
    assert_eq!(all.len(), 914);
    let mut accepted = Vec::new();
    for case in all {
        let key = hex(&case["key"]);
        let signature = unhex(case["sig"].as_str().unwrap());
        let verifies = VerifierKey::new("n", KeyType::Ed25519, &key)
            .is_ok_and(|key| key.verifies(case["msg"].as_str().unwrap().as_bytes(), &signature));
        if verifies {
            accepted.push((case["number"].as_u64().unwrap(), case["flags"].clone()));
        }
    }
    // Pinned: only points with a component of low order that cancels without the cofactor, which RFC 8032 leaves open and Go,
    // OpenSSL and this verifier accept alike. No point of low order, no residue, no other spelling.
    for (number, flags) in &accepted {
        for flag in flags.as_array().into_iter().flatten() {
            assert!(["low_order_component_A", "low_order_component_R"].contains(&flag.as_str().unwrap()), "{number}: {flags}");
        }
    }
    let numbers: Vec<u64> = accepted.iter().map(|(number, _)| *number).collect();
    assert_eq!(numbers, ACCEPTED_EDGES);
}

/// Numbers of the cases of C2SP/CCTV that this verifier accepts.
const ACCEPTED_EDGES: [u64; 43] = [
    7, 29, 50, 117, 139, 161, 182, 249, 305, 411, 425, 438, 465, 473, 481, 489, 497, 511, 525, 538, 565, 573, 581, 589, 597, 611,
    625, 638, 665, 673, 681, 689, 697, 711, 725, 738, 765, 773, 781, 789, 797, 832, 899,
];

#[test]
fn json_is_written_as_rfc_8785_wants() {
    for name in ["arrays", "french", "structures", "unicode", "values", "weird"] {
        let input = json(&format!("jcs-rfc8785/testdata/input/{name}.json"));
        let output = bytes(&format!("jcs-rfc8785/testdata/output/{name}.json"));
        assert_eq!(jcs::canonical(&input).unwrap(), output, "{name}");
        let outhex: String = text(&format!("jcs-rfc8785/testdata/outhex/{name}.txt")).split_whitespace().collect();
        assert_eq!(unhex(&outhex), output, "{name}");
        jcs::check(&output, Numbers::All).unwrap();
        let raw = bytes(&format!("jcs-rfc8785/testdata/input/{name}.json"));
        assert!(raw == output || jcs::check(&raw, Numbers::All).is_err(), "{name}");
    }
}

#[test]
fn a_body_refuses_floats_and_names_the_field() {
    let values = json("jcs-rfc8785/testdata/input/values.json");
    let error = Fields::from_map(values.as_object().unwrap()).unwrap_err();
    assert!(error.message().contains("`numbers`"), "{error}");
    assert!(Fields::parse(&bytes("jcs-rfc8785/testdata/output/values.json")).is_err());
}

#[test]
fn the_log_of_six_hundred_leaves_is_read_proved_and_written_alike() {
    let tiles = TileFolder(vectors().join("own-log600"));
    let policy = Policy::parse(&bytes("own-log600/policy")).unwrap();
    assert_eq!(policy.to_bytes(), bytes("own-log600/policy"));
    let signed = SignedCheckpoint::parse(&bytes("own-log600/checkpoint")).unwrap();
    let old = SignedCheckpoint::parse(&bytes("own-log600/checkpoint.old")).unwrap();
    for checkpoint in [&signed, &old] {
        let accepted = policy.accept(checkpoint).unwrap();
        assert_eq!(accepted.log.to_string(), text("own-log600/log.vkey").trim());
        assert_eq!(accepted.witnesses.len(), 1);
    }
    let (new, old) = (signed.checkpoint(), old.checkpoint());
    assert_eq!(Appender::load(600, &tiles).unwrap().root(), new.root);
    assert_eq!(Appender::load(300, &tiles).unwrap().root(), old.root);

    let mut appender = Appender::new();
    for tile in tiles_of_size(600).filter(|tile| tile.level == 0) {
        let bundle = bytes(&format!("own-log600/{}", tile.entries()));
        bundle_entries(&bundle, tile.width).unwrap().iter().for_each(|entry| appender.push(hash_leaf(entry)));
    }
    let writes: Vec<_> = appender.take_writes();
    assert_eq!(writes.len(), tiles_of_size(600).count());
    for write in writes {
        let width = u16::try_from(write.hashes.len() / 32).unwrap();
        let path = TilePath { level: write.level, index: write.index, width }.tile();
        assert_eq!(write.hashes, bytes(&format!("own-log600/{path}")), "{path}");
    }

    let consistency = consistency_proof(&tiles, 600, &new.root, 300).unwrap();
    check_consistency(&consistency, 300, &old.root, 600, &new.root).unwrap();
    assert!(check_consistency(&consistency, 300, &new.root, 600, &new.root).is_err());

    let proof = TlogProof::parse(&bytes("own-log600/entry.tlog-proof")).unwrap();
    assert_eq!(proof.to_bytes(), bytes("own-log600/entry.tlog-proof"));
    assert_eq!(proof.checkpoint, signed);
    assert_eq!(inclusion_proof(&tiles, 600, &new.root, proof.index).unwrap(), proof.hashes);
    check_inclusion(&proof.hashes, 600, &new.root, proof.index, &hash_leaf(&bytes("own-log600/entry.json"))).unwrap();
}

#[test]
fn a_store_whose_tiles_changed_gives_no_proof() {
    let tiles = TileFolder(vectors().join("own-log600"));
    let root = SignedCheckpoint::parse(&bytes("own-log600/checkpoint")).unwrap().checkpoint().root;
    struct Changed(TileFolder, u8);
    impl TileReader for Changed {
        fn tile(&self, level: u8, index: u64, width: u16) -> Result<Vec<u8>> {
            let mut bytes = self.0.tile(level, index, width)?;
            if level == self.1 {
                bytes[7] ^= 1;
            }
            Ok(bytes)
        }
    }
    assert!(inclusion_proof(&Changed(TileFolder(tiles.0.clone()), 0), 600, &root, 3).is_err());
    assert!(consistency_proof(&Changed(TileFolder(tiles.0.clone()), 1), 600, &root, 300).is_err());
    assert!(inclusion_proof(&tiles, 600, &root, 600).is_err());
    assert!(inclusion_proof(&tiles, 0, &root, 0).is_err());
    assert!(inclusion_proof(&tiles, u64::MAX, &root, 0).is_err());
    assert!(consistency_proof(&tiles, 600, &root, 0).is_err());
    assert!(consistency_proof(&tiles, 600, &root, 601).is_err());
}
