//! The fields of a body: names in ascending order, each with the canonical JSON of its value.

use serde_json::{Map, Value};

use crate::envelope::is_field_name;
use crate::jcs::{self, Numbers, Scanner};
use crate::{Error, Hash, Result, encoding};

/// Name and canonical value of each field, ascending by name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fields(Vec<(String, Vec<u8>)>);

impl Fields {
    /// The fields of an object.
    ///
    /// # Errors
    /// Refused, naming the field: a name outside `[a-z][a-z0-9_]{0,62}`, an empty value (empty fields are absent), a float or an
    /// integer beyond ±(2^53 − 1), more than [`jcs::MAX_DEPTH`] levels.
    pub fn from_map(map: &Map<String, Value>) -> Result<Self> {
        let mut fields = map
            .iter()
            .map(|(name, value)| {
                let bytes = jcs::canonical(value).map_err(|error| error.within(format!("field `{name}`")))?;
                Ok((name.clone(), bytes))
            })
            .collect::<Result<Vec<_>>>()?;
        fields.sort();
        for (name, value) in &fields {
            check_name(name)?;
            jcs::check(value, Numbers::Integers).map_err(|error| {
                error.within(format!("field `{name}`")).with_hint("write decimals as strings; integers reach to 2^53 - 1")
            })?;
            check_filled(name, value)?;
        }
        Ok(Self(fields))
    }

    /// Reads the canonical JSON of an object.
    ///
    /// # Errors
    /// Malformed unless the bytes are canonical and every field as in [`Fields::from_map`].
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        let mut scanner = Scanner::new(bytes, Numbers::Integers)?;
        let mut fields = Vec::new();
        scanner.expect("{")?;
        while scanner.peek() != Some(b'}') {
            if !fields.is_empty() {
                scanner.expect(",")?;
            }
            let name = scanner.string()?.into_owned();
            check_name(&name)?;
            if fields.last().is_some_and(|(last, _)| *last >= name) {
                return Err(Error::malformed(format!("field `{name}` is out of order or occurs twice")));
            }
            scanner.expect(":")?;
            let value = scanner.value()?;
            check_filled(&name, value)?;
            fields.push((name, value.to_vec()));
        }
        scanner.expect("}")?;
        scanner.end()?;
        Ok(Self(fields))
    }

    /// The canonical JSON of the whole object.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = vec![b'{'];
        for (index, (name, value)) in self.iter().enumerate() {
            if index > 0 {
                out.push(b',');
            }
            jcs::push_string(&mut out, name);
            out.push(b':');
            out.extend(value);
        }
        out.push(b'}');
        out
    }

    /// Names and canonical values, ascending by name.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &[u8])> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_slice()))
    }

    /// Names, ascending.
    pub fn names(&self) -> impl ExactSizeIterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_str())
    }

    /// Canonical value of a field.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&[u8]> {
        let at = self.0.binary_search_by(|(known, _)| known.as_str().cmp(name)).ok()?;
        Some(&self.0[at].1)
    }

    /// How many fields there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

fn check_name(name: &str) -> Result<()> {
    if is_field_name(name) {
        return Ok(());
    }
    Err(Error::refused(format!("`{name}` is not the name of a field"))
        .with_hint("a name begins with a-z and holds at most 63 of a-z, 0-9 and _"))
}

/// Empty fields are absent, so that there is one way to say that a field is empty.
pub(crate) fn check_filled(name: &str, value: &[u8]) -> Result<()> {
    if matches!(value, b"null" | b"\"\"" | b"[]" | b"{}") {
        return Err(Error::refused(format!("field `{name}` is empty")).with_hint("leave empty fields out"));
    }
    Ok(())
}

/// A value that names a file: any object with exactly the members `name`, `sha256` and `size`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct FileValue {
    /// Plain SHA-256 of the file's bytes.
    pub sha256: Hash,
    /// Bytes in the file.
    pub size: u64,
}

/// All files that a canonical value names, at any depth.
///
/// # Errors
/// Malformed when an object has exactly those members and one of them is not in its form.
pub fn files_in(value: &[u8]) -> Result<Vec<FileValue>> {
    let mut files = Vec::new();
    // Most values name no file; this looks for the member before it walks.
    if value.windows(9).any(|part| part == b"\"sha256\":") {
        walk(&mut Scanner::new(value, Numbers::Integers)?, &mut files)?;
    }
    Ok(files)
}

fn walk<'a>(scanner: &mut Scanner<'a>, files: &mut Vec<FileValue>) -> Result<()> {
    match scanner.peek() {
        Some(b'[') => scanner.array(|scanner, _| walk(scanner, files)),
        Some(b'{') => {
            let mut members: Vec<(String, &'a [u8])> = Vec::new();
            scanner.object(|scanner, key| {
                let before = scanner.clone();
                walk(scanner, files)?;
                members.push((key.to_owned(), before.passed_until(scanner)));
                Ok(())
            })?;
            let names: Vec<&str> = members.iter().map(|(name, _)| name.as_str()).collect();
            if names == ["name", "sha256", "size"] {
                files.push(file_value(members[0].1, members[1].1, members[2].1)?);
            }
            Ok(())
        }
        _ => scanner.value().map(drop),
    }
}

fn file_value(name: &[u8], sha256: &[u8], size: &[u8]) -> Result<FileValue> {
    let bad = || Error::malformed("a file value is not {\"name\": text, \"sha256\": 64 hex digits, \"size\": number}");
    let unquoted = sha256.strip_prefix(b"\"").and_then(|rest| rest.strip_suffix(b"\"")).ok_or_else(bad)?;
    if !name.starts_with(b"\"") {
        return Err(bad());
    }
    let (sha256, size) = (encoding::parse_hex(unquoted), encoding::parse_decimal(size));
    Ok(FileValue { sha256: sha256.map_err(|_| bad())?, size: size.map_err(|_| bad())? })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn fields(value: Value) -> Result<Fields> {
        Fields::from_map(value.as_object().unwrap())
    }

    #[test]
    fn fields_come_back_from_their_bytes_in_order_of_names() {
        let fields = fields(json!({"b": 1, "a": {"z": [true], "y": "ü"}, "c_2": 0, "d": false})).unwrap();
        assert_eq!(fields.to_bytes(), "{\"a\":{\"y\":\"ü\",\"z\":[true]},\"b\":1,\"c_2\":0,\"d\":false}".as_bytes());
        assert_eq!(Fields::parse(&fields.to_bytes()).unwrap(), fields);
        assert_eq!(fields.get("b"), Some(b"1".as_slice()));
    }

    #[test]
    fn what_a_body_cannot_hold_is_refused_and_the_field_named() {
        for bad in [
            json!({"bad": 1.5}),
            json!({"bad": [{"x": 1e30}]}),
            json!({"bad": 9_007_199_254_740_992_i64}),
            json!({"bad": null}),
            json!({"bad": ""}),
            json!({"bad": []}),
            json!({"bad": {}}),
        ] {
            assert!(fields(bad.clone()).unwrap_err().message().contains("`bad`"), "{bad}");
        }
        for name in ["", "A", "1a", "a-b", "ä", &"a".repeat(64)] {
            assert!(fields(json!({name: 1})).is_err(), "{name}");
        }
    }

    #[test]
    fn bytes_in_another_spelling_are_refused() {
        for bad in ["", "[]", "{\"a\":1", "{\"a\":1} ", "{\"b\":1,\"a\":1}", "{\"a\":1,\"a\":1}", "{\"a\":null}", "{\"a\" :1}"] {
            assert!(Fields::parse(bad.as_bytes()).is_err(), "{bad}");
        }
    }

    #[test]
    fn files_are_found_at_any_depth() {
        let hash = "ab".repeat(32);
        let file = json!({"name": "x.pdf", "sha256": hash, "size": 3});
        let value = jcs::canonical(&json!([{"deep": [file]}, file, {"name": "x", "sha256": hash, "size": 1, "more": 2}])).unwrap();
        assert_eq!(files_in(&value).unwrap(), vec![FileValue { sha256: [0xab; 32], size: 3 }; 2]);
        for bad in [
            json!({"name": "x", "sha256": "AB".repeat(32), "size": 3}),
            json!({"name": "x", "sha256": hash, "size": "3"}),
            json!({"name": "x", "sha256": hash, "size": -3}),
            json!({"name": 1, "sha256": hash, "size": 3}),
        ] {
            assert!(files_in(&jcs::canonical(&bad).unwrap()).is_err(), "{bad}");
        }
    }
}
