//! What stands where something is wrong: what, why, and the way on.

use axum::http::StatusCode;
use maud::{Markup, html};
use vouch_app::Error;

use crate::answer::Page;
use crate::format::{capital, sentence};
use crate::part::button;
use crate::shell;

/// What somebody wants to know where the store does not answer.
const KEPT: &str =
    "What was acknowledged before is kept. Load this page again once it is mended; whoever runs the server finds more in its log.";

/// The same without anything around it, where the store cannot say what would stand there.
pub(crate) fn alone(error: &Error, theme: Option<&str>, address: &str) -> Markup {
    shell::alone(
        "The store does not answer",
        theme,
        html! {
            h1 { "The store does not answer" }
            p.strong { (sentence(&error.message)) }
            @if let Some(hint) = &error.hint { p { (sentence(hint)) } }
            p { (KEPT) }
            p.row { (button::link(address, "Load again")) }
        },
    )
}

/// The page of an error.
pub(crate) fn page(error: &Error, status: StatusCode) -> Page {
    let (title, next) = match status {
        StatusCode::NOT_FOUND => ("Not found", ("/", "Go to the overview")),
        StatusCode::FORBIDDEN => ("This may not be done", ("/help", "How roles and rules work")),
        StatusCode::CONFLICT => ("Somebody else wrote meanwhile", ("/", "Go to the overview")),
        StatusCode::METHOD_NOT_ALLOWED => ("This address is written to, not read", ("/", "Go to the overview")),
        StatusCode::SERVICE_UNAVAILABLE => ("The store does not answer", ("/evidence", "See the state of the log")),
        status if status.is_server_error() => ("Vouch cannot answer now", ("/evidence", "See the state of the log")),
        _ => ("This cannot be done as asked", ("/", "Go to the overview")),
    };
    let body = html! {
        div.card {
            p.strong { (capital(&error.message)) }
            @if !error.problems.is_empty() { ul.prose { @for problem in &error.problems { li { (problem.to_string()) } } } }
            @if let Some(hint) = &error.hint { p.muted { (capital(hint)) "." } }
            @if status == StatusCode::SERVICE_UNAVAILABLE { p.muted { (KEPT) } }
            div.row.actions { (button::link(next.0, next.1)) }
        }
    };
    Page::new("", title, body).status(status)
}
