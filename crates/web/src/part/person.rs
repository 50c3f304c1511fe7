//! People: initials and name.

use maud::{Markup, html};
use vouch_conform::View;
use vouch_record::Id;
use vouch_record::state::Actor;

use crate::format::initials;

/// Initials, with the name read aloud.
pub(crate) fn avatar(name: &str) -> Markup {
    html! { span.avatar role="img" aria-label=(name) title=(name) { (initials(name)) } }
}

/// Initials and name.
pub(crate) fn person(name: &str) -> Markup {
    html! { span.person { span.avatar aria-hidden="true" { (initials(name)) } span.clip { (name) } } }
}

/// The name of a person of the organisation; the id while there is none.
pub(crate) fn name_of(view: &View, id: Id) -> String {
    view.find(id).map_or_else(|| id.to_string(), super::value::name)
}

/// Who acted: a person by name, a machine by its own.
pub(crate) fn who(view: &View, actor: &Actor) -> String {
    match actor {
        Actor::Person(id) => name_of(view, *id),
        Actor::Machine(name) => format!("machine {name}"),
        Actor::System => actor.to_string(),
    }
}
