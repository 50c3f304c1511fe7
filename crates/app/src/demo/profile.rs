//! What the story knows of a system that a person registers: read from its imported row, the rest concluded from it.

use jiff::civil::Date;
use serde_json::Value as Json;
use vouch_record::Id;
use vouch_record::time::parse_date;

use super::scene::Scene;

/// A system of the story.
#[derive(Clone, Debug)]
pub(super) struct System {
    /// its place among the systems of the story
    pub(super) place: usize,
    pub(super) id: Id,
    pub(super) name: String,
    pub(super) unit: String,
    pub(super) tier: Tier,
    /// how it was acquired, as the inventory says; bought where it says nothing
    pub(super) acquired: String,
    /// its stage today, as records call it
    pub(super) stage: String,
    /// the day from which it was used, if it is
    pub(super) used_since: Option<Date>,
    pub(super) personal: bool,
    pub(super) work: Work,
    /// functions of the people behind it
    pub(super) owner: &'static str,
    pub(super) deputy: &'static str,
    pub(super) risk_owner: &'static str,
    pub(super) supplier: Option<&'static str>,
    /// what the import left about it, by kind
    pub(super) left: Vec<Id>,
}

/// How much depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Tier {
    Low,
    Moderate,
    High,
}

impl Tier {
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Moderate => "moderate",
            Self::High => "high",
        }
    }
}

/// What sort of work it does; technique, output and measures follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Work {
    /// compares faces or fingerprints
    Matching,
    /// reads images, X-rays or video
    Seeing,
    /// reads or writes language
    Language,
    /// scores, sorts or predicts
    Scoring,
}

impl Work {
    fn of(name: &str, purpose: &str) -> Self {
        let has = |words: &[&str]| words.iter().any(|word| name.contains(word) || (purpose.contains(word) && word.len() > 6));
        if has(&[
            "identity",
            "face",
            "facial",
            "biometric",
            "fingerprint",
            "check-in",
            "obim",
            "touchless",
            "mobile intake",
            "cbp one",
            "cat-2",
        ]) {
            Self::Matching
        } else if has(&[
            "x-ray",
            "body scanner",
            "screening",
            "image",
            "tower",
            "collision",
            "item of interest",
            "capture",
            "photo",
            "card and travel",
        ]) {
            Self::Seeing
        } else if has(&[
            "translat",
            "text",
            "chat",
            "language",
            "document",
            "email",
            "generative",
            "sentence",
            "babel",
            "transcri",
            "survey",
        ]) {
            Self::Language
        } else {
            Self::Scoring
        }
    }

    pub(super) const fn technique(self) -> &'static str {
        match self {
            Self::Matching | Self::Seeing => "vision",
            Self::Language => "language_model",
            Self::Scoring => "classical",
        }
    }

    pub(super) const fn output(self) -> &'static str {
        match self {
            Self::Matching | Self::Scoring => "score",
            Self::Seeing => "prediction",
            Self::Language => "content",
        }
    }

    pub(super) const fn model(self) -> &'static str {
        match self {
            Self::Matching => "detector",
            Self::Seeing => "vision",
            Self::Language => "language",
            Self::Scoring => "classifier",
        }
    }
}

/// Where the units belong: owner, deputy and risk owner.
fn people_of(unit: &str) -> (&'static str, &'static str, &'static str) {
    match unit {
        "CBP" | "USCG" => ("owner_cbp", "owner_tsa", "risk_borders"),
        "ICE" | "USSS" => ("owner_ice", "owner_cbp", "risk_borders"),
        "TSA" => ("owner_tsa", "owner_cbp", "risk_borders"),
        "USCIS" => ("owner_uscis", "owner_hq", "risk_services"),
        _ => ("owner_hq", "owner_uscis", "risk_services"),
    }
}

impl System {
    /// What the row of an imported system says, for the story.
    pub(super) fn read(scene: &Scene<'_, '_>, id: Id, impacting: bool) -> Self {
        let text = |name: &str| scene.text(id, name).unwrap_or_default();
        let (name, purpose, unit) = (text("name"), text("purpose"), text("unit"));
        let personal = scene
            .field(id, "personal_data")
            .is_some_and(|kinds| kinds.as_array().is_some_and(|kinds| kinds.iter().any(|kind| kind != "none")));
        let work = Work::of(&name.to_lowercase(), &purpose.to_lowercase());
        let public = scene.field(id, "serves_public_service") == Some(Json::Bool(true));
        let tier = if impacting {
            Tier::High
        } else if personal || public || work == Work::Matching {
            Tier::Moderate
        } else {
            Tier::Low
        };
        let acquired = scene.text(id, "acquired").unwrap_or_else(|| "product".to_owned());
        let (owner, deputy, risk_owner) = people_of(&unit);
        let supplier = (acquired != "in_house").then(|| super::suppliers::for_system(work, &unit));
        let (stage, used_since) = stage_of(scene, id);
        let left = scene.left_about(id);
        Self {
            place: 0,
            id,
            name,
            unit,
            tier,
            acquired,
            stage,
            used_since,
            personal: personal || work == Work::Matching,
            work,
            owner,
            deputy,
            risk_owner,
            supplier,
            left,
        }
    }

    /// Built here, wholly or in part.
    pub(super) fn is_built(&self) -> bool {
        ["in_house", "contracted", "mixed"].contains(&self.acquired.as_str())
    }

    /// Whether it is in use.
    pub(super) fn is_used(&self) -> bool {
        self.stage == "operation"
    }

    /// Whether a new version of it comes within the year of a seed.
    pub(super) fn is_renewed(&self, seed: u64) -> bool {
        self.is_used() && self.is_built() && self.tier == Tier::High && self.place as u64 % 5 == seed % 5
    }

    /// The record of a kind that the import left about it.
    pub(super) fn left(&self, prefix: &str) -> Option<Id> {
        self.left.iter().copied().find(|id| id.prefix() == prefix)
    }

    /// The version that runs, as the story counts.
    pub(super) const fn version(&self) -> &'static str {
        match self.place % 3 {
            0 => "2.4",
            1 => "3.1",
            _ => "1.8",
        }
    }

    /// Name of a record of it in the story.
    pub(super) fn name_of(&self, what: &str) -> String {
        format!("{what}:{}", self.id)
    }
}

/// Whether a stage has begun and is not only planned.
pub(super) fn has_begun(row: &Json) -> bool {
    !row["entered_on"].is_null() || row["planned_on"].is_null()
}

/// The stage a system says it is in, and since when it is used.
fn stage_of(scene: &Scene<'_, '_>, id: Id) -> (String, Option<Date>) {
    let rows = scene.field(id, "stages").and_then(|rows| rows.as_array().cloned()).unwrap_or_default();
    let row = |stage: &str| rows.iter().find(|row| row["stage"] == stage && has_begun(row));
    let order = ["retired", "operation", "deployment", "verification_validation", "design_development", "concept"];
    let stage = order.into_iter().find(|stage| row(stage).is_some()).unwrap_or("concept");
    let since = row("operation").and_then(|row| row["entered_on"].as_str()).and_then(parse_date);
    (stage.to_owned(), since)
}

impl Scene<'_, '_> {
    /// What an import left that speaks about a system, other than evidence.
    fn left_about(&self, system: Id) -> Vec<Id> {
        let view = self.work.view();
        let Some(entry) = view.find(system) else { return Vec::new() };
        let fields = [
            ("impact-assessment", "ai_system"),
            ("risk", "ai_systems"),
            ("test", "ai_system"),
            ("monitoring-plan", "ai_system"),
            ("oversight-plan", "ai_system"),
            ("user-information", "ai_system"),
            ("data-assessment", "ai_systems"),
        ];
        let mut left: Vec<Id> = fields
            .into_iter()
            .flat_map(|(kind, field)| entry.incoming(kind, field).map(|one| one.id()).collect::<Vec<_>>())
            .collect();
        let data =
            entry.head().value("datasets").get().and_then(|rows| rows.items().first()?.get("dataset")?.as_text()?.parse().ok());
        left.extend::<Option<Id>>(data);
        left
    }
}
