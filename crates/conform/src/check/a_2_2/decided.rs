//! Whether decisions about systems came first, and breaches of the policy led to one.

use jiff::civil::Date;
use vouch_record::kind::generated::ai_system::{AiSystem, AiSystemStageBasis, AiSystemStageRow};
use vouch_record::kind::generated::incident::{Incident, IncidentSeverity, IncidentType};
use vouch_record::kind::generated::nonconformity::Nonconformity;
use vouch_record::kind::generated::specification::{Specification, SpecificationPath};
use vouch_record::kind::generated::stage_review::{StageReview, StageReviewDecision};

use crate::check::a_9_2::{first_approved, first_used};
use crate::check::wording::words;
use crate::framework::ISO42001;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View};

/// A.2.2-O3
pub(super) fn decided_before_it_began(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    let decided = |entry: &Entry<'_>, on: Option<Date>| on.is_some_and(|on| window.has(on)) && !entry.is("void");
    let requests = view
        .systems()
        .flat_map(|system| system.incoming(Specification::KIND, "ai_system"))
        .filter(|request| Specification(request.content()).path().is(SpecificationPath::Adopt))
        .filter(|request| decided(request, first_approved(*request)));
    let reviews = view
        .systems()
        .flat_map(|system| system.incoming(StageReview::KIND, "ai_system"))
        .filter(|review| decided(review, review.entered("decided")));
    each(requests, before_use).and(each(reviews, before_stage))
}

/// The first decision about a system comes before it is used; what later ones let be used cannot be told from what was used before.
fn before_use(request: Entry<'_>) -> Judgement {
    let (Some(system), Some(on)) = (request.linked("ai_system"), first_approved(request)) else {
        return Judgement::Skip("its system was set aside".to_owned());
    };
    let others = system.incoming(Specification::KIND, "ai_system").filter(|other| other.id() != request.id());
    let earlier = others.filter(|other| Specification(other.content()).path().is(SpecificationPath::Adopt));
    if earlier.filter_map(first_approved).any(|earlier| earlier < on) {
        return Judgement::Skip("an earlier decision let the system be used".to_owned());
    }
    let late = first_used(system).filter(|first| *first < on);
    late.map_or(Judgement::Pass, |first| Judgement::Fail(Lapse::of(system).value("stage", "use").value("date", first)))
}

/// A review that lets a stage begin was decided by the day it began.
fn before_stage(review: Entry<'_>) -> Judgement {
    let content = StageReview(review.content());
    if !matches!(content.decision().get(), Some(StageReviewDecision::Pass | StageReviewDecision::PassWithConditions)) {
        return Judgement::Skip("it lets no stage begin".to_owned());
    }
    let (Some(system), Some(on), Some(to)) = (review.linked("ai_system"), review.entered("decided"), content.to_stage().get())
    else {
        return Judgement::Skip("its system was set aside".to_owned());
    };
    Judgement::needing(system, &["stages"], || {
        let rows = AiSystem(system.content()).stages().filter(|row| row.stage().is_some_and(|stage| stage.id() == to.id()));
        let began = rows.filter(|row| !was_there_before(review.view(), *row));
        // A stage may be entered again; a review speaks of the entry after the review before it.
        let before = system
            .incoming(StageReview::KIND, "ai_system")
            .filter(|other| other.id() != review.id() && StageReview(other.content()).to_stage().is(to))
            .filter_map(|other| other.entered("decided"))
            .filter(|other| *other < on)
            .max();
        let early = began.filter_map(|row| row.entered_on()).filter(|entered| before.is_none_or(|before| *entered > before));
        match early.filter(|entered| *entered < on).min() {
            None => Judgement::Pass,
            Some(entered) => Judgement::Fail(Lapse::of(system).value("stage", words(to.id())).value("date", entered)),
        }
    })
}

/// Whether a stage began before the first approved scope and was only written down (`terms.yaml`, stage past X).
fn was_there_before(view: &View, row: AiSystemStageRow<'_>) -> bool {
    let noted = matches!(row.basis(), Some(AiSystemStageBasis::Before | AiSystemStageBasis::Imported));
    noted && row.entered_on().zip(view.first_scope_on()).is_some_and(|(on, first)| on < first)
}

/// A.2.2-O4
pub(super) fn breaches_were_answered(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    let breach = |entry: &Entry<'_>| {
        let content = Incident(entry.content());
        content.types().has_any(&[IncidentType::Misuse, IncidentType::LegalBreach])
            && content.severity().get() >= Some(IncidentSeverity::Moderate)
            && !content.exercise().is(true)
            && !entry.is("dismissed")
            && entry.entered("resolved").is_some_and(|on| window.has(on))
    };
    each(view.all(Incident::KIND).filter(breach), |entry| {
        Judgement::needing(entry, &["no_nonconformity_because"], || {
            if Incident(entry.content()).no_nonconformity_because().is_filled() {
                return Judgement::Pass;
            }
            let own = entry.linked("nonconformity").into_iter().chain(entry.incoming(Nonconformity::KIND, "incidents"));
            let names = |one: &Entry<'_>| {
                Nonconformity(one.content()).requirements().any(|named| named.framework == ISO42001 && named.item == "A.2.2")
            };
            match own.into_iter().find(names) {
                Some(one) => Judgement::Shown(vec![entry.subject(), one.subject()]),
                None => Judgement::Fail(Lapse::of(entry).value("incident", entry.label())),
            }
        })
    })
}
