//! Whether top management was told how the management system does.

use jiff::civil::Date;
use vouch_record::kind::generated::management_review::ManagementReview;
use vouch_record::kind::generated::meeting::{Meeting, MeetingType};
use vouch_record::kind::generated::role::{Role, RoleActivityActivity};

use super::set_up::answers_for;
use crate::derived::role::holders_on;
use crate::shape::{Lapse, Verdicts, without_hole};
use crate::view::{Entry, View, Window};

/// The longest time without a report.
const LONGEST_DAYS: i64 = 183;

/// 5.3-O5
pub(super) fn reported_to_top_management(view: &View) -> Verdicts {
    let Some(year) = view.last_days(365) else { return Verdicts::holds() };
    let reviews = view.all(ManagementReview::KIND).filter(|review| review.is_any(&["held", "signed"]));
    let reviews = reviews.filter_map(|review| Some((review, ManagementReview(review.content()).held_on().get()?)));
    let meetings = view.all(Meeting::KIND).filter(|meeting| meeting.is_any(&["held", "signed"])).filter_map(|meeting| {
        let on = Meeting(meeting.content()).held_from().get().map(|at| view.day(at)).filter(|on| *on <= view.today())?;
        heard_a_report(meeting, on).then_some((meeting, on))
    });
    let reports: Vec<(Entry<'_>, Date)> = reviews.chain(meetings).collect();
    let holes = without_hole(year, reports.iter().map(|(_, on)| *on), LONGEST_DAYS);
    let lapse = |hole: crate::view::Hole| {
        let days = Window { from: hole.from, to: hole.to };
        Lapse::of_organisation().value("from", hole.from).value("to", hole.to).over(days)
    };
    let passed = reports.iter().filter(|(_, on)| year.has(*on)).map(|(entry, _)| entry.subject()).collect();
    Verdicts { passed, failed: holes.into_iter().map(lapse).collect(), ..Verdicts::default() }
}

/// Whether a meeting of the leadership had an item that was brought by who answers for reporting.
fn heard_a_report(meeting: Entry<'_>, on: Date) -> bool {
    let content = Meeting(meeting.content());
    let then = meeting.view().on(on);
    let reporters =
        || then.live(Role::KIND).filter(|role| answers_for(*role, RoleActivityActivity::AimsReporting)).flat_map(holders_on);
    content.type_().is(MeetingType::Leadership)
        && content.agenda().filter_map(|item| item.brought_by()).any(|link| reporters().any(|person| person == link.id))
}
