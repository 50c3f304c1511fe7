//! What stands where nothing is: what this is, why an auditor asks for it, one action.

use maud::{Markup, html};

/// An empty place.
pub(crate) fn empty(title: &str, why: &str, actions: Option<Markup>) -> Markup {
    html! {
        div.empty {
            h2 { (title) }
            p { (why) }
            @if let Some(actions) = actions { div.row { (actions) } }
        }
    }
}
