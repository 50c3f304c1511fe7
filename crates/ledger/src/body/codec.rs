//! The bytes of a stored body.
//!
//! Byte 0 is the version, 1. Byte 1 is the form: 0 whole (`K`, then the canonical object), 1 partly (`b`, `s_0`, then per field: length
//! of the name as one byte, the name, a tag; tag 0: salt, length of the value as four bytes big endian, value; tag 1: leaf hash, seq
//! of the erase leaf as eight bytes big endian), 2 erased (seq of the erase leaf as eight bytes big endian).

use super::{Error, Fields, Hash, Numbers, Part, Result, StoredBody, check_filled, is_field_name, jcs};

const VERSION: u8 = 1;

impl StoredBody {
    /// The bytes to store.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = vec![VERSION];
        match self {
            Self::Whole { key, fields } => {
                out.push(0);
                out.extend(key);
                out.extend(fields.to_bytes());
            }
            Self::Partly { b, header_salt, fields } => {
                out.push(1);
                out.extend(b);
                out.extend(header_salt);
                fields.iter().for_each(|(name, part)| push_part(&mut out, name, part));
            }
            Self::Erased { by } => {
                out.push(2);
                out.extend(by.to_be_bytes());
            }
        }
        out
    }

    /// The canonical object of a body of which nothing was erased, without a look into it; nothing for other bodies.
    #[must_use]
    pub fn whole(bytes: &[u8]) -> Option<&[u8]> {
        let (head, object) = bytes.split_at_checked(2 + size_of::<Hash>())?;
        (head[..2] == [VERSION, 0]).then_some(object)
    }

    /// Reads stored bytes.
    ///
    /// # Errors
    /// Malformed unless they are exactly what [`StoredBody::to_bytes`] writes; Refused for a version from a later program.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        let mut rest = bytes;
        let [version, form] = take(&mut rest)?;
        if version != VERSION {
            return Err(Error::refused(format!("a stored body of version {version} is not known here"))
                .with_hint("it was written by a later program; use that one"));
        }
        match form {
            0 => Ok(Self::Whole { key: take(&mut rest)?, fields: Fields::parse(rest)? }),
            1 => partly(rest),
            2 => {
                let by = u64::from_be_bytes(take(&mut rest)?);
                if rest.is_empty() { Ok(Self::Erased { by }) } else { Err(bad()) }
            }
            _ => Err(bad()),
        }
    }
}

fn push_part(out: &mut Vec<u8>, name: &str, part: &Part) {
    out.push(u8::try_from(name.len()).expect("a field's name has at most 63 bytes"));
    out.extend(name.bytes());
    match part {
        Part::Kept { salt, value } => {
            out.push(0);
            out.extend(salt);
            out.extend(u32::try_from(value.len()).expect("a line bounds every value to 2 MiB").to_be_bytes());
            out.extend(value);
        }
        Part::Erased { leaf, by } => {
            out.push(1);
            out.extend(leaf);
            out.extend(by.to_be_bytes());
        }
    }
}

fn partly(mut rest: &[u8]) -> Result<StoredBody> {
    let (b, header_salt): (Hash, Hash) = (take(&mut rest)?, take(&mut rest)?);
    let mut fields: Vec<(String, Part)> = Vec::new();
    while !rest.is_empty() {
        let [length] = take(&mut rest)?;
        let name = String::from_utf8(slice(&mut rest, usize::from(length))?.to_vec()).map_err(|_| bad())?;
        if !is_field_name(&name) || fields.last().is_some_and(|(last, _)| *last >= name) {
            return Err(bad());
        }
        let [tag] = take(&mut rest)?;
        let hash: Hash = take(&mut rest)?;
        let part = match tag {
            0 => {
                let length = u32::from_be_bytes(take(&mut rest)?) as usize;
                let value = slice(&mut rest, length)?;
                jcs::check(value, Numbers::Integers)?;
                check_filled(&name, value)?;
                Part::Kept { salt: hash, value: value.to_vec() }
            }
            1 => Part::Erased { leaf: hash, by: u64::from_be_bytes(take(&mut rest)?) },
            _ => return Err(bad()),
        };
        fields.push((name, part));
    }
    Ok(StoredBody::Partly { b, header_salt, fields })
}

fn bad() -> Error {
    Error::malformed("the stored body is damaged")
}

fn take<const N: usize>(rest: &mut &[u8]) -> Result<[u8; N]> {
    let (head, tail) = rest.split_first_chunk::<N>().ok_or_else(bad)?;
    *rest = tail;
    Ok(*head)
}

fn slice<'a>(rest: &mut &'a [u8], length: usize) -> Result<&'a [u8]> {
    let (head, tail) = rest.split_at_checked(length).ok_or_else(bad)?;
    *rest = tail;
    Ok(head)
}
