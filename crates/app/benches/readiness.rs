//! How long readiness takes in a running process, over an organisation grown from the sample: asked again, after one new record, from
//! nothing, as of an earlier day; and the dearest explanation.
//!
//! Prints lines, times in milliseconds: `measure readiness_5000_ms N`, `measure readiness_5000_from_nothing_ms N`,
//! `measure readiness_5000_as_of_ms N`, `measure readiness_50000_ms N`, `measure readiness_50000_from_nothing_ms N`,
//! `measure readiness_50000_as_of_ms N`, `measure readiness_50000_write_ms N`, `measure explain_50000_ms N`; the write and the explanation
//! for 5,000 records too. `5000` or `50000` asks for one size, `--writes` leaves out what is answered from nothing, `--rules` tells what
//! each rule takes, `--compare` sets each answer after a write beside the one from nothing, `--dump FOLDER` writes the answers down.

#![allow(clippy::disallowed_methods, clippy::print_stdout, clippy::unwrap_used)]

#[path = "readiness/grown.rs"]
mod grown;

use std::sync::Arc;
use std::time::Instant;

use jiff::civil::{Date, date};
use vouch_app::demo::{Course, SeededEntropy, Story, StoryClock};
use vouch_app::{Tables, Threads, Vouch};
use vouch_conform::View;
use vouch_conform::readiness::{Current, Readiness};
use vouch_conform::view::{Basis, Bound};
use vouch_ledger::{Checkpoint, SignerKey};
use vouch_record::time::end_of_day;
use vouch_record::{Id, Leaf, State};
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

fn zone() -> jiff::tz::TimeZone {
    jiff::tz::TimeZone::get("America/New_York").unwrap()
}

fn basis(state: &Arc<State>, tables: &Tables) -> Basis {
    Basis {
        state: state.clone(),
        frameworks: tables.frameworks.clone(),
        texts: tables.texts.clone(),
        zone: zone(),
        bound: Bound { size: state.size(), ..Bound::default() },
    }
}

fn view(state: &Arc<State>, tables: &Tables, day: Date) -> View {
    View::new(basis(state, tables), day, end_of_day(day, &zone()))
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
    let wanted: Vec<String> =
        std::env::args().skip(1).filter(|argument| argument.bytes().all(|byte| byte.is_ascii_digit())).collect();
    for (label, records, leaves) in [("5000", 5_000, 100_000), ("50000", 50_000, 500_000)] {
        if !wanted.is_empty() && !wanted.iter().any(|one| one == label) {
            continue;
        }
        let begun = Instant::now();
        let mut state = State::new(sample.kinds().clone());
        for (id, leaf) in grown::grown(&sample, records, leaves) {
            state.push(Some(id), leaf).unwrap();
        }
        state.settle();
        let state = Arc::new(state);
        println!("grown to {} records, {} leaves in {:.1} s", state.records().count(), state.size(), begun.elapsed().as_secs_f64());
        let given = |word: &str| std::env::args().skip_while(|argument| argument != word).nth(1);
        if let Some(folder) = given("--dump") {
            [LAST, date(2026, 6, 30)].into_iter().for_each(|day| dump(&view(&state, &tables, day), &folder, label));
            continue;
        }
        if !std::env::args().any(|argument| argument == "--writes") {
            let today = median(5, || drop(Readiness::beside(&view(&state, &tables, LAST), &Threads)));
            println!("measure readiness_{label}_from_nothing_ms {today:.1}");
            let past = median(5, || drop(Readiness::beside(&view(&state, &tables, date(2026, 6, 30)), &Threads)));
            println!("measure readiness_{label}_as_of_ms {past:.1}");
        }
        let mut current = Current::new(Threads);
        let now = end_of_day(LAST, &zone());
        let mut ask = || drop(current.readiness(basis(&state, &tables), LAST, now));
        println!("first answer kept {:.1} ms", median(1, &mut ask));
        println!("first renewal {:.1} ms", median(1, &mut ask));
        println!("measure readiness_{label}_ms {:.1}", median(9, &mut ask));
        explained(label, &tables, |item| drop(current.explain((basis(&state, &tables), LAST, now), item, None)));
        after_writes(label, &state, &tables, &mut |state| current.readiness(basis(state, &tables), LAST, now));
        if std::env::args().any(|argument| argument == "--rules") {
            by_rule(&view(&state, &tables, LAST));
        }
    }
}

/// Readiness after one new record of each kind, which says what another of its kind says.
fn after_writes(label: &str, state: &Arc<State>, tables: &Tables, ask: &mut impl FnMut(&Arc<State>) -> Readiness) {
    let compared = std::env::args().any(|argument| argument == "--compare");
    let mut taken: Vec<(f64, String)> = Vec::new();
    let mut state = state.clone();
    for kind in state.kinds().clone().iter() {
        let Some(like) = state.of_kind(&kind.name).last().cloned() else { continue };
        let id = Id::new(&kind.prefix, state.next_number(&kind.name)).unwrap();
        let mut next = (*state).clone();
        let first = like.leaves[0].clone();
        next.push(Some(id), Leaf { seq: state.size(), time: state.last_time(), ..first }).unwrap();
        next.settle();
        state = Arc::new(next);
        let begun = Instant::now();
        let kept = ask(&state);
        taken.push((begun.elapsed().as_secs_f64() * 1000.0, kind.name.clone()));
        if compared {
            let anew = Readiness::beside(&view(&state, tables, LAST), &Threads);
            assert!(format!("{kept:?}") == format!("{anew:?}"), "a new {} gives another answer than from nothing", kind.name);
        }
    }
    taken.sort_by(|a, b| a.0.total_cmp(&b.0));
    let at = |share: usize| taken[(taken.len() - 1) * share / 100].0;
    println!("measure readiness_{label}_write_ms {:.1}", at(50));
    println!("after one new record: nine in ten kinds {:.1} ms, worst {:?}", at(90), &taken[taken.len().saturating_sub(4)..]);
}

/// The dearest explanations in a running process, which keeps what its answer rests on.
fn explained(label: &str, tables: &Tables, mut explain: impl FnMut(&str)) {
    let mut taken: Vec<(f64, String)> = Vec::new();
    for item in tables.frameworks.items() {
        taken.push((median(1, || explain(&item.id)), item.id.clone()));
    }
    taken.sort_by(|a, b| b.0.total_cmp(&a.0));
    println!("measure explain_{label}_ms {:.1}", taken[0].0);
    println!("dearest explanations {:?}", &taken[..6.min(taken.len())]);
}

/// Writes every answer into a folder, so that two builds can be compared byte for byte.
fn dump(view: &View, folder: &str, label: &str) {
    let write = |name: String, text: String| std::fs::write(std::path::Path::new(folder).join(name), text).unwrap();
    write(
        format!("{label}-{}-readiness.json", view.today()),
        serde_json::to_string_pretty(&Readiness::beside(view, &Threads)).unwrap(),
    );
    for item in view.frameworks().items() {
        let explanation = vouch_conform::readiness::explain(view, &item.id, None);
        write(format!("{label}-{}-{}.json", view.today(), item.id), serde_json::to_string_pretty(&explanation).unwrap());
    }
}

/// Milliseconds that this thread has run: other work on the machine does not count.
fn on_processor() -> f64 {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    told.split(' ').next().and_then(|nanoseconds| nanoseconds.parse::<f64>().ok()).unwrap_or_default() / 1e6
}

/// What each rule takes, in one view, one after the other.
fn by_rule(view: &View) {
    let mut taken: Vec<(f64, &str)> = Vec::new();
    for check in vouch_conform::check::CHECKS {
        for rule in check.rules {
            let begun = on_processor();
            drop((rule.judge)(view));
            taken.push((on_processor() - begun, rule.id));
        }
    }
    println!("{:9.3} ms  all rules", taken.iter().map(|(milliseconds, _)| milliseconds).sum::<f64>());
    taken.sort_by(|a, b| b.0.total_cmp(&a.0));
    for (milliseconds, id) in taken.iter().take(60) {
        println!("{milliseconds:9.3} ms  {id}");
    }
}
