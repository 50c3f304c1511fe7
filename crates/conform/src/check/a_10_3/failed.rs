//! What followed when a supplier failed, or another model answered than the one approved.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::kind::generated::incident::{Incident, IncidentSeverity, IncidentType};
use vouch_record::kind::generated::model::Model;
use vouch_record::kind::generated::sealed_batch::SealedBatch;
use vouch_record::kind::generated::supplier::{Supplier, SupplierChangesSeenRow, SupplierChangesSeenWhat};

use super::contract::lapse_of;
use super::population::{suppliers, users};
use crate::derived::{model, sealed_batch};
use crate::shape::{Judgement, Verdicts, each};
use crate::view::{Entry, View, Window};

/// How long after a failure the supplier may wait to be looked at.
const LOOK_DAYS: i64 = 60;
/// How soon a change of what answers is to be noticed.
const NOTICE_DAYS: i64 = 7;

/// A.10.3-O4
pub(super) fn looked_at_after_failures(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    let failures = view.all(Incident::KIND).filter(|entry| {
        let incident = Incident(entry.content());
        let weighty = incident.severity().get() >= Some(IncidentSeverity::Moderate);
        incident.types().has(IncidentType::SupplierFailure) && weighty && !incident.exercise().is(true)
    });
    each(failures.filter(|entry| resolved_on(*entry).is_some_and(|on| window.has(on))), |incident| {
        Judgement::needing(incident, &["ai_systems", "types", "severity"], || {
            let Some(resolved) = resolved_on(incident) else { return Judgement::Skip("not resolved".to_owned()) };
            let due = resolved.saturating_add(LOOK_DAYS.days());
            let concerned: Vec<Entry<'_>> = concerned(incident);
            if concerned.is_empty() {
                return Judgement::Skip("its systems name no supplier".to_owned());
            }
            let followed = is_answered(incident)
                || concerned.iter().any(|supplier| is_assessed(*supplier, Window { from: resolved, to: due }));
            match followed {
                true => Judgement::Pass,
                false if due >= view.today() => Judgement::Skip(format!("there is time until {due}")),
                false => {
                    let names: Vec<String> = concerned.iter().map(Entry::label).collect();
                    Judgement::Fail(crate::shape::Lapse::of(incident).value("supplier", names.join(" or ")).value("date", resolved))
                }
            }
        })
    })
}

fn resolved_on(incident: Entry<'_>) -> Option<Date> {
    incident.entered("resolved").filter(|_| incident.is_any(&["resolved", "closed"]))
}

/// The suppliers that may have failed: those whose own change of kind incident led to it, else those that its systems rest on.
fn concerned(incident: Entry<'_>) -> Vec<Entry<'_>> {
    let view = incident.view();
    let named: Vec<Entry<'_>> = incident.incoming(Supplier::KIND, "changes_seen").collect();
    if !named.is_empty() {
        return named;
    }
    let systems: Vec<_> = Incident(incident.content()).ai_systems().map(|link| link.id).collect();
    suppliers(view).filter(|supplier| users(*supplier).any(|system| systems.contains(&system.id()))).collect()
}

/// Whether a nonconformity that stands names the incident.
fn is_answered(incident: Entry<'_>) -> bool {
    let own = incident.linked("nonconformity");
    own.into_iter().chain(incident.incoming("nonconformity", "incidents")).any(|entry| !entry.is("rejected"))
}

/// Whether the supplier was assessed on one of these days.
fn is_assessed(supplier: Entry<'_>, days: Window) -> bool {
    Supplier(supplier.content()).assessments().any(|row| row.on().is_some_and(|on| days.has(on)))
}

/// A.10.3-P4
pub(super) fn changed_answers_are_noticed(view: &View) -> Verdicts {
    if view.window().is_none() {
        return Verdicts::holds();
    }
    each(suppliers(view), |supplier| {
        Judgement::needing(supplier, &["changes_seen"], || {
            let models: Vec<Entry<'_>> = supplier.incoming(Model::KIND, "supplier").collect();
            if models.is_empty() {
                return Judgement::Skip("no model of it".to_owned());
            }
            let changed = models.into_iter().flat_map(model::changed_unseen);
            let seen = changed
                .filter_map(|call| Some((first_seen(view).get(&(call.requested, call.answered.clone())).copied()?, call.answered)));
            let unnoticed =
                seen.filter(|(on, _)| on.saturating_add(NOTICE_DAYS.days()) < view.today() && !is_noticed(supplier, *on));
            Judgement::of(
                unnoticed.map(|(on, answered)| lapse_of(supplier).value("answered", answered).value("date", on)).collect(),
            )
        })
    })
}

/// The first day of the window on which each name answered for each name asked, test traffic left out.
fn first_seen(view: &View) -> &BTreeMap<(String, String), Date> {
    view.keep(None, "A.10.3.first_seen", || {
        let mut first: BTreeMap<(String, String), Date> = BTreeMap::new();
        let Some(window) = view.window() else { return first };
        for batch in view.all(SealedBatch::KIND).filter(|batch| sealed_batch::is_real(*batch)) {
            let content = SealedBatch(batch.content());
            let (Some(from), Some(to)) = (content.from().get().map(|at| view.day(at)), content.to().get().map(|at| view.day(at)))
            else {
                continue;
            };
            let Some(days) = (Window { from, to }).and(window) else { continue };
            for row in content.by_model().filter(|row| row.n() != Some(0)) {
                let pair = (row.requested().unwrap_or_default().to_owned(), row.answered().unwrap_or_default().to_owned());
                let known = first.entry(pair).or_insert(days.from);
                *known = days.from.min(*known);
            }
        }
        first
    })
}

/// Whether a new version or end of a model was noticed by seven days after that day, and took effect within seven days around it.
fn is_noticed(supplier: Entry<'_>, on: Date) -> bool {
    use SupplierChangesSeenWhat::{ModelEnd, ModelVersion};
    let around = Window { from: on.saturating_sub(NOTICE_DAYS.days()), to: on.saturating_add(NOTICE_DAYS.days()) };
    let about = |row: &SupplierChangesSeenRow<'_>| {
        let in_time = row.noticed_on().is_some_and(|noticed| noticed <= around.to);
        in_time && row.takes_effect_on().or(row.noticed_on()).is_some_and(|effect| around.has(effect))
    };
    Supplier(supplier.content()).changes_seen().any(|row| matches!(row.what(), Some(ModelVersion | ModelEnd)) && about(&row))
}
