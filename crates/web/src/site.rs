//! An installation as pages see it: with sessions, cached answers and the state of the log.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::civil::Date;
use vouch_app::{Clock, Entropy, Error, Vouch};
use vouch_conform::gap::{Gap, gaps};
use vouch_conform::statement::Statement;
use vouch_conform::{Readiness, View};
use vouch_ledger::{Policy, VerifierKey};
use vouch_record::Id;

use crate::intake::Intake;
use crate::lent::Views;
use crate::packing::Packing;
use crate::past::Past;
use crate::session::Sessions;
use crate::shelf::Shelf;
use crate::verification::Verification;

/// How an installation is served.
#[derive(Clone, Debug)]
pub struct Settings {
    /// first key of the log: what its policy names
    pub key: VerifierKey,
    /// the policy that exports go out under: that key, and the witnesses that must have cosigned
    pub policy: Policy,
    /// folder for files that are built to be fetched; they have no name in it
    pub spool: PathBuf,
    /// who is signed in by the one-time link
    pub owner: Id,
    /// whether that person may act as any other: only in a sample organisation
    pub sample: bool,
    /// the host and port that pages are asked under, such as `127.0.0.1:8042`; others are refused
    pub authority: String,
}

/// Answers kept for days that were asked lately.
const KEPT: usize = 8;

/// What was computed for one head and day; it cannot become wrong, since head and day fix it.
pub(crate) struct Answers {
    /// depths and findings
    pub(crate) readiness: Readiness,
    /// the Statement of Applicability
    pub(crate) statement: Statement,
    /// what is missing
    pub(crate) gaps: Vec<Gap>,
}

/// What fixes an answer: size of the log and day.
type Key = (u64, Date);

/// An installation that is served.
pub struct Site {
    pub(crate) vouch: Arc<Vouch>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) settings: Settings,
    pub(crate) sessions: Sessions,
    pub(crate) verification: Verification,
    pub(crate) intake: Intake,
    pub(crate) packing: Packing,
    pub(crate) shelf: Shelf,
    pub(crate) past: Past,
    pub(crate) views: Arc<Views>,
    answers: Mutex<Vec<(Key, Arc<Answers>)>>,
    /// Held while an answer is computed, so that two requests do not compute the same.
    computing: Mutex<()>,
}

impl Site {
    /// A site over an installation; the link that signs its owner in follows from `entropy`.
    #[must_use]
    pub fn new(vouch: Arc<Vouch>, clock: Arc<dyn Clock>, entropy: Arc<dyn Entropy>, settings: Settings) -> Self {
        Self {
            vouch,
            clock,
            settings,
            sessions: Sessions::new(entropy),
            verification: Verification::default(),
            intake: Intake::default(),
            packing: Packing::default(),
            shelf: Shelf::default(),
            past: Past::default(),
            views: Arc::default(),
            answers: Mutex::default(),
            computing: Mutex::default(),
        }
    }

    /// The address that signs the owner in; it works once.
    #[must_use]
    pub fn sign_in_address(&self) -> String {
        format!("http://{}/sign-in/{}", self.settings.authority, self.sessions.invite(self.settings.owner))
    }

    /// Computes today's answers and then verifies the log, on a thread of its own: the first page need not wait for it, and shows in its
    /// foot how far that is.
    pub(crate) fn warm(self: &Arc<Self>) {
        self.past.begin();
        let site = self.clone();
        std::thread::spawn(move || {
            if let Ok(view) = site.views.lend(&site.vouch, &*site.clock, None) {
                // What fails here fails again, and is shown, when a page asks.
                let _ = site.answers(&view);
            }
            Verification::catch_up(&site);
        });
    }

    /// The answers for a view, computed at most once for each head and day.
    pub(crate) fn answers(&self, view: &View) -> Result<Arc<Answers>, Error> {
        let key = (view.cut(), view.today());
        if let Some(found) = self.kept(key) {
            return Ok(found);
        }
        let _computing = self.computing.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = self.kept(key) {
            return Ok(found);
        }
        // Today's answer is carried on from write to write; another day's is computed from nothing.
        let carried = if view.today() == self.vouch.today() { Some(self.vouch.readiness(None)?) } else { None };
        let readiness = match carried.filter(|carried| carried.head.size == view.cut() && carried.as_of == view.today()) {
            Some(carried) => carried,
            None => self.vouch.with_root(Readiness::of(view), view)?,
        };
        let statement = Statement::of(view, &readiness);
        let gaps = gaps(view, &readiness, &statement);
        let answers = Arc::new(Answers { readiness, statement, gaps });
        let mut kept = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        kept.insert(0, (key, answers.clone()));
        kept.truncate(KEPT);
        Ok(answers)
    }

    fn kept(&self, key: Key) -> Option<Arc<Answers>> {
        let mut kept = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        let place = kept.iter().position(|(other, _)| *other == key)?;
        let found = kept.remove(place);
        kept.insert(0, found);
        kept.first().map(|(_, answers)| answers.clone())
    }
}
