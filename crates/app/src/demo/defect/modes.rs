//! The ways in which certifications fail, each brought about by itself.

use serde_json::{Value as Json, json};

use super::{Defect, is_of_one, late_in, one, rows};
use crate::Result;
use crate::demo::course::Turn;
use crate::demo::scene::Scene;
use crate::demo::world::World;

pub(super) const DEFECTS: &[Defect] = &[
    Defect {
        name: "procedures-without-work",
        tells: "Procedures name every item of the standard, and for some of them nothing is ever done.",
        fires: &["FM-1"],
        plant: |world| {
            limit(world, "fm_1_share_with_records", 97);
            world.departures.write(|_, act, fields| {
                if act.is("write documents", "document", "create") && fields.get("type") == Some(&json!("procedure")) {
                    let named: Vec<Json> = rows(fields, "requirements").map(|item| item.clone()).collect();
                    let more = IDLE.iter().map(|item| json!(format!("iso42001:{item}"))).filter(|item| !named.contains(item));
                    fields.insert("requirements".into(), named.iter().cloned().chain(more).collect());
                }
            });
        },
    },
    Defect {
        name: "promise-outside-the-scope",
        tells: "Partners were promised results of a system that the scope leaves out.",
        fires: &["4.3-O3", "FM-2"],
        plant: |world| {
            world.departures.write(|world, act, fields| {
                if act.is("promise results", "customer-commitment", "create") {
                    let outside: Vec<String> = world.retired.iter().take(1).map(ToString::to_string).collect();
                    fields.insert("ai_systems".into(), json!(outside));
                }
            });
        },
    },
    Defect {
        name: "scope-says-nothing",
        tells: "The statement of the scope names no product, unit or system.",
        fires: &["4.3-D2", "FM-3"],
        plant: |world| {
            world.departures.write(|_, act, fields| {
                if act.is("draw the scope", "scope", "create") {
                    let vague = "The management system covers what we do with clever software, wherever that is useful.";
                    fields.insert("statement".into(), json!(vague));
                }
            });
        },
    },
    Defect {
        name: "controls-before-risks",
        tells: "Controls are chosen from the list before anybody looked at risks.",
        fires: &["FM-4"],
        plant: |world| {
            world.departures.drop("decide controls", |world, _, day| late_in(world, day, 200));
            world.plan(240, "decide controls", crate::demo::controls::decide);
            world.plan(60, "look at controls", |scene| {
                for control in scene.world.all_named("control:") {
                    let set = scene.review_in(190);
                    scene.by("caio")?.approve(control, "review", "still carried out as it says", set)?;
                }
                Ok(())
            });
        },
    },
    Defect {
        name: "unknown-model-answers",
        tells: "For a month something answers in the place of a model, and nobody knows what it is.",
        fires: &["8.1-O2", "A.4.4-O1", "A.6.2.8-P2", "FM-5"],
        plant: |world| {
            world.departures.write(|world, act, fields| {
                if act.kind == "sealed-batch" && is_of_one(world, act.event) && late_in(world, act.day, 29) {
                    rows(fields, "by_model").for_each(|row| row["answered"] = json!("assistant-next"));
                }
            });
        },
    },
    Defect {
        name: "old-system-with-a-new-name",
        tells: "Risks are those of information security with other titles; none of them touches people.",
        fires: &["6.1.2-O1", "FM-6"],
        plant: |world| {
            world.departures.write(|_, act, fields| {
                if act.kind != "risk" {
                    return;
                }
                if fields.contains_key("categories") && fields.get("concerns") == Some(&json!("ai_system")) {
                    fields.insert("categories".into(), json!(["security", "privacy"]));
                }
                for field in ["residual_individuals", "residual_society"] {
                    if fields.contains_key(field) {
                        fields.insert(field.into(), json!(1));
                    }
                }
            });
        },
    },
    Defect {
        name: "all-certified-at-once",
        tells: "The certificate is asked for within three months, and most systems cannot show much.",
        fires: &["4.1-O4", "6.1.3-O4", "A.10.2-P2", "FM-7"],
        plant: |world| {
            world.departures.drop("confirm a system", |world, _, day| late_in(world, day, 160));
            world.plan(30, "ask for a certificate", |scene| outside_audit(scene, "stage_1", 105));
        },
    },
    Defect {
        name: "certification-body-sought-late",
        tells: "Stage 2 is half a year away, and no certification body is engaged.",
        fires: &["FM-8"],
        plant: |world| world.plan(30, "ask for a certificate", |scene| outside_audit(scene, "stage_2", 210)),
    },
    Defect {
        name: "certification-body-without-ai",
        tells: "A certification body is engaged whose auditors have never worked with AI.",
        fires: &["FM-9"],
        plant: |world| world.plan(120, "engage a certification body", engage),
    },
    Defect {
        name: "proof-brought-late",
        tells: "What shows the work of the summer is brought together in autumn.",
        fires: &["FM-10"],
        plant: |world| world.plan(20, "bring proof together", bring_late),
    },
    Defect {
        name: "one-person-everywhere",
        tells: "The lead of the management system stands in for risk, impact and tests as well.",
        fires: &["7.1-O5", "7.2-O2", "FM-11"],
        plant: |world| {
            world.departures.write(|world, act, fields| {
                let key = fields.get("key").and_then(Json::as_str).unwrap_or_default();
                let more = ["risk_owner", "impact_assessor", "quality_lead"].contains(&key);
                let (Some(lead), Some(by)) = (world.maybe("person:lead"), world.maybe("person:founder")) else { return };
                if act.is("appoint", "role", "create") && more {
                    let row = json!({"person": lead.to_string(), "capacity": "deputy", "from": act.day.to_string(), "appointed_by": by.to_string()});
                    fields.get_mut("holders").and_then(Json::as_array_mut).into_iter().for_each(|holders| holders.push(row.clone()));
                }
            });
        },
    },
    Defect {
        name: "risks-that-never-move",
        tells: "Risks are scored again after half a year, and every score stays as it was.",
        fires: &["FM-12"],
        plant: |world| {
            world.departures.write(|_, act, fields| {
                if act.is("score again", "risk", "revise") {
                    fields.remove("residual_likelihood");
                }
            });
        },
    },
    Defect {
        name: "scope-newer-than-the-statement",
        tells: "The scope is drawn anew, and the statement of applicability stays that of the old one.",
        fires: &["6.1.3-D1", "6.1.3-O3", "6.3-O1", "FM-13"],
        plant: |world| world.plan(75, "draw the scope anew", draw_anew),
    },
    Defect {
        name: "training-without-effect",
        tells: "Everybody sat in the course, and nobody looks whether it changed anything.",
        fires: &["FM-14"],
        plant: |world| {
            world.departures.write(|world, act, fields| {
                if act.is("morning about AI", "training-record", "create") {
                    fields.insert("effect_due".into(), json!(world.days_before(200).to_string()));
                }
            });
        },
    },
    Defect {
        name: "review-without-decisions",
        tells: "Top management reviews the system and decides nothing.",
        fires: &["9.3.1-O5", "9.3.3-D2", "FM-15"],
        plant: |world| {
            world.departures.write(|world, act, fields| {
                if act.is("hold the review", "management-review", "revise") && late_in(world, act.day, 90) {
                    let nothing =
                        json!([{"code": "D1", "type": "none", "decision": "Taken note of", "reason": "All goes its way."}]);
                    fields.insert("decisions".into(), nothing);
                }
            });
        },
    },
    Defect {
        name: "auditor-who-advised",
        tells: "An auditor was deputy of the lead whose work the audit looks at.",
        fires: &["7.1-O5", "7.2-O2", "9.2.2-P1", "FM-11", "FM-16"],
        plant: |world| {
            world.departures.write(|world, act, fields| {
                let (Some(auditor), Some(by)) = (world.maybe("person:second_auditor"), world.maybe("person:founder")) else { return };
                if act.event.name == "appoint" && act.kind == "role" && fields.get("time_needed") == Some(&json!("36")) {
                    let row = json!({"person": auditor.to_string(), "capacity": "deputy", "from": act.day.to_string(), "appointed_by": by.to_string()});
                    fields.get_mut("holders").and_then(Json::as_array_mut).into_iter().for_each(|holders| holders.push(row.clone()));
                }
            });
        },
    },
    Defect {
        name: "major-case-closed-on-a-glance",
        tells: "Major nonconformities are closed on a look at two cases of sixty.",
        fires: &["FM-17"],
        plant: |world| {
            world.departures.bend(|_, title, _| if title.name == "verify an action" { Turn::PutOff(16) } else { Turn::AsPlanned });
            world.departures.write(|_, act, fields| {
                if act.kind == "nonconformity" && fields.contains_key("grade") {
                    fields.insert("grade".into(), json!("major"));
                }
                if act.kind == "corrective-action" && fields.contains_key("waiting_time") {
                    fields.insert("waiting_time".into(), json!("P30D"));
                }
                rows(fields, "verification_sample").for_each(|row| row["drawn_n"] = json!(2));
            });
        },
    },
    Defect {
        name: "shadow-use",
        tells: "A system that was said to be out of use answers hundreds of calls.",
        fires: &["6.1.3-O4", "A.9.2-O2", "FM-18"],
        plant: |world| world.plan(40, "unknown use", shadow),
    },
    Defect {
        name: "model-changed-behind-its-name",
        tells: "A maker changes its model without a word; it is noticed, and nobody decides anything.",
        fires: &["8.1-O4", "A.10.2-O5", "FM-19"],
        plant: |world| world.plan(50, "notice a change", notice),
    },
    Defect {
        name: "alarm-unheard",
        tells: "A measure of drift crosses its limit, and nobody looks at it at all.",
        fires: &["8.2-O3", "9.1-O2", "9.1-O3", "FM-20"],
        plant: |world| {
            world.departures.write(|world, act, fields| {
                let (Some(system), Some(drift)) = (one(world), world.maybe("measure:drift")) else { return };
                let of_drift = fields.get("measure") == Some(&json!(drift.to_string()))
                    && fields.get("ai_system") == Some(&json!(system.id.to_string()));
                if act.kind == "measurement"
                    && act.what == "create"
                    && of_drift
                    && late_in(world, act.day, 130)
                    && !late_in(world, act.day, 80)
                {
                    fields.insert("value".into(), json!("0.26"));
                }
            });
            world.departures.omit(|world, act| {
                let then = late_in(world, act.day, 130) && !late_in(world, act.day, 80);
                act.is("measure a system", "measurement", "analysed") && is_of_one(world, act.event) && then
            });
        },
    },
    Defect {
        name: "rest-without-what-makes-it-bearable",
        tells: "What remains of a risk was accepted because a second look was promised, and nobody looks.",
        fires: &["FM-21"],
        plant: |world| {
            world.departures.write(|world, act, fields| {
                if act.kind == "acceptance" && act.what == "create" && act.event.name != "grant an exception" {
                    let due = world.days_before(45).to_string();
                    rows(fields, "compensation").for_each(|row| {
                        row["met_by"] = json!([]);
                        row["met_on"] = json!(null);
                        row["due"] = json!(due);
                    });
                }
            });
        },
    },
    Defect {
        name: "assessments-that-catch-up",
        tells: "Most assessments of the last weeks say what should have been asked long before.",
        fires: &["6.1.4-O3", "FM-22"],
        plant: |world| {
            world
                .departures
                .bend(|_, title, _| if title.name == "assess impact again" { Turn::PutOff(38) } else { Turn::AsPlanned });
            world.departures.write(|_, act, fields| {
                if act.is("assess impact again", "impact-assessment", "create") {
                    fields.insert("occasion".into(), json!("catch_up"));
                }
            });
        },
    },
    Defect {
        name: "nothing-is-ever-refused",
        tells: "Hundreds of decisions are made in a year, and each of them is a yes.",
        fires: &["FM-23"],
        plant: |world| world.departures.drop("ask for too much", |_, _, _| true),
    },
    Defect {
        name: "top-management-away",
        tells: "The agency wants to see top management every five weeks; for six it takes no part.",
        fires: &["FM-24"],
        plant: |world| {
            limit(world, "fm_24_days", 35);
            world.departures.bend(|world, title, day| {
                let theirs = ["board", "sign the minutes", "review the policy", "look at an objective"];
                let away = |ahead: i64| late_in(world, day, 119 + ahead) && !late_in(world, day, 72 + ahead);
                match title.name {
                    // An assessment follows five days after a score, and is laid before them five days later: both wait until they are back.
                    "score again" if away(11) => Turn::PutOff(50),
                    name if away(0) && theirs.contains(&name) => Turn::Never,
                    _ => Turn::AsPlanned,
                }
            });
        },
    },
    Defect {
        name: "controls-left-out-for-convenience",
        tells: "Two controls are left out with a word that says nothing.",
        fires: &["6.1.3-D2", "6.1.3-O2", "6.1.3-O4", "FM-25"],
        plant: |world| {
            world.departures.write(|world, act, fields| {
                let convenient = ["iso42001:A.8.5", "iso42001:A.7.6"];
                let control = fields.get("control").and_then(Json::as_str).unwrap_or_default().to_owned();
                if act.kind == "control-applicability" && act.what == "create" && convenient.contains(&control.as_str()) {
                    let basis = world.maybe("scope").map(|id| vec![id.to_string()]).unwrap_or_default();
                    let more = json!({"decision": "excluded", "exclusion_ground": "activity_absent", "exclusion_reason": "Not needed here.", "exclusion_basis": basis, "back_when": "somebody asks"});
                    fields.extend(more.as_object().cloned().unwrap_or_default());
                }
            });
            world.departures.hand("founder", |world, act| {
                let left_out = ["control:A.8.5", "control:A.7.6"].into_iter().any(|name| act.record == world.maybe(name));
                act.is("decide controls", "control-applicability", "approve") && left_out
            });
        },
    },
    Defect {
        name: "duties-of-who-left",
        tells: "The counsel leaves, and what she answered for waits for her.",
        fires: &["5.3-O4", "6.1.3-O4", "A.3.2-D3", "FM-26"],
        plant: |world| world.plan(40, "somebody leaves", leave),
    },
    Defect {
        name: "one-proof-for-everything",
        tells: "One note is shown for twelve requirements.",
        fires: &["FM-27"],
        plant: |world| {
            world.plan(50, "one note for all", |scene| {
                let items = ["4.1", "4.2", "4.4", "5.1", "5.3", "6.3", "7.1", "7.2", "7.3", "9.1", "10.1", "10.2"];
                let about = [scene.world.named("organisation")?];
                let note = ("analyst", "compliance");
                crate::demo::measuring::note_for(scene, note, "All of it was looked at", &about, &items).map(|_| ())
            });
        },
    },
    Defect {
        name: "always-later",
        tells: "A dozen tasks are put off, and put off again.",
        fires: &["FM-28"],
        plant: |world| world.plan(45, "hand out tasks", hand_out),
    },
];

/// Items of which some leave no records in a year in which nothing of their sort happens.
const IDLE: [&str; 12] = ["4.1", "4.2", "5.2", "6.1.4", "7.3", "8.2", "9.1", "A.2.2", "A.2.3", "A.2.4", "A.5.3", "A.8.5"];

/// The agency sets a limit of a failure mode stricter than it comes.
fn limit(world: &mut World, name: &'static str, value: i64) {
    world.departures.write(move |_, act, fields| {
        if act.is("activate", "organisation", "revise") {
            let row = json!({"limit": name, "value": value, "because": "We want to see it sooner."});
            fields.insert("limits".into(), json!([row]));
        }
    });
}

/// An audit by a certification body is planned, so many days ahead.
fn outside_audit(scene: &mut Scene<'_, '_>, sort: &str, days: i64) -> Result<()> {
    let body = json!({"name": "Granite Certification", "country": "US", "accredited_for_42001": "yes", "gave_advice": "no"});
    let body = scene.by("lead")?.create("certification-body", body)?.to_string();
    let fields = json!({"title": "Audit for the certificate", "type": sort, "certification_body": body, "planned_from": scene.in_days(days).to_string(), "planned_to": scene.in_days(days + 4).to_string()});
    scene.by("lead")?.create("audit", fields).map(|_| ())
}

/// Notes of work of which each is two months old when it is brought.
fn bring_late(scene: &mut Scene<'_, '_>) -> Result<()> {
    for at in 1..=80 {
        let about = scene.world.named("organisation")?.to_string();
        let fields = json!({
            "title": format!("Sheet {at} of the summer"), "source": "statement", "covers_from": scene.in_days(-100).to_string(), "covers_to": scene.in_days(-60).to_string(), "about": [about],
            "shows": "conforms", "summary": "Work of the summer, written down when the auditors were announced.", "collected_by": scene.world.person("analyst")?.to_string(),
            "collected_at": scene.now(), "confidentiality": "room",
        });
        let sheet = scene.by("analyst")?.create("evidence", fields)?;
        scene.by("compliance")?.approve(sheet, "review", "read", json!({}))?;
    }
    Ok(())
}

fn engage(scene: &mut Scene<'_, '_>) -> Result<()> {
    let proof = crate::demo::measuring::note(scene, "analyst", "compliance", "Entry in the list of the accreditation body", &[])?;
    let criteria = ["accreditation", "ai_competence", "industry"];
    let fields = json!({
        "name": "Granite Certification", "country": "US", "accreditation_body": "National Accreditation Board", "accreditation_number": "MS-7741", "accredited_for_42001": "yes",
        "accreditation_until": scene.in_days(700).to_string(), "gave_advice": "no", "decision_reason": "The lowest price of three.",
        "windows": [{"stage": "stage_1", "from": scene.in_days(500).to_string(), "to": scene.in_days(502).to_string(), "confirmed": true}],
        "rules": [{"grade": "major", "plan_days": 30, "proof_days": 90, "note": "as the scheme has it"}],
    });
    let body = scene.by("lead")?.create("certification-body", fields)?;
    let scores: Vec<Json> =
        criteria.iter().map(|criterion| json!({"criterion": criterion, "score": 3, "basis": "its offer"})).collect();
    let set = json!({
        "accreditation_checked_on": scene.today().to_string(), "accreditation_proof": [proof.to_string()], "scores": scores,
        "auditors": [{"name": "P. Quarry", "capacity": "lead", "ai_years": "0.5", "ai_background": "a course", "in_offer": true}],
    });
    scene.go(body, "shortlisted", "looked up and compared", set)?;
    let contract: Vec<Json> = scene.world.drawings.iter().take(1).cloned().collect();
    let set = json!({"contract": contract, "engaged_on": scene.today().to_string()});
    scene.by("founder")?.approve(body, "approve", "we take this one", set)
}

fn draw_anew(scene: &mut Scene<'_, '_>) -> Result<()> {
    let scope = scene.world.named("scope")?;
    let statement = scene.text(scope, "statement").unwrap_or_default();
    let fields = json!({"version": "1.1", "statement": format!("{statement} Remote work is part of it.")});
    scene.by("analyst")?.revise(scope, fields)?;
    scene.by("lead")?.go(scope, "submitted", "said more plainly", json!({}))?;
    let set = json!({"valid_from": scene.today().to_string(), "review_by": scene.in_days(300).to_string()});
    scene.by("founder")?.approve(scope, "approve", "so it is", set)
}

fn shadow(scene: &mut Scene<'_, '_>) -> Result<()> {
    let Some(system) = scene.world.retired.first().copied() else { return Ok(()) };
    let size = 900;
    let fields = json!({
        "ai_system": system.to_string(), "source": "access", "emitter": "gateway", "from": format!("{}T12:00:00.000Z", scene.in_days(-20)), "to": scene.now(), "count": size, "dropped": 0, "late": 0,
        "first_index": 0, "last_index": size, "log_size": size, "log_root": crate::demo::parts::digest(system, "shadow"), "batch_root": crate::demo::parts::digest(system, "shadow batch"),
        "by_type": [{"event": "access", "n": size}], "content_stored": "none", "retained_until": format!("{}T12:00:00.000Z", scene.in_days(1_150)),
    });
    scene.by_machine("gateway").create("sealed-batch", fields).map(|_| ())
}

fn notice(scene: &mut Scene<'_, '_>) -> Result<()> {
    let supplier = scene.world.named("supplier:language")?;
    let today = scene.today().to_string();
    let seen = json!([{"what": "model_version", "noticed_on": today, "takes_effect_on": today}]);
    scene.by("buyer")?.revise(supplier, json!({"changes_seen": seen}))
}

fn leave(scene: &mut Scene<'_, '_>) -> Result<()> {
    let counsel = scene.world.person("legal")?;
    let set = json!({"left_on": scene.today().to_string()});
    scene.by("people")?.go(counsel, "left", "went to another agency", set)
}

fn hand_out(scene: &mut Scene<'_, '_>) -> Result<()> {
    for at in 1..=12 {
        let assignee = scene.world.person("support")?.to_string();
        let origin = scene.world.named("document:T-MANUAL")?.to_string();
        let fields = json!({"title": format!("Part {at} of the yearly clearing up"), "origin": origin, "assignee": assignee, "due": scene.in_days(10).to_string()});
        let task = scene.by("lead")?.create("task", fields)?;
        for (days, later) in [(8, 18), (16, 70)] {
            scene.later(days, ("put a task off", task), move |scene| {
                let due = scene.in_days(later).to_string();
                scene.by("lead")?.revise(task, json!({"due": due}))
            });
        }
    }
    Ok(())
}
