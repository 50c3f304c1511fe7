//! What top management decides: the board meets every other month, and a budget stands behind the management system.

use serde_json::{Value as Json, json};

use super::scene::{Look, Scene};
use crate::error::Result;

/// The first meeting decides about money; the others follow every eight weeks.
pub(super) fn begin(scene: &mut Scene<'_, '_>) -> Result<()> {
    let meeting = meet(scene, &Matter::MONEY)?;
    scene.later(4, "budget", move |scene| budget(scene, meeting));
    scene.each(56, "board", |scene| {
        let matter = if scene.world.chance.between(0, 1) == 0 { &Matter::REFUSED } else { &Matter::DIRECTION };
        meet(scene, matter).map(|_| ())
    });
    Ok(())
}

/// The board looks at the AI policy, and the Chief AI Officer says so to it.
pub(super) fn review_policy(scene: &mut Scene<'_, '_>) -> Result<()> {
    let meeting = meet(scene, &Matter::POLICY)?;
    let policy = scene.world.named("document:T-AI-POLICY")?;
    let set = scene.review_in(240);
    let where_ = json!({"meeting": meeting.to_string()});
    scene.by("caio")?.decide(policy, "review", "read with incidents and concerns of the months; it stays as it is", set, where_)
}

/// What a meeting decides about.
struct Matter {
    item: &'static str,
    sort: &'static str,
    decision: &'static str,
    reason: &'static str,
}

impl Matter {
    const MONEY: Self = Self {
        item: "Money for governing AI",
        sort: "money",
        decision: "Two million for people, tests and audits",
        reason: "The inventory doubled",
    };
    const REFUSED: Self = Self {
        item: "A unit asks for recognition of emotions",
        sort: "refused",
        decision: "No",
        reason: "Nothing shows that it works, and it touches dignity",
    };
    const POLICY: Self = Self {
        item: "The AI policy after its first half year",
        sort: "direction",
        decision: "It stays as it is; its rules bind as they were meant to",
        reason: "Incidents and concerns of the months showed no rule that is missing",
    };
    const DIRECTION: Self = Self {
        item: "What comes first next quarter",
        sort: "direction",
        decision: "High tier first, then what the public meets",
        reason: "Harm is largest there",
    };
}

fn meet(scene: &mut Scene<'_, '_>, matter: &Matter) -> Result<vouch_record::Id> {
    let person = |scene: &Scene<'_, '_>, function: &str| Ok::<_, crate::Error>(scene.world.person(function)?.to_string());
    let mut attendees: Vec<Json> = Vec::new();
    for function in ["caio", "cio", "founder", "risk_borders", "risk_services", "rights", "privacy", "security", "legal", "lead"] {
        attendees
            .push(json!({"person": person(scene, function)?, "present": true, "votes": !["lead", "founder"].contains(&function)}));
    }
    let policy = scene.world.maybe("document:T-AI-POLICY").map(|id| vec![id.to_string()]).unwrap_or_default();
    let about = policy.first().filter(|_| matter.item == Matter::POLICY.item);
    let (board, chair, minutes) = (scene.world.named("committee")?.to_string(), person(scene, "caio")?, person(scene, "analyst")?);
    let fields = json!({
        "title": "AI Governance Board", "committee": board, "type": "committee", "planned_for": scene.now(), "chair": chair, "minute_taker": minutes,
        "held_from": scene.now(), "held_to": scene.now(), "attendees": attendees,
        "agenda": [{"code": "1", "item": matter.item, "records": policy, "brought_by": person(scene, "lead")?}],
        "decisions": [{"code": "D1", "agenda": "1", "type": matter.sort, "decision": matter.decision, "reason": matter.reason, "record": about}],
        "minutes": format!("{}: {}. {}.", matter.item, matter.decision, matter.reason),
    });
    let meeting = scene.by("analyst")?.create("meeting", fields)?;
    scene.go(meeting, "held", "all were there", json!({}))?;
    scene.later(3, ("sign the minutes", meeting), move |scene| {
        scene.by("caio")?.approve(meeting, "sign", "this is what we decided", json!({}))
    });
    Ok(meeting)
}

fn budget(scene: &mut Scene<'_, '_>, meeting: vouch_record::Id) -> Result<()> {
    let fields = json!({
        "name": "Budget for governing AI", "category": "budget", "purpose": "People, tests, audits and training.", "stages": ["operation"],
        "owner": scene.world.person("caio")?.to_string(), "failure_effect": "Assessments wait, and uses with them.",
        "money": [{"covers_from": scene.in_days(-4).to_string(), "covers_to": scene.in_days(500).to_string(), "planned": {"amount": "2000000", "currency": "USD"}, "decided_in": meeting.to_string()}],
    });
    let budget = scene.by("analyst")?.create("resource", fields)?;
    scene.world.call("resource:budget", budget);
    let set = scene.review_in(200);
    scene.by("cio")?.approve(budget, "approve", "as the board decided", set)?;
    scene.look_each(190, "look at the budget", Look { record: budget, by: "cio", reason: "spent as planned", next: 200 });
    Ok(())
}
