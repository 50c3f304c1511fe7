//! Whether users see and understand the texts, and who approved them.

use vouch_record::kind::generated::approval::ApprovalPurpose;
use vouch_record::kind::generated::evidence::Evidence;
use vouch_record::kind::generated::release::Release;
use vouch_record::kind::generated::shared::RiskTier;
use vouch_record::kind::generated::test::{Test, TestType};
use vouch_record::kind::generated::user_information::UserInformation;

use crate::check::information::{of, published_for_users};
use crate::check::touched::used_for_a_year;
use crate::check::wording::{called, people};
use crate::derived::ai_system::{running_release, tier};
use crate::derived::test::passed;
use crate::derived::user_information::limits_not_told;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, Subject, View};

/// The texts about live systems that readers can see.
fn published(view: &View) -> impl Iterator<Item = Entry<'_>> {
    view.live_systems().flat_map(|system| of(system).filter(|text| text.is("published")).collect::<Vec<_>>())
}

/// A.8.2-P1
pub(super) fn users_see_the_text(view: &View) -> Verdicts {
    each(published(view), |text| {
        Judgement::needing(text, &["seen_in_product", "delivered"], || {
            let since = text
                .linked("ai_system")
                .and_then(running_release)
                .and_then(|release| Release(release.content()).deployed_at().get());
            let since = since.map(|at| view.day(at));
            let captured = |capture: &Entry<'_>| {
                let to = Evidence(capture.content()).covers_to().get();
                capture.is("reviewed") && to.is_some_and(|to| since.is_none_or(|since| to >= since))
            };
            let captures = text.links("seen_in_product").filter(captured);
            let delivered = UserInformation(text.content()).delivered();
            let receipts = delivered.filter_map(|row| view.get(row.receipt()?.id)).filter(|receipt| receipt.is("reviewed"));
            let shown: Vec<Subject> = captures.chain(receipts).map(|proof| proof.subject()).collect();
            if shown.is_empty() { Judgement::Fail(Lapse::of(text).value("text", text.label())) } else { Judgement::Shown(shown) }
        })
    })
}

/// A.8.2-P2
pub(super) fn users_understand(view: &View) -> Verdicts {
    let Some(year) = view.last_days(365) else { return Verdicts::holds() };
    each(view.live_systems(), |system| {
        Judgement::needing(system, &["risk_tier"], || {
            if tier(system) < Some(RiskTier::Moderate) {
                return Judgement::Skip("tier low".to_owned());
            }
            if !used_for_a_year(system) {
                return Judgement::Skip("in use for less than a year".to_owned());
            }
            let tests = published_for_users(system).flat_map(|text| text.links("understood").collect::<Vec<_>>());
            let reviewed = |test: &Entry<'_>| {
                let sort = Test(test.content()).type_().is(TestType::Usability);
                sort && test.is("reviewed") && test.entered("reviewed").is_some_and(|on| year.has(on))
            };
            let tests: Vec<Entry<'_>> = tests.filter(reviewed).collect();
            if let Some(test) = tests.iter().find(|test| test.value("criteria").is_erased() || test.value("results").is_erased()) {
                return Judgement::Undecided(format!("what {} found was erased", test.label()));
            }
            let shown: Vec<Subject> = tests.iter().filter(|test| shows_understanding(**test)).map(Entry::subject).collect();
            if shown.is_empty() { Judgement::Fail(Lapse::of(system)) } else { Judgement::Shown(shown) }
        })
    })
}

/// Whether a test asked something of users and found what it wanted.
fn shows_understanding(test: Entry<'_>) -> bool {
    Test(test.content()).criteria().any(|row| row.blocking() == Some(true)) && passed(test)
}

/// A.8.2-P3
pub(super) fn approved_and_nothing_left_out(view: &View) -> Verdicts {
    let texts = view.live_systems().flat_map(|system| of(system).filter(Entry::is_settled).collect::<Vec<_>>());
    each(texts, |text| {
        let lapse = |defect: String| Lapse::of(text).value("text", text.label()).value("defect", defect);
        let approvals = text.approvals(ApprovalPurpose::Approve);
        let counts: Vec<_> = approvals.iter().filter(|given| given.counts_as_proof()).collect();
        let other = counts.iter().find(|given| given.is_independent(text, &[]));
        let mut lapses: Vec<Lapse> = Vec::new();
        if other.is_none() {
            lapses.push(lapse(match counts.last() {
                None => "has no approval that counts".to_owned(),
                Some(given) => {
                    format!("was approved by {}, and {} wrote it", called(view, given.by()), people(view, text.authors()))
                }
            }));
        }
        let left = limits_not_told(text)
            .into_iter()
            .map(|id| lapse(format!("leaves out the limits that {} found", called(view, Some(id)))));
        lapses.extend(left);
        match other {
            Some(given) if lapses.is_empty() => Judgement::Shown(vec![text.subject(), given.entry.subject()]),
            _ => Judgement::FailAll(lapses),
        }
    })
}
