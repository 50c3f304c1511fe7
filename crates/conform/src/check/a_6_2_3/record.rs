//! The design record of releases: there in time, approved by another person, and kept as it was approved.

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::Id;
use vouch_record::kind::generated::approval::{ApprovalDecision, ApprovalPurpose};
use vouch_record::kind::generated::document::{Document, DocumentTemplate};
use vouch_record::kind::generated::release::{Release, ReleaseType};

use crate::check::independence::{authors_then, defect};
use crate::check::released::{Released, each_released};
use crate::check::stored::bound_or_not;
use crate::check::wording::called;
use crate::derived::{ai_system, change};
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, Given, View};

/// How long the record of an ended release is kept.
const KEEP_YEARS: i64 = 3;
/// Steps that change what was designed.
const DESIGNED: [ReleaseType; 4] =
    [ReleaseType::Initial, ReleaseType::Retraining, ReleaseType::Functional, ReleaseType::SupplierModel];

/// Whether a release changes what was designed.
fn is_designed(release: Entry<'_>) -> bool {
    Release(release.content()).type_().get().is_some_and(|of| DESIGNED.contains(&of))
}

/// The approvals of a document by which a revision of it came into force.
fn approvals(document: Entry<'_>) -> impl Iterator<Item = Given<'_>> {
    document.given().into_iter().filter(|given| {
        given.approval.purpose().is(ApprovalPurpose::Approve) && given.approval.decision().is(ApprovalDecision::Approved)
    })
}

/// The design record of a release.
fn design_record(release: Entry<'_>) -> Option<Entry<'_>> {
    release.linked("design_record").filter(|entry| Document(entry.content()).template().is(DocumentTemplate::TDESIGN))
}

/// The approval of a design record that stood when a release went live: given before it, and after its changes were decided.
fn approved_for<'v>(document: Entry<'v>, one: &Released<'v>) -> Option<Given<'v>> {
    let view = document.view();
    let decided: Option<Date> = one.release.links("changes").filter_map(change::decided_on).min();
    let within = |given: &Given<'v>| given.at() < one.until && decided.is_none_or(|day| view.day(given.at()) >= day);
    approvals(document).filter(within).last()
}

/// Judges the releases of the window of systems built here that change what was designed.
fn each_designed_release<'v>(view: &'v View, judge: impl Fn(&Released<'v>) -> Judgement) -> Verdicts {
    each_released(view, |one| match () {
        () if !one.system.is_built() => Judgement::Skip("not built here".to_owned()),
        () if !is_designed(one.release) => Judgement::Skip("it changes nothing that was designed".to_owned()),
        () => Judgement::needing(one.release, &["design_record"], || judge(one)),
    })
}

/// A.6.2.3-O1
pub(super) fn releases_have_a_design_record(view: &View) -> Verdicts {
    each_designed_release(view, |one| match design_record(one.release).filter(|document| approved_for(*document, one).is_some()) {
        Some(document) => Judgement::Shown(vec![one.release.subject(), document.subject()]),
        None => Judgement::Fail(Lapse::of(one.release)),
    })
}

/// A.6.2.3-P1
pub(super) fn approved_by_another(view: &View) -> Verdicts {
    each_designed_release(view, |one| {
        let found = design_record(one.release).and_then(|document| Some((document, approved_for(document, one)?)));
        let Some((document, given)) = found else {
            return Judgement::Skip("no design record was approved for it; see A.6.2.3-O1".to_owned());
        };
        let authors: Vec<Id> =
            Document(document.content()).authors().map(|link| link.id).chain(authors_then(document, &given)).collect();
        match defect(&given, &[(authors.as_slice(), "wrote it")]) {
            None => Judgement::Shown(vec![document.subject(), given.entry.subject()]),
            Some(defect) => {
                let lapse = Lapse::of(document).in_system(one.system);
                Judgement::Fail(lapse.value("person", called(view, given.by())).value("defect", defect))
            }
        }
    })
}

/// A.6.2.3-P3. Looks also at records that are not bound: a release that cannot be shown needs its record all the same.
pub(super) fn records_can_be_shown(view: &View) -> Verdicts {
    let since = view.today().saturating_sub(KEEP_YEARS.years());
    let kept = move |one: &Entry<'_>| {
        let ended = Release(one.content()).ended_at().get().map(|at| view.day(at));
        is_designed(*one) && (one.is("deployed") || (one.is("ended") && ended.is_none_or(|on| on >= since)))
    };
    let of_system =
        |one: &Entry<'_>| one.linked("ai_system").is_some_and(|system| ai_system::in_scope(system) && system.is_built());
    each(bound_or_not(view, Release::KIND).filter(kept).filter(of_system), |one| {
        Judgement::needing(one, &["design_record"], || {
            let Some(link) = Release(one.content()).design_record().get() else {
                return Judgement::Fail(Lapse::of(one).value("defect", "it names none"));
            };
            let document = view.find(link.id).filter(|document| !document.is_set_aside());
            match document.map_or_else(|| Err("it was set aside".to_owned()), kept_as_approved) {
                Ok(document) => Judgement::Shown(vec![one.subject(), document.subject()]),
                Err(defect) => Judgement::Fail(Lapse::of(one).value("defect", defect)),
            }
        })
    })
}

/// Whether the approved revision of a document, with its files, is what lies under a checkpoint.
fn kept_as_approved(document: Entry<'_>) -> Result<Entry<'_>, String> {
    let Some(given) = approvals(document).last() else { return Err(format!("no revision of {} was approved", document.label())) };
    let leaf = document.revisions().find(|leaf| leaf.revision == given.revision());
    let Some(leaf) = leaf else { return Err(format!("the approved revision of {} is gone", document.label())) };
    if !matches!(leaf.erasure, vouch_record::state::Erasure::Nothing) {
        return Err(format!("{} was erased", document.label()));
    }
    match document.view().is_bound(leaf.seq) {
        true => Ok(document),
        false => Err(format!("{} does not match what was signed", document.label())),
    }
}
