//! The people of the agency: names from two lists, functions from one.

use serde_json::json;
use vouch_record::Id;

use super::chance::Chance;
use super::scene::Scene;
use crate::error::Result;

/// Somebody of the agency.
#[derive(Clone, Debug)]
pub(super) struct Person {
    pub(super) name: String,
    pub(super) email: String,
    pub(super) id: Option<Id>,
}

const GIVEN: [&str; 44] = [
    "Amara", "Beatrix", "Callum", "Dalia", "Edmund", "Farida", "Gareth", "Hana", "Ignacio", "Jolene", "Kwame", "Leonie", "Marcus",
    "Nadia", "Oswin", "Priya", "Quincy", "Rosalind", "Stefan", "Tamsin", "Umberto", "Vesna", "Walter", "Ximena", "Yusuf", "Zelda",
    "Alistair", "Bronwen", "Cedric", "Delphine", "Elio", "Freya", "Gustavo", "Hester", "Isidor", "Judith", "Kaspar", "Lucinda",
    "Magnus", "Noor", "Orla", "Pascal", "Renata", "Silas",
];

const FAMILY: [&str; 44] = [
    "Abernathy",
    "Bellweather",
    "Castellan",
    "Drummond",
    "Eastlake",
    "Fairweather",
    "Goldfinch",
    "Hollingworth",
    "Inglewood",
    "Jessop",
    "Kingsley",
    "Larkspur",
    "Merriweather",
    "Nightingale",
    "Oakhurst",
    "Pemberton",
    "Quillfeather",
    "Ravenscroft",
    "Silverton",
    "Thistlewood",
    "Underhill",
    "Vanterpool",
    "Whitcombe",
    "Yarborough",
    "Zimmerlin",
    "Ashdown",
    "Brackenridge",
    "Coppersmith",
    "Dunmore",
    "Elderberry",
    "Foxglove",
    "Greenlaw",
    "Hawthorne",
    "Ironside",
    "Juniper",
    "Kestrel",
    "Lockwood",
    "Mossgrove",
    "Northcott",
    "Oldcastle",
    "Peregrine",
    "Rosewater",
    "Stillwater",
    "Thornbury",
];

/// Function, job title, unit, and how the person meets AI.
pub(super) const CAST: [(&str, &str, &str, &str); 38] = [
    ("founder", "Deputy Secretary", "MGMT", "governs"),
    ("caio", "Chief AI Officer", "MGMT", "governs"),
    ("cio", "Chief Information Officer", "MGMT", "governs"),
    ("lead", "Director of AI Management", "MGMT", "governs"),
    ("analyst", "AI Management Analyst", "MGMT", "governs"),
    ("controller", "Records and Documents Officer", "MGMT", "uses"),
    ("compliance", "Compliance Officer", "MGMT", "governs"),
    ("rights", "Officer for Civil Rights", "DHS", "governs"),
    ("people", "Chief Learning Officer", "MGMT", "uses"),
    ("procurement", "Head of Acquisition", "MGMT", "uses"),
    ("buyer", "Contracting Officer", "MGMT", "uses"),
    ("legal", "Associate Counsel", "DHS", "governs"),
    ("privacy", "Privacy Officer", "DHS", "governs"),
    ("security", "Information Security Officer", "CISA", "runs"),
    ("safety", "Safety Officer", "FEMA", "governs"),
    ("incident", "Head of Operations Centre", "CISA", "runs"),
    ("communications", "Press and Outreach Officer", "DHS", "uses"),
    ("support", "Head of Service Desk", "MGMT", "runs"),
    ("auditor", "Lead Internal Auditor", "OHS", "uses"),
    ("second_auditor", "Internal Auditor", "OHS", "uses"),
    ("engineering", "Chief Engineer for AI", "MGMT", "builds"),
    ("engineer", "Machine Learning Engineer", "CBP", "builds"),
    ("operations", "Head of AI Operations", "MGMT", "runs"),
    ("quality", "Head of Test and Evaluation", "CBP", "runs"),
    ("tester", "Test Engineer", "USCIS", "runs"),
    ("data", "Chief Data Officer", "MGMT", "governs"),
    ("steward", "Data Steward", "USCIS", "builds"),
    ("assessor", "Impact Assessor", "DHS", "governs"),
    ("second_assessor", "Impact Assessor", "MGMT", "governs"),
    ("product", "Product Director", "MGMT", "uses"),
    ("measurer", "Performance Analyst", "MGMT", "runs"),
    ("owner_cbp", "Programme Manager, Targeting and Travel", "CBP", "runs"),
    ("owner_ice", "Programme Manager, Investigations", "ICE", "runs"),
    ("owner_uscis", "Programme Manager, Case Processing", "USCIS", "runs"),
    ("owner_tsa", "Programme Manager, Checkpoint Technology", "TSA", "runs"),
    ("owner_hq", "Programme Manager, Headquarters Services", "MGMT", "runs"),
    ("risk_borders", "Executive Director, Border Missions", "CBP", "governs"),
    ("risk_services", "Executive Director, Services", "USCIS", "governs"),
];

/// The people of a seed.
pub(super) fn cast(seed: u64) -> Vec<Person> {
    let mut chance = Chance::of(seed, "people");
    let (mut given, mut family) = (GIVEN, FAMILY);
    chance.shuffle(&mut given);
    chance.shuffle(&mut family);
    let named = CAST.iter().zip(given.iter().zip(family));
    named
        .map(|(_, (given, family))| {
            let email = format!("{}.{}@agency.example", given.to_lowercase(), family.to_lowercase());
            Person { name: format!("{given} {family}"), email, id: None }
        })
        .collect()
}

/// Everybody but the founder is entered and begins.
pub(super) fn join(scene: &mut Scene<'_, '_>) -> Result<()> {
    let today = scene.today().to_string();
    for (at, (function, title, unit, uses)) in CAST.iter().enumerate().skip(1) {
        scene.by("founder")?;
        let Person { name, email, .. } = scene.world.people[at].clone();
        let person = scene.create(
            "person",
            json!({"name": name, "email": email, "job_title": title, "unit": unit, "relation": "employee", "joined_on": today, "uses_ai": uses,
                "top_management": false, "languages": "en"}),
        )?;
        scene.go(person, "active", "first day in the programme", json!({}))?;
        scene.world.people[at].id = Some(person);
        scene.world.call(format!("person:{function}"), person);
    }
    for function in ["caio", "cio"] {
        let person = scene.world.person(function)?;
        scene.approve(
            person,
            "approve",
            "directs the agency's use of AI with the Deputy Secretary",
            json!({"top_management": true}),
        )?;
    }
    let founder = scene.world.person("founder")?;
    let (_, title, unit, uses) = CAST[0];
    scene.revise(founder, json!({"job_title": title, "unit": unit, "uses_ai": uses}))?;
    let leads = ["lead", "cio", "compliance", "data"];
    for function in leads {
        let person = scene.world.person(function)?;
        let manager = scene.world.person("caio")?;
        scene.revise(person, json!({"manager": manager.to_string()}))?;
    }
    Ok(())
}
