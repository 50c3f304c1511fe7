//! Whether audits, reviews and incidents changed something elsewhere.

use jiff::civil::Date;
use vouch_record::Id;
use vouch_record::kind::generated::audit::Audit;
use vouch_record::kind::generated::incident::{Incident, IncidentSeverity};
use vouch_record::kind::generated::management_review::{ManagementReview, ManagementReviewDecisionType};

use crate::check::audited::{findings, in_last_year};
use crate::shape::{Judgement, Lapse, Verdicts};
use crate::view::{Entry, View, Window};

/// Kinds of record by which something changes.
const OUTCOMES: [&str; 6] = ["change", "risk", "treatment", "document", "improvement", "task"];

/// A result that is to change something.
struct Result<'v> {
    entry: Entry<'v>,
    /// its first day: what follows is later
    begun: Date,
    /// the day it is known by
    on: Date,
    /// whether it says why nothing had to follow
    excused: bool,
}

impl Result<'_> {
    fn defect(&self) -> &'static str {
        let decides =
            |review: ManagementReview<'_>| review.decisions().any(|row| row.type_() != Some(ManagementReviewDecisionType::None));
        match self.entry.kind().name.as_str() {
            ManagementReview::KIND if !decides(ManagementReview(self.entry.content())) => "decided that nothing changes anywhere",
            ManagementReview::KIND => "changed nothing elsewhere",
            _ => "changed nothing elsewhere and does not say why",
        }
    }
}

/// 4.4-O2
pub(super) fn results_changed_something(view: &View) -> Verdicts {
    let Some(year) = view.last_days(365) else { return Verdicts::holds() };
    let results: Vec<Result<'_>> = audits(view).chain(reviews(view, year)).chain(incidents(view, year)).collect();
    let mut verdicts = Verdicts::default();
    for result in results {
        let judgement = if result.excused {
            Judgement::Skip("it says why nothing had to follow".to_owned())
        } else if let Some(outcome) = outcome(&result) {
            Judgement::Shown(vec![result.entry.subject(), outcome.subject()])
        } else {
            let lapse = Lapse::of(result.entry).value("record", result.entry.label()).value("date", result.on);
            Judgement::Fail(lapse.value("defect", result.defect()))
        };
        verdicts.note(result.entry, judgement);
    }
    verdicts
}

fn audits(view: &View) -> impl Iterator<Item = Result<'_>> {
    in_last_year(view).filter_map(|entry| {
        let audit = Audit(entry.content());
        let on = audit.reported_at().get()?;
        Some(Result { entry, begun: audit.started_on().get().unwrap_or(on), on, excused: findings(entry).next().is_none() })
    })
}

fn reviews(view: &View, year: Window) -> impl Iterator<Item = Result<'_>> {
    view.all(ManagementReview::KIND).filter(|entry| entry.is_any(&["held", "signed"])).filter_map(move |entry| {
        let review = ManagementReview(entry.content());
        let on = review.held_on().get().filter(|on| year.has(*on))?;
        Some(Result { entry, begun: on, on, excused: false })
    })
}

fn incidents(view: &View, year: Window) -> impl Iterator<Item = Result<'_>> {
    view.all(Incident::KIND).filter(|entry| entry.is("closed")).filter_map(move |entry| {
        let incident = Incident(entry.content());
        let on = entry.entered("closed").filter(|on| year.has(*on))?;
        let counts = !incident.exercise().is(true) && incident.severity().get() >= Some(IncidentSeverity::Moderate);
        let begun = incident.detected_at().get().map_or_else(|| entry.created_on(), |at| view.day(at));
        counts.then(|| Result { entry, begun, on, excused: incident.no_nonconformity_because().is_filled() })
    })
}

/// A record by which something changed, made or revised after the result began, that it or one of its findings and nonconformities
/// leads to or that names one of them.
fn outcome<'v>(result: &Result<'v>) -> Option<Entry<'v>> {
    let mut near: Vec<Entry<'v>> = vec![result.entry];
    let mut at = 0;
    // Findings lead to nonconformities and these to corrective actions; each record is looked at once.
    while let Some(entry) = near.get(at).copied() {
        let next =
            links(entry).chain(entry.incoming("finding", "audit")).chain(entry.incoming("corrective-action", "nonconformity"));
        let next = next.chain(entry.incoming("nonconformity", "incidents"));
        for one in next.filter(|one| ["finding", "nonconformity", "corrective-action"].contains(&one.kind().name.as_str())) {
            if !near.iter().any(|known| known.id() == one.id()) {
                near.push(one);
            }
        }
        at += 1;
    }
    let later = |entry: &Entry<'v>| entry.revisions().any(|leaf| entry.view().day(leaf.time) >= result.begun);
    let wanted = |entry: &Entry<'v>| OUTCOMES.contains(&entry.kind().name.as_str()) && later(entry);
    near.into_iter()
        .find_map(|entry| links(entry).chain(OUTCOMES.into_iter().flat_map(move |kind| entry.incoming(kind, ""))).find(wanted))
}

/// What a record says it led to; what it looked at is left out.
fn links(entry: Entry<'_>) -> impl Iterator<Item = Entry<'_>> {
    let view = entry.view();
    let fields: &[&str] = match entry.kind().name.as_str() {
        "finding" => &["nonconformity", "improvement"],
        "incident" => &["nonconformity", "risks"],
        "nonconformity" => &["risks", "aims_change"],
        "corrective-action" => &["changes"],
        _ => &[],
    };
    let decided: Vec<Id> = match entry.kind().name.as_str() {
        "management-review" => {
            ManagementReview(entry.content()).decisions().filter_map(|row| row.record()).map(|link| link.id).collect()
        }
        _ => Vec::new(),
    };
    let named = fields.iter().flat_map(move |field| entry.linked(field).into_iter().chain(entry.links(field)));
    named.chain(decided.into_iter().filter_map(move |id| view.get(id)))
}
