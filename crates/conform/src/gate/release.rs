//! What a release had to fulfil on the day it went live.

use vouch_record::kind::generated::acceptance::Acceptance;
use vouch_record::kind::generated::release::{Release, ReleaseSetting, ReleaseType};
use vouch_record::kind::generated::shared::RiskTier;
use vouch_record::kind::generated::stage_review::StageReview;

use super::judge::{Case, Held, judge};
use super::{Path, gate};
use crate::derived::{ai_system, change, release};
use crate::view::{Entry, View};

/// One thing a release had to fulfil.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// a precondition in its own words, or the id of a need
    pub need: String,
    /// whether it was fulfilled; nothing where records do not say
    pub held: Option<bool>,
    /// why not
    pub note: String,
}

impl Condition {
    fn new(need: impl Into<String>, held: Held) -> Self {
        let (held, note) = match held {
            Held::Yes => (Some(true), String::new()),
            Held::No(why) => (Some(false), why),
            Held::Undecided(why) => (None, why),
        };
        Self { need: need.into(), held, note }
    }
}

/// Each precondition and, where a gate had to be passed, each need of it as of `deployed_at`, from the records then in the ledger;
/// for a late release as of the end of its acceptance. Of one that is not deployed, as of today. Nothing for one that ran before
/// the first approved scope.
#[must_use]
pub fn conditions_on_the_day(entry: Entry<'_>) -> Vec<Condition> {
    let view = entry.view();
    let deployed = Release(entry.content()).deployed_at().get().map(|at| view.day(at));
    if deployed.is_some() && release::before_first_scope(entry) {
        return Vec::new();
    }
    let until = entry.linked("acceptance").and_then(|accepted| Acceptance(accepted.content()).until().get());
    let day = if release::late(entry) { until.or(deployed) } else { deployed };
    let then: &View = day.filter(|day| *day < view.today()).map_or(view, |day| view.on(day));
    let Some(entry) = then.get(entry.id()) else {
        return vec![Condition::new("release", Held::No("the release was not in the ledger on that day".to_owned()))];
    };
    let mut found: Vec<Condition> = preconditions(entry);
    if let Some(case) = case(entry) {
        found.extend(needs(&case).into_iter().map(|need| Condition::new(need, judge(need, &case))));
    }
    found
}

fn preconditions(entry: Entry<'_>) -> Vec<Condition> {
    let view = entry.view();
    let condition = |row: vouch_record::kind::generated::release::ReleasePreconditionRow<'_>| {
        let shown = row.met_by().any(|link| view.get(link.id).is_some());
        let in_time = row.met_on().is_some_and(|on| on <= view.today());
        let why = || if shown { "it was not met by that day".to_owned() } else { "no record shows that it was met".to_owned() };
        Condition::new(row.condition().unwrap_or_default(), Held::when(shown && in_time, why))
    };
    Release(entry.content()).preconditions().map(condition).collect()
}

/// What the gate is held about, where the release had to pass one: an initial release, or one that carries a significant change.
fn case(entry: Entry<'_>) -> Option<Case<'_>> {
    let significant = entry.links("changes").find(|one| change::significant(*one));
    let asked = Release(entry.content()).type_().is(ReleaseType::Initial) || significant.is_some();
    let system = entry.linked("ai_system").filter(|_| asked)?;
    Some(Case { system, release: Some(entry), change: significant, review: entry.linked("stage_review") })
}

/// The needs asked of it: those of the gate of its review, else of the gate that its kind asks for.
fn needs(case: &Case<'_>) -> Vec<&'static str> {
    let reviewed = case.review.and_then(|review| StageReview(review.content()).gate().get()).map(|gate| gate.id());
    let pilot = case.release.is_some_and(|found| Release(found.content()).setting().is(ReleaseSetting::Pilot));
    let asked = if pilot {
        "verification_validation"
    } else if case.change.is_some() {
        "change"
    } else {
        "deployment"
    };
    let tier = ai_system::tier(case.system).unwrap_or(RiskTier::Critical);
    let path = Path::of(case.system);
    let all = gate(reviewed.unwrap_or(asked)).map_or(&[][..], |gate| &gate.needs);
    all.iter().filter(|need| need.is_asked(tier, path)).map(|need| need.id.as_str()).collect()
}
