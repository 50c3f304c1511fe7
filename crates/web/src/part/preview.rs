//! What is in a file, as far as a page can show it safely: pictures, and the beginning of texts.

use maud::{Markup, html};
use serde_json::Value as Json;

use super::field;
use crate::page::record::picture;
use crate::request::Context;

/// Most bytes of a text that are shown.
const MOST: usize = 16 << 10;
/// Largest file that is looked into, in bytes.
const LARGEST: u64 = 4 << 20;

/// A file with what can be shown of it.
pub(crate) fn card(context: &Context<'_>, file: &Json) -> Markup {
    html! {
        section.card.stack-8 {
            h2.card-title { (field::file(file)) }
            (inside(context, file))
        }
    }
}

fn inside(context: &Context<'_>, file: &Json) -> Markup {
    let (sha256, name) = (file["sha256"].as_str().unwrap_or_default(), file["name"].as_str().unwrap_or_default());
    if file["size"].as_u64().is_none_or(|size| size > LARGEST) {
        return html! { p.muted { "Too large to be shown here." } };
    }
    let bytes = match context.site.vouch.file(sha256) {
        Ok(Some(bytes)) => bytes,
        Ok(None) => return html! { p.attention { "The file is not kept here any more." } },
        Err(error) => return html! { p.bad { (error.message) } },
    };
    if picture(&bytes).is_some() {
        return html! { img.preview src=(format!("{}&show=1", field::file_address(sha256, name))) alt=(name) loading="lazy"; };
    }
    match std::str::from_utf8(&bytes) {
        Ok(text) if !text.contains('\0') => {
            let end = (0..=MOST.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
            html! { div.scroll role="group" aria-label=(name) tabindex="0" { pre.preview { (&text[..end]) } } @if end < text.len() { p.small.muted { "The rest is in the file." } } }
        }
        _ => html! { p.muted { "Open the file to read it." } },
    }
}
