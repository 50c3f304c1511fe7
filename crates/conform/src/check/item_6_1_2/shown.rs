//! What shows that scores and controls are what the register says.

use jiff::ToSpan;
use vouch_record::kind::generated::evidence::Evidence;
use vouch_record::kind::generated::measurement::Measurement;
use vouch_record::kind::generated::risk::Risk;
use vouch_record::kind::generated::test::Test;
use vouch_record::time::days_between;

use crate::check::scoring::{first_written, needing_scores, scored};
use crate::check::wording::{called, words};
use crate::derived::{risk, treatment};
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View};

/// How long a proof counts.
const PROOF_DAYS: i64 = 365;
/// How much later than they were made scores may be written down.
const LATE_DAYS: i64 = 7;

/// 6.1.2-P2
pub(super) fn controls_that_count_are_shown(view: &View) -> Verdicts {
    each(scored(view).filter(|entry| entry.is("decided")), |entry| {
        needing_scores(
            entry,
            &["controls_now", "inherent_likelihood", "inherent_organisation", "inherent_individuals", "inherent_society"],
            || {
                if risk::control_credit(entry) <= 0 {
                    return Judgement::Skip("no control counts".to_owned());
                }
                let mut shown = vec![entry.subject()];
                let mut lapses = Vec::new();
                for row in Risk(entry.content()).controls_now() {
                    match row.shown_by().filter_map(|link| view.get(link.id)).find(|proof| shows(*proof)) {
                        Some(proof) => shown.push(proof.subject()),
                        None => lapses.push(Lapse::of(entry).value("control", control(view, row.control().map(|link| link.id)))),
                    }
                }
                if lapses.is_empty() { Judgement::Shown(shown) } else { Judgement::FailAll(lapses) }
            },
        )
    })
}

fn control(view: &View, id: Option<vouch_record::Id>) -> String {
    id.map_or_else(|| "a control that it does not name".to_owned(), |id| called(view, Some(id)))
}

/// A reviewed test, an analysed measurement or reviewed evidence whose own day is at most a year ago.
fn shows(proof: Entry<'_>) -> bool {
    let state = match proof.kind().name.as_str() {
        Test::KIND | Evidence::KIND => "reviewed",
        Measurement::KIND => "analysed",
        _ => return false,
    };
    proof.is(state) && proof.view().today() <= treatment::own_date(proof).saturating_add(PROOF_DAYS.days())
}

/// 6.1.2-P3
pub(super) fn levels_can_be_recomputed(view: &View) -> Verdicts {
    each(scored(view), |entry| {
        needing_scores(entry, &["assessed_on"], || {
            let method = Risk(entry.content()).method().get().map(|link| link.id);
            match defect(entry) {
                None => Judgement::Pass,
                Some(defect) => {
                    Judgement::Fail(Lapse::of(entry).value("method", method_called(view, method)).value("defect", defect))
                }
            }
        })
    })
}

fn method_called(view: &View, method: Option<vouch_record::Id>) -> String {
    method.map_or_else(|| "no method".to_owned(), |id| called(view, Some(id)))
}

/// Why the level of a risk cannot be recomputed as it was then.
fn defect(entry: Entry<'_>) -> Option<String> {
    let (content, view) = (Risk(entry.content()), entry.view());
    let Some(on) = content.assessed_on().get() else { return Some("it has no day of assessment".to_owned()) };
    let method = content.method().get().map(|link| link.id);
    if view.on(on.min(view.today())).risk_method().map(|one| one.id()) != method {
        return Some(format!("the method was not in force on {on}"));
    }
    let late = days_between(on, view.day(first_written(entry).time));
    if late > LATE_DAYS {
        return Some(format!("the scores of {on} were written down {late} days later"));
    }
    let Some(level) = risk::residual_level(entry) else { return Some("its matrix has no row for the scores".to_owned()) };
    let given = entry.approved(vouch_record::kind::generated::approval::ApprovalPurpose::Approve)?;
    let shown = given.approval.shown().get().and_then(shown_level)?;
    (shown != level.id()).then(|| format!("the scores give {} and the approval showed {}", words(level.id()), words(shown)))
}

/// The residual level among the computed values that an approver saw.
fn shown_level(shown: &str) -> Option<&str> {
    shown.split("; ").find_map(|value| value.strip_prefix("residual_level: "))
}
