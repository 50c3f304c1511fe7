//! Who answers for AI, which group decides, and with what money.

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::kind::generated::approval::ApprovalPurpose;
use vouch_record::kind::generated::committee::Committee;
use vouch_record::kind::generated::meeting::{Meeting, MeetingType};
use vouch_record::kind::generated::resource::{Resource, ResourceCategory, ResourceMoneyRow};
use vouch_record::kind::generated::role::{Role, RoleActivityActivity, RoleActivityPart, RoleKey};
use vouch_record::{Id, Value};

use super::meetings::{held_in, members};
use crate::check::wording::in_days;
use crate::derived::role::holders_on;
use crate::shape::{Judgement, Lapse, Verdicts, at_least_one, each, one_of};
use crate::view::{Entry, View};

/// How many meetings of the leadership in a year stand for a group.
const MEETINGS: usize = 2;
/// The longest rhythm of a group, in months.
const RHYTHM_MONTHS: i32 = 4;

/// 5.1-D1
pub(super) fn somebody_answers(view: &View) -> Verdicts {
    use RoleActivityActivity::{AimsReporting, Policy, RiskAcceptance};
    let top = view.top_management();
    let roles = view.live(Role::KIND).filter(|role| Role(role.content()).key().is(RoleKey::TopManagement));
    let answers = |role: Entry<'_>| {
        let mut rows = Role(role.content()).activities();
        let accountable = rows.any(|row| {
            row.part() == Some(RoleActivityPart::Accountable)
                && matches!(row.activity(), Some(AimsReporting | RiskAcceptance | Policy))
        });
        accountable && holders_on(role).iter().any(|person| top.contains(person))
    };
    let judge = |role: Entry<'_>| {
        Judgement::needing(role, &["activities", "holders"], || Judgement::when(answers(role), || Lapse::of(role)))
    };
    one_of(roles, judge, Lapse::of_organisation)
}

/// 5.1-D2
pub(super) fn a_group_decides(view: &View) -> Verdicts {
    let top = view.top_management();
    let groups = view.live(Committee::KIND).filter(|committee| decides(*committee, &top));
    let directs = |person: Id, on: Date| view.directed_on(person, on);
    let met = held_in(view, view.past(&365.days())).into_iter().filter(|held| {
        let mut there = held.content().attendees().filter(|row| row.present() == Some(true)).filter_map(|row| row.person());
        held.content().type_().is(MeetingType::Leadership) && there.any(|link| directs(link.id, held.on))
    });
    let met: Vec<Entry<'_>> = met.map(|held| held.meeting).collect();
    let instead = if met.len() >= MEETINGS { met } else { Vec::new() };
    at_least_one(groups.chain(instead), Lapse::of_organisation)
}

/// Whether a committee may decide, meets often enough, and has top management in it or above it.
fn decides(committee: Entry<'_>, top: &[Id]) -> bool {
    let content = Committee(committee.content());
    let often = content.meets_every().get().is_some_and(|every| in_days(&every) <= in_days(&RHYTHM_MONTHS.months()));
    let inside = members(committee).iter().any(|person| top.contains(person));
    let above = committee.linked("reports_to").is_some_and(|role| Role(role.content()).key().is(RoleKey::TopManagement));
    content.decides().next().is_some() && content.quorum().is_filled() && often && (inside || above)
}

fn budgets(view: &View) -> impl Iterator<Item = Entry<'_>> {
    view.all(Resource::KIND).filter(|resource| Resource(resource.content()).category().is(ResourceCategory::Budget))
}

/// 5.1-D3
pub(super) fn a_budget_covers_today(view: &View) -> Verdicts {
    let today = view.today();
    let covers = |row: ResourceMoneyRow<'_>| {
        row.covers_from().is_some_and(|from| from <= today) && row.covers_to().is_some_and(|to| today <= to)
    };
    let by_top = |budget: Entry<'_>| {
        let given = budget.approvals(ApprovalPurpose::Approve);
        given.into_iter().any(|given| given.by().is_some_and(|by| view.directed_on(by, given.on())))
    };
    let judge = |budget: Entry<'_>| {
        Judgement::needing(budget, &["money"], || {
            let covered = Resource(budget.content()).money().any(covers);
            Judgement::when(budget.is("approved") && covered && by_top(budget), || Lapse::of(budget))
        })
    };
    one_of(budgets(view), judge, || Lapse::of_organisation().value("date", today))
}

/// 5.1-P4
pub(super) fn budgets_are_approved_in_time(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    each(budgets(view).filter(Entry::is_settled), |budget| {
        Judgement::needing(budget, &["money"], || {
            let ended = Resource(budget.content())
                .money()
                .filter(|row| row.covers_to().is_some_and(|to| window.has(to) && to < view.today()));
            let ended: Vec<ResourceMoneyRow<'_>> = ended.collect();
            if ended.is_empty() {
                return Judgement::Skip("no period of it ended in the window".to_owned());
            }
            let lapses = ended.into_iter().flat_map(|row| defects(budget, row).into_iter().map(move |defect| (row, defect)));
            Judgement::of(
                lapses.map(|(row, defect)| Lapse::of(budget).value("period", period(row)).value("defect", defect)).collect(),
            )
        })
    })
}

fn period(row: ResourceMoneyRow<'_>) -> String {
    let day = |day: Option<Date>| day.map_or_else(|| "no day".to_owned(), |day| day.to_string());
    format!("{} to {}", day(row.covers_from()), day(row.covers_to()))
}

fn defects(budget: Entry<'_>, row: ResourceMoneyRow<'_>) -> Vec<String> {
    let view = budget.view();
    let mut defects = Vec::new();
    if row.spent().is_none() {
        defects.push("was never compared with what was spent".to_owned());
    }
    let signed = row.decided_in().and_then(|link| view.get(link.id)).filter(|meeting| meeting.is("signed"));
    let decided = signed.and_then(|meeting| Meeting(meeting.content()).held_to().get()).map(|at| view.day(at));
    let given = budget
        .given()
        .into_iter()
        .filter(|given| given.approval.purpose().is(ApprovalPurpose::Approve) && holds(budget, given.revision(), row));
    let first = given.map(|given| given.on()).chain(decided).min();
    match (first, row.covers_from()) {
        (None, _) => defects.push("was approved by nobody".to_owned()),
        (Some(on), Some(from)) if on >= from => defects.push(format!("was approved on {on}, after it had begun")),
        _ => {}
    }
    defects
}

/// Whether a revision of a budget held a row for the same period.
fn holds(budget: Entry<'_>, revision: u32, row: ResourceMoneyRow<'_>) -> bool {
    let Some(leaf) = budget.revisions().find(|leaf| leaf.revision == revision) else { return false };
    let rows = leaf.body.get("money").map_or(&[][..], Value::items);
    rows.iter().any(|then| ResourceMoneyRow(vouch_record::view::Row(then)).covers_from() == row.covers_from())
}
