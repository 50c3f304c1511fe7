//! Scope, statement and exclusions against what is there.

use jiff::ToSpan;
use vouch_record::Id;
use vouch_record::kind::generated::acceptance::{Acceptance, AcceptanceType};
use vouch_record::kind::generated::ai_system::{AiSystem, AiSystemOfferedTo};
use vouch_record::kind::generated::audit::{Audit, AuditType};
use vouch_record::kind::generated::control_applicability::ControlApplicability;
use vouch_record::kind::generated::customer_commitment::CustomerCommitment;
use vouch_record::kind::generated::scope::Scope;
use vouch_record::kind::generated::sealed_batch::{SealedBatch, SealedBatchSource};
use vouch_record::kind::generated::shared::AiRole;
use vouch_record::kind::generated::statement_of_applicability::StatementOfApplicability;
use vouch_record::time::days_between;

use super::Limits;
use super::stretch::longer_than;
use crate::check;
use crate::derived::{acceptance, ai_system, control_applicability, customer_commitment, evidence_ready, scope};
use crate::framework::ISO42001;
use crate::readiness::{Grade, ItemRun};
use crate::shape::Lapse;
use crate::view::{Entry, View, Window};

/// FM-2
pub(super) fn customers_left_out(view: &View, _: &Limits<'_>) -> Vec<Lapse> {
    let (Some(scope), Some(window)) = (view.scope(), view.window()) else { return Vec::new() };
    let inside = |id: Id| view.find(id).is_some_and(|system| ai_system::placed_inside(system, scope));
    let accepted: Vec<Id> = view
        .live(Acceptance::KIND)
        .filter(|entry| Acceptance(entry.content()).type_().is(AcceptanceType::ScopeExcluded) && acceptance::in_force(*entry))
        .flat_map(|entry| entry.links("ai_systems").chain(entry.linked("subject")).map(|named| named.id()).collect::<Vec<_>>())
        .collect();
    let mut lapses: Vec<Lapse> =
        scope::customer_gap(scope).into_iter().map(|subject| Lapse::of(scope).value("subject", subject)).collect();
    for commitment in view.all(CustomerCommitment::KIND).filter(|entry| customer_commitment::in_force(*entry)) {
        for system in commitment.links("ai_systems").filter(|system| !inside(system.id()) && !accepted.contains(&system.id())) {
            lapses.push(Lapse::of(system).value("subject", system.label()).value("commitment", commitment.label()));
        }
    }
    for system in view.all(AiSystem::KIND).filter(|system| !inside(system.id()) && !accepted.contains(&system.id())) {
        let to = AiSystem(system.content()).offered_to().get();
        if !matches!(to, Some(AiSystemOfferedTo::Customers | AiSystemOfferedTo::Public)) {
            continue;
        }
        let calls = counted(system, window);
        if calls > 0 && lapses.iter().all(|lapse| lapse.system != Some(system.id())) {
            lapses.push(Lapse::of(system).value("subject", system.label()).value("calls", calls));
        }
    }
    lapses
}

/// What the sealed batches of a system counted in a stretch.
fn counted(system: Entry<'_>, days: Window) -> i64 {
    let inside = |batch: &Entry<'_>| {
        let from = SealedBatch(batch.content()).from().get();
        let tried = SealedBatch(batch.content()).source().is(SealedBatchSource::Evaluation);
        !tried && from.is_some_and(|from| days.has(system.view().day(from)))
    };
    system
        .incoming(SealedBatch::KIND, "ai_system")
        .filter(inside)
        .filter_map(|batch| SealedBatch(batch.content()).count().get())
        .sum()
}

/// FM-3
pub(super) fn vague(view: &View, limits: &Limits<'_>) -> Vec<Lapse> {
    let Some(scope) = view.scope() else { return Vec::new() };
    let content = Scope(scope.content());
    let version = content.version().get().unwrap_or("without a number").to_owned();
    let of = |subject: String| Lapse::of(scope).value("version", &version).value("subject", subject);
    let mut lapses = Vec::new();
    if content.systems_in().next().is_none() && content.families().next().is_none() {
        lapses.push(of("any AI system".to_owned()));
    }
    let statement = content.statement().get().unwrap_or_default().to_lowercase();
    let products = content.products().filter(|row| row.inside() == Some(true)).filter_map(|row| row.product());
    let units = content.units().filter(|row| row.inside() == Some(true)).filter_map(|row| row.code());
    let systems: Vec<String> = scope.links("systems_in").filter_map(|system| system.text("name").map(str::to_lowercase)).collect();
    let mut names = products.map(str::to_lowercase).chain(units.map(str::to_lowercase)).chain(systems).peekable();
    if names.peek().is_some() && !names.any(|name| statement.contains(&name)) {
        lapses.push(of("any product, unit or system, since its statement names none,".to_owned()));
    }
    let days = limits.number("unplaced_days");
    let then = view.on(view.today().saturating_sub(days.days()));
    let waiting = then.scope().map(scope::unplaced_systems).unwrap_or_default();
    for system in scope::unplaced_systems(scope) {
        if waiting.iter().any(|other| other.id() == system.id()) {
            lapses.push(Lapse::of(system).value("version", &version).value("subject", system.label()));
        }
    }
    let waiting = then.scope().map(scope::unplaced_units).unwrap_or_default();
    lapses.extend(
        scope::unplaced_units(scope).into_iter().filter(|unit| waiting.contains(unit)).map(|unit| of(format!("unit {unit}"))),
    );
    if scope::differs_from_certificate(scope) {
        lapses.push(of("what the certificate names".to_owned()));
    }
    lapses
}

/// FM-7
pub(super) fn everything_at_once(view: &View, limits: &Limits<'_>) -> Vec<Lapse> {
    let Some(scope) = view.scope() else { return Vec::new() };
    let systems = Scope(scope.content()).systems_in().count();
    let Ok(Some(ready)) = evidence_ready::share(scope) else { return Vec::new() };
    let whole = rust_decimal::Decimal::from(limits.number("share_ready")) / rust_decimal::Decimal::ONE_HUNDRED;
    if systems < limits.count("systems_at_least") || ready >= whole {
        return Vec::new();
    }
    let near = |audit: &Entry<'_>| {
        let from = Audit(audit.content()).planned_from().get();
        from.is_some_and(|from| (0..=limits.number("days_before")).contains(&days_between(view.today(), from)))
    };
    let first = |audit: &Entry<'_>| {
        matches!(Audit(audit.content()).type_().get(), Some(AuditType::Stage1 | AuditType::Stage2))
            && audit.is_any(&["planned", "prepared"])
    };
    let count = (ready * rust_decimal::Decimal::from(systems)).round();
    let lapse = |audit: Entry<'_>| {
        let from = Audit(audit.content()).planned_from().get().unwrap_or(view.today());
        let days = days_between(view.today(), from);
        Lapse::of(audit).value("audit", audit.label()).value("days", days).value("ready", count).value("total", systems)
    };
    view.all(Audit::KIND).filter(first).filter(near).map(lapse).collect()
}

/// FM-13
pub(super) fn statement_behind(view: &View, limits: &Limits<'_>) -> Vec<Lapse> {
    let (Some(statement), Some(scope)) = (view.statement(), view.scope()) else { return Vec::new() };
    let content = StatementOfApplicability(statement.content());
    let date = content.frozen_at().get().map_or_else(|| statement.created_on(), |at| view.day(at));
    let lapse = |systems: String| Lapse::of(statement).value("date", date).value("systems", systems);
    let frozen: Vec<(Id, Option<_>)> = content.systems().filter_map(|row| Some((row.ai_system()?.id, row.tier()))).collect();
    let mut lapses = Vec::new();
    let mut unknown = Vec::new();
    for system in view.systems() {
        let touched = || [system, scope, statement];
        match frozen.iter().find(|(id, _)| *id == system.id()) {
            None => {
                let missing = |on: &View| on.systems().any(|one| one.id() == system.id());
                if longer_than(view, limits.number("differing_days"), touched(), missing) {
                    unknown.push(system.label());
                }
            }
            Some((_, tier)) => {
                let above = |on: &View| on.get(system.id()).and_then(ai_system::tier) > *tier;
                if longer_than(view, limits.number("tier_days"), touched(), above) {
                    let now = ai_system::tier(system).map_or("unknown", |tier| tier.id());
                    lapses.push(lapse(format!("the tier of {}, which is {now} now", system.label())).in_system(system));
                }
            }
        }
    }
    let gone = frozen.iter().filter(|(id, _)| !view.systems().any(|system| system.id() == *id));
    for system in gone.filter_map(|(id, _)| view.find(*id)) {
        let missing = |on: &View| !on.systems().any(|one| one.id() == system.id());
        if longer_than(view, limits.number("differing_days"), [system, scope, statement], missing) {
            unknown.push(format!("that {} has left", system.label()));
        }
    }
    if !unknown.is_empty() {
        lapses.push(lapse(unknown.join(", ")).value("n", unknown.len()));
    }
    let approved = scope.entry_into("approved").map(|leaf| view.day(leaf.time));
    let late =
        |approved: &jiff::civil::Date| date < *approved && days_between(*approved, view.today()) > limits.number("scope_days");
    if let Some(approved) = approved.filter(late) {
        lapses.push(lapse(format!("{}, approved on {approved}", scope.label())));
    }
    lapses
}

/// FM-25
pub(super) fn convenient_exclusions(view: &View, limits: &Limits<'_>) -> Vec<Lapse> {
    let Some(scope) = view.scope() else { return Vec::new() };
    let excluded: Vec<Entry<'_>> = view
        .live(ControlApplicability::KIND)
        .filter(|entry| {
            let content = ControlApplicability(entry.content());
            let annex = content.control().get().is_some_and(|control| control.framework == ISO42001);
            annex && content.decision().is(vouch_record::kind::generated::shared::ControlDecision::Excluded)
        })
        .collect();
    let makes = Scope(scope.content()).ai_roles().any(|role| matches!(role, AiRole::Developer | AiRole::Provider));
    let most = if makes { limits.count("excluded") } else { limits.count("excluded_by_anybody") };
    let empty: Vec<&Entry<'_>> = excluded.iter().filter(|entry| control_applicability::boilerplate(**entry)).collect();
    let way_out = excluded.iter().find(|entry| after_a_finding(**entry, limits.number("after_days")));
    let n = excluded.len();
    let lapse = |entry: &Entry<'_>, defect: String| vec![Lapse::of(*entry).value("n", n).value("defect", defect)];
    if let Some(entry) = way_out {
        let days = limits.number("after_days");
        return lapse(entry, format!("{} at most {days} days after it was first found to fail", control(*entry)));
    }
    match (empty.first(), excluded.first()) {
        (Some(first), _) if empty.len() >= limits.count("boilerplate") => {
            let controls: Vec<String> = empty.iter().map(|entry| control(**entry)).collect();
            lapse(first, format!("the reasons for {} say nothing", controls.join(" and ")))
        }
        (_, Some(first)) if n > most => lapse(first, format!("more than {most} cannot be without use here")),
        _ => Vec::new(),
    }
}

/// The control of an applicability, by the id of its item.
fn control(applicability: Entry<'_>) -> String {
    let named = ControlApplicability(applicability.content()).control().get();
    named.map_or_else(|| applicability.id().to_string(), |named| named.item.to_owned())
}

/// Whether the exclusion was approved at most so many days after a rule of the control first gave a finding of grade major.
fn after_a_finding(applicability: Entry<'_>, days: i64) -> bool {
    let (view, control) = (applicability.view(), control(applicability));
    let Some(approved) = applicability.entered("approved") else { return false };
    let Some((item, check)) = view.frameworks().item(&control).zip(check::find(&control)) else { return false };
    let failed = |before: i64| {
        let then = view.on(approved.saturating_sub(before.days()));
        let run = ItemRun::of(then, item, Some(check));
        !run.preview && run.rules.iter().any(|rule| rule.text.grade == Grade::Major && !rule.open.is_empty())
    };
    failed(1) && !failed(days + 1)
}
