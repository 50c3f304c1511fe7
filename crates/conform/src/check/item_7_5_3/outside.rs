//! Texts made outside that the organisation relies on.

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::kind::generated::document::{Document, DocumentType};
use vouch_record::kind::generated::model::{Model, ModelOrigin};
use vouch_record::kind::generated::obligation::{Obligation, ObligationType};
use vouch_record::time::{after, parse_date};

use crate::check::controlled::in_force;
use crate::derived::obligation::{binds, last_checked};
use crate::shape::{Judgement, Lapse, Verdicts, each, without_hole};
use crate::view::{Entry, View};

/// The longest time between two comparisons with the publisher.
const COMPARE_DAYS: i64 = 365;

/// The obligations in state confirmed.
fn confirmed(view: &View) -> impl Iterator<Item = Entry<'_>> {
    view.all(Obligation::KIND).filter(|entry| entry.is("confirmed"))
}

/// 7.5.3-D2
pub(super) fn outside_texts_are_named(view: &View) -> Verdicts {
    let unnamed = |entry: Entry<'_>| Lapse::of(entry).value("record", entry.label());
    let published = |duty: &Entry<'_>| {
        let sort = Obligation(duty.content()).type_().get();
        matches!(sort, Some(ObligationType::Law | ObligationType::Order | ObligationType::Standard))
    };
    let duties = each(confirmed(view).filter(published), |duty| {
        Judgement::needing(duty, &["source_url", "met_by"], || {
            let edition = |document: &Entry<'_>| document.kind().name == Document::KIND && names_edition(*document);
            let named = Obligation(duty.content()).source_url().is_filled() || duty.links("met_by").any(|one| edition(&one));
            Judgement::when(named, || unnamed(duty))
        })
    });
    let foreign = |model: &Entry<'_>| {
        let origin = Model(model.content()).origin().get();
        model.is("approved") && matches!(origin, Some(ModelOrigin::Hosted | ModelOrigin::Embedded))
    };
    duties.and(each(view.all(Model::KIND).filter(foreign), |model| {
        let content = Model(model.content());
        Judgement::when(content.card().is_filled() || content.card_url().is_filled(), || unnamed(model))
    }))
}

fn names_edition(document: Entry<'_>) -> bool {
    Document(document.content()).external_version().is_filled()
}

/// 7.5.3-O1
pub(super) fn outside_texts_are_compared(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    let external = |document: &Entry<'_>| Document(document.content()).type_().is(DocumentType::External);
    let texts = each(in_force(view).filter(external), |document| {
        Judgement::needing(document, &["external_checked_on"], || {
            let days = compared_on(document);
            let holes = without_hole(window, days.iter().copied(), COMPARE_DAYS);
            // Without a comparison before the window the time since it came into force is looked at.
            let before = days.iter().copied().min().unwrap_or_else(|| document.created_on());
            let stale = days.is_empty() && before.saturating_add(COMPARE_DAYS.days()) < view.today();
            let last = holes.first().map(|hole| hole.from).or(stale.then_some(before));
            last.map_or(Judgement::Pass, |last| Judgement::Fail(late(document, last)))
        })
    });
    texts.and(each(confirmed(view).filter(|duty| binds(*duty)), |duty| {
        Judgement::needing(duty, &["check_every"], || {
            let Some(every) = Obligation(duty.content()).check_every().get() else {
                return Judgement::Skip("no interval".to_owned());
            };
            let begun = duty.entered("confirmed").unwrap_or_else(|| duty.created_on());
            let begun = view.first_scope_on().map_or(begun, |first| begun.max(first));
            let last = last_checked(duty).map(|at| view.day(at)).filter(|on| *on > begun).unwrap_or(begun);
            Judgement::when(after(last, &every) >= view.today(), || late(duty, last))
        })
    }))
}

fn late(entry: Entry<'_>, last: Date) -> Lapse {
    Lapse::of(entry).value("document", entry.label()).value("date", last)
}

/// The days on which a text was compared with its source, over all revisions.
fn compared_on(document: Entry<'_>) -> Vec<Date> {
    let written = document.revisions().filter_map(|leaf| leaf.body.get("external_checked_on"));
    let mut days: Vec<Date> = written.filter_map(|value| parse_date(value.as_text()?)).collect();
    days.extend(Document(document.content()).external_checked_on().get());
    days.retain(|day| *day <= document.view().today());
    days.sort_unstable();
    days.dedup();
    days
}
