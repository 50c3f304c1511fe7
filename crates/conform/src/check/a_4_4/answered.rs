//! Which models answered, and whether they were approved on that day.

use std::collections::BTreeMap;

use jiff::civil::Date;
use vouch_record::Value;
use vouch_record::kind::generated::ai_system::AiSystem;
use vouch_record::kind::generated::model::Model;
use vouch_record::kind::generated::sealed_batch::SealedBatch;

use crate::derived::model::{bare_names, is_one_of, names_of_version};
use crate::derived::sealed_batch::is_real;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View, Window};

/// A name under which a model may answer, and the days on which that was approved.
struct Known {
    names: Vec<String>,
    approved: Vec<Window>,
}

/// A.4.4-O1
pub(super) fn what_answered_was_approved(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    let known: Vec<Known> = view.all(Model::KIND).flat_map(known).collect();
    each(view.systems(), |system| {
        let batches = system.incoming(SealedBatch::KIND, "ai_system").filter(|batch| is_real(*batch));
        let mut answers = 0_usize;
        let mut open: BTreeMap<String, Window> = BTreeMap::new();
        for batch in batches {
            let content = SealedBatch(batch.content());
            let (Some(from), Some(to)) = (content.from().get(), content.to().get()) else { continue };
            let days = Window { from: view.day(from), to: view.day(to) };
            if !window.has(days.to) {
                continue;
            }
            for answered in content.by_model().filter(|row| row.n() != Some(0)).filter_map(|row| row.answered()) {
                answers += 1;
                if !is_approved(&known, answered, days) {
                    let stood = open.entry(answered.to_owned()).or_insert(days);
                    *stood = Window { from: stood.from.min(days.from), to: stood.to.max(days.to) };
                }
            }
        }
        if answers == 0 {
            return Judgement::Skip("no batch says which model answered".to_owned());
        }
        let approved = named(system);
        let lapse = |(answered, days): (String, Window)| {
            let lapse = Lapse::of(system).value("answered", answered).value("from", days.from);
            lapse.value("approved", &approved).over(days)
        };
        Judgement::of(open.into_iter().map(lapse).collect())
    })
}

/// Whether a model that answers to this name was approved on the last day of a batch.
fn is_approved(known: &[Known], answered: &str, days: Window) -> bool {
    known.iter().any(|one| is_one_of(&one.names, answered) && one.approved.iter().any(|approved| approved.has(days.to)))
}

/// The names of each version of a model, from the day on which a revision that lists it was approved, as long as the model was approved.
fn known(model: Entry<'_>) -> Vec<Known> {
    let view = model.view();
    let approved = model.periods(&["approved"]);
    if approved.is_empty() {
        return Vec::new();
    }
    let mut versions: BTreeMap<(Option<&str>, Option<&str>), Date> = BTreeMap::new();
    for leaf in model.leaves().iter().filter(|leaf| leaf.state.as_ref() == "approved") {
        let revision = model.revisions().find(|made| made.revision == leaf.revision);
        let rows = revision.and_then(|made| made.body.get("versions")).map_or(&[][..], Value::items);
        for row in rows {
            let pair = (row.get("version").and_then(Value::as_text), row.get("digest").and_then(Value::as_text));
            versions.entry(pair).or_insert_with(|| view.day(leaf.time));
        }
    }
    let since = |on: Date| approved.iter().filter_map(|days| days.from_day(on)).collect::<Vec<_>>();
    let mut found: Vec<Known> = versions
        .into_iter()
        .map(|((version, digest), on)| Known { names: names_of_version(model, version, digest), approved: since(on) })
        .collect();
    found.push(Known { names: bare_names(model), approved });
    found
}

/// The models and versions that a system names.
fn named(system: Entry<'_>) -> String {
    let names = AiSystem(system.content()).models().filter_map(|row| {
        let model = row.model().and_then(|link| system.view().get(link.id))?;
        Some(format!("{} {}", model.label(), row.version().unwrap_or("without a version")))
    });
    let names: Vec<String> = names.collect();
    if names.is_empty() { "none that it names".to_owned() } else { names.join(", ") }
}
