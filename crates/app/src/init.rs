//! The beginning of an organisation (FORMATS §3).

use serde_json::{Map, Value as Json, json};
use vouch_record::state::{Action, Actor};
use vouch_record::validate::encode;
use vouch_record::{Body, Id, Value};

use crate::error::{Error, Result};
use crate::installation::Acting;
use crate::record::Completeness;
use crate::work::{Draft, Work, body};

/// What an organisation begins with.
#[derive(Clone, Debug)]
pub struct Founding {
    /// its name
    pub organisation: String,
    /// name of the person who begins it
    pub person: String,
    /// the person's address, if given
    pub email: Option<String>,
    /// zone in which its days are counted, IANA name
    pub time_zone: String,
    /// language it works in, BCP 47
    pub language: String,
}

impl Work<'_> {
    /// Writes organisation, person and the founding roles, as actor `system`. The person comes back.
    ///
    /// # Errors
    /// Refused when an organisation was begun here already.
    pub fn found(&mut self, founding: &Founding) -> Result<Id> {
        if self.working().state.size() > 0 {
            return Err(Error::refused("an organisation was begun here already").hint("use another folder with `--data`"));
        }
        if founding.organisation.trim().is_empty() || founding.person.trim().is_empty() {
            return Err(Error::invalid("organisation and person each have a name").hint("give both"));
        }
        if jiff::tz::TimeZone::get(&founding.time_zone).is_err() {
            let message = format!("`{}` is no time zone", founding.time_zone);
            return Err(Error::invalid(message).hint("use an IANA name such as Europe/Berlin or UTC"));
        }
        self.act_as(Acting { actor: Actor::System, sign_in: "local" });
        let today = self.view().today().to_string();
        self.begin_record("organisation", organisation_fields(founding))?;
        let mut person = json!({"name": founding.person, "relation": "employee", "top_management": true, "joined_on": today});
        if let (Some(email), Some(fields)) = (&founding.email, person.as_object_mut()) {
            fields.insert("email".into(), json!(email));
        }
        let person = self.begin_record("person", person)?;
        self.step(person, "invited", "active", Vec::new())?;
        for key in ["top_management", "aims_lead"] {
            let role = self.begin_record("role", role_fields(key, person, &today))?;
            let approval = self.begin_record("approval", founding_approval(self, role, person)?)?;
            self.step(role, "draft", "approved", vec![approval])?;
        }
        Ok(person)
    }

    fn begin_record(&mut self, kind: &str, fields: Json) -> Result<Id> {
        let kind = self.kind(kind)?;
        let fields: Map<String, Json> = fields.as_object().cloned().unwrap_or_default();
        let handed = encode(&kind, &fields, true)
            .map_err(|problems| Error::fields(format!("the {} cannot be begun", kind.name), problems))?;
        // The organisation is a draft until its fields are filled.
        let completeness = if kind.name == "organisation" { Completeness::Imported } else { Completeness::Whole };
        self.create_encoded(&kind, handed, completeness)
    }

    fn step(&mut self, id: Id, from: &str, to: &str, cause: Vec<Id>) -> Result<()> {
        let mut members = vec![("from", Value::text(from)), ("to", Value::text(to)), ("reason", Value::text("founding"))];
        if !cause.is_empty() {
            members.push(("cause", Value::List(cause.iter().map(|id| Value::text(id.to_string())).collect())));
        }
        let content: Body = body(members);
        self.write(Draft { id, action: Action::Transition, revision: 1, state: to.into(), body: content }).map(|_| ())
    }
}

fn organisation_fields(founding: &Founding) -> Json {
    json!({"name": founding.organisation, "time_zone": founding.time_zone, "languages": founding.language, "window": "P6M"})
}

fn role_fields(key: &str, person: Id, today: &str) -> Json {
    let (title, purpose, activities, decisions): (&str, &str, &[&str], &[&str]) = match key {
        "top_management" => (
            "Top management",
            "Directs the organisation at the highest level and answers for its use of AI.",
            &["policy", "review", "risk_acceptance"],
            &[
                "accept_risk",
                "sign_impact",
                "release",
                "stop",
                "exception",
                "approve_policy",
                "approve_supplier",
                "close_finding",
                "speak_outside",
            ],
        ),
        _ => (
            "AIMS lead",
            "Keeps the AI management system right and reports on it to top management.",
            &["aims_conformity", "aims_reporting", "documents", "improvement"],
            &["stop", "approve_supplier", "approve_data", "close_finding"],
        ),
    };
    let activities: Vec<Json> = activities.iter().map(|activity| json!({"activity": activity, "part": "accountable"})).collect();
    let authority: Vec<Json> = decisions.iter().map(|decision| json!({"decision": decision, "up_to_tier": "critical"})).collect();
    json!({
        "title": title, "key": key, "purpose": purpose, "activities": activities, "authority": authority,
        "holders": [{"person": person.to_string(), "capacity": "holder", "from": today}],
        "review_by": in_a_year(today),
    })
}

fn in_a_year(today: &str) -> String {
    use jiff::ToSpan;
    let day = vouch_record::time::parse_date(today).unwrap_or(jiff::civil::Date::MIN);
    day.saturating_add(1.year()).to_string()
}

fn founding_approval(work: &Work<'_>, role: Id, person: Id) -> Result<Json> {
    let view = work.view();
    let entry = view.find(role).ok_or_else(|| crate::record::unknown(role))?;
    let head = entry.standing().head.leaf(entry.record());
    Ok(json!({
        "subject": role.to_string(), "subject_revision": head.revision, "subject_commitment": vouch_ledger::hex(&head.commitment),
        "purpose": "approve", "decision": "approved", "by": person.to_string(),
        "at": vouch_record::time::format_instant(work.at()), "reason": "founding", "override": "own_work",
        "override_reason": "founding", "sign_in": work.acting().sign_in,
    }))
}
