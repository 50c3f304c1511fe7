//! Tests, monitoring, oversight, what users are told.

use serde_json::json;

use super::{Defect, in_one, is_of_one, late_in, one};

pub(super) const DEFECTS: &[Defect] = &[
    Defect {
        name: "owner-confirms-no-more",
        tells: "The owner of a system stops confirming that its record is true.",
        fires: &["4.1-O4", "6.1.3-O4"],
        plant: |world| {
            world.departures.drop("confirm a system", |world, title, day| in_one(world, title) && late_in(world, day, 160))
        },
    },
    Defect {
        name: "parts-never-observed",
        tells: "No gateway or pipeline reports what the systems consist of.",
        fires: &["A.4.2-P1", "A.4.4-P2"],
        plant: |world| world.departures.drop("observe parts", |_, _, _| true),
    },
    Defect {
        name: "test-never-reviewed",
        tells: "A test is run, and nobody reviews it.",
        fires: &["6.1.3-O4", "A.5.4-O4", "A.6.1.3-O5", "A.6.2.2-O1", "A.6.2.3-P2", "A.6.2.4-O3", "A.9.3-O2"],
        plant: |world| {
            world.departures.omit(|world, act| act.kind == "test" && act.what == "review" && is_of_one(world, act.event))
        },
    },
    Defect {
        name: "system-never-tested",
        tells: "A system is used, and nobody tests it.",
        fires: &["A.5.4-O4", "A.6.2.2-O1", "A.6.2.4-D2"],
        plant: |world| world.departures.drop("plan a test", in_one_then),
    },
    Defect {
        name: "monitoring-hole",
        tells: "For more than two months nobody measures a system.",
        fires: &["6.1.3-O4", "9.1-O1", "A.6.2.6-O1", "A.6.2.6-P2", "A.7.4-O2", "FM-20"],
        plant: |world| {
            world.departures.drop("measure a system", |world, title, day| {
                in_one(world, title) && late_in(world, day, 135) && !late_in(world, day, 50)
            });
        },
    },
    Defect {
        name: "alarm-without-answer",
        tells: "A measure of drift crosses its limit, and the analyst lets it pass with a word.",
        fires: &["8.2-O3", "A.6.2.6-O2"],
        plant: |world| {
            world.departures.write(|world, act, fields| {
                let (Some(system), Some(drift)) = (one(world), world.maybe("measure:drift")) else { return };
                let of_drift = fields.get("measure") == Some(&json!(drift.to_string()))
                    && fields.get("ai_system") == Some(&json!(system.id.to_string()));
                if act.kind == "measurement" && of_drift && late_in(world, act.day, 130) && !late_in(world, act.day, 60) {
                    fields.insert("value".into(), json!("0.26"));
                }
                if act.what == "analysed"
                    && is_of_one(world, act.event)
                    && late_in(world, act.day, 130)
                    && !late_in(world, act.day, 60)
                {
                    fields.insert("no_action_because".into(), json!("Expected at this time of the year."));
                }
            });
        },
    },
    Defect {
        name: "incident-without-a-lesson",
        tells: "Staff see an incident before the monitoring does, and the plan stays as it is.",
        fires: &["A.6.2.6-O3"],
        plant: |world| {
            world
                .departures
                .omit(|_, act| act.kind == "monitoring-plan" && act.what == "review" && act.event.name == "resolve an incident");
        },
    },
    Defect {
        name: "text-never-seen",
        tells: "Nobody looks whether the text for users is shown where they work.",
        fires: &["A.8.2-P1"],
        plant: |world| {
            world.departures.omit(|world, act| {
                act.kind == "evidence" && act.what == "review" && act.event.name == "inform" && is_of_one(world, act.event)
            })
        },
    },
    Defect {
        name: "text-never-published",
        tells: "What users should know is never written.",
        fires: &["A.6.2.7-D1", "A.8.2-D1", "A.8.2-O1", "A.8.3-D1"],
        plant: |world| world.departures.drop("inform", in_one_then),
    },
    Defect {
        name: "use-not-watched",
        tells: "Nothing watches whether a system is used for what it is for.",
        fires: &["6.1.3-O4", "9.1-O1", "A.6.2.6-O1", "A.6.2.6-P2", "A.7.4-O2", "A.9.4-O1", "FM-20"],
        plant: |world| {
            world.departures.drop("measure a system", |world, title, day| in_one(world, title) && late_in(world, day, 100));
        },
    },
];

/// Whether an event is about the one system, on any day.
fn in_one_then(world: &crate::demo::world::World, title: &crate::demo::agenda::Title, _: jiff::civil::Date) -> bool {
    in_one(world, title)
}
