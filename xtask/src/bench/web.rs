//! Pages as they are served: the release build over an organisation of 10,000 systems and more than 50,000 records, asked over loopback
//! and looked at in Chromium.

#[path = "../../../crates/cli/tests/browser/driver.rs"]
#[allow(dead_code, clippy::missing_docs_in_private_items, reason = "the browser tests use the rest")]
mod driver;
mod house;

use std::collections::BTreeMap;
use std::sync::OnceLock;
use std::time::Instant;

use anyhow::{Context as _, Result, anyhow, bail};
use serde_json::{Value, json};

use self::driver::{Browser, Look};
use self::house::House;
use super::take::median;
use crate::project::Project;

/// What is measured of pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Figure {
    /// ms in which 19 of 20 answers are there
    Server,
    /// ms of the dearest page's median
    Dearest,
    /// ms from a page asked for to its first paint, above that of a blank page
    Paint,
    /// kB of a first visit
    Cold,
    /// requests of a first visit
    Requests,
    /// kB of the largest page, everything else being there already
    Warm,
    /// kB of all scripts
    Script,
    /// kB of the style sheet
    Style,
    /// ms of the main thread for a page
    Thread,
    /// layout shift
    Shift,
    /// ms from the start to the first page
    Start,
    /// MB resident after the pages were asked for
    Resident,
}

/// Pages asked for: each list, and a record of each that has a page of its own.
const PAGES: [&str; 24] = [
    "/",
    "/my-work",
    "/gaps",
    "/requirements/A.6.2.4",
    "/systems",
    "/systems?q=face&tier=high",
    "/systems?page=100",
    "/systems/SYS-50",
    "/systems/SYS-5000",
    "/risks",
    "/risks/RSK-1",
    "/impact",
    "/soa",
    "/soa/A.6.2.4",
    "/documents",
    "/documents/DOC-4",
    "/evidence",
    "/records/SYS-5000",
    "/incidents",
    "/suppliers",
    "/suppliers/SUP-1",
    "/kinds/dataset",
    "/measures",
    "/search?q=camera",
];
/// Times each page is asked for.
const TIMES: usize = 20;
/// The page that is looked at in the browser.
const LIST: &str = "/systems";
/// A page with one word.
const BLANK: &str = "data:text/html,<!doctype html><p>Blank";

/// One figure; all are taken when the first is asked for.
pub(crate) fn value(project: &Project, figure: Figure) -> Result<f64> {
    static TAKEN: OnceLock<Result<BTreeMap<Figure, f64>, String>> = OnceLock::new();
    let taken = TAKEN.get_or_init(|| all(project).map_err(|error| format!("{error:#}")));
    let figures = taken.as_ref().map_err(|error| anyhow!("{error}"))?;
    figures.get(&figure).copied().context("the browser did not tell it")
}

fn all(project: &Project) -> Result<BTreeMap<Figure, f64>> {
    let folder = house::folder(project)?;
    let mut figures = BTreeMap::new();
    figures.insert(Figure::Start, start(project, &folder)?);
    let house = House::open(project, &folder)?;
    let cookie = house.sign_in()?;
    served(&house, &cookie, &mut figures)?;
    figures.insert(Figure::Resident, house.resident_mb()?);
    drop(house);
    looked_at(project, &folder, &mut figures)?;
    Ok(figures)
}

/// From the start to the whole of the first page; the median of three.
fn start(project: &Project, folder: &std::path::Path) -> Result<f64> {
    let mut times = Vec::new();
    for _ in 0..3 {
        let begun = Instant::now();
        let house = House::open(project, folder)?;
        let cookie = house.sign_in()?;
        house.get("/", &cookie)?;
        times.push(begun.elapsed().as_secs_f64() * 1e3);
    }
    median(&mut times).context("three runs have a median")
}

fn served(house: &House, cookie: &str, figures: &mut BTreeMap<Figure, f64>) -> Result<()> {
    let (mut all, mut dearest, mut largest) = (Vec::new(), (0.0_f64, ""), (0, ""));
    for page in PAGES {
        let mut size = house.get(page, cookie)?;
        let mut times = Vec::new();
        for _ in 0..TIMES {
            let begun = Instant::now();
            size = house.get(page, cookie)?;
            times.push(begun.elapsed().as_secs_f64() * 1e3);
        }
        let middle = median(&mut times).unwrap_or_default();
        println!("   {page}: {middle:.1} ms, {:.1} kB", size as f64 / 1e3);
        dearest = if middle > dearest.0 { (middle, page) } else { dearest };
        largest = if size > largest.0 { (size, page) } else { largest };
        all.extend(times);
    }
    println!("   dearest {}, largest {}", dearest.1, largest.1);
    all.sort_by(f64::total_cmp);
    figures.insert(Figure::Server, all[all.len() * 19 / 20]);
    figures.insert(Figure::Dearest, dearest.0);
    figures.insert(Figure::Warm, largest.0 as f64 / 1e3);
    Ok(())
}

/// What a page tells of itself: bytes and kinds of what it loaded, first paint, layout shift.
const TELL: &str = "const done = arguments[arguments.length - 1]; let shift = 0; \
    new PerformanceObserver(list => { for (const one of list.getEntries()) shift += one.value; }).observe({type: 'layout-shift', buffered: true}); \
    setTimeout(() => { const entries = [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]; \
    const paint = performance.getEntriesByName('first-contentful-paint')[0]; \
    done({shift, paint: paint ? paint.startTime : null, loaded: entries.map(one => [one.name, one.encodedBodySize, one.transferSize])}); }, 300);";

fn looked_at(project: &Project, folder: &std::path::Path, figures: &mut BTreeMap<Figure, f64>) -> Result<()> {
    let house = House::open(project, folder)?;
    // The rules are judged before anything is timed.
    let browser = Browser::start(Look::DESK);
    browser.go(&house.link);
    browser.tool("Network.enable", &json!({}));
    browser.tool("Network.clearBrowserCache", &json!({}));
    browser.go(&house.at(LIST));
    let first = loaded(&browser.run(TELL, &json!([])))?;
    let bytes = |of: &dyn Fn(&str) -> bool| first.iter().filter(|(name, _)| of(name)).map(|(_, size)| size).sum::<f64>() / 1e3;
    figures.insert(Figure::Cold, bytes(&|_| true));
    figures.insert(Figure::Requests, first.len() as f64);
    figures.insert(Figure::Script, bytes(&|name| name.ends_with(".js")));
    figures.insert(Figure::Style, bytes(&|name| name.ends_with(".css")));
    let (mut paints, mut blanks, mut threads, mut shift) = (Vec::new(), Vec::new(), Vec::new(), 0.0_f64);
    browser.tool("Performance.enable", &json!({}));
    for _ in 0..9 {
        browser.go(BLANK);
        blanks.extend(browser.run(TELL, &json!([]))["paint"].as_f64());
        let before = thread_ms(&browser);
        browser.go(&house.at(LIST));
        let told = browser.run(TELL, &json!([]));
        threads.push(thread_ms(&browser) - before);
        paints.extend(told["paint"].as_f64());
        shift = shift.max(told["shift"].as_f64().unwrap_or_default());
    }
    let (page, blank) = (median(&mut paints), median(&mut blanks));
    let (page, blank) = page.zip(blank).context("the browser painted nothing")?;
    println!("   first paint {page:.0} ms, of a blank page {blank:.0} ms");
    figures.insert(Figure::Paint, page - blank);
    figures.insert(Figure::Shift, shift);
    figures.insert(Figure::Thread, median(&mut threads).unwrap_or_default());
    Ok(())
}

/// Name and bytes on the wire of everything a page loaded.
fn loaded(told: &Value) -> Result<Vec<(String, f64)>> {
    let Some(all) = told["loaded"].as_array() else { bail!("the page told nothing: {told}") };
    let one = |entry: &Value| Some((entry[0].as_str()?.to_owned(), entry[2].as_f64()?));
    Ok(all.iter().filter_map(one).collect())
}

/// What the main thread of the page has worked so far, in ms.
fn thread_ms(browser: &Browser) -> f64 {
    let told = browser.tool("Performance.getMetrics", &json!({}));
    let metrics = told["metrics"].as_array().cloned().unwrap_or_default();
    let task = metrics.iter().find(|one| one["name"] == "TaskDuration").and_then(|one| one["value"].as_f64());
    task.unwrap_or_default() * 1e3
}
