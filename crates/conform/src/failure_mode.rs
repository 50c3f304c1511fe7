//! Failure modes: the ways certifications fail, across requirements. Each looks at the whole, has limits that an organisation may set
//! otherwise, and says the numbers that made it fire. They are shown apart from the findings they rest on, and count in no requirement.

mod absent;
mod following;
mod later;
mod limit;
mod models;
mod paper;
mod people;
mod plan;
mod risks;
mod running;
mod scope;
mod stretch;
mod texts;
mod unowned;

pub use limit::Limits;
pub use texts::{Limit, Looser, ModeText};

use serde::Serialize;
use vouch_record::Id;

use crate::as_text;
use crate::readiness::{Grade, sentence};
use crate::shape::Lapse;
use crate::view::View;

/// One failure mode.
pub struct FailureMode {
    /// id, as in the texts
    pub id: &'static str,
    /// what makes it fire on the view's day; nothing when it does not
    pub fires: fn(&View, &Limits<'_>) -> Vec<Lapse>,
}

/// Every failure mode, in the order of their numbers.
pub const FAILURE_MODES: &[FailureMode] = &[
    FailureMode { id: "FM-1", fires: paper::documents_without_operation },
    FailureMode { id: "FM-2", fires: scope::customers_left_out },
    FailureMode { id: "FM-3", fires: scope::vague },
    FailureMode { id: "FM-4", fires: paper::controls_before_risks },
    FailureMode { id: "FM-5", fires: unowned::unowned },
    FailureMode { id: "FM-6", fires: risks::renamed },
    FailureMode { id: "FM-7", fires: scope::everything_at_once },
    FailureMode { id: "FM-8", fires: plan::body_late },
    FailureMode { id: "FM-9", fires: plan::body_unable },
    FailureMode { id: "FM-10", fires: paper::made_before_the_audit },
    FailureMode { id: "FM-11", fires: people::one_person },
    FailureMode { id: "FM-12", fires: risks::static_register },
    FailureMode { id: "FM-13", fires: scope::statement_behind },
    FailureMode { id: "FM-14", fires: people::training_without_effect },
    FailureMode { id: "FM-15", fires: following::review_without_decisions },
    FailureMode { id: "FM-16", fires: people::audits_own_work },
    FailureMode { id: "FM-17", fires: following::closed_without_effect },
    FailureMode { id: "FM-18", fires: models::shadow },
    FailureMode { id: "FM-19", fires: models::supplier_model_changed },
    FailureMode { id: "FM-20", fires: running::unanswered_monitoring },
    FailureMode { id: "FM-21", fires: risks::expired_acceptances },
    FailureMode { id: "FM-22", fires: running::assessed_after },
    FailureMode { id: "FM-23", fires: running::never_refused },
    FailureMode { id: "FM-24", fires: absent::top_management_absent },
    FailureMode { id: "FM-25", fires: scope::convenient_exclusions },
    FailureMode { id: "FM-26", fires: absent::duties_of_who_left },
    FailureMode { id: "FM-27", fires: paper::one_proof },
    FailureMode { id: "FM-28", fires: later::always_later },
];

/// The texts, with the limits.
pub(crate) const TEXTS: &[u8] = include_bytes!("failure_mode/failure_modes.yaml");

/// A failure mode that fires.
#[derive(Clone, Debug, Serialize)]
pub struct Fired {
    /// its id
    pub id: String,
    /// what it is called
    pub title: String,
    /// its effect on a certificate
    pub grade: Grade,
    /// one sentence: the heaviest case, and how many more there are
    pub message: String,
    /// what to do
    pub remedy: String,
    /// kind whose form opens, or `page:name`
    pub act: String,
    /// each case with the numbers that make it fire
    pub cases: Vec<Case>,
    /// limits in force, with those of the product where the organisation set another
    pub limits: Vec<LimitInForce>,
}

/// One case of a failure mode.
#[derive(Clone, Debug, Serialize)]
pub struct Case {
    /// the record it is about
    #[serde(serialize_with = "as_text::option")]
    pub record: Option<Id>,
    /// the AI system concerned
    #[serde(serialize_with = "as_text::option")]
    pub system: Option<Id>,
    /// what is the case
    pub message: String,
    /// the numbers and words behind it, by name
    pub numbers: Vec<(String, String)>,
}

/// A limit as it is in force.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LimitInForce {
    /// its name
    pub name: String,
    /// value in force
    pub value: i64,
    /// the product's value
    pub default: i64,
    /// what it counts
    pub unit: String,
    /// what it is
    pub says: String,
}

/// The failure modes that fire on the view's day, the worst first, then by number.
#[must_use]
pub fn fired(view: &View) -> Vec<Fired> {
    let mut all: Vec<Fired> = FAILURE_MODES.iter().filter_map(|mode| of(view, mode)).collect();
    all.sort_by_key(|fired| std::cmp::Reverse(fired.grade));
    all
}

/// One failure mode on the view's day; nothing when it does not fire or its texts are not loaded.
#[must_use]
pub fn of(view: &View, mode: &FailureMode) -> Option<Fired> {
    let text = view.texts().mode(mode.id)?;
    let limits = Limits::of(view, text);
    let lapses = view.keep(None, mode.id, || (mode.fires)(view, &limits));
    let first = lapses.first()?;
    let case = |lapse: &Lapse| Case {
        record: lapse.subject.map(|subject| subject.id),
        system: lapse.system,
        message: sentence(view, &text.finding, lapse),
        numbers: lapse.values.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect(),
    };
    let cases: Vec<Case> = lapses.iter().map(case).collect();
    let message = match cases.as_slice() {
        [first, _, ..] => format!("{}, and {} more.", first.message.trim_end_matches('.'), cases.len() - 1),
        _ => cases[0].message.clone(),
    };
    Some(Fired {
        id: text.id.clone(),
        title: text.title.clone(),
        grade: text.grade,
        message,
        remedy: sentence(view, &text.remedy, first),
        act: text.act.clone(),
        cases,
        limits: limits.in_force(),
    })
}
