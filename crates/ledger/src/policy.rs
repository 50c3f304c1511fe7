//! Trust policies (C2SP tlog-policy): which logs are accepted, which witnesses are known, and how many of them must have cosigned.
//!
//! A log of ours has one `log` line for each key of its chain, all with the same origin, oldest first.

use crate::checkpoint::{Signed, SignedCheckpoint};
use crate::key::VerifierKey;
use crate::{Error, Result};

mod parse;

/// A trust policy. Names and addresses are opaque bytes, as the specification wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// Accepted logs, in the order of their lines.
    pub logs: Vec<Known>,
    /// Known witnesses, in the order of their lines; each has a name inside the policy.
    pub witnesses: Vec<(Vec<u8>, Known)>,
    groups: Vec<Group>,
    quorum: Option<Vec<u8>>,
}

/// A key that the policy names, and where its holder is reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// The key.
    pub key: VerifierKey,
    /// An address, which nothing here uses.
    pub url: Option<Vec<u8>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Group {
    name: Vec<u8>,
    threshold: usize,
    members: Vec<Vec<u8>>,
}

/// What a policy says of a checkpoint that it accepts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// The log key that signed.
    pub log: VerifierKey,
    /// Witnesses whose cosignature verified: key name, and time in seconds since 1970.
    pub witnesses: Vec<(String, u64)>,
}

impl Policy {
    /// The policy that accepts these keys of one log and asks for no witness.
    #[must_use]
    pub fn of_log(keys: impl IntoIterator<Item = VerifierKey>) -> Self {
        let logs = keys.into_iter().map(|key| Known { key, url: None }).collect();
        Self { logs, witnesses: Vec::new(), groups: Vec::new(), quorum: None }
    }

    /// The same policy without addresses, as it stands in an export.
    #[must_use]
    pub fn without_urls(mut self) -> Self {
        let known = self.witnesses.iter_mut().map(|(_, known)| known);
        self.logs.iter_mut().chain(known).for_each(|known| known.url = None);
        self
    }

    /// Every key that the policy names.
    pub fn keys(&self) -> impl Iterator<Item = &VerifierKey> {
        self.logs.iter().chain(self.witnesses.iter().map(|(_, known)| known)).map(|known| &known.key)
    }

    /// The keys of the log with this origin, oldest first.
    pub fn log_keys<'a>(&'a self, origin: &'a str) -> impl Iterator<Item = &'a VerifierKey> {
        self.logs.iter().map(|known| &known.key).filter(move |key| key.name() == origin)
    }

    /// Takes in that the log key `old` handed over to `new`, by a line of its own. Nothing changes, and false comes back, unless the
    /// old key is the last one here of its log, both have one name, and the new one is not known yet.
    pub fn follow(&mut self, old: &VerifierKey, new: &VerifierKey) -> bool {
        let known = |known: &Known| known.key.public() == new.public();
        if self.log_keys(new.name()).last() != Some(old) || self.logs.iter().any(known) {
            return false;
        }
        self.logs.push(Known { key: new.clone(), url: None });
        true
    }

    /// The text of the policy: logs, witnesses, groups and the quorum, one line each, single spaces, no comments.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::new();
        let mut line = |words: &[&[u8]]| {
            out.extend(words.join(&b' '));
            out.push(b'\n');
        };
        for Known { key, url } in &self.logs {
            let key = key.to_string();
            line(&[&[b"log", key.as_bytes()], url.as_deref().as_slice()].concat());
        }
        for (name, Known { key, url }) in &self.witnesses {
            let key = key.to_string();
            line(&[&[b"witness", name.as_slice(), key.as_bytes()], url.as_deref().as_slice()].concat());
        }
        for Group { name, threshold, members } in &self.groups {
            let threshold = match *threshold {
                all if all == members.len() => "all".to_owned(),
                1 => "any".to_owned(),
                number => number.to_string(),
            };
            let mut words: Vec<&[u8]> = vec![b"group", name, threshold.as_bytes()];
            words.extend(members.iter().map(Vec::as_slice));
            line(&words);
        }
        line(&[b"quorum", self.quorum.as_deref().unwrap_or(b"none")]);
        out
    }

    /// Judges a checkpoint: signed by a listed log whose key's name is the origin, every signature of a known key valid, and the
    /// quorum reached.
    ///
    /// # Errors
    /// Mismatch, with the reason, when the policy does not accept it.
    pub fn accept(&self, signed: &SignedCheckpoint) -> Result<Accepted> {
        let origin = &signed.checkpoint().origin;
        let mut log = None;
        for key in self.log_keys(origin) {
            match signed.signed_by(key) {
                Signed::Absent => {}
                Signed::Invalid => return Err(Error::mismatch(format!("the signature of `{key}` does not verify"))),
                Signed::Valid { .. } => log = Some(key.clone()),
            }
        }
        let log =
            log.ok_or_else(|| Error::mismatch(format!("the checkpoint of `{origin}` is signed by no log key of the policy")))?;
        let mut cosigned: Vec<&[u8]> = Vec::new();
        let mut witnesses = Vec::new();
        for (name, Known { key, .. }) in &self.witnesses {
            match signed.signed_by(key) {
                Signed::Absent => {}
                Signed::Invalid => return Err(Error::mismatch(format!("the cosignature of `{key}` does not verify"))),
                Signed::Valid { time } => {
                    cosigned.push(name);
                    witnesses.push((key.name().to_owned(), time.unwrap_or_default()));
                }
            }
        }
        // Groups refer to names on earlier lines only, so one pass in order decides each.
        for group in &self.groups {
            if group.members.iter().filter(|member| cosigned.contains(&member.as_slice())).count() >= group.threshold {
                cosigned.push(&group.name);
            }
        }
        match &self.quorum {
            Some(quorum) if !cosigned.contains(&quorum.as_slice()) => Err(Error::mismatch(format!(
                "the quorum `{}` of witnesses has not cosigned the checkpoint",
                String::from_utf8_lossy(quorum)
            ))),
            _ => Ok(Accepted { log, witnesses }),
        }
    }
}

#[cfg(test)]
mod tests;
