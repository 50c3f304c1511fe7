//! Whether the log verifies: found out on a thread of its own, and again for what is added.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use vouch_app::ledger::Watch;

use crate::site::Site;

/// What is known of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Known {
    /// every leaf, body, root and signature holds up to this size
    Verified(u64),
    /// so many of so many leaves are done
    Checking(u64, u64),
    /// something does not hold
    Broken(Vec<String>),
}

/// The state of the log's verification.
#[derive(Default)]
pub(crate) struct Verification {
    watch: Mutex<Watch>,
    running: AtomicBool,
    done: AtomicU64,
    all: AtomicU64,
    broken: Mutex<Vec<String>>,
}

impl Verification {
    /// What is known now; nothing waits here.
    pub(crate) fn known(&self) -> Known {
        let broken = self.broken.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let (done, all) = (self.done.load(Ordering::SeqCst), self.all.load(Ordering::SeqCst));
        match (broken.is_empty(), done < all || all == 0) {
            (false, _) => Known::Broken(broken),
            (true, true) => Known::Checking(done, all),
            (true, false) => Known::Verified(done),
        }
    }

    /// One word for the state: an answer that shows it is another when it changes.
    pub(crate) fn word(&self) -> &'static str {
        match self.known() {
            Known::Verified(_) => "verified",
            Known::Checking(..) => "checking",
            Known::Broken(_) => "broken",
        }
    }

    /// Verifies what is not verified yet, unless that is under way.
    pub(crate) fn catch_up(site: &Arc<Site>) {
        let this = &site.verification;
        let size = site.vouch.state().size();
        this.all.store(size, Ordering::SeqCst);
        if this.done.load(Ordering::SeqCst) == size || this.running.swap(true, Ordering::SeqCst) {
            return;
        }
        let site = site.clone();
        std::thread::spawn(move || {
            site.verification.follow(&site);
            site.verification.running.store(false, Ordering::SeqCst);
        });
    }

    /// Forgets what was found and begins from the first leaf.
    pub(crate) fn again(site: &Arc<Site>) {
        let this = &site.verification;
        *this.watch.lock().unwrap_or_else(PoisonError::into_inner) = Watch::default();
        this.broken.lock().unwrap_or_else(PoisonError::into_inner).clear();
        this.done.store(0, Ordering::SeqCst);
        Self::catch_up(site);
    }

    fn follow(&self, site: &Site) {
        let mut watch = self.watch.lock().unwrap_or_else(PoisonError::into_inner);
        let told = site.vouch.follow(&mut watch, &site.settings.key, &mut |done, all| {
            self.done.store(done.min(all.saturating_sub(1)), Ordering::SeqCst);
            self.all.fetch_max(all, Ordering::SeqCst);
            true
        });
        let mut faults = watch.faults().to_vec();
        if let Err(error) = told {
            faults.push(error.message);
        }
        *self.broken.lock().unwrap_or_else(PoisonError::into_inner) = faults;
        self.done.store(watch.size(), Ordering::SeqCst);
    }
}
