//! Objectives in force, by type.

use vouch_record::kind::generated::objective::{Objective, ObjectiveType};

use crate::derived::objective::in_force;
use crate::view::{Entry, View};

/// The objectives in force.
pub(super) fn objectives(view: &View) -> impl Iterator<Item = Entry<'_>> {
    view.all(Objective::KIND).filter(|one| in_force(*one))
}

/// The objectives in force of a type.
pub(super) fn of_type(view: &View, wanted: ObjectiveType) -> impl Iterator<Item = Entry<'_>> {
    objectives(view).filter(move |one| Objective(one.content()).type_().is(wanted))
}
