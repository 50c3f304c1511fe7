//! Policy, roles and resources of Annex A, and concerns.

use serde_json::json;

use super::{Defect, in_one, is_of_one, keep, one, rows};
use crate::demo::course::Turn;
use crate::demo::profile::{System, Tier};

pub(super) const DEFECTS: &[Defect] = &[
    Defect {
        name: "exception-run-out",
        tells: "An exception from the policy passes its day, and nobody ends or renews it.",
        fires: &["6.1.3-O4", "A.2.2-O2", "FM-21"],
        plant: |world| {
            world.departures.write(|world, act, fields| {
                if act.is("grant an exception", "acceptance", "create") {
                    fields.insert("until".into(), json!(world.days_before(60).to_string()));
                }
            });
        },
    },
    Defect {
        name: "rules-not-compared",
        tells: "The rules for use stand beside the AI policy, and nobody compared the two.",
        fires: &["A.2.3-O2"],
        plant: |world| {
            world.departures.write(|_, act, fields| {
                if act.event.name == "relate policies" {
                    keep(fields, "related", |row| row["document"].is_null());
                }
            });
        },
    },
    Defect {
        name: "policy-reviewed-below",
        tells: "The compliance officer reviews the AI policy in place of top management.",
        fires: &["5.3-O2", "A.2.4-P1"],
        plant: |world| world.departures.hand("compliance", |_, act| act.is("review the policy", "document", "review")),
    },
    Defect {
        name: "owner-judges-own-risk",
        tells: "One person owns a system and the risk of it.",
        fires: &["A.3.2-P2"],
        plant: |world| {
            world.departures.write(|world, act, fields| {
                if act.is("register a system", "ai-system", "revise")
                    && is_of_one(world, act.event)
                    && let Some(owner) = fields.get("owner").cloned()
                {
                    fields.insert("risk_owner".into(), owner);
                }
            });
            // One approval is enough where one person is both.
            world.departures.omit(|world, act| {
                let risk_owner = one(world).and_then(|system| world.person(system.risk_owner).ok());
                act.kind == "specification" && act.what == "approve" && is_of_one(world, act.event) && act.by == risk_owner
            });
        },
    },
    Defect {
        name: "channel-never-tried",
        tells: "Nobody tries whether a concern would reach anybody.",
        fires: &["6.1.3-O4", "A.3.3-O2"],
        plant: |world| world.departures.drop("try the channel", |_, _, _| true),
    },
    Defect {
        name: "officer-waits-for-an-answer",
        tells: "An officer who raised a concern waits six weeks for an answer.",
        fires: &["A.3.3-O1"],
        plant: |world| {
            world.departures.bend(|world, title, _| {
                let officer = title.name == "answer a concern" && title.is_about(world.maybe("concern:staff"));
                if officer { Turn::PutOff(30) } else { Turn::AsPlanned }
            });
        },
    },
    Defect {
        name: "model-not-looked-at",
        tells: "A model is approved once and never looked at again.",
        fires: &["6.1.3-O4", "A.4.4-O5"],
        plant: |world| {
            world.departures.drop("look at a model", |world, title, _| {
                one(world).is_some_and(|system| title.is_about(world.maybe(&system.name_of("model"))))
            });
        },
    },
    Defect {
        name: "platform-not-looked-at",
        tells: "The platform is approved once and never looked at again.",
        fires: &["A.4.5-O4"],
        plant: |world| {
            world.departures.drop("look at a resource", |world, title, _| title.is_about(world.maybe("resource:platform")));
        },
    },
    Defect {
        name: "recovery-never-tried",
        tells: "Nobody tries whether the platform can be brought back.",
        fires: &["A.4.5-P1"],
        plant: |world| world.departures.drop("plan a recovery", |_, _, _| true),
    },
    Defect {
        name: "overseer-not-planned-for",
        tells: "The plan names two overseers; the system's own list of people knows one.",
        fires: &["A.4.6-P2"],
        plant: |world| {
            world.departures.write(|world, act, fields| {
                if act.is("register a system", "ai-system", "revise") && is_of_one(world, act.event) {
                    let oversee = rows(fields, "staffing").filter(|row| row["duty"] == "oversee");
                    oversee.for_each(|row| {
                        row["people"] = json!([row["people"][0]]);
                        row["needed"] = json!("1");
                    });
                }
            });
        },
    },
    Defect {
        name: "assessed-inside-the-unit",
        tells: "Only people of the unit that owns a system assess its impact.",
        fires: &["6.1.3-O4", "6.1.4-P3", "7.2-O1", "A.5.2-P1"],
        plant: |world| {
            world.departures.write(|world, act, fields| {
                // One that is not renewed: it is assessed again in autumn, long after the statement was frozen.
                let stays = |system: &&System| !system.is_renewed(world.story.seed);
                let of_border = world
                    .systems
                    .iter()
                    .filter(stays)
                    .find(|system| system.tier == Tier::High && system.owner == "owner_cbp" && system.is_used());
                let assessor = world.maybe("person:quality").map(|id| id.to_string());
                if act.kind == "impact-assessment"
                    && of_border.is_some_and(|system| act.event.is_of(system))
                    && fields.contains_key("assessors")
                {
                    fields.insert("assessors".into(), json!([assessor]));
                }
            });
        },
    },
    Defect {
        name: "hearings-on-trust",
        tells: "Nobody reads what those who are concerned are said to have told.",
        fires: &["A.5.3-P3"],
        plant: |world| {
            world.departures.omit(|_, act| {
                act.is("assess impact", "evidence", "review") || act.is("assess impact again", "evidence", "review")
            });
        },
    },
    Defect {
        name: "fairness-on-trust",
        tells: "An assessment calls a system fair and names no test that shows it.",
        fires: &["A.5.4-O4"],
        plant: |world| {
            world.departures.write(|world, act, fields| {
                if act.kind == "impact-assessment" && is_of_one(world, act.event) {
                    rows(fields, "impacts").for_each(|row| row["basis"] = json!([]));
                }
            });
        },
    },
    Defect {
        name: "society-on-trust",
        tells: "A large effect on public life is written down, and nothing watches or answers it.",
        fires: &["A.5.5-O4"],
        plant: |world| {
            world.departures.write(|world, act, fields| {
                if act.kind == "impact-assessment" && is_of_one(world, act.event) {
                    let public = rows(fields, "society").filter(|row| row["field"] == "economy");
                    public.for_each(|row| row["effect"] = json!("large"));
                }
            });
        },
    },
    Defect {
        name: "use-goes-on-unreviewed",
        tells: "Nobody asks in the middle of the year whether a system of the high tier should go on.",
        fires: &["6.1.3-O4", "A.6.1.3-O5"],
        plant: |world| world.departures.drop("review the stage", |world, title, _| in_one(world, title)),
    },
];
