//! Measures against the bars we hold, written to docs/PERFORMANCE.md with machine, commit and method.
//!
//! A measure is never a test: a slow machine fails nobody's build. What only a crate can measure (allocations, one core's rate) is a
//! `cargo bench` target of that crate; what a user feels (a command, a build) is timed here.

mod machine;
mod page;
mod take;
mod web;

use std::fmt;

use anyhow::{Result, bail};

use crate::project::Project;
use take::Take;
use web::Figure;

/// Something measured.
struct Measure {
    /// what it is called on the command line
    name: &'static str,
    /// what is done
    work: &'static str,
    /// what we hold
    bar: Bar,
    /// how it is taken
    take: Take,
    /// how, in words
    method: &'static str,
}

impl Measure {
    /// Whether it is meant by a name: its own, or the first word of it.
    fn is(&self, name: &str) -> bool {
        self.name == name || self.name.split_once('-').is_some_and(|(first, _)| first == name)
    }
}

/// The value that is held, in the unit behind it.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Bar {
    AtMost(f64, &'static str),
    AtLeast(f64, &'static str),
}

impl Bar {
    fn holds(self, value: f64) -> bool {
        match self {
            Self::AtMost(bar, _) => value <= bar,
            Self::AtLeast(bar, _) => value >= bar,
        }
    }

    const fn unit(self) -> &'static str {
        match self {
            Self::AtMost(_, unit) | Self::AtLeast(_, unit) => unit,
        }
    }
}

impl fmt::Display for Bar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AtMost(bar, unit) => write!(f, "≤ {} {unit}", page::number(*bar)),
            Self::AtLeast(bar, unit) => write!(f, "≥ {} {unit}", page::number(*bar)),
        }
    }
}

const MEASURES: [Measure; 37] = [
    Measure {
        name: "import",
        work: "import 10,000 rows of the inventory's form, durable",
        bar: Bar::AtMost(10.0, "s"),
        take: Take::Printed { package: "vouch-app", target: "import", arguments: &[], label: "import_10000_rows_s" },
        method: "whole use case into SQLite on disk, synchronous=FULL; median of the runs of the bench target",
    },
    Measure {
        name: "import-memory-small",
        work: "CSV reader and mapper at 1,000 rows, peak",
        bar: Bar::AtMost(32.0, "MiB"),
        take: Take::Printed { package: "vouch-app", target: "import_memory", arguments: &[], label: "peak_1000_rows_mib" },
        method: "counting allocator, records' own state apart",
    },
    Measure {
        name: "import-memory-large",
        work: "CSV reader and mapper at 100,000 rows, peak",
        bar: Bar::AtMost(32.0, "MiB"),
        take: Take::Printed { package: "vouch-app", target: "import_memory", arguments: &[], label: "peak_100000_rows_mib" },
        method: "counting allocator, records' own state apart",
    },
    Measure {
        name: "verify-leaves",
        work: "verify an export, leaves and tree, per core",
        bar: Bar::AtLeast(1_000_000.0, "leaves/s"),
        take: Take::Rate { package: "vouch-ledger", target: "verify", bench: "verify_leaves_with_bodies_withheld" },
        method: "the whole verification of 200,000 leaves in memory, every body withheld; divan, median",
    },
    Measure {
        name: "verify-bodies",
        work: "verify an export, bodies of 12 fields, per core",
        bar: Bar::AtLeast(50_000.0, "leaves/s"),
        take: Take::Rate { package: "vouch-ledger", target: "verify", bench: "verify_bodies_of_twelve_fields" },
        method: "the whole verification of 20,000 leaves in memory, every body shown; divan, median",
    },
    Measure {
        name: "demo",
        work: "`vouch demo` from nothing to its answer",
        bar: Bar::AtMost(5.0, "s"),
        take: Take::Command { arguments: &["demo", "--seed", "1", "--no-serve"], runs: 5 },
        method: "release build, new folder each time; median of 5 runs",
    },
    Measure {
        name: "build-clean",
        work: "clean `cargo build --release`",
        bar: Bar::AtMost(300.0, "s"),
        take: Take::CleanBuild,
        method: "empty target folder, crates already downloaded; one run",
    },
    Measure {
        name: "build-check",
        work: "`cargo build --release` after a change in one check",
        bar: Bar::AtMost(30.0, "s"),
        take: Take::RebuildAfterCheck,
        method: "a step added to one rule, then taken back; one run",
    },
    Measure {
        name: "readiness-5000",
        work: "readiness, 5,000 records and 100,000 leaves, asked again in a running process",
        bar: Bar::AtMost(25.0, "ms"),
        take: Take::Printed { package: "vouch-app", target: "readiness", arguments: &[], label: "readiness_5000_ms" },
        method: "the kept answer renewed; every rule that rests on the instant is judged again; median of 9",
    },
    Measure {
        name: "readiness-5000-from-nothing",
        work: "readiness, 5,000 records and 100,000 leaves, from nothing with the state in memory",
        bar: Bar::AtMost(25.0, "ms"),
        take: Take::Printed { package: "vouch-app", target: "readiness", arguments: &[], label: "readiness_5000_from_nothing_ms" },
        method: "a new view, all 70 items, two threads; median of 5",
    },
    Measure {
        name: "readiness-5000-as-of",
        work: "readiness as of an earlier day, 5,000 records and 100,000 leaves, from nothing",
        bar: Bar::AtMost(75.0, "ms"),
        take: Take::Printed { package: "vouch-app", target: "readiness", arguments: &[], label: "readiness_5000_as_of_ms" },
        method: "a new view as of 2026-06-30; median of 5",
    },
    Measure {
        name: "readiness-50000",
        work: "readiness, 50,000 records and 500,000 leaves, asked again in a running process",
        bar: Bar::AtMost(250.0, "ms"),
        take: Take::Printed { package: "vouch-app", target: "readiness", arguments: &[], label: "readiness_50000_ms" },
        method: "as at 5,000",
    },
    Measure {
        name: "readiness-50000-from-nothing",
        work: "readiness, 50,000 records and 500,000 leaves, from nothing with the state in memory",
        bar: Bar::AtMost(250.0, "ms"),
        take: Take::Printed { package: "vouch-app", target: "readiness", arguments: &[], label: "readiness_50000_from_nothing_ms" },
        method: "as at 5,000",
    },
    Measure {
        name: "readiness-50000-as-of",
        work: "readiness as of an earlier day, 50,000 records and 500,000 leaves, from nothing",
        bar: Bar::AtMost(750.0, "ms"),
        take: Take::Printed { package: "vouch-app", target: "readiness", arguments: &[], label: "readiness_50000_as_of_ms" },
        method: "as at 5,000",
    },
    Measure {
        name: "readiness-write",
        work: "readiness after one new record, at 50,000 records",
        bar: Bar::AtMost(10.0, "ms"),
        take: Take::Printed { package: "vouch-app", target: "readiness", arguments: &[], label: "readiness_50000_write_ms" },
        method: "one record of each kind in turn, each saying what another of its kind says; median over the kinds",
    },
    Measure {
        name: "readiness-start",
        work: "readiness from process start, over the sample that `vouch demo` makes",
        bar: Bar::AtMost(1000.0, "ms"),
        take: Take::Started { made_by: &["demo", "--seed", "1", "--no-serve"], arguments: &["readiness", "--json"], runs: 9 },
        method: "release build: the program is started, opens the store and prints the answer; median of 9 runs",
    },
    Measure {
        name: "explain",
        work: "explain of any requirement, at 50,000 records",
        bar: Bar::AtMost(50.0, "ms"),
        take: Take::Printed { package: "vouch-app", target: "readiness", arguments: &[], label: "explain_50000_ms" },
        method: "each of 70 items in a running process, whose answer is kept; the dearest",
    },
    Measure {
        name: "web-server",
        work: "pages of 10,000 systems and 50,000 records, server, 19 of 20 answers",
        bar: Bar::AtMost(20.0, "ms"),
        take: Take::Web(Figure::Server),
        method: "24 pages, each 20 times over loopback after one that is not counted; 50 rows of the lists",
    },
    Measure {
        name: "web-dearest",
        work: "the dearest of these pages, server",
        bar: Bar::AtMost(20.0, "ms"),
        take: Take::Web(Figure::Dearest),
        method: "median of 20; the bench prints each page",
    },
    Measure {
        name: "web-paint",
        work: "list of systems, first contentful paint above that of a blank page, warm",
        bar: Bar::AtMost(80.0, "ms"),
        take: Take::Web(Figure::Paint),
        method: "headless Chromium, medians of 9 each",
    },
    Measure {
        name: "web-cold",
        work: "list of systems, first visit, on the wire",
        bar: Bar::AtMost(110.0, "kB"),
        take: Take::Web(Figure::Cold),
        method: "headless Chromium with an empty cache, headers counted",
    },
    Measure {
        name: "web-requests",
        work: "list of systems, first visit, requests",
        bar: Bar::AtMost(8.0, "requests"),
        take: Take::Web(Figure::Requests),
        method: "headless Chromium with an empty cache",
    },
    Measure {
        name: "web-warm",
        work: "the largest of these pages, compressed",
        bar: Bar::AtMost(15.0, "kB"),
        take: Take::Web(Figure::Warm),
        method: "body on the wire; all else is there already",
    },
    Measure {
        name: "web-script",
        work: "scripts of a page, compressed",
        bar: Bar::AtMost(25.0, "kB"),
        take: Take::Web(Figure::Script),
        method: "headless Chromium, headers counted",
    },
    Measure {
        name: "web-style",
        work: "style of a page, compressed",
        bar: Bar::AtMost(14.0, "kB"),
        take: Take::Web(Figure::Style),
        method: "headless Chromium, headers counted",
    },
    Measure {
        name: "web-thread",
        work: "list of systems, main thread",
        bar: Bar::AtMost(120.0, "ms"),
        take: Take::Web(Figure::Thread),
        method: "headless Chromium, time of tasks until 300 ms after load; median of 9",
    },
    Measure {
        name: "web-shift",
        work: "list of systems, layout shift",
        bar: Bar::AtMost(0.0, "of the page"),
        take: Take::Web(Figure::Shift),
        method: "headless Chromium, the greatest of 9",
    },
    Measure {
        name: "web-start",
        work: "start of the server to the whole of its first page, 100,000 revisions",
        bar: Bar::AtMost(300.0, "ms"),
        take: Take::Web(Figure::Start),
        method: "from the start of the process through the one-time link to the overview; median of 3",
    },
    Measure {
        name: "web-resident",
        work: "resident memory of the server after these pages, 100,000 revisions",
        bar: Bar::AtMost(120.0, "MB"),
        take: Take::Web(Figure::Resident),
        method: "VmRSS",
    },
    Measure {
        name: "append",
        work: "durable appends, 64 writers",
        bar: Bar::AtLeast(10_000.0, "/s"),
        take: Take::Printed { package: "vouch-store", target: "append", arguments: &[], label: "append_sqlite_per_s" },
        method: "SQLite on disk, one fsync for each commit, bodies of 1.4 KB with list row, two links and search; 5 s",
    },
    Measure {
        name: "append-wait",
        work: "durable appends, 64 writers, p50 of one",
        bar: Bar::AtMost(20.0, "ms"),
        take: Take::Printed { package: "vouch-store", target: "append", arguments: &[], label: "append_sqlite_p50_ms" },
        method: "as above",
    },
    Measure {
        name: "append-alone",
        work: "durable append, one writer, p50",
        bar: Bar::AtMost(5.0, "x one fdatasync"),
        take: Take::Printed { package: "vouch-store", target: "append", arguments: &[], label: "append_alone_ratio" },
        method: "SQLite on disk; the same disk in the same run, before and after",
    },
    Measure {
        name: "append-postgres",
        work: "durable appends, 64 writers, PostgreSQL",
        bar: Bar::AtLeast(5_000.0, "/s"),
        take: Take::Printed {
            package: "vouch-store",
            target: "append",
            arguments: &["--database", "new"],
            label: "append_postgres_1_per_s",
        },
        method: "a server of its own on the same machine with usual settings; leaves as above; 5 s",
    },
    Measure {
        name: "append-postgres-2",
        work: "durable appends, 2 processes of 64 writers, PostgreSQL",
        bar: Bar::AtLeast(5_000.0, "/s"),
        take: Take::Printed {
            package: "vouch-store",
            target: "append",
            arguments: &["--database", "new", "--processes", "2"],
            label: "append_postgres_2_per_s",
        },
        method: "as with one process",
    },
    Measure {
        name: "append-postgres-4",
        work: "durable appends, 4 processes of 64 writers, PostgreSQL",
        bar: Bar::AtLeast(5_000.0, "/s"),
        take: Take::Printed {
            package: "vouch-store",
            target: "append",
            arguments: &["--database", "new", "--processes", "4"],
            label: "append_postgres_4_per_s",
        },
        method: "as with one process",
    },
    Measure {
        name: "fsck",
        work: "`fsck` of 1,000,000 leaves with bodies of 12 fields",
        bar: Bar::AtMost(25.0, "s"),
        take: Take::Printed { package: "vouch-app", target: "fsck", arguments: &[], label: "fsck_s" },
        method: "250,000 records of four revisions in SQLite on disk, state in memory; log and rows in two threads; one run",
    },
    Measure {
        name: "proof",
        work: "inclusion proof from a log of 10,000,000 leaves",
        bar: Bar::AtMost(1.0, "ms"),
        take: Take::Printed { package: "vouch-store", target: "proof", arguments: &[], label: "proof_ms" },
        method: "SQLite on disk, a snapshot and five tiles for each; p50 of 2,000 all over the log",
    },
];

/// Takes the named measures, all if none is named, writes their rows, and fails if a bar is missed.
pub(crate) fn run(project: &Project, names: &[String]) -> Result<()> {
    if let Some(unknown) = names.iter().find(|name| MEASURES.iter().all(|measure| !measure.is(name))) {
        let known: Vec<&str> = MEASURES.iter().map(|measure| measure.name).collect();
        bail!("nothing named `{unknown}` is measured; there are {}", known.join(", "));
    }
    let machine = machine::describe(project)?;
    let commit = machine::commit(project)?;
    let mut missed = Vec::new();
    for measure in MEASURES.iter().filter(|measure| names.is_empty() || names.iter().any(|name| measure.is(name))) {
        println!("== {}: {}, bar {}", measure.name, measure.work, measure.bar);
        let value = match measure.take.value(project) {
            Ok(value) => value,
            Err(error) => {
                println!("error: {error:#}");
                missed.push(measure.name);
                continue;
            }
        };
        let holds = measure.bar.holds(value);
        println!("{} {}{}", page::number(value), measure.bar.unit(), if holds { "" } else { ", the bar is missed" });
        if !holds {
            missed.push(measure.name);
        }
        let row = page::Row {
            work: measure.work,
            bar: measure.bar.to_string(),
            measured: format!("{} {}{}", page::number(value), measure.bar.unit(), if holds { "" } else { " (missed)" }),
            method: measure.method,
            machine: &machine,
            commit: &commit,
        };
        page::write(project, &row)?;
    }
    if !missed.is_empty() {
        bail!("not held: {}", missed.join(", "));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_is_held_from_its_own_side() {
        assert!(Bar::AtMost(5.0, "s").holds(5.0) && !Bar::AtMost(5.0, "s").holds(5.1));
        assert!(Bar::AtLeast(5.0, "/s").holds(5.0) && !Bar::AtLeast(5.0, "/s").holds(4.9));
        assert_eq!(Bar::AtLeast(1_000_000.0, "leaves/s").to_string(), "≥ 1,000,000 leaves/s");
    }

    #[test]
    fn what_a_bench_target_is_asked_for_stands_in_it() {
        let project = Project::find().unwrap();
        for measure in &MEASURES {
            let (package, target, wanted) = match measure.take {
                Take::Printed { package, target, label, .. } => (package, target, format!("`measure {label} ")),
                Take::Rate { package, target, bench } => (package, target, format!("fn {bench}(")),
                _ => continue,
            };
            let folder = package.strip_prefix("vouch-").unwrap();
            let source = project.read(&format!("crates/{folder}/benches/{target}.rs")).unwrap();
            assert!(source.contains(&wanted), "{}: `{wanted}` does not stand in the bench target `{target}`", measure.name);
        }
    }

    #[test]
    fn measures_are_told_apart_by_name_and_by_work() {
        for (index, measure) in MEASURES.iter().enumerate() {
            let twin = |other: &Measure| other.name == measure.name || other.work == measure.work;
            assert!(!MEASURES[index + 1..].iter().any(twin), "{}", measure.name);
        }
    }
}
