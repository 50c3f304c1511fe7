//! Scope, processes, risk and impact.

use serde_json::json;

use super::{Defect, HIGH, in_one_without_claim, is_of_one, late_in};

pub(super) const DEFECTS: &[Defect] = &[
    Defect {
        name: "inventory-left-undecided",
        tells: "Nobody decides about the systems of the inventory that no unit has claimed.",
        fires: &["4.3-O2"],
        plant: |world| world.departures.drop("decide about the rest", |_, _, _| true),
    },
    Defect {
        name: "scope-never-compared",
        tells: "For the last seven months nobody compares the inventory with what is seen in use.",
        fires: &["4.3-P2"],
        plant: |world| world.departures.drop("compare the scope", |world, _, day| late_in(world, day, 200)),
    },
    Defect {
        name: "findings-left-unanswered",
        tells: "The internal audit is reported, and nobody answers its findings.",
        fires: &["4.4-O2", "10.2-O1", "FM-15"],
        plant: |world| world.departures.drop("answer the findings", |_, _, _| true),
    },
    Defect {
        name: "second-scores-left-out",
        tells: "Risks are scored once, and nobody else scores a share of them.",
        fires: &["6.1.2-O3"],
        plant: |world| world.departures.omit(|_, act| act.kind == "risk" && act.what == "second score"),
    },
    Defect {
        name: "risks-scored-alone",
        tells: "One assessor scores the risks of a system alone.",
        fires: &["6.1.2-P1"],
        plant: |world| {
            world.departures.write(|world, act, fields| {
                if act.kind == "risk" && is_of_one(world, act.event) && fields.contains_key("assessed_by") {
                    HIGH.iter().for_each(|(field, level)| drop(fields.insert((*field).into(), json!(level))));
                    fields.insert(
                        "assessed_by".into(),
                        json!([world.person("assessor").map(|id| id.to_string()).unwrap_or_default()]),
                    );
                }
            });
        },
    },
    Defect {
        name: "system-without-impact-assessment",
        tells: "A system that touches rights runs all year, and nobody assesses its impact.",
        fires: &["6.1.4-O1"],
        plant: |world| {
            world.departures.drop("assess impact", |world, title, _| in_one_without_claim(world, title));
            world.departures.drop("assess impact again", |world, title, _| in_one_without_claim(world, title));
        },
    },
    Defect {
        name: "assessors-never-judged",
        tells: "An assessor brings proofs of what was learnt, and nobody judges them.",
        fires: &["6.1.4-P3", "7.2-O1", "7.2-O2"],
        plant: |world| {
            world.departures.omit(|world, act| {
                let judged = act.is("training", "training-record", "review");
                judged && act.record.is_some_and(|record| world.all_named("training:second_assessor:impact:").contains(&record))
            })
        },
    },
    Defect {
        name: "impact-measure-overdue",
        tells: "A measure that an impact assessment promised passes its day.",
        fires: &["8.4-O4"],
        plant: |world| {
            world.departures.write(|world, act, fields| {
                let Some(rows) = fields.get_mut("measures").and_then(|rows| rows.as_array_mut()) else { return };
                if act.kind == "impact-assessment" && is_of_one(world, act.event) {
                    for row in rows {
                        row["met_by"] = json!(null);
                        row["met_on"] = json!(null);
                    }
                }
            });
        },
    },
];
