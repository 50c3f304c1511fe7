//! What an assessment asks for before a system is used: a deeper one, a consent.

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::kind::generated::approval::{Approval, ApprovalDecision};
use vouch_record::kind::generated::committee::Committee;
use vouch_record::kind::generated::impact_assessment::{
    ImpactAssessment, ImpactAssessmentConclusion, ImpactAssessmentDepth, ImpactAssessmentSensitiveUse,
};
use vouch_record::kind::generated::shared::Answer;

use crate::check::assessing::{approved_in, deployed, needed_by, of_system, submissions};
use crate::check::wording::words;
use crate::derived::{ai_system, impact_assessment, release};
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View};

/// How long the deeper assessment may take that a screening asks for.
const DEEPER_DAYS: i64 = 60;

/// A.5.2-O2
pub(super) fn screenings_are_followed(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    let screenings =
        approved_in(view, window).filter(|one| ImpactAssessment(one.content()).depth().is(ImpactAssessmentDepth::Screening));
    each(screenings, |screening| {
        Judgement::needing(screening, &["screening"], || {
            let content = ImpactAssessment(screening.content());
            let asks = content.conclusion().is(ImpactAssessmentConclusion::GoDeeper)
                || content.screening().any(|row| matches!(row.answer(), Some(Answer::Yes | Answer::Unclear)));
            let (true, Some(system), Some(at)) = (asks, screening.linked("ai_system"), impact_assessment::approved_at(screening))
            else {
                return Judgement::Skip("it asks for no more".to_owned());
            };
            let (on, due) = (view.day(at), view.day(at).saturating_add(DEEPER_DAYS.days()));
            let deeper = deeper_after(system, screening).filter(|(day, _)| *day <= due);
            let until = deeper.map_or(due.min(view.today()), |(day, _)| day);
            let lapse = || Judgement::Fail(Lapse::of(screening).value("date", on));
            match deeper {
                _ if went_live(system, on, until) => lapse(),
                Some((_, assessment)) => Judgement::Shown(vec![screening.subject(), assessment.subject()]),
                None if view.today() <= due => Judgement::Skip(format!("in time until {due}")),
                None => lapse(),
            }
        })
    })
}

/// The first deeper assessment of the system submitted since the screening was written, with the day.
fn deeper_after<'v>(system: Entry<'v>, screening: Entry<'v>) -> Option<(Date, Entry<'v>)> {
    let deep =
        of_system(system).filter(|one| ImpactAssessment(one.content()).depth().get() >= Some(ImpactAssessmentDepth::Standard));
    let handed = deep.flat_map(|one| submissions(one).into_iter().map(move |(at, _)| (at, one)));
    handed
        .filter(|(at, _)| *at >= screening.created_at())
        .min_by_key(|(at, one)| (*at, one.id()))
        .map(|(at, one)| (system.view().day(at), one))
}

/// Whether the system was not in use on one day and was on a later one.
fn went_live(system: Entry<'_>, from: Date, to: Date) -> bool {
    let live_on = |day: Date| system.on(day).is_some_and(ai_system::live);
    !live_on(from) && live_on(to.min(system.view().today()))
}

/// A.5.2-O3
pub(super) fn sensitive_uses_have_consent(view: &View) -> Verdicts {
    each(view.live_systems(), |system| {
        let approved: Vec<Entry<'_>> = of_system(system).filter(|one| one.is("approved")).collect();
        if approved.is_empty() {
            return Judgement::Skip("no approved assessment; see 8.4-D2".to_owned());
        }
        if let Some(erased) = approved.iter().find(|one| one.value("sensitive_use").is_erased()) {
            return Judgement::Undecided(format!("`sensitive_use` of {} was erased", erased.id()));
        }
        let lapses: Vec<Lapse> = approved.iter().filter_map(|one| without_consent(system, *one)).collect();
        if lapses.is_empty() { Judgement::Shown(approved.iter().map(Entry::subject).collect()) } else { Judgement::FailAll(lapses) }
    })
}

fn without_consent(system: Entry<'_>, assessment: Entry<'_>) -> Option<Lapse> {
    let sensitive = ImpactAssessment(assessment.content()).sensitive_use().get()?;
    let defect = match sensitive {
        ImpactAssessmentSensitiveUse::None | ImpactAssessmentSensitiveUse::Sensitive => None,
        ImpactAssessmentSensitiveUse::Prohibited => Some("nobody may consent to it".to_owned()),
        ImpactAssessmentSensitiveUse::Restricted => consent_defect(system, assessment),
    };
    defect
        .map(|defect| Lapse::of(assessment).in_system(system).value("sensitive_use", words(sensitive.id())).value("defect", defect))
}

/// Why no committee consented before the first release was deployed. The order is not asked of what ran before the first scope.
fn consent_defect(system: Entry<'_>, assessment: Entry<'_>) -> Option<String> {
    let consent = assessment.linked("sensitive_consent").filter(|entry| {
        let content = Approval(entry.content());
        let committee = content.on_behalf_of().get().and_then(|link| system.view().find(link.id));
        let by_committee = committee.is_some_and(|entry| entry.kind().name == Committee::KIND);
        entry.is("given") && content.decision().is(ApprovalDecision::Approved) && by_committee
    });
    let Some(consent) = consent else { return Some("no committee consented".to_owned()) };
    let first = deployed(system).into_iter().next().filter(|(_, one)| !release::before_first_scope(*one));
    let until = first.and_then(|(_, one)| needed_by(one)).filter(|until| consent.created_at() >= *until)?;
    Some(format!("the consent came on {}, after it went live on {}", consent.created_on(), system.view().day(until)))
}
