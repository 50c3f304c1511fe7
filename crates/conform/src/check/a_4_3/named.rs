//! What is written down about the data behind live systems.

use std::collections::BTreeMap;

use vouch_record::Id;
use vouch_record::kind::generated::ai_system::AiSystem;
use vouch_record::kind::generated::dataset::Dataset;
use vouch_record::kind::generated::model::{Model, ModelDataDisclosure, ModelOrigin};
use vouch_record::kind::generated::risk::Risk;
use vouch_record::kind::generated::shared::{DataUse, RightsBasis};

use crate::check::data_row::{by_dataset, models, of_system, rows_without_data};
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View};

/// A.4.3-D1
pub(super) fn data_is_registered(view: &View) -> Verdicts {
    let mut registered = Verdicts::default();
    for (dataset, rows) in by_dataset(view, |row| row.is_current()) {
        let needs = ["owner", "rights_basis", "keep_for", "quality_targets", "known_limits"];
        let judgement = Judgement::needing(dataset, &needs, || {
            let user = rows.first().map(|row| row.system);
            let lapse = || user.map_or_else(|| Lapse::of(dataset), |user| Lapse::of(dataset).in_system(user));
            Judgement::of(missing(dataset).into_iter().map(|what| lapse().value("missing", what)).collect())
        });
        registered.note(dataset, judgement);
    }
    registered.and(rows_without_data(view.live_systems()))
}

fn missing(dataset: Entry<'_>) -> Vec<String> {
    let content = Dataset(dataset.content());
    let clear = content.rights_basis().get().is_some_and(|basis| basis != RightsBasis::Unclear);
    let wanted = [
        (content.owner().is_filled(), "owner"),
        (clear, "clear ground on which it may be used"),
        (content.keep_for().is_filled(), "time for which it is kept"),
        (content.quality_targets().next().is_some(), "quality targets"),
        (content.known_limits().is_filled(), "known limits"),
    ];
    let state = (!dataset.is("registered")).then(|| format!("registration, it is in state {}", dataset.state()));
    state.into_iter().chain(wanted.into_iter().filter(|(there, _)| !there).map(|(_, what)| what.to_owned())).collect()
}

/// The uses that a system made here has data for, in groups of which each needs one, and how a finding calls them.
const GROUPS: [(&[DataUse], &str); 3] = [
    (&[DataUse::Training, DataUse::Tuning], "learned"),
    (&[DataUse::Validation, DataUse::Test], "was tested"),
    (&[DataUse::Operation, DataUse::Retrieval], "works"),
];

/// A.4.3-D2
pub(super) fn rows_for_each_use(view: &View) -> Verdicts {
    each(view.live_systems().filter(Entry::is_built), |system| {
        Judgement::needing(system, &["datasets", "no_data_reason", "models"], || {
            if AiSystem(system.content()).no_data_reason().is_filled() {
                return Judgement::Pass;
            }
            let rows = of_system(system);
            let open = GROUPS.into_iter().filter(|(uses, _)| !rows.iter().any(|row| row.dataset.is_some() && row.is_for(uses)));
            Judgement::of(open.map(|(_, word)| Lapse::of(system).value("use", word)).collect())
        })
    })
}

/// A.4.3-D3
pub(super) fn unknown_data_is_a_risk(view: &View) -> Verdicts {
    let mut users: BTreeMap<Id, (Entry<'_>, Vec<Entry<'_>>)> = BTreeMap::new();
    for system in view.live_systems() {
        for model in models(system).into_iter().filter(|model| is_made_elsewhere(*model)) {
            users.entry(model.id()).or_insert_with(|| (model, Vec::new())).1.push(system);
        }
    }
    let mut verdicts = Verdicts::default();
    for (model, systems) in users.into_values() {
        let judgement = Judgement::needing(model, &["data_disclosure"], || {
            let known = Model(model.content()).data_disclosure().get();
            if known.is_some_and(|known| known != ModelDataDisclosure::None) {
                return Judgement::Pass;
            }
            let silent = systems.into_iter().filter(|system| known.is_none() || !has_assessed_risk(*system));
            Judgement::of(silent.map(|system| Lapse::of(model).in_system(system)).collect())
        });
        verdicts.note(model, judgement);
    }
    verdicts
}

fn is_made_elsewhere(model: Entry<'_>) -> bool {
    matches!(Model(model.content()).origin().get(), Some(ModelOrigin::Hosted | ModelOrigin::OpenWeights | ModelOrigin::Embedded))
}

/// Whether a risk past identified names the system; one that was rejected says that there is none.
fn has_assessed_risk(system: Entry<'_>) -> bool {
    system.incoming(Risk::KIND, "ai_systems").any(|risk| risk.is_any(&["assessed", "decided", "closed"]))
}
