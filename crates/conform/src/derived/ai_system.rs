//! Derived values of an AI system.

mod duplicate;
mod eu;
mod gap;
mod parts;
mod people;
mod tier;
mod union;

pub use duplicate::{external_id_conflicts, possible_duplicates};
pub use eu::eu_tiers_by_answers;
pub use gap::{StaffingGap, StageGap, staffing_gap, stage_gap};
pub use parts::{PartGap, parts_gap};
pub use people::{stop_people, suspension_late, unit_people};
pub use tier::{tier, tier_below_floor, tier_floor};
pub use union::in_union;

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use rustc_hash::{FxHashMap, FxHashSet};
use vouch_record::Id;
use vouch_record::condition::Val;
use vouch_record::kind::generated::ai_system::{AiSystem, AiSystemOrigin};
use vouch_record::kind::generated::approval::ApprovalPurpose;
use vouch_record::kind::generated::impact_assessment::ImpactAssessment;
use vouch_record::kind::generated::obligation::Obligation;
use vouch_record::kind::generated::oversight_plan::OversightPlan;
use vouch_record::kind::generated::release::{Release, ReleaseSetting};
use vouch_record::kind::generated::role::{Role, RoleKey};
use vouch_record::kind::generated::scope::Scope;
use vouch_record::kind::generated::shared::{Oversight, Stage};
use vouch_record::time::days_between;

use super::answer::{choice, choices, ids, instant, record, records, table};
use super::{Derived, impact_assessment};
use crate::view::Entry;

/// The derived values of an AI system.
pub const TABLE: &[Derived] = &[
    Derived::new("stage", |entry| choice(stage(entry).id())).reading(&["stages"]),
    Derived::new("in_scope", |entry| Val::Bool(in_scope(entry))),
    Derived::new("live", |entry| Val::Bool(live(entry))).reading(&["stages"]),
    Derived::new("running_release", |entry| record(running_release(entry))),
    Derived::new("tier_floor", |entry| choice(tier_floor(entry).id())).reading(&[
        "eu_tiers",
        "presumed_impact",
        "decisions",
        "personal_data",
        "offered_to",
        "autonomy",
    ]),
    Derived::new("tier_below_floor", |entry| Val::Bool(tier_below_floor(entry))).reading(&[
        "risk_tier",
        "eu_tiers",
        "presumed_impact",
        "decisions",
        "personal_data",
        "offered_to",
        "autonomy",
    ]),
    Derived::new("eu_tiers_by_answers", |entry| choices(eu_tiers_by_answers(entry).into_iter().map(|tier| tier.id())))
        .reading(&["eu_answers"]),
    Derived::new("orphaned", |entry| Val::Bool(orphaned(entry))).reading(&["owner", "deputy"]),
    Derived::new("last_confirmed", |entry| instant(last_confirmed(entry))),
    Derived::new("parts_gap", |entry| {
        table(entry, "ai-system.parts_gap", || {
            parts_gap(entry)
                .into_iter()
                .map(|gap| row! { name: gap.name, kind: gap.kind.id(), version: gap.version, gap: gap.gap })
                .collect()
        })
    }),
    Derived::new("stage_gap", |entry| {
        table(entry, "ai-system.stage_gap", || {
            stage_gap(entry)
                .into_iter()
                .map(|gap| row! { stage: gap.stage.id(), entered_on: gap.entered_on, gap: gap.gap })
                .collect()
        })
    })
    .reading(&["stages"]),
    Derived::new("staffing_gap", |entry| {
        table(entry, "ai-system.staffing_gap", || {
            let rows = staffing_gap(entry).into_iter();
            rows.map(|gap| row! { duty: gap.duty.id(), needed: gap.needed, there: gap.there, person: gap.person, gap: gap.gap })
                .collect()
        })
    })
    .reading(&["staffing"]),
    Derived::new("assessment_in_force", |entry| record(assessment_in_force(entry))),
    Derived::new("oversight_in_force", |entry| record(oversight_in_force(entry))),
    Derived::new("used_after_end", |entry| Val::Bool(used_after_end(entry))).reading(&["last_seen", "stages"]),
    Derived::new("possible_duplicates", |entry| records(possible_duplicates(entry))),
    Derived::new("duties", |entry| {
        table(entry, "ai-system.duties", || {
            duties(entry).into_iter().map(|duty| row! { obligation: duty.obligation, next_deadline: duty.next_deadline }).collect()
        })
    }),
    Derived::new("tier", |entry| tier(entry).map_or(Val::Empty, |tier| choice(tier.id()))).reading(&[
        "risk_tier",
        "eu_tiers",
        "presumed_impact",
        "decisions",
        "personal_data",
        "offered_to",
        "autonomy",
    ]),
    Derived::new("oversight_weaker", |entry| Val::Bool(oversight_weaker(entry))).reading(&["oversight"]),
    Derived::new("external_id_conflicts", |entry| records(external_id_conflicts(entry))).reading(&["external_ids"]),
    Derived::new("in_union", |entry| Val::Bool(in_union(entry))).reading(&["places"]),
    Derived::new("owner_wrote", |entry| Val::Bool(super::owner_wrote(entry))).reading(&["owner"]),
    Derived::new("unit_people", |entry| ids(unit_people(entry).iter().copied())).reading(&["unit"]),
    Derived::new("stop_people", |entry| ids(stop_people(entry))),
    Derived::new("suspension_late", |entry| Val::Bool(suspension_late(entry))),
];

/// Stage of the row in `stages` with the latest entered_on not after today; concept if none.
#[must_use]
pub fn stage(entry: Entry<'_>) -> Stage {
    let today = entry.view().today();
    let begun =
        AiSystem(entry.content()).stages().filter_map(|row| Some((row.entered_on().filter(|on| *on <= today)?, row.stage()?)));
    begun.max().map_or(Stage::Concept, |(_, stage)| stage)
}

/// The day on which the system entered a stage later than `past`, by the earliest such row.
#[must_use]
pub fn past_since(entry: Entry<'_>, past: Stage) -> Option<Date> {
    let today = entry.view().today();
    let rows = AiSystem(entry.content()).stages();
    rows.filter(|row| row.stage().is_some_and(|stage| stage > past))
        .filter_map(|row| row.entered_on())
        .filter(|on| *on <= today)
        .min()
}

/// In state registered or suspended, and in systems_in of the scope in force or with a family of it; before the first scope
/// every such system and every imported draft.
#[must_use]
pub fn in_scope(entry: Entry<'_>) -> bool {
    *entry.view().keep(Some(entry.id()), "in_scope", || {
        let kept = entry.is_any(&["registered", "suspended"]);
        match entry.view().scope() {
            None => kept || (entry.is("draft") && AiSystem(entry.content()).origin().is(AiSystemOrigin::Imported)),
            Some(scope) => kept && placed_inside(entry, scope),
        }
    })
}

/// What a scope has inside.
struct Inside {
    systems: FxHashSet<Id>,
    families: FxHashSet<Box<str>>,
}

/// Whether a scope names the system, or a family of it.
#[must_use]
pub fn placed_inside(system: Entry<'_>, scope: Entry<'_>) -> bool {
    let inside = scope.view().keep(Some(scope.id()), "scope.inside", || {
        let scope = Scope(scope.content());
        let families = scope.families().filter_map(|row| row.name()).map(Into::into).collect();
        Inside { systems: scope.systems_in().map(|link| link.id).collect(), families }
    });
    inside.systems.contains(&system.id()) || system.text("family").is_some_and(|family| inside.families.contains(family))
}

/// In scope, registered (or an imported draft before the first scope), and in use: stage operation, or deployment once a release
/// of it is deployed or events of another source than evaluation have been counted for more than thirty days.
#[must_use]
pub fn live(entry: Entry<'_>) -> bool {
    *entry.view().keep(Some(entry.id()), "live", || {
        if !in_scope(entry) || !entry.is_any(&["registered", "draft"]) {
            return false;
        }
        match stage(entry) {
            Stage::Operation => true,
            Stage::Deployment => entry.incoming("release", "ai_system").any(|release| release.is("deployed")) || counted(entry),
            _ => false,
        }
    })
}

/// Whether events other than test traffic were counted for more than thirty days.
fn counted(entry: Entry<'_>) -> bool {
    let day =
        |batch: &Entry<'_>, field: &str| batch.text(field).and_then(|text| text.get(..10)).and_then(vouch_record::time::parse_date);
    let real = |batch: &Entry<'_>| {
        let count = batch.value("count").get().and_then(vouch_record::Value::as_int).unwrap_or(0);
        count > 0 && batch.text("source") != Some("evaluation")
    };
    let first = entry.incoming("sealed-batch", "ai_system").filter(real).filter_map(|batch| day(&batch, "from")).min();
    first.is_some_and(|first| days_between(first, entry.view().today().saturating_add(1.day())) > 30)
}

/// The running release: deployed and not ended; one in production or at a customer before a pilot, then the latest deployed.
#[must_use]
pub fn running_release(entry: Entry<'_>) -> Option<Entry<'_>> {
    let id = entry.view().keep(Some(entry.id()), "ai-system.running_release", || {
        let running = entry.incoming(Release::KIND, "ai_system").filter(|release| release.is("deployed"));
        let running = running.filter(|release| !Release(release.content()).ended_at().is_filled());
        let rank = |release: &Entry<'_>| {
            let content = Release(release.content());
            let real = content.setting().get().is_some_and(|setting| setting != ReleaseSetting::Pilot);
            (real, content.deployed_at().get(), release.id())
        };
        running.max_by_key(rank).map(|release| release.id())
    });
    id.and_then(|id| entry.view().get(id))
}

/// Owner empty, left, or past the dates of the approved roles of system owner that were theirs; and no deputy in state active.
#[must_use]
pub fn orphaned(entry: Entry<'_>) -> bool {
    let (system, view) = (AiSystem(entry.content()), entry.view());
    let owner = system.owner().get().and_then(|link| view.find(link.id));
    let owned = owner.is_some_and(|owner| !owner.is("left") && !left_role(entry, owner.id()));
    let deputy = system.deputy().get().is_some_and(|link| view.is_active(link.id));
    !owned && !deputy
}

/// A holders row of an approved role of system owner.
struct Held {
    /// the systems it is about; none for all
    systems: Vec<Id>,
    to: Option<Date>,
}

/// Whether the person once was in a holders row of an approved role of system owner for this system, and today is in none.
fn left_role(entry: Entry<'_>, person: Id) -> bool {
    let (view, today) = (entry.view(), entry.view().today());
    let held: &FxHashMap<Id, Vec<Held>> = view.keep(None, "ai-system.owners", || {
        let mut held: FxHashMap<Id, Vec<Held>> = FxHashMap::default();
        let roles = view.live(Role::KIND).filter(|role| Role(role.content()).key().is(RoleKey::SystemOwner));
        for row in roles.flat_map(|role| Role(role.content()).holders()) {
            let Some(person) = row.person() else { continue };
            let systems = row.ai_systems().map(|link| link.id).collect();
            held.entry(person.id).or_default().push(Held { systems, to: row.to() });
        }
        held
    });
    let of_system = |row: &&Held| row.systems.is_empty() || row.systems.contains(&entry.id());
    let mut rows = held.get(&person).into_iter().flatten().filter(of_system).peekable();
    rows.peek().is_some() && rows.all(|row| row.to.is_some_and(|to| to < today))
}

/// Latest time at which owner or deputy confirmed what the record says: an approval with purpose review of this revision, or of one
/// since which no covered field changed.
#[must_use]
pub fn last_confirmed(entry: Entry<'_>) -> Option<Timestamp> {
    let system = AiSystem(entry.content());
    let who: Vec<Id> = [system.owner().get(), system.deputy().get()].into_iter().flatten().map(|link| link.id).collect();
    entry
        .approvals(ApprovalPurpose::Review)
        .iter()
        .filter(|given| given.by().is_some_and(|by| who.contains(&by)))
        .map(|given| given.at())
        .max()
}

/// The latest impact assessment in force that names the system.
#[must_use]
pub fn assessment_in_force(entry: Entry<'_>) -> Option<Entry<'_>> {
    let id = entry.view().keep(Some(entry.id()), "ai-system.assessment_in_force", || {
        let named =
            entry.incoming(ImpactAssessment::KIND, "ai_system").chain(entry.incoming(ImpactAssessment::KIND, "also_covers"));
        named
            .filter(|one| impact_assessment::in_force(*one))
            .max_by_key(|one| (impact_assessment::approved_at(*one), one.id()))
            .map(|one| one.id())
    });
    id.and_then(|id| entry.view().get(id))
}

/// The oversight plan in force; the latest to enter that state where there are several.
#[must_use]
pub fn oversight_in_force(entry: Entry<'_>) -> Option<Entry<'_>> {
    let plans = entry.incoming(OversightPlan::KIND, "ai_system").filter(|plan| plan.is("in_force"));
    plans.max_by_key(|plan| (plan.made().seq, plan.id()))
}

/// Whether the oversight plan in force is weaker than the place of people that the system foresees.
#[must_use]
pub fn oversight_weaker(entry: Entry<'_>) -> bool {
    let foreseen: Option<Oversight> = AiSystem(entry.content()).oversight().get();
    let planned = oversight_in_force(entry).and_then(|plan| OversightPlan(plan.content()).mode().get());
    // The values run from the strictest on.
    matches!((planned, foreseen), (Some(planned), Some(foreseen)) if planned > foreseen)
}

/// A feed saw it after the day it entered the stage retired, or while it is suspended.
#[must_use]
pub fn used_after_end(entry: Entry<'_>) -> bool {
    let (system, view) = (AiSystem(entry.content()), entry.view());
    let Some(seen) = system.last_seen().get() else { return false };
    let retired = system.stages().filter(|row| row.stage() == Some(Stage::Retired)).filter_map(|row| row.entered_on()).min();
    let after_end = retired.is_some_and(|on| on <= view.today() && view.day(seen) > on);
    let suspended = entry.is("suspended").then(|| entry.entry_into("suspended")).flatten();
    after_end || suspended.is_some_and(|leaf| seen > leaf.time)
}

/// A duty that holds for a system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Duty {
    /// the obligation
    pub obligation: Id,
    /// its next deadline, if one runs
    pub next_deadline: Option<Timestamp>,
}

/// Obligations whose `holds_for` contains the system, with their next open deadline.
#[must_use]
pub fn duties(entry: Entry<'_>) -> Vec<Duty> {
    let view = entry.view();
    let all: &std::collections::BTreeMap<Id, Vec<Duty>> = view.keep(None, "ai-system.duties", || {
        let mut duties: std::collections::BTreeMap<Id, Vec<Duty>> = std::collections::BTreeMap::new();
        for obligation in view.live(Obligation::KIND) {
            let duty = Duty { obligation: obligation.id(), next_deadline: super::first_instant(obligation, "due", "due") };
            for system in super::named_by(obligation, "holds_for") {
                duties.entry(system).or_default().push(duty);
            }
        }
        duties
    });
    all.get(&entry.id()).cloned().unwrap_or_default()
}
