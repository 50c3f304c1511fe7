//! Whether somebody looks whether promises are kept, and who.

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::Id;
use vouch_record::kind::generated::approval::{ApprovalDecision, ApprovalPurpose};
use vouch_record::kind::generated::customer_commitment::{CustomerCommitment, CustomerCommitmentKind};
use vouch_record::kind::generated::evidence::Evidence;
use vouch_record::kind::generated::measurement::Measurement;
use vouch_record::time::after;

use super::population::holding;
use crate::check::reach::window_reaching;
use crate::check::wording::{called, in_days};
use crate::shape::{Judgement, Lapse, Verdicts, each, without_hole};
use crate::view::{Entry, View, Window};

/// How long a look may be overdue, in days.
const LATE_DAYS: i64 = 30;
/// How far back a look counts, in days.
const YEAR: i64 = 365;
/// How many days what a look rests on covers at least.
const COVER_DAYS: i64 = 90;

/// A look whether a promise is kept.
struct Look {
    on: Date,
    by: Option<Id>,
    overridden: bool,
}

/// The approvals with purpose verify and the reviews of evidence about a commitment, the earliest first.
fn looks(one: Entry<'_>) -> Vec<Look> {
    let view = one.view();
    let given = one.given().into_iter().filter(|given| {
        given.approval.purpose().is(ApprovalPurpose::Verify) && given.approval.decision().is(ApprovalDecision::Approved)
    });
    let given = given.map(|given| Look { on: given.on(), by: given.by(), overridden: given.overrides().is_some() });
    let reviewed = one.incoming(Evidence::KIND, "about").filter(|evidence| evidence.is("reviewed")).filter_map(|evidence| {
        let content = Evidence(evidence.content());
        let on = content.reviewed_at().get().map(|at| view.day(at)).or_else(|| evidence.entered("reviewed"))?;
        Some(Look { on, by: content.reviewed_by().get().map(|link| link.id), overridden: false })
    });
    let mut looks: Vec<Look> = given.chain(reviewed).collect();
    looks.sort_by_key(|look| (look.on, look.by));
    looks
}

/// A.10.4-O1
pub(super) fn looked_at_in_time(view: &View) -> Verdicts {
    each(holding(view), |one| {
        Judgement::needing(one, &["check_every", "from"], || {
            let content = CustomerCommitment(one.content());
            let Some(every) = content.check_every().get() else {
                return Judgement::Skip("it does not say how often it is looked at".to_owned());
            };
            let longest = in_days(&every) + LATE_DAYS;
            let begun = content.from().get().unwrap_or_else(|| one.created_on());
            let asked = window_reaching(view, longest.max(YEAR)).and_then(|window| window.from_day(begun));
            let Some(asked) = asked else { return Judgement::Skip("it does not hold yet".to_owned()) };
            let holes = without_hole(asked, looks(one).into_iter().map(|look| look.on), longest);
            Judgement::of(
                holes
                    .into_iter()
                    .map(|hole| {
                        let days = Window { from: hole.from.max(asked.from), to: hole.to };
                        let lapse = Lapse::of(one).value("commitment", one.label());
                        lapse.value("from", days.from).value("to", days.to).over(days)
                    })
                    .collect(),
            )
        })
    })
}

/// The stretches that evidence about a commitment, or values of its measure, cover.
fn covered(one: Entry<'_>) -> Vec<Window> {
    let view = one.view();
    let systems: Vec<Id> = CustomerCommitment(one.content()).ai_systems().map(|link| link.id).collect();
    let evidence = one.incoming(Evidence::KIND, "about").filter(|evidence| evidence.is("reviewed")).filter_map(|evidence| {
        let content = Evidence(evidence.content());
        Some(Window { from: content.covers_from().get()?, to: content.covers_to().get()? })
    });
    let measure = one.linked("measure");
    let values = measure.into_iter().flat_map(|measure| measure.incoming(Measurement::KIND, "measure"));
    let values = values.filter(|value| !value.is("void")).filter_map(|value| {
        let content = Measurement(value.content());
        let about = content.ai_system().get().is_none_or(|system| systems.contains(&system.id));
        let days = Window { from: view.day(content.covers_from().get()?), to: view.day(content.covers_to().get()?) };
        about.then_some(days)
    });
    evidence.chain(values).collect()
}

/// How many days these stretches cover together.
fn days_of(mut stretches: Vec<Window>) -> i64 {
    stretches.sort_by_key(|one| one.from);
    let mut last: Option<Date> = None;
    let mut days = 0;
    for one in stretches {
        let from = last.map_or(one.from, |last| one.from.max(last.saturating_add(1.day())));
        days += Window { from, to: one.to }.days();
        last = Some(last.map_or(one.to, |last| last.max(one.to)));
    }
    days
}

/// A.10.4-P1
pub(super) fn verified_by_another(view: &View) -> Verdicts {
    each(holding(view), |one| {
        Judgement::needing(one, &["made_by_person", "owner", "check_every"], || {
            let content = CustomerCommitment(one.content());
            let Some(latest) = looks(one).pop() else {
                return Judgement::Skip("nobody has looked yet; see A.10.4-O1".to_owned());
            };
            let involved: Vec<Id> =
                [content.made_by_person(), content.owner()].into_iter().filter_map(|link| Some(link.get()?.id)).collect();
            let who = called(view, latest.by);
            let recent = |days: &Window| content.check_every().get().is_none_or(|every| after(days.to, &every) >= view.today());
            let days = days_of(covered(one).into_iter().filter(|days| recent(days)).collect());
            let defect = if latest.by.is_none_or(|by| involved.contains(&by)) {
                format!("{who}, who gave the promise or owns it")
            } else if latest.overridden {
                format!("{who} with an override")
            } else if days < COVER_DAYS {
                format!("{who} and rests on {days} days")
            } else {
                return Judgement::Pass;
            };
            Judgement::Fail(Lapse::of(one).value("commitment", one.label()).value("defect", defect))
        })
    })
}

/// A.10.4-P4
pub(super) fn old_answers_were_looked_at(view: &View) -> Verdicts {
    let Some(year) = view.last_days(YEAR) else { return Verdicts::holds() };
    let old = holding(view).filter(|one| {
        let content = CustomerCommitment(one.content());
        let made = content.made_on().get();
        content.kind().is(CustomerCommitmentKind::Answer) && made.is_some_and(|on| on.saturating_add(YEAR.days()) < view.today())
    });
    each(old, |one| {
        let looked = looks(one).iter().any(|look| year.has(look.on));
        let made = CustomerCommitment(one.content()).made_on().get();
        Judgement::when(looked, || {
            let lapse = Lapse::of(one).value("commitment", one.label());
            lapse.value("date", made.map_or_else(String::new, |on| on.to_string()))
        })
    })
}
