//! What becomes of what people outside report.

use jiff::civil::Date;
use vouch_record::Id;
use vouch_record::kind::generated::ai_system::AiSystem;
use vouch_record::kind::generated::approval::ApprovalPurpose;
use vouch_record::kind::generated::concern::{Concern, ConcernCategory, ConcernOutcome};
use vouch_record::kind::generated::incident::Incident;

use crate::check::closed::not_closed_by_another;
use crate::check::concerns::{Progress, handler, is_inside, led_further, progress, received_in, received_on};
use crate::check::wording::{called, words};
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View, Window};

/// How far back a closed concern counts, in days.
const YEAR: i64 = 365;

/// The concerns that people outside raised in a period.
fn outside(view: &View, period: Option<Window>) -> impl Iterator<Item = Entry<'_>> {
    received_in(view, period).filter(|concern| !is_inside(*concern))
}

/// A.8.3-O1
pub(super) fn in_time(view: &View) -> Verdicts {
    each(outside(view, view.window()), |concern| {
        Judgement::needing(concern, &["acknowledged_at", "answer_due", "answered_at"], || match progress(concern, None) {
            Some(Progress::Answered) => Judgement::Pass,
            Some(Progress::Late(wait)) => {
                let received = received_on(concern).map_or_else(String::new, |on: Date| on.to_string());
                let lapse = Lapse::of(concern).value("received_at", received);
                Judgement::Fail(lapse.value("acknowledged_or_answered", wait.step).value("days", wait.days))
            }
            Some(Progress::Running) | None => Judgement::Skip("its time runs".to_owned()),
        })
    })
}

/// A.8.3-O2
pub(super) fn harm_becomes_an_incident(view: &View) -> Verdicts {
    use ConcernCategory::{Harm, Privacy, Security};
    let weighty = |concern: &Entry<'_>| {
        Concern(concern.content()).category().get().is_some_and(|category| [Harm, Security, Privacy].contains(&category))
    };
    each(received_in(view, view.window()).filter(weighty), |concern| {
        Judgement::needing(concern, &["category", "led_to", "assessment", "answered_at", "answer_due"], || {
            let content = Concern(concern.content());
            let led = concern.links("led_to").find(|record| record.kind().name == Incident::KIND);
            if let Some(incident) = led.or_else(|| concern.incoming(Incident::KIND, "concern").next()) {
                return Judgement::Shown(vec![concern.subject(), incident.subject()]);
            }
            let answered = content.answered_at().is_filled();
            let reasoned = content.assessment().is_filled() && !content.outcome().is(ConcernOutcome::Incident);
            let due = content.answer_due().get().is_some_and(|due| view.is_past(due));
            let category = content.category().get().map_or_else(String::new, |category| words(category.id()));
            match (answered, reasoned) {
                (true, true) => Judgement::Pass,
                (false, _) if !due => Judgement::Skip("it is being looked into".to_owned()),
                _ => Judgement::Fail(Lapse::of(concern).value("category", category)),
            }
        })
    })
}

/// A.8.3-P1
pub(super) fn handled_by_an_outsider(view: &View) -> Verdicts {
    let year = view.last_days(YEAR);
    let closed = view.all(Concern::KIND).filter_map(|concern| {
        let on = concern.entered("closed").filter(|_| concern.is("closed"))?;
        let counts = !is_inside(concern) && !Concern(concern.content()).test().is(true);
        (counts && year.is_some_and(|year| year.has(on))).then_some((on, concern))
    });
    let mut verdicts = Verdicts::default();
    for (on, concern) in closed {
        let judgement = Judgement::needing(concern, &["handler", "ai_systems", "conflict_checked"], || {
            Judgement::of(conflict(concern, on).map(|defect| Lapse::of(concern).value("defect", defect)).into_iter().collect())
        });
        verdicts.note(concern, judgement);
    }
    verdicts
}

/// Closed by another person than the handler; and where the handler owns a system it is about, the two were compared and no owner closed.
fn conflict(concern: Entry<'_>, on: Date) -> Option<String> {
    let view = concern.view();
    let handler = handler(concern);
    if let Some(defect) = not_closed_by_another(concern, handler, "handled it") {
        return Some(defect);
    }
    let owners: Vec<Id> = concern.links("ai_systems").filter_map(|system| owner_on(system, on)).collect();
    if !handler.is_some_and(|handler| owners.contains(&handler)) {
        return None;
    }
    let closer = concern.last_given(&[ApprovalPurpose::Close]).and_then(|given| given.by());
    if !Concern(concern.content()).conflict_checked().is(true) {
        return Some(format!("was handled by {}, who owns what it is about, and nobody compared the two", called(view, handler)));
    }
    closer.filter(|closer| owners.contains(closer)).map(|closer| {
        format!(
            "was handled by {} and closed by {}, who both own what it is about",
            called(view, handler),
            called(view, Some(closer))
        )
    })
}

/// Who owned a system on a day.
fn owner_on(system: Entry<'_>, day: Date) -> Option<Id> {
    AiSystem(system.on(day).unwrap_or(system).content()).owner().get().map(|link| link.id)
}

/// A.8.3-P2
pub(super) fn outcomes_are_shown(view: &View) -> Verdicts {
    use ConcernOutcome::{AppealRefused, NoAction, NotOurs};
    each(outside(view, view.window()), |concern| {
        Judgement::needing(concern, &["outcome", "led_to"], || {
            let outcome = Concern(concern.content()).outcome().get();
            match outcome.filter(|outcome| ![AppealRefused, NoAction, NotOurs].contains(outcome)) {
                None => Judgement::Skip("no outcome that leads to a record".to_owned()),
                Some(outcome) => Judgement::when(led_further(concern), || Lapse::of(concern).value("outcome", words(outcome.id()))),
            }
        })
    })
}
