//! What a type alone cannot tell: values that belong together. Everything else is filled from the field table.

use serde_json::{Map, Value, json};

/// Fields that a new record of a kind begins with.
pub(crate) fn of(kind: &str) -> Map<String, Value> {
    let fields = match kind {
        "ai-system" => json!({"stages": [{"stage": "concept", "entered_on": "2026-03-01"}]}),
        "audit" => json!({"type": "internal", "lead_auditor": "PER-3", "requirements": ["iso42001:A.5.2"]}),
        "change" => {
            let questions = ["purpose", "people", "model", "data", "autonomy", "place", "law", "commitment", "limits", "aims_core"];
            let rows: Vec<Value> =
                questions.iter().map(|question| json!({"question": question, "answer": "no", "reason": "looked at"})).collect();
            json!({"answers": rows, "what": ["code"], "leader": "PER-2"})
        }
        "communication" => json!({"speaker": "ROL-2"}),
        "course" => json!({"quiz": []}),
        "finding" => json!({"grade": "minor"}),
        "risk" => json!({"type": "threat", "assessed_by": ["PER-2"], "owner": "PER-1"}),
        "risk-method" => method(),
        "supplier" => {
            let clauses = [
                "responsibilities",
                "data_use",
                "data_return",
                "change_notice",
                "incident_notice",
                "information",
                "testing",
                "audit_right",
                "subcontractors",
                "location",
                "rights",
                "service_level",
                "correction",
                "exit",
            ];
            let rows: Vec<Value> =
                clauses.iter().map(|clause| json!({"clause": clause, "result": "agreed", "reference": "§1"})).collect();
            json!({"clauses": rows, "learns_from_our_data": "no_data"})
        }
        "test" => json!({
            "criteria": [{"code": "C1", "group": "all", "measure": "accuracy", "comparator": "at_least", "threshold": "0.5", "unit": "1", "min_n": 1, "blocking": true}],
            "results": [{"code": "C1", "group": "all", "value": "0.9", "n": 100}],
            "performed_by": ["PER-2"],
        }),
        _ => json!({}),
    };
    fields.as_object().cloned().unwrap_or_default()
}

/// Fields that a record has before it takes a way, where the way asks for values that belong together.
pub(crate) fn before(kind: &str, way: &str) -> Map<String, Value> {
    let fields = match (kind, way) {
        ("change", "draft → implemented" | "implemented → implemented") => {
            json!({"origin": "found", "found_on": "2026-03-01", "implemented_on": "2026-03-01", "effect_due": "2026-03-20"})
        }
        ("communication", "draft → sent" | "approved → sent" | "approved → withdrawn") => {
            json!({"form": "message", "side": "internal", "text": "in words"})
        }
        ("finding", "answered → accepted") => json!({"plan_accepted_at": "2026-03-02T08:00:00Z"}),
        ("training-record", "done → confirmed") => json!({"judgement": "shown"}),
        _ => json!({}),
    };
    fields.as_object().cloned().unwrap_or_default()
}

/// Two levels of each scale and the matrix that goes with them.
fn method() -> Value {
    let likelihood = |level: i64, low: &str| json!({"level": level, "title": "likely", "meaning": "in words", "per_year_low": low});
    let consequences: Vec<Value> = ["organisation", "individuals", "society"]
        .iter()
        .flat_map(|side| [1, 2].map(|level| json!({"side": side, "level": level, "title": "felt", "meaning": "in words"})))
        .collect();
    let cell = |likelihood: i64, consequence: i64, level: &str| json!({"likelihood": likelihood, "consequence": consequence, "level": level});
    let level = |level: &str, duty: &str| json!({"level": level, "duty": duty, "accepted_by": "ROL-1", "acceptance_max": "P1Y", "treat_within": "P6M", "review_every": "P1Y"});
    json!({
        "likelihood_scale": [likelihood(1, "0.1"), likelihood(2, "1")],
        "consequence_scale": consequences,
        "matrix": [cell(1, 1, "low"), cell(1, 2, "moderate"), cell(2, 1, "moderate"), cell(2, 2, "high")],
        "levels": [level("low", "watch"), level("moderate", "decide"), level("high", "treat_or_accept"), level("critical", "stop")],
        "acceptance_limit": "moderate",
        "quantify_from": "never",
    })
}
