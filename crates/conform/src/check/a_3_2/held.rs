//! Whether systems were owned, could be stopped, and were handed over.

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::Id;
use vouch_record::kind::generated::ai_system::AiSystem;
use vouch_record::kind::generated::monitoring_plan::MonitoringPlan;
use vouch_record::kind::generated::oversight_plan::OversightPlan;
use vouch_record::kind::generated::role::{Role, RoleHolderCapacity};
use vouch_record::kind::generated::shared::{Oversight, RiskTier};

use crate::check::holder::gaps;
use crate::check::presence::asked_from;
use crate::derived::ai_system::{orphaned, tier};
use crate::shape::{Judgement, Lapse, Verdicts, breakpoints, each, on_every_day};
use crate::view::{Entry, View, Window};

/// How long a system may be without an owner.
const ORPHAN_DAYS: i64 = 14;
/// How long a handover may take.
const HANDOVER_DAYS: i64 = 14;

/// A.3.2-O1
pub(super) fn systems_were_owned(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    let roles: Vec<Entry<'_>> = view.all(Role::KIND).filter(|role| role.text("key") == Some("system_owner")).collect();
    let dates: Vec<Date> =
        roles.iter().flat_map(|role| Role(role.content()).holders()).flat_map(|row| [row.from(), row.to()]).flatten().collect();
    each(view.live_systems(), |system| {
        Judgement::needing(system, &["owner", "deputy"], || {
            let content = AiSystem(system.content());
            let people = content.owner().get().into_iter().chain(content.deputy().get()).filter_map(|link| view.find(link.id));
            let records = [system].into_iter().chain(people).chain(roles.iter().copied());
            let days = breakpoints(window, records, dates.iter().copied());
            let alone = on_every_day(window, &days, |day| system.on(day).is_none_or(|then| !orphaned(then)));
            let long = alone.into_iter().filter(|days| days.days() >= ORPHAN_DAYS);
            Judgement::of(long.map(|days| lapse(system, days)).collect())
        })
    })
}

fn lapse(system: Entry<'_>, days: Window) -> Lapse {
    Lapse::of(system).value("system", system.label()).value("from", days.from).value("to", days.to).over(days)
}

/// A.3.2-O2
pub(super) fn somebody_could_stop(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    each(view.live_systems(), |system| {
        let Some(asked) = asked_from(system).and_then(|from| window.from_day(from)) else {
            return Judgement::Skip("has not settled in".to_owned());
        };
        Judgement::needing(system, &["stages"], || {
            let used = crate::check::touched::used_since(system).and_then(|since| asked.from_day(since));
            let Some(asked) = used else { return Judgement::Skip("not in use".to_owned()) };
            let stop = named_days(system, MonitoringPlan::KIND, |plan| {
                MonitoringPlan(plan.content()).stop_authority().map(|link| link.id).collect()
            });
            let unneeded = AiSystem(system.content()).oversight().is(Oversight::None) && tier(system) == Some(RiskTier::Low);
            let oversee = if unneeded {
                vec![asked]
            } else {
                named_days(system, OversightPlan::KIND, |plan| {
                    OversightPlan(plan.content()).overseers().filter_map(|row| row.person()).map(|link| link.id).collect()
                })
            };
            let both: Vec<Window> = stop.iter().flat_map(|one| oversee.iter().filter_map(|other| one.and(*other))).collect();
            Judgement::of(gaps(asked, &both).into_iter().map(|days| lapse(system, days)).collect())
        })
    })
}

/// The days on which a plan of the system stood approved and one of the people whom it names was active.
fn named_days<'v>(system: Entry<'v>, kind: &'static str, people: impl Fn(Entry<'v>) -> Vec<Id>) -> Vec<Window> {
    let view = system.view();
    let mut days = Vec::new();
    for plan in system.incoming(kind, "ai_system") {
        let stood = plan.periods(&["approved", "in_force"]);
        for person in people(plan).into_iter().filter_map(|id| view.get(id)) {
            let active = person.periods(&["active"]);
            days.extend(stood.iter().flat_map(|plan| active.iter().filter_map(|active| plan.and(*active))));
        }
    }
    days
}

/// A.3.2-O4
pub(super) fn roles_were_handed_over(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    each(view.live(Role::KIND), |role| {
        Judgement::needing(role, &["holders"], || {
            let rows: Vec<_> = Role(role.content()).holders().collect();
            let deputy = |capacity: Option<RoleHolderCapacity>| capacity == Some(RoleHolderCapacity::Deputy);
            let systems = |row: &vouch_record::kind::generated::role::RoleHolderRow<'_>| -> Vec<Id> {
                row.ai_systems().map(|link| link.id).collect()
            };
            let ended: Vec<_> = rows.iter().filter_map(|row| Some((row.to().filter(|to| window.has(*to))?, row))).collect();
            let ended: Vec<_> =
                ended.into_iter().filter(|(to, _)| to.saturating_add(HANDOVER_DAYS.days()) < view.today()).collect();
            if ended.is_empty() {
                return Judgement::Skip("nobody left it in the window".to_owned());
            }
            let followed = |to: Date, of: &vouch_record::kind::generated::role::RoleHolderRow<'_>| {
                let last = to.saturating_add(HANDOVER_DAYS.days());
                rows.iter().any(|row| {
                    let stays = row.to().is_none_or(|until| until > to) && row.from().is_none_or(|from| from <= last);
                    stays && deputy(row.capacity()) == deputy(of.capacity()) && systems(row) == systems(of)
                })
            };
            let open = ended.iter().filter(|(to, row)| !followed(*to, row)).map(|(to, row)| {
                let named: Vec<String> = row.ai_systems().filter_map(|link| view.find(link.id)).map(|one| one.label()).collect();
                let named = if named.is_empty() { "all systems".to_owned() } else { named.join(", ") };
                Lapse::of(role).value("role", role.label()).value("system", named).value("date", to)
            });
            Judgement::of(open.collect())
        })
    })
}
