//! Time: how much roles need, that somebody holds them, and that nobody holds too much.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use vouch_record::Id;
use vouch_record::kind::generated::role::{Role, RoleKey};

use crate::check::holder::{gaps, held_days};
use crate::check::wording::words;
use crate::derived::role::holders_on;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View, Window};

/// Roles that need time of somebody.
const TIMED: [RoleKey; 4] = [RoleKey::AimsLead, RoleKey::InternalAuditor, RoleKey::RiskOwner, RoleKey::ImpactAssessor];
/// Roles that must not be empty.
const HELD: [RoleKey; 5] =
    [RoleKey::TopManagement, RoleKey::AimsLead, RoleKey::InternalAuditor, RoleKey::RiskOwner, RoleKey::ImpactAssessor];
/// How long a role may be empty.
const EMPTY_DAYS: i64 = 30;
/// Hours of a week.
const WEEK: i64 = 40;
/// So many other keys a lead of the management system may hold.
const BESIDE: usize = 2;

/// 7.1-D2
pub(super) fn roles_have_time(view: &View) -> Verdicts {
    let mut verdicts = Verdicts::default();
    for key in TIMED {
        let of_key: Vec<Entry<'_>> = view.live(Role::KIND).filter(|role| Role(role.content()).key().is(key)).collect();
        let has_time = |role: &&Entry<'_>| Role(role.content()).time_needed().get().is_some_and(|hours| hours > Decimal::ZERO);
        let held = |role: &&Entry<'_>| !holders_on(**role).is_empty();
        match of_key.iter().find(|role| has_time(role) && held(role)) {
            Some(role) => verdicts.passed.push(role.subject()),
            None => {
                let missing = if of_key.is_empty() {
                    "approved record"
                } else if of_key.iter().any(|role| held(&role)) {
                    "time that it needs"
                } else {
                    "holder today"
                };
                let lapse = of_key.first().map_or_else(Lapse::of_organisation, |role| Lapse::of(*role));
                verdicts.failed.push(lapse.value("key", words(key.id())).value("missing", missing));
            }
        }
    }
    verdicts.among(TIMED.len())
}

/// 7.1-O1
pub(super) fn roles_were_held(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    let asked = |role: &Entry<'_>| Role(role.content()).key().get().is_some_and(|key| HELD.contains(&key));
    each(view.live(Role::KIND).filter(asked), |role| {
        Judgement::needing(role, &["holders"], || {
            let held = held_days(role);
            let approved = role.periods(&["approved"]).into_iter().filter_map(|days| days.and(window));
            let empty = approved.flat_map(|days| gaps(days, &held)).filter(|days| days.days() > EMPTY_DAYS);
            let lapse =
                |days: Window| Lapse::of(role).value("role", role.label()).value("from", days.from).value("to", days.to).over(days);
            Judgement::of(empty.map(lapse).collect())
        })
    })
}

/// 7.1-O5
pub(super) fn nobody_holds_too_much(view: &View) -> Verdicts {
    let mut held: BTreeMap<Id, Vec<Role<'_>>> = BTreeMap::new();
    let mut verdicts = Verdicts::default();
    for role in view.live(Role::KIND) {
        if ["holders", "time_needed"].into_iter().any(|field| role.value(field).is_erased()) {
            verdicts.note(role, Judgement::Undecided("`holders` or `time_needed` was erased".to_owned()));
            continue;
        }
        let mut people = holders_on(role);
        people.sort_unstable();
        people.dedup();
        people.into_iter().for_each(|person| held.entry(person).or_default().push(Role(role.content())));
    }
    for (person, roles) in held {
        let Some(person) = view.get(person) else { continue };
        let hours: Decimal = roles.iter().filter_map(|role| role.time_needed().get()).sum();
        let mut keys: Vec<RoleKey> =
            roles.iter().filter_map(|role| role.key().get()).filter(|key| *key != RoleKey::Other).collect();
        keys.sort_unstable();
        keys.dedup();
        let lapse = |sum: String| Lapse::of(person).value("person", person.label()).value("sum", sum);
        let much = (hours > Decimal::from(WEEK)).then(|| lapse(format!("{hours} hours a week")));
        let many = keys.contains(&RoleKey::AimsLead) && keys.len() > BESIDE + 1;
        let many =
            many.then(|| lapse(format!("more than one person: the lead of the management system and {} others", keys.len() - 1)));
        verdicts.note(person, Judgement::of(much.into_iter().chain(many).collect()));
    }
    verdicts
}
