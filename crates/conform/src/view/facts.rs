//! What conditions may ask of a view.

use std::borrow::Cow;

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::{Value as Json, json};
use vouch_record::condition::{Facts, Val};
use vouch_record::kind::generated::approval::ApprovalPurpose;
use vouch_record::time::format_instant;
use vouch_record::view::Read;
use vouch_record::{Field, Id, Value};

use super::View;
use crate::derived;

/// A view asked by somebody.
#[derive(Clone, Copy)]
pub struct Asker<'v> {
    view: &'v View,
    actor: Option<Id>,
    head: Option<Id>,
}

impl<'v> Asker<'v> {
    /// The view, asked by `actor`.
    #[must_use]
    pub const fn new(view: &'v View, actor: Option<Id>) -> Self {
        Self { view, actor, head: None }
    }

    /// The same, but of record `id` the head is read and not the revision in force: what a writer asks about a proposal.
    #[must_use]
    pub const fn of_head(mut self, id: Id) -> Self {
        self.head = Some(id);
        self
    }
}

impl Asker<'_> {
    /// The record as it is asked about: a proposal in its head, also for what is derived from it.
    fn entry(&self, record: Id) -> Option<super::Entry<'_>> {
        let entry = self.view.find(record)?;
        let proposed = self.head == Some(record) && entry.standing().is_proposed();
        if proposed { self.view.proposing(record).find(record) } else { Some(entry) }
    }
}

impl Facts for Asker<'_> {
    fn value<'a>(&'a self, record: Id, name: &str) -> Val<'a> {
        let Some(entry) = self.entry(record) else { return Val::Empty };
        let proposal = self.head == Some(record);
        match name {
            "id" => return Val::Record(record),
            "kind" => return Val::Text(Cow::Borrowed(&entry.kind().name)),
            "state" => {
                let state = if proposal { entry.standing().state.as_ref() } else { entry.state() };
                let rank = entry.kind().state_rank(state).unwrap_or(usize::MAX);
                return Val::Choice(Cow::Borrowed(state), rank);
            }
            "revision" => return Val::Number(entry.revision().into()),
            "made_by" => return entry.made_by().map_or(Val::Empty, Val::Record),
            "made_at" => return Val::Instant(entry.made_at()),
            _ => {}
        }
        if let Some(field) = entry.kind().field(name) {
            let content = if proposal { entry.head() } else { entry.content() };
            return match content.value(name) {
                Field::Present(value) => Val::stored(value, &field.kind),
                Field::Empty => Val::Empty,
                Field::Erased => Val::Undecided(format!("`{name}` of {record} was erased")),
            };
        }
        derived::value(entry, name).unwrap_or_else(|| Val::Undecided(format!("{record} has no `{name}`")))
    }

    fn records(&self, kind: &str) -> Vec<Id> {
        self.view.all(kind).map(|entry| entry.id()).collect()
    }

    fn naming(&self, kind: &str, field: &str, target: Id) -> Option<Vec<Id>> {
        let kind = self.view.kinds().get(kind)?;
        let links = kind.field(field)?.kind.target().is_some_and(|to| *to != vouch_record::kind::Target::Requirement);
        let record = self.view.stored(target)?;
        let sources = self.view.linking(record, &kind.name);
        let mut found: Vec<Id> = sources.filter(|source| self.view.get(*source).is_some()).collect();
        found.sort_unstable();
        links.then_some(found)
    }

    fn today(&self) -> Date {
        self.view.today()
    }

    fn now(&self) -> Timestamp {
        self.view.now()
    }

    fn actor(&self) -> Option<Id> {
        self.actor
    }

    fn approved<'a>(&'a self, record: Id, purpose: &str) -> Val<'a> {
        let purpose = ApprovalPurpose::read(&Value::text(purpose));
        match (self.entry(record), purpose) {
            (Some(entry), Some(purpose)) => Val::Bool(entry.approved(purpose).is_some()),
            _ => Val::Undecided("there is no such purpose".to_owned()),
        }
    }

    fn entered<'a>(&'a self, record: Id, state: &str) -> Val<'a> {
        self.view.find(record).and_then(|entry| entry.entered(state)).map_or(Val::Empty, Val::Date)
    }
}

/// A value as JSON in the encoding of FORMATS §1; what cannot be decided is null.
#[must_use]
pub fn val_to_json(value: &Val<'_>) -> Json {
    match value {
        Val::Empty | Val::Undecided(_) => Json::Null,
        Val::Bool(truth) => json!(truth),
        Val::Number(number) if number.is_integer() => {
            i64::try_from(*number).map_or_else(|_| json!(number.normalize().to_string()), |int| json!(int))
        }
        Val::Number(number) => json!(number.normalize().to_string()),
        Val::Text(text) | Val::Choice(text, _) => json!(text),
        Val::Date(date) => json!(date.to_string()),
        Val::Instant(at) => json!(format_instant(*at)),
        Val::Span(span) => json!(span.0.to_string()),
        Val::Record(id) => json!(id.to_string()),
        Val::Row(row, _) => row.to_json(),
        Val::List(items) => Json::Array(items.iter().map(val_to_json).collect()),
    }
}

#[cfg(test)]
mod tests {
    use vouch_record::condition::Condition;
    use vouch_record::kind::{Kind, Machine, MayBeEmpty};

    use super::*;
    use crate::check::cases::{Fixed, Lives, build};

    /// The same answers, found by looking at every record of a kind.
    struct Plain<'v>(Asker<'v>);

    impl Facts for Plain<'_> {
        fn value<'a>(&'a self, record: Id, name: &str) -> Val<'a> {
            self.0.value(record, name)
        }

        fn records(&self, kind: &str) -> Vec<Id> {
            self.0.records(kind)
        }

        fn today(&self) -> Date {
            self.0.today()
        }

        fn now(&self) -> Timestamp {
            self.0.now()
        }

        fn actor(&self) -> Option<Id> {
            self.0.actor()
        }

        fn approved<'a>(&'a self, record: Id, purpose: &str) -> Val<'a> {
            self.0.approved(record, purpose)
        }

        fn entered<'a>(&'a self, record: Id, state: &str) -> Val<'a> {
            self.0.entered(record, state)
        }
    }

    fn conditions(kind: &Kind) -> Vec<&Condition> {
        let mut all: Vec<&Condition> = Vec::new();
        for field in &kind.fields {
            all.extend(&field.needed_when);
            all.extend(field.checks.iter().map(|check| &check.condition));
            all.extend(if let MayBeEmpty::When(when) = &field.may_be_empty { Some(when) } else { None });
        }
        for way in &kind.transitions {
            all.extend(way.requires.iter().map(|requirement| &requirement.condition));
            all.extend(way.approvals.iter().filter_map(|need| need.when.as_ref()));
            all.extend(if let Some(Machine::Computed(when)) = &way.machine { Some(when) } else { None });
        }
        all
    }

    #[test]
    fn looking_only_at_what_links_to_a_record_answers_no_condition_otherwise() {
        let fixed = Fixed::load();
        let built = build(&Lives::base(), &fixed.kinds).unwrap();
        let view = built.view(fixed, built.today);
        let mut judged = 0;
        for kind in view.kinds().iter() {
            for entry in view.all(&kind.name) {
                for condition in conditions(kind) {
                    let asker = Asker::new(&view, None);
                    let (quick, plain) = (condition.holds(entry.id(), &asker), condition.holds(entry.id(), &Plain(asker)));
                    assert_eq!(quick, plain, "{} of {:?}", condition.text(), entry);
                    judged += usize::from(condition.text().contains("records("));
                }
            }
        }
        assert!(judged > 50, "{judged}");
    }
}
