//! How long 10,000 rows of the inventory's form take to be imported, durable, into a new folder.
//!
//! Prints `measure import_10000_rows_s SECONDS`.

#![allow(clippy::disallowed_methods, clippy::print_stdout, clippy::unwrap_used)]

#[path = "import/rows.rs"]
mod rows;

use std::io::Cursor;
use std::time::Instant;

use vouch_app::Acting;
use vouch_app::import::preset::Preset;
use vouch_app::import::{Mode, Order, Source};
use vouch_testkit::TestApp;

fn main() {
    let folder = tempfile::tempdir().unwrap();
    let app = TestApp::in_folder(folder.path());
    app.found();
    let bytes = rows::table(10_000);
    let source = Source::of("rows.csv", &mut Cursor::new(&bytes)).unwrap();
    let mapping = Preset::named("omb-2024").and_then(|preset| preset.mapping()).unwrap();
    let order = Order { file: Cursor::new(bytes), mapping, source, mode: Mode::Whole, progress: Box::new(|_| Ok(())) };
    let begun = Instant::now();
    let (report, written) = app.vouch.import(Acting::local("PER-1".parse().unwrap()), order).unwrap();
    let seconds = begun.elapsed().as_secs_f64();
    assert!(written && report.rows == 10_000, "{} rows", report.rows);
    println!("measure import_10000_rows_s {seconds:.2}");
}
