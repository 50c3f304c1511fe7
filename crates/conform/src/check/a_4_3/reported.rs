//! What pipelines, releases and running models say they used, against what the record of a system names.

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::Value;
use vouch_record::kind::generated::ai_system::{AiSystem, AiSystemObservedPartKind, AiSystemObservedPartRow};
use vouch_record::kind::generated::dataset::Dataset;
use vouch_record::kind::generated::model::Model;
use vouch_record::kind::generated::release::Release;
use vouch_record::view::Row;

use crate::check::data_row::{models_made_here, of_system};
use crate::derived::dataset::digest;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View, Window};

/// How late the record may follow.
const LATE_DAYS: i64 = 30;

/// Data that was used on a day.
struct Report {
    /// name or id of the data
    dataset: String,
    /// version, or digest of it
    version: String,
    on: Date,
    /// whether a model of the system says so, whose own rows then say nothing new
    by_model: bool,
}

/// A.4.3-O1
pub(super) fn what_ran_is_what_is_named(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    each(view.live_systems(), |system| {
        Judgement::needing(system, &["datasets", "observed_parts", "models"], || {
            let reports = observed(system, window).into_iter().chain(learned(system, window));
            let mut lapses = Vec::new();
            let mut seen = 0_usize;
            for report in reports {
                seen += 1;
                let until = report.on.saturating_add(LATE_DAYS.days());
                if !follows(system, &report, until.min(view.today())) && until < view.today() {
                    lapses.push(lapse(system, &report));
                }
            }
            if seen == 0 { Judgement::Skip("nothing was reported".to_owned()) } else { Judgement::of(lapses) }
        })
    })
}

fn lapse(system: Entry<'_>, report: &Report) -> Lapse {
    let then = system.on(report.on).unwrap_or(system);
    let named: Vec<&str> = of_dataset(then, report).into_iter().map(|(_, version)| version.unwrap_or("no version")).collect();
    let named = if named.is_empty() { "none".to_owned() } else { named.join(", ") };
    Lapse::of(system).value("dataset", &report.dataset).value("version", &report.version).value("named", named)
}

/// Whether the record named the version on the day it was used, or on a later day until `until`.
fn follows(system: Entry<'_>, report: &Report, until: Date) -> bool {
    let later = system.changed_on().filter(|day| *day > report.on && *day <= until);
    [report.on].into_iter().chain(later).any(|day| {
        let then = system.on(day);
        then.is_some_and(|then| {
            of_dataset(then, report).into_iter().any(|(dataset, version)| is_version(dataset, version, &report.version))
        })
    })
}

/// The rows of a system and its models that name this data, by name, id or external id.
fn of_dataset<'v>(system: Entry<'v>, report: &Report) -> Vec<(Entry<'v>, Option<&'v str>)> {
    let rows = of_system(system).into_iter().filter(|row| !report.by_model || row.model.is_none());
    rows.filter_map(|row| Some((row.dataset?, row.version))).filter(|(dataset, _)| is_called(*dataset, &report.dataset)).collect()
}

fn is_called(dataset: Entry<'_>, name: &str) -> bool {
    let content = Dataset(dataset.content());
    let same = |other: &str| other.trim().eq_ignore_ascii_case(name.trim());
    same(&dataset.id().to_string())
        || content.name().get().is_some_and(same)
        || content.external_ids().filter_map(|row| row.id()).any(same)
}

/// Whether a row that names `named` speaks of the version or digest that was reported.
fn is_version(dataset: Entry<'_>, named: Option<&str>, reported: &str) -> bool {
    let Some(named) = named else { return false };
    let bytes = digest(dataset, named);
    named == reported || bytes.as_deref() == Some(reported) || (bytes.is_some() && bytes == digest(dataset, reported))
}

/// What pipelines and feeds saw of data in the window.
fn observed(system: Entry<'_>, window: Window) -> Vec<Report> {
    let mut found: Vec<Report> = Vec::new();
    for leaf in system.revisions() {
        let rows =
            leaf.body.get("observed_parts").map_or(&[][..], Value::items).iter().map(|row| AiSystemObservedPartRow::from(Row(row)));
        for part in rows.filter(|part| part.kind() == Some(AiSystemObservedPartKind::Dataset)) {
            let on = part.seen_at().map(|at| system.view().day(at)).filter(|on| window.has(*on));
            let (Some(on), Some(name), Some(version)) = (on, part.name(), part.version().or(part.digest())) else { continue };
            if !found.iter().any(|report| report.on == on && report.dataset == name && report.version == version) {
                found.push(Report { dataset: name.to_owned(), version: version.to_owned(), on, by_model: false });
            }
        }
    }
    found
}

/// What the models made here that were released in the window say they learned from, where the system names the same data itself.
fn learned(system: Entry<'_>, window: Window) -> Vec<Report> {
    let view = system.view();
    let own: Vec<_> = AiSystem(system.content()).datasets().filter_map(|row| Some((row.dataset()?.id, row.use_()))).collect();
    let mut found = Vec::new();
    for release in system.incoming(Release::KIND, "ai_system").filter(|release| release.is_any(&["deployed", "ended"])) {
        let content = Release(release.content());
        let Some(on) = content.deployed_at().get().map(|at| view.day(at)).filter(|on| window.has(*on)) else { continue };
        let released: Vec<_> = content.model_versions().filter_map(|row| row.model()).map(|link| link.id).collect();
        for model in models_made_here(system).into_iter().filter(|model| released.contains(&model.id())) {
            let rows = Model(model.content()).datasets();
            let same = rows.filter(|row| row.dataset().is_some_and(|link| own.contains(&(link.id, row.use_()))));
            found.extend(same.filter_map(|row| {
                Some(Report { dataset: row.dataset()?.id.to_string(), version: row.version()?.to_owned(), on, by_model: true })
            }));
        }
    }
    found
}
