use super::*;
use crate::KeyType;
use crate::key::{SignerKey, VerifierKey};
use crate::tree::{TileReader, consistency_proof, hash_leaf, root_of};

const ORIGIN: &str = "log.example.test";

fn key(seed: u8) -> SignerKey {
    SignerKey::from_seed(ORIGIN, &[seed; 32]).unwrap()
}

/// A log of up to 256 leaves, made of its only tile; `fork` makes other leaves.
struct Small(Vec<Hash>);

impl Small {
    fn new(size: u64, fork: u8) -> Self {
        Self((0..size).map(|seq| hash_leaf(&[seq as u8, if seq < 3 { 0 } else { fork }])).collect())
    }

    fn signed(&self, key: &SignerKey) -> SignedCheckpoint {
        Checkpoint { origin: ORIGIN.to_owned(), size: self.0.len() as u64, root: root_of(&self.0) }.sign(key).unwrap()
    }

    fn request(&self, old: u64, key: &SignerKey) -> Request {
        let (size, root) = (self.0.len() as u64, root_of(&self.0));
        let proof = if old == 0 || old >= size { Vec::new() } else { consistency_proof(self, size, &root, old).unwrap() };
        Request { old, proof, checkpoint: self.signed(key) }
    }
}

impl TileReader for Small {
    fn tile(&self, _: u8, _: u64, width: u16) -> Result<Vec<u8>> {
        Ok(self.0[..usize::from(width)].concat())
    }
}

fn last(log: &Small) -> Checkpoint {
    log.signed(&key(1)).checkpoint().clone()
}

#[test]
fn requests_come_back_and_have_one_form() {
    let request = Small::new(9, 0).request(5, &key(1));
    let bytes = request.to_bytes();
    assert_eq!(Request::parse(&bytes).unwrap(), request);
    let text = String::from_utf8(bytes).unwrap();
    for bad in [
        text.replacen("old 5", "old 05", 1),
        text.replacen("old 5", "new 5", 1),
        text.replacen("old 5\n", "", 1),
        text.replacen('=', "", 1),
        text.replacen("\n\n", "\n", 1),
        text.replacen("\n\n", &format!("\n{}\n", format!("{}\n", base64(&[0; 32])).repeat(64)), 1),
        String::new(),
    ] {
        assert!(Request::parse(bad.as_bytes()).is_err(), "{bad}");
    }
}

#[test]
fn a_log_that_only_grows_is_cosigned_and_the_cosignature_verifies() {
    let (policy, log) = (Policy::of_log([key(1).verifier()]), Small::new(9, 0));
    assert_eq!(judge(&policy, None, &log.request(0, &key(1))), Ok(()));
    assert_eq!(judge(&policy, Some(&last(&Small::new(4, 0))), &log.request(4, &key(1))), Ok(()));
    assert_eq!(judge(&policy, Some(&last(&log)), &log.request(9, &key(1))), Ok(()), "the same again");
    let witness = SignerKey::cosigner("witness.example.test", &[7; 32]).unwrap();
    let mut signed = log.signed(&key(1));
    let line = signed.cosignature(&witness, 1_767_312_000).unwrap();
    signed.add_signature(&line).unwrap();
    assert_eq!(signed.signed_by(&witness.verifier()), Signed::Valid { time: Some(1_767_312_000) });
    assert!(signed.cosignature(&key(1), 1).is_err(), "the key of a log does not cosign");
    assert!(signed.cosignature(&witness, u64::MAX).is_err());
}

#[test]
fn whoever_holds_the_signing_key_can_neither_roll_back_nor_fork_nor_rewrite() {
    let (policy, seen) = (Policy::of_log([key(1).verifier()]), last(&Small::new(9, 0)));
    let refused = |request: &Request| judge(&policy, Some(&seen), request).unwrap_err();
    // Rolled back: an older checkpoint is offered again, whatever old size is claimed.
    let rolled = Small::new(6, 0);
    assert_eq!(refused(&rolled.request(6, &key(1))), Refusal::Conflict { size: 9 });
    assert_eq!(refused(&rolled.request(0, &key(1))), Refusal::Conflict { size: 9 });
    assert_eq!(refused(&rolled.request(9, &key(1))), Refusal::OldIsLarger);
    // Forked: other leaves from leaf 3 on, at the same size and beyond.
    assert_eq!(refused(&Small::new(9, 1).request(9, &key(1))), Refusal::Conflict { size: 9 });
    assert_eq!(refused(&Small::new(12, 1).request(9, &key(1))), Refusal::NotConsistent);
    // Rewritten: one early leaf is another, the rest is as it was.
    let mut rewritten = Small::new(12, 0);
    rewritten.0[1] = hash_leaf(b"something else");
    assert_eq!(refused(&rewritten.request(9, &key(1))), Refusal::NotConsistent);
}

#[test]
fn other_logs_and_keys_are_refused() {
    let (policy, log) = (Policy::of_log([key(1).verifier()]), Small::new(9, 0));
    assert_eq!(judge(&policy, None, &log.request(0, &key(2))), Err(Refusal::NotSigned));
    let other = SignerKey::from_seed("other.example.test", &[1; 32]).unwrap();
    let unknown = Policy::of_log([other.verifier()]);
    assert_eq!(judge(&unknown, None, &log.request(0, &key(1))), Err(Refusal::UnknownOrigin));
}

/// A session recorded between a log and a witness that was written elsewhere. Two of its answers differ here: an origin that is not
/// known is answered 404, as the specification has it since, and a signature whose base64 has bits to spare is no note, so 400.
#[test]
fn a_recorded_session_is_answered_alike() {
    let text = include_str!("../../tests/vectors/tlog-witness/add-checkpoint.json");
    let session: serde_json::Value = serde_json::from_str(text).unwrap();
    let public = crate::parse_hex(session["log_ed25519_public_key_hex"].as_str().unwrap().as_bytes()).unwrap();
    let cases = session["cases"].as_array().unwrap();
    let body = |case: &serde_json::Value| Request::parse(case["request_body"].as_str().unwrap().as_bytes());
    let origin = body(&cases[0]).unwrap().checkpoint.checkpoint().origin.clone();
    let policy = Policy::of_log([VerifierKey::new(&origin, KeyType::Ed25519, &public).unwrap()]);
    let mut seen: Option<Checkpoint> = None;
    let mut statuses = Vec::new();
    for case in cases {
        let Ok(request) = body(case) else {
            statuses.push(400);
            continue;
        };
        let answer = judge(&policy, seen.as_ref(), &request);
        statuses.push(answer.as_ref().map_or_else(Refusal::status, |()| 200));
        if let Err(Refusal::Conflict { size }) = answer {
            assert_eq!(case["assert"], format!("body == \"{size}\\n\""));
        }
        if answer.is_ok() {
            seen = Some(request.checkpoint.checkpoint().clone());
        }
    }
    let recorded: Vec<u64> = cases.iter().map(|case| case["http_status"].as_u64().unwrap()).collect();
    assert_eq!(recorded, [200, 403, 403, 422, 422, 200, 409, 200, 409]);
    assert_eq!(statuses, [200, 400, 404, 422, 422, 200, 409, 200, 409]);
    assert_eq!(seen.unwrap().size, 5);
}
