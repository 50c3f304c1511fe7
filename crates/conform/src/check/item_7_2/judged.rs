//! Who judged, what proves it, and whether training is spread over the year.

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::Id;
use vouch_record::kind::generated::audit::{Audit, AuditType};
use vouch_record::kind::generated::evidence::Evidence;
use vouch_record::kind::generated::person::{Person, PersonRelation};
use vouch_record::kind::generated::shared::CompetenceBasis;
use vouch_record::kind::generated::training_record::TrainingRecord;

use crate::check::holder::held;
use crate::check::training::{confirmed_on, counted, person_of, was_competent};
use crate::check::wording::called;
use crate::derived::training_record::{in_date, self_judged};
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View, Window};

/// So many records of a year say how it is spread.
const ENOUGH: usize = 10;
/// Days before an audit.
const BEFORE_DAYS: i64 = 30;

/// 7.2-P1
pub(super) fn judged_by_who_can_and_may(view: &View) -> Verdicts {
    let Some(year) = view.last_days(365) else { return Verdicts::holds() };
    let asked = |record: &Entry<'_>| {
        let course = TrainingRecord(record.content()).basis().is(CompetenceBasis::Course);
        !course && confirmed_on(*record).is_some_and(|on| year.has(on))
    };
    each(view.all(TrainingRecord::KIND).filter(asked), |record| {
        Judgement::needing(record, &["judged_by", "person", "needs"], || {
            let judge = TrainingRecord(record.content()).judged_by().get().map(|link| link.id);
            let reason = match judge {
                None => Some("is not named".to_owned()),
                Some(judge) => unfit(record, judge),
            };
            match reason {
                None => Judgement::Pass,
                Some(reason) => {
                    let lapse = Lapse::of(record).value("record", record.id()).value("judge", called(view, judge));
                    Judgement::Fail(lapse.value("reason", reason))
                }
            }
        })
    })
}

/// Why a judge cannot or may not judge a record.
fn unfit(record: Entry<'_>, judge: Id) -> Option<String> {
    let view = record.view();
    if Some(judge) == person_of(record) {
        return Some("is the person".to_owned());
    }
    if self_judged(record) {
        return Some("reports to the person".to_owned());
    }
    let on = TrainingRecord(record.content()).judged_on().get().or_else(|| confirmed_on(record)).unwrap_or(view.today());
    for need in record.links("needs") {
        if !need.links("judged_by").any(|role| held(role, judge, on)) {
            return Some(format!("held no role on {on} that may judge {}", need.label()));
        }
        if !is_able(need, judge, on) {
            return Some(format!("has not shown {} in turn", need.label()));
        }
    }
    None
}

/// Whether a judge can do it, comes from outside, or is the first who judges it, by a qualification or experience that another person saw.
fn is_able(need: Entry<'_>, judge: Id, on: Date) -> bool {
    let view = need.view();
    let Some(person) = view.find(judge) else { return false };
    let relation = Person(person.content()).relation().get();
    if matches!(relation, Some(PersonRelation::ExternalAuditor | PersonRelation::Adviser))
        || was_competent(view, judge, &[need.id()], on)
    {
        return true;
    }
    let other = |record: &Entry<'_>| TrainingRecord(record.content()).judged_by().get().is_some_and(|link| link.id != judge);
    let before =
        need.incoming(TrainingRecord::KIND, "needs").any(|one| other(&one) && confirmed_on(one).is_some_and(|day| day < on));
    let known = person.incoming(TrainingRecord::KIND, "person").any(|own| {
        let basis = TrainingRecord(own.content()).basis().get();
        let lasting = matches!(basis, Some(CompetenceBasis::Qualification | CompetenceBasis::Experience));
        lasting && other(&own) && counted(own).is_some_and(|days| days.has(on))
    });
    !before && known
}

/// 7.2-P2
pub(super) fn proof_is_of_its_period(view: &View) -> Verdicts {
    let asked = |record: &Entry<'_>| {
        let basis = TrainingRecord(record.content()).basis().get();
        in_date(*record) && !matches!(basis, None | Some(CompetenceBasis::Course | CompetenceBasis::Test))
    };
    each(view.all(TrainingRecord::KIND).filter(asked), |record| {
        Judgement::needing(record, &["proof", "from", "to", "experience"], || {
            let periods = periods(record);
            let of_period = |proof: &Entry<'_>| {
                let content = Evidence(proof.content());
                let days = content.covers_from().get().zip(content.covers_to().get()).map(|(from, to)| Window { from, to });
                proof.is("reviewed") && days.is_some_and(|days| periods.iter().any(|period| period.and(days).is_some()))
            };
            match record.links("proof").find(of_period) {
                Some(proof) => Judgement::Shown(vec![record.subject(), proof.subject()]),
                None => {
                    let lapse = Lapse::of(record).value("record", record.id());
                    Judgement::Fail(lapse.value("person", called(view, person_of(record))))
                }
            }
        })
    })
}

/// The time of the training, and of the work that counts.
fn periods(record: Entry<'_>) -> Vec<Window> {
    let content = TrainingRecord(record.content());
    let own = content.from().get().zip(content.to().get());
    let work = content.experience().filter_map(|row| row.from().zip(row.to()));
    own.into_iter().chain(work).map(|(from, to)| Window { from, to }).collect()
}

/// 7.2-P3
pub(super) fn training_is_spread(view: &View) -> Verdicts {
    let Some(year) = view.last_days(365) else { return Verdicts::holds() };
    let done = |record: &Entry<'_>| {
        let to = TrainingRecord(record.content()).to().get().filter(|to| year.has(*to));
        to.filter(|_| record.is_any(&["done", "confirmed", "lapsed"]))
    };
    let records: Vec<(Date, Entry<'_>)> = view.all(TrainingRecord::KIND).filter_map(|one| Some((done(&one)?, one))).collect();
    if records.len() < ENOUGH {
        return Verdicts::holds();
    }
    let outside = view.all(Audit::KIND).filter(|audit| !audit.is("cancelled")).filter_map(|audit| {
        let content = Audit(audit.content());
        let counts = matches!(
            content.type_().get(),
            Some(AuditType::Stage1 | AuditType::Stage2 | AuditType::Surveillance | AuditType::Recertification)
        );
        content.planned_from().get().filter(|_| counts).map(|from| (from, audit))
    });
    let crowded = outside.map(|(from, audit)| {
        let days = Window { from: from.saturating_sub(BEFORE_DAYS.days()), to: from.saturating_sub(1.day()) };
        (records.iter().filter(|(to, _)| days.has(*to)).count(), audit)
    });
    match crowded.filter(|(n, _)| n * 2 > records.len()).max_by_key(|(n, audit)| (*n, audit.id())) {
        Some((n, audit)) => {
            let lapse = Lapse::of(audit).value("n", n).value("total", records.len()).value("audit", audit.label());
            Verdicts::failed(lapse)
        }
        None => each(records.into_iter().map(|(_, record)| record), |_| Judgement::Pass),
    }
}
