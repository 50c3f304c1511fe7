use super::*;
use crate::checkpoint::Checkpoint;
use crate::key::{KeyType, SignerKey};
use ed25519_dalek::Signer as _;

fn log_key(seed: u8) -> SignerKey {
    SignerKey::from_seed("log.example.test", &[seed; 32]).unwrap()
}

fn witness(seed: u8) -> (ed25519_dalek::SigningKey, VerifierKey) {
    let key = ed25519_dalek::SigningKey::from_bytes(&[seed; 32]);
    let public = VerifierKey::new(&format!("w{seed}.example.test"), KeyType::Cosignature, key.verifying_key().as_bytes());
    (key, public.unwrap())
}

fn cosign(signed: &mut SignedCheckpoint, seed: u8, time: u64) {
    let (secret, public) = witness(seed);
    let message = [format!("cosignature/v1\ntime {time}\n").as_bytes(), signed.text()].concat();
    let signature =
        [public.id().to_be_bytes().as_slice(), &time.to_be_bytes(), secret.sign(&message).to_bytes().as_slice()].concat();
    let line = format!("— {} {}\n", public.name(), crate::encoding::base64(&signature));
    signed.add_signature(line.as_bytes()).unwrap();
}

fn signed() -> SignedCheckpoint {
    Checkpoint { origin: "log.example.test".to_owned(), size: 5, root: [8; 32] }.sign(&log_key(1)).unwrap()
}

fn two_levels() -> String {
    let witness = |seed: u8| format!("witness W{seed} {}\n", witness(seed).1);
    let lines: String = (11..=15).map(witness).collect();
    format!("log {}\n{lines}group X 2 W11 W12 W13\ngroup Y any W14 W15\ngroup both all X Y\nquorum both\n", log_key(1).verifier())
}

#[test]
fn a_policy_comes_back_in_its_one_form() {
    let text = two_levels();
    let policy = Policy::parse(text.as_bytes()).unwrap();
    assert_eq!(policy.to_bytes(), text.as_bytes());
    let loose = format!("# a comment\n\n\t{}  \n", text.replace(' ', " \t "));
    assert_eq!(Policy::parse(loose.as_bytes()).unwrap(), policy);
    let with_url = text.replacen('\n', " https://log.example.test/\n", 1);
    let policy_with_url = Policy::parse(with_url.as_bytes()).unwrap();
    assert_eq!(policy_with_url.to_bytes(), with_url.as_bytes());
    assert_eq!(policy_with_url.without_urls(), policy);
}

#[test]
fn the_quorum_counts_through_groups() {
    let policy = Policy::parse(two_levels().as_bytes()).unwrap();
    for (cosigners, accepted) in [
        (vec![], false),
        (vec![11, 12], false),
        (vec![11, 14], false),
        (vec![14, 15], false),
        (vec![11, 13, 15], true),
        (vec![11, 12, 13, 14, 15], true),
    ] {
        let mut signed = signed();
        cosigners.iter().for_each(|&seed| cosign(&mut signed, seed, 1_700_000_000));
        assert_eq!(policy.accept(&signed).is_ok(), accepted, "{cosigners:?}");
    }
}

#[test]
fn a_wrong_signature_of_a_known_key_rejects_the_checkpoint() {
    let policy =
        Policy::parse(format!("log {}\nwitness w {}\nquorum none\n", log_key(1).verifier(), witness(11).1).as_bytes()).unwrap();
    let mut good = signed();
    cosign(&mut good, 11, 5);
    cosign(&mut good, 12, 5);
    let accepted = policy.accept(&good).unwrap();
    assert_eq!(accepted.witnesses, [("w11.example.test".to_owned(), 5)], "an unknown witness is ignored");
    let text = String::from_utf8(good.to_bytes()).unwrap().replace("\n5\n", "\n6\n");
    assert!(policy.accept(&SignedCheckpoint::parse(text.as_bytes()).unwrap()).is_err());
    let mut late = signed();
    cosign(&mut late, 11, u64::MAX);
    assert!(policy.accept(&late).is_err(), "a time beyond 2^63 - 1");
    let other = Policy::of_log([log_key(2).verifier()]);
    assert!(other.accept(&good).is_err(), "signed by no key of this policy");
}

#[test]
fn what_the_specification_forbids_is_refused() {
    let (log, w) = (log_key(1).verifier().to_string(), witness(11).1.to_string());
    for bad in [
        String::new(),
        format!("log {log}\n"),
        format!("log {log}\nlog {log}\nquorum none\n"),
        format!("log {w}\nquorum none\n"),
        format!("witness w {log}\nquorum none\n"),
        format!("witness w {w}\nwitness v {w}\nquorum none\n"),
        format!("witness none {w}\nquorum none\n"),
        format!("quorum w\nwitness w {w}\n"),
        "quorum none\nquorum none\n".to_owned(),
        "quorum\n".to_owned(),
        "quorum none none\n".to_owned(),
        "group g any w\nquorum none\n".to_owned(),
        format!("witness w {w}\ngroup g 0 w\nquorum g\n"),
        format!("witness w {w}\ngroup g 2 w\nquorum g\n"),
        format!("witness w {w}\ngroup g 01 w\nquorum g\n"),
        format!("witness w {w}\ngroup g all w w\nquorum g\n"),
        format!("witness w {w}\ngroup g all\nquorum g\n"),
        format!("witness w {w}\ngroup g all w\ngroup h all w\nquorum g\n"),
        format!("witness w {w}\ngroup w all w\nquorum w\n"),
        format!("witness w {w}\ngroup g all g\nquorum g\n"),
        "quorum none\r\n".to_owned(),
        "hello\nquorum none\n".to_owned(),
    ] {
        assert!(Policy::parse(bad.as_bytes()).is_err(), "{bad}");
    }
    assert!(Policy::parse(b"# \xff\xfe are opaque\nquorum none\n").is_ok());
}
