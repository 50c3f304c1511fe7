//! Incidents, concerns and what follows from them.

use serde_json::json;

use super::{Defect, HIGH, is_of_one, late_in, one};

pub(super) const DEFECTS: &[Defect] = &[Defect {
    name: "serious-incident-passed-over",
    tells: "A serious incident is put right, and neither risk nor impact is looked at again.",
    fires: &[
        "6.1.1-O3",
        "6.1.3-O4",
        "6.1.3-O5",
        "7.4-O1",
        "7.5.1-O1",
        "8.2-O2",
        "8.4-P3",
        "9.2.2-O4",
        "A.2.4-O2",
        "A.5.2-O1",
        "A.5.4-O3",
        "A.6.1.3-O5",
        "A.6.2.6-O3",
        "FM-12",
    ],
    plant: |world| {
        world.departures.write(|world, act, fields| {
            if act.is("assess risks", "risk", "create") && is_of_one(world, act.event) {
                // Scores of its risks move by their treatment, on every seed.
                HIGH.iter().for_each(|(field, level)| drop(fields.insert((*field).into(), json!(level))));
            }
            let once = late_in(world, act.day, 100) && !late_in(world, act.day, 60);
            if act.kind != "incident" || !once {
                return;
            }
            if fields.contains_key("severity") {
                fields.insert("severity".into(), json!("serious"));
            }
            if let Some(system) = one(world).filter(|_| act.what == "create") {
                fields.insert("ai_systems".into(), json!([system.id.to_string()]));
            }
        });
        world.departures.omit(|world, act| {
            let once = late_in(world, act.day, 100) && !late_in(world, act.day, 60);
            act.is("resolve an incident", "monitoring-plan", "review") && once
        });
    },
}];
