//! What waits for the person who looks.

use maud::html;
use vouch_app::Result;

use crate::answer::{Answer, Page};
use crate::request::Context;

/// `GET /my-work`
pub(crate) fn show(_: &Context<'_>) -> Result<Answer> {
    Ok(Page::new("/my-work", "My work", html! {}).into())
}

/// How much waits for the person who acts: gaps of requirements that the person answers for and that are overdue or have lapses.
///
/// # Errors
/// What the store says.
pub(crate) fn waiting(context: &Context<'_>) -> Result<usize> {
    let me = context.session.acting;
    let gaps = &context.answers()?.gaps;
    let mine = gaps.iter().filter(|gap| gap.owner.person.as_ref().is_some_and(|person| person.id == me));
    Ok(mine.filter(|gap| gap.missing.iter().any(|step| !step.records.is_empty())).count())
}
