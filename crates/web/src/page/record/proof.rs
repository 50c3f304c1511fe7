//! The proof of a leaf: its steps up to the signed checkpoint, the file that `vouch verify` takes, and checking it in the browser.

use maud::{Markup, html};
use serde_json::json;
use vouch_app::ledger::Target;
use vouch_app::{Error, Result};
use vouch_ledger::verify::WHAT_IT_PROVES;
use vouch_ledger::{Block, Signed, VerifierKey, base64, read_blocks};
use vouch_record::{Link, Value};

use super::{Seen, page};
use crate::answer::Answer;
use crate::asset;
use crate::format::count;
use crate::part::icon::icon;
use crate::request::Context;

/// `GET /records/{id}/proof`: the file that `vouch verify` takes.
pub(crate) fn download(context: &Context<'_>) -> Result<Answer> {
    let seen = Seen::of(context)?;
    let (target, name) = target(context, &seen)?;
    let fields: Option<Vec<String>> = context.query("fields").map(|names| names.split(',').map(str::to_owned).collect());
    let bytes = context.site.vouch.prove(target, fields.as_deref())?;
    Ok(Answer::File { name: Some(name), mime: "text/plain; charset=utf-8", bytes })
}

/// Which leaf is asked about: one by its number, else the one that made the revision shown.
fn target(context: &Context<'_>, seen: &Seen<'_>) -> Result<(Target, String)> {
    let id = seen.entry.id();
    let Some(text) = context.query("seq") else {
        let number = seen.detail.record.revision;
        return Ok((Target::Revision(Link { id, revision: Some(number) }), format!("{id}-{number}.proof")));
    };
    let seq = text.parse().ok().filter(|seq| seen.entry.leaves().iter().any(|leaf| leaf.seq == *seq));
    let seq = seq.ok_or_else(|| Error::not_found(format!("{id} has no leaf `{text}`")).hint("see its history"))?;
    Ok((Target::Leaf(id, seq), format!("{id}-leaf-{seq}.proof")))
}

/// `GET /records/{id}?tab=proof`
pub(super) fn show(context: &Context<'_>, seen: &Seen<'_>) -> Result<Answer> {
    let (target, _) = target(context, seen)?;
    let bytes = context.site.vouch.prove(target, None)?;
    let blocks = read_blocks(&bytes)?;
    let key = &signer(context, &blocks[0]);
    if context.request.wants_json {
        let checkpoint = blocks[0].proof.checkpoint.checkpoint();
        return Ok(Answer::Json(json!({
            "record": seen.entry.id().to_string(),
            "seq": blocks[0].proof.index,
            "checkpoint": {"origin": checkpoint.origin, "size": checkpoint.size, "root": base64(&checkpoint.root)},
            "fingerprint": key.fingerprint(),
            "proof": String::from_utf8_lossy(&bytes),
        })));
    }
    Ok(page(context, seen, "proof", body(context, seen, &blocks[0], key)).into())
}

fn body(context: &Context<'_>, seen: &Seen<'_>, block: &Block, key: &VerifierKey) -> Markup {
    let steps = super::path::steps(block, key);
    let query =
        context.query("seq").map_or_else(|| format!("revision={}", seen.detail.record.revision), |seq| format!("seq={seq}"));
    let file = format!("/records/{}/proof?{query}", seen.entry.id());
    html! {
        div.grid {
            section.card.span-7 {
                div.card-head { h2 { "From this record to the signed checkpoint" } span { (count(block.proof.hashes.len(), "step", "steps")) " up the tree" } }
                (super::path::chart(block, &steps))
                details.more { summary.link { "Every value" } (super::path::table(&steps)) }
            }
            div.span-5.stack {
                (check(context, &file, key))
                (meaning(block))
            }
        }
        script defer src=(asset::path("proof.js")) {}
    }
}

/// The key of this log that signed the checkpoint: the first, or one that a key leaf named since.
fn signer(context: &Context<'_>, block: &Block) -> VerifierKey {
    let first = &context.site.settings.key;
    let state = context.site.vouch.state();
    let mut named = state.keys().iter().filter_map(|leaf| VerifierKey::parse(leaf.body.get("new").and_then(Value::as_text)?).ok());
    let signed = |key: &VerifierKey| matches!(block.proof.checkpoint.signed_by(key), Signed::Valid { .. });
    named.rfind(signed).unwrap_or_else(|| first.clone())
}

/// The card that checks the proof where it is read.
fn check(context: &Context<'_>, file: &str, key: &VerifierKey) -> Markup {
    let proves = sentence(WHAT_IT_PROVES);
    html! {
        section.card.stack-8 data-proof=(file) data-proves=(proves) {
            h2 { "Check it yourself" }
            p { "Your browser computes every step again. It trusts the key below and nothing else that this server says." }
            div.field {
                label for="proof-key" { "Verifier key" }
                textarea.input.mono id="proof-key" rows="3" spellcheck="false" autocomplete="off" { (key) }
                p.help { "This key came from this server. Its fingerprint is " code.break { (key.fingerprint()) } ": compare it with the one that " code { "vouch init" } " printed, or paste the key that you were given." }
            }
            label.check { input type="checkbox" id="proof-compared"; span { "I got this key, or compared its fingerprint, by another way" } }
            div.field {
                label for="proof-file" { "Proof file " span.optional { "optional" } }
                input.input type="file" id="proof-file" accept=".proof,text/plain";
                p.help { "Check a file that you were handed. Without one, the proof of this page is fetched." }
            }
            div.row {
                button.button.primary type="button" data-verify hidden { "Verify in this browser" }
                a.button href=(context.link(file)) { (icon("down")) "Download proof" }
            }
            p.small.no-script { "No script runs here. Download the proof and use the command below." }
            div role="status" aria-live="polite" data-verdict {}
            p.small.muted { "Outside a browser: " code { "vouch verify FILE --policy POLICY" } }
        }
    }
}

/// What the proof is about and what it says, in the same words everywhere.
fn meaning(block: &Block) -> Markup {
    html! {
        section.card.stack-8 {
            h2 { "What this proves" }
            p { (sentence(WHAT_IT_PROVES)) }
            p.small.muted { "Leaf " (block.proof.index) " of " (block.proof.checkpoint.checkpoint().size) ". Fields can be shown one by one: the file names every field, and a field that is withheld leaves only its hash." }
        }
    }
}

/// A clause as a sentence.
fn sentence(clause: &str) -> String {
    let mut text = crate::format::capital(clause);
    text.push('.');
    text
}
