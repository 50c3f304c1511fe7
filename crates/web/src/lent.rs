//! Views that requests use one after the other: what a view found out for one page need not be found out again for the next. A view
//! belongs to one request at a time.

use std::ops::Deref;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use vouch_app::{Clock, Result, Vouch};
use vouch_conform::View;

/// Views kept while nobody uses them; the oldest goes.
const KEPT: usize = 3;
/// Requests after which a view is let go, with all that it keeps.
const USES: u32 = 512;
/// How long a view of today may be used: its instant is the one at which it was made.
const AGE: SignedDuration = SignedDuration::from_secs(60);

/// A view with what says whether it may be used again.
struct Kept {
    view: View,
    /// leaves of the log when it was made
    size: u64,
    made: Timestamp,
    is_past: bool,
    uses: u32,
}

impl Kept {
    fn fits(&self, size: u64, day: Date, now: Timestamp) -> bool {
        let age = now.duration_since(self.made);
        let is_fresh = self.is_past || (SignedDuration::ZERO..AGE).contains(&age);
        self.size == size && self.view.today() == day && is_fresh
    }
}

/// Views that nobody uses at the moment, the latest last.
#[derive(Default)]
pub(crate) struct Views(Mutex<Vec<Kept>>);

impl Views {
    /// A view as of a day, today if none is given: one that was used before, else a new one.
    ///
    /// # Errors
    /// What the store says; invalid for a day after today.
    pub(crate) fn lend(self: &Arc<Self>, vouch: &Vouch, clock: &dyn Clock, as_of: Option<Date>) -> Result<Lent> {
        let (size, day, now) = (vouch.state().size(), as_of.unwrap_or_else(|| vouch.today()), clock.now());
        let found = {
            let mut kept = self.lock();
            kept.retain(|one| one.size == size);
            let place = kept.iter().rposition(|one| one.is_past == as_of.is_some() && one.fits(size, day, now));
            place.map(|place| kept.remove(place))
        };
        let kept = match found {
            Some(kept) => kept,
            None => Kept { view: vouch.view(as_of)?, size, made: now, is_past: as_of.is_some(), uses: 0 },
        };
        Ok(Lent { kept: Some(kept), views: self.clone() })
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Kept>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A view in use; it goes back when this is dropped.
pub(crate) struct Lent {
    kept: Option<Kept>,
    views: Arc<Views>,
}

impl Deref for Lent {
    type Target = View;

    fn deref(&self) -> &View {
        &self.kept.as_ref().expect("it is taken out only when this is dropped").view
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        let Some(mut kept) = self.kept.take() else { return };
        kept.uses += 1;
        // A view in whose midst a handler failed may be half computed.
        if kept.uses >= USES || std::thread::panicking() {
            return;
        }
        let mut idle = self.views.lock();
        if idle.len() >= KEPT {
            idle.remove(0);
        }
        idle.push(kept);
    }
}

#[cfg(test)]
mod tests {
    use vouch_testkit::TestApp;

    use super::*;

    #[test]
    fn a_view_is_lent_again_until_something_is_written_or_it_grows_old() {
        let app = TestApp::founded();
        let views = Arc::new(Views::default());
        let made = |as_of| views.lend(&app.vouch, &*app.clock, as_of).unwrap().kept.as_ref().map(|kept| (kept.made, kept.uses));
        let first = app.clock.now();
        assert_eq!([made(None), made(None)], [Some((first, 0)), Some((first, 1))]);
        app.clock.pass_days(1);
        assert_eq!(made(None), Some((app.clock.now(), 0)), "another day is another view");
        let yesterday = app.vouch.today().yesterday().unwrap();
        assert_eq!([made(Some(yesterday)), made(Some(yesterday))].map(|one| one.unwrap().1), [0, 1]);
        let fields = serde_json::json!({"title": "Look", "assignee": "PER-2", "due": "2026-04-01"});
        app.create("task", fields.as_object().unwrap().clone());
        assert_eq!(made(None).unwrap().1, 0, "what was written is seen");
    }

    #[test]
    fn two_requests_at_once_have_a_view_each() {
        let app = TestApp::founded();
        let views = Arc::new(Views::default());
        let lend = || views.lend(&app.vouch, &*app.clock, None).unwrap();
        let (one, other) = (lend(), lend());
        assert!(!std::ptr::eq(&raw const *one, &raw const *other));
    }
}
