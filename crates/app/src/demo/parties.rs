//! Who is concerned by the agency's use of AI, what they need, what answers that, and what they said.

use serde_json::{Value as Json, json};
use vouch_record::Id;

use super::scene::Scene;
use crate::error::Result;

/// Name in the story, name, sort, what AI means to them, how many, vulnerable, and what they need.
const PARTIES: [(&str, &str, &str, &str, i64, &str, &str); 10] = [
    (
        "travellers",
        "Travellers",
        "affected_person",
        "Pass checkpoints and borders at which AI compares faces and sorts baggage.",
        900_000_000,
        "partly",
        "To be treated alike and to be told when a machine took part.",
    ),
    (
        "applicants",
        "Applicants for benefits and status",
        "affected_person",
        "Their applications, letters and photographs go through AI before an officer decides.",
        9_000_000,
        "yes",
        "To have a person decide and to be able to object.",
    ),
    (
        "investigated",
        "People under investigation",
        "affected_person",
        "Searches and scores of AI point officers to them.",
        400_000,
        "yes",
        "Not to be pointed at without grounds, and to have errors put right.",
    ),
    (
        "staff",
        "Officers and staff",
        "worker",
        "Work with results of AI every day and answer for what they do with them.",
        11_000,
        "no",
        "To know what a result is worth and to be allowed to overrule it.",
    ),
    (
        "users",
        "Officers who work with results",
        "user",
        "See results of AI in their cases and set them aside where they are wrong.",
        6_000,
        "no",
        "To be told what a result rests on and when not to trust it.",
    ),
    (
        "data_subjects",
        "People whose records AI reads",
        "data_subject",
        "Their records are read, compared and used to train models.",
        40_000_000,
        "partly",
        "To have their records used for what they were given for, and kept apart.",
    ),
    (
        "congress",
        "Oversight bodies and courts",
        "authority",
        "Ask what is used, on whom, and with which effect.",
        60,
        "no",
        "Inventories and answers that are true and on time.",
    ),
    (
        "civil_society",
        "Civil society and researchers",
        "civil_society",
        "Read what is published and speak for those affected.",
        200,
        "no",
        "Published assessments and an open ear.",
    ),
    (
        "vendors",
        "Vendors",
        "supplier",
        "Provide models, services and integration.",
        60,
        "no",
        "Clear requirements and one person to talk to.",
    ),
    ("partners", "Partner agencies", "partner", "Share data and results.", 25, "no", "Agreed uses and notice of changes."),
];

/// Parties with what they need, judged by somebody else.
pub(super) fn enter(scene: &mut Scene<'_, '_>) -> Result<()> {
    for (name, title, sort, description, size, vulnerable, need) in PARTIES {
        let owner = scene.world.person("rights")?.to_string();
        let fields = json!({
            "name": title, "type": sort, "description": description, "size": size, "vulnerable": vulnerable,
            "needs": [{"code": "N1", "need": need, "source": "asked", "accepted": "yes", "reason": "it belongs to what the agency is for"}],
            "listening": [{"channel": "meeting", "every": "P6M", "owner": owner}], "owner": owner,
        });
        let party = scene.by("analyst")?.create("interested-party", fields)?;
        scene.world.call(format!("party:{name}"), party);
        let set = scene.review_in(330);
        scene.by("lead")?.approve(party, "review", "heard in meetings and comments, need taken on", set)?;
    }
    Ok(())
}

/// What answers the need of a party, by the name of the story.
const ANSWERED_BY: [(&str, &str); 10] = [
    ("travellers", "document:T-OVERSIGHT"),
    ("applicants", "document:T-CONCERNS"),
    ("investigated", "document:T-AIIA-PROC"),
    ("staff", "document:T-AUP"),
    ("users", "document:T-OVERSIGHT"),
    ("data_subjects", "document:T-DATA-PROC"),
    ("congress", "document:T-MANUAL"),
    ("civil_society", "document:T-CONCERNS"),
    ("vendors", "document:T-THIRD-PARTY-PROC"),
    ("partners", "document:T-CHANGE"),
];

/// Days between two rounds of hearing, a little less than the half year that is promised.
const ROUND: i64 = 168;

/// The first round of hearings: needs are answered by what is in force now; the later rounds ask what became of it.
pub(super) fn begin_to_hear(scene: &mut Scene<'_, '_>) -> Result<()> {
    let proof = minutes(scene)?;
    for (name, document) in ANSWERED_BY {
        let party = scene.world.named(&format!("party:{name}"))?;
        let mut needs = scene.field(party, "needs").and_then(|rows| rows.as_array().cloned()).unwrap_or_default();
        let document = scene.world.named(document)?.to_string();
        needs.iter_mut().for_each(|need| need["met_by"] = json!([document]));
        let heard = vec![heard(scene, proof, "Where AI is used should be said more plainly, and answers come late.")];
        scene.by("analyst")?.revise(party, json!({"needs": needs, "heard": heard}))?;
        let set = scene.review_in(300);
        scene.by("lead")?.approve(party, "review", "heard again; what answers the need is in force", set)?;
    }
    scene.each(ROUND, "hear parties", hear);
    Ok(())
}

/// What the first round led to is named in the next one.
fn hear(scene: &mut Scene<'_, '_>) -> Result<()> {
    let proof = minutes(scene)?;
    let led_to = scene.world.maybe("improvement:answers").map(|id| id.to_string());
    for (name, _) in ANSWERED_BY {
        let party = scene.world.named(&format!("party:{name}"))?;
        let mut rows = scene.field(party, "heard").and_then(|rows| rows.as_array().cloned()).unwrap_or_default();
        if let (Some(row), Some(led_to)) = (rows.first_mut(), &led_to) {
            row["led_to"] = json!([led_to]);
        }
        rows.push(heard(scene, proof, "Answers come sooner now; the pages are plainer."));
        scene.by("analyst")?.revise(party, json!({"heard": rows}))?;
        let set = scene.review_in(300);
        scene.by("lead")?.approve(party, "review", "read with what they said and with the concerns since", set)?;
    }
    Ok(())
}

fn heard(scene: &Scene<'_, '_>, proof: Id, what: &str) -> Json {
    json!({"on": scene.today().to_string(), "channel": "meeting", "covers_from": scene.in_days(-ROUND).to_string(), "covers_to": scene.today().to_string(), "what": what, "proof": [proof.to_string()]})
}

/// Minutes of the round, taken by the analyst and read by the AIMS lead.
fn minutes(scene: &mut Scene<'_, '_>) -> Result<Id> {
    let parties = scene.world.all_named("party:");
    super::measuring::note(scene, "analyst", "lead", "Minutes of the meetings with those who are concerned", &parties)
}
