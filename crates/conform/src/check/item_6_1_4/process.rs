//! The procedure for impact assessments, and who may sign them.

use vouch_record::kind::generated::committee::{Committee, CommitteeDecideDecision};
use vouch_record::kind::generated::document::{Document, DocumentTemplate, DocumentType};
use vouch_record::kind::generated::impact_assessment::{ImpactAssessment, ImpactAssessmentDepth};
use vouch_record::kind::generated::role::{Role, RoleAuthorityDecision};
use vouch_record::kind::generated::shared::RiskTier;

use crate::check::wording::{in_days, words};
use crate::derived::{ai_system, document, impact_assessment, role};
use crate::framework::ISO42001;
use crate::shape::{Judgement, Lapse, Verdicts, one_of, stands};
use crate::view::{Entry, Subject, View};

/// Longest time between two reviews of the procedure.
const REVIEW_DAYS: i64 = 365;
/// What a procedure without the template speaks about, each as the beginning of a word in a row of its processes.
const PARTS: [(&str, &str); 5] = [
    ("screen", "screening"),
    ("assess", "assessment"),
    ("consult", "consultation"),
    ("sign", "signing"),
    ("reassess", "reassessment"),
];

/// 6.1.4-D1
pub(super) fn procedure_stands(view: &View) -> Verdicts {
    let procedures = view.all(Document::KIND).filter(|entry| {
        let content = Document(entry.content());
        content.type_().is(DocumentType::Procedure)
            && content.requirements().any(|named| named.framework == ISO42001 && named.item == "6.1.4")
    });
    let mut defect = "is missing".to_owned();
    for procedure in procedures {
        match stands(procedure).map_err(|why| format!("does not stand: {why}")).and_then(|()| whole(procedure)) {
            Ok(()) => return Verdicts::passed(procedure),
            Err(why) => defect = why,
        }
    }
    Verdicts::failed(Lapse::of_organisation().value("defect", defect))
}

/// Reviewed at least yearly, and of the template or with a process for each part.
fn whole(procedure: Entry<'_>) -> Result<(), String> {
    let content = Document(procedure.content());
    if content.review_every().get().is_none_or(|every| in_days(&every) > REVIEW_DAYS) {
        return Err(format!("is not reviewed once a year ({})", procedure.label()));
    }
    if content.template().is(DocumentTemplate::TAIIAPROC) {
        return Ok(());
    }
    let rows: Vec<String> = content
        .processes()
        .map(|row| format!("{} {}", row.code().unwrap_or_default(), row.process().unwrap_or_default()).to_lowercase())
        .collect();
    let begins = |row: &String, stem: &str| row.split(|letter: char| !letter.is_alphanumeric()).any(|word| word.starts_with(stem));
    let missing: Vec<&str> =
        PARTS.iter().filter(|(stem, _)| !rows.iter().any(|row| begins(row, stem))).map(|(_, part)| *part).collect();
    if missing.is_empty() { Ok(()) } else { Err(format!("holds no process for {} ({})", missing.join(", "), procedure.label())) }
}

/// 6.1.4-D2
pub(super) fn one_follows_the_procedure(view: &View) -> Verdicts {
    let finished = view.live(ImpactAssessment::KIND).filter(|entry| {
        let depth = ImpactAssessment(entry.content()).depth().get();
        depth >= Some(ImpactAssessmentDepth::Standard)
    });
    one_of(finished, |entry| Judgement::when(follows_procedure(entry), || Lapse::of(entry)), Lapse::of_organisation)
}

/// Whether the procedure it names was in force on the day it was approved.
fn follows_procedure(entry: Entry<'_>) -> bool {
    let approved = impact_assessment::approved_at(entry).map(|at| entry.view().day(at));
    entry.linked("procedure").zip(approved).is_some_and(|(procedure, day)| document::in_force_on(procedure, day).is_some())
}

/// 6.1.4-D3
pub(super) fn somebody_may_sign(view: &View) -> Verdicts {
    let mut tiers: Vec<RiskTier> = view.systems().filter_map(ai_system::tier).collect();
    tiers.sort_unstable();
    tiers.dedup();
    let mut verdicts = Verdicts::holds();
    for tier in &tiers {
        let roles = view.live(Role::KIND).filter(|entry| role_signs(*entry, *tier));
        let committees = view.live(Committee::KIND).filter(|entry| committee_signs(*entry, *tier));
        let signing: Vec<Subject> = roles.chain(committees).map(|entry| entry.subject()).collect();
        if signing.is_empty() {
            verdicts.failed.push(Lapse::of_organisation().value("tier", words(tier.id())));
        }
        verdicts.passed.extend(signing);
    }
    verdicts.among(tiers.len())
}

/// A role with the power up to the tier, held by somebody today; an empty tier sets no limit.
fn role_signs(entry: Entry<'_>, tier: RiskTier) -> bool {
    let power = Role(entry.content())
        .authority()
        .any(|row| row.decision() == Some(RoleAuthorityDecision::SignImpact) && row.up_to_tier().is_none_or(|limit| tier <= limit));
    power && !role::holders_on(entry).is_empty()
}

/// A committee that decides about the tier.
pub(super) fn committee_signs(entry: Entry<'_>, tier: RiskTier) -> bool {
    Committee(entry.content())
        .decides()
        .any(|row| row.decision() == Some(CommitteeDecideDecision::SignImpact) && row.from_tier().is_none_or(|from| from <= tier))
}
