//! One record as of a day.

use jiff::Timestamp;
use jiff::civil::Date;
use vouch_record::condition::Truth;
use vouch_record::kind::{Kind, Machine};
use vouch_record::state::{Action, Layers, Leaf, Record, Standing};
use vouch_record::view::{Content, Reading};
use vouch_record::{Field, Id, Link, Value};

use super::{Asker, View};

/// A record that a rule looked at, with the revision it read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Subject {
    /// the record
    pub id: Id,
    /// the revision that was read
    pub revision: u32,
}

/// The place, among the states of its kind, of the one a record is in.
struct Passed(Option<usize>);

/// One record as of a day. Reads the revision in force, else the head.
#[derive(Clone, Copy)]
pub struct Entry<'v> {
    view: &'v View,
    kind: &'v Kind,
    record: &'v Record,
    standing: &'v Standing,
}

impl<'v> Entry<'v> {
    pub(super) const fn new(view: &'v View, kind: &'v Kind, record: &'v Record, standing: &'v Standing) -> Self {
        Self { view, kind, record, standing }
    }

    /// The view it was taken from.
    #[must_use]
    pub const fn view(&self) -> &'v View {
        self.view
    }

    /// Its id.
    #[must_use]
    pub const fn id(&self) -> Id {
        self.record.id
    }

    /// Its kind.
    #[must_use]
    pub const fn kind(&self) -> &'v Kind {
        self.kind
    }

    /// The record with all its leaves, also later ones.
    #[must_use]
    pub fn record(&self) -> &'v Record {
        self.view.note_record(self.record.id);
        self.record
    }

    /// How it stood.
    #[must_use]
    pub fn standing(&self) -> &'v Standing {
        self.view.note_record(self.record.id);
        self.standing
    }

    /// Its leaves up to the day.
    #[must_use]
    pub fn leaves(&self) -> &'v [Leaf] {
        self.view.note_record(self.record.id);
        &self.record.leaves[..self.standing.leaves]
    }

    /// Content as rules read it: the revision in force, else the head; living and machine-fed fields from the head.
    #[must_use]
    pub fn content(&self) -> Content<'v> {
        self.view.note_record(self.record.id);
        Content::new(self.kind, self.record, self.standing, Reading::InForce)
    }

    /// Content of the head, whatever its state.
    #[must_use]
    pub fn head(&self) -> Content<'v> {
        self.view.note_record(self.record.id);
        Content::new(self.kind, self.record, self.standing, Reading::Head)
    }

    /// The value of a field as rules read it.
    #[must_use]
    pub fn value(&self, field: &str) -> Field<&'v Value> {
        self.content().value(field)
    }

    /// The text of a field, if it is one and filled.
    #[must_use]
    pub fn text(&self, field: &str) -> Option<&'v str> {
        self.value(field).get().and_then(Value::as_text)
    }

    /// What a person calls it: name or title, else the id.
    #[must_use]
    pub fn label(&self) -> String {
        let name = ["name", "title", "topic"].into_iter().find_map(|field| self.text(field));
        name.map_or_else(|| self.id().to_string(), |name| format!("{name} ({})", self.id()))
    }

    /// Id and revision that was read.
    #[must_use]
    pub fn subject(&self) -> Subject {
        Subject { id: self.id(), revision: self.revision() }
    }

    /// Number of the revision that is read.
    #[must_use]
    pub fn revision(&self) -> u32 {
        self.made().revision
    }

    /// The leaf that made the revision that is read.
    #[must_use]
    pub fn made(&self) -> &'v Leaf {
        self.layers().leaf(self.record)
    }

    /// The revision that is read, with what transitions wrote for it.
    #[must_use]
    pub fn layers(&self) -> &'v Layers {
        self.view.note_record(self.record.id);
        self.standing.shown()
    }

    /// The person who made the revision that is read.
    #[must_use]
    pub fn made_by(&self) -> Option<Id> {
        self.made().actor.person()
    }

    /// Ledger time of the revision that is read.
    #[must_use]
    pub fn made_at(&self) -> Timestamp {
        self.made().time
    }

    /// Ledger time of revision 1.
    #[must_use]
    pub fn created_at(&self) -> Timestamp {
        // The first leaf of a record never changes.
        self.record.leaves[0].time
    }

    /// Day of revision 1.
    #[must_use]
    pub fn created_on(&self) -> Date {
        self.view.day(self.created_at())
    }

    /// The state it is in on the day: that of the revision read, after what time alone has done (FORMATS §2).
    #[must_use]
    pub fn state(&self) -> &'v str {
        self.view.note_record(self.record.id);
        let logged = self.standing.shown_state(self.record);
        if !self.kind.passes_from(logged) {
            return logged;
        }
        // A condition may ask for the very state it decides; then the log's word counts.
        if self.view.is_busy::<Passed>(Some(self.id()), "state") {
            return logged;
        }
        let passed: &Passed = self.view.keep(Some(self.id()), "state", || {
            let state = self.passed_state(logged);
            Passed(self.kind.states.iter().position(|one| one == state))
        });
        passed.0.map_or(logged, |at| self.kind.states[at].as_str())
    }

    fn passed_state(&self, logged: &'v str) -> &'v str {
        let asker = Asker::new(self.view, None);
        let mut state = logged;
        // No kind has a longer chain of machine transitions than it has states.
        for _ in 0..self.kind.states.len() {
            let next = self.kind.transitions.iter().find(|way| {
                let computed = matches!(&way.machine, Some(Machine::Computed(when)) if when.holds(self.id(), &asker) == Truth::Yes);
                computed && way.from.iter().any(|from| from == state)
            });
            match next {
                Some(way) if way.to != state => state = &way.to,
                _ => break,
            }
        }
        state
    }

    /// Whether it is in this state.
    #[must_use]
    pub fn is(&self, state: &str) -> bool {
        self.state() == state
    }

    /// Whether it is in one of these states.
    #[must_use]
    pub fn is_any(&self, states: &[&str]) -> bool {
        states.contains(&self.state())
    }

    /// Whether it was set aside.
    #[must_use]
    pub fn is_set_aside(&self) -> bool {
        self.view.note_record(self.record.id);
        self.standing.is_set_aside()
    }

    /// Whether a revision is in force: not set aside, in a settled state.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        !self.is_set_aside() && self.standing.in_force.is_some() && self.kind.is_settled(self.state())
    }

    /// A live record as `terms.yaml` has it: settled; document, acceptance and objective by their derived `in_force`.
    #[must_use]
    pub fn is_live(&self) -> bool {
        match self.kind.name.as_str() {
            "document" | "acceptance" | "objective" => crate::derived::in_force(*self),
            _ => self.is_settled(),
        }
    }

    /// Whether the leaf of the revision read lies under a checkpoint that verified, and body and files did too.
    #[must_use]
    pub fn is_bound(&self) -> bool {
        self.view.is_bound(self.made().seq)
    }

    /// The transitions up to the day.
    pub fn transitions(&self) -> impl DoubleEndedIterator<Item = &'v Leaf> + use<'v> {
        self.leaves().iter().filter(|leaf| leaf.action == Action::Transition)
    }

    /// The revisions up to the day.
    pub fn revisions(&self) -> impl DoubleEndedIterator<Item = &'v Leaf> + use<'v> {
        self.leaves().iter().filter(|leaf| leaf.action.is_revision())
    }

    /// The transition by which it last entered a state, if one did (a first state is entered by its creation).
    #[must_use]
    pub fn entry_into(&self, state: &str) -> Option<&'v Leaf> {
        let mut before: Option<&str> = None;
        let mut found = None;
        for leaf in self.leaves() {
            if leaf.state.as_ref() == state && before != Some(state) {
                found = Some(leaf);
            }
            before = Some(&leaf.state);
        }
        found
    }

    /// The day it last entered a state.
    #[must_use]
    pub fn entered(&self, state: &str) -> Option<Date> {
        self.entry_into(state).map(|leaf| self.view.day(leaf.time))
    }

    /// Everybody who last changed any field of the revision that is read: the authors of what it says.
    #[must_use]
    pub fn authors(&self) -> Vec<Id> {
        self.authors_of(self.made())
    }

    /// Everybody who last changed any field of a revision, given by the leaf that made it.
    #[must_use]
    pub fn authors_of(&self, shown: &Leaf) -> Vec<Id> {
        let revisions: Vec<&Leaf> = self.revisions().filter(|leaf| leaf.revision <= shown.revision).collect();
        let mut authors: Vec<Id> = Vec::new();
        for (name, value) in shown.body.fields() {
            let holds = |leaf: &&&Leaf| leaf.body.get(name) == Some(value);
            let since = revisions.iter().rev().take_while(holds).last();
            authors.extend(since.and_then(|leaf| leaf.actor.person()));
        }
        authors.sort_unstable();
        authors.dedup();
        authors
    }

    /// The record a link field points to.
    #[must_use]
    pub fn linked(&self, field: &str) -> Option<Entry<'v>> {
        self.text(field).and_then(|text| text.parse::<Link>().ok()).and_then(|link| self.view.get(link.id))
    }

    /// The records a links field points to.
    pub fn links(&self, field: &str) -> impl Iterator<Item = Entry<'v>> + use<'v> {
        let view = self.view;
        let items = self.value(field).get().map_or(&[][..], Value::items);
        items.iter().filter_map(move |item| view.get(item.as_text()?.parse::<Link>().ok()?.id))
    }

    /// The records of a kind of which some revision up to the day links to this one, in the order in which they first did.
    pub fn linking(&self, kind: &str) -> impl Iterator<Item = Entry<'v>> + use<'v> {
        let view = self.view;
        view.linking(self.record, kind).filter_map(|source| view.get(source))
    }

    /// The same of any kind.
    pub fn linking_any(&self) -> impl Iterator<Item = Entry<'v>> + use<'v> {
        let view = self.view;
        view.linking_any(self.record).filter_map(|source| view.get(source))
    }

    /// The records of a kind whose content, as rules read it, links to this one in `field` (a link, links or column of a list;
    /// `""` for any field).
    pub fn incoming(&self, kind: &'static str, field: &'static str) -> impl Iterator<Item = Entry<'v>> + use<'v> {
        let id = self.id();
        self.linking(kind).filter(move |entry| entry.names(id, field))
    }

    /// The records of any kind whose content, as rules read it, links to this one in one of these fields.
    pub fn sources(&self, fields: &'static [&'static str]) -> impl Iterator<Item = Entry<'v>> + use<'v> {
        let id = self.id();
        self.linking_any().filter(move |entry| fields.iter().any(|field| entry.names(id, field)))
    }

    /// Whether its content links to `id` in `field` (`""` for any field).
    #[must_use]
    pub fn names(&self, id: Id, field: &str) -> bool {
        let links = |name: &str, value: &Value| self.kind.field(name).is_some_and(|spec| spec.kind.links_to(value, id));
        if field.is_empty() {
            return self.content().fields().into_iter().any(|(name, value)| links(name, value));
        }
        self.value(field).get().is_some_and(|value| links(field, value))
    }

    /// The same record as of another day, if it existed.
    #[must_use]
    pub fn on(&self, day: Date) -> Option<Entry<'v>> {
        self.view.on(day).get(self.id())
    }

    /// Days up to the view's on which anything of the record was written, ascending.
    pub fn changed_on(&self) -> impl Iterator<Item = Date> + use<'v> {
        let view = self.view;
        self.leaves().iter().map(move |leaf| view.day(leaf.time))
    }
}

impl std::fmt::Debug for Entry<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}@{}", self.id(), self.revision())
    }
}
