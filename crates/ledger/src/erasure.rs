//! The body of an erase leaf.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::encoding::parse_decimal;
use crate::envelope::{is_field_name, is_person};
use crate::fields::Fields;
use crate::jcs::{Numbers, Scanner};
use crate::line::{Cell, Shown};
use crate::{Error, Result};

/// What an erase leaf takes from one leaf.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Taken {
    /// The whole body.
    All,
    /// These fields, ascending.
    Fields(Vec<String>),
}

/// Why something was erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EraseReason {
    /// A person asked for it.
    Request,
    /// It should not have been written.
    Mistake,
    /// A secret had been written.
    Secret,
    /// Its time was over.
    Retention,
}

impl EraseReason {
    /// All reasons.
    pub const ALL: [Self; 4] = [Self::Request, Self::Mistake, Self::Secret, Self::Retention];

    /// The word in the body.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Mistake => "mistake",
            Self::Secret => "secret",
            Self::Retention => "retention",
        }
    }

    /// The reason for a word.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.as_str() == text)
    }
}

/// Body of an erase leaf: `{"by","erased":{SEQ:[names]|"all"},"reason"}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Erasure {
    /// `PER-n` or `system`.
    pub by: String,
    /// What is taken from which leaf; never empty.
    pub erased: BTreeMap<u64, Taken>,
    /// Why.
    pub reason: EraseReason,
}

impl Erasure {
    /// The fields of the body.
    ///
    /// # Errors
    /// Refused when nothing is erased, a list of names is empty, or `by` is neither a person nor `system`.
    pub fn to_fields(&self) -> Result<Fields> {
        if self.erased.is_empty() || self.erased.values().any(|taken| *taken == Taken::Fields(Vec::new())) {
            return Err(Error::refused("an erasure names at least one leaf, and all of it or at least one field"));
        }
        check_by(&self.by)?;
        let erased: Map<String, Value> = self
            .erased
            .iter()
            .map(|(seq, taken)| {
                let taken = match taken {
                    Taken::All => json!("all"),
                    Taken::Fields(names) => {
                        let mut names = names.clone();
                        names.sort();
                        names.dedup();
                        json!(names)
                    }
                };
                (seq.to_string(), taken)
            })
            .collect();
        let body = json!({"by": self.by, "erased": erased, "reason": self.reason.as_str()});
        Fields::from_map(body.as_object().expect("written as an object"))
    }

    /// Reads the body of an erase leaf from its line.
    ///
    /// # Errors
    /// Malformed unless every field is shown and in its form.
    pub fn read(shown: &Shown<'_>) -> Result<Self> {
        let [by, erased, reason] = values(shown, ["by", "erased", "reason"])?;
        let by = text(by)?;
        check_by(&by)?;
        let reason = text(reason)?;
        let reason = EraseReason::parse(&reason).ok_or_else(|| Error::malformed(format!("`{reason}` is not a reason to erase")))?;
        let mut taken = BTreeMap::new();
        let mut scanner = Scanner::new(erased, Numbers::Integers)?;
        scanner.object(|scanner, seq| {
            let seq = parse_decimal(seq.as_bytes()).map_err(|error| error.within("erased"))?;
            taken.insert(seq, read_taken(scanner)?);
            Ok(())
        })?;
        Ok(Self { by, erased: taken, reason })
    }
}

fn read_taken(scanner: &mut Scanner<'_>) -> Result<Taken> {
    if scanner.expect("\"all\"").is_ok() {
        return Ok(Taken::All);
    }
    let mut names: Vec<String> = Vec::new();
    scanner.array(|scanner, _| {
        let name = scanner.string()?.into_owned();
        if !is_field_name(&name) || names.last().is_some_and(|last| *last >= name) {
            return Err(Error::malformed(format!("name `{name}` is not in its form or order")));
        }
        names.push(name);
        Ok(())
    })?;
    if names.is_empty() { Err(Error::malformed("an erasure names no field")) } else { Ok(Taken::Fields(names)) }
}

fn check_by(by: &str) -> Result<()> {
    if by == "system" || is_person(by) {
        return Ok(());
    }
    Err(Error::refused(format!("by: `{by}` is neither a person nor `system`")))
}

/// The values of exactly these fields, all shown.
pub(crate) fn values<'a, const N: usize>(shown: &Shown<'a>, names: [&str; N]) -> Result<[&'a [u8]; N]> {
    let mut values = [b"".as_slice(); N];
    if shown.fields.len() != N {
        return Err(Error::malformed(format!("the body does not have exactly the fields {}", names.join(", "))));
    }
    for ((name, cell), (wanted, value)) in shown.fields.iter().zip(names.into_iter().zip(&mut values)) {
        match cell {
            Cell::Value(shown) if *name == wanted => *value = shown,
            Cell::Value(_) => {
                return Err(Error::malformed(format!("the body does not have exactly the fields {}", names.join(", "))));
            }
            _ => return Err(Error::malformed(format!("field `{name}` is not shown; this body is always shown whole"))),
        }
    }
    Ok(values)
}

/// A canonical value that is a string, without its quotes and escapes.
pub(crate) fn text(value: &[u8]) -> Result<String> {
    let mut scanner = Scanner::new(value, Numbers::Integers)?;
    let text = scanner.string()?.into_owned();
    scanner.end()?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::body::{Show, StoredBody};
    use crate::line::Line;

    fn read<T>(fields: Fields, read: impl Fn(&Shown<'_>) -> Result<T>) -> Result<T> {
        let line = StoredBody::seal(fields, [1; 32]).line(9, &Show::All)?;
        let Line::Shown(shown) = Line::parse(&line)? else { panic!("shown") };
        read(&shown)
    }

    #[test]
    fn an_erasure_comes_back_from_its_line() {
        let erased = BTreeMap::from([(2, Taken::All), (10, Taken::Fields(vec!["a".to_owned(), "b".to_owned()]))]);
        let erasure = Erasure { by: "PER-4".to_owned(), erased, reason: EraseReason::Request };
        assert_eq!(read(erasure.to_fields().unwrap(), Erasure::read).unwrap(), erasure);
        let nothing = Erasure { erased: BTreeMap::new(), ..erasure.clone() };
        assert!(nothing.to_fields().is_err());
        assert!(Erasure { by: "Ada".to_owned(), ..erasure }.to_fields().is_err());
    }

    #[test]
    fn an_erasure_in_another_form_is_refused() {
        let good = json!({"by": "system", "erased": {"2": ["a", "b"]}, "reason": "mistake"});
        let fields = |value: &Value| Fields::from_map(value.as_object().unwrap()).unwrap();
        assert!(read(fields(&good), Erasure::read).is_ok());
        for (member, value) in [
            ("by", json!("machine:x")),
            ("by", json!(3)),
            ("reason", json!("whim")),
            ("erased", json!({"02": "all"})),
            ("erased", json!({"2": "everything"})),
            ("erased", json!({"2": []})),
            ("erased", json!({"2": ["b", "a"]})),
            ("erased", json!({"2": ["A"]})),
            ("erased", json!(["2"])),
            ("more", json!(1)),
        ] {
            let mut bad = good.clone();
            bad[member] = value;
            assert!(read(fields(&bad), Erasure::read).is_err(), "{bad}");
        }
    }
}
