//! Who was told the result, and whom the assessors heard.

use jiff::ToSpan;
use vouch_record::Id;
use vouch_record::kind::generated::evidence::Evidence;
use vouch_record::kind::generated::impact_assessment::{
    ImpactAssessment, ImpactAssessmentConsultationHow, ImpactAssessmentConsultationRow,
};
use vouch_record::kind::generated::interested_party::{InterestedParty, InterestedPartyNeedAccepted, InterestedPartyNeedRow};
use vouch_record::kind::generated::obligation::Obligation;
use vouch_record::kind::generated::shared::RiskTier;

use crate::check::assessing::{approved_in, group_called, systems_of, tier_of};
use crate::derived::impact_assessment::approved_at;
use crate::derived::obligation;
use crate::framework::ISO42001;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View};

/// How long telling a result may take.
const TELL_DAYS: i64 = 30;

/// A.5.3-O3
pub(super) fn results_are_passed_on(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    let duties: Vec<Entry<'_>> = view.live(Obligation::KIND).filter(|duty| names_results(*duty)).collect();
    each(approved_in(view, window), |assessment| {
        if tier_of(assessment) < Some(RiskTier::High) {
            return Judgement::Skip("tier below high".to_owned());
        }
        Judgement::needing(assessment, &["public_summary", "not_public_because", "told"], || {
            let content = ImpactAssessment(assessment.content());
            let lapse = |defect: String| Lapse::of(assessment).value("defect", defect);
            let mut lapses = Vec::new();
            if !content.public_summary().is_filled() && !content.not_public_because().is_filled() {
                lapses.push(lapse("is neither published in a summary nor says why not".to_owned()));
            }
            let due = approved_at(assessment).map(|at| view.day(at).saturating_add(TELL_DAYS.days()));
            if due.is_some_and(|due| due < view.today()) {
                let told = |party: Id| content.told().any(|row| row.party().is_some_and(|link| link.id == party));
                let untold =
                    view.live(InterestedParty::KIND).filter(|party| !told(party.id()) && asks(*party, assessment, &duties));
                lapses.extend(untold.map(|party| lapse(format!("was not told to {}, who is to get the result", party.label()))));
            }
            Judgement::of(lapses)
        })
    })
}

/// Whether an obligation is about what A.5.3 asks for.
fn names_results(duty: Entry<'_>) -> bool {
    Obligation(duty.content()).requirements().any(|named| named.framework == ISO42001 && named.item == "A.5.3")
}

/// Whether a party is to get the result of an assessment.
fn asks(party: Entry<'_>, assessment: Entry<'_>, duties: &[Entry<'_>]) -> bool {
    let systems: Vec<Id> = systems_of(assessment).map(|system| system.id()).collect();
    let content = InterestedParty(party.content());
    let concerned = content.ai_systems().next().is_none() || content.ai_systems().any(|link| systems.contains(&link.id));
    let binding = |duty: &&Entry<'_>| obligation::holds_for(**duty).iter().any(|id| systems.contains(id));
    let recipient = duties.iter().filter(binding).any(|duty| Obligation(duty.content()).recipients().any(|to| to.id == party.id()));
    let accepted = |row: &InterestedPartyNeedRow<'_>| {
        matches!(row.accepted(), Some(InterestedPartyNeedAccepted::Yes | InterestedPartyNeedAccepted::Partly))
    };
    let wants = |row: InterestedPartyNeedRow<'_>| {
        let by_duty = row.obligation().is_some_and(|link| duties.iter().filter(binding).any(|duty| duty.id() == link.id));
        by_duty || row.met_by().any(|link| assesses(party.view(), link.id, &systems))
    };
    recipient || (concerned && content.needs().filter(accepted).any(wants))
}

/// Whether a record is an assessment of one of these systems.
fn assesses(view: &View, id: Id, systems: &[Id]) -> bool {
    let assessment = view.get(id).filter(|one| one.kind().name == ImpactAssessment::KIND);
    assessment.is_some_and(|one| systems_of(one).any(|system| systems.contains(&system.id())))
}

/// A.5.3-P3
pub(super) fn consultations_are_shown(view: &View) -> Verdicts {
    let Some(year) = view.last_days(365) else { return Verdicts::holds() };
    each(approved_in(view, year), |assessment| {
        Judgement::needing(assessment, &["consultations"], || {
            let rows: Vec<_> = ImpactAssessment(assessment.content())
                .consultations()
                .filter(|row| row.how() != Some(ImpactAssessmentConsultationHow::None))
                .collect();
            if rows.is_empty() {
                return Judgement::Skip("it names nobody who was heard".to_owned());
            }
            let mut shown = Vec::new();
            let mut lapses = Vec::new();
            for row in rows {
                match row.proof().filter_map(|link| view.get(link.id)).find(|proof| shows(*proof, row)) {
                    Some(proof) => shown.push(proof.subject()),
                    None => lapses.push(unshown(assessment, row)),
                }
            }
            if lapses.is_empty() { Judgement::Shown(shown) } else { Judgement::FailAll(lapses) }
        })
    })
}

/// Whether evidence was reviewed and covers the day on which somebody was heard.
fn shows(proof: Entry<'_>, row: ImpactAssessmentConsultationRow<'_>) -> bool {
    let content = Evidence(proof.content());
    let covers = row.on().is_some_and(|on| {
        content.covers_from().get().is_none_or(|from| from <= on) && content.covers_to().get().is_some_and(|to| on <= to)
    });
    proof.kind().name == Evidence::KIND && proof.is("reviewed") && covers
}

fn unshown(assessment: Entry<'_>, row: ImpactAssessmentConsultationRow<'_>) -> Lapse {
    let group = row.group().map_or("a group", |code| group_called(assessment, code));
    let on = row.on().map_or_else(|| "no stated day".to_owned(), |on| on.to_string());
    Lapse::of(assessment).value("group", group).value("date", on)
}
