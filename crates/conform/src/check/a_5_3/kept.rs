//! Whether assessments are whole, kept long enough, and earlier ones can still be shown.

use jiff::{Span, Timestamp};
use vouch_record::Id;
use vouch_record::kind::generated::ai_system::AiSystem;
use vouch_record::kind::generated::approval::ApprovalDecision;
use vouch_record::kind::generated::document::Document;
use vouch_record::kind::generated::impact_assessment::ImpactAssessment;
use vouch_record::kind::generated::obligation::Obligation;
use vouch_record::state::Erasure;

use super::{TEMPLATE, ever_approved, is_kept};
use crate::check::assessing::systems_of;
use crate::check::wording::{in_days, length, words};
use crate::derived::impact_assessment::{approved_at, missing};
use crate::derived::obligation;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View};

/// What every finished assessment names, whatever its depth.
const ALWAYS: [&str; 5] = ["procedure", "system_version", "assessors", "conclusion_reason", "review_by"];

/// Something that says how long assessments of some systems are kept.
struct Duty<'v> {
    by: Entry<'v>,
    keep: Span,
    /// all systems if it names none
    systems: Option<&'v [Id]>,
}

/// A.5.3-D1
pub(super) fn kept_long_enough(view: &View) -> Verdicts {
    let procedures: Vec<Entry<'_>> = view.procedures(TEMPLATE, "6.1.4").collect();
    let mut duties: Vec<Duty<'_>> = Vec::new();
    for by in &procedures {
        duties.extend(Document(by.content()).keep_for().get().map(|keep| Duty { by: *by, keep, systems: None }));
    }
    let silent = procedures.first().filter(|_| duties.is_empty());
    let mut verdicts = Verdicts::holds();
    if let Some(procedure) = silent {
        let said = match Document(procedure.content()).keep_for().is_erased() {
            true => Judgement::Undecided("`keep_for` was erased".to_owned()),
            false => Judgement::Fail(
                Lapse::of(*procedure).value("defect", format!("{} does not say how long they are kept", procedure.label())),
            ),
        };
        verdicts.note(*procedure, said);
    }
    for by in view.live(Obligation::KIND) {
        let keep = Obligation(by.content()).keep_for().get();
        duties.extend(keep.map(|keep| Duty { by, keep, systems: Some(obligation::holds_for(by)) }));
    }
    verdicts.and(each(ever_approved(view), |assessment| {
        Judgement::needing(assessment, &["keep_for"], || long_enough(assessment, &duties))
    }))
}

fn long_enough(assessment: Entry<'_>, duties: &[Duty<'_>]) -> Judgement {
    let kept = ImpactAssessment(assessment.content()).keep_for().get();
    let systems: Vec<Id> = systems_of(assessment).map(|system| system.id()).collect();
    let holds = |duty: &&Duty<'_>| duty.systems.is_none_or(|named| systems.iter().any(|system| named.contains(system)));
    let longest = duties.iter().filter(holds).max_by_key(|duty| in_days(&duty.keep));
    let enough = kept.is_some_and(|kept| longest.is_none_or(|duty| in_days(&kept) >= in_days(&duty.keep)));
    Judgement::when(enough, || {
        let kept = kept.map_or_else(|| "no stated time".to_owned(), |kept| length(&kept));
        let asked = longest.map_or_else(String::new, |duty| format!("; {} asks for {}", duty.by.label(), length(&duty.keep)));
        Lapse::of(assessment).value("defect", format!("{} is kept for {kept}{asked}", assessment.label()))
    })
}

/// A.5.3-D2
pub(super) fn nothing_is_missing(view: &View) -> Verdicts {
    each(ever_approved(view).filter(|one| one.is("approved")), |assessment| {
        let open: Vec<String> = missing(assessment)
            .into_iter()
            .chain(ALWAYS.into_iter().filter(|field| !assessment.value(field).is_filled()))
            .map(words)
            .collect();
        Judgement::when(open.is_empty(), || Lapse::of(assessment).value("missing", open.join(", ")))
    })
}

/// A.5.3-O1
pub(super) fn earlier_ones_can_be_shown(view: &View) -> Verdicts {
    let judged = view.all(AiSystem::KIND).filter_map(|system| {
        let mut approved: Vec<(Timestamp, Entry<'_>)> = system
            .incoming(ImpactAssessment::KIND, "ai_system")
            .filter(|one| is_kept(*one))
            .filter_map(|one| Some((approved_at(one)?, one)))
            .collect();
        approved.sort_by_key(|(at, one)| (*at, one.id()));
        (approved.len() > 1).then_some((system, approved))
    });
    let mut verdicts = Verdicts::holds();
    for (system, approved) in judged {
        let lapses: Vec<Lapse> = approved.windows(2).filter_map(|pair| lost(system, pair[0].1, pair[1])).collect();
        let shown = || Judgement::Shown(approved.iter().map(|(_, one)| one.subject()).collect());
        verdicts.note(system, if lapses.is_empty() { shown() } else { Judgement::FailAll(lapses) });
    }
    verdicts
}

/// What is lost of an assessment that another one followed.
fn lost(system: Entry<'_>, earlier: Entry<'_>, (at, later): (Timestamp, Entry<'_>)) -> Option<Lapse> {
    let unnamed = || !replaces(later, earlier.id());
    let defect = match gone(earlier) {
        Some(defect) => defect,
        None if unnamed() => format!("{} does not name {} as the one before it", later.label(), earlier.label()),
        None => return None,
    };
    Some(Lapse::of(earlier).in_system(system).value("date", system.view().day(at)).value("defect", defect))
}

/// Why a revision that was approved cannot be read with its approval. Taking out what is about persons is not losing it.
fn gone(assessment: Entry<'_>) -> Option<String> {
    let approved: Vec<u32> =
        assessment.transitions().filter(|leaf| leaf.state.as_ref() == "approved").map(|leaf| leaf.revision).collect();
    let about_persons = |name: &str| assessment.kind().field(name).is_some_and(|field| field.personal_data);
    let erased = assessment.revisions().filter(|leaf| approved.contains(&leaf.revision)).any(|leaf| match &leaf.erasure {
        Erasure::Nothing => false,
        Erasure::Fields(fields) => fields.iter().any(|(name, _)| !about_persons(name)),
        Erasure::Whole(_) => true,
    });
    if erased {
        return Some(format!("{} was erased", assessment.label()));
    }
    let signed = assessment.given_ever().any(|given| {
        given.approval.decision().is(ApprovalDecision::Approved) && approved.iter().any(|revision| given.revision() == *revision)
    });
    (!signed).then(|| format!("no approval of {} is left", assessment.label()))
}

/// Whether following `replaces` from an assessment leads to another, also over ones that were set aside.
fn replaces(later: Entry<'_>, earlier: Id) -> bool {
    let before = |one: &Entry<'_>| {
        let link = ImpactAssessment(one.content()).replaces().get()?;
        later.view().find(link.id)
    };
    let mut seen = vec![later.id()];
    let mut at = before(&later);
    while let Some(one) = at.filter(|one| !seen.contains(&one.id())) {
        if one.id() == earlier {
            return true;
        }
        seen.push(one.id());
        at = before(&one);
    }
    false
}
