//! Whether nonconformities were closed for good reasons.

use vouch_record::kind::generated::approval::ApprovalPurpose;
use vouch_record::kind::generated::corrective_action::CorrectiveAction;
use vouch_record::kind::generated::nonconformity::{Nonconformity, NonconformityActionNeeded, NonconformitySimilarRow};
use vouch_record::kind::generated::risk::Risk;
use vouch_record::kind::generated::shared::EffectResult;

use super::population::closed;
use crate::check::closed::not_closed_by_another;
use crate::check::named_in::names_one_of;
use crate::derived::corrective_action::verify_from;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View};

/// A lapse of a nonconformity.
fn lapse_of(entry: Entry<'_>) -> Lapse {
    Lapse::of(entry).value("nonconformity", entry.label())
}

/// 10.2-O3
pub(super) fn closed_when_effect_was_seen(view: &View) -> Verdicts {
    each(closed(view), |entry| {
        if !Nonconformity(entry.content()).action_needed().is(NonconformityActionNeeded::Yes) {
            return Judgement::Skip("no action was needed".to_owned());
        }
        let actions: Vec<Entry<'_>> =
            entry.incoming(CorrectiveAction::KIND, "nonconformity").filter(|action| !action.is("cancelled")).collect();
        let worked =
            |action: &&Entry<'_>| action.is("verified") && CorrectiveAction(action.content()).result().is(EffectResult::Effective);
        let Some(effective) = actions.iter().find(worked) else {
            let action = actions.first().map_or_else(|| "an action".to_owned(), Entry::label);
            return Judgement::Fail(lapse_of(entry).value("action", action));
        };
        let early = actions.iter().filter(worked).find(|action| {
            let verified = CorrectiveAction(action.content()).verified_at().get();
            verified.zip(verify_from(**action)).is_some_and(|(on, from)| on < from)
        });
        match early {
            Some(action) => Judgement::Fail(lapse_of(entry).value("action", action.label())),
            None => Judgement::Shown(vec![entry.subject(), effective.subject()]),
        }
    })
}

/// 10.2-O4
pub(super) fn similar_cases_were_searched(view: &View) -> Verdicts {
    each(closed(view), |entry| {
        Judgement::needing(entry, &["similar"], || {
            let rows: Vec<NonconformitySimilarRow<'_>> = Nonconformity(entry.content()).similar().collect();
            if !rows.iter().any(|row| row.population_n().is_some_and(|n| n > 0)) {
                return Judgement::Fail(lapse_of(entry).value("defect", "nobody looked where else it happens"));
            }
            let loose = rows.iter().find(|row| {
                let found = row.found_n().and_then(|n| usize::try_from(n).ok()).unwrap_or(0);
                row.records().count() < found
            });
            match loose {
                Some(row) => {
                    let place = row.where_().unwrap_or("a place");
                    Judgement::Fail(lapse_of(entry).value("defect", format!("what was found in {place} is not linked")))
                }
                None => Judgement::Pass,
            }
        })
    })
}

/// 10.2-P3
pub(super) fn risks_and_system_were_considered(view: &View) -> Verdicts {
    each(closed(view), |entry| {
        Judgement::needing(entry, &["cause", "raised_at"], || {
            let content = Nonconformity(entry.content());
            let raised = content.raised_at().get();
            let mut risks = entry.links("risks").peekable();
            let named = risks.peek().is_some();
            let stale = risks.find(|risk| !risk.revisions().any(|leaf| raised.is_some_and(|on| view.day(leaf.time) > on)));
            match stale {
                Some(risk) => {
                    let defect = format!("names {}, which was not changed since", risk.label());
                    Judgement::Fail(lapse_of(entry).value("defect", defect))
                }
                None if named || content.aims_change().is_filled() || says_neither(entry) => Judgement::Pass,
                None => Judgement::Fail(lapse_of(entry).value("defect", "names neither a risk nor a change")),
            }
        })
    })
}

/// Whether cause, reason or the approval that closed it names a risk that stays as it is.
fn says_neither(entry: Entry<'_>) -> bool {
    let content = Nonconformity(entry.content());
    let closing = entry.approvals(ApprovalPurpose::Close);
    let said = closing.iter().filter_map(|given| given.approval.reason().get());
    let told = [content.cause().get(), content.no_action_because().get()].into_iter().flatten();
    told.chain(said).any(|text| names_one_of(entry.view(), text, &[Risk::KIND]))
}

/// 10.2-P4
pub(super) fn closed_by_an_other_person(view: &View) -> Verdicts {
    each(closed(view), |entry| {
        let owner = Nonconformity(entry.content()).owner().get().map(|link| link.id);
        match not_closed_by_another(entry, owner, "owns it") {
            Some(defect) => Judgement::Fail(lapse_of(entry).value("defect", defect)),
            None => Judgement::Pass,
        }
    })
}
