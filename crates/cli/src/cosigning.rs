//! Asking witnesses to cosign the latest checkpoint (C2SP tlog-witness).

use vouch_app::{Error, ErrorKind, Vouch};
use vouch_ledger::{Policy, Signed, SignedCheckpoint, VerifierKey};

use crate::failure::Failure;
use crate::outgoing::{Answer, post};

/// How often a witness may name another size before it is given up.
const TRIES: usize = 3;

/// What came of asking the witnesses of a policy.
pub(crate) struct Asked {
    /// Leaves of the checkpoint.
    pub(crate) size: u64,
    /// Per witness: its name, and why it has not cosigned if it has not.
    pub(crate) witnesses: Vec<(String, Option<Failure>)>,
    /// Whether as many have cosigned as the policy wants.
    pub(crate) reached: bool,
}

/// Asks every witness of the policy that has an address and has not cosigned the latest checkpoint, and keeps what they answer.
pub(crate) fn ask_witnesses(vouch: &Vouch, base: &Policy) -> Result<Asked, Failure> {
    let policy = vouch.policy_from(base)?;
    let checkpoint = vouch.attested()?.checkpoint;
    let mut asked = Asked { size: checkpoint.checkpoint().size, witnesses: Vec::new(), reached: false };
    for (_, known) in &policy.witnesses {
        let signed = matches!(checkpoint.signed_by(&known.key), Signed::Valid { .. });
        let Some(url) = known.url.as_deref().filter(|_| !signed) else { continue };
        let answered = ask(vouch, &checkpoint, &known.key, &String::from_utf8_lossy(url))
            .and_then(|cosigned| Ok(vouch.keep_cosignatures(&cosigned, &policy)?));
        asked.witnesses.push((known.key.name().to_owned(), answered.err()));
    }
    let all = vouch.attested_at(asked.size)?.checkpoint;
    asked.reached = policy.accept(&all).is_ok();
    Ok(asked)
}

/// Asks one witness; gives the checkpoint with its cosignature, which has been checked.
fn ask(vouch: &Vouch, checkpoint: &SignedCheckpoint, witness: &VerifierKey, url: &str) -> Result<SignedCheckpoint, Failure> {
    let base = url.trim_end_matches('/');
    let (url, mut has_followed) = (format!("{base}/add-checkpoint"), false);
    let mut old = vouch.witnessed(&witness.to_string())?.min(checkpoint.checkpoint().size);
    for _ in 0..TRIES {
        let request = vouch.witness_request(checkpoint, old)?;
        let answer = post(&url, "text/plain; charset=utf-8", &request.to_bytes())?;
        match answer.status {
            200 => return cosignature(checkpoint, witness, &answer),
            409 => match size_of(&answer) {
                Some(size) if size != old => old = size,
                _ => return Err(refused(witness, "it has cosigned another log of this size: this one was forked or rewritten")),
            },
            422 => {
                return Err(refused(witness, "it has cosigned a log that this one does not continue: it was forked or rewritten"));
            }
            403 if !has_followed && follows(vouch, base)? => has_followed = true,
            403 => return Err(refused(witness, "it does not know the key that signs this log; tell it")),
            404 => return Err(refused(witness, "it does not watch this log, or is not at this address")),
            status => return Err(refused(witness, &format!("it answered with status {status}"))),
        }
    }
    Err(refused(witness, "it names another size each time: another installation signs under this name"))
}

/// Tells a witness of the log's changes of keys; whether it has taken them in. One that is no `vouch witness` knows nothing of this.
fn follows(vouch: &Vouch, base: &str) -> Result<bool, Failure> {
    let Some(proof) = vouch.key_change_proof()? else { return Ok(false) };
    Ok(post(&format!("{base}/follow-key"), "text/plain; charset=utf-8", &proof)?.status == 200)
}

fn refused(witness: &VerifierKey, why: &str) -> Failure {
    Failure(Error::new(ErrorKind::Unavailable, format!("witness `{}` does not cosign: {why}", witness.name())))
}

fn size_of(answer: &Answer) -> Option<u64> {
    let text = answer.body.strip_suffix(b"\n").filter(|_| answer.content_type.starts_with("text/x.tlog.size"))?;
    vouch_ledger::parse_decimal(text).ok()
}

/// The checkpoint with the line of the answer that is the witness's and verifies; others are left out.
fn cosignature(checkpoint: &SignedCheckpoint, witness: &VerifierKey, answer: &Answer) -> Result<SignedCheckpoint, Failure> {
    for line in answer.body.split_inclusive(|&byte| byte == b'\n').take(100) {
        let mut cosigned = checkpoint.clone();
        if cosigned.add_signature(line).is_ok() && matches!(cosigned.signed_by(witness), Signed::Valid { .. }) {
            return Ok(cosigned);
        }
    }
    Err(refused(witness, "its answer holds no signature by its key that verifies"))
}
