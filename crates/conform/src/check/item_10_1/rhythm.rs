//! Whether improvements go on, and are done in time.

use jiff::civil::Date;
use vouch_record::kind::generated::improvement::Improvement;
use vouch_record::time::days_between;

use crate::check::agreed::agreed_day;
use crate::check::reach::window_reaching;
use crate::shape::{Judgement, Lapse, Verdicts, each, without_hole};
use crate::view::{Entry, View, Window};

/// Days in which one improvement is carried to a measured effect.
pub(super) const YEAR: i64 = 365;
/// The longest time without a new or decided improvement, in days.
pub(super) const LONGEST: i64 = 120;
/// How late an improvement may be.
const LATE_DAYS: i64 = 60;

/// The days on which an improvement was proposed or decided.
fn turns(entry: Entry<'_>) -> impl Iterator<Item = Date> {
    let decided = ["decided", "declined"].into_iter().filter_map(move |state| entry.entered(state));
    std::iter::once(entry.created_on()).chain(decided)
}

/// Whether an improvement was proposed or decided in a period.
pub(super) fn turned_in(entry: Entry<'_>, period: Window) -> bool {
    turns(entry).any(|on| period.has(on))
}

/// 10.1-O3
pub(super) fn done_in_time(view: &View) -> Verdicts {
    each(view.all(Improvement::KIND).filter(|entry| entry.is("doing")), |entry| {
        Judgement::needing(entry, &["due"], || {
            let owner = Improvement(entry.content()).owner().get().map(|link| link.id);
            let Some(due) = agreed_day(entry, "due", owner) else {
                return Judgement::Undecided("it has no day".to_owned());
            };
            let days = days_between(due, view.today());
            Judgement::when(days <= LATE_DAYS, || Lapse::of(entry).value("improvement", entry.label()).value("days", days))
        })
    })
}

/// 10.1-O4
pub(super) fn something_is_proposed(view: &View) -> Verdicts {
    let Some(window) = window_reaching(view, LONGEST) else { return Verdicts::holds() };
    let days: Vec<Date> = view.all(Improvement::KIND).flat_map(turns).collect();
    let lapse = |from: Date, to: Date| Lapse::of_organisation().value("from", from).value("to", to).over(Window { from, to });
    Verdicts {
        failed: without_hole(window, days, LONGEST).iter().map(|hole| lapse(hole.from, hole.to)).collect(),
        passed: view.all(Improvement::KIND).filter(|entry| turned_in(*entry, window)).map(|entry| entry.subject()).collect(),
        ..Verdicts::default()
    }
}
