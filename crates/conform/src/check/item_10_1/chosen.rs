//! Where improvements come from, and whether ideas are decided about.

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::kind::generated::audit::Audit;
use vouch_record::kind::generated::concern::Concern;
use vouch_record::kind::generated::finding::Finding;
use vouch_record::kind::generated::improvement::{Improvement, ImprovementSource};
use vouch_record::kind::generated::incident::Incident;
use vouch_record::kind::generated::management_review::ManagementReview;
use vouch_record::kind::generated::measure::{Measure, MeasureLevel};
use vouch_record::kind::generated::measurement::Measurement;

use super::rhythm::turned_in;
use crate::framework::ISO42001;
use crate::shape::{Judgement, Lapse, Verdicts, at_least_one, each};
use crate::view::{Entry, View};

/// How long an idea may wait for a decision.
const DECIDE_DAYS: i64 = 90;

/// 10.1-D1
pub(super) fn ideas_are_decided(view: &View) -> Verdicts {
    if view.all(Improvement::KIND).next().is_none() {
        return Verdicts::failed(Lapse::of_organisation().value("defect", "nothing was ever proposed"));
    }
    let mut verdicts = each(view.all(Improvement::KIND), |entry| {
        Judgement::when(Improvement(entry.content()).source().is_filled(), || {
            Lapse::of(entry).value("defect", format!("{} has no source", entry.label()))
        })
    });
    let waiting: Vec<(Date, Entry<'_>)> = view
        .all(Improvement::KIND)
        .filter(|entry| entry.is("proposed"))
        .map(|entry| (entry.created_on(), entry))
        .filter(|(on, _)| on.saturating_add(DECIDE_DAYS.days()) < view.today())
        .collect();
    if let Some((first, oldest)) = waiting.iter().min_by_key(|(on, entry)| (*on, entry.id())) {
        let defect = match waiting.len() {
            1 => format!("one idea waits since {first} without a decision"),
            n => format!("{n} ideas wait since {first} without a decision"),
        };
        verdicts.passed.retain(|subject| !waiting.iter().any(|(_, entry)| entry.id() == subject.id));
        verdicts.failed.push(Lapse::of(*oldest).value("defect", defect));
    }
    verdicts
}

/// 10.1-D2
pub(super) fn not_only_repairs(view: &View) -> Verdicts {
    let about_the_system = |entry: &Entry<'_>| {
        let named = Improvement(entry.content()).requirements().any(|named| named.framework == ISO42001);
        let measured = || entry.linked("measure").is_some_and(|measure| Measure(measure.content()).level().is(MeasureLevel::Aims));
        !entry.is("declined") && (named || measured()) && !repairs(*entry)
    };
    at_least_one(view.all(Improvement::KIND).filter(about_the_system), Lapse::of_organisation)
}

/// Whether an improvement only repairs what audits found.
fn repairs(entry: Entry<'_>) -> bool {
    let from_audit = |record: Entry<'_>| [Audit::KIND, Finding::KIND].contains(&record.kind().name.as_str());
    let mut sources = entry.links("source_records").peekable();
    let only = sources.peek().is_some() && sources.all(from_audit);
    only || Improvement(entry.content()).source().is(ImprovementSource::Audit)
}

/// 10.1-O2
pub(super) fn one_came_from_own_data(view: &View) -> Verdicts {
    let own = |entry: &Entry<'_>| {
        let kinds: &[&str] = match Improvement(entry.content()).source().get() {
            Some(ImprovementSource::Measurement) => &[Measurement::KIND],
            Some(ImprovementSource::Incident) => &[Incident::KIND, Concern::KIND],
            Some(ImprovementSource::Review) => &[ManagementReview::KIND],
            _ => return false,
        };
        entry.links("source_records").any(|record| kinds.contains(&record.kind().name.as_str()))
    };
    let year = view.last_days(365);
    let recent = view.all(Improvement::KIND).filter(|entry| year.is_some_and(|year| turned_in(*entry, year)));
    at_least_one(recent.filter(own), Lapse::of_organisation)
}
