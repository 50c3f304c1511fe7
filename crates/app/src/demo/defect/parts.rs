//! Data, resources, suppliers.

use serde_json::json;

use super::{Defect, is_of_one, one};
use crate::demo::agenda::About;

pub(super) const DEFECTS: &[Defect] = &[
    Defect {
        name: "data-never-looked-at",
        tells: "Data that a system is made from are approved once and never looked at again.",
        fires: &["A.4.3-O4"],
        plant: |world| {
            world.departures.drop("look at data", |world, title, _| {
                let dataset = one(world).and_then(|system| world.maybe(&system.name_of("dataset")));
                dataset.is_some_and(|dataset| title.about == About::Record(dataset))
            });
        },
    },
    Defect {
        name: "data-never-assessed",
        tells: "A system is made from data that nobody assessed.",
        fires: &["6.1.3-O4", "A.4.3-O2", "A.4.3-P2", "A.7.4-O1", "A.7.5-D2", "A.7.5-O1"],
        plant: |world| world.departures.drop("assess data", |world, title, _| is_of_one(world, title)),
    },
    Defect {
        name: "lineage-of-other-bytes",
        tells: "The last step of the lineage led to other bytes than those that are used.",
        fires: &["A.7.5-O1", "A.7.5-P1"],
        plant: |world| {
            world.departures.write(|world, act, fields| {
                let Some(rows) = fields.get_mut("lineage").and_then(|rows| rows.as_array_mut()) else { return };
                if act.kind == "data-assessment" && is_of_one(world, act.event) {
                    rows.iter_mut().for_each(|row| row["output_digest"] = json!(format!("sha256:{}", "0".repeat(64))));
                }
            });
        },
    },
    Defect {
        name: "suppliers-not-assessed-again",
        tells: "Suppliers are approved on the look of the year before, and nobody looks again.",
        fires: &["6.1.3-O4", "8.1-O4", "A.10.3-O1"],
        plant: |world| {
            world.departures.write(|world, act, fields| {
                let on = world.days_before(400).to_string();
                let entered = act.event.name == "suppliers";
                let Some(rows) = fields.get_mut("assessments").and_then(|rows| rows.as_array_mut()) else { return };
                if act.kind == "supplier" && entered {
                    rows.iter_mut().for_each(|row| row["on"] = json!(on));
                }
            });
        },
    },
    Defect {
        name: "suppliers-word-alone",
        tells: "Nothing but their word stands behind what suppliers answered.",
        fires: &["A.10.2-P1", "A.10.3-P3"],
        plant: |world| {
            world.departures.omit(|_, act| act.kind == "evidence" && act.what == "review" && act.event.name == "suppliers")
        },
    },
    Defect {
        name: "supplier-never-approved",
        tells: "A supplier on which much depends is never approved.",
        fires: &["6.1.3-O4", "8.1-D2", "A.4.2-O4"],
        plant: |world| {
            world.departures.bend(|_, title, _| {
                let identity = title.name == "approve a supplier" && title.about == About::Word("identity".to_owned());
                if identity { crate::demo::course::Turn::Never } else { crate::demo::course::Turn::AsPlanned }
            });
        },
    },
];
