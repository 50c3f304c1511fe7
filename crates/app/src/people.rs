//! Who may act or approve (FORMATS §2, "Who"). Segregation of duties is enforced here, for every surface.

use vouch_conform::{Entry, View};
use vouch_record::condition::Val;
use vouch_record::kind::{ApprovalNeed, PersonTerm, Transition};
use vouch_record::words::in_words;
use vouch_record::{Id, Link, Value};

use crate::error::{Error, Result};

/// Role keys that the AIMS lead does not stand in for.
const NEVER_STOOD_IN: [&str; 2] = ["internal_auditor", "certification_auditor"];

/// The persons a word of a transition names, for a record.
#[must_use]
pub fn named(entry: Entry<'_>, term: &PersonTerm, way: &Transition) -> Vec<Id> {
    match term {
        PersonTerm::Author => head_authors(entry),
        PersonTerm::Maker => entry.leaves().first().and_then(|leaf| leaf.actor.person()).into_iter().collect(),
        PersonTerm::Mover(state) => {
            let made = entry.transitions().rev().find(|leaf| leaf.state.as_ref() == state);
            made.and_then(|leaf| leaf.actor.person()).into_iter().collect()
        }
        PersonTerm::Approver => approvers_onward(entry, way),
        PersonTerm::TopManagement => entry.view().top_management(),
        PersonTerm::Path(path) => along(entry, path),
        PersonTerm::Role(key) => holders(entry, key),
    }
}

/// Everybody who last changed any field of the head.
fn head_authors(entry: Entry<'_>) -> Vec<Id> {
    let head = entry.standing().head.leaf(entry.record());
    let revisions: Vec<_> = entry.revisions().collect();
    // Where all revisions are one author's, so is every field; there is no need to look into them.
    if revisions.iter().all(|leaf| leaf.actor == head.actor) {
        return head.actor.person().filter(|_| !head.body.is_empty()).into_iter().collect();
    }
    let mut authors: Vec<Id> = Vec::new();
    for (name, value) in head.body.fields() {
        let since = revisions.iter().rev().take_while(|leaf| leaf.body.get(name) == Some(value)).last();
        authors.extend(since.and_then(|leaf| leaf.actor.person()));
    }
    authors.sort_unstable();
    authors.dedup();
    authors
}

/// Persons at the end of a path of fields and links, read from the head.
fn along(entry: Entry<'_>, path: &[String]) -> Vec<Id> {
    let Some((first, rest)) = path.split_first() else { return Vec::new() };
    let ids: Vec<Id> = match entry.head().value(first).get() {
        Some(value) => links_in(value, rest.first().map(String::as_str)),
        None => derived_links(entry, first, rest.first().map(String::as_str)),
    };
    let person = |id: &Id| id.prefix() == "PER";
    if ids.iter().all(person) {
        return ids;
    }
    let rest = if is_row_column(entry, first, rest) { &rest[1..] } else { rest };
    ids.into_iter()
        .flat_map(|id| match entry.view().find(id) {
            Some(next) if !person(&id) && !rest.is_empty() => along(next, rest),
            _ if person(&id) => vec![id],
            _ => Vec::new(),
        })
        .collect()
}

/// Whether the path goes on with a column of the list it comes through, entered or computed.
fn is_row_column(entry: Entry<'_>, name: &str, rest: &[String]) -> bool {
    let kind = entry.kind();
    let table = kind.field(name).map(|spec| &spec.kind).or_else(|| kind.derived(name).map(|derived| &derived.kind));
    let columns = table.map_or(&[][..], |table| table.columns());
    rest.first().is_some_and(|name| columns.iter().any(|column| column.name == *name))
}

fn derived_links(entry: Entry<'_>, name: &str, column: Option<&str>) -> Vec<Id> {
    fn ids(value: &Val<'_>, column: Option<&str>) -> Vec<Id> {
        match value {
            Val::Record(id) => vec![*id],
            Val::List(items) => items.iter().flat_map(|item| ids(item, column)).collect(),
            Val::Row(row, _) => links_in(row, column),
            _ => Vec::new(),
        }
    }
    vouch_conform::derived::value(entry, name).map(|value| ids(&value, column)).unwrap_or_default()
}

fn links_in(value: &Value, column: Option<&str>) -> Vec<Id> {
    match value {
        Value::Text(text) => text.parse::<Link>().map(|link| link.id).into_iter().collect(),
        Value::List(items) => items.iter().flat_map(|item| links_in(item, column)).collect(),
        Value::Map(_) => column.and_then(|name| value.get(name)).map(|cell| links_in(cell, None)).unwrap_or_default(),
        _ => Vec::new(),
    }
}

/// Who holds a role key for a record: owners named by the record or its system come before roles; a key that nobody holds is
/// held by the AIMS lead.
#[must_use]
pub fn holders(entry: Entry<'_>, key: &str) -> Vec<Id> {
    let view = entry.view();
    let field = |entry: Entry<'_>, name: &str| along(entry, &[name.to_owned()]);
    let systems = || -> Vec<Entry<'_>> {
        if entry.kind().name == "ai-system" {
            return vec![entry];
        }
        let mut ids = along_any(entry, &["ai_system", "ai_systems"]);
        ids.sort_unstable();
        ids.dedup();
        ids.into_iter().filter_map(|id| view.find(id)).collect()
    };
    let by_record: Vec<Id> = match key {
        "any_member" | "machine" => Vec::new(),
        "record_owner" => field(entry, "owner"),
        "committee_chair" => field(entry, "chair"),
        "system_owner" => systems().into_iter().flat_map(|system| field(system, "owner")).collect(),
        "risk_owner" if entry.kind().name == "risk" => field(entry, "owner"),
        "risk_owner" => {
            let risks: Vec<Id> = along_risks(entry);
            if risks.is_empty() { systems().into_iter().flat_map(|system| field(system, "risk_owner")).collect() } else { risks }
        }
        "certification_auditor" => guests(view),
        _ => Vec::new(),
    };
    let active: Vec<Id> = by_record.into_iter().filter(|person| view.is_active(*person)).collect();
    if active.is_empty() { of_key(view, key) } else { active }
}

fn along_any(entry: Entry<'_>, fields: &[&str]) -> Vec<Id> {
    fields.iter().filter_map(|field| entry.head().value(field).get()).flat_map(|value| links_in(value, None)).collect()
}

/// Owners of the risks a treatment or acceptance names.
fn along_risks(entry: Entry<'_>) -> Vec<Id> {
    let risks = along_any(entry, &["risks", "subject"]).into_iter().filter(|id| id.prefix() == "RSK");
    risks.filter_map(|id| entry.view().find(id)).flat_map(|risk| along(risk, &["owner".to_owned()])).collect()
}

/// External auditors who are guests of an open room.
fn guests(view: &View) -> Vec<Id> {
    let rooms = view.all("room").filter(|room| room.is("open"));
    rooms
        .flat_map(|room| along(room, &["guests".to_owned(), "person".to_owned()]))
        .filter(|person| view.is_active(*person))
        .collect()
}

/// Holders of approved roles of this key; one that nobody holds is held by the AIMS lead.
#[must_use]
pub fn of_key(view: &View, key: &str) -> Vec<Id> {
    if key == "top_management" {
        let holders = view.holders(key);
        return if holders.is_empty() { view.top_management() } else { holders };
    }
    let holders = view.holders(key);
    if !holders.is_empty() || NEVER_STOOD_IN.contains(&key) { holders } else { view.holders("aims_lead") }
}

/// Whoever may give an approval on a way onward from the states that `way` leaves.
fn approvers_onward(entry: Entry<'_>, way: &Transition) -> Vec<Id> {
    let onward = entry.kind().transitions.iter().filter(|other| other.from.iter().any(|state| way.from.contains(state)));
    let mut persons = Vec::new();
    for other in onward {
        for need in other.approvals.iter().filter(|need| need.decision == "approved") {
            if need.by.is_empty() {
                persons.extend(holders(entry, &other.who));
            } else {
                persons.extend(
                    need.by.iter().filter(|term| **term != PersonTerm::Approver).flat_map(|term| named(entry, term, other)),
                );
            }
        }
    }
    persons
}

/// How a person may make or approve something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Allowed {
    /// as the rule wants it
    Plainly,
    /// only because everybody else is excluded: top management acts on own work, and that shows
    NobodyElse,
}

/// Who a rule asks for, and whom it excludes.
pub struct Asked<'a> {
    /// any of these, if not empty
    pub by: &'a [PersonTerm],
    /// none of these
    pub not: &'a [PersonTerm],
    /// must be held where `by` is empty
    pub who: &'a str,
}

/// Whether a person may act where `asked` says who.
///
/// # Errors
/// Refused, naming the rule and who could.
pub fn may(entry: Entry<'_>, way: &Transition, asked: &Asked<'_>, person: Id) -> Result<Allowed> {
    let view = entry.view();
    let excluded: Vec<Id> = asked.not.iter().flat_map(|term| named(entry, term, way)).collect();
    let candidates: Vec<Id> = if !asked.by.is_empty() {
        asked.by.iter().flat_map(|term| named(entry, term, way)).collect()
    } else if asked.who == "any_member" {
        view.all("person").filter(|entry| entry.is("active")).map(|entry| entry.id()).collect()
    } else {
        holders(entry, asked.who)
    };
    let free = |id: &Id| !excluded.contains(id) && view.is_active(*id);
    if candidates.contains(&person) && free(&person) {
        return Ok(Allowed::Plainly);
    }
    if let Some(allowed) = stands_in(view, &candidates, &excluded, person) {
        return Ok(allowed);
    }
    let mut others: Vec<Id> = candidates.iter().copied().filter(|id| free(id)).collect();
    others.sort_unstable();
    others.dedup();
    let others: Vec<String> = others.into_iter().take(5).map(|id| label(view, id)).collect();
    let hint = if others.is_empty() { format!("it needs {}", way.needs) } else { format!("ask {}", others.join(", ")) };
    let why = if excluded.contains(&person) {
        format!("{} may not decide about own work on {}: {}", label(view, person), entry.id(), way.needs)
    } else {
        let wanted = if asked.by.is_empty() { in_words(asked.who) } else { describe(asked.by) };
        format!("{} is not {wanted} for {}", label(view, person), entry.id())
    };
    Err(Error::refused(why).hint(hint))
}

/// Whether a person may give one needed approval.
///
/// # Errors
/// As [`may`]; also when the approver does not hold the capacity asked for.
pub fn may_approve(entry: Entry<'_>, way: &Transition, need: &ApprovalNeed, person: Id) -> Result<Allowed> {
    let asked = Asked { by: &need.by, not: &need.not, who: &way.who };
    if need.capacity.is_empty() {
        return may(entry, way, &asked, person);
    }
    // Where a capacity is asked for, holding that role is what counts besides the exclusions.
    let roles: Vec<PersonTerm> = need.capacity.iter().map(|key| PersonTerm::Role(key.clone())).collect();
    may(entry, way, &Asked { by: &roles, ..asked }, person)
}

/// Where everyone who could is excluded, top management decides (FORMATS §2): a member of it who is not excluded, and where there is
/// nobody left at all, one who is, which then shows as an override. A role that nobody holds excludes nobody.
fn stands_in(view: &View, candidates: &[Id], excluded: &[Id], person: Id) -> Option<Allowed> {
    let free = |id: &Id| !excluded.contains(id) && view.is_active(*id);
    let top = view.top_management();
    if candidates.is_empty() || candidates.iter().any(free) || !top.contains(&person) {
        return None;
    }
    if free(&person) {
        return Some(Allowed::Plainly);
    }
    let somebody = view.all("person").any(|entry| free(&entry.id()));
    (!somebody).then_some(Allowed::NobodyElse)
}

fn describe(terms: &[PersonTerm]) -> String {
    let word = |term: &PersonTerm| match term {
        PersonTerm::Author => "the author".to_owned(),
        PersonTerm::Maker => "who made it".to_owned(),
        PersonTerm::Mover(state) => format!("who moved it to {state}"),
        PersonTerm::Approver => "who may approve it".to_owned(),
        PersonTerm::TopManagement => "top management".to_owned(),
        PersonTerm::Path(path) => {
            format!("named by `{}`", path.iter().filter(|part| *part != "holders_on").cloned().collect::<Vec<_>>().join("."))
        }
        PersonTerm::Role(key) => in_words(key),
    };
    terms.iter().map(word).collect::<Vec<_>>().join(" or ")
}

/// A person's name with the id.
#[must_use]
pub fn label(view: &View, person: Id) -> String {
    view.find(person).map_or_else(|| person.to_string(), |entry| entry.label())
}
