//! What a pack will hold, with how much of it there is, each linked to where it is read.

use maud::{Markup, html};
use serde_json::{Value as Json, json};
use vouch_app::Result;
use vouch_app::pack::{FilesKept, LOG, PIECES};

use super::number;
use crate::format::{count, date};
use crate::part::badge::{Tone, status};
use crate::part::field::bytes;
use crate::place;
use crate::request::Context;

/// How much there is of each.
struct Extent {
    /// controls applied, excluded, undecided
    controls: [usize; 3],
    /// requirements, and those with something missing
    requirements: usize,
    gaps: usize,
    /// lines of records by requirement
    records: usize,
    leaves: u64,
    files: FilesKept,
}

/// Bytes that a leaf with its body and its share of the lists takes in a pack: 634 in the sample of 12,452 leaves.
const PACKED_LEAF: u64 = 640;

impl Extent {
    fn of(context: &Context<'_>) -> Result<Self> {
        let answers = context.answers()?;
        let counts = answers.statement.counts;
        Ok(Self {
            controls: [counts.applied, counts.excluded, counts.undecided],
            requirements: answers.gaps.len(),
            gaps: answers.gaps.iter().filter(|gap| !gap.missing.is_empty()).count(),
            records: answers.readiness.requirements.iter().map(|answer| answer.evidence.len()).sum(),
            leaves: context.site.vouch.state().size(),
            files: context.site.vouch.files_kept()?,
        })
    }
}

impl Extent {
    /// About how many bytes the pack will have.
    const fn packed(&self) -> u64 {
        self.leaves * PACKED_LEAF + self.files.bytes
    }
}

/// The same for programs.
pub(super) fn data(context: &Context<'_>) -> Result<Json> {
    let extent = Extent::of(context)?;
    let pieces: Vec<Json> = PIECES.iter().map(|piece| json!({"path": piece.path, "what": piece.what})).collect();
    Ok(json!({
        "as_of": context.view.today().to_string(),
        "scope": context.view.scope().map(|scope| scope.id().to_string()),
        "controls": {"applied": extent.controls[0], "excluded": extent.controls[1], "undecided": extent.controls[2]},
        "requirements": extent.requirements,
        "with_gaps": extent.gaps,
        "records": extent.records,
        "leaves": extent.leaves,
        "files": {"count": extent.files.count, "bytes": extent.files.bytes},
        "documents": pieces,
        "log": LOG,
        "about_bytes": extent.packed(),
    }))
}

/// The card.
pub(super) fn card(context: &Context<'_>) -> Result<Markup> {
    let extent = Extent::of(context)?;
    let [applied, excluded, undecided] = extent.controls;
    let version = context.answers()?.statement.version.as_ref();
    let line = |name: &str, address: &str, told: Markup, path: &str| {
        html! {
            tr {
                td.main-cell { a href=(context.link(address)) { (name) } }
                td data-label="Holds" { span { (told) } }
                td data-label="In the pack" { code { (path) } }
            }
        }
    };
    Ok(html! {
        section {
            div.card-head { h2 { "What it will hold" } span { "As of " (date(context.view.today())) } }
            div.card.flush { table.table.cards {
                caption.vh { "What the pack will hold, how much of it there is, and where it lies" }
                thead { tr { th scope="col" { "Part" } th scope="col" { "Holds" } th scope="col" { "In the pack" } } }
                tbody {
                    @match context.view.scope() {
                        Some(scope) => (line("Scope", &place::of(scope.id()), html! { "Version " (scope.text("version").unwrap_or("without a number")) ", in force" }, "scope.json")),
                        None => (line("Scope", "/context", status(Tone::Attention, "None in force"), "scope.json")),
                    }
                    (line("Statement of Applicability", "/soa", html! {
                        @match version { Some(version) => { "Version " (version.version) ", " } None => { (status(Tone::Attention, "No version in force")) " " } }
                        (applied) " applied, " (excluded) " excluded" @if undecided > 0 { ", " (undecided) " undecided" }
                    }, "statement-of-applicability.csv"))
                    (line("Gap list", "/gaps", html! { (count(extent.requirements, "requirement", "requirements")) ", " (extent.gaps) " with gaps" }, "gaps.csv"))
                    (line("Records by requirement", "/evidence", html! { (count(extent.records, "line", "lines")) ", each with its leaf" }, "records-by-requirement.csv"))
                    (line("Log with proofs", "/evidence#verification", html! { (count(number(extent.leaves), "leaf", "leaves")) ", sealed" }, &format!("{LOG}/")))
                    (line("Files of records", "/evidence", html! { @if extent.files.count == 0 { "None" } @else { (count(extent.files.count, "file", "files")) ", " (bytes(extent.files.bytes)) } }, &format!("{LOG}/files/")))
                    (line("Verifier", "/help", html! { "verify.py, the formats, how to check it" }, "README.md"))
                }
            }
            div.table-foot { span { "Statement and gaps are there as JSON too." } span { "About " (bytes(extent.packed())) " in all" } } }
        }
    })
}
