//! Peak memory of the CSV reader and mapper, the records' own state apart, at 1,000 and 100,000 rows.
//!
//! Each size runs in a process of its own, so that one peak does not hide the other. Prints `measure peak_1000_rows_mib MIB` and
//! `measure peak_100000_rows_mib MIB`: the peak above what the process held before it read.

#![allow(clippy::disallowed_methods, clippy::print_stdout, clippy::unwrap_used)]

#[path = "import/rows.rs"]
mod rows;

use std::fs::File;
use std::process::Command;

use vouch_app::import::preset::Preset;
use vouch_app::import::proposal::Rows;
use vouch_app::import::table::{Options, Table};

fn main() {
    if let Ok(path) = std::env::var("VOUCH_BENCH_TABLE") {
        let before = resident("VmRSS:");
        read(&path);
        println!("{:.1}", (resident("VmHWM:") - before) / 1024.0);
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    for rows in [1_000, 100_000] {
        let path = folder.path().join(format!("{rows}.csv"));
        std::fs::write(&path, rows::table(rows)).unwrap();
        let output = Command::new(std::env::current_exe().unwrap()).env("VOUCH_BENCH_TABLE", &path).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        println!("measure peak_{rows}_rows_mib {}", String::from_utf8_lossy(&output.stdout).trim());
    }
}

/// Reads every row through the mapping and lets it go.
fn read(path: &str) {
    let mapping = Preset::named("omb-2024").and_then(|preset| preset.mapping()).unwrap();
    let names = mapping.known_names();
    let known = |name: &str| names.contains(name);
    let table = Table::open(File::open(path).unwrap(), &Options { known: Some(&known), ..Options::default() }).unwrap();
    let rows = Rows::new(table, &mapping, b"salt").unwrap().fold(0, |rows, row| row.map(|_| rows + 1).unwrap());
    assert!(rows >= 1_000, "{rows}");
}

/// A line of the process' status, in KiB.
fn resident(name: &str) -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}
