//! Statements of applicability of the base whose rows are those that freezing would write, so that they stay true whatever is judged.

use serde_json::{Value as Json, json};
use vouch_record::Id;

use super::life::{Life, instant};
use super::log::{Built, Fixed, build};
use super::patch::Lives;
use crate::derived::statement_of_applicability::{FrozenRow, methods_now, rows_now, systems_now};

/// What stands in `rows` of a statement that is to be frozen.
const FROZEN: &str = "frozen";

/// Fills rows, systems and methods of each statement whose `rows` is `frozen`, as of the day in `frozen_at`.
pub(super) fn freeze(mut lives: Lives) -> Lives {
    let wanted: Vec<_> =
        lives.of.iter().filter(|(_, life)| life["fields"]["rows"] == FROZEN).map(|(label, _)| label.clone()).collect();
    for label in wanted {
        lives.of.get_mut(&label).expect("just found")["fields"]["rows"] = json!([]);
        let life: Life = serde_json::from_value(lives.of[&label].clone()).unwrap();
        let at = instant(life.fields["frozen_at"].as_str().unwrap()).unwrap();
        let fixed = Fixed::load();
        let built = build(&lives, &fixed.kinds).unwrap_or_else(|error| panic!("base: {error}"));
        let view = built.view(fixed, vouch_record::time::day_of(at, &jiff::tz::TimeZone::UTC));
        let name = |id: Id| built.label(id);
        let rows = rows_now(&view).expect("no rule of a control is being judged").into_iter().map(|one| row(&one, &built));
        let systems = systems_now(&view).into_iter().map(|one| {
            json!({"ai_system": name(one.ai_system), "revision": one.revision, "tier": one.tier.map(|tier| tier.id()), "stage": one.stage.id()})
        });
        let (rows, systems): (Vec<Json>, Vec<Json>) = (rows.collect(), systems.collect());
        let methods: Vec<String> = methods_now(&view).into_iter().map(name).collect();
        drop(view);
        let fields = &mut lives.of.get_mut(&label).expect("just found")["fields"];
        fields["rows"] = Json::Array(rows);
        fields["systems"] = Json::Array(systems);
        fields["methods"] = json!(methods);
    }
    lives
}

fn row(row: &FrozenRow, built: &Built) -> Json {
    json!({
        "control": row.control,
        "applicability": built.label(row.applicability),
        "revision": row.revision,
        "origin": row.origin.map(|origin| origin.id()),
        "decision": row.decision.map(|decision| decision.id()),
        "reason": row.reason,
        "records": row.records.iter().map(|id| built.label(*id)).collect::<Vec<_>>(),
        "owner": row.owner.map(|id| built.label(id)),
        "implementation": row.implementation.id(),
        "systems_n": row.systems_n,
    })
}
