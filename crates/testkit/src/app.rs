//! An application with an organisation of three people.

use std::path::Path;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use jiff::Timestamp;
use serde_json::{Map, Value, json};
use vouch_app::{Acting, Clock, Decided, Decision, Entropy, Founding, Result, Vouch};
use vouch_ledger::{Checkpoint, SignerKey, VerifierKey};
use vouch_record::Id;
use vouch_record::state::Actor;
use vouch_store::{Head, Refusal, Settings, Signer, Snapshot, Sqlite, Store};

use crate::faults::{Faults, Faulty};
use crate::tables;

/// Origin of the logs of tests.
const ORIGIN: &str = "test.local/log";

/// A clock that stands still until it is moved.
#[derive(Default)]
pub struct FixedClock(AtomicI64);

impl FixedClock {
    /// Sets the instant.
    pub fn set(&self, at: &str) {
        let at: Timestamp = at.parse().expect("tests name instants that exist");
        self.0.store(at.as_millisecond(), Ordering::SeqCst);
    }

    /// Moves it on by so many days.
    pub fn pass_days(&self, days: i64) {
        self.0.fetch_add(days * 86_400_000, Ordering::SeqCst);
    }
}

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millisecond(self.0.load(Ordering::SeqCst)).expect("tests stay inside the calendar")
    }
}

/// Random bytes that come from a counter.
#[derive(Default)]
pub struct Counter(AtomicU64);

impl Entropy for Counter {
    fn bytes(&self) -> [u8; 32] {
        let mut bytes = [7; 32];
        bytes[..8].copy_from_slice(&self.0.fetch_add(1, Ordering::SeqCst).to_be_bytes());
        bytes
    }
}

pub(crate) struct TestSigner(pub(crate) SignerKey);

impl Signer for TestSigner {
    fn sign(&self, head: &Head, _: &dyn Snapshot) -> std::result::Result<Vec<u8>, Refusal> {
        let origin = self.0.verifier().name().to_owned();
        let checkpoint = Checkpoint { origin, size: head.size, root: head.root };
        Ok(checkpoint.sign(&self.0)?.to_bytes())
    }
}

/// An application for tests.
pub struct TestApp {
    /// the application
    pub vouch: Arc<Vouch>,
    /// its clock
    pub clock: Arc<FixedClock>,
    /// the key it signs with
    pub key: VerifierKey,
    acting: Mutex<Id>,
}

impl TestApp {
    /// An empty application in memory; its clock says 2 March 2026, 9:00 UTC.
    ///
    /// # Panics
    /// When the store cannot be made.
    #[must_use]
    pub fn empty() -> Self {
        Self::with(|signer| Arc::new(Sqlite::memory(signer, Settings::default()).expect("a store in memory opens")))
    }

    /// The same in a folder.
    ///
    /// # Panics
    /// When the store cannot be opened.
    #[must_use]
    pub fn in_folder(folder: &Path) -> Self {
        Self::with(|signer| Arc::new(Sqlite::open(folder, signer, Settings::default()).expect("the store opens")))
    }

    /// An organisation of three in memory, on a store that fails when it is told to.
    ///
    /// # Panics
    /// When the store cannot be made.
    #[must_use]
    pub fn on_faults() -> (Self, Arc<Faults>) {
        let faults = Arc::<Faults>::default();
        let app = Self::with(|signer| {
            let store = Arc::new(Sqlite::memory(signer, Settings::default()).expect("a store in memory opens"));
            Arc::new(Faulty { store, faults: faults.clone() })
        });
        app.found();
        (app, faults)
    }

    fn with(open: impl FnOnce(Arc<dyn Signer>) -> Arc<dyn Store>) -> Self {
        let key = SignerKey::from_seed(ORIGIN, &[1; 32]).expect("the origin is one");
        let verifier = key.verifier();
        let clock = Arc::new(FixedClock::default());
        clock.set("2026-03-02T09:00:00Z");
        let store = open(Arc::new(TestSigner(key)));
        let vouch = Vouch::open(store, tables(), ORIGIN.to_owned(), clock.clone(), Arc::new(Counter::default()))
            .expect("an empty log loads");
        let acting = Mutex::new(Id::new("PER", 1).expect("PER-1 is an id"));
        Self { vouch: Arc::new(vouch), clock, key: verifier, acting }
    }

    /// An organisation in memory: PER-1 founded it, PER-2 and PER-3 are active members.
    #[must_use]
    pub fn founded() -> Self {
        let app = Self::empty();
        app.found();
        app
    }

    /// Founds the organisation and adds two active members.
    ///
    /// # Panics
    /// When the use cases refuse it.
    pub fn found(&self) {
        let founding = Founding {
            organisation: "Example Works".to_owned(),
            person: "Ada Founder".to_owned(),
            email: Some("ada@example.org".to_owned()),
            time_zone: "UTC".to_owned(),
            language: "en".to_owned(),
        };
        let acting = Acting { actor: Actor::System, sign_in: "local" };
        self.vouch.perform(acting, move |work| work.found(&founding)).expect("an organisation is founded");
        for name in ["Ben Second", "Cleo Third"] {
            let email = format!("{}@example.org", name.split(' ').next().unwrap_or_default().to_lowercase());
            let person = fields(
                json!({"name": name, "email": email, "relation": "employee", "top_management": false, "joined_on": "2026-03-01"}),
            );
            let id = self.create("person", person);
            self.go(id, "active", json!({}));
        }
    }

    /// Acts as this person from here on.
    pub fn act_as(&self, person: &str) -> &Self {
        *self.acting.lock().expect("tests do not panic with it") = id(person);
        self
    }

    fn acting(&self) -> Acting {
        Acting::local(*self.acting.lock().expect("tests do not panic with it"))
    }

    /// Creates a record.
    ///
    /// # Errors
    /// As the use case.
    pub fn try_create(&self, kind: &str, fields: Map<String, Value>) -> Result<Id> {
        let kind = kind.to_owned();
        self.vouch.perform(self.acting(), move |work| work.create(&kind, &fields))
    }

    /// Creates a record that must be accepted.
    pub fn create(&self, kind: &str, fields: Map<String, Value>) -> Id {
        self.try_create(kind, fields).unwrap_or_else(|error| panic!("{kind}: {error}"))
    }

    /// Revises a record.
    ///
    /// # Errors
    /// As the use case.
    pub fn try_revise(&self, id: Id, expect: u32, fields: Map<String, Value>) -> Result<vouch_app::record::Written> {
        self.vouch.perform(self.acting(), move |work| work.revise(id, expect, &fields))
    }

    /// Moves a record.
    ///
    /// # Errors
    /// As the use case.
    pub fn try_go(&self, id: Id, to: &str, set: Value) -> Result<()> {
        let (to, set) = (to.to_owned(), fields(set));
        self.vouch.perform(self.acting(), move |work| work.transition(id, &to, &set, "for the test"))
    }

    /// Moves a record, which must be accepted.
    pub fn go(&self, id: Id, to: &str, set: Value) {
        self.try_go(id, to, set).unwrap_or_else(|error| panic!("{id} to {to}: {error} ({:?})", error.hint));
    }

    /// Decides about the head of a record.
    ///
    /// # Errors
    /// As the use case.
    pub fn try_decide(&self, subject: Id, purpose: &str, decision: &str) -> Result<Decided> {
        let decision = Decision {
            purpose: purpose.to_owned(),
            decision: decision.to_owned(),
            reason: "for the test".to_owned(),
            ..Decision::default()
        };
        self.vouch.perform(self.acting(), move |work| work.approve(subject, &decision))
    }

    /// The state of a record's head.
    ///
    /// # Panics
    /// When there is no such record.
    #[must_use]
    pub fn state(&self, id: Id) -> String {
        let view = self.vouch.view(None).expect("today can be asked for");
        view.find(id).expect("the record is there").standing().state.to_string()
    }
}

/// An id in a test.
fn id(text: &str) -> Id {
    text.parse().expect("tests write ids that are ids")
}

/// The members of a JSON object.
#[must_use]
pub fn fields(object: Value) -> Map<String, Value> {
    if let Value::Object(fields) = object { fields } else { Map::new() }
}
