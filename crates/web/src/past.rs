//! Depths on past days. A past day does not change, so each is computed once, on a thread of its own; pages show what is there.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use jiff::civil::Date;
use vouch_conform::Readiness;
use vouch_conform::readiness::Depths;

use crate::site::Site;

/// Days kept.
const KEPT: usize = 64;

/// What is known of past days.
#[derive(Default)]
pub(crate) struct Past {
    kept: Mutex<BTreeMap<Date, (u64, Depths)>>,
    is_served: AtomicBool,
    is_running: AtomicBool,
}

impl Past {
    /// From here on days that are asked for are computed; before, pages do without.
    pub(crate) fn begin(&self) {
        self.is_served.store(true, Ordering::SeqCst);
    }

    /// The depths of a day that counted so many leaves, if they are known.
    pub(crate) fn depths(&self, day: Date, cut: u64) -> Option<Depths> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.get(&day).filter(|(known, _)| *known == cut).map(|(_, depths)| *depths)
    }

    /// How many days are known: an answer that shows them is another when there are more.
    pub(crate) fn known(&self) -> usize {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// Has days computed, the latest first, unless that is under way.
    pub(crate) fn ask(site: &Arc<Site>, mut days: Vec<Date>) {
        let this = &site.past;
        if days.is_empty() || !this.is_served.load(Ordering::SeqCst) || this.is_running.swap(true, Ordering::SeqCst) {
            return;
        }
        days.sort_unstable_by(|a, b| b.cmp(a));
        let site = site.clone();
        std::thread::spawn(move || {
            for day in days {
                // A day that cannot be asked for has no point in the figure.
                let Ok(view) = site.vouch.view(Some(day)) else { continue };
                let depths = Readiness::of(&view).depths;
                let mut kept = site.past.kept.lock().unwrap_or_else(PoisonError::into_inner);
                kept.insert(day, (view.cut(), depths));
                while kept.len() > KEPT {
                    kept.pop_first();
                }
            }
            site.past.is_running.store(false, Ordering::SeqCst);
        });
    }
}
