//! What was decided and never followed: reviews without decisions, actions without effect.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::Id;
use vouch_record::kind::generated::approval::ApprovalPurpose;
use vouch_record::kind::generated::corrective_action::CorrectiveAction;
use vouch_record::kind::generated::management_review::{ManagementReview, ManagementReviewDecisionType};
use vouch_record::kind::generated::nonconformity::{Nonconformity, NonconformityCauseCategory, NonconformityGrade};
use vouch_record::kind::generated::shared::EffectResult;
use vouch_record::time::{after, days_between};
use vouch_record::words::in_words;

use super::Limits;
use crate::derived::{corrective_action, management_review};
use crate::shape::Lapse;
use crate::view::{Entry, Given, View, Window};

/// FM-15
pub(super) fn review_without_decisions(view: &View, limits: &Limits<'_>) -> Vec<Lapse> {
    let signed = |entry: Entry<'_>| entry.entry_into("signed").map(|leaf| view.day(leaf.time));
    let mut reviews: Vec<(Date, Entry<'_>)> = view
        .all(ManagementReview::KIND)
        .filter(|entry| entry.is("signed"))
        .filter_map(|entry| Some((signed(entry)?, entry)))
        .collect();
    reviews.sort_by_key(|(on, entry)| (*on, entry.id()));
    let held = |entry: Entry<'_>| ManagementReview(entry.content()).held_on().get().unwrap_or_else(|| entry.created_on());
    let lapse = |entry: Entry<'_>, defect: String| Lapse::of(entry).value("date", held(entry)).value("defect", defect);
    let due = view.first_scope_on().is_some_and(|first| days_between(first, view.today()) > limits.number("scope_days"));
    let Some((on, latest)) = reviews.last().copied() else {
        let none = Lapse::of_organisation().value("date", "the management system").value("defect", "was never held and signed");
        return if due { vec![none] } else { Vec::new() };
    };
    if due && days_between(on, view.today()) > limits.number("review_days") {
        return vec![lapse(latest, format!("is {} days old, and none was signed since", days_between(on, view.today())))];
    }
    let content = ManagementReview(latest.content());
    let real = |row: &vouch_record::kind::generated::management_review::ManagementReviewDecisionRow<'_>| {
        let decided = row.type_().is_some_and(|sort| sort != ManagementReviewDecisionType::None);
        decided && row.owner().is_some() && row.due().is_some() && row.record().is_some()
    };
    let mut lapses = Vec::new();
    if !content.decisions().any(|row| real(&row)) {
        lapses.push(lapse(latest, "decided nothing with an owner, a day and a record".to_owned()));
    }
    let (mut asked, mut late) = (0_usize, 0_usize);
    for (_, review) in reviews.iter().rev().take(2) {
        let open = management_review::open_decisions(*review);
        for row in ManagementReview(review.content()).decisions() {
            if row.type_().is_none_or(|sort| sort == ManagementReviewDecisionType::None) {
                continue;
            }
            asked += 1;
            let named = row.code().or(row.decision()).unwrap_or_default();
            late += usize::from(row.due().is_some_and(|due| due < view.today()) && open.iter().any(|code| code == named));
        }
    }
    if limits.exceeds("share_open", late, asked) {
        let both = if reviews.len() > 1 { "and the one before it left" } else { "left" };
        lapses.push(lapse(latest, format!("{both} {late} of {asked} decisions open past their day")));
    }
    let missing: Vec<String> = management_review::missing_inputs(latest).into_iter().map(|input| in_words(input.id())).collect();
    if !missing.is_empty() {
        lapses.push(lapse(latest, format!("did not look at {}", missing.join(", "))));
    }
    lapses
}

/// FM-17
pub(super) fn closed_without_effect(view: &View, limits: &Limits<'_>) -> Vec<Lapse> {
    let year = Window { from: view.today().saturating_sub(limits.number("closed_days").days()), to: view.today() };
    let closed: Vec<(Date, Entry<'_>)> = view
        .all(Nonconformity::KIND)
        .filter(|entry| entry.is("closed"))
        .filter_map(|entry| Some((entry.entered("closed").filter(|on| year.has(*on))?, entry)))
        .collect();
    let lapse = |(on, entry): (Date, Entry<'_>), defect: String| {
        Lapse::of(entry).value("nonconformity", entry.label()).value("date", on).value("defect", defect)
    };
    let bad: Vec<((Date, Entry<'_>), String)> =
        closed.iter().filter_map(|one| Some((*one, hollow(one.1, limits.number("sample"))?))).collect();
    let major = |entry: Entry<'_>| Nonconformity(entry.content()).grade().is(NonconformityGrade::Major);
    let many = closed.len() >= limits.count("closed_at_least") && limits.exceeds("share_bad", bad.len(), closed.len());
    let mut lapses: Vec<Lapse> =
        bad.into_iter().filter(|((_, entry), _)| many || major(*entry)).map(|(one, defect)| lapse(one, defect)).collect();
    let raised = by_cause(view);
    for one in &closed {
        if let Some((on, again)) = came_back(&raised, *one, limits.number("again_days")) {
            lapses.push(lapse(*one, format!("and {} of the same cause was raised on {on}", again.label())));
        }
    }
    lapses
}

/// Why the look at the effect of its corrective actions was none. What a look found not to work closes nothing, so that it is left out.
fn hollow(nonconformity: Entry<'_>, sample: i64) -> Option<String> {
    let works = |action: &Entry<'_>| {
        let result = CorrectiveAction(action.content()).result().get();
        action.is("verified") && !matches!(result, Some(EffectResult::Partly | EffectResult::NotEffective))
    };
    let actions = nonconformity.incoming(CorrectiveAction::KIND, "nonconformity").filter(works);
    actions.into_iter().find_map(|action| {
        let content = CorrectiveAction(action.content());
        let verified = content.verified_at().get().or_else(|| action.entered("verified"));
        let early = corrective_action::verify_from(action).zip(verified).is_some_and(|(from, on)| on < from);
        let few = content
            .verification_sample()
            .any(|row| row.drawn_n().zip(row.population_n()).is_some_and(|(drawn, population)| drawn < population.min(sample)));
        if early {
            Some(format!("before the effect of {} could show", action.label()))
        } else if judged_by_doer(action) {
            Some(format!("on the word of whoever carried out {}", action.label()))
        } else if few {
            Some(format!("on a look at too few records for {}", action.label()))
        } else {
            None
        }
    })
}

/// Whether nobody but its doer verified a corrective action: by the approvals, else by who is named for it.
fn judged_by_doer(action: Entry<'_>) -> bool {
    let content = CorrectiveAction(action.content());
    let Some(doer) = content.doer().get().map(|link| link.id) else { return false };
    let verify = |given: &Given<'_>| given.approval.purpose().is(ApprovalPurpose::Verify);
    let judges: Vec<Id> = action.given().iter().filter(|given| verify(given)).filter_map(Given::by).collect();
    if judges.is_empty() {
        content.verifier().get().is_some_and(|link| link.id == doer)
    } else {
        judges.iter().all(|by| *by == doer)
    }
}

/// Nonconformities by the category of their cause, each with the day on which it was raised, in the order of days.
type ByCause<'v> = BTreeMap<NonconformityCauseCategory, Vec<(Date, Entry<'v>)>>;

fn by_cause(view: &View) -> ByCause<'_> {
    let mut by_cause = ByCause::new();
    for one in view.all(Nonconformity::KIND).filter(|one| !one.is("rejected")) {
        let content = Nonconformity(one.content());
        if let Some((category, on)) = content.cause_category().get().zip(content.raised_at().get()) {
            by_cause.entry(category).or_default().push((on, one));
        }
    }
    by_cause.values_mut().for_each(|raised| raised.sort_by_key(|(on, one)| (*on, one.id())));
    by_cause
}

/// A nonconformity of the same cause about a common requirement that was raised soon after the closure.
fn came_back<'v>(raised: &ByCause<'v>, (closed, entry): (Date, Entry<'v>), days: i64) -> Option<(Date, Entry<'v>)> {
    let content = Nonconformity(entry.content());
    let same = raised.get(&content.cause_category().get()?)?;
    let later = same.get(same.partition_point(|(on, _)| *on <= closed)..)?;
    let near = later.iter().take_while(|(on, _)| *on <= after(closed, &days.days()));
    let shared = |other: Entry<'_>| Nonconformity(other.content()).requirements().any(|item| content.requirements().has(item));
    near.copied().find(|(_, other)| other.id() != entry.id() && shared(*other))
}
