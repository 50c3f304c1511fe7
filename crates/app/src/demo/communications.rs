//! Who tells whom about what: rules, and the messages that follow them.

use serde_json::{Value as Json, json};
use vouch_record::Id;

use super::scene::Scene;
use crate::error::Result;

/// A rule of what is told.
struct Rule {
    name: &'static str,
    title: &'static str,
    topic: &'static str,
    /// parties outside by the name of the story; none for a rule inside
    audience: &'static [&'static str],
    /// an event with the time it leaves, or a rhythm
    starts: Start,
    channel: &'static str,
    point: &'static str,
}

#[derive(Clone, Copy)]
enum Start {
    Event(&'static str, &'static str),
    Every(&'static str),
}

/// Days between messages inside and outside: a little less than the rhythm of their rules.
const INSIDE: i64 = 80;
const OUTSIDE: i64 = 160;

const RULES: [Rule; 5] = [
    Rule {
        name: "policy",
        title: "What the policy asks and where we stand",
        topic: "policy",
        audience: &[],
        starts: Start::Every("P3M"),
        channel: "intranet",
        point: "What holds, what changed, whom to ask",
    },
    Rule {
        name: "changes",
        title: "New, changed and ended systems",
        topic: "system_change",
        audience: &[],
        starts: Start::Every("P3M"),
        channel: "email",
        point: "What changed for whoever works with it",
    },
    Rule {
        name: "incident",
        title: "A serious incident",
        topic: "incident",
        audience: &[],
        starts: Start::Event("serious_incident", "P1D"),
        channel: "telephone",
        point: "What happened, what to do now",
    },
    Rule {
        name: "report",
        title: "Report to oversight bodies",
        topic: "obligation",
        audience: &["congress"],
        starts: Start::Every("P6M"),
        channel: "letter",
        point: "Which uses there are, and which touch rights or safety",
    },
    Rule {
        name: "rights",
        title: "What people may ask of us",
        topic: "rights",
        audience: &["travellers", "applicants", "civil_society"],
        starts: Start::Every("P6M"),
        channel: "website",
        point: "Where AI takes part, how to object",
    },
];

/// The rules, written by the communications officer and let go by the AIMS lead; with them the rounds begin.
pub(super) fn rules(scene: &mut Scene<'_, '_>) -> Result<()> {
    for (at, rule) in RULES.iter().enumerate() {
        let mut fields = head(scene, rule, "rule")?;
        fields["content_points"] = json!([{"code": "P1", "point": rule.point}]);
        fields["review_by"] = json!(scene.in_days(360).to_string());
        match rule.starts {
            Start::Event(event, within) => {
                super::risks::merge(&mut fields, json!({"trigger": "event", "event": event, "within": within}))
            }
            Start::Every(every) => super::risks::merge(&mut fields, json!({"trigger": "date", "every": every})),
        }
        let id = scene.by("communications")?.create("communication", fields)?;
        scene.by("lead")?.approve(id, "approve", "says who tells whom, and when", json!({}))?;
        scene.world.call(format!("rule:{}", rule.name), id);
        if matches!(rule.starts, Start::Every(_)) {
            let days = if rule.audience.is_empty() { INSIDE } else { OUTSIDE };
            scene.each(days, ("tell", id), move |scene| tell(scene, &RULES[at], id));
        }
    }
    Ok(())
}

fn head(scene: &Scene<'_, '_>, rule: &Rule, form: &str) -> Result<Json> {
    let outside = !rule.audience.is_empty();
    let mut fields = json!({
        "title": rule.title, "form": form, "side": if outside { "external" } else { "internal" }, "topic": rule.topic, "channel": rule.channel,
        "speaker": scene.world.named("role:communications_lead")?.to_string(), "legal_look": false, "owner": scene.world.person("communications")?.to_string(),
    });
    if outside {
        fields["approver"] = json!(scene.world.named("role:aims_lead")?.to_string());
        fields["audience"] = json!(parties(scene, rule)?);
    } else {
        let readers = ["system_owner", "overseer", "risk_owner"]
            .map(|key| scene.world.named(&format!("role:{key}")).map(|id| id.to_string()));
        fields["roles"] = json!(readers.into_iter().collect::<Result<Vec<_>>>()?);
    }
    Ok(fields)
}

fn parties(scene: &Scene<'_, '_>, rule: &Rule) -> Result<Vec<String>> {
    rule.audience.iter().map(|party| Ok(scene.world.named(&format!("party:{party}"))?.to_string())).collect()
}

/// One message under a rule; what goes outside is let go by the AIMS lead, and its receipt is read by somebody else.
fn tell(scene: &mut Scene<'_, '_>, rule: &Rule, of: Id) -> Result<()> {
    let mut fields = head(scene, rule, "message")?;
    let scope = scene.world.named("scope")?;
    let more = json!({
        "title": format!("{}, {}", rule.title, scene.today()), "rule": of.to_string(), "content_points": [{"code": "P1", "point": rule.point}], "languages": "en, es",
        "text": format!("{}. What is said here holds on {}.", rule.point, scene.today()),
    });
    super::risks::merge(&mut fields, more);
    let outside = !rule.audience.is_empty();
    if outside {
        fields["claims"] =
            json!([{"claim": "Every use of AI that we know of is in our inventory", "shown_by": [scope.to_string()]}]);
    }
    let message = scene.by("communications")?.create("communication", fields)?;
    let reached: Vec<Json> = if outside {
        scene.by("lead")?.approve(message, "approve", "true, plain, and ours to say", json!({}))?;
        let receipt = super::measuring::note(
            scene,
            "support",
            "compliance",
            &format!("Receipts of {}", rule.title.to_lowercase()),
            &[message],
        )?;
        parties(scene, rule)?.into_iter().map(|party| json!({"party": party, "proof": [receipt.to_string()]})).collect()
    } else {
        vec![json!({"role": scene.world.named("role:system_owner")?.to_string(), "people": 5, "of": 5})]
    };
    let set = json!({"sent_at": scene.now(), "sent_by": scene.world.person("communications")?.to_string(), "reached": reached});
    scene.by("communications")?.go(message, "sent", "as the rule has it", set)
}
