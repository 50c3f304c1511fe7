//! What followed when people said that they were not told.

use jiff::Timestamp;
use vouch_record::kind::generated::approval::ApprovalPurpose;
use vouch_record::kind::generated::concern::{Concern, ConcernCategory, ConcernOutcome};
use vouch_record::kind::generated::user_information::UserInformation;

use crate::check::information::of;
use crate::check::wording::words;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View};

/// A.8.2-O3
pub(super) fn concerns_change_the_text(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    let about = view.live(Concern::KIND).filter(|concern| {
        let content = Concern(concern.content());
        let within = content.received_at().get().is_some_and(|at| window.has(view.day(at)));
        content.category().is(ConcernCategory::Transparency) && !content.test().is(true) && within
    });
    each(about, |concern| {
        let content = Concern(concern.content());
        Judgement::needing(concern, &["outcome", "assessment", "led_to"], || {
            use ConcernOutcome::{AppealGranted, Changed, Incident, Nonconformity, Risk};
            let outcome = content.outcome().get();
            let Some(outcome) = outcome.filter(|one| matches!(one, AppealGranted | Changed | Incident | Nonconformity | Risk))
            else {
                return Judgement::Skip("it was not found justified".to_owned());
            };
            let texts: Vec<Entry<'_>> = texts_of(concern);
            let changed = content.received_at().get().and_then(|at| texts.iter().find(|text| wrote_since(**text, at)));
            match changed {
                Some(text) => Judgement::Shown(vec![concern.subject(), text.subject()]),
                None if texts.iter().any(|text| is_explained(concern, *text)) => Judgement::Pass,
                None => {
                    let values = Lapse::of(concern).value("outcome", words(outcome.id()));
                    Judgement::Fail(values)
                }
            }
        })
    })
}

/// The texts it led to, and those about its systems.
fn texts_of(concern: Entry<'_>) -> Vec<Entry<'_>> {
    let led = concern.links("led_to").filter(|record| record.kind().name == UserInformation::KIND);
    let about = concern.links("ai_systems").flat_map(|system| of(system).collect::<Vec<_>>());
    led.chain(about).filter(Entry::is_settled).collect()
}

/// Whether the revision in force was written since.
fn wrote_since(text: Entry<'_>, at: Timestamp) -> bool {
    text.made_at() > at
}

/// Whether what was found, or the approval that closed it, names the text that stays as it is.
fn is_explained(concern: Entry<'_>, text: Entry<'_>) -> bool {
    let id = text.id().to_string();
    let names = |said: &str| {
        let by_title = text.text("title").is_some_and(|title| said.contains(title));
        by_title || said.split(|c: char| !c.is_alphanumeric() && c != '-').any(|word| word == id)
    };
    let closing = concern.approvals(ApprovalPurpose::Close);
    let said = closing.iter().filter_map(|given| given.approval.reason().get());
    Concern(concern.content()).assessment().get().into_iter().chain(said).any(names)
}
