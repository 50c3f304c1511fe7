//! Verifications of the ledger that were kept: whether deviations were followed up, and whether somebody looked from outside.

use vouch_record::kind::generated::evidence::{Evidence, EvidenceShows};
use vouch_record::kind::generated::nonconformity::Nonconformity;
use vouch_record::kind::generated::organisation::Organisation;

use crate::check::bearing::{evidence_on, is_of};
use crate::shape::{Judgement, Lapse, Verdicts, each, one_of};
use crate::view::{Entry, View};

/// How often the ledger is verified from outside.
const VERIFY_DAYS: i64 = 120;

/// The verifications of the ledger that were kept: evidence that lists 7.5.3 and is about the organisation.
fn verifications(view: &View) -> impl Iterator<Item = Entry<'_>> {
    let whole = |one: &Entry<'_>| one.links("about").any(|about| about.kind().name == Organisation::KIND);
    evidence_on(view, "7.5.3").filter(move |one| whole(one) && !one.is("rejected"))
}

/// 7.5.3-P1
pub(super) fn deviations_were_followed(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    each(verifications(view).filter(|one| is_of(*one, window)), |one| {
        Judgement::needing(one, &["shows"], || {
            let content = Evidence(one.content());
            if !content.shows().is(EvidenceShows::Deviates) {
                return Judgement::Pass;
            }
            match one.incoming(Nonconformity::KIND, "evidence").next() {
                Some(nonconformity) => Judgement::Shown(vec![one.subject(), nonconformity.subject()]),
                None => {
                    let date = content.covers_to().get().unwrap_or_else(|| one.created_on());
                    let defect = content.summary().get().unwrap_or("a deviation").trim_end_matches('.');
                    Judgement::Fail(Lapse::of(one).value("date", date).value("defect", format!("`{defect}`")))
                }
            }
        })
    })
}

/// 7.5.3-P2
pub(super) fn verified_from_outside(view: &View) -> Verdicts {
    let Some(recent) = view.last_days(VERIFY_DAYS) else { return Verdicts::holds() };
    let days = verifications(view).filter_map(|one| Evidence(one.content()).covers_to().get());
    let last = days.filter(|on| *on <= view.today()).max();
    one_of(
        verifications(view).filter(|one| is_of(*one, recent)),
        |one| Judgement::when(is_checked(one), || Lapse::of(one)),
        || Lapse::of_organisation().maybe("date", last),
    )
}

/// Whether it shows that the ledger conforms, and a person other than who brought it looked at it.
fn is_checked(one: Entry<'_>) -> bool {
    let content = Evidence(one.content());
    let reviewer = content.reviewed_by().get().map(|link| link.id);
    let collector = content.collected_by().get().map(|link| link.id);
    one.is("reviewed") && content.shows().is(EvidenceShows::Conforms) && reviewer.is_some() && reviewer != collector
}
