//! Whether sources of duties are checked, and changes of systems compared with the law.

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::kind::generated::change::{Change, ChangeAnswerQuestion, ChangeLegalResult};
use vouch_record::kind::generated::obligation::{Obligation, ObligationSourceChangeRow};
use vouch_record::kind::generated::shared::Answer;
use vouch_record::time::after;

use super::duty::duties;
use crate::derived::change;
use crate::derived::obligation::last_checked;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View, Window};

/// How long the effect of a change of a source may stay open.
const JUDGE_DAYS: i64 = 60;
/// What makes a duty another one.
const DUTY: [&str; 8] = ["duty", "applies", "information", "recipients", "triggers", "answer_within", "due_on", "every"];

/// A.8.5-O3
pub(super) fn sources_are_checked(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    each(duties(view), |duty| {
        Judgement::needing(duty, &["check_every", "source_changes"], || {
            let content = Obligation(duty.content());
            let begun = duty.leaves().iter().find(|leaf| leaf.state.as_ref() == "confirmed").map(|leaf| view.day(leaf.time));
            let checked = last_checked(duty).map(|at| view.day(at));
            let since = checked.or(begun.max(view.first_scope_on()));
            let due = since.zip(content.check_every().get()).map(|(since, every)| after(since, &every));
            let lapse = |defect: String| Lapse::of(duty).value("defect", defect);
            let mut lapses: Vec<Lapse> = Vec::new();
            if due.is_none_or(|due| due < view.today()) {
                let last = checked.map_or_else(|| "was never checked".to_owned(), |on| format!("was last checked on {on}"));
                lapses.push(lapse(last));
            }
            let noticed = content.source_changes().filter_map(|row| Some((row.noticed_on()?, row)));
            let open = noticed.filter(|(on, row)| window.has(*on) && is_open(duty, *on, row));
            lapses.extend(open.map(|(on, _)| lapse(format!("changed on {on}, and nobody judged what follows"))));
            Judgement::of(lapses)
        })
    })
}

/// Sixty days have passed and no effect is named, or the duty itself was written anew since and no change record says so.
fn is_open(duty: Entry<'_>, noticed: Date, row: &ObligationSourceChangeRow<'_>) -> bool {
    let view = duty.view();
    let due = noticed.saturating_add(JUDGE_DAYS.days());
    if due >= view.today() {
        return false;
    }
    let then = duty.on(noticed);
    let altered = then.is_some_and(|then| DUTY.iter().any(|field| then.value(field) != duty.value(field)));
    let followed = row.change().and_then(|link| view.get(link.id)).is_some_and(|change| change.created_on() <= due);
    row.effect().is_none() || (altered && !followed)
}

/// A.8.5-O4
pub(super) fn changes_are_compared_with_the_law(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    each(view.live(Change::KIND).filter(|one| change::significant(*one) && took_effect(*one, window)), |one| {
        Judgement::needing(one, &["answers", "legal_result", "legal_by", "leader", "follow", "communications"], || {
            let content = Change(one.content());
            let asks = content.answers().any(|row| {
                row.question() == Some(ChangeAnswerQuestion::Law) && matches!(row.answer(), Some(Answer::Yes | Answer::Unclear))
            });
            if !asks {
                return Judgement::Skip("its legal class and role stay".to_owned());
            }
            let by = content.legal_by().get().map(|link| link.id);
            let outside = by.is_some() && by != content.leader().get().map(|link| link.id);
            let more = matches!(content.legal_result().get(), Some(ChangeLegalResult::NewDuties | ChangeLegalResult::Substantial));
            let followed = content.follow().next().is_some() || one.links("communications").next().is_some();
            let defect = match (content.legal_result().get(), outside, !more || followed) {
                (None, ..) => "was not compared with its legal duties",
                (_, false, _) => "was compared with its legal duties by nobody but its leader",
                (.., false) => "brings new duties, and nothing says what was told to whom",
                _ => return Judgement::Pass,
            };
            Judgement::Fail(Lapse::of(one).value("defect", defect))
        })
    })
}

fn took_effect(one: Entry<'_>, window: Window) -> bool {
    Change(one.content()).implemented_on().get().is_some_and(|on| window.has(on))
}
