//! Judging one need.

use vouch_record::Id;
use vouch_record::kind::generated::approval::ApprovalPurpose;
use vouch_record::kind::generated::oversight_plan::OversightPlan;
use vouch_record::kind::generated::release::Release;
use vouch_record::kind::generated::risk::{Risk, RiskType};
use vouch_record::kind::generated::specification::{Specification, SpecificationRequirementRow};
use vouch_record::kind::generated::stage_review::{StageReview, StageReviewItemResult};
use vouch_record::kind::generated::test::Test;

use super::{build, deploy, run, verification};
use crate::view::{Entry, View};

/// What a gate is held about.
#[derive(Clone, Copy)]
pub struct Case<'v> {
    /// the system at the gate
    pub system: Entry<'v>,
    /// the release in question, if there is one
    pub release: Option<Entry<'v>>,
    /// the significant change in question, if there is one
    pub change: Option<Entry<'v>>,
    /// the review, if one was held
    pub review: Option<Entry<'v>>,
}

/// Whether a need is fulfilled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Held {
    /// it is
    Yes,
    /// it is not, with the reason
    No(String),
    /// records do not say, with the reason
    Undecided(String),
}

impl Held {
    /// Yes if `holds`, else no with the reason.
    pub(super) fn when(holds: bool, why: impl FnOnce() -> String) -> Self {
        if holds { Self::Yes } else { Self::No(why()) }
    }

    /// Yes if nothing is missing, else no with what is.
    pub(super) fn unless(missing: &[String], what: &str) -> Self {
        if missing.is_empty() { Self::Yes } else { Self::No(format!("{what}: {}", missing.join(", "))) }
    }

    /// The first of several that does not hold; what is open outweighs what cannot be decided.
    pub(super) fn all(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut result = Self::Yes;
        for part in parts {
            match part {
                Self::No(why) => return Self::No(why),
                Self::Undecided(why) if result == Self::Yes => result = Self::Undecided(why),
                _ => {}
            }
        }
        result
    }
}

/// Whether a need is fulfilled on the day of the case's view.
#[must_use]
pub fn judge(need: &str, case: &Case<'_>) -> Held {
    let judges = [build::judge, verification::judge, deploy::judge, run::judge];
    judges.into_iter().find_map(|judge| judge(need, case)).unwrap_or_else(|| case.by_review(need))
}

impl<'v> Case<'v> {
    /// The view it is judged in.
    pub(super) const fn view(&self) -> &'v View {
        self.system.view()
    }

    /// What the review found where only people can judge.
    pub(super) fn by_review(&self, need: &str) -> Held {
        let Some(review) = self.review else {
            return Held::Undecided("people judge this at the review, and none is named".to_owned());
        };
        let mut rows = StageReview(review.content()).items().filter(|row| row.need() == Some(need)).peekable();
        if rows.peek().is_none() {
            return Held::Undecided(format!("people judge this at the review, and {} has no row for it", review.id()));
        }
        Held::when(rows.all(|row| row.result() == Some(StageReviewItemResult::Fulfilled)), || {
            format!("{} did not find it fulfilled", review.id())
        })
    }

    /// The latest specification of the system that is in force.
    pub(super) fn specification(&self) -> Option<Entry<'v>> {
        let all = self.system.incoming(Specification::KIND, "ai_system");
        all.filter(|one| one.is_settled()).max_by_key(|one| (crate::derived::approved::approved_at(*one), one.id()))
    }

    /// Its blocking requirements.
    pub(super) fn blocking(&self) -> Vec<SpecificationRequirementRow<'v>> {
        let rows = self.specification().map(|one| Specification(one.content()).requirements());
        rows.into_iter().flatten().filter(|row| row.blocking() == Some(true)).collect()
    }

    /// Tests that decide: those the release names, else all of the system that are not void.
    pub(super) fn tests(&self) -> Vec<Entry<'v>> {
        match self.release {
            Some(release) => release.links("tests").collect(),
            None => self.system.incoming(Test::KIND, "ai_system").filter(|test| !test.is("void")).collect(),
        }
    }

    /// Risks of the system in state assessed or decided that are threats.
    pub(super) fn threats(&self) -> Vec<Entry<'v>> {
        let risks = self.system.incoming(Risk::KIND, "ai_systems").filter(Entry::is_settled);
        risks.filter(|risk| Risk(risk.content()).type_().is(RiskType::Threat)).collect()
    }

    /// The oversight plan in question: that of the release, else the latest that is not replaced.
    pub(super) fn oversight(&self) -> Option<Entry<'v>> {
        let of_release = self.release.and_then(|release| release.linked("oversight_plan"));
        let latest =
            || self.system.incoming(OversightPlan::KIND, "ai_system").filter(|plan| !plan.is("replaced")).max_by_key(Entry::id);
        of_release.or_else(latest)
    }

    /// Version of the release in question.
    pub(super) fn version(&self) -> Option<&'v str> {
        self.release.and_then(|release| Release(release.content()).version().get())
    }
}

/// Whether a revision was approved by somebody who did not write it, nor is among `others`.
pub(super) fn approved_by_other(entry: Entry<'_>, others: &[Id]) -> bool {
    [ApprovalPurpose::Approve, ApprovalPurpose::Sign]
        .into_iter()
        .flat_map(|purpose| entry.approvals(purpose))
        .any(|given| given.is_independent(entry, others))
}

/// Labels of the records that do not hold.
pub(super) fn those<'v>(records: impl IntoIterator<Item = Entry<'v>>, holds: impl Fn(Entry<'v>) -> bool) -> Vec<String> {
    records.into_iter().filter(|record| !holds(*record)).map(|record| record.label()).collect()
}
