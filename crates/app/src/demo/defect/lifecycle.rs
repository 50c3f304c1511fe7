//! Building, testing and releasing; data.

use jiff::ToSpan;
use serde_json::json;

use super::{Defect, in_one, is_of_one, keep, late_in, rows};
use crate::demo::profile::{System, Tier};
use crate::demo::world::World;

pub(super) const DEFECTS: &[Defect] = &[
    Defect {
        name: "limit-looser-than-the-aim",
        tells: "New versions are tested against a looser limit than the agency aims at.",
        fires: &["A.6.1.2-P2"],
        plant: |world| {
            world.departures.write(|_, act, fields| {
                if act.event.name == "renew" && act.kind == "test" {
                    let fair = rows(fields, "criteria").filter(|row| row["requirement_code"] == "Q2");
                    fair.for_each(|row| row["threshold"] = json!("0.09"));
                }
            });
        },
    },
    Defect {
        name: "requirement-never-tested",
        tells: "The specification wants the facts behind a result to be shown, and no test asks for it.",
        fires: &["A.6.2.2-O1"],
        plant: |world| {
            world.departures.write(|world, act, fields| {
                if act.kind == "test" && is_of_one(world, act.event) {
                    keep(fields, "criteria", |row| row["code"] != "D7");
                    keep(fields, "results", |row| row["code"] != "D7");
                }
            });
        },
    },
    Defect {
        name: "requirement-without-a-decision",
        tells: "No decision of the design answers how the facts behind a result are shown.",
        fires: &["A.6.2.3-O3"],
        plant: |world| {
            world.departures.write(|world, act, fields| {
                if act.kind == "specification" && is_of_one(world, act.event) {
                    let shown = rows(fields, "design_decisions").filter(|row| row["topic"] == "human_interaction");
                    shown.for_each(|row| row["answers"] = json!("Q3, Q5"));
                }
            });
        },
    },
    Defect {
        name: "version-comes-untold",
        tells: "New versions go live, and nobody tells those who work with them.",
        fires: &["A.6.2.5-O4"],
        plant: |world| {
            world.departures.write(|_, act, fields| {
                if act.is("release a new version", "release", "create") {
                    fields.insert("communications".into(), json!([]));
                }
            });
        },
    },
    Defect {
        name: "card-of-the-old-version",
        tells: "A new version runs, and the card for overseers describes the one before.",
        fires: &["6.1.3-O4", "A.6.2.7-O1", "A.6.2.7-P1", "A.8.2-P3"],
        plant: |world| {
            world.departures.write(|world, act, fields| {
                if act.event.name == "release a new version" && is_card(world, act.record) {
                    fields.remove("system_version");
                }
            });
            world.departures.omit(|world, act| act.event.name == "release a new version" && is_card(world, act.record));
        },
    },
    Defect {
        name: "log-ends",
        tells: "For the last three months no log of a system is sealed.",
        fires: &["6.1.3-O4", "A.6.2.8-O1"],
        plant: |world| world.departures.drop("seal a log", |world, title, day| in_one(world, title) && late_in(world, day, 95)),
    },
    Defect {
        name: "bias-left-open",
        tells: "Bias of weight is found in data, and nothing is done about it.",
        fires: &["A.7.2-O4"],
        plant: |world| {
            world.departures.write(|world, act, fields| {
                if act.kind == "data-assessment" && is_of_one(world, act.event) && fields.contains_key("quality") {
                    let finding =
                        json!([{"finding": "Cases of night shifts are a third of what they should be.", "weight": "high"}]);
                    fields.insert("bias_findings".into(), finding);
                }
            });
        },
    },
    Defect {
        name: "right-never-read",
        tells: "Nobody but their collector reads what gives units the right to learn from their cases.",
        fires: &["A.7.3-P1"],
        plant: |world| {
            world.departures.omit(|_, act| act.is("assess data", "evidence", "review"));
        },
    },
    Defect {
        name: "quality-without-count",
        tells: "Values of quality are written down, and not on how many cases they rest.",
        fires: &["A.7.4-P2"],
        plant: |world| {
            world.departures.write(|world, act, fields| {
                if act.kind == "data-assessment" && is_of_one(world, act.event) {
                    rows(fields, "quality").for_each(|row| row["n"] = json!(null));
                }
            });
        },
    },
    Defect {
        name: "preparation-without-code",
        tells: "Data are prepared for new versions by code that nobody can find again.",
        fires: &["A.7.6-O1"],
        plant: |world| {
            world.departures.write(|_, act, fields| {
                if act.is("renew", "data-assessment", "create") {
                    rows(fields, "preparation").for_each(|row| row["code_reference"] = json!(null));
                }
            });
        },
    },
    Defect {
        name: "answer-comes-late",
        tells: "Whoever was concerned hears nine days later than was promised.",
        fires: &["A.8.3-O1"],
        plant: |world| {
            world.departures.bend(|world, title, _| {
                let outside = title.name == "answer a concern" && !title.is_about(world.maybe("concern:staff"));
                if outside { crate::demo::course::Turn::PutOff(25) } else { crate::demo::course::Turn::AsPlanned }
            });
        },
    },
    Defect {
        name: "incident-led-late",
        tells: "Three days pass before somebody leads what was noticed.",
        fires: &["A.8.4-O4"],
        plant: |world| {
            world.departures.write(|_, act, fields| {
                let Ok(before) = act.day.checked_sub(3.days()) else { return };
                if act.kind == "incident" && act.what == "create" {
                    fields.insert("detected_at".into(), json!(format!("{before}T13:00:00.000Z")));
                }
            });
        },
    },
    Defect {
        name: "judged-by-nobody",
        tells: "A duty is said not to bind, and nobody who knows the law said so.",
        fires: &["A.8.5-P3"],
        plant: |world| {
            world.departures.write(|_, act, fields| {
                if act.kind == "obligation" {
                    fields.remove("judged_by");
                }
            });
        },
    },
    Defect {
        name: "condition-past-its-day",
        tells: "A condition of use of an adopted system passed its day, and the use goes on.",
        fires: &["A.9.2-O3"],
        plant: |world| {
            world.departures.write(|world, act, fields| {
                let past = world.days_before(30).to_string();
                if act.kind == "specification" && adopted(world).is_some_and(|system| act.event.is_of(system)) {
                    rows(fields, "conditions_of_use").for_each(|row| row["until"] = json!(past));
                }
            });
        },
    },
    Defect {
        name: "overseer-judges-own-overrides",
        tells: "An overseer analyses how often overseers set results aside.",
        fires: &["A.9.3-P2"],
        plant: |world| {
            world.departures.hand_to(|world, act| {
                let of_one = act.is("measure a system", "measurement", "analysed") && is_of_one(world, act.event);
                super::one(world).filter(|_| of_one).and_then(|system| world.person(system.owner).ok())
            });
        },
    },
    Defect {
        name: "supplier-never-agreed",
        tells: "The officer for suppliers never confirms who does what for a system.",
        fires: &["A.10.2-P2"],
        plant: |world| {
            world
                .departures
                .drop("agree on who does what", |world, title, _| adopted(world).is_some_and(|system| title.is_of(system)));
        },
    },
    Defect {
        name: "promise-never-looked-at",
        tells: "A promise to partners is made, and nobody looks whether it is kept.",
        fires: &["6.1.3-O4", "A.10.4-O1"],
        plant: |world| world.departures.drop("look at a promise", |_, _, _| true),
    },
];

/// The first system of the high tier that was taken over from a maker.
fn adopted(world: &World) -> Option<&System> {
    world.systems.iter().find(|system| system.tier == Tier::High && !system.is_built() && system.is_used())
}

/// Whether a record is the card that overseers of a renewed system have.
fn is_card(world: &World, record: Option<vouch_record::Id>) -> bool {
    let mut renewed = world.systems.iter().filter(|system| system.is_renewed(world.story.seed));
    record.is_some() && renewed.any(|system| world.maybe(&system.name_of("information:overseer")) == record)
}
