//! What everybody must know about AI: one need, one course, and everybody who took it.

use serde_json::{Value as Json, json};
use vouch_record::Id;

use super::scene::Scene;
use crate::error::Result;

const TOPICS: [&str; 7] = ["policy", "own_part", "benefit", "consequence", "allowed_use", "report_concern", "limits"];

/// The need, the course, and a week later everybody sits in it.
pub(super) fn teach(scene: &mut Scene<'_, '_>) -> Result<()> {
    let fields = json!({
        "title": "Know what AI means for the own work", "group": "awareness", "can_do": "Says what is allowed, what the own part is, and whom to tell.", "everybody": true,
        "topics": TOPICS, "level": "aware", "within": "P30D", "meanwhile": "works beside somebody who has taken the course",
        "owner": scene.world.person("people")?.to_string(),
    });
    let need = scene.by("analyst")?.create("competence-need", fields)?;
    let course = course(scene, need)?;
    let details = json!({
        "accepted_proof": [{"basis": "course", "least": "the morning and its test", "course": course.to_string(), "valid_for": "P1Y"}], "least_proofs": 1,
        "judged_by": [scene.world.named("role:people_lead")?.to_string(), scene.world.named("role:document_controller")?.to_string()], "effect_shown_by": "incidents", "review_by": scene.in_days(350).to_string(),
    });
    scene.by("analyst")?.revise(need, details)?;
    let set = scene.review_in(350);
    scene.by("people")?.approve(need, "approve", "what everybody must know", set)?;
    scene.later(5, "morning about AI", move |scene| sit(scene, need, course));
    Ok(())
}

fn course(scene: &mut Scene<'_, '_>, need: Id) -> Result<Id> {
    let question = |(at, topic): (usize, &&str)| -> Json {
        json!({"code": format!("K{}", at + 1), "topic": topic, "question": format!("Case {} of the own work: what do you do?", at + 1), "options": "a) go on b) stop and ask", "right": "b", "why": "Whoever asks first harms nobody.", "version": "1"})
    };
    let today = scene.today().to_string();
    let fields = json!({
        "title": "A morning about AI", "purpose": "Everybody knows policy, own part, limits and whom to tell.", "needs": [need.to_string()], "topics": TOPICS, "form": "class",
        "languages": "en", "versions": [{"version": "1", "from": today, "change": "first"}], "content": "Cases of the own work, read together.",
        "quiz": TOPICS.iter().enumerate().map(question).collect::<Vec<_>>(), "pass_share": "0.8", "attempts": 2, "minutes": 180, "repeat_every": "P1Y",
        "on_new_version": "tell", "effect_after": "P1Y", "owner": scene.world.person("people")?.to_string(), "review_by": scene.in_days(350).to_string(),
    });
    let course = scene.by("analyst")?.create("course", fields)?;
    let set = json!({"review_by": scene.in_days(350).to_string()});
    scene.by("people")?.approve(course, "approve", "short, and made of our own cases", set)?;
    Ok(course)
}

/// One list of those who were there is the proof; each is asked about a case at the end.
fn sit(scene: &mut Scene<'_, '_>, need: Id, course: Id) -> Result<()> {
    let list = super::measuring::note(scene, "controller", "analyst", "List of those who sat in the morning about AI", &[course])?;
    let (from, today) = (scene.in_days(-29).to_string(), scene.today().to_string());
    let everybody: Vec<Id> = scene.world.people.iter().filter_map(|person| person.id).collect();
    for person in everybody {
        let judge = if person == scene.world.person("people")? { "controller" } else { "people" };
        let fields = json!({
            "person": person.to_string(), "needs": [need.to_string()], "basis": "course", "course": course.to_string(), "course_version": "1",
            "assigned_on": from, "due": scene.in_days(20).to_string(), "proof": [list.to_string()],
            "judged_by": scene.world.person(judge)?.to_string(), "judged_on": today, "judgement": "shown",
        });
        let record = scene.by("controller")?.create("training-record", fields)?;
        scene.go(record, "done", "was there and answered", json!({"from": from, "to": today}))?;
        let set = json!({"valid_from": today, "valid_until": scene.in_days(364).to_string()});
        scene.by(judge)?.approve(record, "review", "answered the cases of the own work", set)?;
    }
    Ok(())
}
