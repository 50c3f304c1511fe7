//! Proposals for a link while somebody types.

use serde_json::json;
use vouch_app::{Error, Result};
use vouch_record::kind::Target;

use crate::answer::Answer;
use crate::part::input::pick;
use crate::request::Context;

/// `GET /candidates/{target}?of=NAME&NAME=WORDS`: records that hold all words; `q` in place of the two for programs.
pub(crate) fn offer(context: &Context<'_>) -> Result<Answer> {
    let target = pick::target(context.param("target"));
    if let Target::Kind(kind) = &target
        && context.view.kinds().get(kind).is_none()
    {
        return Err(Error::not_found(format!("there is no kind `{kind}`")).hint("see the lists in the sidebar"));
    }
    let typed = context.query("of").and_then(|name| context.query(name)).or_else(|| context.query("q")).unwrap_or_default();
    let candidates = pick::found(&context.view, &target, typed);
    if context.request.wants_json {
        let candidates: Vec<_> = candidates.into_iter().map(|(id, label)| json!({"id": id, "label": label})).collect();
        return Ok(Answer::Json(json!({"candidates": candidates})));
    }
    Ok(Answer::Part(pick::options(&candidates)))
}
