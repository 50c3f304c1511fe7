//! A body as it is stored: canonical JSON, of which a value is read when somebody first asks for it.
//!
//! A log has several revisions of most records, and hardly anybody asks for the older ones. So a body is kept as it came, and a later
//! revision as what it has otherwise than the first of its record.

use std::sync::{Arc, OnceLock};

use super::{Body, Form, NotABody};
use crate::name::numbered;
use crate::value::Value;

/// Marks a place in the body that this one rests on; a body has at most [`super::LARGEST_BODY`] bytes.
const BELOW: u32 = 1 << 31;
/// What is left out of the body below: a body holds no nulls of its own.
const GONE: &str = "null";

/// Canonical JSON with the values that were asked for.
#[derive(Clone)]
pub(super) struct Stored {
    /// an object: all members, or those that differ from the body below
    text: Box<str>,
    /// a body that rests on no other one
    below: Option<Arc<Body>>,
    places: OnceLock<Box<[Place]>>,
}

/// Where a value stands.
#[derive(Clone)]
struct Place {
    name: u64,
    at: u32,
    end: u32,
    value: OnceLock<Box<Value>>,
}

/// A member of an object: its name, where its value begins and where it ends.
type Member<'t> = (&'t str, usize, usize);

impl Stored {
    /// Takes canonical JSON; what its values say is looked at later.
    pub(super) fn new(json: &[u8]) -> Result<Self, NotABody> {
        let refused = || NotABody("an object of fields is wanted".to_owned());
        let text = std::str::from_utf8(json).map_err(|error| NotABody(error.to_string()))?;
        let mut members = Members::of(text);
        members.by_ref().for_each(drop);
        if !members.is_whole() || u32::try_from(text.len()).map_or(true, |length| length >= BELOW) {
            return Err(refused());
        }
        Ok(Self { text: text.into(), below: None, places: OnceLock::new() })
    }

    /// What it rests on, if it rests on another body.
    pub(super) const fn below(&self) -> Option<&Arc<Body>> {
        self.below.as_ref()
    }

    fn text_below(&self) -> &str {
        match self.below.as_ref().map(|below| &below.0) {
            Some(Form::Stored(below)) => &below.text,
            _ => "{}",
        }
    }

    /// The same as what differs from another body; nothing where that is not much less.
    pub(super) fn over(&self, base: &Arc<Body>) -> Option<Self> {
        let Form::Stored(below) = &base.0 else { return None };
        if self.below.is_some() || below.below.is_some() {
            return None;
        }
        let text = differing(&self.text, &below.text);
        (text.len() * 2 < self.text.len()).then(|| Self { text: text.into(), below: Some(base.clone()), places: OnceLock::new() })
    }

    /// The canonical JSON of all members.
    pub(super) fn whole(&self) -> Vec<u8> {
        if self.below.is_none() {
            return self.text.as_bytes().to_vec();
        }
        let mut out = Object::default();
        self.places().iter().for_each(|place| out.push(self.name(place), self.raw(place)));
        out.ended().into_bytes()
    }

    /// Names and values of its own members, which are all those that the body below does not have alike; nothing of them is kept.
    pub(super) fn own(&self) -> impl Iterator<Item = (&str, impl FnOnce() -> Value)> {
        let told = Members::of(&self.text).filter(|(_, at, end)| &self.text[*at..*end] != GONE);
        told.map(move |(name, at, end)| (name, move || read(&self.text[at..end])))
    }

    pub(super) fn len(&self) -> usize {
        self.places().len()
    }

    pub(super) fn is_empty(&self) -> bool {
        if self.below.is_none() { &*self.text == "{}" } else { self.places().is_empty() }
    }

    /// The member at a place in the order of names.
    pub(super) fn member(&self, at: usize) -> (&str, &Value) {
        let place = &self.places()[at];
        (self.name(place), self.value(place))
    }

    /// The value of the name with this number.
    pub(super) fn find(&self, number: u64) -> Option<&Value> {
        let place = self.places().iter().find(|place| place.name == number)?;
        Some(self.value(place))
    }

    fn value<'s>(&'s self, place: &'s Place) -> &'s Value {
        place.value.get_or_init(|| Box::new(read(self.raw(place))))
    }

    fn text_of(&self, place: &Place) -> &str {
        if place.at & BELOW == 0 { &self.text } else { self.text_below() }
    }

    fn raw(&self, place: &Place) -> &str {
        &self.text_of(place)[(place.at & !BELOW) as usize..place.end as usize]
    }

    fn name(&self, place: &Place) -> &str {
        // Before the value stand a quote, the name without escapes, a quote and a colon.
        let before = &self.text_of(place)[..(place.at & !BELOW) as usize - 2];
        before.rsplit_once('"').map_or("", |(_, name)| name)
    }

    fn places(&self) -> &[Place] {
        self.places.get_or_init(|| {
            let place = |(name, at, end): Member<'_>, mark: u32| Place {
                name: numbered(name),
                at: small(at) | mark,
                end: small(end),
                value: OnceLock::new(),
            };
            let mut places = Vec::new();
            let mut below = Members::of(self.text_below());
            for own in Members::of(&self.text) {
                while let Some(earlier) = below.next_if(|(name, _, _)| *name < own.0) {
                    places.push(place(earlier, BELOW));
                }
                let _ = below.next_if(|(name, _, _)| *name == own.0);
                if &self.text[own.1..own.2] != GONE {
                    places.push(place(own, 0));
                }
            }
            places.extend(below.map(|earlier| place(earlier, BELOW)));
            places.into()
        })
    }
}

fn small(at: usize) -> u32 {
    u32::try_from(at).expect("a body is shorter than 2 GiB")
}

/// Whoever wrote the log read each value; where the store was damaged since, what stands there is shown as text, and the verification of
/// the log says so.
fn read(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| Value::text(text))
}

/// The members of `text` that `base` does not have alike, and those that only `base` has, as null.
fn differing(text: &str, base: &str) -> String {
    let mut out = Object::default();
    let (mut members, mut before) = (Members::of(text), Members::of(base));
    loop {
        let from = members.at + 1;
        let Some((name, at, end)) = members.next() else { break };
        // Most members are alike, and those of `base` need not be looked through then.
        if before.pass(&text[from..end]) {
            continue;
        }
        while let Some((gone, _, _)) = before.next_if(|(other, _, _)| *other < name) {
            out.push(gone, GONE);
        }
        let earlier = before.next_if(|(other, _, _)| *other == name);
        if earlier.is_none_or(|(_, begin, until)| base[begin..until] != text[at..end]) {
            out.push(name, &text[at..end]);
        }
    }
    before.for_each(|(gone, _, _)| out.push(gone, GONE));
    out.ended()
}

/// An object that is being written.
#[derive(Default)]
struct Object(String);

impl Object {
    fn push(&mut self, name: &str, value: &str) {
        self.0.push(if self.0.is_empty() { '{' } else { ',' });
        for part in ["\"", name, "\":", value] {
            self.0.push_str(part);
        }
    }

    fn ended(mut self) -> String {
        if self.0.is_empty() {
            self.0.push('{');
        }
        self.0.push('}');
        self.0
    }
}

/// The members of an object in canonical JSON whose names hold no escapes, without a look into its values.
#[derive(Clone)]
struct Members<'t> {
    text: &'t str,
    /// place after the last member, where a comma or the end of the object stands
    at: usize,
}

impl<'t> Members<'t> {
    const fn of(text: &'t str) -> Self {
        Self { text, at: 0 }
    }

    /// Goes past the next member if it reads so, name and value.
    fn pass(&mut self, member: &str) -> bool {
        let rest = &self.text.as_bytes()[self.at..];
        let ends = matches!(rest.get(1 + member.len()), Some(b',' | b'}'));
        let is_next = ends && rest[1..].starts_with(member.as_bytes());
        if is_next {
            self.at += 1 + member.len();
        }
        is_next
    }

    /// The next member, if it is one that is wanted.
    fn next_if(&mut self, is_wanted: impl FnOnce(&Member<'t>) -> bool) -> Option<Member<'t>> {
        let mut ahead = self.clone();
        let found = ahead.next().filter(is_wanted)?;
        *self = ahead;
        Some(found)
    }

    /// Whether it came to the end of the object and the text.
    fn is_whole(&self) -> bool {
        self.text == "{}" || (self.at > 0 && self.text.len() == self.at + 1 && self.text.ends_with('}'))
    }
}

impl<'t> Iterator for Members<'t> {
    type Item = Member<'t>;

    fn next(&mut self) -> Option<Member<'t>> {
        let bytes = self.text.as_bytes();
        let opens = if self.at == 0 { b'{' } else { b',' };
        if bytes.get(self.at) != Some(&opens) || bytes.get(self.at + 1) != Some(&b'"') {
            return None;
        }
        let begin = self.at + 2;
        let name = begin + bytes[begin..].iter().position(|byte| matches!(byte, b'"' | b'\\'))?;
        if bytes.get(name..name + 2) != Some(b"\":") {
            return None;
        }
        let end = end_of_value(bytes, name + 2)?;
        self.at = end;
        Some((&self.text[begin..name], name + 2, end))
    }
}

/// The place after the value that begins at `at`.
fn end_of_value(bytes: &[u8], at: usize) -> Option<usize> {
    match bytes.get(at)? {
        b'"' => end_of_text(bytes, at + 1),
        b'{' | b'[' => {
            let (mut depth, mut at) = (0_usize, at);
            loop {
                match bytes.get(at)? {
                    b'"' => {
                        at = end_of_text(bytes, at + 1)?;
                        continue;
                    }
                    b'{' | b'[' => depth += 1,
                    b'}' | b']' => depth -= 1,
                    _ => {}
                }
                at += 1;
                if depth == 0 {
                    return Some(at);
                }
            }
        }
        _ => {
            let length = bytes[at..].iter().position(|byte| matches!(byte, b',' | b'}' | b']' | b'"'))?;
            (length > 0).then_some(at + length)
        }
    }
}

/// The place after the quote that ends a text.
fn end_of_text(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        at += bytes.get(at..)?.iter().position(|byte| matches!(byte, b'"' | b'\\'))?;
        if bytes[at] == b'"' {
            return Some(at + 1);
        }
        at += 2;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn value() -> impl Strategy<Value = Value> {
        let text = prop_oneof![Just("null".to_owned()), Just(r#"a"b\c{[,:"#.to_owned()), ".{1,12}"];
        let plain =
            prop_oneof![any::<bool>().prop_map(Value::Bool), (-99_i64..99).prop_map(Value::Int), text.prop_map(Value::text)];
        plain.prop_recursive(2, 8, 3, |inner| {
            let members = prop::collection::vec(("[a-z{}\"]{1,4}", inner.clone()), 1..3);
            prop_oneof![
                prop::collection::vec(inner, 1..3).prop_map(|items| Value::List(items.into())),
                members.prop_map(|members| Value::map(members.into_iter().map(|(name, value)| (name.into(), value)))),
            ]
        })
    }

    fn body() -> impl Strategy<Value = Body> {
        let fields = prop::collection::vec(("[a-h]{1,2}|long_[a-h]", value()), 0..8);
        fields.prop_map(|fields| Body::new(fields.into_iter().map(|(name, value)| (name.into(), value))))
    }

    fn stored(body: &Body) -> Body {
        Body::from_store(&body.to_jcs()).unwrap()
    }

    proptest! {
        #[test]
        fn a_stored_body_says_what_was_written(body in body()) {
            let kept = stored(&body);
            prop_assert_eq!(&kept, &body);
            prop_assert_eq!(kept.to_jcs(), body.to_jcs());
            for (name, value) in body.fields() {
                prop_assert_eq!(kept.get(name), Some(value));
            }
            prop_assert_eq!(kept.get("nobody_wrote_this"), None);
            let mut seen = Vec::new();
            kept.glance(|name| name.len() > 1, |name, value| seen.push((name.to_owned(), value.clone())));
            let long = body.fields().filter(|(name, _)| name.len() > 1).map(|(name, value)| (name.to_owned(), value.clone()));
            prop_assert_eq!(seen, long.collect::<Vec<_>>());
        }

        #[test]
        fn what_differs_from_an_earlier_body_says_all_of_the_later_one(one in body(), changes in body(), gone in "[a-h]{1,2}") {
            let long = ("zz_what_both_say".into(), Value::text("word ".repeat(200)));
            let first = one.with([long]);
            let second = first.with(changes).without(&[gone.as_str()]);
            let base = Arc::new(stored(&first));
            let less = stored(&second).over(&base).expect("most of it is the same");
            prop_assert_eq!(&less, &second);
            prop_assert_eq!(less.to_jcs(), second.to_jcs());
            prop_assert_eq!(&less.apart().expect("it rests on the first"), &second);
            // A third revision rests on the first one too.
            let third = stored(&second).over(&Arc::new(less)).expect("as before");
            prop_assert_eq!(&third, &second);
            let mut told = Vec::new();
            third.glance(|_| true, |name, value| told.push((name.to_owned(), value.clone())));
            let differs = |(name, value): &(&str, &Value)| first.get(name) != Some(value);
            let others = second.fields().filter(differs).map(|(name, value)| (name.to_owned(), value.clone()));
            prop_assert_eq!(told, others.collect::<Vec<_>>());
        }

        #[test]
        fn damaged_bytes_are_refused_or_shown_and_never_panic(body in body(), at in 0_usize..400, byte in any::<u8>()) {
            let mut bytes = body.to_jcs();
            let length = bytes.len();
            bytes[at % length] = byte;
            if let Ok(read) = Body::from_store(&bytes) {
                let all: Vec<_> = read.fields().collect();
                prop_assert!(all.len() <= length);
            }
            let _ = Body::from_store(&bytes[..at % length]);
        }
    }

    #[test]
    fn what_is_no_object_is_refused() {
        for bad in ["", "[]", "{", "{\"a\":1", "{\"a\":1}}", "{\"a\":}", "{\"a\":1,}", "{\"a\":\"x}", "null", "{a:1}"] {
            assert!(Body::from_store(bad.as_bytes()).is_err(), "{bad}");
        }
        assert!(Body::from_store(b"{}").unwrap().is_empty());
    }
}
