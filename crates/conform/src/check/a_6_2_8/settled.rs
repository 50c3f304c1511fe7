//! What the monitoring plan says about logs.

use jiff::Span;
use vouch_record::kind::generated::ai_system::AiSystem;
use vouch_record::kind::generated::monitoring_plan::{MonitoringPlan, MonitoringPlanLoggedEvent as Logged};
use vouch_record::kind::generated::obligation::Obligation;
use vouch_record::kind::generated::sealed_batch::SealedBatch;
use vouch_record::kind::generated::shared::ContentStorage;

use crate::check::monitored::plan_of;
use crate::check::wording::{in_days, length, words};
use crate::derived::ai_system::duties;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View};

/// The part of a plan about logs.
const LOGGING: [&str; 7] =
    ["log_from_stage", "logged_events", "log_fields", "log_source", "seal_every", "log_retention", "log_readers"];

/// A.6.2.8-D1
pub(super) fn logging_is_settled(view: &View) -> Verdicts {
    each(view.live_systems(), |system| {
        let Some(plan) = plan_of(system) else {
            return Judgement::Fail(Lapse::of(system).value("defect", "no monitoring plan is in force"));
        };
        Judgement::needing(plan, &["logged_events"], || {
            let empty = LOGGING.into_iter().filter(|field| !plan.value(field).is_filled()).map(words);
            let mut defects: Vec<String> = empty.map(|field| format!("{field} is empty")).collect();
            let events = MonitoringPlan(plan.content()).logged_events();
            let records = |event| events.clone().has(event);
            let wanted = [
                (records(Logged::Input) || records(Logged::Output), "neither input nor output is recorded"),
                (records(Logged::Version), "the version is not recorded"),
                (records(Logged::Access), "access is not recorded"),
            ];
            if plan.value("logged_events").is_filled() {
                defects.extend(wanted.into_iter().filter(|(there, _)| !there).map(|(_, defect)| defect.to_owned()));
            }
            match defects.is_empty() {
                true => Judgement::Shown(vec![system.subject(), plan.subject()]),
                false => Judgement::Fail(Lapse::of(system).value("defect", defects.join(", "))),
            }
        })
    })
}

/// A.6.2.8-D2
pub(super) fn kept_as_long_as_asked(view: &View) -> Verdicts {
    each(view.live_systems(), |system| {
        let Some(plan) = plan_of(system) else {
            return Judgement::Skip("no monitoring plan in force; see A.6.2.8-D1".to_owned());
        };
        Judgement::needing(plan, &["log_retention"], || {
            let Some(kept) = MonitoringPlan(plan.content()).log_retention().get() else {
                return Judgement::Skip("it does not say how long; see A.6.2.8-D1".to_owned());
            };
            let mut asked: Vec<(String, Span)> = duties(system)
                .into_iter()
                .filter_map(|duty| view.get(duty.obligation))
                .filter_map(|duty| Some((duty.label(), Obligation(duty.content()).keep_for().get()?)))
                .collect();
            let content = AiSystem(system.content()).content_keep_for().get().filter(|_| stores_content(system));
            asked.extend(content.map(|span| ("what is said about its content".to_owned(), span)));
            let open = asked.into_iter().filter(|(_, span)| in_days(span) > in_days(&kept));
            let lapses: Vec<Lapse> = open
                .map(|(rule, span)| {
                    Lapse::of(system).value("retention", length(&kept)).value("rule", rule).value("duty", length(&span))
                })
                .collect();
            if lapses.is_empty() { Judgement::Shown(vec![system.subject(), plan.subject()]) } else { Judgement::FailAll(lapses) }
        })
    })
}

/// Whether the content of events of a system is kept in some form.
fn stores_content(system: Entry<'_>) -> bool {
    let stored =
        |batch: Entry<'_>| SealedBatch(batch.content()).content_stored().get().is_some_and(|stored| stored != ContentStorage::None);
    system.incoming(SealedBatch::KIND, "ai_system").any(stored)
}
