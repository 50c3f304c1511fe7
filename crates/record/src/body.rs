//! The content of one revision: one JSON object, field name → value (FORMATS §1).

mod stored;

use std::fmt;
use std::sync::Arc;

use crate::value::Value;
use stored::Stored;

/// Most JCS bytes of a whole body.
pub const LARGEST_BODY: usize = 1 << 20;
/// Most JCS bytes of one field.
pub const LARGEST_FIELD: usize = 256 << 10;
/// Most rows of a list.
pub const MOST_ROWS: usize = 1_000;

/// The fields of a revision, sorted by name; empty ones are absent.
///
/// One that was read from a store looks at a value when somebody first asks for it.
#[derive(Clone)]
pub struct Body(Form);

#[derive(Clone)]
enum Form {
    /// every value at hand
    Read(Box<[(Box<str>, Value)]>),
    /// as it is stored
    Stored(Stored),
}

/// Why bytes are not a body.
#[derive(Debug)]
pub struct NotABody(String);

impl fmt::Display for NotABody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not a body: {}", self.0)
    }
}

impl std::error::Error for NotABody {}

impl Body {
    /// A body of these fields; empty values are left out, of two with one name the later counts.
    #[must_use]
    pub fn new(fields: impl IntoIterator<Item = (Box<str>, Value)>) -> Self {
        let sorted: std::collections::BTreeMap<_, _> = fields.into_iter().collect();
        Self(Form::Read(sorted.into_iter().filter(|(_, value)| !value.is_empty()).collect()))
    }

    /// Reads bytes that anybody may have written: a JSON object without floats, nulls and doubled names.
    ///
    /// # Errors
    /// When the bytes are no such object.
    pub fn from_json(bytes: &[u8]) -> Result<Self, NotABody> {
        match serde_json::from_slice::<Value>(bytes) {
            Ok(Value::Map(fields)) => Ok(Self(Form::Read(fields))),
            Ok(_) => Err(NotABody("an object of fields is wanted".to_owned())),
            Err(error) => Err(NotABody(error.to_string())),
        }
    }

    /// Takes the canonical bytes of a body that was checked when it was written. A value that was damaged since is shown as the text
    /// that stands there.
    ///
    /// # Errors
    /// When the bytes are no object.
    pub fn from_store(canonical: &[u8]) -> Result<Self, NotABody> {
        Stored::new(canonical).map(|stored| Self(Form::Stored(stored)))
    }

    /// The same body kept as what it has otherwise than an earlier one of its record, where that is much less.
    pub(crate) fn over(&self, before: &Arc<Self>) -> Option<Self> {
        let Form::Stored(stored) = &self.0 else { return None };
        let base = if let Form::Stored(before) = &before.0 { before.below() } else { None };
        stored.over(base.unwrap_or(before)).map(|stored| Self(Form::Stored(stored)))
    }

    /// The same body on its own, if it is kept as what it has otherwise than another.
    pub(crate) fn apart(&self) -> Option<Self> {
        let Form::Stored(stored) = &self.0 else { return None };
        stored.below()?;
        Stored::new(&stored.whole()).ok().map(|stored| Self(Form::Stored(stored)))
    }

    /// Looks at the values of some names without keeping what was read. Of a body that is kept as what it has otherwise than another
    /// only that is looked at.
    pub(crate) fn glance(&self, is_wanted: impl Fn(&str) -> bool, mut look: impl FnMut(&str, &Value)) {
        match &self.0 {
            Form::Read(fields) => {
                fields.iter().filter(|(name, _)| is_wanted(name)).for_each(|(name, value)| look(name, value));
            }
            Form::Stored(stored) => stored.own().filter(|(name, _)| is_wanted(name)).for_each(|(name, value)| look(name, &value())),
        }
    }

    /// The canonical bytes.
    #[must_use]
    pub fn to_jcs(&self) -> Vec<u8> {
        match &self.0 {
            Form::Read(fields) => Value::Map(fields.clone()).to_jcs(),
            Form::Stored(stored) => stored.whole(),
        }
    }

    /// The fields with their values, in order of their names.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &Value)> {
        (0..self.len()).map(|at| self.member(at))
    }

    fn len(&self) -> usize {
        match &self.0 {
            Form::Read(fields) => fields.len(),
            Form::Stored(stored) => stored.len(),
        }
    }

    /// The field at a place in the order of names.
    pub(crate) fn member(&self, at: usize) -> (&str, &Value) {
        match &self.0 {
            Form::Read(fields) => (&fields[at].0, &fields[at].1),
            Form::Stored(stored) => stored.member(at),
        }
    }

    /// The value of a field; absent means empty.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        match &self.0 {
            Form::Read(fields) => crate::value::member(fields, name),
            Form::Stored(stored) => stored.find(crate::name::numbered(name)),
        }
    }

    /// The value of the name with a number, where values are found by it.
    pub(crate) fn find(&self, number: u64) -> Option<&Value> {
        if let Form::Stored(stored) = &self.0 { stored.find(number) } else { None }
    }

    /// Whether values are found by the numbers of their names.
    pub(crate) const fn is_stored(&self) -> bool {
        matches!(self.0, Form::Stored(_))
    }

    /// Whether no field is filled.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        match &self.0 {
            Form::Read(fields) => fields.is_empty(),
            Form::Stored(stored) => stored.is_empty(),
        }
    }

    /// The same with other values for the fields of `over`; an empty value takes a field out.
    #[must_use]
    pub fn with(&self, over: impl IntoIterator<Item = (Box<str>, Value)>) -> Self {
        Self::new(self.clone().into_iter().chain(over))
    }

    /// The same without these fields.
    #[must_use]
    pub fn without(&self, names: &[&str]) -> Self {
        Self(Form::Read(self.clone().into_iter().filter(|(name, _)| !names.contains(&name.as_ref())).collect()))
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
        Value::Map(self.clone().into_iter().collect()).to_json()
    }
}

impl Default for Body {
    fn default() -> Self {
        Self(Form::Read(Box::default()))
    }
}

impl PartialEq for Body {
    fn eq(&self, other: &Self) -> bool {
        self.fields().eq(other.fields())
    }
}

impl Eq for Body {}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.fields()).finish()
    }
}

impl IntoIterator for Body {
    type Item = (Box<str>, Value);
    type IntoIter = std::vec::IntoIter<(Box<str>, Value)>;

    fn into_iter(self) -> Self::IntoIter {
        match self.0 {
            Form::Read(fields) => fields.into_vec().into_iter(),
            Form::Stored(_) => {
                let fields: Vec<_> = self.fields().map(|(name, value)| (name.into(), value.clone())).collect();
                fields.into_iter()
            }
        }
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
