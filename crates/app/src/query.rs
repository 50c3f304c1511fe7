//! What can be asked about records: list, show, history, difference. One form for the command line, pages and the API.

use jiff::Timestamp;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value as Json};
use vouch_conform::view::val_to_json;
use vouch_conform::{Entry, View, derived};
use vouch_ledger::SET_ASIDE;
use vouch_record::kind::{FieldType, Kind, Scalar};
use vouch_record::state::{Action, Actor, Leaf};
use vouch_record::time::{format_instant, parse_date};
use vouch_record::{Field, Id, Link, Value};

use crate::error::{Error, Result};
use crate::record::{no_kind, unknown};

/// A condition of a list: a field, `state`, `id` or a derived value equals a text; of a list or set one member does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Where {
    /// field, state or derived value
    pub name: String,
    /// the text it must equal; empty for "is empty"
    pub value: String,
}

impl std::str::FromStr for Where {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let (name, value) = text
            .split_once('=')
            .ok_or_else(|| Error::invalid(format!("`{text}` is no condition")).hint("write it as FIELD=VALUE"))?;
        Ok(Self { name: name.trim().to_owned(), value: value.trim().to_owned() })
    }
}

impl Where {
    /// Refuses what no record of the kind could meet: a name that it does not have, a value that its type does not have. An empty list
    /// would look like an answer.
    fn check(&self, kind: &Kind) -> Result<()> {
        let Self { name, value } = self;
        let of = kind.field(name).map(|field| &field.kind).or_else(|| kind.derived(name).map(|derived| &derived.kind));
        let wanted = match (name.as_str(), of) {
            ("state", _) if value.is_empty() => Some("a state".to_owned()),
            ("state", _) => {
                let known = kind.states.iter().map(String::as_str).chain([SET_ASIDE]);
                (!known.clone().any(|state| state == value)).then(|| known.collect::<Vec<_>>().join(", "))
            }
            ("id" | "revision", _) => None,
            (_, None) => {
                let (message, hint) =
                    (format!("{} has no field or derived value `{name}`", kind.name), format!("see `vouch kinds {}`", kind.name));
                return Err(Error::invalid(message).hint(hint));
            }
            (_, Some(FieldType::One(of) | FieldType::Set(of))) if !value.is_empty() => wanted(of, value),
            _ => None,
        };
        let Some(wanted) = wanted else { return Ok(()) };
        Err(Error::invalid(format!("`{name}` of {} is never `{value}`", kind.name)).hint(format!("it takes {wanted}")))
    }
}

/// What a type takes, if that value is none of it.
fn wanted(of: &Scalar, value: &str) -> Option<String> {
    let (fits, wanted) = match of {
        Scalar::Bool => (matches!(value, "true" | "false"), "true, false".to_owned()),
        Scalar::Int => (value.parse::<i64>().is_ok(), "a whole number".to_owned()),
        Scalar::Date => (parse_date(value).is_some(), "a day like 2026-11-21".to_owned()),
        Scalar::Enum(choices) => {
            let ids = || choices.iter().map(|choice| choice.id.as_str());
            (ids().any(|id| id == value), ids().collect::<Vec<_>>().join(", "))
        }
        _ => (true, String::new()),
    };
    (!fits).then_some(wanted)
}

/// Some records.
#[derive(Clone, Debug, Serialize)]
pub struct Listed {
    /// day of the view
    pub as_of: String,
    /// how many there are
    pub total: usize,
    /// them
    pub records: Vec<Shown>,
}

/// A record in a list.
#[derive(Clone, Debug, Serialize)]
pub struct Shown {
    /// its id
    pub id: String,
    /// its kind
    pub kind: String,
    /// revision that is read: the one in force, else the head
    pub revision: u32,
    /// its state
    pub state: String,
    /// its fields
    pub fields: Map<String, Json>,
}

/// A record with everything around it.
#[derive(Clone, Debug, Serialize)]
pub struct Detail {
    /// day of the view
    pub as_of: String,
    /// the revision that is shown
    #[serde(flatten)]
    pub record: Shown,
    /// what a person calls it
    pub title: String,
    /// number of the latest revision
    pub head: u32,
    /// number of the revision in force
    pub in_force: Option<u32>,
    /// who made the revision shown
    pub made_by: String,
    /// ledger time of the revision shown
    pub made_at: String,
    /// index of its leaf
    pub seq: u64,
    /// computed values
    pub derived: Map<String, Json>,
    /// erased fields, each with the day of its erasure
    pub erased: Map<String, Json>,
    /// fields that are needed and empty
    pub missing: Vec<String>,
    /// records that link here, by kind
    pub linked_from: Vec<String>,
    /// decisions about it
    pub approvals: Vec<ApprovalLine>,
    /// where it can go from here
    pub next: Vec<Way>,
}

/// One decision about a record.
#[derive(Clone, Debug, Serialize)]
pub struct ApprovalLine {
    /// the approval
    pub id: String,
    /// who
    pub by: String,
    /// when
    pub at: String,
    /// what for
    pub purpose: String,
    /// yes or no
    pub decision: String,
    /// about which revision
    pub revision: u32,
    /// whether it still stands on the revision shown
    pub stands: bool,
}

/// A way onward.
#[derive(Clone, Debug, Serialize)]
pub struct Way {
    /// state it leads to
    pub to: String,
    /// what it wants
    pub needs: String,
    /// who may make it
    pub who: String,
    /// purposes of approvals it wants
    pub approvals: Vec<String>,
}

/// One entry of a record's history.
#[derive(Clone, Debug, Serialize)]
pub struct Event {
    /// index of the leaf
    pub seq: u64,
    /// ledger time
    #[serde(serialize_with = "instant_as_text")]
    pub time: Timestamp,
    /// who
    #[serde(serialize_with = "as_text")]
    pub actor: Actor,
    /// what
    pub action: &'static str,
    /// revision it made or bears
    pub revision: u32,
    /// state after it
    pub state: String,
    /// why, where a reason is given
    pub reason: Option<String>,
    /// fields that it changed
    pub changed: Vec<String>,
}

fn instant_as_text<S: Serializer>(at: &Timestamp, serializer: S) -> std::result::Result<S::Ok, S::Error> {
    serializer.serialize_str(&format_instant(*at))
}

fn as_text<S: Serializer>(value: &impl std::fmt::Display, serializer: S) -> std::result::Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}

/// One field in which two revisions differ.
#[derive(Clone, Debug, Serialize)]
pub struct Difference {
    /// name of the field
    pub field: String,
    /// value in the first; null for empty
    pub before: Json,
    /// value in the second; null for empty
    pub after: Json,
}

/// The records of a kind that meet all conditions.
///
/// # Errors
/// Not found for an unknown kind, invalid for an unknown name in a condition.
pub fn list(view: &View, kind: &str, wheres: &[Where]) -> Result<Listed> {
    let spec = view.kinds().get(kind).ok_or_else(|| no_kind(kind))?;
    for condition in wheres {
        condition.check(spec)?;
    }
    let asks_set_aside = wheres.iter().any(|condition| condition.name == "state" && condition.value == SET_ASIDE);
    let records: Vec<Shown> = view
        .state()
        .of_kind(kind)
        .iter()
        .filter_map(|record| view.find(record.id))
        .filter(|entry| asks_set_aside == entry.is_set_aside())
        .filter(|entry| wheres.iter().all(|condition| holds(*entry, condition)))
        .map(shown)
        .collect();
    Ok(Listed { as_of: view.today().to_string(), total: records.len(), records })
}

fn holds(entry: Entry<'_>, condition: &Where) -> bool {
    let json = match condition.name.as_str() {
        "state" => Json::from(state(entry)),
        "id" => Json::from(entry.id().to_string()),
        "revision" => Json::from(entry.revision()),
        name => match entry.value(name) {
            Field::Present(value) => value.to_json(),
            _ if entry.kind().field(name).is_some() => Json::Null,
            _ => derived::value(entry, name).map_or(Json::Null, |value| val_to_json(&value)),
        },
    };
    equals(&json, &condition.value)
}

fn equals(json: &Json, text: &str) -> bool {
    match json {
        Json::Null => text.is_empty(),
        Json::String(value) => value == text,
        Json::Array(items) => (items.is_empty() && text.is_empty()) || items.iter().any(|item| equals(item, text)),
        Json::Object(members) => members.values().any(|member| equals(member, text)),
        Json::Bool(truth) => text == if *truth { "true" } else { "false" },
        Json::Number(number) => number.to_string() == text,
    }
}

fn state(entry: Entry<'_>) -> String {
    if entry.is_set_aside() { entry.standing().state.to_string() } else { entry.state().to_owned() }
}

/// A record as lists show it.
#[must_use]
pub fn shown(entry: Entry<'_>) -> Shown {
    Shown {
        id: entry.id().to_string(),
        kind: entry.kind().name.clone(),
        revision: entry.revision(),
        state: state(entry),
        fields: entry.content().fields().into_iter().map(|(name, value)| (name.to_owned(), value.to_json())).collect(),
    }
}

/// A record with everything around it; with a revision, that revision's own content.
///
/// # Errors
/// Not found for an unknown record or revision.
pub fn show(view: &View, link: Link) -> Result<Detail> {
    let entry = view.find(link.id).ok_or_else(|| unknown(link.id))?;
    let standing = entry.standing();
    let mut record = shown(entry);
    let mut leaf = entry.made();
    if let Some(number) = link.revision {
        let found = entry.revisions().find(|leaf| leaf.revision == number);
        leaf = found.ok_or_else(|| {
            Error::not_found(format!("{} has no revision {number}", link.id)).hint(format!("see `vouch history {}`", link.id))
        })?;
        record.revision = number;
        record.state = if number == entry.revision() { record.state } else { leaf.state.to_string() };
        record.fields = leaf.body.fields().map(|(name, value)| (name.to_owned(), value.to_json())).collect();
    }
    let asker = vouch_conform::view::Asker::new(view, None).of_head(link.id);
    let course = standing.course(entry.record(), entry.kind());
    let missing = vouch_record::validate::missing(link.id, entry.head(), &course, &asker);
    Ok(Detail {
        as_of: view.today().to_string(),
        record,
        title: entry.label(),
        head: standing.head.leaf(entry.record()).revision,
        in_force: standing.in_force.as_ref().map(|layers| layers.leaf(entry.record()).revision),
        made_by: leaf.actor.to_string(),
        made_at: format_instant(leaf.time),
        seq: leaf.seq,
        derived: derived_of(entry),
        erased: if link.revision.is_some() {
            erased_of(entry, |name| leaf.erasure.of(name))
        } else {
            erased_of(entry, |name| entry.content().erased(name))
        },
        missing: missing.into_iter().map(|problem| problem.field).collect(),
        linked_from: linked_from(entry),
        approvals: approvals(entry),
        next: ways(entry),
    })
}

/// Computed values that ask the rules of many requirements or as of another day, or that only a transition copies: not shown unasked.
const COSTLY: [(&str, &[&str]); 4] = [
    ("control-applicability", &["implementation", "late"]),
    ("risk", &["expected_loss"]),
    ("scope", &["evidence_ready"]),
    (
        "statement-of-applicability",
        &["differences_now", "drift", "methods_now", "older_than", "rows_now", "rows_true", "systems_now"],
    ),
];

/// Computed values that are cheap enough to show unasked.
fn derived_of(entry: Entry<'_>) -> Map<String, Json> {
    let kind = entry.kind().name.as_str();
    let costly = COSTLY.iter().find(|(of, _)| *of == kind).map_or(&[][..], |(_, names)| names);
    let cheap = derived::table(kind).iter().filter(|derived| !costly.contains(&derived.name));
    cheap
        .filter_map(|derived| {
            let value = derived::value(entry, derived.name)?;
            let json = val_to_json(&value);
            (!json.is_null()).then(|| (derived.name.to_owned(), json))
        })
        .collect()
}

/// The fields that were erased, as `by` tells their erase leaves, each with the day.
fn erased_of(entry: Entry<'_>, by: impl Fn(&str) -> Option<u64>) -> Map<String, Json> {
    let view = entry.view();
    let day = |seq: u64| view.state().time_of(seq).map_or(Json::Null, |at| Json::from(view.day(at).to_string()));
    let names = entry.kind().fields.iter().map(|field| field.name.as_str());
    names.filter_map(|name| by(name).map(|seq| (name.to_owned(), day(seq)))).collect()
}

fn linked_from(entry: Entry<'_>) -> Vec<String> {
    let view = entry.view();
    let sources = view.linking_any(entry.record()).filter_map(|id| view.find(id));
    sources.filter(|source| source.names(entry.id(), "")).map(|source| source.id().to_string()).collect()
}

fn approvals(entry: Entry<'_>) -> Vec<ApprovalLine> {
    entry
        .given()
        .into_iter()
        .map(|given| ApprovalLine {
            id: given.entry.id().to_string(),
            by: given.by().map_or_else(String::new, |by| crate::people::label(entry.view(), by)),
            at: format_instant(given.at()),
            purpose: given.entry.text("purpose").unwrap_or_default().to_owned(),
            decision: given.entry.text("decision").unwrap_or_default().to_owned(),
            revision: given.revision(),
            stands: entry.still_approved(given.revision()),
        })
        .collect()
}

fn ways(entry: Entry<'_>) -> Vec<Way> {
    let states = crate::transition::starting_states(entry.standing(), entry);
    let open =
        entry.kind().transitions.iter().filter(|way| way.who != "machine" && way.from.iter().any(|state| states.contains(state)));
    open.map(|way| Way {
        to: way.to.clone(),
        needs: way.needs.clone(),
        who: way.who.clone(),
        approvals: way.approvals.iter().flat_map(|need| need.purposes.clone()).collect(),
    })
    .collect()
}

/// Everything that was written about a record, oldest first.
///
/// # Errors
/// Not found for an unknown record.
pub fn history(view: &View, id: Id) -> Result<Vec<Event>> {
    let entry = view.find(id).ok_or_else(|| unknown(id))?;
    let mut before: Option<&Leaf> = None;
    let mut events = Vec::new();
    for leaf in entry.leaves() {
        let changed = match leaf.action {
            Action::Revise => before.map(|before| names(before.body.differing(&leaf.body))).unwrap_or_default(),
            Action::Transition => leaf.set().iter().map(|(name, _)| name.to_string()).collect(),
            _ => Vec::new(),
        };
        if leaf.action.is_revision() {
            before = Some(leaf);
        }
        events.push(Event {
            seq: leaf.seq,
            time: leaf.time,
            actor: leaf.actor.clone(),
            action: leaf.action.word(),
            revision: leaf.revision,
            state: leaf.state.to_string(),
            reason: leaf.reason().map(str::to_owned),
            changed,
        });
    }
    Ok(events)
}

fn names(names: Vec<&str>) -> Vec<String> {
    names.into_iter().map(str::to_owned).collect()
}

/// The fields in which two revisions differ.
///
/// # Errors
/// Not found for an unknown record or revision.
pub fn diff(view: &View, id: Id, one: u32, two: u32) -> Result<Vec<Difference>> {
    let entry = view.find(id).ok_or_else(|| unknown(id))?;
    let revision = |number: u32| {
        let found = entry.revisions().find(|leaf| leaf.revision == number);
        found.ok_or_else(|| Error::not_found(format!("{id} has no revision {number}")).hint(format!("see `vouch history {id}`")))
    };
    let (one, two) = (revision(one)?, revision(two)?);
    let json = |value: Option<&Value>| value.map_or(Json::Null, Value::to_json);
    let differing = one.body.differing(&two.body);
    Ok(differing
        .into_iter()
        .map(|name| Difference { field: name.to_owned(), before: json(one.body.get(name)), after: json(two.body.get(name)) })
        .collect())
}
