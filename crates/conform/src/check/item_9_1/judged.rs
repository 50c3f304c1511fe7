//! Who judges values, and when.

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::kind::generated::measure::Measure;
use vouch_record::kind::generated::measurement::Measurement;
use vouch_record::time::after;

use crate::check::measured::{called, taken_in, values};
use crate::check::wording;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{View, Window};

/// How much later than its rhythm a value may be judged.
const GRACE_DAYS: i64 = 15;

/// 9.1-O3
pub(super) fn values_are_judged_in_time(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    each(view.live(Measure::KIND), |measure| {
        let content = Measure(measure.content());
        let Some(every) = content.analyse_every().get() else {
            return Judgement::Undecided("it does not say how often it is judged".to_owned());
        };
        let mut asked = 0_usize;
        let mut late: Vec<Date> = Vec::new();
        for value in values(measure) {
            let taken = Measurement(value.content());
            let Some(on) = taken.covers_to().get().map(|at| view.day(at)).filter(|on| window.has(*on)) else { continue };
            asked += 1;
            let due = after(on, &every).saturating_add(GRACE_DAYS.days());
            let judged = taken.analysed_at().get().map(|at| view.day(at)).filter(|_| value.is("analysed"));
            if judged.unwrap_or(view.today()) > due {
                late.push(on);
            }
        }
        match (asked, late.iter().min()) {
            (0, _) => Judgement::Skip("it has no value of the window".to_owned()),
            (_, None) => Judgement::Pass,
            (_, Some(first)) => {
                let analyst = wording::called(view, content.analysed_by().get().map(|link| link.id));
                let named = Lapse::of(measure).value("measure", measure.label()).value("n", late.len());
                let days = Window { from: *first, to: view.today() };
                Judgement::Fail(named.value("date", first).value("analyst", analyst).over(days))
            }
        }
    })
}

/// 9.1-P1
pub(super) fn judged_by_an_other_person(view: &View) -> Verdicts {
    let by_hand = |value: &crate::view::Entry<'_>| {
        value.is("analysed") && (Measurement(value.content()).taken_by().is_filled() || value.value("taken_by").is_erased())
    };
    each(taken_in(view, view.window()).filter(by_hand), |value| {
        Judgement::needing(value, &["taken_by", "analysed_by"], || {
            let content = Measurement(value.content());
            let person = |field: vouch_record::Field<vouch_record::Link>| field.get().map(|link| link.id);
            let (taker, analyst) = (person(content.taken_by()), person(content.analysed_by()));
            Judgement::when(analyst.is_some() && taker != analyst, || {
                Lapse::of(value).value("person", wording::called(view, taker)).value("measure", called(value))
            })
        })
    })
}
