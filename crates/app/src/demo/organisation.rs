//! The agency itself: founding, units and sites, the committee that decides about AI.

use serde_json::{Value as Json, json};

use super::ZONE;
use super::scene::{Look, Scene};
use crate::error::Result;
use crate::init::Founding;

/// Name of the agency; it says that it is none.
pub(super) const NAME: &str = "Sample Agency for Homeland Services";

/// Units as the inventory names them, with what they do and who leads them.
pub(super) const UNITS: [(&str, &str, &str, &str); 12] = [
    ("CBP", "Customs and Border Protection", "owner_cbp", "Inspects travellers and cargo at the border."),
    ("USCIS", "Citizenship and Immigration Services", "owner_uscis", "Decides about applications and benefits."),
    ("ICE", "Immigration and Customs Enforcement", "owner_ice", "Investigates and enforces inside the country."),
    ("TSA", "Transportation Security", "owner_tsa", "Screens passengers and baggage."),
    ("CISA", "Cybersecurity and Infrastructure", "security", "Protects networks and warns of threats."),
    ("FEMA", "Emergency Management", "safety", "Prepares for disasters and helps after them."),
    ("MGMT", "Management", "owner_hq", "Runs people, finance, procurement and technology."),
    ("DHS", "Headquarters", "caio", "Leads the agency."),
    ("OHS", "Health Security", "auditor", "Advises on health and audits programmes."),
    ("USCG", "Coast Guard", "owner_hq", "Guards the coast and rescues at sea."),
    ("CWMD", "Countering Weapons", "security", "Detects dangerous materials."),
    ("USSS", "Secret Service", "security", "Protects persons and payments."),
];

/// Sites with what they do.
pub(super) const SITES: [(&str, &str, &str, i64); 3] = [
    ("HQ", "Headquarters campus", "Leadership, engineering and support.", 1200),
    ("OPS", "Operations centre", "Round-the-clock monitoring.", 300),
    ("FIELD", "Field offices and remote work", "Work with travellers and applicants.", 9500),
];

/// The organisation is begun by the person who will answer for it.
pub(super) fn found(scene: &mut Scene<'_, '_>) -> Result<()> {
    let first = scene.world.people[0].clone();
    let founding = Founding {
        organisation: NAME.to_owned(),
        person: first.name,
        email: Some(first.email),
        time_zone: ZONE.to_owned(),
        language: "en".to_owned(),
    };
    let founder = scene.work.found(&founding)?;
    scene.world.people[0].id = Some(founder);
    scene.world.call("person:founder", founder);
    for (name, prefix) in [("organisation", "ORG"), ("role:top_management", "ROL")] {
        if let Some(id) = vouch_record::Id::new(prefix, 1) {
            scene.world.call(name, id);
        }
    }
    if let Some(id) = vouch_record::Id::new("ROL", 2) {
        scene.world.call("role:aims_lead", id);
    }
    Ok(())
}

/// The AIMS lead fills the record of the organisation, the Deputy Secretary approves it.
pub(super) fn activate(scene: &mut Scene<'_, '_>) -> Result<()> {
    let organisation = scene.world.named("organisation")?;
    let mut units = Vec::new();
    for (code, name, head, does) in UNITS {
        let head = scene.world.person(head)?.to_string();
        units.push(json!({"code": code, "name": name, "head": head, "does": does}));
    }
    let site = |(code, name, does, people): (&str, &str, &str, i64)| -> Json {
        json!({"code": code, "name": name, "address": "Washington, DC", "country": "US", "does": does, "people": people, "remote": code == "FIELD"})
    };
    let fields = json!({
        "short_name": "SAHS",
        "legal_entities": [{"name": NAME, "registration": "none, a sample", "country": "US", "relation": "self"}],
        "units": units,
        "sites": SITES.map(site),
        "people_total": 11_000, "people_ai": 420, "people_counted_on": scene.today().to_string(),
        "purpose": "Keep people safe and travel, trade and services flowing. AI is used where it helps officers to decide sooner and better, \
            never to decide alone about anybody's rights.",
        "ai_roles": ["developer", "user"],
        "countries": "US",
        "concern_channel": "https://agency.example/ai-concerns",
        "public_contact": "ai@agency.example",
    });
    scene.by("lead")?.revise(organisation, fields)?;
    scene.by("founder")?.approve(organisation, "approve", "units, sites and purpose are right", json!({}))
}

/// The board that decides about sensitive uses and large risks.
pub(super) fn committee(scene: &mut Scene<'_, '_>) -> Result<()> {
    let from = scene.today().to_string();
    let members = [
        ("caio", "chair", "top_management"),
        ("cio", "deputy_chair", "engineering"),
        ("risk_borders", "member", "business"),
        ("risk_services", "member", "business"),
        ("rights", "member", "affected"),
        ("privacy", "member", "privacy"),
        ("security", "member", "security"),
        ("legal", "member", "legal"),
        ("lead", "secretary", "risk"),
    ];
    let mut rows = Vec::new();
    for (person, function, speaks_for) in members {
        let person = scene.world.person(person)?.to_string();
        rows.push(json!({"person": person, "function": function, "speaks_for": speaks_for, "votes": function != "secretary", "from": from}));
    }
    let reports_to = scene.world.named("role:top_management")?.to_string();
    let fields = json!({
        "title": "AI Governance Board",
        "mandate": "Decides about sensitive uses of AI, risks above the limit and impact assessments of the high tiers, and follows what came of it.",
        "decides": [
            {"decision": "sign_impact", "from_tier": "high"}, {"decision": "accept_risk", "from_tier": "high"},
            {"decision": "use_case", "from_tier": "high"}, {"decision": "exception", "from_tier": "moderate"},
        ],
        "members": rows, "quorum": 5, "majority": "simple", "meets_every": "P1M",
        "standing_agenda": [
            {"item": "Sensitive uses asked for", "from_kind": "impact-assessment"}, {"item": "Risks above the limit", "from_kind": "risk"},
            {"item": "Incidents and concerns", "from_kind": "incident"},
        ],
        "reports_to": reports_to,
        "conflict_rule": "Who owns, built or tested a system leaves the room when the board decides about it.",
    });
    let board = scene.by("lead")?.create("committee", fields)?;
    scene.world.call("committee", board);
    let set = scene.review_in(365);
    scene.by("founder")?.approve(board, "approve", "members speak for all who are concerned", set)?;
    let look = Look { record: board, by: "founder", reason: "members and mandate still fit", next: 365 };
    scene.look_each(140, "look at the board", look);
    Ok(())
}
