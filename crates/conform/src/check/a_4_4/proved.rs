//! Who approved models and tools, and whether they are past their support.

use vouch_record::kind::generated::model::{Model, ModelFormat, ModelIntegrity};
use vouch_record::kind::generated::resource::Resource;

use super::TOOLS;
use crate::check::approving::approved_by_another as by_another;
use crate::check::parts::{is_accepted, models, resources};
use crate::derived::model::versions_running;
use crate::derived::resource::out_of_support;
use crate::shape::{Judgement, Lapse, Verdicts};
use crate::view::{Entry, View};

/// A.4.4-P1
pub(super) fn approved_by_another(view: &View) -> Verdicts {
    let mut verdicts = Verdicts::default();
    for part in models(view).into_iter().chain(resources(view, &TOOLS)) {
        let entry = part.entry;
        let judgement = Judgement::needing(entry, &["integrity", "format"], || {
            let unchecked = unchecked(entry).map(str::to_owned);
            let approval = entry.is("approved").then(|| by_another(entry, "approved", &[]));
            let self_made = match &approval {
                Some(Err(unfit)) => Some(format!("was approved by {}, who {}", unfit.person, unfit.defect)),
                Some(Ok(_)) | None => None,
            };
            let defects: Vec<String> = self_made.into_iter().chain(unchecked).collect();
            match approval {
                _ if !defects.is_empty() => {
                    let lapse = |defect: String| Lapse::of(entry).value("part", entry.label()).value("defect", defect);
                    Judgement::FailAll(defects.into_iter().map(lapse).collect())
                }
                Some(Ok(given)) => Judgement::Shown(vec![entry.subject(), given.entry.subject()]),
                _ => Judgement::Skip("not approved; see A.4.4-D1 and A.4.4-O2".to_owned()),
            }
        });
        verdicts.note(entry, judgement);
    }
    verdicts
}

/// What keeps a model from being what it claims to be, unless it is accepted.
fn unchecked(entry: Entry<'_>) -> Option<&'static str> {
    if entry.kind().name != Model::KIND || is_accepted(entry) {
        return None;
    }
    let content = Model(entry.content());
    if content.integrity().is(ModelIntegrity::NotChecked) {
        return Some("was never compared with what its maker gave out");
    }
    content.format().is(ModelFormat::Code).then_some("can run code when it is loaded, and nobody accepted that")
}

/// A.4.4-P3
pub(super) fn nothing_past_its_support(view: &View) -> Verdicts {
    let mut verdicts = Verdicts::default();
    for part in models(view) {
        let running = versions_running(part.entry);
        let judgement = Judgement::needing(part.entry, &["versions"], || {
            if running.is_empty() {
                return Judgement::Skip("no version of it ran in the last thirty days".to_owned());
            }
            if is_accepted(part.entry) {
                return Judgement::Pass;
            }
            let rows = Model(part.entry.content()).versions();
            let past = rows.filter_map(|row| Some((row.version()?, row.end_of_life()?)));
            let past = past.filter(|(version, end)| *end < view.today() && running.iter().any(|one| one == version));
            let lapse = |version: &str| format!("{} {version}", part.entry.label());
            Judgement::of(
                past.map(|(version, end)| Lapse::of(part.entry).value("part", lapse(version)).value("date", end)).collect(),
            )
        });
        verdicts.note(part.entry, judgement);
    }
    for part in resources(view, &TOOLS) {
        let judgement = Judgement::needing(part.entry, &["support_until"], || {
            let ended = Resource(part.entry.content()).support_until().get().filter(|_| out_of_support(part.entry));
            match ended.filter(|_| !is_accepted(part.entry)) {
                Some(end) => Judgement::Fail(Lapse::of(part.entry).value("part", part.entry.label()).value("date", end)),
                None => Judgement::Pass,
            }
        });
        verdicts.note(part.entry, judgement);
    }
    verdicts
}
