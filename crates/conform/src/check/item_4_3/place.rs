//! Whether every system, unit, site and entity has its place.

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::kind::generated::ai_system::AiSystem;
use vouch_record::kind::generated::scope::Scope;
use vouch_record::time::days_between;

use crate::derived;
use crate::shape::{Judgement, Lapse, Verdicts, breakpoints, decided_late, each, on_every_day};
use crate::view::{Entry, View, Window};

/// States in which a system is kept in the inventory.
const KEPT: [&str; 2] = ["registered", "suspended"];
/// How long a registered system may be without a place.
const UNPLACED_DAYS: i64 = 30;

/// 4.3-D3
pub(super) fn everything_placed(view: &View) -> Verdicts {
    let Some(scope) = view.scope() else { return Verdicts::holds() };
    let content = Scope(scope.content());
    let lapse = |thing: &str, defect: &str| Lapse::of(scope).value("thing", thing).value("defect", defect);
    let unplaced = derived::scope::unplaced_units(scope);
    let outside = without_reason(content);
    let mut places: Vec<Lapse> = unplaced.iter().map(|name| lapse(name, "it has no row")).collect();
    places.extend(outside.iter().map(|name| lapse(name, "it is outside without a reason")));
    let systems = each(view.all(AiSystem::KIND).filter(|system| system.is_any(&KEPT) || named_in(*system, content)), |system| {
        let defect = system_defect(system, scope);
        Judgement::of(
            defect.into_iter().map(|defect| Lapse::of(system).value("thing", system.label()).value("defect", defect)).collect(),
        )
    });
    let rows = content.units().count() + content.sites().count() + content.entities().count();
    let things = rows + unplaced.len() + systems.members.len();
    each([scope], |_| Judgement::of(places.clone())).and(systems).among(things)
}

/// Names of what is outside without a reason, systems left out.
fn without_reason(scope: Scope<'_>) -> Vec<&str> {
    let units = scope.units().filter(|row| row.inside() != Some(true) && row.reason().is_none()).filter_map(|row| row.code());
    let sites = scope.sites().filter(|row| row.inside() != Some(true) && row.reason().is_none()).filter_map(|row| row.code());
    let entities = scope.entities().filter(|row| row.inside() != Some(true) && row.reason().is_none()).filter_map(|row| row.name());
    units.chain(sites).chain(entities).collect()
}

fn named_in(system: Entry<'_>, scope: Scope<'_>) -> bool {
    scope.systems_in().any(|link| link.id == system.id())
}

fn system_defect(system: Entry<'_>, scope: Entry<'_>) -> Option<String> {
    let content = Scope(scope.content());
    if system.is_any(&["draft", "discovered", "dismissed"]) && named_in(system, content) {
        return Some(format!("it is inside in state {}", system.state()));
    }
    if !system.is_any(&KEPT) {
        return None;
    }
    if !placed(system, scope) {
        return Some("it is neither inside nor outside".to_owned());
    }
    let out = content.systems_out().find(|row| row.ai_system().is_some_and(|link| link.id == system.id()));
    out.is_some_and(|row| row.reason().is_none()).then(|| "it is outside without a reason".to_owned())
}

/// Whether the system is in the scope, in a family of it, or among the systems outside.
fn placed(system: Entry<'_>, scope: Entry<'_>) -> bool {
    derived::ai_system::placed_inside(system, scope)
        || Scope(scope.content()).systems_out().any(|row| row.ai_system().is_some_and(|link| link.id == system.id()))
}

/// 4.3-O1
pub(super) fn never_long_unplaced(view: &View) -> Verdicts {
    let (Some(window), Some(first)) = (view.window(), view.first_scope_on()) else { return Verdicts::holds() };
    each(view.all(AiSystem::KIND), |system| {
        let Some(kept) = system.periods(&KEPT).into_iter().find_map(|kept| kept.and(window).map(|_| kept)) else {
            return Judgement::Skip("not registered in the window".to_owned());
        };
        let due = kept.from.saturating_add((UNPLACED_DAYS + 1).days());
        let from = if kept.from < first { view.settled_in(first) } else { due };
        let Some(asked) = kept.and(window).and_then(|days| days.from_day(from)) else { return Judgement::Pass };
        let unplaced = unplaced_days(view, system, asked);
        let lapse = |days: Window| {
            let for_days = days_between(kept.from.max(first), days.to);
            Lapse::of(system).value("date", kept.from).value("days", for_days).over(days)
        };
        Judgement::of(unplaced.into_iter().map(lapse).collect())
    })
}

/// The stretches on which a scope was in force that did not place the system.
fn unplaced_days(view: &View, system: Entry<'_>, asked: Window) -> Vec<Window> {
    let scopes = || view.all(Scope::KIND);
    let dates: Vec<Date> = scopes().filter_map(|scope| Scope(scope.content()).valid_from().get()).collect();
    let days = breakpoints(asked, scopes().chain([system]), dates);
    on_every_day(asked, &days, |day| {
        let then = view.on(day);
        match (then.scope(), then.get(system.id())) {
            (Some(scope), Some(system)) => placed(system, scope),
            _ => true,
        }
    })
}

/// 4.3-O2
pub(super) fn decided_about_in_time(view: &View) -> Verdicts {
    each(view.all(AiSystem::KIND), |system| {
        let content = AiSystem(system.content());
        let seen = content.first_seen().get().map_or(system.created_on(), |at| view.day(at));
        let retired = derived::ai_system::past_since(system, vouch_record::kind::generated::shared::Stage::Operation);
        let discovered = decided_late(system, "discovered", seen, 30, None).map(|days| ("discovered", seen, days));
        let drafted =
            || decided_late(system, "draft", system.created_on(), 60, retired).map(|days| ("draft", system.created_on(), days));
        match discovered.or_else(drafted) {
            None => Judgement::Pass,
            Some((state, since, days)) => Judgement::Fail(Lapse::of(system).value("state", state).value("date", since).over(days)),
        }
    })
}
