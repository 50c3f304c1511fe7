//! The untyped tree of a body: what JSON can say, without floats and null (FORMATS §1).

use std::fmt;

use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

/// The largest integer a body may hold, 2^53 − 1; beyond it JSON readers disagree.
pub const LARGEST_INTEGER: i64 = 9_007_199_254_740_991;

/// A value in a body. Members of a map are sorted by name and unique.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Value {
    /// true or false
    Bool(bool),
    /// an integer within ±[`LARGEST_INTEGER`]
    Int(i64),
    /// a string
    Text(Box<str>),
    /// an array
    List(Box<[Value]>),
    /// an object
    Map(Box<[(Box<str>, Value)]>),
}

impl Value {
    /// A text value.
    #[must_use]
    pub fn text(text: impl Into<Box<str>>) -> Self {
        Self::Text(text.into())
    }

    /// A map of these members, sorted; of two members with one name the later counts.
    #[must_use]
    pub fn map(members: impl IntoIterator<Item = (Box<str>, Value)>) -> Self {
        let sorted: std::collections::BTreeMap<_, _> = members.into_iter().collect();
        Self::Map(sorted.into_iter().collect())
    }

    /// The text, if it is one.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// The integer, if it is one.
    #[must_use]
    pub const fn as_int(&self) -> Option<i64> {
        if let Self::Int(int) = self { Some(*int) } else { None }
    }

    /// The truth value, if it is one.
    #[must_use]
    pub const fn as_bool(&self) -> Option<bool> {
        if let Self::Bool(truth) = self { Some(*truth) } else { None }
    }

    /// The items of a list; nothing for other values.
    #[must_use]
    pub fn items(&self) -> &[Value] {
        if let Self::List(items) = self { items } else { &[] }
    }

    /// The members of a map; nothing for other values.
    #[must_use]
    pub fn members(&self) -> &[(Box<str>, Value)] {
        if let Self::Map(members) = self { members } else { &[] }
    }

    /// The member of a map with this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        member(self.members(), name)
    }

    /// Whether it says nothing: `""`, `[]`, `{}`. 0 and false are values.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Bool(_) | Self::Int(_) => false,
            Self::Text(text) => text.is_empty(),
            Self::List(items) => items.is_empty(),
            Self::Map(members) => members.is_empty(),
        }
    }

    /// The canonical bytes (RFC 8785).
    #[must_use]
    pub fn to_jcs(&self) -> Vec<u8> {
        serde_json_canonicalizer::to_vec(self).expect("a tree of strings, integers and truth values always serialises")
    }

    /// The same as a JSON value of `serde_json`.
    #[must_use]
    pub fn to_json(&self) -> serde_json::Value {
        serde_json::to_value(self).expect("a tree of strings, integers and truth values always serialises")
    }
}

/// Up to how many members looking at each is faster than halving: names of another length are passed over without being read.
const FEW: usize = 32;

/// The value of a name among sorted members.
pub(crate) fn member<'a>(members: &'a [(Box<str>, Value)], name: &str) -> Option<&'a Value> {
    if members.len() <= FEW {
        return members.iter().find(|(key, _)| key.as_ref() == name).map(|(_, value)| value);
    }
    members.binary_search_by(|(key, _)| key.as_ref().cmp(name)).ok().map(|at| &members[at].1)
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Bool(truth) => serializer.serialize_bool(*truth),
            Self::Int(int) => serializer.serialize_i64(*int),
            Self::Text(text) => serializer.serialize_str(text),
            Self::List(items) => {
                let mut seq = serializer.serialize_seq(Some(items.len()))?;
                items.iter().try_for_each(|item| seq.serialize_element(item))?;
                seq.end()
            }
            Self::Map(members) => {
                let mut map = serializer.serialize_map(Some(members.len()))?;
                members.iter().try_for_each(|(name, value)| map.serialize_entry(name, value))?;
                map.end()
            }
        }
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ValueVisitor)
    }
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("text, an integer, true, false, a list or an object")
    }

    fn visit_bool<E>(self, truth: bool) -> Result<Value, E> {
        Ok(Value::Bool(truth))
    }

    fn visit_i64<E: de::Error>(self, int: i64) -> Result<Value, E> {
        if int.abs() > LARGEST_INTEGER {
            return Err(E::custom("an integer must lie within ±(2^53−1)"));
        }
        Ok(Value::Int(int))
    }

    fn visit_u64<E: de::Error>(self, int: u64) -> Result<Value, E> {
        i64::try_from(int).map_err(|_| E::custom("an integer must lie within ±(2^53−1)")).and_then(|int| self.visit_i64(int))
    }

    fn visit_f64<E: de::Error>(self, _: f64) -> Result<Value, E> {
        Err(E::custom("a body holds no floating-point numbers; write a decimal as text"))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::text(text))
    }

    fn visit_string<E>(self, text: String) -> Result<Value, E> {
        Ok(Value::text(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element()? {
            items.push(item);
        }
        Ok(Value::List(items.into()))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut members: Vec<(Box<str>, Value)> = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        members.sort_by(|a, b| a.0.cmp(&b.0));
        if let Some(twice) = members.windows(2).find(|pair| pair[0].0 == pair[1].0) {
            return Err(de::Error::custom(format!("`{}` is there twice", twice[0].0)));
        }
        Ok(Value::Map(members.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(json: &str, expected: Option<&str>) {
        let read = serde_json::from_str::<Value>(json).ok().map(|value| String::from_utf8(value.to_jcs()).unwrap());
        assert_eq!(read.as_deref(), expected, "{json}");
    }

    #[test]
    fn floats_nulls_doubles_and_wide_integers_are_refused() {
        check(r#"{"b":[1,-2],"a":{"y":"","x":false}}"#, Some(r#"{"a":{"x":false,"y":""},"b":[1,-2]}"#));
        check("9007199254740991", Some("9007199254740991"));
        for bad in
            ["1.5", "1e3", "null", "[null]", r#"{"a":1,"a":2}"#, "9007199254740992", "-9007199254740992", "18446744073709551615"]
        {
            check(bad, None);
        }
    }
}
