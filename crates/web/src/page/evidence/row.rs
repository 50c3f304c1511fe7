//! Rows of the log: what shows a requirement in operation, and evidence that was brought.

use std::collections::{BTreeSet, HashMap};

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use vouch_conform::freshness::{Proof, in_date_until, proofs, speaks_for};
use vouch_conform::readiness::Depth;
use vouch_conform::{Entry, Readiness, View};
use vouch_ledger::hex;
use vouch_record::{Id, Link};

use crate::format::{inside, words};
use crate::part::list::MOST_CHOICES;
use crate::part::person::{name_of, who};
use crate::part::value;

/// One row.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Row {
    #[serde(serialize_with = "as_text")]
    pub(super) id: Id,
    pub(super) kind: String,
    pub(super) revision: u32,
    /// index of the leaf that made the revision
    pub(super) seq: u64,
    #[serde(serialize_with = "as_text")]
    pub(super) recorded: Timestamp,
    pub(super) title: String,
    /// how it came here: the source of evidence, else the title of its kind
    pub(super) source: String,
    pub(super) by: String,
    /// beginning of the commitment to its content
    pub(super) fingerprint: String,
    /// items it shows, or is meant for
    pub(super) requirements: Vec<String>,
    /// AI systems it is about
    #[serde(serialize_with = "ids")]
    pub(super) systems: Vec<Id>,
    /// greatest depth at which a rule let it pass; nothing for what is only meant for an item
    pub(super) depth: Option<Depth>,
    #[serde(serialize_with = "as_text")]
    pub(super) covers_to: Date,
    #[serde(serialize_with = "optional")]
    pub(super) in_date_until: Option<Date>,
    /// whether somebody else still has to look at it
    pub(super) to_review: bool,
}

fn as_text<T: std::fmt::Display, S: serde::Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}

fn optional<S: serde::Serializer>(value: &Option<Date>, serializer: S) -> Result<S::Ok, S::Error> {
    match value {
        Some(day) => serializer.collect_str(day),
        None => serializer.serialize_none(),
    }
}

fn ids<S: serde::Serializer>(value: &[Id], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(value.iter().map(ToString::to_string))
}

impl Row {
    /// The days left on a day; nothing where nothing ends.
    pub(super) fn left(&self, today: Date) -> Option<i64> {
        self.in_date_until.map(|until| crate::format::days_between(today, until))
    }
}

/// Every row, the latest first, with what the log can be filtered by.
pub(super) struct Rows {
    pub(super) all: Vec<Row>,
    /// systems by name; nothing where there are too many to choose from
    pub(super) systems: Vec<(String, String)>,
    pub(super) sources: Vec<String>,
}

impl Rows {
    /// The rows of a day.
    pub(super) fn of(view: &View, readiness: &Readiness) -> Self {
        let shown = proofs(view, readiness);
        let known: HashMap<Id, &Proof> = shown.iter().map(|proof| (proof.id, proof)).collect();
        let brought = view.all("evidence").filter(|entry| !known.contains_key(&entry.id()) && !entry.is("replaced"));
        let mut all: Vec<Row> = brought.map(|entry| row(entry, None)).collect();
        all.extend(shown.iter().filter_map(|proof| Some(row(view.find(proof.id)?, Some(proof)))));
        all.sort_by_key(|row| std::cmp::Reverse(row.seq));
        let sources: BTreeSet<&str> = all.iter().map(|row| row.source.as_str()).collect();
        let sources = sources.into_iter().map(str::to_owned).collect();
        Self { systems: named_by(view, &all), sources, all }
    }
}

/// The systems of some rows in the order of their names; none where a list of choices would not hold them.
fn named_by(view: &View, rows: &[Row]) -> Vec<(String, String)> {
    let seen: BTreeSet<Id> = rows.iter().flat_map(|row| row.systems.iter().copied()).collect();
    if seen.len() > MOST_CHOICES {
        return Vec::new();
    }
    let mut named: Vec<(String, String)> = seen.into_iter().map(|id| (id.to_string(), name_of(view, id))).collect();
    named.sort_by(|one, other| one.1.cmp(&other.1));
    named
}

fn row(entry: Entry<'_>, proof: Option<&Proof>) -> Row {
    let view = entry.view();
    let revision = proof.map_or_else(|| entry.revision(), |proof| proof.revision);
    let made = entry.record().revision(revision).unwrap_or_else(|| entry.made());
    let on = proof.map_or_else(|| speaks_for(entry, revision), |proof| proof.on);
    let requirements = proof.map_or_else(|| meant(entry), |proof| proof.items.clone());
    let by = who(view, &made.actor);
    Row {
        id: entry.id(),
        kind: entry.kind().name.clone(),
        revision,
        seq: made.seq,
        recorded: made.time,
        title: title(entry),
        source: entry.text("source").map_or_else(|| entry.kind().title.clone(), words),
        by,
        fingerprint: hex(&made.commitment)[..8].to_owned(),
        in_date_until: proof.map_or_else(|| in_date_until(view, on, &requirements), |proof| proof.until),
        requirements,
        systems: systems(entry),
        depth: proof.map(|proof| proof.depth),
        covers_to: on,
        to_review: entry.kind().name == "evidence" && entry.is("collected"),
    }
}

/// The items that evidence says it is meant for.
fn meant(entry: Entry<'_>) -> Vec<String> {
    let items = entry.value("requirements").get().map_or(&[][..], vouch_record::Value::items);
    let own = items.iter().filter_map(|item| item.as_text()?.strip_prefix("iso42001:"));
    own.map(str::to_owned).collect()
}

/// Fields by which a record says what it is about, the closest first.
const ABOUT: [&str; 9] = ["subject", "measure", "course", "person", "supplier", "dataset", "model", "ai_system", "ai_systems"];

/// What a person calls it: its name, else what it is and of what.
pub(crate) fn title(entry: Entry<'_>) -> String {
    if let Some(name) = value::named(entry) {
        return name;
    }
    let about = ABOUT.iter().find_map(|field| entry.linked(field).or_else(|| entry.links(field).next()));
    let what = match entry.text("purpose") {
        Some(purpose) if entry.kind().name == "approval" => words(purpose),
        _ => entry.kind().title.clone(),
    };
    let joint = if entry.kind().name == "approval" { ":" } else { " of" };
    about.map_or_else(|| format!("{what} {}", entry.id()), |about| format!("{what}{joint} {}", inside_name(about)))
}

fn inside_name(about: Entry<'_>) -> String {
    value::named(about).unwrap_or_else(|| format!("{} {}", inside(&about.kind().title), about.id()))
}

/// The AI systems that it, or what it is about, names.
pub(crate) fn systems(entry: Entry<'_>) -> Vec<Id> {
    let mut found = named_systems(entry);
    if entry.kind().name == "ai-system" {
        found.push(entry.id());
    }
    if found.is_empty()
        && let Some(subject) = entry.linked("subject")
    {
        found = if subject.kind().name == "ai-system" { vec![subject.id()] } else { named_systems(subject) };
    }
    found.sort_unstable();
    found.dedup();
    found
}

fn named_systems(entry: Entry<'_>) -> Vec<Id> {
    let mut found = Vec::new();
    for field in ["ai_system", "ai_systems", "about", "systems"] {
        let Some(value) = entry.value(field).get() else { continue };
        let texts = value.as_text().into_iter().chain(value.items().iter().filter_map(vouch_record::Value::as_text));
        found.extend(texts.filter_map(|text| text.parse::<Link>().ok()).map(|link| link.id).filter(|id| id.prefix() == "SYS"));
    }
    found
}
