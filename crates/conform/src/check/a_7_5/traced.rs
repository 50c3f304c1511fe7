//! Whether the trail leads from a running model back to raw sources, and whether anybody tried to go it.

use vouch_record::Id;
use vouch_record::kind::generated::ai_system::AiSystemStaffingDuty;
use vouch_record::kind::generated::evidence::Evidence;
use vouch_record::kind::generated::model::{Model, ModelDataDisclosure, ModelOrigin};
use vouch_record::kind::generated::release::Release;
use vouch_record::kind::generated::shared::DataUse;
use vouch_record::kind::generated::supplier::{Supplier, SupplierAnswerRating, SupplierAnswerTopic};

use crate::check::data_row::of_system;
use crate::derived::ai_system::running_release;
use crate::derived::{data_assessment, dataset, release};
use crate::framework::ISO42001;
use crate::shape::{Judgement, Lapse, Verdicts, each, one_of};
use crate::view::{Entry, View};

/// Uses whose data a model carries on.
const CARRIED: [DataUse; 3] = [DataUse::Training, DataUse::Tuning, DataUse::Retrieval];

/// A.7.5-O1
pub(super) fn trail_leads_to_a_source(view: &View) -> Verdicts {
    let releases = view.live_systems().filter_map(running_release);
    each(releases, |release| {
        Judgement::needing(release, &["model_versions"], || {
            let Some(system) = release.linked("ai_system") else { return Judgement::Skip("its system was set aside".to_owned()) };
            let models: Vec<Entry<'_>> =
                Release(release.content()).model_versions().filter_map(|row| view.get(row.model()?.id)).collect();
            let ends = models.iter().flat_map(|model| ends(system, *model).into_iter().map(move |step| (*model, step)));
            Judgement::of(ends.map(|(model, step)| Lapse::of(release).value("model", model.label()).value("step", step)).collect())
        })
    })
}

/// Where the trail from a model ends before a source.
fn ends(system: Entry<'_>, model: Entry<'_>) -> Vec<String> {
    let made_here = matches!(Model(model.content()).origin().get(), Some(ModelOrigin::Own | ModelOrigin::Adapted));
    let rows = of_system(system)
        .into_iter()
        .filter(|row| row.model.is_none_or(|of| of.id() == model.id()) && row.is_for(&CARRIED) && row.is_current());
    let mut ends: Vec<String> = rows
        .filter_map(|row| {
            let Some(data) = row.dataset else { return Some("a row that names no data".to_owned()) };
            let name = format!("{} {}", data.label(), row.version.unwrap_or("without a version"));
            match row.version.zip(row.of).and_then(|(version, of)| dataset::assessment_of(data, version, of)) {
                None => Some(format!("{name}, which has no approved assessment")),
                Some(one) if !data_assessment::lineage_complete(one) => {
                    Some(format!("{name}, whose lineage in {} has a break", one.id()))
                }
                Some(_) => None,
            }
        })
        .collect();
    ends.sort_unstable();
    ends.dedup();
    let origins = if made_here { bases(model) } else { vec![model] };
    let silent = origins.into_iter().filter(|base| !maker_says(*base));
    ends.extend(silent.map(|base| format!("the maker of {}, who says nothing of its data", base.label())));
    ends
}

/// The models of others that a model was adapted from, through those adapted here in between.
fn bases(model: Entry<'_>) -> Vec<Entry<'_>> {
    let mut seen: Vec<Id> = vec![model.id()];
    let mut next = model.linked("base_model");
    while let Some(base) = next.filter(|base| !seen.contains(&base.id())) {
        if !matches!(Model(base.content()).origin().get(), Some(ModelOrigin::Own | ModelOrigin::Adapted)) {
            return vec![base];
        }
        seen.push(base.id());
        next = base.linked("base_model");
    }
    Vec::new()
}

/// Whether the maker of a model says where its data comes from: in what it discloses, or in an answer on origin.
fn maker_says(model: Entry<'_>) -> bool {
    let discloses =
        matches!(Model(model.content()).data_disclosure().get(), Some(ModelDataDisclosure::Full | ModelDataDisclosure::Summary));
    let answers = |supplier: Entry<'_>| {
        Supplier(supplier.content()).answers().any(|row| {
            row.topic() == Some(SupplierAnswerTopic::Origin)
                && row.answer().is_some()
                && row.rating() != Some(SupplierAnswerRating::NoAnswer)
        })
    };
    discloses || model.linked("supplier").is_some_and(answers)
}

/// A.7.5-P2
pub(super) fn traced_back_once_a_year(view: &View) -> Verdicts {
    let Some(year) = view.last_days(365) else { return Verdicts::holds() };
    let tries = || view.all(Evidence::KIND).filter(|entry| entry.is("reviewed") && is_trace(*entry));
    let last = tries().filter_map(|entry| Evidence(entry.content()).covers_to().get()).max();
    let since = last.unwrap_or(year.from);
    let judge = |entry: Entry<'_>| {
        let recent = Evidence(entry.content()).covers_to().get().is_some_and(|on| year.has(on));
        Judgement::when(recent, || Lapse::of(entry))
    };
    let nobody = || Lapse::of_organisation().value("system", "a model that runs").value("date", since);
    one_of(tries(), judge, nobody)
}

/// Evidence for A.7.5 about a model, brought by a person who builds no system that names it and did not enter it.
fn is_trace(entry: Entry<'_>) -> bool {
    let evidence = Evidence(entry.content());
    let meant = evidence.requirements().any(|named| named.framework == ISO42001 && named.item == "A.7.5");
    let Some(by) = evidence.collected_by().get().map(|link| link.id) else { return false };
    let mut models = entry.links("about").filter(|about| about.kind().name == Model::KIND);
    meant && models.any(|model| !builders(model).contains(&by))
}

fn builders(model: Entry<'_>) -> Vec<Id> {
    let systems = model.incoming(vouch_record::kind::generated::ai_system::AiSystem::KIND, "models");
    let staff = systems.flat_map(|system| release::staff(system, &[AiSystemStaffingDuty::Build, AiSystemStaffingDuty::Data]));
    staff.chain(model.authors()).collect()
}
