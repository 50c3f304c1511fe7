//! Derived values of an AI system.

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::condition::Val;
use vouch_record::kind::generated::ai_system::{AiSystem, AiSystemOrigin};
use vouch_record::kind::generated::scope::Scope;
use vouch_record::kind::generated::shared::Stage;
use vouch_record::time::days_between;

use super::Derived;
use crate::view::Entry;

/// The derived values of an AI system.
pub const TABLE: &[Derived] = &[
    Derived { name: "stage", compute: |entry| Val::Text(stage(entry).id().into()) },
    Derived { name: "in_scope", compute: |entry| Val::Bool(in_scope(entry)) },
    Derived { name: "live", compute: |entry| Val::Bool(live(entry)) },
];

/// Stage of the row in `stages` with the latest entered_on not after today; concept if none.
#[must_use]
pub fn stage(entry: Entry<'_>) -> Stage {
    let today = entry.view().today();
    let begun = AiSystem(entry.content()).stages().filter_map(|row| Some((row.entered_on().filter(|on| *on <= today)?, row.stage()?)));
    begun.max().map_or(Stage::Concept, |(_, stage)| stage)
}

/// The day on which the system entered a stage later than `past`, by the earliest such row.
#[must_use]
pub fn past_since(entry: Entry<'_>, past: Stage) -> Option<Date> {
    let today = entry.view().today();
    let rows = AiSystem(entry.content()).stages();
    rows.filter(|row| row.stage().is_some_and(|stage| stage > past)).filter_map(|row| row.entered_on()).filter(|on| *on <= today).min()
}

/// In state registered or suspended, and in systems_in of the scope in force or with a family of it; before the first scope
/// every such system and every imported draft.
#[must_use]
pub fn in_scope(entry: Entry<'_>) -> bool {
    *entry.view().keep(Some(entry.id()), "in_scope", || {
        let kept = entry.is_any(&["registered", "suspended"]);
        match entry.view().scope() {
            None => kept || (entry.is("draft") && AiSystem(entry.content()).origin().is(AiSystemOrigin::Imported)),
            Some(scope) => kept && placed_inside(entry, scope),
        }
    })
}

fn placed_inside(system: Entry<'_>, scope: Entry<'_>) -> bool {
    let scope = Scope(scope.content());
    let family = system.text("family");
    scope.systems_in().any(|link| link.id == system.id())
        || family.is_some_and(|family| scope.families().any(|row| row.name() == Some(family)))
}

/// In scope, registered (or an imported draft before the first scope), and in use: stage operation, or deployment once a release
/// of it is deployed or events of another source than evaluation have been counted for more than thirty days.
#[must_use]
pub fn live(entry: Entry<'_>) -> bool {
    *entry.view().keep(Some(entry.id()), "live", || {
        if !in_scope(entry) || !entry.is_any(&["registered", "draft"]) {
            return false;
        }
        match stage(entry) {
            Stage::Operation => true,
            Stage::Deployment => entry.incoming("release", "ai_system").any(|release| release.is("deployed")) || counted(entry),
            _ => false,
        }
    })
}

/// Whether events other than test traffic were counted for more than thirty days.
fn counted(entry: Entry<'_>) -> bool {
    let day = |batch: &Entry<'_>, field: &str| batch.text(field).and_then(|text| text.get(..10)).and_then(vouch_record::time::parse_date);
    let real = |batch: &Entry<'_>| {
        let count = batch.value("count").get().and_then(vouch_record::Value::as_int).unwrap_or(0);
        count > 0 && batch.text("source") != Some("evaluation")
    };
    let first = entry.incoming("sealed-batch", "ai_system").filter(real).filter_map(|batch| day(&batch, "from")).min();
    first.is_some_and(|first| days_between(first, entry.view().today().saturating_add(1.day())) > 30)
}
