//! Who was there, and who signed.

use jiff::ToSpan;
use vouch_record::Id;
use vouch_record::kind::generated::approval::ApprovalPurpose;
use vouch_record::kind::generated::management_review::ManagementReview;
use vouch_record::kind::generated::role::RoleKey;

use crate::check::management_review::of_the_year;
use crate::check::wording::{called, words};
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View};

/// How long the chair may take to sign.
const SIGN_DAYS: i64 = 30;

/// 9.3.1-O3
pub(super) fn top_management_was_there(view: &View) -> Verdicts {
    each(of_the_year(view), |review| {
        Judgement::needing(review, &["attendees"], || {
            let content = ManagementReview(review.content());
            let Some(on) = content.held_on().get() else { return Judgement::Undecided("it has no day".to_owned()) };
            let present: Vec<Id> = content
                .attendees()
                .filter(|row| row.present() == Some(true))
                .filter_map(|row| row.person())
                .map(|link| link.id)
                .collect();
            let then = view.on(on);
            let holders = then.holders(RoleKey::TopManagement.id());
            let directing = then.top_management();
            let there = present.iter().any(|person| directing.contains(person) && holders.contains(person));
            Judgement::when(there, || Lapse::of(review).value("review", review.label()))
        })
    })
}

/// 9.3.1-P1
pub(super) fn signed_by_its_chair(view: &View) -> Verdicts {
    each(of_the_year(view), |review| {
        let content = ManagementReview(review.content());
        let Some(on) = content.held_on().get() else { return Judgement::Undecided("it has no day".to_owned()) };
        let due = on.saturating_add(SIGN_DAYS.days());
        let chair = content.chair().get().map(|link| link.id);
        let wrong = unsigned(review, chair, due);
        let judged = match wrong {
            Some(_) if due >= view.today() && !review.is("signed") => {
                return Judgement::Skip(format!("it can be signed until {due}"));
            }
            None if !chair.is_some_and(|chair| view.directed_on(chair, on)) => {
                Some(format!("its chair, {}, was no member of top management", called(view, chair)))
            }
            other => other,
        };
        match judged {
            Some(defect) => Judgement::Fail(Lapse::of(review).value("review", review.label()).value("defect", defect)),
            None => Judgement::Pass,
        }
    })
}

/// Why it does not count as signed by its chair in time.
fn unsigned(review: Entry<'_>, chair: Option<Id>, due: jiff::civil::Date) -> Option<String> {
    let given = review.approvals(ApprovalPurpose::Sign);
    let view = review.view();
    let Some(own) = given.iter().find(|given| given.by().is_some() && given.by() == chair) else {
        return Some(match given.last() {
            Some(other) => format!("{} signed it", called(view, other.by())),
            None => "nobody signed what it says now".to_owned(),
        });
    };
    if let Some(rule) = own.overrides() {
        return Some(format!("it was signed with the override {}", words(rule.id())));
    }
    if !own.counts_as_proof() {
        return Some("it was signed elsewhere without a proof that was reviewed".to_owned());
    }
    (own.on() > due).then(|| format!("it was signed only on {}", own.on()))
}
