//! How far a control is carried out.

use vouch_record::kind::generated::control_applicability::ControlApplicability;
use vouch_record::kind::generated::measurement::{Measurement, MeasurementState};

use crate::framework::ISO42001;
use crate::readiness::{self, Depth};
use crate::view::Entry;

/// How far a control is carried out, the least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Implementation {
    /// nothing is there
    None,
    /// what carries it out is written and approved
    Documented,
    /// records show that it runs
    Operating,
    /// those records are proven
    Proven,
}

impl Implementation {
    /// All values, the least first.
    pub const ALL: [Self; 4] = [Self::None, Self::Documented, Self::Operating, Self::Proven];

    /// The value as it is stored in a statement of applicability.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Documented => "documented",
            Self::Operating => "operating",
            Self::Proven => "proven",
        }
    }
}

impl From<Option<Depth>> for Implementation {
    fn from(depth: Option<Depth>) -> Self {
        match depth {
            None => Self::None,
            Some(Depth::Documented) => Self::Documented,
            Some(Depth::Operating) => Self::Operating,
            Some(Depth::Proven) => Self::Proven,
        }
    }
}

/// How far the control is carried out today: of Annex A by the checks of its item, of other frameworks and of own controls by
/// `carried_by` and `measures`. Nothing while a rule of the same control is being judged, since it would ask itself.
#[must_use]
pub fn implementation(entry: Entry<'_>) -> Option<Implementation> {
    let (view, control) = (entry.view(), ControlApplicability(entry.content()).control().get());
    match control {
        Some(control) if control.framework == ISO42001 => {
            if readiness::is_judging(view, control.item) {
                return None;
            }
            Some(*view.keep(Some(entry.id()), "control-applicability.implementation", || {
                readiness::implementation(view, control.item).into()
            }))
        }
        _ => Some(by_records(entry)),
    }
}

/// Whether the control is carried out at least so far, as [`implementation`] says. Rules that are known to fail on another day are
/// judged first, since one that fails answers it; see [`readiness::failing`].
#[must_use]
pub fn reaches(entry: Entry<'_>, wanted: Implementation, suspects: &[&str]) -> bool {
    let (view, control) = (entry.view(), ControlApplicability(entry.content()).control().get());
    let depth = match wanted {
        Implementation::None => None,
        Implementation::Documented => Some(Depth::Documented),
        Implementation::Operating => Some(Depth::Operating),
        Implementation::Proven => Some(Depth::Proven),
    };
    match (control, depth) {
        (Some(control), Some(depth)) if control.framework == ISO42001 => {
            let name = match depth {
                Depth::Documented => "control-applicability.documented",
                Depth::Operating => "control-applicability.operating",
                Depth::Proven => "control-applicability.proven",
            };
            let is_met = || readiness::is_met(view, control.item, depth, suspects);
            !readiness::is_judging(view, control.item) && *view.keep(Some(entry.id()), name, is_met)
        }
        _ => implementation(entry).is_some_and(|reached| reached >= wanted),
    }
}

/// Documented: a record that carries it out is live. Operating: besides, it has measures, and each has a value in the window that is not
/// older than its rhythm allows. Proven: besides, the latest value of each was analysed, and it and what carries the control out are
/// bound.
fn by_records(entry: Entry<'_>) -> Implementation {
    let carried: Vec<Entry<'_>> = entry.links("carried_by").filter(Entry::is_live).collect();
    if carried.is_empty() {
        return Implementation::None;
    }
    let measures: Vec<Entry<'_>> = entry.links("measures").collect();
    let latest: Vec<Option<Entry<'_>>> = measures.iter().map(|measure| latest(*measure)).collect();
    if measures.is_empty() || latest.iter().any(Option::is_none) {
        return Implementation::Documented;
    }
    let proven = |value: &Entry<'_>| value.is(MeasurementState::Analysed.id()) && value.is_bound();
    let all = latest.iter().flatten().all(proven) && carried.iter().all(Entry::is_bound);
    if all { Implementation::Proven } else { Implementation::Operating }
}

/// The latest value of a measure, if it lies in the window and is not older than `max_gap`.
fn latest(measure: Entry<'_>) -> Option<Entry<'_>> {
    let view = measure.view();
    let window = view.window()?;
    let values = measure.incoming(Measurement::KIND, "measure").filter(|value| !value.is(MeasurementState::Void.id()));
    let dated = values.filter_map(|value| Some((view.day(Measurement(value.content()).covers_to().get()?), value)));
    let (on, value) = dated.filter(|(on, _)| *on <= view.today()).max_by_key(|(on, value)| (*on, value.id()))?;
    let gap = measure.text("max_gap").and_then(vouch_record::time::parse_duration);
    let fresh = gap.is_none_or(|gap| vouch_record::time::after(on, &gap) >= view.today());
    (window.has(on) && fresh).then_some(value)
}
