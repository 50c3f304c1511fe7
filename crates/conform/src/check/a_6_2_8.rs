//! A.6.2.8 AI system recording of event logs.

mod kept;
mod rebuilt;
mod sealed;
mod settled;

use crate::check::{Check, Rule};
use crate::view::View;

/// The rules of A.6.2.8.
pub(super) const CHECK: Check = Check {
    requirement: "A.6.2.8",
    texts: include_bytes!("a_6_2_8.yaml"),
    rules: &[
        Rule::each("A.6.2.8-D1", settled::logging_is_settled),
        Rule::each("A.6.2.8-D2", settled::kept_as_long_as_asked),
        Rule::each("A.6.2.8-O1", sealed::use_is_logged_without_a_hole),
        Rule::each("A.6.2.8-O2", kept::losses_are_explained),
        Rule::each("A.6.2.8-O3", sealed::listed_events_arrive),
        Rule::each("A.6.2.8-O4", rebuilt::outcomes_are_rebuilt),
        Rule::each("A.6.2.8-O5", kept::events_can_be_read),
        Rule::each("A.6.2.8-P1", kept::batches_verify),
        Rule::each("A.6.2.8-P2", kept::events_name_what_ran),
        Rule::each("A.6.2.8-P3", rebuilt::judged_by_another),
    ],
    not_applicable: Some(nothing_was_used),
};

/// No AI system in scope is live, and none was on the first day of the window or left its use in it.
fn nothing_was_used(view: &View) -> bool {
    let was_live = |system: crate::view::Entry<'_>| {
        let days = view
            .window()
            .into_iter()
            .flat_map(|window| system.changed_on().filter(move |day| window.has(*day)).chain([window.from]).collect::<Vec<_>>());
        days.into_iter().any(|day| system.on(day).is_some_and(crate::derived::ai_system::live))
    };
    view.live_systems().next().is_none() && !view.systems().any(was_live)
}
