//! The content of one revision: one JSON object, field name → value (FORMATS §1).

use crate::value::Value;

/// Most JCS bytes of a whole body.
pub const LARGEST_BODY: usize = 1 << 20;
/// Most JCS bytes of one field.
pub const LARGEST_FIELD: usize = 256 << 10;
/// Most rows of a list.
pub const MOST_ROWS: usize = 1_000;

/// The fields of a revision, sorted by name; empty ones are absent.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Body(Box<[(Box<str>, Value)]>);

/// Why bytes are not a body.
#[derive(Debug)]
pub struct NotABody(String);

impl std::fmt::Display for NotABody {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "not a body: {}", self.0)
    }
}

impl std::error::Error for NotABody {}

impl Body {
    /// A body of these fields; empty values are left out, of two with one name the later counts.
    #[must_use]
    pub fn new(fields: impl IntoIterator<Item = (Box<str>, Value)>) -> Self {
        let sorted: std::collections::BTreeMap<_, _> = fields.into_iter().collect();
        Self(sorted.into_iter().filter(|(_, value)| !value.is_empty()).collect())
    }

    /// Reads stored bytes: a JSON object without floats, nulls and doubled names.
    ///
    /// # Errors
    /// When the bytes are no such object.
    pub fn from_json(bytes: &[u8]) -> Result<Self, NotABody> {
        match serde_json::from_slice::<Value>(bytes) {
            Ok(Value::Map(fields)) => Ok(Self(fields)),
            Ok(_) => Err(NotABody("an object of fields is wanted".to_owned())),
            Err(error) => Err(NotABody(error.to_string())),
        }
    }

    /// The canonical bytes.
    #[must_use]
    pub fn to_jcs(&self) -> Vec<u8> {
        Value::Map(self.0.clone()).to_jcs()
    }

    /// The fields with their values, in order of their names.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(name, value)| (name.as_ref(), value))
    }

    /// The field at a place in the order of names.
    pub(crate) fn member(&self, at: usize) -> &(Box<str>, Value) {
        &self.0[at]
    }

    /// The value of a field; absent means empty.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        crate::value::member(&self.0, name)
    }

    /// Whether no field is filled.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The same with other values for the fields of `over`; an empty value takes a field out.
    #[must_use]
    pub fn with(&self, over: impl IntoIterator<Item = (Box<str>, Value)>) -> Self {
        Self::new(self.0.iter().cloned().chain(over))
    }

    /// The same without these fields.
    #[must_use]
    pub fn without(&self, names: &[&str]) -> Self {
        Self(self.0.iter().filter(|(name, _)| !names.contains(&name.as_ref())).cloned().collect())
    }

    /// Names of the fields that differ between the two, in order.
    #[must_use]
    pub fn differing<'a>(&'a self, other: &'a Self) -> Vec<&'a str> {
        let mut names: Vec<&str> = self.fields().chain(other.fields()).map(|(name, _)| name).collect();
        names.sort_unstable();
        names.dedup();
        names.retain(|name| self.get(name) != other.get(name));
        names
    }

    /// The same as a JSON value of `serde_json`.
    #[must_use]
    pub fn to_json(&self) -> serde_json::Value {
        Value::Map(self.0.clone()).to_json()
    }
}

impl IntoIterator for Body {
    type Item = (Box<str>, Value);
    type IntoIter = std::vec::IntoIter<(Box<str>, Value)>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_vec().into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_fields_are_absent_and_zero_and_false_are_values() {
        let body = Body::new([
            ("b".into(), Value::Int(0)),
            ("a".into(), Value::Bool(false)),
            ("c".into(), Value::text("")),
            ("d".into(), Value::List(Box::new([]))),
        ]);
        assert_eq!(String::from_utf8(body.to_jcs()).unwrap(), r#"{"a":false,"b":0}"#);
        assert_eq!(Body::from_json(&body.to_jcs()).unwrap(), body);
    }

    #[test]
    fn two_bodies_differ_in_the_fields_changed_added_and_removed() {
        let one = Body::new([("a".into(), Value::Int(1)), ("b".into(), Value::Int(1))]);
        let two = one.with([("a".into(), Value::text("")), ("b".into(), Value::Int(2)), ("c".into(), Value::Int(3))]);
        assert_eq!(one.differing(&two), ["a", "b", "c"]);
    }
}
