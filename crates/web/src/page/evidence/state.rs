//! Whether the log verifies: what is known, verifying again, and what is needed to verify without this server.

use maud::{Markup, html};
use vouch_app::Result;
use vouch_ledger::verify::WHAT_IT_PROVES;

use crate::answer::Answer;
use crate::format::{capital, date, instant, thousands};
use crate::part::badge::{Tone, status};
use crate::part::button;
use crate::request::Context;
use crate::verification::{Known, Verification};

/// The card.
pub(super) fn card(context: &Context<'_>) -> Markup {
    let known = context.site.verification.known();
    let state = context.site.vouch.state();
    let is_checking = matches!(known, Known::Checking(..));
    let number = |size: u64| thousands(usize::try_from(size).unwrap_or(usize::MAX));
    html! {
        section.card.verification id="verification" aria-label="Verification of the log" hx-get=[is_checking.then_some("/evidence?part=verification")] hx-trigger=[is_checking.then_some("load delay:700ms")] hx-swap=[is_checking.then_some("outerHTML")] {
            div.row.between {
                div.row.wide-gap role="status" {
                    @match &known {
                        Known::Verified(size) => { strong { (status(Tone::Good, "Every record verified")) } span { (number(*size)) " leaves" @if let Some(since) = state.time_of(0) { ", unbroken since " (date(context.view.day(since))) } } }
                        Known::Checking(done, all) => { strong { (status(Tone::Progress, "Verifying from the first leaf")) } span { (number(*done)) " of " (number(*all)) " leaves" } }
                        Known::Broken(faults) => { strong { (status(Tone::Bad, "The log does not verify")) } span { (faults.len()) " " (if faults.len() == 1 { "fault" } else { "faults" }) } }
                    }
                    @if let Some(root) = root(context) { span { "Root " code { (root) } } }
                    span { "Last sealed " (instant(state.last_time(), context.view.zone())) }
                }
                div.row {
                    (button::post("/evidence/verification", "Verify again", "small"))
                    details.pop.end {
                        summary.button.small { "Verify offline" }
                        div.pop-body.stack-8 { (offline(context)) }
                    }
                }
            }
            @if let Known::Broken(faults) = &known { ul.prose { @for fault in faults { li { (capital(fault)) "." } } } p.small.muted { "Restore the backup, or run " code { "vouch ledger fsck" } " for every fault." } }
        }
    }
}

fn root(context: &Context<'_>) -> Option<String> {
    let checkpoint = context.site.vouch.checkpoint().ok()?;
    let hex = vouch_ledger::hex(&checkpoint.checkpoint().root);
    Some(format!("{}…{}", &hex[..8], &hex[60..]))
}

fn offline(context: &Context<'_>) -> Markup {
    html! {
        p { "Take the log to another machine; nothing of this installation is needed or trusted there." }
        div.prose {
            ol {
                li { a.link href=(context.link("/pack")) { "Build the audit pack" } ", or " code { "vouch ledger export DIR" } " on this machine." }
                li { code { "vouch verify DIR --policy FILE" } " on the other, with a policy that you got by another way." }
            }
        }
        p.small { "Key fingerprint " code.break { (context.site.settings.key.fingerprint()) } }
        p.small { a.link href="/evidence/checkpoint" { "Download checkpoint" } " · " a.link href="/evidence/policy" { "Download policy" } }
        p.small.muted { (capital(WHAT_IT_PROVES)) "." }
    }
}

/// `POST /evidence/verification`: begins again from the first leaf.
pub(crate) fn verify(context: &Context<'_>) -> Result<Answer> {
    Verification::again(context.site);
    Ok(Answer::Go("/evidence".to_owned()))
}

/// `GET /evidence/checkpoint`
pub(crate) fn checkpoint(context: &Context<'_>) -> Result<Answer> {
    let bytes = context.site.vouch.checkpoint()?.to_bytes();
    Ok(Answer::File { name: Some("checkpoint".to_owned()), mime: "text/plain; charset=utf-8", bytes })
}

/// `GET /evidence/policy`
pub(crate) fn policy(context: &Context<'_>) -> Result<Answer> {
    let bytes = context.site.vouch.policy_from(&context.site.settings.policy)?.to_bytes();
    Ok(Answer::File { name: Some("policy".to_owned()), mime: "text/plain; charset=utf-8", bytes })
}
