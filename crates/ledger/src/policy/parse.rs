//! Reading a policy file.

use std::collections::BTreeSet;

use crate::encoding::parse_decimal;
use crate::key::{KeyType, VerifierKey};
use crate::policy::{Group, Known, Policy};
use crate::{Error, Result};

impl Policy {
    /// Reads a policy: lines of words between spaces and tabs, `#` begins a comment line.
    ///
    /// # Errors
    /// Malformed, naming the line, for anything that the specification does not allow; Refused for key types not supported here.
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        if let Some(at) = bytes.iter().position(|byte| matches!(byte, 0..=8 | 0x0b..=0x1f | 0x7f)) {
            return Err(Error::malformed(format!("the policy holds a control character at byte {at}")));
        }
        let mut reader = Reader::default();
        for (number, line) in (1..).zip(bytes.split(|&byte| byte == b'\n')) {
            let words: Vec<&[u8]> = line.split(|byte| matches!(byte, b' ' | b'\t')).filter(|word| !word.is_empty()).collect();
            if words.first().is_none_or(|word| word.starts_with(b"#")) {
                continue;
            }
            reader.line(&words).map_err(|error| error.within(format!("policy line {number}")))?;
        }
        let quorum = reader.quorum.ok_or_else(|| {
            Error::malformed("the policy has no quorum line").with_hint("add `quorum none` if no witness has to cosign")
        })?;
        Ok(Self { logs: reader.logs, witnesses: reader.witnesses, groups: reader.groups, quorum })
    }
}

#[derive(Default)]
struct Reader {
    logs: Vec<Known>,
    witnesses: Vec<(Vec<u8>, Known)>,
    groups: Vec<Group>,
    quorum: Option<Option<Vec<u8>>>,
    /// Names of witnesses and groups so far.
    names: BTreeSet<Vec<u8>>,
    /// Names that are a member of a group already.
    members: BTreeSet<Vec<u8>>,
}

fn shown(word: &[u8]) -> String {
    String::from_utf8_lossy(word).into_owned()
}

impl Reader {
    fn line(&mut self, words: &[&[u8]]) -> Result<()> {
        match *words {
            [b"log", key] => self.log(key, None),
            [b"log", key, url] => self.log(key, Some(url)),
            [b"witness", name, key] => self.witness(name, key, None),
            [b"witness", name, key, url] => self.witness(name, key, Some(url)),
            [b"group", name, threshold, ref members @ ..] if !members.is_empty() => self.group(name, threshold, members),
            [b"quorum", name] => self.quorum(name),
            _ => Err(Error::malformed(format!("`{}` is not a line of a policy", shown(&words.join(&b' '))))
                .with_hint("lines are: log KEY [URL], witness NAME KEY [URL], group NAME all|any|NUMBER NAME…, quorum NAME")),
        }
    }

    fn log(&mut self, key: &[u8], url: Option<&[u8]>) -> Result<()> {
        let key = known_key(key, KeyType::Ed25519)?;
        if self.logs.iter().any(|known| known.key.public() == key.public()) {
            return Err(Error::malformed(format!("log key `{key}` is listed twice")));
        }
        self.logs.push(Known { key, url: url.map(<[u8]>::to_vec) });
        Ok(())
    }

    fn witness(&mut self, name: &[u8], key: &[u8], url: Option<&[u8]>) -> Result<()> {
        let key = known_key(key, KeyType::Cosignature)?;
        if self.witnesses.iter().any(|(_, known)| known.key.public() == key.public()) {
            return Err(Error::malformed(format!("witness key `{key}` is listed twice")));
        }
        self.define(name)?;
        self.witnesses.push((name.to_vec(), Known { key, url: url.map(<[u8]>::to_vec) }));
        Ok(())
    }

    fn define(&mut self, name: &[u8]) -> Result<()> {
        if name == b"none" || !self.names.insert(name.to_vec()) {
            return Err(Error::malformed(format!("name `{}` is taken", shown(name))));
        }
        Ok(())
    }

    fn group(&mut self, name: &[u8], threshold: &[u8], members: &[&[u8]]) -> Result<()> {
        for member in members {
            if !self.names.contains(*member) {
                return Err(Error::malformed(format!("`{}` is not defined on a line before", shown(member))));
            }
            if !self.members.insert(member.to_vec()) {
                return Err(Error::malformed(format!("`{}` is a member of a group already", shown(member))));
            }
        }
        let threshold = match threshold {
            b"all" => members.len(),
            b"any" => 1,
            number => parse_decimal(number)
                .ok()
                .and_then(|number| usize::try_from(number).ok())
                .filter(|number| (1..=members.len()).contains(number))
                .ok_or_else(|| Error::malformed(format!("`{}` is not a threshold of this group", shown(number))))?,
        };
        self.define(name)?;
        let members = members.iter().map(|member| member.to_vec()).collect();
        self.groups.push(Group { name: name.to_vec(), threshold, members });
        Ok(())
    }

    fn quorum(&mut self, name: &[u8]) -> Result<()> {
        if self.quorum.is_some() {
            return Err(Error::malformed("a second quorum line"));
        }
        if name != b"none" && !self.names.contains(name) {
            return Err(Error::malformed(format!("quorum `{}` is not defined on a line before", shown(name))));
        }
        self.quorum = Some((name != b"none").then(|| name.to_vec()));
        Ok(())
    }
}

fn known_key(text: &[u8], wanted: KeyType) -> Result<VerifierKey> {
    let text = std::str::from_utf8(text).map_err(|_| Error::malformed("a key is not UTF-8"))?;
    let key = VerifierKey::parse(text)?;
    if key.key_type() != wanted {
        return Err(Error::refused(format!("`{key}` is of the wrong type for this line"))
            .with_hint("log keys have type 1, witness keys type 4"));
    }
    Ok(key)
}
