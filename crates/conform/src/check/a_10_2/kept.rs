//! Whether gaps are closed, the split is looked at when suppliers join, and changes are decided by whoever may.

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::kind::generated::ai_system::{
    AiSystem, AiSystemResponsibilityActivity as Activity, AiSystemResponsibilityHeldBy as HeldBy, AiSystemResponsibilityRow,
};
use vouch_record::kind::generated::approval::{ApprovalDecision, ApprovalPurpose};
use vouch_record::kind::generated::role::{Role, RoleActivityActivity};
use vouch_record::kind::generated::supplier::{Supplier, SupplierChangesSeenRow, SupplierChangesSeenWhat};
use vouch_record::view::Row;
use vouch_record::{Id, Leaf, Value};

use super::population::{activity, rows, shared, suppliers};
use crate::check::wording::words;
use crate::check::written::first_written;
use crate::derived::role::holders_on;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View, Window};

/// How long a gap may stay open past its day.
const LATE_DAYS: i64 = 30;
/// How long a look at the split, or a decision about a change, may take.
const ANSWER_DAYS: i64 = 30;

/// The rows that a revision holds.
fn rows_in(leaf: &Leaf) -> impl Iterator<Item = AiSystemResponsibilityRow<'_>> {
    leaf.body.get("responsibilities").map_or(&[][..], Value::items).iter().map(|row| AiSystemResponsibilityRow::from(Row(row)))
}

/// A.10.2-O3
pub(super) fn gaps_were_closed(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    each(shared(view), |system| {
        Judgement::needing(system, &["responsibilities"], || {
            let revisions: Vec<&Leaf> = system.revisions().filter(|leaf| leaf.revision <= system.revision()).collect();
            let mut late: Vec<(String, Date, Window)> = Vec::new();
            let mut gaps = 0;
            for (at, leaf) in revisions.iter().enumerate() {
                let until = revisions.get(at + 1).map_or(view.today(), |next| view.day(next.time).saturating_sub(1.day()));
                let stood = Window { from: view.day(leaf.time), to: until };
                let open = rows_in(leaf).filter(|row| row.gap().is_some() || row.held_by() == Some(HeldBy::Nobody));
                for (row, due) in open.filter_map(|row| Some((row, row.gap_due()?))) {
                    gaps += 1;
                    let past = Window { from: due.saturating_add((LATE_DAYS + 1).days()), to: view.today() };
                    let Some(days) = past.and(stood).and_then(|days| days.and(window)) else { continue };
                    match late.iter_mut().find(|(name, day, _)| *name == activity(row) && *day == due) {
                        Some((.., stretch)) => stretch.to = days.to,
                        None => late.push((activity(row), due, days)),
                    }
                }
            }
            if gaps == 0 {
                return Judgement::Skip("no gap with a day".to_owned());
            }
            let lapse =
                |(name, due, days): (String, Date, Window)| Lapse::of(system).value("activity", name).value("date", due).over(days);
            Judgement::of(late.into_iter().map(lapse).collect())
        })
    })
}

/// The days on which somebody looked at who does what: the rows were written anew, or the system was approved or reviewed.
fn looks(system: Entry<'_>) -> Vec<Date> {
    let view = system.view();
    let mut found: Vec<Date> = Vec::new();
    let mut before: Option<&Value> = None;
    for leaf in system.revisions() {
        let now = leaf.body.get("responsibilities");
        if now.is_some() && now != before {
            found.push(view.day(leaf.time));
        }
        before = now;
    }
    let confirmed = system.given().into_iter().filter(|given| {
        let of = matches!(given.approval.purpose().get(), Some(ApprovalPurpose::Approve | ApprovalPurpose::Review));
        of && given.approval.decision().is(ApprovalDecision::Approved)
    });
    found.extend(confirmed.map(|given| given.on()));
    found
}

/// The day on which a system first named a supplier: as the row says, else by the first revision that names it.
fn joined(system: Entry<'_>, supplier: Id) -> Option<Date> {
    let view = system.view();
    let row = AiSystem(system.content()).suppliers().find(|row| row.supplier().is_some_and(|link| link.id == supplier))?;
    row.since().or_else(|| {
        let names = |rows: &Value| {
            let named = rows.items().iter().filter_map(|row| row.get("supplier")?.as_text()?.parse::<vouch_record::Link>().ok());
            named.into_iter().any(|link| link.id == supplier)
        };
        first_written(system, "suppliers", names).map(|leaf| view.day(leaf.time))
    })
}

/// A.10.2-O4
pub(super) fn looked_at_when_suppliers_join(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    let live = view.live_systems().filter(|system| AiSystem(system.content()).suppliers().next().is_some());
    each(live, |system| {
        Judgement::needing(system, &["suppliers", "responsibilities"], || {
            let mut events: Vec<(Date, Entry<'_>)> = Vec::new();
            for supplier in suppliers(system) {
                events.extend(joined(system, supplier.id()).map(|on| (on, supplier)));
                let contracts = Supplier(supplier.content()).contracts().filter_map(|row| row.from());
                events.extend(contracts.map(|on| (on, supplier)));
            }
            events.retain(|(on, _)| window.has(*on));
            events.sort_by_key(|(on, supplier)| (*on, supplier.id()));
            events.dedup_by_key(|(on, supplier)| (*on, supplier.id()));
            let looks = looks(system);
            let mut judged = 0;
            let mut lapses: Vec<Lapse> = Vec::new();
            for (on, supplier) in events {
                let due = on.saturating_add(ANSWER_DAYS.days());
                let answered = looks.iter().any(|look| on <= *look && *look <= due);
                if !answered && due >= view.today() {
                    continue;
                }
                judged += 1;
                if !answered {
                    lapses.push(Lapse::of(system).value("supplier", supplier.label()).value("date", on));
                }
            }
            if judged == 0 { Judgement::Skip("no supplier joined and no contract began".to_owned()) } else { Judgement::of(lapses) }
        })
    })
}

/// A.10.2-O5
pub(super) fn changes_are_decided_by_whoever_may(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    each(shared(view).filter(|system| !suppliers(*system).is_empty()), |system| {
        let mut judged = 0;
        let mut lapses: Vec<Lapse> = Vec::new();
        let named = suppliers(system);
        if let Some(erased) = named.iter().find(|one| one.value("changes_seen").is_erased()) {
            return Judgement::Undecided(format!("`changes_seen` of {} was erased", erased.id()));
        }
        for supplier in named {
            let seen = Supplier(supplier.content()).changes_seen().filter(|row| is_asked(row, window, system));
            for (row, noticed) in seen.filter_map(|row| Some((row, row.noticed_on()?))) {
                let decided = decided(supplier, &row, noticed).is_some_and(|(on, by)| may_decide(system, by, on));
                let due = noticed.saturating_add(ANSWER_DAYS.days()) < view.today();
                judged += usize::from(decided || due);
                if !decided && due {
                    let what = row.what().map_or_else(String::new, |what| words(what.id()));
                    lapses.push(Lapse::of(system).value("supplier", supplier.label()).value("what", what).value("date", noticed));
                }
            }
        }
        if judged == 0 { Judgement::Skip("no change to decide about".to_owned()) } else { Judgement::of(lapses) }
    })
}

/// Noticed in the window, of a sort that may change how the system behaves, and about this system or about all.
fn is_asked(row: &SupplierChangesSeenRow<'_>, window: Window, system: Entry<'_>) -> bool {
    use SupplierChangesSeenWhat::{ModelEnd, ModelVersion, Terms};
    let about = row.ai_systems().next().is_none() || row.ai_systems().any(|link| link.id == system.id());
    about && matches!(row.what(), Some(ModelVersion | ModelEnd | Terms)) && row.noticed_on().is_some_and(|on| window.has(on))
}

/// When, and by which person, the decision about a change was first written down, if that was in time.
fn decided(supplier: Entry<'_>, row: &SupplierChangesSeenRow<'_>, noticed: Date) -> Option<(Date, Id)> {
    let holds = |rows: &Value| {
        rows.items()
            .iter()
            .map(|one| SupplierChangesSeenRow::from(Row(one)))
            .any(|one| one.decision().is_some() && (one.what(), one.noticed_on()) == (row.what(), row.noticed_on()))
    };
    let leaf = first_written(supplier, "changes_seen", holds)?;
    let on = supplier.view().day(leaf.time);
    (on <= noticed.saturating_add(ANSWER_DAYS.days())).then_some((on, leaf.actor.person()?))
}

/// Whether a person held a role for changes, or the role in the row about changes of the system, on a day.
fn may_decide(system: Entry<'_>, person: Id, day: Date) -> bool {
    let view = system.view();
    let row_roles: Vec<Id> = rows(system)
        .filter(|row| row.activity() == Some(Activity::Change))
        .filter_map(|row| row.role())
        .map(|link| link.id)
        .collect();
    let then = view.on(day);
    then.all(Role::KIND).filter(|role| role.is("approved")).any(|role| {
        let changes = Role(role.content()).activities().any(|row| row.activity() == Some(RoleActivityActivity::Change));
        (changes || row_roles.contains(&role.id())) && holders_on(role).contains(&person)
    })
}
