//! What shows that people may speak up: nobody is treated worse, top management hears, and silence is looked into.

use jiff::ToSpan;
use vouch_record::Id;
use vouch_record::kind::generated::concern::{Concern, ConcernReporterType, ConcernReprisalFound};
use vouch_record::kind::generated::management_review::ManagementReview;
use vouch_record::kind::generated::measure::Measure;
use vouch_record::kind::generated::measurement::Measurement;
use vouch_record::kind::generated::nonconformity::Nonconformity;
use vouch_record::kind::generated::organisation::Organisation;

use crate::check::concerns::received_in;
use crate::framework::ISO42001;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View, Window};

/// How far back concerns and reviews count, in days.
const YEAR: i64 = 365;
/// How long after it was closed somebody asks the reporter, in days.
const ASK_DAYS: i64 = 90;
/// Above so many people some will have something to say.
const MANY: i64 = 50;

/// A.3.3-P2
pub(super) fn nobody_was_treated_worse(view: &View) -> Verdicts {
    let named = |concern: &Entry<'_>| {
        let content = Concern(concern.content());
        let by = matches!(content.reporter_type().get(), Some(ConcernReporterType::Staff | ConcernReporterType::Contractor));
        by && content.anonymous().is(false)
    };
    each(received_in(view, view.last_days(YEAR)).filter(named), |concern| {
        Judgement::needing(concern, &["reprisal_check_on", "reprisal_found", "led_to"], || {
            let closed = concern.entered("closed").filter(|_| concern.is("closed"));
            if closed.is_none_or(|on| on.saturating_add(ASK_DAYS.days()) >= view.today()) {
                return Judgement::Skip("not closed, or not for ninety days".to_owned());
            }
            let content = Concern(concern.content());
            let asked = content.reprisal_check_on().get().is_some_and(|on| on <= view.today());
            let lapse = |defect: &str| Judgement::Fail(Lapse::of(concern).value("defect", defect));
            let raised = || concern.links("led_to").any(|record| record.kind().name == Nonconformity::KIND);
            match content.reprisal_found().get() {
                Some(ConcernReprisalFound::Suspected | ConcernReprisalFound::Confirmed) if asked && !raised() => {
                    lapse("was treated worse afterwards, it seems, and no nonconformity was raised")
                }
                Some(_) if asked => Judgement::Pass,
                _ => lapse("was never asked whether they were treated worse afterwards"),
            }
        })
    })
}

/// A.3.3-P3
pub(super) fn top_management_heard(view: &View) -> Verdicts {
    let Some(year) = view.last_days(YEAR) else { return Verdicts::holds() };
    let held = view.live(ManagementReview::KIND).filter_map(|review| {
        let on = ManagementReview(review.content()).held_on().get()?;
        year.has(on).then_some((on, review))
    });
    let Some((_, review)) = held.max_by_key(|(on, review)| (*on, review.id())) else {
        let lapse = Lapse::of_organisation().value("told", 0).value("n", received_in(view, Some(year)).count());
        return Verdicts::failed(lapse);
    };
    each([review], |review| {
        Judgement::needing(review, &["inputs", "covers_from", "covers_to"], || {
            let content = ManagementReview(review.content());
            let (Some(from), Some(to)) = (content.covers_from().get(), content.covers_to().get()) else {
                return Judgement::Skip("it does not say which period it covers".to_owned());
            };
            let named: Vec<Id> = content.inputs().flat_map(|row| row.records()).map(|link| link.id).collect();
            let concerns: Vec<Entry<'_>> = received_in(view, Some(Window { from, to })).collect();
            let told = concerns.iter().filter(|concern| named.contains(&concern.id())).count();
            Judgement::when(told == concerns.len(), || Lapse::of(review).value("told", told).value("n", concerns.len()))
        })
    })
}

/// A.3.3-P4
pub(super) fn silence_is_looked_into(view: &View) -> Verdicts {
    let Some(year) = view.last_days(YEAR) else { return Verdicts::holds() };
    let Some(organisation) = view.organisation() else { return Verdicts::holds() };
    let heard: Vec<_> = received_in(view, Some(year)).map(|concern| concern.subject()).collect();
    if !heard.is_empty() {
        return Verdicts { passed: heard, ..Verdicts::default() };
    }
    each([organisation], |organisation| {
        Judgement::needing(organisation, &["people_total"], || {
            if Organisation(organisation.content()).people_total().get().is_none_or(|people| people <= MANY) {
                return Judgement::Skip("few enough people to know".to_owned());
            }
            match asked(view, year) {
                Some(value) => Judgement::Shown(vec![value.subject()]),
                None => Judgement::Fail(Lapse::of(organisation)),
            }
        })
    })
}

/// A value analysed in a period, of a measure on A.3.3.
fn asked(view: &View, period: Window) -> Option<Entry<'_>> {
    let on_concerns = |measure: &Entry<'_>| {
        Measure(measure.content()).requirements().any(|named| named.framework == ISO42001 && named.item == "A.3.3")
    };
    let analysed = |value: &Entry<'_>| {
        let at = Measurement(value.content()).analysed_at().get();
        value.is("analysed") && at.is_some_and(|at| period.has(view.day(at)))
    };
    view.all(Measure::KIND).filter(on_concerns).flat_map(|measure| measure.incoming(Measurement::KIND, "measure")).find(analysed)
}
