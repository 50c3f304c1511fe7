//! The envelope: what a leaf of the log hashes. It says who did what to which revision when, and commits to the body.
//!
//! Every member is plain ASCII without escapes, since an envelope holds neither free text nor personal data. So its canonical JSON
//! has one fixed shape, which is written and read here by hand; a log of a million leaves is read in less than a second.

use crate::encoding::{self, MAX_INTEGER, parse_decimal, parse_hex};
use crate::{Error, Hash, Result, time, tree};

/// Longest envelope in bytes; an entry of a tile bundle could hold 65,535.
pub const MAX_ENVELOPE: usize = 60_000;
/// State of a key leaf.
pub const ACTIVE: &str = "active";
/// Reserved state after a set-aside; only an erasure follows.
pub const SET_ASIDE: &str = "set_aside";
/// Kind of a key leaf.
pub const KEY_KIND: &str = "key";

/// What a leaf records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Action {
    /// Revision 1 of a new record.
    Create,
    /// The next revision of a record.
    Revise,
    /// A change of state of the head.
    Transition,
    /// The record is taken out.
    SetAside,
    /// Bodies or fields of the record were erased.
    Erase,
    /// A new key signs the log from here on.
    Key,
}

impl Action {
    /// All actions.
    pub const ALL: [Self; 6] = [Self::Create, Self::Revise, Self::Transition, Self::SetAside, Self::Erase, Self::Key];

    /// The word in an envelope.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Revise => "revise",
            Self::Transition => "transition",
            Self::SetAside => "set_aside",
            Self::Erase => "erase",
            Self::Key => "key",
        }
    }

    /// Whether bodies of this action are always shown and never erased.
    #[must_use]
    pub fn is_always_shown(self) -> bool {
        matches!(self, Self::Erase | Self::Key)
    }

    /// Whether the leaf makes a revision of its own.
    #[must_use]
    pub fn is_revision(self) -> bool {
        matches!(self, Self::Create | Self::Revise)
    }

    fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.as_str() == text)
    }
}

/// One envelope, borrowing its texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Envelope<'a> {
    /// What the leaf records.
    pub action: Action,
    /// `PER-n`, `machine:name` or `system`.
    pub actor: &'a str,
    /// Commitment to the body.
    pub c: Hash,
    /// Id of the record, such as `SYS-3`.
    pub id: &'a str,
    /// Kind of the record, such as `ai-system`.
    pub kind: &'a str,
    /// The log's origin: the name in its verifier key.
    pub org: &'a str,
    /// Number of the revision, from 1.
    pub revision: u64,
    /// Version of the kind's file, from 1.
    pub schema: u64,
    /// Index of the leaf, from 0.
    pub seq: u64,
    /// State of the record after this leaf.
    pub state: &'a str,
    /// UTC, milliseconds since 1970.
    pub time: i64,
}

impl<'a> Envelope<'a> {
    /// The canonical bytes: what is hashed, stored and never written again in another way.
    ///
    /// # Errors
    /// Refused, naming the member, when one is not in its form.
    pub fn to_bytes(&self) -> Result<Vec<u8>> {
        self.check()?;
        let mut out = Vec::with_capacity(320);
        let mut text = |name: &str, value: &str| {
            out.extend(name.as_bytes());
            out.extend(value.as_bytes());
        };
        text("{\"action\":\"", self.action.as_str());
        text("\",\"actor\":\"", self.actor);
        text("\",\"c\":\"", &encoding::hex(&self.c));
        text("\",\"id\":\"", self.id);
        text("\",\"kind\":\"", self.kind);
        text("\",\"org\":\"", self.org);
        text("\",\"revision\":", &self.revision.to_string());
        text(",\"schema\":", &self.schema.to_string());
        text(",\"seq\":", &self.seq.to_string());
        text(",\"state\":\"", self.state);
        text("\",\"time\":\"", &time::format(self.time)?);
        text("\",\"v\":1}", "");
        Ok(out)
    }

    fn check(&self) -> Result<()> {
        let number = |name: &str, value: u64, least: u64| {
            if (least..=MAX_INTEGER).contains(&value) {
                Ok(())
            } else {
                Err(Error::refused(format!("{name}: `{value}` is not a number from {least} to 2^53 - 1")))
            }
        };
        check_words(self)?;
        number("revision", self.revision, 1)?;
        number("schema", self.schema, 1)?;
        number("seq", self.seq, 0)
    }

    /// Reads canonical bytes.
    ///
    /// # Errors
    /// Malformed for anything but exactly these members in exactly this form.
    pub fn parse(bytes: &'a [u8]) -> Result<Self> {
        if bytes.len() > MAX_ENVELOPE {
            return Err(Error::refused(format!("the envelope has {} bytes, more than {MAX_ENVELOPE}", bytes.len())));
        }
        let text = std::str::from_utf8(bytes).ok().filter(|text| text.is_ascii());
        let mut cursor = Cursor { rest: text.ok_or_else(|| Error::malformed("the envelope is not ASCII"))? };
        let action = cursor.text("{\"action\":\"")?;
        let actor = cursor.text("\",\"actor\":\"")?;
        let c = cursor.text("\",\"c\":\"")?;
        let id = cursor.text("\",\"id\":\"")?;
        let kind = cursor.text("\",\"kind\":\"")?;
        let org = cursor.text("\",\"org\":\"")?;
        let revision = cursor.number("\",\"revision\":", 1)?;
        let schema = cursor.number(",\"schema\":", 1)?;
        let seq = cursor.number(",\"seq\":", 0)?;
        let state = cursor.text(",\"state\":\"")?;
        let time = cursor.text("\",\"time\":\"")?;
        if cursor.rest != "\",\"v\":1}" {
            return Err(Error::malformed("the envelope does not end with `\"v\":1`"));
        }
        let action = Action::parse(action).ok_or_else(|| Error::malformed(format!("action: `{action}` is not an action")))?;
        let (c, time) = (parse_hex(c.as_bytes()).map_err(|error| error.within("c"))?, time::parse(time.as_bytes())?);
        let envelope = Self { action, actor, c, id, kind, org, revision, schema, seq, state, time };
        check_words(&envelope)?;
        Ok(envelope)
    }
}

/// The leaf hash of envelope bytes: SHA-256(0x00 ‖ bytes).
#[must_use]
pub fn leaf_hash(bytes: &[u8]) -> Hash {
    tree::hash_leaf(bytes)
}

fn check_words(envelope: &Envelope<'_>) -> Result<()> {
    let word = |name: &str, value: &str, fits: bool| {
        if fits { Ok(()) } else { Err(Error::malformed(format!("{name}: `{value}` is not in its form"))) }
    };
    word("actor", envelope.actor, is_actor(envelope.actor))?;
    word("id", envelope.id, is_id(envelope.id))?;
    word("kind", envelope.kind, is_word(envelope.kind, b"_-"))?;
    word("org", envelope.org, is_origin(envelope.org))?;
    word("state", envelope.state, is_word(envelope.state, b"_-"))
}

/// `[a-z][a-z0-9 and extra]{0,62}`.
fn is_word(text: &str, extra: &[u8]) -> bool {
    let bytes = text.as_bytes();
    (1..=63).contains(&bytes.len())
        && bytes[0].is_ascii_lowercase()
        && bytes.iter().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || extra.contains(byte))
}

/// Whether `text` is the name of a field: `[a-z][a-z0-9_]{0,62}`.
#[must_use]
pub fn is_field_name(text: &str) -> bool {
    is_word(text, b"_")
}

/// Whether `text` is an id: an upper-case prefix, a hyphen, a number from 1.
#[must_use]
pub fn is_id(text: &str) -> bool {
    let Some((prefix, number)) = text.split_once('-') else { return false };
    let prefix = prefix.as_bytes();
    (2..=16).contains(&prefix.len())
        && prefix[0].is_ascii_uppercase()
        && prefix.iter().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
        && parse_decimal(number.as_bytes()).is_ok_and(|number| number > 0)
}

/// Whether `text` is the id of a person.
#[must_use]
pub fn is_person(text: &str) -> bool {
    text.starts_with("PER-") && is_id(text)
}

fn is_actor(text: &str) -> bool {
    text == "system" || is_person(text) || text.strip_prefix("machine:").is_some_and(|name| is_word(name, b"_.-"))
}

/// Whether `text` can be a log's origin: 1 to 255 printable ASCII characters, none of them a space, `"`, `\` or `+`.
#[must_use]
pub fn is_origin(text: &str) -> bool {
    (1..=255).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'\\' | b'+'))
}

struct Cursor<'a> {
    rest: &'a str,
}

/// Each label is known where it is passed; inlined, it is compared word by word.
impl<'a> Cursor<'a> {
    #[inline(always)]
    fn pass(&mut self, label: &str) -> Result<()> {
        self.rest = self.rest.strip_prefix(label).ok_or_else(|| lacks(label))?;
        Ok(())
    }

    /// Text up to the next quote; no member holds one.
    #[inline(always)]
    fn text(&mut self, label: &str) -> Result<&'a str> {
        self.pass(label)?;
        let end = self.rest.bytes().position(|byte| byte == b'"');
        let (text, rest) = self.rest.split_at(end.ok_or_else(cut_off)?);
        self.rest = rest;
        Ok(text)
    }

    #[inline(always)]
    fn number(&mut self, label: &str, least: u64) -> Result<u64> {
        self.pass(label)?;
        let length = self.rest.bytes().take_while(u8::is_ascii_digit).count();
        let (digits, rest) = self.rest.split_at(length);
        self.rest = rest;
        let number = parse_decimal(digits.as_bytes())?;
        if number < least { Err(too_small(number, least)) } else { Ok(number) }
    }
}

#[cold]
fn lacks(label: &str) -> Error {
    Error::malformed(format!("the envelope lacks `{label}` where it belongs"))
}

#[cold]
fn cut_off() -> Error {
    Error::malformed("the envelope is cut off")
}

#[cold]
fn too_small(number: u64, least: u64) -> Error {
    Error::malformed(format!("`{number}` is less than {least}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sample() -> Envelope<'static> {
        Envelope {
            action: Action::SetAside,
            actor: "machine:otlp-1",
            c: [0xab; 32],
            id: "SYS-12",
            kind: "ai-system",
            org: "aims.example.test/acme",
            revision: 3,
            schema: 2,
            seq: 41,
            state: "set_aside",
            time: 951_782_400_123,
        }
    }

    #[test]
    fn bytes_are_canonical_json_with_exactly_the_members() {
        let bytes = sample().to_bytes().unwrap();
        let text = format!(
            "{{\"action\":\"set_aside\",\"actor\":\"machine:otlp-1\",\"c\":\"{}\",\"id\":\"SYS-12\",\"kind\":\"ai-system\",\
             \"org\":\"aims.example.test/acme\",\"revision\":3,\"schema\":2,\"seq\":41,\"state\":\"set_aside\",\
             \"time\":\"2000-02-29T00:00:00.123Z\",\"v\":1}}",
            "ab".repeat(32)
        );
        assert_eq!(std::str::from_utf8(&bytes).unwrap(), text);
        crate::jcs::check(&bytes, crate::jcs::Numbers::Integers).unwrap();
        assert_eq!(Envelope::parse(&bytes).unwrap(), sample());
    }

    #[test]
    fn another_form_of_a_member_is_refused() {
        let good = String::from_utf8(sample().to_bytes().unwrap()).unwrap();
        for (from, to) in [
            ("set_aside\",\"actor", "setaside\",\"actor"),
            ("machine:otlp-1", "Machine:x"),
            ("machine:otlp-1", "PER-0"),
            ("machine:otlp-1", "PER-01"),
            ("machine:otlp-1", "someone"),
            ("\"ab", "\"AB"),
            ("SYS-12", "sys-12"),
            ("SYS-12", "SYS-"),
            ("SYS-12", "SYS-1\\u0032"),
            ("ai-system", "AI"),
            ("aims.example.test/acme", "aims example"),
            ("aims.example.test/acme", "a+b"),
            ("aims.example.test/acme", ""),
            ("aims.example.test/acme", "münchen.example"),
            ("\"revision\":3", "\"revision\":0"),
            ("\"revision\":3", "\"revision\":03"),
            ("\"revision\":3", "\"revision\":3.0"),
            ("\"schema\":2", "\"schema\":\"2\""),
            ("\"seq\":41", "\"seq\":-1"),
            (".123Z", "Z"),
            ("\"v\":1", "\"v\":2"),
            ("\"v\":1", "\"v\":1,\"w\":1"),
            ("{\"action", "{ \"action"),
            ("\"v\":1}", "\"v\":1}\n"),
        ] {
            let bad = good.replacen(from, to, 1);
            assert_ne!(bad, good, "{from} must occur");
            assert!(Envelope::parse(bad.as_bytes()).is_err(), "{bad}");
        }
        let long = good.replacen("SYS-12", &"S".repeat(MAX_ENVELOPE), 1);
        assert!(Envelope::parse(long.as_bytes()).is_err());
    }

    #[test]
    fn what_cannot_be_read_again_is_not_written() {
        for bad in [
            Envelope { id: "x", ..sample() },
            Envelope { org: "a b", ..sample() },
            Envelope { revision: 0, ..sample() },
            Envelope { seq: MAX_INTEGER + 1, ..sample() },
            Envelope { time: i64::MAX, ..sample() },
        ] {
            assert!(bad.to_bytes().is_err(), "{bad:?}");
        }
    }

    proptest! {
        #[test]
        fn a_changed_byte_is_refused_or_means_something_else(at in any::<prop::sample::Index>(), byte in any::<u8>()) {
            let good = sample().to_bytes().unwrap();
            let mut bytes = good.clone();
            let index = at.index(bytes.len());
            bytes[index] = byte;
            if let Ok(read) = Envelope::parse(&bytes) {
                prop_assert_eq!(read.to_bytes().unwrap(), bytes);
            }
        }
    }
}
