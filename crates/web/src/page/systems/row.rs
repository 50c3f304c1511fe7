//! One row per system: what the list shows, sorts and exports.

use std::collections::HashMap;

use jiff::civil::Date;
use vouch_conform::derived::{ai_system, impact_assessment, is_over, risk};
use vouch_conform::readiness::{Grade, Readiness};
use vouch_conform::{Entry, View};
use vouch_record::Id;
use vouch_record::kind::generated::ai_system::AiSystem;
use vouch_record::kind::generated::impact_assessment::ImpactAssessment;
use vouch_record::kind::generated::shared::{AiRole, RiskTier, Stage};

use crate::format::{date, words};
use crate::part::badge::Tone;
use crate::part::value;
use crate::proof_in_date::ProofInDate;

/// Where the impact assessment of a system stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Assessed {
    /// how it stands
    pub(crate) tone: Tone,
    /// the word for it
    pub(crate) word: String,
    /// the assessment that says so
    pub(crate) record: Option<Id>,
}

/// One system.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) id: Id,
    pub(crate) name: String,
    /// first sentence of what it is for
    pub(crate) purpose: String,
    pub(crate) state: String,
    pub(crate) roles: Vec<AiRole>,
    pub(crate) stage: Stage,
    pub(crate) tier: Option<RiskTier>,
    pub(crate) owner: Option<(Id, String)>,
    pub(crate) assessment: Assessed,
    /// open risks from low to critical
    pub(crate) risks: [usize; 4],
    /// requirements with proof in date, of those that look at it
    pub(crate) proof: (usize, usize),
    /// whether somebody else made it
    pub(crate) supplied: bool,
    /// findings that concern it
    pub(crate) findings: usize,
    pub(crate) in_scope: bool,
}

impl Row {
    /// Whether something in the row is as it should not be: nobody owns it, its assessment is missing or old, a risk is critical, or
    /// less than three quarters of its proof are in date.
    pub(crate) fn needs_attention(&self) -> bool {
        let (met, of) = self.proof;
        self.owner.is_none()
            || matches!(self.assessment.tone, Tone::Attention | Tone::Bad)
            || self.risks[RiskTier::Critical as usize] > 0
            || met * 4 < of * 3
    }
}

/// Every system of a day.
pub(crate) struct Rows {
    /// systems that are not only discovered or dismissed
    pub(crate) all: Vec<Row>,
    /// seen by a feed and not taken on
    pub(crate) discovered: usize,
    /// how their proof stands, by requirement
    pub(crate) proof: ProofInDate,
}

impl Rows {
    /// The rows of a view.
    pub(crate) fn of(view: &View, readiness: &Readiness) -> Self {
        let proof = ProofInDate::of(view, readiness);
        let findings = findings(readiness);
        let listed = |entry: &Entry<'_>| !entry.is_any(&["discovered", "dismissed"]);
        let all = view.all(AiSystem::KIND).filter(listed).map(|entry| row(entry, &proof, &findings)).collect();
        Self { all, discovered: view.all(AiSystem::KIND).filter(|entry| entry.is("discovered")).count(), proof }
    }
}

/// How many findings, major or minor, concern each system.
fn findings(readiness: &Readiness) -> HashMap<Id, usize> {
    let mut counts = HashMap::new();
    for finding in readiness.requirements.iter().flat_map(|answer| &answer.findings).filter(|finding| finding.grade >= Grade::Minor)
    {
        let mut systems: Vec<Id> = finding.lapses.iter().filter_map(|lapse| lapse.system).collect();
        systems.sort_unstable();
        systems.dedup();
        for system in systems {
            *counts.entry(system).or_insert(0) += 1;
        }
    }
    counts
}

fn row(entry: Entry<'_>, proof: &ProofInDate, findings: &HashMap<Id, usize>) -> Row {
    let content = AiSystem(entry.content());
    let owner = content.owner().get().map(|link| (link.id, crate::part::person::name_of(entry.view(), link.id)));
    Row {
        id: entry.id(),
        name: value::name(entry),
        purpose: first_sentence(content.purpose().get().unwrap_or_default()),
        state: entry.state().to_owned(),
        roles: content.ai_roles().collect(),
        stage: ai_system::stage(entry),
        tier: ai_system::tier(entry),
        owner,
        assessment: assessed(entry),
        risks: open_risks(entry),
        proof: proof.system(entry.id()).map_or((0, 0), |of| of.count()),
        supplied: entry.is_adopted(),
        findings: findings.get(&entry.id()).copied().unwrap_or(0),
        in_scope: ai_system::in_scope(entry),
    }
}

/// The first sentence of a text, without marks of its format.
pub(crate) fn first_sentence(text: &str) -> String {
    let line = text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
    let plain = line.trim_start_matches(['#', '-', '*', '>', ' ']);
    match plain.split_once(". ") {
        Some((first, _)) => format!("{first}."),
        None => plain.to_owned(),
    }
}

/// Where the impact assessment of a system stands.
pub(crate) fn assessed(entry: Entry<'_>) -> Assessed {
    let of =
        |tone, word: &str, record: Option<Entry<'_>>| Assessed { tone, word: word.to_owned(), record: record.map(|one| one.id()) };
    let today = entry.view().today();
    if let Some(found) = ai_system::assessment_in_force(entry) {
        let review: Option<Date> = ImpactAssessment(found.content()).review_by().get();
        if review.is_some_and(|by| by < today) {
            return of(Tone::Attention, "Overdue", Some(found));
        }
        if impact_assessment::stale(found) {
            return of(Tone::Attention, "Out of date", Some(found));
        }
        let on = impact_assessment::last_looked_at(found).map_or_else(|| "In force".to_owned(), date);
        return of(Tone::Good, &on, Some(found));
    }
    let latest = entry
        .incoming(ImpactAssessment::KIND, "ai_system")
        .filter(|one| !one.is_any(&["superseded", "rejected"]))
        .max_by_key(Entry::id);
    match latest {
        Some(one) if one.is("draft") => of(Tone::Progress, "Draft", Some(one)),
        Some(one) if one.is("submitted") => of(Tone::Progress, "In review", Some(one)),
        Some(one) => of(Tone::Bad, "Lapsed", Some(one)),
        None if ai_system::stage(entry) == Stage::Retired => of(Tone::Plain, "None", None),
        None if ai_system::stage(entry) == Stage::Concept => of(Tone::Plain, "Not yet", None),
        None => of(Tone::Bad, "Missing", None),
    }
}

/// Open threats of a system by residual level, from low to critical; one that nobody scored counts as its inherent level, else high.
pub(crate) fn open_risks(entry: Entry<'_>) -> [usize; 4] {
    let mut counts = [0; 4];
    let open = |one: &Entry<'_>| !is_over(*one) && one.text("type") != Some("opportunity");
    for one in entry.incoming("risk", "ai_systems").filter(open) {
        let level = risk::residual_level(one).or_else(|| risk::inherent_level(one)).unwrap_or(RiskTier::High);
        counts[level as usize] += 1;
    }
    counts
}

/// The short word for a stage.
pub(crate) const fn stage_word(stage: Stage) -> &'static str {
    match stage {
        Stage::Concept => "Concept",
        Stage::DesignDevelopment => "Design",
        Stage::VerificationValidation => "Verification",
        Stage::Deployment => "Deployment",
        Stage::Operation => "Operation",
        Stage::Retired => "Retired",
    }
}

/// The word for a role.
pub(crate) fn role_word(role: AiRole) -> String {
    words(role.id())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_purpose_is_shown_by_its_first_sentence() {
        let check = |text: &str, expected: &str| assert_eq!(first_sentence(text), expected);
        check("Reads forms. Then sorts them.", "Reads forms.");
        check("\n## Purpose\nmore", "Purpose");
        check("", "");
    }
}
