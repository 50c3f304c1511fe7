//! Whether treatments are carried out in time, work, and are looked at while they run.

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::Leaf;
use vouch_record::kind::generated::measurement::Measurement;
use vouch_record::kind::generated::treatment::{Treatment, TreatmentEffect};
use vouch_record::time::days_between;

use crate::check::treating::{is_judged_on_later_records, judged_until, of_systems, wrongly_put_off};
use crate::derived::treatment::{past_limit_since, present_due};
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View, Window};

/// How long something may take to follow an effect that was not reached.
const FOLLOWS_DAYS: i64 = 30;
/// How long a running treatment may go without a look.
const LOOK_DAYS: i64 = 120;

/// 8.3-O1
pub(super) fn no_treatment_is_late(view: &View) -> Verdicts {
    let window = view.window();
    each(of_systems(view).filter(|treatment| !treatment.is("cancelled")), |treatment| {
        Judgement::needing(treatment, &["due", "delays"], || {
            let content = Treatment(treatment.content());
            let mut lapses = Vec::new();
            let open = treatment.is_any(&["planned", "approved", "doing"]);
            if let Some(due) = present_due(content).filter(|due| open && *due < view.today()) {
                let days = days_between(due, view.today());
                lapses.push(Lapse::of(treatment).value("due", due).value("defect", format!("is {days} days late")));
            }
            for row in content.delays() {
                let Some(from) = row.from().filter(|from| window.is_some_and(|window| window.has(*from))) else { continue };
                let broken = wrongly_put_off(treatment, row);
                lapses.extend(broken.map(|broken| Lapse::of(treatment).value("due", from).value("defect", broken.words(view))));
            }
            Judgement::of(lapses)
        })
    })
}

/// 8.3-O2
pub(super) fn effects_were_judged(view: &View) -> Verdicts {
    each(of_systems(view).filter(|treatment| treatment.is_any(&["done", "judged"])), |treatment| {
        let on = Treatment(treatment.content()).done_at().get();
        let Some((on, _)) = on.zip(judged_until(treatment).filter(|until| *until < view.today())) else {
            return Judgement::Skip("its effect need not be judged yet".to_owned());
        };
        Judgement::needing(treatment, &["effect_records", "judge_after"], || {
            Judgement::when(is_judged_on_later_records(treatment), || Lapse::of(treatment).value("done_at", on))
        })
    })
}

/// 8.3-O3
pub(super) fn what_did_not_work_went_on(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    each(of_systems(view), |treatment| {
        let content = Treatment(treatment.content());
        let judged = content.effect_judged_on().get().filter(|on| window.has(*on));
        let Some(judged) = judged.filter(|_| content.effect().is_filled() && !content.effect().is(TreatmentEffect::Reached)) else {
            return Judgement::Skip("not judged in the window, or reached".to_owned());
        };
        let last = judged.saturating_add(FOLLOWS_DAYS.days());
        if went_on(treatment, judged, last) {
            return Judgement::Pass;
        }
        if view.today() <= last {
            return Judgement::Skip(format!("in time until {last}"));
        }
        let risk = treatment.links("risks").next().map_or_else(|| "the risk".to_owned(), |risk| risk.label());
        Judgement::Fail(Lapse::of(treatment).value("risk", risk))
    })
}

/// Whether it was taken up again, or a revision named what takes its place or the risk it brought, by the last day.
fn went_on(treatment: Entry<'_>, judged: Date, last: Date) -> bool {
    let day = |leaf: &Leaf| treatment.view().day(leaf.time);
    let again = treatment.transitions().any(|leaf| leaf.state.as_ref() == "planned" && judged <= day(leaf) && day(leaf) <= last);
    let filled =
        |leaf: &Leaf, field: &str| leaf.body.get(field).is_some_and(|value| value.as_text().is_some() || !value.items().is_empty());
    let named = || treatment.revisions().any(|leaf| day(leaf) <= last && (filled(leaf, "follow_up") || filled(leaf, "new_risks")));
    again || named()
}

/// 8.3-O4
pub(super) fn running_treatments_looked_at(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    each(of_systems(view), |treatment| {
        let periods = treatment.periods(&["approved", "doing"]).into_iter();
        let asked: Vec<Window> = periods.filter_map(|one| one.and(window)).filter(|one| one.days() > LOOK_DAYS).collect();
        if asked.is_empty() {
            return Judgement::Skip(format!("did not run for more than {LOOK_DAYS} days of the window"));
        }
        let looks = looks(treatment);
        let holes = asked.into_iter().flat_map(|asked| asked.holes(looks.iter().copied(), LOOK_DAYS));
        Judgement::of(holes.map(|hole| Lapse::of(treatment).value("from", hole.from).value("to", hole.to)).collect())
    })
}

/// The days on which it was revised or decided about, and the last days of the values of its measure.
fn looks(treatment: Entry<'_>) -> Vec<Date> {
    let view = treatment.view();
    let values = treatment.linked("measure").into_iter().flat_map(|measure| measure.incoming(Measurement::KIND, "measure"));
    let values = values.filter(|one| !one.is("void")).filter_map(|one| Measurement(one.content()).covers_to().get());
    treatment.changed_on().chain(values.map(|at| view.day(at))).collect()
}

/// 8.3-O5
pub(super) fn effects_last(view: &View) -> Verdicts {
    let asked = |treatment: &Entry<'_>| {
        let content = Treatment(treatment.content());
        let open = treatment.links("risks").any(|risk| !risk.is("closed"));
        treatment.is("judged") && content.effect().is(TreatmentEffect::Reached) && content.measure().is_filled() && open
    };
    each(of_systems(view).filter(asked), |treatment| {
        Judgement::needing(treatment, &["effect_comparator", "effect_limit"], || match past_limit_since(treatment) {
            None => Judgement::Pass,
            Some(since) => Judgement::Fail(Lapse::of(treatment).value("date", since)),
        })
    })
}
