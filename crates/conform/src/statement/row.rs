//! One row: one control.

use jiff::civil::Date;
use serde::Serialize;
use vouch_record::Id;
use vouch_record::kind::generated::control_applicability::ControlApplicability;
use vouch_record::kind::generated::shared::ControlDecision;

use super::drawn::{self, Reason};
use super::{Named, version::Frozen};
use crate::as_text;
use crate::derived::control_applicability;
use crate::framework::{ISO42001, Item};
use crate::readiness::{Depth, Evidence, Readiness};
use crate::view::{Entry, View};

/// What is decided about a control.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Decision {
    /// it applies
    Applied,
    /// it is left out
    Excluded,
    /// nobody decided
    Undecided,
}

impl Decision {
    /// The word shown.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::Excluded => "excluded",
            Self::Undecided => "undecided",
        }
    }
}

/// Why a control is left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ExclusionShown {
    /// role absent, activity absent, no risk or elsewhere, by its id
    pub ground: Option<&'static str>,
    /// the facts behind it
    pub reason: String,
    /// records that show the facts
    #[serde(serialize_with = "as_text::each")]
    pub basis: Vec<Id>,
    /// what brings it back
    pub back_when: Option<String>,
    /// whether records speak against it today
    pub contradicted: bool,
}

/// One control.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    /// id of the item, or `framework:item` for a control that is not of Annex A
    pub control: String,
    /// short title
    pub title: String,
    /// the decision
    pub decision: Decision,
    /// the record that decides, with the revision read
    pub applicability: Option<Named>,
    /// whether that revision is approved
    pub approved: bool,
    /// why it applies
    pub reasons: Vec<Reason>,
    /// why it is left out
    pub exclusion: Option<ExclusionShown>,
    /// who answers for it
    pub owner: Option<Named>,
    /// documents, plans and processes that carry it out, and procedures in force that name it
    pub procedures: Vec<Named>,
    /// none, documented, operating or proven, computed
    pub implementation: &'static str,
    /// what is missing for the next depth, or why it is not judged
    pub next: Option<String>,
    /// AI systems in scope that it is applied to
    pub systems: usize,
    /// those that fail it
    #[serde(serialize_with = "as_text::each")]
    pub failing: Vec<Id>,
    /// day by which it must operate
    #[serde(serialize_with = "as_text::option")]
    pub due: Option<Date>,
    /// records that show it, the deepest first
    pub proof: Vec<Evidence>,
    /// what the frozen version in force says
    pub frozen: Option<Frozen>,
}

impl Row {
    /// The row of a control of Annex A.
    pub(super) fn of_annex(view: &View, readiness: &Readiness, item: &Item, applicability: Option<Entry<'_>>) -> Self {
        let answer = readiness.answer(&item.id);
        let depth = answer.filter(|answer| answer.applies).and_then(|answer| Depth::ALL.into_iter().rev().find(|d| answer.met(*d)));
        let mut proof: Vec<Evidence> = answer.map(|answer| answer.evidence.clone()).unwrap_or_default();
        proof.sort_by_key(|evidence| (std::cmp::Reverse(evidence.depth), evidence.id));
        let mut row = Self {
            title: item.title.clone(),
            implementation: depth.map_or("none", Depth::word),
            next: answer.and_then(|answer| answer.reason.clone()),
            failing: answer.map(|answer| answer.failing.clone()).unwrap_or_default(),
            proof,
            procedures: procedures(view, &item.id),
            ..Self::empty(item.id.clone())
        };
        if let Some(applicability) = applicability {
            row.decide(applicability);
        }
        row
    }

    /// The row of a control of another framework or an own one.
    pub(super) fn of_other(applicability: Entry<'_>, control: String) -> Self {
        let content = ControlApplicability(applicability.content());
        let implementation = control_applicability::implementation(applicability).map_or("none", |of| of.id());
        let title = content.title().get().unwrap_or_default().to_owned();
        let mut row = Self { title, implementation, ..Self::empty(control) };
        row.decide(applicability);
        row
    }

    fn empty(control: String) -> Self {
        Self {
            control,
            title: String::new(),
            decision: Decision::Undecided,
            applicability: None,
            approved: false,
            reasons: Vec::new(),
            exclusion: None,
            owner: None,
            procedures: Vec::new(),
            implementation: "none",
            next: None,
            systems: 0,
            failing: Vec::new(),
            due: None,
            proof: Vec::new(),
            frozen: None,
        }
    }

    fn decide(&mut self, applicability: Entry<'_>) {
        let content = ControlApplicability(applicability.content());
        self.applicability = Some(Named::of(applicability));
        self.approved = applicability.is_settled();
        self.owner = applicability.linked("owner").map(Named::of);
        self.due = content.due().get();
        match content.decision().get() {
            Some(ControlDecision::Applied) => {
                self.decision = Decision::Applied;
                self.reasons = drawn::reasons(applicability);
                self.systems = covered(applicability);
                for carrier in applicability.links("carried_by").map(Named::of) {
                    if !self.procedures.iter().any(|known| known.id == carrier.id) {
                        self.procedures.push(carrier);
                    }
                }
            }
            Some(ControlDecision::Excluded) => {
                self.decision = Decision::Excluded;
                self.exclusion = Some(ExclusionShown {
                    ground: content.exclusion_ground().get().map(|ground| ground.id()),
                    reason: content.exclusion_reason().get().unwrap_or_default().to_owned(),
                    basis: content.exclusion_basis().map(|link| link.id).collect(),
                    back_when: content.back_when().get().map(str::to_owned),
                    contradicted: control_applicability::contradicted(applicability),
                });
            }
            None => {}
        }
    }
}

/// How many systems in scope it is applied to: those named, else all, without those it is not for.
fn covered(applicability: Entry<'_>) -> usize {
    let content = ControlApplicability(applicability.content());
    let named: Vec<Id> = content.ai_systems().map(|link| link.id).collect();
    let not: Vec<Id> = content.not_for().filter_map(|row| row.ai_system()).map(|link| link.id).collect();
    let meant = |id: &Id| (named.is_empty() || named.contains(id)) && !not.contains(id);
    applicability.view().systems().filter(|system| meant(&system.id())).count()
}

/// Documents in force that name the item among their requirements.
fn procedures(view: &View, item: &str) -> Vec<Named> {
    use vouch_record::kind::generated::document::Document;
    let names = |document: &Entry<'_>| {
        Document(document.content()).requirements().any(|named| named.framework == ISO42001 && named.item == item)
    };
    view.live(Document::KIND).filter(names).map(Named::of).collect()
}
