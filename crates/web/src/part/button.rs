//! Buttons: links that look like one, and forms that are one.

use maud::{Markup, html};

use super::icon::icon;

/// A link as a button.
pub(crate) fn link(address: &str, word: &str) -> Markup {
    html! { a.button href=(address) { (word) } }
}

/// The same with an icon.
pub(crate) fn link_with(icon_name: &str, address: &str, word: &str) -> Markup {
    html! { a.button href=(address) { (icon(icon_name)) (word) } }
}

/// The one primary action of a page.
pub(crate) fn primary(icon_name: &str, address: &str, word: &str) -> Markup {
    html! { a.button.primary href=(address) { (icon(icon_name)) (word) } }
}

/// What may not be done now, with the reason in text.
pub(crate) fn refused(word: &str, reason: &str) -> Markup {
    html! { span.row { button.button type="button" disabled { (word) } span.small.muted { (reason) } } }
}

/// A form that is one button.
pub(crate) fn post(address: &str, word: &str, class: &str) -> Markup {
    html! { form method="post" action=(address) { button.button.(class) { (word) } } }
}
