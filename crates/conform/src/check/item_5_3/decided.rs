//! Whether decisions were taken by people with the power for them, given before.

use jiff::Timestamp;
use vouch_record::kind::generated::acceptance::{Acceptance, AcceptanceType};
use vouch_record::kind::generated::role::{RoleAuthorityDecision, RoleHolderRow};
use vouch_record::{Id, Value};

use super::power::{Decision, committee_decides, decisions, powers, powers_by_date, systems_of};
use crate::check::wording::called;
use crate::derived::acceptance::{accepted_on, with_power};
use crate::shape::{Judgement, Lapse, Verdicts};
use crate::view::{Entry, Given, View, Window};

/// The acceptances given in a period, each with the approval by whoever accepted.
fn accepted(view: &View, period: Window) -> impl Iterator<Item = (Entry<'_>, Given<'_>)> {
    let within = move |entry: &Entry<'_>| accepted_on(*entry).is_some_and(|on| period.has(on));
    view.all(Acceptance::KIND).filter(within).filter_map(|entry| {
        let causes: Vec<Id> = entry.entry_into("accepted")?.causes().collect();
        let by = Acceptance(entry.content()).accepted_by().get().map(|link| link.id);
        let given = entry.given().into_iter().find(|given| causes.contains(&given.entry.id()) && given.by() == by)?;
        Some((entry, given))
    })
}

/// 5.3-O2
pub(super) fn decided_with_power(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    let mut verdicts = Verdicts::default();
    let mut note = |subject: Entry<'_>, given: Given<'_>, may: bool| {
        let lapse = || {
            let lapse = Lapse::of(subject).value("person", called(view, given.by())).value("subject", subject.label());
            Judgement::Fail(lapse.value("date", given.on()))
        };
        let judgement = if may { Judgement::Shown(vec![given.entry.subject()]) } else { lapse() };
        verdicts.note(given.entry, judgement);
    };
    for decision in decisions(view, window) {
        note(decision.subject, decision.given, may(decision));
    }
    for (entry, given) in accepted(view, window) {
        note(entry, given, with_power(entry));
    }
    verdicts
}

fn may(decision: Decision<'_>) -> bool {
    let day = decision.subject.view().on(decision.given.on());
    let committee = decision.given.approval.on_behalf_of().get().map(|link| link.id);
    let systems = systems_of(decision.subject);
    let held = decision.given.by().is_some_and(|by| !powers(day, by, decision.what, &systems).is_empty());
    held || committee_decides(day, committee, decision.what)
}

/// 5.3-P1
pub(super) fn power_came_first(view: &View) -> Verdicts {
    let Some(year) = view.last_days(365) else { return Verdicts::holds() };
    let of_power = |decision: &Decision<'_>| matches!(decision.what, RoleAuthorityDecision::Release | RoleAuthorityDecision::Stop);
    let taken = decisions(view, year).into_iter().filter(of_power).map(|one| (one.subject, one.given, one.what));
    let excepted = accepted(view, year).map(|(entry, given)| (entry, given, power_of(entry)));
    let mut verdicts = Verdicts::default();
    for (subject, given, what) in taken.chain(excepted) {
        let Some(by) = given.by() else { continue };
        let rows = powers_by_date((view, given.on()), by, what, &systems_of(subject));
        let defects: Vec<Option<String>> = rows.iter().map(|(role, row)| defect(*role, *row, given.at())).collect();
        let judgement = match defects.iter().find(|defect| defect.is_none()).or(defects.first()) {
            None => Judgement::Skip("no role gave the power; see 5.3-O2".to_owned()),
            Some(None) => Judgement::Shown(vec![given.entry.subject()]),
            Some(Some(defect)) => Judgement::Fail(Lapse::of(subject).value("decision", subject.label()).value("defect", defect)),
        };
        verdicts.note(given.entry, judgement);
    }
    verdicts
}

/// The power that an acceptance needs.
fn power_of(entry: Entry<'_>) -> RoleAuthorityDecision {
    match Acceptance(entry.content()).type_().get() {
        Some(AcceptanceType::ResidualRisk | AcceptanceType::Criterion | AcceptanceType::Tier) => RoleAuthorityDecision::AcceptRisk,
        _ => RoleAuthorityDecision::Exception,
    }
}

/// Why a row of a role does not show that the power was there before.
fn defect(role: Entry<'_>, row: RoleHolderRow<'_>, at: Timestamp) -> Option<String> {
    let same = |then: RoleHolderRow<'_>| then.person() == row.person() && then.from() == row.from();
    let holds = |rows: &Value| rows.items().iter().any(|cell| same(RoleHolderRow(vouch_record::view::Row(cell))));
    let written =
        role.revisions().find(|leaf| leaf.body.get("holders").is_some_and(holds)).map_or(role.created_at(), |leaf| leaf.time);
    if written >= at {
        return Some(format!("was written down on {}, after it was used", role.view().day(written)));
    }
    let appointed = row.appointed_by().map(|link| link.id);
    (appointed.is_none() || appointed == row.person().map(|link| link.id)).then(|| "was given by nobody else".to_owned())
}
