//! Measuring, audit, management review, improvement.

use serde_json::json;

use super::{Defect, HIGH, in_one, is_of_one, keep, late_in, rows};

pub(super) const DEFECTS: &[Defect] = &[
    Defect {
        name: "values-never-analysed",
        tells: "In the last months nobody says what the values of a system mean, but where one is an alarm.",
        fires: &["9.1-O3"],
        plant: |world| {
            world.departures.omit(|world, act| {
                let is_alarm = act.record.is_some_and(|record| world.maybe(&format!("alarm:{record}")).is_some());
                act.is("measure a system", "measurement", "analysed")
                    && is_of_one(world, act.event)
                    && late_in(world, act.day, 110)
                    && !is_alarm
            });
        },
    },
    Defect {
        name: "conclusion-without-basis",
        tells: "The audit says that something conforms, and not by what it saw that.",
        fires: &["9.2.1-O3"],
        plant: |world| {
            world.departures.write(|_, act, fields| {
                if act.kind == "audit" {
                    let row = rows(fields, "coverage").find(|row| row["requirement"] == "iso42001:7.4");
                    row.into_iter().for_each(|row| row["basis"] = json!([]));
                }
            });
        },
    },
    Defect {
        name: "report-kept-from-a-unit",
        tells: "The head of a unit that was audited never gets the report.",
        fires: &["9.2.2-O3"],
        plant: |world| {
            world.departures.write(|world, act, fields| {
                let head = world.maybe("person:owner_tsa").map(|id| id.to_string());
                keep(fields, "distributed_to", |row| act.kind != "audit" || row["person"].as_str() != head.as_deref());
            });
        },
    },
    Defect {
        name: "review-signed-late",
        tells: "Top management signs its review five weeks after it was held.",
        fires: &["9.3.1-P1"],
        plant: |world| {
            world
                .departures
                .omit(|world, act| act.is("hold the review", "management-review", "sign") && late_in(world, act.day, 90));
            world.plan(2, "sign late", |scene| {
                let Some(review) = scene.world.maybe("review:2") else { return Ok(()) };
                scene.by("founder")?.approve(review, "sign", "these were our decisions", json!({}))
            });
        },
    },
    Defect {
        name: "input-without-conclusion",
        tells: "A review looks at what parties said and concludes nothing.",
        fires: &["9.3.2-P2"],
        plant: |world| {
            world.departures.write(|world, act, fields| {
                if act.is("hold the review", "management-review", "revise") && late_in(world, act.day, 90) {
                    let row = rows(fields, "inputs").find(|row| row["input"] == "interested_parties");
                    row.into_iter().for_each(|row| row["conclusion"] = json!(null));
                }
            });
        },
    },
    Defect {
        name: "decision-forgotten",
        tells: "Top management decides about people, and nobody carries it out.",
        fires: &["9.3.3-O2"],
        plant: |world| world.departures.drop("train assessors", |_, _, _| true),
    },
    Defect {
        name: "improvement-left-lying",
        tells: "An improvement is begun and passes its day by months.",
        fires: &["9.3.3-O2", "10.1-O3"],
        plant: |world| world.departures.drop("carry out an improvement", |_, _, _| true),
    },
    Defect {
        name: "similar-cases-not-sought",
        tells: "What was wrong is put right, and nobody looks where it is wrong as well.",
        fires: &["10.2-O4"],
        plant: |world| {
            world.departures.write(|_, act, fields| {
                if act.kind == "nonconformity" {
                    rows(fields, "similar").for_each(|row| {
                        row["population_n"] = json!(0);
                        row["found_n"] = json!(0);
                        row["records"] = json!([]);
                    });
                }
            });
        },
    },
    Defect {
        name: "treatment-never-judged",
        tells: "The treatment of a high risk is done, and nobody looks what it brought.",
        fires: &["6.1.1-P2", "6.1.3-O1"],
        plant: |world| {
            world.departures.write(|world, act, fields| {
                if act.is("assess risks", "risk", "create") && is_of_one(world, act.event) {
                    HIGH.iter().for_each(|(field, level)| drop(fields.insert((*field).into(), json!(level))));
                }
            });
            world.departures.drop("judge a treatment", |world, title, _| in_one(world, title));
        },
    },
    Defect {
        name: "versions-without-a-change",
        tells: "New versions go live, and none of them names the change that was decided.",
        fires: &["8.1-O5"],
        plant: |world| {
            world.departures.write(|_, act, fields| {
                if act.is("release a new version", "release", "create") {
                    fields.insert("changes".into(), json!([]));
                }
            });
            world.departures.omit(|_, act| act.is("release a new version", "change", "implemented"));
            world.departures.drop("verify a change", |world, title, _| {
                world.systems.iter().any(|system| title.is_about(world.maybe(&system.name_of("change"))))
            });
        },
    },
    Defect {
        name: "rest-left-after-its-day",
        tells: "What remains of risks was accepted for some months, and the day passed.",
        fires: &["6.1.3-O1", "FM-21"],
        plant: |world| {
            world.departures.write(|world, act, fields| {
                if act.kind == "acceptance" && act.what == "create" && act.event.name != "grant an exception" {
                    fields.insert("until".into(), json!(world.days_before(40).to_string()));
                }
            });
        },
    },
    Defect {
        name: "half-a-cure-left-alone",
        tells: "Treatments are judged to have helped in part, and nothing follows.",
        fires: &["8.3-O3"],
        plant: |world| {
            world.departures.write(|_, act, fields| {
                if act.is("judge a treatment", "treatment", "revise") {
                    fields.insert("effect".into(), json!("partly"));
                }
            });
        },
    },
];
