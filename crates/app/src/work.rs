//! A unit of work: everything a use case writes, in one transaction.
//!
//! Each write is folded into the state at once and judged there: conditions see the organisation as it would be. What fails is
//! taken back whole.

use std::cell::RefCell;
use std::collections::HashSet;
use std::rc::Rc;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use vouch_conform::View;
use vouch_conform::view::{Asker, Basis, Bound, Checkpoint};
use vouch_ledger::{Envelope, Fields, StoredBody};
use vouch_record::state::{Action, Erasure, Leaf};
use vouch_record::validate::{Problem, failed_checks, missing};
use vouch_record::{Body, Id, Value};
use vouch_store::Append;

use crate::error::{Error, Kind, Result};
use crate::installation::{Acting, Entropy, Tables, Working, latest_checkpoint, store_error, zone_of};
use crate::projection;

/// A unit of work under way.
pub struct Work<'w> {
    working: &'w mut Working,
    append: &'w mut dyn Append,
    tables: &'w Tables,
    origin: &'w str,
    entropy: &'w dyn Entropy,
    acting: Acting,
    at: Timestamp,
    pending: HashSet<Id>,
    /// the latest checkpoint: what this unit writes lies above it
    checkpoint: Option<Checkpoint>,
    /// the organisation as it stands, until something is written or time passes
    seen: RefCell<Option<Rc<View>>>,
    /// of the organisation, until its record is written
    zone: RefCell<Option<TimeZone>>,
}

/// What every unit of work of an installation has at hand.
#[derive(Clone, Copy)]
pub(crate) struct Bench<'w> {
    pub(crate) tables: &'w Tables,
    pub(crate) origin: &'w str,
    pub(crate) entropy: &'w dyn Entropy,
}

/// A leaf about to be written.
pub(crate) struct Draft {
    pub(crate) id: Id,
    pub(crate) action: Action,
    pub(crate) revision: u32,
    pub(crate) state: Arc<str>,
    pub(crate) body: Body,
}

impl<'w> Work<'w> {
    pub(crate) fn begin(
        working: &'w mut Working,
        append: &'w mut dyn Append,
        bench: &Bench<'w>,
        acting: Acting,
        at: Timestamp,
    ) -> Result<Self> {
        Arc::make_mut(&mut working.state).settle();
        // Ledger time is in milliseconds and never runs back, whatever the clock does.
        let at = Timestamp::from_millisecond(at.as_millisecond()).unwrap_or(at).max(working.state.last_time());
        let Bench { tables, origin, entropy } = *bench;
        let checkpoint = latest_checkpoint(append, u64::MAX)?;
        let (seen, zone) = (RefCell::default(), RefCell::default());
        Ok(Self { working, append, tables, origin, entropy, acting, at, pending: HashSet::new(), checkpoint, seen, zone })
    }

    /// Who acts.
    #[must_use]
    pub const fn acting(&self) -> &Acting {
        &self.acting
    }

    /// Acts as somebody else from here on: only the sample organisation and `init` do.
    pub fn act_as(&mut self, acting: Acting) {
        self.acting = acting;
    }

    /// Ledger time of what is written next.
    #[must_use]
    pub const fn at(&self) -> Timestamp {
        self.at
    }

    /// Moves ledger time on: what follows is written at `at`, never before what was.
    pub fn advance(&mut self, at: Timestamp) {
        self.at = Timestamp::from_millisecond(at.as_millisecond()).unwrap_or(at).max(self.at);
        self.seen.take();
    }

    /// The tables of the installation.
    #[must_use]
    pub const fn tables(&self) -> &'w Tables {
        self.tables
    }

    /// The transaction, for what is no record: files, desk rows, bodies that an erasure replaces.
    pub(crate) fn append(&mut self) -> &mut dyn Append {
        self.append
    }

    /// Whether a file with this hash is kept, one that this unit of work has put there included.
    pub(crate) fn keeps_file(&self, sha256: &str) -> Result<bool> {
        let hash = vouch_ledger::parse_hex(sha256.as_bytes())?;
        Ok(self.append.file(&hash).map_err(store_error)?.is_some())
    }

    pub(crate) fn working(&mut self) -> &mut Working {
        self.seen.take();
        self.working
    }

    /// The log's name.
    pub(crate) const fn origin(&self) -> &'w str {
        self.origin
    }

    /// 32 random bytes.
    pub(crate) fn random(&self) -> [u8; 32] {
        self.entropy.bytes()
    }

    /// The organisation as it would be if the work ended here. It is the same view until something is written or time passes, so
    /// that what was found out for one question need not be found out again for the next; let go of it before writing, or the
    /// whole state is copied.
    #[must_use]
    pub fn view(&self) -> Rc<View> {
        self.seen.borrow_mut().get_or_insert_with(|| Rc::new(self.look())).clone()
    }

    fn look(&self) -> View {
        let zone = self.zone.borrow_mut().get_or_insert_with(|| zone_of(&self.working.state)).clone();
        let today = vouch_record::time::day_of(self.at, &zone);
        let basis = Basis {
            state: self.working.state.clone(),
            frameworks: self.tables.frameworks.clone(),
            texts: self.tables.texts.clone(),
            zone,
            bound: Bound { size: u64::MAX, checkpoint: self.checkpoint.clone(), ..Bound::default() },
        };
        View::new(basis, today, self.at)
    }

    /// The person who acts.
    ///
    /// # Errors
    /// Refused when a machine acts, or the person is not active.
    pub fn person(&self) -> Result<Id> {
        let person =
            self.acting.actor.person().ok_or_else(|| Error::refused("only a person can do this").hint("name one with `--as`"))?;
        if self.view().is_active(person) {
            return Ok(person);
        }
        Err(Error::refused(format!("{person} is not an active person")).hint("see `vouch list person`"))
    }

    /// The id the next record of a kind gets.
    pub(crate) fn next_id(&self, kind: &vouch_record::Kind) -> Result<Id> {
        let number = self.working.state.next_number(&kind.name);
        Id::new(&kind.prefix, number).ok_or_else(|| Error::new(Kind::Unavailable, format!("{} has no numbers left", kind.title)))
    }

    /// Writes one leaf and folds it into the state.
    pub(crate) fn write(&mut self, draft: Draft) -> Result<u64> {
        let kind = self.tables.kinds.of(draft.id).ok_or_else(|| Error::invalid(format!("`{}` is of no known kind", draft.id)))?;
        let seq = self.working.state.size();
        let fields = Fields::parse(&draft.body.to_jcs())?;
        let stored = StoredBody::seal(fields, self.entropy.bytes());
        let commitment = stored.commitment().ok_or_else(|| Error::new(Kind::Corrupt, "a fresh body has no commitment"))?;
        let (actor, id) = (self.acting.actor.to_string(), draft.id.to_string());
        let action = draft.action.word();
        let envelope = Envelope {
            action: vouch_ledger::Action::ALL.into_iter().find(|a| a.as_str() == action).expect("the two tables of actions agree"),
            actor: &actor,
            c: commitment,
            id: &id,
            kind: &kind.name,
            org: self.origin,
            revision: draft.revision.into(),
            schema: kind.version.into(),
            seq,
            state: &draft.state,
            time: self.at.as_millisecond(),
        };
        let envelope = envelope.to_bytes()?;
        let leaf = Leaf {
            seq,
            time: self.at,
            actor: self.acting.actor.clone(),
            action: draft.action,
            revision: draft.revision,
            state: draft.state,
            schema: kind.version,
            commitment,
            body: Arc::new(draft.body),
            erasure: Erasure::Nothing,
        };
        self.seen.take();
        if kind.name == "organisation" {
            self.zone.take();
        }
        let state = Arc::make_mut(&mut self.working.state);
        state.push(Some(draft.id), leaf).map_err(|misfit| Error::new(Kind::Conflict, misfit.to_string()))?;
        let row = self.view().find(draft.id).map(projection::of).unwrap_or_default();
        let body = Some(stored.to_bytes());
        self.append.append(vouch_store::Leaf { envelope, body, ..row }).map_err(store_error)?;
        Ok(seq)
    }

    /// Judges a record as it stands now: what must be filled, what a value must meet, what may occur once, where links lead.
    ///
    /// # Errors
    /// Every defect.
    pub(crate) fn judge(&mut self, id: Id, what: &str) -> Result<()> {
        let mut problems = self.defects(id);
        let view = self.view();
        problems.extend(self.working.unique.clashes(&view, id));
        if problems.is_empty() { Ok(()) } else { Err(Error::fields(what.to_owned(), problems)) }
    }

    /// What is missing or wrong in the head of a record.
    #[must_use]
    pub fn defects(&self, id: Id) -> Vec<Problem> {
        let view = self.view();
        let Some(entry) = view.find(id) else { return Vec::new() };
        let asker = Asker::new(&view, self.acting.actor.person()).of_head(id);
        let course = entry.standing().course(entry.record(), entry.kind());
        let mut problems = missing(id, entry.head(), &course, &asker);
        problems.extend(failed_checks(id, entry.head(), &asker));
        problems
    }

    /// Announces ids that this unit of work is about to write, so that its records may link to each other.
    pub(crate) fn announce(&mut self, ids: impl IntoIterator<Item = Id>) {
        self.pending = ids.into_iter().collect();
    }

    /// Refuses links that lead nowhere, to a wrong kind, to a revision that is not, or newly to a record set aside.
    pub(crate) fn check_links(&self, kind: &vouch_record::Kind, fields: &[(Box<str>, Value)]) -> Result<()> {
        let problems = crate::links::defects(&self.view(), kind, fields, &self.pending);
        if problems.is_empty() { Ok(()) } else { Err(Error::fields("a link leads nowhere", problems)) }
    }
}

/// Members of a body in the order they come.
pub(crate) fn body(members: impl IntoIterator<Item = (&'static str, Value)>) -> Body {
    Body::new(members.into_iter().map(|(name, value)| (name.into(), value)))
}
