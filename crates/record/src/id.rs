//! Ids: short, human, unique per organisation and kind, never reused (FORMATS §11).

use std::fmt;
use std::str::FromStr;

/// An id such as `RSK-19`: the three capital letters of the kind and a number from 1.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Id {
    prefix: [u8; 3],
    number: u32,
}

impl Id {
    /// The id with this prefix (three capital ASCII letters) and number (from 1); `None` when either is not so.
    #[must_use]
    pub fn new(prefix: &str, number: u32) -> Option<Self> {
        let prefix: [u8; 3] = prefix.as_bytes().try_into().ok()?;
        (number > 0 && prefix.iter().all(u8::is_ascii_uppercase)).then_some(Self { prefix, number })
    }

    /// The prefix of the kind, three capital letters.
    #[must_use]
    pub fn prefix(&self) -> &str {
        std::str::from_utf8(&self.prefix).expect("checked when made: three ASCII capitals")
    }

    /// The prefix as a small number, the same for equal prefixes: below 26³.
    pub(crate) fn prefix_number(self) -> usize {
        self.prefix.iter().fold(0, |sum, letter| sum * 26 + usize::from(letter - b'A'))
    }

    /// The number within the kind, from 1.
    #[must_use]
    pub const fn number(&self) -> u32 {
        self.number
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.prefix(), self.number)
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// What is wrong with a text that should be an id or a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotAnId(pub String);

impl fmt::Display for NotAnId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is not an id such as `RSK-19` or `DOC-4@2`", self.0)
    }
}

impl std::error::Error for NotAnId {}

fn number(text: &str) -> Option<u32> {
    let digits = text.as_bytes();
    if digits.is_empty() || digits[0] == b'0' {
        return None;
    }
    digits.iter().try_fold(0u32, |sum, digit| {
        let value = digit.is_ascii_digit().then(|| u32::from(digit - b'0'))?;
        sum.checked_mul(10)?.checked_add(value)
    })
}

/// An id, without the words of a refusal: most texts that are tried are none.
fn parse(text: &str) -> Option<Id> {
    let (prefix, rest) = text.as_bytes().split_at_checked(3)?;
    if rest.first() != Some(&b'-') || !prefix.iter().all(u8::is_ascii_uppercase) {
        return None;
    }
    Some(Id { prefix: prefix.try_into().ok()?, number: number(text.get(4..)?)? })
}

impl FromStr for Id {
    type Err = NotAnId;

    fn from_str(text: &str) -> Result<Self, NotAnId> {
        parse(text).ok_or_else(|| NotAnId(text.to_owned()))
    }
}

/// A link to a record, with the revision where it counts: `SYS-3`, `DOC-4@2`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct Link {
    /// The record.
    pub id: Id,
    /// The exact revision, if the link names one.
    pub revision: Option<u32>,
}

impl From<Id> for Link {
    fn from(id: Id) -> Self {
        Self { id, revision: None }
    }
}

impl fmt::Display for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.revision {
            Some(revision) => write!(f, "{}@{revision}", self.id),
            None => write!(f, "{}", self.id),
        }
    }
}

impl FromStr for Link {
    type Err = NotAnId;

    fn from_str(text: &str) -> Result<Self, NotAnId> {
        let bad = || NotAnId(text.to_owned());
        match text.split_once('@') {
            None => Ok(Self { id: text.parse()?, revision: None }),
            Some((id, revision)) => {
                Ok(Self { id: id.parse().map_err(|_| bad())?, revision: Some(number(revision).ok_or_else(bad)?) })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, valid: bool) {
        let parsed = text.parse::<Link>();
        assert_eq!(parsed.is_ok(), valid, "{text}");
        if let Ok(link) = parsed {
            assert_eq!(link.to_string(), text);
        }
    }

    #[test]
    fn only_the_canonical_form_of_a_link_is_read() {
        for good in ["RSK-19", "DOC-4@2", "SYS-4294967295"] {
            check(good, true);
        }
        for bad in
            ["", "RSK", "RSK-", "RSK-0", "RSK-01", "rsk-1", "RSKS-1", "RSK-1@", "RSK-1@0", "RSK-1@+1", "RSK-4294967296", "RSK-1 "]
        {
            check(bad, false);
        }
    }
}
