//! Whether data was approved before it was used, still is, and somebody answered for privacy.

use std::collections::BTreeMap;

use jiff::civil::Date;
use vouch_record::Id;
use vouch_record::kind::generated::approval::ApprovalDecision;
use vouch_record::kind::generated::data_assessment::{DataAssessment, DataAssessmentPersonalDataFound};
use vouch_record::kind::generated::dataset::Dataset;
use vouch_record::kind::generated::model::Model;
use vouch_record::kind::generated::role::{Role, RoleKey};
use vouch_record::kind::generated::shared::DataUse;

use crate::check::data_in_use::{approved_for, approved_in, assessed_uses, data_of, in_use};
use crate::check::released::{Released, in_window};
use crate::derived::data_assessment::expired;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, Given, View};

/// Uses that come before a model is there; the others come before it is released.
const MAKING: [DataUse; 3] = [DataUse::Training, DataUse::Tuning, DataUse::Validation];

/// A.7.2-O1
pub(super) fn approved_before_it_was_used(view: &View) -> Verdicts {
    let Some(first) = view.first_scope_on() else { return Verdicts::holds() };
    let mut found: BTreeMap<Id, (Entry<'_>, Vec<Lapse>)> = BTreeMap::new();
    let mut verdicts = Verdicts::default();
    for released in in_window(view) {
        if released.release.value("model_versions").is_erased() {
            verdicts.note(released.release, Judgement::Undecided("`model_versions` was erased".to_owned()));
        }
        for used in used_data(&released).into_iter().filter(|used| used.by >= first) {
            let approved = approved_for(used.dataset, used.version.as_deref(), used.of);
            let lapses = &mut found.entry(used.dataset.id()).or_insert_with(|| (used.dataset, Vec::new())).1;
            if approved.is_none_or(|on| on > used.by) {
                lapses.push(used.lapse(released.system));
            }
        }
    }
    for (dataset, mut lapses) in found.into_values() {
        lapses.dedup();
        verdicts.note(dataset, Judgement::of(lapses));
    }
    verdicts
}

/// Data that a released model version was made or judged with, and by when it had to be approved.
struct UsedData<'v> {
    model: Entry<'v>,
    dataset: Entry<'v>,
    version: Option<String>,
    of: Option<DataUse>,
    by: Date,
}

impl UsedData<'_> {
    fn lapse(&self, system: Entry<'_>) -> Lapse {
        Lapse::of(self.dataset)
            .in_system(system)
            .value("model", self.model.label())
            .value("version", self.version.as_deref().unwrap_or("without a version"))
            .value("use", self.of.map_or("no use", DataUse::id))
    }
}

/// The rows that the models of a release had on its day. Versions of data that are younger than the model did not make it.
fn used_data<'v>(released: &Released<'v>) -> Vec<UsedData<'v>> {
    let view = released.release.view();
    let on = view.day(released.at);
    let mut found = Vec::new();
    for row in released.content().model_versions() {
        let Some(model) = row.model().and_then(|link| view.get(link.id)) else { continue };
        let content = Model(model.content());
        let made = content.versions().find(|one| one.version().is_some() && one.version() == row.version());
        let made = made.and_then(|one| one.made_on()).unwrap_or(on);
        let then = Model(model.on(on).unwrap_or(model).content());
        for used in then.datasets() {
            let Some(dataset) = used.dataset().and_then(|link| view.get(link.id)) else { continue };
            let making = used.use_().is_none_or(|of| MAKING.contains(&of));
            let by = if making { made } else { on };
            let came_later = made_on(dataset, used.version()).is_some_and(|on| on > by);
            if !came_later {
                let version = used.version().map(str::to_owned);
                found.push(UsedData { model, dataset, version, of: used.use_(), by });
            }
        }
    }
    found
}

fn made_on(dataset: Entry<'_>, version: Option<&str>) -> Option<Date> {
    let mut rows = Dataset(dataset.content()).versions();
    rows.find(|row| version.is_some() && (row.version() == version || row.digest() == version))?.made_on()
}

/// A.7.2-O2
pub(super) fn no_approval_ran_out(view: &View) -> Verdicts {
    each(in_use(view), |dataset| {
        let assessed: Vec<_> = assessed_uses(dataset).filter_map(|(row, one)| Some((row, one?))).collect();
        if assessed.is_empty() {
            return Judgement::Skip("no approved assessment speaks for a use of today".to_owned());
        }
        if let Some((_, one)) = assessed.iter().find(|(_, one)| one.value("valid_until").is_erased()) {
            return Judgement::Undecided(format!("`valid_until` of {} was erased", one.id()));
        }
        let mut lapses: Vec<Lapse> = Vec::new();
        for (row, one) in assessed.into_iter().filter(|(_, one)| expired(*one)) {
            let content = DataAssessment(one.content());
            let ended = content.valid_until().get().into_iter().chain(content.rights_until().get()).min();
            let user = view.get(row.record).filter(|user| user.kind().name == "ai-system");
            let lapse = user.map_or_else(|| Lapse::of(dataset), |user| Lapse::of(dataset).in_system(user));
            let lapse = lapse.value("use", row.of.map_or("no use", DataUse::id));
            lapses.push(lapse.value("date", ended.map_or_else(|| "a day".to_owned(), |on| on.to_string())));
        }
        lapses.dedup();
        Judgement::of(lapses)
    })
}

/// A.7.2-O3
pub(super) fn privacy_was_answered_for(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    each(approved_in(view, window), |assessment| {
        Judgement::needing(assessment, &["personal_data_found", "privacy_steps"], || {
            use DataAssessmentPersonalDataFound::{Personal, Special};
            let content = DataAssessment(assessment.content());
            if !matches!(content.personal_data_found().get(), Some(Personal | Special)) {
                return Judgement::Skip("no data about people was found in it".to_owned());
            }
            let answered = assessment.given().into_iter().find(|given| for_privacy(assessment, given));
            let open = [
                (content.privacy_steps().is_filled(), "no step to spare them is written down"),
                (answered.is_some(), "nobody answered for privacy"),
            ];
            let lapse = |defect: &str| Lapse::of(assessment).value("dataset", data_of(assessment)).value("defect", defect);
            let lapses: Vec<Lapse> = open.into_iter().filter(|(there, _)| !there).map(|(_, defect)| lapse(defect)).collect();
            match answered.filter(|_| lapses.is_empty()) {
                Some(given) => Judgement::Shown(vec![assessment.subject(), given.entry.subject()]),
                None => Judgement::of(lapses),
            }
        })
    })
}

/// An approval in the capacity of privacy, of what the assessment says now, by a holder of that role on its day.
fn for_privacy(assessment: Entry<'_>, given: &Given<'_>) -> bool {
    let role = given.approval.capacity().get().and_then(|link| assessment.view().get(link.id));
    let holds = |by: Id| assessment.view().on(given.on()).holders(RoleKey::Privacy.id()).contains(&by);
    given.approval.decision().is(ApprovalDecision::Approved)
        && given.counts_as_proof()
        && assessment.still_approved(given.revision())
        && role.is_some_and(|role| Role(role.content()).key().is(RoleKey::Privacy))
        && given.by().is_some_and(holds)
}
