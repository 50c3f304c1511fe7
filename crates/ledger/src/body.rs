//! What a store keeps for a body, and what erasing takes from it.

use std::collections::{BTreeMap, BTreeSet};

use crate::commitment::{blinding, commit, field_leaf, header_leaf, push_field, push_header, salt};
use crate::encoding::{hex, push_hex};
use crate::envelope::is_field_name;
use crate::fields::{Fields, check_filled};
use crate::jcs::{self, Numbers};
use crate::{Error, Hash, Result};

mod codec;

/// Longest body line in bytes, its line feed included.
pub const MAX_LINE: usize = 2 * 1024 * 1024;

/// A body as it is kept: with its key, partly erased, or erased.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StoredBody {
    /// Every field, and the key from which blinding and salts follow.
    Whole {
        /// `K`: 32 random bytes, for this body only.
        key: Hash,
        /// The fields.
        fields: Fields,
    },
    /// Some fields are erased; the key is gone, its parts for the other fields stay.
    Partly {
        /// `b`, the blinding.
        b: Hash,
        /// `s_0`, the salt of the leaf that lists the names.
        header_salt: Hash,
        /// All names, ascending, with what is left.
        fields: Vec<(String, Part)>,
    },
    /// Nothing is left.
    Erased {
        /// Seq of the erase leaf.
        by: u64,
    },
}

/// What is left of one field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// Salt and canonical value.
    Kept {
        /// `s_i`.
        salt: Hash,
        /// Canonical JSON.
        value: Vec<u8>,
    },
    /// The hash of the leaf; salt and value are gone.
    Erased {
        /// Hash of the field's leaf.
        leaf: Hash,
        /// Seq of the erase leaf.
        by: u64,
    },
}

/// One field of a stored body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field<'a> {
    /// The canonical value.
    Present(&'a [u8]),
    /// Erased by the erase leaf with this seq.
    Erased(u64),
}

/// Which fields of a body a line shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Show {
    /// Every field that is left.
    All,
    /// These only. Which fields are filled is shown all the same.
    Only(BTreeSet<String>),
    /// Nothing at all.
    Nothing,
}

impl Show {
    fn shows(&self, name: &str) -> bool {
        match self {
            Self::All => true,
            Self::Only(names) => names.contains(name),
            Self::Nothing => false,
        }
    }
}

impl StoredBody {
    /// Seals fields under a key of 32 random bytes that must never be used for another body.
    #[must_use]
    pub fn seal(fields: Fields, key: Hash) -> Self {
        Self::Whole { key, fields }
    }

    /// `c`; none once the whole body is erased.
    #[must_use]
    pub fn commitment(&self) -> Option<Hash> {
        match self {
            Self::Whole { key, fields } => {
                let mut leaves = vec![header_leaf(&salt(key, 0), fields.names())];
                leaves.extend((1..).zip(fields.iter()).map(|(i, (name, value))| field_leaf(&salt(key, i), name, value)));
                Some(commit(&blinding(key), &leaves))
            }
            Self::Partly { b, header_salt, fields } => {
                let mut leaves = vec![header_leaf(header_salt, fields.iter().map(|(name, _)| name.as_str()))];
                leaves.extend(fields.iter().map(|(name, part)| part.leaf(name)));
                Some(commit(b, &leaves))
            }
            Self::Erased { .. } => None,
        }
    }

    /// Every field by name; nothing for a body that is erased whole.
    #[must_use]
    pub fn fields(&self) -> BTreeMap<&str, Field<'_>> {
        match self {
            Self::Whole { fields, .. } => fields.iter().map(|(name, value)| (name, Field::Present(value))).collect(),
            Self::Partly { fields, .. } => fields.iter().map(|(name, part)| (name.as_str(), part.field())).collect(),
            Self::Erased { .. } => BTreeMap::new(),
        }
    }

    /// Seq of the erase leaf, when the whole body is erased.
    #[must_use]
    pub fn erased_by(&self) -> Option<u64> {
        if let Self::Erased { by } = *self { Some(by) } else { None }
    }

    /// Canonical JSON object of the fields that are left.
    #[must_use]
    pub fn json(&self) -> Vec<u8> {
        let mut out = vec![b'{'];
        for (name, field) in self.fields() {
            if let Field::Present(value) = field {
                if out.len() > 1 {
                    out.push(b',');
                }
                jcs::push_string(&mut out, name);
                out.push(b':');
                out.extend(value);
            }
        }
        out.push(b'}');
        out
    }

    /// The body after the erase leaf `by` took these fields. A field that is erased already stays as it is.
    ///
    /// # Errors
    /// Refused when the body has no field of a name, or is erased whole.
    pub fn erase_fields<'n>(&self, names: impl IntoIterator<Item = &'n str>, by: u64) -> Result<Self> {
        let (b, header_salt, mut fields) = match self.clone() {
            Self::Whole { key, fields } => {
                let parts = (1..)
                    .zip(fields.iter())
                    .map(|(i, (name, value))| (name.to_owned(), Part::Kept { salt: salt(&key, i), value: value.to_vec() }));
                (blinding(&key), salt(&key, 0), parts.collect())
            }
            Self::Partly { b, header_salt, fields } => (b, header_salt, fields),
            Self::Erased { by } => return Err(Error::refused(format!("the body was erased by leaf {by}"))),
        };
        for wanted in names {
            let Some((name, part)) = fields.iter_mut().find(|(name, _)| name == wanted) else {
                return Err(Error::refused(format!("the body has no field `{wanted}`")));
            };
            if let Part::Kept { .. } = part {
                *part = Part::Erased { leaf: part.leaf(name), by };
            }
        }
        Ok(Self::Partly { b, header_salt, fields })
    }

    /// The body after the erase leaf `by` took all of it.
    #[must_use]
    pub fn erase(&self, by: u64) -> Self {
        Self::Erased { by }
    }

    /// The line of this body in an export or proof, without its line feed.
    ///
    /// # Errors
    /// Refused when it would be longer than [`MAX_LINE`].
    pub fn line(&self, seq: u64, show: &Show) -> Result<Vec<u8>> {
        let line = match self {
            Self::Erased { by } => format!("{{\"erased\":{by},\"seq\":{seq}}}").into_bytes(),
            _ if *show == Show::Nothing => format!("{{\"seq\":{seq},\"withheld\":true}}").into_bytes(),
            Self::Whole { key, fields } => {
                let field = |(i, (name, value)): (u32, (&str, &[u8])), out: &mut Vec<u8>| {
                    let salt = salt(key, i);
                    if show.shows(name) {
                        push_field(out, &salt, name, value);
                    } else {
                        push_hash(out, &field_leaf(&salt, name, value));
                    }
                };
                let mut line = opening(&blinding(key), []);
                push_header(&mut line, &salt(key, 0), fields.names());
                for item in (1..).zip(fields.iter()) {
                    line.push(b',');
                    field(item, &mut line);
                }
                closed(line, seq)
            }
            Self::Partly { b, header_salt, fields } => {
                let erased = fields.iter().filter_map(|(name, part)| match part {
                    Part::Erased { by, .. } => Some((name.as_str(), *by)),
                    Part::Kept { .. } => None,
                });
                let mut line = opening(b, erased);
                push_header(&mut line, header_salt, fields.iter().map(|(name, _)| name.as_str()));
                for (name, part) in fields {
                    line.push(b',');
                    match part {
                        Part::Kept { salt, value } if show.shows(name) => push_field(&mut line, salt, name, value),
                        _ => push_hash(&mut line, &part.leaf(name)),
                    }
                }
                closed(line, seq)
            }
        };
        if line.len() >= MAX_LINE {
            return Err(Error::refused(format!("the body of leaf {seq} makes a line of more than {MAX_LINE} bytes")));
        }
        Ok(line)
    }
}

impl Part {
    fn field(&self) -> Field<'_> {
        match self {
            Self::Kept { value, .. } => Field::Present(value),
            Self::Erased { by, .. } => Field::Erased(*by),
        }
    }

    fn leaf(&self, name: &str) -> Hash {
        match self {
            Self::Kept { salt, value } => field_leaf(salt, name, value),
            Self::Erased { leaf, .. } => *leaf,
        }
    }
}

fn opening<'a>(b: &Hash, erased: impl IntoIterator<Item = (&'a str, u64)>) -> Vec<u8> {
    let mut line = b"{\"b\":\"".to_vec();
    push_hex(&mut line, b);
    let erased: Vec<String> = erased.into_iter().map(|(name, by)| format!("\"{name}\":{by}")).collect();
    if !erased.is_empty() {
        line.extend(format!("\",\"erased_fields\":{{{}}},\"fields\":[", erased.join(",")).bytes());
    } else {
        line.extend(b"\",\"fields\":[");
    }
    line
}

fn closed(mut line: Vec<u8>, seq: u64) -> Vec<u8> {
    line.extend(format!("],\"seq\":{seq}}}").bytes());
    line
}

fn push_hash(out: &mut Vec<u8>, hash: &Hash) {
    out.extend(format!("\"{}\"", hex(hash)).bytes());
}

#[cfg(test)]
mod tests;
