//! What a live system is for, how other use would be noticed, and whether users know.

use vouch_record::kind::generated::approval::ApprovalPurpose;
use vouch_record::kind::generated::monitoring_plan::MonitoringPlan;
use vouch_record::kind::generated::specification::Specification;
use vouch_record::kind::generated::user_information::{UserInformation, UserInformationCover as Topic};

use crate::check::information::published_for_users;
use crate::check::monitored::plan_of;
use crate::check::specified::{prohibited, same, specification_of};
use crate::derived::approved::approved_at;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View};

/// Fields that state what a system is for.
const STATED: [&str; 4] = ["intended_use", "intended_users", "operating_conditions", "prohibited_uses"];

/// A.9.4-D1
pub(super) fn use_is_stated(view: &View) -> Verdicts {
    each(view.live_systems(), |system| {
        let lapse = |defect: String| Judgement::Fail(Lapse::of(system).value("defect", defect));
        let Some(specification) = specification_of(system) else { return lapse("no specification is in force".to_owned()) };
        Judgement::needing(specification, &STATED, || {
            let content = Specification(specification.content());
            let stated = [
                ("what it is for", content.intended_use().is_filled()),
                ("who works with it", content.intended_users().next().is_some()),
                ("under which conditions", content.operating_conditions().is_filled()),
                ("what it must not be used for", content.prohibited_uses().next().is_some()),
            ];
            if let Some((what, _)) = stated.into_iter().find(|(_, there)| !there) {
                return lapse(format!("{} does not say {what}", specification.label()));
            }
            match prohibited(specification).find(|row| row.prevented_by().is_none_or(|by| by.trim().is_empty())) {
                Some(row) => lapse(format!("nothing stops the use `{}`", row.use_().unwrap_or_default())),
                None => Judgement::Shown(vec![system.subject(), specification.subject()]),
            }
        })
    })
}

/// A.9.4-D2
pub(super) fn misuse_would_be_noticed(view: &View) -> Verdicts {
    each(view.live_systems(), |system| {
        let Some(specification) = specification_of(system) else {
            return Judgement::Skip("no specification is in force; see A.9.4-D1".to_owned());
        };
        Judgement::needing(specification, &["prohibited_uses"], || {
            let plan = plan_of(system);
            if plan.is_some_and(|plan| plan.value("use_boundaries").is_erased()) {
                return Judgement::Undecided("`use_boundaries` of the monitoring plan was erased".to_owned());
            }
            let uses: Vec<&str> = prohibited(specification).filter_map(|row| row.use_()).collect();
            if uses.is_empty() {
                return Judgement::Skip("it rules out no use; see A.9.4-D1".to_owned());
            }
            let open = uses.into_iter().filter(|wanted| !plan.is_some_and(|plan| is_noticed(plan, wanted)));
            let lapses: Vec<Lapse> = open.map(|wanted| Lapse::of(system).value("use", wanted)).collect();
            let shown = std::iter::once(system).chain(plan).map(|entry| entry.subject()).collect();
            if lapses.is_empty() { Judgement::Shown(shown) } else { Judgement::FailAll(lapses) }
        })
    })
}

/// Whether a plan says how a use is noticed and what follows.
fn is_noticed(plan: Entry<'_>, wanted: &str) -> bool {
    let filled = |text: Option<&str>| text.is_some_and(|text| !text.trim().is_empty());
    MonitoringPlan(plan.content()).use_boundaries().any(|row| {
        row.boundary().is_some_and(|boundary| same(boundary, wanted)) && filled(row.noticed_by()) && filled(row.response())
    })
}

/// A.9.4-D3
pub(super) fn users_know_the_present_purpose(view: &View) -> Verdicts {
    each(view.live_systems(), |system| {
        let Some(specified) = specification_of(system).and_then(approved_at) else {
            return Judgement::Skip("no specification is in force; see A.9.4-D1".to_owned());
        };
        let texts: Vec<Entry<'_>> = published_for_users(system).collect();
        if texts.is_empty() {
            return Judgement::Skip("no text for users is published; see A.8.2-O1".to_owned());
        }
        if let Some(text) = texts.iter().find(|text| text.value("covers").is_erased()) {
            return Judgement::Undecided(format!("`covers` of {} was erased", text.id()));
        }
        let lapse = |defect: String| Lapse::of(system).value("defect", defect);
        let covers = |text: &Entry<'_>, topic: Topic| UserInformation(text.content()).covers().has(topic);
        let untold = [(Topic::Purpose, "what it is for"), (Topic::NotFor, "what it is not for")]
            .into_iter()
            .filter(|(topic, _)| !texts.iter().any(|text| covers(text, *topic)));
        let mut lapses: Vec<Lapse> = untold.map(|(_, what)| lapse(format!("no text says {what}"))).collect();
        let about = texts.iter().filter(|text| covers(text, Topic::Purpose) || covers(text, Topic::NotFor));
        let older = about.filter(|text| {
            let given = text.last_given(&[ApprovalPurpose::Approve, ApprovalPurpose::Review]);
            given.is_none_or(|given| given.at() <= specified)
        });
        lapses.extend(
            older.map(|text| lapse(format!("{} was approved before the specification of {}", text.label(), view.day(specified)))),
        );
        if lapses.is_empty() { Judgement::Shown(texts.iter().map(Entry::subject).collect()) } else { Judgement::FailAll(lapses) }
    })
}
