//! How long readiness takes in a running process, over an organisation grown from the sample.
//!
//! Prints lines `measure LABEL MILLISECONDS`.

#![allow(clippy::disallowed_methods, clippy::print_stdout, clippy::unwrap_used)]

#[path = "readiness/grown.rs"]
mod grown;

use std::sync::Arc;
use std::time::Instant;

use jiff::civil::{Date, date};
use vouch_app::demo::{Course, SeededEntropy, Story, StoryClock};
use vouch_app::{Tables, Vouch};
use vouch_conform::View;
use vouch_conform::readiness::Readiness;
use vouch_conform::view::{Basis, Bound};
use vouch_ledger::{Checkpoint, SignerKey};
use vouch_record::State;
use vouch_store::{Head, Refusal, Settings, Signer, Snapshot, Sqlite};

const LAST: Date = date(2026, 11, 20);

struct TestSigner(SignerKey);

impl Signer for TestSigner {
    fn sign(&self, head: &Head, _: &dyn Snapshot) -> Result<Vec<u8>, Refusal> {
        let origin = self.0.verifier().name().to_owned();
        Ok(Checkpoint { origin, size: head.size, root: head.root }.sign(&self.0)?.to_bytes())
    }
}

fn sample(tables: &Tables) -> Arc<State> {
    let story = Story { seed: 1, until: LAST, course: Course::Lived };
    let key = SignerKey::from_seed(&story.origin(), &[9; 32]).unwrap();
    let store = Arc::new(Sqlite::memory(Arc::new(TestSigner(key)), Settings::default()).unwrap());
    let (clock, entropy) = (Arc::new(StoryClock::default()), Arc::new(SeededEntropy::new(1)));
    let vouch = Vouch::open(store, tables.clone(), story.origin(), clock.clone(), entropy).unwrap();
    story.live(&vouch, &clock).unwrap();
    vouch.state()
}

fn view(state: &Arc<State>, tables: &Tables, day: Date) -> View {
    let zone = jiff::tz::TimeZone::get("America/New_York").unwrap();
    let now = vouch_record::time::end_of_day(day, &zone);
    let basis = Basis {
        state: state.clone(),
        frameworks: tables.frameworks.clone(),
        texts: tables.texts.clone(),
        zone,
        bound: Bound { size: state.size(), ..Bound::default() },
    };
    View::new(basis, day, now)
}

fn median(runs: usize, mut work: impl FnMut()) -> f64 {
    let mut times: Vec<f64> = (0..runs)
        .map(|_| {
            let begun = Instant::now();
            work();
            begun.elapsed().as_secs_f64() * 1000.0
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

fn main() {
    let tables = vouch_testkit::tables();
    let sample = sample(&tables);
    for (label, records, leaves) in [("5000", 5_000, 100_000), ("50000", 50_000, 500_000)] {
        let begun = Instant::now();
        let mut state = State::new(sample.kinds().clone());
        for (id, leaf) in grown::grown(&sample, records, leaves) {
            state.push(Some(id), leaf).unwrap();
        }
        state.settle();
        let state = Arc::new(state);
        println!("grown to {} records, {} leaves in {:.1} s", state.records().count(), state.size(), begun.elapsed().as_secs_f64());
        let first = median(1, || drop(Readiness::of(&view(&state, &tables, LAST))));
        println!("measure readiness_{label}_first_ms {first:.1}");
        let today = median(9, || drop(Readiness::of(&view(&state, &tables, LAST))));
        println!("measure readiness_{label}_ms {today:.1}");
        let past = median(9, || drop(Readiness::of(&view(&state, &tables, date(2026, 6, 30)))));
        println!("measure readiness_{label}_as_of_ms {past:.1}");
        if std::env::args().any(|argument| argument == "--rules") {
            by_rule(&view(&state, &tables, LAST));
        }
    }
}

/// What each rule takes, in one view, one after the other.
fn by_rule(view: &View) {
    let mut taken: Vec<(f64, &str)> = Vec::new();
    for check in vouch_conform::check::CHECKS {
        for rule in check.rules {
            let begun = Instant::now();
            drop((rule.judge)(view));
            taken.push((begun.elapsed().as_secs_f64() * 1000.0, rule.id));
        }
    }
    taken.sort_by(|a, b| b.0.total_cmp(&a.0));
    for (milliseconds, id) in taken.iter().take(40) {
        println!("{milliseconds:9.3} ms  {id}");
    }
}
