//! Procedures, what live systems need, and significant changes.

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::kind::generated::ai_system::{AiSystem, AiSystemAcquired};
use vouch_record::kind::generated::change::{Change, ChangeEffect, ChangeOrigin};
use vouch_record::kind::generated::document::Document;

use crate::check::monitored::plan_of;
use crate::check::wording::called;
use crate::derived::change::{before_the_fact, decided_on, effect_overdue, follow_open, significant, unplanned_review_due};
use crate::shape::{Judgement, Lapse, Verdicts, each, standing_document};
use crate::view::{Entry, View};

/// The templates asked for, each with the control that calls for it alone.
const TEMPLATES: [(&str, Option<&str>); 4] = [
    ("T-LIFECYCLE-PROC", Some("A.6.1.3")),
    ("T-CHANGE", None),
    ("T-DATA-PROC", Some("A.7.2")),
    ("T-THIRD-PARTY-PROC", Some("A.10.3")),
];
/// Asked for when a system retires within the next twelve months.
const RETIRE: &str = "T-RETIRE";

/// 8.1-D1
pub(super) fn procedures_stand(view: &View) -> Verdicts {
    let soon = view.today().saturating_add(12.months());
    let retires = view.systems().any(|system| AiSystem(system.content()).retire_on().get().is_some_and(|on| on <= soon));
    let asked = TEMPLATES.into_iter().filter(|(_, control)| !control.is_some_and(|control| view.is_excluded(control)));
    let mut verdicts = Verdicts::holds();
    let mut things = 0;
    for template in asked.map(|(template, _)| template).chain(retires.then_some(RETIRE)) {
        let found = view.all(Document::KIND).filter(|one| one.text("template") == Some(template));
        let mut one = standing_document(found, "reason");
        one.failed.iter_mut().for_each(|lapse| lapse.values.push(("template", template.to_owned())));
        verdicts = verdicts.and(one);
        things += 1;
    }
    verdicts.among(things)
}

/// 8.1-D3
pub(super) fn live_systems_are_watched(view: &View) -> Verdicts {
    let watched = !view.is_excluded("A.6.2.6");
    each(view.live_systems(), |system| {
        Judgement::needing(system, &["suppliers", "acquired"], || {
            let content = AiSystem(system.content());
            let mut missing = Vec::new();
            let plan = plan_of(system);
            if watched && plan.is_none() {
                missing.push("a monitoring plan in force");
            }
            let bought = system.is_adopted() && !content.acquired().is(AiSystemAcquired::FreeService);
            if bought && !content.suppliers().any(|row| row.supplier().is_some()) {
                missing.push("a supplier");
            }
            if missing.is_empty() {
                return Judgement::Shown([system].into_iter().chain(plan).map(|one| one.subject()).collect());
            }
            Judgement::Fail(Lapse::of(system).value("system", system.label()).value("missing", missing.join(" and ")))
        })
    })
}

/// 8.1-O3
pub(super) fn significant_changes_dealt_with(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    let implemented = |change: &Entry<'_>| -> Option<Date> {
        let on = Change(change.content()).implemented_on().get()?;
        (change.is_any(&["implemented", "reviewed"]) && window.has(on)).then_some(on)
    };
    let names = |change: &Entry<'_>| Change(change.content()).ai_systems().next().is_some() && significant(*change);
    each(view.all(Change::KIND).filter(names).filter(|change| implemented(change).is_some()), |change| {
        Judgement::needing(change, &["follow", "origin", "effect"], || {
            let defects = defects(change);
            let on = implemented(&change).map_or_else(String::new, |on| on.to_string());
            Judgement::when(defects.is_empty(), || {
                Lapse::of(change).value("implemented_on", on).value("defect", defects.join(", and "))
            })
        })
    })
}

fn defects(change: Entry<'_>) -> Vec<String> {
    let content = Change(change.content());
    let mut defects = Vec::new();
    let planned = !matches!(content.origin().get(), Some(ChangeOrigin::Found | ChangeOrigin::Emergency));
    if planned && !before_the_fact(change) {
        defects.push(decided_on(change).map_or_else(|| "was never decided".to_owned(), |on| format!("decided only on {on}")));
    }
    if unplanned_review_due(change) {
        defects.push("was not reviewed within thirty days after it was found".to_owned());
    }
    for row in follow_open(change) {
        let record = row.record.map_or_else(|| "a new record".to_owned(), |id| called(change.view(), Some(id)));
        defects.push(format!("{record} did not follow it"));
    }
    if effect_overdue(change) {
        defects.push("its effect was not judged in time".to_owned());
    }
    let bad = matches!(content.effect().get(), Some(ChangeEffect::SideEffect | ChangeEffect::Undone));
    if bad && content.led_to().next().is_none() {
        defects.push("its side effect led to nothing".to_owned());
    }
    defects
}
