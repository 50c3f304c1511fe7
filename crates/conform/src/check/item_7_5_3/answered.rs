//! Whether what auditors asked for could be shown at once.

use vouch_record::kind::generated::auditor_request::AuditorRequest;

use crate::derived::auditor_request::made_after_asking;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View};

/// 7.5.3-P4
pub(super) fn shown_at_once(view: &View) -> Verdicts {
    let Some(year) = view.last_days(365) else { return Verdicts::holds() };
    let asked = |entry: &Entry<'_>| {
        let on = AuditorRequest(entry.content()).asked_at().get().map(|at| view.day(at));
        on.is_some_and(|on| year.has(on)) && !entry.is("withdrawn")
    };
    each(view.all(AuditorRequest::KIND).filter(asked), |request| {
        Judgement::needing(request, &["due", "records", "answered_at"], || {
            let content = AuditorRequest(request.content());
            let answered = content.answered_at().get();
            let due = content.due().get();
            if answered.is_none() && due.is_none_or(|due| !view.is_past(due)) {
                return Judgement::Skip("not due yet".to_owned());
            }
            let lapse = |defect: String| Lapse::of(request).value("request", request.id()).value("defect", defect);
            let late = match (answered, due) {
                (None, Some(due)) => Some(format!("not at all by {}", view.day(due))),
                (Some(at), Some(due)) if at > due => Some(format!("on {}, after {}", view.day(at), view.day(due))),
                _ => None,
            };
            let made = made_after_asking(request);
            let made = made.first().map(|record| format!("with {}, which was made after the question", record.label()));
            Judgement::of(late.into_iter().chain(made).map(lapse).collect())
        })
    })
}
