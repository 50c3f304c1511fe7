//! A decided stage review writes its row in the stages of its AI system.

use serde_json::json;
use vouch_record::validate::encode;
use vouch_record::{Id, Value};

use crate::error::{Error, Result};
use crate::record::Completeness;
use crate::work::Work;

/// Adds the row of the stage that a review let begin: on the day of the decision, towards operation on the day the release it
/// let pass was deployed (then the release writes it).
pub(super) fn enter(work: &mut Work<'_>, review: Id) -> Result<()> {
    let (system, row) = {
        let view = work.view();
        let Some(entry) = view.find(review) else { return Ok(()) };
        let passed = matches!(entry.head().value("decision").get().and_then(Value::as_text), Some("pass" | "pass_with_conditions"));
        let head = |field: &str| entry.head().value(field).get().and_then(Value::as_text).map(str::to_owned);
        let (Some(system), Some(stage), true) = (head("ai_system").and_then(|id| id.parse::<Id>().ok()), head("to_stage"), passed)
        else {
            return Ok(());
        };
        // Whether use goes on, or goes on changed, lets no stage begin.
        if head("from_stage").as_deref() == Some(stage.as_str()) {
            return Ok(());
        }
        let release = head("release").and_then(|id| id.parse::<Id>().ok()).and_then(|id| view.find(id));
        let deployed = release.and_then(|release| release.text("deployed_at")).and_then(|at| at.get(..10)).map(str::to_owned);
        let on = if stage == "operation" { deployed } else { None };
        (
            system,
            json!({"stage": stage, "entered_on": on.unwrap_or_else(|| view.today().to_string()), "review": review.to_string(), "basis": "review"}),
        )
    };
    let kind = work.kind_of(system)?;
    let rows = {
        let view = work.view();
        let entry = view.find(system).ok_or_else(|| crate::record::unknown(system))?;
        let mut rows = match entry.head().value("stages").get() {
            Some(value) => value.to_json().as_array().cloned().unwrap_or_default(),
            None => Vec::new(),
        };
        rows.push(row);
        rows
    };
    let fields = [("stages".to_owned(), serde_json::Value::Array(rows))].into_iter().collect();
    let handed =
        encode(&kind, &fields, true).map_err(|problems| Error::fields(format!("the stage of {system} is not kept"), problems))?;
    work.revise_encoded(&kind, system, handed, Completeness::Imported).map(|_| ())
}
