//! Leadership, roles, objectives, changes, people, documents, messages.

use serde_json::json;

use super::{Defect, late_in, rows};
use crate::demo::course::Turn;

pub(super) const DEFECTS: &[Defect] = &[
    Defect {
        name: "issue-judged-by-its-owner",
        tells: "Whoever answers for an issue looks at it again alone.",
        fires: &["4.1-P1"],
        plant: |world| {
            world.departures.hand("compliance", |world, act| {
                act.is("look at issues", "context-issue", "review") && act.record == world.maybe("issue:04")
            });
        },
    },
    Defect {
        name: "need-left-unanswered",
        tells: "Nothing answers what officers and staff need, although it was taken on.",
        fires: &["4.2-O1"],
        plant: |world| {
            world.departures.write(|world, act, fields| {
                if act.is("answer needs", "interested-party", "revise") && act.record == world.maybe("party:staff") {
                    rows(fields, "needs").for_each(|need| need["met_by"] = json!([]));
                }
            });
        },
    },
    Defect {
        name: "minutes-signed-late",
        tells: "Minutes of the board are signed five weeks after it met.",
        fires: &["5.1-P1"],
        plant: |world| {
            world.departures.bend(|world, title, day| {
                let late = title.name == "sign the minutes" && late_in(world, day, 170);
                if late { Turn::PutOff(35) } else { Turn::AsPlanned }
            });
        },
    },
    Defect {
        name: "policy-unread",
        tells: "Three people never confirm what the agency asks of everybody.",
        fires: &["5.2-O1", "7.3-P3"],
        plant: |world| {
            world.departures.omit(|world, act| {
                let theirs =
                    ["tester", "steward", "buyer"].iter().any(|function| act.by.is_some() && act.by == world.person(function).ok());
                act.is("confirm documents", "acknowledgement", "given") && theirs
            });
        },
    },
    Defect {
        name: "owners-appointed-by-themselves",
        tells: "Those who may release systems gave themselves that power.",
        fires: &["5.3-D2", "5.3-P1"],
        plant: |world| {
            world.departures.write(|_, act, fields| {
                if act.is("appoint", "role", "create") && fields.get("key") == Some(&json!("system_owner")) {
                    rows(fields, "holders").for_each(|row| row["appointed_by"] = row["person"].clone());
                }
            });
        },
    },
    Defect {
        name: "aim-kept-to-itself",
        tells: "Top management sets a new aim, and nobody who is to reach it is told.",
        fires: &["6.2-O3"],
        plant: |world| world.plan(100, "write another objective", crate::demo::objectives::another),
    },
    Defect {
        name: "change-of-work-never-looked-at",
        tells: "A way of working is changed, and nobody looks whether it helped.",
        fires: &["6.3-P2"],
        plant: |world| {
            world.departures.drop("verify a change", |world, title, _| {
                ["change:dates", "change:months"].into_iter().any(|name| title.is_about(world.maybe(name)))
            });
        },
    },
    Defect {
        name: "lead-with-too-much",
        tells: "The lead of the management system holds a role that wants more than a week has.",
        fires: &["7.1-O5"],
        plant: |world| {
            world.departures.write(|_, act, fields| {
                if act.event.name == "appoint" && act.kind == "role" && fields.get("time_needed") == Some(&json!("36")) {
                    fields.insert("time_needed".into(), json!("46"));
                }
            });
        },
    },
    Defect {
        name: "proof-unread",
        tells: "Nobody reads what is to show that the chief learning officer can do the work.",
        fires: &["7.2-P2"],
        plant: |world| {
            world.departures.omit(|world, act| act.is("training", "evidence", "review") && act.by == world.maybe("person:analyst"));
        },
    },
    Defect {
        name: "newcomer-forgotten",
        tells: "Somebody joins, and nobody tells the person what AI means for the work.",
        fires: &["5.2-O1", "5.2-O2", "7.2-O2", "7.3-O1"],
        plant: |world| world.plan(140, "somebody joins", newcomer),
    },
    Defect {
        name: "message-left-out",
        tells: "People are not told a second time what they may ask.",
        fires: &["7.4-O1"],
        plant: |world| {
            world
                .departures
                .drop("tell", |world, title, day| title.is_about(world.maybe("rule:rights")) && late_in(world, day, 150));
        },
    },
    Defect {
        name: "document-past-its-review",
        tells: "A procedure passes the day of its review, and nobody looks.",
        fires: &["7.5.1-O1", "10.2-D1"],
        plant: |world| {
            world.departures.write(|world, act, fields| {
                if act.is("approve documents", "document", "approve") && act.record == world.maybe("document:T-CAPA") {
                    fields.insert("review_by".into(), json!(world.days_before(120).to_string()));
                }
            });
        },
    },
    Defect {
        name: "in-force-before-approved",
        tells: "A procedure is said to have been in force before anybody approved it.",
        fires: &["7.5.2-O1"],
        plant: |world| {
            world.departures.write(|world, act, fields| {
                if act.is("approve documents", "document", "approve") && act.record == world.maybe("document:T-CAPA") {
                    fields.insert("effective_from".into(), json!(world.days_before(300).to_string()));
                }
            });
        },
    },
    Defect {
        name: "ledger-not-verified-again",
        tells: "After the first months nobody verifies the ledger from outside.",
        fires: &["7.5.3-P2"],
        plant: |world| world.departures.drop("verify the ledger", |world, _, day| late_in(world, day, 220)),
    },
];

fn newcomer(scene: &mut crate::demo::scene::Scene<'_, '_>) -> crate::Result<()> {
    let today = scene.today().to_string();
    let person = scene.by("people")?.create(
        "person",
        json!({"name": "Robin Latecomer", "email": "robin.latecomer@agency.example", "job_title": "Officer", "unit": "FEMA", "relation": "employee", "joined_on": today, "uses_ai": "uses", "languages": "en"}),
    )?;
    scene.go(person, "active", "first day", json!({}))
}
