//! Approvals as `terms.yaml` reads them: on this revision, or on an earlier one since which no covered field changed.

use jiff::Timestamp;
use jiff::civil::Date;
use vouch_record::kind::generated::approval::{Approval, ApprovalDecision, ApprovalOverride, ApprovalPurpose, ApprovalSignIn};
use vouch_record::view::Content;
use vouch_record::{Id, cover};

use super::Entry;

/// An approval that was given, with the entry it is.
#[derive(Clone, Copy)]
pub struct Given<'v> {
    /// the approval record
    pub entry: Entry<'v>,
    /// its content
    pub approval: Approval<'v>,
}

impl<'v> Given<'v> {
    /// Who gave it.
    #[must_use]
    pub fn by(&self) -> Option<Id> {
        self.approval.by().get().map(|link| link.id)
    }

    /// Ledger time of the approval.
    #[must_use]
    pub fn at(&self) -> Timestamp {
        self.entry.created_at()
    }

    /// Day of the approval by ledger time.
    #[must_use]
    pub fn on(&self) -> Date {
        self.entry.created_on()
    }

    /// The revision it is about.
    #[must_use]
    pub fn revision(&self) -> u32 {
        self.approval.subject_revision().get().and_then(|revision| u32::try_from(revision).ok()).unwrap_or(0)
    }

    /// Whether a rule was set aside with it.
    #[must_use]
    pub fn overrides(&self) -> Option<ApprovalOverride> {
        self.approval.override_().get()
    }

    /// Whether it counts at the depths operating and proven: one with sign_in imported only with proof in state reviewed.
    #[must_use]
    pub fn counts_as_proof(&self) -> bool {
        self.approval.sign_in().get() != Some(ApprovalSignIn::Imported)
            || self.entry.links("proof").any(|proof| proof.is("reviewed"))
    }

    /// Independent as `terms.yaml` has it: by an other person and without override. `others` are the authors, performers,
    /// assessors and owners whom the rule names besides whoever wrote the revision.
    #[must_use]
    pub fn is_independent(&self, subject: Entry<'v>, others: &[Id]) -> bool {
        let Some(by) = self.by() else { return false };
        self.overrides().is_none() && !others.contains(&by) && !subject.authors().contains(&by)
    }
}

impl<'v> Entry<'v> {
    /// Every approval in state given that names this record, in the order given, whatever its purpose, decision and revision.
    #[must_use]
    pub fn given(&self) -> Vec<Given<'v>> {
        let mut given: Vec<Given<'v>> = self.given_ever().filter(|given| given.entry.is("given")).collect();
        given.sort_by_key(|approval| approval.entry.made().seq);
        given
    }

    /// Every approval that names this record, also those withdrawn since.
    pub fn given_ever(&self) -> impl Iterator<Item = Given<'v>> + use<'v> {
        self.incoming("approval", "subject").map(|entry| Given { entry, approval: Approval(entry.content()) })
    }

    /// The approvals with decision approved of this purpose that stand on the revision read: not past their end, and no covered
    /// field changed since.
    #[must_use]
    pub fn approvals(&self, purpose: ApprovalPurpose) -> Vec<Given<'v>> {
        let today = self.view().today();
        self.given()
            .into_iter()
            .filter(|given| given.approval.purpose().is(purpose) && given.approval.decision().is(ApprovalDecision::Approved))
            .filter(|given| given.approval.valid_until().get().is_none_or(|until| until >= today))
            .filter(|given| self.still_approved(given.revision()))
            .collect()
    }

    /// The latest standing approval of this purpose.
    #[must_use]
    pub fn approved(&self, purpose: ApprovalPurpose) -> Option<Given<'v>> {
        self.approvals(purpose).pop()
    }

    /// Whether no field that an approval of `revision` covers has changed in the revision that is read.
    #[must_use]
    pub fn still_approved(&self, revision: u32) -> bool {
        self.revision() == revision || (revision < self.revision() && self.changed_since(revision).is_empty())
    }

    /// Whether an approval of revision `approved` still speaks for revision `revision`: no covered field differs between them.
    #[must_use]
    pub fn covers(&self, approved: u32, revision: u32) -> bool {
        if approved == revision {
            return true;
        }
        let leaf = |number: u32| self.revisions().find(|leaf| leaf.revision == number);
        let (Some(then), Some(now), true) = (leaf(approved), leaf(revision), approved < revision) else { return false };
        cover::changed(self.kind(), |name| then.body.get(name), |name| now.body.get(name)).next().is_none()
    }

    /// The latest approval in state given with decision approved and one of these purposes, on any revision.
    #[must_use]
    pub fn last_given(&self, purposes: &[ApprovalPurpose]) -> Option<Given<'v>> {
        let approved = |given: &Given<'v>| {
            given.approval.decision().is(ApprovalDecision::Approved)
                && given.approval.purpose().get().is_some_and(|of| purposes.contains(&of))
        };
        self.given().into_iter().rfind(approved)
    }

    /// Covered fields in which the revision that is read differs from an earlier one.
    #[must_use]
    pub fn changed_since(&self, revision: u32) -> Vec<&'v str> {
        let Some(then) = self.revisions().find(|leaf| leaf.revision == revision) else { return Vec::new() };
        let now: Content<'v> = self.content();
        cover::changed(self.kind(), |name| then.body.get(name), |name| now.value(name).get()).collect()
    }
}
