//! A large organisation grown from the sample: each record several times over, with links among its own copies, and further
//! revisions spread over its life. What is one of a kind (organisation, scope, procedures, roles) stays one and names all copies.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::Timestamp;
use vouch_record::kind::{Kinds, Scalar};
use vouch_record::state::{Action, Actor, Erasure, Leaf, Record};
use vouch_record::{Body, Id, State, Value};

/// Mean bytes of a body, as the bar has it.
pub(crate) const MEAN_BODY: usize = 1024;

/// Kinds of which an organisation has one, or one set, however large it is.
const ONE_SET: [&str; 11] = [
    "organisation",
    "scope",
    "statement-of-applicability",
    "control-applicability",
    "role",
    "document",
    "risk-method",
    "audit-programme",
    "committee",
    "course",
    "certification-body",
];

struct Grown<'s> {
    kinds: &'s Kinds,
    copies: usize,
    ids: HashMap<(Id, usize), Id>,
    next: HashMap<&'s str, u32>,
    padding: Box<str>,
}

/// The leaves of an organisation with about so many records and so many leaves, in the order of the log.
pub(crate) fn grown(sample: &State, records: usize, leaves: usize) -> Vec<(Id, Leaf)> {
    let kinds = sample.kinds();
    let single = |record: &Record| kinds.of(record.id).is_none_or(|kind| ONE_SET.contains(&kind.name.as_str()));
    let ones = sample.records().filter(|record| single(record)).count();
    let many = sample.records().count() - ones;
    let wanted = records.saturating_sub(ones).max(many);
    // Whole copies, and one more of the first records, so that there are as many as wanted.
    let (whole, mut rest) = (wanted / many, wanted % many);
    let copies = whole + usize::from(rest > 0);
    let further = leaves.saturating_sub(usize::try_from(sample.size()).unwrap() * wanted / many).div_ceil(records.max(1));
    let mut grown = Grown { kinds, copies, ids: HashMap::new(), next: HashMap::new(), padding: padding(sample) };
    let mut written: Vec<(Id, &Leaf)> =
        sample.records().flat_map(|record| record.leaves.iter().map(|leaf| (record.id, leaf))).collect();
    written.sort_by_key(|(_, leaf)| leaf.seq);
    let mut of_record: HashMap<Id, Leaf> = HashMap::new();
    for (id, leaf) in &written {
        if leaf.action != Action::Create {
            continue;
        }
        let one = ONE_SET.contains(&kinds.of(*id).unwrap().name.as_str());
        let more = !one && rest > 0;
        rest -= usize::from(more);
        (0..if one { 1 } else { whole + usize::from(more) }).for_each(|copy| grown.name(*id, copy));
    }
    let mut all: Vec<(i64, Id, Leaf)> = Vec::with_capacity(leaves);
    for (id, leaf) in written {
        for copy in 0..copies {
            let Some(&new) = grown.ids.get(&(id, copy)) else { continue };
            let leaf = grown.leaf(id, leaf, copy);
            of_record.insert(new, leaf.clone());
            all.push((leaf.time.as_millisecond(), new, leaf));
        }
    }
    let end = sample.last_time().as_millisecond();
    for record in sample.records() {
        for copy in 0..copies {
            let Some(&new) = grown.ids.get(&(record.id, copy)) else { continue };
            all.extend(grown.further(record, copy, new, further, end));
        }
    }
    all.sort_by_key(|(time, _, _)| *time);
    all.into_iter().enumerate().map(|(seq, (_, id, leaf))| (id, Leaf { seq: seq as u64, ..leaf })).collect()
}

impl<'s> Grown<'s> {
    fn name(&mut self, id: Id, copy: usize) {
        let kind = self.kinds.of(id).unwrap();
        let number = self.next.entry(kind.name.as_str()).or_insert(0);
        *number += 1;
        self.ids.insert((id, copy), Id::new(&kind.prefix, *number).unwrap());
    }

    /// What a link of a copy points to: its own copy, or the one there is.
    fn of(&self, id: Id, copy: usize) -> Id {
        self.ids.get(&(id, copy)).or_else(|| self.ids.get(&(id, 0))).copied().unwrap_or(id)
    }

    fn leaf(&self, id: Id, leaf: &Leaf, copy: usize) -> Leaf {
        let actor = match &leaf.actor {
            Actor::Person(person) => Actor::Person(self.of(*person, copy)),
            other => other.clone(),
        };
        Leaf { actor, body: Arc::new(self.body(id, &leaf.body, copy, leaf.action)), ..leaf.clone() }
    }

    fn body(&self, id: Id, body: &Body, copy: usize, action: Action) -> Body {
        let one = ONE_SET.contains(&self.kinds.of(id).unwrap().name.as_str());
        let mut padded = !action.is_revision();
        let fields = body.fields().map(|(name, value)| {
            let text = self.kinds.of(id).and_then(|kind| kind.field(name)).and_then(|field| field.kind.scalar());
            let long = !padded && matches!(text, Some(Scalar::Markdown | Scalar::Text));
            if let (true, Some(text)) = (long && name != "name" && name != "title", value.as_text()) {
                padded = true;
                return (name.into(), Value::text(format!("{text} {}", self.padding)));
            }
            (name.into(), self.value(value, copy, one))
        });
        Body::new(fields.collect::<Vec<_>>())
    }

    fn value(&self, value: &Value, copy: usize, one: bool) -> Value {
        match value {
            Value::Text(text) => match text.split_once('@').map_or(text.as_ref(), |(id, _)| id).parse::<Id>() {
                Ok(id) => Value::text(text.replacen(&id.to_string(), &self.of(id, copy).to_string(), 1)),
                Err(_) => value.clone(),
            },
            Value::List(items) if one => {
                let each = |item: &Value| {
                    let copies = (0..self.copies).filter(|copy| *copy == 0 || self.names_copy(item, *copy));
                    copies.map(|copy| self.value(item, copy, false)).collect::<Vec<_>>()
                };
                Value::List(items.iter().flat_map(each).collect())
            }
            Value::List(items) => Value::List(items.iter().map(|item| self.value(item, copy, one)).collect()),
            Value::Map(members) => {
                Value::Map(members.iter().map(|(name, value)| (name.clone(), self.value(value, copy, one))).collect())
            }
            other => other.clone(),
        }
    }

    /// Whether something that a value links to has this copy.
    fn names_copy(&self, value: &Value, copy: usize) -> bool {
        match value {
            Value::Text(text) => text.parse::<Id>().is_ok_and(|id| self.ids.contains_key(&(id, copy))),
            Value::List(items) => items.iter().any(|item| self.names_copy(item, copy)),
            Value::Map(members) => members.iter().any(|(_, value)| self.names_copy(value, copy)),
            _ => false,
        }
    }

    /// Further revisions that say the same again, where the head is what counts.
    fn further(&self, record: &Record, copy: usize, new: Id, count: usize, end: i64) -> Vec<(i64, Id, Leaf)> {
        let kind = self.kinds.of(record.id).unwrap();
        let standing = record.standing(kind, u64::MAX).unwrap();
        let last = record.leaves.last().unwrap();
        let head = standing.head.leaf(record);
        let erased = head.erasure != Erasure::Nothing;
        if standing.is_proposed() || standing.is_set_aside() || erased || last.action == Action::Erase {
            return Vec::new();
        }
        let sets = standing.head.transitions(record).flat_map(|leaf| leaf.set().iter().cloned()).collect::<Vec<_>>();
        let body = Arc::new(self.body(record.id, &head.body.with(sets), copy, Action::Revise));
        let begun = last.time.as_millisecond();
        let step = (end - begun) / (i64::try_from(count).unwrap() + 1);
        (1..=count)
            .map(|nth| {
                let time = begun + step * i64::try_from(nth).unwrap();
                let leaf = Leaf {
                    time: Timestamp::from_millisecond(time).unwrap(),
                    action: Action::Revise,
                    revision: head.revision + u32::try_from(nth).unwrap(),
                    body: body.clone(),
                    actor: self.leaf(record.id, head, copy).actor,
                    ..last.clone()
                };
                (time, new, leaf)
            })
            .collect()
    }
}

/// What makes bodies as long as the bar has them.
fn padding(sample: &State) -> Box<str> {
    let revisions = || sample.records().flat_map(|record| &record.leaves).filter(|leaf| leaf.action.is_revision());
    let mean = revisions().map(|leaf| leaf.body.to_jcs().len()).sum::<usize>() / revisions().count();
    "Handled as the procedure says. ".repeat(MEAN_BODY.saturating_sub(mean) / 31 + 1).trim_end().into()
}
