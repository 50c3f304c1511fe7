//! Which columns say most about the records of a kind, and how a list is sorted by them.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::civil::Date;
use vouch_app::Result;
use vouch_conform::Entry;
use vouch_record::Id;
use vouch_record::kind::{FieldType, Kind, Required, Scalar, Target};
use vouch_record::time::{parse_date, parse_instant};

use crate::format::words;
use crate::part::table::{self, Head, sorted};
use crate::part::value;
use crate::request::Context;

/// Columns of choices, of links to records, of days.
const CHOICES: usize = 2;
const LINKS: usize = 1;
const DAYS: usize = 2;
/// Days that say most come first.
const FIRST_DAYS: [&str; 14] = [
    "due_on",
    "due_at",
    "due",
    "review_by",
    "valid_until",
    "ends_on",
    "until",
    "detected_at",
    "aware_at",
    "held_on",
    "planned_on",
    "given_on",
    "taken_on",
    "recorded_at",
];
/// Longest second line, in characters.
const ABOUT: usize = 90;

/// What a column shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shows<'k> {
    Name,
    State,
    Person(&'k str),
    Choice(&'k str),
    Link(&'k str),
    Day(&'k str),
}

/// A column of a list.
pub(super) struct Column<'k> {
    pub(super) shows: Shows<'k>,
    pub(super) label: String,
}

impl<'k> Column<'k> {
    fn new(shows: Shows<'k>) -> Self {
        let label = match shows {
            Shows::Name => "Name".to_owned(),
            Shows::State => "State".to_owned(),
            Shows::Person(field) | Shows::Choice(field) | Shows::Link(field) | Shows::Day(field) => words(field),
        };
        Self { shows, label }
    }

    /// Name by which the address sorts it.
    fn sort(&self) -> &'k str {
        match self.shows {
            Shows::Name => "name",
            Shows::State => "state",
            Shows::Person(field) | Shows::Choice(field) | Shows::Link(field) | Shows::Day(field) => field,
        }
    }

    pub(super) fn head(&self) -> Head<'_> {
        sorted(&self.label, self.sort())
    }
}

/// The columns of a kind.
pub(super) fn of(kind: &Kind) -> Vec<Column<'_>> {
    let mut columns = vec![Shows::Name, Shows::State];
    let fields = || kind.fields.iter().filter(|field| !field.program || matches!(field.kind, FieldType::One(Scalar::Link(_))));
    let is_sure = |field: &&vouch_record::kind::FieldSpec| field.required != Required::No;
    let person = |field: &&vouch_record::kind::FieldSpec| {
        matches!(field.kind.target(), Some(Target::Kind(name)) if name == "person") && matches!(field.kind, FieldType::One(_))
    };
    let owner = fields()
        .filter(person)
        .find(|field| field.name == "owner")
        .or_else(|| fields().filter(person).find(is_sure))
        .or_else(|| fields().find(person));
    columns.extend(owner.map(|field| Shows::Person(&field.name)));
    let linked =
        fields().filter(|field| matches!(&field.kind, FieldType::One(Scalar::Link(Target::Kind(name))) if name != "person"));
    columns.extend(linked.filter(is_sure).take(LINKS).map(|field| Shows::Link(&field.name)));
    let choices = fields().filter(|field| matches!(&field.kind, FieldType::One(Scalar::Enum(_))) && is_sure(field));
    columns.extend(choices.take(CHOICES).map(|field| Shows::Choice(&field.name)));
    let mut days: Vec<&str> = kind
        .fields
        .iter()
        .filter(|field| matches!(field.kind, FieldType::One(Scalar::Date | Scalar::DateTime)))
        .map(|field| field.name.as_str())
        .collect();
    days.sort_by_key(|name| FIRST_DAYS.iter().position(|first| first == name).unwrap_or(FIRST_DAYS.len()));
    columns.extend(days.into_iter().take(DAYS).map(Shows::Day));
    columns.into_iter().map(Column::new).collect()
}

/// The day of a field, in the organisation's zone.
pub(super) fn day(entry: Entry<'_>, field: &str) -> Option<Date> {
    let text = entry.text(field)?;
    parse_date(text).or_else(|| Some(entry.view().day(parse_instant(text)?)))
}

/// A second line: how the first prose of a record begins.
pub(super) fn about(entry: Entry<'_>) -> Option<String> {
    let prose = entry.kind().fields.iter().filter(|field| {
        matches!(field.kind, FieldType::One(Scalar::Markdown | Scalar::Text))
            && !["name", "title", "topic", "version", "number", "language"].contains(&field.name.as_str())
    });
    let text = prose.filter(|field| !field.personal_data).find_map(|field| entry.text(&field.name))?;
    let line = text.lines().next().unwrap_or_default().trim_start_matches(['#', '-', ' ']);
    let short: String = line.chars().take(ABOUT).collect();
    let short = if short.len() < line.len() { format!("{}…", short.trim_end()) } else { short };
    let repeats = value::called(entry).starts_with(short.trim_end_matches('…'));
    (!short.is_empty() && !repeats).then_some(short)
}

/// The orders that were asked for of the records of kinds, for one head and day.
#[derive(Default)]
struct Orders(Mutex<BTreeMap<String, Arc<[Id]>>>);

/// Every record of a kind as the address sorts them, by name unless it says otherwise; sorted once for each head and day.
///
/// # Errors
/// What the store says.
pub(super) fn ordered(context: &Context<'_>, kind: &Kind, columns: &[Column<'_>]) -> Result<Arc<[Id]>> {
    let view = &context.view;
    let orders = context.site.shelf.get(view.cut(), view.today(), || Ok::<_, vouch_app::Error>(Orders::default()))?;
    let (by, down) = table::order(context, "name");
    // What is no column of the kind is not kept.
    let column = columns.iter().find(|column| column.sort() == by);
    let name = format!("{} {down} {}", kind.name, column.map_or("", Column::sort));
    let mut known = orders.0.lock().unwrap_or_else(PoisonError::into_inner);
    let sorted = || {
        let records = view.state().of_kind(&kind.name).iter().filter_map(|record| view.find(record.id));
        let mut rows: Vec<Entry<'_>> = records.collect();
        column.into_iter().for_each(|column| sort(column, down, &mut rows));
        rows.iter().map(|entry| entry.id()).collect()
    };
    Ok(known.entry(name).or_insert_with(sorted).clone())
}

fn sort(column: &Column<'_>, down: bool, rows: &mut [Entry<'_>]) {
    let key = |entry: &Entry<'_>| -> (bool, String) {
        let text = match column.shows {
            Shows::Name => value::called(*entry).to_lowercase(),
            Shows::State => format!("{:03}", entry.kind().state_rank(entry.state()).unwrap_or(0)),
            Shows::Choice(field) => rank(*entry, field),
            Shows::Day(field) => day(*entry, field).map(|day| day.to_string()).unwrap_or_default(),
            Shows::Person(field) | Shows::Link(field) => entry.linked(field).map(value::name).unwrap_or_default().to_lowercase(),
        };
        // What is empty stands last, whichever way the rest goes.
        (text.is_empty(), text)
    };
    rows.sort_by_cached_key(|entry| (key(entry), entry.id()));
    if down {
        let filled = rows.partition_point(|entry| key(entry).0.cmp(&true) == Ordering::Less);
        rows[..filled].reverse();
    }
}

/// Place of a choice in the order in which its kind declares it.
fn rank(entry: Entry<'_>, field: &str) -> String {
    let Some(text) = entry.text(field) else { return String::new() };
    let choices = entry.kind().field(field).and_then(|spec| spec.kind.choices());
    let place = choices.and_then(|choices| choices.iter().position(|choice| choice.id == text));
    place.map_or_else(|| text.to_owned(), |place| format!("{place:03}"))
}
