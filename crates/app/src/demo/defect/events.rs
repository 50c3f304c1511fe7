//! Incidents, concerns and what follows from them.

use serde_json::json;

use super::Defect;

pub(super) const DEFECTS: &[Defect] = &[Defect {
    name: "serious-incident-passed-over",
    tells: "A serious incident is put right, and neither risk nor impact is looked at again.",
    fires: &["8.2-O2", "8.2-O4", "8.4-O3", "8.4-P3", "A.5.2-O1"],
    plant: |world| {
        world.departures.write(|_, act, fields| {
            if act.kind == "incident" && fields.contains_key("severity") {
                fields.insert("severity".into(), json!("serious"));
            }
        });
    },
}];
